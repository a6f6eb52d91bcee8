"""Maps: tracks broken where no one was heard, labels that keep clear of one another, and the page of one ship."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.reports.map import KOREA, Label, map_of_report, map_of_track
from bongsu.reports.track import track_page
from bongsu.sea.model import SANDBOX, Identity
from bongsu.sea.overview import Point, Track

HOUR = 3600
START = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())


def point(latitude_deg: float, longitude_deg: float, hours: float) -> Point:
    return Point(latitude_deg=latitude_deg, longitude_deg=longitude_deg, at_s=START + int(hours * HOUR))


def track(*points: Point) -> Track:
    return Track(mmsi=199000001, points=points)


def box(label: Label) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a label as the page writes it: letters of 14 units are 8 wide."""
    return label.x, label.y - 13, label.x + 8 * len(label.text), label.y


def overlap(one: Label, other: Label) -> bool:
    a, b = box(one), box(other)
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def said(name: str) -> Identity:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return Identity(
        mmsi=199000001,
        first_at=at,
        last_at=at,
        reports=1,
        imo=200399,
        name=name,
        call_sign="QS00039",
        ship_type=70,
        length_m=100.0,
        beam_m=16.0,
        draught_m=6.5,
        destination="NAMPO",
        source="nmea",
        exhibit="0" * 64,
        row=1,
        world=SANDBOX,
    )


def numbers_of(record: dict[str, Any]) -> list[str]:
    """The numbers of the ships of the table, one for each MMSI under which a ship was heard."""
    heard = {track["mmsi"] for track in record["sea"]["tracks"]}
    ships = enumerate(record["sea"]["first"], start=1)
    return [str(number) for number, ship in ships for mmsi in ship["mmsi"] if mmsi in heard]


def test_the_labels_of_the_report_keep_clear_of_one_another_and_inside(sandbox_run: Any) -> None:
    drawn = map_of_report(sandbox_run.record)
    assert drawn is not None
    assert [label.text for label in drawn.numbers] == numbers_of(sandbox_run.record)
    assert {label.text for label in drawn.numbers} == {str(number) for number in range(1, 13)}
    labels = (*drawn.numbers, *drawn.names)
    assert [pair for pair in combinations(labels, 2) if overlap(*pair)] == []
    for label in labels:
        left, top, right, bottom = box(label)
        assert left >= 0
        assert top >= 0
        assert right <= drawn.width
        assert bottom <= drawn.height


def test_every_ship_to_look_at_first_leads_from_the_table_to_her_number(sandbox_run: Any) -> None:
    page = sandbox_run.page
    numbers = [element.text for element in page.elements if element.attributes.get("class") == "number"]
    assert numbers == numbers_of(sandbox_run.record)
    assert set(numbers) == {str(number) for number in range(1, 1 + len(sandbox_run.record["sea"]["first"]))}


places = st.tuples(
    st.floats(min_value=KOREA.south, max_value=KOREA.north), st.floats(min_value=KOREA.west, max_value=KOREA.east)
)


@settings(max_examples=50)
@given(ends=st.lists(places, min_size=1, max_size=12))
def test_wherever_ships_end_all_numbers_stand_on_the_map_once(ends: list[tuple[float, float]]) -> None:
    sea = {
        "first": [{"mmsi": [number], "indicators": []} for number in range(len(ends))],
        "tracks": [{"mmsi": number, "points": [[*end, START]]} for number, end in enumerate(ends)],
    }
    drawn = map_of_report({"sea": sea, "indicators": []})
    assert drawn is not None
    assert [label.text for label in drawn.numbers] == [str(number + 1) for number in range(len(ends))]
    names = [label for label in drawn.names if any(overlap(label, number) for number in drawn.numbers)]
    assert names == [], "a name for which there is no room is left out"


def test_a_ship_that_left_the_map_has_her_number_where_she_was_last_on_it() -> None:
    points = [[30.0, 125.0, START], [24.5, 120.0, START + 24 * HOUR], [22.0, 114.0, START + 48 * HOUR]]
    sea = {"first": [{"mmsi": [1], "indicators": []}], "tracks": [{"mmsi": 1, "points": points}]}
    drawn = map_of_report({"sea": sea, "indicators": []})
    assert drawn is not None
    (number,) = drawn.numbers
    x, y = KOREA.at(24.5, 120.0)
    assert abs(number.x - x) < 30
    assert abs(number.y - y) < 30


def test_a_track_is_broken_over_a_silence_and_over_a_hop_that_no_ship_makes() -> None:
    heard = [point(38.0, 124.0, 0), point(38.1, 124.0, 1), point(38.2, 124.0, 2)]
    after_silence = [point(38.3, 124.1, 9), point(38.4, 124.1, 10)]
    after_a_leap = [point(36.0, 124.1, 11), point(36.1, 124.1, 12)]
    drawn = map_of_track(track(*heard, *after_silence, *after_a_leap))
    assert [len(line.split()) for line in drawn.tracks[0].lines] == [3, 2, 2]
    assert [spot.text for spot in drawn.spots][:2] == ["2026-01-05 00:00 UTC", "2026-01-05 02:00 UTC"]


def test_the_page_of_a_ship_says_what_she_said_escaped_and_loads_nothing() -> None:
    page = track_page(track(point(38.0, 124.0, 0)), [said("SANDBOX <script>\u202e")]).decode()
    assert "SANDBOX &lt;script&gt;" in page
    assert "\u202e" not in page
    assert "<script" not in page
    assert "http:" not in page
    assert "https:" not in page
    assert "0200399" in page
    assert "This ship is invented." in page


def test_a_track_without_a_point_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="without a point"):
        track_page(track(), [])
