"""What is told of an act to who may not read a part of the case: what would be told if that part had never been.

One refusal is the exception, `hidden_part`: the same whatever the part is about and wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.cases.acts import ACTS, Act, FindingAct
from bongsu.cases.case_acts import (
    AcceptIndicators,
    AddNote,
    AddSubject,
    ChangeHandling,
    CloseCase,
    DismissIndicator,
    FollowUp,
    MergeCases,
    OpenCase,
    ProposeDesignation,
    Recommend,
    ReopenCase,
    SendRequest,
    SetStandard,
)
from bongsu.cases.finding import Finding
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
    SetConfidence,
    SetMeasures,
    StartCorrection,
    StartFinding,
    StrikeAlternative,
    StrikeClaim,
    SubmitForReview,
    UnlinkEvidence,
    Withdraw,
)
from bongsu.cases.handling import Handling, Tlp, may_read
from bongsu.cases.model import Case, made_id
from bongsu.cases.readable import TAKEN, readable_part, told
from bongsu.cases.rules import Known, missing
from bongsu.cases.words import Confidence, FollowUpStatus, Outcome, Stance, Standard, Verdict
from bongsu.sandbox.casework import (
    AMBER,
    CLEAR,
    KNOWN,
    MEASURE,
    NORTH,
    PEOPLE,
    SHIP,
    SOUTH,
    TRADING,
    WAY,
    Desk,
    claim,
    digest,
    evidence,
    led_to,
    notice,
    opening,
    reply,
)

RED = Handling(tlp=Tlp.RED, originators=frozenset({NORTH}), named=frozenset({"ann"}))
CLOSED_TO = ("abe", "rob", "cora", "cyd", "low")
AT = led_to("published").at
DRAFT = led_to("draft").open.findings
HIDDEN_INDICATOR = "bbbb000000000001"
#: The acts that bear on all findings of a case, or on all it holds.
ON_ALL = (SetStandard, AddSubject, CloseCase, MergeCases, ChangeHandling)


def finding_acts(case: Case, finding: Finding | None, rng: Random) -> Iterator[Act]:
    """Every act on a finding, with the ids of its parts; on one that never was, with ids that never were."""
    version = None if finding is None else finding.current
    on = "nowhere" if finding is None else finding.id
    part = made_id([on, rng.random()])
    claims = [] if version is None else [each.id for each in version.claims]
    links = [] if version is None else [each.id for each in version.links]
    notices = [] if version is None else [each.id for each in version.notices]
    points = [] if version is None else [point.id for each in version.replies for point in each.points]
    one = rng.choice(claims or [part])
    link, sent, point = (rng.choice(each or [part]) for each in (links, notices, points))
    today = date(2026, 6, 1)
    desk = Desk(case=replace(case, findings=DRAFT))
    written = replace(claim(desk), finding=on)
    yield from (written, replace(written, claim=one), replace(written, subject=SHIP.id))
    yield replace(evidence(desk, claim_id=one), finding=on)
    yield replace(evidence(desk, "red", Stance.CONTRADICTS, one), finding=on)
    yield replace(notice(desk), finding=on)
    yield from (RetitleFinding(finding=on, title="another"), StrikeClaim(finding=on, claim=one, reason="not shown"))
    yield UnlinkEvidence(finding=on, link=link, reason="of another day")
    yield ConsiderAlternative(finding=on, text="water", assessment="sealed", answers=frozenset(links))
    yield StrikeAlternative(finding=on, alternative=part, reason="no")
    yield SetConfidence(finding=on, confidence=Confidence.LOW)
    yield SetMeasures(finding=on, measures=(MEASURE,))
    yield from (SubmitForReview(finding=on), ReturnToDraft(finding=on, reason="a better sentence"))
    yield Review(finding=on, verdict=Verdict.AGREES, remarks="read")
    yield CheckLaw(finding=on, verdict=Verdict.AGREES, remarks="read")
    yield from (ClaimHarmException(finding=on, reason="a witness"), GrantHarmException(finding=on))
    yield ProveDelivery(finding=on, notice=sent, exhibit=digest("receipt"), delivered_on=today)
    yield RecordReply(finding=on, notice=sent, exhibit=digest("reply"), received_on=today, points=("No.",), final=True)
    yield ExtendDeadline(finding=on, notice=sent, until=today + timedelta(days=99), reason="asked for")
    yield DeclareNoReply(finding=on, notice=sent)
    yield AnswerPoint(finding=on, point=point, text="The bill says otherwise.")
    yield Decide(finding=on, outcome=Outcome.ESTABLISHED, reasoning="weighed")
    yield from (Dissent(finding=on, text="It is not enough."), Approve(finding=on), Publish(finding=on))
    yield StartCorrection(finding=on, reason="the amount was wrong")
    yield Withdraw(finding=on, version=1, reason="the bill was false")
    yield from (ApproveLateWords(finding=on, version=1), PublishLateWords(finding=on, version=1))
    for handling in (CLEAR, AMBER, RED, replace(AMBER, tlp=Tlp.AMBER_STRICT)):
        yield ChangeHandling(finding=on, handling=handling, reason="care")
    yield Recommend(addressee="the port of Sandbox", text="Ask for the bill.", finding=on)
    yield ProposeDesignation(
        subject=TRADING.id, measures=(MEASURE,), statement_of_case="as found", findings=frozenset({on})
    )


def case_acts(case: Case, others: Sequence[Case], rng: Random) -> Iterator[Act]:
    """Every act on a case as a whole."""
    yield from (AddNote(text="a note"), StartFinding(title="another"), ReopenCase(reason="not done"))
    yield SendRequest(addressee="the State of Sandboxia", question="Who owned it?", due=date(2027, 5, 1))
    yield Recommend(addressee="the port of Sandbox", text="Ask for the bill.")
    yield from (SetStandard(standard=each, reason="the courts ask for it") for each in Standard)
    for subject in (TRADING, SHIP):
        yield from (AddSubject(subject=subject), AddSubject(subject=replace(subject, name=f"SANDBOX {rng.random()}")))
    yield AddSubject(subject=replace(SHIP, id="imo:0000002"))
    for indicator in (*KNOWN.indicators, HIDDEN_INDICATOR, "nowhere"):
        yield from (AcceptIndicators(indicators=(indicator,), reason=each) for each in (None, "after all"))
        yield DismissIndicator(indicator=indicator, subject=None, reason="a drill")
    for handling in (AMBER, CLEAR, replace(AMBER, tlp=Tlp.GREEN), replace(AMBER, releasable_to=frozenset({SOUTH}))):
        yield ChangeHandling(finding=None, handling=handling, reason="care")
    yield CloseCase(reason="done")
    for other in others:
        yield CloseCase(reason="one matter", merged_into=other.id)
        for indicators in (other.indicators, tuple(each for each in other.indicators if each != HIDDEN_INDICATOR), ()):
            yield MergeCases(other=other.id, subjects=other.subjects, indicators=indicators, reason="the same oil")
    for item in (*case.recommendations, *case.proposals):
        yield FollowUp(item=item.id, status=FollowUpStatus.DONE, note="seen")


def hidden_finding(stop: str, end: str) -> Finding:
    """A finding that one person alone may read, led to a step of its way, and perhaps on."""
    desk = led_to(stop)
    if end == "replied to" and desk.version.notices:
        desk.force(reply(desk), "ann")
    elif end == "withdrawn":
        desk.force(Withdraw(finding=desk.finding.id, version=1, reason="the bill was false"), "cora")
    elif end == "returned":
        desk.force(ReturnToDraft(finding=desk.finding.id, reason="a better sentence"), "cora")
    return replace(desk.finding, id="hiddenhidd", handling=RED)


def other_case(salt: str, *, indicators: tuple[str, ...] = ("aaaa000000000002",)) -> Case:
    desk = Desk()
    desk.do(opening(salt=salt), "ann")
    return replace(desk.open, indicators=indicators)


def texts(case: Case, act: Act, by: str, known: Known) -> list[str]:
    """What someone is told who would do an act, without the one refusal that there is for what is hidden."""
    told_of = missing(case, act, PEOPLE[by], AT, known)
    return [str(each.record()) for each in told_of if each.code != "hidden_part"]


def refused(case: Case, act: Act, by: str, known: Known) -> bool:
    told_of = missing(case, act, PEOPLE[by], AT, known)
    return any(each.code == "hidden_part" for each in told_of)


STOPS = st.sampled_from(sorted(set(WAY) - {"opened", "published"}))
ENDS = st.sampled_from(["", "replied to", "withdrawn", "returned"])


@settings(max_examples=25, deadline=None)
@given(STOPS, ENDS, st.sampled_from(sorted(WAY)), st.integers(0, 2**32))
def test_of_a_finding_that_someone_may_not_read_no_act_tells_more_than_that_there_is_one(
    stop: str, end: str, visible: str, seed: int
) -> None:
    hidden, base = hidden_finding(stop, end), led_to(visible).open
    draft = hidden_finding("draft", "")
    bare = replace(draft, versions=(replace(draft.current, claims=()),))
    with_it, with_bare = (replace(base, findings=(*base.findings, each)) for each in (hidden, bare))
    other = other_case("another-sandbox-salt")
    here = replace(KNOWN, cases={other.id: other})
    rng = Random(seed)
    acts = [
        *case_acts(base, [other], rng),
        *finding_acts(base, hidden, rng),
        *finding_acts(base, base.findings[0] if base.findings else None, rng),
    ]
    assert {type(act) for act in acts} >= set(ACTS.values()) - {OpenCase} - _NOT_ON_FINDINGS
    for act in acts:
        for by in CLOSED_TO:
            if by == "cora" and isinstance(act, ChangeHandling) and act.finding == hidden.id:
                continue  # a coordinator of its originator speaks on its handling, if only she knows its id
            assert texts(with_it, act, by, here) == texts(base, act, by, here)
            assert not refused(base, act, by, here)
            assert refused(with_it, act, by, here) == refused(with_bare, act, by, here)
            assert not refused(with_it, act, by, here) or isinstance(act, ON_ALL)
            assert not refused(with_it, act, by, here) or not isinstance(act, FindingAct)


_NOT_ON_FINDINGS = {
    ACTS[kind]
    for kind in ("describe_case", "record_answer", "remind_request", "record_implementation_report", "follow_up")
} | {LinkEvidence}


@settings(max_examples=25, deadline=None)
@given(STOPS, ENDS, st.booleans(), st.integers(0, 2**32))
def test_a_case_that_holds_what_someone_may_not_read_goes_into_another_as_if_it_did_not_or_not_at_all(
    stop: str, end: str, holds_indicator: bool, seed: int
) -> None:
    """Its findings stop the merge; of its indicators those stay behind that the one who merges may not read."""
    case, hidden = led_to("opened").open, hidden_finding(stop, end)
    whole = other_case("another-sandbox-salt")
    if holds_indicator:
        whole = replace(whole, indicators=(*whole.indicators, HIDDEN_INDICATOR))
    with_finding = replace(whole, findings=(hidden,))
    without = replace(whole, indicators=("aaaa000000000002",))
    for act in case_acts(case, [without], Random(seed)):
        for by in CLOSED_TO:
            plain = texts(case, act, by, replace(KNOWN, cases={without.id: without}))
            for other in (whole, with_finding):
                known = replace(KNOWN, cases={other.id: other})
                assert texts(case, act, by, known) == plain
                assert refused(case, act, by, known) <= (isinstance(act, MergeCases) and other is with_finding)


def test_who_may_read_all_of_it_is_told_all_of_it_and_not_stopped_by_what_is_done() -> None:
    hidden = replace(hidden_finding("decided", ""), handling=replace(RED, named=frozenset({"cora"})))
    case = replace(led_to("opened").open, findings=(hidden,))
    desk = Desk(case=case, at=led_to("decided").at)
    assert desk.codes(CloseCase(reason="done"), "cora") == {"findings_open"}
    assert desk.codes(SetStandard(standard=Standard.BALANCE, reason="as asked"), "cora") == {"standard_settled"}
    assert desk.codes(AddSubject(subject=replace(TRADING, name="SANDBOX Two")), "cora") == {"subject_settled"}
    for act in (CloseCase(reason="done"), SetStandard(standard=Standard.BALANCE, reason="as asked")):
        assert desk.codes(act, "cyd") == {"hidden_part"}
    done = replace(hidden, versions=hidden_finding("decided", "withdrawn").versions)
    desk.case = replace(case, findings=(done,))
    assert desk.codes(CloseCase(reason="done"), "cora") == set()


def test_an_indicator_that_someone_may_not_read_is_unknown_to_them_also_where_the_case_holds_it() -> None:
    desk = led_to("opened")
    taken = desk.open.indicators[0]
    for known in (KNOWN, replace(KNOWN, indicators={})):
        desk.known = known
        held = desk.codes(AcceptIndicators(indicators=(taken,)), "abe")
        assert held == ({"indicator_there"} if known is KNOWN else {"unknown_indicator"})
    assert desk.codes(DismissIndicator(indicator=taken, subject=None, reason="a drill"), "abe") == {"unknown_indicator"}
    desk.force(DismissIndicator(indicator=taken, subject=None, reason="a drill"), "ann")
    assert desk.codes(DismissIndicator(indicator=taken, subject=None, reason="a drill"), "abe") == {"unknown_indicator"}
    assert desk.codes(AcceptIndicators(indicators=(taken,)), "abe") == {"unknown_indicator"}


def test_a_case_that_went_where_someone_may_not_follow_is_closed_for_them_and_no_more_is_said() -> None:
    desk, other = led_to("opened"), Desk()
    other.do(opening(salt="another-sandbox-salt", indicators=()), "ann")
    other.force(CloseCase(reason="as told by informant K", merged_into=desk.open.id), "ann")
    strict = replace(desk.open, handling=RED)
    assert other.codes(ReopenCase(reason="again"), "cyd") == {"hidden_part"}
    other.known = replace(KNOWN, cases={strict.id: strict})
    assert other.codes(ReopenCase(reason="again"), "cyd") == {"hidden_part"}
    part = readable_part(
        other.open,
        PEOPLE["cyd"].reader,
        other.at.date(),
        hidden_exhibits=(),
        hidden_indicators=(),
        readable_cases=frozenset(),
    )
    assert part.closing is not None
    assert (part.closing.merged_into, part.closing.reason) == (None, TAKEN)
    same = readable_part(
        other.open,
        PEOPLE["cora"].reader,
        other.at.date(),
        hidden_exhibits=(),
        hidden_indicators=(),
        readable_cases={desk.open.id},
    )
    assert same == other.open


def test_nothing_that_a_reader_may_not_read_is_named_in_what_the_reader_may() -> None:
    desk = led_to("decided")
    desk.do(AcceptIndicators(indicators=("aaaa000000000002",)), "ann")
    desk.do(DismissIndicator(indicator="aaaa000000000003", subject=None, reason="a drill"), "ann")
    hidden = desk.finding.id
    desk.do(Recommend(addressee="the port of Sandbox", text="Ask for the bill.", finding=hidden), "ann")
    desk.do(
        ProposeDesignation(
            subject=TRADING.id, measures=(MEASURE,), statement_of_case="as found", findings=frozenset({hidden})
        ),
        "cora",
    )
    desk.do(ChangeHandling(finding=hidden, handling=RED, reason="a source"), "cora")
    reader = PEOPLE["abe"].reader
    part = readable_part(
        desk.open,
        reader,
        desk.at.date(),
        hidden_exhibits=(),
        hidden_indicators={"aaaa000000000002", "aaaa000000000003"},
        readable_cases=(),
    )
    for name in (hidden, "aaaa000000000002", "aaaa000000000003"):
        assert name in str(desk.open.record())
        assert name not in str(part.record())
    assert part.indicators == ("aaaa000000000001",)
    entries = [(each.number, each.kind, each.body["act"]) for each in desk.entries]
    left = {entry.number for entry in desk.entries} - set(told(part, entries))
    kinds = [each.kind for each in desk.entries if each.number in left]
    of_finding = [each.kind for each in desk.entries if f"'finding': '{hidden}'" in str(each.body)]
    assert sorted(kinds) == sorted(
        [
            "start_finding",
            "accept_indicators",
            "dismiss_indicator",
            *(kind for kind in of_finding if kind != "recommend"),
        ]
    )
    assert list(told(desk.open, entries)) == [each.number for each in desk.entries]


def test_the_clock_is_held_against_the_last_act_that_someone_may_know_of() -> None:
    desk = led_to("opened")
    before = desk.open.last_at
    desk.do(StartFinding(title="hidden"), "ann")
    desk.at = before + timedelta(seconds=1)
    assert desk.codes(AddNote(text="a note"), "abe") == {"clock_back"}
    desk.known = replace(KNOWN, last_at=before)
    last = desk.open.last_at
    desk.do(AddNote(text="a note"), "abe")
    assert desk.open.last_at == last


def test_no_indicator_goes_into_a_case_past_its_handling() -> None:
    only_north = Handling(tlp=Tlp.AMBER, originators=frozenset({NORTH}), releasable_to=frozenset({SOUTH}))
    short = replace(only_north, expires_on=date(2026, 12, 1))
    one = "aaaa000000000002"
    for handling in (RED, only_north, short, replace(AMBER, tlp=Tlp.AMBER_STRICT)):
        known = replace(KNOWN, indicators={**KNOWN.indicators, one: handling})
        desk, other = led_to("opened", known), Desk(known=known)
        assert Desk(known=known).codes(opening(indicators=(one,)), "ann") == {"indicator_above_marking"}
        assert desk.codes(AcceptIndicators(indicators=(one,)), "ann") == {"indicator_above_marking"}
        aside = DismissIndicator(indicator=one, subject=None, reason="a drill")
        assert desk.codes(aside, "ann") == {"indicator_above_marking"}
        other.force(opening(salt="another-sandbox-salt", indicators=(one,)), "ann")  # under the rule of before
        desk.known = replace(known, cases={other.open.id: other.open})
        merge = MergeCases(other=other.open.id, subjects=other.open.subjects, indicators=(one,), reason="one matter")
        assert desk.codes(merge, "cora") == {"indicator_above_marking"}
        other.do(aside, "ann")  # what a case holds can be put out of it


def test_a_case_is_not_loosened_below_the_indicators_it_holds() -> None:
    desk = led_to("opened", replace(KNOWN, indicators=dict.fromkeys(KNOWN.indicators, AMBER)))
    green = ChangeHandling(finding=None, handling=replace(AMBER, tlp=Tlp.GREEN), reason="it is old")
    stricter = ChangeHandling(finding=None, handling=replace(AMBER, tlp=Tlp.AMBER_STRICT), reason="care")
    assert desk.codes(green, "cora") == {"indicator_above_marking"}
    assert desk.codes(stricter, "cora") == set()
    desk.known = replace(KNOWN, indicators={})
    assert desk.codes(green, "cora") == {"hidden_part"}
    assert desk.codes(stricter, "cora") == set()


def test_a_merge_brings_no_indicator_that_neither_case_held_and_nobody_knows() -> None:
    desk, other = led_to("opened"), other_case("another-sandbox-salt")
    desk.known = replace(KNOWN, cases={other.id: other})
    merge = MergeCases(
        other=other.id, subjects=other.subjects, indicators=(*other.indicators, "nowhere"), reason="one matter"
    )
    assert desk.codes(merge, "cora") == {"unknown_indicator"}


def test_those_who_may_not_read_the_hidden_finding_are_all_but_one() -> None:
    """The properties above would hold of persons to whom nothing is hidden."""
    assert [each for each in PEOPLE if may_read(PEOPLE[each].reader, RED, AT.date())] == ["ann"]
