"""Hours: when a ship was heard, and where first in each. Enough for silences, and a sixth of the rows of bins."""

from __future__ import annotations

from typing import Final

import ibis

from bongsu.sea.bins import BIN_S, bin_s, into_s, later, packed, place_in, whole_place
from bongsu.tables.moments import seconds

HOUR_S: Final = 3600
_BINS: Final = HOUR_S // BIN_S


def hourly(positions: ibis.Table) -> ibis.Table:
    """One row per ship and hour in which she was heard, made of minima, maxima and unions alone, as bins are.

    Args:
        positions: rows of `Position`.

    Returns:
        A table of
        `mmsi`; `hour_s`, the hour's beginning in seconds since 1970; `first`, `last`, her first and last report in it,
        each as one number (`bins.packed`); `heard`, a bit for each of its six bins in which she was heard, the first
        the lowest.
    """
    second = seconds(positions["at"])
    into = second % HOUR_S
    rows = positions.select(
        mmsi=positions.mmsi.cast("int32"),
        hour_s=second - into,
        report=packed(into, *whole_place(positions.latitude_deg, positions.longitude_deg)),
        heard=_bit(into),
    )
    return rows.group_by("mmsi", "hour_s").aggregate(
        first=rows.report.min(), last=rows.report.max(), heard=_any_bit(rows.heard)
    )


def hourly_of_bins(folded: ibis.Table) -> ibis.Table:
    """What `hourly` gives, of the bins of the same positions (`bins.folded`)."""
    second = bin_s(folded.bin)
    into = second % HOUR_S
    rows = folded.select(
        "mmsi",
        hour_s=second - into,
        first=later(folded["first"], into),
        last=later(folded["last"], into),
        heard=_bit(into),
    )
    return rows.group_by("mmsi", "hour_s").aggregate(
        first=rows["first"].min(), last=rows["last"].max(), heard=_any_bit(rows.heard)
    )


def hops(hourly: ibis.Table) -> ibis.Table:
    """The hours of each ship, each with her last report before it.

    Args:
        hourly: what `hourly` gave.

    Returns:
        A table of `mmsi`, `hour_s`, `first`, `heard`; `before`, `before_hour_s`, the last report of the hour before in
        which she was heard and when that began, null in her first.
    """
    track = ibis.window(group_by=hourly.mmsi, order_by=hourly.hour_s)
    return hourly.select(
        "mmsi",
        "hour_s",
        "first",
        "heard",
        before=hourly["last"].lag().over(track),
        before_hour_s=hourly.hour_s.lag().over(track),
    )


def silent(hops: ibis.Table, least_s: int) -> ibis.Table:
    """The silences of so many seconds and more.

    Args:
        hops: what `hops` gave.
        least_s: at least an hour: a shorter one may lie within one.

    Returns:
        A table of `mmsi`; `before_s`, `before_lat`, `before_lon`, her last report before, `first_s`, `first_lat`,
        `first_lon`, her first after.

    Raises:
        ValueError: less than an hour.
    """
    if least_s < HOUR_S:
        raise ValueError(f"hours show silences of {HOUR_S} seconds and more, not of {least_s}")
    timed = hops.mutate(
        mmsi=hops.mmsi.cast("int64"),
        before_s=hops.before_hour_s + into_s(hops.before),
        first_s=hops.hour_s + into_s(hops["first"]),
    )
    long = timed.filter(timed.first_s - timed.before_s >= least_s)
    before_lat, before_lon = place_in(long.before)
    first_lat, first_lon = place_in(long["first"])
    return long.select(
        "mmsi",
        "before_s",
        "first_s",
        before_lat=before_lat,
        before_lon=before_lon,
        first_lat=first_lat,
        first_lon=first_lon,
    )


def bins_heard(hours: ibis.Table, since_s: ibis.Value) -> ibis.Value:
    """In how many bins of an hour that begin at or after a second she was heard."""
    bits = [
        ((hours.heard.cast("int64") >> number) & 1) * (hours.hour_s + number * BIN_S >= since_s).cast("int64")
        for number in range(_BINS)
    ]
    return sum(bits[1:], start=bits[0])


@ibis.udf.agg.builtin(name="bit_or", signature=(("int8",), "int8"))
def _any_bit(bits):  # type: ignore[no-untyped-def] # only its name counts: Ibis knows it of DuckDB alone, Spark has it too
    """The bits that any of some numbers has."""


def _bit(into: ibis.Value) -> ibis.Value:
    """The bit of the bin in which a second of an hour lies."""
    return (ibis.literal(1, "int64") << (into // BIN_S)).cast("int8")
