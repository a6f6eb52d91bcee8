"""Short names made of the first letters of long ones: `KIEC` of the initials, `KOGEN` of the beginnings of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Final

from bongsu.names.phrases import Part

# Three letters are the initials of too many firms.
SHORTEST: Final = 4
SHORTEST_OF_BEGINNINGS: Final = 3
LONGEST: Final = 7
# Of a word no more than its first syllable comes into a short name.
_LONGEST_BEGINNING: Final = 4
# What a short name may leave out: the legal form, that it is a branch, and the country.
_LEFT_OUT: Final = frozenset({"branch", "company", "group", "korea"})
# Of a longer name only these are looked at: no hostile text costs more than a name does.
_MOST_WORDS: Final = 9
# Of a word in another script and of the country's name the English word counts: 조선 is the K of a short name.
_SAID_IN_ENGLISH: Final = frozenset({"korea"})


def may_be_short(name: str, concepts: Iterable[str]) -> bool:
    """Whether a name is one that may be short for another: one word beside the legal form and the country."""
    return (
        SHORTEST_OF_BEGINNINGS <= len(name) <= LONGEST
        and name.isascii()
        and name.isalpha()
        and _LEFT_OUT.issuperset(concepts)
    )


@lru_cache(maxsize=1 << 16)
def initials_of(parts: tuple[Part, ...]) -> frozenset[str]:
    """The initials of a name, with and without what may be left out; none for a name of two words, or of too many."""
    words = _words(parts)
    if not 2 < len(words) <= _MOST_WORDS:
        return frozenset()
    choices = [(text[0], "") if left_out else (text[0],) for text, left_out in words]
    made = {"".join(each) for each in product(*choices)}
    return frozenset(each for each in made if SHORTEST <= len(each) <= LONGEST)


@lru_cache(maxsize=1 << 14)
def made_of_beginnings(acronym: str, parts: tuple[Part, ...]) -> bool:
    """Whether a short name is made of the beginnings of two words or more, in their order, the last ones left out."""
    return _fits(acronym, _words(parts)[:_MOST_WORDS], 0, 0)


def _fits(rest: str, words: Sequence[tuple[str, bool]], place: int, used: int) -> bool:
    if not rest:
        return used > 1
    if place == len(words):
        return False
    text, left_out = words[place]
    for length in range(1, min(_LONGEST_BEGINNING, len(rest), len(text)) + 1):
        if text[:length] != rest[:length]:
            break
        if _fits(rest[length:], words, place + 1, used + 1):
            return True
    return left_out and _fits(rest, words, place + 1, used)


@lru_cache(maxsize=1 << 16)
def _words(parts: tuple[Part, ...]) -> tuple[tuple[str, bool], ...]:
    """The words of a name in English where it is not in Latin letters, each with whether it may be left out."""
    words: list[tuple[str, bool]] = []
    for text, concept in parts:
        if concept is not None and (concept in _SAID_IN_ENGLISH or not text.isascii()):
            words.append((concept, concept in _LEFT_OUT))
        elif text.isascii():
            words += [(word, concept in _LEFT_OUT) for word in text.split()]
        else:
            return ()
    return tuple(words)
