"""What a finding's text and its review ask for, one situation a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bongsu.cases.case_acts import (
    ChangeHandling,
)
from bongsu.cases.finding_acts import (
    AnswerPoint,
    Approve,
    CheckLaw,
    ConsiderAlternative,
    Publish,
    ReturnToDraft,
    Review,
    SetMeasures,
    StartFinding,
    StrikeAlternative,
    StrikeClaim,
    UnlinkEvidence,
)
from bongsu.cases.rules import outstanding
from bongsu.cases.words import (
    Stance,
    Verdict,
)
from bongsu.kernel.interval import Interval
from bongsu.sandbox.casework import (
    AMBER,
    CLEAR,
    EXHIBITS,
    KNOWN,
    MEASURE,
    Desk,
    claim,
    decision,
    digest,
    evidence,
    led_to,
    notice,
    reply,
    submission,
)


def with_exhibit(desk: Desk, name: str, **changes: object) -> None:
    exhibit = replace(EXHIBITS[digest(name)], **changes)  # type: ignore[arg-type]  # real fields are named
    desk.known = replace(desk.known, exhibits={**desk.known.exhibits, digest(name): exhibit})


def test_a_claim_is_one_sentence_with_a_time_about_a_subject_of_the_case() -> None:
    desk = led_to("draft")
    assert desk.codes(claim(desk, sentence="Sandbox Trading One sold oil"), "ann") == {"claim_not_a_sentence"}
    two = "Sandbox Trading One sold oil. It hid the bill."
    assert desk.codes(claim(desk, sentence=two), "ann") == {"claim_not_a_sentence"}
    assert desk.codes(claim(desk, when=Interval(None, None)), "ann") == {"claim_without_time"}
    assert desk.codes(claim(desk, subject="sandbox:unknown"), "ann") == {"claim_subject_unknown"}
    assert desk.codes(claim(desk, claim="nowhere"), "ann") == {"unknown_item"}


@pytest.mark.parametrize(
    "sentence",
    [
        "M/V Sandbox Ship One met Sandbox Trading Co. Ltd. at 3 p.m. on 2 March 2026.",
        "Sandbox Trading One carried approx. 1.5 tonnes past No. 7 buoy.",
        "샌드박스 무역은 2026년 3월 2일에 석유를 팔았다.",
        "サンドボックス貿易は石油を売った。",
    ],
)
def test_a_sentence_with_abbreviations_or_in_another_script_is_one(sentence: str) -> None:
    desk = led_to("draft")
    assert desk.codes(claim(desk, sentence=sentence), "ann") == set()


def test_a_claim_without_supporting_evidence_does_not_go_to_review() -> None:
    desk = led_to("draft")
    desk.do(claim(desk, sentence="Sandbox Trading One knew of it on 2 March 2026."), "ann")
    assert desk.codes(submission(desk), "ann") == {"claim_without_support"}
    second = desk.version.claims[1].id
    desk.do(evidence(desk, "photo", Stance.CONTEXT, second), "ann")
    assert desk.codes(submission(desk), "ann") == {"claim_without_support"}
    desk.do(StrikeClaim(finding=desk.finding.id, claim=second, reason="not shown"), "ann")
    assert desk.codes(submission(desk), "ann") == set()


def test_an_empty_draft_lacks_everything_and_all_of_it_is_said_at_once() -> None:
    desk = led_to("opened")
    desk.do(StartFinding(title="An invented finding"), "ann")
    lacking = {"no_claims", "no_alternative", "no_confidence", "no_measures"}
    assert desk.codes(submission(desk), "ann") == lacking
    told = outstanding(desk.open, desk.finding.id, on=desk.at.date(), known=desk.known)
    assert {each.code for each in told} == lacking
    assert all(each.remedy for each in told)


@pytest.mark.parametrize(
    ("exhibit", "code"),
    [
        ("fresh", "exhibit_not_verified"),
        ("broken", "exhibit_damaged"),
        ("nowhere", "exhibit_unknown"),
        ("red", "evidence_above_marking"),
    ],
)
def test_evidence_is_known_sound_and_marked_no_higher_than_the_text(exhibit: str, code: str) -> None:
    desk = led_to("draft")
    assert desk.codes(evidence(desk, exhibit), "ann") == {code}


def test_evidence_one_may_not_read_is_as_if_it_were_not_there() -> None:
    desk = led_to("draft")
    assert desk.codes(evidence(desk, "red"), "abe") == {"exhibit_unknown"}


def test_evidence_damaged_later_stops_the_finding_at_every_step() -> None:
    for stop, act, by in [
        ("draft", submission, "ann"),
        ("reviewed", notice, "cora"),
        ("silent", decision, "cora"),
        ("decided", lambda desk: Approve(finding=desk.finding.id), "cora"),
    ]:
        desk = led_to(stop)
        with_exhibit(desk, "bill", sound=False)
        assert "exhibit_damaged" in desk.codes(act(desk), by), stop  # type: ignore[operator]  # one of four makers


def test_evidence_marked_higher_later_stops_the_finding() -> None:
    desk = led_to("approved")
    desk.do(ChangeHandling(finding=desk.finding.id, handling=CLEAR, reason="open it"), "cora")
    with_exhibit(desk, "bill", handling=AMBER)
    assert desk.codes(Publish(finding=desk.finding.id), "cora") == {"evidence_above_marking"}


def test_contradicting_evidence_is_answered_by_an_explanation_that_was_weighed() -> None:
    desk = led_to("draft")
    desk.do(evidence(desk, "denial", Stance.CONTRADICTS), "ann")
    assert desk.codes(submission(desk), "ann") == {"contradiction_open"}
    against = desk.version.links[-1].id
    weigh = ConsiderAlternative(
        finding=desk.finding.id,
        text="It was sea water.",
        assessment="The seal was whole.",
        answers=frozenset({against}),
    )
    assert desk.codes(replace(weigh, answers=frozenset({desk.version.links[0].id})), "ann") == {"unknown_link"}
    desk.do(weigh, "ann")
    assert desk.codes(submission(desk), "ann") == set()
    strike = StrikeAlternative(
        finding=desk.finding.id, alternative=desk.version.alternatives[-1].id, reason="it was another seal"
    )
    assert desk.codes(replace(strike, alternative="nowhere"), "ann") == {"unknown_item"}
    desk.do(strike, "ann")
    assert desk.codes(submission(desk), "ann") == {"contradiction_open"}
    desk.do(UnlinkEvidence(finding=desk.finding.id, link=against, reason="it is of another day"), "ann")
    assert desk.codes(UnlinkEvidence(finding=desk.finding.id, link=against, reason="again"), "ann") == {"unknown_item"}


def test_a_measure_is_named_as_it_stood_on_a_day_of_a_claim() -> None:
    desk = led_to("draft")
    never = replace(MEASURE, key="9999/1")
    assert desk.codes(SetMeasures(finding=desk.finding.id, measures=(never,)), "ann") == {"measure_not_in_force"}
    assert desk.codes(SetMeasures(finding=desk.finding.id, measures=()), "ann") == {"no_measures"}
    other_day = replace(MEASURE, on=date(2025, 1, 1))
    desk.known = replace(KNOWN, measures=KNOWN.measures | {other_day})
    desk.do(SetMeasures(finding=desk.finding.id, measures=(other_day,)), "ann")
    assert desk.codes(submission(desk), "ann") == {"measure_out_of_time"}


def test_the_text_is_fixed_while_it_is_reviewed() -> None:
    desk = led_to("review")
    assert desk.codes(claim(desk), "ann") == {"wrong_state"}
    desk.do(ReturnToDraft(finding=desk.finding.id, reason="a better sentence"), "ann")
    assert desk.codes(claim(desk), "ann") == set()


def test_whoever_wrote_some_of_it_does_not_review_check_the_law_decide_or_approve() -> None:
    desk = led_to("draft")
    desk.do(evidence(desk, "photo"), "rae")
    desk.do(evidence(desk, "photo"), "cora")
    desk.do(submission(desk), "ann")
    finding = desk.finding.id
    assert desk.codes(Review(finding=finding, verdict=Verdict.AGREES, remarks="fine"), "rae") == {"author_reviews"}
    assert desk.codes(CheckLaw(finding=finding, verdict=Verdict.AGREES, remarks="fine"), "rae") == {"author_reviews"}
    assert "author_reviews" in desk.codes(decision(desk), "cora")


def test_one_reviewer_is_not_two_even_when_asked_twice() -> None:
    desk = led_to("review")
    for remarks in ("it holds", "it still holds"):
        desk.do(Review(finding=desk.finding.id, verdict=Verdict.AGREES, remarks=remarks), "rae")
    desk.do(CheckLaw(finding=desk.finding.id, verdict=Verdict.AGREES, remarks="in force"), "rae")
    assert desk.codes(notice(desk), "cora") == {"too_few_reviews"}


def test_an_objection_or_an_unchecked_law_stops_it() -> None:
    desk = led_to("review")
    finding = desk.finding.id
    for by in ("rae", "rob", "cyd"):
        desk.do(Review(finding=finding, verdict=Verdict.AGREES, remarks="it holds"), by)
    assert desk.codes(notice(desk), "cora") == {"law_not_checked"}
    desk.do(CheckLaw(finding=finding, verdict=Verdict.OBJECTS, remarks="another paragraph"), "rae")
    desk.do(Review(finding=finding, verdict=Verdict.OBJECTS, remarks="the date is wrong"), "cyd")
    assert desk.codes(notice(desk), "cora") == {"reviewer_objects", "law_objection"}


def test_reviews_fall_when_the_text_is_opened_again() -> None:
    desk = led_to("decided")
    desk.do(ReturnToDraft(finding=desk.finding.id, reason="a better sentence"), "ann")
    assert (desk.version.reviews, desk.version.law_check, desk.version.decision) == ((), None, None)
    assert desk.version.notices != ()


def test_who_has_judged_a_finding_does_not_write_the_answer_to_a_reply() -> None:
    desk = led_to("delivered")
    desk.do(reply(desk), "ann")
    answer = AnswerPoint(
        finding=desk.finding.id, point=desk.version.replies[0].points[0].id, text="The bill says otherwise."
    )
    assert desk.codes(answer, "rob") == {"judge_answers"}
    desk.do(answer, "abe")
    assert desk.codes(decision(desk), "cora") == set()
