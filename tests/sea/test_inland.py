"""Inland: land deep enough that no error of a map or a receiver puts a ship on it."""

from __future__ import annotations

import numpy as np
import pytest

from bongsu.sea import desk
from bongsu.sea.grid import cell_of
from bongsu.sea.inland import inland
from bongsu.sea.places.gazetteer import gazetteer


@pytest.mark.parametrize(
    ("place", "deep"),
    [
        ((42.4, 112.2), True),  # the steppe of Inner Mongolia
        ((32.12, 118.72), False),  # the Yangtze at Nanjing
        ((38.2, 123.6), False),  # the Yellow Sea
        ((39.03, 125.75), True),  # Pyongyang: the map does not have the Taedong, the card of sea.spoofing has
        ((37.45, 126.6), False),  # Incheon, on the shore
    ],
)
def test_only_what_is_far_from_every_water_is_inland(place: tuple[float, float], deep: bool) -> None:
    cell = cell_of(*place)
    assert inland(np.array([cell, cell], dtype=np.int64), 10.0).tolist() == ([cell] if deep else [])


def test_the_wider_the_margin_the_fewer_cells() -> None:
    row = cell_of(40.0, 110.0) // 7200 * 7200
    cells = np.arange(row, row + 7200, dtype=np.int64)
    found = [set(inland(cells, margin).tolist()) for margin in (0.0, 6.0, 20.0)]
    assert found[0] > found[1] > found[2]


def test_of_no_cells_none_is_inland() -> None:
    assert inland(np.array([], dtype=np.int64), 10.0).tolist() == []


def test_no_port_of_the_gazetteer_lies_on_land_for_the_detector_of_spoofing() -> None:
    parameters = desk.parameters_of("spoofing")
    dry = [
        port.id
        for port in gazetteer().ports
        if inland(np.array([cell_of(port.latitude_deg, port.longitude_deg)], dtype=np.int64), parameters.inland_km).size
        and not any(each.holds(port.latitude_deg, port.longitude_deg) for each in parameters.waterways)
    ]
    assert dry == []
