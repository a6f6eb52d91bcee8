"""Calls on the rivers: quays behind the locks of Nampo, and boats between two banks of which one is another State's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from waters import ONE, sea_of, second, stretch

from bongsu.sea.calls import Call, calls, elsewhere, in_doubt, ports_of, stays_at, stood
from bongsu.sea.places.gazetteer import gazetteer
from bongsu.tables.engine import Engine

DPRK = ports_of(gazetteer(), "KP")
SEA, LOCKS, NAMPO = (38.5, 124.6), (38.683, 125.167), (38.705, 125.36)
TAEAN, SONGNIM = (38.768, 125.52), (38.738, 125.62)
# On the Yalu: beside the front of Dandong, and at the quays of Sinuiju, as far as these are known.
DANDONG_FRONT, SINUIJU = (40.115, 124.385), (40.10, 124.38)
# Where the Tumen, the border of the DPRK and Russia, meets the sea, and by the railway bridge at Khasan.
TUMEN_MOUTH, KHASAN = (42.29, 130.70), (42.41, 130.64)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def calls_of(engine: Engine, reports: list[dict[str, Any]]) -> list[Call]:
    """Her calls at ports of the DPRK among all the places that we know."""
    return calls(engine.records(stays_at(sea_of(engine, reports), DPRK), Call), DPRK)


def way(*legs: tuple[float, tuple[float, float]]) -> list[dict[str, Any]]:
    """From place to place, so many hours each; where she stays, she lies still."""
    reports, hour, place = [], 0.0, legs[0][1]
    for hours, to in legs:
        reports += stretch(ONE, (hour, hour + hours), place, to, speed=0.0 if to == place else 8.0)
        hour, place = hour + hours, to
    return reports


IN, OUT = [(0, SEA), (3, LOCKS), (1, LOCKS), (2, NAMPO)], [(2, NAMPO), (2, LOCKS), (1, LOCKS), (3, SEA)]


def test_three_days_at_songnim_are_one_call_there_and_none_at_the_locks(engine: Engine) -> None:
    (call,) = calls_of(engine, way(*IN, (2.5, SONGNIM), (72, SONGNIM), *OUT))
    assert call.port == "kp-songnim"
    assert call.from_s < second(8.5)
    assert call.to_s > second(80.5)
    assert call.stopped == 72 * 6
    assert stood(call, gazetteer()) == (
        "stopped within 0.9 km of a point of Songnim that is known to about 3 km (the quays of the iron works)"
    )


def test_three_days_at_taean_are_a_call_at_taean_and_may_have_been_one_at_songnim(engine: Engine) -> None:
    (call,) = calls_of(engine, way(*IN, (2, TAEAN), (72, TAEAN), *OUT))
    assert (call.port, call.stopped) == ("kp-taean", 72 * 6)
    assert not in_doubt(call, gazetteer()), "both are of one State"
    assert elsewhere([call], gazetteer()) == (
        "What is taken for a call at Taean may have been one at Songnim: a point of that port, known to about 5 km, "
        "lies 6.7 km from where she stood.",
    )


def test_a_ship_that_lies_at_nampo_and_then_at_songnim_called_at_both_one_after_the_other(engine: Engine) -> None:
    berth = (38.715, 125.36)
    nampo, songnim = calls_of(engine, way((0, SEA), (8, berth), (24, berth), (2, SONGNIM), (24, SONGNIM), (8, SEA)))
    assert (nampo.port, nampo.stopped) == ("kp-nampo", 24 * 6)
    assert (songnim.port, songnim.stopped) == ("kp-songnim", 24 * 6)
    assert nampo.to_s <= songnim.from_s


def test_a_ship_that_goes_silent_behind_the_locks_called_at_nampo(engine: Engine) -> None:
    (call,) = calls_of(engine, [*way(*IN), *stretch(ONE, (80, 83), NAMPO, SEA, speed=8.0)])
    assert (call.port, call.by_silence) == ("kp-nampo", False)
    assert (call.longest_silence_s or 0) > 70 * 3600


def test_a_ship_that_waits_at_the_locks_and_turns_back_called_at_nampo(engine: Engine) -> None:
    (call,) = calls_of(engine, way((0, SEA), (3, LOCKS), (6, LOCKS), (3, SEA)))
    assert (call.port, call.at_lock) == ("kp-nampo", True)
    assert "the locks of the West Sea Barrage" in stood(call, gazetteer())


def test_a_boat_at_the_front_of_dandong_has_not_called_at_sinuiju(engine: Engine) -> None:
    assert calls_of(engine, way((0, (39.9, 124.25)), (3, DANDONG_FRONT), (5, DANDONG_FRONT), (3, (39.9, 124.25)))) == []


def test_a_boat_at_sinuiju_may_have_lain_on_the_other_bank_and_the_sentence_says_so(engine: Engine) -> None:
    (call,) = calls_of(engine, way((0, (39.9, 124.25)), (3, SINUIJU), (5, SINUIJU), (3, (39.9, 124.25))))
    assert call.port == "kp-sinuiju"
    assert in_doubt(call, gazetteer())
    assert elsewhere([call], gazetteer()) == (
        "What is taken for a call at Sinuiju may have been one at Dandong of CN, on the other bank: a point of that "
        "port, known to about 1 km, lies 1.9 km from where she stood.",
    )


@pytest.mark.parametrize("place", [TUMEN_MOUTH, KHASAN])
def test_a_boat_on_the_tumen_has_called_nowhere(engine: Engine, place: tuple[float, float]) -> None:
    assert calls_of(engine, way((0, (42.1, 131.0)), (3, place), (8, place), (3, (42.1, 131.0)))) == []


def test_each_two_ports_are_told_once_with_the_nearest(engine: Engine) -> None:
    (call,) = calls_of(engine, way((0, SONGNIM), (24, SONGNIM)))
    (text,) = elsewhere([replace(call, other_km=km) for km in (8.0, 6.0, 7.0)], gazetteer())
    assert "6.0 km" in text
    assert elsewhere([], gazetteer()) == ()
