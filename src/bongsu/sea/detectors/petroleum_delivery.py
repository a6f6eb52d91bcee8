"""The detector of petroleum deliveries: a tanker called at a port of the DPRK, and how much she may have brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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

_WEIGHTS: Final = ("tanker_call", "tanker_call_in_doubt", "oil_terminal", "higher_after", "foreign_flag")
_LINES: Final = ("low", "central", "high")
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many barrels may be supplied in a time.

    Args:
        measure: the key of the measure that sets it.
        first, last: the days that it counts; `last` None while it stands. It counts anew in each calendar year.
    """

    measure: str
    first: date
    last: date | None
    barrels: int

    def of_year(self, year: int) -> tuple[date, date]:
        """The first and the last day that it counts in a calendar year."""
        end = date(year, 12, 31)
        return max(self.first, date(year, 1, 1)), end if self.last is None else min(self.last, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        limits: how much may be supplied, by time, the earliest first.
        between: what else could explain several stops.
        same_cargo_d: a stop so many days after another, with no call abroad between, is taken for one of its cargo.
        draught_m: how much higher she must lie afterwards for it to tell.
        draught_days: how long before and after a call a draught tells.
        stop_h: how long a stop must be for cargo to change hands in it, at least: no draught tells beyond one.
        fill: the shares of the deadweight that are taken for cargo.
        ratios: of hulls.
    """

    common: Common
    limits: tuple[Limit, ...]
    between: str
    same_cargo_d: float
    draught_m: float
    draught_days: float
    stop_h: float
    fill: tuple[float, float, float]
    ratios: Ratios
    weights: Mapping[str, float]

    def limit_on(self, day: date) -> Limit | None:
        """The limit that counts on a day; None before there was one."""
        return next(
            (each for each in self.limits if each.first <= day and (each.last is None or day <= each.last)), None
        )


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        limits=card.tables("limit", _limit, at_least=1),
        between=card.text("alternative_between"),
        same_cargo_d=parameter(card, "same_cargo", "day"),
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


def _limit(card: Card) -> Limit:
    card.text("source")
    return Limit(
        measure=card.text("measure"),
        first=card.day("from"),
        last=card.day_or_none("until"),
        barrels=card.integer("barrels", least=1),
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
    """What a tanker may have brought to one port, or to several one after the other.

    Args:
        stops: her calls, by time; at least one.
        lying: her draught before the first and after the last.
        barrels: of refined products; None where her dimensions are not known.
        basis: how it was estimated: `draught` or `fill`, or `unknown size`.
    """

    stops: tuple[Call, ...]
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
    central to high. Stops within days of each other, with no call abroad between, are taken for one delivery of one
    cargo. It does not say that she brought anything: she may have come empty, loaded, brought crude, water, vegetable
    oil or what was reported to the Committee and counts as allowed until the limit is reached. A ship that left
    deeper than she came is not counted.

    Args:
        answers: the stays and stops.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per delivery, by time and ship.
    """
    every = calls(answers.of(Call), {port.id for port in known.gazetteer.ports})
    halts = Halts([*every, *answers.of(Stop)])
    made = [_delivery(stops, halts, known, parameters) for stops in _visits(every, known, parameters)]
    counted = sorted(
        (delivery for delivery in made if delivery is not None),
        key=lambda delivery: (delivery.stops[-1].to_s, delivery.stops[-1].mmsi),
    )
    return [_sign(delivery, known, parameters) for delivery in counted]


def _visits(every: Iterable[Call], known: Known, parameters: Parameters) -> list[tuple[Call, ...]]:
    """The calls at ports of the DPRK, those of one cargo together; by ship and time."""
    ours = ports_of(known.gazetteer, DPRK)
    visits: list[list[Call]] = []
    before: Call | None = None
    for call in every:
        if call.port in ours:
            follows = before is not None and before.mmsi == call.mmsi and before.port in ours
            if before is not None and follows and call.from_s - before.to_s <= parameters.same_cargo_d * _DAY_S:
                visits[-1].append(call)
            else:
                visits.append([call])
        before = call
    return [tuple(visit) for visit in visits]


def _lying(stops: Sequence[Call], ship: Ship, halts: Halts, known: Known, parameters: Parameters) -> Draughts:
    """The draught before the first stop that has one, and after the last."""
    each = [draughts(call, ship, known.ships, halts, days=parameters.draught_days) for call in stops]
    return Draughts(
        before=next((lying.before for lying in each if lying.before is not None), None),
        after=next((lying.after for lying in reversed(each) if lying.after is not None), None),
    )


def _delivery(stops: tuple[Call, ...], halts: Halts, known: Known, parameters: Parameters) -> Delivery | None:
    """A tanker's stops that may have been a delivery; None for another ship, or one that left deeper."""
    ship = known.ships.through(stops[0].mmsi, stops[0].from_s, stops[-1].to_s)
    lying = _lying(stops, ship, halts, known, parameters)
    change = lying.change_m
    if not is_tanker(ship) or (change is not None and change >= parameters.draught_m):
        return None
    hull = Hull(length_m=ship.length_m, beam_m=ship.beam_m, draught_m=lying.before_m)
    deadweight = deadweight_t(hull, parameters.ratios)
    if deadweight is None:
        return Delivery(stops=stops, ship=ship, lying=lying, barrels=None, basis="unknown size")
    if change is not None and change <= -parameters.draught_m:
        landed = (unloaded_t(hull, -change, parameters.ratios) or NOTHING).at_most(deadweight)
        return Delivery(stops=stops, ship=ship, lying=lying, barrels=landed.barrels(parameters.ratios), basis="draught")
    filled = filled_t(deadweight, parameters.fill).barrels(parameters.ratios)
    return Delivery(stops=stops, ship=ship, lying=lying, barrels=filled, basis="fill")


def _sign(delivery: Delivery, known: Known, parameters: Parameters) -> Sign:
    first, last, ship = delivery.stops[0], delivery.stops[-1], delivery.ship
    port = known.gazetteer.port(last.port)
    names = " and ".join(dict.fromkeys(known.gazetteer.port(stop.port).name for stop in delivery.stops))
    amount = delivery.barrels
    how_much = "an unknown amount"
    if amount is not None:
        how_much = "{low:,} to {high:,} barrels".format_map(amount.told())
    limit = parameters.limit_on(time_of(last.to_s).date())
    between = (parameters.between,) if len(delivery.stops) > 1 else ()
    return Sign(
        ships=(ship,),
        title=f"{ship.called}, a tanker, called at {names} until {told(last.to_s)} and may have brought {how_much}",
        measures=(*(() if limit is None else (limit.measure,)), *parameters.common.measures),
        from_s=first.from_s,
        to_s=last.to_s,
        reasons=_reasons(delivery, known, parameters),
        alternatives=(*parameters.common.alternatives, *between, *elsewhere(delivery.stops, known.gazetteer)),
        facts=_facts(delivery, limit),
        seen=tuple(Seen(mmsi=stop.mmsi, at_s=at) for stop in delivery.stops for at in (stop.from_s, stop.to_s)),
        citations=delivery.lying.citations,
        place=Place(latitude_deg=port.latitude_deg, longitude_deg=port.longitude_deg, name=port.name),
        quantity=None if amount is None else amount.quantity("barrel"),
    )


def _facts(delivery: Delivery, limit: Limit | None) -> dict[str, JsonValue]:
    """What was seen of one ship: no sum over others, which would change with what they did."""
    last = delivery.stops[-1]
    year = time_of(last.to_s).year
    return {
        "kind": "delivery",
        "port": last.port,
        "stops": [{"port": each.port, "from": told(each.from_s), "to": told(each.to_s)} for each in delivery.stops],
        "basis": delivery.basis,
        "barrels": None if delivery.barrels is None else {**delivery.barrels.told()},
        "length_m": delivery.ship.length_m,
        "beam_m": delivery.ship.beam_m,
        "draught_before_m": delivery.lying.before_m,
        "draught_after_m": delivery.lying.after_m,
        "year": year,
        "limit": None if limit is None else _limit_record(limit, year),
    }


def _limit_record(limit: Limit, year: int) -> dict[str, JsonValue]:
    first, last = limit.of_year(year)
    return {
        "measure": limit.measure,
        "barrels": limit.barrels,
        "from": first.isoformat(),
        "until": last.isoformat(),
    }


def _reasons(delivery: Delivery, known: Known, parameters: Parameters) -> tuple[Reason, ...]:
    weight, ship = parameters.weights, delivery.ship
    where = " and ".join(stood(stop, known.gazetteer) for stop in delivery.stops)
    doubt = all(in_doubt(stop, known.gazetteer) for stop in delivery.stops)
    text = f"She says that she is a tanker (type {ship.ship_type}) and {where}."
    reasons = [Reason(text=text, weight=weight["tanker_call_in_doubt" if doubt else "tanker_call"])]
    ports = [known.gazetteer.port(name) for name in dict.fromkeys(stop.port for stop in delivery.stops)]
    oil = [port.name for port in ports if "oil" in port.handles]
    if oil:
        text = f"{' and '.join(oil)} {'has an oil terminal' if len(oil) == 1 else 'have oil terminals'}."
        reasons.append(Reason(text=text, weight=weight["oil_terminal"]))
    if delivery.basis == "draught":
        text = f"Her draught was {delivery.lying.before_m:g} m before and {delivery.lying.after_m:g} m after."
        reasons.append(Reason(text=text, weight=weight["higher_after"]))
    if flag_of(ship.mmsi) != DPRK:
        reasons.append(Reason(text="Her MMSI is not of the DPRK.", weight=weight["foreign_flag"]))
    if len(delivery.stops) > 1:
        text = f"She stopped {len(delivery.stops)} times with at most {parameters.same_cargo_d:g} days between and was "
        text += "seen at no port abroad in between: it is counted as one cargo."
        reasons.append(Reason(text=text, weight=0.0))
    return tuple(reasons)
