"""Cargo: intervals that never cross, grow with the hull, and round outwards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.sea.cargo import NOTHING, SEA_WATER, Estimate, Hull, Ratios, deadweight_t, filled_t, unloaded_t

LENGTHS = st.floats(10, 400)
BEAMS = st.floats(3, 70)
DRAUGHTS = st.none() | st.floats(0.1, 25.5)


def rising(low: float, high: float) -> st.SearchStrategy[tuple[float, float, float]]:
    """Three numbers, none below the one before."""
    return st.tuples(*[st.floats(low, high)] * 3).map(lambda three: (min(three), sorted(three)[1], max(three)))


RATIOS = st.builds(
    Ratios,
    block=rising(0.4, 0.9),
    waterplane=rising(0.6, 0.95),
    deadweight=rising(0.4, 0.9),
    beam_to_draught=rising(1.5, 4.0),
    barrels_per_tonne=rising(6.0, 9.0),
)
HULLS = st.builds(Hull, length_m=LENGTHS, beam_m=BEAMS, draught_m=DRAUGHTS)
FILLS = rising(0.0, 1.0)
CARD = Ratios(
    block=(0.7, 0.75, 0.8),
    waterplane=(0.8, 0.85, 0.9),
    deadweight=(0.6, 0.65, 0.7),
    beam_to_draught=(2.0, 2.4, 2.8),
    barrels_per_tonne=(7.0, 7.5, 8.0),
)


def is_ordered(estimate: Estimate | None) -> bool:
    return estimate is not None and 0 <= estimate.low <= estimate.central <= estimate.high


@given(HULLS, RATIOS, FILLS)
def test_low_is_never_above_central_nor_central_above_high(hull: Hull, ratios: Ratios, fill: Any) -> None:
    deadweight = deadweight_t(hull, ratios)
    assert deadweight is not None
    assert is_ordered(deadweight)
    assert is_ordered(filled_t(deadweight, fill))
    assert is_ordered(filled_t(deadweight, fill).barrels(ratios))
    assert is_ordered(deadweight + filled_t(deadweight, fill) + NOTHING)


@given(HULLS, RATIOS, st.floats(0.0, 15.0))
def test_what_was_unloaded_is_an_interval_too(hull: Hull, ratios: Ratios, risen_m: float) -> None:
    assert is_ordered(unloaded_t(hull, risen_m, ratios))


@given(HULLS, RATIOS, st.floats(1.0, 1.5))
def test_a_longer_or_broader_ship_never_carries_less(hull: Hull, ratios: Ratios, factor: float) -> None:
    assert hull.length_m is not None
    assert hull.beam_m is not None
    longer = Hull(length_m=hull.length_m * factor, beam_m=hull.beam_m, draught_m=hull.draught_m)
    broader = Hull(length_m=hull.length_m, beam_m=hull.beam_m * factor, draught_m=hull.draught_m)
    own = deadweight_t(hull, ratios)
    assert own is not None
    for larger in (longer, broader):
        more = deadweight_t(larger, ratios)
        assert more is not None
        assert own.low <= more.low
        assert own.central <= more.central
        assert own.high <= more.high


@given(HULLS, RATIOS, st.floats(0.0, 12.0), st.floats(0.0, 3.0))
def test_a_ship_that_rose_more_put_more_ashore(hull: Hull, ratios: Ratios, risen_m: float, more_m: float) -> None:
    less, more = unloaded_t(hull, risen_m, ratios), unloaded_t(hull, risen_m + more_m, ratios)
    assert less is not None
    assert more is not None
    assert (less.low, less.central, less.high) <= (more.low, more.central, more.high)


def test_the_deadweight_of_a_small_tanker_is_what_the_ratios_say() -> None:
    found = deadweight_t(Hull(length_m=100.0, beam_m=14.0, draught_m=None), CARD)
    assert found is not None
    size = 100.0 * 14.0 * SEA_WATER
    # The broadest for her draught gives the low estimate: 14 / 2.8 = 5 metres, 14 / 2 = 7 the high.
    assert found.low == pytest.approx(size * 5.0 * 0.7 * 0.6)
    assert found.central == pytest.approx(size * (14 / 2.4) * 0.75 * 0.65)
    assert found.high == pytest.approx(size * 7.0 * 0.8 * 0.7)


def test_a_draught_sent_counts_only_where_it_is_deeper_than_the_beam_suggests() -> None:
    def of(draught_m: float | None) -> Estimate | None:
        return deadweight_t(Hull(length_m=100.0, beam_m=14.0, draught_m=draught_m), CARD)

    assert of(4.0) == of(None)
    deeper, plain = of(6.0), of(None)
    assert deeper is not None
    assert plain is not None
    assert deeper.low == pytest.approx(plain.low * 6 / 5)
    assert deeper.high == plain.high


@pytest.mark.parametrize("hull", [(None, 14.0), (100.0, None), (0.0, 14.0), (100.0, 0.0)])
def test_of_a_hull_without_length_or_beam_nothing_is_estimated(hull: tuple[float | None, float | None]) -> None:
    of = Hull(length_m=hull[0], beam_m=hull[1], draught_m=6.0)
    assert deadweight_t(of, CARD) is None
    assert unloaded_t(of, 2.0, CARD) is None


@given(HULLS, RATIOS, st.floats(0.0, 20.0))
def test_no_more_is_unloaded_than_the_deadweight(hull: Hull, ratios: Ratios, risen_m: float) -> None:
    unloaded, deadweight = unloaded_t(hull, risen_m, ratios), deadweight_t(hull, ratios)
    assert unloaded is not None
    assert deadweight is not None
    capped = unloaded.at_most(deadweight)
    assert is_ordered(capped)
    for line in ("low", "central", "high"):
        assert getattr(capped, line) == min(getattr(unloaded, line), getattr(deadweight, line))


def test_a_tenth_of_a_metre_is_in_doubt() -> None:
    hull = Hull(length_m=100.0, beam_m=14.0, draught_m=None)
    found = unloaded_t(hull, 0.1, CARD)
    assert found is not None
    assert found.low == 0.0
    assert found.high == pytest.approx(100 * 14 * SEA_WATER * 0.9 * 0.2)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_quantity_is_rounded_outwards_to_tens(one: float, other: float) -> None:
    low, high = sorted((one, other))
    quantity = Estimate(low=low, central=(low + high) / 2, high=high).quantity("barrel")
    assert quantity.low <= Decimal(low) < quantity.low + 10
    assert quantity.high - 10 < Decimal(high) <= quantity.high
    assert quantity.low % 10 == quantity.high % 10 == 0
    assert quantity.unit == "barrel"
