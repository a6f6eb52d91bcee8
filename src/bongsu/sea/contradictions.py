"""Contradictions: what transponders said of their ships that cannot be right, or cannot all be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from rapidfuzz.distance import Levenshtein

from bongsu.kernel.canonical import JsonValue
from bongsu.sea.callsigns import disagree, family_of_mmsi, plain, state_of
from bongsu.sea.claims import FIRST_IMO, Claim
from bongsu.sea.flags import DPRK, flag_of
from bongsu.sea.mmsi import imo_is_sound
from bongsu.sea.model import DesignatedShip
from bongsu.sea.signs import span_told

_DAY_S: Final = 86_400
_HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From when on sayings contradict each other.

    Args:
        shared_d: how many days apart one MMSI sends two IMO numbers at most.
        overlap_h: how long two MMSI send one IMO number at once at least.
        typing: how many letters two names differ in at most, and are one.
        longer_m, wider_m, share: from which difference on, and share of the greater, two lengths or beams are two.
        silence_d: how long no one sent an IMO number that comes back.
        flags, within_d: how many flags within how many days.
    """

    shared_d: float
    overlap_h: float
    typing: int
    longer_m: float
    wider_m: float
    share: float
    silence_d: float
    flags: int
    within_d: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when to when something was said, seconds since 1970."""

    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one rule found: about one MMSI, or the first of several.

    Args:
        kind: the rule.
        mmsis: whom it is about.
        title: the sentence, after the ship's name.
        reasons: words and the name of their weight.
        claims: what it rests on.
        facts: what was seen.
    """

    kind: str
    mmsis: tuple[int, ...]
    title: str
    reasons: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    facts: Mapping[str, JsonValue]


def of_ship(mmsi: int, claims: Sequence[Claim], limits: Limits) -> list[Found]:
    """What one MMSI said that cannot be, or that cannot be both."""
    found = [each for imo in sorted({c.imo for c in claims if c.imo}) for each in _number(mmsi, imo, claims)]
    if family_of_mmsi(mmsi) == DPRK:
        text = "Her MMSI begins with 445, the digits of the DPRK."
        found.append(_found("dprk_mmsi", mmsi, "sends an MMSI of the DPRK", text, claims, {}))
    for sign in sorted({plain(claim.call_sign) for claim in claims}):
        found += _call_sign(mmsi, sign, [claim for claim in claims if plain(claim.call_sign) == sign])
    numbers = spans([claim for claim in claims if claim.imo and imo_is_sound(claim.imo)], "imo")
    found += _several_numbers(mmsi, numbers, claims, limits)
    for imo in sorted({claim.imo or 0 for claim in claims}):
        same = [claim for claim in claims if (claim.imo or 0) == imo]
        if resized(same, limits):
            facts: dict[str, JsonValue] = {"imo": imo or None, **_sizes(same)}
            text = f"Under one MMSI she said that she is {_told_sizes(same)}: no ship grows or shrinks so."
            found.append(_found("dimensions", mmsi, "changed her dimensions", text, same, facts))
    return found


def _number(mmsi: int, imo: int, claims: Sequence[Claim]) -> list[Found]:
    same = [claim for claim in claims if claim.imo == imo]
    if imo < FIRST_IMO and not any(claim.invented for claim in same):
        text = f"She sent the IMO number {imo:07d}; numbers below {FIRST_IMO} were never given to a ship."
        title = f"sent the IMO number {imo:07d}, which was never issued"
        return [_found("imo_never_issued", mmsi, title, text, same, {"imo": imo})]
    if imo_is_sound(imo):
        return []
    text = f"The last digit of the IMO number {imo:07d} that she sent is not what its first six demand."
    title = f"sent the IMO number {imo:07d}, whose check digit is wrong"
    return [_found("imo_check", mmsi, title, text, same, {"imo": imo})]


def _call_sign(mmsi: int, sign: str, claims: Sequence[Claim]) -> list[Found]:
    of_sign, of_ship = state_of(sign), family_of_mmsi(mmsi)
    facts: dict[str, JsonValue] = {"call_sign": sign, "call_sign_state": of_sign, "mmsi_state": of_ship}
    if of_sign is not None and DPRK in (of_sign, of_ship) and of_sign != of_ship:
        text = f"Her call sign {sign} is of a series of {_state(of_sign)}, her MMSI {_of(of_ship)}."
        return [_found("dprk_call_sign", mmsi, "sends a call sign and an MMSI that disagree", text, claims, facts)]
    if disagree(sign, mmsi):
        text = f"Her call sign {sign} is of a series of {of_sign}, her MMSI of {of_ship}."
        return [_found("call_sign_flag", mmsi, "sends a call sign and an MMSI that disagree", text, claims, facts)]
    return []


def _several_numbers(
    mmsi: int, numbers: Mapping[JsonValue, Span], claims: Sequence[Claim], limits: Limits
) -> list[Found]:
    most_s = limits.shared_d * _DAY_S
    near = [(a, b) for a, b in combinations(sorted(numbers, key=str), 2) if gap_s(numbers[a], numbers[b]) <= most_s]
    if not near:
        return []
    sent = sorted({int(str(number)) for pair in near for number in pair})
    named = " and ".join(f"{number:07d}" for number in sent)
    reasons = [(f"Her MMSI sent the IMO numbers {named}, all of them sound.", "mmsi_shared")]
    if any(gap_s(numbers[a], numbers[b]) < 0 for a, b in near):
        reasons.append(("She sent one of them again after another, or both at the same time.", "to_and_fro"))
    same = [claim for claim in claims if claim.imo in sent]
    title = f"sent {len(sent)} different IMO numbers within days"
    facts: dict[str, JsonValue] = {"imos": list(sent)}
    return [
        Found(kind="mmsi_shared", mmsis=(mmsi,), title=title, reasons=tuple(reasons), claims=tuple(same), facts=facts)
    ]


def of_imo(imo: int, claims: Sequence[Claim], designated: Sequence[DesignatedShip], limits: Limits) -> list[Found]:
    """What was said under one sound IMO number."""
    ships = {int(str(mmsi)): span for mmsi, span in spans(claims, "mmsi").items()}
    at_once = sorted(
        {
            mmsi
            for a, b in combinations(sorted(ships), 2)
            if -gap_s(ships[a], ships[b]) >= limits.overlap_h * _HOUR_S
            for mmsi in (a, b)
        }
    )
    found = []
    if at_once:
        named = ", ".join(map(str, at_once))
        text = f"The MMSI {named} all sent the IMO number {imo:07d} in the same time; a hull has one of each."
        same = [claim for claim in claims if claim.mmsi in at_once]
        title = f"shares the IMO number {imo:07d} with {len(at_once) - 1} other MMSI at the same time"
        facts: dict[str, JsonValue] = {"imo": imo, "mmsis": list(at_once)}
        found.append(
            Found(
                kind="imo_shared",
                mmsis=tuple(at_once),
                title=title,
                reasons=((text, "imo_shared"),),
                claims=tuple(same),
                facts=facts,
            )
        )
    else:
        found += _renamed(imo, claims, ships, limits)
    found += _zombie(imo, claims, ships, designated, limits)
    found += _hopped(imo, claims, ships, limits)
    return found


def _renamed(imo: int, claims: Sequence[Claim], ships: Mapping[int, Span], limits: Limits) -> list[Found]:
    names = different(spans([claim for claim in claims if claim.name], "name"), limits.typing)
    signs = different(spans([claim for claim in claims if plain(claim.call_sign)], "call_sign"), 0)
    reasons = []
    if len(names) > 1:
        reasons.append((f"Under the IMO number {imo:07d} she was called {', then '.join(names)}.", "renamed"))
    if len(signs) > 1:
        reasons.append((f"Her call sign was {', then '.join(signs)}.", "new_call_sign"))
    if not reasons:
        return []
    title = f"changed her {'name' if len(names) > 1 else 'call sign'}"
    facts: dict[str, JsonValue] = {"imo": imo, "names": list(names), "call_signs": list(signs)}
    latest = max(ships, key=lambda mmsi: (ships[mmsi].to_s, mmsi))
    mmsis = (latest, *sorted(set(ships) - {latest}))
    return [Found(kind="renamed", mmsis=mmsis, title=title, reasons=tuple(reasons), claims=tuple(claims), facts=facts)]


def _zombie(
    imo: int, claims: Sequence[Claim], ships: Mapping[int, Span], designated: Sequence[DesignatedShip], limits: Limits
) -> list[Found]:
    found = []
    in_turn = sorted(ships, key=lambda mmsi: (ships[mmsi].from_s, mmsi))
    for before, after in pairwise(in_turn):
        silent_s = ships[after].from_s - max(ships[mmsi].to_s for mmsi in in_turn[: in_turn.index(after)])
        both = [claim for claim in claims if claim.mmsi in (before, after)]
        if silent_s < limits.silence_d * _DAY_S or not resized(both, limits):
            continue
        text = f"No one had sent the IMO number {imo:07d} for {span_told(silent_s)} when this MMSI began to; the ship "
        text += f"that sent it before had the MMSI {before}. They say that they are {_told_sizes(both)}."
        title = f"sends the IMO number {imo:07d}, last sent by another ship {span_told(silent_s)} before"
        facts = {"imo": imo, "before": before, "silent_d": round(silent_s / _DAY_S, 1), **_sizes(both)}
        found.append(_found("zombie", after, title, text, both, facts))
    listed = [ship for ship in designated if ship.imo == imo]
    for mmsi in in_turn if listed else ():
        same = [claim for claim in claims if claim.mmsi == mmsi and claim.name]
        names = sorted({claim.name for claim in same if claim.name})
        if names and not any(_alike(name, ship.name, limits.typing) for name in names for ship in listed):
            text = f"She calls herself {', '.join(names)}; {listed[0].authority} lists the IMO number {imo:07d} as "
            text += f"that of {listed[0].name}."
            title = f"sends the IMO number {imo:07d} of a designated ship under another name"
            facts = {"imo": imo, "names": list(names), "listing": listed[0].listing}
            found.append(_found("zombie", mmsi, title, text, same, facts, weight="listed_name"))
    return found


def _hopped(imo: int, claims: Sequence[Claim], ships: Mapping[int, Span], limits: Limits) -> list[Found]:
    flags = most_flags(ships, int(limits.within_d * _DAY_S))
    if len(flags) < limits.flags:
        return []
    text = f"Under the IMO number {imo:07d} she sent MMSI of {len(flags)} flags within {limits.within_d:g} days: "
    text += f"{', '.join(flags)}."
    latest = max(ships, key=lambda mmsi: (ships[mmsi].to_s, mmsi))
    facts: dict[str, JsonValue] = {"imo": imo, "flags": list(flags), "mmsis": sorted(ships)}
    title = f"flew {len(flags)} flags within {limits.within_d:g} days"
    made = _found("flag_hopping", latest, title, text, claims, facts)
    return [
        Found(
            kind=made.kind,
            mmsis=(latest, *sorted(set(ships) - {latest})),
            title=title,
            reasons=made.reasons,
            claims=made.claims,
            facts=facts,
        )
    ]


def most_flags(ships: Mapping[int, Span], within_s: int) -> tuple[str, ...]:
    """The flags of the MMSI that one ship sent within some time, where they are most; by first sending.

    Args:
        ships: from when to when she sent each MMSI.
        within_s: the time, seconds.
    """
    best: tuple[str, ...] = ()
    for start in sorted(span.from_s for span in ships.values()):
        inside = [mmsi for mmsi, span in ships.items() if span.to_s >= start and span.from_s <= start + within_s]
        in_turn = sorted(inside, key=lambda mmsi: (ships[mmsi].from_s, mmsi))
        flags = tuple(dict.fromkeys(flag for mmsi in in_turn if (flag := flag_of(mmsi)) is not None))
        best = max(best, flags, key=len)
    return best


def spans(claims: Sequence[Claim], field: str) -> dict[JsonValue, Span]:
    """From when to when each value of a field was said, by first saying."""
    every: dict[JsonValue, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda each: (each.first_s, each.last_s, each.cite)):
        every[getattr(claim, field)].append(claim)
    return {
        value: Span(from_s=min(c.first_s for c in rows), to_s=max(c.last_s for c in rows))
        for value, rows in every.items()
    }


def gap_s(a: Span, b: Span) -> int:
    """The seconds between two spans; below zero, by as many as they have in common, where they overlap."""
    return max(a.from_s, b.from_s) - min(a.to_s, b.to_s)


def different(said: Mapping[JsonValue, Span], typing: int) -> tuple[str, ...]:
    """The texts that are more than some letters from each one before them, blanks and signs not counted; in order."""
    kept: list[str] = []
    for text in map(str, said):
        if not any(_alike(text, other, typing) for other in kept):
            kept.append(text)
    return tuple(kept)


def _alike(a: str, b: str, typing: int) -> bool:
    return Levenshtein.distance(plain(a), plain(b), score_cutoff=typing) <= typing


def resized(claims: Sequence[Claim], limits: Limits) -> bool:
    """Whether two lengths or two beams that were said are no ship's both."""
    for field, least in (("length_m", limits.longer_m), ("beam_m", limits.wider_m)):
        sizes = [size for claim in claims if (size := getattr(claim, field)) is not None]
        if sizes and max(sizes) - min(sizes) >= max(least, limits.share * max(sizes)):
            return True
    return False


def _sizes(claims: Sequence[Claim]) -> dict[str, JsonValue]:
    return {
        field: sorted({size for claim in claims if (size := getattr(claim, field)) is not None})
        for field in ("length_m", "beam_m")
    }


def _told_sizes(claims: Sequence[Claim]) -> str:
    pairs = dict.fromkeys((c.length_m, c.beam_m) for c in claims if c.length_m is not None or c.beam_m is not None)
    return ", then ".join(f"{length or 0:g} m long and {beam or 0:g} m wide" for length, beam in pairs)


def _state(code: str | None) -> str:
    return "the DPRK" if code == DPRK else str(code)


def _of(code: str | None) -> str:
    return f"of {_state(code)}" if code is not None else "begins with the digits of no State"


def _found(
    kind: str,
    mmsi: int,
    title: str,
    text: str,
    claims: Sequence[Claim],
    facts: Mapping[str, JsonValue],
    weight: str | None = None,
) -> Found:
    return Found(
        kind=kind, mmsis=(mmsi,), title=title, reasons=((text, weight or kind),), claims=tuple(claims), facts=facts
    )
