"""Taking in what the watch's cycles found: indicators by their id, exhibits by their digest; twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from bongsu.cases.handling import Handling, Tlp
from bongsu.cycle.anchors import cycle_ids
from bongsu.cycle.manifest import MANIFEST, read_manifest
from bongsu.evidence import Folder
from bongsu.kernel.canonical import digest
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import EvidenceError
from bongsu.web.record import search
from bongsu.web.record.models import CycleRow, HandlingRow, IndicatorMeasure, IndicatorRow, SearchText

_BATCH: Final = 500
Record = Mapping[str, Any]  # Any: JSON of our own making


def take_in(folder: Folder, member: str) -> tuple[str, ...]:
    """Take in every finished cycle of a store that was not taken in yet, oldest first.

    Args:
        folder: the store.
        member: the member that runs this installation, whose the indicators are.

    Returns:
        The ids of the cycles that were taken in now.

    Raises:
        EvidenceError: a cycle's indicators are not the bytes its manifest names; what came before it stays.
    """
    known = set(CycleRow.objects.values_list("id", flat=True))
    taken = []
    for cycle in sorted(set(cycle_ids(folder)) - known):
        _take_in_one(folder, cycle, member)
        taken.append(cycle)
    return tuple(taken)


def _take_in_one(folder: Folder, cycle: str, member: str) -> None:
    place = f"cycles/{cycle}"
    manifest = read_manifest(folder.read(f"{place}/{MANIFEST}"), where=folder.url(f"{place}/{MANIFEST}"))
    content = folder.read(f"{place}/indicators.json")
    if digest(content) != manifest["outputs"]["indicators.json"]["sha256"]:
        raise EvidenceError(
            "these are not the bytes its manifest names",
            where=folder.url(f"{place}/indicators.json"),
            remedy="restore it from a backup or a member's mirror",
        )
    indicators: list[Record] = json.loads(content)
    with transaction.atomic():
        row = CycleRow.objects.create(
            id=cycle, clock=instant(manifest["inputs"]["clock"]), summary={"indicators": len(indicators)}
        )
        keep_indicators(indicators, row, Handling(tlp=Tlp.GREEN, originators=frozenset({member})))


def keep_indicators(indicators: Sequence[Record], cycle: CycleRow, handling: Handling) -> None:
    """The rows of some indicators: new ones are made; those known before are only seen once more.

    Args:
        indicators: their JSON forms.
        cycle: the cycle that found them.
        handling: how new ones are to be handled.
    """
    marked = HandlingRow.of(handling)
    for first in range(0, len(indicators), _BATCH):
        batch = indicators[first : first + _BATCH]
        ids = [str(each["id"]) for each in batch]
        known = set(IndicatorRow.objects.filter(id__in=ids).values_list("id", flat=True))
        IndicatorRow.objects.filter(id__in=known).update(last_cycle=cycle)
        new = [each for each in batch if each["id"] not in known]
        IndicatorRow.objects.bulk_create([_row(each, cycle, marked) for each in new])
        IndicatorMeasure.objects.bulk_create(_measures(new))
        search.keep(_text(each, cycle, marked) for each in new)


def _row(record: Record, cycle: CycleRow, handling: HandlingRow) -> IndicatorRow:
    place = record["place"] or {}
    return IndicatorRow(
        id=record["id"],
        desk=str(record["detector"]).partition(".")[0],
        detector=record["detector"],
        title=record["title"],
        subject_id=record["subject"]["id"],
        subject_name=record["subject"]["name"],
        subject_schema=record["subject"]["schema"],
        begins_at=_moment(record["when"]["from"]),
        ends_at=_moment(record["when"]["to"]),
        score=record["score"],
        latitude_deg=place.get("latitude_deg"),
        longitude_deg=place.get("longitude_deg"),
        sandbox=record["sandbox"],
        first_cycle=cycle,
        last_cycle=cycle,
        handling=handling,
        record=record,
    )


def _text(record: Record, cycle: CycleRow, handling: HandlingRow) -> SearchText:
    reasons = [str(reason["text"]) for reason in record["reasons"]]
    words = [record["subject"]["name"], record["subject"]["id"], *record["measures"], *reasons]
    at = _moment(record["when"]["from"]) or cycle.clock
    place = f"/indicators/{record['id']}/"
    return search.text_row("indicator", record["id"], place, record["title"], "\n".join(words), handling, at)


def _moment(text: str | None) -> Any:  # Any: as the field takes it
    return None if text is None else instant(text)


def _measures(records: Iterable[Record]) -> list[IndicatorMeasure]:
    return [IndicatorMeasure(indicator_id=each["id"], measure=key) for each in records for key in each["measures"]]
