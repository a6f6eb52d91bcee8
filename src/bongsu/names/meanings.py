"""The Korean words that stand behind a translated name, and behind the Mandarin reading of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import Final

from anyascii import anyascii

from bongsu.kernel.cards import Card, read_card
from bongsu.names.romanisation import hanja, heard
from bongsu.names.sounds import coarse
from bongsu.names.syllables import Syllables

# A word behind a word: for each of its syllables the Hangul it may be.
Meaning = tuple[frozenset[str], ...]
# A translation may be that of another word, and a Mandarin syllable stands for many characters.
TRANSLATED: Final = 0.85
LONGEST_PHRASE: Final = 3
LONGEST_PINYIN: Final = 6
# Names of one syllable have too many readings; those of Chinese firms have two, seldom more.
SYLLABLES_IN_MANDARIN: Final = range(2, 4)


@cache
def meanings() -> Mapping[str, tuple[Meaning, ...]]:
    """For each word or phrase of the card the Korean words that it translates."""
    content = (files("bongsu.names") / "data" / "meanings.toml").read_bytes()
    found: dict[str, list[Meaning]] = {}
    for table in read_card(content, where="names/data/meanings.toml", read=_tables):
        for korean, words in table.items():
            for word in words:
                for written in {word, word.replace(" ", "")}:
                    found.setdefault(written, []).append(tuple(frozenset({syllable}) for syllable in korean))
    return {word: tuple(behind) for word, behind in found.items()}


@cache
def mandarin() -> Mapping[str, frozenset[str]]:
    """For each syllable of Mandarin in Latin letters (pinyin) the Korean readings of the characters that have it."""
    found: dict[str, set[str]] = {}
    for character, readings in hanja().items():
        found.setdefault(anyascii(character).lower(), set()).update(readings)
    return {syllable: frozenset(readings) for syllable, readings in found.items() if syllable.isalpha()}


@lru_cache(maxsize=1 << 16)
def behind(word: str, *, is_korean: bool) -> tuple[Meaning, ...]:
    """The Korean words that may stand behind one, by the card or as the Mandarin reading of their characters.

    Args:
        word: a word or phrase of a name, folded.
        is_korean: whether it can be read as Korean itself; then it is taken for no Mandarin.
    """
    return meanings().get(word) or (() if is_korean or not word.isascii() else _behind_mandarin(word))


def _behind_mandarin(word: str) -> tuple[Meaning, ...]:
    """What the characters behind a word in pinyin may be read as, by the fewest syllables; empty where it is no pinyin."""
    known = mandarin()
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


def translates(one: str, one_ways: Sequence[Syllables], other: str, other_ways: Sequence[Syllables]) -> bool:
    """Whether two words are translations or Mandarin and Korean readings of one Korean word.

    Two words of pinyin are compared by their letters alone: too many characters are behind each.

    Args:
        one, other: words or phrases of names, folded.
        one_ways, other_ways: how they are read as Korean; empty where they are none.
    """
    left, right = behind(one, is_korean=bool(one_ways)), behind(other, is_korean=bool(other_ways))
    if (left and _means(left, other_ways)) or (right and _means(right, one_ways)):
        return True
    if not left or not right or not (one in meanings() or other in meanings()):
        return False
    return any(len(x) == len(y) and not any(map(frozenset.isdisjoint, x, y)) for x in left for y in right)


def _means(meaning: Sequence[Meaning], ways: Sequence[Syllables]) -> bool:
    """Whether a Korean word is behind a translated one: all its syllables are heard in one of the meanings."""
    for way in ways:
        for each in meaning:
            if len(way) == len(each) and not any(
                behind.isdisjoint(heard(written)) for behind, written in zip(each, way, strict=True)
            ):
                return True
    return False


def meaning_atoms(meaning: Sequence[Meaning], longest: int) -> frozenset[str]:
    """The atoms of the words behind a word, as `atoms.run_atoms` gives them of a Korean one."""
    return frozenset(
        f"{len(each)}{'.'.join(sounds)}"
        for each in meaning
        for sounds in product(*({coarse(syllable) for syllable in behind} for behind in each[:longest]))
    )


def _tables(card: Card) -> list[dict[str, tuple[str, ...]]]:
    return [card.table(name, _words) for name in card.keys_left()]


def _words(card: Card) -> dict[str, tuple[str, ...]]:
    return {
        korean: card.table(korean, lambda table: (*table.texts("latin"), *table.texts("cyrillic")))
        for korean in card.keys_left()
    }
