"""The detector of dark gaps: a ship that others would have heard falls silent at sea."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK, flag_of
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, distance_km
from bongsu.sea.seas import Known, Sea
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.sea.silences import Silence, silences

_WEIGHTS: Final = ("silence", "long_silence", "near_dprk", "moved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        silence_h: the shortest silence.
        long_silence_h: from when on a silence weighs more.
        port_km: how far from every port of the gazetteer both ends lie.
        others: how many other ships are near her in the hour of an end, at least.
        heard_on: which share of them is heard while she is not.
        heard_before: in how many bins of the twelve hours before she was heard, at least.
        near_dprk_km: how near a port of the DPRK an end lies for that to weigh.
        moved_km: how far apart the ends lie for that to weigh.
        measures_by: the measures that bear besides on a silence near the DPRK, and of a ship of the DPRK.
    """

    common: Common
    silence_h: float
    long_silence_h: float
    port_km: float
    others: float
    heard_on: float
    heard_before: float
    near_dprk_km: float
    moved_km: float
    measures_by: Mapping[str, tuple[str, ...]]
    weights: dict[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        silence_h=parameter(card, "silence", "hour"),
        long_silence_h=parameter(card, "long_silence", "hour"),
        port_km=parameter(card, "port", "kilometre"),
        others=parameter(card, "others", "ship"),
        heard_on=parameter(card, "heard_on", "share", most=1),
        heard_before=parameter(card, "heard_before", "bin"),
        near_dprk_km=parameter(card, "near_dprk", "kilometre"),
        moved_km=parameter(card, "moved", "kilometre"),
        measures_by=texts_by(card, "measures_by", ("near_dprk", "dprk_flag")),
        weights=dict(weights(card, *_WEIGHTS)),
    )


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Long silences (how long, the card says) away from port of ships heard well before; the reception at both ends."""
    found = silences(
        sea,
        shortest_s=int(parameters.silence_h * 3600),
        heard_before=int(parameters.heard_before),
        port_km=parameters.port_km,
    )
    return {Silence: found}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A ship fell silent at sea for many hours, while others around her were heard.

    It sees the last report before a silence and the first after it, both away from port, and counts the other ships
    that were heard in the neighbourhood in the three hours next to each end. It does not see where she was in between,
    nor why: a transponder may fail or be switched off for safety where pirates or warships are, a receiver may be
    down, a crowded sea drowns weak signals, and a satellite hears a ship only when it passes. Silence is no breach; it
    bears on the duty to inspect where it hides a call or a transfer.

    Args:
        answers: the silences.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per silence with good reception at one end at least, by ship and time.
    """
    gaps = [gap for gap in answers.of(Silence) if gap.is_alone(others=parameters.others, share=parameters.heard_on)]
    return [_sign(gap, known, parameters) for gap in sorted(gaps, key=lambda gap: (gap.mmsi, gap.before_s))]


def _sign(gap: Silence, known: Known, parameters: Parameters) -> Sign:
    ship = known.ships.through(gap.mmsi, gap.before_s, gap.first_s)
    seconds = gap.first_s - gap.before_s
    nearest = _nearest(gap, known)
    kinds = {"near_dprk": nearest[0] <= parameters.near_dprk_km, "dprk_flag": flag_of(gap.mmsi) == DPRK}
    more = [key for kind, bears in kinds.items() if bears for key in parameters.measures_by[kind]]
    return Sign(
        ships=(ship,),
        title=f"{ship.called} was silent for {span_told(seconds)} from {told(gap.before_s)}, away from port",
        measures=(*parameters.common.measures, *more),
        from_s=gap.before_s,
        to_s=gap.first_s,
        reasons=_reasons(gap, nearest, parameters),
        alternatives=parameters.common.alternatives,
        facts={
            "kind": "gap",
            "silent_h": round(seconds / 3600, 2),
            "others_before": gap.others_before,
            "others_after": gap.others_after,
            "apart_km": round(gap.hop_km, 1),
            "until": {"latitude_deg": gap.first_lat, "longitude_deg": gap.first_lon},
        },
        seen=(Seen(mmsi=gap.mmsi, at_s=gap.before_s), Seen(mmsi=gap.mmsi, at_s=gap.first_s)),
        place=Place(latitude_deg=gap.before_lat, longitude_deg=gap.before_lon),
    )


def _nearest(gap: Silence, known: Known) -> tuple[float, str]:
    """How far the nearer end lies from a port of the DPRK, kilometres, and its name."""
    return min(
        (km, port.name)
        for end in ((gap.before_lat, gap.before_lon), (gap.first_lat, gap.first_lon))
        for port in known.gazetteer.ports
        if port.country == DPRK
        for km in (distance_km(end, (port.latitude_deg, port.longitude_deg)),)
    )


def _reasons(gap: Silence, nearest: tuple[float, str], parameters: Parameters) -> tuple[Reason, ...]:
    hours = (gap.first_s - gap.before_s) / 3600
    weight = parameters.weights
    others = (
        f"{gap.others_before} of the {gap.near_before} other ships near her last place were heard in the three hours "
    )
    others += f"after, and {gap.others_after} of the {gap.near_after} near her next in the three hours before"
    reasons = [
        Reason(text=f"No report was heard of her for {hours:.1f} hours, while {others}.", weight=weight["silence"])
    ]
    if hours >= parameters.long_silence_h:
        reasons.append(
            Reason(
                text=f"The silence is longer than {parameters.long_silence_h:g} hours.", weight=weight["long_silence"]
            )
        )
    if gap.hop_km >= parameters.moved_km:
        knots = gap.hop_km / KM_PER_NAUTICAL_MILE / hours
        text = f"She was under way in it: the ends lie {gap.hop_km:.0f} km apart, {knots:.1f} knots in a straight line."
        reasons.append(Reason(text=text, weight=weight["moved"]))
    if nearest[0] <= parameters.near_dprk_km:
        text = f"An end of it lies {nearest[0]:.0f} km from {nearest[1]}, a port of the DPRK."
        reasons.append(Reason(text=text, weight=weight["near_dprk"]))
    return tuple(reasons)
