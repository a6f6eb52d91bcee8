"""Progress: the case that an act makes of the case before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bongsu.cases.acts import Act, FindingAct, act_record
from bongsu.cases.case_acts import (
    AcceptIndicators,
    AddNote,
    AddSubject,
    ChangeHandling,
    CloseCase,
    DescribeCase,
    DismissIndicator,
    FollowUp,
    MergeCases,
    OpenCase,
    ProposeDesignation,
    Recommend,
    RecordAnswer,
    RecordImplementationReport,
    RemindRequest,
    ReopenCase,
    SendRequest,
    SetStandard,
)
from bongsu.cases.finding import Finding, FindingVersion, Mark, PendingHandling, Statement
from bongsu.cases.finding_acts import StartFinding
from bongsu.cases.finding_progress import advanced
from bongsu.cases.handling import Handling, covers
from bongsu.cases.model import (
    Case,
    CaseSubject,
    Closing,
    DesignationProposal,
    Dismissal,
    FollowedUp,
    ImplementationReport,
    InformationRequest,
    Person,
    Recommendation,
    RequestAnswer,
    made_id,
    next_id,
)
from bongsu.cases.words import FindingState
from bongsu.kernel.clock import stamp

Step = Callable[[Case, Any, Mark], Case]  # Any: each takes the act it stands beside


def applied(case: Case | None, act: Act, by: Person, at: datetime) -> Case:
    """The case after an act. It asks nothing: `rules.missing` does, before.

    Args:
        case: the case before, or None where the act opens one.
        act: what was done.
        by: by whom.
        at: when; aware, taken in whole seconds of UTC, as the journal keeps it.

    Raises:
        ValueError: the act is on something that is not there.
    """
    mark = Mark(by=by.id, member=by.member, at=at.astimezone(UTC).replace(microsecond=0))
    if case is None:
        if not isinstance(act, OpenCase):
            raise ValueError(f"{act.kind}: there is no case")
        return _opened(act, mark)
    if isinstance(act, FindingAct):
        after = _on_finding(case, act, mark)
    elif type(act) in STEPS:
        after = STEPS[type(act)](case, act, mark)
    else:
        raise ValueError(f"{act.kind}: the case is open already")
    return replace(after, acts=case.acts + 1, last_at=max(case.last_at, mark.at))


def opened_id(act: OpenCase, by: Person, at: datetime) -> str:
    """The id of the case that an opening act makes."""
    return made_id([act_record(act), by.id, stamp(at)])


def _opened(act: OpenCase, mark: Mark) -> Case:
    return Case(
        id=made_id([act_record(act), mark.by, stamp(mark.at)]),
        kind=act.case_kind,
        title=act.title,
        summary=act.summary,
        standard=act.standard,
        handling=act.handling,
        opened=mark,
        acts=1,
        last_at=mark.at,
        subjects=_subjects((), act.subjects),
        indicators=tuple(dict.fromkeys(act.indicators)),
    )


def _on_finding(case: Case, act: FindingAct, mark: Mark) -> Case:
    finding = case.finding(act.finding)
    if finding is None:
        raise ValueError(f"{act.kind}: there is no finding {act.finding}")
    return _with_finding(case, advanced(finding, act, mark, case))


def _with_finding(case: Case, finding: Finding) -> Case:
    return replace(case, findings=tuple(finding if each.id == finding.id else each for each in case.findings))


def _subjects(before: tuple[CaseSubject, ...], more: Iterable[CaseSubject]) -> tuple[CaseSubject, ...]:
    return tuple({subject.id: subject for subject in (*before, *more)}.values())


def _describe(case: Case, act: DescribeCase, _: Mark) -> Case:
    return replace(case, title=act.title, summary=act.summary)


def _set_standard(case: Case, act: SetStandard, _: Mark) -> Case:
    return replace(case, standard=act.standard)


def _add_subject(case: Case, act: AddSubject, mark: Mark) -> Case:
    before = case.subject(act.subject.id)
    renamed = before is not None and before != act.subject
    return replace(
        case,
        subjects=_subjects(case.subjects, [act.subject]),
        findings=tuple(_renamed(each, act.subject.id, mark) if renamed else each for each in case.findings),
    )


def _renamed(finding: Finding, subject: str, mark: Mark) -> Finding:
    """A finding after its subject was written anew: whoever did it is an author of a draft that is about it."""
    version = finding.current
    if version.state is not FindingState.DRAFT or all(claim.subject != subject for claim in version.claims):
        return finding
    changed = replace(version, authors=version.authors | {mark.by})
    return replace(finding, versions=(*finding.versions[:-1], changed))


def _add_note(case: Case, act: AddNote, mark: Mark) -> Case:
    return replace(case, notes=(*case.notes, Statement(mark=mark, text=act.text)))


def _accept(case: Case, act: AcceptIndicators, _: Mark) -> Case:
    return replace(
        case,
        indicators=tuple(dict.fromkeys((*case.indicators, *act.indicators))),
        dismissed=tuple(each for each in case.dismissed if each.indicator not in act.indicators),
    )


def _dismiss(case: Case, act: DismissIndicator, mark: Mark) -> Case:
    dismissal = Dismissal(indicator=act.indicator, mark=mark, reason=act.reason, subject=act.subject)
    return replace(
        case,
        indicators=tuple(each for each in case.indicators if each != act.indicator),
        dismissed=(*case.dismissed, dismissal),
    )


def _merge(case: Case, act: MergeCases, _: Mark) -> Case:
    known = {subject.id for subject in case.subjects}
    return replace(
        case,
        subjects=_subjects(case.subjects, (each for each in act.subjects if each.id not in known)),
        indicators=tuple(dict.fromkeys((*case.indicators, *act.indicators))),
        dismissed=tuple(each for each in case.dismissed if each.indicator not in act.indicators),
        merged=(*case.merged, act.other),
    )


def _start_finding(case: Case, act: StartFinding, mark: Mark) -> Case:
    version = FindingVersion(
        number=1, state=FindingState.DRAFT, title=act.title, started=mark, why=None, authors=frozenset({mark.by})
    )
    finding = Finding(id=next_id(case), handling=case.handling, versions=(version,))
    return replace(case, findings=(*case.findings, finding))


def _send_request(case: Case, act: SendRequest, mark: Mark) -> Case:
    request = InformationRequest(
        id=next_id(case), addressee=act.addressee, question=act.question, due=act.due, exhibit=act.exhibit, sent=mark
    )
    return replace(case, requests=(*case.requests, request))


def _remind(case: Case, act: RemindRequest, mark: Mark) -> Case:
    request = case.request(act.request)
    if request is None:
        raise ValueError(f"remind_request: there is no request {act.request}")
    return _with_request(case, replace(request, reminders=(*request.reminders, mark)))


def _record_answer(case: Case, act: RecordAnswer, mark: Mark) -> Case:
    request = case.request(act.request)
    if request is None:
        raise ValueError(f"record_answer: there is no request {act.request}")
    answer = RequestAnswer(mark=mark, exhibit=act.exhibit, received_on=act.received_on, kind=act.answer_kind)
    return _with_request(case, replace(request, answers=(*request.answers, answer)))


def _with_request(case: Case, request: InformationRequest) -> Case:
    return replace(case, requests=tuple(request if each.id == request.id else each for each in case.requests))


def _recommend(case: Case, act: Recommend, mark: Mark) -> Case:
    made = Recommendation(id=next_id(case), addressee=act.addressee, text=act.text, finding=act.finding, made=mark)
    return replace(case, recommendations=(*case.recommendations, made))


def _propose(case: Case, act: ProposeDesignation, mark: Mark) -> Case:
    made = DesignationProposal(
        id=next_id(case),
        subject=act.subject,
        measures=act.measures,
        statement_of_case=act.statement_of_case,
        findings=act.findings,
        made=mark,
    )
    return replace(case, proposals=(*case.proposals, made))


def _follow_up(case: Case, act: FollowUp, mark: Mark) -> Case:
    if case.followed(act.item) is None:
        raise ValueError(f"follow_up: there is no recommendation or proposal {act.item}")
    step = FollowedUp(mark=mark, status=act.status, note=act.note, exhibit=act.exhibit)
    return replace(
        case,
        recommendations=tuple(
            replace(each, follow_ups=(*each.follow_ups, step)) if each.id == act.item else each
            for each in case.recommendations
        ),
        proposals=tuple(
            replace(each, follow_ups=(*each.follow_ups, step)) if each.id == act.item else each
            for each in case.proposals
        ),
    )


def _implementation_report(case: Case, act: RecordImplementationReport, mark: Mark) -> Case:
    report = ImplementationReport(
        id=next_id(case),
        state=act.state,
        resolution=act.resolution,
        received_on=act.received_on,
        exhibit=act.exhibit,
        recorded=mark,
    )
    return replace(case, implementation_reports=(*case.implementation_reports, report))


def _change_handling(case: Case, act: ChangeHandling, mark: Mark) -> Case:
    if act.finding is None:
        handling, pending = _handled(case.handling, case.pending, act, mark)
        return replace(case, handling=handling, pending=pending)
    finding = case.finding(act.finding)
    if finding is None:
        raise ValueError(f"change_handling: there is no finding {act.finding}")
    handling, pending = _handled(finding.handling, finding.pending, act, mark)
    return _with_finding(case, replace(finding, handling=handling, pending=pending))


def _handled(
    old: Handling, pending: PendingHandling | None, act: ChangeHandling, mark: Mark
) -> tuple[Handling, PendingHandling | None]:
    """The handling in force after an act on it, and what then still waits for consent."""
    if covers(act.handling, old):
        return act.handling, None
    same = pending is not None and pending.handling == act.handling
    consents = (*(pending.consents if pending is not None and same else ()), mark)
    if old.originators <= {consent.member for consent in consents}:
        return act.handling, None
    return old, PendingHandling(handling=act.handling, reason=act.reason, consents=consents)


def _close(case: Case, act: CloseCase, mark: Mark) -> Case:
    return replace(case, closing=Closing(mark=mark, reason=act.reason, merged_into=act.merged_into))


def _reopen(case: Case, _: ReopenCase, __: Mark) -> Case:
    return replace(case, closing=None)


STEPS: Final[Mapping[type[Act], Step]] = {
    DescribeCase: _describe,
    SetStandard: _set_standard,
    AddSubject: _add_subject,
    AddNote: _add_note,
    AcceptIndicators: _accept,
    DismissIndicator: _dismiss,
    MergeCases: _merge,
    StartFinding: _start_finding,
    SendRequest: _send_request,
    RemindRequest: _remind,
    RecordAnswer: _record_answer,
    Recommend: _recommend,
    ProposeDesignation: _propose,
    FollowUp: _follow_up,
    RecordImplementationReport: _implementation_report,
    ChangeHandling: _change_handling,
    CloseCase: _close,
    ReopenCase: _reopen,
}
