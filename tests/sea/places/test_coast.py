"""The coast: what is land, how far the shore is, and that the raster says what Natural Earth says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.sea.grid import cell_of, corners_of, distance_km
from bongsu.sea.places.coast import LAND, is_land, kinds, land_cells, shore_cells, shore_km

LANDS = {
    "Pyongyang": (39.03, 125.75),
    "Seoul": (37.57, 127.0),
    "Madrid": (40.4, -3.7),
    "Brasilia": (-15.8, -47.9),
}
SEAS = {
    "the Yellow Sea": (36.0, 124.0),
    "Korea Bay": (39.0, 124.0),
    "the Sea of Japan": (40.0, 132.0),
    "off Ningbo": (29.9, 123.0),
    "the Taedong at Nampo": (38.71, 125.38),
    "the strait of Tsushima": (34.3, 129.8),
    "the Atlantic": (30.0, -40.0),
    "the strait of Gibraltar": (35.95, -5.5),
    "the North Pole": (90.0, 0.0),
}
INLAND_WATERS = {
    "the Sungari at Harbin": (45.75, 126.63),
    "the Yangtze at Wuhan": (30.57, 114.3),
    "Lake Michigan": (43.0, -87.0),
    "the Rhine": (50.95, 6.97),
}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    path = Path(__file__).parents[3] / "tools" / "coast.py"
    spec = importlib.util.spec_from_file_location("tools_coast", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", LANDS)
def test_cities_lie_on_land(name: str) -> None:
    assert is_land(*LANDS[name])


@pytest.mark.parametrize("name", SEAS)
def test_seas_are_not_land(name: str) -> None:
    assert not is_land(*SEAS[name])


@pytest.mark.parametrize("name", INLAND_WATERS)
def test_a_ship_on_a_great_river_or_lake_is_not_on_land(name: str) -> None:
    assert not is_land(*INLAND_WATERS[name])


@pytest.mark.parametrize(
    ("place", "shore", "error_km"),
    [
        ((37.0, 123.5), (37.05, 122.56), 8),  # due east of the tip of Shandong
        ((37.24, 131.0), (37.49, 130.86), 8),  # Ulleungdo is the nearest shore
    ],
)
def test_the_distance_to_the_shore_is_that_to_a_known_point_of_it(
    place: tuple[float, float], shore: tuple[float, float], error_km: float
) -> None:
    assert shore_km(*place) == pytest.approx(distance_km(place, shore), abs=error_km)


def test_land_cells_are_the_cells_that_are_wholly_land() -> None:
    cells = land_cells().column("cell").to_numpy()
    assert (np.diff(cells) > 0).all()
    assert len(cells) == (kinds() == LAND).sum()
    assert len(kinds()) == 360 * 20 * 180 * 20


def test_inland_cells_are_far_from_everything_that_is_not_land() -> None:
    inland = land_cells(10.0).column("cell").to_numpy()
    assert (kinds()[inland] == LAND).all()
    assert len(inland) < land_cells().num_rows
    assert cell_of(40.0, 126.9) in inland
    row, column = np.divmod(inland, 7200)
    taiwan = (row > 113 * 20) & (row < 114.5 * 20) & (column > 300 * 20) & (column < 301.7 * 20)
    region = inland[taiwan].tolist()
    assert region
    for cell in region:
        south, west = corners_of(cell)[0]
        assert shore_km(south + 0.025, west + 0.025) > 10.0


@given(latitude=st.floats(15, 54.9), longitude=st.floats(105, 149.9))
def test_a_place_on_land_is_in_a_land_cell_and_in_no_shore_cell(latitude: float, longitude: float) -> None:
    cell = cell_of(latitude, longitude)
    assert is_land(latitude, longitude) == bool(kinds()[cell] == LAND)


def test_shore_cells_say_the_distance_that_the_function_says() -> None:
    table = shore_cells(20.0)
    cells, distances = table.column("cell").to_numpy(), table.column("shore_km").to_numpy()
    assert (np.diff(cells) > 0).all()
    assert distances.max() <= 20.0
    for at in range(0, len(cells), len(cells) // 50):
        if kinds()[cells[at]] != LAND:
            south, west = corners_of(int(cells[at]))[0]
            size = 0.05 if 15 <= south < 55 and 105 <= west < 150 else 0.1
            middle = (np.floor(south / size + 1e-6) + 0.5) * size, (np.floor(west / size + 1e-6) + 0.5) * size
            assert shore_km(*middle) == pytest.approx(distances[at], abs=0.01)


def test_the_tool_reads_topojson_and_counts_a_square(tool: ModuleType) -> None:
    """A square from 1 to 3 degrees both ways, with a hole of one degree in it, from two arcs that share nothing."""
    outer = [[10, 10], [20, 0], [0, 20], [-20, 0], [0, -20]]
    hole = [[15, 15], [0, 10], [10, 0], [0, -10], [-10, 0]]
    topology = {
        "transform": {"scale": [0.1, 0.1], "translate": [0.0, 0.0]},
        "arcs": [outer, hole],
        "objects": {"land": {"geometries": [{"type": "Polygon", "arcs": [[0], [-2]]}]}},
    }
    rings = list(tool.lines_of(topology, "land"))
    assert rings[0].tolist()[:2] == [[1.0, 1.0], [3.0, 1.0]]
    assert rings[1].tolist()[0] == [1.5, 1.5]
    cells = tool.raster(rings, [], [], 0, 0, 40, 40, 10)
    assert cells[5, 5] == tool.SEA
    assert cells[12, 12] == tool.LAND
    assert cells[20, 20] == tool.SEA
    assert cells[9:11, 15].tolist() in ([tool.SEA, tool.MOSTLY_LAND], [tool.MOSTLY_SEA, tool.LAND])
    assert tool.filled(rings, 0, 0, 40, 40, 10).sum() == 25 * (400 - 100)


def test_the_tool_marks_a_river_in_the_land_and_not_in_the_sea(tool: ModuleType) -> None:
    square = np.array([[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0], [1.0, 1.0]])
    river = np.array([[2.05, 0.0], [2.05, 2.5]])
    cells = tool.raster([square], [], [river], 0, 0, 40, 40, 10)
    assert cells[15, 19:22].tolist() == [tool.INLAND_WATER] * 3
    assert cells[15, 15] == tool.LAND
    assert cells[5, 20] == tool.SEA
