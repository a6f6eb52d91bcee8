"""Stays: calls at ports, by the state machine that Global Fishing Watch defines."""

from __future__ import annotations

from typing import Final

import ibis

from bongsu.sea.grid import distances_km

# Global Fishing Watch, pipe-anchorages: a ship enters a port within 3 km of an anchorage point, stops below 0.2 knots
# until she is above 0.5, and leaves it beyond 4 km.
ENTRY_KM: Final = 3.0
EXIT_KM: Final = 4.0
STOP_BEGINS_KN: Final = 0.2
STOP_ENDS_KN: Final = 0.5


def stays(steps: ibis.Table, call_cells: ibis.Table) -> ibis.Table:
    """Runs of bins in a row in which a ship was within 4 km of an anchorage point of a port, and once within 3; both
    grow by how far the point may be off.

    Where ports lie close together a ship may be in two of them at once: the reader takes the nearer (`nearest_km`).

    Args:
        steps: what `steps.steps` gave.
        call_cells: `port`, `latitude_deg`, `longitude_deg`, `cell`, `accuracy_km`: for every anchorage point the cells
            that have a part within 4 km of it and what it may be off.

    Returns:
        A table of
        `mmsi`, `port`; `from_s`, her first report within 3 km; `to_s`, her last within 4; `before_s`, her last report
        before she came within 4 km, null where the row begins with the stay; `first_n`, `last_n`; `heard`, in how many
        bins; `stopped`, in how many of these she was below 0.2 knots; `slowest_kn`; `moored`; `longest_silence_s`
        inside it; `nearest_km`.
    """
    rows = steps.select(
        "mmsi", "n", "cell", "first_s", "last_s", "before_s", "first_lat", "first_lon", "least_kn", "moored", "silent_s"
    )
    met = rows.join(call_cells, "cell")
    near = met.mutate(km=distances_km(met.first_lat, met.first_lon, met.latitude_deg, met.longitude_deg))
    near = near.mutate(off_km=near.km - near.accuracy_km)
    near = near.filter(near.off_km <= EXIT_KM)
    whole = near.group_by(
        "mmsi", "port", "n", "first_s", "last_s", "before_s", "first_lat", "first_lon", "least_kn", "moored", "silent_s"
    ).aggregate(km=near.km.min(), off_km=near.off_km.min())
    return _runs(whole)


def _runs(near: ibis.Table) -> ibis.Table:
    track = ibis.window(group_by=[near.mmsi, near.port], order_by=near.n)
    numbered = near.mutate(run=near.n - ibis.row_number().over(track))
    run = ibis.window(group_by=[numbered.mmsi, numbered.port, numbered.run], order_by=numbered.n)
    inside = numbered.off_km <= ENTRY_KM
    rows = numbered.mutate(
        entered=ibis.ifelse(inside, numbered.first_s, ibis.null("int64")),
        # What came before the run's first bin happened elsewhere; what came before the others happened here.
        silence=ibis.ifelse(ibis.row_number().over(run) > 0, numbered.silent_s, 0),
        outside_s=ibis.ifelse(ibis.row_number().over(run) > 0, ibis.null("int64"), numbered.before_s),
    )
    found = rows.group_by("mmsi", "port", "run").aggregate(
        from_s=rows.entered.min(),
        to_s=rows.last_s.max(),
        before_s=rows.outside_s.min(),
        first_n=rows.n.min(),
        last_n=rows.n.max(),
        heard=rows.count(),
        stopped=(rows.least_kn < STOP_BEGINS_KN).fill_null(False).cast("int64").sum(),
        slowest_kn=rows.least_kn.min(),
        moored=rows.moored.cast("int8").max() == 1,
        longest_silence_s=rows.silence.max(),
        nearest_km=rows.km.min(),
    )
    return found.filter(found.from_s.notnull()).drop("run")
