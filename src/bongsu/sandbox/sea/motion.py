"""How a ship moves: legs of a track, each a row of places with their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, radians, sin
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bongsu.sandbox.sea.chance import Chance, Floats, Integers, NoRoomError
from bongsu.sea.grid import EARTH_RADIUS_KM, KM_PER_NAUTICAL_MILE, METRES_PER_DEGREE

Place: TypeAlias = tuple[float, float]  # latitude and longitude in degrees

# The navigational statuses of ITU-R M.1371-5, table 45, that a ship here sends.
UNDER_WAY: Final = 0
AT_ANCHOR: Final = 1
NOT_UNDER_COMMAND: Final = 2
MOORED: Final = 5
FISHING: Final = 7

HOUR: Final = 3600
_KM_PER_DEGREE: Final = METRES_PER_DEGREE / 1000
_PLACE_DECIMALS: Final = 7  # a centimetre: far finer than what a transponder sends
_STEP_KM: Final = 12.0
_HARBOUR_KM: Final = 9.0  # from here in a ship slows down for the pilot and the fairway
_TIDE_HOURS: Final = 12.42  # M2, the principal lunar tide (Pugh and Woodworth, Sea-Level Science, 2014, table 4.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A part of a track: at each time a place, and between two of them a straight line at even speed.

    Args:
        at_s: seconds since the world began, strictly rising; negative before it.
        latitude, longitude: degrees, as many.
        status: the navigational status sent from each time on.
        said_kn: the speed sent from each time on; NaN where the ship says how fast it is.
        exact: whether the place is sent without the receiver's noise, as a replayed or frozen one is.
    """

    at_s: Integers
    latitude: Floats
    longitude: Floats
    status: NDArray[np.int8]
    said_kn: Floats
    exact: NDArray[np.bool_]

    @property
    def begin_s(self) -> int:
        """When it begins."""
        return int(self.at_s[0])

    @property
    def end_s(self) -> int:
        """When it ends."""
        return int(self.at_s[-1])

    @property
    def first(self) -> Place:
        """Where it begins."""
        return float(self.latitude[0]), float(self.longitude[0])

    @property
    def last(self) -> Place:
        """Where it ends."""
        return float(self.latitude[-1]), float(self.longitude[-1])

    def later(self, seconds: int) -> Leg:
        """The same at another time."""
        return replace(self, at_s=self.at_s + seconds)

    def saying(self, *, status: int | None = None, speed_kn: float | None = None) -> Leg:
        """The same, with another status or speed sent."""
        leg = self
        if status is not None:
            leg = replace(leg, status=np.full(len(self.at_s), status, dtype=np.int8))
        if speed_kn is not None:
            leg = replace(leg, said_kn=np.full(len(self.at_s), speed_kn))
        return leg

    def beside(self, east_m: Floats, north_m: Floats) -> Leg:
        """A ship that keeps so many metres off this one."""
        shrunk = np.cos(np.radians(self.latitude))
        return replace(
            self,
            latitude=np.round(self.latitude + north_m / METRES_PER_DEGREE, _PLACE_DECIMALS),
            longitude=np.round(self.longitude + east_m / (METRES_PER_DEGREE * shrunk), _PLACE_DECIMALS),
        )

    def shifted(self, north_deg: float, east_deg: float) -> Leg:
        """The same track elsewhere."""
        return replace(
            self,
            latitude=np.round(self.latitude + north_deg, _PLACE_DECIMALS),
            longitude=np.round(self.longitude + east_deg, _PLACE_DECIMALS),
        )


def leg(at_s: Floats | Integers, latitude: Floats, longitude: Floats, status: int, *, exact: bool = False) -> Leg:
    """A leg of these places; of two at the same second the first is kept."""
    whole = np.round(at_s).astype(np.int64)
    keep = np.concatenate([[True], np.diff(np.maximum.accumulate(whole)) > 0])
    count = int(keep.sum())
    return Leg(
        at_s=whole[keep],
        latitude=np.round(latitude[keep], _PLACE_DECIMALS),
        longitude=np.round(longitude[keep], _PLACE_DECIMALS),
        status=np.full(count, status, dtype=np.int8),
        said_kn=np.full(count, np.nan),
        exact=np.full(count, exact),
    )


def joined(legs: Sequence[Leg]) -> Leg:
    """One leg after the other: each begins no sooner than the one before ended.

    Raises:
        NoRoomError: two that overlap in time.
    """
    if any(later.begin_s < sooner.end_s for sooner, later in pairwise(legs)):
        raise NoRoomError("a ship is in one place at a time")
    at_s = np.concatenate([each.at_s for each in legs])
    # Where one leg begins in the second the other ended, it is the beginning that counts.
    keep = np.concatenate([np.diff(at_s) > 0, [True]])
    return Leg(
        at_s=at_s[keep],
        latitude=np.concatenate([each.latitude for each in legs])[keep],
        longitude=np.concatenate([each.longitude for each in legs])[keep],
        status=np.concatenate([each.status for each in legs])[keep],
        said_kn=np.concatenate([each.said_kn for each in legs])[keep],
        exact=np.concatenate([each.exact for each in legs])[keep],
    )


def anchored(track: Leg) -> list[tuple[int, int, Place]]:
    """From when to when, and where, a ship says that she lies at anchor."""
    still = np.concatenate([[False], track.status == AT_ANCHOR, [False]])
    begins = np.flatnonzero(still[1:] & ~still[:-1]).tolist()
    ends = np.flatnonzero(still[:-1] & ~still[1:]).tolist()
    last = len(track.at_s) - 1
    times, latitude, longitude = (column.tolist() for column in (track.at_s, track.latitude, track.longitude))
    return [
        (times[begin], times[min(end, last)], (latitude[begin], longitude[begin]))
        for begin, end in zip(begins, ends, strict=True)
    ]


def cut(track: Leg, from_s: int, until_s: int) -> Leg:
    """The part of a track between two times, with places at both ends."""
    inside = (track.at_s > from_s) & (track.at_s < until_s)
    ends = np.array([from_s, until_s], dtype=np.int64)
    latitude, longitude, index = along(track, ends)
    pieces = [
        np.concatenate([column[:1], own[inside], column[1:]])
        for column, own in (
            (ends, track.at_s),
            (latitude, track.latitude),
            (longitude, track.longitude),
            (track.status[index], track.status),
            (track.said_kn[index], track.said_kn),
            (track.exact[index], track.exact),
        )
    ]
    return Leg(
        at_s=pieces[0].astype(np.int64),
        latitude=np.round(pieces[1], _PLACE_DECIMALS),
        longitude=np.round(pieces[2], _PLACE_DECIMALS),
        status=pieces[3].astype(np.int8),
        said_kn=pieces[4],
        exact=pieces[5].astype(np.bool_),
    )


def along(track: Leg, at_s: Integers) -> tuple[Floats, Floats, Integers]:
    """Where a ship is at times within a track: latitudes, longitudes, and after which place of the track.

    Only operations that IEEE 754 rounds in one way, so that every machine gives the same.
    """
    index = np.clip(np.searchsorted(track.at_s, at_s, side="right") - 1, 0, max(0, len(track.at_s) - 2))
    after = np.minimum(index + 1, len(track.at_s) - 1)
    share = (at_s - track.at_s[index]) / np.maximum(track.at_s[after] - track.at_s[index], 1)
    share = np.clip(share, 0.0, 1.0)
    north = track.latitude[after] - track.latitude[index]
    east = track.longitude[after] - track.longitude[index]
    return track.latitude[index] + share * north, track.longitude[index] + share * east, index


def place_at(track: Leg, at_s: int) -> Place:
    """Where a ship is at a time."""
    latitude, longitude, _ = along(track, np.array([at_s], dtype=np.int64))
    return round(float(latitude[0]), _PLACE_DECIMALS), round(float(longitude[0]), _PLACE_DECIMALS)


def lengths_km(latitude: Floats, longitude: Floats) -> Floats:
    """The length of each stretch of a line, by the haversine formula."""
    south, north = np.radians(latitude[:-1]), np.radians(latitude[1:])
    half = np.sin((north - south) / 2) ** 2
    half = half + np.cos(south) * np.cos(north) * np.sin(np.radians(np.diff(longitude)) / 2) ** 2
    lengths: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return lengths


def offset(place: Place, bearing_deg: float, distance_km: float) -> Place:
    """The place at a bearing and a distance of at most some hundred kilometres."""
    north = distance_km * cos(radians(bearing_deg)) / _KM_PER_DEGREE
    east = distance_km * sin(radians(bearing_deg)) / (_KM_PER_DEGREE * cos(radians(place[0] + north / 2)))
    return round(place[0] + north, _PLACE_DECIMALS), round(place[1] + east, _PLACE_DECIMALS)


def sail(
    chance: Chance, path: Sequence[Place], at_s: int, speed_kn: float, *, harbours: tuple[bool, bool] = (True, True)
) -> Leg:
    """A ship under way along a line.

    Args:
        chance: what her speed wanders by.
        path: at least one place.
        at_s: when she leaves the first.
        speed_kn: in open water; she keeps it within some hundredths, and slows down by half near a harbour.
        harbours: whether the line begins and ends in a harbour.
    """
    latitude, longitude = _finer(path)
    stretches = lengths_km(latitude, longitude)
    done = np.cumsum(stretches) - stretches / 2
    total = float(stretches.sum())
    # Wind, current and load change over hours: neighbouring stretches go alike.
    wander = np.convolve(chance.normals(len(stretches) + 4), np.full(5, 0.2), mode="valid")
    speed = speed_kn * (1.0 + 0.06 * wander)
    if harbours[0]:
        speed = np.where(done < _HARBOUR_KM, np.minimum(speed, 0.55 * speed_kn + 1.0), speed)
    if harbours[1]:
        speed = np.where(total - done < _HARBOUR_KM, np.minimum(speed, 0.55 * speed_kn + 1.0), speed)
    hours = stretches / (speed * KM_PER_NAUTICAL_MILE)
    times = at_s + np.concatenate([[0.0], np.cumsum(hours)]) * HOUR
    return leg(times, latitude, longitude, UNDER_WAY)


def _finer(path: Sequence[Place]) -> tuple[Floats, Floats]:
    """The line with a place at least every twelve kilometres, and closer by at its ends."""
    points = np.array(path if len(path) > 1 else [*path, *path], dtype=np.float64)
    stretches = lengths_km(points[:, 0], points[:, 1])
    fine_km = np.full(len(stretches), _STEP_KM)
    fine_km[[0, -1]] = 3.0
    return divided(points, np.maximum(1, np.ceil(stretches / fine_km)).astype(np.int64))


def divided(points: Floats, parts: Integers) -> tuple[Floats, Floats]:
    """The line with each stretch in so many equal parts."""
    stretch = np.repeat(np.arange(len(parts)), parts)
    share = (np.arange(len(stretch)) - np.repeat(np.cumsum(parts) - parts, parts)) / parts[stretch]
    fine = points[stretch] + share[:, None] * (points[stretch + 1] - points[stretch])
    return np.append(fine[:, 0], points[-1, 0]), np.append(fine[:, 1], points[-1, 1])


def moor(place: Place, at_s: int, hours: float) -> Leg:
    """A ship at a berth."""
    times = np.array([at_s, at_s + max(60.0, hours * HOUR)])
    return leg(times, np.full(2, place[0]), np.full(2, place[1]), MOORED)


def anchor(chance: Chance, place: Place, at_s: int, hours: float) -> Leg:
    """A ship that swings about her anchor with the tide: some two hundred metres of chain and hull."""
    times = _beats(chance, at_s, hours, 0.5)
    reach_m = chance.uniform(70.0, 220.0)
    tide = 2 * np.pi * ((times - at_s) / HOUR / _TIDE_HOURS + chance.uniform(0.0, 1.0))
    # The tide turns her half round; wind and yaw do the rest.
    angle = chance.uniform(0.0, 6.28) + 1.4 * np.sin(tide) + 0.12 * chance.normals(len(times))
    reach = reach_m * (0.85 + 0.05 * chance.normals(len(times)))
    return _about(place, times, reach * np.sin(angle), reach * np.cos(angle), AT_ANCHOR)


def drift(
    chance: Chance,
    place: Place,
    at_s: int,
    hours: float,
    *,
    speed_kn: float,
    toward_deg: float,
    status: int = UNDER_WAY,
) -> Leg:
    """A ship with stopped engine that goes where wind and tide take her.

    The speed is an average over a tide: about half of it goes round with the tide, half one way.
    """
    times = _beats(chance, at_s, hours, 0.3)
    gone_h = (times - at_s) / HOUR
    phase = chance.uniform(0.0, 6.28)
    turn = 2 * np.pi * gone_h / _TIDE_HOURS + phase
    steady = 0.6 * speed_kn * 1000 * KM_PER_NAUTICAL_MILE  # metres an hour
    tide_m = 0.7 * speed_kn * 1000 * KM_PER_NAUTICAL_MILE * _TIDE_HOURS / (2 * np.pi)
    gust_m = 25.0 * np.cumsum(chance.normals(len(times)))
    east = steady * gone_h * sin(radians(toward_deg)) + tide_m * (np.sin(turn) - sin(phase)) + gust_m
    north = steady * gone_h * cos(radians(toward_deg)) + 0.6 * tide_m * (np.cos(turn) - cos(phase))
    gust_n = 25.0 * np.cumsum(chance.normals(len(times)))
    return _about(place, times, east - east[0], north + gust_n - (north[0] + gust_n[0]), status)


def trawl(chance: Chance, ground: Place, at_s: int, hours: float, *, radius_km: float) -> Leg:
    """A fishing vessel at work: tows of hours at three or four knots to and fro, a stop to haul, and on."""
    times, east, north = [0.0], [chance.uniform(-0.3, 0.3)], [chance.uniform(-0.3, 0.3)]
    heading = chance.uniform(0.0, 360.0)
    while times[-1] < hours:
        tow_h, speed = chance.uniform(1.2, 3.5), chance.uniform(2.6, 4.4)
        for _ in range(max(1, round(tow_h / 0.25))):
            heading += chance.normal(0.0, 8.0)
            if east[-1] ** 2 + north[-1] ** 2 > radius_km**2:  # back to the ground
                heading = float(np.degrees(np.arctan2(-east[-1], -north[-1]))) + chance.normal(0.0, 25.0)
            _advance(times, east, north, heading, speed, 0.25)
        _advance(
            times, east, north, heading + chance.normal(0.0, 60.0), chance.uniform(0.3, 1.2), chance.uniform(0.4, 0.9)
        )
        heading += 180.0 + chance.normal(0.0, 20.0)
    return _about(ground, at_s + np.array(times) * HOUR, np.array(east) * 1000, np.array(north) * 1000, FISHING)


def _advance(
    times: list[float], east: list[float], north: list[float], heading: float, speed: float, hours: float
) -> None:
    gone = speed * KM_PER_NAUTICAL_MILE * hours
    times.append(round(times[-1] + hours, 4))
    east.append(round(east[-1] + gone * sin(radians(heading)), 4))
    north.append(round(north[-1] + gone * cos(radians(heading)), 4))


def circle(place: Place, at_s: int, hours: float, *, radius_km: float, speed_kn: float, status: int = UNDER_WAY) -> Leg:
    """A ship on an even circle."""
    round_h = 2 * np.pi * radius_km / (speed_kn * KM_PER_NAUTICAL_MILE)
    gone_h = np.arange(0.0, hours, round_h / 36)
    angle = 2 * np.pi * gone_h / round_h
    return _about(
        place, at_s + gone_h * HOUR, radius_km * 1000 * np.sin(angle), radius_km * 1000 * np.cos(angle), status
    )


def keep_beside(chance: Chance, partner: Leg, distance_m: float) -> Leg:
    """A ship made fast to another, or lying close by: her antenna so many metres from the other's."""
    count = len(partner.at_s)
    # Both turn together with wind and tide.
    angle = chance.uniform(0.0, 6.28) + np.cumsum(0.05 * chance.normals(count))
    apart = distance_m * (1.0 + 0.06 * chance.normals(count))
    return partner.beside(apart * np.sin(angle), apart * np.cos(angle))


def _beats(chance: Chance, at_s: int, hours: float, every_h: float) -> Floats:
    """Times from the beginning to the end, uneven about a step."""
    count = max(2, int(np.ceil(hours / every_h)) + 1)
    times = np.linspace(0.0, max(hours, 0.05), count)
    times[1:-1] += 0.2 * every_h * (chance.uniforms(count)[1:-1] - 0.5)
    return at_s + times * HOUR


def _about(place: Place, at_s: Floats, east_m: Floats, north_m: Floats, status: int) -> Leg:
    latitude = place[0] + north_m / METRES_PER_DEGREE
    longitude = place[1] + east_m / (METRES_PER_DEGREE * cos(radians(place[0])))
    return leg(at_s, latitude, longitude, status)
