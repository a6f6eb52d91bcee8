"""How a result is shown: its title and a part of its text, with the words that were asked for marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bongsu.web.record.models import SearchText
from bongsu.web.record.search import Kind
from bongsu.web.record.tokens import Term, marked

KINDS: Final[Mapping[Kind, Promise]] = {
    Kind.CASE: _("Case"),
    Kind.FINDING: _("Finding"),
    Kind.INDICATOR: _("Indicator"),
    Kind.EXHIBIT: _("Exhibit"),
}
_BEFORE: Final = 60
_AFTER: Final = 180
_SEARCHED: Final = 20_000  # characters of a text in which a part to show is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text, marked or not."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result as the page shows it."""

    kind: Promise
    address: str
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    at: datetime
    tlp: int


def shown(row: SearchText, terms: Sequence[Term]) -> Result:
    """A row of the search as a result."""
    return Result(
        kind=KINDS[Kind(row.kind)],
        address=row.address,
        title=pieces(row.title, terms),
        excerpt=excerpt(row.text, terms),
        at=row.at,
        tlp=row.handling.tlp,
    )


def pieces(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """A text in pieces, those that were asked for marked; together they are the text."""
    found: list[Piece] = []
    last = 0
    for begin, end in marked(text, terms):
        found += [Piece(text=text[last:begin], is_marked=False), Piece(text=text[begin:end], is_marked=True)]
        last = end
    found.append(Piece(text=text[last:], is_marked=False))
    return tuple(piece for piece in found if piece.text)


def excerpt(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """The part of a text around the first word that was asked for, else its beginning."""
    places = marked(text[:_SEARCHED], terms)
    begin = max(0, places[0][0] - _BEFORE) if places else 0
    end = min(len(text), begin + _BEFORE + _AFTER)
    return pieces(f"{'… ' * (begin > 0)}{text[begin:end].strip()}{' …' * (end < len(text))}", terms)
