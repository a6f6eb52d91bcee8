"""Coarse keys of names, so that names which may be alike meet in an index and few others do.

The promise, held by a test against comparing all pairs: of two names of one kind whose likeness is `LEAST` or more, one
is stored under a key that the other asks for. It follows from how `bongsu.names` compares: below that likeness stand
all that have no word in common, give or take two letters, and no run of syllables, give or take one
(`bongsu.names.atoms`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from bongsu.names.atoms import asked_run_atoms, meaning_atoms, run_atoms, slip_atoms, word_atoms
from bongsu.names.filing import Filed, filed_organisation, filed_person, filed_vessel
from bongsu.names.syllables import Syllables

LEAST: Final = 0.7
_FILED: Final[dict[str, Callable[[str], Filed]]] = {"Person": filed_person, "Vessel": filed_vessel}


class NameIndex:
    """Names of one kind, each with the place it was put under, found again by names that may be alike.

    Args:
        kind: one of `lists.model.LISTED_SCHEMATA`.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._names: list[tuple[int, str]] = []
        self._by_key: dict[str, list[int]] = defaultdict(list)

    def add(self, name: str, place: int) -> None:
        """Put a name in."""
        for key in stored_keys(name, self._kind):
            self._by_key[key].append(len(self._names))
        self._names.append((place, name))

    def meeting(self, name: str) -> list[tuple[int, str]]:
        """Place and text of all names that may be alike, in the order they were put in.

        Any whose likeness is `LEAST` or more is among them.
        """
        found: set[int] = set()
        for key in asked_keys(name, self._kind):
            found.update(self._by_key.get(key, ()))
        return [self._names[number] for number in sorted(found)]


@lru_cache(maxsize=1 << 17)
def stored_keys(printed: str, kind: str) -> frozenset[str]:
    """The keys that a name of a kind is put under."""
    return frozenset(_keys(_filed(printed, kind), kind, run_atoms, asked=False))


def asked_keys(printed: str, kind: str) -> frozenset[str]:
    """The keys under which the names are that may be alike.

    Two Korean names of people are compared by their syllables alone: a Korean one looks among others by its words, and
    another among all.
    """
    return frozenset(_keys(_filed(printed, kind), kind, asked_run_atoms, asked=True))


def _filed(printed: str, kind: str) -> Filed:
    return _FILED.get(kind, filed_organisation)(printed)


def _keys(
    filed: Filed, kind: str, runs: Callable[[Iterable[Syllables]], frozenset[str]], *, asked: bool
) -> Iterator[str]:
    """The atoms of the whole name and of each of its words; `runs` gives those of a Korean reading."""
    if filed.is_nameless:
        yield "nameless"  # the words that all offices share are all there is: few are so, and all are compared
    words = frozenset(atom for word in filed.words for atom in word_atoms(word.text))
    if filed.whole is not None:
        words |= word_atoms(filed.whole.text)  # a blank may stand or not
    if kind == "Person":  # a wrong letter in a person's name makes another name
        yield from (f"#{atom}" for atom in runs(filed.runs))
        for mark in _marks(filed.is_korean, asked=asked):
            yield from (f"{mark}{atom}" for atom in words)
        return
    ways = (filed.runs, *(word.ways for word in filed.words))
    yield from (f"#{atom}" for each in ways for atom in runs(each) | slip_atoms(each))
    yield from (f"#{atom}" for word in filed.words for atom in meaning_atoms(word.behind))
    yield from (f"@{short}" for short in filed.initials)
    yield from (f"w{atom}" for atom in words)


def _marks(is_korean: bool, *, asked: bool) -> str:
    if not asked:
        return "k" if is_korean else "w"
    return "w" if is_korean else "kw"
