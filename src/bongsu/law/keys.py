"""Keys of measures as people write them, and what an unknown one may have meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bongsu.law.model import TOPICS, Resolution

_WRITTEN: Final = re.compile(
    r"""
    (?:(?:united\ nations|security\ council|unscr|unsc|un|scr|sc|s/res/|resolution|res\.?)\s*)*
    (?P<number>\d{4}) \s* (?:\(\s*(?P<year>\d{4})\s*\))?
    (?:
        (?:[\s,;:/]+|(?=\u00a7))
        (?:(?:operative\s+)?(?:paragraph|para|par|op|\u00a7)\.?\s*)?
        (?P<paragraph>\d{1,2})
        (?:[\s.]*\(?(?P<letter>[a-z])(?![a-z])\)?(?:[\s.]*\(?(?P<item>[ivx]+|\d{1,2})(?![a-z])\)?)?)?
        (?:[\s-]+(?P<word>[a-z0-9]+(?:-[a-z0-9]+)*))?
    )?
    """,
    re.VERBOSE,
)
FEW: Final = 5
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A resolution or a paragraph of it, as someone wrote it.

    Args:
        number: the resolution's number, four digits.
        year: the year in brackets after it, or None where none was written.
        key: the measure's key; the number alone where no paragraph was written.
    """

    number: str
    year: int | None
    key: str

    def agrees_with(self, resolution: Resolution | None) -> bool:
        """Whether the resolution is the one meant: a year that is written is that of its adoption."""
        return resolution is not None and self.year in {None, resolution.adopted.year}


def as_written(text: str) -> Written | None:
    """A key or a number out of `2397/5`, `S/RES/2397(2017)`, `UNSCR 2397 para. 9`, `1718/8(a)(iii)`, in any case.

    Returns:
        None where the text names no resolution by its number.
    """
    found = _WRITTEN.fullmatch(text.strip().casefold())
    if found is None:
        return None
    number, year, paragraph, letter, item, word = found.group("number", "year", "paragraph", "letter", "item", "word")
    key = number if paragraph is None else f"{number}/{int(paragraph)}{letter or ''}{_digits(item)}"
    return Written(number=number, year=None if year is None else int(year), key=f"{key}-{word}" if word else key)


def near(text: str, keys: Sequence[str]) -> str:
    """What someone may have meant by a key that does not exist: the remedy of the error."""
    if text.strip().casefold() in TOPICS:
        return f"measures on it: bongsu law list --topic {text.strip().casefold()}"
    written = as_written(text)
    key = text.strip().casefold() if written is None else written.key
    number, _, paragraph = key.partition("/")
    leading = re.match(r"\d*", paragraph)
    same_resolution = [other for other in keys if other.startswith(f"{number}/")]
    if leading and leading[0]:
        same_paragraph = parts_of(f"{number}/{leading[0]}", keys)
        if same_paragraph:
            return f"near it: {', '.join(same_paragraph)}"
        same_resolution.sort(key=lambda other: abs(_paragraph(other) - int(leading[0])))
    if same_resolution:
        return f"near it: {', '.join(same_resolution[:FEW])} (all of them: bongsu law show {number})"
    found = get_close_matches(key, keys, n=FEW, cutoff=0.75)
    return f"near it: {', '.join(found)}" if found else "all keys: bongsu law list"


def parts_of(key: str, keys: Sequence[str]) -> tuple[str, ...]:
    """The keys of a paragraph or of a point of it, itself included: `1718/8` has `1718/8a1` and not `1718/81`."""
    return tuple(other for other in keys if re.fullmatch(rf"{re.escape(key)}(?:(?<!\d)\d.*|[^\d].*)?", other))


def _paragraph(key: str) -> int:
    found = re.match(r"\d+", key.partition("/")[2])
    return int(found[0]) if found else 0


def _digits(item: str | None) -> str:
    return "" if item is None else str(_ROMAN.get(item, item))
