"""An invented world of ships: made from a seed, with what was heard of them and what was planted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np

from bongsu.kernel.errors import UsageError
from bongsu.sandbox.sea import lives, stories
from bongsu.sandbox.sea.chance import Chance, Floats, Integers
from bongsu.sandbox.sea.chart import Chart, chart
from bongsu.sandbox.sea.motion import HOUR, along, anchored
from bongsu.sandbox.sea.reception import Hole, Listening
from bongsu.sandbox.sea.reports import PER_DEGREE, Positions, Statement, received
from bongsu.sandbox.sea.scene import DAY, Registered, Scene
from bongsu.sandbox.sea.shore import Flags
from bongsu.sandbox.sea.truth import Planted, truth_text
from bongsu.sandbox.sea.vessels import Vessel
from bongsu.sea.grid import METRES_PER_DEGREE

DEFAULT_START: Final = datetime(2026, 1, 5, tzinfo=UTC)
FEWEST_DAYS: Final = 7
MOST_DAYS: Final = 366
FEWEST_VESSELS: Final = stories.FEWEST
MOST_VESSELS: Final = 19_999
# Stations fail now and then, for half a day to two days: one somewhere in the region every few days.
_HOLES_A_DAY: Final = 0.4
_HOLE_KM: Final = (60.0, 160.0)
_HOLE_H: Final = (20.0, 0.5, 8.0, 48.0)
_TRIES: Final = 60
_MARGIN_H: Final = 14
_SILENCE_H: Final = 12
_WAIT_S: Final = 7 * HOUR
# A silence can plainly be told from a bad ear where so many others are heard within an hour and the reach of a station.
_OF_SILENCE: Final = frozenset({"dark_gap", "implied_voyage"})
_LEAST_OTHERS: Final = 6
_HEARING_KM: Final = 60.0
_KM_PER_DEGREE: Final = METRES_PER_DEGREE / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An invented world.

    Args:
        seed: the number it was made from.
        start: when it begins, UTC.
        days: how long it lasts.
        vessels: its ships.
        positions, statements: what was heard of them, in the order it arrived.
        truth: what was planted, sorted by detector and time.
        register: what flag states and the invented list say of some of its ships.
        holes: where nobody was heard, and when.
    """

    seed: int
    start: datetime
    days: int
    vessels: tuple[Vessel, ...]
    positions: Positions
    statements: tuple[Statement, ...]
    truth: tuple[Planted, ...]
    register: tuple[Registered, ...]
    holes: tuple[Hole, ...]

    def digest(self) -> str:
        """The SHA-256 of everything that was heard and planted: two worlds of one digest are the same."""
        said = [(each.at, each.class_b, each.saying) for each in self.statements]
        texts = (self.positions.digest(), repr(said), truth_text(self.truth), repr(self.register))
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def make_world(
    *,
    seed: int,
    vessels: int,
    days: int,
    start: datetime = DEFAULT_START,
    listening: Listening | None = None,
) -> World:
    """A world from a seed: the same seed and numbers make the same world.

    Args:
        seed: 0 or more.
        vessels: about how many ships; stories take some, and all others lead ordinary lives.
        days: 7 to 366.
        start: when it begins, aware, a whole second.
        listening: how well ships are heard.

    Raises:
        UsageError: too few ships or days for the stories, or too many for their numbers.
    """
    _check(seed, vessels, days, start)
    heard_by = listening or Listening()
    map_of_it = chart()
    scene = Scene(seed=seed, chart=map_of_it, start=start.astimezone(UTC), days=days)
    stories.tell(scene, vessels)
    lives.ordinary(scene, max(0, vessels - len(scene.vessels)))
    holes = _holes(scene)
    positions, statements = received(
        scene.vessels,
        seed=seed,
        epoch_s=int(scene.start.timestamp()),
        length_s=scene.length_s,
        listening=heard_by,
        holes=holes,
        by_station=lambda latitude, longitude: _by_station(map_of_it, latitude, longitude, heard_by.coast_km),
    )
    _plant_holes(scene, holes)
    _plant_waits(scene)
    return World(
        seed=seed,
        start=scene.start,
        days=days,
        vessels=tuple(scene.vessels),
        positions=positions,
        statements=statements,
        truth=tuple(sorted((_judged(each, scene, positions) for each in scene.truth), key=_order)),
        register=tuple(sorted(scene.register, key=lambda each: (each.imo, each.mmsi))),
        holes=tuple(holes),
    )


def _check(seed: int, vessels: int, days: int, start: datetime) -> None:
    if seed < 0:
        raise UsageError(f"a seed is 0 or more, not {seed}")
    if not FEWEST_VESSELS <= vessels <= MOST_VESSELS:
        raise UsageError(f"a world has {FEWEST_VESSELS} to {MOST_VESSELS:,} vessels, not {vessels:,}")
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise UsageError(f"a world lasts {FEWEST_DAYS} to {MOST_DAYS} days, not {days}")
    if start.utcoffset() is None or start.microsecond:
        raise UsageError("a world begins at a whole second of a known zone")


def _order(planted: Planted) -> tuple[str, datetime, tuple[int, ...], str, str]:
    return planted.detector, planted.first_at, planted.mmsis, planted.rule or "", planted.role


def _by_station(chart: Chart, latitude: Floats, longitude: Floats, coast_km: float) -> Flags:
    return chart.shore_km(latitude, longitude) < coast_km


def _holes(scene: Scene) -> list[Hole]:
    """Times without reception, wherever no story needs it: a silence in a hole is nobody's doing."""
    chance = Chance(scene.seed, 6)
    wanted = max(2, round(scene.length_s / DAY * _HOLES_A_DAY))
    busy = _needed(scene)
    holes: list[Hole] = []
    for _ in range(wanted * _TRIES):
        if len(holes) == wanted:
            break
        harbour = chance.pick(scene.chart.trading())
        hours = chance.around(*_HOLE_H[:2], least=_HOLE_H[2], most=_HOLE_H[3])
        from_s = int(chance.uniform(0.0, scene.length_s / HOUR - hours) * HOUR)
        hole = Hole(
            centre=harbour.place,
            radius_km=chance.uniform(*_HOLE_KM),
            from_s=from_s,
            until_s=from_s + int(hours * HOUR),
        )
        if not hole.holds(busy[0], busy[1], busy[2]).any():
            holes.append(hole)
    return holes


def _needed(scene: Scene) -> tuple[Integers, Floats, Floats]:
    """When and where reception is needed for what was planted: hourly places of the ships concerned."""
    tracks = {each.hull.mmsi: each.track for each in scene.vessels}
    parts = []
    for planted in scene.truth:
        first, last = (int((each - scene.start).total_seconds()) for each in (planted.first_at, planted.last_at))
        # Where a ship is concerned all her days, as by her number, half a day more or less of her does not matter.
        if planted.role != "planted" or last - first > scene.length_s // 2:
            continue
        for track in (tracks[mmsi] for mmsi in planted.mmsis if mmsi in tracks):
            times = np.arange(first - _MARGIN_H * HOUR, last + _MARGIN_H * HOUR, HOUR, dtype=np.int64)
            times = times[(times >= track.begin_s) & (times <= track.end_s)]
            parts.append((times, *along(track, times)[:2]))
    at_s, latitude, longitude = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return at_s, latitude, longitude


def _plant_holes(scene: Scene, holes: Sequence[Hole]) -> None:
    """Note whose silence a hole made: innocent, each of them."""
    for hole in holes:
        if hole.until_s - hole.from_s < _SILENCE_H * HOUR:
            continue
        times = np.arange(hole.from_s, hole.until_s, HOUR, dtype=np.int64)
        for vessel in scene.vessels:
            latitude, longitude, _ = along(vessel.track, times)
            if hole.holds(times, latitude, longitude).any():
                scene.plant(
                    "dark_gap",
                    "reception_hole",
                    [vessel.hull.mmsi],
                    hole.from_s,
                    hole.until_s,
                    place=hole.centre,
                    role="innocent",
                )


def _plant_waits(scene: Scene) -> None:
    """Note where ships that are tied to the DPRK lie at anchor in waters to be watched, whatever they wait for."""
    calls = (each for each in scene.truth if each.detector == "port_call" and "port" in each.numbers)
    tied = {mmsi for each in calls for mmsi in each.mmsis}
    tied |= {vessel.hull.mmsi for vessel in scene.vessels if vessel.hull.flag == "KP"}
    for vessel in scene.vessels:
        mmsis = {each.mmsi for each in vessel.sayings}  # of another hull, where she sends that one's number
        if not mmsis & tied:
            continue
        for from_s, until_s, place in anchored(vessel.track):
            watched = any(scene.chart.lies_in(place, kind) for kind in ("waiting_area", "transfer_area"))
            if watched and until_s - from_s >= _WAIT_S and from_s < scene.length_s and until_s > 0:
                scene.plant("loitering", "tied_ship_waits", mmsis, from_s, until_s, place=place, role="allowed")


def _judged(planted: Planted, scene: Scene, positions: Positions) -> Planted:
    """A silence as it can be known: where nobody else was heard at either end, none can say that it is one.

    The same holds for one that begins in the first hours of the world, before anyone knows how well the ship is heard.
    """
    if planted.detector not in _OF_SILENCE or planted.role != "planted":
        return planted
    first, last = (int(each.timestamp()) for each in (planted.first_at, planted.last_at))
    own = np.isin(positions.mmsi, planted.mmsis)
    others = max(_others(positions, own, first, first, HOUR), _others(positions, own, last, last - HOUR, HOUR))
    began = int((planted.first_at - scene.start).total_seconds())
    ended = scene.length_s - int((planted.last_at - scene.start).total_seconds())
    known = others >= _LEAST_OTHERS and began >= _MARGIN_H * HOUR and ended >= 2 * HOUR
    return replace(planted, role="planted" if known else "allowed", numbers={**planted.numbers, "others_heard": others})


def _others(positions: Positions, own: Flags, seen_s: int, from_s: int, span_s: int) -> int:
    """How many other ships were heard in an hour around where a ship was heard next to a time."""
    mine = np.flatnonzero(own)
    if not len(mine):
        return 0
    nearest = mine[int(np.argmin(np.abs(positions.at[mine] - seen_s)))]
    begin, end = np.searchsorted(positions.at, [from_s, from_s + span_s])
    north = (positions.latitude[begin:end] - positions.latitude[nearest]) / PER_DEGREE * _KM_PER_DEGREE
    shrunk = round(float(np.cos(np.radians(positions.latitude[nearest] / PER_DEGREE))), 6)
    east = (positions.longitude[begin:end] - positions.longitude[nearest]) / PER_DEGREE * _KM_PER_DEGREE * shrunk
    near = (north * north + east * east < _HEARING_KM * _HEARING_KM) & ~own[begin:end]
    return len(np.unique(positions.mmsi[begin:end][near]))
