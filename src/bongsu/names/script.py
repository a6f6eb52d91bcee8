"""A name's text brought into one form: lower case, no marks, one kind of apostrophe; and which script it is in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from bongsu.names.lookalikes import as_it_looks

# What is longer is no name: the rest of it is not read, so that no hostile text costs more than a name does.
MOST_LETTERS: Final = 600
MOST_WORDS: Final = 40
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘`´ʼʻ′ʹꞌ＇", "'"))
# `Cho 'n Myo 'ng-kuk` is Ch'o'n Myo'ng-kuk with blanks that slipped in: before a small letter no word ends.
_MARK: Final = re.compile(r"\s?'(?=[a-z])|'")
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_EAST_ASIAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3]+")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")


def folded(printed: str) -> str:
    """A text in lower case without marks. Hangul, Chinese and Cyrillic characters stay; other scripts become Latin.

    Blanks, hyphens and punctuation stay as they are. A letter of another script than the rest of its word is read as it
    looks.
    """
    if printed.isascii():
        return _MARK.sub("", printed).lower() if "'" in printed else printed.lower()
    text = _MARK.sub("", unicodedata.normalize("NFKC", printed).translate(_APOSTROPHES))
    return "".join(map(_letter, as_it_looks(text))).lower()


def latin(text: str) -> str:
    """A folded text in Latin letters throughout: Chinese by its Mandarin readings, Cyrillic letter by letter."""
    return text if text.isascii() else anyascii(text).lower()


def is_east_asian(word: str) -> bool:
    """Whether a word is written in Hangul or Chinese characters alone."""
    return _EAST_ASIAN.fullmatch(word) is not None


@lru_cache(maxsize=1 << 14)
def _letter(character: str) -> str:
    if character.isascii() or _HANGUL.match(character) or _HAN.match(character) or _CYRILLIC.match(character):
        return character
    base = unicodedata.normalize("NFD", character)[0]
    if base.isascii() and base.isalpha():
        return base
    return anyascii(character)
