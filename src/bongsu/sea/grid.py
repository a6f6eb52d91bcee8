"""Cells on the earth and distances between places, in Ibis for tables and in Python for single places."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, cos, floor, radians, sin, sqrt
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

if TYPE_CHECKING:
    import ibis

# Any: ibis ships no types.
Numbers: TypeAlias = Any

# 20 cells a degree: 5.6 km from south to north. Multiplied, never divided by 0.05, which no binary number is.
CELLS_PER_DEGREE: Final = 20
CELLS_AROUND: Final = 360 * CELLS_PER_DEGREE
EARTH_RADIUS_KM: Final = 6371.0088  # mean radius R1 of WGS 84 (IUGG; Moritz, Geodetic Reference System 1980, 2000)
METRES_PER_DEGREE: Final = 111_195.08  # of a great circle of that radius
KM_PER_NAUTICAL_MILE: Final = 1.852  # exact (BIPM, The International System of Units, 8th ed., table 8)


def cell_of(latitude_deg: float, longitude_deg: float) -> int:
    """The cell of a place: rows from the south pole, columns from 180 degrees west.

    Args:
        latitude_deg: -90 to 90.
        longitude_deg: -180 to 180.
    """
    row = floor((latitude_deg + 90.0) * CELLS_PER_DEGREE)
    return row * CELLS_AROUND + floor((longitude_deg + 180.0) * CELLS_PER_DEGREE) % CELLS_AROUND


def cells_of(latitude_deg: Numbers, longitude_deg: Numbers) -> Numbers:
    """`cell_of` over columns. No `//`: on doubles DuckDB does not floor."""
    row = ((latitude_deg + 90.0) * CELLS_PER_DEGREE).floor().cast("int64")
    column = ((longitude_deg + 180.0) * CELLS_PER_DEGREE).floor().cast("int64") % CELLS_AROUND
    return row * CELLS_AROUND + column


def corners_of(cells: NDArray[np.int64]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Latitudes and longitudes of the corners of cells: south-west, south-east, north-west, north-east."""
    rows, columns = np.divmod(cells, CELLS_AROUND)
    souths = (rows / CELLS_PER_DEGREE - 90.0, (rows + 1) / CELLS_PER_DEGREE - 90.0)
    wests = (columns / CELLS_PER_DEGREE - 180.0, (columns + 1) / CELLS_PER_DEGREE - 180.0)
    return [(south, west) for south in souths for west in wests]


def beside(rows: ibis.Table, **steps: Sequence[int]) -> ibis.Table:
    """Every row once for each of some steps, such as to the cells around its own, with the steps as columns.

    Not as a union of as many tables: Spark would plan and run all that led to the rows anew for each.

    Args:
        rows: any table.
        steps: the new columns, each with as many values.
    """
    import ibis  # commands that only ask where a cell is do not wait for it

    return rows.cross_join(ibis.memtable(pa.table(steps)))


def middles_of(wests: Numbers, easts: Numbers) -> Numbers:
    """The longitude in the middle between the least and the greatest of a ship, over columns of degrees.

    Where they lie more than half the earth apart, she went over the 180th meridian, and her middle lies there.
    """
    middle = (wests + easts) / 2
    opposite = (middle < 0).ifelse(middle + 180.0, middle - 180.0)
    return (easts - wests > 180.0).ifelse(opposite, middle)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The great-circle distance between two places (latitude, longitude), in kilometres, by the haversine formula
    (Sinnott, Virtues of the Haversine, Sky and Telescope 68, 1984).
    """
    south, north = radians(a[0]), radians(b[0])
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def arcs_km(
    latitude_a: NDArray[np.float64],
    longitude_a: NDArray[np.float64],
    latitude_b: NDArray[np.float64],
    longitude_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """`distance_km` over arrays, in degrees."""
    south, north = np.radians(latitude_a), np.radians(latitude_b)
    wide = np.sin(np.radians(longitude_b - longitude_a) / 2) ** 2
    half = np.sin((north - south) / 2) ** 2 + np.cos(south) * np.cos(north) * wide
    arcs: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return arcs


def distances_km(latitude_a: Numbers, longitude_a: Numbers, latitude_b: Numbers, longitude_b: Numbers) -> Numbers:
    """`distance_km` over columns, in degrees; rounded to the millimetre, so that two engines agree."""
    south, north = latitude_a.radians(), latitude_b.radians()
    high = ((north - south) / 2).sin()
    wide = ((longitude_b - longitude_a).radians() / 2).sin()
    half = high * high + south.cos() * north.cos() * wide * wide
    return (half.clip(upper=1.0).sqrt().asin() * (2 * EARTH_RADIUS_KM)).round(6)
