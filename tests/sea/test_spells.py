"""Spells: runs of bins in which a ship was slow, ended by speed and by silence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ships import position
from waters import ONE, TWO, at, second, stepped, stretch

from bongsu.sea.spells import spells
from bongsu.tables.engine import Engine

HERE = (33.0, 124.0)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def spells_of(engine: Engine, reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return engine.rows(spells(stepped(reports)).order_by("mmsi", "from_s"))


def test_a_ship_that_slows_down_and_goes_on_has_one_spell(engine: Engine) -> None:
    reports = [
        *stretch(ONE, (0, 2), (32.7, 124.0), HERE, speed=9.0),
        *stretch(ONE, (2, 5), HERE, (33.02, 124.01), speed=0.4),
        *stretch(ONE, (5, 7), (33.02, 124.01), (33.3, 124.0), speed=9.0),
    ]
    (spell,) = spells_of(engine, reports)
    assert (spell["from_s"], spell["to_s"]) == (second(2), second(4 + 50 / 60))
    assert (spell["first_n"], spell["last_n"], spell["heard"]) == (12, 29, 18)
    assert (spell["south"], spell["west"]) == HERE
    assert spell["north"] == pytest.approx(33.02, abs=0.002)
    assert spell["lat"] == pytest.approx((spell["south"] + spell["north"]) / 2)
    assert not spell["moored"]
    assert spell["longest_silence_s"] == 600


def test_one_fast_bin_parts_two_spells(engine: Engine) -> None:
    reports = stretch(ONE, (0, 4), HERE)
    reports[10]["speed_kn"] = 2.0
    assert [(each["heard"], each["first_n"]) for each in spells_of(engine, reports)] == [(10, 0), (13, 11)]


def test_one_fast_report_makes_a_bin_fast(engine: Engine) -> None:
    reports = stretch(ONE, (0, 1), HERE, every_min=2)
    reports[7]["speed_kn"] = 5.0
    assert [each["heard"] for each in spells_of(engine, reports)] == [1, 4]


@pytest.mark.parametrize(("silent_s", "runs"), [(4 * 3600, 1), (4 * 3600 + 1, 2)])
def test_a_silence_of_more_than_four_hours_parts_two_spells(engine: Engine, silent_s: int, runs: int) -> None:
    reports = [position(1, at=at(599), speed_kn=0.1), position(2, at=at(599 + silent_s), speed_kn=0.1)]
    found = spells_of(engine, reports)
    assert len(found) == runs
    assert max(each["longest_silence_s"] for each in found) == (silent_s if runs == 1 else 0)


def test_where_no_report_gives_a_speed_the_step_tells(engine: Engine) -> None:
    still = stretch(ONE, (0, 2), HERE, speed=None)
    sailing = stretch(TWO, (0, 2), HERE, (33.3, 124.0), speed=None)
    # Nothing leads to a ship's first bin, so nothing says that she was slow in it.
    assert [(each["mmsi"], each["heard"]) for each in spells_of(engine, [*still, *sailing])] == [(ONE, 11)]


def test_a_ship_that_said_at_anchor_once_was_moored(engine: Engine) -> None:
    reports = stretch(ONE, (0, 2), HERE)
    reports[4]["status"] = 1
    (spell,) = spells_of(engine, reports)
    assert spell["moored"]


def test_a_spell_over_the_180th_meridian_has_its_middle_there(engine: Engine) -> None:
    reports = [*stretch(ONE, (0, 1), (52.0, 179.99)), *stretch(ONE, (1, 2), (52.0, -179.97))]
    (spell,) = spells_of(engine, reports)
    assert spell["lon"] == pytest.approx(-179.99)
