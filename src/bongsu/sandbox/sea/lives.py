"""The ordinary lives of the invented world's ships: trade, fishing, ferries, tugs, pilots and boats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.chart import Harbour
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.motion import HOUR, Place, drift, offset, trawl
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.vessels import Vessel

# How many ships of a hundred are of each kind: about what receivers on the coasts of the Yellow Sea and the Sea of
# Japan hear, where fishing vessels are most numerous; rounded by us.
SHARES: Final = (
    ("cargo", 24),
    ("bulk", 14),
    ("tanker", 10),
    ("fisher", 24),
    ("boat", 12),
    ("yacht", 3),
    ("tug", 5),
    ("ferry", 3),
    ("bunker", 3),
    ("pilot", 2),
)
_GROUND_SPACING_KM: Final = 2.6  # boats on one ground leave each other room for nets and sleep
_CURRENT_KN: Final = 0.5
_SEA_ROOM_KM: Final = 12.0  # closer to the coast one anchors for the night


def ordinary(scene: Scene, count: int) -> None:
    """So many ships with ordinary lives are part of the world."""
    chance = Chance(scene.seed, 4)
    total = sum(share for _, share in SHARES)
    kinds = [kind for kind, share in SHARES for _ in range(share)]
    fleet = [kinds[(number * 61 + 17) % total] for number in range(count)]
    grounds = _Grounds(scene, chance)
    for kind in fleet:
        scene.sails(_LIVES[kind](scene, chance, kind, grounds))


class _Grounds:
    """Fishing grounds off the ports, each with spots for the night far enough apart."""

    def __init__(self, scene: Scene, chance: Chance) -> None:
        self._scene = scene
        self._chance = chance
        self._taken: dict[str, tuple[Place, int]] = {}

    def spot(self, harbour: Harbour, *, near: bool) -> Place:
        """A spot of one's own on a ground off a harbour, in coastal waters or beyond."""
        key = f"{harbour.id}/{near}"
        if key not in self._taken:
            self._taken[key] = (self._ground(harbour, near), 0)
        centre, used = self._taken[key]
        place, used = self._free(centre, used)
        self._taken[key] = (centre, used)
        return place

    def _ground(self, harbour: Harbour, near: bool) -> Place:
        chart = self._scene.chart
        reaches = ((45.0, 6.0), (90.0, 4.0), (150.0, 3.0)) if near else ((140.0, 30.0), (200.0, 18.0), (250.0, 8.0))
        for within_km, shore_km in reaches:
            try:
                return chart.spot(self._chance, harbour.place, within_km, shore_km=shore_km, port_km=9.0, abroad=True)
            except NoRoomError:
                continue
        return chart.spot(self._chance, harbour.place, 300.0, shore_km=3.0, abroad=True)

    def _free(self, centre: Place, used: int) -> tuple[Place, int]:
        """The next spot of a spiral about the centre that is at sea."""
        while True:
            # A sunflower's seeds: all neighbours about one spacing apart (Vogel, Mathematical Biosciences 44, 1979).
            place = offset(centre, used * 137.50776, _GROUND_SPACING_KM * (used + 0.5) ** 0.5)
            used += 1
            clear = self._scene.chart.is_clear(place, shore_km=2.5, port_km=5.0) and self._scene.chart.is_abroad(place)
            if clear or used > 4000:
                return place, used


def trader(scene: Scene, chance: Chance, kind: str, _grounds: _Grounds | None = None) -> Vessel:
    """A cargo ship, bulk carrier or tanker that trades outside the DPRK for all of the world's days."""
    diary = scene.diary(scene.hull(kind), chance.pick(scene.chart.trading()), laden=chance.yes(0.5))
    diary.trade_until(scene.length_s + HOUR)
    return diary.vessel()


def _fisher(scene: Scene, chance: Chance, kind: str, grounds: _Grounds) -> Vessel:
    """Out to the ground, some nights there, and back."""
    harbour = chance.pick(scene.chart.trading())
    diary = scene.diary(scene.hull(kind), harbour)
    near = kind == "boat" or chance.yes(0.4)
    spot = grounds.spot(harbour, near=near)
    diary.berth(chance.uniform(2.0, 60.0))
    while diary.at_s < scene.length_s:
        diary.say("FISHING GROUND")
        days = 1 if kind == "boat" else 1 + diary.chance.below(4)
        at_ground(diary, spot, days)
        diary.say(harbour.name)
        diary.call(harbour)
        diary.berth(diary.chance.around(20.0, 0.7, least=5.0, most=120.0))
    return diary.vessel()


def at_ground(diary: Diary, spot: Place, days: int) -> None:
    """Days of towing with nights adrift, each begun at one's own spot."""
    for _ in range(days):
        diary.go_to(spot)
        hours = diary.chance.uniform(9.0, 15.0)
        radius = diary.chance.uniform(4.0, 9.0)
        diary.add(trawl(diary.chance, diary.place, diary.at_s, hours, radius_km=min(radius, _room_km(diary))))
        diary.go_to(spot)
        night = diary.chance.uniform(4.0, 7.5)
        if diary.chart.from_shore_km(spot) < _SEA_ROOM_KM:
            diary.anchored(night)
        else:  # one current carries the boats of a ground alike
            diary.add(drift(diary.chance, spot, diary.at_s, night, speed_kn=_CURRENT_KN, toward_deg=_current_deg(spot)))


def _room_km(diary: Diary) -> float:
    return max(0.5, 0.7 * diary.chart.from_shore_km(diary.place) - 2.5)


def _current_deg(place: Place) -> float:
    return (place[0] * 90.0 + place[1] * 40.0) % 360.0


def _yacht(scene: Scene, chance: Chance, kind: str, _grounds: _Grounds) -> Vessel:
    """Day trips along the coast, and days in the marina."""
    harbour = chance.pick(scene.chart.trading())
    diary = scene.diary(scene.hull(kind), harbour)
    while diary.at_s < scene.length_s:
        diary.berth(diary.chance.around(20.0, 0.9, least=6.0, most=100.0))
        diary.go_to(scene.chart.anchorage(diary.chance, harbour))
        diary.anchored(diary.chance.uniform(0.5, 3.0))
        diary.call(harbour)
    return diary.vessel()


def _tug(scene: Scene, chance: Chance, kind: str, _grounds: _Grounds) -> Vessel:
    """Harbour jobs: out to the fairway, back, and a wait at the quay."""
    harbour = chance.pick(scene.chart.trading())
    diary = scene.diary(scene.hull(kind), harbour)
    while diary.at_s < scene.length_s:
        diary.berth(diary.chance.around(5.0, 0.8, least=0.7, most=40.0))
        diary.go_to(scene.chart.anchorage(diary.chance, harbour), speed_kn=6.5)
        diary.call(harbour)
    return diary.vessel()


def _pilot(scene: Scene, chance: Chance, kind: str, grounds: _Grounds) -> Vessel:
    """As a tug, only faster and more often; those who board a ship of ours are told in a story."""
    return _tug(scene, chance, kind, grounds)


def _bunker(scene: Scene, chance: Chance, kind: str, _grounds: _Grounds) -> Vessel:
    """From the tank farm to the anchorage and back."""
    harbour = chance.pick(scene.chart.trading())
    diary = scene.diary(scene.hull(kind), harbour, laden=True)
    while diary.at_s < scene.length_s:
        diary.berth(diary.chance.around(12.0, 0.6, least=3.0, most=50.0))
        diary.go_to(scene.chart.anchorage(diary.chance, harbour), speed_kn=7.0)
        diary.anchored(diary.chance.around(4.0, 0.4, least=1.5, most=10.0))
        diary.call(harbour)
    return diary.vessel()


def ferry(scene: Scene, chance: Chance, kind: str, _grounds: _Grounds | None = None) -> Vessel:
    """To and fro between two ports by the timetable."""
    home = chance.pick(scene.chart.trading())
    other = chance.pick(scene.chart.partners(home)[:3])
    diary = scene.diary(scene.hull(kind), home)
    stay = chance.uniform(3.0, 9.0)
    ends = (other, home)
    turn = 0
    while diary.at_s < scene.length_s:
        diary.berth(stay + diary.chance.uniform(0.0, 0.4))
        diary.say(ends[turn % 2].name)
        diary.call(ends[turn % 2])
        turn += 1
    return diary.vessel()


_Life = Callable[[Scene, Chance, str, _Grounds], Vessel]
_LIVES: Final[dict[str, _Life]] = {
    "cargo": trader,
    "bulk": trader,
    "tanker": trader,
    "fisher": _fisher,
    "boat": _fisher,
    "yacht": _yacht,
    "tug": _tug,
    "ferry": ferry,
    "bunker": _bunker,
    "pilot": _pilot,
}
