"""The words and phrases of a firm's name, each with the concept it stands for, or none where it is a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from bongsu.names.meanings import meanings
from bongsu.names.script import MOST_LETTERS, MOST_WORDS, folded, is_east_asian
from bongsu.names.vocabulary import vocabulary

# A word or phrase, folded, with its concept; None: it is a name.
Part = tuple[str, str | None]
# The parts of a compound such as kansanarmeija (people, army): shorter words stand in too many others.
SHORTEST_IN_A_COMPOUND: Final = 4
_LONGEST_EAST_ASIAN: Final = 12
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
    longest, words = _phrases(), _words(printed)
    parts: list[Part] = []
    place = 0
    while place < len(words):
        word = words[place]
        if word in longest:
            phrase, length = _phrase(words[place : place + longest[word]])
            if length > 1:
                parts.append((phrase, vocabulary().concept.get(phrase)))
                place += length
                continue
        parts += _parts_of_word(word)
        place += 1
    return tuple(parts)


@lru_cache(maxsize=1 << 16)
def _parts_of_word(word: str) -> tuple[Part, ...]:
    """A word alone: one part, more where it is a compound or written without blanks, none where it is a particle."""
    card = vocabulary()
    concept = card.concept.get(word)
    if concept is not None or word in meanings().translated:
        return ((word, concept),)
    if is_east_asian(word):
        return tuple(_east_asian_parts(word))
    return () if word in card.particles else _compound(word) or ((word, None),)


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
    known = vocabulary().concept
    for end in range(SHORTEST_IN_A_COMPOUND, len(word) - SHORTEST_IN_A_COMPOUND + 1):
        first, second = known.get(word[:end]), known.get(word[end:])
        if first is not None and second is not None:
            return (word[:end], first), (word[end:], second)
    return ()


@cache
def _phrases() -> Mapping[str, int]:
    """For each word that begins a phrase of two words or more, how many words the longest of them has."""
    longest: dict[str, int] = {}
    for phrase in (*vocabulary().concept, *meanings().translated):
        first, *more = phrase.split()
        if more:
            longest[first] = max(longest.get(first, 0), 1 + len(more))
    return longest


def _phrase(words: Sequence[str]) -> tuple[str, int]:
    """The longest phrase known with which some words begin, and how many words it has; 0 for none."""
    known, translated = vocabulary().concept, meanings().translated
    for length in range(len(words), 1, -1):
        phrase = " ".join(words[:length])
        if phrase in known or phrase in translated:
            return phrase, length
    return "", 0


def _east_asian_parts(word: str) -> Iterator[Part]:
    """A word without blanks taken apart at the longest words known; a word of the card of meanings stays in one piece
    (태평양, the Pacific, holds no 평양).
    """
    known, whole = vocabulary().east_asian, meanings().korean
    start = place = 0
    while place < len(word):
        for length in range(min(_LONGEST_EAST_ASIAN, len(word) - place), 0, -1):
            piece = word[place : place + length]
            if piece in known and (length > 1 or _ends(word, start, place)):
                if place > start:
                    yield word[start:place], None
                yield piece, known[piece]
                place += length
                start = place
                break
            if place == start and piece in whole:
                place += length
                break
        else:
            place += 1
    if start < len(word):
        yield word[start:], None


def _ends(word: str, start: int, place: int) -> bool:
    """Whether the character at a place is a word by itself: the last one, and not after a name of one syllable: 성 is a
    ministry in 외무성 and none in 은성.
    """
    return place + 1 == len(word) and place - start != 1
