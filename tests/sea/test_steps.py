"""Steps: how a ship came from the last report of one bin to the first of her next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ships import position
from waters import ONE, START_S, TWO, at, stepped

from bongsu.sea.grid import distance_km
from bongsu.tables.engine import Engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def steps_of(engine: Engine, reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return engine.rows(stepped(reports).order_by("mmsi", "n"))


def test_a_step_leads_from_the_last_report_of_a_bin_to_the_first_of_the_next(engine: Engine) -> None:
    reports = [
        position(1, at=at(0), latitude_deg=38.0, longitude_deg=124.0),
        position(2, at=at(540), latitude_deg=38.02, longitude_deg=124.0),
        position(3, at=at(4140), latitude_deg=38.22, longitude_deg=124.0),
        position(4, at=at(4190), latitude_deg=38.23, longitude_deg=124.0),
    ]
    first, second = steps_of(engine, reports)
    assert first["n"] == 0
    assert {first[name] for name in ("before_s", "before_lat", "silent_s", "hop_km", "hop_kn")} == {None}
    assert (second["n"], second["before_s"], second["before_lat"]) == (1, START_S + 540, 38.02)
    assert second["silent_s"] == 3600
    # A fifth of a degree of latitude is 22.239 km: in one hour 12.008 knots.
    assert second["hop_km"] == pytest.approx(22.239, abs=0.001)
    assert second["hop_kn"] == pytest.approx(12.008, abs=0.001)


def test_the_steps_of_two_ships_do_not_mix(engine: Engine) -> None:
    reports = [
        position(number, mmsi=mmsi, at=at(600 * number + shift), latitude_deg=latitude)
        for number in range(4)
        for mmsi, shift, latitude in ((ONE, 0, 38.0), (TWO, 300, 34.0))
    ]
    rows = steps_of(engine, reports)
    assert [(row["mmsi"], row["n"]) for row in rows] == [(ship, n) for ship in (ONE, TWO) for n in range(4)]
    assert all(row["silent_s"] == 600 for row in rows if row["n"])
    assert all(row["hop_km"] < 1 for row in rows if row["n"])


def test_a_step_over_the_180th_meridian_is_as_long_as_it_is(engine: Engine) -> None:
    reports = [
        position(1, at=at(0), latitude_deg=52.0, longitude_deg=179.95),
        position(2, at=at(3600), latitude_deg=52.0, longitude_deg=-179.95),
    ]
    *_, step = steps_of(engine, reports)
    assert step["hop_km"] == pytest.approx(distance_km((52.0, 179.95), (52.0, 180.05)), abs=1e-6)
    assert step["hop_km"] < 7


def test_a_step_from_one_second_to_the_next_across_bins_needs_a_speed(engine: Engine) -> None:
    reports = [
        position(1, at=at(599), latitude_deg=38.0, longitude_deg=124.0),
        position(2, at=at(600), latitude_deg=38.0, longitude_deg=124.0),
    ]
    *_, step = steps_of(engine, reports)
    assert (step["silent_s"], step["hop_km"], step["hop_kn"]) == (1, 0.0, 0.0)
