"""Silences: steps that took hours, away from port, of ships that were heard well before, and who was heard then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.sea.bins import place_in
from bongsu.sea.grid import METRES_PER_DEGREE, beside, distances_km
from bongsu.sea.hours import HOUR_S, bins_heard, silent
from bongsu.sea.offshore import offshore
from bongsu.sea.seas import Asked, Sea

_WINDOW_H: Final = 12  # Welch et al. 2022: as many reports in the twelve hours before
# About as far as a station on the coast hears a ship's antenna.
REACH_KM: Final = 50.0
_REACH_DEG: Final = REACH_KM * 1.0001 / METRES_PER_DEGREE * 1000  # of latitude, and a hair
# Squares for those within reach: half a degree from south to north is 55 km, a degree from west to east at least 50 up
# to 63 degrees of latitude; farther north those at the very end of the reach may not be counted.
_COLUMNS: Final = 360  # around the earth: the last has the first for its neighbour
_KEY: Final = ("mmsi", "first_s")  # names a silence
_NEIGHBOURS: Final = tuple((row, column) for row in (-1, 0, 1) for column in (-1, 0, 1))


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence: her last report before it and her first after it, and how many others were heard there then.

    Args:
        near_before, near_after: other ships heard near her in the three hours up to her last report before, and from
            her first after.
        others_before: how many of the former were heard in the three hours after.
        others_after: how many of the latter were heard in the three hours before.
    """

    mmsi: int
    before_s: int
    before_lat: float
    before_lon: float
    first_s: int
    first_lat: float
    first_lon: float
    hop_km: float
    near_before: int
    near_after: int
    others_before: int
    others_after: int

    @property
    def hours(self) -> float:
        """How long it was."""
        return (self.first_s - self.before_s) / HOUR_S

    def is_alone(self, *, others: float, share: float) -> bool:
        """Whether at one end at least enough others were near her, and at every end where there were, enough of them
        were heard while she was not.

        Args:
            others: how many others at least.
            share: which share of those near her, 0 to 1.
        """
        ends = ((self.near_before, self.others_before), (self.near_after, self.others_after))
        judged = [heard >= others and heard >= share * near for near, heard in ends if near >= others]
        return bool(judged) and all(judged)


def silences(sea: Sea, *, shortest_s: int, heard_before: int, port_km: float) -> ibis.Table:
    """Silences whose both ends lie away from every port, with the reception at both.

    Args:
        sea: what may be asked.
        shortest_s: the shortest silence, seconds.
        heard_before: in how many bins of the twelve hours before she was heard, at least.
        port_km: how far from every anchorage point.

    Returns:
        The columns of `Silence`.
    """
    # Several detectors ask, each for its own shortest: what all of them may need is worked out once.
    least_s = min(shortest_s, _WINDOW_H * HOUR_S)
    every = sea.once(
        ("silences", least_s, heard_before, port_km), lambda: _silences(sea, least_s, heard_before, port_km)
    )
    return every.filter(every.first_s - every.before_s >= shortest_s)


def _silences(sea: Sea, least_s: int, heard_before: int, port_km: float) -> ibis.Table:
    long = sea.engine.keep(silent(sea.hours, least_s))
    heard = sea.engine.keep(_heard_well(long, sea.hours, heard_before))  # `offshore` asks twice
    ports = sea.in_port(port_km)
    for at in (("before_lat", "before_lon"), ("first_lat", "first_lon")):
        heard = offshore(heard, ports, key=_KEY, at=at)
    # Few are left, and they are asked about nine squares at either end: Spark would find them anew for each.
    return _with_reception(sea.engine, sea.engine.keep(heard), sea.hours)


def _heard_well(gaps: ibis.Table, hours: ibis.Table, least: int) -> ibis.Table:
    """The silences of ships that were heard in so many bins that began in the twelve hours before."""
    around = beside(gaps.select(*_KEY, "before_s"), ago=range(_WINDOW_H + 1))
    around = around.mutate(hour_s=_hours(around.before_s) - around.ago * HOUR_S)
    met = around.join(hours.select("hour_s", "heard", mmsi=hours.mmsi.cast("int64")), ["mmsi", "hour_s"])
    counted = met.mutate(bins=bins_heard(met, met.before_s - _WINDOW_H * HOUR_S))
    counted = counted.group_by(*_KEY).aggregate(bins=counted.bins.sum())
    return gaps.semi_join(counted.filter(counted.bins >= least), list(_KEY))


def _with_reception(engine: Asked, gaps: ibis.Table, hours: ibis.Table) -> ibis.Table:
    """The silences with how many others were heard near each end, and how many of them were heard on while she was not.

    Where a receiver fails, the others fall silent with her. So the ships are counted that were near her last place in
    the hour of that report or the two before, and of these the ones that were heard in one of the three hours after; at
    the other end those near her next place in the hour of that report or the two after, and of these the ones heard in
    one of the three hours before. Where another ship was in an hour is where she was first heard in it.
    """
    latitude, longitude = place_in(hours["first"])
    placed = hours.select(hour=hours.hour_s, lat=latitude, lon=longitude, other=hours.mmsi.cast("int64"))
    near = engine.keep(_near(gaps, placed))
    around = beside(near, later=(1, 2, 3))
    around = around.mutate(hour=around.end_hour + around.into_s * around.later)
    on_air = placed.select("other", "hour")
    kept = engine.keep(around.semi_join(on_air, ["other", "hour"]).select(*_KEY, "into_s", "other").distinct())
    counted = gaps.mutate(hop_km=distances_km(gaps.before_lat, gaps.before_lon, gaps.first_lat, gaps.first_lon))
    for end, into_s in (("before", HOUR_S), ("after", -HOUR_S)):
        counted = _counted(counted, near.filter(near.into_s == into_s), f"near_{end}")
        counted = _counted(counted, kept.filter(kept.into_s == into_s), f"others_{end}")
    return counted.select(*Silence.__dataclass_fields__)


def _near(gaps: ibis.Table, placed: ibis.Table) -> ibis.Table:
    """The other ships within reach of a station from the ends of each silence, in the hour of its report there or the
    next two away from the silence. Of each silence and ship one row an end; `into_s` is an hour towards the silence.
    """
    ends = beside(gaps, into_s=(HOUR_S, -HOUR_S))
    begins = ends.into_s > 0
    ends = ends.mutate(
        at_lat=begins.ifelse(ends.before_lat, ends.first_lat),
        at_lon=begins.ifelse(ends.before_lon, ends.first_lon),
        end_hour=_hours(begins.ifelse(ends.before_s, ends.first_s)),
    )
    here = ends.select(*_KEY, "into_s", "at_lat", "at_lon", "end_hour", **_square(ends.at_lat, ends.at_lon))
    north, east = zip(*_NEIGHBOURS, strict=True)
    around = beside(here, north=north, east=east)
    around = around.mutate(row=around.row + around.north, column=(around.column + (around.east + _COLUMNS)) % _COLUMNS)
    timed = beside(around, away=(0, 1, 2))
    timed = timed.mutate(hour=timed.end_hour - timed.into_s * timed.away)
    others = placed.mutate(**_square(placed.lat, placed.lon)).view()
    met = timed.join(others, ["row", "column", "hour"])
    # By latitude first: most of what the squares hold lies farther to the north or south, and a distance is dear.
    met = met.filter((met.other != met.mmsi) & ((met.at_lat - met.lat).abs() <= _REACH_DEG))
    met = met.filter(distances_km(met.at_lat, met.at_lon, met.lat, met.lon) <= REACH_KM)
    return met.select(*_KEY, "into_s", "end_hour", "other").distinct()


def _counted(gaps: ibis.Table, ships: ibis.Table, name: str) -> ibis.Table:
    """The silences with the number of ships of each."""
    number = ships.group_by(*_KEY).aggregate(**{name: ships.count()})
    joined = gaps.left_join(number.view(), list(_KEY))
    return joined.select(*gaps.columns, **{name: joined[name].fill_null(0)})


def _square(latitude: ibis.Value, longitude: ibis.Value) -> dict[str, ibis.Value]:
    """The row and the column of a place's square."""
    return {
        "row": (latitude * 2).floor().cast("int64"),
        "column": (longitude + 180.0).floor().cast("int64") % _COLUMNS,
    }


def _hours(second: ibis.Value) -> ibis.Value:
    return second - second % HOUR_S
