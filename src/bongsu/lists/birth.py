"""Dates of birth as lists print them, exact or vague, and how two sets of them agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEARS: Final = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", re.ASCII)
_VAGUE: Final = re.compile(r"circa|approximately|about |c\. ", re.IGNORECASE)
# "Circa 1958" is taken to allow a year either way.
VAGUENESS_YEARS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """One date of birth.

    Args:
        printed: cleaned where it could be, else as printed.
        day: ISO 8601 where the whole day is known, else None.
        first_year, last_year: between which it lies.
    """

    printed: str
    day: str | None
    first_year: int
    last_year: int

    @property
    def is_exact(self) -> bool:
        """Whether the whole day is known."""
        return self.day is not None


def births_from(printed: Iterable[str]) -> tuple[Birth, ...]:
    """The dates of birth that some texts tell, each text once, in their order; a text without a year tells none."""
    found = (_birth(text) for text in dict.fromkeys(printed))
    return tuple(birth for birth in found if birth is not None)


def agreement(left: Sequence[Birth], right: Sequence[Birth]) -> str | None:
    """How the dates of birth of two listings agree, by the two that agree best.

    Returns:
        `equal`: the same day; `year`: no contradiction, but only the year or a span is known of one; `near`: two days
        that one slip of the pen makes of each other, or a year apart where only the year is known of one; `other`; None
        where one of them prints none.
    """
    if not left or not right:
        return None
    found = {_of_two(one, other) for one in left for other in right}
    return next(degree for degree in ("equal", "year", "near", "other") if degree in found)


def _of_two(one: Birth, other: Birth) -> str:
    if one.day is not None and other.day is not None:
        if one.day == other.day:
            return "equal"
        return "near" if _is_slip(one.day, other.day) else "other"
    gap = max(one.first_year - other.last_year, other.first_year - one.last_year)
    return "year" if gap <= 0 else "near" if gap == 1 else "other"


def _is_slip(one: str, other: str) -> bool:
    """Whether two days share two of year, month and day, or have month and day exchanged."""
    left, right = one.split("-"), other.split("-")
    same = sum(a == b for a, b in zip(left, right, strict=True))
    return same == 2 or (left[0] == right[0] and left[1:] == right[:0:-1])


def _birth(printed: str) -> Birth | None:
    years = [int(year) for year in _YEARS.findall(printed)]
    if not years:
        return None
    slack = VAGUENESS_YEARS if _VAGUE.search(printed) else 0
    return Birth(
        printed=printed,
        day=printed if _DAY.fullmatch(printed) else None,
        first_year=min(years) - slack,
        last_year=max(years) + slack,
    )
