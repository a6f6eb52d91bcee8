"""A finding: a versioned statement made of claims that rest on evidence, and its way to publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bongsu.cases import codec
from bongsu.cases.handling import Handling
from bongsu.cases.subject import CaseSubject
from bongsu.cases.words import (
    MADE_PUBLIC,
    Confidence,
    Credibility,
    FindingState,
    Outcome,
    Reliability,
    Stance,
    Standard,
    Verdict,
)
from bongsu.kernel.canonical import digest_of
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Place
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Who did something, for which member, and when."""

    by: str
    member: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLink:
    """One place in one exhibit, and what it does to a claim.

    Args:
        id: made from the act that linked it.
        citation: which bytes, and where in them.
        stance: whether it supports the claim, contradicts it, or is context.
        reliability: of the source, A to F.
        credibility: of what it says, 1 to 6.
        quote: its words as they stand there, or None.
        note: what the analyst says of it, or None.
    """

    id: str
    citation: Citation
    stance: Stance
    reliability: Reliability
    credibility: Credibility
    quote: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence that can be checked, and the parts it is made of.

    Args:
        id: made from the act that first wrote it; rewriting keeps it.
        sentence: as it will be printed.
        subject: the id of a subject of the case: who did it.
        act: what was done, as a verb: `transferred`, `called at`, `sold`.
        object: what it was done to or with, or None.
        when: the time it is said of; one end at least is known.
        place: where, or None.
        quantity: how much, or None.
        links: the evidence, in the order it was linked.
    """

    id: str
    sentence: str
    subject: str
    act: str
    object: str | None
    when: Interval[datetime]
    place: Place | None
    quantity: Quantity | None
    links: tuple[EvidenceLink, ...] = ()

    @property
    def digest(self) -> str:
        """Names what the claim says, whatever it rests on; of its subject it names the id alone, see `tells`."""
        return digest_of({key: part for key, part in codec.record(self).items() if key != "links"})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MeasureText:
    """A measure as it stood on a day.

    Args:
        key: its key, such as `2397/5`.
        on: the day; it lies within the time of a claim.
        text_id: the id of the public text its card was compared with, or None: it was not.
        changed_by: the key of the last measure that had changed it by then, or None.
    """

    key: str
    on: date
    text_id: str | None
    changed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another explanation, and why it was not followed.

    Args:
        id: made from the act.
        text: the other explanation.
        assessment: what speaks for and against it.
        answers: ids of the contradicting evidence links it deals with.
    """

    id: str
    text: str
    assessment: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a reviewer, or the one who checked the law, says of the version as it stands."""

    mark: Mark
    verdict: Verdict
    remarks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The proof that a notice arrived: an exhibit, and the day it proves."""

    mark: Mark
    exhibit: str
    delivered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time for a reply."""

    mark: Mark
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was told to someone a finding is about: what is alleged, by when and how to answer.

    Args:
        id: made from the act.
        addressee: to whom it went, with the address.
        concerns: ids of the subjects it speaks of.
        language: the language it was written in, such as `ko` (BCP 47).
        alleges: what it says is alleged.
        how_to_answer: where a reply can be sent, and in what form.
        deadline: the last day for a reply, as first set.
        exhibit: the digest of the notice as it was sent.
        sent: by whom and when.
        claims: digests of the claims as it told them.
        subjects: those it speaks of, as the case had them then.
        title: the finding's, as it was then.
        delivery: the proof of its arrival, or None.
        extensions: in their order.
        no_reply: who stated, after proven delivery and the deadline, that none came; or None.
    """

    id: str
    addressee: str
    concerns: frozenset[str]
    language: str
    alleges: str
    how_to_answer: str
    deadline: date
    exhibit: str
    sent: Mark
    claims: frozenset[str]
    subjects: tuple[CaseSubject, ...] = ()
    title: str = ""
    delivery: Delivery | None = None
    extensions: tuple[Extension, ...] = ()
    no_reply: Mark | None = None

    @property
    def due(self) -> date:
        """The last day for a reply, extensions counted."""
        return max([self.deadline, *(extension.until for extension in self.extensions)])

    @property
    def offered(self) -> date:
        """The last day of as much time as it offered when it was sent, counted from its arrival; `due` at least."""
        if self.delivery is None:
            return self.due
        return max(self.due, self.delivery.delivered_on + (self.deadline - self.sent.at.date()))

    def tells(self, claim: Claim, about: CaseSubject | None, title: str) -> bool:
        """Whether it tells a claim as it now reads, of the subject as it is now written, under the title there is."""
        return claim.digest in self.claims and about in self.subjects and title == self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class PointAnswer:
    """What the analysts say to one point of a reply."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point a reply makes.

    Args:
        id: made from the act.
        text: the point, in the words of the reply or close to them.
        answer: the analysts' answer, or None as long as there is none.
    """

    id: str
    text: str
    answer: PointAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the one named says, kept verbatim.

    Args:
        id: made from the act.
        notice: the id of the notice it answers.
        exhibit: the digest of the reply as it came.
        received_on: the day it came.
        recorded: by whom and when it was entered.
        points: one at least.
        final: whether the one named says that it is all; else more of it is waited for, until the time is over.
    """

    id: str
    notice: str
    exhibit: str
    received_on: date
    recorded: Mark
    points: tuple[Point, ...]
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmException:
    """No notice is sent because it would endanger someone.

    Args:
        claimed: by whom and when.
        reason: what harm, to whom (as a role, not a name), and why no notice can avoid it.
        granted: the coordinator who granted it, another person; or None.
        claims: digests of the claims it was granted for.
        subjects: those the claims are about, as the case had them then.
        title: the finding's, as it was then.
    """

    claimed: Mark
    reason: str
    granted: Mark | None = None
    claims: frozenset[str] = frozenset()
    subjects: tuple[CaseSubject, ...] = ()
    title: str = ""

    def covers(self, claim: Claim, about: CaseSubject | None, title: str) -> bool:
        """Whether it was granted for a claim as it now reads, of the subject as it is now written, under the title."""
        return (
            self.granted is not None and claim.digest in self.claims and about in self.subjects and title == self.title
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, by the case's standard of proof, and why."""

    mark: Mark
    outcome: Outcome
    reasoning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a person says with a reason: a dissent, a withdrawal."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingVersion:
    """One version of a finding: its text, and its way to publication.

    Args:
        number: counted from 1.
        state: where it stands.
        title: one line.
        started: by whom and when.
        why: why an earlier version is corrected; None for the first.
        authors: ids of all persons who wrote any of it; none of them reviews, checks the law, decides or approves.
        claims, measures, confidence, alternatives: the text.
        submitted: by whom and when it last went to review, or None.
        reviews: the last word of each reviewer on the text as it stands.
        law_check: the last word on its law, or None.
        notices, replies: the right of reply; they outlive a return to draft.
        harm_exception: or None.
        decision: or None.
        dissents: in their order.
        approvals: one for each person, in their order.
        published: by whom and when, or None.
        subjects, standard: of a published version, those its claims are about and the standard of proof, as they were
            when it was published: the case may change, what was published does not.
        published_words: of a published version, which of its `words` are public; None: all.
        late_approvals: of what came since, one for each person, in their order; they fall when more comes.
        corrected_at: when a later version took its place, or None.
        withdrawn: by whom and why, or None.
    """

    number: int
    state: FindingState
    title: str
    started: Mark
    why: str | None
    authors: frozenset[str]
    claims: tuple[Claim, ...] = ()
    measures: tuple[MeasureText, ...] = ()
    confidence: Confidence | None = None
    alternatives: tuple[Alternative, ...] = ()
    submitted: Mark | None = None
    reviews: tuple[Opinion, ...] = ()
    law_check: Opinion | None = None
    notices: tuple[Notice, ...] = ()
    replies: tuple[Reply, ...] = ()
    harm_exception: HarmException | None = None
    decision: Decision | None = None
    dissents: tuple[Statement, ...] = ()
    approvals: tuple[Mark, ...] = ()
    published: Mark | None = None
    subjects: tuple[CaseSubject, ...] = ()
    standard: Standard | None = None
    published_words: frozenset[str] | None = None
    late_approvals: tuple[Mark, ...] = ()
    corrected_at: datetime | None = None
    withdrawn: Statement | None = None

    def claim(self, claim_id: str) -> Claim | None:
        """A claim by its id, or None."""
        return next((claim for claim in self.claims if claim.id == claim_id), None)

    def notice(self, notice_id: str) -> Notice | None:
        """A notice by its id, or None."""
        return next((notice for notice in self.notices if notice.id == notice_id), None)

    def reply(self, reply_id: str) -> Reply | None:
        """A reply by its id, or None."""
        return next((reply for reply in self.replies if reply.id == reply_id), None)

    def replies_to(self, notice_id: str) -> tuple[Reply, ...]:
        """The replies to a notice, in their order."""
        return tuple(reply for reply in self.replies if reply.notice == notice_id)

    @property
    def links(self) -> tuple[EvidenceLink, ...]:
        """All evidence of all claims, in their order."""
        return tuple(link for claim in self.claims for link in claim.links)

    @property
    def words(self) -> frozenset[str]:
        """Names for what others said of it and what was said to them: replies, answers, dissents."""
        answered = (point.id for reply in self.replies for point in reply.points if point.answer is not None)
        replies = (reply.id for reply in self.replies)
        dissents = (f"dissent {index}" for index, _ in enumerate(self.dissents))
        return frozenset([*replies, *(f"answer {point}" for point in answered), *dissents])

    @property
    def late_words(self) -> frozenset[str]:
        """Those that came since it was published, and are not public."""
        if self.published is None or self.published_words is None:
            return frozenset()
        return self.words - self.published_words

    @property
    def judges(self) -> frozenset[str]:
        """The persons who reviewed the text as it stands, checked its law, decided or approved; none of them writes."""
        marks = [*(opinion.mark for opinion in self.reviews), *self.approvals]
        marks += [part.mark for part in (self.law_check, self.decision) if part is not None]
        return frozenset(mark.by for mark in marks)

    @property
    def approving_members(self) -> frozenset[str]:
        """The members whose coordinators approved."""
        return frozenset(mark.member for mark in self.approvals)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingHandling:
    """A loosening that waits for the consent of the other originators."""

    handling: Handling
    reason: str
    consents: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A decided statement of a case, with all its versions.

    Args:
        id: made from the act that started it.
        handling: how its text is handled; it begins as the case's own. Who may not read the case reads what was
            published of it, and nothing else.
        versions: one at least, oldest first; none is ever taken out.
        pending: a loosening of the handling that some originators have consented to and others not yet, or None.
    """

    id: str
    handling: Handling
    versions: tuple[FindingVersion, ...]
    pending: PendingHandling | None = None

    @property
    def current(self) -> FindingVersion:
        """The newest version, whatever its state."""
        return self.versions[-1]

    @property
    def standing(self) -> FindingVersion | None:
        """The version that stands published, or None."""
        return next((each for each in reversed(self.versions) if each.state is FindingState.PUBLISHED), None)

    @property
    def newest_public(self) -> FindingVersion | None:
        """The newest version that was ever published, be it withdrawn since; or None."""
        return next((each for each in reversed(self.versions) if each.published is not None), None)

    @property
    def is_public(self) -> bool:
        """Whether any version was ever published, be it corrected or withdrawn since."""
        return any(each.published is not None or each.state in MADE_PUBLIC for each in self.versions)

    def version(self, number: int) -> FindingVersion | None:
        """A version by its number, or None."""
        return next((each for each in self.versions if each.number == number), None)
