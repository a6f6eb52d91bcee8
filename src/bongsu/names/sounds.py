"""Coarse sounds of syllables: what romanisation, the initial rule and sound changes confuse falls together.

An index files Korean words under them; two names that are not the same are ranked by them.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from bongsu.names.hangul import letters
from bongsu.names.romanisation import readings_of
from bongsu.names.syllables import Syllables

_INITIAL: Final = {**dict.fromkeys("ㄱㄲㅋ", "k"), **dict.fromkeys("ㄷㄸㅌ", "t"), **dict.fromkeys("ㅂㅃㅍ", "p")} | {
    **dict.fromkeys("ㅈㅉㅊ", "c"), **dict.fromkeys("ㅅㅆ", "s"), **dict.fromkeys("ㄴㄹㅇ", "n"), "ㅁ": "m", "ㅎ": "h"
}  # fmt: skip
_VOWEL: Final = {**dict.fromkeys("ㅏㅑㅘ", "a"), **dict.fromkeys("ㅓㅕㅗㅛㅜㅠㅡㅝ", "o")} | {
    **dict.fromkeys("ㅐㅒㅔㅖㅙㅚㅞ", "e"), **dict.fromkeys("ㅣㅟㅢ", "i")
}  # fmt: skip
_FINAL: Final = {"": "", "ㄱ": "k", "ㅇ": "k", "ㄴ": "n", "ㄹ": "n", "ㅅ": "n", "ㅁ": "m", "ㅂ": "m"}

_LETTER: Final = str.maketrans("gqdbfvjzlruxy", "kktpppccnnosi")


@cache
def coarse(syllable: str) -> str:
    """The coarse sound of a Hangul syllable: 철 and 촐 are both `con`."""
    initial, vowel, final = letters(syllable)
    return f"{_INITIAL[initial]}{_VOWEL[vowel]}{_FINAL[final]}"


def skeleton(way: Syllables) -> str:
    """The coarse sounds of a Korean word, each syllable by its likeliest reading: `yongchol` and 영철 are `nokcon`."""
    return "".join(map(_of_written, way))


@cache
def _of_written(written: str) -> str:
    readings = readings_of(written)
    least = min(readings.values())
    return coarse(min([syllable for syllable, price in readings.items() if price == least]))


def coarse_letters(word: str) -> str:
    """The coarse sounds of a word in Latin letters that is no Korean one."""
    return word.translate(_LETTER)
