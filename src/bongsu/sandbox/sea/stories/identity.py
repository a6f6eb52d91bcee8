"""Ships whose transponders say something of them that cannot be right, or something else than yesterday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.hulls import imo_number, mmsi
from bongsu.sandbox.sea.motion import HOUR
from bongsu.sandbox.sea.scene import Registered, Scene
from bongsu.sandbox.sea.stories.parts import is_in_waters, plant_call, trades_with_call
from bongsu.sandbox.sea.vessels import Vessel, from_then_on

# Numbers of hulls that sail nowhere: for identities that are made up or belonged to ships now broken up.
_GHOSTS: Final = 60_000
# Flags, and a series of call signs of each (ITU Radio Regulations, appendix 42).
_SERIES: Final = {"CM": "TJ", "MN": "JT", "PA": "HO", "PW": "T8", "SL": "9L", "TG": "5V"}
_FLAGS: Final = tuple(_SERIES)


def wrong_check_digit(scene: Scene, chance: Chance, *, tied: bool = True) -> None:
    """An IMO number whose last digit does not follow from the others."""
    diary = _trades(scene, chance, tied=tied)
    imo = diary.hull.imo or 0
    wrong = imo - imo % 10 + (imo + 1 + chance.below(9)) % 10
    _says(scene, diary, {"imo": wrong}, rule="imo_check_digit", tied=tied)


def flag_and_digits(scene: Scene, chance: Chance) -> None:
    """The register has her under one flag, and the first three digits of her MMSI are another country's."""
    sent, registered = chance.several(tuple(_SERIES), 2)
    diary = _trades(scene, chance, flag=sent, tied=True)
    hull = diary.hull
    scene.register.append(
        Registered(imo=hull.imo or 0, mmsi=mmsi(hull.number, registered), name=hull.name, flag=registered)
    )
    # Her call sign is still that of the register.
    _says(scene, diary, {"call_sign": _call_sign(registered, hull.number)}, rule="flag_mid")


def _call_sign(flag: str, number: int) -> str:
    """A call sign built as a ship's is: two characters of the State's series, two letters, a digit above one (ITU Radio
    Regulations, article 19.55).
    """
    return f"{_SERIES[flag]}{chr(65 + number // 8 % 26)}Q{2 + number % 8}"


def two_places(scene: Scene, chance: Chance) -> None:
    """Two hulls, far from each other, send one MMSI of the DPRK and one name at once."""
    one, other = _trades(scene, chance, flag="KP"), _trades(scene, chance)
    twin = other.vessel()
    copied = {"mmsi": one.hull.mmsi, "imo": one.hull.imo, "name": one.hull.name, "call_sign": one.hull.call_sign}
    scene.sails(one.vessel(), replace(twin, sayings=tuple(replace(each, **copied) for each in twin.sayings)))  # type: ignore[arg-type]  # fields by name
    for rule in ("two_places", "dprk_mid"):
        _plant(scene, [one.hull.mmsi], 0, scene.length_s, rule)
    # What the two seem to do together is no ship's track.
    for rule in ("impossible_speed", "jump"):
        scene.plant("spoofing", "two_places", [one.hull.mmsi], 0, scene.length_s, rule=rule, role="allowed")
    # Where both lie at berths, the one number seems to lie between them.
    scene.plant("loitering", "two_places", [one.hull.mmsi], 0, scene.length_s, role="allowed")
    # Each sends her own length and beam under the one number.
    scene.plant("identity", "two_places", [one.hull.mmsi], 0, scene.length_s, rule="change", role="allowed")


def shared_imo(scene: Scene, chance: Chance) -> None:
    """Two MMSIs send one IMO number at once."""
    one, other = _trades(scene, chance, tied=True), _trades(scene, chance)
    twin = other.vessel()
    scene.sails(one.vessel(), replace(twin, sayings=tuple(replace(each, imo=one.hull.imo) for each in twin.sayings)))
    _plant(scene, [one.hull.mmsi, other.hull.mmsi], 0, scene.length_s, "imo_several_mmsi")


def changing_imo(scene: Scene, chance: Chance, *, tied: bool = True) -> None:
    """One MMSI sends one IMO number, and days later another."""
    diary = _trades(scene, chance, tied=tied)
    said = {"imo": imo_number(_GHOSTS + diary.hull.number % 10_000)}
    _turns(scene, chance, diary, said, rule="mmsi_several_imo", tied=tied)


def new_name_at_sea(scene: Scene, chance: Chance, *, tied: bool = True) -> None:
    """Name and call sign change from one hour to the next, and no paper says so."""
    diary = _trades(scene, chance, tied=tied)
    number = diary.hull.number
    said = {"name": f"SANDBOX ALTERED {number:04d}"[:20], "call_sign": f"QX{number:05d}"}
    _turns(scene, chance, diary, said, rule="change", tied=tied)


def untied(scene: Scene, chance: Chance) -> None:
    """Innocent, as far as the DPRK goes: the same of a ship that nothing ties to it."""
    chance.pick((wrong_check_digit, changing_imo, new_name_at_sea))(scene, chance, tied=False)


def zombie(scene: Scene, chance: Chance) -> None:
    """A ship sends the IMO number of a designated hull that was broken up years ago."""
    diary = _trades(scene, chance)
    dead = imo_number(_GHOSTS + diary.hull.number % 10_000)
    scene.register.append(
        Registered(
            imo=dead,
            mmsi=mmsi(_GHOSTS + diary.hull.number % 10_000),
            name=f"SANDBOX BROKEN {diary.hull.number:05d}",
            flag=None,
            designated=True,
            broken_up_on=(scene.start - timedelta(days=200 + chance.below(1500))).date(),
        )
    )
    _says(scene, diary, {"imo": dead}, rule="zombie")
    # Whoever sends a designated ship's number may be taken for her: that is what the number is for.
    scene.plant("designated_vessel", "zombie", [diary.hull.mmsi], 0, scene.length_s, role="allowed")


def hopping(scene: Scene, chance: Chance) -> None:
    """One hull under three flags, one after the other."""
    diary, called = trades_with_call(scene, chance, _FLAGS[0])
    vessel, number = diary.vessel(), diary.hull.number
    mmsis = [diary.hull.mmsi]
    for turn, flag in enumerate(chance.several(_FLAGS[1:], 2), start=1):
        from_s = int(scene.length_s * (turn / 3 + chance.uniform(-0.08, 0.08)))
        mmsis.append(mmsi(number, flag))
        vessel = replace(vessel, sayings=from_then_on(vessel.sayings, from_s, mmsi=mmsis[-1]))
    scene.sails(vessel)
    plant_call(scene, "identity", mmsis, called)
    _plant(scene, mmsis, 0, scene.length_s, "flag_hopping")
    scene.plant("identity", "flag_hopping", mmsis, 0, scene.length_s, rule="imo_several_mmsi", role="allowed")


def renamed_with_papers(scene: Scene, chance: Chance) -> None:
    """Innocent: a ship is sold, and gets another name and call sign on the day the register has it."""
    diary = _trades(scene, chance)
    vessel, hull = diary.vessel(), diary.hull
    from_s = int(chance.uniform(0.25, 0.75) * scene.length_s)
    name = f"SANDBOX RENAMED {hull.number:04d}"[:20]
    changed = from_then_on(vessel.sayings, from_s, name=name, call_sign=f"QY{hull.number:05d}")
    scene.sails(replace(vessel, sayings=changed))
    scene.register.append(
        Registered(
            imo=hull.imo or 0,
            mmsi=hull.mmsi,
            name=name,
            flag=None,
            changed_on=scene.at(from_s).date(),
            former_names=(hull.name,),
        )
    )
    scene.plant("identity", "renamed_with_papers", [hull.mmsi], 0, scene.length_s, rule="change", role="innocent")


def _trades(scene: Scene, chance: Chance, flag: str | None = None, *, tied: bool = False) -> Diary:
    """A ship's ordinary days; with a call at a port of the DPRK, where that is to tie her to it."""
    if tied:
        diary, called = trades_with_call(scene, chance, flag)
        plant_call(scene, "identity", [diary.hull.mmsi], called)
        return diary
    diary = scene.diary(
        scene.hull(chance.pick(("cargo", "bulk", "tanker")), flag), chance.pick(scene.chart.trading()), laden=True
    )
    diary.trade_until(scene.length_s + HOUR)
    return diary


def _says(scene: Scene, diary: Diary, said: Mapping[str, object], *, rule: str, tied: bool = True) -> None:
    """All of her days she says so."""
    vessel = diary.vessel()
    scene.sails(_saying(vessel, vessel.track.begin_s, said))
    _plant(scene, [diary.hull.mmsi], 0, scene.length_s, rule, untied=None if tied else diary)


def _turns(
    scene: Scene, chance: Chance, diary: Diary, said: Mapping[str, object], *, rule: str, tied: bool = True
) -> None:
    """From a day in the middle on she says so."""
    from_s = int(chance.uniform(0.25, 0.75) * scene.length_s)
    scene.sails(_saying(diary.vessel(), from_s, said))
    _plant(scene, [diary.hull.mmsi], from_s - 6 * HOUR, from_s + 6 * HOUR, rule, untied=None if tied else diary)


def _saying(vessel: Vessel, from_s: int, said: Mapping[str, object]) -> Vessel:
    return replace(vessel, sayings=from_then_on(vessel.sayings, from_s, **said))


def _plant(
    scene: Scene, mmsis: list[int], from_s: int, until_s: int, rule: str, *, untied: Diary | None = None
) -> None:
    """Note it; of a ship that never called at the DPRK and flies another flag, whose diary `untied` is, as innocent."""
    if untied is None:
        scene.plant("identity", "identity", mmsis, from_s, until_s, rule=rule)
    elif is_in_waters(scene, untied.track(), 0, scene.length_s):
        raise NoRoomError("the waters would tie her to the DPRK")
    else:
        scene.plant("identity", "untied_identity", mmsis, from_s, until_s, rule=rule, role="innocent")
