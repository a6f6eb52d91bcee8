"""Silences: who was heard on while a ship was not, and where nobody was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from waters import ONE, sea_of, second, stretch

from bongsu.sea.silences import Silence, silences
from bongsu.tables.engine import Engine

# In the middle of the Yellow Sea, 90 km from any shore.
SEA = (35.5, 123.5)
AWAY = (34.5, 123.4)
# In the roads of Nampo.
PORT = (38.7, 125.35)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def silences_of(engine: Engine, reports: list[dict[str, Any]], *, shortest_h: float = 12) -> list[Silence]:
    sea = sea_of(engine, reports)
    found = silences(sea, shortest_s=round(shortest_h * 3600), heard_before=14, port_km=10.0)
    return sorted(engine.records(found, Silence), key=lambda silence: (silence.mmsi, silence.before_s))


def silent(mmsi: int = ONE, place: tuple[float, float] = SEA, to: tuple[float, float] = AWAY) -> list[dict[str, Any]]:
    """Heard for six hours, silent for eighteen, heard for six."""
    return [*stretch(mmsi, (0, 6), place, speed=8.0), *stretch(mmsi, (24, 30), to, speed=8.0)]


def fleet(hours: tuple[float, float], place: tuple[float, float], first: int, ships: int = 4) -> list[dict[str, Any]]:
    """Some ships near a place, heard from one hour to another."""
    return [
        row
        for number in range(ships)
        for row in stretch(199_000_100 + first + number, hours, (place[0] + number * 0.02, place[1]), speed=8.0)
    ]


def test_a_ship_that_falls_silent_among_others_that_are_heard_is_alone(engine: Engine) -> None:
    (silence,) = silences_of(engine, [*silent(), *fleet((0, 30), SEA, 0), *fleet((0, 30), AWAY, 10)])
    assert (silence.before_s, silence.first_s) == (second(5 + 50 / 60), second(24))
    assert silence.hours == pytest.approx(18 + 10 / 60)
    assert (silence.near_before, silence.others_before) == (4, 4)
    assert (silence.near_after, silence.others_after) == (4, 4)
    assert silence.is_alone(others=3, share=0.5)


def test_where_all_fall_silent_with_her_it_is_the_receiver(engine: Engine) -> None:
    others = [*fleet((0, 6), SEA, 0), *fleet((24, 30), AWAY, 10)]
    (silence,) = [each for each in silences_of(engine, [*silent(), *others]) if each.mmsi == ONE]
    assert (silence.near_before, silence.others_before) == (4, 0)
    assert (silence.near_after, silence.others_after) == (4, 0)
    assert not silence.is_alone(others=3, share=0.5)


def test_a_hole_at_one_end_is_enough_to_doubt(engine: Engine) -> None:
    others = [*fleet((0, 30), SEA, 0), *fleet((24, 30), AWAY, 10)]
    (silence,) = silences_of(engine, [*silent(), *others])
    assert (silence.others_before, silence.others_after) == (4, 0)
    assert not silence.is_alone(others=3, share=0.5)


def test_where_nobody_was_near_reception_cannot_be_judged(engine: Engine) -> None:
    (silence,) = silences_of(engine, silent())
    assert (silence.near_before, silence.near_after) == (0, 0)
    assert not silence.is_alone(others=3, share=0.5)


def test_one_end_alone_may_be_judged(engine: Engine) -> None:
    (silence,) = silences_of(engine, [*silent(), *fleet((0, 30), SEA, 0)])
    assert (silence.near_before, silence.others_before, silence.near_after) == (4, 4, 0)
    assert silence.is_alone(others=3, share=0.5)
    assert not silence.is_alone(others=5, share=0.5)


def test_ships_far_from_the_place_say_nothing_of_its_reception(engine: Engine) -> None:
    far = (SEA[0] + 0.5, SEA[1])  # 55.6 km: beyond what one station hears
    (silence,) = silences_of(engine, [*silent(), *fleet((0, 30), far, 0)])
    assert silence.near_before == 0


@pytest.mark.parametrize(("hours", "found"), [(18, 1), (18.2, 0)])
def test_a_shorter_silence_than_the_card_says_is_none(engine: Engine, hours: float, found: int) -> None:
    assert len(silences_of(engine, silent(), shortest_h=hours)) == found


def test_who_was_hardly_heard_before_has_not_fallen_silent(engine: Engine) -> None:
    few = [*stretch(ONE, (0, 2), SEA, speed=8.0), *stretch(ONE, (24, 30), AWAY, speed=8.0)]
    assert silences_of(engine, few) == []


def test_reports_of_the_day_before_do_not_make_a_ship_well_heard(engine: Engine) -> None:
    sparse = [
        *stretch(ONE, (0, 6), SEA, speed=8.0),
        *stretch(ONE, (20, 20.5), SEA, speed=8.0),
        *stretch(ONE, (40, 41), AWAY, speed=8.0),
    ]
    assert [each.before_s for each in silences_of(engine, sparse)] == [second(5 + 50 / 60)]


@pytest.mark.parametrize(("place", "to"), [(PORT, AWAY), (SEA, PORT)])
def test_a_silence_that_begins_or_ends_in_port_is_left_out(
    engine: Engine, place: tuple[float, float], to: tuple[float, float]
) -> None:
    assert silences_of(engine, silent(place=place, to=to)) == []


@pytest.mark.parametrize("east", [-0.54, 0.54])
def test_ships_just_within_reach_count_in_every_direction(engine: Engine, east: float) -> None:
    # 0.54 degrees of longitude are 48.9 km here; the four lie from 2.2 km south of her to 4.4 north.
    for start in (123.5, 123.01, 123.99):
        here = (SEA[0], start)
        near = (SEA[0] - 0.02, start + east)
        (silence,) = silences_of(engine, [*silent(place=here), *fleet((0, 30), near, 0)])
        assert silence.near_before == 4


def test_reception_across_the_180th_meridian_is_one_sea(engine: Engine) -> None:
    here = (50.0, 179.95)
    east = [
        row
        for number in range(4)
        for row in stretch(199_000_100 + number, (0, 30), (50.0 + number / 50, -179.95), speed=8.0)
    ]
    (silence,) = silences_of(engine, [*silent(place=here, to=here), *east])
    assert (silence.near_before, silence.others_before) == (4, 4)
