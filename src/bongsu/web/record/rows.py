"""Rows that follow from acts: cases, decisions on indicators, and what the search finds of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.utils import timezone

from bongsu.cases import codec, readable
from bongsu.cases.acts import Act
from bongsu.cases.finding import Finding, FindingVersion
from bongsu.cases.handling import Reader, covers, strictest
from bongsu.cases.model import Case
from bongsu.cases.published import published
from bongsu.cases.words import FindingState
from bongsu.web.record.about import keep_about
from bongsu.web.record.decisions import handle_decisions, keep_decisions
from bongsu.web.record.models import (
    CaseRow,
    HandlingRow,
    IndicatorRow,
    PublishedFinding,
    SearchText,
    readable_handlings,
)
from bongsu.web.record.search import Kind, keep_text
from bongsu.web.record.seen import hidden_from
from bongsu.web.record.told import as_told, told_entries

# Where a finding stands, from the first step to the last; a case stands where its least advanced finding does.
STAGES: Final = (
    "no finding",
    *(state.value for state in FindingState),
)


def readable_part(case: Case, reader: Reader) -> Case:
    """A case as a reader may know it: see `readable_parts`."""
    (part,) = readable_parts([case], reader)
    return part


def readable_parts(cases: Iterable[Case], reader: Reader) -> Iterator[Case]:
    """Cases as their reader may know them: without the findings and indicators that the reader may not read, without
    the ids of cases that the reader may not read, and counting no act on any of these; and without the words of the
    exhibits that the reader may not read.

    Args:
        cases: those that the reader may read; in memory all at once.
        reader: who reads.
    """
    several = list(cases)
    today, handlings = timezone.now().date(), readable_handlings(reader)
    indicators = {each for case in several for each in (*case.indicators, *(one.indicator for one in case.dismissed))}
    others = {each for case in several for each in (*case.merged, case.closing and case.closing.merged_into) if each}
    hidden = IndicatorRow.objects.filter(id__in=indicators).exclude(handling__in=handlings)
    known = CaseRow.objects.filter(id__in=others, handling__in=handlings)
    beside = {
        "hidden_exhibits": hidden_from(reader, {each for case in several for each in readable.cited(case)}),
        "hidden_indicators": set(hidden.values_list("id", flat=True)),
        "readable_cases": set(known.values_list("id", flat=True)),
    }
    for case in several:
        part = readable.readable_part(case, reader, today, **beside)
        yield part if part == case else as_told(part)


def _told_to_all(case: Case) -> Case:
    """A case without the findings that not all its readers may read."""
    shared = {each.id for each in case.findings if covers(case.handling, each.handling)}
    return case if len(shared) == len(case.findings) else as_told(readable.with_findings(case, shared))


def stage_of(case: Case) -> str:
    """Where a case stands on the board: with the least advanced of the findings that all its readers may read."""
    shared = (finding for finding in case.findings if covers(case.handling, finding.handling))
    stages = [STAGES.index(finding.current.state.value) for finding in shared]
    return STAGES[min(stages, default=0)]


def keep(case: Case, act: Act, number: int) -> None:
    """The rows of a case after an act, which is an entry of that number; in the act's own transaction."""
    keep_decisions(keep_case(case), act, number)


def keep_case(case: Case) -> CaseRow:
    """The row of a case, of what it is about, and of its texts in the search.

    What lists and the search say of all cases at once, such as how many acts there were, is what all its readers know.
    """
    handling = HandlingRow.of(case.handling)
    shared = _told_to_all(case)
    row, _ = CaseRow.objects.update_or_create(
        id=case.id,
        defaults={
            "kind": case.kind.value,
            "title": case.title,
            "is_open": case.is_open,
            "stage": stage_of(case),
            "acts": shared.acts,
            "opened_at": case.opened.at,
            "opened_by": case.opened.by,
            "last_at": shared.last_at,
            "sandbox": IndicatorRow.objects.filter(id__in=case.indicators, sandbox=True).exists(),
            "handling": handling,
            "record": codec.record(case),
        },
    )
    handle_decisions(row)
    keep_about(case, row)
    keep_text("case", case.id, f"/cases/{case.id}/", case.title, _case_words(case), handling, shared.last_at)
    for finding in case.findings:
        _keep_texts_of(finding, case, shared)
        _keep_published(finding, case, row)
    return row


def _keep_published(finding: Finding, case: Case, row: CaseRow) -> None:
    public = published(case, finding)
    if public is not None:
        PublishedFinding.objects.update_or_create(
            id=finding.id,
            defaults={
                "case": row,
                "title": public.newest.title,
                "state": public.newest.state.value,
                "published_at": public.newest.published_at,
                "stands": public.stands,
                "sandbox": row.sandbox,
                "handling": HandlingRow.of(finding.handling),
                "record": codec.record(public),
            },
        )


def _keep_texts_of(finding: Finding, case: Case, shared: Case) -> None:
    """What a finding is found by: what was published of it, and, for those who may read the case, what is worked on.

    Args:
        finding: of the case.
        case: the whole of it.
        shared: what all its readers may know of it.
    """
    address = f"/cases/{case.id}/findings/{finding.id}/"
    public, current = finding.newest_public, finding.current
    if public is not None:
        shown = HandlingRow.of(finding.handling)
        where = f"/findings/{case.id}/{finding.id}/"
        words = "\n".join([_words_of(public), *_evidence_of(public)])
        keep_text("finding", _public_key(finding), where, public.title, words, shown, _published_at(public))
    if public is current:
        SearchText.objects.filter(kind=Kind.FINDING.value, key=finding.id).delete()
        return
    within = HandlingRow.of(strictest((case.handling, finding.handling)))
    at = shared.last_at if shared.finding(finding.id) is not None else _worked_on_at(finding, case)
    keep_text("finding", finding.id, address, current.title, _words_of(current), within, at)


def _published_at(version: FindingVersion) -> datetime:
    """When what is published of a finding was last published or withdrawn."""
    marks = [version.started, version.published, None if version.withdrawn is None else version.withdrawn.mark]
    return max(mark.at for mark in marks if mark is not None)


def _worked_on_at(finding: Finding, case: Case) -> datetime:
    """When something was last done to a finding that not all readers of its case may read."""
    times = (each.at for each in told_entries(case) if each.finding == finding.id)
    return max(times, default=finding.current.started.at)


def _public_key(finding: Finding) -> str:
    return f"{finding.id}.public"


def _case_words(case: Case) -> str:
    parts = [case.summary, *(subject.name for subject in case.subjects)]
    parts += [identifier for subject in case.subjects for identifier in sorted(subject.identifiers)]
    parts += [note.text for note in case.notes]
    parts += [request.question for request in case.requests] + [each.text for each in case.recommendations]
    return "\n".join(parts)


def _evidence_of(version: FindingVersion) -> list[str]:
    """The words of its evidence: those of a version at work are not searched, they are for readers of the exhibits."""
    return [text for link in version.links for text in (link.quote, link.note) if text]


def _words_of(version: FindingVersion) -> str:
    parts = [claim.sentence for claim in version.claims]
    parts += [alternative.text for alternative in version.alternatives]
    parts += [measure.key for measure in version.measures]
    return "\n".join(parts)
