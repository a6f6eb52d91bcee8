"""Tankers that bring oil to a terminal of the DPRK: how much, the draught tells."""

from __future__ import annotations

from typing import Final

from bongsu.sandbox.sea.chance import Chance
from bongsu.sandbox.sea.motion import HOUR
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.stories.parts import begins, foreign_flag, leave_for

_NEAR_KM: Final = 900.0
_FILL: Final = (0.45, 0.95)  # of deadweight; the Panel reckoned with 33, 50 and 90 per cent
# Gas oil and petrol have 0.72 to 0.86 tonnes in a cubic metre (EN 590 and EN 228); a barrel is 42 US gallons.
_TONNES_PER_M3: Final = (0.74, 0.86)
_M3_PER_BARREL: Final = 0.158987294928


def delivery(scene: Scene, chance: Chance) -> None:
    """A laden tanker calls at an oil terminal and leaves empty."""
    port = chance.pick(scene.chart.dprk(oil=True))
    near = scene.chart.near(port.place, _NEAR_KM)
    hull = scene.hull("tanker", chance.pick(("KP", foreign_flag(chance), foreign_flag(chance))))
    stay_h = chance.around(30.0, 0.45, least=10.0, most=72.0)
    wait_h = chance.around(14.0, 0.7, least=2.0, most=40.0) if chance.yes(0.5) else None
    diary = scene.diary(hull, chance.pick(near), laden=True)
    diary.trade_until(begins(scene, chance, 85.0 + stay_h + (wait_h or 0.0)), lambda _: near)
    fill = chance.uniform(*_FILL)
    diary.say(port.name, laden=True)
    first, at_berth = diary.call(port, wait_h=wait_h, oil=True)
    diary.berth(stay_h)
    end = diary.at_s
    leave_for(scene, chance, diary, near, laden=False)
    scene.sails(diary.vessel())
    tonnes = fill * hull.deadweight_t
    barrels = tonnes / chance.uniform(*_TONNES_PER_M3) / _M3_PER_BARREL
    for detector in ("petroleum_delivery", "port_call"):
        scene.plant(
            detector, "petroleum_delivery", [hull.mmsi], first, end, place=port.place, port=port.id,
            barrels=round(barrels), tonnes=round(tonnes), deadweight_t=hull.deadweight_t, fill=round(fill, 3),
            berth_h=round((end - at_berth) / HOUR, 2),
        )  # fmt: skip
    if hull.flag == "KP":
        scene.plant("identity", "petroleum_delivery", [hull.mmsi], 0, scene.length_s, rule="dprk_mid")
