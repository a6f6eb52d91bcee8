"""Taking in what the watch's cycles found: indicators by their id, exhibits by their digest; twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from bongsu.cases.handling import Handling
from bongsu.cycle.anchors import MANIFEST, cycle_ids
from bongsu.cycle.manifest import read_manifest
from bongsu.evidence import Folder
from bongsu.kernel.canonical import digest
from bongsu.kernel.citation import Citation
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import EvidenceError
from bongsu.web.record import journal, search
from bongsu.web.record.handlings import inherited
from bongsu.web.record.models import (
    CycleRow,
    HandlingRow,
    IndicatorExhibit,
    IndicatorMeasure,
    IndicatorRow,
    SearchText,
)
from bongsu.web.record.outcome import summary_of

_BATCH: Final = 500
_NAME_LENGTH: Final = 300  # a name stands in an index, and PostgreSQL takes 2,700 bytes; the record has it whole
Record = Mapping[str, Any]  # Any: JSON of our own making


def take_in(folder: Folder, member: str) -> tuple[str, ...]:
    """Take in every finished cycle of a store that was not taken in yet, oldest first.

    Args:
        folder: the store.
        member: the member that runs this installation, whose the indicators are.

    Returns:
        The ids of the cycles that were taken in now.

    Raises:
        EvidenceError: a cycle's outputs are not the bytes its manifest names; what came before it stays.
    """
    known = set(CycleRow.objects.values_list("id", flat=True))
    taken = []
    for cycle in sorted(set(cycle_ids(folder)) - known):
        _take_in_one(folder, cycle, member)
        taken.append(cycle)
    return tuple(taken)


def output_of(folder: Folder, cycle: str, name: str) -> Any:  # Any: JSON of our own making
    """What an output of a cycle says, read from the very bytes that its manifest names.

    Raises:
        EvidenceError: it is not there, or is not those bytes.
    """
    place = f"cycles/{cycle}"
    manifest = read_manifest(folder.read(f"{place}/{MANIFEST}"), where=folder.url(f"{place}/{MANIFEST}"))
    content = folder.read(f"{place}/{name}")
    named = manifest["outputs"].get(name)
    if named is None or digest(content) != named["sha256"]:
        raise EvidenceError(
            "these are not the bytes its manifest names",
            where=folder.url(f"{place}/{name}"),
            remedy="restore it from a backup or a member's mirror",
        )
    return json.loads(content)


def _take_in_one(folder: Folder, cycle: str, member: str) -> None:
    report: Record = output_of(folder, cycle, "report.json")
    known = {"clock": instant(report["clock"]), "summary": summary_of(report)}
    del report  # it holds the indicators too: with 100,000 of them 140 MB of text, and both need not be at hand
    indicators: list[Record] = output_of(folder, cycle, "indicators.json")
    row, _ = CycleRow.begun.get_or_create(id=cycle, defaults={**known, "whole": False})
    for first in range(0, len(indicators), _BATCH):
        with journal.writing():  # so that no exhibit is handled otherwise in between
            for handling, alike in by_handling(indicators[first : first + _BATCH], member).items():
                keep_indicators(alike, row, handling)
    CycleRow.begun.filter(id=cycle).update(whole=True)


def by_handling(indicators: Sequence[Record], member: str) -> dict[Handling, list[Record]]:
    """Indicators by how they are to be handled: TLP:GREEN, or as strictly as the exhibits that they cite."""
    rests_on = [_cited(each) for each in indicators]
    handlings = inherited(rests_on, member)
    found: dict[Handling, list[Record]] = {}
    for each, cited in zip(indicators, rests_on, strict=True):
        found.setdefault(handlings[cited], []).append(each)
    return found


def _cited(record: Record) -> frozenset[str]:
    """The digests of the exhibits that an indicator cites."""
    return frozenset(Citation.parse(text).exhibit for text in record["citations"])


def keep_indicators(indicators: Sequence[Record], cycle: CycleRow, handling: Handling) -> None:
    """The rows of some indicators: new ones are made; those known before are only seen once more.

    What people did with one stays: it is neither new again, nor undismissed. They are committed some hundred at a time,
    so that others can write in between; killed and run again, or run twice at once, it comes to the same rows.

    Args:
        indicators: their JSON forms.
        cycle: the cycle that found them.
        handling: how new ones are to be handled.
    """
    marked = HandlingRow.of(handling)
    for first in range(0, len(indicators), _BATCH):
        with journal.writing():  # so that two processes do not make the same rows
            _keep(indicators[first : first + _BATCH], cycle, marked)


def _keep(batch: Sequence[Record], cycle: CycleRow, marked: HandlingRow) -> None:
    ids = [str(each["id"]) for each in batch]
    rows = IndicatorRow.objects.filter(id__in=ids)
    known = set(rows.values_list("id", flat=True))
    rows.filter(last_cycle_id__lt=cycle.id).update(last_cycle=cycle)  # ids of cycles begin with their clock
    rows.filter(first_cycle_id__gt=cycle.id).update(first_cycle=cycle)
    new = [each for each in batch if each["id"] not in known]
    IndicatorRow.objects.bulk_create([_row(each, cycle, marked) for each in new])
    IndicatorMeasure.objects.bulk_create(_measures(new))
    IndicatorExhibit.objects.bulk_create(
        [IndicatorExhibit(indicator_id=each["id"], exhibit=digest) for each in new for digest in sorted(_cited(each))]
    )
    search.keep(_text(each, cycle, marked) for each in new)


def _row(record: Record, cycle: CycleRow, handling: HandlingRow) -> IndicatorRow:
    place = record["place"] or {}
    return IndicatorRow(
        id=record["id"],
        desk=str(record["detector"]).partition(".")[0],
        detector=record["detector"],
        title=record["title"],
        subject_id=record["subject"]["id"],
        subject_name=record["subject"]["name"][:_NAME_LENGTH],
        subject_schema=record["subject"]["schema"],
        begins_at=_moment(record["when"]["from"]),
        ends_at=_moment(record["when"]["to"]),
        score=record["score"],
        latitude_deg=place.get("latitude_deg"),
        longitude_deg=place.get("longitude_deg"),
        sandbox=record["sandbox"],
        first_cycle_id=cycle.id,
        last_cycle_id=cycle.id,
        handling_id=handling.pk,
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


def newest_cycle() -> CycleRow | None:
    """The newest cycle that was taken in, or None; its summary is fetched when it is asked for."""
    return CycleRow.objects.defer("summary").order_by("-clock", "-id").first()


def not_found_since(last_cycles: Iterable[str]) -> dict[str, str]:
    """For cycles in which something was last found: the cycle after each, in which it was not found any more.

    Args:
        last_cycles: ids of cycles that were taken in.

    Returns:
        The id of the next cycle by the id of each; the newest cycle has none and is not in it.
    """
    wanted = set(last_cycles)
    if not wanted:
        return {}
    ids = list(CycleRow.objects.filter(id__gte=min(wanted)).order_by("id").values_list("id", flat=True))
    return {earlier: later for earlier, later in pairwise(ids) if earlier in wanted}
