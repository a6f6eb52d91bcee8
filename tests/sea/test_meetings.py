"""Meetings: two ships slow beside each other, as a comparison of every pair would find them."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import position
from waters import ONE, THREE, TWO, at, second, stepped, stretch

from bongsu.sea.bins import BIN_S
from bongsu.sea.grid import cell_of, distance_km
from bongsu.sea.meetings import NORTHERNMOST_DEG, meetings
from bongsu.sea.spells import slow
from bongsu.tables.engine import Engine

HERE = (33.0, 124.0)
PAUSE_S = 3600
WITHIN_KM = 0.5


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def cells(found: Iterable[int] = ()) -> ibis.Table:
    return ibis.memtable(pa.table({"cell": pa.array(sorted(found), pa.int64())}))


def meetings_of(
    engine: Engine,
    reports: list[dict[str, Any]],
    *,
    masked: Iterable[int] = (),
    within_km: float = WITHIN_KM,
    pause_s: int = PAUSE_S,
) -> list[dict[str, Any]]:
    met = meetings(slow(stepped(reports)), masked=cells(masked), within_km=within_km, pause_s=pause_s)
    return engine.rows(met.order_by("mmsi", "partner", "from_s"))


def compared(
    engine: Engine, reports: list[dict[str, Any]], masked: Iterable[int], within_km: float, pause_s: int
) -> list[dict[str, Any]]:
    """The meetings of some reports, every ship of every bin held against every other."""
    slow = [
        row
        for row in engine.rows(stepped(reports))
        if _speed(row) < 2.0 and row["cell"] not in set(masked) and abs(row["lat"]) <= NORTHERNMOST_DEG
    ]
    near: dict[tuple[int, int], list[tuple[float, dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    for one, other in combinations(sorted(slow, key=lambda row: (row["bin_s"], row["mmsi"])), 2):
        km = round(distance_km((one["lat"], one["lon"]), (other["lat"], other["lon"])), 6)
        if one["bin_s"] == other["bin_s"] and km <= within_km:
            near[one["mmsi"], other["mmsi"]].append((km, one, other))
    return [_meeting(*pair, run) for pair, rows in sorted(near.items()) for run in _runs(rows, pause_s)]


def _speed(row: dict[str, Any]) -> float:
    speeds = (row["most_kn"], row["hop_kn"], 2.0)
    return next(speed for speed in speeds if speed is not None)


def _runs(rows: list[Any], pause_s: int) -> list[list[Any]]:
    runs = [[rows[0]]]
    for before, row in pairwise(rows):
        if row[1]["bin_s"] - before[1]["bin_s"] > pause_s + BIN_S:
            runs.append([])
        runs[-1].append(row)
    return runs


def _meeting(mmsi: int, partner: int, run: list[Any]) -> dict[str, Any]:
    return {
        "mmsi": mmsi,
        "partner": partner,
        "from_s": min(min(one["first_s"], other["first_s"]) for _, one, other in run),
        "to_s": max(max(one["last_s"], other["last_s"]) for _, one, other in run),
        "heard": len(run),
        "nearest_km": min(km for km, _, _ in run),
        "farthest_km": max(km for km, _, _ in run),
        "lat": run[0][1]["lat"],
        "lon": run[0][1]["lon"],
        "moored": any(one["moored"] and other["moored"] for _, one, other in run),
    }


# Corners where four squares meet: both sides of the equator, of Greenwich, of the 180th meridian, and the last row.
CORNERS = [(0.0, 0.0), (33.0, 124.0), (-12.005, -70.025), (52.0, -180.0), (79.4985, 20.0), (-79.5, 0.025)]


@st.composite
def worlds(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few ships within some hundred metres of one corner, over some hours, some of them fast."""
    south, west = draw(st.sampled_from(CORNERS))
    reports = []
    for mmsi in (ONE, TWO, THREE, 199_000_004):
        for number in draw(st.sets(st.integers(0, 11), max_size=8)):
            latitude = south + draw(st.integers(-30, 30)) / 10_000
            longitude = west + draw(st.integers(-50, 50)) / 10_000
            reports.append(
                position(
                    number,
                    mmsi=mmsi,
                    at=at(number * 600 + draw(st.integers(0, 599))),
                    latitude_deg=round(latitude, 5),
                    longitude_deg=round((longitude + 180) % 360 - 180, 5),
                    speed_kn=draw(st.sampled_from([0.0, 1.9, None, 2.0])),
                    status=draw(st.sampled_from([0, 1])),
                )
            )
    return reports


@settings(max_examples=25)
@given(worlds(), st.sampled_from([0, 1200]), st.booleans())
def test_meetings_are_those_that_a_comparison_of_every_pair_finds(
    engine: Engine, reports: list[dict[str, Any]], pause_s: int, some_masked: bool
) -> None:
    masked = {row["cell"] for row in reports[:1]} if some_masked else set()
    found = meetings_of(engine, reports, masked=masked, pause_s=pause_s)
    expected = compared(engine, reports, masked, WITHIN_KM, pause_s)
    assert [{**row, "nearest_km": None, "farthest_km": None} for row in found] == [
        {**row, "nearest_km": None, "farthest_km": None} for row in expected
    ]
    for name in ("nearest_km", "farthest_km"):
        assert [row[name] for row in found] == pytest.approx([row[name] for row in expected], abs=2e-6)


def test_two_ships_side_by_side_for_three_hours_meet_once(engine: Engine) -> None:
    beside = (33.001, 124.0)
    reports = [*stretch(TWO, (1, 4), HERE), *stretch(ONE, (0, 3.5), beside)]
    (met,) = meetings_of(engine, reports)
    assert (met["mmsi"], met["partner"]) == (ONE, TWO)
    assert (met["from_s"], met["to_s"], met["heard"]) == (second(1), second(3 + 20 / 60), 15)
    assert met["nearest_km"] == pytest.approx(0.111, abs=0.001)
    assert (met["lat"], met["lon"]) == beside


@pytest.mark.parametrize(("between", "runs"), [(1.0, 1), (1.5, 2)])
def test_a_pause_longer_than_the_card_says_parts_two_meetings(engine: Engine, between: float, runs: int) -> None:
    reports = [
        row
        for ship, place in ((ONE, HERE), (TWO, (33.001, 124.0)))
        for hours in ((0, 2), (2 + between, 4))
        for row in stretch(ship, hours, place)
    ]
    assert len(meetings_of(engine, reports)) == runs


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ((52.0, 179.999), (52.0, -179.998)),
        ((0.001, -0.001), (-0.001, 0.001)),
        ((33.0049, 124.0249), (33.0051, 124.0251)),
        ((-12.005, -70.0251), (-12.0051, -70.0249)),
    ],
)
def test_the_border_of_a_square_parts_no_two_ships(
    engine: Engine, one: tuple[float, float], two: tuple[float, float]
) -> None:
    assert len(meetings_of(engine, [*stretch(ONE, (0, 3), one), *stretch(TWO, (0, 3), two)])) == 1


@pytest.mark.parametrize(("latitude", "found"), [(79.5, 1), (-79.5, 1), (79.501, 0), (-79.501, 0)])
def test_beyond_79_and_a_half_degrees_of_latitude_no_meeting_is_looked_for(
    engine: Engine, latitude: float, found: int
) -> None:
    reports = [*stretch(ONE, (0, 3), (latitude, 30.0)), *stretch(TWO, (0, 3), (latitude, 30.02))]
    assert len(meetings_of(engine, reports)) == found


def test_no_meeting_is_looked_for_in_masked_cells(engine: Engine) -> None:
    reports = [*stretch(ONE, (0, 3), HERE), *stretch(TWO, (0, 3), (33.001, 124.0))]
    assert meetings_of(engine, reports, masked={cell_of(*HERE)}) == []


def test_a_ship_passing_by_meets_nobody(engine: Engine) -> None:
    reports = [*stretch(ONE, (0, 3), HERE), *stretch(TWO, (0, 3), (33.001, 124.0), speed=2.0)]
    assert meetings_of(engine, reports) == []


def test_a_distance_that_the_squares_would_not_find_whole_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match=r"within 0\.5 km, not within 0\.6"):
        meetings_of(engine, stretch(ONE, (0, 1), HERE), within_km=0.6)
