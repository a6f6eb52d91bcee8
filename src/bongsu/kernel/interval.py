"""An interval: a value known only to lie between two ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Self, TypeVar

T = TypeVar("T", date, datetime, Decimal)


@dataclass(
    frozen=True
)  # without slots: Python 3.11 cannot call a frozen, slotted generic as Interval[date](None, None)
class Interval(Generic[T]):
    """All values from `low` to `high`, both included; an end that is None is open.

    Args:
        low: the first value, or None for "since ever".
        high: the last value, or None for "until further notice".

    Raises:
        ValueError: low above high, a time without its zone, or a number that is not finite.
    """

    low: T | None
    high: T | None

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            if isinstance(end, datetime) and end.utcoffset() is None:
                raise ValueError(f"a time needs its zone: {end.isoformat()}")
            if isinstance(end, Decimal) and not end.is_finite():
                raise ValueError(f"an end is finite; one that is open is None, not {end}")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"an interval runs from low to high, not from {self.low} to {self.high}")

    def __contains__(self, value: T) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def meet(self, other: Self) -> Self | None:
        """The values in both intervals; None where they share none."""
        low = _outer(self.low, other.low, larger=True)
        high = _outer(self.high, other.high, larger=False)
        if low is not None and high is not None and low > high:
            return None
        return type(self)(low, high)

    def hull(self, other: Self) -> Self:
        """The smallest interval that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return type(self)(low, high)


def _outer(left: T | None, right: T | None, *, larger: bool) -> T | None:
    if left is None or right is None:
        return right if left is None else left
    return max(left, right) if larger else min(left, right)
