"""What is published of a finding: its versions that were, and nothing of the case, of drafts or of who worked on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bongsu.cases.finding import Alternative, Claim, Finding, FindingVersion, MeasureText, Notice, Reply, Statement
from bongsu.cases.model import Case, CaseSubject
from bongsu.cases.words import Confidence, FindingState, Outcome, Standard


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPoint:
    """One point of a reply, and the answer to it, or None."""

    text: str
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReply:
    """What one named said: when it came, its exhibit, and its points."""

    received_on: date
    exhibit: str
    points: tuple[PublicPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNotice:
    """That someone named was told, without the address.

    Args:
        sent_at: when.
        due: the last day for a reply.
        no_reply: whether it was stated that none came.
        replies: in their order.
    """

    sent_at: datetime
    due: date
    no_reply: bool
    replies: tuple[PublicReply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStatement:
    """What someone of a member said: a dissent, a withdrawal."""

    at: datetime
    member: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicVersion:
    """A version that was published.

    Args:
        number: counted from 1; numbers that were never published are not there.
        standard: the standard of proof, then.
        subjects: those its claims are about, as they were written then.
        state: `published`, `corrected` or `withdrawn`.
        title: one line.
        published_at: when.
        corrected_at: when a later version took its place, or None.
        why: why an earlier version was corrected, or None.
        claims, measures, confidence, alternatives: the text, with its evidence.
        outcome, reasoning: what was decided, and why.
        notices: who was heard.
        excepted: whether for any of its claims an exception from sending a notice was granted; not why.
        waiting: the days on which late replies came that are not public yet, in order.
        dissents: in their order.
        withdrawn: when and why, or None.
    """

    number: int
    state: FindingState
    title: str
    published_at: datetime
    corrected_at: datetime | None
    why: str | None
    claims: tuple[Claim, ...]
    measures: tuple[MeasureText, ...]
    confidence: Confidence | None
    alternatives: tuple[Alternative, ...]
    outcome: Outcome | None
    reasoning: str | None
    notices: tuple[PublicNotice, ...]
    dissents: tuple[PublicStatement, ...]
    withdrawn: PublicStatement | None
    standard: Standard | None = None
    subjects: tuple[CaseSubject, ...] = ()
    excepted: bool = False
    waiting: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFinding:
    """What is published of a finding.

    Args:
        case: the id of its case.
        finding: its own.
        standard, subjects: of the version that was published last.
        versions: one at least, oldest first.
    """

    case: str
    finding: str
    standard: Standard
    subjects: tuple[CaseSubject, ...]
    versions: tuple[PublicVersion, ...]

    @property
    def newest(self) -> PublicVersion:
        """The version that was published last."""
        return self.versions[-1]

    @property
    def stands(self) -> bool:
        """Whether a version stands published; else it was withdrawn."""
        return any(each.state is FindingState.PUBLISHED for each in self.versions)


def published(case: Case, finding: Finding) -> PublicFinding | None:
    """What is published of a finding of a case; None where nothing ever was."""
    versions = tuple(public for each in finding.versions if (public := _version(case, each)) is not None)
    if not versions:
        return None
    newest = versions[-1]
    return PublicFinding(
        case=case.id,
        finding=finding.id,
        standard=newest.standard or case.standard,
        subjects=newest.subjects,
        versions=versions,
    )


def _version(case: Case, version: FindingVersion) -> PublicVersion | None:
    if version.published is None:
        return None
    decision, late = version.decision, version.late_words
    named = {claim.subject for claim in version.claims}
    # A row that an earlier release kept has neither, until the site is rebuilt.
    subjects = version.subjects or tuple(subject for subject in case.subjects if subject.id in named)
    return PublicVersion(
        number=version.number,
        state=version.state,
        title=version.title,
        published_at=version.published.at,
        corrected_at=version.corrected_at,
        why=version.why,
        claims=version.claims,
        measures=version.measures,
        confidence=version.confidence,
        alternatives=version.alternatives,
        outcome=None if decision is None else decision.outcome,
        reasoning=None if decision is None else decision.reasoning,
        notices=tuple(_notice(each, version) for each in version.notices),
        dissents=tuple(
            _statement(each) for index, each in enumerate(version.dissents) if f"dissent {index}" not in late
        ),
        withdrawn=None if version.withdrawn is None else _statement(version.withdrawn),
        standard=version.standard or case.standard,
        subjects=subjects,
        excepted=_excepted(version),
        waiting=tuple(sorted(reply.received_on for reply in version.replies if reply.id in late)),
    )


def _excepted(version: FindingVersion) -> bool:
    """Whether an exception was granted for a claim as it was published."""
    exception = version.harm_exception
    if exception is None or exception.granted is None:
        return False
    return any(claim.digest in exception.claims for claim in version.claims)


def _notice(notice: Notice, version: FindingVersion) -> PublicNotice:
    return PublicNotice(
        sent_at=notice.sent.at,
        due=notice.due,
        no_reply=notice.no_reply is not None,
        replies=tuple(
            _reply(each, version.late_words)
            for each in version.replies_to(notice.id)
            if each.id not in version.late_words
        ),
    )


def _reply(reply: Reply, late: frozenset[str]) -> PublicReply:
    points = (
        PublicPoint(
            text=point.text,
            answer=None if point.answer is None or f"answer {point.id}" in late else point.answer.text,
        )
        for point in reply.points
    )
    return PublicReply(received_on=reply.received_on, exhibit=reply.exhibit, points=tuple(points))


def _statement(statement: Statement) -> PublicStatement:
    return PublicStatement(at=statement.mark.at, member=statement.mark.member, text=statement.text)
