"""What several stories share: when they begin, how ships leave, and where on a way something may happen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bongsu.sandbox.sea.chance import Chance, Integers, NoRoomError
from bongsu.sandbox.sea.chart import Harbour
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.motion import HOUR, Leg, Place, along, offset, place_at
from bongsu.sandbox.sea.scene import Scene
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, distance_km

_LOOK_S: Final = 1200
# Flags that the Panel of Experts named again and again, and none in particular.
_FLAGS: Final = (None, None, "CN", "SL", "TG", "MN", "CM", "PW")
_MOST_HASTE: Final = 1.25
_LEAST_STAY_H: Final = 2.0
_CALLERS: Final = ("cargo", "bulk")
_CALL_KM: Final = 700.0
_CALL_H: Final = (20.0, 0.4, 8.0, 40.0)
# A silence with an end so near a port of the DPRK is tied to it (`dark_gap.toml`); what is heard last before it, and
# first after it, may lie so far from where it begins and ends.
_NEAR_DPRK_KM: Final = 300.0
_UNHEARD_KM: Final = 25.0
_LOOK_WATERS_S: Final = 1800


def foreign_flag(chance: Chance) -> str | None:
    """A flag that is not the DPRK's; None where it does not matter."""
    return chance.pick(_FLAGS)


def begins(scene: Scene, chance: Chance, needed_h: float) -> int:
    """When a story begins that takes so many hours: within the world's days, and over before they are."""
    room = scene.length_s / HOUR - needed_h
    return int(chance.uniform(1.0, max(2.0, room)) * HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call at a port of the DPRK: from when to when, seconds after the world began."""

    port: Harbour
    from_s: int
    to_s: int


def with_call(scene: Scene, chance: Chance, flag: str | None = None, *, after_h: float = 0.0) -> tuple[Diary, Called]:
    """A ship that trades near the DPRK and calls at one of its ports, in the open: what ties all her days to it.

    Her diary ends at the berth, and there is time for what takes so many hours after it.
    """
    port = chance.pick(scene.chart.dprk())
    near = scene.chart.near(port.place, _CALL_KM)
    stay_h = chance.around(_CALL_H[0], _CALL_H[1], least=_CALL_H[2], most=_CALL_H[3])
    diary = scene.diary(scene.hull(chance.pick(_CALLERS), flag), chance.pick(near), laden=True)
    diary.trade_until(begins(scene, chance, 75.0 + stay_h + after_h), lambda _: near)
    diary.say(port.name, laden=True)
    first, _ = diary.call(port)
    diary.berth(stay_h)
    return diary, Called(port=port, from_s=first, to_s=diary.at_s)


def trades_with_call(scene: Scene, chance: Chance, flag: str | None = None) -> tuple[Diary, Called]:
    """The same, with an ordinary life from there until the world ends."""
    diary, called = with_call(scene, chance, flag)
    leave_for(scene, chance, diary, scene.chart.near(called.port.place, _CALL_KM), laden=False)
    return diary, called


def plant_call(scene: Scene, story: str, mmsis: Iterable[int], called: Called) -> None:
    """Note a call; one that is not over when the world ends may be seen as one or not."""
    role = "planted" if called.to_s < scene.length_s - 2 * HOUR else "allowed"
    scene.plant(
        "port_call", story, mmsis, called.from_s, called.to_s, place=called.port.place, role=role, port=called.port.id
    )


def is_in_waters(scene: Scene, track: Leg, from_s: int, until_s: int) -> bool:
    """Whether a track touches waters that tie it to the DPRK: its own, or those where transfers are known."""
    begin, end = max(track.begin_s, from_s), min(track.end_s, until_s)
    return any(
        scene.chart.is_known(place_at(track, at_s), "transfer_area") for at_s in range(begin, end, _LOOK_WATERS_S)
    )


def silence_role(scene: Scene, diary: Diary, begin: Place, end: Place, *, called: bool) -> str:
    """Whether a silence is planted, for something ties it to the DPRK; innocent, for nothing does; or allowed, for it
    may be seen either way.
    """
    ends = (begin, end)
    if diary.hull.flag == "KP" or called:
        return "planted"
    near_km = min(distance_km(place, port.place) for place in ends for port in scene.chart.dprk())
    around = [[place, *(offset(place, turn * 45.0, _UNHEARD_KM) for turn in range(8))] for place in ends]
    known = [[scene.chart.is_known(place, "transfer_area") for place in places] for places in around]
    if near_km <= _NEAR_DPRK_KM - _UNHEARD_KM or any(map(all, known)):
        return "planted"
    return "allowed" if near_km <= _NEAR_DPRK_KM + _UNHEARD_KM or any(map(any, known)) else "innocent"


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
    scene: Scene,
    story: str,
    diary: Diary,
    track: Leg,
    from_s: int,
    until_s: int,
    *,
    port: str | None = None,
    called: bool = False,
) -> str:
    """Note a silence, with the port of the DPRK she went to in it, or one that she had the time for; and give its role.

    `called`: she called at a port of the DPRK, in the open, days before.
    """
    begin, end = place_at(track, from_s), place_at(track, until_s)
    hours = (until_s - from_s) / HOUR
    hull = diary.hull
    role = silence_role(scene, diary, begin, end, called=called)
    told = "untied_silence" if role == "innocent" else story
    scene.plant("dark_gap", told, [hull.mmsi], from_s, until_s, place=begin, role=role, hours=round(hours, 2))
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
    return role
