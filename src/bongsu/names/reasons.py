"""Reasons in plain words: what two written syllables, words or runs have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bongsu.names.romanisation import cost, shared_reading
from bongsu.names.runs import least_cost
from bongsu.names.syllables import Syllables
from bongsu.names.words import alike


def best_pair(left: Sequence[Syllables], right: Sequence[Syllables], most: float) -> tuple[Syllables, Syllables] | None:
    """The readings of two Korean words that fit best, the one of fewest syllables; None where none fits."""
    pairs = [(least_cost([one], [other], most), len(one), one, other) for one in left for other in right]
    fitting = [pair for pair in pairs if pair[0] <= most]
    return min(fitting)[2:] if fitting else None


def syllable_reasons(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """What differs between two readings of the same syllables, and why it counts as the same, or as near."""
    for left, right in zip(one, other, strict=True):
        if left == right or (cost(left, right) == 0 and not (left.isascii() and right.isascii())):
            continue
        hangul = shared_reading(left, right)
        if hangul is None:
            yield f"{left} and {right} are not the same, only near: a slip"
        elif cost(left, right) == 0:
            yield f"{left} and {right} are one syllable in two systems ({hangul})"
        else:
            yield f"{left} and {right} are spellings of one syllable ({hangul})"


def hangul_of(one: Sequence[str], other: Sequence[str]) -> str:
    """The Hangul that two readings most likely stand for; a syllable they do not share is a dot."""
    return "".join(shared_reading(left, right) or "·" for left, right in zip(one, other, strict=True))


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
