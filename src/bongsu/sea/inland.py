"""Inland: which cells lie deep in dry land."""

from __future__ import annotations

from math import ceil, cos, radians
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE, METRES_PER_DEGREE
from bongsu.sea.places.coast import LAND, kinds

Cells: TypeAlias = NDArray[np.int64]

_CELL_KM: Final = METRES_PER_DEGREE / 1000 / CELLS_PER_DEGREE
# Beyond it a cell is so narrow that the neighbours to look at are too many; no navigable sea ends there.
_NORTHERNMOST_DEG: Final = 80


def inland(cells: Cells, margin_km: float) -> Cells:
    """Of some cells those that are land and have no cell that is not within a distance.

    Args:
        cells: `grid.cell_of`.
        margin_km: the distance, from cell to cell: true to a cell (5.6 km), on the side of too far.

    Returns:
        Sorted, each once.
    """
    dry = np.unique(cells[kinds()[cells] == LAND])
    rows, columns = np.divmod(dry, CELLS_AROUND)
    latitude = np.abs((rows + 0.5) / CELLS_PER_DEGREE - 90)
    dry, rows, columns = (part[latitude < _NORTHERNMOST_DEG] for part in (dry, rows, columns))
    deep = np.full(len(dry), True)
    high = ceil(margin_km / _CELL_KM)
    for row in np.unique(rows):
        # Cells of one row are equally wide: so many of them make the distance.
        here = rows == row
        wide = ceil(margin_km / (_CELL_KM * cos(radians(row / CELLS_PER_DEGREE - 90))))
        around = np.arange(-wide, wide + 1)
        for other in range(row - high, row + high + 1):
            near = other * CELLS_AROUND + (columns[here, None] + around) % CELLS_AROUND
            deep[here] &= (kinds()[near] == LAND).all(axis=1)
    found: Cells = dry[deep]
    return found
