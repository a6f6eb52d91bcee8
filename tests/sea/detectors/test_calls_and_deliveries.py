"""Calls and deliveries: what the draughts around a call and the size of the hull make of them, and what they cite."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from ships import identity
from waters import ONE, at, numbered, sea_of, stretch

from bongsu.cycle.standing import standing
from bongsu.kernel.indicator import Indicator
from bongsu.kernel.quantity import Quantity
from bongsu.sea import desk
from bongsu.tables.engine import Engine

OFF, NAMPO, DALIAN = (38.60, 124.90), (38.72, 125.395), (38.93, 121.70)
# She comes, lies at the quay from the fourth hour to the 28th, sails to Dalian, lies there a day and leaves.
WAY = numbered(
    [
        *stretch(ONE, (0, 4), OFF, NAMPO, speed=8.0),
        *stretch(ONE, (4, 28), NAMPO, speed=0.0),
        *stretch(ONE, (28, 32), NAMPO, OFF, speed=8.0),
        *stretch(ONE, (32, 46), OFF, DALIAN, speed=9.0),
        *stretch(ONE, (46, 70), DALIAN, speed=0.0),
        *stretch(ONE, (70, 76), DALIAN, OFF, speed=9.0),
    ]
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def said(row: int, hours: tuple[float, float], draught_m: float, **changes: Any) -> dict[str, Any]:
    made = {"ship_type": 80, "length_m": 100.0, "beam_m": 16.0, "draught_m": draught_m, "source": "nmea", **changes}
    return identity(row, first_at=at(round(hours[0] * 3600)), last_at=at(round(hours[1] * 3600)), **made)


def found(engine: Engine, detector: str, *sent: dict[str, Any], until_h: float = 76) -> Indicator:
    way = [row for row in WAY if row["at"] < at(round(until_h * 3600))]
    (indicator,) = desk.detect(sea_of(engine, way, sent), standing=standing, only=[detector])
    return indicator


BEFORE, AFTER, RELOADED = said(901, (0, 27), 6.0), said(902, (28, 60), 3.5), said(903, (71, 76), 7.0)


def test_a_ship_that_unloads_and_loads_elsewhere_left_higher(engine: Engine) -> None:
    call = found(engine, "port_call", BEFORE, AFTER, RELOADED)
    assert (call.facts["kind"], call.facts["draught_before_m"], call.facts["draught_after_m"]) == ("emptied", 6.0, 3.5)
    assert not {"2371/8", "2397/6"} & set(call.measures)


def test_a_draught_first_sent_after_another_port_says_nothing_of_this_one(engine: Engine) -> None:
    call = found(engine, "port_call", BEFORE, RELOADED)
    assert (call.facts["kind"], call.facts["draught_after_m"]) == ("call", None)


def test_a_delivery_is_not_lost_because_she_loads_elsewhere_afterwards(engine: Engine) -> None:
    alone = found(engine, "petroleum_delivery", BEFORE, AFTER, until_h=40)
    again = found(engine, "petroleum_delivery", BEFORE, AFTER, RELOADED)
    assert (alone.facts["basis"], again.facts["basis"]) == ("draught", "draught")
    assert alone.facts["barrels"] == again.facts["barrels"] == {"low": 20_490, "central": 26_750, "high": 33_350}


def test_title_facts_and_quantity_of_a_delivery_give_the_same_barrels(engine: Engine) -> None:
    """Low and high rounded outwards in all three: by the nearest ten the title named less than the quantity."""
    delivery = found(engine, "petroleum_delivery", BEFORE, AFTER, until_h=40)
    assert delivery.title.endswith("may have brought 20,490 to 33,350 barrels")
    assert delivery.quantity == Quantity(low=Decimal(20_490), high=Decimal(33_350), unit="barrel")


def test_a_mistyped_draught_is_not_counted_and_nothing_exceeds_the_hull(engine: Engine) -> None:
    """Sixteen metres typed in for a beam of sixteen."""
    delivery = found(engine, "petroleum_delivery", said(901, (0, 27), 16.0), AFTER, until_h=40)
    assert (delivery.facts["basis"], delivery.facts["draught_before_m"]) == ("fill", None)
    assert delivery.quantity is not None
    assert delivery.quantity.high is not None
    assert delivery.quantity.high <= 62_630
    assert found(engine, "port_call", said(901, (0, 27), 16.0), AFTER, until_h=40).facts["kind"] == "call"


def test_a_rise_that_the_draughts_allow_makes_no_more_than_the_deadweight(engine: Engine) -> None:
    """From 8.8 to 1.1 metres: her deadweight is 8,190 t at most, and gasoline has 8.5 barrels a tonne."""
    delivery = found(engine, "petroleum_delivery", said(901, (0, 27), 8.8), said(902, (28, 60), 1.1), until_h=40)
    assert delivery.facts["basis"] == "draught"
    assert delivery.quantity is not None
    assert delivery.quantity.high is not None
    size = 100 * 16 * 1.025 * 8.8
    assert float(delivery.quantity.high) <= size * 0.84 * 0.78 * 8.5 + 10


@pytest.mark.parametrize("detector", ["port_call", "petroleum_delivery"])
def test_size_type_name_and_both_draughts_are_cited(engine: Engine, detector: str) -> None:
    cites = {citation.locator for citation in found(engine, detector, BEFORE, AFTER, RELOADED).citations}
    assert {"line=901", "line=902"} <= cites
    assert "line=903" not in cites
