"""What acts make of a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bongsu.cases.acts import Act, FindingAct
from bongsu.cases.finding import (
    Alternative,
    Claim,
    Decision,
    Delivery,
    EvidenceLink,
    Extension,
    Finding,
    FindingVersion,
    HarmException,
    Mark,
    Notice,
    Opinion,
    Point,
    PointAnswer,
    Reply,
    Statement,
)
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
from bongsu.cases.model import Case, CaseSubject, next_id
from bongsu.cases.words import FindingState

Step = Callable[[FindingVersion, Any, Mark, Case], FindingVersion]  # Any: each takes the act it stands beside

_TOLD: Final = frozenset({FindingState.NOTICE_SENT, FindingState.REPLY_PERIOD})
_SETTLED: Final = frozenset({FindingState.DECIDED, FindingState.APPROVED})


def advanced(finding: Finding, act: FindingAct, mark: Mark, case: Case) -> Finding:
    """A finding after an act.

    Args:
        finding: before.
        act: what was done.
        mark: by whom and when.
        case: the case as it stood before.

    Raises:
        ValueError: the act is on something that is not there.
    """
    if isinstance(act, StartCorrection):
        return _corrected(finding, act, mark)
    if isinstance(act, Publish):
        return _published(finding, mark, case)
    number = _number(finding, act)
    step = STEPS[type(act)]
    versions = (step(each, act, mark, case) if each.number == number else each for each in finding.versions)
    return replace(finding, versions=tuple(versions))


def _number(finding: Finding, act: FindingAct) -> int:
    """Which version an act is on: the newest, but for what belongs to a notice or reply of an earlier one."""
    if isinstance(act, Withdraw | ApproveLateWords | PublishLateWords):
        found = [each for each in finding.versions if each.number == act.version]
    elif isinstance(act, ProveDelivery | RecordReply | ExtendDeadline | DeclareNoReply):
        found = [each for each in finding.versions if each.notice(act.notice) is not None]
    elif isinstance(act, AnswerPoint):
        found = [each for each in finding.versions if any(_has(reply, act.point) for reply in each.replies)]
    else:
        found = [finding.current]
    if not found:
        raise ValueError(f"{act.kind}: there is no such part of finding {finding.id}")
    return found[-1].number


def _has(reply: Reply, point_id: str) -> bool:
    return any(point.id == point_id for point in reply.points)


def _corrected(finding: Finding, act: StartCorrection, mark: Mark) -> Finding:
    base = finding.standing or finding.current
    version = FindingVersion(
        number=finding.current.number + 1,
        state=FindingState.DRAFT,
        title=base.title,
        started=mark,
        why=act.reason,
        authors=base.authors | {mark.by},
        claims=base.claims,
        measures=base.measures,
        confidence=base.confidence,
        alternatives=base.alternatives,
    )
    return replace(finding, versions=(*finding.versions, version))


def _published(finding: Finding, mark: Mark, case: Case) -> Finding:
    earlier = (
        replace(each, state=FindingState.CORRECTED, corrected_at=mark.at)
        if each.state is FindingState.PUBLISHED
        else each
        for each in finding.versions[:-1]
    )
    public = replace(
        finding.current,
        state=FindingState.PUBLISHED,
        published=mark,
        subjects=_subjects(finding.current, case),
        standard=case.standard,
        published_words=finding.current.words,
    )
    return replace(finding, versions=(*earlier, public))


def _written(version: FindingVersion, mark: Mark) -> FindingVersion:
    return replace(version, authors=version.authors | {mark.by})


def _retitle(version: FindingVersion, act: RetitleFinding, mark: Mark, _: Case) -> FindingVersion:
    return replace(_written(version, mark), title=act.title)


def _write_claim(version: FindingVersion, act: WriteClaim, mark: Mark, case: Case) -> FindingVersion:
    before = None if act.claim is None else version.claim(act.claim)
    if act.claim is not None and before is None:
        raise ValueError(f"write_claim: there is no claim {act.claim}")
    claim = Claim(
        id=next_id(case) if before is None else before.id,
        sentence=act.sentence,
        subject=act.subject,
        act=act.act,
        object=act.object,
        when=act.when,
        place=act.place,
        quantity=act.quantity,
        links=() if before is None else before.links,
    )
    claims = (
        (*version.claims, claim)
        if before is None
        else tuple(claim if each.id == claim.id else each for each in version.claims)
    )
    return replace(_written(version, mark), claims=claims)


def _strike_claim(version: FindingVersion, act: StrikeClaim, mark: Mark, _: Case) -> FindingVersion:
    return replace(_written(version, mark), claims=tuple(each for each in version.claims if each.id != act.claim))


def _link(version: FindingVersion, act: LinkEvidence, mark: Mark, case: Case) -> FindingVersion:
    if version.claim(act.claim) is None:
        raise ValueError(f"link_evidence: there is no claim {act.claim}")
    link = EvidenceLink(
        id=next_id(case),
        citation=act.citation,
        stance=act.stance,
        reliability=act.reliability,
        credibility=act.credibility,
        quote=act.quote,
        note=act.note,
    )
    claims = (replace(each, links=(*each.links, link)) if each.id == act.claim else each for each in version.claims)
    return replace(_written(version, mark), claims=tuple(claims))


def _unlink(version: FindingVersion, act: UnlinkEvidence, mark: Mark, _: Case) -> FindingVersion:
    claims = (replace(each, links=tuple(link for link in each.links if link.id != act.link)) for each in version.claims)
    return replace(_written(version, mark), claims=tuple(claims))


def _alternative(version: FindingVersion, act: ConsiderAlternative, mark: Mark, case: Case) -> FindingVersion:
    weighed = Alternative(id=next_id(case), text=act.text, assessment=act.assessment, answers=act.answers)
    return replace(_written(version, mark), alternatives=(*version.alternatives, weighed))


def _strike_alternative(version: FindingVersion, act: StrikeAlternative, mark: Mark, _: Case) -> FindingVersion:
    kept = tuple(each for each in version.alternatives if each.id != act.alternative)
    return replace(_written(version, mark), alternatives=kept)


def _confidence(version: FindingVersion, act: SetConfidence, mark: Mark, _: Case) -> FindingVersion:
    return replace(_written(version, mark), confidence=act.confidence)


def _measures(version: FindingVersion, act: SetMeasures, mark: Mark, _: Case) -> FindingVersion:
    return replace(
        _written(version, mark), measures=tuple(sorted(set(act.measures), key=lambda each: (each.key, each.on)))
    )


def _submit(version: FindingVersion, _: SubmitForReview, mark: Mark, __: Case) -> FindingVersion:
    return replace(version, state=FindingState.REVIEW, submitted=mark)


def _review(version: FindingVersion, act: Review, mark: Mark, _: Case) -> FindingVersion:
    others = (opinion for opinion in version.reviews if opinion.mark.by != mark.by)
    return replace(version, reviews=(*others, Opinion(mark=mark, verdict=act.verdict, remarks=act.remarks)))


def _check_law(version: FindingVersion, act: CheckLaw, mark: Mark, _: Case) -> FindingVersion:
    return replace(version, law_check=Opinion(mark=mark, verdict=act.verdict, remarks=act.remarks))


def _return(version: FindingVersion, _: ReturnToDraft, __: Mark, ___: Case) -> FindingVersion:
    return replace(
        version, state=FindingState.DRAFT, submitted=None, reviews=(), law_check=None, decision=None, approvals=()
    )


def _send_notice(version: FindingVersion, act: SendNotice, mark: Mark, case: Case) -> FindingVersion:
    notice = Notice(
        id=next_id(case),
        addressee=act.addressee,
        concerns=act.concerns,
        language=act.language,
        alleges=act.alleges,
        how_to_answer=act.how_to_answer,
        deadline=act.deadline,
        exhibit=act.exhibit,
        sent=mark,
        claims=frozenset(claim.digest for claim in version.claims if claim.subject in act.concerns),
        subjects=tuple(subject for subject in case.subjects if subject.id in act.concerns),
        title=version.title,
    )
    return _heard(replace(version, state=FindingState.NOTICE_SENT, notices=(*version.notices, notice)))


def _with_notice(version: FindingVersion, notice: Notice) -> FindingVersion:
    return replace(version, notices=tuple(notice if each.id == notice.id else each for each in version.notices))


def _noticed(version: FindingVersion, notice_id: str) -> Notice:
    notice = version.notice(notice_id)
    if notice is None:
        raise ValueError(f"there is no notice {notice_id}")
    return notice


def _prove(version: FindingVersion, act: ProveDelivery, mark: Mark, _: Case) -> FindingVersion:
    delivery = Delivery(mark=mark, exhibit=act.exhibit, delivered_on=act.delivered_on)
    return _heard(_with_notice(version, replace(_noticed(version, act.notice), delivery=delivery)))


def _extend(version: FindingVersion, act: ExtendDeadline, mark: Mark, _: Case) -> FindingVersion:
    notice = _noticed(version, act.notice)
    extension = Extension(mark=mark, until=act.until, reason=act.reason)
    # More time: what was said before about silence no longer holds, nor what was decided upon it.
    return _reopened(_with_notice(version, replace(notice, extensions=(*notice.extensions, extension), no_reply=None)))


def _no_reply(version: FindingVersion, act: DeclareNoReply, mark: Mark, _: Case) -> FindingVersion:
    return _with_notice(version, replace(_noticed(version, act.notice), no_reply=mark))


def _reply(version: FindingVersion, act: RecordReply, mark: Mark, case: Case) -> FindingVersion:
    notice = _noticed(version, act.notice)
    points = tuple(Point(id=next_id(case, index), text=text) for index, text in enumerate(act.points, start=1))
    reply = Reply(
        id=next_id(case),
        notice=notice.id,
        exhibit=act.exhibit,
        received_on=act.received_on,
        recorded=mark,
        points=points,
        final=act.final is True,
    )
    version = _heard(replace(_said_since(version), replies=(*version.replies, reply)))
    # A reply in time is decided upon; a late one is answered and published, and does not hold the decision up.
    # In journals of before `final` was asked, what counted was the day that the notice names.
    last = notice.due if act.final is None else notice.offered
    return _reopened(version) if act.received_on <= last else version


def _answer(version: FindingVersion, act: AnswerPoint, mark: Mark, _: Case) -> FindingVersion:
    answer = PointAnswer(mark=mark, text=act.text)
    replies = (
        replace(
            reply,
            points=tuple(replace(point, answer=answer) if point.id == act.point else point for point in reply.points),
        )
        for reply in version.replies
    )
    return replace(_written(_said_since(version), mark), replies=tuple(replies))


def _heard(version: FindingVersion) -> FindingVersion:
    """The reply period begins when every notice of what is now claimed has arrived or was answered."""
    if version.state not in _TOLD:
        return version
    current = {claim.digest for claim in version.claims}
    answered = {reply.notice for reply in version.replies}
    open_ = any(
        notice.delivery is None and notice.id not in answered for notice in version.notices if notice.claims & current
    )
    return replace(version, state=FindingState.NOTICE_SENT if open_ else FindingState.REPLY_PERIOD)


def _reopened(version: FindingVersion) -> FindingVersion:
    if version.state not in _SETTLED:
        return version
    return replace(version, state=FindingState.REPLY_PERIOD, decision=None, approvals=())


def _claim_exception(version: FindingVersion, act: ClaimHarmException, mark: Mark, _: Case) -> FindingVersion:
    return replace(version, harm_exception=HarmException(claimed=mark, reason=act.reason))


def _grant_exception(version: FindingVersion, _: GrantHarmException, mark: Mark, case: Case) -> FindingVersion:
    if version.harm_exception is None:
        raise ValueError("grant_harm_exception: none was claimed")
    granted = replace(
        version.harm_exception,
        granted=mark,
        claims=frozenset(claim.digest for claim in version.claims),
        subjects=_subjects(version, case),
        title=version.title,
    )
    return replace(version, harm_exception=granted)


def _subjects(version: FindingVersion, case: Case) -> tuple[CaseSubject, ...]:
    """The subjects that a version's claims are about, as the case has them."""
    named = {claim.subject for claim in version.claims}
    return tuple(subject for subject in case.subjects if subject.id in named)


def _decide(version: FindingVersion, act: Decide, mark: Mark, _: Case) -> FindingVersion:
    decision = Decision(mark=mark, outcome=act.outcome, reasoning=act.reasoning)
    return replace(version, state=FindingState.DECIDED, decision=decision)


def _dissent(version: FindingVersion, act: Dissent, mark: Mark, _: Case) -> FindingVersion:
    return replace(_said_since(version), dissents=(*version.dissents, Statement(mark=mark, text=act.text)))


def _said_since(version: FindingVersion) -> FindingVersion:
    """A version to which something is about to come: what was approved of what came before it is approved anew."""
    # A row that an earlier release kept tells not which words are public: all that were there were.
    unsaid = version.published is not None and version.published_words is None
    return replace(version, late_approvals=(), published_words=version.words if unsaid else version.published_words)


def _approve(version: FindingVersion, _: Approve, mark: Mark, __: Case) -> FindingVersion:
    return replace(version, state=FindingState.APPROVED, approvals=(*version.approvals, mark))


def _approve_late(version: FindingVersion, _: ApproveLateWords, mark: Mark, __: Case) -> FindingVersion:
    return replace(version, late_approvals=(*version.late_approvals, mark))


def _publish_late(version: FindingVersion, _: PublishLateWords, __: Mark, ___: Case) -> FindingVersion:
    return replace(version, published_words=version.words, late_approvals=())


def _withdraw(version: FindingVersion, act: Withdraw, mark: Mark, _: Case) -> FindingVersion:
    return replace(version, state=FindingState.WITHDRAWN, withdrawn=Statement(mark=mark, text=act.reason))


STEPS: Final[Mapping[type[Act], Step]] = {
    RetitleFinding: _retitle,
    WriteClaim: _write_claim,
    StrikeClaim: _strike_claim,
    LinkEvidence: _link,
    UnlinkEvidence: _unlink,
    ConsiderAlternative: _alternative,
    StrikeAlternative: _strike_alternative,
    SetConfidence: _confidence,
    SetMeasures: _measures,
    SubmitForReview: _submit,
    Review: _review,
    CheckLaw: _check_law,
    ReturnToDraft: _return,
    SendNotice: _send_notice,
    ProveDelivery: _prove,
    ExtendDeadline: _extend,
    DeclareNoReply: _no_reply,
    RecordReply: _reply,
    AnswerPoint: _answer,
    ClaimHarmException: _claim_exception,
    GrantHarmException: _grant_exception,
    Decide: _decide,
    Dissent: _dissent,
    Approve: _approve,
    ApproveLateWords: _approve_late,
    PublishLateWords: _publish_late,
    Withdraw: _withdraw,
}
