"""Acts on a finding: its text, its review, the right of reply, decision, publication, correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bongsu.cases.act import Act, FindingAct
from bongsu.cases.finding import MeasureText
from bongsu.cases.words import Confidence, Credibility, Outcome, Reliability, Stance, Verdict
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Place
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFinding(Act):
    """Begin a finding as a draft, handled as the case is."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetitleFinding(FindingAct):
    """Give the draft another title."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteClaim(FindingAct):
    """Write a claim: one sentence that can be checked, and its parts.

    Args:
        claim: the id of the claim that is written anew and keeps its evidence, or None: a new one.
        sentence: as it will be printed.
        subject: the id of a subject of the case.
        act: what was done, as a verb.
        object: what it was done to or with, or None.
        when: the time it is said of, in whole seconds; one end at least is known.
        place: where, or None.
        quantity: how much, or None.
    """

    claim: str | None
    sentence: str
    subject: str
    act: str
    object: str | None
    when: Interval[datetime]
    place: Place | None = None
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeClaim(FindingAct):
    """Take a claim out of the draft; the journal keeps it."""

    claim: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvidence(FindingAct):
    """Link a claim to one place in one exhibit.

    Args:
        claim: the claim's id.
        citation: which bytes, and where in them.
        stance: whether it supports the claim, contradicts it, or is context.
        reliability: of the source, A to F.
        credibility: of what it says, 1 to 6.
        quote: its words as they stand there, or None.
        note: what is to be said of it, or None.
    """

    claim: str
    citation: Citation
    stance: Stance
    reliability: Reliability
    credibility: Credibility
    quote: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkEvidence(FindingAct):
    """Take evidence away from a claim, with a reason; the journal keeps it."""

    link: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderAlternative(FindingAct):
    """Weigh another explanation.

    Args:
        text: the other explanation.
        assessment: what speaks for and against it.
        answers: ids of the contradicting evidence links it deals with.
    """

    text: str
    assessment: str
    answers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeAlternative(FindingAct):
    """Take another explanation out of the draft, with a reason; the journal keeps it."""

    alternative: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetConfidence(FindingAct):
    """Say how sure the authors are, in words."""

    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMeasures(FindingAct):
    """Name the measures the finding bears on, each as it stood at the time of a claim."""

    measures: tuple[MeasureText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitForReview(FindingAct):
    """Give the draft to the reviewers; its text is fixed from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(FindingAct):
    """Say, as someone who wrote none of it, whether the text holds. A reviewer's last word counts."""

    verdict: Verdict
    remarks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLaw(FindingAct):
    """Say, as someone who wrote none of it, whether the measures are the right ones and were in force."""

    verdict: Verdict
    remarks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToDraft(FindingAct):
    """Open the text again; reviews, the check of the law, decision and approvals fall, notices and replies stay."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNotice(FindingAct):
    """Tell someone the finding is about what is alleged, by when and how to answer.

    Args:
        addressee: to whom it went, with the address.
        concerns: ids of the subjects it speaks of; it tells the claims that are about them.
        language: the language it was written in, such as `ko` (BCP 47).
        alleges: what it says is alleged.
        how_to_answer: where a reply can be sent, and in what form.
        deadline: the last day for a reply.
        exhibit: the digest of the notice as it was sent.
    """

    addressee: str
    concerns: frozenset[str]
    language: str
    alleges: str
    how_to_answer: str
    deadline: date
    exhibit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveDelivery(FindingAct):
    """Enter the proof that a notice arrived.

    Args:
        notice: the notice's id.
        exhibit: the digest of the proof.
        delivered_on: the day it proves.
    """

    notice: str
    exhibit: str
    delivered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendDeadline(FindingAct):
    """Give more time for a reply."""

    notice: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReply(FindingAct):
    """Enter a reply as it came, and the points it makes; at any time, also after publication.

    After it, as with answers and dissents, it is public once coordinators have approved and published what came late.

    Args:
        notice: the id of the notice it answers.
        exhibit: the digest of the reply as it came.
        received_on: the day it came.
        points: one at least, in its own words or close to them; "no comment" is one.
        final: whether the one named says that this is all: then the time for a reply is not waited for. None, as in
            journals written before it was asked, is refused.
    """

    notice: str
    exhibit: str
    received_on: date
    points: tuple[str, ...]
    final: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPoint(FindingAct):
    """Answer one point of a reply."""

    point: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareNoReply(FindingAct):
    """State that no reply came, after proven delivery and after the deadline."""

    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimHarmException(FindingAct):
    """Say that a notice would endanger someone, whom (as a role, not a name) and how."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantHarmException(FindingAct):
    """Grant, as a coordinator who neither claimed it nor wrote the finding, that no notice is sent for its claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(FindingAct):
    """Decide whether the finding is established by the case's standard of proof, and say why."""

    outcome: Outcome
    reasoning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent(FindingAct):
    """Put on record that one disagrees, and why; it is published with the finding, or with what came to it later."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(FindingAct):
    """Approve, for one's member, that the finding is published as decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(FindingAct):
    """Publish the finding; an earlier version that stands becomes a corrected one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveLateWords(FindingAct):
    """Approve, for one's member, that what came to a version since it was published is published with it.

    Args:
        version: its number.
    """

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishLateWords(FindingAct):
    """Publish what came to a version since it was published: replies, answers to them, dissents.

    Args:
        version: its number.
    """

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCorrection(FindingAct):
    """Begin a new version as a draft with the same text; what is published stands until the new one is."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(FindingAct):
    """Withdraw a version, with a reason. It is not deleted: it stays, marked so.

    Args:
        version: its number.
        reason: why.
    """

    version: int
    reason: str
