"""Ways over water of the invented world: none over land, none longer than a voyage of it."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest

from bongsu.sandbox.sea.chance import NoRoomError
from bongsu.sandbox.sea.ways import Ways
from bongsu.sea.grid import distance_km
from bongsu.sea.places.water import Water

NAMPO, YELLOW_SEA, TONKIN = (38.72, 125.395), (36.0, 122.9), (19.0, 107.5)


@pytest.fixture(scope="module")
def ways() -> Ways:
    return Ways(Water([NAMPO]))


def test_a_way_goes_over_water_and_is_about_as_long_as_said(ways: Ways) -> None:
    way = [NAMPO, *ways.way(NAMPO, NAMPO, YELLOW_SEA), YELLOW_SEA]
    assert all(ways.is_clear(here, there) for here, there in pairwise(way[1:]))
    length_km = sum(distance_km(here, there) for here, there in pairwise(way))
    assert distance_km(NAMPO, YELLOW_SEA) < length_km < ways.length_km(NAMPO, YELLOW_SEA) + 15


def test_a_way_longer_than_a_voyage_is_none(ways: Ways) -> None:
    assert ways.length_km(NAMPO, TONKIN) == inf
    with pytest.raises(NoRoomError, match="so long"):
        ways.way(NAMPO, NAMPO, TONKIN)
