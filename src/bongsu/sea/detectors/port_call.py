"""The detector of calls at ports of the DPRK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, Draughts, calls, draughts, ports_of, stays_at
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK, flag_of, is_tanker
from bongsu.sea.seas import Known, Sea
from bongsu.sea.signs import Seen, Sign, span_told, told

_WEIGHTS: Final = ("call", "foreign_flag", "loaded", "emptied", "silent_in_port")
_MEASURES: Final = ("loaded", "emptied", "emptied_tanker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        draught_m: how much deeper or higher she must lie after a call for it to tell.
        draught_days: how long before and after a call a draught still tells.
        measures_by: the measures that bear on a ship that left loaded or emptied and is no tanker, and on a tanker that
            left emptied.
    """

    common: Common
    draught_m: float
    draught_days: float
    measures_by: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        draught_m=parameter(card, "draught", "metre"),
        draught_days=parameter(card, "draught_window", "day"),
        measures_by=texts_by(card, "measures_by", _MEASURES),
        weights=weights(card, *_WEIGHTS),
    )


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Stays at the ports of the DPRK."""
    del parameters  # all detectors are asked in the same way; what this one asks depends on no number of its card
    return {Call: stays_at(sea, ports_of(sea.gazetteer, DPRK))}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A ship called at a port of the DPRK.

    It sees that she came within three kilometres of a quay or anchorage, stopped or fell silent there, and left beyond
    four. Where she sent her draught before and after, it says whether she lay deeper (loaded) or higher (emptied). A
    call is no breach: ships bring food, medicine and what the Committee has exempted, carry goods that no resolution
    forbids, shelter from storms, or repair. A draught is typed in by hand and often forgotten. Positions may be false.

    Args:
        answers: the stays.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per call, by ship and time.
    """
    return [_sign(call, known, parameters) for call in calls(answers.of(Call), ports_of(known.gazetteer, DPRK))]


def _sign(call: Call, known: Known, parameters: Parameters) -> Sign:
    ship = known.ships.of(call.mmsi, call.from_s)
    port = known.gazetteer.port(call.port)
    lying = draughts(call, known.ships, days=parameters.draught_days)
    kind = _kind(lying, parameters)
    doing = {"loaded": " and left lying deeper", "emptied": " and left lying higher"}.get(kind, "")
    return Sign(
        mmsi=call.mmsi,
        title=f"{ship.called} called at {port.name} for {span_told(call.to_s - call.from_s)} "
        f"from {told(call.from_s)}{doing}",
        measures=(
            *parameters.common.measures,
            *parameters.measures_by.get(f"{kind}_tanker" if is_tanker(ship) else kind, ()),
        ),
        from_s=call.from_s,
        to_s=call.to_s,
        reasons=_reasons(call, lying, kind, port.name, parameters),
        alternatives=parameters.common.alternatives,
        facts=_facts(call, lying, kind),
        seen=(Seen(mmsi=call.mmsi, at_s=call.from_s), Seen(mmsi=call.mmsi, at_s=call.to_s)),
        place=Place(latitude_deg=port.latitude_deg, longitude_deg=port.longitude_deg, name=port.name),
    )


def _kind(lying: Draughts, parameters: Parameters) -> str:
    change = lying.change_m
    if change is None or abs(change) < parameters.draught_m:
        return "call"
    return "loaded" if change > 0 else "emptied"


def _facts(call: Call, lying: Draughts, kind: str) -> dict[str, JsonValue]:
    return {
        "kind": kind,
        "port": call.port,
        "hours": round((call.to_s - call.from_s) / 3600, 2),
        "nearest_km": round(call.nearest_km, 2),
        "silent_in_port_h": round((call.longest_silence_s or 0) / 3600, 2),
        "draught_before_m": lying.before_m,
        "draught_after_m": lying.after_m,
        "flag": flag_of(call.mmsi),
    }


def _reasons(call: Call, lying: Draughts, kind: str, port: str, parameters: Parameters) -> tuple[Reason, ...]:
    weight = parameters.weights
    how = "fell silent for four hours or more" if call.by_silence else "stopped"
    text = f"She came within {call.nearest_km:.1f} km of a quay or anchorage of {port} and {how} there."
    reasons = [Reason(text=text, weight=weight["call"])]
    flag = flag_of(call.mmsi)
    if flag != DPRK:
        of = f"of {flag}" if flag else "of no State"
        reasons.append(Reason(text=f"Her MMSI is {of}, not of the DPRK.", weight=weight["foreign_flag"]))
    if kind != "call":
        text = f"Her draught was {lying.before_m:g} m before and {lying.after_m:g} m after."
        reasons.append(Reason(text=text, weight=weight[kind]))
    if (call.longest_silence_s or 0) >= 4 * 3600:
        text = f"She was silent in the port for {span_told(call.longest_silence_s or 0)}."
        reasons.append(Reason(text=text, weight=weight["silent_in_port"]))
    return tuple(reasons)
