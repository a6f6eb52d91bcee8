"""The coast: which cells are land, and how far it is to the shore. Natural Earth 1:10m, by `tools/coast.py`."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from importlib.resources import files
from math import asin, pi, sin
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE, EARTH_RADIUS_KM, cell_of

if TYPE_CHECKING:
    from scipy.spatial import KDTree  # slow to load, and every command of a store would wait for it

# What a cell is. Where a river or a lake of Natural Earth 1:50m runs through land, to about 5 km, it is INLAND_WATER.
SEA, MOSTLY_SEA, MOSTLY_LAND, LAND, INLAND_WATER = range(5)
# The region is known to 0.05 degrees, the world to 0.1, whose cells are halved both ways.
REGION_SOUTH, REGION_WEST = 15, 105
REGION_ROWS, REGION_COLUMNS = 800, 900
# From the middle of a cell to its corner at the equator, where it is largest.
HALF_CELL_KM: Final = {0.05: 3.94, 0.1: 7.87}
HALF_DEGREE_KM: Final = 78.7

Kinds: TypeAlias = NDArray[np.uint8]
Reals: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]

LAND_CELLS: Final = pa.schema([pa.field("cell", pa.int64(), nullable=False)])
SHORE_CELLS: Final = pa.schema(
    [pa.field("cell", pa.int64(), nullable=False), pa.field("shore_km", pa.float64(), nullable=False)]
)


@cache
def kinds() -> Kinds:
    """What every cell of the earth is, by its number (`grid.cell_of`): one of the five constants above."""
    world, region = _layers()
    fine = world.repeat(2, axis=0).repeat(2, axis=1)
    row, column = _region_corner()
    fine[row : row + REGION_ROWS, column : column + REGION_COLUMNS] = region
    flat = fine.reshape(-1)
    flat.setflags(write=False)
    return flat


def is_land(latitude_deg: float, longitude_deg: float) -> bool:
    """Whether a place lies in a cell that is wholly land, by Natural Earth 1:10m.

    In doubt it says no: on the shore, on rivers and lakes, and within a cell of them (5 km; 10 outside the region).
    """
    return bool(kinds()[cell_of(min(latitude_deg, 89.99), longitude_deg)] == LAND)


def shore_km(latitude_deg: float, longitude_deg: float) -> float:
    """How far it is to the middle of the nearest cell that the shore runs through, on land as at sea.

    True to 4 km in the region (15 to 55 north, 105 to 150 east), to 8 km elsewhere; rocks and reefs are not shore.
    """
    chord, _ = _shore().query(_on_sphere(np.array([latitude_deg]), np.array([longitude_deg])))
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, float(chord[0]) / 2))


@lru_cache(maxsize=4)
def land_cells(inland_km: float = 0.0) -> pa.Table:
    """Every cell that is wholly land and everywhere at least so far from any that is not: cell, sorted.

    Args:
        inland_km: 0 for every land cell; 5 leaves out what an error of the map or the receiver could put on land.
    """
    if inland_km <= 0:
        return pa.table([np.flatnonzero(kinds() == LAND)], schema=LAND_CELLS)
    water = _tree(_beside_land())
    found = []
    for cells, size in _of_kinds((LAND,)):
        far = _chords(water, cells, size, inland_km + 2 * HALF_CELL_KM[size]) == np.inf
        found.append(_expanded(cells[far], size))
    return pa.table([np.sort(np.concatenate(found))], schema=LAND_CELLS)


@lru_cache(maxsize=4)
def shore_cells(within_km: float) -> pa.Table:
    """Every cell that is not wholly land and whose middle is within a distance of the shore: cell, shore_km; sorted.

    Args:
        within_km: more than 0; `shore_km` has the same error as the function of that name.
    """
    cells, distances = [], []
    for middles, size in _of_kinds((SEA, MOSTLY_SEA, MOSTLY_LAND, INLAND_WATER)):
        chords = _chords(_shore(), middles, size, within_km)
        near = chords < np.inf
        fine = _expanded(middles[near], size)
        cells.append(fine)
        distances.append(np.repeat(2 * EARTH_RADIUS_KM * np.arcsin(chords[near] / 2), len(fine) // max(near.sum(), 1)))
    every, order = np.concatenate(cells), np.argsort(np.concatenate(cells))
    return pa.table([every[order], np.concatenate(distances)[order].round(3)], schema=SHORE_CELLS)


@cache
def _layers() -> tuple[Kinds, Kinds]:
    content = (files("bongsu.sea.places") / "coast.npz").read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as layers:
        return layers["world"], layers["region"]


@cache
def _shore() -> KDTree:
    return _tree(_of_kinds((MOSTLY_SEA, MOSTLY_LAND)))


def _tree(layers: list[tuple[Whole, float]]) -> KDTree:
    from scipy.spatial import KDTree

    return KDTree(_on_sphere(*_middles_of(layers)))


def _of_kinds(wanted: tuple[int, ...]) -> list[tuple[Whole, float]]:
    """The cells of some kinds, as numbers in their own layer, and the size of that layer's cells in degrees."""
    world, region = _layers()
    outside = np.isin(world, wanted)
    row, column = (place // 2 for place in _region_corner())
    outside[row : row + REGION_ROWS // 2, column : column + REGION_COLUMNS // 2] = False
    return [(np.flatnonzero(outside), 0.1), (np.flatnonzero(np.isin(region, wanted)), 0.05)]


def _beside_land() -> list[tuple[Whole, float]]:
    """The cells that are not wholly land and lie beside one that is."""
    from scipy.ndimage import binary_dilation

    found = []
    for (cells, size), layer in zip(_of_kinds((SEA, MOSTLY_SEA, MOSTLY_LAND, INLAND_WATER)), _layers(), strict=True):
        beside = binary_dilation(layer == LAND, np.ones((3, 3), bool)).reshape(-1)
        found.append((cells[beside[cells]], size))
    return found


def _middles(cells: Whole, size: float) -> tuple[Reals, Reals]:
    """Latitudes and longitudes of the middles of cells of one layer."""
    south, west, columns = (-90, -180, 3600) if size == 0.1 else (REGION_SOUTH, REGION_WEST, REGION_COLUMNS)
    rows, places = np.divmod(cells, columns)
    return south + (rows + 0.5) * size, west + (places + 0.5) * size


def _middles_of(layers: list[tuple[Whole, float]]) -> tuple[Reals, Reals]:
    parts = [_middles(cells, size) for cells, size in layers]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _chords(tree: KDTree, cells: Whole, size: float, within_km: float) -> Reals:
    """The chord from each cell's middle to the nearest place of a tree; infinite where it is farther than asked."""
    lat, lon = _middles(cells, size)
    # Whole degrees first: most of the earth is far from any shore, and is not asked cell by cell.
    degrees = (np.floor(lat) + 90) * 360 + np.floor(lon) + 180
    blocks, block = np.unique(degrees.astype(np.int64), return_inverse=True)
    rows, columns = (part.astype(np.float64) for part in np.divmod(blocks, 360))
    middles = _on_sphere(rows - 89.5, columns - 179.5)
    near, _ = tree.query(middles, distance_upper_bound=_chord_of(within_km + HALF_DEGREE_KM))
    asked = (near < np.inf)[block]
    chords = np.full(len(cells), np.inf)
    chords[asked], _ = tree.query(_on_sphere(lat[asked], lon[asked]), distance_upper_bound=_chord_of(within_km))
    return chords


def _chord_of(great_circle_km: float) -> float:
    return 2 * sin(min(great_circle_km / EARTH_RADIUS_KM, pi) / 2)


def _expanded(cells: Whole, size: float) -> Whole:
    """Cells of a layer as cells of 0.05 degrees; four for one of 0.1, side by side."""
    if size == 0.05:
        row, column = _region_corner()
        return (cells // REGION_COLUMNS + row) * CELLS_AROUND + cells % REGION_COLUMNS + column
    first = (cells // 3600) * 2 * CELLS_AROUND + (cells % 3600) * 2
    four: Whole = first.repeat(4).reshape(-1, 4) + np.array([0, 1, CELLS_AROUND, CELLS_AROUND + 1])
    return four.reshape(-1)


def _region_corner() -> tuple[int, int]:
    return (REGION_SOUTH + 90) * CELLS_PER_DEGREE, (REGION_WEST + 180) * CELLS_PER_DEGREE


def _on_sphere(latitude_deg: Reals, longitude_deg: Reals) -> Reals:
    """Places as points of a sphere of radius 1, where the nearest by chord is the nearest by great circle."""
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)
