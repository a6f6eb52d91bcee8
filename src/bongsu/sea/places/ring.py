"""A ring of places: what lies inside it, and which cells it touches."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from math import floor
from typing import TypeAlias

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE

# (latitude, longitude) from first to last vertex, not closed; no ring of ours crosses 180 degrees.
Ring: TypeAlias = tuple[tuple[float, float], ...]


def contains(ring: Ring, latitude_deg: float, longitude_deg: float) -> bool:
    """Whether a place lies in a ring: a ray to the east crosses its edges an odd number of times (Shimrat, Algorithm
    112, Communications of the ACM 5, 1962). Edges are straight in degrees.
    """
    return sum(longitude_deg < crossing for crossing in _crossings(ring, latitude_deg)) % 2 == 1


def cells_in(ring: Ring) -> Iterator[tuple[int, bool]]:
    """Every cell that a ring touches, each once, by number, and whether the whole cell lies inside.

    A cell whose border an edge only grazes counts as touched: it is refined by `contains`, so that costs nothing.
    """
    cut: dict[int, set[int]] = defaultdict(set)
    for row, column in _cut_by_edges(ring):
        cut[row].add(column)
    for row in range(min(cut), max(cut) + 1):
        crossings = sorted(_crossings(ring, (row + 0.5) / CELLS_PER_DEGREE - 90.0))
        for column in range(min(cut[row]), max(cut[row]) + 1):
            number = row * CELLS_AROUND + column % CELLS_AROUND
            middle = (column + 0.5) / CELLS_PER_DEGREE - 180.0
            if column in cut[row]:
                yield number, False
            elif (len(crossings) - bisect_right(crossings, middle)) % 2 == 1:
                yield number, True


def _crossings(ring: Ring, latitude_deg: float) -> Iterator[float]:
    """The longitudes at which edges cross a parallel."""
    south, west = ring[-1]
    for north, east in ring:
        if (south > latitude_deg) != (north > latitude_deg):
            yield west + (latitude_deg - south) * (east - west) / (north - south)
        south, west = north, east


def _cut_by_edges(ring: Ring) -> set[tuple[int, int]]:
    """Rows and columns of the cells that an edge runs through."""
    found: set[tuple[int, int]] = set()
    places = [((lat + 90.0) * CELLS_PER_DEGREE, (lon + 180.0) * CELLS_PER_DEGREE) for lat, lon in ring]
    for start, end in zip(places, places[1:] + places[:1], strict=True):
        (low_y, low_x), (high_y, high_x) = sorted((start, end))
        for row in range(floor(low_y), floor(high_y) + 1):
            below, above = max(low_y, row), min(high_y, row + 1)
            slope = (high_x - low_x) / (high_y - low_y) if high_y > low_y else None
            ends = (
                (low_x, high_x) if slope is None else (low_x + (below - low_y) * slope, low_x + (above - low_y) * slope)
            )
            # A hair wider on both sides: rounding must not lose a cell that a corner of the edge lies in.
            found.update((row, column) for column in range(floor(min(ends) - 1e-9), floor(max(ends) + 1e-9) + 1))
    return found
