"""Inland: which cells lie deep in dry land, and the ships that send such places."""

from __future__ import annotations

from math import ceil, cos, radians
from typing import Final, TypeAlias

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE, METRES_PER_DEGREE
from bongsu.sea.places.coast import LAND, kinds
from bongsu.sea.seas import Sea
from bongsu.sea.tracks import DAY_S

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


def ashore(sea: Sea, *, margin_km: float, ships: int, bins: int) -> ibis.Table:
    """Days on which ships sent places deep in dry land.

    Args:
        sea: what may be asked.
        margin_km: how far from every water, as of `inland`.
        ships: where more than so many were, there is water that no coast of ours shows.
        bins: in how many bins of a day at least.

    Returns:
        A table of `mmsi`, `day_s`; `bins`, `from_s`, `to_s`; `lat`, `lon`, the south-western corner.
    """
    # The cells are looked at here: those of the land would be millions for a table, those that ships are in are few.
    cells = sea.engine.arrow(sea.bins.select("cell").distinct()).column("cell").to_numpy()
    deep = ibis.memtable(pa.table({"cell": pa.array(inland(cells, margin_km), pa.int64())}))
    rows = sea.bins.semi_join(deep, "cell").select(
        "mmsi", "cell", "bin_s", "first_s", "last_s", "first_lat", "first_lon"
    )
    used = rows.group_by("cell").aggregate(ships=rows.mmsi.nunique())
    waters = used.filter(used.ships > ships).view()
    rows = rows.mutate(day_s=rows.bin_s - rows.bin_s % DAY_S).anti_join(waters, "cell")
    days = rows.group_by("mmsi", "day_s").aggregate(
        bins=rows.count(),
        from_s=rows.first_s.min(),
        to_s=rows.last_s.max(),
        lat=rows.first_lat.min(),
        lon=rows.first_lon.min(),
    )
    return days.filter(days.bins >= bins)
