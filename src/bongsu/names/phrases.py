"""The words and phrases of a firm's name, each with the concept it stands for, or none where it is a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from bongsu.names.meanings import meanings
from bongsu.names.script import MOST_LETTERS, MOST_WORDS, folded, is_east_asian
from bongsu.names.vocabulary import vocabulary

# The concept that a name has of an office of a firm elsewhere.
OFFICE: Final = "branch"
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
_BRACKETED: Final = re.compile(r"\((\w)\)")
# 제2 is 제이, 第2 is 第二: the second.
_ORDINAL: Final = re.compile(r"(제|第)\s?([1-9])(?!\d)")
_NUMERALS: Final = {"제": "일이삼사오륙칠팔구", "第": "一二三四五六七八九"}
# Between a figure and a Hangul or Chinese character a word ends: 39호실 is office 39.
_FIGURE: Final = re.compile(r"(?<=\d)(?=[\u3400-\u9fff\uac00-\ud7a3])|(?<=[\u3400-\u9fff\uac00-\ud7a3])(?=\d)")
# What ends a word, in a text of ASCII letters.
_SIGNS: Final = {sign: " " for sign in range(128) if not chr(sign).isalnum()}


def parts_of(printed: str) -> tuple[Part, ...]:
    """Each word or phrase of a name with its concept, in their order; particles are left out. Where an office of a firm
    is (`Shenyang Branch`) goes with the word for the office.
    """
    return tuple(_with_places_of_offices(_all_parts(printed)))


def _all_parts(printed: str) -> list[Part]:
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
    return parts


def _with_places_of_offices(parts: list[Part]) -> list[Part]:
    """The parts, with where an office is as part of the word for the office: the towns beside it, else the word before
    it, or one after it that ends the name. What is left must say whose office it is: in `Mokdae Branch` Mokdae does.
    """
    place = next((at for at, (_, concept) in enumerate(parts) if concept == OFFICE), None)
    if place is None:
        return parts
    start, end = place, place + 1
    while start > 0 and _is_place(parts[start - 1]):
        start -= 1
    while end < len(parts) and (parts[end][1] == OFFICE or _is_place(parts[end])):
        end += 1
    if (start, end) == (place, place + 1):
        if place > 0 and parts[place - 1][1] is None:
            start -= 1
        elif end + 1 == len(parts) and parts[end][1] is None:
            end += 1
    rest = parts[:start] + parts[end:]
    if not any(_says_who(part) for part in rest):
        return parts
    return [*parts[:start], *((word, OFFICE) for word, _ in parts[start:end]), *parts[end:]]


def _is_place(part: Part) -> bool:
    return part[1] in vocabulary().places


def _says_who(part: Part) -> bool:
    """Whether a word is a name, or says what a firm is; its legal form and where it is do not say who it is."""
    concept = part[1]
    return concept is None or not (concept in vocabulary().places or concept in vocabulary().forms)


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
    if not text.isascii():
        text = _east_asian_marks(text)
    if "&" in text:
        text = text.replace("&", " and ")
    if "-" in text:
        text = _HYPHEN.sub(_hyphened, text)
    return (text.translate(_SIGNS).split() if text.isascii() else _WORD.findall(text))[:MOST_WORDS]


def _east_asian_marks(text: str) -> str:
    """Legal forms in brackets left out, ordinals in one form, figures apart from Hangul and Chinese characters."""
    forms = vocabulary().bracketed_forms
    text = _BRACKETED.sub(lambda found: " " if found[1] in forms else found[0], text)
    text = _ORDINAL.sub(lambda found: found[1] + _NUMERALS[found[1]][int(found[2]) - 1], text)
    return _FIGURE.sub(" ", text)


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
