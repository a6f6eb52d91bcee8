"""Numbers that people and programs ask by: what is none, or out of all bounds, is never an error of the site."""

from __future__ import annotations

from typing import Final

from bongsu.kernel.errors import UsageError

#: No list goes further; a database counts no further than 2**63 either.
FARTHEST: Final = 1_000_000
MOST_HITS: Final = 100
_LONGEST: Final = 18


def whole_number(text: str) -> int | None:
    """The whole number that a text writes in up to 18 decimal digits; None where it writes none, or a longer one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def page_number(text: str) -> int:
    """The page that is asked for, from 1 on; the first where none is."""
    return max(1, min(whole_number(text) or 1, FARTHEST))


def offset(number: int) -> int:
    """Where a list begins that a program asks for, from 0 on."""
    return max(0, min(number, FARTHEST))


def hits(number: int) -> int:
    """How many hits at most are asked for, 1 to 100.

    Raises:
        UsageError: another number. That nobody is meant must not be read out of a question for no hits.
    """
    if not 1 <= number <= MOST_HITS:
        raise UsageError(f"{number} hits are asked for", remedy=f"ask for 1 to {MOST_HITS}")
    return number
