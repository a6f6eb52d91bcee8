"""Ships that meet at sea: two in sight, one in sight of a silent other, and meetings too short or too far apart."""

from __future__ import annotations

import numpy as np

from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.motion import (
    HOUR,
    UNDER_WAY,
    Leg,
    Place,
    anchor,
    cut,
    drift,
    keep_beside,
    leg,
    offset,
)
from bongsu.sandbox.sea.scene import DAY, Scene
from bongsu.sandbox.sea.stories.parts import foreign_flag, leave_for, plant_silence

# As observed in 11,681 published encounters (Global Fishing Watch, 2012 to 2017; Miller et al., Frontiers in Marine
# Science 5, 2018): logarithms of the hours have mean 2.09 and deviation 0.94, and half are within 40 metres.
_HOURS = (7.3, 0.94, 2.2, 48.0)
_METRES = (40.0, 0.45, 14.0, 200.0)
_FAR_METRES = (200.0, 450.0)
_FAR_SHARE = 0.08
# Far out a satellite sees the beginning and the end up to a pass late and early.
_UNSEEN_H = (0.8, 1.8)
_KINDS = (("tanker", "tanker"), ("tanker", "tanker"), ("bulk", "cargo"), ("cargo", "cargo"), ("cargo", "fisher"))
_MOST_KM = 800.0
# What the resolution forbids is a transfer to or from a ship of the DPRK (2375/11). Most hide their flag where such are
# known; elsewhere nothing but the flag would tell such a meeting from any other.
_OF_THE_DPRK = ("tanker", "cargo")
_DPRK_SHARE = 0.3
_HOLD_KM = (2.5, 5.0)
_APPROACH_S = 2400
_ASKED_S = int(12.3 * HOUR)  # a shorter silence is no gap of its own


def encounter(scene: Scene, chance: Chance) -> None:
    """Two ships lie side by side at sea for hours, and one is deeper in the water afterwards."""
    place = _place(scene, chance)
    hours = chance.around(_HOURS[0], _HOURS[1], least=_HOURS[2], most=_HOURS[3])
    if scene.chart.from_shore_km(place) > 60.0:
        hours += chance.uniform(*_UNSEEN_H)
    metres = chance.around(_METRES[0], _METRES[1], least=_METRES[2], most=_METRES[3])
    if chance.yes(_FAR_SHARE):
        metres = chance.uniform(*_FAR_METRES)
    giver, taker, begin, end = _meeting(scene, chance, place, hours, metres)
    scene.sails(giver.vessel(), taker.vessel())
    tied = _is_tied(scene, place, taker)
    scene.plant(
        "encounter", "encounter" if tied else "untied_meeting", _mmsis(giver, taker), begin, end, place=place,
        role="planted" if tied else "innocent",
        hours=round(hours, 2), distance_m=round(metres), kinds=[giver.hull.kind, taker.hull.kind],
    )  # fmt: skip
    _note(scene, "encounter", giver, taker)


def brief(scene: Scene, chance: Chance) -> None:
    """Innocent: two ships meet for an hour, as for a spare part or a crew member."""
    place = _place(scene, chance)
    hours = chance.uniform(0.4, 1.4)
    one, other, begin, end = _meeting(scene, chance, place, hours, chance.uniform(20.0, 90.0))
    scene.sails(one.vessel(), other.vessel())
    scene.plant("encounter", "brief_meeting", _mmsis(one, other), begin, end, place=place, role="innocent", hours=hours)
    _note(scene, "brief_meeting", one, other)


def apart(scene: Scene, chance: Chance) -> None:
    """Innocent: two ships wait adrift in sight of each other, a kilometre or more apart."""
    place = _place(scene, chance)
    hours, metres = chance.uniform(3.0, 7.0), chance.uniform(950.0, 2200.0)
    one, other, begin, end = _meeting(scene, chance, place, hours, metres)
    scene.sails(one.vessel(), other.vessel())
    scene.plant(
        "encounter", "waiting_apart", _mmsis(one, other), begin, end, place=place, role="innocent", distance_m=metres
    )
    _note(scene, "waiting_apart", one, other)


def dark_encounter(scene: Scene, chance: Chance) -> None:
    """One ship lies still at sea; another, within reach, is silent the while, and comes alongside unseen."""
    place = _place(scene, chance)
    hours = chance.around(9.0, 0.5, least=4.5, most=30.0)
    seen, unseen, begin, end = _meeting(scene, chance, place, hours, chance.uniform(20.0, 80.0))
    track = unseen.track()
    before_s, after_s = (int(chance.uniform(1.0, 3.5) * HOUR) for _ in range(2))
    off_s, on_s = max(track.begin_s, begin - before_s), end + after_s
    unseen.hidden(off_s, on_s)
    scene.sails(seen.vessel(), unseen.vessel())
    tied = _is_tied(scene, place, unseen)
    scene.plant(
        "dark_encounter", "dark_encounter" if tied else "untied_meeting", _mmsis(seen, unseen), begin, end,
        place=place, role="planted" if tied else "innocent", hours=round(hours, 2),
        silent_h=round((on_s - off_s) / HOUR, 2),
    )  # fmt: skip
    if on_s - off_s > _ASKED_S:
        plant_silence(scene, "dark_encounter", unseen, track, off_s, on_s)
    _note(scene, "dark_encounter", seen, unseen)


def _note(scene: Scene, story: str, *diaries: Diary) -> None:
    """What is truly so besides: whoever waits long enough for another loiters too, and a flag of the DPRK is one."""
    for diary in diaries:
        mmsis = [diary.hull.mmsi]
        for begin, end, place in diary.stops:
            if begin < scene.length_s and end > 0:
                scene.plant("loitering", story, mmsis, begin, end, place=place, role="allowed")
        if diary.hull.flag == "KP":
            scene.plant("identity", story, mmsis, 0, scene.length_s, rule="dprk_mid")


def _is_tied(scene: Scene, place: Place, taker: Diary) -> bool:
    """Whether anything ties a meeting to the DPRK: the flag of the one that takes, or the waters."""
    return taker.hull.flag == "KP" or scene.chart.is_known(place, "transfer_area")


def _mmsis(one: Diary, other: Diary) -> list[int]:
    return [one.hull.mmsi, other.hull.mmsi]


def _place(scene: Scene, chance: Chance) -> Place:
    """Where transfers are known, or anywhere on a way between two ports: off the coast, and clear of anchorages."""
    if chance.yes(0.5):
        return scene.chart.within(chance, "transfer_area", shore_km=6.0, port_km=14.0)
    while True:
        home = chance.pick(scene.chart.trading())
        path = scene.chart.path(home.place, chance.pick(scene.chart.partners(home)).place)
        try:
            return scene.chart.spot(chance, path[len(path) // 2], 60.0, shore_km=15.0, port_km=16.0)
        except NoRoomError:
            continue


def _meeting(scene: Scene, chance: Chance, place: Place, hours: float, metres: float) -> tuple[Diary, Diary, int, int]:
    """Two ships come to a place, lie beside each other, and part: their days, and when it began and ended."""
    kinds = chance.pick(_KINDS)
    near = scene.chart.near(place, _MOST_KM)
    least_h = _MOST_KM / 15.0
    begin = int(chance.uniform(0.3 * least_h, max(least_h, scene.length_s / HOUR - hours - 8.0)) * HOUR)
    end = begin + int(hours * HOUR)
    first = scene.diary(scene.hull(kinds[0], foreign_flag(chance)), chance.pick(near), laden=True, begins_s=-5 * DAY)
    shown = chance.yes(_DPRK_SHARE) or not scene.chart.is_known(place, "transfer_area")
    flag = "KP" if kinds[1] in _OF_THE_DPRK and shown else foreign_flag(chance)
    second = scene.diary(scene.hull(kinds[1], flag), chance.pick(near), begins_s=-5 * DAY)
    _wait_nearby(scene, first, place, begin, chance.uniform(0.1, 1.5))
    first_s = first.at_s
    lying = _lying(chance, first, end)
    beside = keep_beside(chance, cut(lying, begin, end), metres)
    hold = offset(place, chance.uniform(0.0, 360.0), chance.uniform(*_HOLD_KM))
    hold = hold if scene.chart.is_clear(hold, shore_km=2.0, port_km=0.0) else place
    _wait_nearby(scene, second, hold, begin - _APPROACH_S, chance.uniform(0.1, 1.0))
    second_s = second.at_s
    if second.at_s < begin - _APPROACH_S:
        second.add(_still(chance, second, begin - _APPROACH_S))
    second.add(_straight(second, beside.first, begin))
    second.add(beside)
    # The one that came goes first.
    second_bound, first_bound = scene.chart.near(place, _MOST_KM), scene.chart.near(place, _MOST_KM)
    first.add(_still(chance, first, end + int(chance.uniform(0.6, 2.0) * HOUR)))
    first.stops.append((first_s, first.at_s, place))
    second.stops.append((second_s, second.at_s, place))
    leave_for(scene, chance, second, second_bound, laden=True)
    leave_for(scene, chance, first, first_bound, laden=False)
    return first, second, begin, end


def _wait_nearby(scene: Scene, diary: Diary, place: Place, at_s: int, early_h: float) -> None:
    """Trade near by, and come to a place so many hours before a time."""
    near = scene.chart.near(place, _MOST_KM)
    longest_s = int(diary.hours_for(max(scene.chart.sea_km(each, place) for each in near)) * HOUR)
    diary.trade_until(at_s - longest_s - int(early_h * HOUR) - HOUR, lambda _: near)
    idle_s = at_s - int(early_h * HOUR) - int(diary.hours_to(place) * HOUR) - diary.at_s
    if idle_s > HOUR:
        diary.berth(idle_s / HOUR)
    diary.say("FOR ORDERS")
    diary.go_to(place)


def _lying(chance: Chance, diary: Diary, end: int) -> Leg:
    """Adrift or at anchor from now to the end of the meeting."""
    hours = (end - diary.at_s) / HOUR
    if chance.yes(0.35):
        return diary.add(anchor(chance, diary.place, diary.at_s, hours))
    return diary.adrift(hours, speed_kn=chance.uniform(0.25, 1.1))


def _still(chance: Chance, diary: Diary, until_s: int) -> Leg:
    hours = max(0.06, (until_s - diary.at_s) / HOUR)
    return drift(chance, diary.place, diary.at_s, hours, speed_kn=0.2, toward_deg=chance.uniform(0.0, 360.0))


def _straight(diary: Diary, end: Place, at_s: int) -> Leg:
    """Slowly alongside, in time for the meeting."""
    line = np.array([diary.place, end])
    return leg(np.array([diary.at_s, max(at_s, diary.at_s + 60)]), line[:, 0], line[:, 1], UNDER_WAY)
