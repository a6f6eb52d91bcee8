"""Ships that the invented list designates, under their own names or under others."""

from __future__ import annotations

from dataclasses import replace

from bongsu.sandbox.sea.chance import Chance
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.hulls import mmsi
from bongsu.sandbox.sea.motion import HOUR
from bongsu.sandbox.sea.scene import Registered, Scene
from bongsu.sandbox.sea.stories.parts import foreign_flag


def by_number(scene: Scene, chance: Chance) -> None:
    """A designated ship trades under the numbers that the list has."""
    diary = _trades(scene, chance)
    scene.sails(diary.vessel())
    _plant(scene, diary, [diary.hull.mmsi], "by_number")
    scene.register.append(_listed(diary))


def by_imo_only(scene: Scene, chance: Chance) -> None:
    """A designated ship under another name and another MMSI than the list has: her IMO number gives her away."""
    diary = _trades(scene, chance)
    vessel = diary.vessel()
    name = f"SANDBOX NEWNAME {diary.hull.number:04d}"[:20]
    vessel = replace(vessel, sayings=tuple(replace(each, name=name) for each in vessel.sayings))
    scene.sails(vessel)
    _plant(scene, diary, [diary.hull.mmsi], "by_imo_only")
    scene.plant("identity", "by_imo_only", [diary.hull.mmsi], 0, scene.length_s, rule="zombie", role="allowed")
    # The list has another name for her number: whoever compares the two has a reason to look.
    scene.plant("identity", "by_imo_only", [diary.hull.mmsi], 0, scene.length_s, rule="zombie", role="allowed")
    scene.register.append(replace(_listed(diary), mmsi=mmsi(diary.hull.number + 80_000)))


def namesake(scene: Scene, chance: Chance) -> None:
    """Innocent: a ship that bears a designated ship's name, and none of her numbers."""
    diary = _trades(scene, chance)
    vessel = diary.vessel()
    listed = [each for each in scene.register if each.designated]
    if listed:
        name = chance.pick(listed).name
        vessel = replace(vessel, sayings=tuple(replace(each, name=name) for each in vessel.sayings))
    scene.sails(vessel)
    scene.plant("designated_vessel", "namesake", [diary.hull.mmsi], 0, scene.length_s, role="innocent")


def _trades(scene: Scene, chance: Chance) -> Diary:
    hull = scene.hull(chance.pick(("cargo", "tanker", "bulk")), foreign_flag(chance))
    diary = scene.diary(hull, chance.pick(scene.chart.trading()))
    diary.trade_until(scene.length_s + HOUR)
    return diary


def _listed(diary: Diary) -> Registered:
    hull = diary.hull
    return Registered(imo=hull.imo or 0, mmsi=hull.mmsi, name=hull.name, flag=hull.flag, designated=True)


def _plant(scene: Scene, diary: Diary, mmsis: list[int], rule: str) -> None:
    scene.plant(
        "designated_vessel", "designated_vessel", mmsis, 0, scene.length_s, imo=f"{diary.hull.imo:07d}", known_by=rule
    )
