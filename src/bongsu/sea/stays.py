"""Stays: calls at ports, by the state machine that Global Fishing Watch defines."""

from __future__ import annotations

from typing import Final

import ibis

from bongsu.sea.grid import distances_km

# Global Fishing Watch, pipe-anchorages: a ship enters a port within 3 km of an anchorage point, stops below 0.2 knots
# until she is above 0.5, and leaves it beyond 4 km; a silence of four hours or more inside counts as a stop.
ENTRY_KM: Final = 3.0
EXIT_KM: Final = 4.0
STOP_BEGINS_KN: Final = 0.2
STOP_ENDS_KN: Final = 0.5
GAP_IN_PORT_S: Final = 4 * 3600
# Who is heard farther than this from where she was last has shifted, whatever speed she reports: a ship swings at
# anchor within less (the founders' judgement).
_SHIFT_KM: Final = 1.0
# How near a ship is to a place, as one whole number: millimetres, the number of the place, whether it is a lock. The
# nearest is the least of these, the same for every engine.
_PLACE_BITS: Final = 13
_MM_PER_KM: Final = 1_000_000
# More than any such number: put on top of those of a port of the same State, which another State's go before.
_AT_HOME: Final = 1 << 50


def stays(steps: ibis.Table, call_cells: ibis.Table) -> ibis.Table:
    """Runs of bins in a row in which a ship was within 4 km of an anchorage point of a port, and once within 3; both
    grow by how far the point may be off.

    Where the circles of several ports hold her, each time that she stands is of one port alone: the one with the
    nearest of the points whose circles do. So a ship that lies at a quay does not lie at the next port too, whose place
    is only estimated, and one that passes a port on her way has no stop there. While she moves she may be in two stays
    at once.

    Args:
        steps: what `steps.steps` gave.
        call_cells: what `Gazetteer.call_cells` gave for 4 km.

    Returns:
        A table of
        `mmsi`, `port`; `from_s`, her first report within 3 km; `to_s`, her last within 4; `before_s`, her last report
        before she came within 4 km, null where the row begins with the stay; `first_n`, `last_n`; `heard`, in how many
        bins; `stopped`, in how many of these she was below 0.2 knots; `slowest_kn`; `moored`, whether a report said so
        while she did not move; `longest_silence_s` inside it; `place`, the number of the point of the port that she
        stood nearest to, `nearest_km`, how near, both of all the stay where she never stood; `at_lock`, whether she
        stood nowhere but at a lock; `other`, the number of the nearest place of another port within whose 3 km she
        stood too, another State's before one of the same, and `other_km`, both null where there is none.
    """
    return _runs(_at_one_port(_entered(_near(steps, call_cells))))


def callers(steps: ibis.Table, call_cells: ibis.Table) -> ibis.Table:
    """The ships that came within 3 km, and what a point may be off, of an anchorage point: column `mmsi`, each once.

    Args:
        steps: what `steps.steps` gave.
        call_cells: as of `stays`, of the ports that are asked about.
    """
    near = _in_reach(steps.select("mmsi", "cell", "first_lat", "first_lon"), call_cells)
    return near.filter(near.off_km <= ENTRY_KM).select("mmsi").distinct()


def _near(steps: ibis.Table, call_cells: ibis.Table) -> ibis.Table:
    """A row for every bin and port within 4 km: with how she moved, and the nearest of the port's places."""
    fast = ibis.coalesce(steps.least_kn, steps.hop_kn, 0.0) > STOP_ENDS_KN
    rows = steps.select(
        *("mmsi", "n", "cell", "first_s", "last_s", "before_s", "first_lat", "first_lon", "least_kn", "silent_s"),
        moored=steps.moored & ~fast,
        shifts=fast | (steps.hop_km > _SHIFT_KM).fill_null(False),
    )
    near = _in_reach(rows, call_cells)
    of_bin = ("mmsi", "n", "first_s", "last_s", "before_s", "least_kn", "silent_s", "moored", "shifts")
    return near.group_by(*of_bin, "port", "country").aggregate(
        nearest=_nearest(near.km, near.place, near.lock).min(), off_km=near.off_km.min()
    )


def _in_reach(rows: ibis.Table, call_cells: ibis.Table) -> ibis.Table:
    """Every row with every point within 4 km of it: with `km`, and with `off_km`, less what the point may be off."""
    met = rows.join(call_cells, "cell")
    near = met.mutate(km=distances_km(met.first_lat, met.first_lon, met.latitude_deg, met.longitude_deg))
    near = near.mutate(off_km=near.km - near.accuracy_km)
    return near.filter(near.off_km <= EXIT_KM)


def _entered(near: ibis.Table) -> ibis.Table:
    """The rows of runs of bins near a port in which she was once within 3 km."""
    track = ibis.window(group_by=[near.mmsi, near.port], order_by=near.n)
    numbered = near.mutate(run=near.n - ibis.row_number().over(track))
    run = ibis.window(group_by=[numbered.mmsi, numbered.port, numbered.run])
    rows = numbered.mutate(least_off_km=numbered.off_km.min().over(run))
    return rows.filter(rows.least_off_km <= ENTRY_KM).drop("run", "least_off_km")


def _at_one_port(near: ibis.Table) -> ibis.Table:
    """The rows without those of a bin in which she stood, or came to stand, at another port; with `stands`, `at_lock`
    and the place of `other`.
    """
    ship = ibis.window(group_by=near.mmsi, order_by=near.n)
    visits = near.mutate(visit=near.n - ibis.dense_rank().over(ship))
    visit = ibis.window(group_by=[visits.mmsi, visits.visit])
    visits = visits.mutate(comes=visits.n == visits.n.min().over(visit))
    upto = ibis.range_window(group_by=visits.mmsi, order_by=visits.n, following=0)
    rows = visits.mutate(
        stop=(visits.shifts | visits.comes).cast("int64").sum().over(upto),
        stands=(visits.least_kn < STOP_BEGINS_KN).fill_null(False)
        | visits.moored
        | (~visits.comes & (visits.silent_s >= GAP_IN_PORT_S)).fill_null(False),
    )
    stop = ibis.window(group_by=[rows.mmsi, rows.stop])
    rows = rows.mutate(best=ibis.ifelse(rows.stands, rows.nearest, ibis.null("int64")).min().over(stop))
    hers = rows.nearest == rows.best
    rows = rows.mutate(
        hers=ibis.ifelse(hers, rows.port, ibis.null("string")).min().over(stop),
        home=ibis.ifelse(hers, rows.country, ibis.null("string")).min().over(stop),
    )
    rival = rows.stands & (rows.port != rows.hers) & (rows.off_km <= ENTRY_KM)
    ranked = rows.nearest + ibis.ifelse(rows.country == rows.home, _AT_HOME, 0)
    rows = rows.mutate(
        at_lock=(rows.best % 2 == 1).fill_null(False),
        rival=ibis.ifelse(rival, ranked, ibis.null("int64")).min().over(stop),
    )
    return rows.filter(rows.hers.isnull() | (rows.port == rows.hers))


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
        standing=ibis.ifelse(numbered.stands, numbered.nearest, ibis.null("int64")),
    )
    found = rows.group_by("mmsi", "port", "run").aggregate(
        # Who comes from another port may have been in this one before: then from the first bin.
        from_s=ibis.coalesce(rows.entered.min(), rows.first_s.min()),
        to_s=rows.last_s.max(),
        before_s=rows.outside_s.min(),
        first_n=rows.n.min(),
        last_n=rows.n.max(),
        heard=rows.count(),
        stopped=(rows.least_kn < STOP_BEGINS_KN).fill_null(False).cast("int64").sum(),
        slowest_kn=rows.least_kn.min(),
        moored=rows.moored.cast("int8").max() == 1,
        longest_silence_s=rows.silence.max(),
        nearest=ibis.coalesce(rows.standing.min(), rows.nearest.min()),
        at_lock=(rows.stands.cast("int8").max() == 1) & ((rows.stands & ~rows.at_lock).cast("int8").max() == 0),
        rival=rows.rival.min(),
    )
    told = found.mutate(
        place=_place_of(found.nearest),
        nearest_km=_km_of(found.nearest),
        other=_place_of(found.rival % _AT_HOME),
        other_km=_km_of(found.rival % _AT_HOME),
    )
    return told.drop("run", "nearest", "rival")


def _nearest(km: ibis.Value, place: ibis.Value, lock: ibis.Value) -> ibis.Value:
    millimetres = (km * _MM_PER_KM + 0.5).floor().cast("int64")
    return millimetres * (1 << _PLACE_BITS) + place * 2 + lock.cast("int64")


def _place_of(nearest: ibis.Value) -> ibis.Value:
    return (nearest % (1 << _PLACE_BITS)) >> 1


def _km_of(nearest: ibis.Value) -> ibis.Value:
    return (nearest >> _PLACE_BITS).cast("float64") / _MM_PER_KM
