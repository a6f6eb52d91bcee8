"""What acts on a case as a whole ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from bongsu.cases.acts import Act, may_ever
from bongsu.cases.case_acts import (
    AcceptIndicators,
    AddSubject,
    ChangeHandling,
    CloseCase,
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
from bongsu.cases.checklist import measure_gaps
from bongsu.cases.finding import Finding, FindingVersion
from bongsu.cases.handling import Handling, Tlp, covers, may_read
from bongsu.cases.model import Case, Person
from bongsu.cases.situation import Known, Missing, Situation, above, indicator_gaps, lacks
from bongsu.cases.words import UNDER_WAY, AnswerKind, CaseKind, FindingState, Outcome

LEAST_SALT: Final = 16
_STATE: Final = re.compile(r"[A-Z]{2}")
_RESOLUTION: Final = re.compile(r"[0-9]{4}")
_DECIDED: Final = frozenset({FindingState.DECIDED, FindingState.APPROVED, FindingState.PUBLISHED})
_NOT_DONE: Final = UNDER_WAY | {FindingState.DRAFT}

Check = Callable[[Situation, Any], Iterable[Missing]]  # Any: each takes the act it stands beside


def opening_gaps(act: OpenCase, by: Person, on: date, known: Known) -> Iterator[Missing]:
    """What is missing to open a case."""
    if len(act.salt.strip()) < LEAST_SALT:
        yield lacks("salt_too_short", "salt")
    if by.member not in act.handling.originators:
        yield lacks("not_originator_on_opening", "handling")
    if not may_read(by.reader, act.handling, on):
        yield lacks("shuts_you_out", "handling")
    for indicator in act.indicators:
        yield from indicator_gaps(indicator, known, act.handling)


def _fixed(situation: Situation) -> Iterator[FindingVersion]:
    """The versions whose text is settled, of the findings that the person may read."""
    versions = (version for finding in situation.findings_of(situation.case) for version in finding.versions)
    return (version for version in versions if version.state not in {FindingState.DRAFT, FindingState.WITHDRAWN})


def _set_standard(situation: Situation, _: SetStandard) -> Iterator[Missing]:
    if any(_fixed(situation)):
        yield lacks("standard_settled", "standard")
    yield from situation.hidden_findings(situation.case)


def _add_subject(situation: Situation, act: AddSubject) -> Iterator[Missing]:
    before = situation.case.subject(act.subject.id)
    if before is None or before == act.subject:
        return
    if any(claim.subject == before.id for version in _fixed(situation) for claim in version.claims):
        yield lacks("subject_settled", before.id, name=before.name)
    yield from situation.hidden_findings(situation.case)


def _accept(situation: Situation, act: AcceptIndicators) -> Iterator[Missing]:
    if not act.indicators:
        yield lacks("blank", "indicators", field="indicators")
    for indicator in act.indicators:
        if indicator in situation.known.indicators:
            yield from _accepting(situation, indicator, act.reason)
        else:
            yield lacks("unknown_indicator", indicator, id=indicator)


def _accepting(situation: Situation, indicator: str, reason: str | None) -> Iterator[Missing]:
    case = situation.case
    if indicator in case.indicators:
        yield lacks("indicator_there", indicator, id=indicator)
    else:
        yield from indicator_gaps(indicator, situation.known, case.handling)
    dismissed = {**situation.known.dismissed, **{each.indicator: each for each in case.dismissed}}
    if indicator in dismissed and reason is None:
        yield lacks("indicator_dismissed", indicator, id=indicator, reason=dismissed[indicator].reason)


def _dismiss(situation: Situation, act: DismissIndicator) -> Iterator[Missing]:
    case = situation.case
    # What a case holds, under whatever rule it was taken in, can be put out of it.
    within = None if act.indicator in case.indicators else case.handling
    yield from indicator_gaps(act.indicator, situation.known, within)
    there = any(each.indicator == act.indicator for each in case.dismissed)
    if there and act.indicator in situation.known.indicators:
        yield lacks("dismissed_there", act.indicator, id=act.indicator)


def _merge(situation: Situation, act: MergeCases) -> Iterator[Missing]:
    other = situation.readable_case(act.other)
    if act.other == situation.case.id:
        yield lacks("merge_itself", "other")
    elif other is None:
        yield lacks("unknown_item", "other", what="case", id=act.other)
    else:
        yield from _merging(situation, other, act)


def _merging(situation: Situation, other: Case, act: MergeCases) -> Iterator[Missing]:
    case, known = situation.case, situation.known
    if other.closing is not None:
        yield lacks("case_closed", "other")
    if other.kind is not case.kind:
        yield lacks("merge_unlike", "other")
    if any(finding.current.state is not FindingState.WITHDRAWN for finding in situation.findings_of(other)):
        yield lacks("merge_has_findings", "other")
    yield from situation.hidden_findings(other, "other")
    # Of what the other holds, those that the person may not read stay where they are.
    readable = set(other.indicators) & set(known.indicators)
    if not (set(other.subjects) <= set(act.subjects) and readable <= set(act.indicators)):
        yield lacks("merge_leaves_out", "other")
    if not covers(case.handling, other.handling):
        yield lacks("merge_loosens", "other")
    for indicator in act.indicators:
        yield from indicator_gaps(indicator, known, None if indicator in case.indicators else case.handling)


def _send_request(situation: Situation, act: SendRequest) -> Iterator[Missing]:
    if act.due < situation.today:
        yield lacks("day_too_early", "due", field="due", after=situation.today)
    yield from situation.exhibit(act.exhibit, "exhibit", within=situation.case.handling)


def _remind(situation: Situation, act: RemindRequest) -> Iterator[Missing]:
    request = situation.case.request(act.request)
    if request is None:
        yield lacks("unknown_item", "request", what="request", id=act.request)
    elif any(answer.kind is AnswerKind.FULL for answer in request.answers):
        yield lacks("request_done", act.request)


def _record_answer(situation: Situation, act: RecordAnswer) -> Iterator[Missing]:
    request = situation.case.request(act.request)
    if request is None:
        yield lacks("unknown_item", "request", what="request", id=act.request)
        return
    yield from situation.past(act.received_on, "received_on", since=request.sent.at.date())
    yield from situation.exhibit(act.exhibit, "exhibit", within=situation.case.handling)


def _recommend(situation: Situation, act: Recommend) -> Iterator[Missing]:
    if act.finding is not None and situation.readable_finding(act.finding) is None:
        yield lacks("unknown_item", "finding", what="finding", id=act.finding)


def _propose(situation: Situation, act: ProposeDesignation) -> Iterator[Missing]:
    case = situation.case
    if case.kind is CaseKind.REGISTER:
        yield lacks("not_for_register")
    if case.subject(act.subject) is None:
        yield lacks("unknown_item", "subject", what="subject", id=act.subject)
    if not act.measures:
        yield lacks("no_measures", "measures")
    for measure in act.measures:
        yield from measure_gaps(measure, "measures", situation.known)
    if not act.findings:
        yield lacks("no_findings_named", "findings")
    for finding_id in sorted(act.findings):
        yield from _established(situation.readable_finding(finding_id), finding_id)


def _established(finding: Finding | None, finding_id: str) -> Iterator[Missing]:
    if finding is None:
        yield lacks("unknown_item", "findings", what="finding", id=finding_id)
        return
    decisions = [each.decision for each in finding.versions if each.state in _DECIDED]
    if not any(decision is not None and decision.outcome is Outcome.ESTABLISHED for decision in decisions):
        yield lacks("finding_not_established", finding_id, title=finding.current.title)


def _follow_up(situation: Situation, act: FollowUp) -> Iterator[Missing]:
    if situation.case.followed(act.item) is None:
        yield lacks("unknown_item", "item", what="recommendation or proposal", id=act.item)
    yield from situation.exhibit(act.exhibit, "exhibit", within=situation.case.handling)


def _implementation_report(situation: Situation, act: RecordImplementationReport) -> Iterator[Missing]:
    if situation.case.kind is not CaseKind.REGISTER:
        yield lacks("only_register")
    if not _STATE.fullmatch(act.state):
        yield lacks("not_a_state", "state", state=act.state)
    if not _RESOLUTION.fullmatch(act.resolution):
        yield lacks("not_a_resolution", "resolution", resolution=act.resolution)
    yield from situation.past(act.received_on, "received_on")
    yield from situation.exhibit(act.exhibit, "exhibit", within=situation.case.handling)


def _close(situation: Situation, act: CloseCase) -> Iterator[Missing]:
    for finding in situation.findings_of(situation.case):
        if finding.current.state in _NOT_DONE:
            yield lacks("findings_open", finding.id, title=finding.current.title)
    yield from situation.hidden_findings(situation.case)
    if act.merged_into is not None:
        other = situation.readable_case(act.merged_into)
        if other is None or situation.case.id not in other.merged:
            yield lacks("merge_not_closed", "merged_into", other=act.merged_into)


def _reopen(situation: Situation, _: ReopenCase) -> Iterator[Missing]:
    closing = situation.case.closing
    if closing is None:
        yield lacks("case_open")
    elif situation.readable_case(closing.merged_into) is not None:
        yield lacks("case_merged", closing.merged_into, other=closing.merged_into)
    elif closing.merged_into is not None:
        yield lacks("hidden_part")


def _change_handling(situation: Situation, act: ChangeHandling) -> Iterator[Missing]:
    case = situation.case
    finding = None if act.finding is None else case.finding(act.finding)
    if act.finding is not None and finding is None:
        yield lacks("unknown_item", "finding", what="finding", id=act.finding)
        return
    old = case.handling if finding is None else finding.handling
    if act.handling.originators != old.originators:
        yield lacks("originators_change", "handling")
    elif act.handling == old:
        yield lacks("handling_same", "handling")
    else:
        yield from _change(situation, act.handling, old)
        yield from _consent(situation, act, finding)
    if finding is not None:
        yield from _finding_handling(situation, finding, act.handling)
    elif not covers(act.handling, old):
        yield from _case_loosened(situation, act.handling)


def _case_loosened(situation: Situation, new: Handling) -> Iterator[Missing]:
    """What a case holds that not all who would read it then may read."""
    indicators = situation.case.indicators
    for indicator in indicators:
        if indicator in situation.known.indicators:
            yield from indicator_gaps(indicator, situation.known, new)
    if not set(indicators) <= set(situation.known.indicators):
        yield lacks("hidden_part", "handling")


def _change(situation: Situation, new: Handling, old: Handling) -> Iterator[Missing]:
    by = situation.by
    originator = by.member in old.originators
    if not covers(new, old) and not (originator and may_ever(by.role, CloseCase)):
        yield lacks("not_originator", "handling", originators=", ".join(sorted(old.originators)))
    elif new.tlp is Tlp.RED and not originator:
        yield lacks("red_by_originator", "handling")
    elif not originator and not may_read(by.reader, new, situation.today):
        yield lacks("shuts_you_out", "handling")


def _consent(situation: Situation, act: ChangeHandling, finding: Finding | None) -> Iterator[Missing]:
    pending = situation.case.pending if finding is None else finding.pending
    if pending is None or pending.handling != act.handling:
        return
    consented = {mark.member for mark in pending.consents}
    if situation.by.member in consented:
        waiting = sorted(act.handling.originators - consented)
        yield lacks("already_consented", "handling", waiting=", ".join(waiting))


def _finding_handling(situation: Situation, finding: Finding, new: Handling) -> Iterator[Missing]:
    if finding.is_public and not covers(finding.handling, new):
        yield lacks("published_stays_public", finding.id)
    for link in finding.current.links:
        exhibit = situation.known.exhibits.get(link.citation.exhibit)
        if exhibit is None:
            yield lacks("exhibit_unknown", link.id, exhibit=link.citation.exhibit[:12])
        elif not covers(new, exhibit.handling):
            yield above(link.citation.exhibit, exhibit, link.id, new)


CHECKS: Final[Mapping[type[Act], Check]] = {
    SetStandard: _set_standard,
    AddSubject: _add_subject,
    AcceptIndicators: _accept,
    DismissIndicator: _dismiss,
    MergeCases: _merge,
    SendRequest: _send_request,
    RemindRequest: _remind,
    RecordAnswer: _record_answer,
    Recommend: _recommend,
    ProposeDesignation: _propose,
    FollowUp: _follow_up,
    RecordImplementationReport: _implementation_report,
    CloseCase: _close,
    ReopenCase: _reopen,
    ChangeHandling: _change_handling,
}
