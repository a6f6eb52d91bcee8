"""The detector of dark gaps: a ship that others would have heard falls silent at sea."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, ports_of, stays_at
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK, is_dprk
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, distance_km
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.sea.silences import Silence, silences
from bongsu.sea.ties import TIES, Act, Tie, Ties, is_own, kinds_of, reasons_of

_NEAR: Final = "near_dprk"
_WEIGHTS: Final = ("silence", "untied", "long_silence", "moved", *TIES, _NEAR)


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
        near_dprk_km: how near a port of the DPRK an end lies for that to be a tie.
        call_d: how long before or after it a call at a port of the DPRK ties a silence to it.
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
    call_d: float
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
        call_d=parameter(card, "call", "day"),
        moved_km=parameter(card, "moved", "kilometre"),
        measures_by=texts_by(card, "measures_by", (_NEAR, "dprk_flag")),
        weights=dict(weights(card, *_WEIGHTS)),
    )


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Long silences (how long, the card says) away from port of ships heard well before, with the reception at both
    ends; and stays of callers at the DPRK.
    """
    found = silences(
        sea,
        shortest_s=int(parameters.silence_h * 3600),
        heard_before=int(parameters.heard_before),
        port_km=parameters.port_km,
    )
    return {Silence: found, Call: stays_at(sea, ports_of(sea.gazetteer, DPRK))}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A ship fell silent at sea for many hours, while others around her were heard.

    It sees the last report before a silence and the first after it, both away from port, and counts the other ships
    that were heard in the neighbourhood in the three hours next to each end. It does not see where she was in between,
    nor why: a transponder may fail or be switched off for safety where pirates or warships are, a receiver may be
    down, a crowded sea drowns weak signals, and a satellite hears a ship only when it passes. Silence is no breach; it
    bears on the duty to inspect where it hides a call or a transfer. So it names a measure only where something ties it
    to the DPRK: her flag, her listing, a call of hers, or an end in its waters, in waters where reports describe
    transfers, or near one of its ports. A silence without a tie is counted, and names none.

    Args:
        answers: the silences, and stays.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per silence with good reception at one end at least, by ship and time; without measures where nothing
        ties it.
    """
    ties = Ties(answers.of(Call), known, kinds=("transfer_area",), call_days=parameters.call_d)
    gaps = [gap for gap in answers.of(Silence) if gap.is_alone(others=parameters.others, share=parameters.heard_on)]
    signs = []
    for gap in sorted(gaps, key=lambda gap: (gap.mmsi, gap.before_s)):
        ship = known.ships.through(gap.mmsi, gap.before_s, gap.first_s)
        act = Act(from_s=gap.before_s, to_s=gap.first_s, places=_ends(gap), told="An end of it lies")
        tied = (*ties.of(act, [ship]), *_near(gap, known, parameters))
        signs.append(_sign(gap, ship, tied, parameters))
    return signs


def _ends(gap: Silence) -> tuple[tuple[float, float], tuple[float, float]]:
    return (gap.before_lat, gap.before_lon), (gap.first_lat, gap.first_lon)


def _near(gap: Silence, known: Known, parameters: Parameters) -> tuple[Tie, ...]:
    """The weakest of ties: the nearer end lies near a port of the DPRK."""
    km, name = min(
        (distance_km(end, (port.latitude_deg, port.longitude_deg)), port.name)
        for end in _ends(gap)
        for port in known.gazetteer.ports
        if port.country == DPRK
    )
    if km > parameters.near_dprk_km:
        return ()
    return (Tie(kind=_NEAR, text=f"An end of it lies {km:.0f} km from {name}, a port of the DPRK.", own=False),)


def _sign(gap: Silence, ship: Ship, tied: tuple[Tie, ...], parameters: Parameters) -> Sign:
    seconds = gap.first_s - gap.before_s
    return Sign(
        ships=(ship,),
        title=f"{ship.called} was silent for {span_told(seconds)} from {told(gap.before_s)}, away from port",
        measures=_measures(ship, tied, parameters) if tied else (),
        from_s=gap.before_s,
        to_s=gap.first_s,
        reasons=_reasons(gap, tied, parameters),
        alternatives=parameters.common.alternatives,
        facts={
            "kind": "gap",
            "silent_h": round(seconds / 3600, 2),
            "others_before": gap.others_before,
            "others_after": gap.others_after,
            "apart_km": round(gap.hop_km, 1),
            "until": {"latitude_deg": gap.first_lat, "longitude_deg": gap.first_lon},
            "ties": kinds_of(tied),
        },
        seen=(Seen(mmsi=gap.mmsi, at_s=gap.before_s), Seen(mmsi=gap.mmsi, at_s=gap.first_s)),
        place=Place(latitude_deg=gap.before_lat, longitude_deg=gap.before_lon),
    )


def _measures(ship: Ship, tied: tuple[Tie, ...], parameters: Parameters) -> tuple[str, ...]:
    """The measures that bear on a silence that is tied to the DPRK."""
    kinds = {_NEAR: _NEAR in kinds_of(tied), "dprk_flag": is_dprk(ship)}
    more = [key for kind, bears in kinds.items() if bears for key in parameters.measures_by[kind]]
    return (*parameters.common.measures, *more)


def _reasons(gap: Silence, tied: tuple[Tie, ...], parameters: Parameters) -> tuple[Reason, ...]:
    hours = (gap.first_s - gap.before_s) / 3600
    weight = parameters.weights
    others = (
        f"{gap.others_before} of the {gap.near_before} other ships near her last place were heard in the three hours "
    )
    others += f"after, and {gap.others_after} of the {gap.near_after} near her next in the three hours before"
    text = f"No report was heard of her for {hours:.1f} hours, while {others}."
    reasons = [Reason(text=text, weight=weight["silence" if is_own(tied) else "untied"])]
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
    return (*reasons, *reasons_of(tied, weight, whom="her"))
