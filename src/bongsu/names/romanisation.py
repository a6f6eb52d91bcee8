"""Which Hangul syllables a written one may stand for, in Latin or Cyrillic letters, Hanja or Hangul, and at what cost.

A cost of 0 is a rule of some system, 0.3 an odd spelling; see `data/romanisation.toml`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import Final

from bongsu.kernel.cards import Card, read_card
from bongsu.names.hangul import INITIALS, Letters, is_syllable, letters, syllable_of, with_initial

Readings = Mapping[str, float]
IMPOSSIBLE: Final = 9.0
HEARD: Final = 0.12
# A reading that costs so much more than the likeliest is not likely any more: more than a common spelling, less than a
# rare one.
LIKELY: Final = 0.2
NO_LETTER: Final = "∅"
_BITS: Final = 1021
_KINDS: Final = ("regular", "common", "rare")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How one script writes initials, vowels and finals: for each letter, its spellings and their costs."""

    initial: Mapping[str, Readings]
    vowel: Mapping[str, Readings]
    final: Mapping[str, Readings]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The card of romanisation.

    Args:
        latin, cyrillic: spellings by letter.
        most_of_a_syllable: the highest cost at which a spelling is read as a syllable.
        initial_rule: what becomes of an initial in the South, before i and y, and elsewhere.
        near: for each letter those that are a slip away; a final has a hyphen before it.
    """

    latin: Script
    cyrillic: Script
    most_of_a_syllable: float
    before_i_or_y: Mapping[str, str]
    elsewhere: Mapping[str, str]
    initial_rule_cost: float
    native: str
    irregular: Mapping[str, Readings]
    near: Mapping[str, tuple[str, ...]]
    near_cost: float


@cache
def rules() -> Rules:
    """The rules of the card in this package."""
    content = (files("bongsu.names") / "data" / "romanisation.toml").read_bytes()
    return read_card(content, where="names/data/romanisation.toml", read=_rules)


@cache
def hanja() -> Mapping[str, tuple[str, ...]]:
    """The Korean readings of each Chinese character, simplified ones and variants included."""
    content = (files("bongsu.names") / "data" / "hanja.toml").read_bytes()
    found: dict[str, list[str]] = {}
    for readings in read_card(content, where="names/data/hanja.toml", read=_hanja_tables):
        for reading, characters in readings.items():
            for character in characters:
                found.setdefault(character, []).append(reading)
    return {character: tuple(readings) for character, readings in found.items()}


@cache
def spellings() -> Mapping[str, Readings]:
    """For each written syllable, in lower case and without marks, the Hangul syllables it may stand for, those included
    that the two-sound rule makes of them, and those they may have been made of; each with its cost.
    """
    card = rules()
    found: dict[str, dict[str, float]] = {}
    for syllable in _syllables():
        said = _under_initial_rule(syllable).items()
        for script in (card.latin, card.cyrillic):
            for written, price in _written(letters(syllable), script, card.most_of_a_syllable):
                _add(found.setdefault(written, {}), said, price)
    for syllable, irregular in card.irregular.items():
        for written, price in irregular.items():
            _add(found.setdefault(written, {}), _under_initial_rule(syllable).items(), price)
    return found


def _add(readings: dict[str, float], said: Iterable[tuple[str, float]], price: float) -> None:
    for syllable, more in said:
        if price + more < readings.get(syllable, IMPOSSIBLE):
            readings[syllable] = price + more


@cache
def readings_of(written: str) -> Readings:
    """The Hangul syllables that a written one may stand for, each with its cost; empty where there is none.

    Args:
        written: one Hangul syllable, one Chinese character, or the letters of one syllable in lower case.
    """
    spelled = spellings().get(written)
    if spelled is not None:
        return spelled
    found: dict[str, float] = {}
    for syllable in (written,) if len(written) == 1 and is_syllable(written) else hanja().get(written, ()):
        _add(found, _under_initial_rule(syllable).items(), 0.0)
    return found


@lru_cache(maxsize=1 << 18)
def cost(one: str, other: str) -> float:
    """What it costs to take two written syllables for the same: 0 where both follow the rules, `IMPOSSIBLE` where they
    differ. A slip (`near` in the card) costs more than any spelling.
    """
    if one == other:
        return 0.0
    (stands_for, reaches), (other_stands_for, other_reaches) = _bits(one), _bits(other)
    if not (stands_for & other_reaches or reaches & other_stands_for):
        return IMPOSSIBLE
    left, right = readings_of(one), readings_of(other)
    shared = left.keys() & right.keys()
    if shared:
        return min([left[syllable] + right[syllable] for syllable in shared])
    return min(_near_cost(left, right), _near_cost(right, left))


def _near_cost(readings: Readings, others: Readings) -> float:
    """What a slip costs that makes one syllable another, from what the first stands for by some system's rule."""
    card = rules()
    least = IMPOSSIBLE
    for syllable, price in readings.items():
        if price <= card.initial_rule_cost:
            for other in neighbours(syllable) & others.keys():
                least = min(least, price + card.near_cost + others[other])
    return least


@cache
def _bits(written: str) -> tuple[int, int]:
    """The readings of a written syllable, and they with what is a slip away, as sets of bits. Where none meets those of
    another the two differ, and to see that is nearly all the work there is. Two syllables may share a bit, which costs
    a look.
    """
    stands_for = slips = 0
    for syllable, price in readings_of(written).items():
        stands_for |= 1 << ord(syllable) % _BITS
        if price <= rules().initial_rule_cost:
            slips |= _slips(syllable)
    return stands_for, stands_for | slips


@cache
def _slips(syllable: str) -> int:
    found = 0
    for other in neighbours(syllable):
        found |= 1 << ord(other) % _BITS
    return found


def share_a_reading(one: str, other: str) -> bool:
    """Whether two written syllables may stand for one; else they are near at best."""
    return not readings_of(one).keys().isdisjoint(readings_of(other))


def certain_reading(one: str, other: str, among: Container[str] | None = None) -> str | None:
    """The Hangul syllable that both stand for; None where they share none, or several are likely. It is printed beside
    people's names, and a guess must not be: `chol` is 철 and 절, `chun` 준, 춘, 전 and 천.

    Args:
        one: a written syllable; one in Hangul needs no reading.
        other: another.
        among: the only syllables that come into question, such as those of surnames; None for all.
    """
    written = next((each for each in (one, other) if len(each) == 1 and is_syllable(each)), None)
    if written is not None:
        return written if share_a_reading(one, other) else None
    left, right = readings_of(one), readings_of(other)
    shared = sorted(
        (left[syllable] + right[syllable], syllable)
        for syllable in left.keys() & right.keys()
        if among is None or syllable in among
    )
    if not shared:
        return None
    least, likeliest = shared[0]
    rivals = {syllable for price, syllable in shared if price <= least + LIKELY}
    return likeliest if rivals <= _under_initial_rule(likeliest).keys() else None


@cache
def heard(written: str) -> frozenset[str]:
    """The Hangul syllables that a written one stands for without straying far from the rules."""
    return frozenset(syllable for syllable, price in readings_of(written).items() if price <= HEARD)


@cache
def neighbours(syllable: str) -> frozenset[str]:
    """The syllables that differ from one in a single letter that is near."""
    near, (initial, vowel, final) = rules().near, letters(syllable)
    found = [syllable_of(other, vowel, final) for other in near.get(initial, ()) if other in INITIALS]
    found += [syllable_of(initial, other, final) for other in near.get(vowel, ())]
    return frozenset(found + [syllable_of(initial, vowel, other) for other in near.get(f"-{final}", ())])


@cache
def _under_initial_rule(syllable: str) -> Readings:
    """A syllable, those that the two-sound rule makes of it, and those it may have been made of."""
    card = rules()
    initial, vowel, _ = letters(syllable)
    becomes = card.before_i_or_y if vowel in "ㅣㅑㅕㅛㅠㅖㅒ" else card.elsewhere
    said = {left if initial == said else said for said, left in becomes.items() if initial in {said, left}}
    return {syllable: 0.0} | {with_initial(syllable, other): card.initial_rule_cost for other in said}


def _syllables() -> tuple[str, ...]:
    """The syllables that are read of Latin and Cyrillic letters: Sino-Korean ones and the native ones of the card."""
    sino = {reading for readings in hanja().values() for reading in readings}
    return tuple(sorted(sino | set(rules().native)))


def _written(sounds: Letters, script: Script, most: float) -> Iterator[tuple[str, float]]:
    """Every way to write a syllable that costs no more than `most`."""
    initials, vowels, finals = script.initial[sounds.initial], script.vowel[sounds.vowel], script.final[sounds.final]
    for (initial, a), (vowel, b), (final, c) in product(initials.items(), vowels.items(), finals.items()):
        if a + b + c <= most:
            yield initial + vowel + final, a + b + c


def _rules(card: Card) -> Rules:
    costs = card.table("costs", lambda table: {name: table.number(name, least=0, most=5) for name in table.keys_left()})
    latin = _script(card, costs)
    changes = card.table("sound_change", _sound_changes)
    rule = card.table("initial_rule", _initial_rule)
    near = card.table("near", _near_letters)
    return Rules(
        latin=Script(
            initial=_with_changes(latin.initial, changes[0], changes[2]),
            vowel=latin.vowel,
            final=_with_changes(latin.final, changes[1], changes[2]),
        ),
        cyrillic=card.table("cyrillic", lambda table: _script(table, costs)),
        most_of_a_syllable=costs["most_of_a_syllable"],
        before_i_or_y=rule[0],
        elsewhere=rule[1],
        initial_rule_cost=rule[2],
        irregular=card.table("irregular", lambda table: _irregular(table, costs["common"])),
        native=card.table("native", lambda table: table.text("syllables")),
        near=near[0],
        near_cost=near[1],
    )


def _script(card: Card, costs: Mapping[str, float]) -> Script:
    def letter(table: Card) -> dict[str, float]:
        found: dict[str, float] = {}
        for kind in _KINDS:
            for written in table.texts(kind):
                found.setdefault(_bare(written), costs[kind])
        return found

    def part(name: str) -> dict[str, dict[str, float]]:
        return card.table(name, lambda table: {_bare(key): table.table(key, letter) for key in table.keys_left()})

    return Script(initial=part("initial"), vowel=part("vowel"), final=part("final"))


def _bare(written: str) -> str:
    return "" if written == NO_LETTER else written


def _spelled(card: Card) -> dict[str, tuple[str, ...]]:
    return {key: card.texts(key) for key in card.keys_left()}


def _sound_changes(card: Card) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], float]:
    return card.table("initial", _spelled), card.table("final", _spelled), card.number("cost", least=0, most=5)


def _with_changes(
    part: Mapping[str, Readings], changes: Mapping[str, Iterable[str]], price: float
) -> dict[str, Readings]:
    return {
        letter: {**dict.fromkeys(changes.get(letter, ()), price), **written_as} for letter, written_as in part.items()
    }


def _letters_by_letter(card: Card) -> dict[str, str]:
    return {key: card.text(key) for key in card.keys_left()}


def _irregular(card: Card, price: float) -> dict[str, Readings]:
    return {syllable: dict.fromkeys(card.texts(syllable), price) for syllable in card.keys_left()}


def _initial_rule(card: Card) -> tuple[dict[str, str], dict[str, str], float]:
    before = card.table("before_i_or_y", _letters_by_letter)
    return before, card.table("elsewhere", _letters_by_letter), card.number("cost", least=0, most=5)


def _near_letters(card: Card) -> tuple[dict[str, tuple[str, ...]], float]:
    found: dict[str, tuple[str, ...]] = {}
    for name, mark in (("vowels", ""), ("initials", ""), ("finals", "-")):
        for one, other in map(tuple, card.texts(name)):
            found[mark + one] = (*found.get(mark + one, ()), other)
            found[mark + other] = (*found.get(mark + other, ()), one)
    return found, card.number("cost", least=0, most=5)


def _hanja_tables(card: Card) -> list[dict[str, str]]:
    return [card.table(name, _letters_by_letter) for name in ("readings", "simplified", "variants")]
