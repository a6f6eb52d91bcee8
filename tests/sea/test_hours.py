"""Hours: the same of positions and of their bins, and silences as a plain look at each ship's reports finds them."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import position
from waters import ONE, TWO, at, sea_of, table

from bongsu.sea.bins import BIN_S, folded
from bongsu.sea.hours import HOUR_S, hops, hourly, hourly_of_bins, silent
from bongsu.sea.silences import Silence, silences
from bongsu.tables.engine import Engine

DAY_S = 24 * HOUR_S
# Seldom enough that silences of every length come about.
REPORTS = st.lists(
    st.builds(
        lambda mmsi, second, south, west: position(
            1, mmsi=mmsi, at=at(second), latitude_deg=35.5 - south / 100, longitude_deg=123.5 - west / 100
        ),
        st.sampled_from([ONE, TWO]),
        st.integers(0, 3 * DAY_S) | st.integers(0, 3 * DAY_S // HOUR_S).map(lambda hour: hour * HOUR_S),
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    min_size=1,
    max_size=40,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


@settings(max_examples=25)
@given(REPORTS)
def test_hours_of_positions_equal_those_of_their_bins(engine: Engine, reports: list[dict[str, Any]]) -> None:
    positions = table(reports)
    made, again = hourly(positions), hourly_of_bins(folded(positions))
    assert made.schema() == again.schema()
    assert engine.rows(again.order_by("mmsi", "hour_s")) == engine.rows(made.order_by("mmsi", "hour_s"))


@settings(max_examples=25)
@given(REPORTS, st.sampled_from([HOUR_S, 4 * HOUR_S, 12 * HOUR_S]))
def test_silences_are_those_between_the_reports_of_a_ship(
    engine: Engine, reports: list[dict[str, Any]], least_s: int
) -> None:
    sought = silent(hops(hourly(table(reports))), least_s)
    found = {(row["mmsi"], row["before_s"], row["first_s"]) for row in engine.rows(sought)}
    assert found == set(plain(reports, least_s))


@settings(max_examples=25)
@given(REPORTS, st.integers(1, 6))
def test_a_ship_was_heard_well_in_so_many_bins_of_the_twelve_hours_before(
    engine: Engine, reports: list[dict[str, Any]], least: int
) -> None:
    found = engine.records(silences(sea_of(engine, reports), shortest_s=HOUR_S, heard_before=least, port_km=1), Silence)
    bins = defaultdict(set)
    for row in reports:
        bins[row["mmsi"]].add(int(row["at"].timestamp()) // BIN_S * BIN_S)
    heard_well = {
        (mmsi, before_s, first_s)
        for mmsi, before_s, first_s in plain(reports, HOUR_S)
        if sum(before_s - 12 * HOUR_S <= begin <= before_s for begin in bins[mmsi]) >= least
    }
    assert {(each.mmsi, each.before_s, each.first_s) for each in found} == heard_well


def plain(reports: list[dict[str, Any]], least_s: int) -> Iterator[tuple[int, int, int]]:
    """Ship and both ends of each silence."""
    for ship in (ONE, TWO):
        times = sorted(int(row["at"].timestamp()) for row in reports if row["mmsi"] == ship)
        yield from ((ship, before, first) for before, first in pairwise(times) if first - before >= least_s)


def test_hours_say_nothing_of_silences_shorter_than_one(engine: Engine) -> None:
    found = hops(hourly(table([position(1, mmsi=ONE)])))
    with pytest.raises(ValueError, match="3599"):
        silent(found, HOUR_S - 1)
