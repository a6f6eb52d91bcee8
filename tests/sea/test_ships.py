"""Ships: what was known of them at a time."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import DAY, OTHER, identity
from waters import ONE, TWO, records_of, second

from bongsu.sea.model import Identity
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


def draughts(ships: Ships, hours: tuple[float, float], mmsi: int = ONE) -> list[float | None]:
    rows = ships.draughts(ships.of(mmsi, second(hours[0])), second(hours[0]), second(hours[1]))
    return [row.draught_m for row in rows]


@pytest.mark.parametrize(
    ("hours", "found"),
    [((0, 6), [4.0]), ((5.1, 11.9), []), ((0, 13), [4.0, 7.5]), ((18, 30), [7.5]), ((21, 30), []), ((4, 5), [4.0])],
)
def test_the_draughts_sent_between_two_times(hours: tuple[float, float], found: list[float]) -> None:
    assert draughts(SHIPS, hours) == found


def test_of_two_draughts_heard_at_once_by_two_receivers_the_one_that_began_later_is_the_last() -> None:
    ships = Ships(records_of([said(1, (0, 9), draught_m=4.0), said(1, (5, 9), draught_m=6.0, exhibit=OTHER)]))
    assert draughts(ships, (0, 8)) == [4.0, 6.0]


def test_nobody_sent_a_draught_of_a_ship_that_is_not_known() -> None:
    assert draughts(SHIPS, (0, 9), TWO) == []


@pytest.mark.parametrize(("metres", "counts"), [(1.1, True), (1.0, False), (8.8, True), (8.9, False), (16.0, False)])
def test_a_draught_that_her_beam_does_not_allow_is_not_counted(metres: float, counts: bool) -> None:
    """Sixteen metres of beam: Watson gives 2.2 for laden and 5 to 6 for ballast; the card allows 1.8 to 15."""
    ships = Ships(records_of([said(1, (0, 9), beam_m=16.0, draught_m=metres)]))
    assert draughts(ships, (0, 9)) == [metres] * counts


def test_a_draught_under_another_imo_number_is_another_hulls() -> None:
    ships = Ships(records_of([said(1, (0, 9), draught_m=4.0), said(2, (10, 19), draught_m=6.0, imo=123_464)]))
    assert draughts(ships, (0, 30)) == [4.0]


def test_years_later_another_ship_under_the_same_number_lends_nothing_to_a_call() -> None:
    """A ship of which positions alone were heard in 2018, and another with her number in 2026."""
    ships = Ships(records_of([said(1, (0, 2), name="SANDBOX NEWCOMER", imo=123_464, length_m=180.0)]))
    assert ships.of(ONE, second(-8 * 365 * 24)) == Ship(mmsi=ONE)
    assert ships.through(ONE, second(-8 * 365 * 24), second(-8 * 365 * 24 + 30)) == Ship(mmsi=ONE)


@pytest.mark.parametrize(("days", "known"), [(29.9, True), (30.1, False)])
def test_a_report_tells_of_thirty_days_before_and_after_it(days: float, known: bool) -> None:
    ships = Ships(records_of([said(1, (0, 2))]))
    assert (ships.of(ONE, second(2 + days * 24)).imo is not None) == known
    assert (ships.of(ONE, second(-days * 24)).imo is not None) == known


A, B = 123_456, 123_464


@pytest.mark.parametrize(
    ("hour", "imo", "name"),
    [
        (1, A, "SANDBOX HERON"),
        (20, A, "SANDBOX HERON"),  # another number comes days later
        (5 * 24, None, None),  # far from both: neither
        (229, B, "SANDBOX EGRET"),
        (241, B, "SANDBOX EGRET"),
        (20 * 24, None, None),  # far from both again
        (35 * 24, B, "SANDBOX EGRET"),  # the first is no longer within thirty days
    ],
)
def test_nothing_is_taken_from_beyond_a_change_of_imo_number(hour: float, imo: int | None, name: str | None) -> None:
    """`imo` is None where two numbers were sent about then and neither within a day."""
    ships = Ships(
        records_of(
            [
                said(1, (0, 2), imo=A, name="SANDBOX HERON"),
                said(2, (240, 242), imo=B, name="SANDBOX EGRET", beam_m=None),
            ]
        )
    )
    found = ships.of(ONE, second(hour))
    assert (found.imo, found.name) == (imo, name)
    assert found.beam_m == (18.0 if imo == A else None)
    assert found.numbers == ((A, B) if imo is None else ())


def test_through_a_change_of_imo_number_only_what_stays_the_same_is_known() -> None:
    ships = Ships(
        records_of([said(1, (0, 5), imo=A, name="SANDBOX HERON"), said(2, (6, 9), imo=B, name="SANDBOX EGRET")])
    )
    found = ships.through(ONE, second(1), second(8))
    assert (found.imo, found.name, found.ship_type, found.numbers) == (None, None, 70, (A, B))
    assert found.subject.id == "mmsi:199000001"
    assert {citation.locator for citation in found.citations} == {"row=1", "row=2"}
    assert ships.through(ONE, second(1), second(4)).imo == A


def test_a_number_sent_for_minutes_in_the_midst_of_it_is_told() -> None:
    ships = Ships(records_of([said(1, (0, 5), imo=A), said(2, (5.1, 5.2), imo=B), said(3, (6, 9), imo=A)]))
    found = ships.through(ONE, second(1), second(8))
    assert (found.imo, found.name, found.numbers) == (None, "SANDBOX CORMORANT", (A, B))


def test_each_value_cites_the_report_that_gives_it() -> None:
    """The two halves of a class B report: the name in one, type and size in the other."""
    name = said(1, (0, 5), imo=None, call_sign=None, ship_type=None, length_m=None, beam_m=None, source="nmea")
    rest = said(2, (1, 5), imo=None, name=None, source="nmea")
    found = Ships(records_of([name, rest])).of(ONE, second(3))
    assert {word: report.row for word, report in found.reports.items()} == {
        "name": 1,
        "type": 2,
        "length": 2,
        "beam": 2,
    }
    assert [citation.locator for citation in found.citations] == ["line=1", "line=2"]


HOURS = st.integers(-3000, 3000)
ROWS = st.lists(
    st.tuples(
        HOURS,
        st.integers(0, 900),
        st.sampled_from([None, A, B]),
        st.sampled_from([None, "SANDBOX HERON", "SANDBOX EGRET"]),
        st.sampled_from([None, 18.0]),
    ),
    max_size=8,
)


def rows_of(drawn: list[tuple[int, int, int | None, str | None, float | None]]) -> list[Identity]:
    return records_of(
        said(row, (begin, begin + lasting), imo=imo, name=name, beam_m=beam)
        for row, (begin, lasting, imo, name, beam) in enumerate(drawn, start=1)
    )


def off_h(row: Identity, hour: int) -> float:
    at = DAY + timedelta(hours=hour)
    return max(row.first_at - at, at - row.last_at, timedelta()) / timedelta(hours=1)


@given(ROWS, st.lists(HOURS, min_size=1, max_size=20))
def test_asked_in_any_order_of_rows_in_any_order_she_is_the_same(drawn: Any, hours: list[int]) -> None:
    rows = rows_of(drawn)
    often = Ships(rows)
    for hour in hours:
        alone = Ships(rows[::-1]).of(ONE, second(hour))
        assert often.of(ONE, second(hour)) == alone
        assert often.through(ONE, second(hour), second(hour + 5)) == Ships(rows).through(
            ONE, second(hour), second(hour + 5)
        )
        assert often.of(ONE, second(hour)) == alone


@given(ROWS, HOURS)
def test_what_is_known_was_sent_within_the_window_and_on_this_side_of_every_change(drawn: Any, hour: int) -> None:
    rows = rows_of(drawn)
    found = Ships(rows).of(ONE, second(hour))
    for word, report in found.reports.items():
        assert off_h(report, hour) <= 30 * 24
        if not word.startswith("IMO number "):
            assert report.imo in (None, found.imo)
    near = {row.imo for row in rows if row.imo is not None and off_h(row, hour) <= 24}
    every = {row.imo for row in rows if row.imo is not None and off_h(row, hour) <= 30 * 24}
    assert (found.imo in near) if near else (found.imo is None or {found.imo} == every)
    assert found.numbers == (() if found.imo is not None else tuple(sorted(every)))


@given(ROWS, HOURS)
def test_reports_farther_than_the_window_change_nothing(drawn: Any, hour: int) -> None:
    rows = rows_of(drawn)
    near = [row for row in rows if off_h(row, hour) <= 30 * 24]
    assert Ships(rows).of(ONE, second(hour)) == Ships(near).of(ONE, second(hour))


@given(ROWS, HOURS, st.integers(0, 300))
def test_through_a_time_in_which_two_numbers_were_sent_none_is_hers(drawn: Any, hour: int, hours: int) -> None:
    rows = rows_of(drawn)
    found = Ships(rows).through(ONE, second(hour), second(hour + hours))
    inside = {
        row.imo
        for row in rows
        if row.imo is not None and row.first_at <= DAY + timedelta(hours=hour + hours) and off_h(row, hour) <= hours
        if row.last_at >= DAY + timedelta(hours=hour)
    }
    if len(inside) > 1:
        assert found.imo is None
        assert set(found.numbers) >= inside
    if found.imo is not None:
        assert inside <= {found.imo}
