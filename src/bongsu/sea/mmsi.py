"""The numbers a ship sends: what an MMSI names, whose flag its digits are, and whether an IMO number can be one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from bongsu.kernel.cards import Card, read_card
from bongsu.names.identifiers import imo
from bongsu.sea.model import SANDBOX

# Any: pyarrow ships no types.
Column: TypeAlias = Any

SHIP: Final = "a ship"
#: First digit of a ship, but digits that the ITU gave to no one: the number was never licensed, yet someone sends it.
UNASSIGNED: Final = "a ship of no country"
DEFAULT: Final = "a default that many transponders send"
NO_MMSI: Final = "more than nine digits"
#: These digits are no one's; in a sandbox they are a ship's (`SHIP`), and nowhere else.
SANDBOX_DIGITS: Final = 199
_NONE: Final = "no kind of station"
_MOST: Final = 1_000_000_000
_PER_DIGITS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """The maritime identification digits and the numbers that name no one.

    Args:
        flags: for three digits, whose they are (ISO 3166-1 alpha-2, sorted): more than one where islands share them.
        defaults: numbers that transponders send whose owner never set one.
    """

    flags: Mapping[int, tuple[str, ...]]
    defaults: frozenset[int]


def kind_of(mmsi: int, world: str = "") -> str:
    """What kind of station a number names: `SHIP`, `UNASSIGNED`, or words such as `a coast station`.

    Args:
        mmsi: as a number, leading zeros lost.
        world: `sandbox` where the number is invented.
    """
    kind: str = kinds_of(pa.array([mmsi], pa.int64()), pa.array([world]))[0].as_py()
    return kind


def kinds_of(mmsi: Column, world: Column) -> Column:
    """`kind_of` over Arrow columns; the empty text where the number is null.

    The forms are those of ITU-R M.585-9, annexes 1 and 2; a number shared by transponders that were never set names no
    ship, whatever its form.
    """
    within = pc.and_(pc.greater_equal(mmsi, 0), pc.less(mmsi, _MOST))
    digits = pc.divide(pc.if_else(within, mmsi, 0), _PER_DIGITS)
    kinds = pc.take(_kinds(), digits)
    invented = pc.and_(pc.equal(digits, SANDBOX_DIGITS), pc.equal(world, SANDBOX))
    kinds = pc.if_else(invented, SHIP, kinds)
    kinds = pc.if_else(pc.is_in(mmsi, value_set=_defaults()), DEFAULT, kinds)
    return pc.fill_null(pc.if_else(within, kinds, NO_MMSI), "")


def flags_of(mmsi: int) -> tuple[str, ...]:
    """Whose flag a ship's number says she flies, as ISO 3166-1 alpha-2 codes.

    Returns:
        Sorted; empty where the digits are no one's or the number is no ship's; more than one where islands share the
        digits (306: Bonaire, Curaçao, Sint Maarten).
    """
    return digits().flags.get(mmsi // _PER_DIGITS, ())


def imo_is_sound(number: int) -> bool:
    """Whether a number can be an IMO number: seven digits, the last as the first six demand (IMO A.1117(30), annex)."""
    found = imo(f"{number:07d}") if number > 0 else None
    return found is not None and found.sound


@cache
def digits() -> Digits:
    """The card `mids.toml`."""
    content = (files("bongsu.sea") / "mids.toml").read_bytes()
    return read_card(content, where="sea/mids.toml", read=read_digits)


def read_digits(card: Card) -> Digits:
    """The digits from their card.

    Raises:
        CardError: what is no three digits of a ship's, or a country code of another form.
    """
    card.text("title")
    card.text("source")
    defaults = frozenset(_number(card, text, 9) for text in card.texts("defaults", at_least=1))
    flags: dict[int, tuple[str, ...]] = {}
    for code, mids in sorted(card.table("flags", _flags).items()):
        for mid in mids:
            flags[mid] = (*flags.get(mid, ()), code)
    return Digits(flags=flags, defaults=defaults)


def _flags(card: Card) -> dict[str, list[int]]:
    found = {}
    for code in card.keys_left():
        if not (len(code) == 2 and code.isascii() and code.isupper()):
            raise card.error("is no code of ISO 3166-1 alpha-2", code)
        found[code] = [_number(card, text, 3) for text in card.texts(code, at_least=1)]
    return found


def _number(card: Card, text: str, length: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == length):
        raise card.error(f"holds {text!r}, not {length} digits")
    return int(text)


@cache
def _defaults() -> Column:
    return pa.array(sorted(digits().defaults), pa.int64())


@cache
def _kinds() -> Column:
    """The kind by the first three of nine digits."""
    return pa.array([_kind(first) for first in range(1000)], pa.string())


def _kind(first: int) -> str:
    # ITU-R M.585-9, annex 1 (ships, groups, coast stations, aircraft, aids, craft) and annex 2 (handhelds and devices).
    alone = {
        111: "an aircraft of search and rescue",
        970: "a search and rescue transmitter",
        972: "a man overboard device",
        974: "an emergency beacon",
        979: "an autonomous radio device",
    }
    ranges = (
        (0, 9, "a coast station"),
        (10, 99, "a group of ships"),
        (800, 899, "a handheld radio"),
        (980, 989, "a craft of a parent ship"),
        (990, 999, "an aid to navigation"),
    )
    if first in alone:
        return alone[first]
    if 200 <= first <= 799:
        return SHIP if first in digits().flags else UNASSIGNED
    return next((kind for least, most, kind in ranges if least <= first <= most), _NONE)
