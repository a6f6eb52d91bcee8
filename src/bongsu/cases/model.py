"""A case: what people work on, as the fold of all acts done to it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Final, Self

from bongsu.cases import codec
from bongsu.cases.finding import Finding, Mark, MeasureText, PendingHandling, Statement
from bongsu.cases.handling import Handling, Reader, Tlp
from bongsu.cases.subject import CaseSubject
from bongsu.cases.words import AnswerKind, CaseKind, FollowUpStatus, Role, Standard
from bongsu.kernel.canonical import JsonValue, digest_of

__all__ = [
    "ID_LENGTH",
    "Case",
    "CaseSubject",
    "Closing",
    "DesignationProposal",
    "Dismissal",
    "FollowedUp",
    "ImplementationReport",
    "InformationRequest",
    "Person",
    "Recommendation",
    "RequestAnswer",
    "made_id",
    "next_id",
]

ID_LENGTH: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts, as the accounts knew the person at that time.

    Args:
        id: the person's id, which is no address and no secret.
        member: the id of the member the person is of.
        role: what the person may do.
        clearance: the strictest marking the person may read.
    """

    id: str
    member: str
    role: Role
    clearance: Tlp

    @property
    def reader(self) -> Reader:
        """The person as a reader."""
        return Reader(person=self.id, member=self.member, clearance=self.clearance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """An indicator that people looked at and put aside.

    Args:
        indicator: its id.
        mark: by whom and when.
        reason: why; shown when something like it is suggested again.
        subject: the id of the subject it was about, or None.
    """

    indicator: str
    mark: Mark
    reason: str
    subject: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer:
    """An answer to a request for information."""

    mark: Mark
    exhibit: str
    received_on: date
    kind: AnswerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequest:
    """A question put to a State, a body or a firm.

    Args:
        id: made from the act.
        addressee: who was asked.
        question: what was asked.
        due: by which day an answer was asked for.
        exhibit: the digest of the letter, or None.
        sent: by whom and when.
        reminders: in their order.
        answers: in their order.
    """

    id: str
    addressee: str
    question: str
    due: date
    exhibit: str | None
    sent: Mark
    reminders: tuple[Mark, ...] = ()
    answers: tuple[RequestAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedUp:
    """What became of something, as of a day."""

    mark: Mark
    status: FollowUpStatus
    note: str
    exhibit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What someone is advised to do.

    Args:
        id: made from the act.
        addressee: to whom.
        text: what is recommended.
        finding: the id of the finding it follows from, or None.
        made: by whom and when.
        follow_ups: in their order.
    """

    id: str
    addressee: str
    text: str
    finding: str | None
    made: Mark
    follow_ups: tuple[FollowedUp, ...] = ()

    @property
    def status(self) -> FollowUpStatus:
        """What became of it, last."""
        return self.follow_ups[-1].status if self.follow_ups else FollowUpStatus.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationProposal:
    """A proposal that an authority list someone.

    Args:
        id: made from the act.
        subject: the id of a subject of the case.
        measures: the measures whose criteria are said to be met.
        statement_of_case: why, as the Committee's guidelines ask for it.
        findings: ids of the findings it rests on.
        made: by whom and when.
        follow_ups: in their order.
    """

    id: str
    subject: str
    measures: tuple[MeasureText, ...]
    statement_of_case: str
    findings: frozenset[str]
    made: Mark
    follow_ups: tuple[FollowedUp, ...] = ()

    @property
    def status(self) -> FollowUpStatus:
        """What became of it, last."""
        return self.follow_ups[-1].status if self.follow_ups else FollowUpStatus.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationReport:
    """What a State reported of carrying out a resolution.

    Args:
        id: made from the act.
        state: ISO 3166-1 alpha-2, such as `KR`.
        resolution: the resolution's number, such as `2397`.
        received_on: the day it came.
        exhibit: the digest of the report.
        recorded: by whom and when.
    """

    id: str
    state: str
    resolution: str
    received_on: date
    exhibit: str
    recorded: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """That a case is closed, why, and the case it went into, if any."""

    mark: Mark
    reason: str
    merged_into: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as all acts so far have made it; its history is the journal.

    Args:
        id: ten letters and digits made from the opening act; it tells neither how many cases there are nor what it is.
        kind: an inquiry or a register.
        title, summary: for its readers.
        standard: the standard of proof of its findings.
        handling: who may read it.
        opened: by whom and when.
        acts: how many acts were done to it; whoever stores refuses an act that was made on an older number.
        last_at: when the last act was done.
        subjects, indicators: what it is about, and which signs were taken into it.
        dismissed: signs that were looked at here and put aside.
        merged: ids of cases that went into this one.
        closing: None while it is open.
        pending: a loosening of the handling that waits for other originators, or None.
        notes: what was remarked in passing, in its order.
    """

    id: str
    kind: CaseKind
    title: str
    summary: str
    standard: Standard
    handling: Handling
    opened: Mark
    acts: int
    last_at: datetime
    subjects: tuple[CaseSubject, ...] = ()
    indicators: tuple[str, ...] = ()
    dismissed: tuple[Dismissal, ...] = ()
    findings: tuple[Finding, ...] = ()
    requests: tuple[InformationRequest, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    proposals: tuple[DesignationProposal, ...] = ()
    implementation_reports: tuple[ImplementationReport, ...] = ()
    merged: tuple[str, ...] = ()
    closing: Closing | None = None
    pending: PendingHandling | None = None
    notes: tuple[Statement, ...] = ()

    def record(self) -> dict[str, JsonValue]:
        """The JSON form, whole; a copy for those who ask, since the journal alone is the truth."""
        return codec.record(self)

    @classmethod
    def from_record(cls, record: object) -> Self:
        """A case from its JSON form.

        Raises:
            UsageError: an unknown key, a value of another kind, or one that cannot be.
        """
        return codec.value_of(cls, record)

    @property
    def is_open(self) -> bool:
        """Whether work goes on in it."""
        return self.closing is None

    @property
    def opened_by(self) -> str:
        """The id of the person who opened it."""
        return self.opened.by

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""
        return self.opened.at

    @property
    def reply_rate(self) -> Fraction | None:
        """The share of requests that were answered, a refusal counted as an answer; None where none was sent."""
        if not self.requests:
            return None
        return Fraction(sum(bool(request.answers) for request in self.requests), len(self.requests))

    def finding(self, finding_id: str) -> Finding | None:
        """A finding by its id, or None."""
        return next((finding for finding in self.findings if finding.id == finding_id), None)

    def subject(self, subject_id: str) -> CaseSubject | None:
        """A subject by its id, or None."""
        return next((subject for subject in self.subjects if subject.id == subject_id), None)

    def request(self, request_id: str) -> InformationRequest | None:
        """A request for information by its id, or None."""
        return next((request for request in self.requests if request.id == request_id), None)

    def followed(self, item_id: str) -> Recommendation | DesignationProposal | None:
        """A recommendation or a proposal by its id, or None."""
        items: tuple[Recommendation | DesignationProposal, ...] = (*self.recommendations, *self.proposals)
        return next((item for item in items if item.id == item_id), None)


def made_id(content: JsonValue) -> str:
    """Ten base32 letters and digits of the SHA-256 of something: 50 bits, in lower case, fit for an address."""
    return base64.b32encode(bytes.fromhex(digest_of(content))).decode("ascii").lower()[:ID_LENGTH]


def next_id(case: Case, index: int = 0) -> str:
    """The id that the next act on a case gives to what it makes.

    Args:
        case: as it stands before the act.
        index: which of several things that the act makes, counted from 0.
    """
    return made_id([case.id, case.acts, index])
