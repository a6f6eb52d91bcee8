"""Letters that look like Latin ones and are none: a word that mixes scripts is read as it looks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from bongsu.kernel.cards import Card, read_card

_FOREIGN: Final = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0531-\u0587]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u052f]")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalikes:
    """The card of letters that look alike.

    Args:
        latin: the Latin letter that a Cyrillic, Greek or Armenian one looks like.
        beside_latin: the same, and for small Cyrillic letters whose capitals look like Latin ones.
        cyrillic: the Cyrillic letter that a Latin one looks like.
    """

    latin: Mapping[str, str]
    beside_latin: Mapping[str, str]
    cyrillic: Mapping[str, str]


@cache
def lookalikes() -> Lookalikes:
    """The letters of the card in this package."""
    content = (files("bongsu.names") / "data" / "lookalikes.toml").read_bytes()
    return read_card(content, where="names/data/lookalikes.toml", read=_card)


def as_it_looks(text: str) -> str:
    """A text whose words are of one script each, as far as its letters look like those of one.

    A word of Latin letters and others that look like Latin becomes Latin; one of Cyrillic letters and Latin ones that
    look like Cyrillic becomes Cyrillic. A word of look-alikes alone follows the other words of the text. A text of one
    script stays as it is.
    """
    if not _FOREIGN.search(text):
        return text
    card = lookalikes()
    has_latin = any(letter.isascii() and letter not in card.cyrillic for letter in filter(str.isalpha, text))
    has_foreign = any(letter not in card.beside_latin for letter in _FOREIGN.findall(text))
    return _LETTERS.sub(lambda word: _in_one_script(word[0], has_latin=has_latin, has_foreign=has_foreign), text)


def _in_one_script(word: str, *, has_latin: bool, has_foreign: bool) -> str:
    """A word in one script, as far as it can be.

    Args:
        word: letters alone.
        has_latin: whether the text holds Latin letters that look like no others.
        has_foreign: whether it holds others that look like no Latin ones.
    """
    card = lookalikes()
    foreign = [letter for letter in word if _FOREIGN.match(letter)]
    latin = [letter for letter in word if letter.isascii()]
    may_be_latin = all(letter in card.beside_latin for letter in foreign)
    may_be_cyrillic = all(letter in card.cyrillic for letter in latin) and all(map(_CYRILLIC.match, foreign))
    if may_be_latin and may_be_cyrillic and has_latin == has_foreign:  # nothing else tells: the more letters do
        may_be_latin, may_be_cyrillic = len(latin) >= len(foreign), len(latin) < len(foreign)
    letters: Mapping[str, str] = {}
    if foreign and latin:
        is_latin = may_be_latin and (not may_be_cyrillic or has_latin)
        letters = card.beside_latin if is_latin else card.cyrillic if may_be_cyrillic else {}
    elif foreign and has_latin and not has_foreign and all(letter in card.latin for letter in foreign):
        letters = card.latin
    elif latin and may_be_cyrillic and has_foreign and not has_latin:
        letters = card.cyrillic
    return "".join(letters.get(letter, letter) for letter in word)


def _card(card: Card) -> Lookalikes:
    latin = {
        letter: alike
        for script in ("cyrillic", "greek", "armenian")
        for letter, alike in card.table(script, _pairs).items()
    }
    small = card.table("small", _pairs)
    cyrillic = card.table("latin", lambda table: _pairs(table, "cyrillic"))
    return Lookalikes(latin=latin, beside_latin={**latin, **small}, cyrillic=cyrillic)


def _pairs(table: Card, alike: str = "latin") -> dict[str, str]:
    return dict(zip(table.text("letters"), table.text(alike), strict=True))
