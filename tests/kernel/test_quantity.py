"""An amount with its unit, exact or known only as an interval: no digit lost, no certainty won."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.quantity import Quantity

CAP = Quantity.exact("500000", "barrel")  # S/RES/2397 (2017), para. 5
BARRELS_PER_TONNE = Quantity.between("7.33", "8.45", "barrel")

# Up to what the product of two of them may be; no shorter than what two digits of them may come to.
amounts = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=Decimal("-1e14"), max_value=Decimal("1e14"), places=12
)


@st.composite
def quantities(draw: st.DrawFn, *, least: Decimal | None = None, unit: str = "tonne") -> Quantity:
    values = amounts if least is None else amounts.map(abs)
    low, high = sorted((draw(values), draw(values)))
    return Quantity(low=low, high=high, unit=unit)


@st.composite
def members(draw: st.DrawFn, quantity: Quantity) -> Fraction:
    share = draw(st.fractions(0, 1))
    low, high = Fraction(quantity.low), Fraction(quantity.high)
    return low + share * (high - low)


def holds(quantity: Quantity, value: Fraction) -> bool:
    return Fraction(quantity.low) <= value <= Fraction(quantity.high)


@given(st.data(), quantities(), quantities())
def test_the_sum_holds_every_sum_of_what_they_may_be(data: st.DataObject, one: Quantity, other: Quantity) -> None:
    total = one + other
    assert total.unit == "tonne"
    assert holds(total, data.draw(members(one)) + data.draw(members(other)))


@given(st.data(), quantities(), quantities(least=Decimal(0), unit="barrel"))
def test_a_conversion_holds_every_product_of_what_they_may_be(
    data: st.DataObject, amount: Quantity, factor: Quantity
) -> None:
    converted = amount.times(factor)
    assert converted.unit == "barrel"
    assert holds(converted, data.draw(members(amount)) * data.draw(members(factor)))


@given(quantities(), quantities())
def test_sums_do_not_depend_on_the_order(one: Quantity, other: Quantity) -> None:
    assert one + other == other + one


@given(quantities())
def test_adding_nothing_changes_no_amount_of_up_to_28_digits(quantity: Quantity) -> None:
    short = all(len(end.as_tuple().digits) <= 28 for end in (quantity.low, quantity.high))
    total = quantity + Quantity.exact(0, "tonne")
    if short:
        assert (total.low, total.high) == (quantity.low, quantity.high)
    assert total.low <= quantity.low <= quantity.high <= total.high


@given(quantities(), quantities())
def test_sums_do_not_depend_on_the_decimal_context_of_the_caller(one: Quantity, other: Quantity) -> None:
    expected = one + other
    with localcontext() as context:
        context.prec = 3
        assert one + other == expected


@given(quantities(), quantities())
def test_surely_above_says_only_what_holds_for_every_value(one: Quantity, limit: Quantity) -> None:
    answer = one.surely_above(limit)
    assert (answer is True) == (one.low > limit.high)
    assert (answer is False) == (one.high <= limit.low)
    if answer is True:
        assert limit.surely_above(one) is False


def test_one_at_the_limit_is_not_above_it() -> None:
    assert CAP.surely_above(CAP) is False
    assert Quantity.exact("500000.1", "barrel").surely_above(CAP) is True
    assert Quantity.between("499999", "500000.1", "barrel").surely_above(CAP) is None
    assert Quantity.between("499999", "500000", "barrel").surely_above(CAP) is False


def test_tonnes_become_barrels_between_the_two_factors() -> None:
    delivered = Quantity.exact("60000", "tonne").times(BARRELS_PER_TONNE)
    assert delivered == Quantity.between("439800", "507000", "barrel")
    assert str(delivered) == "439800 to 507000 barrel"
    assert delivered.surely_above(CAP) is None


def test_a_negative_amount_is_converted_with_its_ends_in_order() -> None:
    correction = Quantity.between(-2, 1, "tonne").times(BARRELS_PER_TONNE)
    assert correction == Quantity.between("-16.9", "8.45", "barrel")


def test_a_negative_factor_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        CAP.times(Quantity.between(-1, 2, "USD"))


def test_different_units_are_neither_added_nor_compared() -> None:
    tonnes = Quantity.exact(1, "tonne")
    with pytest.raises(ValueError, match="barrel and tonne cannot be compared or added"):
        CAP.surely_above(tonnes)
    with pytest.raises(ValueError, match="barrel and tonne cannot be compared or added"):
        CAP + tonnes


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_an_amount_is_finite(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Quantity.exact(amount, "barrel")
    with pytest.raises(ValueError, match="finite"):
        Quantity.between(0, amount, "barrel")


@pytest.mark.parametrize("amount", ["", "many", "1,000", "0x10"])
def test_what_is_no_number_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        Quantity.exact(amount, "barrel")
    with pytest.raises(ValueError, match="not a number"):
        Quantity.between(amount, 1, "barrel")


def test_an_amount_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="from low to high"):
        Quantity.between(2, 1, "barrel")


@pytest.mark.parametrize("unit", ["", " ", "\u3000"])
def test_an_amount_without_a_unit_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="needs its unit"):
        Quantity.exact(1, unit)


def test_the_record_loses_no_digit_and_writes_equal_amounts_alike() -> None:
    exact = Quantity.exact("12345678901234567890.1234567890", "USD")
    assert exact.record() == {
        "low": "12345678901234567890.123456789",
        "high": "12345678901234567890.123456789",
        "unit": "USD",
    }
    assert Quantity.exact("5E+5", "barrel").record() == CAP.record()
    assert Quantity.exact("5E+5", "barrel") == CAP


def test_an_exact_amount_is_exact_and_an_interval_is_not() -> None:
    assert CAP.is_exact
    assert str(CAP) == "500000 barrel"
    assert not BARRELS_PER_TONNE.is_exact


@given(st.integers(0, 99), st.integers(-(10**17), 10**17))
def test_no_amount_becomes_a_long_text_of_a_few_characters(mantissa: int, exponent: int) -> None:
    told = ""
    try:
        told = str(Quantity.exact(f"{mantissa}e{exponent}", "barrel"))
    except ValueError:
        assert abs(exponent) > 29
    assert len(told) < 100


@pytest.mark.parametrize(
    "amount", ["1e20000000", "-1e20000000", "1e-20000000", "0e20000000", "9" * 51, "0." + "1" * 51]
)
def test_an_amount_of_no_sensible_size_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="at most 50 digits"):
        Quantity.exact(amount, "barrel")


def test_the_largest_and_the_finest_amounts_are_written_in_full() -> None:
    assert Quantity.exact("1e30", "USD").record()["low"] == "1" + "0" * 30
    assert Quantity.exact("1e-30", "USD").record()["low"] == "0." + "0" * 29 + "1"
