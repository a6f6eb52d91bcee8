"""Bins: what one ship did in ten minutes. The one pass over every position.

A bin is made of minima and maxima alone: reports that come twice, late or in another order give the same bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.sea.grid import cells_of, middles_of
from bongsu.tables.moments import seconds

# Miller et al., Identifying Global Patterns of Transshipment Behavior, Frontiers in Marine Science 5:240 (2018),
# resample tracks to ten minutes before they look for encounters; so do we.
BIN_S: Final = 600
_PER_DEGREE: Final = 100_000  # places to 1.1 metres; a transponder sends 0.19 (ITU-R M.1371: 1/10 000 minute)
_LONGITUDE_BITS: Final = 26  # 360 degrees are 36 000 000 of them
_LATITUDE_BITS: Final = 25  # 180 degrees are 18 000 000 of them
_AT_ANCHOR_OR_MOORED: Final = (1, 5)  # ITU-R M.1371, table 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One row of `bins`, as it is kept in Parquet."""

    mmsi: int
    bin_s: int
    first_s: int
    first_lat: float
    first_lon: float
    last_s: int
    last_lat: float
    last_lon: float
    south: float
    north: float
    west: float
    east: float
    least_kn: float | None
    most_kn: float | None
    moored: bool
    cell: int
    lat: float
    lon: float


def bins(positions: ibis.Table) -> ibis.Table:
    """One row per ship and ten minutes in which she was heard.

    The first and the last report of a bin are found as the least and the greatest of one whole number that holds
    second, latitude and longitude: the same report for every engine, also where two stand in the same second.

    Args:
        positions: rows of `Position`.

    Returns:
        A table of
        `mmsi`; `bin_s`, the bin's beginning in seconds since 1970 (all times in reductions are such);
        `first_s`, `first_lat`, `first_lon`, `last_s`, `last_lat`, `last_lon` of its first and last report, degrees to
        five decimals; `south`, `north`, `west`, `east`, degrees; `least_kn`, `most_kn`, null where no report gave a
        speed; `moored`, whether a report said at anchor or moored; `cell` of the first report; `lat`, `lon`, the middle
        between its ends.
    """
    return placed(folded(positions)).select(*Bin.__dataclass_fields__)


def folded(positions: ibis.Table) -> ibis.Table:
    """The bins as they are folded and kept: whole numbers, no wider than they need to be.

    Args:
        positions: rows of `Position`.

    Returns:
        A table of
        `mmsi`; `bin`, its number, in bins since 1970; `first`, `last`, its first and last report, each as one number
        (`packed`); `south`, `north`, `west`, `east`, in 100 000ths of a degree from 90 south and 180 west; `least_kn`,
        `most_kn`; `moored`, 1 where a report said so, else 0.
    """
    second = seconds(positions["at"])
    latitude, longitude = whole_place(positions.latitude_deg, positions.longitude_deg)
    rows = positions.select(
        mmsi=positions.mmsi.cast("int32"),
        bin=(second // BIN_S).cast("int32"),
        report=packed(second % BIN_S, latitude, longitude),
        latitude=latitude.cast("int32"),
        longitude=longitude.cast("int32"),
        speed=positions.speed_kn,
        moored=positions.status.isin(_AT_ANCHOR_OR_MOORED).fill_null(False).cast("int8"),
    )
    return rows.group_by("mmsi", "bin").aggregate(
        first=rows.report.min(),
        last=rows.report.max(),
        south=rows.latitude.min(),
        north=rows.latitude.max(),
        west=rows.longitude.min(),
        east=rows.longitude.max(),
        least_kn=rows.speed.min(),
        most_kn=rows.speed.max(),
        moored=rows.moored.max(),
    )


def refolded(bins: ibis.Table) -> ibis.Table:
    """What `folded` gives, of bins that were made before (rows of `Bin`)."""
    sides = {name: _from(bins[name], 90).cast("int32") for name in ("south", "north")}
    sides |= {name: _from(bins[name], 180).cast("int32") for name in ("west", "east")}
    ends = {
        end: packed(bins[f"{end}_s"] - bins.bin_s, *whole_place(bins[f"{end}_lat"], bins[f"{end}_lon"]))
        for end in ("first", "last")
    }
    return bins.select(
        "least_kn",
        "most_kn",
        mmsi=bins.mmsi.cast("int32"),
        bin=(bins.bin_s // BIN_S).cast("int32"),
        moored=bins.moored.cast("int8"),
        **sides,
        **ends,
    )


def placed(folded: ibis.Table) -> ibis.Table:
    """Bins with times, places and cells: `bins`, of what `folded` gave; other columns stay."""
    first_lat, first_lon = place_in(folded["first"])
    last_lat, last_lon = place_in(folded["last"])
    begin_s = bin_s(folded.bin)
    named = folded.mutate(
        mmsi=folded.mmsi.cast("int64"),
        bin_s=begin_s,
        first_s=begin_s + into_s(folded["first"]),
        first_lat=first_lat,
        first_lon=first_lon,
        last_s=begin_s + into_s(folded["last"]),
        last_lat=last_lat,
        last_lon=last_lon,
        south=_degrees(folded.south, 90),
        north=_degrees(folded.north, 90),
        west=_degrees(folded.west, 180),
        east=_degrees(folded.east, 180),
        moored=folded.moored == 1,
    )
    return named.drop("bin", "first", "last").mutate(
        cell=cells_of(named.first_lat, named.first_lon),
        lat=(named.south + named.north) / 2,
        lon=middles_of(named.west, named.east),
    )


def bin_s(number: ibis.Value) -> ibis.Value:
    """The second in which a bin begins, of its number."""
    return number.cast("int64") * BIN_S


def packed(into: ibis.Value, latitude: ibis.Value, longitude: ibis.Value) -> ibis.Value:
    """A report as one whole number, so that the least of several is the first.

    Args:
        into: how many seconds after the beginning of what it is a part of, below 4096.
        latitude: whole, as of `whole_place`.
        longitude: the same.
    """
    return (into * (1 << (_LATITUDE_BITS + _LONGITUDE_BITS))) + latitude * (1 << _LONGITUDE_BITS) + longitude


def later(report: ibis.Value, by: ibis.Value) -> ibis.Value:
    """A report so many seconds later in what it is a part of."""
    return report + by * (1 << (_LATITUDE_BITS + _LONGITUDE_BITS))


def into_s(report: ibis.Value) -> ibis.Value:
    """How many seconds after the beginning of what it is a part of a report was sent."""
    return report >> (_LATITUDE_BITS + _LONGITUDE_BITS)


def place_in(report: ibis.Value) -> tuple[ibis.Value, ibis.Value]:
    """The latitude and longitude of a report, degrees."""
    latitude = (report >> _LONGITUDE_BITS) & ((1 << _LATITUDE_BITS) - 1)
    return _degrees(latitude, 90), _degrees(report & ((1 << _LONGITUDE_BITS) - 1), 180)


def whole_place(latitude_deg: ibis.Value, longitude_deg: ibis.Value) -> tuple[ibis.Value, ibis.Value]:
    """A place in 100 000ths of a degree from 90 south and 180 west."""
    return _from(latitude_deg, 90), _from(longitude_deg, 180)


def _from(degrees: ibis.Value, origin: int) -> ibis.Value:
    return _whole((degrees + float(origin)) * _PER_DEGREE)


def _whole(number: ibis.Value) -> ibis.Value:
    return (number + 0.5).floor().cast("int64")


def _degrees(whole: ibis.Value, origin: int) -> ibis.Value:
    return (whole - origin * _PER_DEGREE).cast("float64") / _PER_DEGREE
