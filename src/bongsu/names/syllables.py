"""Words taken apart into Korean syllables: every likely way to read `Yongwon` or `김영철`, cheapest first."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from bongsu.names.romanisation import readings_of, spellings
from bongsu.names.script import is_east_asian

Syllables = tuple[str, ...]
LONGEST_SYLLABLE: Final = 8
MOST_SYLLABLES: Final = 12
MOST_WAYS: Final = 4
# A way of taking a word apart that strays further from the rules than this beyond the best one is left out.
SLACK: Final = 0.35
# Each further syllable must earn its place: won is one syllable, not wo and n.
PER_SYLLABLE: Final = 0.25


@lru_cache(maxsize=1 << 17)
def ways(word: str) -> tuple[Syllables, ...]:
    """The ways to take a word apart into syllables, the likeliest first; empty where it is no Korean word.

    Args:
        word: folded, without blanks or hyphens.
    """
    if is_east_asian(word):
        return (tuple(word),) if len(word) <= MOST_SYLLABLES and all(readings_of(one) for one in word) else ()
    if len(word) > MOST_SYLLABLES * LONGEST_SYLLABLE:
        return ()
    price_of, size = _prices().get, len(word)
    best: list[list[tuple[float, Syllables]]] = [[] for _ in range(size + 1)]
    best[0].append((0.0, ()))
    for start in range(size):
        here = best[start]
        if not here:
            continue
        if len(here) > 1:
            here.sort()
            most = here[0][0] + SLACK
            here = [each for each in here[:MOST_WAYS] if each[0] <= most]
        for end in range(start + 1, min(start + LONGEST_SYLLABLE, size) + 1):
            piece = word[start:end]
            price = price_of(piece)
            if price is None:
                break
            if price:
                tail = (piece,)
                if len(here) == 1:
                    best[end].append((here[0][0] + price, here[0][1] + tail))
                else:
                    best[end] += [(cost + price, way + tail) for cost, way in here]
    found = best[size]
    if len(found) > 1:
        found.sort()
        most = found[0][0] + SLACK
        found = [each for each in found[:MOST_WAYS] if each[0] <= most]
    return tuple([way for _, way in found if len(way) <= MOST_SYLLABLES])


@cache
def _prices() -> dict[str, float]:
    """What each written syllable costs at its likeliest reading, the price of a syllable included; 0 for what is none
    and only begins one.
    """
    begun = {written[:length]: 0.0 for written in spellings() for length in range(1, len(written))}
    return begun | {written: min(readings.values()) + PER_SYLLABLE for written, readings in spellings().items()}
