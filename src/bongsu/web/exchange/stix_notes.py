"""What a case asks, advises and proposes, as notes of STIX 2.1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bongsu.web.exchange.parts import CaseParts


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """One note.

    Args:
        kind: what it is a note of, as its external reference says.
        id: the id in the case.
        abstract, content: what it says.
        created, modified: when it was made, and when something was last added.
        state: what became of it.
        subjects, findings, exhibits: what of the case it is about, by their ids and digests.
        measures: keys of the measures it names.
    """

    kind: str
    id: str
    abstract: str
    content: str
    created: datetime
    modified: datetime
    state: str
    subjects: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    exhibits: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


def notes_of(parts: CaseParts) -> Iterator[CaseNote]:
    """The requests, recommendations, proposals to designate and implementation reports, in this order."""
    yield from _requests(parts)
    yield from _advice(parts)
    for report in parts.case.implementation_reports:
        said = f"Report of {report.state} on resolution {report.resolution}, received on {report.received_on}"
        yield CaseNote(
            kind="implementation report",
            id=report.id,
            abstract=said,
            content=said,
            created=report.recorded.at,
            modified=report.recorded.at,
            state="received",
            exhibits=(report.exhibit,),
        )


def _requests(parts: CaseParts) -> Iterator[CaseNote]:
    for request in parts.case.requests:
        marks = [request.sent, *request.reminders, *(answer.mark for answer in request.answers)]
        papers = (request.exhibit, *(answer.exhibit for answer in request.answers))
        yield CaseNote(
            kind="request",
            id=request.id,
            abstract=f"Request for information to {request.addressee}, due {request.due}",
            content=request.question,
            created=request.sent.at,
            modified=max(mark.at for mark in marks),
            state=request.answers[-1].kind.value if request.answers else "unanswered",
            exhibits=tuple(each for each in papers if each),
        )


def _advice(parts: CaseParts) -> Iterator[CaseNote]:
    for advice in parts.case.recommendations:
        yield CaseNote(
            kind="recommendation",
            id=advice.id,
            abstract=f"Recommendation to {advice.addressee}",
            content=advice.text,
            created=advice.made.at,
            modified=max([advice.made.at, *(each.mark.at for each in advice.follow_ups)]),
            state=advice.status.value,
            findings=() if advice.finding is None else (advice.finding,),
        )
    for proposal in parts.case.proposals:
        subject = parts.case.subject(proposal.subject)
        yield CaseNote(
            kind="designation proposal",
            id=proposal.id,
            abstract=f"Proposal to designate {proposal.subject if subject is None else subject.name}",
            content=proposal.statement_of_case,
            created=proposal.made.at,
            modified=max([proposal.made.at, *(each.mark.at for each in proposal.follow_ups)]),
            state=proposal.status.value,
            subjects=() if subject is None else (subject.id,),
            findings=tuple(sorted(proposal.findings)),
            measures=tuple(measure.key for measure in proposal.measures),
        )
