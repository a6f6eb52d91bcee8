"""Ships that call at ports of the DPRK, and one that only passes by or waits outside."""

from __future__ import annotations

from bongsu.sandbox.sea.chance import Chance
from bongsu.sandbox.sea.motion import HOUR
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.stories.parts import begins, foreign_flag, leave_for

_NEAR_KM = 700.0


def call(scene: Scene, chance: Chance) -> None:
    """A foreign ship loads or discharges at a port of the DPRK, in the open."""
    port = chance.pick(scene.chart.dprk())
    _call(scene, chance, port.id, foreign_flag(chance), "port_call")


def own_flag(scene: Scene, chance: Chance) -> None:
    """A ship under the DPRK's flag comes home."""
    port = chance.pick(scene.chart.dprk())
    mmsi = _call(scene, chance, port.id, "KP", "own_flag")
    scene.plant("identity", "own_flag", [mmsi], 0, scene.length_s, rule="dprk_mid")


def _call(scene: Scene, chance: Chance, port_id: str, flag: str | None, story: str) -> int:
    port = scene.chart.harbours[port_id]
    hull = scene.hull(chance.pick(("cargo", "cargo", "bulk")), flag)
    # Some hours at least, some days at most: what satellite pictures of the coal quays showed.
    stay_h = chance.around(34.0, 0.6, least=6.0, most=72.0)
    wait_h = chance.around(9.0, 0.8, least=1.5, most=30.0) if chance.yes(0.5) else None
    change = chance.pick(("loaded", "loaded", "emptied", "emptied", "unchanged"))
    near = scene.chart.near(port.place, _NEAR_KM)
    diary = scene.diary(hull, chance.pick(near), laden=change == "emptied")
    diary.trade_until(begins(scene, chance, 75.0 + stay_h + (wait_h or 0.0)), lambda _: near)
    diary.say(port.name, laden={"loaded": False, "emptied": True}.get(change))
    before = hull.laden_m if diary.laden else hull.ballast_m
    first, at_berth = diary.call(port, wait_h=wait_h)
    diary.berth(stay_h)
    end = diary.at_s
    leave_for(scene, chance, diary, near, laden={"loaded": True, "emptied": False}.get(change))
    scene.sails(diary.vessel())
    scene.plant(
        "port_call",
        story,
        [hull.mmsi],
        first,
        end,
        place=port.place,
        port=port.id,
        change=change,
        berth_h=round((end - at_berth) / HOUR, 2),
        draught_before_m=before,
        draught_after_m=hull.laden_m
        if change == "loaded" or (change == "unchanged" and diary.laden)
        else hull.ballast_m,
    )
    return hull.mmsi


def passing(scene: Scene, chance: Chance) -> None:
    """Innocent: a ship drifts well off a port of the DPRK for some hours and goes on without a call."""
    port = chance.pick(scene.chart.dprk())
    near = scene.chart.near(port.place, _NEAR_KM)
    hull = scene.hull("cargo")
    diary = scene.diary(hull, chance.pick(near))
    diary.trade_until(begins(scene, chance, 110.0), lambda _: near)
    place = scene.chart.spot(chance, port.place, 60.0, shore_km=5.0, port_km=12.0)
    diary.say("FOR ORDERS")
    diary.go_to(place)
    begin = diary.at_s
    diary.anchored(chance.uniform(1.0, 6.0))
    end = diary.at_s
    leave_for(scene, chance, diary, near)
    scene.sails(diary.vessel())
    scene.plant("port_call", "passing", [hull.mmsi], begin, end, place=place, role="innocent")
