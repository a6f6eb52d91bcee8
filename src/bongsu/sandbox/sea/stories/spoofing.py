"""Ships whose transponders say that they are where they are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from bongsu.kernel.canonical import JsonValue
from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.hulls import Hull
from bongsu.sandbox.sea.motion import (
    HOUR,
    UNDER_WAY,
    Leg,
    Place,
    along,
    circle,
    cut,
    joined,
    leg,
    offset,
    place_at,
)
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.stories.parts import foreign_flag, is_in_waters, plant_call, trades_with_call
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE

_KM_PER_DEGREE: Final = 111.195
_TRIES: Final = 200
_CALL_SHARE: Final = 0.5
_CLEAR_S: Final = 3 * HOUR


def impossible_speed(scene: Scene, chance: Chance, *, tied: bool = True) -> None:
    """Reports leap to and fro between two places hundreds of kilometres apart."""
    diary, track = _trades(scene, chance, tied=tied)
    begin, end = _span(scene, chance, diary, chance.around(5.0, 0.4, least=2.5, most=12.0))
    north, east = _shift(chance, chance.uniform(120.0, 450.0))
    pieces, at_s, away = list[Leg](), begin, True
    while at_s < end:
        until_s = min(end, at_s + int(chance.uniform(0.35, 1.2) * HOUR))
        piece = cut(track, at_s, until_s)
        pieces.append(piece.shifted(north, east) if away else piece)
        at_s, away = until_s, not away
    _tells(scene, diary, _spliced(track, begin, end, _apart(pieces)), begin, end, "impossible_speed", tied=tied)


def on_land(scene: Scene, chance: Chance) -> None:
    """Her track runs over dry land."""
    diary, track = _trades(scene, chance, tied=True)
    begin, end = _span(scene, chance, diary, chance.around(10.0, 0.5, least=4.0, most=30.0))
    piece = cut(track, begin, end)
    shifted = _shifted_until(chance, piece, lambda made: _dry(scene, made) > 0.97, 150.0, 700.0)
    _tells(scene, diary, _spliced(track, begin, end, [shifted]), begin, end, "on_land")


def circles(scene: Scene, chance: Chance) -> None:
    """She seems to go round and round on an even circle."""
    diary, track = _trades(scene, chance, tied=True)
    begin, end = _span(scene, chance, diary, chance.around(9.0, 0.5, least=4.0, most=30.0))
    radius_km = chance.around(2.5, 0.6, least=0.8, most=9.0)
    centre = scene.chart.spot(chance, place_at(track, begin), 300.0, shore_km=radius_km + 6.0, port_km=radius_km + 6.0)
    speed = chance.uniform(6.0, 19.0)
    made = circle(centre, begin, (end - begin) / HOUR, radius_km=radius_km, speed_kn=speed)
    _tells(scene, diary, _spliced(track, begin, end, [made]), begin, end, "circle", radius_km=radius_km)


def jump(scene: Scene, chance: Chance, *, tied: bool = True) -> None:
    """In one moment she is hundreds of kilometres away, goes on there as before, and is back in another."""
    diary, track = _trades(scene, chance, tied=tied)
    begin, end = _span(scene, chance, diary, chance.around(14.0, 0.5, least=6.0, most=48.0))
    piece = cut(track, begin, end)
    shifted = _shifted_until(chance, piece, lambda made: _dry(scene, made) == 0.0, 90.0, 600.0)
    _tells(scene, diary, _spliced(track, begin, end, [shifted]), begin, end, "jump", tied=tied)


def line(scene: Scene, chance: Chance, *, tied: bool = True) -> None:
    """She goes in a straight line at one speed, as a program reckons and no sea lets anyone."""
    diary, track = _trades(scene, chance, tied=tied)
    for _ in range(_TRIES):
        begin, end = _span(scene, chance, diary, chance.around(10.0, 0.4, least=5.0, most=24.0))
        place, speed = place_at(track, begin), round(chance.uniform(8.0, 14.0), 1)
        gone_km = speed * KM_PER_NAUTICAL_MILE * (end - begin) / HOUR
        ends = np.array([place, offset(place, chance.uniform(0.0, 360.0), gone_km)])
        made = leg(np.array([begin, end], dtype=np.int64), ends[:, 0], ends[:, 1], UNDER_WAY, exact=True)
        if _dry(scene, made) == 0.0:
            told = _spliced(track, begin, end, [made.saying(speed_kn=speed)])
            _tells(scene, diary, told, begin, end, "line", tied=tied)
            return
    raise NoRoomError("there is no room for a straight line")


def copied(scene: Scene, chance: Chance) -> None:
    """She sends another ship's track, moved elsewhere, report for report."""
    other, model = _trades(scene, chance)
    diary, track = _trades(scene, chance, tied=True)
    begin, end = _busiest(scene, chance, diary, model, chance.around(20.0, 0.4, least=10.0, most=48.0))
    scene.sails(other.vessel())
    shifted = _shifted_until(chance, cut(model, begin, end), lambda made: _dry(scene, made) == 0.0, 60.0, 600.0)
    told = _spliced(track, begin, end, [replace(shifted, exact=np.full(len(shifted.at_s), True))])
    _tells(scene, diary, told, begin, end, "copied_track", model=other.hull)


def frozen(scene: Scene, chance: Chance, *, tied: bool = True) -> None:
    """She makes ten knots, she says, and her place does not change by a metre."""
    diary, track = _trades(scene, chance, tied=tied)
    begin, end = _busiest(scene, chance, diary, track, chance.around(11.0, 0.5, least=5.0, most=36.0))
    place = place_at(track, begin)
    times = np.array([begin, end], dtype=np.int64)
    still = leg(times, np.full(2, place[0]), np.full(2, place[1]), UNDER_WAY, exact=True)
    speed = round(chance.uniform(6.0, 12.0), 1)
    _tells(scene, diary, _spliced(track, begin, end, [still.saying(speed_kn=speed)]), begin, end, "frozen", tied=tied)


def glitch(scene: Scene, chance: Chance) -> None:
    """Innocent: a single report in days is far off, as when a bit is lost."""
    diary, track = _trades(scene, chance)
    at_s = int(chance.uniform(0.1, 0.9) * scene.length_s)
    north, east = _shift(chance, chance.uniform(50.0, 400.0))
    # As long as a report or two takes to come by.
    off = cut(track, at_s, at_s + 300).shifted(north, east)
    vessel = replace(diary.vessel(), track=_spliced(track, at_s, at_s + 300, [off]), truthful=False)
    scene.sails(vessel)
    scene.plant("spoofing", "glitch", [diary.hull.mmsi], at_s - 2 * HOUR, at_s + 2 * HOUR, role="innocent")


def untied(scene: Scene, chance: Chance) -> None:
    """Innocent, as far as the DPRK goes: the same of a ship that nothing ties to it."""
    chance.pick((impossible_speed, jump, line, frozen))(scene, chance, tied=False)


def _trades(scene: Scene, chance: Chance, *, tied: bool = False) -> tuple[Diary, Leg]:
    """A ship's ordinary days; of the DPRK, or with a call at one of its ports, where she is to be tied to it."""
    if tied and chance.yes(_CALL_SHARE):
        diary, called = trades_with_call(scene, chance, foreign_flag(chance))
        plant_call(scene, "spoofing", [diary.hull.mmsi], called)
        diary.stops.append((called.from_s, called.to_s, called.port.place))
        return diary, diary.track()
    hull = scene.hull(chance.pick(("cargo", "bulk", "tanker")), "KP" if tied else foreign_flag(chance))
    diary = scene.diary(hull, chance.pick(scene.chart.trading()), laden=True)
    diary.trade_until(scene.length_s + HOUR)
    if tied:
        scene.plant("identity", "spoofing", [hull.mmsi], 0, scene.length_s, rule="dprk_mid")
    return diary, diary.track()


def _span(scene: Scene, chance: Chance, diary: Diary, hours: float) -> tuple[int, int]:
    """A time of that length, clear of her calls: what ties her is not to be told away."""
    for _ in range(_TRIES):
        begin = int(chance.uniform(6.0, scene.length_s / HOUR - hours - 6.0) * HOUR)
        end = begin + int(hours * HOUR)
        if all(end < from_s - _CLEAR_S or begin > to_s + _CLEAR_S for from_s, to_s, _ in diary.stops):
            return begin, end
    raise NoRoomError("there is no time beside her calls")


def _busiest(scene: Scene, chance: Chance, diary: Diary, track: Leg, hours: float) -> tuple[int, int]:
    """Of some times of this length the one in which the track goes farthest."""
    spans = [_span(scene, chance, diary, hours) for _ in range(25)]
    return max(spans, key=lambda span: (_gone_km(cut(track, *span)), span))


def _gone_km(piece: Leg) -> float:
    north, east = np.diff(piece.latitude), np.diff(piece.longitude)
    return round(float(np.sqrt(north * north + 0.6 * east * east).sum()) * _KM_PER_DEGREE, 3)


def _shift(chance: Chance, distance_km: float) -> tuple[float, float]:
    place = offset((36.0, 125.0), chance.uniform(0.0, 360.0), distance_km)
    return round(place[0] - 36.0, 5), round(place[1] - 125.0, 5)


def _shifted_until(chance: Chance, piece: Leg, fits: Callable[[Leg], bool], least_km: float, most_km: float) -> Leg:
    """The piece moved somewhere where it fits.

    Raises:
        NoRoomError: it fits nowhere.
    """
    for attempt in range(1500):
        # Farther and farther, as there may be nothing near.
        made = piece.shifted(*_shift(chance, chance.uniform(least_km, most_km * (1 + attempt / 300))))
        if fits(made):
            return made
    raise NoRoomError("there is no place for a false track")


def _dry(scene: Scene, piece: Leg) -> float:
    """The share of a piece's time on land, looked at every quarter of an hour."""
    times = np.arange(piece.begin_s, piece.end_s + 1, 900, dtype=np.int64)
    latitude, longitude, _ = along(piece, times)
    return float(scene.chart.on_land(latitude, longitude).mean())


def _apart(pieces: list[Leg]) -> list[Leg]:
    """The pieces with a second between them, so that each keeps its ends."""
    return [
        pieces[0],
        *(replace(each, at_s=np.concatenate([[each.begin_s + 1], each.at_s[1:]])) for each in pieces[1:]),
    ]


def _spliced(track: Leg, begin: int, end: int, told: list[Leg]) -> Leg:
    """The track with another story told between two times."""
    before, after = cut(track, track.begin_s, begin - 1), cut(track, max(end, told[-1].end_s) + 1, track.end_s)
    return joined([before, *told, after])


def _tells(
    scene: Scene,
    diary: Diary,
    told: Leg,
    begin: int,
    end: int,
    rule: str,
    model: Hull | None = None,
    radius_km: float | None = None,
    tied: bool = True,
) -> None:
    echoes = None if model is None else model.number
    scene.sails(replace(diary.vessel(), track=told, truthful=False, echoes=echoes))
    mmsis = [diary.hull.mmsi, *(() if model is None else (model.mmsi,))]
    place: Place = place_at(told, begin + 1)
    size: dict[str, JsonValue] = {} if radius_km is None else {"radius_km": radius_km}
    story, role = ("spoofing", "planted") if tied else ("untied_spoofing", "innocent")
    if not tied and any(is_in_waters(scene, track, begin - HOUR, end + HOUR) for track in (told, diary.track())):
        raise NoRoomError("the waters would tie her to the DPRK")
    scene.plant("spoofing", story, mmsis, begin, end, place=place, rule=rule, role=role, **size)
    # To get there and back a false place needs speeds that no ship has, whatever else is wrong with it; and it may lie
    # on land by chance.
    ashore = ("on_land",) if _dry(scene, cut(told, begin, end)) > 0 else ()
    for also in ("impossible_speed", "jump", *ashore):
        if also != rule and tied:
            scene.plant("spoofing", "spoofing", [diary.hull.mmsi], begin, end, rule=also, role="allowed")
    for detector in ("loitering", "port_call"):
        scene.plant(detector, "spoofing", [diary.hull.mmsi], begin, end, role="allowed")
