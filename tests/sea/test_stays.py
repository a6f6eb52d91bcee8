"""Stays: within four kilometres of a quay, once within three, with what was heard there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from waters import ONE, TWO, second, stepped, stretch

from bongsu.sea.grid import METRES_PER_DEGREE
from bongsu.sea.places.gazetteer import cells_near
from bongsu.sea.stays import EXIT_KM, stays
from bongsu.tables.engine import Engine

QUAY = (33.0, 124.0)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def north(km: float) -> tuple[float, float]:
    """A place so many kilometres north of the quay."""
    return (QUAY[0] + km * 1000 / METRES_PER_DEGREE, QUAY[1])


def ports(*points: tuple[str, tuple[float, float], float]) -> ibis.Table:
    """Invented ports: the name, the quay, and what it may be off."""
    rows = [
        {"port": name, "latitude_deg": place[0], "longitude_deg": place[1], "cell": cell, "accuracy_km": accuracy}
        for name, place, accuracy in points
        for cell in cells_near(*place, EXIT_KM + accuracy)
    ]
    return ibis.memtable(pa.Table.from_pylist(rows))


SANDBOX = ("sandbox", QUAY, 0.0)


def stays_of(engine: Engine, reports: list[dict[str, Any]], *points: Any) -> list[dict[str, Any]]:
    found = stays(stepped(reports), ports(*(points or (SANDBOX,))))
    return engine.rows(found.order_by("mmsi", "from_s", "port"))


def call(mmsi: int = ONE) -> list[dict[str, Any]]:
    """From 24 km in at 12 km an hour, five hours at the quay, out again."""
    return [
        *stretch(mmsi, (0, 2), north(24), north(0), speed=6.5),
        *stretch(mmsi, (2, 7), north(0), speed=0.0, status=5),
        *stretch(mmsi, (7, 9), north(0), north(24), speed=6.5),
    ]


def test_a_call_begins_within_three_kilometres_and_ends_within_four(engine: Engine) -> None:
    (stay,) = stays_of(engine, call())
    # At 12 km an hour she is 2 km off at 1:50 and had been 4 km off at 1:40; she leaves the same way.
    assert stay["from_s"] == second(1 + 50 / 60)
    assert stay["to_s"] == second(7 + 20 / 60)
    assert stay["before_s"] == second(1.5)
    assert (stay["first_n"], stay["last_n"], stay["heard"]) == (10, 44, 35)
    assert (stay["stopped"], stay["slowest_kn"], stay["moored"]) == (30, 0.0, True)
    assert stay["nearest_km"] == pytest.approx(0.0, abs=0.001)
    assert stay["longest_silence_s"] == 600


@pytest.mark.parametrize(("km", "found"), [(2.9, 1), (3.1, 0), (3.9, 0)])
def test_who_never_came_within_three_kilometres_has_not_called(engine: Engine, km: float, found: int) -> None:
    assert len(stays_of(engine, stretch(ONE, (0, 5), north(km)))) == found


@pytest.mark.parametrize(("accuracy", "found"), [(0.0, 0), (1.9, 0), (2.1, 1)])
def test_the_reach_of_a_quay_grows_by_what_its_place_may_be_off(engine: Engine, accuracy: float, found: int) -> None:
    assert len(stays_of(engine, stretch(ONE, (0, 5), north(5.0)), ("sandbox", QUAY, accuracy))) == found


def test_a_ship_that_leaves_and_comes_back_has_called_twice(engine: Engine) -> None:
    reports = [
        *stretch(ONE, (0, 2), north(1)),
        *stretch(ONE, (2, 3), north(4.1), speed=3.0),
        *stretch(ONE, (3, 5), north(1)),
    ]
    assert [(each["first_n"], each["last_n"]) for each in stays_of(engine, reports)] == [(0, 11), (18, 29)]


def test_a_ship_between_three_and_four_kilometres_has_not_left(engine: Engine) -> None:
    reports = [
        *stretch(ONE, (0, 2), north(1)),
        *stretch(ONE, (2, 3), north(3.5), speed=3.0),
        *stretch(ONE, (3, 5), north(1)),
    ]
    (stay,) = stays_of(engine, reports)
    assert stay["heard"] == 30


def test_a_silence_inside_the_port_is_told_and_one_before_it_is_not(engine: Engine) -> None:
    inside = [*stretch(ONE, (0, 1), north(1), speed=1.0), *stretch(ONE, (7, 8), north(1), speed=1.0)]
    (stay,) = stays_of(engine, inside)
    assert stay["longest_silence_s"] == 6 * 3600 + 600
    assert (stay["stopped"], stay["moored"]) == (0, False)
    outside = [*stretch(ONE, (0, 1), north(30)), *stretch(ONE, (7, 8), north(1), speed=1.0)]
    (stay,) = stays_of(engine, outside)
    assert stay["longest_silence_s"] == 600
    assert stay["before_s"] == second(5 / 6)


def test_a_track_that_begins_in_port_has_no_report_before(engine: Engine) -> None:
    (stay,) = stays_of(engine, stretch(ONE, (0, 2), north(1)))
    assert stay["before_s"] is None
    assert stay["from_s"] == second(0)


def test_between_two_ports_close_together_both_are_told_with_the_nearer(engine: Engine) -> None:
    other = ("sandbox-west", north(3), 0.0)
    found = stays_of(engine, stretch(ONE, (0, 5), north(1)), SANDBOX, other)
    assert [each["port"] for each in found] == ["sandbox", "sandbox-west"]
    assert [each["nearest_km"] for each in found] == pytest.approx([1.0, 2.0], abs=0.01)


def test_two_quays_of_one_port_are_one_stay(engine: Engine) -> None:
    quays = (SANDBOX, ("sandbox", north(2), 0.0))
    (stay,) = stays_of(engine, stretch(ONE, (0, 5), north(1.5)), *quays)
    assert stay["heard"] == 30
    assert stay["nearest_km"] == pytest.approx(0.5, abs=0.01)


def test_each_ship_has_her_own_stay(engine: Engine) -> None:
    assert [each["mmsi"] for each in stays_of(engine, [*call(TWO), *call(ONE)])] == [ONE, TWO]
