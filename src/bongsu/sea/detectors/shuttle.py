"""The detector of shuttles: a ship goes back and forth between a port of the DPRK and a port of Russia."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import ibis

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, calls, elsewhere, stays_at
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, weights
from bongsu.sea.flags import carries_goods
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, distance_km
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, span_told, told

_WEIGHTS: Final = ("shuttle", "more_trips", "dark_end", "cargo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        dprk_ports, other_ports: the two ends, ids of the gazetteer.
        trips: how many voyages from one end to the other at least.
        many_trips: from how many on it weighs more.
        voyage_d: how long a voyage takes at most, from leaving to arriving.
        silence_h: how long a silence must be to stand for a call that no one heard.
        speed_kn: how fast she could go in it.
        stay_h: how long she would have to stay.
    """

    common: Common
    dprk_ports: frozenset[str]
    other_ports: frozenset[str]
    trips: int
    many_trips: int
    voyage_d: float
    silence_h: float
    speed_kn: float
    stay_h: float
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        dprk_ports=frozenset(card.texts("dprk_ports", at_least=1)),
        other_ports=frozenset(card.texts("other_ports", at_least=1)),
        trips=int(parameter(card, "trips", "voyage")),
        many_trips=int(parameter(card, "many_trips", "voyage")),
        voyage_d=parameter(card, "voyage", "day"),
        silence_h=parameter(card, "silence", "hour"),
        speed_kn=parameter(card, "speed", "knot", least=1),
        stay_h=parameter(card, "stay", "hour"),
        weights=weights(card, *_WEIGHTS),
    )


@dataclass(frozen=True, slots=True)
class Silence:
    """A long silence of a ship that calls at one of the ends."""

    mmsi: int
    before_s: int
    before_lat: float
    before_lon: float
    first_s: int
    first_lat: float
    first_lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A call at one end that was seen or, without a `call`, is hidden in a silence that had room for it."""

    dprk: bool
    port: str
    from_s: int
    to_s: int
    call: Call | None

    @property
    def dark(self) -> bool:
        """Whether no one heard her there."""
        return self.call is None


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Stays at either end, and the long silences of the ships that called there."""
    stays = stays_at(sea, parameters.dprk_ports | parameters.other_ports)
    steps = sea.steps
    silent = steps.filter(steps.silent_s >= int(parameters.silence_h * 3600))
    silent = silent.semi_join(stays.select("mmsi").distinct().view(), "mmsi")
    return {Call: stays, Silence: silent.select(*Silence.__dataclass_fields__)}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A ship went back and forth between a port of the DPRK and a port of Russia, several times.

    It sees calls at both ends, one after the other, within days. Where a ship calls only at one end it counts a silence
    after which she is back there, long enough to reach the other end, stay, and return: such a trip is said to be dark.
    It does not see what she carried, and going back and forth is no breach: liner services, coal from Russia through
    Rajin, food and passengers go that way.

    Args:
        answers: the stays and silences.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per ship that made enough voyages, by ship.
    """
    visits: dict[int, list[Visit]] = defaultdict(list)
    for call in calls(answers.of(Call), parameters.dprk_ports | parameters.other_ports):
        dprk = call.port in parameters.dprk_ports
        visits[call.mmsi].append(Visit(dprk=dprk, port=call.port, from_s=call.from_s, to_s=call.to_s, call=call))
    for silence in answers.of(Silence):
        hidden = _hidden(silence, visits[silence.mmsi], known, parameters)
        if hidden is not None:
            visits[silence.mmsi].append(hidden)
    signs = [_of_ship(mmsi, rows, known, parameters) for mmsi, rows in sorted(visits.items())]
    return [sign for sign in signs if sign is not None]


def _hidden(silence: Silence, seen: Sequence[Visit], known: Known, parameters: Parameters) -> Visit | None:
    """The call at the end she is never seen at that a silence had room for: at the nearest of its ports."""
    ends = {visit.dprk for visit in seen if not visit.dark}
    if len(ends) != 1 or any(visit.from_s <= silence.before_s and silence.first_s <= visit.to_s for visit in seen):
        return None  # seen at both ends; or silent inside a port
    dprk = not ends.pop()
    km_per_s = parameters.speed_kn * KM_PER_NAUTICAL_MILE / 3600
    before, after = (silence.before_lat, silence.before_lon), (silence.first_lat, silence.first_lon)
    ways = []
    for name in parameters.dprk_ports if dprk else parameters.other_ports:
        port = known.gazetteer.port(name)
        there = (port.latitude_deg, port.longitude_deg)
        ways.append((distance_km(before, there) + distance_km(there, after), distance_km(before, there), name))
    whole, come, name = min(ways)
    if silence.first_s - silence.before_s < whole / km_per_s + parameters.stay_h * 3600:
        return None
    arrived = silence.before_s + int(come / km_per_s)
    left = silence.first_s - int((whole - come) / km_per_s)
    return Visit(dprk=dprk, port=name, from_s=arrived, to_s=left, call=None)


def _of_ship(mmsi: int, visits: Sequence[Visit], known: Known, parameters: Parameters) -> Sign | None:
    """The sign about a ship, if her visits alternate often enough."""
    ordered = sorted(visits, key=lambda visit: (visit.from_s, visit.to_s, visit.port))
    most_s = parameters.voyage_d * 86_400
    trips = [
        (left, arrived)
        for left, arrived in pairwise(ordered)
        if left.dprk != arrived.dprk and 0 <= arrived.from_s - left.to_s <= most_s
    ]
    if len(trips) < parameters.trips:
        return None
    ship = known.ships.through(mmsi, trips[0][0].from_s, trips[-1][1].to_s)
    return _sign(ship, trips, known, parameters) if carries_goods(ship) else None


def _sign(ship: Ship, trips: Sequence[tuple[Visit, Visit]], known: Known, parameters: Parameters) -> Sign:
    visits = list(dict.fromkeys(visit for trip in trips for visit in trip))
    names = {
        dprk: sorted({known.gazetteer.port(v.port).name for v in visits if v.dprk == dprk}) for dprk in (True, False)
    }
    dark = sum(left.dark or arrived.dark for left, arrived in trips)
    weight = parameters.weights
    between = f"{' or '.join(names[True])} and {' or '.join(names[False])}"
    text = f"She made {len(trips)} voyages between {between} within "
    text += f"{span_told(visits[-1].to_s - visits[0].from_s)}."
    reasons = [Reason(text=text, weight=weight["shuttle"])]
    if len(trips) >= parameters.many_trips:
        reasons.append(Reason(text=f"That is {parameters.many_trips} or more.", weight=weight["more_trips"]))
    if dark:
        text = f"In {dark} of them no one heard her at one end: the silence was long enough to go there, stay "
        text += f"{parameters.stay_h:g} hours, and return at {parameters.speed_kn:g} knots."
        reasons.append(Reason(text=text, weight=weight["dark_end"]))
    if ship.ship_type is not None:
        reasons.append(Reason(text=f"She says that she carries goods (type {ship.ship_type}).", weight=weight["cargo"]))
    seen = [visit for visit in visits if not visit.dark]
    made = [visit.call for visit in visits if visit.call is not None]
    return Sign(
        ships=(ship,),
        title=f"{ship.called} went {len(trips)} times between {between} from {told(visits[0].from_s)}",
        measures=parameters.common.measures,
        from_s=visits[0].from_s,
        to_s=visits[-1].to_s,
        reasons=tuple(reasons),
        alternatives=(*parameters.common.alternatives, *elsewhere(made, known.gazetteer)),
        facts={
            "kind": "dark_end" if dark else "both_ends",
            "voyages": len(trips),
            "visits": [{"port": v.port, "from": told(v.from_s), "to": told(v.to_s), "dark": v.dark} for v in visits],
        },
        seen=tuple(Seen(mmsi=ship.mmsi, at_s=at) for visit in seen for at in (visit.from_s, visit.to_s)),
        place=Place(
            latitude_deg=known.gazetteer.port(seen[0].port).latitude_deg,
            longitude_deg=known.gazetteer.port(seen[0].port).longitude_deg,
            name=known.gazetteer.port(seen[0].port).name,
        ),
    )
