"""How far every place of the region is from the coast, as a raster made once."""

from __future__ import annotations

from math import floor
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from bongsu.sandbox.sea.chance import Floats
from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE, METRES_PER_DEGREE
from bongsu.sea.places.coast import LAND, REGION_COLUMNS, REGION_ROWS, REGION_SOUTH, REGION_WEST, SEA, kinds

Flags: TypeAlias = NDArray[np.bool_]

_FAR_KM: Final = 300.0


class Shore:
    """Land and distances on the cells of the region; what lies outside of it is open sea, far from any coast."""

    def __init__(self) -> None:
        every = kinds().reshape(-1, CELLS_AROUND)
        row, column = (REGION_SOUTH + 90) * CELLS_PER_DEGREE, (REGION_WEST + 180) * CELLS_PER_DEGREE
        region = every[row : row + REGION_ROWS, column : column + REGION_COLUMNS]
        self._dry: Flags = region == LAND
        self._km = _distances(region == SEA)

    def dry(self, latitude: Floats, longitude: Floats) -> Flags:
        """Which places lie in cells that are wholly land."""
        inside, row, column = _spots(latitude, longitude)
        return inside & self._dry[row, column]

    def km(self, latitude: Floats, longitude: Floats) -> Floats:
        """How far each place is from the nearest cell with a coast, to half a cell; 0 in such a cell and on land."""
        inside, row, column = _spots(latitude, longitude)
        return np.where(inside, self._km[row, column], _FAR_KM)

    def km_at(self, latitude_deg: float, longitude_deg: float) -> float:
        """`km` of one place."""
        row = floor((latitude_deg - REGION_SOUTH) * CELLS_PER_DEGREE)
        column = floor((longitude_deg - REGION_WEST) * CELLS_PER_DEGREE)
        if 0 <= row < REGION_ROWS and 0 <= column < REGION_COLUMNS:
            return float(self._km[row, column])
        return _FAR_KM


def _spots(latitude: Floats, longitude: Floats) -> tuple[Flags, NDArray[np.int64], NDArray[np.int64]]:
    row = np.floor((latitude - REGION_SOUTH) * CELLS_PER_DEGREE).astype(np.int64)
    column = np.floor((longitude - REGION_WEST) * CELLS_PER_DEGREE).astype(np.int64)
    inside = (row >= 0) & (row < REGION_ROWS) & (column >= 0) & (column < REGION_COLUMNS)
    return inside, np.clip(row, 0, REGION_ROWS - 1), np.clip(column, 0, REGION_COLUMNS - 1)


def _distances(sea: Flags) -> Floats:
    """From each cell of sea to the nearest that is not: half a cell less than between their middles."""
    row, column = np.nonzero(~sea)
    tree = KDTree(_flat(row, column))
    wet_row, wet_column = np.nonzero(sea)
    apart, _ = tree.query(_flat(wet_row, wet_column), distance_upper_bound=_FAR_KM)
    half_km = METRES_PER_DEGREE / 1000 / CELLS_PER_DEGREE / 2
    km = np.zeros(sea.shape)
    # Rounded: a tree is free to find its way in an order of its own.
    km[wet_row, wet_column] = np.round(np.clip(apart - half_km, 0.0, _FAR_KM), 3)
    return km


def _flat(row: NDArray[np.int64], column: NDArray[np.int64]) -> Floats:
    """Kilometres on a map that is true along every parallel; good enough for some hundreds of them."""
    latitude = REGION_SOUTH + (row + 0.5) / CELLS_PER_DEGREE
    longitude = REGION_WEST + (column + 0.5) / CELLS_PER_DEGREE
    middle = REGION_WEST + REGION_COLUMNS / CELLS_PER_DEGREE / 2
    scale = METRES_PER_DEGREE / 1000
    return np.stack([latitude * scale, (longitude - middle) * np.cos(np.radians(latitude)) * scale], axis=1)
