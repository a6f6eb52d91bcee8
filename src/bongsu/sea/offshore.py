"""Offshore: rows that lie away from every anchorage and quay the gazetteer knows."""

from __future__ import annotations

from collections.abc import Sequence

import ibis

from bongsu.sea.grid import cells_of, distances_km


def offshore(
    rows: ibis.Table, port_cells: ibis.Table, *, within_km: float, key: Sequence[str], at: tuple[str, str]
) -> ibis.Table:
    """The rows whose place lies farther than a distance from every anchorage point.

    Args:
        rows: any table.
        port_cells: the cells with a part within that distance of a point (`Sea.port_cells(within_km)`).
        within_km: the distance, kilometres.
        key: columns that name a row.
        at: the columns of its latitude and longitude, degrees.
    """
    # A view: a table may be held against the same points twice, by two of its places.
    points = port_cells.select("cell", port_lat=port_cells.latitude_deg, port_lon=port_cells.longitude_deg).view()
    latitude, longitude = rows[at[0]], rows[at[1]]
    here = rows.select(*key, near_lat=latitude, near_lon=longitude, cell=cells_of(latitude, longitude))
    met = here.join(points, "cell")
    near = met.filter(distances_km(met.near_lat, met.near_lon, met.port_lat, met.port_lon) <= within_km)
    return rows.anti_join(near.select(*key).view(), list(key)).select(*rows.columns)
