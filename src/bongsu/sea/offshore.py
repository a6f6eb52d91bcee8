"""Offshore: rows that lie away from every anchorage and quay that is known."""

from __future__ import annotations

from collections.abc import Sequence

import ibis

from bongsu.sea.grid import cells_of, distances_km


def offshore(rows: ibis.Table, points: ibis.Table, *, key: Sequence[str], at: tuple[str, str]) -> ibis.Table:
    """The rows whose place lies farther from every point than its limit.

    Args:
        rows: any table.
        points: `latitude_deg`, `longitude_deg`, `limit_km`, `cell`: for every point the cells with a part within its
            limit (`Sea.in_port`, `Sea.moorings`).
        key: columns that name a row.
        at: the columns of its latitude and longitude, degrees.
    """
    # A view: a table may be held against the same points twice, by two of its places.
    near = points.select("cell", "limit_km", near_lat=points.latitude_deg, near_lon=points.longitude_deg).view()
    latitude, longitude = rows[at[0]], rows[at[1]]
    here = rows.select(*key, here_lat=latitude, here_lon=longitude, cell=cells_of(latitude, longitude))
    met = here.join(near, "cell")
    inside = met.filter(distances_km(met.here_lat, met.here_lon, met.near_lat, met.near_lon) <= met.limit_km)
    return rows.anti_join(inside.select(*key).view(), list(key)).select(*rows.columns)
