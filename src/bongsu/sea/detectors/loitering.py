"""The detector of loitering: a ship lies for long where transfers are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import pyarrow as pa

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, weights
from bongsu.sea.flags import carries_goods, is_dprk
from bongsu.sea.grid import cells_of, distance_km
from bongsu.sea.offshore import offshore
from bongsu.sea.places import Zone
from bongsu.sea.seas import Known, Sea
from bongsu.sea.signs import Seen, Sign, span_told, told

ZONES: Final = ("transfer_area", "waiting_area")
_WEIGHTS: Final = ("loitering", "long", "dprk_flag", "drifting", "says_what_she_is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        shortest_h: how long at least.
        long_h: from when on it weighs more.
        port_km: how far from every anchorage.
        swing_km: a ship that stays within so much from corner to corner lies at anchor, else she drifts.
    """

    common: Common
    shortest_h: float
    long_h: float
    port_km: float
    swing_km: float
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
    """Long spells in the areas where transfers are known, away from port."""
    zones = sorted(zone.id for zone in sea.gazetteer.zones if zone.kind in ZONES)
    named = ibis.memtable(pa.table({"zone": pa.array(zones, pa.string())}))
    cells = sea.zone_cells.semi_join(named, "zone").select("cell").distinct()
    spells = sea.spells
    lasting = spells.filter(spells.to_s - spells.from_s >= int(parameters.shortest_h * 3600))
    inside = lasting.mutate(cell=cells_of(lasting.lat, lasting.lon)).semi_join(cells, "cell")
    inside = inside.select(*Spell.__dataclass_fields__)
    ports = sea.in_port(parameters.port_km)
    key = ("mmsi", "from_s")
    return {Spell: offshore(inside, ports, key=key, at=("lat", "lon"))}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A ship lay slow for many hours in waters where reports describe transfers at sea or ships waiting to unload.

    It sees a run of reports below two knots, away from every port and anchorage it knows, and whether she stayed in the
    circle of an anchor or drifted. Ships that say they fish, tow or carry passengers are left out. Waiting is no
    breach: ships wait for a berth, for orders, for a pilot, for better weather or for repairs, in just such waters.

    Args:
        answers: the spells.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per spell, by ship and time.
    """
    signs = []
    for spell in sorted(answers.of(Spell), key=lambda spell: (spell.mmsi, spell.from_s)):
        zones = [each for each in known.gazetteer.zones if each.kind in ZONES and each.contains(spell.lat, spell.lon)]
        if zones and carries_goods(known.ships.through(spell.mmsi, spell.from_s, spell.to_s)):
            signs.append(_sign(spell, min(zones, key=lambda zone: zone.id), known, parameters))
    return signs


def _sign(spell: Spell, zone: Zone, known: Known, parameters: Parameters) -> Sign:
    ship = known.ships.through(spell.mmsi, spell.from_s, spell.to_s)
    hours = (spell.to_s - spell.from_s) / 3600
    extent = distance_km((spell.south, spell.west), (spell.north, spell.east))
    kind = "anchored" if spell.moored or extent <= parameters.swing_km else "drifting"
    weight = parameters.weights
    text = f"She was slower than two knots for {hours:.1f} hours in {zone.name}, "
    text += f"within {extent:.1f} km from corner to corner"
    reasons = [Reason(text=f"{text} ({kind}).", weight=weight["loitering"])]
    if hours >= parameters.long_h:
        reasons.append(Reason(text=f"It lasted {parameters.long_h:g} hours or more.", weight=weight["long"]))
    if kind == "drifting":
        text = "She drifted: a ship that waits for a berth commonly lies at anchor."
        reasons.append(Reason(text=text, weight=weight["drifting"]))
    if is_dprk(ship):
        reasons.append(Reason(text="Her MMSI is of the DPRK.", weight=weight["dprk_flag"]))
    if ship.ship_type is not None:
        text = f"She says that she carries goods (type {ship.ship_type})."
        reasons.append(Reason(text=text, weight=weight["says_what_she_is"]))
    return Sign(
        ships=(ship,),
        title=f"{ship.called} lay {kind} in {zone.name} for {span_told(spell.to_s - spell.from_s)} from "
        f"{told(spell.from_s)}",
        measures=parameters.common.measures,
        from_s=spell.from_s,
        to_s=spell.to_s,
        reasons=tuple(reasons),
        alternatives=parameters.common.alternatives,
        facts={"kind": kind, "zone": zone.id, "hours": round(hours, 2), "extent_km": round(extent, 2)},
        seen=(Seen(mmsi=spell.mmsi, at_s=spell.from_s), Seen(mmsi=spell.mmsi, at_s=spell.to_s)),
        place=Place(latitude_deg=spell.lat, longitude_deg=spell.lon, name=zone.name),
    )
