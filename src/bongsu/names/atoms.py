"""What an index files a name under, so that every name that could match is found and few others are.

Two Korean words match only if all their syllables share a reading, all but one that is near, or, in a longer word, all
but one with a wrong letter; two other words only if they are a letter or two apart. Each rule has its atoms here, and
the tests hold the index against comparing all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Final

from bongsu.names.meanings import Meaning
from bongsu.names.romanisation import neighbours, readings_of
from bongsu.names.runs import MOST_COST, SLIP, SYLLABLES_WITH_A_SLIP
from bongsu.names.sounds import coarse
from bongsu.names.syllables import Syllables
from bongsu.names.words import ANCHOR, SHORTEST_WITH_A_SLIP, SHORTEST_WITH_TWO, sound

LONGEST: Final = 4


@lru_cache(maxsize=1 << 15)
def sounds(written: str) -> frozenset[str]:
    """The coarse sounds of the readings of a written syllable: two that share a reading share a sound."""
    return frozenset(map(coarse, readings_of(written)))


@lru_cache(maxsize=1 << 15)
def near_sounds(written: str) -> frozenset[str]:
    """The coarse sounds of what is a slip away from a written syllable, beside its own."""
    away = {coarse(other) for syllable in readings_of(written) for other in neighbours(syllable)}
    return frozenset(away) - sounds(written)


def run_atoms(runs: Iterable[Syllables]) -> frozenset[str]:
    """What a Korean word is filed under: the sounds of all its syllables, of the first four in a longer one."""
    return frozenset(atom for run in runs for atom in _together(run, [sounds(one) for one in run]))


def asked_run_atoms(runs: Iterable[Syllables]) -> frozenset[str]:
    """Where to look for a Korean word: a word that matches has all its sounds, or all but one that is near."""
    found: set[str] = set()
    for run in runs:
        own = [sounds(one) for one in run]
        found.update(_together(run, own))
        for place in range(len(run) if len(run) > 1 else 0):
            found.update(_together(run, [*own[:place], near_sounds(run[place]), *own[place + 1 :]]))
    return frozenset(found)


def slip_atoms(runs: Iterable[Syllables]) -> frozenset[str]:
    """The atoms of a word in which one syllable may hold a wrong letter: two others of them are well written."""
    return frozenset(atom for run in runs if len(run) >= SYLLABLES_WITH_A_SLIP for atom in _well_written_pairs(run))


def meaning_atoms(meanings: Iterable[Meaning]) -> frozenset[str]:
    """The atoms of the Korean words behind a translated one: those words have them too (`run_atoms`)."""
    return frozenset(
        f"{len(meaning)}{'.'.join(each)}"
        for meaning in meanings
        for each in product(*[{coarse(syllable) for syllable in behind} for behind in meaning[:LONGEST]])
    )


def _together(run: Syllables, parts: Sequence[frozenset[str]]) -> Iterator[str]:
    return (f"{len(run)}{'.'.join(each)}" for each in product(*parts[:LONGEST]))


def _well_written_pairs(run: Syllables) -> Iterator[str]:
    size = len(run)
    pairs = combinations(range(size), 2) if size == 3 else ((place, place + 1) for place in range(0, size - 1, 2))
    for one, other in pairs:
        for left, right in product(_well_written(run[one]), _well_written(run[other])):
            yield f"{size}{one}{other}{left}{right}"


@lru_cache(maxsize=1 << 15)
def _well_written(written: str) -> tuple[str, ...]:
    return tuple(syllable for syllable, price in readings_of(written).items() if price <= MOST_COST - SLIP)


def word_atoms(word: str) -> frozenset[str]:
    """The atoms of a word in Latin letters: two that are alike (`words.alike`) have one in common."""
    found = {f"={sound(word)}"}
    if len(word) >= SHORTEST_WITH_A_SLIP:
        found.add(word)
        found.update(word[:place] + word[place + 1 :] for place in range(len(word)))
    if len(word) >= SHORTEST_WITH_TWO:
        found |= {f"^{word[:ANCHOR]}", f"${word[-ANCHOR:]}"}
    return frozenset(found)
