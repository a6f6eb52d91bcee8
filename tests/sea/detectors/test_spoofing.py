"""What spoofing sees of tracks that no card's example draws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import cos, pi, radians, sin

import ibis
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bongsu.sea import desk
from bongsu.sea.bins import bins
from bongsu.sea.calls import Call
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.spoofing import Ashore, Circle, Copy, Frozen, Leaps, Line, detect, runs
from bongsu.sea.grid import cell_of, distance_km
from bongsu.sea.jumps import far, jumps
from bongsu.sea.model import SANDBOX, Position
from bongsu.sea.places.gazetteer import gazetteer
from bongsu.sea.seas import Known
from bongsu.sea.ships import Ships
from bongsu.sea.steps import steps
from bongsu.sea.tracks import circles, copies, hours
from bongsu.tables import schema_of
from bongsu.tables.engine import Engine

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PARAMETERS = desk.parameters_of("spoofing")
Place = tuple[float, float]


def positions(
    track: list[tuple[float, Place]], *, mmsi: int = 199_000_001, speed_kn: float = 9.0
) -> list[dict[str, object]]:
    """Positions of an invented ship: minutes and places."""
    return [
        {
            "mmsi": mmsi,
            "at": BEGIN + timedelta(seconds=round(minute * 60)),
            "latitude_deg": place[0],
            "longitude_deg": place[1],
            "speed_kn": speed_kn,
            "course_deg": None,
            "heading_deg": None,
            "status": 0,
            "cell": cell_of(*place),
            "source": SANDBOX,
            "exhibit": "0" * 64,
            "row": index,
            "world": SANDBOX,
        }
        for index, (minute, place) in enumerate(track, start=1)
    ]


def stepped(rows: list[dict[str, object]]) -> ibis.Table:
    return steps(bins(ibis.memtable(pa.Table.from_pylist(rows, schema=schema_of(Position)))))


def leaps(track: list[tuple[float, Place]]) -> list[dict[str, object]]:
    with Engine() as engine:
        return engine.rows(jumps(far(stepped(positions(track))), faster_kn=60, farther_km=20, at_once_s=900))


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    middle=st.tuples(st.floats(-60, 60), st.floats(-179, 179)),
    # Rounds of less than an hour may fall on the same few places of the ring, bin after bin: see `tracks.circles`. One
    # that takes more than eight hours is hardly more than one round in this track.
    radius_km=st.floats(6, 18),
    speed_kn=st.floats(8, 20),
)
def test_an_even_circle_is_found_with_its_middle_and_radius(middle: Place, radius_km: float, speed_kn: float) -> None:
    km_per_degree = 111.195
    lap_min = 2 * pi * radius_km / (speed_kn * 1.852) * 60
    track = []
    for index in range(int(max(240, lap_min) / 2)):
        angle = 2 * pi * index * 2 / lap_min
        north, east = radius_km * cos(angle), radius_km * sin(angle)
        place = (middle[0] + north / km_per_degree, middle[1] + east / km_per_degree / cos(radians(middle[0])))
        if -180 <= place[1] < 180:
            track.append((index * 2.0, place))
    with Engine() as engine:
        asked = circles(
            stepped(positions(track, speed_kn=round(speed_kn, 1))),
            least_kn=PARAMETERS.under_way_kn,
            least_km=PARAMETERS.least_km,
            most_km=PARAMETERS.most_km,
            uneven=PARAMETERS.uneven,
            bins=PARAMETERS.ring_bins,
            eighths=PARAMETERS.eighths,
        )
        found = engine.records(asked, Circle)
    assert found
    best = max(found, key=lambda each: each.bins)
    assert best.radius_km == pytest.approx(radius_km, rel=0.05)
    assert distance_km((best.lat, best.lon), middle) < radius_km * 0.05 + 0.02


def test_a_way_across_the_hundred_and_eightieth_meridian_is_no_leap() -> None:
    track = [(minute * 2.0, (50.0, (179.9 + minute * 0.005 + 180) % 360 - 180)) for minute in range(60)]
    assert leaps(track) == []


def test_two_leaps_within_bins_are_leaps_as_two_between_them() -> None:
    here, there = (38.0, 123.0), (37.0, 124.0)
    within = [(minute * 3.0, there if 36 <= minute * 3 < 95 else here) for minute in range(60)]
    between = [(minute * 3.0, there if 40 <= minute * 3 < 99 else here) for minute in range(60)]
    assert [(row["leaps"], row["stayed"], row["returns"]) for row in leaps(within)] == [(2, 1, 0)]
    assert [(row["leaps"], row["stayed"], row["returns"]) for row in leaps(between)] == [(2, 1, 0)]


def test_single_reports_that_are_far_off_are_neither_stays_nor_returns() -> None:
    elsewhere = {20: (37.0, 124.0), 41: (39.5, 122.0), 52: (36.0, 121.0)}
    track = [(minute * 3.0, elsewhere.get(minute, (38.0, 123.0))) for minute in range(80)]
    assert {(row["stayed"], row["returns"]) for row in leaps(track)} == {(0, 0)}


def test_two_transponders_with_one_number_come_back_all_the_time() -> None:
    track = [(minute * 1.5, (38.0, 123.0) if minute % 2 else (37.0, 124.0)) for minute in range(120)]
    (row,) = leaps(track)
    assert row["stayed"] == 0
    assert int(str(row["returns"])) >= 10


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    ways=st.lists(st.tuples(st.floats(0.08, 0.2), st.floats(-0.2, 0.2)), min_size=5, max_size=8),
    shift=st.tuples(st.floats(-3, 3), st.floats(0.5, 3)),
)
def test_a_copy_is_found_wherever_it_was_moved(ways: list[Place], shift: Place) -> None:
    place, track = (36.0, 123.0), list[tuple[float, Place]]()
    for hour, (north, east) in enumerate(ways):
        track += [
            (hour * 60 + minute, (place[0] + north * minute / 60, place[1] + east * minute / 60))
            for minute in range(0, 60, 4)
        ]
        place = (place[0] + north, place[1] + east)
    moved = [(minute, (at[0] + shift[0], at[1] + shift[1])) for minute, at in track]
    with Engine() as engine:
        table = stepped(positions(track) + positions(moved, mmsi=199_000_002))
        hourly = engine.keep(hours(table, least_kn=3))
        found = engine.rows(copies(hourly, off=30, apart_km=10, hours_least=1))
    assert {(row["mmsi"], row["partner"]) for row in found} == {(199_000_001, 199_000_002)}
    assert len(found) == len(ways) - 2  # from the first full hour that she was heard before to the last


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 40)), unique=True))
def test_runs_hold_every_row_once_and_break_where_a_step_lacks(rows: list[tuple[int, int]]) -> None:
    made = runs(rows, ship=lambda row: row[0], at=lambda row: row[1], step=1)
    assert sorted(row for run in made for row in run) == sorted(rows)
    for run in made:
        assert {row[0] for row in run} == {run[0][0]}
        assert [row[1] for row in run] == list(range(run[0][1], run[0][1] + len(run)))


@pytest.mark.parametrize(("turn", "found"), [(0, 0), (299, 0), (300, 1)])
def test_two_ships_that_keep_one_course_and_speed_are_no_copies_of_each_other(turn: int, found: int) -> None:
    rows = [
        Copy(
            mmsi=199_000_001,
            partner=199_000_002,
            hour_s=hour * 3600,
            at_s=hour * 3600 + 5,
            since_s=hour * 3600 - 3595,
            partner_at_s=hour * 3600 + 9,
            partner_since_s=hour * 3600 - 3591,
            lat=36.0,
            lon=123.0,
            partner_lat=36.0,
            partner_lon=124.33,
            apart_km=120.0,
            north=17_000,
            east=5_000 + (turn if hour == 3 else 0),
        )
        for hour in range(1, 6)
    ]
    known = Known(ships=Ships([]), gazetteer=gazetteer(), designated=(), clock=BEGIN)
    answers = Answers({Leaps: [], Ashore: [], Circle: [], Line: [], Copy: rows, Frozen: [], Call: []})
    assert len(detect(answers, known, PARAMETERS)) == found


@given(st.integers(-12_000, 12_000), st.integers(-12_000, 12_000), st.integers(1, 3))
def test_a_line_ends_where_it_began_and_where_it_led(north: int, east: int, hours: int) -> None:
    """Of a block only the south-western corner and the speed are kept."""
    begun = (36.0, 123.0)
    led = (begun[0] + north * hours / 100_000, begun[1] + east * hours / 100_000)
    corner = (min(begun[0], led[0]), min(begun[1], led[1]))
    line = Line(
        mmsi=199_000_001,
        block_s=0,
        bins=18,
        from_s=0,
        to_s=hours * 3600,
        lat=corner[0],
        lon=corner[1],
        north=north,
        east=east,
    )
    assert {(round(a, 6), round(b, 6)) for a, b in line.ends} == {(round(a, 6), round(b, 6)) for a, b in (begun, led)}
