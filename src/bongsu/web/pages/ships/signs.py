"""Signs about ships: which ships to look at first, and what the indicators that a reader may read say of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod
from typing import Any, Final

from django.db.models import Count, Max, Q

from bongsu.cases.handling import Reader
from bongsu.sea.places import gazetteer
from bongsu.web.record.models import IndicatorRow, IndicatorState
from bongsu.web.record.states import in_state

MOST_ROWS: Final = 20_000
MOST_SIGNS: Final = 300
_NUMBER: Final = re.compile(r"(?:imo:([0-9]{7})|mmsi:([0-9]{9}))")
_TOLD: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}) UTC")
_DESK: Final = "sea"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipToLookAt:
    """A ship with signs about her.

    Args:
        number: of seven digits or nine, by which her page is found.
        name: as she was last called.
        score: one less the product of what the strongest sign of each detector leaves open.
        signs: how many there are.
        detectors: which found something, in words, sorted.
    """

    number: str
    name: str
    score: float
    signs: int
    detectors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened, or seems to have, with the indicator that says so."""

    kind: str
    words: str
    begins_at: datetime
    ends_at: datetime | None
    indicator: IndicatorRow


def ships_to_look_at(reader: Reader) -> tuple[ShipToLookAt, ...]:
    """The ships with signs that a reader may read, those with the strongest first; dismissed signs do not count."""
    rows = (
        IndicatorRow.objects.readable_by(reader)
        .filter(desk=_DESK, subject_schema="Vessel")
        .exclude(in_state(IndicatorState.DISMISSED, reader))
        .order_by()
        .values("subject_id", "detector")
        .annotate(strongest=Max("score"), signs=Count("id"), name=Max("subject_name"))[:MOST_ROWS]
    )
    by_ship: dict[str, list[dict[str, Any]]] = {}  # Any: columns
    for row in rows:
        by_ship.setdefault(row["subject_id"], []).append(row)
    found = [ship for subject, mine in by_ship.items() if (ship := _ship(subject, mine)) is not None]
    return tuple(sorted(found, key=lambda each: (-each.score, each.number)))


def _ship(subject: str, rows: Sequence[dict[str, Any]]) -> ShipToLookAt | None:  # Any: columns
    match = _NUMBER.fullmatch(subject)
    if match is None:
        return None
    return ShipToLookAt(
        number=match[1] or match[2],
        name=max(row["name"] for row in rows),
        score=round(1 - prod(1 - row["strongest"] for row in rows), 3),
        signs=sum(row["signs"] for row in rows),
        detectors=tuple(sorted(row["detector"].removeprefix(f"{_DESK}.").replace("_", " ") for row in rows)),
    )


def signs_of(reader: Reader, number: str, mmsi: Collection[int]) -> tuple[IndicatorRow, ...]:
    """The indicators about a ship, or in which she is the other one, that a reader may read; by time.

    Args:
        reader: who asks.
        number: her IMO number or MMSI.
        mmsi: the MMSI she was heard under.
    """
    numbers = {f"{'imo' if len(number) == 7 else 'mmsi'}:{number}", *(f"mmsi:{each:09d}" for each in mmsi)}
    meant = Q(subject_id__in=numbers)
    for each in mmsi:
        meant |= Q(record__facts__partner=each)
    found = IndicatorRow.objects.readable_by(reader).filter(desk=_DESK).filter(meant).order_by("begins_at", "id")
    return tuple(found[:MOST_SIGNS])


def happenings(indicators: Iterable[IndicatorRow]) -> tuple[Happening, ...]:
    """What indicators say happened: each itself, and the calls and visits among its facts; by time."""
    found: list[Happening] = []
    for each in indicators:
        if each.begins_at is not None:
            kind = each.detector.removeprefix(f"{_DESK}.")
            found.append(
                Happening(kind=kind, words=each.title, begins_at=each.begins_at, ends_at=each.ends_at, indicator=each)
            )
        facts = each.record.get("facts", {})
        for kind, key, place in (("call", "calls", "port"), ("call", "visits", "port"), ("zone", "zones", "zone")):
            found += _within(each, facts.get(key, ()), kind, place)
    return tuple(sorted(found, key=lambda each: (each.begins_at, each.words)))


def _within(indicator: IndicatorRow, rows: Iterable[dict[str, Any]], kind: str, place: str) -> Iterable[Happening]:
    names = _place_names()
    for row in rows:
        begins = _moment(row.get("from"))
        if begins is not None:
            words = names.get(row[place], row[place])
            yield Happening(
                kind=kind, words=words, begins_at=begins, ends_at=_moment(row.get("to")), indicator=indicator
            )


def _place_names() -> dict[str, str]:
    known = gazetteer()
    return {port.id: port.name for port in known.ports} | {zone.id: zone.name for zone in known.zones}


def _moment(told: str | None) -> datetime | None:
    match = _TOLD.fullmatch(told or "")
    return None if match is None else datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=UTC)
