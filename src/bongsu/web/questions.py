"""Read-only questions with JSON answers: the same for the API, the command line and assistants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils import timezone

from bongsu.cases import codec
from bongsu.cases.handling import Reader
from bongsu.cases.words import FindingState
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import UsageError
from bongsu.law.record import answer_record, measure_record
from bongsu.names.screener import DEFAULT_SCORE, Query
from bongsu.reports.screening import hit_record
from bongsu.web import asked
from bongsu.web.pages.indicators.detectors import detectors
from bongsu.web.record import work
from bongsu.web.record.knowledge import regime
from bongsu.web.record.models import (
    CaseRow,
    ExhibitRow,
    IndicatorMeasure,
    IndicatorRow,
    IndicatorState,
    PublishedFinding,
    SearchText,
)
from bongsu.web.record.register import registers
from bongsu.web.record.search import rows_found
from bongsu.web.record.seen import Seen, seen
from bongsu.web.record.states import Standing, in_state, standings

MOST: Final = 500
Record = dict[str, Any]  # Any: JSON


class NotReadyError(UsageError):
    """The register is still being filed."""


def indicators(
    reader: Reader,
    *,
    desk: str | None = None,
    detector: str | None = None,
    measure: str | None = None,
    state: str | None = None,
    min_score: float = 0.0,
    after: str | None = None,
    limit: int = 100,
) -> Record:
    """Indicators, the strongest first.

    Args:
        reader: who asks.
        desk: only of this desk; None does not ask, here and in the next three.
        detector: only of this detector.
        measure: only those that this measure bears on, by its key.
        state: only in this state: `new`, `accepted`, `dismissed`.
        min_score: 0 to 1.
        after: the id of the last one of the page before.
        limit: how many, at most 500.

    Raises:
        UsageError: a desk, a detector, a measure or a state that is none, or a page after something that is not there.
    """
    rows = IndicatorRow.objects.readable_by(reader).filter(score__gte=min_score)
    if state is not None and state not in IndicatorState.values:
        raise UsageError(f"no such state: {state}", remedy=f"one of {', '.join(IndicatorState.values)}")
    known = detectors()
    for field, value, names in (
        ("desk", desk, {each.desk for each in known.values()}),
        ("detector", detector, set(known)),
    ):
        if value is not None and value not in names:
            raise UsageError(f"no such {field}: {value}", remedy=f"one of {', '.join(sorted(names))}")
        rows = rows.filter(**{field: value}) if value is not None else rows
    rows = rows.filter(in_state(state, reader)) if state is not None else rows
    if measure is not None:
        key = regime().measure(measure).key
        rows = rows.filter(id__in=IndicatorMeasure.objects.filter(measure=key).values("indicator_id"))
    if after is not None:
        last = IndicatorRow.objects.readable_by(reader).filter(id=after).first()
        if last is None:
            raise UsageError(f"there is no indicator {after} for you", remedy="begin with the first page")
        rows = rows.filter(score__lte=last.score).exclude(score=last.score, subject_id__lt=last.subject_id)
        rows = rows.exclude(score=last.score, subject_id=last.subject_id, id__lte=last.id)
    some = list(rows.order_by("-score", "subject_id", "id").select_related("handling")[: _most(limit) + 1])
    page = some[: _most(limit)]
    return {"indicators": _indicators(page, reader), "next": page[-1].id if len(some) > len(page) else None}


def indicator(reader: Reader, indicator_id: str) -> Record:
    """One indicator.

    Raises:
        NotThereError: there is none, or not for the one who asks.
    """
    row = IndicatorRow.objects.readable_by(reader).select_related("handling").filter(id=indicator_id).first()
    if row is None:
        raise work.NotThereError
    return _indicators([row], reader)[0]


def cases(reader: Reader, *, is_open: bool | None = None, limit: int = 100, offset: int = 0) -> Record:
    """Cases, the one worked on last first."""
    rows = CaseRow.objects.readable_by(reader).select_related("handling").defer("record")
    if is_open is not None:
        rows = rows.filter(is_open=is_open)
    first = asked.offset(offset)
    listed = [
        {
            "id": row.id,
            "title": row.title,
            "kind": row.kind,
            "open": row.is_open,
            "stage": row.stage,
            "acts": row.acts,
            "last_at": stamp(row.last_at),
            "marking": row.handling.handling.tlp.label,
            "sandbox": row.sandbox,
        }
        for row in rows[first : first + _most(limit)]
    ]
    return {"cases": listed}


def case(reader: Reader, case_id: str) -> Record:
    """One case, as the one who asks may know it.

    Raises:
        NotThereError: there is none, or not for the one who asks.
    """
    return codec.record(work.case_of(case_id, reader))


def outstanding(reader: Reader, case_id: str, finding_id: str) -> Record:
    """What a finding still lacks for its next step.

    Raises:
        NotThereError: there is no such case or finding for the one who asks.
    """
    holder = work.case_of(case_id, reader)
    finding = holder.finding(finding_id)
    if finding is None:
        raise work.NotThereError
    lacking = work.outstanding_of(holder, finding_id, reader)
    return {"next_step": work.next_step_of(finding), "missing": [each.record() for each in lacking]}


def published(reader: Reader, *, limit: int = 100) -> Record:
    """The findings that stand published, the newest first, whoever may read their cases."""
    rows = PublishedFinding.objects.readable_by(reader).filter(stands=True)
    return {"findings": [_published(row) for row in rows[: _most(limit)]]}


def _published(row: PublishedFinding) -> Record:
    public = row.record  # not read into its classes: five hundred of them take seconds
    standing = next(each for each in reversed(public["versions"]) if each["state"] == FindingState.PUBLISHED.value)
    address = f"/findings/{public['case']}/{public['finding']}/"
    kept = {name: public[name] for name in ("case", "finding", "standard", "subjects")}
    return {**kept, "address": address, "sandbox": row.sandbox, **standing}


def exhibits(reader: Reader, *, limit: int = 100, offset: int = 0) -> Record:
    """Exhibits, the one received last first."""
    first = asked.offset(offset)
    rows = ExhibitRow.objects.readable_by(reader).select_related("handling")[first : first + _most(limit)]
    return {"exhibits": [_exhibit(row) for row in rows]}


def exhibit_for(reader: Reader, digest: str) -> Seen:
    """One exhibit as the one who asks sees it.

    Raises:
        NotThereError: there is none, or not for the one who asks.
    """
    one = seen(digest, reader)
    if one is None:
        raise work.NotThereError
    return one


def exhibit(one: Seen) -> Record:
    """One exhibit, with what the one who asks may know of it."""
    said = {"title": one.title, "origin": one.origin, "received_at": stamp(one.received_at)}
    return {**_exhibit(one.row), **said, "marking": one.handling.tlp.label, "sandbox": one.sandbox}


def screened(
    name: str,
    *,
    schema: str | None = None,
    min_score: float = DEFAULT_SCORE,
    limit: int = 20,
    waits_s: float = 0.0,
) -> Record:
    """Who among the designated a name may mean.

    Args:
        name: in any script, or a number of a ship.
        schema: only of this kind; None does not ask.
        min_score: 0 to 1.
        limit: how many, 1 to 100.
        waits_s: how many seconds a program of one user waits for the newest register; a thread of the site waits none.

    Raises:
        NotReadyError: the register is still being filed, or there is none yet.
        UsageError: no name, no such kind, or another limit.
    """
    most = asked.hits(limit)
    if not name.strip():
        raise UsageError("say who is asked about", remedy="give a name")
    register = registers().latest(waits_s) if waits_s else registers().now()
    if register is None:
        raise NotReadyError(registers().problem or "the register is being filed", remedy="ask again in a minute")
    hits = register.screener.screen(Query(name=name, schema=schema), min_score=min_score, limit=most)
    return {
        "query": name,
        "hits": [hit_record(hit) for hit in hits],
        "register": register.standing.cycle,
        "caveat": "A hit is a possible match for a person to judge, not an accusation; no hit is no licence.",
    }


def allowed(hs: str, *, direction: str, on: date) -> Record:
    """Which measures bear on goods on a day.

    Raises:
        UsageError: not a heading of the Harmonized System, or no direction.
    """
    return answer_record(regime().answer(hs, direction=direction, on=on))


def measures(*, on: date | None = None, topic: str | None = None) -> Record:
    """The measures in force on a day, or all.

    Raises:
        UsageError: no topic is called so.
    """
    return {"measures": [measure_record(each) for each in regime().in_force(on, topic=topic)]}


def searched(reader: Reader, text: str, *, limit: int = 50, offset: int = 0) -> Record:
    """What the search finds: cases, findings, indicators, exhibits, the newest first.

    Returns:
        The rows from `offset` on, and as `next` the offset of those after them; None where there are none.
    """
    first = asked.offset(offset)
    end = first + _most(limit)
    rows: list[SearchText] = list(rows_found(reader, text)[first : end + 1])
    return {
        "found": [
            {"kind": row.kind, "id": row.key, "title": row.title, "address": row.address, "at": stamp(row.at)}
            for row in rows[: end - first]
        ],
        "next": end if len(rows) > end - first else None,
    }


def _most(limit: int) -> int:
    return max(1, min(limit, MOST))


def _indicators(rows: Sequence[IndicatorRow], reader: Reader) -> list[Record]:
    standing = standings(rows, reader, None)
    return [_indicator(row, standing[row.id]) for row in rows]


def _indicator(row: IndicatorRow, standing: Standing) -> Record:
    return {
        **row.record,
        "state": standing.state.value,
        "reason": standing.reason or None,
        "marking": row.handling.handling.tlp.label,
        "first_cycle": row.first_cycle_id,
        "last_cycle": row.last_cycle_id,
    }


def _exhibit(row: ExhibitRow) -> Record:
    return {
        "sha256": row.digest,
        "bytes": row.size_bytes,
        "media_type": row.media_type,
        "title": row.title,
        "origin": row.origin,
        "received_at": stamp(row.received_at),
        "sound": row.sound,
        "verified_at": None if row.verified_at is None else stamp(row.verified_at),
        "marking": row.handling.handling.tlp.label,
        "sandbox": row.sandbox,
    }


def today() -> date:
    """The day in UTC."""
    return timezone.now().date()


def said(error: work.RefusedError) -> Mapping[str, Any]:  # Any: JSON
    """A refusal, as the API and the command line give it."""
    return {"refused": [each.record() for each in error.missing]}
