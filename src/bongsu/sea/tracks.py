"""Tracks: shapes that no ship makes, found in the steps of all ships at once."""

from __future__ import annotations

from typing import Final

import ibis

from bongsu.sea.grid import METRES_PER_DEGREE, distances_km

DAY_S: Final = 86_400
HOUR_S: Final = 3600
# Three hours: eighteen bins.
BLOCK_S: Final = 3 * HOUR_S
_PER_DEGREE: Final = 100_000  # of places in bins
# Between reports farther apart in time than this nothing is said of the way.
_SILENT_S: Final = 1800
# Squares of displacement within an hour, in parts of a degree: far wider than what two copies differ by.
_SQUARE: Final = 256
_MANY: Final = 1_000_000
# By which share of its radius a first guess of a circle may be wrong.
_GUESS: Final = 0.4
# Two or three times what a receiver of satellites errs by.
_ERROR_KM: Final = 0.025
_NEAR_KM2: Final = 0.01  # places within a hundred metres of each other say nothing of a way


def moving(steps: ibis.Table, least_kn: float) -> ibis.Table:
    """The bins all of whose reports gave a speed of at least so much."""
    return steps.filter(steps.least_kn >= least_kn)


def frozen(steps: ibis.Table, *, least_kn: float, bins: int, lasting_s: int) -> ibis.Table:
    """Ships that said they were under way and sent one and the same place.

    Args:
        steps: what `steps.steps` gave.
        least_kn: the least speed they gave.
        bins: in how many bins at least.
        lasting_s: for how long at least.

    Returns:
        A table of `mmsi`, `lat`, `lon`, `bins`, `from_s`, `to_s`, `least_kn`, `most_kn`.
    """
    still = (steps.before_lat == steps.first_lat) & (steps.before_lon == steps.first_lon)
    still = still & (steps.south == steps.north) & (steps.west == steps.east)
    rows = moving(steps.filter(still), least_kn)
    rows = rows.select("mmsi", "before_s", "last_s", "least_kn", "most_kn", lat=rows.first_lat, lon=rows.first_lon)
    runs = rows.group_by("mmsi", "lat", "lon").aggregate(
        bins=rows.count(),
        from_s=rows.before_s.min(),
        to_s=rows.last_s.max(),
        least_kn=rows.least_kn.min(),
        most_kn=rows.most_kn.max(),
    )
    return runs.filter((runs.bins >= bins) & (runs.to_s - runs.from_s >= lasting_s))


def lines(steps: ibis.Table, *, least_kn: float, bins: int, off: float) -> ibis.Table:
    """Blocks of three hours in which a ship went in a straight line, at one speed, to the metre.

    Of each bin three reports count: the last before it, its first and its last. The middle one must lie where one that
    goes evenly from the first to the last would be at that second.

    Args:
        steps: what `steps.steps` gave.
        least_kn: the least speed of every report.
        bins: how many bins of a block at least (it has eighteen).
        off: how far the middle may lie off, in 100 000ths of a degree; twice that is allowed for the others.

    Returns:
        A table of `mmsi`, `block_s`; `bins`; `from_s`, `to_s`; `lat`, `lon`, the southernmost and westernmost place;
        `north`, `east`, the speed, in 100 000ths of a degree an hour.
    """
    rows = moving(steps.filter((steps.silent_s > 0) & (steps.silent_s <= _SILENT_S)), least_kn)
    rows = rows.filter(rows.last_s > rows.first_s)
    rows = rows.mutate(inner_s=rows.last_s - rows.first_s)
    for name in ("lat", "lon"):
        come = _whole(rows[f"first_{name}"] - rows[f"before_{name}"])
        rows = rows.mutate(**{f"{name}_come": come, f"{name}_go": _whole(rows[f"last_{name}"] - rows[f"first_{name}"])})
        uneven = rows[f"{name}_come"] * rows.inner_s - rows[f"{name}_go"] * rows.silent_s
        rows = rows.filter(uneven.abs() <= (rows.silent_s + rows.inner_s) * off)
    seconds = rows.silent_s + rows.inner_s
    rows = rows.mutate(
        block_s=rows.bin_s - rows.bin_s % BLOCK_S,
        north=((rows.lat_come + rows.lat_go) * HOUR_S / seconds).round().cast("int64"),
        east=((rows.lon_come + rows.lon_go) * HOUR_S / seconds).round().cast("int64"),
    )
    blocks = rows.group_by("mmsi", "block_s").aggregate(
        bins=rows.count(),
        from_s=rows.before_s.min(),
        to_s=rows.last_s.max(),
        lat=rows.first_lat.min(),
        lon=rows.first_lon.min(),
        north=rows.north.min(),
        east=rows.east.min(),
        north_most=rows.north.max(),
        east_most=rows.east.max(),
    )
    # A place may be off by so much at both ends of the ten minutes or so of a bin.
    alike = off * 2 * 12
    least = int(least_kn / 60 * _PER_DEGREE / 2)
    return blocks.filter(
        ((blocks.north.abs() >= least) | (blocks.east.abs() >= least))
        & (blocks.bins >= bins)
        & (blocks.north_most - blocks.north <= alike)
        & (blocks.east_most - blocks.east <= alike)
    ).drop("north_most", "east_most")


def circles(
    steps: ibis.Table, *, least_kn: float, least_km: float, most_km: float, uneven: float, bins: int, eighths: int
) -> ibis.Table:
    """Days on which a ship went round on a circle.

    Three places have one circle through them. Where those of many bins of a day have their middle in one place, the
    bins that lie on the ring about it are counted. Rounds that take nearly a whole number of bins, up to five, may be
    missed: her places at the ends of bins are then always the same few.

    Args:
        steps: what `steps.steps` gave.
        least_kn: the least speed of every report.
        least_km: the least radius.
        most_km: the greatest.
        uneven: how far from the ring a place may lie, as a share of the radius.
        bins: how many bins in a row lie on it at least.
        eighths: on how many of its eighths at least.

    Returns:
        A table of `mmsi`, `day_s`; `lat`, `lon`, the middle; `radius_km`; `bins`; `eighths`; `from_s`, `to_s`.
    """
    rows = moving(steps.filter((steps.silent_s > 0) & (steps.silent_s <= _SILENT_S)), least_kn).select(
        "mmsi",
        "bin_s",
        "before_lat",
        "before_lon",
        "first_s",
        "first_lat",
        "first_lon",
        "last_s",
        "last_lat",
        "last_lon",
    )
    placed = rows.mutate(day_s=rows.bin_s - rows.bin_s % DAY_S)
    fitted = _fitted(placed.join(_seeds(rows, least_km, most_km, bins), ["mmsi", "day_s"]))
    # Two guesses may come to one circle.
    met = placed.join(fitted.distinct(), ["mmsi", "day_s"])
    first_km = distances_km(met.first_lat, met.first_lon, met.lat, met.lon)
    last_km = distances_km(met.last_lat, met.last_lon, met.lat, met.lon)
    off = met.radius_km * uneven
    ring = met.filter(((first_km - met.radius_km).abs() <= off) & ((last_km - met.radius_km).abs() <= off))
    ring = _in_a_row(ring.filter(ring.radius_km.between(least_km, most_km)))
    ends = _with_eighths(ring)
    days = ends.group_by("mmsi", "day_s", "run", "lat", "lon", "radius_km").aggregate(
        bins=ends.bin_s.nunique(), eighths=ends.eighth.nunique(), from_s=ends.at_s.min(), to_s=ends.at_s.max()
    )
    return days.filter((days.bins >= bins) & (days.eighths >= eighths)).drop("run")


def _with_eighths(ring: ibis.Table) -> ibis.Table:
    """The ends of the bins on a ring, each with the eighth of the ring that it lies on."""
    ends = ibis.union(
        *[
            ring.select(
                "mmsi",
                "day_s",
                "bin_s",
                "run",
                "lat",
                "lon",
                "radius_km",
                at_s=ring[f"{end}_s"],
                north=ring[f"{end}_lat"] - ring.lat,
                east=(ring[f"{end}_lon"] - ring.lon) * ring.lat.radians().cos(),
            )
            for end in ("first", "last")
        ]
    )
    quarter = (ends.north > 0).cast("int64") * 2 + (ends.east > 0).cast("int64")
    return ends.mutate(eighth=quarter * 2 + (ends.north.abs() > ends.east.abs()).cast("int64"))


def _in_a_row(ring: ibis.Table) -> ibis.Table:
    """The bins on a ring with the number of their run: it ends where she was off the ring for half an hour."""
    key = [ring.mmsi, ring.day_s, ring.lat, ring.lon, ring.radius_km]
    begins = ring.bin_s - ring.bin_s.lag().over(ibis.window(group_by=key, order_by=ring.bin_s)) > _SILENT_S
    marked = ring.mutate(begin=begins.fill_null(True).cast("int64"))
    key = [marked.mmsi, marked.day_s, marked.lat, marked.lon, marked.radius_km]
    return marked.mutate(run=marked.begin.sum().over(ibis.cumulative_window(group_by=key, order_by=marked.bin_s)))


def _fitted(met: ibis.Table) -> ibis.Table:
    """The circle through the places of a day that lie somewhere near a first guess of it.

    The algebraic fit of Kasa, A circle fitting procedure and its error analysis, IEEE Transactions on Instrumentation
    and Measurement 25 (1976); its sums are of whole metres, so that the order of the rows does not matter.
    """
    wide = met.lat.radians().cos() * METRES_PER_DEGREE
    near = met.mutate(
        x=((met.first_lon - met.lon) * wide).round().cast("int64"),
        y=((met.first_lat - met.lat) * METRES_PER_DEGREE).round().cast("int64"),
    )
    near = near.mutate(z=near.x * near.x + near.y * near.y)
    metres = near.radius_km * 1000
    inner, outer = metres * (1 - _GUESS), metres * (1 + _GUESS)
    near = near.filter((near.z >= inner * inner) & (near.z <= outer * outer))
    products = {"x": near.x, "y": near.y, "xx": near.x * near.x, "yy": near.y * near.y, "xy": near.x * near.y}
    products |= {"xz": near.x * near.z, "yz": near.y * near.z}
    near = near.mutate(**{f"of_{name}": product for name, product in products.items()})
    sums = near.group_by("mmsi", "day_s", "lat", "lon", "radius_km").aggregate(
        count=near.count().cast("float64"),
        **{f"sum_{name}": near[f"of_{name}"].sum().cast("float64") for name in products},
    )
    x, y, n = sums.sum_x, sums.sum_y, sums["count"]
    z = sums.sum_xx + sums.sum_yy
    u, v, w = sums.sum_xx - x * x / n, sums.sum_yy - y * y / n, sums.sum_xy - x * y / n
    p, q = sums.sum_xz - x * z / n, sums.sum_yz - y * z / n
    twice = ((u * v - w * w) * 2).nullif(0)
    east, north = (p * v - q * w) / twice, (q * u - p * w) / twice
    fitted = sums.mutate(east=east, north=north, r2=east * east + north * north + (z - (east * x + north * y) * 2) / n)
    wide = fitted.lat.radians().cos() * METRES_PER_DEGREE
    return fitted.filter(fitted.r2 > 0).select(
        "mmsi",
        "day_s",
        lat=(fitted.lat + fitted.north / METRES_PER_DEGREE).round(5),
        lon=(fitted.lon + fitted.east / wide).round(5),
        radius_km=(fitted.r2.sqrt() / 1000).round(3),
    )


def _seeds(rows: ibis.Table, least_km: float, most_km: float, bins: int) -> ibis.Table:
    """Middles and radii that the circles of several bins of a day share."""
    wide = rows.first_lat.radians().cos() * (METRES_PER_DEGREE / 1000)
    high = METRES_PER_DEGREE / 1000
    flat = rows.mutate(
        ax=(rows.before_lon - rows.first_lon) * wide,
        ay=(rows.before_lat - rows.first_lat) * high,
        bx=(rows.last_lon - rows.first_lon) * wide,
        by=(rows.last_lat - rows.first_lat) * high,
    )
    cross = flat.ax * flat.by - flat.ay * flat.bx
    a2 = flat.ax * flat.ax + flat.ay * flat.ay
    b2 = flat.bx * flat.bx + flat.by * flat.by
    # What is nearly straight is left out first: where the middle place lies no farther from the line between the others
    # than a receiver errs.
    chord2 = (flat.ax - flat.bx) * (flat.ax - flat.bx) + (flat.ay - flat.by) * (flat.ay - flat.by)
    bent = flat.mutate(cross=cross, a2=a2, b2=b2).filter(cross * cross > chord2 * (_ERROR_KM * _ERROR_KM))
    bent = bent.filter((bent.cross != 0) & (bent.a2 > _NEAR_KM2) & (bent.b2 > _NEAR_KM2))
    bent = bent.mutate(
        x=(bent.by * bent.a2 - bent.ay * bent.b2) / (bent.cross * 2),
        y=(bent.ax * bent.b2 - bent.bx * bent.a2) / (bent.cross * 2),
    )
    bent = bent.mutate(r2=bent.x * bent.x + bent.y * bent.y)
    bent = bent.filter(bent.r2.between(least_km * least_km, most_km * most_km))
    radius = bent.r2.sqrt()
    bent = bent.mutate(
        radius=radius,
        # Below one, four, sixteen kilometres and above: squares of that size hold the middles of one circle.
        size=ibis.cases((radius < 1, 1.0), (radius < 4, 4.0), (radius < 16, 16.0), else_=64.0),
        mid_lat=bent.first_lat + bent.y / high,
        mid_lon=bent.first_lon + bent.x / (bent.first_lat.radians().cos() * high),
        day_s=bent.bin_s - bent.bin_s % DAY_S,
    )
    placed = bent.select(
        "mmsi",
        "day_s",
        "size",
        row=(bent.mid_lat * high / bent.size).floor().cast("int64"),
        column=(bent.mid_lon * high / bent.size).floor().cast("int64"),
        lat=_whole(bent.mid_lat),
        lon=_whole(bent.mid_lon),
        metres=(bent.radius * 1000).round().cast("int64"),
    )
    found = placed.group_by("mmsi", "day_s", "size", "row", "column").aggregate(
        rows=placed.count(), lat=placed.lat.sum(), lon=placed.lon.sum(), metres=placed.metres.sum()
    )
    # A circle's middles may fall into four squares, and into two sizes.
    found = found.filter(found.rows >= max(3, bins // 3))
    return found.select(
        "mmsi",
        "day_s",
        lat=(found.lat / found.rows).round() / _PER_DEGREE,
        lon=(found.lon / found.rows).round() / _PER_DEGREE,
        radius_km=(found.metres / found.rows).round() / 1000.0,
    )


def hours(steps: ibis.Table, *, least_kn: float) -> ibis.Table:
    """How far ships went from one full hour to the next, where they were under way.

    Args:
        steps: what `steps.steps` gave.
        least_kn: the least speed of the reports at the hour, and of the way.

    Returns:
        A table of `mmsi`; `hour_s`, the second hour; `at_s`, the first report after it, `since_s`, that after the first
        hour; `lat`, `lon`, where she was at the second hour, on the way between two reports; `north`, `east`, how far
        she went, in 100 000ths of a degree.
    """
    rows = steps.filter((steps.bin_s % HOUR_S == 0) & (steps.silent_s > 0) & (steps.silent_s <= _SILENT_S))
    rows = moving(rows, least_kn)
    gone = (rows.bin_s - rows.before_s) / rows.silent_s
    rows = rows.select(
        "mmsi",
        hour_s=rows.bin_s,
        at_s=rows.first_s,
        row=_whole(rows.before_lat + (rows.first_lat - rows.before_lat) * gone),
        column=_whole(rows.before_lon + (rows.first_lon - rows.before_lon) * gone),
    )
    track = ibis.window(group_by=rows.mmsi, order_by=rows.hour_s)
    rows = rows.mutate(
        since=rows.hour_s.lag().over(track),
        since_s=rows.at_s.lag().over(track),
        north=rows.row - rows.row.lag().over(track),
        east=rows.column - rows.column.lag().over(track),
    )
    rows = rows.filter(rows.since == rows.hour_s - HOUR_S)
    least = int(least_kn / 60 * _PER_DEGREE)
    rows = rows.filter((rows.north.abs() >= least) | (rows.east.abs() >= least))
    return rows.select(
        "mmsi",
        "hour_s",
        "at_s",
        "since_s",
        "north",
        "east",
        lat=rows.row.cast("float64") / _PER_DEGREE,
        lon=rows.column.cast("float64") / _PER_DEGREE,
    )


def copies(hours: ibis.Table, *, off: int, apart_km: float, hours_least: int) -> ibis.Table:
    """Two ships that went the same way in the same hour, though they are far apart.

    Args:
        hours: what `hours` gave, kept.
        off: by how much their ways differ at most, in 100 000ths of a degree, at most a quarter of 256.
        apart_km: how far apart they are at least.
        hours_least: in how many hours at least.

    Returns:
        A table of `mmsi`, `partner`, the lesser first; `hour_s`; `at_s`, `partner_at_s`, `since_s`, `partner_since_s`,
        as `hours` has them; `lat`, `lon`; `apart_km`; `north`, `east`.
    """
    near = []
    # Each way once, and again in the square beside it if that is no farther than `off`.
    for south, west in ((0, 0), (0, 1), (1, 0), (1, 1)):
        rows = hours.mutate(
            row=_square(hours.north + (2 * south - 1) * off), column=_square(hours.east + (2 * west - 1) * off)
        )
        if south:
            rows = rows.filter(_square(rows.north - off) != rows.row)
        if west:
            rows = rows.filter(_square(rows.east - off) != rows.column)
        near.append(rows.select(*hours.columns, square=rows.row * _MANY + rows.column))
    own = hours.select(
        "hour_s",
        square=_square(hours.north) * _MANY + _square(hours.east),
        partner=hours.mmsi,
        partner_at_s=hours.at_s,
        partner_since_s=hours.since_s,
        partner_lat=hours.lat,
        partner_lon=hours.lon,
        partner_north=hours.north,
        partner_east=hours.east,
    ).view()
    met = ibis.union(*near).join(own, ["hour_s", "square"])
    met = met.filter(
        (met.mmsi < met.partner)
        & ((met.north - met.partner_north).abs() <= off)
        & ((met.east - met.partner_east).abs() <= off)
    )
    met = met.mutate(apart_km=distances_km(met.lat, met.lon, met.partner_lat, met.partner_lon))
    far = met.filter(met.apart_km >= apart_km)
    pairs = ibis.window(group_by=[far.mmsi, far.partner])
    counted = far.mutate(hours=far.count().over(pairs))
    return counted.filter(counted.hours >= hours_least)


def _whole(degrees: ibis.Value) -> ibis.Value:
    return (degrees * _PER_DEGREE + 0.5).floor().cast("int64")


def _square(whole: ibis.Value) -> ibis.Value:
    # Floored: the remainder of a negative number is negative for some engines.
    return (whole.cast("float64") / _SQUARE).floor().cast("int64")
