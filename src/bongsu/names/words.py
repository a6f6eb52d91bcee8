"""Words compared letter by letter, for names that are not Korean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from rapidfuzz.distance import OSA

Word = TypeVar("Word")
SHORTEST_WITH_A_SLIP: Final = 4
SHORTEST_WITH_TWO: Final = 8
# So many letters at either end must be right where two are wrong; an index finds the word by them.
ANCHOR: Final = 4
SOUNDS_ALIKE: Final = 0.93
# ISO 9, BGN/PCGN and passports of different years write и, й, ы and the glide of е, ю, я as i, y, j, ie, ye or e.
# English words go into Russian by their sound and come back by their letters: breeze, бриз, briz; trade, трейд, treyd.
_WRITTEN_FOR_ONE_ANOTHER: Final = (
    *(("ee", "i"), ("oo", "u"), ("x", "ks")),
    *(("cz", "ch"), ("sz", "sh"), ("kh", "h"), ("y", "i"), ("j", "i"), ("ie", "e"), ("ii", "i")),
    *(("ou", "u"), ("ck", "k"), ("w", "v"), ("ph", "f")),
)


_LONG_A: Final = re.compile(r"a([bcdfgklmnprstvz])e$")
_LONG_I: Final = re.compile(r"i([bcdfgklmnprstvz])e$")
_SILENT_E: Final = re.compile(r"([^aeiou])e$")


@lru_cache(maxsize=1 << 17)
def sound(word: str) -> str:
    """A word without what transliterations of Russian and Chinese write in several ways: y, i and j, cz and ch, -ng."""
    if word.endswith("e"):
        word = _SILENT_E.sub(r"\1", _LONG_I.sub(r"ai\1", _LONG_A.sub(r"ei\1", word)))
    for written, meant in _WRITTEN_FOR_ONE_ANOTHER:
        word = word.replace(written, meant)
    return word.removesuffix("g") if word.endswith("ng") else word


@lru_cache(maxsize=1 << 18)
def alike(one: str, other: str) -> float:
    """How alike two words are: 1 where they are equal, less for a slip or two, 0 where they are other words.

    A word of four letters or more may hold one slip (a letter wrong, missing, added, or two swapped: the restricted
    Damerau-Levenshtein distance), one of eight or more two, if its first or its last four letters are right.
    """
    if one == other:
        return 1.0
    if sound(one) == sound(other):
        return SOUNDS_ALIKE
    shorter = min(len(one), len(other))
    most = 2 if shorter >= SHORTEST_WITH_TWO else 1 if shorter >= SHORTEST_WITH_A_SLIP else 0
    if abs(len(one) - len(other)) > most or most == 0:
        return 0.0
    slips = OSA.distance(one, other, score_cutoff=most)
    if slips > most or (slips == 2 and one[:ANCHOR] != other[:ANCHOR] and one[-ANCHOR:] != other[-ANCHOR:]):
        return 0.0
    return 1.0 - slips / (shorter + 1) - (0.05 if one[0] != other[0] else 0.0)


def word_likeness(left: Sequence[str], right: Sequence[str]) -> float:
    """How alike two names are word by word, whatever their order, from 0 to 1.

    A word that the other name lacks counts against it, less where the other is the shorter name with all its words met.
    """
    if not left or not right:
        return 0.0
    met = sum([likeness for likeness, _, _ in best_pairs(left, right, alike)])
    if met == 0.0:
        return 0.9 if len(left) != len(right) and "".join(left) == "".join(right) else 0.0
    share = 2 * met / (len(left) + len(right))
    return share * share


def best_pairs(
    left: Sequence[Word], right: Sequence[Word], likeness: Callable[[Word, Word], float]
) -> Iterator[tuple[float, Word, Word]]:
    """Pairs of words that are alike, each word in one pair at most, the likest pairs first.

    The same pairs for (right, left): of equally alike ones neither name goes first.
    """
    met = [
        (-likeness(one, other), here + there, abs(here - there), here, there)
        for here, one in enumerate(left)
        for there, other in enumerate(right)
    ]
    met.sort()
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    for unlike, _, _, here, there in met:
        if unlike < 0 and here not in taken_left and there not in taken_right:
            taken_left.add(here)
            taken_right.add(there)
            yield -unlike, left[here], right[there]
