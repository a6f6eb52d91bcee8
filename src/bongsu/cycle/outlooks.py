"""Outlooks kept in the store: what the sea desk said of some files, so that the next cycle need not ask again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final

from bongsu.evidence import Folder
from bongsu.evidence.sealing import sealed, unsealed
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.citation import Citation
from bongsu.kernel.clock import instant
from bongsu.kernel.indicator import Indicator, Place, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity
from bongsu.sea.overview import Outlook, PetroleumYear, Point, ShipToLookAt, Tally, Track

Record = Mapping[str, Any]  # Any: JSON of our own making, under its seal
_SHELF: Final = "sea/outlooks/"


def kept_outlook(shelf: Folder, key: str) -> Outlook | None:
    """What was said under a key; None where nothing was, or it is not as written."""
    record = unsealed(shelf, f"{_SHELF}{key}.json")
    return None if record is None else _outlook(record)


def keep_outlook(shelf: Folder, key: str, said: Outlook) -> None:
    """Keep what was said under a key, in the place of what was kept before: a lake that grew is not asked as it was."""
    name = f"{_SHELF}{key}.json"
    shelf.replace(name, sealed(_record(said)))
    for other in shelf.names(_SHELF):
        if other != name:
            shelf.delete(other)


def _record(said: Outlook) -> JsonValue:
    return {
        "bins": said.bins,
        "ships": said.ships,
        "first_s": said.first_s,
        "last_s": said.last_s,
        # The score in full beside the record, which rounds it: indicators are ranked by it.
        "indicators": [[indicator.score, indicator.record()] for indicator in said.indicators],
        "tallies": [asdict(tally) for tally in said.tallies],
        "first": [asdict(ship) for ship in said.first],
        "tracks": [
            [each.mmsi, [[p.latitude_deg, p.longitude_deg, p.at_s] for p in each.points]] for each in said.tracks
        ],
        "petroleum": [asdict(year) for year in said.petroleum],
    }


def _outlook(record: Record) -> Outlook:
    return Outlook(
        bins=record["bins"],
        ships=record["ships"],
        first_s=record["first_s"],
        last_s=record["last_s"],
        indicators=tuple(_indicator(row, float(score)) for score, row in record["indicators"]),
        tallies=tuple(Tally(**row) for row in record["tallies"]),
        first=tuple(_ship(row) for row in record["first"]),
        tracks=tuple(Track(mmsi=mmsi, points=tuple(map(_point, points))) for mmsi, points in record["tracks"]),
        petroleum=tuple(PetroleumYear(**row) for row in record["petroleum"]),
    )


def _indicator(row: Record, score: float) -> Indicator:
    begin, end = (row["when"][side] for side in ("from", "to"))
    place, quantity = row["place"], row["quantity"]
    return Indicator(
        detector=row["detector"],
        title=row["title"],
        measures=tuple(row["measures"]),
        subject=Subject(**row["subject"]),
        when=Interval(None if begin is None else instant(begin), None if end is None else instant(end)),
        score=score,
        reasons=tuple(Reason(text=reason["text"], weight=float(reason["weight"])) for reason in row["reasons"]),
        alternatives=tuple(row["alternatives"]),
        citations=tuple(Citation.parse(text) for text in row["citations"]),
        facts=row["facts"],
        place=None if place is None else _place(place),
        quantity=None if quantity is None else _quantity(quantity),
        sandbox=row["sandbox"],
    )


def _place(row: Record) -> Place:
    latitude, longitude = float(row["latitude_deg"]), float(row["longitude_deg"])
    return Place(latitude_deg=latitude, longitude_deg=longitude, name=row["name"])


def _quantity(row: Record) -> Quantity:
    return Quantity(low=Decimal(row["low"]), high=Decimal(row["high"]), unit=row["unit"])


def _ship(row: Record) -> ShipToLookAt:
    return ShipToLookAt(
        id=row["id"],
        name=row["name"],
        mmsi=tuple(row["mmsi"]),
        score=float(row["score"]),
        detectors=tuple(row["detectors"]),
        indicators=tuple(row["indicators"]),
    )


def _point(point: Sequence[Any]) -> Point:  # Any: as above
    latitude, longitude, at_s = point
    return Point(latitude_deg=float(latitude), longitude_deg=float(longitude), at_s=at_s)
