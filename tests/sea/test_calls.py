"""Calls: stays in which a ship stopped, one at a time, and how she lay before and after."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import DAY, identity
from waters import ONE, THREE, TWO, numbered, records_of, sea_of, second, stretch

from bongsu.sea.calls import Call, Draughts, Halts, Stop, calls, draughts, ports_of, stays_at
from bongsu.sea.places.gazetteer import gazetteer
from bongsu.sea.ships import Ships
from bongsu.tables.engine import Engine


def stay(hours: tuple[float, float] = (10, 20), *, port: str = "sandbox-a", mmsi: int = ONE, **changes: Any) -> Call:
    made: dict[str, Any] = {
        "before_s": None,
        "first_n": 0,
        "last_n": 60,
        "heard": 61,
        "stopped": 30,
        "slowest_kn": 0.0,
        "moored": False,
        "longest_silence_s": 600,
        "place": 0,
        "nearest_km": 0.4,
        "at_lock": False,
        "other": None,
        "other_km": None,
        **changes,
    }
    return Call(mmsi=mmsi, port=port, from_s=second(hours[0]), to_s=second(hours[1]), **made)


PORTS = ("sandbox-a", "sandbox-b")


def test_a_stay_in_which_she_stopped_is_a_call() -> None:
    assert calls([stay()], PORTS) == [stay()]
    assert not stay().by_silence


@pytest.mark.parametrize(("silence_s", "found"), [(4 * 3600 - 1, 0), (4 * 3600, 1), (None, 0)])
def test_a_stay_without_a_stop_is_a_call_only_after_four_hours_of_silence(silence_s: int | None, found: int) -> None:
    through = stay(stopped=0, longest_silence_s=silence_s)
    assert through.by_silence
    assert len(calls([through], PORTS)) == found


def test_a_ship_that_says_moored_has_called() -> None:
    assert len(calls([stay(stopped=0, slowest_kn=None, moored=True)], PORTS)) == 1


def test_she_comes_to_a_port_when_she_has_left_the_one_before() -> None:
    first = stay((0, 9), first_n=0, last_n=53)
    then = stay((8, 20), first_n=48, last_n=119, port="sandbox-b")
    assert calls([then, first], PORTS) == [first, replace(then, from_s=first.to_s)]


def test_a_call_elsewhere_before_is_left_out_and_still_ends_before_ours_begins() -> None:
    elsewhere, ours = stay((0, 9), port="sandbox-elsewhere"), stay((8, 20), first_n=48, last_n=119)
    assert calls([ours, elsewhere], PORTS) == [replace(ours, from_s=elsewhere.to_s)]


def test_a_stop_at_a_lock_on_the_way_to_another_port_is_no_call() -> None:
    lock = stay((0, 5), first_n=0, last_n=29, at_lock=True)
    quay = stay((4, 30), first_n=24, last_n=179, port="sandbox-b")
    out = stay((30, 34), first_n=180, last_n=203, at_lock=True)
    assert calls([lock, quay, out], PORTS) == [quay]


@pytest.mark.parametrize(
    ("first_n", "silence_s"),
    [(31, 600), (24, 4 * 3600)],
    ids=["she had left the port before she came to the other", "she was silent in the port for hours"],
)
def test_a_stop_at_a_lock_is_a_call_where_it_is_not_only_her_way(first_n: int, silence_s: int) -> None:
    lock = stay((0, 4), first_n=0, last_n=29, at_lock=True, longest_silence_s=silence_s)
    quay = stay((6, 30), first_n=first_n, last_n=179, port="sandbox-b")
    assert calls([lock, quay], PORTS) == [lock, quay]


def test_a_ship_that_stops_at_a_lock_and_turns_back_has_called() -> None:
    lock = stay(at_lock=True)
    passing = stay((11, 12), port="sandbox-b", stopped=0)
    assert calls([lock, passing], PORTS) == [lock]


def test_ports_called_at_one_after_the_other_both_count() -> None:
    first = stay((0, 9), last_n=53)
    then = stay((10, 20), first_n=60, last_n=119, port="sandbox-b", nearest_km=2.0)
    assert calls([then, first], PORTS) == [first, then]


def test_another_ship_at_the_same_time_has_her_own_call() -> None:
    assert [call.mmsi for call in calls([stay(mmsi=TWO, nearest_km=0.1), stay()], PORTS)] == [ONE, TWO]


def test_a_stay_that_is_no_call_takes_nothing_from_one_that_is() -> None:
    passing = stay((11, 12), port="sandbox-b", nearest_km=0.1, stopped=0)
    assert calls([passing, stay()], PORTS) == [stay()]


def test_the_ports_of_a_country_are_those_of_the_gazetteer() -> None:
    ports = ports_of(gazetteer(), "KP")
    assert "kp-nampo" in ports
    assert all(name.startswith("kp-") for name in ports)


def lying(*draught: tuple[tuple[float, float], float | None]) -> Ships:
    rows = [
        identity(
            number,
            first_at=DAY + timedelta(hours=hours[0]),
            last_at=DAY + timedelta(hours=hours[1]),
            draught_m=metres,
            beam_m=16.0,
        )
        for number, (hours, metres) in enumerate(draught, start=1)
    ]
    return Ships(records_of(rows))


def told(call: Call, ships: Ships, *halts: Call | Stop, days: float = 1) -> tuple[float | None, float | None]:
    found = draughts(call, ships.of(ONE, call.from_s), ships, Halts([call, *halts]), days=days)
    return found.before_m, found.after_m


def stop(hours: tuple[float, float], mmsi: int = ONE) -> Stop:
    return Stop(mmsi=mmsi, from_s=second(hours[0]), to_s=second(hours[1]))


def test_the_draught_before_a_call_is_the_last_until_she_came_and_the_one_after_the_first_new_one() -> None:
    ships = lying(((0, 5), 4.0), ((6, 9), 4.2), ((12, 15), 8.0), ((21, 22), 6.0), ((23, 30), 6.5), ((60, 70), 3.0))
    found = draughts(stay(), ships.of(ONE, second(10)), ships, Halts([]), days=1)
    assert (found.before_m, found.after_m) == (4.2, 6.0)
    assert found.change_m == 1.8
    assert [citation.locator for citation in found.citations] == ["row=2", "row=4"]


def test_the_old_draught_still_sent_after_a_call_is_not_yet_the_one_after() -> None:
    assert told(stay(), lying(((6, 22), 6.0), ((23, 30), 3.5))) == (6.0, 3.5)
    assert told(stay(), lying(((6, 9), 6.0), ((21, 22), 6.0), ((23, 30), 3.5))) == (6.0, 3.5)


def test_a_draught_typed_in_before_she_left_and_still_sent_after_is_the_one_after() -> None:
    assert told(stay(), lying(((6, 9), 6.0), ((18, 30), 3.5), ((31, 33), 3.6))) == (6.0, 3.5)


def test_where_the_same_is_sent_on_nothing_changed() -> None:
    assert told(stay(), lying(((6, 9), 6.0), ((21, 30), 6.0))) == (6.0, 6.0)


@pytest.mark.parametrize("halt", [stop((34, 40)), stay((34, 60), port="sandbox-b", stopped=30)])
def test_what_is_sent_after_her_next_stop_is_not_of_this_call(halt: Call | Stop) -> None:
    """She unloads from 6.0 to 4.0 metres, loads elsewhere, and sends 7.0."""
    both, reloaded = lying(((0, 9), 6.0), ((21, 30), 4.0), ((61, 70), 7.0)), lying(((0, 9), 6.0), ((61, 70), 7.0))
    assert told(stay(), both, halt, days=10) == (6.0, 4.0)
    assert told(stay(), reloaded, halt, days=10) == (6.0, None)
    assert told(stay(), reloaded, days=10) == (6.0, 7.0)


def test_what_was_sent_before_her_last_stop_is_not_of_this_call() -> None:
    assert told(stay(), lying(((0, 2), 6.0), ((21, 30), 4.0)), stop((3, 8))) == (None, 4.0)
    assert told(stay(), lying(((0, 9), 6.0), ((21, 30), 4.0)), stop((3, 8))) == (6.0, 4.0)


def test_a_stop_of_another_ship_or_within_the_call_ends_nothing() -> None:
    ships = lying(((0, 9), 6.0), ((25, 30), 4.0))
    assert told(stay(), ships, stop((21, 24), TWO), stop((9.5, 12)), stop((15, 24))) == (6.0, 4.0)


HOURS = st.integers(-100, 100)
SENT = st.lists(st.tuples(HOURS, st.integers(0, 30), st.sampled_from([3.5, 5.0, 6.5, 16.0])), max_size=8)


@given(SENT, st.lists(st.tuples(HOURS, st.integers(2, 20)), max_size=4), st.integers(1, 5))
def test_both_draughts_were_sent_between_the_stop_before_and_the_next(
    sent: list[tuple[int, int, float]], stopped: list[tuple[int, int]], days: int
) -> None:
    ships = lying(*(((begin, begin + lasting), metres) for begin, lasting, metres in sent))
    stops = [stop((begin, begin + lasting)) for begin, lasting in stopped]
    call = stay()
    found = draughts(call, ships.of(ONE, call.from_s), ships, Halts(stops), days=days)
    for report, until_s in ((found.before, call.from_s), (found.after, call.to_s)):
        if report is not None:
            begin_s, end_s = (int(at.timestamp()) for at in (report.first_at, report.last_at))
            assert not any(end_s < halt.to_s < call.from_s for halt in stops if until_s == call.from_s)
            assert not any(call.to_s < halt.from_s < begin_s for halt in stops if until_s == call.to_s)
            assert (begin_s <= until_s) if until_s == call.from_s else (end_s > until_s)
            assert report.draught_m != 16.0
    if found.change_m:
        between = [
            row
            for row in ships.said(ONE)
            if found.after is not None and call.to_s < row.last_at.timestamp() and row.first_at < found.after.first_at
        ]
        assert all(row.draught_m in (found.before_m, 16.0) for row in between)


def test_a_draught_sent_while_she_lay_there_is_of_neither_side() -> None:
    assert told(stay(), lying(((12, 15), 8.0)), days=5) == (None, None)


def test_where_one_side_is_not_known_no_change_is() -> None:
    assert told(stay(), lying(((0, 5), 4.0))) == (4.0, None)
    assert Draughts(before=None, after=None).change_m is None


def test_a_report_older_than_the_days_tells_nothing() -> None:
    assert told(stay((50, 60)), lying(((0, 5), 4.0))) == (None, None)


NAMPO, SONGNIM, DALIAN = (38.72, 125.395), (38.74, 125.63), (38.93, 121.70)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


@st.composite
def voyages(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some ships that go about between the roads of a few ports, near them or past them, heard every ten minutes."""
    reports = []
    for mmsi in (ONE, TWO, THREE):
        hour = draw(st.floats(0, 3))
        for _ in range(draw(st.integers(1, 4))):
            port = draw(st.sampled_from([NAMPO, SONGNIM, DALIAN]))
            place = (port[0] + draw(st.integers(-8, 8)) / 200, port[1])
            lasting = draw(st.sampled_from([0.5, 2.0, 6.0]))
            speed = draw(st.sampled_from([0.0, 0.3, 8.0]))
            reports += stretch(
                mmsi, (hour, hour + lasting), place, speed=speed, every_min=draw(st.sampled_from([3, 10]))
            )
            hour += lasting + draw(st.sampled_from([0.2, 5.0]))
    return numbered(reports)


@settings(max_examples=20)
@given(voyages())
def test_stays_are_the_same_whether_all_ships_were_folded_before_or_only_the_callers(
    engine: Engine, reports: list[dict[str, Any]]
) -> None:
    ports = ports_of(gazetteer(), "KP")
    few, all_of_them = sea_of(engine, reports), sea_of(engine, reports)
    assert all_of_them.steps is not None  # folded now
    found = [sorted(engine.rows(stays_at(sea, ports)), key=str) for sea in (few, all_of_them)]
    assert found[0] == found[1]
