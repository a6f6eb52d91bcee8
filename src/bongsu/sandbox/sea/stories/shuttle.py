"""The same few ships, to and fro between Rajin and a Russian port, in sight all the way or silent at one end."""

from __future__ import annotations

from typing import Final

from bongsu.sandbox.sea.chance import Chance
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.motion import HOUR, Leg
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.stories.parts import clear_times, plant_silence

_RAJIN: Final = "kp-rajin"
_OTHERS: Final = ("ru-vostochny", "ru-dunai", "ru-vladivostok")
_BERTH_H: Final = (13.0, 0.35, 7.0, 26.0)


def open_shuttle(scene: Scene, chance: Chance) -> None:
    """Heard at both ends."""
    _shuttle(scene, chance, dark=False)


def dark_shuttle(scene: Scene, chance: Chance) -> None:
    """Silent from some way off Rajin until she comes back, every time."""
    _shuttle(scene, chance, dark=True)


def _shuttle(scene: Scene, chance: Chance, *, dark: bool) -> None:
    rajin = scene.chart.harbours[_RAJIN]
    other = scene.chart.harbours[chance.pick([name for name in _OTHERS if name in scene.chart.harbours])]
    hull = scene.hull("cargo", chance.pick(("RU", "RU", None)))
    story = "dark_shuttle" if dark else "open_shuttle"
    diary = scene.diary(hull, other, laden=False, begins_s=-int(chance.uniform(1.0, 24.0) * HOUR))
    diary.berth(chance.uniform(4.0, 30.0))
    first, calls, silences = diary.at_s, list[tuple[int, int]](), list[tuple[int, int]]()
    while diary.at_s < scene.length_s:
        diary.say(other.name if dark else rajin.name, laden=False)
        way_in = diary.go_to(scene.chart.berth(chance, rajin), harbours=(True, True))
        arrived = diary.at_s
        diary.berth(chance.around(*_BERTH_H[:2], least=_BERTH_H[2], most=_BERTH_H[3]))
        calls.append((arrived, diary.at_s))
        diary.say(other.name, laden=True)
        way_out = diary.go_to(scene.chart.berth(chance, other), harbours=(True, True))
        if dark:
            silences.append(_silence(scene, chance, way_in, way_out))
            diary.hidden(*silences[-1])
        diary.berth(chance.around(*_BERTH_H[:2], least=_BERTH_H[2], most=_BERTH_H[3]))
    scene.sails(diary.vessel())
    _plant(scene, story, diary, first, calls, silences)


def _silence(scene: Scene, chance: Chance, way_in: Leg, way_out: Leg) -> tuple[int, int]:
    before = clear_times(scene, way_in, shore_km=6.0, port_km=28.0)
    after = clear_times(scene, way_out, shore_km=6.0, port_km=28.0)
    off_s = int(before[chance.below(len(before))]) if len(before) else (way_in.begin_s + way_in.end_s) // 2
    on_s = int(after[chance.below(len(after))]) if len(after) else (way_out.begin_s + way_out.end_s) // 2
    return off_s, on_s


def _plant(
    scene: Scene,
    story: str,
    diary: Diary,
    first: int,
    calls: list[tuple[int, int]],
    silences: list[tuple[int, int]],
) -> None:
    hull, track, end = diary.hull, diary.track(), scene.length_s
    rajin = scene.chart.harbours[_RAJIN]
    within = [(arrived, left) for arrived, left in calls if left < end]
    scene.plant(
        "shuttle", story, [hull.mmsi], first, end, rule="dark_end" if silences else "both_ends", calls=len(within),
        ports=[_RAJIN, diary.harbour.id],
    )  # fmt: skip
    if not silences:
        for arrived, left in calls:
            if left > 0 and arrived < end:  # a call that is not over when the world ends may be seen as one or not
                role = "planted" if arrived >= 0 and left < end - 2 * HOUR else "allowed"
                scene.plant("port_call", story, [hull.mmsi], arrived, left, place=rajin.place, role=role, port=_RAJIN)
    for off_s, on_s in silences:
        if on_s < end and off_s >= 0:
            plant_silence(scene, story, diary, track, off_s, on_s, port=_RAJIN)
