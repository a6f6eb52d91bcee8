"""The water a ship can go through: the region's cells, with the ways into every port, as a graph of moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import pairwise
from math import floor, inf
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE, distance_km
from bongsu.sea.places.cards import straits_from
from bongsu.sea.places.coast import (
    INLAND_WATER,
    LAND,
    MOSTLY_LAND,
    MOSTLY_SEA,
    REGION_COLUMNS,
    REGION_ROWS,
    REGION_SOUTH,
    REGION_WEST,
    SEA,
    kinds,
)

Place = tuple[float, float]
# Rows and columns from a cell to the next. With these a way over open water is longer than the great circle by at most
# 2.6 % at 15 degrees north, 1.9 % at 35, 2.5 % at 45 and 3.6 % at 55: 1 / cos(half the widest angle between two moves).
MOVES: Final = ((1, 0), (0, 1), (1, 1), (1, -1), (1, 2), (1, -2), (2, 1), (2, -1), (1, 3), (1, -3))
# What a cell costs on the way from the sea into a harbour that the map has on land: rivers and shores before dry land.
_INTO_HARBOUR: Final = {SEA: 1e-6, MOSTLY_SEA: 1e-6, MOSTLY_LAND: 1.0, INLAND_WATER: 1.0, LAND: 5.0}
_NEAREST_CELLS: Final = 3  # a place on the shore belongs to open water at most this many cells away: 17 km


class Water:
    """The region's open water: cells that are sea or mostly sea and joined to the ocean, narrow straits that ships of
    size go through (`straits.toml`), and the ways into harbours.

    Args:
        harbours: places that must be reachable; those outside the region are left out.
    """

    def __init__(self, harbours: Iterable[Place]) -> None:
        every = kinds().reshape(-1, CELLS_AROUND)
        row, column = (REGION_SOUTH + 90) * CELLS_PER_DEGREE, (REGION_WEST + 180) * CELLS_PER_DEGREE
        region = every[row : row + REGION_ROWS, column : column + REGION_COLUMNS]
        self.open = _ocean(region)
        _open_straits(self.open)
        _carve(self.open, region, [spot for place in harbours if (spot := spot_of(*place)) is not None])
        self.numbers = np.full(self.open.shape, -1, np.int32)
        self.numbers[self.open] = np.arange(self.open.sum(), dtype=np.int32)
        self.spots = np.argwhere(self.open)
        self.graph = _graph(self.open, self.numbers)

    def node_at(self, latitude_deg: float, longitude_deg: float) -> int | None:
        """The number of the open cell of a place, or of the nearest within 17 km; None outside the region or inland."""
        spot = spot_of(latitude_deg, longitude_deg)
        if spot is None:
            return None
        if self.open[spot]:
            return int(self.numbers[spot])
        row, column = spot
        top, left = max(row - _NEAREST_CELLS, 0), max(column - _NEAREST_CELLS, 0)
        window = self.open[top : row + _NEAREST_CELLS + 1, left : column + _NEAREST_CELLS + 1]
        near = [(int(r) + top, int(c) + left) for r, c in np.argwhere(window)]
        if not near:
            return None
        nearest = min(near, key=lambda other: (distance_km((latitude_deg, longitude_deg), middle_of(other)), other))
        return int(self.numbers[nearest])

    def place_of(self, node: int) -> Place:
        """The middle of an open cell."""
        row, column = self.spots[node]
        return middle_of((int(row), int(column)))

    def is_clear(self, start: Place, end: Place) -> bool:
        """Whether the line between two places of the region, straight in degrees, touches open cells only."""
        return bool(self.open[_touched(*_in_cells(start), *_in_cells(end))].all())

    def ways_from(self, node: int, *, within_km: float = inf) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """The way from an open cell to every other in kilometres, and the cell before each (Dijkstra, 1959).

        Args:
            node: its number.
            within_km: what is farther is not looked for; its way is infinite.
        """
        return dijkstra(self.graph, indices=node, return_predecessors=True, limit=within_km)  # type: ignore[no-any-return]

    def straightened(self, way: Sequence[Place]) -> list[Place]:
        """The way without the turns that the grid made: from each point straight to the farthest it can see."""
        kept = [0]
        while kept[-1] < len(way) - 1:
            here = kept[-1]
            reach, step = here + 1, 1
            while step:
                ahead = min(reach + step, len(way) - 1)
                if ahead > reach and self.is_clear(way[here], way[ahead]):
                    reach, step = ahead, step * 2
                else:
                    step //= 2
            kept.append(reach)
        return [way[index] for index in kept]


def cells_back(before: NDArray[np.int32], node: int) -> list[int]:
    """The cells from one back to that from which `ways_from` found the ways, both included.

    Args:
        before: the cell before each.
        node: the number of the one, which a way leads to.
    """
    nodes = [node]
    while (earlier := int(before[nodes[-1]])) >= 0:
        nodes.append(earlier)
    return nodes


def spot_of(latitude_deg: float, longitude_deg: float) -> tuple[int, int] | None:
    """Row and column of a place in the region; None outside."""
    row = floor((latitude_deg - REGION_SOUTH) * CELLS_PER_DEGREE)
    column = floor((longitude_deg - REGION_WEST) * CELLS_PER_DEGREE)
    return (row, column) if 0 <= row < REGION_ROWS and 0 <= column < REGION_COLUMNS else None


def middle_of(spot: tuple[int, int]) -> Place:
    """The middle of a cell of the region, latitude and longitude."""
    return REGION_SOUTH + (spot[0] + 0.5) / CELLS_PER_DEGREE, REGION_WEST + (spot[1] + 0.5) / CELLS_PER_DEGREE


def _in_cells(place: Place) -> Place:
    """Rows and columns of a place of the region, with their fractions."""
    return (place[0] - REGION_SOUTH) * CELLS_PER_DEGREE, (place[1] - REGION_WEST) * CELLS_PER_DEGREE


def cells_of_spots(spots: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows and columns of the region as cell numbers of the earth (`grid.cell_of`)."""
    corner = (REGION_SOUTH + 90) * CELLS_PER_DEGREE * CELLS_AROUND + (REGION_WEST + 180) * CELLS_PER_DEGREE
    cells: NDArray[np.int64] = corner + spots[:, 0].astype(np.int64) * CELLS_AROUND + spots[:, 1]
    return cells


def _ocean(region: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The largest water; lakes and pools that only a corner joins to it are left out."""
    pools, _ = label(region <= MOSTLY_SEA)
    sizes = np.bincount(pools.reshape(-1))
    sizes[0] = 0
    ocean: NDArray[np.bool_] = pools == sizes.argmax()
    return ocean


def _open_straits(opened: NDArray[np.bool_]) -> None:
    """Opens every cell that the way through a strait touches."""
    content = (files("bongsu.sea.places") / "straits.toml").read_bytes()
    for strait in straits_from(content, where="sea/places/straits.toml"):
        for start, end in pairwise(strait.places):
            opened[_touched(*_in_cells(start), *_in_cells(end))] = True


def _carve(opened: NDArray[np.bool_], region: NDArray[np.uint8], harbours: list[tuple[int, int]]) -> None:
    """Opens the cheapest way, cell by cell, from the ocean to each harbour."""
    numbers = np.arange(region.size).reshape(region.shape)
    cost = np.array([_INTO_HARBOUR[kind] for kind in range(len(_INTO_HARBOUR))])[region]
    starts, ends, costs = [], [], []
    for here, there in (((slice(1, None), slice(None)), (slice(-1), slice(None))),
                        ((slice(None), slice(1, None)), (slice(None), slice(-1)))):  # fmt: skip
        starts += [numbers[here].reshape(-1), numbers[there].reshape(-1)]
        ends += [numbers[there].reshape(-1), numbers[here].reshape(-1)]
        costs += [cost[there].reshape(-1), cost[here].reshape(-1)]
    graph = csr_array((np.concatenate(costs), (np.concatenate(starts), np.concatenate(ends))), shape=(region.size,) * 2)
    ocean = opened.reshape(-1)
    _, before = dijkstra(graph, indices=int(ocean.argmax()), return_predecessors=True)
    flat = opened.reshape(-1)
    for row, column in harbours:
        number = int(numbers[row, column])
        while number >= 0 and not flat[number]:
            flat[number] = True
            number = int(before[number])


def _graph(opened: NDArray[np.bool_], numbers: NDArray[np.int32]) -> csr_array:
    """Every move between open cells that touches open cells only, and its length in kilometres by the great circle."""
    starts, ends, lengths = [], [], []
    for up, right in MOVES:
        rows, columns = np.nonzero(_possible(opened, up, right))
        there = numbers[rows + up, columns + right]
        length = np.array([_length_km(row, up, right) for row in range(REGION_ROWS)])[rows]
        starts += [numbers[rows, columns], there]
        ends += [there, numbers[rows, columns]]
        lengths += [length, length]
    size = int(opened.sum())
    return csr_array((np.concatenate(lengths), (np.concatenate(starts), np.concatenate(ends))), shape=(size, size))


def _possible(opened: NDArray[np.bool_], up: int, right: int) -> NDArray[np.bool_]:
    """From which cells a move can be made."""
    rows, columns = _touched(0.5, 0.5, up + 0.5, right + 0.5)
    possible = opened.copy()
    for row, column in set(zip(rows.tolist(), columns.tolist(), strict=True)):
        possible &= _shifted(opened, row, column)
    return possible


def _shifted(opened: NDArray[np.bool_], up: int, right: int) -> NDArray[np.bool_]:
    """What lies so many rows and columns away from each cell; closed beyond the region."""
    rows, columns = opened.shape
    moved = np.zeros_like(opened)
    moved[: rows - up, max(-right, 0) : columns - max(right, 0)] = opened[up:, max(right, 0) : columns - max(-right, 0)]
    return moved


def _length_km(row: int, up: int, right: int) -> float:
    return distance_km(middle_of((row, 0)), middle_of((row + up, right)))


def _touched(ys: float, xs: float, ye: float, xe: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the cells that a line touches, in units of cells; at a corner, all that meet there."""
    steps = max(int(max(abs(ye - ys), abs(xe - xs)) * 16), 1)
    along = np.linspace(0.0, 1.0, steps + 1)
    y, x = ys + (ye - ys) * along, xs + (xe - xs) * along
    hair = 1e-3
    rows = np.concatenate([np.floor(y + hair), np.floor(y - hair), np.floor(y + hair), np.floor(y - hair)])
    columns = np.concatenate([np.floor(x + hair), np.floor(x - hair), np.floor(x - hair), np.floor(x + hair)])
    return (
        np.clip(rows, min(floor(ys), floor(ye)), max(floor(ys), floor(ye))).astype(np.int64),
        np.clip(columns, min(floor(xs), floor(xe)), max(floor(xs), floor(xe))).astype(np.int64),
    )
