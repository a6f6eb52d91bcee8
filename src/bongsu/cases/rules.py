"""The rules of casework: what may follow what, who may do it, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Final

from bongsu.cases import case_rules, finding_rules
from bongsu.cases.acts import ROLES, Act, FindingAct, may_ever
from bongsu.cases.case_acts import ChangeHandling, CloseCase, FollowUp, OpenCase, RecordAnswer, ReopenCase
from bongsu.cases.checklist import next_step, outstanding
from bongsu.cases.finding_acts import (
    AnswerPoint,
    ApproveLateWords,
    Dissent,
    ProveDelivery,
    PublishLateWords,
    RecordReply,
    StartFinding,
    Withdraw,
)
from bongsu.cases.handling import Handling, may_read
from bongsu.cases.model import Case, Person
from bongsu.cases.situation import Known, KnownExhibit, Missing, Situation, lacks
from bongsu.cases.words import CaseKind, Role
from bongsu.kernel.clock import stamp

__all__ = ["Known", "KnownExhibit", "Missing", "missing", "next_step", "outstanding"]

# What others say, and what corrects us, is taken in even when a case is closed.
_WHEN_CLOSED: Final = frozenset(
    {ReopenCase, RecordAnswer, FollowUp, RecordReply, ProveDelivery, AnswerPoint, Dissent, Withdraw, ChangeHandling}
    | {ApproveLateWords, PublishLateWords}
)


def missing(case: Case | None, act: Act, by: Person, at: datetime, known: Known) -> tuple[Missing, ...]:
    """All that stands in the way of an act.

    Args:
        case: the case as it stands, or None to open one.
        act: what would be done.
        by: who would do it.
        at: when; aware.
        known: what was looked up for it.

    Returns:
        Everything that is missing, not only the first; empty where the act may be done. Whoever may not read the case
        is told nothing else. A finding that the person may not read is told of as if there were none; of an act that
        bears on all findings, that there is one is all that is told (`hidden_part`).
    """
    on = at.astimezone(UTC).date()
    if case is not None and not _may_handle(case.handling, act, by, at):
        return (lacks("cannot_read_case"),)
    found = [*_person(act, by), *_blanks(act)]
    if isinstance(act, OpenCase):
        found += [lacks("case_there")] if case is not None else case_rules.opening_gaps(act, by, on, known)
    elif case is None:
        found.append(lacks("no_case"))
    else:
        found += _on_case(Situation(case=case, by=by, at=at, known=known), act)
    return tuple(dict.fromkeys(found))


def _on_case(situation: Situation, act: Act) -> Iterator[Missing]:
    case = situation.case
    last = situation.known.last_at or case.last_at
    if situation.at < last:
        yield lacks("clock_back", last=stamp(last))
    if not case.is_open and type(act) not in _WHEN_CLOSED:
        yield lacks("case_closed")
    if case.kind is CaseKind.REGISTER and isinstance(act, FindingAct | StartFinding):
        yield lacks("not_for_register")
    if isinstance(act, ChangeHandling) and act.finding is not None:
        finding = case.finding(act.finding)
        if finding is not None and not _may_handle(finding.handling, act, situation.by, situation.at):
            yield lacks("unknown_item", "finding", what="finding", id=act.finding)
            return
    check = case_rules.CHECKS.get(type(act))
    if check is not None:
        yield from check(situation, act)
    if isinstance(act, FindingAct):
        yield from _on_finding(situation, act)


def _on_finding(situation: Situation, act: FindingAct) -> Iterator[Missing]:
    finding = situation.case.finding(act.finding)
    if finding is None or not _may_handle(finding.handling, act, situation.by, situation.at):
        yield lacks("unknown_item", "finding", what="finding", id=act.finding)
        return
    version = finding.current
    allowed = finding_rules.STATES.get(type(act))
    if allowed is not None and version.state not in allowed:
        names = ", ".join(sorted(state.value for state in allowed))
        yield lacks("wrong_state", finding.id, state=version.state.value, allowed=names)
        return
    check = finding_rules.CHECKS.get(type(act))
    if check is not None:
        yield from check(
            finding_rules.FindingSituation(
                case=situation.case,
                by=situation.by,
                at=situation.at,
                known=situation.known,
                finding=finding,
                version=version,
            ),
            act,
        )


def _may_handle(handling: Handling, act: Act, by: Person, at: datetime) -> bool:
    """Whether a person may read what an act is on.

    A coordinator of an originator speaks on a handling also where it expired or names others: else it stays for ever.
    """
    if isinstance(act, ChangeHandling) and by.member in handling.originators and by.clearance >= handling.tlp:
        return may_ever(by.role, CloseCase) or may_read(by.reader, handling, at.astimezone(UTC).date())
    return may_read(by.reader, handling, at.astimezone(UTC).date())


def _person(act: Act, by: Person) -> Iterator[Missing]:
    needed = ROLES[type(act)]
    if by.role is Role.ADMINISTRATOR:
        yield lacks("administrator", needed=needed.value)
    elif not may_ever(by.role, type(act)):
        yield lacks("role_too_low", role=by.role.value, needed=needed.value)


def _blanks(act: Act) -> Iterator[Missing]:
    for part in fields(act):  # type: ignore[arg-type]  # every act is a dataclass; the base alone is not
        value = getattr(act, part.name)
        if isinstance(value, str) and not value.strip():
            yield lacks("blank", part.name, field=part.name)
