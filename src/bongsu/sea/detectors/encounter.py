"""The detector of encounters: two ships lie side by side at sea."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, ports_of, stays_at
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK, is_dprk, is_tanker
from bongsu.sea.meetings import meetings
from bongsu.sea.offshore import offshore
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.sea.ties import TIES, Act, Tie, Ties, is_own, kinds_of, reasons_of

_WEIGHTS: Final = ("encounter", "at_work", "untied", "long", "tankers", "tanker", *TIES)
_MEASURES: Final = ("dprk_flag", "dprk_flag_at_work", "tanker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        within_km: how near the two lie.
        shortest_h: how long at least.
        long_h: from when on it weighs more.
        pause_h: how long they may not be seen so, and it is still one.
        port_km: how far from every anchorage.
        call_d: how long before or after it a call at a port of the DPRK ties a meeting to it.
        service_types: types of ships whose work it is to lie alongside others.
        fishing_type: the type of which two together are taken for a fishing pair.
        alternative_at_work: what else could explain it where one is such a ship, or both fish.
        measures_by: the measures that bear besides where a ship flies the flag of the DPRK, also beside one whose work
            it is to lie alongside others, and where one of two that are tied to it is a tanker.
    """

    common: Common
    within_km: float
    shortest_h: float
    long_h: float
    pause_h: float
    port_km: float
    call_d: float
    service_types: frozenset[int]
    fishing_type: int
    alternative_at_work: str
    measures_by: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        within_km=parameter(card, "within", "kilometre"),
        shortest_h=parameter(card, "shortest", "hour"),
        long_h=parameter(card, "long", "hour"),
        pause_h=parameter(card, "pause", "hour"),
        port_km=parameter(card, "port", "kilometre"),
        call_d=parameter(card, "call", "day"),
        service_types=frozenset(card.integers("service_types")),
        fishing_type=card.integer("fishing_type"),
        alternative_at_work=card.text("alternative_at_work"),
        measures_by=texts_by(card, "measures_by", _MEASURES),
        weights=weights(card, *_WEIGHTS),
    )


@dataclass(frozen=True, slots=True)
class Meeting:
    """One run of bins of two ships (`meetings.meetings`)."""

    mmsi: int
    partner: int
    from_s: int
    to_s: int
    heard: int
    nearest_km: float
    farthest_km: float
    lat: float
    lon: float
    moored: bool


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Two ships slow and near each other for long enough, away from port; and stays of callers at the DPRK."""
    moorings = sea.moorings(parameters.port_km)
    found = meetings(
        sea.slow,
        masked=sea.cells_at_moorings(parameters.port_km),
        within_km=parameters.within_km,
        pause_s=int(parameters.pause_h * 3600),
    )
    # Kept: `offshore` asks for its rows twice, and an engine would look for all meetings twice.
    lasting = sea.engine.keep(found.filter(found.to_s - found.from_s >= int(parameters.shortest_h * 3600)))
    key = ("mmsi", "partner", "from_s")
    return {
        Meeting: offshore(lasting, moorings, key=key, at=("lat", "lon")),
        Call: stays_at(sea, ports_of(sea.gazetteer, DPRK)),
    }


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """Two ships lay beside each other at sea for hours.

    It sees that both were slower than two knots and within half a kilometre of each other, bin by bin, away from every
    port and anchorage it knows, and that something ties the meeting to the DPRK: the flag, a listing or a call of one
    of them, its waters, or waters where reports describe transfers. A meeting without a tie is counted, and names no
    measure. One with a tug, a pilot boat or another ship whose work it is, by her own report, makes a sign only where
    either is of the DPRK. It does not see what they did. That is no breach: ships meet to bunker, to hand over crew,
    stores or fish, in distress, to wait at an anchorage that no list names, or by drifting. A transfer with a ship of
    the DPRK is forbidden.

    Args:
        answers: the meetings, and stays.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per meeting, about the ship that matters more, by ship and time; without measures where nothing ties
        it.
    """
    ties = Ties(answers.of(Call), known, kinds=("transfer_area",), call_days=parameters.call_d)
    signs = []
    for met in sorted(answers.of(Meeting), key=lambda each: (each.mmsi, each.partner, each.from_s)):
        ships = [known.ships.through(mmsi, met.from_s, met.to_s) for mmsi in (met.mmsi, met.partner)]
        act = Act(from_s=met.from_s, to_s=met.to_s, places=((met.lat, met.lon),))
        tied = ties.of(act, ships)
        if any(map(is_dprk, ships)) or not _at_work(ships, parameters):
            signs.append(_sign(met, ships, tied, known, parameters))
    return signs


def _at_work(ships: list[Ship], parameters: Parameters) -> bool:
    """Whether the work of one of them is to lie alongside others, or both fish."""
    types = [ship.ship_type for ship in ships]
    if any(kind in parameters.service_types for kind in types):
        return True
    return all(kind == parameters.fishing_type for kind in types)


def _sign(met: Meeting, ships: list[Ship], tied: tuple[Tie, ...], known: Known, parameters: Parameters) -> Sign:
    first, second = sorted(ships, key=lambda ship: (not is_dprk(ship), not is_tanker(ship), ship.mmsi))
    zones = sorted(
        zone.name for zone in known.gazetteer.zones if zone.kind == "transfer_area" and zone.contains(met.lat, met.lon)
    )
    at_work = _at_work(ships, parameters)
    alternatives = parameters.common.alternatives
    return Sign(
        ships=(first, second),
        title=f"{first.called} and {second.called} lay beside each other at sea for "
        f"{span_told(met.to_s - met.from_s)} from {told(met.from_s)}",
        measures=_measures(ships, tied, at_work=at_work, parameters=parameters) if tied else (),
        from_s=met.from_s,
        to_s=met.to_s,
        reasons=_reasons(met, ships, tied, parameters),
        alternatives=(parameters.alternative_at_work, *alternatives) if at_work else alternatives,
        facts=_facts(met, second, tied),
        seen=tuple(Seen(mmsi=mmsi, at_s=at) for mmsi in (met.mmsi, met.partner) for at in (met.from_s, met.to_s)),
        place=Place(latitude_deg=met.lat, longitude_deg=met.lon, name=zones[0] if zones else None),
    )


def _measures(ships: list[Ship], tied: tuple[Tie, ...], *, at_work: bool, parameters: Parameters) -> tuple[str, ...]:
    """The measures that bear on a meeting that is tied to the DPRK, by what is known of the two."""
    dprk = any(map(is_dprk, ships))
    own = any(tie.own and tie.kind != "listed" for tie in tied)
    kinds = {"dprk_flag": dprk, "dprk_flag_at_work": dprk and at_work, "tanker": own and any(map(is_tanker, ships))}
    more = [key for kind, bears in kinds.items() if bears for key in parameters.measures_by[kind]]
    return (*parameters.common.measures, *more)


def _facts(met: Meeting, partner: Ship, tied: tuple[Tie, ...]) -> dict[str, JsonValue]:
    return {
        "kind": "encounter",
        "partner": partner.mmsi,
        "partner_name": partner.name,
        "hours": round((met.to_s - met.from_s) / 3600, 2),
        "bins": met.heard,
        "nearest_km": round(met.nearest_km, 3),
        "farthest_km": round(met.farthest_km, 3),
        "both_moored": met.moored,
        "ties": kinds_of(tied),
    }


def _reasons(met: Meeting, ships: list[Ship], tied: tuple[Tie, ...], parameters: Parameters) -> tuple[Reason, ...]:
    of_the_act = "at_work" if _at_work(ships, parameters) else "encounter" if is_own(tied) else "untied"
    weight = parameters.weights
    hours = (met.to_s - met.from_s) / 3600
    text = (
        f"Both were slower than two knots and {met.nearest_km * 1000:.0f} to {met.farthest_km * 1000:.0f} m apart, in "
    )
    text += f"{met.heard} bins of ten minutes within {hours:.1f} hours."
    reasons = [Reason(text=text, weight=weight[of_the_act])]
    if hours >= parameters.long_h:
        reasons.append(Reason(text=f"It lasted {parameters.long_h:g} hours or more.", weight=weight["long"]))
    tankers = [ship.called for ship in ships if is_tanker(ship)]
    if tankers:
        kind = "tankers" if len(tankers) == 2 else "tanker"
        reasons.append(Reason(text=f"{' and '.join(tankers)}: a tanker by her own report.", weight=weight[kind]))
    return (*reasons, *reasons_of(tied, weight, whom="either ship"))
