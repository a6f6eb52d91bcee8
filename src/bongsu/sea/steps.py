"""Steps: how a ship came from the last report of one bin to the first of her next."""

from __future__ import annotations

import ibis

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
    track = ibis.window(group_by=bins.mmsi, order_by=bins.bin_s)
    joined = bins.mutate(
        n=ibis.row_number().over(track),
        before_s=bins.last_s.lag().over(track),
        before_lat=bins.last_lat.lag().over(track),
        before_lon=bins.last_lon.lag().over(track),
    )
    measured = joined.mutate(
        silent_s=joined.first_s - joined.before_s,
        hop_km=distances_km(joined.before_lat, joined.before_lon, joined.first_lat, joined.first_lon),
    )
    # As a float: a whole number by 3600.0 is a decimal of six places for Spark.
    hours = measured.silent_s.nullif(0).cast("float64") / 3600.0
    return measured.mutate(hop_kn=(measured.hop_km / KM_PER_NAUTICAL_MILE / hours).round(3))
