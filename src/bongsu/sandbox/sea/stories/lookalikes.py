"""Honest ships that look like those of the other stories."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.chart import Harbour
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.hulls import Hull
from bongsu.sandbox.sea.lives import at_ground
from bongsu.sandbox.sea.motion import (
    HOUR,
    MOORED,
    UNDER_WAY,
    Leg,
    Place,
    cut,
    drift,
    keep_beside,
    leg,
    offset,
    place_at,
    trawl,
)
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.stories.parts import begins, clear_times, leave_for
from bongsu.sandbox.sea.vessels import Vessel

_PAIR_M: Final = (250.0, 480.0)  # pair trawlers keep their net open between them
_TOWLINE_M: Final = (180.0, 450.0)


def bunkering(scene: Scene, chance: Chance) -> None:
    """A small tanker lies alongside an anchored ship for hours, in the port's own anchorage."""
    harbour = chance.pick(scene.chart.trading())
    ship = _anchored(scene, chance, harbour, chance.uniform(9.0, 40.0))
    lying = ship.anchored(0.05)
    begin, hours = lying.begin_s - int(chance.uniform(6.0, 8.0) * HOUR), chance.around(3.0, 0.4, least=1.5, most=6.0)
    end = begin + int(hours * HOUR)
    alongside = keep_beside(chance, cut(ship.track(), begin, end), chance.uniform(12.0, 35.0))
    leave_for(scene, chance, ship, scene.chart.partners(harbour))
    barge = scene.diary(scene.hull("bunker"), harbour, laden=True, begins_s=-2 * HOUR)
    _come_alongside(barge, alongside, begin)
    barge.call(harbour)
    barge.berth((scene.length_s + HOUR - barge.at_s) / HOUR)
    scene.sails(ship.vessel(), barge.vessel())
    mmsis = [ship.hull.mmsi, barge.hull.mmsi]
    scene.plant("encounter", "bunkering", mmsis, begin, end, place=lying.first, role="innocent", hours=round(hours, 2))


def _anchored(scene: Scene, chance: Chance, harbour: Harbour, hours: float) -> Diary:
    """A ship that comes to a harbour's anchorage and lies there."""
    near = scene.chart.partners(harbour)
    ship = scene.diary(scene.hull(chance.pick(("cargo", "bulk", "tanker"))), chance.pick(near))
    ship.trade_until(begins(scene, chance, 60.0 + hours), lambda _: near)
    ship.say(harbour.name)
    ship.go_to(scene.chart.anchorage(chance, harbour))
    ship.anchored(hours)
    return ship


def _come_alongside(diary: Diary, alongside: Leg, begin: int) -> None:
    """From the berth in time to lie beside another ship, and so long as she does."""
    path_h = diary.hours_to(alongside.first)
    idle_h = (begin - diary.at_s) / HOUR - path_h
    diary.berth(max(0.1, idle_h))
    way = diary.way_to(alongside.first)
    # The last of the way is as long as it has to be.
    diary.add(way if way.end_s <= begin else cut(way, way.begin_s, begin - 60))
    if diary.at_s < begin:
        line = np.array([diary.place, alongside.first])
        diary.add(leg(np.array([diary.at_s, begin]), line[:, 0], line[:, 1], UNDER_WAY))
    diary.add(alongside)


def pilotage(scene: Scene, chance: Chance) -> None:
    """A pilot boat keeps beside an arriving ship for some minutes, and again beside the next."""
    harbour = chance.pick(scene.chart.trading())
    boat = scene.diary(scene.hull("pilot"), harbour, begins_s=-HOUR)
    mmsis, times = [boat.hull.mmsi], list[int]()
    for turn in range(1 + chance.below(2)):
        ship = scene.diary(scene.hull("cargo"), chance.pick(scene.chart.partners(harbour)))
        room = scene.length_s // 3
        ship.trade_until(
            turn * room + int(chance.uniform(0.1, 0.6) * room), lambda _: scene.chart.partners(harbour)[:3]
        )
        ship.say(harbour.name)
        way = ship.go_to(scene.chart.berth(chance, harbour), harbours=(True, True))
        ship.berth(chance.uniform(8.0, 30.0))
        leave_for(scene, chance, ship, scene.chart.partners(harbour))
        scene.sails(ship.vessel())
        begin = way.end_s - int(chance.uniform(0.8, 1.4) * HOUR)
        end = begin + int(chance.uniform(0.15, 0.35) * HOUR)
        if begin - boat.at_s < 3 * HOUR or way.begin_s > begin or end > scene.length_s:
            continue
        _come_alongside(boat, keep_beside(chance, cut(way, begin, end), 18.0), begin)
        boat.call(harbour)
        mmsis.append(ship.hull.mmsi)
        times += [begin, end]
    boat.berth(max(1.0, (scene.length_s + HOUR - boat.at_s) / HOUR))
    scene.sails(boat.vessel())
    if times:
        scene.plant("encounter", "pilot_boarding", mmsis, times[0], times[-1], place=harbour.place, role="innocent")


def fishing_pair(scene: Scene, chance: Chance) -> None:
    """Two trawlers with one net between them, side by side for days."""
    harbour = chance.pick(scene.chart.trading())
    lead = scene.diary(scene.hull("fisher"), harbour)
    ground = _ground(scene, chance, harbour)
    lead.berth(chance.uniform(1.0, 30.0))
    begin = 0
    pieces: list[tuple[int, int]] = []
    while lead.at_s < scene.length_s:
        lead.say("FISHING GROUND")
        lead.go_to(ground)
        begin = lead.at_s
        lead.add(trawl(lead.chance, ground, begin, lead.chance.uniform(20.0, 70.0), radius_km=6.0))
        pieces.append((begin, lead.at_s))
        lead.say(harbour.name)
        lead.call(harbour)
        lead.berth(lead.chance.uniform(8.0, 40.0))
    partner = scene.hull("fisher")
    track = lead.track()
    beside = keep_beside(chance, track, chance.uniform(*_PAIR_M))
    # In port they lie at berths of their own: what is beside the quay may be land.
    scene.sails(lead.vessel(), replace(_other(lead, partner), track=_only_at_sea(track, beside)))
    mmsis = [lead.hull.mmsi, partner.mmsi]
    for from_s, until_s in pieces:
        if from_s < scene.length_s and until_s > 0:
            scene.plant("encounter", "fishing_pair", mmsis, from_s, until_s, place=ground, role="innocent")


def _ground(scene: Scene, chance: Chance, harbour: Harbour) -> Place:
    for within_km in (120.0, 200.0, 300.0):
        try:
            return scene.chart.spot(chance, harbour.place, within_km, shore_km=16.0, port_km=16.0, abroad=True)
        except NoRoomError:
            continue
    return scene.chart.spot(chance, harbour.place, 400.0, shore_km=10.0, abroad=True)


def _other(lead: Diary, hull: Hull) -> Vessel:
    vessel = lead.vessel()
    said = {"mmsi": hull.mmsi, "imo": hull.imo, "name": hull.name, "call_sign": hull.call_sign}
    sayings = tuple(replace(each, **said) for each in vessel.sayings)  # type: ignore[arg-type]  # fields by name
    return replace(vessel, hull=hull, sayings=sayings)


def _only_at_sea(track: Leg, beside: Leg) -> Leg:
    moored = track.status == MOORED
    return replace(
        beside,
        latitude=np.where(moored, track.latitude + 0.0003, beside.latitude),
        longitude=np.where(moored, track.longitude, beside.longitude),
    )


def shelter(scene: Scene, chance: Chance) -> None:
    """Before a gale some ships anchor in the lee of a coast, where no port is, until it is over."""
    home = chance.pick(scene.chart.trading())
    centre = None
    for within_km in (80.0, 150.0, 250.0):
        try:
            centre = scene.chart.spot(chance, home.place, within_km, shore_km=4.0, port_km=16.0, abroad=True)
            break
        except NoRoomError:
            continue
    if centre is None:
        raise NoRoomError("there is no lee")
    begin = int(chance.uniform(0.35, 0.6) * scene.length_s)
    hours = chance.uniform(14.0, 36.0)
    near = scene.chart.near(centre, 600.0)
    for number in range(3 + chance.below(3)):
        # A mile from each other, as good seamanship has it.
        spot = offset(centre, number * 137.50776, 1.7 * (number + 0.3) ** 0.5)
        if not scene.chart.is_clear(spot, shore_km=1.0, port_km=12.0):
            continue
        ship = scene.diary(scene.hull(chance.pick(("cargo", "bulk", "fisher", "tanker"))), chance.pick(near))
        ship.trade_until(begin - 30 * HOUR, lambda _: near)
        ship.say("SHELTER")
        ship.go_to(spot)
        first = ship.at_s
        ship.anchored(max(6.0, (begin - first) / HOUR + hours + chance.uniform(-4.0, 4.0)))
        last = ship.at_s
        leave_for(scene, chance, ship, near)
        scene.sails(ship.vessel())
        for detector in ("loitering", "encounter"):
            scene.plant(detector, "storm_shelter", [ship.hull.mmsi], first, last, place=spot, role="innocent")


def waiting(scene: Scene, chance: Chance) -> None:
    """A bulk carrier waits days for her berth, at the anchorage of a busy port."""
    busy = [each for each in scene.chart.trading() if each.country == "CN" and each.place[0] < 33.0]
    harbour = chance.pick(busy or scene.chart.trading())
    hours = chance.around(40.0, 0.5, least=12.0, most=90.0)
    ship = _anchored(scene, chance, harbour, hours)
    end = ship.at_s
    place = ship.place
    ship.call(harbour)
    ship.trade_until(scene.length_s + HOUR)
    scene.sails(ship.vessel())
    scene.plant(
        "loitering", "anchorage_waiting", [ship.hull.mmsi], end - int(hours * HOUR), end, place=place, role="innocent"
    )


def towing(scene: Scene, chance: Chance) -> None:
    """A tug and her tow, a line's length apart, slow for days, and once they stop."""
    home = chance.pick(scene.chart.trading())
    bound = chance.pick(scene.chart.partners(home)[:3])
    tug = scene.diary(scene.hull("tow"), home)
    tug.berth(chance.uniform(2.0, max(3.0, scene.length_s / HOUR - 150.0)) - tug.at_s / HOUR)
    tug.say(bound.name)
    begin = tug.at_s
    way = tug.way_to(scene.chart.berth(chance, bound), harbours=(True, True))
    times = clear_times(scene, way, shore_km=10.0, port_km=15.0)
    stop = int(times[len(times) // 2]) if len(times) else (way.begin_s + way.end_s) // 2
    tug.add(cut(way, way.begin_s, stop))
    tug.add(_stopped(chance, place_at(way, stop), stop, chance.uniform(2.2, 7.0)))
    after = cut(way, stop, way.end_s).later(tug.at_s - stop)
    # From where she drifted to, back onto her course.
    tug.add(
        replace(after, at_s=np.concatenate([[after.begin_s + 300], after.at_s[1:]])) if len(after.at_s) > 2 else after
    )
    end = tug.at_s
    tug.harbour = bound
    tug.berth(max(2.0, (scene.length_s + HOUR - end) / HOUR))
    barge = scene.hull("cargo")
    track = tug.track()
    beside = keep_beside(chance, track, chance.uniform(*_TOWLINE_M))
    scene.sails(tug.vessel(), replace(_other(tug, barge), track=_only_at_sea(track, beside)))
    if begin < scene.length_s:
        mmsis = [tug.hull.mmsi, barge.mmsi]
        scene.plant("encounter", "tug_and_tow", mmsis, begin, min(end, scene.length_s), role="innocent")


def _stopped(chance: Chance, place: Place, at_s: int, hours: float) -> Leg:
    return drift(chance, place, at_s, hours, speed_kn=0.4, toward_deg=chance.uniform(0.0, 360.0))


def fishing_neighbours(scene: Scene, chance: Chance) -> None:
    """Two boats of one harbour sleep on one ground, in sight of each other and no nearer."""
    harbour = chance.pick(scene.chart.trading())
    ground = _ground(scene, chance, harbour)
    mmsis = []
    for number in range(2):
        boat = scene.diary(scene.hull("fisher"), harbour)
        boat.berth(chance.uniform(2.0, 20.0))
        spot = offset(ground, 90.0 * number, 1.1 * number)
        while boat.at_s < scene.length_s:
            boat.say("FISHING GROUND")
            at_ground(boat, spot, 1 + boat.chance.below(3))
            boat.say(harbour.name)
            boat.call(harbour)
            boat.berth(boat.chance.around(18.0, 0.6, least=5.0, most=90.0))
        scene.sails(boat.vessel())
        mmsis.append(boat.hull.mmsi)
    scene.plant("encounter", "fishing_neighbours", mmsis, 0, scene.length_s, place=ground, role="innocent")
