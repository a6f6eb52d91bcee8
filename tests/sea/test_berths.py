"""Berths: which port a ship stood at, by a rule in plain Python held against the engine's, over many histories."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby, pairwise
from pathlib import Path
from random import Random
from typing import Any, Final

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import DAY, position
from waters import ONE, stepped

from bongsu.sea.calls import Call, calls
from bongsu.sea.grid import METRES_PER_DEGREE, distance_km
from bongsu.sea.places.gazetteer import CALL_CELLS, cells_near
from bongsu.sea.stays import ENTRY_KM, EXIT_KM, stays
from bongsu.tables.engine import Engine

BIN_S: Final = 600
QUAY = (33.0, 124.0)
# On one line north of the quay: port (its first letter is its State), kilometres, accuracy, whether it is a lock.
Place = tuple[str, float, float, bool]
# Kilometres north, the speed reported, the status, how many bins after the last report.
Report = tuple[float, float | None, int, int]

# Which of two equally near places counts is chance: no two reports are as far from places of two ports.
OFF_KM = {"a-one": 0.0, "a-two": 0.1, "b-three": 0.05}
places = st.lists(
    st.tuples(
        st.sampled_from(["a-one", "a-two", "b-three"]),
        st.integers(0, 14),
        st.sampled_from([0.0, 1.0, 3.0, 8.0]),
        st.booleans(),
    ).map(lambda place: (place[0], place[1] + OFF_KM[place[0]], *place[2:])),
    min_size=2,
    max_size=5,
    unique_by=lambda place: int(place[1]),
)
reports = st.lists(
    st.tuples(
        st.integers(-12, 26).map(lambda step: step + 0.3),
        st.sampled_from([None, 0.0, 0.1, 0.3, 0.5, 0.6, 6.0]),
        st.sampled_from([0, 0, 0, 5]),
        st.sampled_from([1, 1, 1, 2, 23, 24, 25, 80]),
    ),
    min_size=1,
    max_size=25,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def north(km: float) -> tuple[float, float]:
    return (round(QUAY[0] + km * 1000 / METRES_PER_DEGREE, 5), QUAY[1])


def cells_of(known: Sequence[Place]) -> ibis.Table:
    rows = [
        {
            "port": port,
            "country": port[0],
            "place": number,
            "lock": lock,
            "latitude_deg": north(km)[0],
            "longitude_deg": north(km)[1],
            "accuracy_km": accuracy,
            "cell": cell,
        }
        for number, (port, km, accuracy, lock) in enumerate(known)
        for cell in cells_near(*north(km), EXIT_KM + accuracy)
    ]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=CALL_CELLS))


def history(mmsi: int, heard: Sequence[Report]) -> list[dict[str, Any]]:
    """One report a bin."""
    rows, bins = [], 0
    for number, (km, speed, status, after) in enumerate(heard, start=1):
        bins += after
        place = north(km)
        rows.append(
            position(
                number,
                mmsi=mmsi,
                at=DAY + timedelta(seconds=bins * BIN_S),
                latitude_deg=place[0],
                longitude_deg=place[1],
                speed_kn=speed,
                status=status,
            )
        )
    return rows


def away_km(row: dict[str, Any], place: Place) -> float:
    return distance_km((row["latitude_deg"], row["longitude_deg"]), north(place[1]))


def off_km(row: dict[str, Any], known: Sequence[Place]) -> dict[str, float]:
    """How far she was at least from each port, by what its places may be off."""
    return {
        port: min(away_km(row, place) - place[2] for place in known if place[0] == port)
        for port in {place[0] for place in known}
    }


def stood(heard: Sequence[dict[str, Any]], known: Sequence[Place]) -> dict[int, str]:
    """At which port a ship stood in each bin in which she stood at one, by the words of `stays.stays`."""
    inside = near(heard, known)
    stops: list[list[int]] = []
    standing: set[int] = set()
    for n, row in enumerate(heard):
        if not inside[n]:
            continue
        comes = n == 0 or not inside[n - 1]
        hop_km, silent_s = (0.0, 0.0) if n == 0 else hop(heard[n - 1], row)
        knots = row["speed_kn"] if row["speed_kn"] is not None or n == 0 else hop_km / 1.852 / (silent_s / 3600)
        fast = (knots or 0.0) > 0.5
        if comes or fast or hop_km > 1.0:
            stops.append([])
        stops[-1].append(n)
        slow = row["speed_kn"] is not None and row["speed_kn"] < 0.2
        if slow or (row["status"] == 5 and not fast) or (not comes and silent_s >= 4 * 3600):
            standing.add(n)
    found = {}
    for stop in stops:
        nearest = [
            (away_km(heard[n], place), place[0])
            for n in stop
            for place in known
            if n in standing and place[0] in inside[n] and away_km(heard[n], place) - place[2] <= EXIT_KM
        ]
        found.update({n: min(nearest)[1] for n in stop if n in standing and min(nearest)[1] in inside[n]})
    return found


def near(heard: Sequence[dict[str, Any]], known: Sequence[Place]) -> list[set[str]]:
    """The ports that hold her in each bin: within 4 km, in a run of bins in which she was once within 3."""
    inside: list[set[str]] = [set() for _ in heard]
    for port in {place[0] for place in known}:
        off = [off_km(row, known)[port] for row in heard]
        for within, run in groupby(range(len(heard)), key=lambda n: off[n] <= EXIT_KM):
            bins = list(run)
            if within and min(off[n] for n in bins) <= ENTRY_KM:
                for n in bins:
                    inside[n].add(port)
    return inside


def hop(before: dict[str, Any], row: dict[str, Any]) -> tuple[float, float]:
    places = [(each["latitude_deg"], each["longitude_deg"]) for each in (before, row)]
    return distance_km(*places), (row["at"] - before["at"]).total_seconds()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(known=places, ways=st.lists(reports, min_size=12, max_size=12), shuffled=st.randoms(use_true_random=False))
def test_a_ship_stands_at_one_port_at_a_time_the_nearest(
    engine: Engine, known: list[Place], ways: list[list[Report]], shuffled: Random
) -> None:
    ships = {ONE + number: history(ONE + number, way) for number, way in enumerate(ways)}
    rows = [row for way in ships.values() for row in way]
    shuffled.shuffle(rows)
    found = engine.records(stays(stepped(rows), cells_of(known)).select(*Call.__dataclass_fields__), Call)
    for mmsi, heard in ships.items():
        mine = [stay for stay in found if stay.mmsi == mmsi]
        meant = stood(heard, known)
        for n, port in meant.items():
            holding = [stay.port for stay in mine if stay.first_n <= n <= stay.last_n]
            assert holding == [port]
        called = calls(mine, {place[0] for place in known})
        assert all(one.to_s <= after.from_s for one, after in pairwise(called))
        assert all(call.from_s <= call.to_s for call in called)
        assert {call.port for call in called} <= set(meant.values())
        assert all(known[call.place][0] == call.port for call in called)
        assert all(call.other is None or known[call.other][0] != call.port for call in called)
