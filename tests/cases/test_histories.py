"""Random histories at the invented desk: whatever people try, nothing is published without its proofs.

What must hold is said here of the state alone, and in other words than the rules say it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.cases.acts import Act
from bongsu.cases.case_acts import (
    AcceptIndicators,
    AddNote,
    AddSubject,
    ChangeHandling,
    CloseCase,
    DismissIndicator,
    ReopenCase,
    SetStandard,
)
from bongsu.cases.finding import Finding, FindingVersion
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
    ProveDelivery,
    Publish,
    PublishLateWords,
    RecordReply,
    RetitleFinding,
    ReturnToDraft,
    Review,
    SetConfidence,
    SetMeasures,
    StartCorrection,
    StartFinding,
    StrikeClaim,
    SubmitForReview,
    UnlinkEvidence,
    Withdraw,
)
from bongsu.cases.handling import Tlp, may_read
from bongsu.cases.journal import verify
from bongsu.cases.model import Case
from bongsu.cases.replay import replayed
from bongsu.cases.rules import missing, outstanding
from bongsu.cases.words import Confidence, FindingState, Outcome, Stance, Standard, Verdict
from bongsu.sandbox.casework import (
    AMBER,
    CLEAR,
    EXHIBITS,
    KNOWN,
    MEASURE,
    PEOPLE,
    TRADING,
    Desk,
    claim,
    digest,
    evidence,
    notice,
    opening,
)

NAMES = sorted(PEOPLE)
FORTNIGHT = timedelta(days=14)
EXHIBIT_NAMES = ("bill", "photo", "denial", "amber", "red", "fresh", "broken", "nowhere")


def text_acts(desk: Desk, rng: Random) -> Iterator[Act]:
    finding, version = desk.finding.id, desk.version
    yield claim(desk, claim=rng.choice([None, *(each.id for each in version.claims)]))
    yield claim(desk, sentence=f"Sandbox Trading One sold {rng.randrange(9)} barrels on 2 March 2026.")
    yield ConsiderAlternative(
        finding=finding,
        text="It was sea water.",
        assessment="The seal was whole.",
        answers=frozenset(link.id for link in version.links if link.stance is Stance.CONTRADICTS),
    )
    yield SetConfidence(finding=finding, confidence=rng.choice(list(Confidence)))
    yield SetMeasures(finding=finding, measures=(rng.choice([MEASURE, replace(MEASURE, key="9999/1")]),))
    yield RetitleFinding(finding=finding, title=rng.choice(["An invented finding", "Another invented finding"]))
    for each in version.claims:
        yield evidence(desk, rng.choice(EXHIBIT_NAMES), rng.choice(list(Stance)), each.id)
        yield evidence(desk, "bill", Stance.SUPPORTS, each.id)
        if rng.random() < 0.1:
            yield StrikeClaim(finding=finding, claim=each.id, reason="not shown")
    for link in version.links:
        if rng.random() < 0.1:
            yield UnlinkEvidence(finding=finding, link=link.id, reason="of another day")
    yield SubmitForReview(finding=finding)


def review_acts(desk: Desk, rng: Random) -> Iterator[Act]:
    finding = desk.finding.id
    verdict = Verdict.OBJECTS if rng.random() < 0.1 else Verdict.AGREES
    yield Review(finding=finding, verdict=verdict, remarks="read")
    yield Review(finding=finding, verdict=Verdict.AGREES, remarks="read")
    yield CheckLaw(finding=finding, verdict=verdict, remarks="read")
    yield ReturnToDraft(finding=finding, reason="a better sentence")
    yield ClaimHarmException(finding=finding, reason="a witness would be found out")
    yield GrantHarmException(finding=finding)
    yield Dissent(finding=finding, text="It is not enough.")


def reply_acts(desk: Desk, rng: Random) -> Iterator[Act]:
    finding, today = desk.finding.id, desk.at.date()
    yield notice(desk)
    for version in desk.finding.versions:
        for each in version.notices:
            yield ProveDelivery(finding=finding, notice=each.id, exhibit=digest("receipt"), delivered_on=today)
            yield DeclareNoReply(finding=finding, notice=each.id)
            yield RecordReply(
                finding=finding,
                notice=each.id,
                exhibit=digest(rng.choice(["reply", "reply", "letter", "receipt"])),
                received_on=today,
                points=("No.", "Never."),
                final=rng.choice([True, False, False, None]),
            )
            yield ExtendDeadline(finding=finding, notice=each.id, until=today + timedelta(days=9), reason="asked for")
        for reply in version.replies:
            for point in reply.points:
                yield AnswerPoint(finding=finding, point=point.id, text="The bill says otherwise.")


def closing_acts(desk: Desk, rng: Random) -> Iterator[Act]:
    finding = desk.finding.id
    yield Decide(finding=finding, outcome=rng.choice(list(Outcome)), reasoning="weighed")
    yield Approve(finding=finding)
    yield ChangeHandling(finding=finding, handling=CLEAR, reason="nothing needs care")
    yield ChangeHandling(finding=finding, handling=AMBER, reason="care")
    yield Publish(finding=finding)
    for kind in (ApproveLateWords, PublishLateWords):
        yield kind(finding=finding, version=rng.choice([1, desk.version.number]))
    yield StartCorrection(finding=finding, reason="the amount was wrong")
    yield Withdraw(finding=finding, version=rng.choice([1, desk.version.number]), reason="the bill was false")


def case_acts(desk: Desk, rng: Random) -> Iterator[Act]:
    yield AddNote(text="a note")
    yield AcceptIndicators(
        indicators=(f"aaaa00000000000{rng.randrange(1, 5)}",), reason=rng.choice([None, "after all"])
    )
    yield DismissIndicator(indicator=f"aaaa00000000000{rng.randrange(1, 5)}", subject=None, reason="a drill")
    other = rng.choice([TRADING, replace(TRADING, name="Sandbox Bystander")])
    yield AddSubject(subject=other)
    yield SetStandard(standard=rng.choice(list(Standard)), reason="asked for")
    yield CloseCase(reason="done")
    yield ReopenCase(reason="not done")


MAKERS: Sequence[Callable[[Desk, Random], Iterator[Act]]] = (
    text_acts,
    review_acts,
    reply_acts,
    closing_acts,
    case_acts,
)


def sensible(desk: Desk, rng: Random) -> tuple[Act, str]:
    """What someone who wants to publish might do next, and who."""
    told = outstanding(desk.open, desk.finding.id, on=desk.at.date(), known=desk.known)
    lacking = {each.code: each.where or "" for each in told}
    if "point_unanswered" in lacking:
        point = lacking["point_unanswered"]
        return AnswerPoint(finding=desk.finding.id, point=point, text="The bill says otherwise."), "ann"
    if desk.version.state is FindingState.DRAFT:
        return sensible_text(desk, rng, lacking), "ann"
    if desk.version.state in {FindingState.REVIEW, FindingState.NOTICE_SENT, FindingState.REPLY_PERIOD}:
        return sensible_hearing(desk, rng, lacking)
    return sensible_end(desk, rng, lacking)


def sensible_text(desk: Desk, rng: Random, lacking: dict[str, str]) -> Act:
    acts = list(text_acts(desk, rng))
    needed = {
        "no_claims": acts[1],
        "claim_without_support": evidence(
            desk, "bill", Stance.SUPPORTS, lacking.get("claim_without_support") or "none"
        ),
        "contradiction_open": acts[2],
        "no_alternative": acts[2],
        "no_confidence": acts[3],
        "no_measures": SetMeasures(finding=desk.finding.id, measures=(MEASURE,)),
    }
    return next((act for code, act in needed.items() if code in lacking), acts[-1])


def sensible_hearing(desk: Desk, rng: Random, lacking: dict[str, str]) -> tuple[Act, str]:
    finding = desk.finding.id
    outsiders = [name for name in ("rae", "rob", "cora", "cyd", "cal") if name not in desk.version.authors] or ["rae"]
    needed: dict[str, Act] = {
        "reviewer_objects": ReturnToDraft(finding=finding, reason="an objection"),
        "law_objection": ReturnToDraft(finding=finding, reason="an objection"),
        "too_few_reviews": Review(finding=finding, verdict=Verdict.AGREES, remarks="read"),
        "law_not_checked": CheckLaw(finding=finding, verdict=Verdict.AGREES, remarks="read"),
        "claim_not_notified": notice(desk),
    }
    for code, act in needed.items():
        if code in lacking:
            return act, "cora" if isinstance(act, type(notice(desk))) else rng.choice(outsiders)
    if lacking:
        desk.later(rng.randrange(10))
        return rng.choice([act for act in reply_acts(desk, rng) if not isinstance(act, ExtendDeadline)]), "ann"
    return Decide(finding=finding, outcome=Outcome.ESTABLISHED, reasoning="weighed"), rng.choice(["cora", "cyd", "cal"])


def sensible_end(desk: Desk, rng: Random, lacking: dict[str, str]) -> tuple[Act, str]:
    finding, state = desk.finding.id, desk.version.state
    if state in {FindingState.PUBLISHED, FindingState.WITHDRAWN}:
        return StartCorrection(finding=finding, reason="the amount was wrong"), "ann"
    if desk.finding.handling != CLEAR:
        return ChangeHandling(finding=finding, handling=CLEAR, reason="nothing needs care"), "cora"
    if state is FindingState.DECIDED or "too_few_approvals" in lacking:
        return Approve(finding=finding), rng.choice(["cora", "cyd", "cal"])
    return Publish(finding=finding), "cora"


def tried(desk: Desk, rng: Random) -> tuple[Act, str]:
    """Something someone might try: often what is sensible, as often anything at all."""
    if not desk.open.findings:
        return StartFinding(title="An invented finding"), "ann"
    if rng.random() < 0.5:
        return sensible(desk, rng)
    acts = list(rng.choice(MAKERS)(desk, rng))
    act = rng.choice(acts)
    if isinstance(act, CloseCase | Withdraw | ReturnToDraft) and rng.random() < 0.7:
        act = AddNote(text="a note")
    return act, rng.choice(NAMES)


def history(rng: Random, steps: int) -> Iterator[Desk]:
    """A desk after every step that was allowed; what is refused changes nothing."""
    desk = Desk(known=KNOWN)
    desk.do(opening(), "ann")
    yield desk
    for _ in range(steps):
        act, by = tried(desk, rng)
        if rng.random() < 0.1:
            desk.later(rng.randrange(30))
        before = desk.case
        if not missing(before, act, PEOPLE[by], desk.at, desk.known):
            handling = desk.open.handling
            assert may_read(PEOPLE[by].reader, handling, desk.at.date()) or isinstance(act, ChangeHandling)
            desk.force(act, by)
            yield desk


def hold(version: FindingVersion, finding: Finding) -> None:
    """What a version that was published has behind it."""
    assert version.published is not None
    assert version.decision is not None
    assert version.claims
    answered = {link for each in version.alternatives for link in each.answers}
    for each in version.claims:
        assert [link for link in each.links if link.stance is Stance.SUPPORTS]
        for link in each.links:
            exhibit = EXHIBITS[link.citation.exhibit]
            assert exhibit.sound is True
            assert exhibit.handling.tlp is Tlp.CLEAR
            assert link.stance is not Stance.CONTRADICTS or link.id in answered
    assert version.measures == (MEASURE,)
    assert version.confidence is not None
    hold_people(version)
    hold_reply(version)
    assert finding.handling == CLEAR


def hold_people(version: FindingVersion) -> None:
    agreeing = {each.mark.by for each in version.reviews if each.verdict is Verdict.AGREES}
    assert len(agreeing - version.authors) >= 2
    assert all(each.verdict is Verdict.AGREES for each in version.reviews)
    assert version.law_check is not None
    assert version.law_check.verdict is Verdict.AGREES
    assert version.law_check.mark.by not in version.authors
    assert version.decision is not None
    assert version.decision.mark.by not in version.authors
    assert len({each.member for each in version.approvals}) >= 2
    assert not {each.by for each in version.approvals} & version.authors


def hold_reply(version: FindingVersion) -> None:
    published = version.published
    assert published is not None
    exception = version.harm_exception
    spared = frozenset[str]()
    if exception is not None and exception.granted is not None:
        assert exception.granted.by != exception.claimed.by
        spared = exception.claims
    for each in version.claims:
        (about,) = (subject for subject in version.subjects if subject.id == each.subject)
        told = [notice for notice in version.notices if each.digest in notice.claims and about in notice.subjects]
        told = [notice for notice in told if notice.title == version.title]
        assert told or (each.digest in spared and exception is not None and about in exception.subjects)
        for sent in told:
            # What came in after the publication was not known to it.
            replies = [each for each in version.replies_to(sent.id) if each.recorded.at <= published.at]
            proof = sent.delivery if sent.delivery is not None and sent.delivery.mark.at <= published.at else None
            waited = sent.due if proof is None else max(sent.due, proof.delivered_on + FORTNIGHT)
            heard = any(reply.final for reply in replies) or (replies and published.at.date() > waited)
            assert heard or sent.no_reply is not None
    for sent in version.notices:
        if sent.no_reply is not None:
            assert sent.delivery is not None
            assert sent.no_reply.at.date() > max(sent.due, sent.delivery.delivered_on + timedelta(days=14))
    for reply in version.replies:
        assert reply.exhibit not in letters(version, reply.recorded.at)
        late = reply.recorded.at > published.at
        assert late or all(point.answer is not None and point.answer.mark.at <= published.at for point in reply.points)


def letters(version: FindingVersion, at: datetime) -> set[str]:
    """The notices, and the proofs of their arrival, that were entered by a moment."""
    proofs = [each.delivery for each in version.notices if each.delivery is not None and each.delivery.mark.at < at]
    return {each.exhibit for each in (*version.notices, *proofs)}


def hold_all(case: Case) -> None:
    for finding in case.findings:
        assert sum(each.state is FindingState.PUBLISHED for each in finding.versions) <= 1
        assert [each.number for each in finding.versions] == list(range(1, len(finding.versions) + 1))
        for version in finding.versions:
            if version.published is not None:
                hold(version, finding)
            assert (version.state in {FindingState.PUBLISHED, FindingState.CORRECTED}) <= (
                version.published is not None
            )


def printed(version: FindingVersion) -> tuple[object, ...]:
    """What of a published version never changes."""
    return version.title, version.claims, version.measures, version.subjects, version.standard


def walk(rng: Random, steps: int, reached: Counter[FindingState]) -> Desk:
    """A whole history, with what must hold after every step of it; counts the states that versions are in."""
    shown: dict[tuple[str, int], object] = {}
    desk = Desk()
    for desk in history(rng, steps):
        hold_all(desk.open)
        reached.update({version.state for finding in desk.open.findings for version in finding.versions})
        versions = {(each.id, version.number): version for each in desk.open.findings for version in each.versions}
        for key, text in shown.items():
            assert key in versions
            assert printed(versions[key]) == text
        for key, version in versions.items():
            if version.published is not None:
                shown[key] = printed(version)
    return desk


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_whatever_people_try_nothing_is_published_without_its_proofs(seed: int) -> None:
    desk = walk(Random(seed), steps=120, reached=Counter())
    assert replayed(desk.entries).cases == {desk.open.id: desk.open}
    assert verify(desk.entries) == desk.head


def test_random_histories_reach_every_state() -> None:
    """The property above would hold of a desk at which nothing can be done."""
    reached: Counter[FindingState] = Counter()
    for seed in range(60):
        walk(Random(seed), steps=200, reached=reached)
    assert set(reached) == set(FindingState), reached
