"""Hangul syllables and the letters they are made of (Unicode Standard, section 3.12, conjoining jamo behaviour)."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
# The 28 finals of Unicode, each as one of the seven that are heard, or none.
HEARD_FINALS: Final = ("", *"ㄱㄱㄱㄴㄴㄴㅅㄹㄱㅁㄹㄹㄹㅂㄹㅁㅂㅂㅅㅅㅇㅅㅅㄱㅅㅂㅅ")
_INITIAL: Final = {letter: place * 588 for place, letter in enumerate(INITIALS)}
_VOWEL: Final = {letter: place * 28 for place, letter in enumerate(VOWELS)}
_FINAL: Final = {letter: HEARD_FINALS.index(letter) for letter in HEARD_FINALS}
_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3


class Letters(NamedTuple):
    """A syllable's initial, vowel and final as heard; the initial ㅇ and the final "" say nothing."""

    initial: str
    vowel: str
    final: str


def is_syllable(character: str) -> bool:
    """Whether a character is a composed Hangul syllable."""
    return _FIRST <= ord(character) <= _LAST


@cache
def letters(syllable: str) -> Letters:
    """The letters of a composed syllable."""
    index = ord(syllable) - _FIRST
    return Letters(INITIALS[index // 588], VOWELS[index % 588 // 28], HEARD_FINALS[index % 28])


def syllable_of(initial: str, vowel: str, final: str) -> str:
    """The composed syllable of letters as `letters` gives them."""
    return chr(_FIRST + _INITIAL[initial] + _VOWEL[vowel] + _FINAL[final])


def with_initial(syllable: str, initial: str) -> str:
    """The same syllable with another initial: 리 with ㅇ is 이."""
    index = ord(syllable) - _FIRST
    return chr(_FIRST + INITIALS.index(initial) * 588 + index % 588)
