"""Reasons in plain words: what two written syllables, words or runs have in common."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from bongsu.names.romanisation import certain_reading, cost, share_a_reading
from bongsu.names.runs import least_cost
from bongsu.names.syllables import Syllables
from bongsu.names.words import alike

# Sums of the same costs in another order differ in their last digits.
_DIGITS = 9


def best_pair(left: Sequence[Syllables], right: Sequence[Syllables], most: float) -> tuple[Syllables, Syllables] | None:
    """The readings of two Korean words that fit best, the one of fewest syllables, then those that stand first on both
    sides; None where none fits.
    """
    pairs = [
        (round(least_cost([one], [other], most), _DIGITS), len(one), place + other_place, one, other)
        for place, one in enumerate(left)
        for other_place, other in enumerate(right)
    ]
    fitting = [pair for pair in pairs if pair[0] <= most]
    return min(fitting)[3:] if fitting else None


def syllable_reasons(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """What differs between two readings of the same syllables, and why it counts as the same, or as near."""
    for left, right in zip(one, other, strict=True):
        if left == right or (cost(left, right) == 0 and not (left.isascii() and right.isascii())):
            continue
        if not share_a_reading(left, right):
            yield f"{left} and {right} are not the same, only near: a slip"
        elif cost(left, right) == 0:
            yield f"{left} and {right} are one syllable in two systems{hangul_of([left], [right])}"
        else:
            yield f"{left} and {right} are spellings of one syllable{hangul_of([left], [right])}"


def hangul_of(one: Sequence[str], other: Sequence[str], among: Container[str] | None = None) -> str:
    """The Hangul that two readings stand for, in brackets after a blank, a dot for each syllable that is only near; the
    empty text where one of them cannot be told.

    Args:
        one: written syllables.
        other: as many.
        among: the only Hangul syllables that come into question; None for all.
    """
    told = ""
    for left, right in zip(one, other, strict=True):
        syllable = certain_reading(left, right, among) if share_a_reading(left, right) else "·"
        if syllable is None:
            return ""
        told += syllable
    return f" ({told})"


def word_reasons(left: Sequence[str], right: Sequence[str]) -> Iterator[str]:
    """Which words two names share, which are near, and which only one has."""
    open_words = list(right)
    for word in left:
        best = max(open_words, key=lambda other: alike(word, other), default="")
        likeness = alike(word, best) if best else 0.0
        if likeness == 0.0:
            yield f"only one has {word}"
            continue
        open_words.remove(best)
        yield f"{word} is the same in both" if word == best else f"{word} and {best} are near"
    yield from (f"only one has {word}" for word in open_words)
