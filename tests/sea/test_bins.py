"""Bins: ten minutes of a ship, the same however her reports were cut, doubled or put out of order."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import position
from waters import ONE, START_S, TWO, at, table

from bongsu.sea.bins import BIN_S, bins, refolded
from bongsu.sea.bins import folded as folded_whole
from bongsu.sea.grid import cell_of
from bongsu.tables.engine import Engine

SPEEDS = st.none() | st.integers(0, 1022).map(lambda tenths: tenths / 10)
# As far as six hundred-thousandths of a degree and finer: what is kept is rounded to five decimals.
LATITUDES = st.integers(-9_000_000, 9_000_000).map(lambda whole: whole / 100_000)
LONGITUDES = st.integers(-18_000_000, 17_999_999).map(lambda whole: whole / 100_000)
REPORTS = st.builds(
    lambda mmsi, second, latitude, longitude, speed, status: position(
        1,
        mmsi=mmsi,
        at=at(second),
        latitude_deg=latitude,
        longitude_deg=longitude,
        speed_kn=speed,
        status=status,
    ),
    st.sampled_from([ONE, TWO]),
    st.integers(0, 4 * BIN_S),
    LATITUDES,
    LONGITUDES,
    SPEEDS,
    st.none() | st.integers(0, 14),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def binned(engine: Engine, positions: ibis.Table) -> list[dict[str, Any]]:
    return engine.rows(bins(positions).order_by("mmsi", "bin_s"))


def folded(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bins of some reports, one report after the other."""
    of: dict[tuple[int, int], list[tuple[int, float, float, float | None, int | None]]] = defaultdict(list)
    for row in reports:
        seconds = int(row["at"].timestamp())
        report = (seconds, row["latitude_deg"], row["longitude_deg"], row["speed_kn"], row["status"])
        of[row["mmsi"], seconds - seconds % BIN_S].append(report)
    return [_bin(mmsi, bin_s, rows) for (mmsi, bin_s), rows in sorted(of.items())]


def _bin(mmsi: int, bin_s: int, rows: list[tuple[int, float, float, float | None, int | None]]) -> dict[str, Any]:
    first, last = min(row[:3] for row in rows), max(row[:3] for row in rows)
    latitudes, longitudes = [row[1] for row in rows], [row[2] for row in rows]
    speeds = [row[3] for row in rows if row[3] is not None]
    return {
        "mmsi": mmsi,
        "bin_s": bin_s,
        "first_s": first[0],
        "first_lat": first[1],
        "first_lon": first[2],
        "last_s": last[0],
        "last_lat": last[1],
        "last_lon": last[2],
        "south": min(latitudes),
        "north": max(latitudes),
        "west": min(longitudes),
        "east": max(longitudes),
        "least_kn": min(speeds, default=None),
        "most_kn": max(speeds, default=None),
        "moored": any(row[4] in {1, 5} for row in rows),
        "cell": cell_of(first[1], first[2]),
    }


@settings(max_examples=30)
@given(st.lists(REPORTS, min_size=1, max_size=40))
def test_ends_and_extremes_equal_those_of_a_plain_fold(engine: Engine, reports: list[dict[str, Any]]) -> None:
    found = [
        {key: value for key, value in row.items() if key not in {"lat", "lon"}}
        for row in binned(engine, table(reports))
    ]
    assert found == folded(reports)


@settings(max_examples=20)
@given(st.data(), st.lists(REPORTS, min_size=1, max_size=25))
def test_any_split_any_order_and_reports_that_come_twice_give_the_same_bins(
    engine: Engine, data: st.DataObject, reports: list[dict[str, Any]]
) -> None:
    again = data.draw(st.lists(st.sampled_from(reports), max_size=10))
    shuffled = data.draw(st.permutations([*reports, *again]))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(shuffled)), max_size=3)))
    parts = [shuffled[low:high] for low, high in zip([0, *cuts], [*cuts, len(shuffled)], strict=True) if low < high]
    landed = ibis.union(*map(table, parts)) if len(parts) > 1 else table(parts[0])
    assert binned(engine, landed) == binned(engine, table(reports))


@settings(max_examples=30)
@given(st.lists(REPORTS, min_size=1, max_size=25))
def test_bins_that_were_kept_fold_back_to_what_they_were_made_of(engine: Engine, reports: list[dict[str, Any]]) -> None:
    positions = table(reports)
    made, again = folded_whole(positions), refolded(bins(positions))
    assert again.schema() == made.select(*again.columns).schema()
    assert engine.rows(again.order_by("mmsi", "bin")) == engine.rows(made.order_by("mmsi", "bin"))


@settings(max_examples=30)
@given(st.integers(0, 599), LATITUDES, LONGITUDES)
def test_second_latitude_and_longitude_come_back_as_they_went_in(
    engine: Engine, second: int, latitude: float, longitude: float
) -> None:
    (row,) = binned(engine, table([position(1, at=at(second), latitude_deg=latitude, longitude_deg=longitude)]))
    assert (row["first_s"], row["first_lat"], row["first_lon"]) == (START_S + second, latitude, longitude)
    assert (row["last_s"], row["last_lat"], row["last_lon"]) == (START_S + second, latitude, longitude)
    assert (row["south"], row["north"], row["west"], row["east"]) == (latitude, latitude, longitude, longitude)


@pytest.mark.parametrize(
    ("latitude", "longitude", "kept"),
    [
        (-90.0, -180.0, (-90.0, -180.0)),
        (90.0, 179.99999, (90.0, 179.99999)),
        (-33.868_812_4, -70.000_006, (-33.86881, -70.00001)),
        (0.000_004, -0.000_004, (0.0, 0.0)),
    ],
)
def test_a_place_is_kept_to_a_metre_at_the_ends_of_the_earth_too(
    engine: Engine, latitude: float, longitude: float, kept: tuple[float, float]
) -> None:
    (row,) = binned(engine, table([position(1, latitude_deg=latitude, longitude_deg=longitude)]))
    assert (row["first_lat"], row["first_lon"]) == kept
    assert (row["lat"], row["lon"]) == kept


def test_the_middle_of_a_ship_that_drifts_over_the_180th_meridian_lies_there(engine: Engine) -> None:
    reports = [
        position(1, at=at(0), latitude_deg=52.0, longitude_deg=179.999),
        position(2, at=at(300), latitude_deg=52.001, longitude_deg=-179.998),
    ]
    (row,) = binned(engine, table(reports))
    assert (row["west"], row["east"]) == (-179.998, 179.999)
    assert row["lon"] == pytest.approx(-179.9995, abs=1e-9)
    (back,) = binned(engine, table([{**each, "longitude_deg": -each["longitude_deg"]} for each in reports]))
    assert back["lon"] == pytest.approx(179.9995, abs=1e-9)


def test_a_bin_ends_at_its_tenth_minute_and_at_midnight(engine: Engine) -> None:
    day = 86_400
    seconds = [0, 599, 600, day - 1, day]
    rows = binned(engine, table([position(number, at=at(each)) for number, each in enumerate(seconds)]))
    assert [row["bin_s"] - START_S for row in rows] == [0, 600, day - 600, day]


def test_of_two_reports_in_one_second_the_southern_is_first_and_the_northern_last(engine: Engine) -> None:
    reports = [
        position(1, at=at(7), latitude_deg=38.5, longitude_deg=124.0),
        position(2, at=at(7), latitude_deg=38.4, longitude_deg=124.9),
    ]
    (row,) = binned(engine, table(reports))
    assert (row["first_lat"], row["first_lon"], row["last_lat"], row["last_lon"]) == (38.4, 124.9, 38.5, 124.0)


def test_a_speed_nobody_gave_is_no_speed(engine: Engine) -> None:
    reports = [
        position(1, at=at(0), speed_kn=None),
        position(2, at=at(60), speed_kn=None),
        position(3, at=at(600), speed_kn=None),
        position(4, at=at(660), speed_kn=0.0),
    ]
    rows = binned(engine, table(reports))
    assert [(row["least_kn"], row["most_kn"]) for row in rows] == [(None, None), (0.0, 0.0)]
