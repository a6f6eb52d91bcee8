"""What of a name an index files, and the words of a register: which of them could match one that is asked."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Final

from bongsu.names.atoms import asked_run_atoms, meaning_atoms, run_atoms, slip_atoms, word_atoms
from bongsu.names.initials import initials_of
from bongsu.names.organisations import SHORT_NAME_WEIGHT, NameWord, likeness, organisation_name
from bongsu.names.persons import person_name
from bongsu.names.syllables import Syllables
from bongsu.names.vessels import vessel_name
from bongsu.names.vocabulary import vocabulary
from bongsu.names.words import alike

# A rounding must not lose a candidate.
SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Filed:
    """What is filed of a name.

    Args:
        runs: its Korean readings as a whole.
        words: its words, each once.
        whole: all of them together; None where there are none.
        size: how many words it has, 0 where one of them comes twice; of an organisation, what its names weigh.
        is_korean: whether it is compared with other Korean names by syllables alone.
        initials: of an organisation, what may be short for its name, and the name where it may be short for another.
        is_nameless: whether it is an office that has no name of its own.
    """

    runs: tuple[Syllables, ...]
    words: tuple[NameWord, ...]
    whole: NameWord | None
    size: float
    is_korean: bool
    is_nameless: bool
    initials: frozenset[str] = frozenset()


class Vocabulary:
    """The words of a register, each once, and those of them that are like another.

    Args:
        likeness: how alike two words are; 0 where they are other words.
    """

    def __init__(self, likeness: Callable[[NameWord, NameWord], float]) -> None:
        self._likeness = likeness
        self._numbers: dict[str, int] = {}
        self._words: list[NameWord] = []
        self._by_atom: dict[str, int | array[int]] = {}

    def number(self, word: NameWord) -> int:
        """The word's number, from 0; a new word gets the next."""
        number = self._numbers.get(word.text)
        if number is None:
            number = self._numbers[word.text] = len(self._words)
            self._words.append(word)
            for atom in word_atoms(word.text) | run_atoms(word.ways) | _read_otherwise(word):
                filed = self._by_atom.get(atom)
                if filed is None:
                    self._by_atom[atom] = number  # most atoms have one word: a number takes less room than an array
                elif isinstance(filed, int):
                    self._by_atom[atom] = array("I", (filed, number))
                else:
                    filed.append(number)
        return number

    def alike(self, word: NameWord) -> Iterator[int]:
        """The numbers of the words that are like one, itself included."""
        found: set[int] = set()
        for atom in word_atoms(word.text) | asked_run_atoms(word.ways) | _read_otherwise(word):
            filed = self._by_atom.get(atom)
            if filed is not None:
                found.update((filed,) if isinstance(filed, int) else filed)
        return (number for number in found if self._likeness(word, self._words[number]) > 0)


def _read_otherwise(word: NameWord) -> frozenset[str]:
    """The atoms of a word with a slip in it, and of the Korean words behind it."""
    return slip_atoms(word.ways) | meaning_atoms(word.behind)


def letter_likeness(one: NameWord, other: NameWord) -> float:
    """How alike two words are letter by letter."""
    return alike(one.text, other.text)


def word_likeness(one: NameWord, other: NameWord) -> float:
    """How alike two words of organisations are."""
    return likeness(one, other)


def enough_words(kind: str, asked: float, min_score: float) -> Callable[[int, float], bool]:
    """Whether a name of some size that shares so many words could reach a score.

    An organisation's shares all the names of the shorter of the two but for what a short one weighs; else it is in
    conflict, and the score stays below a half. Of people and ships the share of words, squared, is the score.
    """
    if kind == "Organization":
        weight = vocabulary().name_weight
        return lambda words, size: words * weight + SHORT_NAME_WEIGHT + SLACK >= min(asked, size)
    share = sqrt(min_score) - SLACK
    return lambda words, size: not (asked and size) or 2 * min(words, size) >= share * (asked + size)


def filed_person(printed: str) -> Filed:
    """What is filed of a person's name."""
    name = person_name(printed)
    words, whole = _plain(name.words)
    return Filed(name.orders, words, whole, _size(name.words), name.is_korean, is_nameless=False)


def filed_vessel(printed: str) -> Filed:
    """What is filed of a ship's name."""
    name = vessel_name(printed)
    words, whole = _plain(name.words)
    return Filed(name.runs, words, whole, _size(name.words), is_korean=False, is_nameless=False)


def filed_organisation(printed: str) -> Filed:
    """What is filed of an organisation's name."""
    name = organisation_name(printed)
    words = tuple({word.text: word for word in name.names}.values())
    whole = NameWord(name.joined, (), 0.0) if words else None
    return Filed(
        name.runs,
        words,
        whole,
        name.name_weight,
        is_korean=False,
        is_nameless=not words,
        initials=frozenset((name.acronym,)) if name.acronym else initials_of(name.parts),
    )


def _size(words: tuple[str, ...]) -> int:
    return len(words) if len(set(words)) == len(words) else 0


def _plain(words: tuple[str, ...]) -> tuple[tuple[NameWord, ...], NameWord | None]:
    plain = tuple(NameWord(word, (), 0.0) for word in dict.fromkeys(words))
    return plain, NameWord("".join(words), (), 0.0) if words else None
