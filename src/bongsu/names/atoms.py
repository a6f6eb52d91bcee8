"""What an index files a name under, so that every name that could match is found and few others are.

Two Korean words match only if all their syllables but one share a reading (a slip costs too much for a second one), and
two other words only if they are a letter or two apart. Each rule has its atoms here, and the tests hold the index
against comparing all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Final

from bongsu.names.hangul import letters
from bongsu.names.romanisation import readings_of
from bongsu.names.syllables import Syllables
from bongsu.names.words import ANCHOR, SHORTEST_WITH_A_SLIP, SHORTEST_WITH_TWO, sound

# Letters that romanisation, the initial rule and sound changes confuse fall together.
_INITIAL: Final = {**dict.fromkeys("ㄱㄲㅋ", "k"), **dict.fromkeys("ㄷㄸㅌ", "t"), **dict.fromkeys("ㅂㅃㅍ", "p")} | {
    **dict.fromkeys("ㅈㅉㅊ", "c"), **dict.fromkeys("ㅅㅆ", "s"), **dict.fromkeys("ㄴㄹㅇ", "n"), "ㅁ": "m", "ㅎ": "h"
}  # fmt: skip
_VOWEL: Final = {**dict.fromkeys("ㅏㅑㅘ", "a"), **dict.fromkeys("ㅓㅕㅗㅛㅜㅠㅡㅝ", "o")} | {
    **dict.fromkeys("ㅐㅒㅔㅖㅙㅚㅞ", "e"), **dict.fromkeys("ㅣㅟㅢ", "i")
}  # fmt: skip
_FINAL: Final = {"": "", "ㄱ": "k", "ㅇ": "k", "ㄴ": "n", "ㄹ": "n", "ㅅ": "n", "ㅁ": "m", "ㅂ": "m"}


@lru_cache(maxsize=1 << 15)
def sounds(written: str) -> tuple[str, ...]:
    """The coarse sounds of the readings of a written syllable: two that share a reading share a sound."""
    found = set()
    for syllable in readings_of(written):
        initial, vowel, final = letters(syllable)
        found.add(f"{_INITIAL[initial]}{_VOWEL[vowel]}{_FINAL[final]}")
    return tuple(sorted(found))


def run_atoms(runs: Sequence[Syllables]) -> frozenset[str]:
    """The atoms of a Korean word: two that match by all syllables but one have one in common."""
    return frozenset(atom for run in runs for atom in _of_run(run))


def _of_run(run: Syllables) -> Iterator[str]:
    size = len(run)
    if size <= 2:
        for place, written in enumerate(run):
            yield from (f"{size}{place}{sound}" for sound in sounds(written))
        return
    pairs = combinations(range(size), 2) if size == 3 else ((place, place + 1) for place in range(0, size - 1, 2))
    for one, other in pairs:
        for left, right in product(sounds(run[one]), sounds(run[other])):
            yield f"{size}{one}{other}{left}.{right}"


def word_atoms(word: str) -> frozenset[str]:
    """The atoms of a word in Latin letters: two that are alike (`words.alike`) have one in common."""
    found = {f"={sound(word)}"}
    if len(word) >= SHORTEST_WITH_A_SLIP:
        found.add(word)
        found.update(word[:place] + word[place + 1 :] for place in range(len(word)))
    if len(word) >= SHORTEST_WITH_TWO:
        found |= {f"^{word[:ANCHOR]}", f"${word[-ANCHOR:]}"}
    return frozenset(found)
