"""Calls: stays in which a ship stopped, one at a time, and how she lay before and after."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ships import DAY, identity
from waters import ONE, TWO, records_of, second

from bongsu.sea.calls import Call, Draughts, calls, draughts, ports_of
from bongsu.sea.places.gazetteer import gazetteer
from bongsu.sea.ships import Ships


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
        "nearest_km": 0.4,
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


def test_of_two_ports_at_one_time_the_nearer_counts() -> None:
    near, far = stay(nearest_km=0.4), stay((11, 19), port="sandbox-b", nearest_km=2.0)
    assert calls([far, near], PORTS) == [near]
    assert calls([near, far], PORTS) == [near]


def test_a_nearer_port_elsewhere_takes_the_call_from_ours() -> None:
    ours, elsewhere = stay(nearest_km=2.0), stay(port="sandbox-elsewhere", nearest_km=0.4)
    assert calls([ours, elsewhere], PORTS) == []


def test_ports_called_at_one_after_the_other_both_count() -> None:
    first, then = stay((0, 9)), stay((10, 20), port="sandbox-b", nearest_km=2.0)
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
        )
        for number, (hours, metres) in enumerate(draught, start=1)
    ]
    return Ships(records_of(rows))


def test_the_draught_before_a_call_is_the_last_until_she_came_and_the_one_after_the_last_within_the_days() -> None:
    ships = lying(((0, 5), 4.0), ((6, 9), 4.2), ((12, 15), 9.9), ((21, 22), 6.0), ((23, 30), 6.5), ((60, 70), 3.0))
    found = draughts(stay(), ships, days=1)
    assert found == Draughts(before_m=4.2, after_m=6.5)
    assert found.change_m == 2.3


def test_a_draught_sent_while_she_lay_there_is_of_neither_side() -> None:
    assert draughts(stay(), lying(((12, 15), 9.9)), days=5) == Draughts(before_m=None, after_m=None)


def test_where_one_side_is_not_known_no_change_is() -> None:
    assert draughts(stay(), lying(((0, 5), 4.0)), days=1).change_m is None


def test_a_report_older_than_the_days_tells_nothing() -> None:
    assert draughts(stay((50, 60)), lying(((0, 5), 4.0)), days=1).before_m is None
