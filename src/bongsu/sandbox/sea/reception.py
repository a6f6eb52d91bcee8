"""What is heard of ships: by stations on the coast, by satellites beyond, and in holes by nobody; and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.sandbox.sea.chance import Chance, Floats, Integers
from bongsu.sandbox.sea.motion import AT_ANCHOR, HOUR, MOORED, Place
from bongsu.sea.grid import METRES_PER_DEGREE

# How often a transponder sends, in seconds (ITU-R M.1371-5, annex 1, tables 1 and 2): class A at anchor or moored and
# not above 3 knots. Under way it is 2 to 10, and 5 to 30 of class B: far more often than a receiver keeps.
_SLOW_S: Final = 180
_SLOW_KN: Final = 3.0
# Shared receivers keep one report of a ship in some minutes: what public archives thin to.
_FIELD_DEG: Final = 3  # a satellite's pass serves an area of some degrees at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How well ships are heard; every number is ours, of the order that operators publish, and each may be changed.

    Args:
        least_s, most_s: the time between two reports kept of a ship.
        static_s: the time between two static reports kept, on average.
        coast_km: how far the stations on the coast hear.
        coast_share, satellite_share: how many of the reports arrive there, and while a satellite is above.
        pass_every_s, pass_s: how often a satellite comes, on average, and how long it hears an area.
        twice_share: how many reports two receivers bring.
        late_share, late_s: how many bear a time some seconds after they were sent, and how many at most.
    """

    least_s: int = 180
    most_s: int = 360
    static_s: int = 3 * HOUR
    coast_km: float = 75.0
    coast_share: float = 0.93
    satellite_share: float = 0.8
    pass_every_s: int = 2700
    pass_s: int = 720
    twice_share: float = 0.01
    late_share: float = 0.0005
    late_s: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """An area in which nobody is heard for a time.

    Args:
        centre: its middle.
        radius_km: its reach.
        from_s, until_s: seconds since the world began.
    """

    centre: Place
    radius_km: float
    from_s: int
    until_s: int

    def holds(self, at_s: Integers, latitude: Floats, longitude: Floats) -> NDArray[np.bool_]:
        """Which of these reports nobody hears."""
        north = (latitude - self.centre[0]) * (METRES_PER_DEGREE / 1000)
        shrunk = np.cos(np.radians(self.centre[0]))
        east = (longitude - self.centre[1]) * (METRES_PER_DEGREE / 1000 * shrunk)
        within = north * north + east * east < self.radius_km * self.radius_km
        inside: NDArray[np.bool_] = within & (at_s >= self.from_s) & (at_s < self.until_s)
        return inside


def sending_times(chance: Chance, until_s: int, listening: Listening) -> Integers:
    """When a ship's reports are kept, from the world's beginning to its end."""
    count = int(until_s / listening.least_s) + 2
    apart = listening.least_s + np.floor(chance.uniforms(count) * (listening.most_s - listening.least_s + 1))
    times = np.cumsum(apart.astype(np.int64)) - chance.below(listening.least_s)
    return times[times < until_s]


def slowed(at_s: Integers, status: NDArray[np.int8], speed_kn: Floats) -> Integers:
    """The times of a ship that lies still put on her slow beat; the same time twice is one report."""
    still = ((status == AT_ANCHOR) | (status == MOORED)) & (speed_kn < _SLOW_KN)
    return np.where(still, at_s - at_s % _SLOW_S, at_s)


def heard(
    chance: Chance,
    listening: Listening,
    at_s: Integers,
    latitude: Floats,
    longitude: Floats,
    by_station: NDArray[np.bool_],
    holes: Sequence[Hole],
) -> NDArray[np.bool_]:
    """Which reports arrive; `by_station` says which of the places a station on the coast reaches."""
    luck = chance.uniforms(len(at_s))
    above = _above(listening, at_s, latitude, longitude)
    arrive = np.where(by_station, luck < listening.coast_share, above & (luck < listening.satellite_share))
    for hole in holes:
        arrive &= ~hole.holds(at_s, latitude, longitude)
    return arrive


def _above(listening: Listening, at_s: Integers, latitude: Floats, longitude: Floats) -> NDArray[np.bool_]:
    """Whether a satellite is above: in each area at times of its own, uneven by a third of the time between."""
    row = np.floor(latitude / _FIELD_DEG).astype(np.int64)
    column = np.floor(longitude / _FIELD_DEG).astype(np.int64)
    area = (row * 7919 + column * 104_729) % 65_536
    turn, gone = np.divmod(at_s + (area * 31) % listening.pass_every_s, listening.pass_every_s)
    begins = ((area * 2_654_435 + turn * 40_503) % 1009) * (listening.pass_every_s // 3) // 1009
    above: NDArray[np.bool_] = (gone >= begins) & (gone < begins + listening.pass_s)
    return above


def clocks(chance: Chance, at_s: Integers, listening: Listening) -> Integers:
    """The receivers' time stamps: mostly right to the second, a few late."""
    luck = chance.uniforms(len(at_s))
    jitter = np.floor(np.abs(chance.normals(len(at_s))) * 0.8).astype(np.int64)
    late = np.floor(chance.uniforms(len(at_s)) * listening.late_s).astype(np.int64)
    return at_s + jitter + np.where(luck < listening.late_share, late, 0)
