"""Invented ships: names, numbers and measures that no one can take for real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bongsu.sandbox.sea.chance import Chance

#: A maritime identification digit that the ITU has given to no country (its table of MIDs begins with 201).
NOWHERE: Final = 199
# The first of each country's digits in the ITU's table of maritime identification digits.
MIDS: Final = {
    "CN": 412,
    "KP": 445,
    "KR": 440,
    "RU": 273,
    "PA": 351,
    "SL": 667,
    "TG": 671,
    "MN": 457,
    "CM": 613,
    "PW": 511,
}
# Before the check digit an invented IMO number has the digit 0, which no number issued begins with, and five others.
_FIRST_SERIAL: Final = 20_000
_LAST_SERIAL: Final = 99_999
_WEIGHTS: Final = (7, 6, 5, 4, 3, 2)  # IMO resolution A.1117(30), annex: the check digit


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How ships of a kind are made.

    Args:
        ship_type: of ITU-R M.1371-5, table 53.
        length_m: shortest and longest.
        slender: length over beam, least and most.
        speed_kn: slowest and fastest service speed.
        laden_m, ballast_m: draught for each hundred metres of length, with cargo and without.
        tonnes: deadweight for each cubic metre of length times beam times laden draught.
        class_b: whether she carries the small transponder.
    """

    ship_type: int
    length_m: tuple[float, float]
    slender: tuple[float, float]
    speed_kn: tuple[float, float]
    laden_m: float
    ballast_m: float
    tonnes: float
    class_b: bool


# Lengths, speeds and draughts: the ordinary run of coasters and handy-size ships of the region (UNCTAD, Review of
# Maritime Transport, and Barrass, Ship Design and Performance, 2004, chapter 1: proportions), rounded by us.
_FLEET: Final = (
    # kind, type, length, length over beam, speed, draughts laden and in ballast, tonnes, class B
    ("cargo", 70, (75, 190), (5.8, 7.0), (9.5, 15), 5.6, 3.1, 0.62, False),
    ("bulk", 79, (90, 225), (5.8, 6.8), (9.5, 13.5), 5.8, 3.0, 0.68, False),
    ("tanker", 80, (70, 185), (5.6, 6.8), (9, 14), 5.9, 3.2, 0.66, False),
    ("bunker", 80, (38, 75), (4.6, 6.0), (7.5, 10.5), 6.2, 3.6, 0.6, False),
    ("fisher", 30, (22, 58), (4.0, 5.6), (7.5, 10.5), 9.0, 7.5, 0.3, False),
    ("boat", 30, (9, 20), (3.2, 4.4), (6, 9.5), 10.0, 9.0, 0.2, True),
    ("yacht", 36, (8, 20), (3.0, 4.0), (5, 8.5), 15.0, 15.0, 0.1, True),
    ("ferry", 60, (85, 190), (5.6, 7.0), (15, 21), 3.7, 3.5, 0.2, False),
    ("tug", 52, (26, 42), (2.7, 3.5), (7.5, 11), 12.0, 11.5, 0.2, False),
    ("tow", 31, (30, 55), (3.0, 4.0), (4.5, 7), 11.0, 10.0, 0.2, False),
    ("pilot", 50, (12, 24), (3.0, 3.8), (14, 20), 9.0, 9.0, 0.1, False),
)
BUILDS: Final = {
    kind: Build(
        ship_type=ship_type,
        length_m=length,
        slender=slender,
        speed_kn=speed,
        laden_m=laden,
        ballast_m=ballast,
        tonnes=tonnes,
        class_b=class_b,
    )
    for kind, ship_type, length, slender, speed, laden, ballast, tonnes, class_b in _FLEET
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hull:
    """An invented ship as she was built.

    Args:
        number: her number in the world, from 0.
        kind: of `BUILDS`.
        imo: with a leading 0 and its right check digit, as a number; None for boats, which have none.
        flag: ISO 3166-1 alpha-2; None where it does not matter.
        laden_m, ballast_m: draught with cargo and without.
        deadweight_t: what she carries.
    """

    number: int
    kind: str
    imo: int | None
    mmsi: int
    name: str
    call_sign: str
    flag: str | None
    ship_type: int
    length_m: int
    beam_m: int
    laden_m: float
    ballast_m: float
    deadweight_t: int
    speed_kn: float
    class_b: bool


def launch(chance: Chance, number: int, kind: str, flag: str | None = None) -> Hull:
    """A ship of a kind.

    Args:
        chance: what her measures are drawn from.
        number: 0 to 79,999; the same number gives the same name and numbers of the ship.
        kind: of `BUILDS`.
        flag: of `MIDS`, where it matters.
    """
    build = BUILDS[kind]
    length = round(chance.uniform(*build.length_m))
    beam = max(3, round(length / chance.uniform(*build.slender)))
    laden = round(build.laden_m * length / 100 * chance.uniform(0.93, 1.07), 1)
    ballast = round(min(laden - 0.1, build.ballast_m * length / 100 * chance.uniform(0.95, 1.05)), 1)
    return Hull(
        number=number,
        kind=kind,
        imo=None if build.class_b else imo_number(number),
        mmsi=mmsi(number, flag),
        name=f"SANDBOX {kind.upper()} {number:05d}",
        call_sign=f"QS{number:05d}",  # no series of call signs begins with Q (ITU Radio Regulations, appendix 42)
        flag=flag,
        ship_type=build.ship_type,
        length_m=length,
        beam_m=beam,
        laden_m=max(0.3, laden),
        ballast_m=max(0.2, ballast),
        deadweight_t=round(build.tonnes * length * beam * laden),
        speed_kn=round(chance.uniform(*build.speed_kn), 1),
        class_b=build.class_b,
    )


def mmsi(number: int, flag: str | None = None) -> int:
    """An invented MMSI: with the digits of no country, or of one where the flag matters; then 9 and the number."""
    return (NOWHERE if flag is None else MIDS[flag]) * 1_000_000 + 900_000 + number


def imo_number(number: int) -> int:
    """An IMO number that begins with 0: seven digits with the right check digit, as a number of six.

    Raises:
        ValueError: more ships than there are such numbers.
    """
    serial = _FIRST_SERIAL + number
    if not 0 <= number <= _LAST_SERIAL - _FIRST_SERIAL:
        raise ValueError(f"there is no invented IMO number for ship {number}")
    return serial * 10 + check_digit(f"0{serial:05d}")


def check_digit(six: str) -> int:
    """The seventh digit of an IMO number from the first six (IMO resolution A.1117(30))."""
    return sum(int(digit) * weight for digit, weight in zip(six, _WEIGHTS, strict=True)) % 10
