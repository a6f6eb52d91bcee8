"""The way of one ship on her map: what frame is drawn around it, and where it is broken."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.reports.map import KOREA, TOWNS, Frame, Map, map_of_report, map_of_track
from bongsu.sea.outlook import Point, Track

START_S = 1_767_312_000  # 2026-01-02
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def track(*points: tuple[float, float, float]) -> Track:
    """A track through places at hours."""
    return Track(
        mmsi=199_000_001,
        points=tuple(
            Point(latitude_deg=latitude, longitude_deg=longitude, at_s=START_S + round(hour * 3600))
            for latitude, longitude, hour in points
        ),
    )


def lies_on(drawn: Map, x: float, y: float) -> bool:
    return 0 <= x <= drawn.width + 0.5 and 0 <= y <= drawn.height + 0.5


def line_of(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def test_a_track_of_one_point_has_a_frame_around_it() -> None:
    drawn = map_of_track(track((38.5, 124.5, 0)))
    (shape,) = drawn.tracks
    assert shape.lines == ()
    assert (shape.x, shape.y) == pytest.approx((drawn.width / 2, drawn.height / 2), abs=1)
    assert drawn.width == 960
    # A degree and a half high, and as wide as high on the page.
    assert drawn.height == pytest.approx(960, abs=10)
    assert {spot.text for spot in drawn.spots} == {"2026-01-02 00:00 UTC"}


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.floats(-90, 90), st.floats(-180, 179.999), st.floats(0, 200)).map(
            lambda place: (round(place[0], 5), round(place[1], 5), place[2])
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_track_lies_on_its_map(places: list[tuple[float, float, float]]) -> None:
    drawn = map_of_track(track(*sorted(places, key=lambda place: place[2])))
    assert drawn.width == 960
    assert 1 <= drawn.height <= 20_000
    for shape in drawn.tracks:
        assert lies_on(drawn, shape.x, shape.y)
        assert all(lies_on(drawn, x, y) for line in shape.lines for x, y in line_of(line))
    assert all(lies_on(drawn, spot.x, spot.y) for spot in drawn.spots)


@pytest.mark.parametrize("latitude", [90.0, 89.9, -90.0])
def test_a_ship_at_the_pole_can_be_drawn(latitude: float) -> None:
    drawn = map_of_track(track((latitude, 0.0, 0), (latitude - 0.1 if latitude > 0 else latitude + 0.1, 90.0, 1)))
    assert drawn.height >= 1
    assert all(lies_on(drawn, spot.x, spot.y) for spot in drawn.spots)


def test_a_track_heard_without_a_break_is_one_line() -> None:
    drawn = map_of_track(track((38.0, 124.0, 0), (38.2, 124.0, 2), (38.4, 124.0, 8)))
    ((line,),) = [shape.lines for shape in drawn.tracks]
    assert len(line_of(line)) == 3
    assert all(before[1] > after[1] for before, after in pairwise(line_of(line)))  # northwards is up
    assert [spot.text for spot in drawn.spots] == ["2026-01-02 00:00 UTC", "2026-01-02 08:00 UTC"]


def test_a_track_is_broken_at_a_silence_of_more_than_six_hours() -> None:
    drawn = map_of_track(track((38.0, 124.0, 0), (38.1, 124.0, 1), (38.4, 124.0, 7.1), (38.5, 124.0, 8)))
    (shape,) = drawn.tracks
    assert [len(line_of(line)) for line in shape.lines] == [2, 2]
    assert len(drawn.spots) == 4


def test_a_track_is_broken_at_a_hop_that_no_ship_makes() -> None:
    # A degree of latitude is 60 nautical miles: in an hour sixty knots, in a little less more.
    near = map_of_track(track((38.0, 124.0, 0), (38.99, 124.0, 1), (38.0, 124.0, 2)))
    assert [len(shape.lines) for shape in near.tracks] == [1]
    far = map_of_track(track((38.0, 124.0, 0), (39.01, 124.0, 1), (39.02, 124.0, 2)))
    assert [[len(line_of(line)) for line in shape.lines] for shape in far.tracks] == [[2]]


def test_a_way_over_the_180th_meridian_is_not_drawn_across_the_whole_map() -> None:
    drawn = map_of_track(track((52.0, 179.7, 0), (52.0, 179.9, 1), (52.0, -179.9, 2), (52.0, -179.7, 3)))
    (shape,) = drawn.tracks
    for line in shape.lines:
        assert all(abs(after[0] - before[0]) < drawn.width / 2 for before, after in pairwise(line_of(line)))
    assert [len(line_of(line)) for line in shape.lines] == [2, 2]


def test_land_is_drawn_where_there_is_land_and_nowhere_else() -> None:
    assert map_of_track(track((35.5, 123.5, 0))).land == ""
    drawn = map_of_track(track((38.7, 125.2, 0)))
    assert drawn.land.startswith("M")
    assert drawn.land.count("M") == drawn.land.count("z")
    assert re.fullmatch(r"[Mhvz\-\d. e+]+", drawn.land)


def test_towns_that_lie_on_the_map_are_named() -> None:
    drawn = map_of_track(track((38.7, 125.2, 0)))
    assert [town.text for town in drawn.towns] == ["Nampo"]
    assert [label.text for label in drawn.names] == ["Nampo"]
    assert all(KOREA.holds(latitude, longitude) for _, latitude, longitude in TOWNS)


def test_a_frame_puts_north_up_and_east_right() -> None:
    frame = Frame(south=30.0, north=40.0, west=120.0, east=130.0, width=100.0)
    assert frame.at(40.0, 120.0) == (0.0, 0.0)
    assert frame.at(30.0, 130.0) == (100.0, round(frame.height, 1))
    assert frame.height == pytest.approx(100 / 0.8192, rel=0.001)  # the cosine of 35 degrees


def test_a_report_without_positions_has_no_map() -> None:
    assert map_of_report({"sea": None, "indicators": []}) is None
