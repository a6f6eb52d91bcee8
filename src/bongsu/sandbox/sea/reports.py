"""Reports as they arrived: positions and statements, in the whole numbers a transponder sends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bongsu.sandbox.sea.chance import Chance, Floats, Integers
from bongsu.sandbox.sea.motion import HOUR, Leg, along
from bongsu.sandbox.sea.reception import Hole, Listening, clocks, heard, sending_times, slowed
from bongsu.sandbox.sea.vessels import Saying, Vessel
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, METRES_PER_DEGREE

Places: TypeAlias = Callable[[Floats, Floats], NDArray[np.bool_]]

# ITU-R M.1371-5, annex 8, table 45: places in ten-thousandths of a minute, speeds and courses in tenths.
PER_DEGREE: Final = 600_000
NO_SPEED: Final = 1023
MOST_SPEED: Final = 1022
NO_HEADING: Final = 511
NO_STATUS: Final = 15
# A receiver for satellite positions is off by some metres (IMO MSC.401(95): within 10 m), and its speed by a tenth.
_NOISE_M: Final = 4.0
_NOISE_KN: Final = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Position reports in the order they arrived, one column for each field.

    Args:
        vessel: the number of the ship that sent it, in the world's order; no receiver knows it.
        mmsi: as sent.
        at: the receiver's time stamp, seconds since 1970, UTC.
        latitude, longitude: in ten-thousandths of a minute.
        speed: tenths of a knot; 1023 is unknown.
        course: tenths of a degree.
        heading: degrees; 511 is unknown.
        status: 15 is none.
        class_b: whether the small transponder sent it.
    """

    vessel: NDArray[np.int32]
    mmsi: NDArray[np.int32]
    at: Integers
    latitude: NDArray[np.int32]
    longitude: NDArray[np.int32]
    speed: NDArray[np.int16]
    course: NDArray[np.int16]
    heading: NDArray[np.int16]
    status: NDArray[np.int8]
    class_b: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.at)

    def where(self, chosen: NDArray[np.bool_] | Integers) -> Positions:
        """Some of them, by flags or numbers."""
        return Positions(**{name: getattr(self, name)[chosen] for name in _COLUMNS})

    def latitude_deg(self) -> Floats:
        """Degrees as a decoder gives them: to the sixth decimal."""
        return np.round(self.latitude / PER_DEGREE, 6)

    def longitude_deg(self) -> Floats:
        """Degrees as a decoder gives them: to the sixth decimal."""
        return np.round(self.longitude / PER_DEGREE, 6)

    def digest(self) -> str:
        """The SHA-256 of every column's bytes, little-endian."""
        total = hashlib.sha256()
        for name in _COLUMNS:
            column = getattr(self, name)
            total.update(name.encode() + column.astype(column.dtype.newbyteorder("<")).tobytes())
        return total.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A static report as it arrived.

    Args:
        at: the receiver's time stamp, seconds since 1970, UTC.
        class_b: whether the small transponder sent it, in two parts without draught and destination.
    """

    at: int
    saying: Saying
    class_b: bool


_COLUMNS: Final = tuple(field.name for field in fields(Positions))


def received(
    vessels: Sequence[Vessel],
    *,
    seed: int,
    epoch_s: int,
    length_s: int,
    listening: Listening,
    holes: Sequence[Hole],
    by_station: Places,
) -> tuple[Positions, tuple[Statement, ...]]:
    """What arrived of all ships in the world's days.

    Args:
        vessels: in the world's order; each has chance of its own by its number.
        seed: the world's.
        epoch_s: when the world begins, seconds since 1970.
        length_s: how long it lasts.
        listening: how well ships are heard.
        holes: where nobody is.
        by_station: which places a station on the coast reaches.

    Returns:
        The positions and the statements, each in the order of their time stamps, then of the ships.
    """
    parts, statements = [], []
    for number, vessel in enumerate(vessels):
        chance = Chance(seed, 1, vessel.hull.number)
        part = _positions(chance, seed, number, vessel, length_s, listening, holes, by_station)
        parts.append(part)
        statements += _statements(chance, vessel, part, length_s, listening)
    together = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    together["at"] = together["at"] + epoch_s
    order = np.lexsort((together["vessel"], together["at"]))
    said = sorted(
        (Statement(at=epoch_s + at, saying=each, class_b=b) for at, each, b in statements),
        key=lambda each: (each.at, each.saying.mmsi, each.saying.name),
    )
    return Positions(**{name: column[order] for name, column in together.items()}), tuple(said)


def _positions(
    chance: Chance,
    seed: int,
    number: int,
    vessel: Vessel,
    length_s: int,
    listening: Listening,
    holes: Sequence[Hole],
    by_station: Places,
) -> Positions:
    track = vessel.track
    # Who repeats another's reports sends them when the other did.
    beat = Chance(seed, 1, vessel.hull.number if vessel.echoes is None else vessel.echoes)
    at_s = sending_times(beat, length_s, listening)
    if vessel.beat > 1:
        at_s = at_s[chance.uniforms(len(at_s)) * vessel.beat < 1.0]
    at_s = at_s[(at_s >= max(0, track.begin_s)) & (at_s < min(length_s, track.end_s))]
    speeds, courses = _motion(track)
    _, _, index = along(track, at_s)
    at_s = np.unique(slowed(at_s, track.status[index], speeds[index]))
    at_s = at_s[(at_s >= max(0, track.begin_s))]
    for off_s, on_s in vessel.silences:
        at_s = at_s[(at_s < off_s) | (at_s >= on_s)]
    latitude, longitude, index = along(track, at_s)
    # What a program makes up it feeds in by wire: it is always heard, and the time stamp is its own.
    fed = track.exact[index]
    arrived = fed | heard(chance, listening, at_s, latitude, longitude, by_station(latitude, longitude), holes)
    at_s, latitude, longitude, index = at_s[arrived], latitude[arrived], longitude[arrived], index[arrived]
    sent = _sent(chance, number, vessel, at_s, latitude, longitude, index, speeds[index], courses[index])
    stamps = np.where(track.exact[index], at_s, clocks(chance, at_s, listening))
    stamped = Positions(**{**{name: getattr(sent, name) for name in _COLUMNS}, "at": stamps})
    twice = np.flatnonzero(chance.uniforms(len(at_s)) < listening.twice_share)
    # The second receiver brings the same report with a stamp of its own.
    again = stamped.where(twice)
    return Positions(
        **{
            name: np.concatenate([getattr(stamped, name), getattr(again, name) + (1 if name == "at" else 0)])
            if name != "class_b"
            else np.concatenate([stamped.class_b, again.class_b])
            for name in _COLUMNS
        }
    )


def _motion(track: Leg) -> tuple[Floats, Floats]:
    """Speed and course from each place of a track to the next, knots and degrees; the last is as the one before."""
    north_m = np.diff(track.latitude) * METRES_PER_DEGREE
    east_m = np.diff(track.longitude) * METRES_PER_DEGREE * np.cos(np.radians(track.latitude[:-1]))
    metres = np.sqrt(north_m * north_m + east_m * east_m)
    knots: Floats = (metres / np.diff(track.at_s) * HOUR / (1000 * KM_PER_NAUTICAL_MILE)).astype(np.float64)
    degrees: Floats = (np.round(np.degrees(np.arctan2(east_m, north_m)), 6) % 360.0).astype(np.float64)
    if not len(knots):
        return np.zeros(1), np.zeros(1)
    knots, degrees = np.append(knots, knots[-1]), np.append(degrees, degrees[-1])
    return np.where(np.isnan(track.said_kn), knots, track.said_kn), degrees


def _sent(
    chance: Chance,
    number: int,
    vessel: Vessel,
    at_s: Integers,
    latitude: Floats,
    longitude: Floats,
    index: Integers,
    knots: Floats,
    degrees: Floats,
) -> Positions:
    """What the transponder makes of it: noise, and whole numbers."""
    count = len(at_s)
    track = vessel.track
    loud = np.where(track.exact[index], 0.0, _NOISE_M / METRES_PER_DEGREE)
    # Each step below is one that every machine rounds alike; a cosine is taken once, of the whole track.
    shrunk = round(float(np.cos(np.radians(track.latitude[0]))), 3)
    latitude = latitude + loud * chance.normals(count)
    longitude = longitude + loud / shrunk * chance.normals(count)
    told = ~np.isnan(track.said_kn[index])
    noisy = np.maximum(0.0, knots + np.where(told, 0.0, _NOISE_KN) * chance.normals(count))
    steady = knots > 0.4
    course = np.where(steady, degrees + 1.5 * chance.normals(count), 360.0 * chance.uniforms(count)) % 360.0
    heading = np.where(steady, degrees + 2.5 * chance.normals(count), degrees + 20.0 * chance.normals(count)) % 360.0
    small = vessel.hull.class_b
    status = np.full(count, NO_STATUS, dtype=np.int8) if small else track.status[index]
    mmsis = np.array([each.mmsi for each in vessel.sayings], dtype=np.int32)
    turns = np.array([each.from_s for each in vessel.sayings], dtype=np.int64)
    voice = np.maximum(np.searchsorted(turns, at_s, side="right") - 1, 0)
    return Positions(
        vessel=np.full(count, number, dtype=np.int32),
        mmsi=mmsis[voice],
        at=at_s,
        latitude=np.round(latitude * PER_DEGREE).astype(np.int32),
        longitude=np.round(longitude * PER_DEGREE).astype(np.int32),
        speed=np.minimum(np.round(noisy * 10), MOST_SPEED).astype(np.int16),
        course=(np.round(course * 10).astype(np.int16) % 3600).astype(np.int16),
        heading=np.full(count, NO_HEADING, dtype=np.int16)
        if small
        else (np.round(heading).astype(np.int16) % 360).astype(np.int16),
        status=status,
        class_b=np.full(count, small, dtype=np.bool_),
    )


def _statements(
    chance: Chance, vessel: Vessel, positions: Positions, length_s: int, listening: Listening
) -> list[tuple[int, Saying, bool]]:
    """Static reports: they arrive where positions do, and soon after something new is said."""
    due = np.arange(chance.below(listening.static_s), length_s, listening.static_s, dtype=np.int64)
    turns = np.array([each.from_s for each in vessel.sayings], dtype=np.int64)
    due = np.unique(np.concatenate([due, np.maximum(turns, 0) + 60]))
    nearest = np.searchsorted(positions.at, due)
    nearest = np.unique(nearest[nearest < len(positions.at)])
    at_s = positions.at[nearest] + 1
    voice = np.maximum(np.searchsorted(turns, at_s - 1, side="right") - 1, 0)
    pairs = zip(at_s.tolist(), voice.tolist(), strict=True)
    return [(at, vessel.sayings[index], vessel.hull.class_b) for at, index in pairs if 0 <= at < length_s]
