"""Meetings: two ships slow beside each other, away from port."""

from __future__ import annotations

from typing import Final

import ibis

from bongsu.sea.bins import BIN_S
from bongsu.sea.grid import beside, distances_km

# Squares for pairs: 0.005 degrees from south to north are 556 m, 0.025 from west to east more than 500 m up to 79.5
# degrees of latitude; no meeting is looked for beyond that. Ships do meet off Svalbard, at 78 degrees.
_ROWS_PER_DEGREE: Final = 200
_COLUMNS_PER_DEGREE: Final = 40
_COLUMNS: Final = 360 * _COLUMNS_PER_DEGREE  # around the earth: the last has the first for its neighbour
NORTHERNMOST_DEG: Final = 79.5
# Half of the eight neighbours, and the square itself: each pair of squares is met once.
_NEIGHBOURS: Final = ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1))


def meetings(slow: ibis.Table, *, masked: ibis.Table, within_km: float, pause_s: int) -> ibis.Table:
    """Runs of bins in which the same two ships were slow and within a distance of each other.

    Args:
        slow: the bins in which ships were slow (`Sea.slow`).
        masked: cells (column `cell`) in which no meeting is looked for, such as those that lie wholly in a port.
        within_km: the greatest distance, at most 0.5 km.
        pause_s: how long the two may not be seen so and it is still one meeting.

    Returns:
        A table of
        `mmsi`, `partner`, the lesser MMSI first; `from_s`, `to_s`, the first and last report of either in it; `heard`,
        in how many bins both were; `nearest_km`, `farthest_km`, between the middles of their bins; `lat`, `lon`, the
        place of the first ship in the first of these bins; `moored`, whether both said at anchor or moored once.

    Raises:
        ValueError: a distance above half a kilometre, which the squares would not find whole.
    """
    if within_km > 0.5:
        raise ValueError(f"the squares find pairs within 0.5 km, not within {within_km}")
    rows = slow.anti_join(masked, "cell")
    rows = rows.filter(rows.lat.abs() <= NORTHERNMOST_DEG)
    row = (rows.lat * _ROWS_PER_DEGREE).floor().cast("int64")
    column = ((rows.lon + 180.0) * _COLUMNS_PER_DEGREE).floor().cast("int64") % _COLUMNS
    placed = rows.select("mmsi", "bin_s", "lat", "lon", "first_s", "last_s", "moored", row=row, column=column)
    return _runs(_pairs(placed, within_km), pause_s)


def _pairs(placed: ibis.Table, within_km: float) -> ibis.Table:
    """Two ships in one bin and neighbouring squares, once each, the lesser MMSI first."""
    north, east = zip(*_NEIGHBOURS, strict=True)
    around = beside(placed, north=north, east=east)
    around = around.mutate(
        row=around.row + around.north,
        column=(around.column + (around.east + _COLUMNS)) % _COLUMNS,
        own=(around.north == 0) & (around.east == 0),
    )
    met = around.join(placed, ["bin_s", "row", "column"], rname="other_{name}")
    met = met.filter((met.mmsi < met.other_mmsi) | (~met.own & (met.mmsi != met.other_mmsi)))
    near = met.mutate(km=distances_km(met.lat, met.lon, met.other_lat, met.other_lon))
    near = near.filter(near.km <= within_km)
    first = near.mmsi < near.other_mmsi
    return near.select(
        "bin_s",
        "km",
        mmsi=ibis.ifelse(first, near.mmsi, near.other_mmsi),
        partner=ibis.ifelse(first, near.other_mmsi, near.mmsi),
        lat=ibis.ifelse(first, near.lat, near.other_lat),
        lon=ibis.ifelse(first, near.lon, near.other_lon),
        from_s=ibis.least(near.first_s, near.other_first_s),
        to_s=ibis.greatest(near.last_s, near.other_last_s),
        moored=near.moored & near.other_moored,
    )


def _runs(pairs: ibis.Table, pause_s: int) -> ibis.Table:
    track = ibis.window(group_by=[pairs.mmsi, pairs.partner], order_by=pairs.bin_s)
    begins = (pairs.bin_s - pairs.bin_s.lag().over(track)) > pause_s + BIN_S
    marked = pairs.mutate(begin=begins.fill_null(True).cast("int64"))
    upto = ibis.cumulative_window(group_by=[marked.mmsi, marked.partner], order_by=marked.bin_s)
    numbered = marked.mutate(run=marked.begin.sum().over(upto))
    of_run = ibis.window(group_by=[numbered.mmsi, numbered.partner, numbered.run], order_by=numbered.bin_s)
    rows = numbered.mutate(first_lat=numbered.lat.first().over(of_run), first_lon=numbered.lon.first().over(of_run))
    return (
        rows.group_by("mmsi", "partner", "run")
        .aggregate(
            from_s=rows.from_s.min(),
            to_s=rows.to_s.max(),
            heard=rows.count(),
            nearest_km=rows.km.min(),
            farthest_km=rows.km.max(),
            lat=rows.first_lat.min(),
            lon=rows.first_lon.min(),
            moored=rows.moored.cast("int8").max() == 1,
        )
        .drop("run")
    )
