"""The detector of petroleum deliveries: a tanker called at a port of the DPRK, and how much she may have brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from bongsu.sea.cargo import NOTHING, Estimate, Hull, Ratios, deadweight_t, filled_t, unloaded_t
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, weights
from bongsu.sea.flags import DPRK, flag_of, is_tanker
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, time_of, told

_WEIGHTS: Final = ("tanker_call", "tanker_call_in_doubt", "oil_terminal", "higher_after", "foreign_flag", "cap_crossed")
_LINES: Final = ("low", "central", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        cap_barrels: how much may be supplied in a calendar year.
        draught_m: how much higher she must lie afterwards for it to tell.
        draught_days: how long before and after a call a draught tells.
        stop_h: how long a stop must be for cargo to change hands in it, at least: no draught tells beyond one.
        fill: the shares of the deadweight that are taken for cargo.
        ratios: of hulls.
    """

    common: Common
    cap_barrels: float
    draught_m: float
    draught_days: float
    stop_h: float
    fill: tuple[float, float, float]
    ratios: Ratios
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        cap_barrels=parameter(card, "cap", "barrel"),
        draught_m=parameter(card, "draught", "metre"),
        draught_days=parameter(card, "draught_window", "day"),
        stop_h=parameter(card, "stop", "hour"),
        fill=_three(card, "fill"),
        ratios=Ratios(
            block=_three(card, "block"),
            waterplane=_three(card, "waterplane"),
            deadweight=_three(card, "deadweight"),
            beam_to_draught=_three(card, "beam_to_draught"),
            barrels_per_tonne=_three(card, "barrels_per_tonne"),
        ),
        weights=weights(card, *_WEIGHTS),
    )


def _three(card: Card, key: str) -> tuple[float, float, float]:
    """Three numbers from low over central to high, with their source."""

    def read(table: Card) -> tuple[float, float, float]:
        table.text("source")
        low, central, high = (table.number(name, least=0, most=100) for name in _LINES)
        if not low <= central <= high:
            raise table.error("does not rise from low over central to high")
        return low, central, high

    return card.table(key, read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One call of a tanker and what she may have brought.

    Args:
        barrels: of refined products; None where her dimensions are not known.
        basis: how it was estimated: `draught` or `fill`, or `unknown size`.
    """

    call: Call
    ship: Ship
    lying: Draughts
    barrels: Estimate | None
    basis: str


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Stays at the ports of the DPRK, and where else those ships lay."""
    ports = ports_of(sea.gazetteer, DPRK)
    return {Call: stays_at(sea, ports), Stop: stops_of(sea, ports, hours=parameters.stop_h)}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A tanker called at a port of the DPRK and may have brought refined petroleum.

    It sees the call, that she says she is a tanker, her length and beam, and her draught before and after, where she
    sent it and stopped nowhere else between. From these it estimates how much she may have brought, from low over
    central to high, and adds it up over the calendar year against the yearly limit. It does not say that she brought
    anything: she may have come empty, loaded, brought crude, water, vegetable oil or what was reported to the Committee
    and counts as allowed until the limit is reached. A ship that left deeper than she came is not counted.

    Args:
        answers: the stays and stops.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per call, by time and ship.
    """
    every = calls(answers.of(Call), {port.id for port in known.gazetteer.ports})
    halts = Halts([*every, *answers.of(Stop)])
    ours = ports_of(known.gazetteer, DPRK)
    made = [_delivery(call, halts, known, parameters) for call in every if call.port in ours]
    counted = sorted(
        (delivery for delivery in made if delivery is not None),
        key=lambda delivery: (delivery.call.to_s, delivery.call.mmsi),
    )
    return list(_signs(counted, known, parameters))


def _delivery(call: Call, halts: Halts, known: Known, parameters: Parameters) -> Delivery | None:
    """A tanker's call that may have been a delivery; None for another ship, or one that left deeper."""
    ship = known.ships.through(call.mmsi, call.from_s, call.to_s)
    lying = draughts(call, ship, known.ships, halts, days=parameters.draught_days)
    change = lying.change_m
    if not is_tanker(ship) or (change is not None and change >= parameters.draught_m):
        return None
    hull = Hull(length_m=ship.length_m, beam_m=ship.beam_m, draught_m=lying.before_m)
    deadweight = deadweight_t(hull, parameters.ratios)
    if deadweight is None:
        return Delivery(call=call, ship=ship, lying=lying, barrels=None, basis="unknown size")
    if change is not None and change <= -parameters.draught_m:
        landed = (unloaded_t(hull, -change, parameters.ratios) or NOTHING).at_most(deadweight)
        return Delivery(call=call, ship=ship, lying=lying, barrels=landed.barrels(parameters.ratios), basis="draught")
    filled = filled_t(deadweight, parameters.fill).barrels(parameters.ratios)
    return Delivery(call=call, ship=ship, lying=lying, barrels=filled, basis="fill")


def _signs(deliveries: Iterable[Delivery], known: Known, parameters: Parameters) -> Iterable[Sign]:
    year, total = None, NOTHING
    for delivery in deliveries:
        at = time_of(delivery.call.to_s)
        if at.year != year:
            year, total = at.year, NOTHING
        before, total = total, total + (delivery.barrels or NOTHING)
        crossed = tuple(
            line for line in _LINES if getattr(before, line) <= parameters.cap_barrels < getattr(total, line)
        )
        yield _sign(delivery, at.year, total, crossed, known, parameters)


def _sign(
    delivery: Delivery, year: int, total: Estimate, crossed: tuple[str, ...], known: Known, parameters: Parameters
) -> Sign:
    call, ship = delivery.call, delivery.ship
    port = known.gazetteer.port(call.port)
    amount = delivery.barrels
    how_much = "an unknown amount" if amount is None else f"{_round(amount.low):,} to {_round(amount.high):,} barrels"
    return Sign(
        ships=(ship,),
        title=f"{ship.called}, a tanker, called at {port.name} until {told(call.to_s)} and may have brought {how_much}",
        measures=parameters.common.measures,
        from_s=call.from_s,
        to_s=call.to_s,
        reasons=_reasons(delivery, year, total, crossed, known, parameters),
        alternatives=(*parameters.common.alternatives, *elsewhere([call], known.gazetteer)),
        facts=_facts(delivery, year, total, crossed, parameters),
        seen=(Seen(mmsi=call.mmsi, at_s=call.from_s), Seen(mmsi=call.mmsi, at_s=call.to_s)),
        citations=delivery.lying.citations,
        place=Place(latitude_deg=port.latitude_deg, longitude_deg=port.longitude_deg, name=port.name),
        quantity=None if amount is None else amount.quantity("barrel"),
    )


def _facts(
    delivery: Delivery, year: int, total: Estimate, crossed: tuple[str, ...], parameters: Parameters
) -> dict[str, JsonValue]:
    return {
        "kind": "delivery",
        "port": delivery.call.port,
        "basis": delivery.basis,
        "barrels": None if delivery.barrels is None else _record(delivery.barrels),
        "length_m": delivery.ship.length_m,
        "beam_m": delivery.ship.beam_m,
        "draught_before_m": delivery.lying.before_m,
        "draught_after_m": delivery.lying.after_m,
        "year": year,
        "year_so_far": _record(total),
        "cap_barrels": _round(parameters.cap_barrels),
        "cap_crossed_by": list(crossed),
    }


def _record(estimate: Estimate) -> dict[str, JsonValue]:
    return {line: _round(getattr(estimate, line)) for line in _LINES}


def _round(barrels: float) -> int:
    """To whole tens: no more is known."""
    return int(round(barrels, -1))


def _reasons(
    delivery: Delivery, year: int, total: Estimate, crossed: tuple[str, ...], known: Known, parameters: Parameters
) -> tuple[Reason, ...]:
    weight, call, ship = parameters.weights, delivery.call, delivery.ship
    port = known.gazetteer.port(call.port)
    text = f"She says that she is a tanker (type {ship.ship_type}) and {stood(call, known.gazetteer)}."
    doubt = in_doubt(call, known.gazetteer)
    reasons = [Reason(text=text, weight=weight["tanker_call_in_doubt" if doubt else "tanker_call"])]
    if "oil" in port.handles:
        reasons.append(Reason(text=f"{port.name} has an oil terminal.", weight=weight["oil_terminal"]))
    if delivery.basis == "draught":
        text = f"Her draught was {delivery.lying.before_m:g} m before and {delivery.lying.after_m:g} m after."
        reasons.append(Reason(text=text, weight=weight["higher_after"]))
    if flag_of(call.mmsi) != DPRK:
        reasons.append(Reason(text="Her MMSI is not of the DPRK.", weight=weight["foreign_flag"]))
    if crossed:
        text = f"With it the {' and the '.join(crossed)} estimate of {year} is above "
        text += f"{parameters.cap_barrels:,.0f} barrels: {_round(total.low):,} to {_round(total.high):,} in all."
        reasons.append(Reason(text=text, weight=weight["cap_crossed"]))
    return tuple(reasons)
