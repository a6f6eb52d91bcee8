"""A quantity: an amount with its unit, exact or known only as an interval."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, InvalidOperation
from typing import Final, Self

from bongsu.kernel.canonical import JsonValue, plain_number

# Results of more than 28 digits are rounded outwards, so that an interval never loses a value it may have; our own
# contexts, so that no caller's changes a result.
_DOWN: Final = Context(prec=28, rounding=ROUND_FLOOR)
_UP: Final = Context(prec=28, rounding=ROUND_CEILING)
# A number is written out in full wherever it goes: `1e20000000` is ten characters here, and 20 MB there.
MOST_DIGITS: Final = 50
FARTHEST_DIGIT: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount between `low` and `high` of one unit; both are equal when it is known exactly.

    Args:
        low: the least it can be, finite.
        high: the most it can be, finite.
        unit: the unit's singular name: `barrel`, `tonne`, `USD`, `person`.

    Raises:
        ValueError: low above high, an amount that is not finite or has no sensible size, no unit.
    """

    low: Decimal
    high: Decimal
    unit: str

    def __post_init__(self) -> None:
        if not (self.low.is_finite() and self.high.is_finite()):
            raise ValueError("a quantity is finite; what is unknown is None, not a quantity")
        for end in (self.low, self.high):
            if abs(end.adjusted()) > FARTHEST_DIGIT or len(end.as_tuple().digits) > MOST_DIGITS:
                raise ValueError(
                    f"a quantity has at most {MOST_DIGITS} digits, "
                    f"and its first stands no more than {FARTHEST_DIGIT} places from the point"
                )
        if self.low > self.high:
            raise ValueError(f"a quantity runs from low to high, not from {self.low} to {self.high}")
        if not self.unit.strip():
            raise ValueError("a quantity needs its unit")

    def __str__(self) -> str:
        amount = plain_number(self.low) if self.is_exact else f"{plain_number(self.low)} to {plain_number(self.high)}"
        return f"{amount} {self.unit}"

    @classmethod
    def exact(cls, amount: Decimal | int | str, unit: str) -> Self:
        """A quantity known exactly.

        Raises:
            ValueError: not a finite number, or no unit.
        """
        return cls.between(amount, amount, unit)

    @classmethod
    def between(cls, low: Decimal | int | str, high: Decimal | int | str, unit: str) -> Self:
        """A quantity known only as an interval, ends included.

        Raises:
            ValueError: an end that is not a finite number, low above high, or no unit.
        """
        try:
            return cls(low=Decimal(low), high=Decimal(high), unit=unit)
        except InvalidOperation:
            raise ValueError(f"not a number: {low!r} or {high!r}") from None

    @property
    def is_exact(self) -> bool:
        """Whether the amount is one number."""
        return self.low == self.high

    def __add__(self, other: Self) -> Self:
        self._same_unit(other)
        low, high = _DOWN.add(self.low, other.low), _UP.add(self.high, other.high)
        return type(self)(low=low, high=high, unit=self.unit)

    def times(self, factor: Self) -> Self:
        """This amount converted by a factor that is itself an interval, such as barrels per tonne.

        Args:
            factor: not negative; its unit is the unit of the result.

        Raises:
            ValueError: a negative factor.
        """
        if factor.low < 0:
            raise ValueError(f"a conversion factor is not negative: {factor}")
        ends = [(a, b) for a in (self.low, self.high) for b in (factor.low, factor.high)]
        low = min(_DOWN.multiply(a, b) for a, b in ends)
        high = max(_UP.multiply(a, b) for a, b in ends)
        return type(self)(low=low, high=high, unit=factor.unit)

    def surely_above(self, limit: Self) -> bool | None:
        """True: even the least is above the limit; False: even the most is not; None: cannot be said."""
        self._same_unit(limit)
        if self.low > limit.high:
            return True
        return False if self.high <= limit.low else None

    def record(self) -> dict[str, JsonValue]:
        """The JSON form: amounts as texts, so that no digit is lost."""
        return {"low": plain_number(self.low), "high": plain_number(self.high), "unit": self.unit}

    def _same_unit(self, other: Self) -> None:
        if self.unit != other.unit:
            raise ValueError(f"{self.unit} and {other.unit} cannot be compared or added")
