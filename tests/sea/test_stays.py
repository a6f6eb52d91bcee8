"""Stays: within four kilometres of a quay, once within three, with what was heard there."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from waters import ONE, TWO, second, stepped, stretch

from bongsu.sea.grid import METRES_PER_DEGREE
from bongsu.sea.places.gazetteer import CALL_CELLS, cells_near
from bongsu.sea.stays import EXIT_KM, callers, stays
from bongsu.tables.engine import Engine

QUAY = (33.0, 124.0)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def north(km: float) -> tuple[float, float]:
    """A place so many kilometres north of the quay."""
    return (QUAY[0] + km * 1000 / METRES_PER_DEGREE, QUAY[1])


def ports(*points: tuple[str, tuple[float, float], float], locks: Collection[int] = ()) -> ibis.Table:
    """Invented ports: the name, a place of it, and what that may be off; those whose numbers are named are locks. The
    first letter of a name is the country.
    """
    rows = [
        {
            "port": name,
            "country": name[0],
            "place": number,
            "lock": number in locks,
            "latitude_deg": place[0],
            "longitude_deg": place[1],
            "accuracy_km": accuracy,
            "cell": cell,
        }
        for number, (name, place, accuracy) in enumerate(points)
        for cell in cells_near(*place, EXIT_KM + accuracy)
    ]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=CALL_CELLS))


SANDBOX = ("sandbox", QUAY, 0.0)


def stays_of(
    engine: Engine, reports: list[dict[str, Any]], *points: Any, locks: Collection[int] = ()
) -> list[dict[str, Any]]:
    found = stays(stepped(reports), ports(*(points or (SANDBOX,)), locks=locks))
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


def test_where_two_ports_hold_a_ship_that_stands_she_is_at_the_nearer(engine: Engine) -> None:
    other = ("sandbox-west", north(3), 0.0)
    (stay,) = stays_of(engine, stretch(ONE, (0, 5), north(1)), SANDBOX, other)
    assert stay["port"] == "sandbox"
    assert (stay["place"], stay["nearest_km"]) == (0, pytest.approx(1.0, abs=0.01))
    assert (stay["other"], stay["other_km"]) == (1, pytest.approx(2.0, abs=0.01))


def test_a_place_known_to_many_kilometres_takes_no_ship_from_the_quay_beside_her(engine: Engine) -> None:
    estimated = ("sandbox-estimated", north(8), 8.0)
    found = stays_of(engine, stretch(ONE, (0, 5), north(0.5)), SANDBOX, estimated)
    assert [(each["port"], each["other"]) for each in found] == [("sandbox", 1)]


def test_a_port_that_only_its_four_kilometres_reach_is_no_other(engine: Engine) -> None:
    beyond = ("sandbox-west", north(4.5), 0.0)
    through = [*stretch(ONE, (0, 1), north(2), speed=1.0), *stretch(ONE, (1, 5), north(1))]
    (stay,) = [each for each in stays_of(engine, through, SANDBOX, beyond) if each["stopped"]]
    assert (stay["port"], stay["other"], stay["other_km"]) == ("sandbox", None, None)


def test_of_several_others_another_state_s_is_told_before_a_nearer_one_of_the_same(engine: Engine) -> None:
    near, abroad = ("sandbox-west", north(-1.5), 0.0), ("abroad", north(2.5), 0.0)
    (stay,) = stays_of(engine, stretch(ONE, (0, 5), north(0)), SANDBOX, near, abroad)
    assert (stay["port"], stay["other"], stay["other_km"]) == ("sandbox", 2, pytest.approx(2.5, abs=0.01))


def test_a_ship_that_passes_one_port_on_her_way_to_another_stands_in_the_other_alone(engine: Engine) -> None:
    up = ("sandbox-upriver", north(6), 3.0)
    reports = [
        *stretch(ONE, (0, 1), north(-10), north(7), speed=9.0),
        *stretch(ONE, (1, 20), north(7)),
        *stretch(ONE, (20, 21), north(7), north(-10), speed=9.0),
    ]
    found = stays_of(engine, reports, SANDBOX, up)
    stopped = {each["port"]: each["stopped"] for each in found if each["stopped"]}
    assert stopped == {"sandbox-upriver": 19 * 6}


def test_a_ship_that_shifts_from_one_port_to_the_next_has_a_stay_at_each(engine: Engine) -> None:
    up = ("sandbox-upriver", north(6), 8.0)
    reports = [
        *stretch(ONE, (0, 5), north(0.5)),
        *stretch(ONE, (5, 6), north(0.5), north(6), speed=3.0),
        *stretch(ONE, (6, 9), north(6)),
    ]
    found = stays_of(engine, reports, SANDBOX, up)
    assert [(each["port"], each["stopped"]) for each in found] == [("sandbox", 30), ("sandbox-upriver", 18)]
    assert found[0]["to_s"] < found[1]["to_s"] - 3 * 3600


def test_a_ship_that_swings_between_two_ports_is_at_one_of_them_for_as_long_as_she_lies(engine: Engine) -> None:
    west = ("sandbox-west", north(3), 0.0)
    swing = [
        row for tide in range(12) for row in stretch(ONE, (tide, tide + 1), north(1.2 if tide % 2 else 1.6), speed=0.1)
    ]
    (stay,) = stays_of(engine, swing, SANDBOX, west)
    assert (stay["port"], stay["heard"]) == ("sandbox", 72)


def test_a_silence_of_hours_is_of_the_port_beside_which_she_is_heard_again(engine: Engine) -> None:
    up = ("sandbox-upriver", north(3), 0.0)
    reports = [
        *stretch(ONE, (0, 1), north(-6), north(2.4), speed=5.0),
        *stretch(ONE, (9, 10), north(2.4), north(-6), speed=5.0),
    ]
    silent = [each["port"] for each in stays_of(engine, reports, SANDBOX, up) if each["longest_silence_s"] > 4 * 3600]
    assert silent == ["sandbox-upriver"]


def test_a_ship_under_way_that_says_moored_is_not(engine: Engine) -> None:
    forgotten = stretch(ONE, (0, 1), north(-9), north(9), speed=9.7, status=5)
    assert [each["moored"] for each in stays_of(engine, forgotten)] == [False]
    unknown = stretch(ONE, (0, 1), north(0), speed=None, status=5)
    assert [each["moored"] for each in stays_of(engine, unknown)] == [True]


@pytest.mark.parametrize(("km", "at_lock"), [(0.2, True), (1.9, False)])
def test_a_stop_nearest_to_a_lock_is_told(engine: Engine, km: float, at_lock: bool) -> None:
    points = (SANDBOX, ("sandbox", north(2), 0.0))
    (stay,) = stays_of(engine, stretch(ONE, (0, 2), north(km)), *points, locks={0})
    assert stay["at_lock"] is at_lock


def test_a_ship_that_also_stands_elsewhere_in_the_port_was_not_only_at_its_lock(engine: Engine) -> None:
    points = (SANDBOX, ("sandbox", north(4), 0.0))
    reports = [*stretch(ONE, (0, 1), north(0)), *stretch(ONE, (1, 2), north(0), north(4), speed=2.2)]
    both = stays_of(engine, [*reports, *stretch(ONE, (2, 3), north(4))], *points, locks={0})
    assert [each["at_lock"] for each in both] == [False]
    assert [each["at_lock"] for each in stays_of(engine, reports, *points, locks={0})] == [True]


@pytest.mark.parametrize(("km", "accuracy", "found"), [(2.9, 0.0, 1), (3.1, 0.0, 0), (3.1, 0.2, 1)])
def test_callers_are_the_ships_that_came_within_three_kilometres(
    engine: Engine, km: float, accuracy: float, found: int
) -> None:
    reports = [*stretch(ONE, (0, 1), north(km), speed=9.0), *stretch(TWO, (0, 1), north(30), speed=9.0)]
    came = callers(stepped(reports), ports(("sandbox", QUAY, accuracy)))
    assert engine.rows(came) == [{"mmsi": ONE}] * found


def test_two_quays_of_one_port_are_one_stay(engine: Engine) -> None:
    quays = (SANDBOX, ("sandbox", north(2), 0.0))
    (stay,) = stays_of(engine, stretch(ONE, (0, 5), north(1.5)), *quays)
    assert stay["heard"] == 30
    assert stay["nearest_km"] == pytest.approx(0.5, abs=0.01)


def test_each_ship_has_her_own_stay(engine: Engine) -> None:
    assert [each["mmsi"] for each in stays_of(engine, [*call(TWO), *call(ONE)])] == [ONE, TWO]
