"""What acts on a finding ask for, and at which states each is done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bongsu.cases.acts import Act
from bongsu.cases.checklist import (
    decision_gaps,
    is_one_sentence,
    measure_gaps,
    publication_gaps,
    review_gaps,
    text_gaps,
    unanswered,
    waiting_until,
)
from bongsu.cases.finding import Finding, FindingVersion, Notice, Point, Reply
from bongsu.cases.finding_acts import (
    AnswerPoint,
    Approve,
    ApproveLateWords,
    CheckLaw,
    ClaimHarmException,
    ConsiderAlternative,
    Decide,
    DeclareNoReply,
    Dissent,
    ExtendDeadline,
    GrantHarmException,
    LinkEvidence,
    ProveDelivery,
    Publish,
    PublishLateWords,
    RecordReply,
    RetitleFinding,
    ReturnToDraft,
    Review,
    SendNotice,
    SetConfidence,
    SetMeasures,
    StartCorrection,
    StrikeAlternative,
    StrikeClaim,
    SubmitForReview,
    UnlinkEvidence,
    Withdraw,
    WriteClaim,
)
from bongsu.cases.situation import Missing, Situation, lacks
from bongsu.cases.words import UNDER_WAY, FindingState, Stance

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DRAFT: Final = frozenset({FindingState.DRAFT})
_HEARING: Final = frozenset({FindingState.REVIEW, FindingState.NOTICE_SENT, FindingState.REPLY_PERIOD})
_OPEN: Final = UNDER_WAY | _DRAFT

#: Where a finding's current version must stand; an act that is not here is done at any state.
STATES: Final[Mapping[type[Act], frozenset[FindingState]]] = {
    **dict.fromkeys(
        (
            RetitleFinding, WriteClaim, StrikeClaim, LinkEvidence, UnlinkEvidence, ConsiderAlternative,
            StrikeAlternative, SetConfidence, SetMeasures, SubmitForReview,
        ),
        _DRAFT,
    ),
    **dict.fromkeys((Review, CheckLaw, SendNotice, GrantHarmException, Decide), _HEARING),
    ClaimHarmException: _HEARING | _DRAFT,
    **dict.fromkeys((ExtendDeadline, DeclareNoReply), _OPEN),
    ReturnToDraft: UNDER_WAY,
    Dissent: UNDER_WAY | {FindingState.PUBLISHED},
    Approve: frozenset({FindingState.DECIDED, FindingState.APPROVED}),
    Publish: frozenset({FindingState.APPROVED}),
    StartCorrection: frozenset({FindingState.PUBLISHED, FindingState.WITHDRAWN}),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSituation(Situation):
    """A situation, with the finding meant and its current version."""

    finding: Finding
    version: FindingVersion

    def notice(self, notice_id: str) -> Notice | None:
        """A notice of any version, by its id: a reply may come to one of an earlier version."""
        return next(
            (each for version in self.finding.versions for each in version.notices if each.id == notice_id), None
        )

    def letters(self) -> frozenset[str]:
        """The digests of the notices as they were sent, and of the proofs that they arrived."""
        notices = [notice for version in self.finding.versions for notice in version.notices]
        proofs = [notice.delivery.exhibit for notice in notices if notice.delivery is not None]
        return frozenset([*(notice.exhibit for notice in notices), *proofs])

    def replies(self) -> Iterator[tuple[FindingVersion, Reply]]:
        """All replies to all versions, with the version."""
        return ((version, reply) for version in self.finding.versions for reply in version.replies)


Check = Callable[[FindingSituation, Any], Iterable[Missing]]  # Any: each takes the act it stands beside


def _write_claim(situation: FindingSituation, act: WriteClaim) -> Iterator[Missing]:
    if act.claim is not None and situation.version.claim(act.claim) is None:
        yield lacks("unknown_item", "claim", what="claim", id=act.claim)
    if not is_one_sentence(act.sentence):
        yield lacks("claim_not_a_sentence", "sentence", sentence=act.sentence)
    if act.when.low is None and act.when.high is None:
        yield lacks("claim_without_time", "when", sentence=act.sentence)
    if situation.case.subject(act.subject) is None:
        yield lacks("claim_subject_unknown", "subject", sentence=act.sentence)


def _strike_claim(situation: FindingSituation, act: StrikeClaim) -> Iterator[Missing]:
    if situation.version.claim(act.claim) is None:
        yield lacks("unknown_item", "claim", what="claim", id=act.claim)


def _link_evidence(situation: FindingSituation, act: LinkEvidence) -> Iterator[Missing]:
    if situation.version.claim(act.claim) is None:
        yield lacks("unknown_item", "claim", what="claim", id=act.claim)
    yield from situation.exhibit(act.citation.exhibit, "citation", within=situation.finding.handling)


def _unlink_evidence(situation: FindingSituation, act: UnlinkEvidence) -> Iterator[Missing]:
    if all(link.id != act.link for link in situation.version.links):
        yield lacks("unknown_item", "link", what="evidence link", id=act.link)


def _alternative(situation: FindingSituation, act: ConsiderAlternative) -> Iterator[Missing]:
    against = {link.id for link in situation.version.links if link.stance is Stance.CONTRADICTS}
    for link in sorted(act.answers - against):
        yield lacks("unknown_link", "answers", id=link)


def _strike_alternative(situation: FindingSituation, act: StrikeAlternative) -> Iterator[Missing]:
    if all(each.id != act.alternative for each in situation.version.alternatives):
        yield lacks("unknown_item", "alternative", what="alternative", id=act.alternative)


def _set_measures(situation: FindingSituation, act: SetMeasures) -> Iterator[Missing]:
    if not act.measures:
        yield lacks("no_measures", "measures")
    for measure in act.measures:
        yield from measure_gaps(measure, "measures", situation.known)


def _submit(situation: FindingSituation, _: SubmitForReview) -> Iterator[Missing]:
    yield from text_gaps(situation.case, situation.finding, situation.version, situation.known)


def _outsider(situation: FindingSituation, _: Act) -> Iterator[Missing]:
    if situation.by.id in situation.version.authors:
        yield lacks("author_reviews", situation.finding.id)


def _send_notice(situation: FindingSituation, act: SendNotice) -> Iterator[Missing]:
    version = situation.version
    yield from text_gaps(situation.case, situation.finding, version, situation.known)
    yield from review_gaps(situation.finding, version)
    told = {claim.subject for claim in version.claims} & act.concerns
    if not told or any(situation.case.subject(each) is None for each in act.concerns):
        yield lacks("concerns_nobody", "concerns")
    days = situation.known.least_reply_days
    earliest = situation.today + timedelta(days=days)
    if act.deadline < earliest:
        yield lacks("deadline_too_soon", "deadline", earliest=earliest, days=days)
    if not _LANGUAGE.fullmatch(act.language):
        yield lacks("not_a_language", "language", language=act.language)
    yield from situation.exhibit(act.exhibit, "exhibit")


def _prove_delivery(situation: FindingSituation, act: ProveDelivery) -> Iterator[Missing]:
    notice = situation.notice(act.notice)
    if notice is None:
        yield lacks("unknown_item", "notice", what="notice", id=act.notice)
        return
    if notice.delivery is not None:
        yield lacks("delivery_proven", notice.id)
    yield from situation.past(act.delivered_on, "delivered_on", since=notice.sent.at.date())
    yield from situation.exhibit(act.exhibit, "exhibit")


def _extend(situation: FindingSituation, act: ExtendDeadline) -> Iterator[Missing]:
    notice = situation.version.notice(act.notice)
    if notice is None:
        yield lacks("unknown_item", "notice", what="notice", id=act.notice)
    elif act.until <= notice.due:
        yield lacks("not_later", "until", due=notice.due)


def _record_reply(situation: FindingSituation, act: RecordReply) -> Iterator[Missing]:
    notice = situation.notice(act.notice)
    if notice is None:
        yield lacks("unknown_item", "notice", what="notice", id=act.notice)
        return
    if not act.points:
        yield lacks("no_points", "points")
    if not all(point.strip() for point in act.points):
        yield lacks("blank", "points", field="points")
    if act.final is None:
        yield lacks("blank", "final", field="final")
    if act.exhibit in situation.letters():
        yield lacks("own_letter", "exhibit", exhibit=act.exhibit[:12])
    yield from situation.past(act.received_on, "received_on", since=notice.sent.at.date())
    yield from situation.exhibit(act.exhibit, "exhibit")


def _answer_point(situation: FindingSituation, act: AnswerPoint) -> Iterator[Missing]:
    for version, reply in situation.replies():
        for point in reply.points:
            if point.id == act.point:
                yield from _answer(situation, version, point)
                return
    yield lacks("unknown_item", "point", what="point", id=act.point)


def _answer(situation: FindingSituation, version: FindingVersion, point: Point) -> Iterator[Missing]:
    if point.answer is not None and version.state not in _HEARING | _DRAFT:
        yield lacks("answer_settled", point.id)
    if situation.by.id in version.judges:
        yield lacks("judge_answers", point.id)


def _no_reply(situation: FindingSituation, act: DeclareNoReply) -> Iterator[Missing]:
    notice = situation.version.notice(act.notice)
    if notice is None:
        yield lacks("unknown_item", "notice", what="notice", id=act.notice)
        return
    if situation.version.replies_to(notice.id):
        yield lacks("reply_there", notice.id)
    if notice.no_reply is not None:
        yield lacks("no_reply_declared", notice.id)
    last = waiting_until(notice, situation.known)
    if notice.delivery is None:
        yield lacks("delivery_unproven", notice.id, addressee=notice.addressee)
    if situation.today <= last:
        yield lacks("reply_time_running", notice.id, addressee=notice.addressee, due=last)


def _claim_exception(situation: FindingSituation, _: ClaimHarmException) -> Iterator[Missing]:
    exception = situation.version.harm_exception
    if exception is not None and exception.granted is None:
        yield lacks("exception_pending", situation.finding.id)


def _grant_exception(situation: FindingSituation, act: GrantHarmException) -> Iterator[Missing]:
    exception = situation.version.harm_exception
    yield from text_gaps(situation.case, situation.finding, situation.version, situation.known)
    yield from _outsider(situation, act)
    if exception is None or exception.granted is not None:
        yield lacks("no_exception", situation.finding.id)
    elif exception.claimed.by == situation.by.id:
        yield lacks("own_exception", situation.finding.id)


def _decide(situation: FindingSituation, act: Decide) -> Iterator[Missing]:
    yield from decision_gaps(situation.case, situation.finding, situation.version, situation.today, situation.known)
    yield from _outsider(situation, act)


def _approve(situation: FindingSituation, act: Approve) -> Iterator[Missing]:
    yield from text_gaps(situation.case, situation.finding, situation.version, situation.known)
    yield from _outsider(situation, act)
    if situation.by.member in situation.version.approving_members:
        yield lacks("already_approved", situation.finding.id)


def _publish(situation: FindingSituation, _: Publish) -> Iterator[Missing]:
    yield from publication_gaps(situation.case, situation.finding, situation.version, situation.today, situation.known)


def _approve_late(situation: FindingSituation, act: ApproveLateWords) -> Iterator[Missing]:
    version = situation.finding.version(act.version)
    yield from _late_words(version, act.version)
    if version is not None and situation.by.id in version.authors:
        yield lacks("author_reviews", situation.finding.id)
    if version is not None and situation.by.member in {mark.member for mark in version.late_approvals}:
        yield lacks("already_approved", situation.finding.id)


def _publish_late(situation: FindingSituation, act: PublishLateWords) -> Iterator[Missing]:
    version = situation.finding.version(act.version)
    yield from _late_words(version, act.version)
    count, needed = (
        len({mark.member for mark in version.late_approvals} if version else ()),
        situation.known.approvals_needed,
    )
    if count < needed:
        yield lacks("too_few_approvals", situation.finding.id, count=count, needed=needed)


def _late_words(version: FindingVersion | None, number: int) -> Iterator[Missing]:
    """What is missing to publish what came to a version later: something that came, an answer to every point."""
    if version is None:
        yield lacks("unknown_item", "version", what="version", id=number)
        return
    if not version.late_words:
        yield lacks("no_late_words", "version", number=number)
    yield from unanswered(version)


def _withdraw(situation: FindingSituation, act: Withdraw) -> Iterator[Missing]:
    version = situation.finding.version(act.version)
    if version is None:
        yield lacks("unknown_item", "version", what="version", id=act.version)
    elif version.state not in _OPEN | {FindingState.PUBLISHED}:
        yield lacks("not_to_withdraw", situation.finding.id, state=version.state.value)


CHECKS: Final[Mapping[type[Act], Check]] = {
    WriteClaim: _write_claim,
    StrikeClaim: _strike_claim,
    LinkEvidence: _link_evidence,
    UnlinkEvidence: _unlink_evidence,
    ConsiderAlternative: _alternative,
    StrikeAlternative: _strike_alternative,
    SetMeasures: _set_measures,
    SubmitForReview: _submit,
    Review: _outsider,
    CheckLaw: _outsider,
    SendNotice: _send_notice,
    ProveDelivery: _prove_delivery,
    ExtendDeadline: _extend,
    RecordReply: _record_reply,
    AnswerPoint: _answer_point,
    DeclareNoReply: _no_reply,
    ClaimHarmException: _claim_exception,
    GrantHarmException: _grant_exception,
    Decide: _decide,
    Approve: _approve,
    Publish: _publish,
    ApproveLateWords: _approve_late,
    PublishLateWords: _publish_late,
    Withdraw: _withdraw,
}
