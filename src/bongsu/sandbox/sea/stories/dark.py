"""Ships that fall silent at sea, with and without time for a voyage to the DPRK, and transponders that are broken."""

from __future__ import annotations

from collections.abc import Sequence

from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.chart import Harbour
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.motion import HOUR, cut
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.stories.parts import (
    begins,
    clear_times,
    foreign_flag,
    leave_for,
    plant_call,
    plant_silence,
    with_call,
)
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE

# How long silences judged deliberate last: 12 hours at least, most of them about a day, some for days (Welch et al.,
# Hot spots of unseen fishing vessels, Science Advances 8, 2022).
_GAP_H = (20.0, 0.55, 12.4, 72.0)
_SHORT_H = (6.0, 10.4)  # a satellite may add half an hour at either end
_CLEAR = {"shore_km": 9.0, "port_km": 32.0}
_BOUND_KM = 1200.0
_OUT_KM = 450.0  # so far out she is surely heard again


def gap(scene: Scene, chance: Chance) -> None:
    """A ship on her way turns her transponder off, lies adrift for a time, and turns it on again further on; and her
    flag, a call some days before, or where she does it ties her to the DPRK.
    """
    hours = _hours(chance)
    tie = chance.pick(("flag", "call", "near"))
    if tie == "call":
        diary, called = with_call(scene, chance, foreign_flag(chance), after_h=hours + 40.0)
        plant_call(scene, "dark_gap", [diary.hull.mmsi], called)
        bound = chance.pick(scene.chart.near(called.port.place, _BOUND_KM)[-6:])
    else:
        among = scene.chart.near(chance.pick(scene.chart.dprk()).place, 400.0) if tie == "near" else None
        diary, bound = _sets_out(scene, chance, hours, "KP" if tie == "flag" else foreign_flag(chance), among)
    from_s, until_s = _falls_silent(scene, chance, diary, bound, hours)
    role = plant_silence(scene, "dark_gap", diary, diary.track(), from_s, until_s, called=tie == "call")
    if role != "planted":
        raise NoRoomError("nothing would tie her to the DPRK")
    if tie == "flag":
        scene.plant("identity", "dark_gap", [diary.hull.mmsi], 0, scene.length_s, rule="dprk_mid")


def untied(scene: Scene, chance: Chance) -> None:
    """Innocent: the same of a ship that nothing ties to the DPRK."""
    hours = _hours(chance)
    diary, bound = _sets_out(scene, chance, hours, foreign_flag(chance))
    from_s, until_s = _falls_silent(scene, chance, diary, bound, hours)
    if plant_silence(scene, "dark_gap", diary, diary.track(), from_s, until_s) != "innocent":
        raise NoRoomError("something might tie her to the DPRK")


def short(scene: Scene, chance: Chance) -> None:
    """Innocent: a silence too short to be asked about."""
    hours = chance.uniform(*_SHORT_H)
    diary, bound = _sets_out(scene, chance, hours, foreign_flag(chance))
    from_s, until_s = _falls_silent(scene, chance, diary, bound, hours)
    scene.plant("dark_gap", "short_silence", [diary.hull.mmsi], from_s, until_s, role="innocent", hours=hours)


def _hours(chance: Chance) -> float:
    return chance.around(_GAP_H[0], _GAP_H[1], least=_GAP_H[2], most=_GAP_H[3])


def _sets_out(
    scene: Scene, chance: Chance, hours: float, flag: str | None, homes: Sequence[Harbour] | None = None
) -> tuple[Diary, Harbour]:
    """A ship about to leave for another harbour, after which she will be silent for some hours; from one of some homes,
    or from any.
    """
    home = chance.pick(homes or scene.chart.trading())
    bound = chance.pick(scene.chart.partners(home)[-3:])
    diary = scene.diary(scene.hull(chance.pick(("cargo", "bulk", "tanker")), flag), home)
    among = (home, *scene.chart.near(home.place, 400.0))
    diary.trade_until(begins(scene, chance, hours + 85.0), lambda _: among)
    return diary, bound


def _falls_silent(scene: Scene, chance: Chance, diary: Diary, bound: Harbour, hours: float) -> tuple[int, int]:
    """She sails, is silent on the way, and arrives.

    Returns:
        From when to when she was silent.
    """
    diary.say(bound.name, laden=True)
    whole = diary.way_to(scene.chart.berth(chance, bound), harbours=(True, True))
    times = clear_times(scene, whole, **_CLEAR)
    if not len(times):
        raise NoRoomError("the way leads along the coast")
    off_s = int(times[int(len(times) * chance.uniform(0.1, 0.5))])
    later = times[(times > off_s) & (times - off_s <= hours * HOUR * chance.uniform(0.2, 0.8))]
    moving_s = int(later[-1]) - off_s if len(later) else 0
    diary.add(cut(whole, whole.begin_s, off_s))
    diary.adrift(hours - moving_s / HOUR, speed_kn=chance.uniform(0.3, 0.9))
    until_s = diary.at_s + moving_s
    leave_for(scene, chance, diary, [bound])
    diary.hidden(off_s, until_s)
    scene.sails(diary.vessel())
    return off_s, until_s


def implied(scene: Scene, chance: Chance) -> None:
    """A ship sails for a port of the DPRK, is silent from well before it, stays, and is heard again on her way out."""
    port = chance.pick(scene.chart.dprk())
    near = scene.chart.near(port.place, 700.0)
    stay_h = chance.around(22.0, 0.5, least=6.0, most=50.0)
    loads = chance.yes(0.6)
    diary = scene.diary(
        scene.hull(chance.pick(("cargo", "bulk")), foreign_flag(chance)), chance.pick(near), laden=not loads
    )
    diary.trade_until(begins(scene, chance, 110.0 + stay_h), lambda _: near)
    diary.say("FOR ORDERS", laden=not loads)
    way_in = diary.go_to(scene.chart.berth(chance, port), harbours=(True, True))
    diary.berth(stay_h)
    left_s = diary.at_s
    leave_for(scene, chance, diary, near, laden=loads)
    track = diary.track()
    out_s = int(_OUT_KM / (diary.hull.speed_kn * KM_PER_NAUTICAL_MILE) * HOUR)
    before = clear_times(scene, way_in, **_CLEAR)
    after = clear_times(scene, cut(track, left_s, min(track.end_s, left_s + out_s)), **_CLEAR)
    # Mostly in the last part of the way in, and soon after the port on the way out.
    if not len(before) or not len(after):
        raise NoRoomError("the way leads along the coast")
    from_s = int(before[len(before) - 1 - chance.below(1 + len(before) // 2)])
    until_s = int(after[chance.below(1 + len(after) // 3)])
    diary.hidden(from_s, until_s)
    scene.sails(diary.vessel())
    plant_silence(scene, "implied_voyage", diary, track, from_s, until_s, port=port.id)


def broken(scene: Scene, chance: Chance) -> None:
    """Innocent: a transponder that sends when it likes, for weeks: few reports, and long silences between."""
    hull = scene.hull(chance.pick(("cargo", "fisher", "bulk")))
    diary = scene.diary(hull, chance.pick(scene.chart.trading()))
    diary.trade_until(scene.length_s + HOUR)
    at_s = int(chance.uniform(10.0, 60.0) * HOUR)
    while at_s < scene.length_s:
        hours = chance.around(5.0, 0.9, least=0.8, most=26.0)
        diary.hidden(at_s, at_s + int(hours * HOUR))
        at_s += int((hours + chance.around(5.0, 0.8, least=1.0, most=30.0)) * HOUR)
    scene.sails(diary.vessel(beat=16))
    scene.plant("dark_gap", "broken_transponder", [hull.mmsi], 0, scene.length_s, role="innocent")
