"""Ships that lie for hours or days where cargoes are known to change hands, and those that stay too short."""

from __future__ import annotations

from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.motion import HOUR, NOT_UNDER_COMMAND, UNDER_WAY, Place, anchor, place_at
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.stories.parts import begins, foreign_flag, leave_for

# Coal waits off Ningbo-Zhoushan for hours to days before it is taken over (the Panel's reports of 2019 to 2021 show
# stays from half a day to weeks); the spread is ours.
_HOURS = (18.0, 0.7, 8.6, 72.0)
_SHORT_H = (2.0, 6.5)
_DRIFTS = 0.7
_NEAR_KM = 900.0
_WITHIN_KM = 20.0
_OFF_KM = 10.5


def loiter(scene: Scene, chance: Chance) -> None:
    """A ship with cargo lies in waters where transfers are known, adrift or at anchor, and goes."""
    hours = chance.around(_HOURS[0], _HOURS[1], least=_HOURS[2], most=_HOURS[3])
    diary, begin, end, place, drifts = _stay(scene, chance, hours)
    scene.plant(
        "loitering", "loitering", [diary.hull.mmsi], begin, end, place=place,
        hours=round(hours, 2), how="drifting" if drifts else "anchored",
    )  # fmt: skip


def short(scene: Scene, chance: Chance) -> None:
    """Innocent: a stop of some hours in the same waters, as for a repair or for orders."""
    hours = chance.uniform(*_SHORT_H)
    diary, begin, end, place, _ = _stay(scene, chance, hours)
    scene.plant(
        "loitering", "short_stop", [diary.hull.mmsi], begin, end, place=place, role="innocent", hours=round(hours, 2)
    )


def _stay(scene: Scene, chance: Chance, hours: float) -> tuple[Diary, int, int, Place, bool]:
    place = scene.chart.within(chance, "waiting_area", shore_km=8.0, port_km=13.0)
    near = scene.chart.near(place, _NEAR_KM)
    kind, flag = chance.pick(("bulk", "bulk", "cargo")), foreign_flag(chance)
    # Where our own list alone names the waters, nothing but her flag would tell her from any other ship that waits.
    hull = scene.hull(kind, flag if scene.chart.is_known(place, "waiting_area") else "KP")
    diary = scene.diary(hull, chance.pick(near), laden=True)
    diary.trade_until(begins(scene, chance, 70.0 + hours), lambda _: near)
    diary.say("FOR ORDERS", laden=True)
    diary.go_to(place)
    begin, drifts = diary.at_s, chance.yes(_DRIFTS)
    if drifts:
        status = NOT_UNDER_COMMAND if chance.yes(0.3) else UNDER_WAY
        # Those who wait for a buyer keep near the place: they would motor back sooner than leave it.
        lying = diary.adrift(hours, speed_kn=min(chance.uniform(0.3, 1.2), _WITHIN_KM / hours), status=status)
    else:
        lying = diary.add(anchor(chance, place, begin, hours))
    end = begin + int(hours * HOUR)
    if not all(_known(scene, place_at(lying, at_s)) for at_s in range(begin, end, 2 * HOUR)):
        raise NoRoomError("she would drift out of the waters in which transfers are known")
    leave_for(scene, chance, diary, near, laden=chance.yes(0.3))
    scene.sails(diary.vessel())
    if hull.flag == "KP":
        scene.plant("identity", "loitering", [hull.mmsi], 0, scene.length_s, rule="dprk_mid")
    return diary, begin, end, place, drifts


def _known(scene: Scene, place: Place) -> bool:
    """Whether transfers are known in these waters, away from ports."""
    return scene.chart.lies_in(place, "waiting_area") and scene.chart.from_port_km(place) > _OFF_KM
