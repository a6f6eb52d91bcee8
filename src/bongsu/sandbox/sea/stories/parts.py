"""What several stories share: when they begin, how ships leave, and where on a way something may happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from bongsu.sandbox.sea.chance import Chance, Integers, NoRoomError
from bongsu.sandbox.sea.chart import Harbour
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.motion import HOUR, Leg, Place, along, place_at
from bongsu.sandbox.sea.scene import Scene
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, distance_km

_LOOK_S: Final = 1200
# Flags that the Panel of Experts named again and again, and none in particular.
_FLAGS: Final = (None, None, "CN", "SL", "TG", "MN", "CM", "PW")
_MOST_HASTE: Final = 1.25
_LEAST_STAY_H: Final = 2.0


def foreign_flag(chance: Chance) -> str | None:
    """A flag that is not the DPRK's; None where it does not matter."""
    return chance.pick(_FLAGS)


def begins(scene: Scene, chance: Chance, needed_h: float) -> int:
    """When a story begins that takes so many hours: within the world's days, and over before they are."""
    room = scene.length_s / HOUR - needed_h
    return int(chance.uniform(1.0, max(2.0, room)) * HOUR)


def leave_for(
    scene: Scene, chance: Chance, diary: Diary, among: Sequence[Harbour], *, laden: bool | None = None
) -> None:
    """To one of these harbours, and an ordinary life from there until the world ends."""
    others = [each for each in among if distance_km(diary.place, each.place) > 60.0]
    if not others:
        raise NoRoomError("there is no harbour to leave for")
    bound = chance.pick(others)
    diary.say(bound.name, laden=laden)
    diary.call(bound, wait_h=chance.around(12.0, 0.7, least=2.0, most=60.0) if chance.yes(0.5) else None)
    diary.trade_until(scene.length_s + HOUR)


def clear_times(scene: Scene, way: Leg, *, shore_km: float, port_km: float) -> Integers:
    """Times on a way, every twenty minutes, at which the ship is so far from coast and ports; there may be none."""
    times = np.arange(way.begin_s + _LOOK_S, way.end_s - _LOOK_S, _LOOK_S, dtype=np.int64)
    latitude, longitude, _ = along(way, times)
    clear = (scene.chart.shore_km(latitude, longitude) >= shore_km) & ~scene.chart.on_land(latitude, longitude)
    for number in np.flatnonzero(clear):
        place = (float(latitude[number]), float(longitude[number]))
        clear[number] = scene.chart.from_port_km(place) >= port_km
    return times[clear]


def reachable(scene: Scene, begin: Place, end: Place, hours: float, speed_kn: float) -> str | None:
    """A port of the DPRK that a ship in a hurry could have seen between two places; None where there is none."""
    reach_km = (hours - _LEAST_STAY_H) * speed_kn * _MOST_HASTE * KM_PER_NAUTICAL_MILE
    for port in scene.chart.dprk():
        if distance_km(begin, port.place) + distance_km(port.place, end) <= reach_km:
            return port.id
    return None


def plant_silence(
    scene: Scene, story: str, diary: Diary, track: Leg, from_s: int, until_s: int, *, port: str | None = None
) -> None:
    """Note a ship's silence: with the port of the DPRK she went to in it, or one that she had the time for."""
    begin, end = place_at(track, from_s), place_at(track, until_s)
    hours = (until_s - from_s) / HOUR
    hull = diary.hull
    scene.plant("dark_gap", story, [hull.mmsi], from_s, until_s, place=begin, hours=round(hours, 2))
    went = port is not None
    port = port or reachable(scene, begin, end, hours, hull.speed_kn)
    if port is not None:
        scene.plant(
            "implied_voyage",
            story,
            [hull.mmsi],
            from_s,
            until_s,
            place=begin,
            role="planted" if went else "allowed",
            hours=round(hours, 2),
            port=port,
        )
