"""The headings of the Harmonized System: which four-digit numbers exist, edition by edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bongsu.kernel.cards import Card, read_card
from bongsu.law.model import HS_REVISIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """The headings of every edition.

    Args:
        editions: four-digit headings by edition, such as `HS 2017`, in the order of the editions.
    """

    editions: Mapping[str, frozenset[str]]

    def exist(self, code: str) -> bool:
        """Whether some edition has the heading that a code of four or more digits begins with."""
        return any(code[:4] in headings for headings in self.editions.values())

    def with_leading_zero(self, code: str) -> str | None:
        """A code as it may have been before a spreadsheet took its leading zero away, no longer than given; None where
        no edition has such a heading.
        """
        restored = f"0{code}"[: len(code)]
        return restored if self.exist(restored) else None

    def of_chapter(self, chapter: str) -> tuple[str, ...]:
        """The headings that any edition has in a chapter, sorted."""
        return tuple(sorted({code for codes in self.editions.values() for code in codes if code.startswith(chapter)}))


@cache
def load_headings() -> Headings:
    """The headings from the card inside the package, read once.

    Raises:
        CardError: the card is broken.
    """
    content = (files("bongsu.law") / "data" / "headings.toml").read_bytes()
    return headings_from(content, where="law/data/headings.toml")


def headings_from(content: bytes, *, where: str) -> Headings:
    """The headings from a card.

    Raises:
        CardError: a heading that is no number, ends before it began, or begins twice; an edition no one knows.
    """
    return read_card(content, where=where, read=_headings)


def _headings(card: Card) -> Headings:
    first = card.text("first_edition", one_of=HS_REVISIONS)
    now = card.table("chapters", _first)
    editions = {first: now}
    for edition, ended, new in card.tables("later", _later):
        if not ended <= now or new & now:
            raise card.error(f"{edition} ends a heading that is not there, or begins one that is")
        now = (now - ended) | new
        editions[edition] = now
    return Headings(editions=editions)


def _first(card: Card) -> frozenset[str]:
    found: set[str] = set()
    for chapter in card.keys_left():
        for row in card.texts(chapter, at_least=1):
            first, _, last = row.partition("-")
            if not (len(chapter) == 2 and (chapter + first + last).isdecimal() and len(first) == 2):
                raise card.error(f"{row!r} is neither two digits nor a range of them", chapter)
            found |= {f"{chapter}{number:02}" for number in range(int(first), int(last or first) + 1)}
    return frozenset(found)


def _later(card: Card) -> tuple[str, frozenset[str], frozenset[str]]:
    return (
        card.text("edition", one_of=HS_REVISIONS),
        frozenset(card.texts("ended")),
        frozenset(card.texts("new", at_least=1)),
    )
