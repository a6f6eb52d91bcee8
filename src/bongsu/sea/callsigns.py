"""Call signs: which State a ship's call sign is of, and whether that is the State of her MMSI."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from bongsu.kernel.cards import Card, read_card
from bongsu.sea.mmsi import flags_of

# How a ship's call sign is built (Radio Regulations, 19.55 and 19.56): two characters and two letters, with a digit
# after them or not; or two characters, or three, and four digits. What stands there by mistake is seldom built so.
_FORM: Final = re.compile(r"[A-Z0-9]{2}(?:[A-Z]{2}[0-9]?|[A-Z]?[0-9]{4})")
_SERIES: Final = re.compile(r"([A-Z0-9])([A-Z0-9])([A-Z])-([A-Z0-9])([A-Z0-9])([A-Z])")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SECOND: Final = _LETTERS + "0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSigns:
    """The table of series.

    Args:
        states: for three characters, whose they are (ISO 3166-1 alpha-2).
        family_of: for a territory, the State it counts as one with.
    """

    states: Mapping[str, str]
    family_of: Mapping[str, str]


def plain(call_sign: str | None) -> str:
    """A call sign as letters and digits alone, upper case; the empty text where there is none."""
    return re.sub(r"[^A-Z0-9]", "", (call_sign or "").upper())


def state_of(call_sign: str | None) -> str | None:
    """The State whose series a ship's call sign is of.

    Returns:
        ISO 3166-1 alpha-2, of a territory with a series of its own its State; None where it is not built like a ship's
        call sign or the series is no State's.
    """
    text = plain(call_sign)
    if not _FORM.fullmatch(text):
        return None
    # Series are given by three characters, the third a letter; where a digit follows two characters, the first letter
    # stands for it: only two series are split by the third (3D, SS), and a digit never tells them apart.
    third = text[2] if text[2].isalpha() else "A"
    state = _table().states.get(text[:2] + third)
    if state is not None and text[2].isdigit() and _table().states.get(text[:2] + "Z") != state:
        return None
    return family(state)


def family(flag: str | None) -> str | None:
    """The State that a flag counts as one with: its own, or of a territory the State it belongs to."""
    return None if flag is None else _table().family_of.get(flag, flag)


def family_of_mmsi(mmsi: int) -> str | None:
    """The State that the first digits of a ship's MMSI count as one with; None where they are no one's."""
    return family(next(iter(flags_of(mmsi)), None))


def disagree(call_sign: str | None, mmsi: int) -> bool:
    """Whether a ship's call sign is of one State and her MMSI of another; False where either is of none."""
    states = {state_of(call_sign), family_of_mmsi(mmsi)}
    return None not in states and len(states) == 2


@cache
def prefixes() -> Mapping[str, str]:
    """The first two characters that are wholly one State's, with it (of a territory: its State), sorted."""
    every: dict[str, set[str]] = {}
    for series, state in _table().states.items():
        every.setdefault(series[:2], set()).add(family(state) or state)
    return {first: next(iter(states)) for first, states in sorted(every.items()) if len(states) == 1}


@cache
def _table() -> CallSigns:
    content = (files("bongsu.sea") / "callsigns.toml").read_bytes()
    return read_card(content, where="sea/callsigns.toml", read=read_call_signs)


def read_call_signs(card: Card) -> CallSigns:
    """The table from its card.

    Raises:
        CardError: what is no series, or a series that is given to two States.
    """
    card.text("title")
    card.text("source")
    territories = card.table("territories", _by_code)
    states: dict[str, str] = {}
    for code, series in sorted(card.table("series", _by_code).items()):
        for text in series:
            for three in _spelled(card, text):
                if states.setdefault(three, code) != code:
                    raise card.error(f"{text} is given to {states[three]} and to {code}", "series")
    family_of = {territory: state for state, list_of in sorted(territories.items()) for territory in list_of}
    return CallSigns(states=states, family_of=family_of)


def _by_code(card: Card) -> dict[str, tuple[str, ...]]:
    found = {}
    for code in card.keys_left():
        if not (len(code) == 2 and code.isascii() and code.isupper()):
            raise card.error("is no code of ISO 3166-1 alpha-2", code)
        found[code] = card.texts(code, at_least=1)
    return found


def _spelled(card: Card, series: str) -> list[str]:
    """Every three characters of a series such as `P5A-P9Z`."""
    parts = _SERIES.fullmatch(series)
    if parts is None or parts[1] != parts[4]:
        raise card.error(f"{series!r} is no series of one first character", "series")
    first, last = _SECOND.find(parts[2]), _SECOND.find(parts[5])
    if first > last or (first == last and parts[3] > parts[6]):
        raise card.error(f"{series!r} ends before it begins", "series")
    return [
        parts[1] + second + third
        for second in _SECOND[first : last + 1]
        for third in _LETTERS
        if (second != parts[2] or third >= parts[3]) and (second != parts[5] or third <= parts[6])
    ]
