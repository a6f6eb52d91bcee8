"""Steps: how a ship came from the last report of one bin to the first of her next."""

from __future__ import annotations

import ibis

from bongsu.sea.bins import bin_s, into_s, place_in, placed, refolded
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, distances_km


def steps(bins: ibis.Table) -> ibis.Table:
    """The bins of each ship in order, each with the step that led to it.

    Args:
        bins: what `bins.bins` gave.

    Returns:
        The bins with
        `n`, the bin's number in the ship's row, from 0; `before_s`, `before_lat`, `before_lon`, the last report of her
        bin before, null in her first; `silent_s`, the seconds since it; `hop_km`, the distance from it; `hop_kn`, the
        speed that needs, null where no second passed.
    """
    return measured(joined(refolded(bins)))


def joined(folded: ibis.Table) -> ibis.Table:
    """Folded bins, each with the last report before it: what is worth keeping, in half the bytes of `steps`.

    Args:
        folded: what `bins.folded` gave.

    Returns:
        The same with `n`; `before`, `before_bin`, the last report of her bin before and the number of that.
    """
    track = ibis.window(group_by=folded.mmsi, order_by=folded.bin)
    return folded.mutate(
        n=ibis.row_number().over(track).cast("int32"),
        before=folded["last"].lag().over(track),
        before_bin=folded.bin.lag().over(track),
    )


def measured(joined: ibis.Table) -> ibis.Table:
    """What `steps` gives, of what `joined` gave."""
    before_lat, before_lon = place_in(joined.before)
    rows = placed(
        joined.mutate(
            n=joined.n.cast("int64"),
            before_s=bin_s(joined.before_bin) + into_s(joined.before),
            before_lat=before_lat,
            before_lon=before_lon,
        ).drop("before", "before_bin")
    )
    rows = rows.mutate(
        silent_s=rows.first_s - rows.before_s,
        hop_km=distances_km(rows.before_lat, rows.before_lon, rows.first_lat, rows.first_lon),
    )
    # As a float: a whole number by 3600.0 is a decimal of six places for Spark.
    hours = rows.silent_s.nullif(0).cast("float64") / 3600.0
    return rows.mutate(hop_kn=(rows.hop_km / KM_PER_NAUTICAL_MILE / hours).round(3))
