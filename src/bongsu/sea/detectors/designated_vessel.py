"""The detector of designated vessels: a ship that an authority designated is heard, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

import ibis
import pyarrow as pa

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.cards import Card
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, calls, elsewhere
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK
from bongsu.sea.model import DesignatedShip, citation
from bongsu.sea.seas import Known, Sea
from bongsu.sea.sendings import Claim, Sending, sendings
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.tables.moments import seconds

_BINDINGS: Final = ("un", "national")
_MEASURES: Final = (*_BINDINGS, "called", "called_un")
_WEIGHTS: Final = ("imo_un", "imo_national", "imo_briefly", "mmsi_un", "mmsi_national", "called", "zone")
_HOUR_S: Final = 3600
_EVER: Final = (0, 1 << 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        beside_h: how long before and after a report of a number a place still counts for it.
        briefly_h: a number sent for less, and another besides, weighs less.
        measures_by: the measures by who listed her, and besides where she called at a port outside the DPRK.
    """

    common: Common
    beside_h: float
    briefly_h: float
    measures_by: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]

    @property
    def beside_s(self) -> int:
        """`beside_h` in seconds."""
        return int(self.beside_h * _HOUR_S)


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        beside_h=parameter(card, "beside", "hour"),
        briefly_h=parameter(card, "briefly", "hour"),
        measures_by=texts_by(card, "measures_by", _MEASURES),
        weights=weights(card, *_WEIGHTS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time in which the places sent under an MMSI count for a listing, as far as she was listed in it.

    Args:
        from_s, to_s: seconds since 1970.
        sending: the run of her IMO number; None where her MMSI alone is listed.
    """

    mmsi: int
    ship: DesignatedShip
    from_s: int
    to_s: int
    sending: Sending | None

    @property
    def key(self) -> tuple[int, str, int]:
        """What no other window has."""
        return self.mmsi, self.ship.listing, self.from_s


@dataclass(frozen=True, slots=True)
class Presence:
    """Where a ship was heard in a window (`begins_s`): once for each zone, and once for all (`zone` empty)."""

    mmsi: int
    listing: str
    begins_s: int
    zone: str
    from_s: int
    to_s: int
    bins: int
    lat: float
    lon: float


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Who sends a designated IMO number or MMSI, where they are heard while they do, and at which ports they call."""
    numbers = pa.array(sorted({each.imo for each in sea.designated if each.imo is not None}), pa.int64())
    said = sea.identities
    ships = said.semi_join(ibis.memtable(pa.table({"imo": numbers})), "imo").select("mmsi").distinct()
    sent = said.filter(said.imo.notnull()).semi_join(ships.view(), "mmsi")
    claims = sea.engine.keep(
        sent.select(
            "mmsi", "imo", "exhibit", "row", "source", first_s=seconds(sent.first_at), last_s=seconds(sent.last_at)
        ).select(*Claim.__dataclass_fields__)
    )
    # Few: from when to when a listed number was sent must be known before bins are asked for.
    windows = ibis.memtable(_table(_windows(sea.engine.records(claims, Claim), sea.designated, parameters)))
    bins = sea.bins.select("mmsi", "first_s", "last_s", "lat", "lon", "cell").join(windows, "mmsi")
    bins = bins.filter((bins.first_s >= bins.begins_s) & (bins.first_s <= bins.ends_s))
    bins = bins.select("mmsi", "listing", "begins_s", "first_s", "last_s", "lat", "lon", "cell")
    cells = sea.zone_cells.select("zone", "cell").distinct()
    zoned = bins.join(cells, "cell").select("zone", *[name for name in bins.columns if name != "cell"])
    every = bins.mutate(zone=ibis.literal("")).select(*zoned.columns)
    stays = sea.stays_of(windows.select("mmsi").distinct()).select(*Call.__dataclass_fields__)
    return {Claim: claims, Presence: _presences(ibis.union(zoned, every)), Call: stays}


def _presences(rows: ibis.Table) -> ibis.Table:
    of = [rows.mmsi, rows.listing, rows.begins_s, rows.zone]
    track = ibis.window(group_by=of, order_by=rows.first_s)
    placed = rows.mutate(begin_lat=rows.lat.first().over(track), begin_lon=rows.lon.first().over(track))
    return placed.group_by("mmsi", "listing", "begins_s", "zone").aggregate(
        from_s=placed.first_s.min(),
        to_s=placed.last_s.max(),
        bins=placed.count(),
        lat=placed.begin_lat.min(),
        lon=placed.begin_lon.min(),
    )


def _table(windows: Sequence[Window]) -> pa.Table:
    return pa.table(
        {
            "mmsi": pa.array([each.mmsi for each in windows], pa.int64()),
            "listing": pa.array([each.ship.listing for each in windows], pa.string()),
            "begins_s": pa.array([each.from_s for each in windows], pa.int64()),
            "ends_s": pa.array([each.to_s for each in windows], pa.int64()),
        }
    )


def _windows(claims: Iterable[Claim], designated: Sequence[DesignatedShip], parameters: Parameters) -> list[Window]:
    """When what is sent counts for which listing: never before the day of the listing, where that is known."""
    numbers = {each.imo for each in designated if each.imo is not None}
    by_imo: dict[int, list[Sending]] = defaultdict(list)
    for sending in sendings(claims, numbers, beside_s=parameters.beside_s):
        by_imo[sending.claim.imo].append(sending)
    found = []
    for ship in sorted(designated, key=lambda ship: ship.listing):
        listed_s = (
            _EVER[0] if ship.listed_by is None else int(datetime.combine(ship.listed_by, time(), UTC).timestamp())
        )
        sent = by_imo.get(ship.imo, []) if ship.imo is not None else []
        found += [
            Window(mmsi=run.claim.mmsi, ship=ship, from_s=max(run.from_s, listed_s), to_s=run.to_s, sending=run)
            for run in sent
            if run.to_s >= listed_s
        ]
        if ship.mmsi is not None:
            taken = [(run.from_s, run.to_s) for run in sent if run.claim.mmsi == ship.mmsi]
            found += [
                Window(mmsi=ship.mmsi, ship=ship, from_s=from_s, to_s=to_s, sending=None)
                for from_s, to_s in _left((listed_s, _EVER[1]), taken)
            ]
    return found


def _left(whole: tuple[int, int], taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a time without some others, which do not overlap."""
    left, begins = [], whole[0]
    for from_s, to_s in sorted(taken):
        if from_s > begins:
            left.append((begins, from_s - 1))
        begins = max(begins, to_s + 1)
    return [*left, (begins, whole[1])]


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A transponder sent the number of a ship that an authority designated.

    It sees the IMO number or MMSI that was sent, when and where it was heard while it was sent and the ship was listed,
    in whose waters, and at which ports the ship called. It does not say that the designated hull was there: numbers are
    typed in by hand, sent by another ship to hide her own, or stay with a ship that was sold or taken off the list.

    Args:
        answers: who sends such numbers, where they are heard, and their calls.
        known: ships, places, and the designated ships.
        parameters: the card.

    Returns:
        One sign per MMSI, listing and time in which the number was sent, by MMSI, listing and time.
    """
    presences: dict[tuple[int, str, int], list[Presence]] = defaultdict(list)
    for presence in sorted(answers.of(Presence), key=lambda each: each.zone):
        presences[presence.mmsi, presence.listing, presence.begins_s].append(presence)
    every = calls(answers.of(Call), {port.id for port in known.gazetteer.ports})
    windows = _windows(answers.of(Claim), known.designated, parameters)
    found = []
    for window in sorted(windows, key=lambda window: window.key):
        whole = [presence for presence in presences[window.key] if not presence.zone]
        if whole:
            ports = [
                call
                for call in every
                if call.mmsi == window.mmsi and call.from_s <= window.to_s and call.to_s >= window.from_s
            ]
            zones = [presence for presence in presences[window.key] if presence.zone]
            found.append(_sign(window, whole[0], zones, ports, known, parameters))
    return found


def _sign(
    window: Window,
    whole: Presence,
    zones: list[Presence],
    ports: list[Call],
    known: Known,
    parameters: Parameters,
) -> Sign:
    ship, sending = window.ship, window.sending
    number = f"IMO number {ship.imo:07d}" if sending is not None else f"MMSI {ship.mmsi}"
    sender = known.ships.of(whole.mmsi, whole.to_s if sending is None else sending.last_s)
    where = known.gazetteer.port(ports[-1].port).name if ports else None
    abroad = _abroad(ports, known)
    sent = () if sending is None else (citation(sending.claim.source, sending.claim.exhibit, sending.claim.row),)
    return Sign(
        ships=(sender,),
        title=f"{sender.called} sent the {number} of {ship.name}, designated by {ship.authority}"
        + (f", and called at {where}" if where else ""),
        measures=(*parameters.common.measures, *_measures(ship, abroad, parameters)),
        from_s=whole.from_s,
        to_s=whole.to_s,
        reasons=_reasons(window, zones, ports, known, parameters),
        alternatives=(*parameters.common.alternatives, *elsewhere(ports, known.gazetteer)),
        facts=_facts(window, whole, zones, ports),
        seen=(Seen(mmsi=whole.mmsi, at_s=whole.from_s), Seen(mmsi=whole.mmsi, at_s=whole.to_s)),
        citations=(Citation(exhibit=ship.exhibit, locator=ship.locator), *sent),
        place=Place(latitude_deg=whole.lat, longitude_deg=whole.lon),
    )


def _abroad(ports: Iterable[Call], known: Known) -> list[Call]:
    return [call for call in ports if known.gazetteer.port(call.port).country != DPRK]


def _measures(ship: DesignatedShip, abroad: list[Call], parameters: Parameters) -> list[str]:
    """What bears besides: of the Council's listings only where the list prints since when."""
    un = ship.binding == "un" and ship.listed_on is not None
    kinds = {"un": un, "national": ship.binding == "national", "called": bool(abroad), "called_un": un and bool(abroad)}
    return [key for kind, bears in kinds.items() if bears for key in parameters.measures_by[kind]]


def _facts(window: Window, whole: Presence, zones: list[Presence], ports: list[Call]) -> dict[str, JsonValue]:
    sending = window.sending
    return {
        "kind": "mmsi" if sending is None else "imo",
        "listing": window.ship.listing,
        "listed_on": window.ship.listed_on,
        "imo": window.ship.imo,
        "sent_from": None if sending is None else told(sending.first_s),
        "sent_to": None if sending is None else told(sending.last_s),
        "other_imos": [] if sending is None else list(sending.others),
        "bins": whole.bins,
        "zones": [{"zone": each.zone, "from": told(each.from_s), "to": told(each.to_s)} for each in zones],
        "calls": [{"port": call.port, "from": told(call.from_s), "to": told(call.to_s)} for call in ports],
    }


def _reasons(
    window: Window, zones: list[Presence], ports: list[Call], known: Known, parameters: Parameters
) -> tuple[Reason, ...]:
    weight, ship, sending = parameters.weights, window.ship, window.sending
    number = "MMSI" if sending is None else "IMO number"
    listed = f" on {ship.listed_on}" if ship.listed_on else ""
    text = f"{ship.authority} listed {ship.name}{listed} with this {number}."
    brief = sending is not None and _is_brief(sending, parameters)
    named = "imo_briefly" if brief else f"{'mmsi' if sending is None else 'imo'}_{ship.binding}"
    reasons = [Reason(text=text, weight=weight[named]), *_doubts(window, brief=brief)]
    abroad = _abroad(ports, known)
    if abroad:
        text = f"She called at {_named(abroad, known)}: the port State's duties bear."
        reasons.append(Reason(text=text, weight=weight["called"]))
    home = [call for call in ports if call not in abroad]
    if home:
        text = f"She called in the DPRK, at {_named(home, known)}."
        reasons.append(Reason(text=text, weight=weight["called"]))
    if zones:
        names = ", ".join(sorted({known.gazetteer.zone(each.zone).name for each in zones}))
        reasons.append(Reason(text=f"She was heard in: {names}.", weight=weight["zone"]))
    return tuple(reasons)


def _is_brief(sending: Sending, parameters: Parameters) -> bool:
    return bool(sending.others) and sending.last_s - sending.first_s < parameters.briefly_h * _HOUR_S


def _doubts(window: Window, *, brief: bool) -> list[Reason]:
    """What weighs nothing and must be said: no day of the listing, a time before it, a number sent for minutes."""
    ship, sending, texts = window.ship, window.sending, list[str]()
    if ship.listed_on is None:
        texts.append("The list prints no day of the listing: whether she was listed then, it does not say.")
    elif sending is not None and sending.first_s < window.from_s:
        text = (
            f"The number was sent from {told(sending.first_s)} on, before she was listed; nothing is said of that time."
        )
        texts.append(text)
    if sending is not None and brief:
        others = " and ".join(f"{number:07d}" for number in sending.others)
        lasted = span_told(sending.last_s - sending.first_s)
        texts.append(f"The number was sent for {lasted} only, and under the same MMSI at other times {others}.")
    return [Reason(text=text, weight=0.0) for text in texts]


def _named(ports: Iterable[Call], known: Known) -> str:
    return ", ".join(f"{known.gazetteer.port(call.port).name} ({told(call.from_s)})" for call in ports)
