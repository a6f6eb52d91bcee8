"""Coarse keys of names, so that names which may be alike meet in an index and few others do.

The promise, held by a test against comparing all pairs: of two names of one kind whose likeness is `LEAST` or more, one
is stored under a key that the other asks for. It follows from how `bongsu.names` compares: below that likeness stand
all that have no word in common, give or take two letters, and no run of syllables, give or take one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Final

from bongsu.names.hangul import INITIALS, letters
from bongsu.names.organisations import organisation_name
from bongsu.names.persons import person_name
from bongsu.names.romanisation import readings_of, rules
from bongsu.names.syllables import Syllables
from bongsu.names.vessels import vessel_name
from bongsu.names.words import SHORTEST_WITH_A_SLIP, SHORTEST_WITH_TWO, sound

LEAST: Final = 0.7
PIECE: Final = 7
# Initials and vowels that some romanisation writes alike, or that are heard for one another, fall together.
_INITIALS: Final = ("ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅅㅆ", "ㅈㅉㅊ", "ㄴㄹㅇ", "ㅁ", "ㅎ")
_VOWELS: Final = ("ㅏㅑㅘ", "ㅓㅕㅗㅛㅜㅠㅡㅝ", "ㅐㅒㅔㅖㅙㅚㅞ", "ㅣㅟㅢ")
_CLASS: Final = {
    letter: str(index) for group in (_INITIALS, _VOWELS) for index, each in enumerate(group) for letter in each
}


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
    if kind == "Person":
        name = person_name(printed)
        mark = "k" if name.is_korean else "w"
        return frozenset([*_run_keys(name.orders, stored=True), *_words_of(mark, name.words)])
    return frozenset(_vessel(printed, stored=True) if kind == "Vessel" else _organisation(printed, stored=True))


def asked_keys(printed: str, kind: str) -> frozenset[str]:
    """The keys under which the names are that may be alike.

    Two Korean names of people are compared by their syllables alone: a Korean one looks among others by its words, and
    another among all.
    """
    if kind != "Person":
        return frozenset(_vessel(printed, stored=False) if kind == "Vessel" else _organisation(printed, stored=False))
    name = person_name(printed)
    words = _words_of("w", name.words)
    return frozenset(
        [*_run_keys(name.orders, stored=False), *words, *(() if name.is_korean else _words_of("k", name.words))]
    )


def _organisation(printed: str, *, stored: bool) -> Iterator[str]:
    name = organisation_name(printed)
    if not name.names:
        yield "nameless"  # the words that all offices share are all there is: few are so, and all are compared
        return
    yield from _run_keys(name.runs, stored=stored)
    yield from _word_keys(name.joined)
    for word in name.names:
        yield from _run_keys(word.ways, stored=stored)
        yield from _word_keys(word.text)


def _vessel(printed: str, *, stored: bool) -> Iterator[str]:
    name = vessel_name(printed)
    yield from _run_keys(name.runs, stored=stored)
    yield from _word_keys(name.joined)
    for word in name.words:
        yield from _word_keys(word)


def _words_of(mark: str, words: Sequence[str]) -> list[str]:
    """The keys of each word, and of all written as one, since a blank may stand or not."""
    keys = {key for word in words for key in _word_keys(word)} | {f"={sound(''.join(words))}"}
    return [f"{mark}{key}" for key in keys]


@lru_cache(maxsize=1 << 15)
def _word_keys(word: str) -> frozenset[str]:
    """Two words that are alike have one of these in common: their sound, or what is left when a letter or two are
    struck from each. Of a long word the beginning and the end will do: two slips cannot both be in each of them.
    """
    found = {f"={sound(word)}"}
    if len(word) >= SHORTEST_WITH_A_SLIP:
        found.add(word)
        found.update(_struck(word, 1))
    if len(word) >= 2 * PIECE:
        for mark, piece in (("^", word[:PIECE]), ("$", word[-PIECE:])):
            found.add(mark + piece)
            found.update(mark + rest for rest in _struck(piece, 1))
    elif len(word) >= SHORTEST_WITH_TWO:
        found.update(_struck(word, 2))
    return frozenset(found)


def _struck(word: str, count: int) -> Iterable[str]:
    places = combinations(range(len(word)), count)
    return ("".join(letter for at, letter in enumerate(word) if at not in place) for place in places)


def _run_keys(runs: Sequence[Syllables], *, stored: bool) -> Iterator[str]:
    """Two runs that are alike have as many syllables, and share a reading at all places but one.

    In a short run that one is a slip of hearing at most (`near` in the card of romanisation), and it is stored under
    what is near as well; a longer one is filed by pairs of syllables, of which one at least is without a slip.
    """
    for run in runs:
        size = len(run)
        if size <= 2:
            for slip in range(size) if stored else (size,):
                heard = [_near_sounds(one) if at == slip else _sounds(one) for at, one in enumerate(run)]
                yield from (f"#{size}{'.'.join(each)}" for each in product(*heard))
            continue
        pairs = combinations(range(size), 2) if size == 3 else ((at, at + 1) for at in range(0, size - 1, 2))
        for left, right in pairs:
            for each in product(_sounds(run[left]), _sounds(run[right])):
                yield f"#{size}{left}{right}{'.'.join(each)}"


@lru_cache(maxsize=1 << 14)
def _sounds(written: str) -> tuple[str, ...]:
    """The classes of sound of a syllable's readings: two syllables that share a reading share a class."""
    return tuple(sorted({_class(*letters(reading)) for reading in readings_of(written)}))


@lru_cache(maxsize=1 << 14)
def _near_sounds(written: str) -> tuple[str, ...]:
    """The same, with those of all readings of which one letter is near."""
    near = rules().near
    found = set(_sounds(written))
    for reading in readings_of(written):
        initial, vowel, final = letters(reading)
        found.update(_class(other, vowel, final) for other in near.get(initial, ()) if other in INITIALS)
        found.update(_class(initial, other, final) for other in near.get(vowel, ()))
        found.update(_class(initial, vowel, other) for other in near.get(f"-{final}", ()))
    return tuple(sorted(found))


def _class(initial: str, vowel: str, final: str) -> str:
    return _CLASS[initial] + _CLASS[vowel] + final
