"""The detector of calls at ports of the DPRK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import (
    Call,
    Draughts,
    Halts,
    Stop,
    calls,
    draughts,
    elsewhere,
    in_doubt,
    ports_of,
    stays_at,
    stood,
    stops_of,
)
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK, flag_of, is_tanker
from bongsu.sea.seas import Known, Sea
from bongsu.sea.signs import Seen, Sign, span_told, told

_WEIGHTS: Final = ("call", "call_in_doubt", "foreign_flag", "loaded", "emptied", "silent_in_port")
_MEASURES: Final = ("loaded", "emptied", "emptied_tanker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        draught_m: how much deeper or higher she must lie after a call for it to tell.
        draught_days: how long before and after a call a draught still tells.
        stop_h: how long a stop must be for cargo to change hands in it, at least: no draught tells beyond one.
        measures_by: the measures that bear on a ship that left loaded or emptied and is no tanker, and on a tanker that
            left emptied.
    """

    common: Common
    draught_m: float
    draught_days: float
    stop_h: float
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
        stop_h=parameter(card, "stop", "hour"),
        measures_by=texts_by(card, "measures_by", _MEASURES),
        weights=weights(card, *_WEIGHTS),
    )


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Stays at the ports of the DPRK, and where else those ships lay."""
    ports = ports_of(sea.gazetteer, DPRK)
    return {Call: stays_at(sea, ports), Stop: stops_of(sea, ports, hours=parameters.stop_h)}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A ship called at a port of the DPRK.

    It sees that she came within three kilometres of a quay or anchorage, stopped or fell silent there, and left beyond
    four; both grow by what our knowledge of that place may be off. Where several ports hold her she was at the one with
    the nearest point, and a stop at a lock on the way to another port is no call. Where she sent her draught before and
    after, and stopped nowhere else between, it says whether she lay deeper (loaded) or higher (emptied). A call is no
    breach: ships bring food, medicine and what the Committee has exempted, carry goods that no resolution forbids,
    shelter from storms, or repair. A draught is typed in by hand and often forgotten. Positions may be false.

    Args:
        answers: the stays and stops.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per call, by ship and time.
    """
    every = calls(answers.of(Call), {port.id for port in known.gazetteer.ports})
    halts = Halts([*every, *answers.of(Stop)])
    ours = ports_of(known.gazetteer, DPRK)
    return [_sign(call, halts, known, parameters) for call in every if call.port in ours]


def _sign(call: Call, halts: Halts, known: Known, parameters: Parameters) -> Sign:
    ship = known.ships.through(call.mmsi, call.from_s, call.to_s)
    port = known.gazetteer.port(call.port)
    lying = draughts(call, ship, known.ships, halts, days=parameters.draught_days)
    kind = _kind(lying, parameters)
    doing = {"loaded": " and left lying deeper", "emptied": " and left lying higher"}.get(kind, "")
    return Sign(
        ships=(ship,),
        title=f"{ship.called} called at {port.name} for {span_told(call.to_s - call.from_s)} "
        f"from {told(call.from_s)}{doing}",
        measures=(
            *parameters.common.measures,
            *parameters.measures_by.get(f"{kind}_tanker" if is_tanker(ship) else kind, ()),
        ),
        from_s=call.from_s,
        to_s=call.to_s,
        reasons=_reasons(call, lying, kind, known, parameters),
        alternatives=(*parameters.common.alternatives, *elsewhere([call], known.gazetteer)),
        facts=_facts(call, lying, kind, known),
        seen=(Seen(mmsi=call.mmsi, at_s=call.from_s), Seen(mmsi=call.mmsi, at_s=call.to_s)),
        citations=lying.citations,
        place=Place(latitude_deg=port.latitude_deg, longitude_deg=port.longitude_deg, name=port.name),
    )


def _kind(lying: Draughts, parameters: Parameters) -> str:
    change = lying.change_m
    if change is None or abs(change) < parameters.draught_m:
        return "call"
    return "loaded" if change > 0 else "emptied"


def _facts(call: Call, lying: Draughts, kind: str, known: Known) -> dict[str, JsonValue]:
    places = known.gazetteer.places
    return {
        "kind": kind,
        "port": call.port,
        "hours": round((call.to_s - call.from_s) / 3600, 2),
        "nearest_km": round(call.nearest_km, 2),
        "accuracy_km": places[call.place][1].accuracy_km,
        "or_port": None if call.other is None else places[call.other][0].id,
        "silent_in_port_h": round((call.longest_silence_s or 0) / 3600, 2),
        "draught_before_m": lying.before_m,
        "draught_after_m": lying.after_m,
        "flag": flag_of(call.mmsi),
    }


def _reasons(call: Call, lying: Draughts, kind: str, known: Known, parameters: Parameters) -> tuple[Reason, ...]:
    weight = parameters.weights
    doubt = in_doubt(call, known.gazetteer)
    text = f"She {stood(call, known.gazetteer)}."
    reasons = [Reason(text=text, weight=weight["call_in_doubt" if doubt else "call"])]
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
