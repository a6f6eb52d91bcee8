"""The Korean words that stand behind a translated name, and behind the Mandarin reading of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from anyascii import anyascii

from bongsu.kernel.cards import Card, read_card
from bongsu.names.romanisation import hanja, heard
from bongsu.names.syllables import Syllables

# A word behind a word: for each of its syllables the Hangul it may be.
Meaning = tuple[frozenset[str], ...]
# A translation may be that of another word, and a Mandarin syllable stands for many characters.
TRANSLATED: Final = 0.85
LONGEST_PINYIN: Final = 6
_VOWELS: Final = frozenset("aeiou")
_LAST_OF_PINYIN: Final = "aeiouvngr"
# One syllable of Mandarin has too many readings to say anything; names of Chinese firms have two, seldom three.
SYLLABLES_IN_MANDARIN: Final = (2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """What is known of the words behind words.

    Args:
        translated: for each word or phrase of the card the Korean words that it translates.
        korean: the Korean words of the card, in Hangul.
        mandarin: for each syllable of pinyin, without its tone, the Korean readings of the characters that have it.
    """

    translated: Mapping[str, tuple[Meaning, ...]]
    korean: frozenset[str]
    mandarin: Mapping[str, frozenset[str]]


@cache
def meanings() -> Meanings:
    """The card of translated words in this package, and the Mandarin syllables of the card of Chinese characters."""
    content = (files("bongsu.names") / "data" / "meanings.toml").read_bytes()
    return read_card(content, where="names/data/meanings.toml", read=_meanings)


def behind(word: str, *, is_korean: bool) -> tuple[Meaning, ...]:
    """The Korean words that may stand behind one, by the card or as the Mandarin reading of their characters.

    Args:
        word: a word or phrase of a name, folded.
        is_korean: whether it can be read as Korean itself; then it is taken for no Mandarin.
    """
    translated = meanings().translated.get(word)
    if translated is not None:
        return translated
    return () if is_korean or not word.isascii() else _behind_mandarin(word)


@lru_cache(maxsize=1 << 15)
def _behind_mandarin(word: str) -> tuple[Meaning, ...]:
    """What the characters behind a word in pinyin may be read as, by the fewest syllables; empty where it is none."""
    if word[-1] not in _LAST_OF_PINYIN or len(word) > LONGEST_PINYIN * SYLLABLES_IN_MANDARIN[-1]:
        return ()
    known = meanings().mandarin
    ways: list[tuple[Meaning, ...]] = [((),), *(() for _ in word)]
    for start in range(len(word)):
        if not ways[start]:
            continue
        for end in range(start + 1, min(start + LONGEST_PINYIN, len(word)) + 1):
            syllable = known.get(word[start:end])
            if syllable is not None:
                here = (*ways[end], *((*way, syllable) for way in ways[start]))
                fewest = min(map(len, here))
                ways[end] = tuple(way for way in here if len(way) == fewest)
    return tuple(way for way in ways[-1] if len(way) in SYLLABLES_IN_MANDARIN)


def means(meaning: Sequence[Meaning], ways: Sequence[Syllables]) -> bool:
    """Whether a Korean word is behind a translated one: all its syllables are heard in one of the meanings."""
    return any(
        len(way) == len(each) and not any(map(frozenset.isdisjoint, each, map(heard, way)))
        for way in ways
        for each in meaning
    )


def mean_the_same(one: Sequence[Meaning], other: Sequence[Meaning]) -> bool:
    """Whether two translated words may have one Korean word behind them."""
    return any(len(x) == len(y) and not any(map(frozenset.isdisjoint, x, y)) for x in one for y in other)


def _meanings(card: Card) -> Meanings:
    translated: dict[str, list[Meaning]] = {}
    tables = [card.table(name, _words) for name in card.keys_left()]
    for table in tables:
        for korean, words in table.items():
            for word in words:
                for written in {word, word.replace(" ", "")}:
                    translated.setdefault(written, []).append(tuple(frozenset({one}) for one in korean))
    mandarin: dict[str, set[str]] = {}
    pinyin = anyascii("\n".join(hanja())).lower().split("\n")
    for written, readings in zip(pinyin, hanja().values(), strict=True):
        mandarin.setdefault(written, set()).update(readings)
    return Meanings(
        translated={word: tuple(behind) for word, behind in translated.items()},
        korean=frozenset(korean for table in tables for korean in table),
        mandarin={
            written: frozenset(readings) for written, readings in mandarin.items() if not _VOWELS.isdisjoint(written)
        },
    )


def _words(card: Card) -> dict[str, tuple[str, ...]]:
    return {
        korean: card.table(korean, lambda table: (*table.texts("latin"), *table.texts("cyrillic")))
        for korean in card.keys_left()
    }
