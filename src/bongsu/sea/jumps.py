"""Jumps: steps that no ship makes, and ships that are heard in two places at once."""

from __future__ import annotations

from typing import Final

import ibis

from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, distances_km

_DAY_S: Final = 86_400
# A ship that makes sixty knots is 0.17 degrees farther after a bin; what is narrower than this is not measured. Places
# that are no farther apart than so in both directions lie within 15 km.
_WIDE_DEG: Final = 0.095
_LEAST_KM: Final = 15.0
# A box of places that is wider than this lies across 180 degrees.
_ACROSS_DEG: Final = 180.0
_NEEDED: Final = (
    "mmsi",
    "bin_s",
    "before_s",
    "before_lat",
    "before_lon",
    "first_s",
    "first_lat",
    "first_lon",
    "last_s",
    "last_lat",
    "last_lon",
    "south",
    "north",
    "west",
    "east",
    "hop_km",
    "hop_kn",
)


def far(steps: ibis.Table) -> ibis.Table:
    """The bins, few of all, into which or in which she may have leapt: what `jumps` looks at.

    Args:
        steps: what `steps.steps` gave.
    """
    widths = [
        (steps.before_lat - steps.first_lat).abs(),
        (steps.before_lon - steps.first_lon).abs(),
        steps.north - steps.south,
        steps.east - steps.west,
    ]
    return steps.filter(ibis.or_(*[(width > _WIDE_DEG).fill_null(False) for width in widths])).select(*_NEEDED)


def jumps(far: ibis.Table, *, faster_kn: float, farther_km: float, at_once_s: int) -> ibis.Table:
    """The days of ships on which they leapt, and how.

    A leap is a way between two reports that needs more than a speed and is longer than a distance. She stays if she
    does not leap again for a while. A single report that is far off is neither a stay nor, by itself, a second place.

    Args:
        far: what `far` gave.
        faster_kn: the speed.
        farther_km: the distance, at least 15 km.
        at_once_s: how long she may be at one place at most before she is at the other, for both to be at once.

    Returns:
        A table of
        `mmsi`, `day_s`; `leaps`; `stayed`, leaps after which she stayed; `returns`, how often she came back, after at
        most `at_once_s`, from a place that she had come back from before; `from_s`, `to_s`, the first and last report
        of all; `most_kn`, `most_km`; `lat`, `lon`, where the first of all began.

    Raises:
        ValueError: less than 15 km.
    """
    if farther_km < _LEAST_KM:
        raise ValueError(f"what is nearer than {_LEAST_KM} km is not looked at, and {farther_km} is asked")
    leaps = _judged(_leaps(far, faster_kn, farther_km), at_once_s)
    return _days(ibis.union(leaps, _repeated(far, farther_km)))


def _leaps(rows: ibis.Table, faster_kn: float, farther_km: float) -> ibis.Table:
    """Leaps between bins and from the first to the last report within one."""
    between = rows.filter(((rows.hop_kn > faster_kn) & (rows.hop_km > farther_km)).fill_null(False)).select(
        "mmsi",
        from_s=rows.before_s,
        from_lat=rows.before_lat,
        from_lon=rows.before_lon,
        to_s=rows.first_s,
        to_lat=rows.first_lat,
        to_lon=rows.first_lon,
        km=rows.hop_km,
        kn=rows.hop_kn,
    )
    measured = rows.mutate(km=distances_km(rows.first_lat, rows.first_lon, rows.last_lat, rows.last_lon))
    hours = (measured.last_s - measured.first_s).nullif(0).cast("float64") / 3600.0
    measured = measured.mutate(kn=(measured.km / KM_PER_NAUTICAL_MILE / hours).round(3))
    within = measured.filter(((measured.kn > faster_kn) & (measured.km > farther_km)).fill_null(False)).select(
        "mmsi",
        from_s=measured.first_s,
        from_lat=measured.first_lat,
        from_lon=measured.first_lon,
        to_s=measured.last_s,
        to_lat=measured.last_lat,
        to_lon=measured.last_lon,
        km=measured.km,
        kn=measured.kn,
    )
    return ibis.union(between, within)


def _judged(leaps: ibis.Table, at_once_s: int) -> ibis.Table:
    """Each leap with whether she stayed after it, and whether it came back from a place that she had been at before."""
    track = ibis.window(group_by=leaps.mmsi, order_by=[leaps.to_s, leaps.from_s])
    rows = leaps.mutate(
        stay_s=leaps.from_s.lead().over(track) - leaps.to_s,
        away_s=leaps.from_s - leaps.to_s.lag().over(track),
        back_km=distances_km(
            leaps.to_lat, leaps.to_lon, leaps.from_lat.lag().over(track), leaps.from_lon.lag().over(track)
        ),
    )
    back = ((rows.back_km < rows.km / 2) & (rows.away_s <= at_once_s)).fill_null(False)
    stays = (rows.stay_s > at_once_s).fill_null(False) & ~back
    # Where she came back from: the same as the last time or, if both ways are told as coming back, the time before.
    came = rows.mutate(back=back.cast("int64"), stayed=stays.cast("int64"))
    of_kind = ibis.window(group_by=[came.mmsi, came.back], order_by=[came.to_s, came.from_s])
    again = ibis.or_(
        *[
            distances_km(
                came.from_lat, came.from_lon, came.from_lat.lag(ago).over(of_kind), came.from_lon.lag(ago).over(of_kind)
            )
            < came.km / 2
            for ago in (1, 2)
        ]
    )
    return came.select(
        "mmsi",
        "stayed",
        "from_s",
        "to_s",
        "km",
        "kn",
        leaps=ibis.literal(1, "int64"),
        returns=((came.back == 1) & again.fill_null(False)).cast("int64"),
        lat=came.from_lat,
        lon=came.from_lon,
    )


def _repeated(rows: ibis.Table, farther_km: float) -> ibis.Table:
    """Bins in which she was far off and back, as in another such bin before: with one leap there and one back."""
    wide = ibis.greatest(rows.north - rows.south, rows.east - rows.west)
    boxes = rows.filter(wide < _ACROSS_DEG)
    boxes = boxes.mutate(
        km=distances_km(boxes.south, boxes.west, boxes.north, boxes.east),
        ends_km=distances_km(boxes.first_lat, boxes.first_lon, boxes.last_lat, boxes.last_lon),
    )
    boxes = boxes.filter((boxes.km > farther_km) & (boxes.ends_km < boxes.km / 2))
    track = ibis.window(group_by=boxes.mmsi, order_by=boxes.bin_s)
    apart = ibis.greatest(
        *[(boxes[side] - boxes[side].lag().over(track)).abs() for side in ("south", "north", "west", "east")]
    )
    size = ibis.greatest(boxes.north - boxes.south, boxes.east - boxes.west)
    return boxes.select(
        "mmsi",
        stayed=ibis.literal(0, "int64"),
        from_s=boxes.first_s,
        to_s=boxes.last_s,
        km=boxes.km,
        kn=ibis.literal(0.0),
        leaps=ibis.literal(2, "int64"),
        returns=(apart < size / 2).fill_null(False).cast("int64"),
        lat=boxes.first_lat,
        lon=boxes.first_lon,
    )


def _days(leaps: ibis.Table) -> ibis.Table:
    rows = leaps.mutate(day_s=leaps.to_s - leaps.to_s % _DAY_S)
    of_day = ibis.window(group_by=[rows.mmsi, rows.day_s], order_by=[rows.to_s, rows.from_s, rows.km])
    rows = rows.mutate(begin_lat=rows.lat.first().over(of_day), begin_lon=rows.lon.first().over(of_day))
    return rows.group_by("mmsi", "day_s").aggregate(
        leaps=rows.leaps.sum().cast("int64"),
        stayed=rows.stayed.sum().cast("int64"),
        returns=rows.returns.sum().cast("int64"),
        from_s=rows.from_s.min(),
        to_s=rows.to_s.max(),
        most_kn=rows.kn.max(),
        most_km=rows.km.max(),
        lat=rows.begin_lat.min(),
        lon=rows.begin_lon.min(),
    )
