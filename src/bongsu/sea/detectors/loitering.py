"""The detector of loitering: a ship lies for long where transfers are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import pyarrow as pa

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, ports_of, stays_at
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import CARGO, DPRK, carries_goods, is_dprk
from bongsu.sea.grid import cells_of, distance_km
from bongsu.sea.offshore import offshore
from bongsu.sea.places import Zone
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.sea.ties import TIES, Act, Tie, Ties, kinds_of, reasons_of

ZONES: Final = ("transfer_area", "waiting_area")
_WEIGHTS: Final = ("loitering", "untied", "long", "drifting", "says_what_she_is", *TIES[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        shortest_h: how long at least.
        long_h: from when on it weighs more.
        port_km: how far from every anchorage.
        swing_km: a ship that stays within so much from corner to corner lies at anchor, else she drifts.
        call_d: how long before or after it a call at a port of the DPRK ties a spell to it.
        measures_by: the measures that bear besides where she flies the flag of the DPRK, or is tied to it and says that
            she carries cargo that is no liquid.
    """

    common: Common
    shortest_h: float
    long_h: float
    port_km: float
    swing_km: float
    call_d: float
    measures_by: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        shortest_h=parameter(card, "shortest", "hour"),
        long_h=parameter(card, "long", "hour"),
        port_km=parameter(card, "port", "kilometre"),
        swing_km=parameter(card, "swing", "kilometre"),
        call_d=parameter(card, "call", "day"),
        measures_by=texts_by(card, "measures_by", ("dprk_flag", "cargo")),
        weights=weights(card, *_WEIGHTS),
    )


@dataclass(frozen=True, slots=True)
class Spell:
    """One run of slow bins (`spells.spells`)."""

    mmsi: int
    from_s: int
    to_s: int
    heard: int
    south: float
    north: float
    west: float
    east: float
    lat: float
    lon: float
    moored: bool
    longest_silence_s: int


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Long spells in the areas where transfers are known, away from port; and the stays of callers at DPRK ports."""
    zones = sorted(zone.id for zone in sea.gazetteer.zones if zone.kind in ZONES)
    named = ibis.memtable(pa.table({"zone": pa.array(zones, pa.string())}))
    cells = sea.zone_cells.semi_join(named, "zone").select("cell").distinct()
    spells = sea.spells
    lasting = spells.filter(spells.to_s - spells.from_s >= int(parameters.shortest_h * 3600))
    inside = lasting.mutate(cell=cells_of(lasting.lat, lasting.lon)).semi_join(cells, "cell")
    inside = inside.select(*Spell.__dataclass_fields__)
    ports = sea.in_port(parameters.port_km)
    key = ("mmsi", "from_s")
    return {
        Spell: offshore(inside, ports, key=key, at=("lat", "lon")),
        Call: stays_at(sea, ports_of(sea.gazetteer, DPRK)),
    }


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A ship lay slow for many hours in waters where reports describe transfers at sea or ships waiting to unload.

    It sees a run of reports below two knots, away from every port and anchorage it knows, and whether she stayed in the
    circle of an anchor or drifted. Ships that say they fish, tow or carry passengers are left out; one that nothing
    ties to the DPRK where our own list alone names the waters is counted, and names no measure. Waiting is no breach:
    ships wait for a berth, for orders, for a pilot, for better weather or for repairs, in just such waters.

    Args:
        answers: the spells, and stays.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per spell, by ship and time; without measures where nothing ties it.
    """
    ties = Ties(answers.of(Call), known, kinds=ZONES, call_days=parameters.call_d)
    signs = []
    for spell in sorted(answers.of(Spell), key=lambda spell: (spell.mmsi, spell.from_s)):
        zones = [each for each in known.gazetteer.zones if each.kind in ZONES and each.contains(spell.lat, spell.lon)]
        ship = known.ships.through(spell.mmsi, spell.from_s, spell.to_s)
        act = Act(from_s=spell.from_s, to_s=spell.to_s, places=((spell.lat, spell.lon),))
        tied = ties.of(act, [ship])
        if zones and carries_goods(ship):
            zone = min(zones, key=lambda zone: (not zone.is_reported, zone.id))
            signs.append(_sign(spell, zone, ship, tied, parameters))
    return signs


def _sign(spell: Spell, zone: Zone, ship: Ship, tied: tuple[Tie, ...], parameters: Parameters) -> Sign:
    own = [tie for tie in tied if tie.own]
    hours = (spell.to_s - spell.from_s) / 3600
    extent = distance_km((spell.south, spell.west), (spell.north, spell.east))
    kind = "anchored" if spell.moored or extent <= parameters.swing_km else "drifting"
    weight = parameters.weights
    text = f"She was slower than two knots for {hours:.1f} hours in {zone.name}, "
    text += f"within {extent:.1f} km from corner to corner ({kind}). {_known_by(zone)}"
    reasons = [Reason(text=text, weight=weight["loitering" if own else "untied"])]
    if hours >= parameters.long_h:
        reasons.append(Reason(text=f"It lasted {parameters.long_h:g} hours or more.", weight=weight["long"]))
    if kind == "drifting":
        text = "She drifted: a ship that waits for a berth commonly lies at anchor."
        reasons.append(Reason(text=text, weight=weight["drifting"]))
    reasons += reasons_of(own, weight, whom="her")
    if ship.ship_type is not None:
        text = f"She says that she carries goods (type {ship.ship_type})."
        reasons.append(Reason(text=text, weight=weight["says_what_she_is"]))
    return Sign(
        ships=(ship,),
        title=f"{ship.called} lay {kind} in {zone.name} for {span_told(spell.to_s - spell.from_s)} from "
        f"{told(spell.from_s)}",
        measures=(*parameters.common.measures, *_measures(ship, own, parameters)) if tied else (),
        from_s=spell.from_s,
        to_s=spell.to_s,
        reasons=tuple(reasons),
        alternatives=parameters.common.alternatives,
        facts={
            "kind": kind,
            "zone": zone.id,
            "hours": round(hours, 2),
            "extent_km": round(extent, 2),
            "ties": kinds_of(tied),
        },
        seen=(Seen(mmsi=spell.mmsi, at_s=spell.from_s), Seen(mmsi=spell.mmsi, at_s=spell.to_s)),
        place=Place(latitude_deg=spell.lat, longitude_deg=spell.lon, name=zone.name),
    )


def _measures(ship: Ship, own: list[Tie], parameters: Parameters) -> list[str]:
    """The measures that bear besides, by what is known of her."""
    cargo = bool(own) and ship.ship_type in CARGO
    kinds = {"dprk_flag": is_dprk(ship), "cargo": cargo}
    return [key for kind, bears in kinds.items() if bears for key in parameters.measures_by[kind]]


def _known_by(zone: Zone) -> str:
    """Who says that these waters are to be watched."""
    if not zone.is_reported:
        return "Our own list alone names these waters; no report of them was read."
    what = "transfers at sea" if zone.kind == "transfer_area" else "ships waiting with cargo of the DPRK"
    return f"Reports describe {what} there; many other ships lie in the same waters."
