"""What was asked of others and what became of it: requests, recommendations, proposals, implementation reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q

from bongsu.cases.handling import Reader
from bongsu.cases.model import Case, DesignationProposal, ImplementationReport, InformationRequest, Recommendation
from bongsu.cases.words import FollowUpStatus
from bongsu.web.record import rows
from bongsu.web.record.models import CaseRow

#: What still waits for the one it was addressed to.
UNDONE = frozenset({FollowUpStatus.OPEN, FollowUpStatus.ACCEPTED, FollowUpStatus.PARTLY_DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for information, in its case.

    Args:
        case: the case.
        request: the request.
        days_left: until it is due; below nothing where it is overdue; None where it was answered.
    """

    case: Case
    request: InformationRequest
    days_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """A recommendation or a proposal to designate, in its case, with the name it goes by."""

    case: Case
    item: Recommendation | DesignationProposal
    addressee: str
    text: str
    is_proposal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The reports of one State: each resolution with the newest report on it, or None."""

    state: str
    cells: tuple[tuple[str, tuple[Case, ImplementationReport] | None], ...]


def requests_of(reader: Reader, today: date) -> list[Asked]:
    """All requests in the cases a person may read: first those that wait, the longest overdue first; then answered."""
    found = [
        Asked(case=case, request=each, days_left=None if each.answers else (each.due - today).days)
        for case in _cases(reader, "requests")
        for each in case.requests
    ]
    waiting = sorted((each for each in found if each.days_left is not None), key=lambda each: each.request.due)
    done = [each for each in found if each.days_left is None]
    return waiting + sorted(done, key=lambda each: each.request.answers[-1].received_on, reverse=True)


def counted(asked: Sequence[Asked]) -> Mapping[str, int | None]:
    """How many requests were sent, answered, refused and are overdue, and the share answered in per cent."""
    answered = [each for each in asked if each.request.answers]
    return {
        "sent": len(asked),
        "answered": len(answered),
        "refused": sum(each.request.answers[-1].kind.value == "refused" for each in answered),
        "overdue": sum(each.days_left is not None and each.days_left < 0 for each in asked),
        "percent": round(100 * len(answered) / len(asked)) if asked else None,
    }


def advice_of(reader: Reader) -> list[Advised]:
    """All recommendations and proposals in the cases a person may read: first those that wait, the oldest first."""
    found = [each for case in _cases(reader, "recommendations", "proposals") for each in _advice(case)]
    return sorted(found, key=lambda each: (each.item.status not in UNDONE, each.item.made.at, each.item.id))


def _advice(case: Case) -> Iterator[Advised]:
    for each in case.recommendations:
        yield Advised(case=case, item=each, addressee=each.addressee, text=each.text, is_proposal=False)
    for proposal in case.proposals:
        subject = case.subject(proposal.subject)
        name = proposal.subject if subject is None else subject.name
        yield Advised(case=case, item=proposal, addressee=name, text=proposal.statement_of_case, is_proposal=True)


def reports_of(reader: Reader) -> tuple[tuple[str, ...], list[Reported]]:
    """Who reported on which resolution: the resolutions by number, and for each State its newest report on each."""
    found: dict[tuple[str, str], tuple[Case, ImplementationReport]] = {}
    for case in _cases(reader, "implementation_reports"):
        for each in case.implementation_reports:
            known = found.get((each.state, each.resolution))
            if known is None or known[1].received_on < each.received_on:
                found[each.state, each.resolution] = (case, each)
    resolutions = tuple(sorted({resolution for _, resolution in found}))
    states = sorted({state for state, _ in found})
    return resolutions, [
        Reported(state=state, cells=tuple((each, found.get((state, each))) for each in resolutions)) for state in states
    ]


def _cases(reader: Reader, *parts: str) -> Iterator[Case]:
    """The cases a person may read that hold any of some parts, the last worked on first."""
    held = reduce(or_, (Q(**{f"record__{part}__0__isnull": False}) for part in parts))  # the database reads the others
    found = CaseRow.objects.readable_by(reader).filter(held)
    return rows.readable_parts(map(CaseRow.whole, found), reader)
