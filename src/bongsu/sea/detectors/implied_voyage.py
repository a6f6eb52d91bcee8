"""The detector of implied voyages: in a silence a ship had the time to call at a port of the DPRK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, weights
from bongsu.sea.flags import DPRK, carries_goods
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE
from bongsu.sea.places.routes import sea_routes
from bongsu.sea.seas import Known, Sea
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.sea.silences import Silence, silences

# `SeaRoutes.sea_km` is up to 3.6 % longer than the way: no port may be excluded because of that.
_LONGER: Final = 1.036
_WEIGHTS: Final = ("reachable", "fits_well", "near", "others_heard")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        shortest_h, longest_h: of the silence.
        speed_kn: how fast a ship goes whose own speed was not heard.
        fastest_kn: the most that her own reports are believed.
        stay_h: how long she would have to stay in port.
        port_km, heard_before, others, heard_on: as of a dark gap.
        fits_share: the voyage fits well where it takes at least this share of the silence.
        near_km: how far by sea from the port the nearer end lies for that to weigh.
    """

    common: Common
    shortest_h: float
    longest_h: float
    speed_kn: float
    fastest_kn: float
    stay_h: float
    port_km: float
    heard_before: float
    others: float
    heard_on: float
    fits_share: float
    near_km: float
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        shortest_h=parameter(card, "shortest", "hour"),
        longest_h=parameter(card, "longest", "hour"),
        speed_kn=parameter(card, "speed", "knot", least=1),
        fastest_kn=parameter(card, "fastest", "knot", least=1),
        stay_h=parameter(card, "stay", "hour"),
        port_km=parameter(card, "port", "kilometre"),
        heard_before=parameter(card, "heard_before", "bin"),
        others=parameter(card, "others", "ship"),
        heard_on=parameter(card, "heard_on", "share", most=1),
        fits_share=parameter(card, "fits", "share", most=1),
        near_km=parameter(card, "near", "kilometre"),
        weights=weights(card, *_WEIGHTS),
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a ship goes by her own reports: the greatest speed that she kept through ten minutes."""

    mmsi: int
    kept_kn: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that would fit into a silence.

    Args:
        port: its id.
        come_km, go_km: by sea, from the last report to the port and from there to the next.
        spare_h: what of the silence is left after both ways and the stay.
    """

    port: str
    come_km: float
    go_km: float
    spare_h: float


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Silences away from port, and how fast the ships go that were silent."""
    found = silences(
        sea,
        shortest_s=int(parameters.shortest_h * 3600),
        heard_before=int(parameters.heard_before),
        port_km=parameters.port_km,
    )
    steps = sea.steps.semi_join(found.select("mmsi").distinct(), "mmsi").select("mmsi", "least_kn")
    return {Silence: found, Pace: steps.group_by("mmsi").aggregate(kept_kn=steps.least_kn.max())}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """In a silence a ship had the time to go to a port of the DPRK, stay, and come back to where she was heard again.

    It sees the last report before a silence and the first after it, and takes the way by sea, around the land, at the
    speed that the ship kept before. A port that she could not have reached and left in that time is excluded. It does
    not see that she went there: a silence is no breach, and every sea that is near one of these ports lets a ship reach
    it. It says what was possible, and how well the time fits.

    Args:
        answers: silences and speeds.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per silence in which a port was within reach, by ship and time.
    """
    paces = {pace.mmsi: pace.kept_kn for pace in answers.of(Pace)}
    judged = []
    for silence in sorted(answers.of(Silence), key=lambda silence: (silence.mmsi, silence.before_s)):
        fits = silence.hours <= parameters.longest_h and silence.is_alone(
            others=parameters.others, share=parameters.heard_on
        )
        if fits and carries_goods(known.ships.through(silence.mmsi, silence.before_s, silence.first_s)):
            kept = paces.get(silence.mmsi) or 0.0
            judged.append((silence, min(kept, parameters.fastest_kn) if kept > 2 else parameters.speed_kn))
    farthest_km = max((_room_km(silence, speed, parameters) for silence, speed in judged), default=0.0)
    signs = []
    for silence, speed in judged:
        calls = _within_reach(silence, speed, farthest_km, known, parameters)
        if calls:
            signs.append(_sign(silence, speed, calls, known, parameters))
    return signs


def _room_km(silence: Silence, speed_kn: float, parameters: Parameters) -> float:
    """How long both ways together may be on the map of the sea routes."""
    return max(silence.hours - parameters.stay_h, 0.0) * speed_kn * KM_PER_NAUTICAL_MILE * _LONGER


def _within_reach(
    silence: Silence, speed_kn: float, farthest_km: float, known: Known, parameters: Parameters
) -> list[Call]:
    """The calls that would fit, the one that leaves least to spare first."""
    routes = sea_routes()
    before, after = (silence.before_lat, silence.before_lon), (silence.first_lat, silence.first_lon)
    km_per_h = speed_kn * KM_PER_NAUTICAL_MILE
    found = []
    for port in known.gazetteer.ports:
        if port.country != DPRK:
            continue
        come, go = (routes.sea_km(port.id, place, farthest_km) for place in (before, after))
        if come is None or go is None:
            continue
        come, go = come / _LONGER, go / _LONGER
        spare = silence.hours - parameters.stay_h - (come + go) / km_per_h
        if spare >= 0:
            found.append(Call(port=port.id, come_km=come, go_km=go, spare_h=spare))
    return sorted(found, key=lambda call: (call.come_km + call.go_km, call.port))


def _sign(silence: Silence, speed: float, calls: list[Call], known: Known, parameters: Parameters) -> Sign:
    ship = known.ships.through(silence.mmsi, silence.before_s, silence.first_s)
    best = calls[0]
    port = known.gazetteer.port(best.port)
    return Sign(
        ships=(ship,),
        title=f"{ship.called} was silent for {span_told(silence.first_s - silence.before_s)} from "
        f"{told(silence.before_s)}, time enough to call at {port.name}",
        measures=parameters.common.measures,
        from_s=silence.before_s,
        to_s=silence.first_s,
        reasons=_reasons(silence, speed, best, port.name, parameters),
        alternatives=parameters.common.alternatives,
        facts={
            "kind": "implied_voyage",
            "silent_h": round(silence.hours, 2),
            "speed_kn": round(speed, 1),
            "ports": [_record(call) for call in calls],
            "from": {"latitude_deg": silence.before_lat, "longitude_deg": silence.before_lon},
            "until": {"latitude_deg": silence.first_lat, "longitude_deg": silence.first_lon},
        },
        seen=(Seen(mmsi=silence.mmsi, at_s=silence.before_s), Seen(mmsi=silence.mmsi, at_s=silence.first_s)),
        place=Place(latitude_deg=port.latitude_deg, longitude_deg=port.longitude_deg, name=port.name),
    )


def _record(call: Call) -> dict[str, JsonValue]:
    return {
        "port": call.port,
        "come_km": round(call.come_km),
        "go_km": round(call.go_km),
        "spare_h": round(call.spare_h, 1),
    }


def _reasons(silence: Silence, speed: float, best: Call, port: str, parameters: Parameters) -> tuple[Reason, ...]:
    weight = parameters.weights
    text = (
        f"By sea it is {best.come_km:.0f} km from her last report to {port} and {best.go_km:.0f} km from there to her "
    )
    text += f"next: at {speed:.1f} knots and with a stay of {parameters.stay_h:g} hours, {best.spare_h:.1f} of "
    text += f"{silence.hours:.1f} hours are to spare."
    reasons = [Reason(text=text, weight=weight["reachable"])]
    if silence.hours - best.spare_h >= parameters.fits_share * silence.hours:
        text = f"That voyage fills {1 - best.spare_h / silence.hours:.0%} of the silence."
        reasons.append(Reason(text=text, weight=weight["fits_well"]))
    nearer = min(best.come_km, best.go_km)
    if nearer <= parameters.near_km:
        reasons.append(Reason(text=f"One end lies {nearer:.0f} km by sea from it.", weight=weight["near"]))
    text = (
        f"Others were heard meanwhile: {silence.others_before} of {silence.near_before} near the place where she fell "
    )
    text += f"silent, {silence.others_after} of {silence.near_after} near the place where she was heard again."
    reasons.append(Reason(text=text, weight=weight["others_heard"]))
    return tuple(reasons)
