"""What cannot be true of a position is set aside or made null by rule, and every row is in exactly one count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.sea.cleaning import NOTES, RAW, Cleaned, cells, clean, latest, share_set_aside
from bongsu.sea.grid import cell_of
from bongsu.sea.model import Position
from bongsu.tables import schema_of

CLOCK = datetime(2026, 11, 1, tzinfo=UTC)
AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
SOUND: Mapping[str, Any] = {
    "line": 1,
    "mmsi": 199_000_001,
    "at": AT,
    "latitude_deg": 38.123457,
    "longitude_deg": 124.654322,
    "speed_kn": 11.2,
    "course_deg": 181.5,
    "heading_deg": 182.0,
    "status": 0,
    "world": "sandbox",
}


def cleaned(*rows: Mapping[str, Any]) -> Cleaned:
    """Rows like the sound one but for what is given, cleaned; lines are numbered."""
    whole = [{**SOUND, "line": number, **row} for number, row in enumerate(rows, start=1)]
    return clean(pa.Table.from_pylist(whole, schema=RAW), source="nmea", exhibit="f" * 64, clock=CLOCK)


def rows_counted(counted: Mapping[str, int]) -> int:
    return sum(number for words, number in counted.items() if not words.startswith(NOTES))


def test_a_sound_row_becomes_a_position() -> None:
    result = cleaned({})
    assert result.positions.schema.equals(schema_of(Position))
    assert result.positions.to_pylist() == [
        {
            **{name: SOUND[name] for name in SOUND if name != "line"},
            "cell": cell_of(38.123457, 124.654322),
            "source": "nmea",
            "exhibit": "f" * 64,
            "row": 1,
        }
    ]
    assert result.counted == {"positions": 1}
    assert result.set_aside == ()


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"latitude_deg": 91.0}, "latitude_deg", "latitude 91 means unknown"),
        ({"latitude_deg": 90.1}, "latitude_deg", "latitude out of range"),
        ({"latitude_deg": -90.1}, "latitude_deg", "latitude out of range"),
        ({"latitude_deg": None}, "latitude_deg", "latitude is absent"),
        ({"latitude_deg": float("nan")}, "latitude_deg", "latitude is absent"),
        ({"longitude_deg": 181.0}, "longitude_deg", "longitude 181 means unknown"),
        ({"longitude_deg": -180.1}, "longitude_deg", "longitude out of range"),
        ({"longitude_deg": float("inf")}, "longitude_deg", "longitude out of range"),
        ({"longitude_deg": None}, "longitude_deg", "longitude is absent"),
        ({"latitude_deg": 0.0, "longitude_deg": 0.0}, "latitude_deg", "latitude and longitude both exactly 0"),
        ({"at": None}, "at", "time is absent"),
        ({"at": CLOCK + timedelta(seconds=1)}, "at", "time in the future"),
        ({"at": datetime(1989, 12, 31, 23, 59, 59, tzinfo=UTC)}, "at", "time before 1990"),
        ({"mmsi": None}, "mmsi", "MMSI is absent"),
        ({"mmsi": 111_199_001}, "mmsi", "MMSI of an aircraft of search and rescue"),
        ({"mmsi": 123_456_789}, "mmsi", "MMSI of a default that many transponders send"),
        ({"mmsi": 1_990_001}, "mmsi", "MMSI of a coast station"),
        ({"world": ""}, "mmsi", "MMSI of no kind of station"),
    ],
)
def test_a_row_that_cannot_be_true_is_set_aside_by_its_rule(row: Mapping[str, Any], field: str, reason: str) -> None:
    result = cleaned({}, row)
    assert result.positions.num_rows == 1
    assert result.counted == {"positions": 1, f"set aside: {reason}": 1}
    assert [(record.line, record.field, record.reason) for record in result.set_aside] == [(2, field, reason)]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("speed_kn", 102.3, "speed 102.3 means unknown"),
        ("speed_kn", 1023 / 10, "speed 102.3 means unknown"),
        ("speed_kn", 102.4, "speed out of range"),
        ("speed_kn", -0.1, "speed out of range"),
        ("speed_kn", float("nan"), "speed is no number"),
        ("course_deg", 360.0, "course 360 means unknown"),
        ("course_deg", 409.5, "course out of range"),
        ("course_deg", -1.0, "course out of range"),
        ("heading_deg", 511.0, "heading 511 means unknown"),
        ("heading_deg", 360.0, "heading out of range"),
        ("status", 15, "status 15 means undefined"),
        ("status", 16, "status out of range"),
    ],
)
def test_a_value_that_means_unknown_or_cannot_be_is_made_null(field: str, value: float, reason: str) -> None:
    result = cleaned({field: value})
    assert result.positions[field].to_pylist() == [None]
    assert result.counted == {"positions": 1, f"nulled: {reason}": 1}


def test_the_highest_values_that_can_be_are_kept() -> None:
    row = cleaned({"speed_kn": 102.2, "course_deg": 359.9, "heading_deg": 359.0, "status": 14}).positions.to_pylist()[0]
    assert (row["speed_kn"], row["course_deg"], row["heading_deg"], row["status"]) == (102.2, 359.9, 359.0, 14)


def test_180_degrees_east_are_180_degrees_west_and_times_whole_seconds() -> None:
    at = AT.replace(microsecond=999_999)
    row = cleaned({"longitude_deg": 180.0, "at": at}).positions.to_pylist()[0]
    assert (row["longitude_deg"], row["cell"], row["at"]) == (-180.0, cell_of(38.123457, -180.0), AT)


def test_the_same_report_again_is_set_aside_and_one_that_differs_is_not() -> None:
    result = cleaned({}, {}, {"speed_kn": 11.3}, {"speed_kn": 102.3}, {"speed_kn": None})
    assert result.positions["row"].to_pylist() == [1, 3, 4]
    assert result.counted["set aside: the same report again"] == 2


def test_a_row_out_of_order_is_kept_and_counted() -> None:
    result = cleaned({}, {"at": AT + timedelta(minutes=1)}, {"at": AT + timedelta(seconds=5)})
    assert result.positions["row"].to_pylist() == [1, 2, 3]
    assert result.counted == {"positions": 3, "kept: earlier than a report before it": 1}


def test_a_number_of_digits_that_no_country_has_is_kept_and_counted() -> None:
    result = cleaned({"mmsi": 444_000_001, "world": ""})
    assert result.counted == {"positions": 1, "kept: MMSI of a ship of no country": 1}


def test_at_most_a_hundred_records_are_shown_and_all_are_counted() -> None:
    result = cleaned(*[{"latitude_deg": 91.0 if number % 2 else 95.0} for number in range(300)])
    assert [record.line for record in result.set_aside] == list(range(1, 101))
    assert sum(result.counted.values()) == 300


def test_no_rows_give_no_positions() -> None:
    result = cleaned()
    assert (result.positions.num_rows, dict(result.counted)) == (0, {"positions": 0})


def test_the_latest_time_is_a_day_after_receipt_and_never_after_the_clock() -> None:
    assert latest(CLOCK, None) == CLOCK
    assert latest(CLOCK, AT) == AT + timedelta(days=1)
    assert latest(CLOCK, CLOCK) == CLOCK


def test_the_share_set_aside_is_of_records_not_of_comments() -> None:
    counted = {"comments": 80, "positions": 15, "set aside: no payload": 5, "nulled: speed out of range": 9}
    assert share_set_aside(counted) == 0.25
    assert share_set_aside({"comments": 3}) is None


def test_a_time_that_only_arrow_has_is_set_aside_in_words() -> None:
    rows = pa.Table.from_pylist([{**SOUND}], schema=RAW)
    far = pa.array([2**62], pa.timestamp("us", tz="UTC"))
    result = clean(rows.set_column(2, RAW.field("at"), far), source="nmea", exhibit="f" * 64, clock=CLOCK)
    assert [(record.reason, record.value[-6:]) for record in result.set_aside] == [("time in the future", "87904Z")]


def test_other_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="are meant"):
        clean(pa.table({"line": [1]}), source="nmea", exhibit="f" * 64, clock=CLOCK)


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180, exclude_max=True)), min_size=1, max_size=20))
def test_a_cell_is_the_grid_s(places: list[tuple[float, float]]) -> None:
    latitudes, longitudes = zip(*places, strict=True)
    assert cells(pa.array(latitudes), pa.array(longitudes)).to_pylist() == [cell_of(*place) for place in places]


any_row = st.fixed_dictionaries(
    {},
    optional={
        "mmsi": st.none() | st.integers(-5, 1_100_000_000) | st.sampled_from([199_000_001, 440_000_001]),
        "at": st.none() | st.sampled_from([AT, CLOCK + timedelta(days=1), datetime(1980, 1, 1, tzinfo=UTC)]),
        "latitude_deg": st.none() | st.floats() | st.sampled_from([0.0, 91.0]),
        "longitude_deg": st.none() | st.floats() | st.sampled_from([0.0, 181.0, 180.0]),
        "speed_kn": st.none() | st.floats(),
        "course_deg": st.none() | st.floats(),
        "heading_deg": st.none() | st.floats(),
        "status": st.none() | st.integers(-3, 20),
        "world": st.sampled_from(["", "sandbox"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(any_row, max_size=12))
def test_every_row_is_in_exactly_one_count_and_what_is_taken_can_be(rows: list[dict[str, Any]]) -> None:
    result = cleaned(*rows)
    assert rows_counted(result.counted) == len(rows)
    for row in result.positions.to_pylist():
        assert -90 <= row["latitude_deg"] <= 90
        assert -180 <= row["longitude_deg"] < 180
        assert row["speed_kn"] is None or 0 <= row["speed_kn"] < 102.25
        assert row["course_deg"] is None or 0 <= row["course_deg"] < 360
        assert row["heading_deg"] is None or 0 <= row["heading_deg"] < 360
        assert row["status"] is None or 0 <= row["status"] <= 14
        assert datetime(1990, 1, 1, tzinfo=UTC) <= row["at"] <= CLOCK
