"""Law as situations: goods, a direction and a day, and what must bear on them (situations.toml)."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bongsu.law import Bearing, load_regime

SITUATIONS = Path(__file__).with_name("situations.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A cap as a situation expects it."""

    key: str
    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Goods that move on a day, and the answer the law gives; None where the situation says nothing of it."""

    title: str
    hs: str
    direction: str
    on: date
    bears: frozenset[str] = frozenset()
    bears_one_of: frozenset[str] = frozenset()
    bears_not: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    not_whole: frozenset[str] = frozenset()
    wind_down_running: frozenset[str] | None = None
    caps: frozenset[Limit] | None = None
    nothing: bool = False
    whatever: frozenset[str] = frozenset()
    whatever_not: frozenset[str] = frozenset()
    whatever_none: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """Every key the situation expects to bear."""
        return self.bears | self.bears_one_of | self.whole


def _situation(row: dict[str, Any]) -> Situation:  # Any: what TOML holds; an unknown key is refused by the dataclass
    named = {"bears_not" if key == "not" else key: value for key, value in row.items()}
    sets = {key: frozenset(value) for key, value in named.items() if isinstance(value, list) and key != "caps"}
    caps = named.get("caps")
    limits = {} if caps is None else {"caps": frozenset(_limit(**cap) for cap in caps)}
    return Situation(**{**named, **sets, **limits})


def _limit(*, key: str, amount: str, unit: str) -> Limit:
    return Limit(key=key, amount=Decimal(amount), unit=unit)


ALL = tuple(_situation(row) for row in tomllib.loads(SITUATIONS.read_text("utf-8"))["situation"])


def _answer(situation: Situation) -> dict[str, Bearing]:
    bearings = load_regime().check_goods(situation.hs, direction=situation.direction, on=situation.on)
    return {bearing.measure.key: bearing for bearing in bearings}


@pytest.mark.parametrize("situation", ALL, ids=lambda situation: situation.title)
def test_the_law_answers(situation: Situation) -> None:
    answer = _answer(situation)
    keys = set(answer)
    assert situation.bears <= keys, f"must bear: {sorted(situation.bears - keys)}; bears: {sorted(keys)}"
    assert not situation.bears_one_of or situation.bears_one_of & keys, f"bears: {sorted(keys)}"
    assert not situation.bears_not & keys, f"must not bear: {sorted(situation.bears_not & keys)}"
    whole = {key for key, bearing in answer.items() if bearing.whole}
    assert situation.whole <= whole, f"must cover the whole: {sorted(situation.whole - whole)}"
    assert not situation.not_whole & whole, f"must not claim the whole: {sorted(situation.not_whole & whole)}"
    if situation.wind_down_running is not None:
        assert {key for key, bearing in answer.items() if bearing.wind_downs} == situation.wind_down_running
    if situation.caps is not None:
        limits = [
            Limit(key=key, amount=cap.amount, unit=cap.unit) for key, bearing in answer.items() for cap in bearing.caps
        ]
        assert Counter(limits) == Counter(situation.caps)
    if situation.nothing:
        assert not keys, f"bears: {sorted(keys)}"


@pytest.mark.parametrize(
    "situation",
    [row for row in ALL if row.whatever or row.whatever_not or row.whatever_none],
    ids=lambda situation: situation.title,
)
def test_the_law_answers_for_every_consignment(situation: Situation) -> None:
    answer = load_regime().answer(situation.hs, direction=situation.direction, on=situation.on)
    keys = {standing.measure.key for standing in answer.whatever_the_goods}
    assert situation.whatever <= keys, f"must bear: {sorted(situation.whatever - keys)}; bears: {sorted(keys)}"
    assert not situation.whatever_not & keys, f"must not bear: {sorted(situation.whatever_not & keys)}"
    assert not (situation.whatever_none and keys), f"bears: {sorted(keys)}"


def test_every_situation_has_a_title_of_its_own() -> None:
    repeated = [title for title, count in Counter(situation.title for situation in ALL).items() if count > 1]
    assert repeated == []


def test_every_situation_expects_something() -> None:
    silent = [
        situation.title
        for situation in ALL
        if not (situation.keys or situation.bears_not or situation.not_whole or situation.nothing)
        and not (situation.whatever or situation.whatever_not or situation.whatever_none)
        and situation.caps is None
        and situation.wind_down_running is None
    ]
    assert silent == []


def test_a_situation_that_expects_nothing_expects_no_key() -> None:
    assert [situation.title for situation in ALL if situation.nothing and situation.keys] == []


def test_every_measure_with_goods_codes_is_expected_by_a_situation() -> None:
    """A new measure on goods comes with its situation; what no one expects, no one has compared with the text."""
    expected = frozenset[str]().union(*(situation.keys for situation in ALL))
    coded = {measure.key for measure in load_regime().measures() if any(goods.hs for goods in measure.goods)}
    assert coded - expected == set()


def test_every_measure_that_bears_whatever_the_goods_is_expected_by_a_situation() -> None:
    expected = frozenset[str]().union(*(situation.whatever for situation in ALL))
    assert {measure.key for measure in load_regime().measures() if measure.whatever_the_goods} == expected


def test_every_key_a_situation_names_is_a_measure() -> None:
    """A misspelt key would make `not` pass for ever."""
    either = frozenset[str]().union(*(situation.bears_one_of for situation in ALL))
    named = frozenset[str]().union(
        *(
            situation.bears
            | situation.bears_not
            | situation.whole
            | situation.not_whole
            | situation.whatever
            | situation.whatever_not
            for situation in ALL
        )
    )
    known = {measure.key for measure in load_regime().measures()}
    assert named - either - known == set()
