"""The words and phrases of a firm's name, each with the concept it stands for, or none where it is a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from bongsu.names.meanings import meanings
from bongsu.names.script import MOST_LETTERS, MOST_WORDS, folded, is_east_asian
from bongsu.names.vocabulary import vocabulary

# A word or phrase, folded, with its concept; None: it is a name.
Part = tuple[str, str | None]
# The parts of a compound such as kansanarmeija (people, army): shorter words stand in too many others.
SHORTEST_IN_A_COMPOUND: Final = 4
_INITIALS: Final = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}")
_REFERENCE: Final = re.compile(
    r"\((?:[A-Z]{1,4}[a-z]?\.?\d+|[A-Z][A-Z0-9-]{1,7}|[Aa]lias[^)]*|[afn]\.?k\.?a\.?[^)]*)\)"
)
_HYPHEN: Final = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})+")
_WORD: Final = re.compile(r"[^\W_]+")
# What ends a word, in a text of ASCII letters.
_SIGNS: Final = {sign: " " for sign in range(128) if not chr(sign).isalnum()}


def parts_of(printed: str) -> tuple[Part, ...]:
    """Each word or phrase of a name with its concept, in their order; particles are left out."""
    card, longest, words = vocabulary(), _phrases(), _words(printed)
    parts: list[Part] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word in longest:
            most = min(longest[word], len(words) - place + 1)
            phrase, length = _phrase(words[place - 1 : place - 1 + most])
            if length:
                parts.append((phrase, card.concept.get(phrase)))
                place += length - 1
                continue
        if not word.isascii() and is_east_asian(word):
            parts += _east_asian_parts(word)
        elif word not in card.particles:
            parts += _compound(word) or ((word, None),)
    return tuple(parts)


def _words(printed: str) -> list[str]:
    """The words of a name, folded; initials with dots are one word (`L.L.C.`), list references and acronyms in brackets
    are left out.
    """
    text = printed[:MOST_LETTERS]
    if "(" in text:
        text = _REFERENCE.sub(" ", text)
    if "." in text:
        text = _INITIALS.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", text)
    text = folded(text)
    if "&" in text:
        text = text.replace("&", " and ")
    if "-" in text:
        text = _HYPHEN.sub(_hyphened, text)
    return (text.translate(_SIGNS).split() if text.isascii() else _WORD.findall(text))[:MOST_WORDS]


def _hyphened(found: re.Match[str]) -> str:
    """A hyphen inside a name joins its syllables (`Dae-dong`); between words of the card it parts them."""
    known = vocabulary().concept
    parts = found[0].split("-")
    return " ".join(parts) if " ".join(parts) in known or not known.keys().isdisjoint(parts) else "".join(parts)


def _compound(word: str) -> tuple[Part, ...]:
    """The concepts of the two words of which one is made, as Germanic and Finnic languages make them; else nothing."""
    if len(word) < 2 * SHORTEST_IN_A_COMPOUND or word[:SHORTEST_IN_A_COMPOUND] not in _beginnings():
        return ()
    known = vocabulary().concept
    for end in range(SHORTEST_IN_A_COMPOUND, len(word) - SHORTEST_IN_A_COMPOUND + 1):
        first, second = known.get(word[:end]), known.get(word[end:])
        if first is not None and second is not None:
            return (word[:end], first), (word[end:], second)
    return ()


@cache
def _beginnings() -> frozenset[str]:
    """The letters with which the words begin that may stand in a compound."""
    return frozenset(word[:SHORTEST_IN_A_COMPOUND] for word in vocabulary().concept)


@cache
def _phrases() -> Mapping[str, int]:
    """For each word that begins one of the phrases that are known, how many words the longest of them has."""
    longest: dict[str, int] = {}
    for phrase in (*vocabulary().concept, *meanings().translated):
        first, *more = phrase.split()
        longest[first] = max(longest.get(first, 0), 1 + len(more))
    return longest


def _phrase(words: Sequence[str]) -> tuple[str, int]:
    """The longest phrase known with which some words begin, and how many words it has; 0 for none."""
    known, translated = vocabulary().concept, meanings().translated
    for length in range(len(words), 0, -1):
        phrase = words[0] if length == 1 else " ".join(words[:length])
        if phrase in known or phrase in translated:
            return phrase, length
    return "", 0


def _east_asian_parts(word: str) -> Iterator[Part]:
    """A word without blanks taken apart at the longest words known; a single character counts at the end only."""
    known = vocabulary().east_asian
    start = place = 0
    while place < len(word):
        for length in range(min(12, len(word) - place), 0, -1):
            piece = word[place : place + length]
            if piece in known and (length > 1 or place + length == len(word)):
                if place > start:
                    yield word[start:place], None
                yield piece, known[piece]
                place += length
                start = place
                break
        else:
            place += 1
    if start < len(word):
        yield word[start:], None
