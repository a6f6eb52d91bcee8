"""The outlook: petroleum by year, tracks thin enough to draw, and the ships to look at first."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import EXHIBIT
from waters import ONE, THREE, TWO, sea_of, second, stretch

from bongsu.cycle.standing import standing
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Indicator, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.sea.outlook import (
    FIRST_SHIPS,
    _first,
    _thinned,
    outlook,
    petroleum,
    track,
)
from bongsu.sea.overview import Point, day_of
from bongsu.tables.engine import Engine

HERE, AWAY = (30.5, 124.5), (30.5, 125.5)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def indicator(
    ship: str = "imo:0123001",
    *,
    score: float = 0.5,
    detector: str = "sea.encounter",
    facts: dict[str, Any] | None = None,
    until: datetime | None = datetime(2026, 3, 1, tzinfo=UTC),
    row: int = 1,
) -> Indicator:
    return Indicator(
        detector=detector,
        title="SANDBOX sign",
        measures=("2397/5",),
        subject=Subject(id=ship, schema="Vessel", name="SANDBOX HERON"),
        when=Interval(datetime(2017, 1, 1, tzinfo=UTC), until),
        score=score,
        reasons=(Reason(text="Invented.", weight=score),),
        alternatives=("Invented.",),
        citations=(Citation(exhibit=EXHIBIT, locator=f"row={row}"),),
        facts=facts or {"kind": "meeting"},
        sandbox=True,
    )


def delivery(
    day: tuple[int, int, int], barrels: tuple[int, int, int] | None, *, limit: Any = "of the year", row: int = 1
) -> Indicator:
    """What one tanker may have brought, low, central and high."""
    of_year = {"measure": "2397/5", "barrels": 500_000, "from": f"{day[0]}-01-01", "until": f"{day[0]}-12-31"}
    facts: dict[str, Any] = {
        "kind": "delivery",
        "year": day[0],
        "barrels": None if barrels is None else dict(zip(("low", "central", "high"), barrels, strict=True)),
        "limit": of_year if limit == "of the year" else limit,
    }
    return indicator(detector="sea.petroleum_delivery", facts=facts, until=datetime(*day, 6, tzinfo=UTC), row=row)


def test_deliveries_add_up_by_calendar_year() -> None:
    earlier, later = petroleum(
        [
            delivery((2026, 3, 1), (10_000, 20_000, 30_000)),
            delivery((2025, 12, 31), (1_000, 2_000, 3_000)),
            delivery((2026, 9, 1), (40_000, 50_000, 60_000)),
        ]
    )
    assert (earlier.year, earlier.deliveries, earlier.central, earlier.crossed) == (2025, 1, 2_000, {})
    assert (later.year, later.deliveries, later.unknown, later.cap) == (2026, 2, 0, 500_000)
    assert (later.low, later.central, later.high) == (50_000, 70_000, 90_000)


def test_a_line_that_passed_the_limit_says_on_which_day() -> None:
    (year,) = petroleum(
        [
            delivery((2026, 9, 1), (200_000, 300_000, 400_000)),
            delivery((2026, 3, 1), (200_000, 250_000, 600_000)),
        ]
    )
    assert year.crossed == {"high": "2026-03-01T06:00:00Z", "central": "2026-09-01T06:00:00Z"}


def test_the_last_months_of_2017_have_a_limit_of_their_own_and_what_came_before_none() -> None:
    autumn = {"measure": "2375/14", "barrels": 500_000, "from": "2017-10-01", "until": "2017-12-31"}
    of_2017, of_2018 = petroleum(
        [
            delivery((2017, 9, 15), (600_000, 700_000, 800_000), limit=None),
            delivery((2017, 10, 15), (1_000, 2_000, 3_000), limit=autumn),
            delivery((2018, 1, 15), (4_000, 5_000, 6_000)),
        ]
    )
    assert (of_2017.measure, of_2017.from_day, of_2017.until_day) == ("2375/14", "2017-10-01", "2017-12-31")
    assert (of_2017.year, of_2017.deliveries, of_2017.high, of_2017.crossed) == (2017, 1, 3_000, {})
    assert (of_2018.measure, of_2018.from_day, of_2018.until_day) == ("2397/5", "2018-01-01", "2018-12-31")


def test_a_tanker_whose_size_is_not_known_is_counted_and_adds_nothing() -> None:
    (year,) = petroleum([delivery((2026, 3, 1), None), delivery((2026, 4, 1), (1_000, 2_000, 3_000))])
    assert (year.deliveries, year.unknown, year.low, year.high) == (2, 1, 1_000, 3_000)


def test_what_is_no_delivery_adds_nothing() -> None:
    assert petroleum([indicator(), indicator(facts={"kind": "call", "year": 2026})]) == ()


@given(st.lists(st.tuples(*[st.integers(0, 90_000)] * 3).map(sorted), max_size=12), st.randoms())
def test_the_sums_do_not_depend_on_the_order(barrels: list[Any], chance: Any) -> None:
    rows = [delivery((2026, 1 + number, 1), tuple(each), row=number) for number, each in enumerate(barrels)]
    found = petroleum(rows)
    assert petroleum(chance.sample(rows, len(rows))) == found
    assert [year.low for year in found] == ([sum(each[0] for each in barrels)] if barrels else [])
    assert all(year.low <= year.central <= year.high for year in found)


def test_the_score_of_a_ship_is_what_the_strongest_sign_of_each_detector_does_not_leave_open() -> None:
    (ship,) = _first(
        [
            (ONE, indicator(score=0.5, row=1)),
            (TWO, indicator(score=0.4, row=2)),
            (ONE, indicator(score=0.2, detector="sea.dark_gap", row=3)),
        ]
    )
    assert ship.score == 0.6  # 1 - (1 - 0.5) x (1 - 0.2): the second encounter adds nothing
    assert ship.mmsi == (ONE, TWO)
    assert ship.detectors == ("sea.dark_gap", "sea.encounter")
    assert ship.indicators == tuple(
        each.id
        for each in (
            indicator(score=0.5, row=1),
            indicator(score=0.4, row=2),
            indicator(score=0.2, detector="sea.dark_gap", row=3),
        )
    )


def test_the_first_ships_are_the_highest_and_so_many() -> None:
    found = [(ONE, indicator(f"imo:{number:07d}", score=number / 20, row=number)) for number in range(1, 16)]
    ships = _first(found)
    assert len(ships) == FIRST_SHIPS
    assert [ship.id for ship in ships] == [f"imo:{number:07d}" for number in range(15, 3, -1)]
    assert _first(reversed(found)) == ships


def test_ships_of_one_score_come_by_their_number() -> None:
    found = [(ONE, indicator("imo:0000002")), (ONE, indicator("imo:0000001"))]
    assert [ship.id for ship in _first(found)] == ["imo:0000001", "imo:0000002"]


@given(st.integers(1, 2_000), st.integers(2, 300))
def test_a_thinned_track_keeps_its_ends_and_its_order(count: int, most: int) -> None:
    points = [Point(latitude_deg=0.0, longitude_deg=0.0, at_s=number) for number in range(count)]
    thin = _thinned(points, most)
    assert len(thin) == min(count, most)
    assert (thin[0], thin[-1]) == (points[0], points[-1])
    assert [point.at_s for point in thin] == sorted({point.at_s for point in thin})


def test_the_track_of_a_ship_is_hers_alone(engine: Engine) -> None:
    sea = sea_of(engine, [*stretch(ONE, (0, 24), HERE, AWAY, speed=4.0), *stretch(TWO, (0, 24), AWAY)])
    way = track(sea, ONE, points=10)
    assert (way.mmsi, len(way.points)) == (ONE, 10)
    assert way.points[0] == Point(latitude_deg=30.5, longitude_deg=124.5, at_s=second(0))
    assert way.points[-1].at_s == second(23 + 50 / 60)
    assert {point.latitude_deg for point in way.points} == {30.5}


def test_a_ship_that_was_not_heard_has_no_way(engine: Engine) -> None:
    assert track(sea_of(engine, stretch(ONE, (0, 1), HERE)), THREE).points == ()


def test_an_outlook_counts_what_was_read_and_draws_the_ships_to_look_at(engine: Engine) -> None:
    positions = [*stretch(ONE, (0, 4), HERE, speed=0.2), *stretch(TWO, (0, 4), (30.501, 124.5), speed=0.1)]
    sea = sea_of(engine, [*positions, *stretch(THREE, (0, 1), AWAY, speed=9.0)])
    found = outlook(sea, standing=standing, only=["encounter"])
    assert (found.bins, found.ships) == (54, 3)
    assert (found.first_s, found.last_s) == (second(0), second(3 + 50 / 60))
    assert len(found.indicators) == 1
    assert [ship.id for ship in found.first] == [found.indicators[0].subject.id]
    assert [way.mmsi for way in found.tracks] == [int(found.first[0].id.removeprefix("mmsi:"))]
    assert found.petroleum == ()


def test_an_empty_sea_has_an_outlook(engine: Engine) -> None:
    found = outlook(sea_of(engine, []), standing=standing, only=["encounter"])
    assert (found.bins, found.ships, found.first_s, found.last_s) == (0, 0, None, None)
    assert (found.indicators, found.first, found.tracks) == ((), (), ())


def test_a_second_is_told_as_its_day() -> None:
    assert day_of(second(23.99)) == "2026-01-02"
