"""Names of people compared: Korean ones syllable by syllable, others word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, product
from math import exp
from typing import Final

from rapidfuzz.distance import Indel

from bongsu.kernel.cards import Card, read_card
from bongsu.names.reasons import best_pair, hangul_of, syllable_reasons, word_reasons
from bongsu.names.romanisation import cost, readings_of, rules
from bongsu.names.runs import least_cost
from bongsu.names.script import MOST_LETTERS, MOST_WORDS, folded, is_east_asian, latin
from bongsu.names.sounds import skeleton
from bongsu.names.syllables import Syllables, ways
from bongsu.names.words import word_likeness

# What strays further in all its syllables together is another name. Two slips (`near`) are more than this.
MOST_COST: Final = 1.5
STEEPNESS: Final = 0.42
# Two Korean names that differ are two names, however much they share; this only puts the nearer ones first.
MOST_OF_ANOTHER: Final = 0.1
_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_HYPHEN: Final = re.compile(r"\s?-\s?")
_WORD: Final = re.compile(r"[^\W_]+(?:\s?-\s?[^\W_]+)*")
MOST_ORDERS: Final = 6
# No Korean name has more words, hyphened parts counted; what is longer is compared word by word.
MOST_PARTS: Final = 6


# A name has two syllables at least; one with a title written to it, three.
SHORTEST_NAME: Final = 2
NAME_WITH_A_TITLE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    """Surnames by their Hangul, and the titles that are no part of a name."""

    surnames: frozenset[str]
    two_syllable_surnames: frozenset[str]
    titles: frozenset[str]
    east_asian_titles: frozenset[str]


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name taken apart.

    Args:
        orders: the ways to read it as a Korean name, surname first, each a tuple of written syllables; empty where it
            is none.
        skeleton: its coarse sounds.
        groups: its words as written, each with its hyphened parts.
        is_korean: whether a surname and the number of syllables say that it is a Korean name.
    """

    orders: tuple[Syllables, ...]
    skeleton: str
    groups: tuple[tuple[str, ...], ...]
    is_korean: bool

    @property
    def words(self) -> tuple[str, ...]:
        """Its words in Latin letters, in their order."""
        return _latin_words(self.groups)


@cache
def person_card() -> PersonCard:
    """The card of surnames and titles in this package."""
    content = (files("bongsu.names") / "data" / "persons.toml").read_bytes()
    return read_card(content, where="names/data/persons.toml", read=_card)


@lru_cache(maxsize=1 << 17)
def person_name(printed: str) -> PersonName:
    """A person's name, taken apart once."""
    text = folded(printed[:MOST_LETTERS])
    if "(" in text or "[" in text:
        text = _ASIDE.sub(" ", text)
    words = _WORD.findall(text)[:MOST_WORDS]
    titles = person_card().titles
    if not titles.isdisjoint(words):
        words = [word for word in words if word not in titles] or words
    if not text.isascii():
        words = _without_east_asian_titles(words)
    groups = tuple([tuple(_HYPHEN.split(word)) if "-" in word else (word,) for word in words])
    orders = _orders(groups, _first_by_form(text, groups))
    return PersonName(
        orders=orders,
        skeleton=skeleton(orders[0]) if orders else "".join(_latin_words(groups)),
        groups=groups,
        is_korean=any(2 <= len(order) <= 4 and is_surname(order[0]) for order in orders),
    )


def _without_east_asian_titles(words: list[str]) -> list[str]:
    """The words of a name without titles in Hangul or Chinese characters, where what is left can be a name."""
    titles = person_card().east_asian_titles
    left = [word for word in words if word not in titles]
    if sum(map(len, left)) < SHORTEST_NAME:
        left = words
    return [_without_title(word) if is_east_asian(word) else word for word in left]


def _without_title(word: str) -> str:
    titles = person_card().east_asian_titles
    end = next((end for end in range(NAME_WITH_A_TITLE, len(word)) if word[end:] in titles), len(word))
    return word[:end]


@lru_cache(maxsize=1 << 16)
def _latin_words(groups: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(word for group in groups for part in group for word in latin(part).split())


@lru_cache(maxsize=1 << 14)
def is_surname(written: str) -> bool:
    """Whether a written syllable may be one of the Korean surnames."""
    surnames = person_card().surnames
    return any(syllable in surnames and price < 0.3 for syllable, price in readings_of(written).items())


def person_similarity(left: PersonName, right: PersonName) -> float:
    """How likely two names are the same Korean name, or the same words, from 0 to 1."""
    if left.orders and right.orders:
        least = least_cost(left.orders, right.orders, MOST_COST)
        if least <= MOST_COST:
            return exp(-STEEPNESS * least)
        if left.is_korean and right.is_korean:
            return _nearness(left, right)
    return word_likeness(left.words, right.words) or _nearness(left, right)


def _nearness(left: PersonName, right: PersonName) -> float:
    return MOST_OF_ANOTHER * Indel.normalized_similarity(left.skeleton, right.skeleton)


def explain_persons(left: PersonName, right: PersonName) -> tuple[str, ...]:
    """Why two names of people are alike, in plain words."""
    pair = best_pair(left.orders, right.orders, MOST_COST)
    if pair is None:
        if left.is_korean and right.is_korean:
            return ("as Korean names they differ in a syllable at least",)
        return tuple(word_reasons(left.words, right.words))
    one, other = pair
    surname = (
        f"the surname {one[0]} is the same"
        if one[0] == other[0]
        else f"{one[0]} and {other[0]} are the same surname{hangul_of(one[:1], other[:1], person_card().surnames)}"
    )
    hangul = hangul_of(one[1:], other[1:])
    given = (
        f"given name the same: {'-'.join(one[1:])}"
        if one[1:] == other[1:]
        else f"given name equal after romanisation{hangul}"
    )
    if cost(one[0], other[0]) >= rules().near_cost:
        surname = f"the surnames {one[0]} and {other[0]} are not the same, only near: a slip"
    details = tuple(syllable_reasons(one[1:], other[1:]))
    if any(reason.endswith("a slip") for reason in details):
        given = f"given names near each other{hangul}"
    order = () if _written_order(left, one) == _written_order(right, other) else ("the surname stands at another end",)
    return (surname, *((given,) if one[1:] else ()), *details, *order)


def _written_order(name: PersonName, order: Syllables) -> bool:
    """Whether the surname is written first."""
    return bool(name.groups) and name.groups[0][0].startswith(order[0])


def _first_by_form(text: str, groups: tuple[tuple[str, ...], ...]) -> int | None:
    """Which group the form shows to be the surname: the one before a comma. Capitals mislead too often to decide."""
    if "," not in text or not groups:
        return None
    return 0 if len(_WORD.findall(text[: text.index(",")])) == 1 else None


def _orders(groups: tuple[tuple[str, ...], ...], first: int | None) -> tuple[Syllables, ...]:
    """The ways to read a name as Korean, surname first."""
    if not groups or sum(map(len, groups)) > MOST_PARTS:
        return ()
    read: list[tuple[Syllables, ...]] = []
    for group in groups:
        found = ways(group[0]) if len(group) == 1 else _group_ways(group)
        if not found:
            return ()
        read.append(found)
    orders: dict[Syllables, None] = {}
    for place in _surname_places(groups) if first is None else (first,):
        for parts in product(read[place], *read[:place], *read[place + 1 :]):
            orders[tuple(chain.from_iterable(parts))] = None
            if len(orders) == MOST_ORDERS:
                return tuple(orders)
    return tuple(orders)


def _group_ways(group: tuple[str, ...]) -> tuple[Syllables, ...]:
    parts = [ways(word) for word in group]
    return tuple([tuple(chain.from_iterable(way)) for way in product(*parts)]) if all(parts) else ()


def _surname_places(groups: tuple[tuple[str, ...], ...]) -> Sequence[int]:
    """Where the surname may stand: at either end; where both ends may be one, both. One word alone stands first."""
    last = len(groups) - 1
    if last == 0:
        return (0,)
    places = [place for place in (0, last) if len(groups[place]) == 1 and _may_be_surname(groups[place][0])]
    return places or (0,)


@lru_cache(maxsize=1 << 15)
def _may_be_surname(word: str) -> bool:
    """Whether a word is one syllable, and one of the surnames."""
    return any(len(way) == 1 and is_surname(way[0]) for way in ways(word))


def _card(card: Card) -> PersonCard:
    one, two = card.table("surnames", lambda table: (table.text("one"), table.texts("two")))
    words, east_asian = card.table("titles", lambda table: (table.texts("words"), table.texts("east_asian")))
    return PersonCard(
        surnames=frozenset(one) | frozenset(surname[0] for surname in two),
        two_syllable_surnames=frozenset(two),
        titles=frozenset(words),
        east_asian_titles=frozenset(east_asian),
    )
