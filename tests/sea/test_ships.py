"""Ships: what was known of them at a time."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ships import DAY, OTHER, identity
from waters import ONE, TWO, records_of, second

from bongsu.sea.ships import Ship, Ships


def said(row: int, hours: tuple[float, float], **changes: Any) -> dict[str, Any]:
    """What she said from one hour to another."""
    return identity(row, first_at=DAY + timedelta(hours=hours[0]), last_at=DAY + timedelta(hours=hours[1]), **changes)


SAID = [
    said(1, (0, 5), name="SANDBOX HERON", draught_m=4.0, ship_type=None),
    said(2, (6, 10), name="SANDBOX EGRET", draught_m=None),
    said(3, (12, 20), name=None, draught_m=7.5),
]
SHIPS = Ships(records_of(reversed(SAID)))


@pytest.mark.parametrize(
    ("hour", "name"),
    [(0, "SANDBOX HERON"), (5.9, "SANDBOX HERON"), (6, "SANDBOX EGRET"), (15, "SANDBOX EGRET"), (99, "SANDBOX EGRET")],
)
def test_the_last_name_sent_until_then_is_hers(hour: float, name: str) -> None:
    assert SHIPS.of(ONE, second(hour)).name == name


def test_what_was_not_yet_sent_is_taken_from_the_first_report_after() -> None:
    assert SHIPS.of(ONE, second(-3)).name == "SANDBOX HERON"
    assert SHIPS.of(ONE, second(-3)).ship_type == 70
    assert SHIPS.of(ONE, second(7)).draught_m == 4.0


def test_a_ship_that_said_nothing_is_named_by_her_number() -> None:
    ship = SHIPS.of(TWO, second(1))
    assert ship == Ship(mmsi=TWO)
    assert SHIPS.said(TWO) == ()
    assert ship.called == "MMSI 199000002"
    assert (ship.subject.id, ship.subject.name) == ("mmsi:199000002", "MMSI 199000002")


def test_an_imo_number_names_the_subject_with_all_its_digits() -> None:
    ship = SHIPS.of(ONE, second(1))
    assert ship.called == "SANDBOX HERON (MMSI 199000001)"
    assert (ship.subject.id, ship.subject.schema, ship.subject.name) == ("imo:0123456", "Vessel", "SANDBOX HERON")


def test_a_number_with_leading_zeros_keeps_them() -> None:
    assert Ship(mmsi=1_234).subject.id == "mmsi:000001234"


def test_what_she_said_comes_by_time_whatever_order_it_was_given_in() -> None:
    assert [row.row for row in SHIPS.said(ONE)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("hours", "draught"),
    [((0, 6), 4.0), ((5.1, 11.9), None), ((0, 13), 7.5), ((18, 30), 7.5), ((21, 30), None), ((4, 5), 4.0)],
)
def test_the_last_draught_sent_between_two_times(hours: tuple[float, float], draught: float | None) -> None:
    assert SHIPS.draught_m(ONE, second(hours[0]), second(hours[1])) == draught


def test_of_two_draughts_heard_at_once_by_two_receivers_the_one_that_began_later_is_the_last() -> None:
    ships = Ships(records_of([said(1, (0, 9), draught_m=4.0), said(1, (5, 9), draught_m=6.0, exhibit=OTHER)]))
    assert ships.draught_m(ONE, second(0), second(8)) == 6.0


def test_nobody_sent_a_draught_of_a_ship_that_is_not_known() -> None:
    assert SHIPS.draught_m(TWO, second(0), second(9)) is None
