"""Korean words compared syllable by syllable."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Final

from rapidfuzz.distance import OSA

from bongsu.names.romanisation import cost
from bongsu.names.syllables import Syllables

# What strays further in all its syllables together is another word.
MOST_COST: Final = 1.2
STEEPNESS: Final = 0.5
# A word of three syllables or more may hold one with a letter wrong, missing or one too many.
SYLLABLES_WITH_A_SLIP: Final = 3
LETTERS_WITH_A_SLIP: Final = 3
# A word of one syllable may hold no slip at all.
MOST_OF_ONE: Final = 0.7
SLIP: Final = 0.9


def least_cost(left: Sequence[Syllables], right: Sequence[Syllables], most: float) -> float:
    """What it costs to take two words for the same by the readings that fit best; more than `most`: they differ."""
    least = most + 1
    for one in left:
        size = len(one)
        most_here = most if size > 1 else MOST_OF_ONE
        for other in right:
            if len(other) != size:
                continue
            if one == other:
                return 0.0
            total = 0.0
            for price in map(cost, one, other):
                if price:
                    total += price
                    if total > most_here or total >= least:
                        break
            else:
                least = total
    return least


def run_likeness(left: Sequence[Syllables], right: Sequence[Syllables]) -> float:
    """How alike two Korean words are, from 0 (other words) to 1."""
    least = least_cost(left, right, MOST_COST)
    if least > MOST_COST and left and right:
        least = _with_a_slip(left[0], right[0])
    return exp(-STEEPNESS * least) if least <= MOST_COST else 0.0


def _with_a_slip(one: Syllables, other: Syllables) -> float:
    """The cost where all syllables but one are the same by the rules and that one is a letter off."""
    if len(one) != len(other) or len(one) < SYLLABLES_WITH_A_SLIP:
        return MOST_COST + 1
    total, slips = 0.0, 0
    for x, y in zip(one, other, strict=True):
        if x != y:
            price = cost(x, y)
            if price > MOST_COST and min(len(x), len(y)) >= LETTERS_WITH_A_SLIP and OSA.distance(x, y) == 1:
                slips, price = slips + 1, SLIP
            total += price
            if slips > 1 or total > MOST_COST:
                return MOST_COST + 1
    return total
