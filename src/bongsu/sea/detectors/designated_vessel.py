"""The detector of designated vessels: a ship that an authority designated is heard, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import pyarrow as pa

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.cards import Card
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, calls, elsewhere
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, read_common, texts_by, weights
from bongsu.sea.model import DesignatedShip, citation
from bongsu.sea.seas import Known, Sea
from bongsu.sea.signs import Seen, Sign, told
from bongsu.tables.moments import seconds

_BINDINGS: Final = ("un", "national")
_WEIGHTS: Final = ("imo_un", "imo_national", "mmsi_un", "mmsi_national", "called", "zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says: the measures by who listed her."""

    common: Common
    measures_by: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        measures_by=texts_by(card, "measures_by", _BINDINGS),
        weights=weights(card, *_WEIGHTS),
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A transponder sent the IMO number of a designated ship."""

    mmsi: int
    imo: int
    first_s: int
    last_s: int
    exhibit: str
    row: int
    source: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Where a ship that bears a designated number was heard: once for each zone, and once for all (`zone` empty)."""

    mmsi: int
    zone: str
    from_s: int
    to_s: int
    bins: int
    lat: float
    lon: float


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Who sends a designated IMO number or MMSI, where they are heard, and at which ports they call."""
    del parameters  # all detectors are asked in the same way; what this one asks depends on no number of its card
    numbers = pa.array(sorted({each.imo for each in sea.designated if each.imo is not None}), pa.int64())
    said = sea.identities
    claims = said.semi_join(ibis.memtable(pa.table({"imo": numbers})), "imo").select(
        "mmsi",
        "imo",
        "exhibit",
        "row",
        "source",
        first_s=seconds(said.first_at),
        last_s=seconds(said.last_at),
    )
    listed = pa.array(sorted({each.mmsi for each in sea.designated if each.mmsi is not None}), pa.int64())
    ships = ibis.union(claims.select("mmsi"), ibis.memtable(pa.table({"mmsi": listed}))).distinct()
    bins = sea.bins.semi_join(ships, "mmsi").select("mmsi", "first_s", "last_s", "lat", "lon", "cell")
    cells = sea.zone_cells.select("zone", "cell").distinct()
    zoned = bins.join(cells, "cell").select("zone", *[name for name in bins.columns if name != "cell"])
    every = bins.mutate(zone=ibis.literal("")).select(*zoned.columns)
    stays = sea.stays_of(ships).select(*Call.__dataclass_fields__)
    return {Claim: claims, Presence: _presences(ibis.union(zoned, every)), Call: stays}


def _presences(rows: ibis.Table) -> ibis.Table:
    track = ibis.window(group_by=[rows.mmsi, rows.zone], order_by=rows.first_s)
    placed = rows.mutate(begin_lat=rows.lat.first().over(track), begin_lon=rows.lon.first().over(track))
    return placed.group_by("mmsi", "zone").aggregate(
        from_s=placed.first_s.min(),
        to_s=placed.last_s.max(),
        bins=placed.count(),
        lat=placed.begin_lat.min(),
        lon=placed.begin_lon.min(),
    )


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A transponder sent the number of a ship that an authority designated.

    It sees the IMO number or MMSI that was sent, when and where it was heard, in whose waters, and at which ports the
    ship called. It does not say that the designated hull was there: numbers are typed in by hand, sent by another ship
    to hide her own, or stay with a ship that was sold or taken off the list.

    Args:
        answers: who sends such numbers, where they are heard, and their calls.
        known: ships, places, and the designated ships.
        parameters: the card.

    Returns:
        One sign per MMSI and listing, by MMSI and listing.
    """
    claims = {(claim.mmsi, claim.imo): claim for claim in sorted(answers.of(Claim), key=_latest)}
    presences = sorted(answers.of(Presence), key=lambda each: (each.mmsi, each.zone))
    found = []
    for whole in [presence for presence in presences if not presence.zone]:
        zones = [each for each in presences if each.mmsi == whole.mmsi and each.zone]
        ports = [
            call
            for call in calls(answers.of(Call), {port.id for port in known.gazetteer.ports})
            if call.mmsi == whole.mmsi
        ]
        for ship in sorted(known.designated, key=lambda ship: ship.listing):
            claim = claims.get((whole.mmsi, ship.imo)) if ship.imo is not None else None
            if claim is not None or ship.mmsi == whole.mmsi:
                found.append(_sign(ship, claim, whole, zones, ports, known, parameters))
    return found


def _latest(claim: Claim) -> tuple[int, int, int, int]:
    """Of several reports of one number the first is cited: it comes last in this order."""
    return (claim.mmsi, claim.imo, -claim.first_s, -claim.row)


def _sign(
    ship: DesignatedShip,
    claim: Claim | None,
    whole: Presence,
    zones: list[Presence],
    ports: list[Call],
    known: Known,
    parameters: Parameters,
) -> Sign:
    number = f"IMO number {ship.imo:07d}" if claim is not None else f"MMSI {ship.mmsi}"
    sender = known.ships.of(whole.mmsi, whole.to_s if claim is None else claim.last_s)
    where = known.gazetteer.port(ports[-1].port).name if ports else None
    listed = Citation(exhibit=ship.exhibit, locator=ship.locator)
    sent = () if claim is None else (citation(claim.source, claim.exhibit, claim.row),)
    return Sign(
        ships=(sender,),
        title=f"{sender.called} sent the {number} of {ship.name}, designated by {ship.authority}"
        + (f", and called at {where}" if where else ""),
        measures=(*parameters.common.measures, *parameters.measures_by[ship.binding]),
        from_s=whole.from_s,
        to_s=whole.to_s,
        reasons=_reasons(ship, claim, zones, ports, known, parameters),
        alternatives=(*parameters.common.alternatives, *elsewhere(ports, known.gazetteer)),
        facts=_facts(ship, claim, whole, zones, ports),
        seen=(Seen(mmsi=whole.mmsi, at_s=whole.from_s), Seen(mmsi=whole.mmsi, at_s=whole.to_s)),
        citations=(listed, *sent),
        place=Place(latitude_deg=whole.lat, longitude_deg=whole.lon),
    )


def _facts(
    ship: DesignatedShip, claim: Claim | None, whole: Presence, zones: list[Presence], ports: list[Call]
) -> dict[str, JsonValue]:
    return {
        "kind": "mmsi" if claim is None else "imo",
        "listing": ship.listing,
        "imo": ship.imo,
        "bins": whole.bins,
        "zones": [{"zone": each.zone, "from": told(each.from_s), "to": told(each.to_s)} for each in zones],
        "calls": [{"port": call.port, "from": told(call.from_s), "to": told(call.to_s)} for call in ports],
    }


def _reasons(
    ship: DesignatedShip,
    claim: Claim | None,
    zones: list[Presence],
    ports: list[Call],
    known: Known,
    parameters: Parameters,
) -> tuple[Reason, ...]:
    weight = parameters.weights
    number = "MMSI" if claim is None else "IMO number"
    listed = f" on {ship.listed_on}" if ship.listed_on else ""
    text = f"{ship.authority} listed {ship.name}{listed} with this {number}."
    reasons = [Reason(text=text, weight=weight[f"{'mmsi' if claim is None else 'imo'}_{ship.binding}"])]
    if ports:
        names = ", ".join(f"{known.gazetteer.port(call.port).name} ({told(call.from_s)})" for call in ports)
        text = f"She called at {names}: the port State's duties bear."
        reasons.append(Reason(text=text, weight=weight["called"]))
    if zones:
        names = ", ".join(sorted({known.gazetteer.zone(each.zone).name for each in zones}))
        reasons.append(Reason(text=f"She was heard in: {names}.", weight=weight["zone"]))
    return tuple(reasons)
