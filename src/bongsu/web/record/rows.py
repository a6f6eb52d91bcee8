"""Rows that follow from acts: cases, decisions on indicators, and what the search finds of cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.utils import timezone

from bongsu.cases import codec
from bongsu.cases.acts import Act
from bongsu.cases.finding import Finding, FindingVersion
from bongsu.cases.handling import Reader, covers, may_read, strictest
from bongsu.cases.model import Case
from bongsu.cases.published import published
from bongsu.cases.words import FindingState
from bongsu.web.record.about import keep_about
from bongsu.web.record.decisions import handle_decisions, keep_decisions
from bongsu.web.record.models import CaseRow, HandlingRow, IndicatorRow, PublishedFinding, SearchText
from bongsu.web.record.search import Kind, keep_text

# Where a finding stands, from the first step to the last; a case stands where its least advanced finding does.
STAGES: Final = (
    "no finding",
    *(state.value for state in FindingState),
)


def case_in(row: CaseRow) -> Case:
    """The case that a row holds, whole."""
    return codec.value_of(Case, row.record)


def readable_part(case: Case, reader: Reader) -> Case:
    """A case without the findings that a reader may not read."""
    today = timezone.now().date()
    findings = tuple(finding for finding in case.findings if may_read(reader, finding.handling, today))
    return replace(case, findings=findings)


def stage_of(case: Case) -> str:
    """Where a case stands on the board: with the least advanced of the findings that all its readers may read."""
    told = (finding for finding in case.findings if covers(case.handling, finding.handling))
    stages = [STAGES.index(finding.current.state.value) for finding in told]
    return STAGES[min(stages, default=0)]


def keep(case: Case, act: Act, number: int) -> None:
    """The rows of a case after an act, which is an entry of that number; in the act's own transaction."""
    keep_decisions(keep_case(case), act, number)


def keep_case(case: Case) -> CaseRow:
    """The row of a case, of what it is about, and of its texts in the search."""
    handling = HandlingRow.of(case.handling)
    row, _ = CaseRow.objects.update_or_create(
        id=case.id,
        defaults={
            "kind": case.kind.value,
            "title": case.title,
            "is_open": case.is_open,
            "stage": stage_of(case),
            "acts": case.acts,
            "opened_at": case.opened.at,
            "opened_by": case.opened.by,
            "last_at": case.last_at,
            "sandbox": IndicatorRow.objects.filter(id__in=case.indicators, sandbox=True).exists(),
            "handling": handling,
            "record": codec.record(case),
        },
    )
    handle_decisions(row)
    keep_about(case, row)
    keep_text("case", case.id, f"/cases/{case.id}/", case.title, _case_words(case), handling, case.last_at)
    for finding in case.findings:
        _keep_texts_of(finding, case)
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


def _keep_texts_of(finding: Finding, case: Case) -> None:
    """What a finding is found by: what was published of it, and, for those who may read the case, what is worked on."""
    address = f"/cases/{case.id}/findings/{finding.id}/"
    public, current = finding.newest_public, finding.current
    if public is not None:
        shown = HandlingRow.of(finding.handling)
        where = f"/findings/{case.id}/{finding.id}/"
        keep_text("finding", _public_key(finding), where, public.title, _words_of(public), shown, case.last_at)
    if public is current:
        SearchText.objects.filter(kind=Kind.FINDING.value, key=finding.id).delete()
        return
    within = HandlingRow.of(strictest((case.handling, finding.handling)))
    keep_text("finding", finding.id, address, current.title, _words_of(current), within, case.last_at)


def _public_key(finding: Finding) -> str:
    return f"{finding.id}.public"


def _case_words(case: Case) -> str:
    parts = [case.summary, *(subject.name for subject in case.subjects)]
    parts += [identifier for subject in case.subjects for identifier in sorted(subject.identifiers)]
    parts += [note.text for note in case.notes]
    parts += [request.question for request in case.requests] + [each.text for each in case.recommendations]
    return "\n".join(parts)


def _words_of(version: FindingVersion) -> str:
    parts = [claim.sentence for claim in version.claims]
    parts += [text for link in version.links for text in (link.quote, link.note) if text]
    parts += [alternative.text for alternative in version.alternatives]
    parts += [measure.key for measure in version.measures]
    return "\n".join(parts)
