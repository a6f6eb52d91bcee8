"""Spells: runs of bins in which a ship was slow, ended by speed and by silence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import position
from waters import ONE, TWO, at, sea_of, second, stepped, stretch

from bongsu.sea.spells import MOST_SILENT_S, SLOW_KN, spells
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


# Of half the reports no speed is known, and their ships' steps tell; some come hours after the one before.
REPORTS = st.lists(
    st.tuples(
        st.sampled_from([ONE, TWO]),
        st.integers(0, 60).map(lambda number: number * 600 + number // 20 * 5 * 3600),
        st.integers(0, 599),
        st.integers(0, 40),
        st.sampled_from([None, None, 0.0, 1.9, 2.0, 9.0]),
    ).map(
        lambda told: position(
            1,
            mmsi=told[0],
            at=at(told[1] + told[2]),
            latitude_deg=33.0 + told[3] / 1000,
            longitude_deg=124.0,
            speed_kn=told[4],
        )
    ),
    min_size=1,
    max_size=50,
)


def _slow(row: dict[str, Any]) -> bool:
    knots = row["most_kn"] if row["most_kn"] is not None else row["hop_kn"]
    return knots is not None and knots < SLOW_KN


@settings(max_examples=25)
@given(REPORTS)
def test_spells_are_the_runs_that_a_walk_from_bin_to_bin_finds(engine: Engine, reports: list[dict[str, Any]]) -> None:
    runs: list[list[dict[str, Any]]] = []
    before: dict[str, Any] | None = None
    for row in engine.rows(stepped(reports).order_by("mmsi", "n")):
        if _slow(row):
            goes_on = before is not None and _slow(before) and before["mmsi"] == row["mmsi"]
            if not goes_on or row["silent_s"] > MOST_SILENT_S:
                runs.append([])
            runs[-1].append(row)
        before = row
    meant = [
        {
            "mmsi": run[0]["mmsi"],
            "from_s": run[0]["first_s"],
            "to_s": run[-1]["last_s"],
            "first_n": run[0]["n"],
            "last_n": run[-1]["n"],
            "heard": len(run),
            "longest_silence_s": max([0, *(row["silent_s"] for row in run[1:])]),
        }
        for run in runs
    ]
    found = spells_of(engine, reports)
    assert [{key: each[key] for key in meant[0]} for each in found] == meant if meant else found == []


@settings(max_examples=25)
@given(REPORTS)
def test_slow_bins_are_the_same_whether_the_steps_were_made_before_or_only_where_a_bin_says_nothing(
    engine: Engine, reports: list[dict[str, Any]]
) -> None:
    short, whole = sea_of(engine, reports), sea_of(engine, reports)
    assert whole.steps is not None  # made now
    found = [engine.rows(sea.slow.order_by("mmsi", "bin_s")) for sea in (short, whole)]
    assert found[0] == found[1]
