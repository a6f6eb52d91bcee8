"""Displaced: what is asked of places that no ship can have been at, a record for each question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bongsu.sea.tracks import HOUR_S

_PER_DEGREE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Leaps:
    """A day on which a ship leapt (`jumps.jumps`)."""

    mmsi: int
    day_s: int
    leaps: int
    stayed: int
    from_s: int
    to_s: int
    most_kn: float
    most_km: float
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Ashore:
    """A day on which a ship was deep in the land: the southernmost and westernmost place, and how many bins."""

    mmsi: int
    day_s: int
    bins: int
    from_s: int
    to_s: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A day on which a ship went round (`tracks.circles`)."""

    mmsi: int
    day_s: int
    lat: float
    lon: float
    radius_km: float
    bins: int
    eighths: int
    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True)
class Line:
    """A block of hours in which a ship went evenly (`tracks.lines`)."""

    mmsi: int
    block_s: int
    bins: int
    from_s: int
    to_s: int
    lat: float
    lon: float
    north: int
    east: int

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where it begins and ends, latitude and longitude: opposite corners of its box."""
        passed = (self.to_s - self.from_s) / HOUR_S / _PER_DEGREE
        north, east = self.lat + abs(self.north) * passed, self.lon + abs(self.east) * passed
        if (self.north < 0) == (self.east < 0):
            return (self.lat, self.lon), (north, east)
        return (north, self.lon), (self.lat, east)


@dataclass(frozen=True, slots=True)
class Copy:
    """An hour in which two ships went the same way (`tracks.copies`)."""

    mmsi: int
    partner: int
    hour_s: int
    at_s: int
    since_s: int
    partner_at_s: int
    partner_since_s: int
    lat: float
    lon: float
    partner_lat: float
    partner_lon: float
    apart_km: float
    north: int
    east: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """A place that did not change while a ship was under way (`tracks.frozen`)."""

    mmsi: int
    lat: float
    lon: float
    bins: int
    from_s: int
    to_s: int
    least_kn: float
    most_kn: float
