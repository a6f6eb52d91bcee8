"""The right of reply, decision, publication and correction, one situation a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from bongsu.cases.acts import Act
from bongsu.cases.case_acts import AddSubject, ChangeHandling, SetStandard
from bongsu.cases.finding_acts import (
    AnswerPoint,
    Approve,
    ClaimHarmException,
    DeclareNoReply,
    Dissent,
    ExtendDeadline,
    GrantHarmException,
    ProveDelivery,
    Publish,
    RetitleFinding,
    ReturnToDraft,
    StartCorrection,
    SubmitForReview,
    Withdraw,
)
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.published import published
from bongsu.cases.replay import replayed
from bongsu.cases.rules import KnownExhibit, outstanding
from bongsu.cases.words import (
    FindingState,
    Standard,
)
from bongsu.sandbox.casework import (
    AMBER,
    CLEAR,
    EXHIBITS,
    KNOWN,
    PEOPLE,
    SHIP,
    SOUTH,
    TRADING,
    Desk,
    claim,
    decision,
    digest,
    evidence,
    led_to,
    notice,
    reply,
)


def test_the_whole_way_can_be_gone() -> None:
    desk = led_to("published")
    assert desk.version.state is FindingState.PUBLISHED
    assert outstanding(desk.open, desk.finding.id, on=desk.at.date(), known=desk.known) == ()


def test_nothing_is_decided_without_notice() -> None:
    desk = led_to("reviewed")
    assert desk.codes(decision(desk), "cora") == {"claim_not_notified"}


def test_a_notice_speaks_of_whom_a_claim_is_about_in_a_language_and_gives_time() -> None:
    desk = led_to("reviewed")
    assert desk.codes(notice(desk, concerns=frozenset({SHIP.id})), "cora") == {"concerns_nobody"}
    assert desk.codes(notice(desk, concerns=frozenset()), "cora") == {"concerns_nobody"}
    assert desk.codes(notice(desk, concerns=frozenset({TRADING.id, "nowhere"})), "cora") == {"concerns_nobody"}
    assert desk.codes(notice(desk, concerns=frozenset({TRADING.id, SHIP.id})), "cora") == set()
    assert desk.codes(notice(desk, language="Korean!"), "cora") == {"not_a_language"}
    assert desk.codes(notice(desk, deadline=desk.at.date() + timedelta(days=13)), "cora") == {"deadline_too_soon"}


def test_no_reply_is_stated_after_proven_delivery_and_the_deadline_only() -> None:
    desk = led_to("noticed")
    state = DeclareNoReply(finding=desk.finding.id, notice=desk.version.notices[0].id)
    assert desk.codes(state, "ann") == {"delivery_unproven", "reply_time_running"}
    desk.later(30)
    assert desk.codes(state, "ann") == {"delivery_unproven"}
    prove = ProveDelivery(
        finding=desk.finding.id, notice=state.notice, exhibit=digest("receipt"), delivered_on=desk.at.date()
    )
    assert desk.codes(replace(prove, delivered_on=date(2026, 3, 1)), "ann") == {"day_too_early"}
    assert desk.codes(replace(prove, delivered_on=date(2027, 3, 1)), "ann") == {"day_to_come"}
    desk.do(prove, "ann")
    assert desk.codes(prove, "ann") == {"delivery_proven"}
    assert desk.version.state is FindingState.REPLY_PERIOD
    assert desk.codes(state, "ann") == {"reply_time_running"}  # it arrived after the deadline, and had no time
    assert desk.codes(decision(desk), "cora") == {"reply_time_running"}
    desk.later(14)
    assert desk.codes(state, "ann") == {"reply_time_running"}
    desk.later(1)
    assert desk.codes(decision(desk), "cora") == {"no_reply_not_declared"}
    desk.do(state, "ann")
    assert desk.codes(state, "ann") == {"no_reply_declared"}
    assert desk.codes(decision(desk), "cora") == set()


def test_more_time_takes_back_that_nobody_replied() -> None:
    desk = led_to("decided")
    extend = ExtendDeadline(
        finding=desk.finding.id,
        notice=desk.version.notices[0].id,
        until=desk.at.date() + timedelta(days=10),
        reason="the post was slow",
    )
    assert desk.codes(replace(extend, until=date(2026, 4, 2)), "cora") == {"not_later"}
    desk.do(extend, "cora")
    assert desk.version.state is FindingState.REPLY_PERIOD
    assert desk.version.decision is None
    assert desk.codes(decision(desk), "cora") == {"reply_time_running"}


def test_a_reply_is_answered_point_by_point_before_the_decision() -> None:
    desk = led_to("delivered")
    assert desk.codes(replace(reply(desk), points=()), "ann") == {"no_points"}
    assert desk.codes(replace(reply(desk), points=("  ",)), "ann") == {"blank"}
    desk.do(reply(desk, "We sold nothing.", "The bill is false."), "ann")
    no_reply = DeclareNoReply(finding=desk.finding.id, notice=desk.version.notices[0].id)
    assert "reply_there" in desk.codes(no_reply, "ann")
    assert desk.codes(decision(desk), "cora") == {"point_unanswered"}
    for point in desk.version.replies[0].points:
        desk.do(AnswerPoint(finding=desk.finding.id, point=point.id, text="The bill says otherwise."), "ann")
    assert desk.codes(decision(desk), "cora") == set()
    assert desk.codes(AnswerPoint(finding=desk.finding.id, point="nowhere", text="?"), "ann") == {"unknown_item"}
    desk.do(decision(desk), "cora")
    again = AnswerPoint(finding=desk.finding.id, point=desk.version.replies[0].points[0].id, text="Otherwise.")
    assert desk.codes(again, "ann") == {"answer_settled"}


def test_a_reply_in_time_takes_the_decision_back_and_a_late_one_is_answered_before_publication() -> None:
    desk = led_to("delivered")
    desk.do(reply(desk), "ann")
    point = desk.version.replies[0].points[0].id
    desk.do(AnswerPoint(finding=desk.finding.id, point=point, text="The bill says otherwise."), "ann")
    desk.do(decision(desk), "cora")
    desk.do(reply(desk, "One thing more."), "ann")
    assert (desk.version.state, desk.version.decision) == (FindingState.REPLY_PERIOD, None)
    late = led_to("approved")
    late.do(ChangeHandling(finding=late.finding.id, handling=CLEAR, reason="open it"), "cora")
    late.do(reply(late, "Only now."), "ann")
    assert late.version.state is FindingState.APPROVED
    assert late.codes(Publish(finding=late.finding.id), "cora") == {"point_unanswered"}


def _answered(desk: Desk) -> None:
    points = [point for each in desk.version.replies for point in each.points if point.answer is None]
    for point in points:
        desk.do(AnswerPoint(finding=desk.finding.id, point=point.id, text="The bill says otherwise."), "ann")


def test_a_first_answer_does_not_end_the_time_that_the_notice_gives() -> None:
    desk = led_to("noticed")
    due = desk.version.notices[0].due
    desk.later(3)
    desk.do(reply(desk, "Our lawyers will answer in full by the day you name.", final=False), "ann")
    _answered(desk)
    assert desk.codes(decision(desk), "cora") == {"reply_time_running"}
    desk.later((due - desk.at.date()).days)
    assert desk.codes(decision(desk), "cora") == {"reply_time_running"}
    desk.later(1)
    assert desk.codes(decision(desk), "cora") == set()


def test_a_reply_that_says_it_is_all_ends_the_time() -> None:
    desk = led_to("noticed")
    desk.do(reply(desk, "A full answer follows.", final=False), "ann")
    desk.do(reply(desk, "It was another ship, and this is all we say.", final=True), "ann")
    _answered(desk)
    assert desk.codes(decision(desk), "cora") == set()


def test_whether_a_reply_is_all_is_said_of_each() -> None:
    desk = led_to("delivered")
    assert desk.codes(replace(reply(desk), final=None), "ann") == {"blank"}


def test_the_time_of_a_notice_that_arrived_late_is_waited_for_after_a_first_answer_too() -> None:
    desk = led_to("noticed")
    desk.later(20)
    notice_id = desk.version.notices[0].id
    receipt = digest("receipt")
    prove = ProveDelivery(finding=desk.finding.id, notice=notice_id, exhibit=receipt, delivered_on=desk.at.date())
    desk.do(prove, "ann")
    desk.do(reply(desk, "We got it today.", final=False), "ann")
    _answered(desk)
    desk.later(14)
    assert desk.codes(decision(desk), "cora") == {"reply_time_running"}
    desk.later(1)
    assert desk.codes(decision(desk), "cora") == set()


def _proved_late(desk: Desk) -> None:
    """Decided upon a first answer after the day that the notice names; then it is proven that it arrived late."""
    desk.do(reply(desk, "A full answer follows.", final=False), "ann")
    _answered(desk)
    desk.later(22)
    desk.do(decision(desk), "cora")
    late = desk.at.date() - timedelta(days=2)
    notice_id = desk.version.notices[0].id
    desk.do(
        ProveDelivery(finding=desk.finding.id, notice=notice_id, exhibit=digest("receipt"), delivered_on=late), "ann"
    )


def test_a_reply_in_the_time_of_a_notice_that_arrived_late_takes_the_decision_back() -> None:
    desk = led_to("noticed")
    _proved_late(desk)
    desk.later(12)
    desk.do(reply(desk, "Here is our full answer, in time."), "ann")
    assert (desk.version.state, desk.version.decision) == (FindingState.REPLY_PERIOD, None)


def test_nothing_is_published_while_the_time_for_a_reply_runs() -> None:
    desk = led_to("noticed")
    _proved_late(desk)
    led_to("approved", after="decided", desk=desk)
    desk.do(ChangeHandling(finding=desk.finding.id, handling=CLEAR, reason="open it"), "cora")
    assert desk.codes(Publish(finding=desk.finding.id), "cora") == {"reply_time_running"}
    desk.later(13)
    assert desk.codes(Publish(finding=desk.finding.id), "cora") == set()


def test_what_was_sent_or_proves_that_it_arrived_is_no_reply() -> None:
    desk = led_to("delivered")
    for exhibit in ("letter", "receipt"):
        assert desk.codes(replace(reply(desk), exhibit=digest(exhibit)), "ann") == {"own_letter"}
    assert desk.codes(reply(desk), "ann") == set()


def test_a_journal_of_before_it_was_asked_whether_a_reply_is_all_comes_to_what_it_came_to() -> None:
    desk = led_to("noticed")
    _proved_late(desk)
    desk.later(12)
    desk.force(replace(reply(desk, "A late word."), final=None), "ann")
    assert desk.version.state is FindingState.DECIDED  # by the rule of then, the day that the notice names
    entry = desk.entries[-1]
    act = {name: value for name, value in cast(dict[str, Any], entry.body["act"]).items() if name != "final"}
    then = replace(entry, body={**entry.body, "act": act})
    assert replayed([*desk.entries[:-1], then]).cases == {desk.open.id: desk.open}


def test_a_claim_changed_after_the_notice_is_told_anew() -> None:
    desk = led_to("silent")
    desk.do(ReturnToDraft(finding=desk.finding.id, reason="more oil"), "ann")
    first = desk.version.claims[0].id
    desk.do(claim(desk, claim=first, sentence="Sandbox Trading One sold 900 barrels of invented oil."), "ann")
    assert desk.version.claims[0].links != ()
    led_to("reviewed", desk=desk, after="draft")
    assert desk.codes(decision(desk), "cora") == {"claim_not_notified"}


def test_a_claim_left_as_it_was_told_is_not_told_twice() -> None:
    desk = led_to("silent")
    desk.do(ReturnToDraft(finding=desk.finding.id, reason="one more photo"), "ann")
    desk.do(evidence(desk, "photo"), "ann")
    led_to("reviewed", desk=desk, after="draft")
    assert desk.codes(decision(desk), "cora") == set()


def _returned(desk: Desk) -> None:
    desk.do(ReturnToDraft(finding=desk.finding.id, reason="a word was wrong"), "ann")


def _reviewed_again(desk: Desk) -> set[str]:
    led_to("reviewed", after="draft", desk=desk)
    return {each.code for each in outstanding(desk.open, desk.finding.id, on=desk.at.date(), known=desk.known)}


CHANGES_OF_WHO = (
    {"name": "Sandbox Bystander"},
    {"schema": "Person"},
    {"identifiers": frozenset({"registration:999"})},
)


@pytest.mark.parametrize("change", CHANGES_OF_WHO, ids=str)
def test_nobody_is_published_in_the_place_of_the_one_who_was_told(change: dict[str, Any]) -> None:
    desk = led_to("silent")
    _returned(desk)
    desk.do(AddSubject(subject=replace(TRADING, **change)), "ann")
    assert _reviewed_again(desk) == {"claim_not_notified"}
    assert desk.codes(decision(desk), "cora") == {"claim_not_notified"}
    led_to("published", after="reviewed", desk=desk)
    assert [each.subjects for each in desk.version.notices] == [(TRADING,), (replace(TRADING, **change),)]


@pytest.mark.parametrize("change", CHANGES_OF_WHO, ids=str)
def test_an_exception_is_for_the_one_it_was_granted_for(change: dict[str, Any]) -> None:
    desk = led_to("reviewed")
    desk.do(ClaimHarmException(finding=desk.finding.id, reason="a witness would be found out"), "ann")
    desk.do(GrantHarmException(finding=desk.finding.id), "cyd")
    assert desk.codes(decision(desk), "cora") == set()
    _returned(desk)
    desk.do(AddSubject(subject=replace(TRADING, **change)), "ann")
    assert _reviewed_again(desk) == {"claim_not_notified"}


def test_another_subject_of_the_case_may_be_renamed_without_a_new_notice() -> None:
    desk = led_to("silent")
    _returned(desk)
    desk.do(AddSubject(subject=replace(SHIP, name="Sandbox Ship Two")), "rae")
    assert _reviewed_again(desk) == set()


def test_whoever_renames_the_subject_of_a_draft_is_an_author_of_it() -> None:
    desk = led_to("draft")
    desk.do(AddSubject(subject=replace(SHIP, name="Sandbox Ship Two")), "rae")
    desk.do(AddSubject(subject=replace(TRADING, name="Sandbox Trading Two")), "cora")
    desk.do(AddSubject(subject=replace(TRADING, name="Sandbox Trading Two")), "rob")  # changes nothing
    assert desk.version.authors == {"ann", "cora"}
    led_to("silent", after="draft", desk=desk)
    assert desk.codes(decision(desk), "cora") == {"author_reviews"}


def test_a_finding_under_another_title_than_was_told_is_told_anew() -> None:
    desk = led_to("silent")
    _returned(desk)
    desk.do(RetitleFinding(finding=desk.finding.id, title="Sandbox Bystander, a smuggler"), "ann")
    assert _reviewed_again(desk) == {"claim_not_notified"}
    _returned(desk)
    desk.do(RetitleFinding(finding=desk.finding.id, title=desk.version.notices[0].title), "ann")
    assert _reviewed_again(desk) == set()


def test_notice_is_left_out_only_where_another_coordinator_grants_it() -> None:
    desk = led_to("reviewed")
    finding = desk.finding.id
    assert desk.codes(GrantHarmException(finding=finding), "cora") == {"no_exception"}
    desk.do(ClaimHarmException(finding=finding, reason="a witness would be found out"), "cora")
    assert desk.codes(ClaimHarmException(finding=finding, reason="again"), "ann") == {"exception_pending"}
    assert desk.codes(decision(desk), "cora") == {"claim_not_notified"}
    assert desk.codes(GrantHarmException(finding=finding), "cora") == {"own_exception"}
    assert desk.codes(GrantHarmException(finding=finding), "rae") == {"role_too_low"}
    desk.do(GrantHarmException(finding=finding), "cyd")
    assert desk.codes(decision(desk), "cora") == set()


def test_an_exception_covers_the_claims_it_was_granted_for_and_no_others() -> None:
    desk = led_to("reviewed")
    desk.do(ClaimHarmException(finding=desk.finding.id, reason="a witness would be found out"), "ann")
    desk.do(GrantHarmException(finding=desk.finding.id), "cyd")
    desk.do(ReturnToDraft(finding=desk.finding.id, reason="one claim more"), "ann")
    desk.do(claim(desk, sentence="Sandbox Trading One knew of it on 2 March 2026."), "ann")
    desk.do(evidence(desk, "photo", claim_id=desk.version.claims[1].id), "ann")
    led_to("reviewed", desk=desk, after="draft")
    assert desk.codes(decision(desk), "cora") == {"claim_not_notified"}


def test_members_approve_once_each_and_enough_of_them() -> None:
    desk = led_to("decided")
    approve = Approve(finding=desk.finding.id)
    desk.do(ChangeHandling(finding=desk.finding.id, handling=CLEAR, reason="open it"), "cora")
    assert desk.codes(Publish(finding=desk.finding.id), "cora") == {"wrong_state"}
    desk.do(approve, "cora")
    assert desk.codes(approve, "cora") == {"already_approved"}
    assert desk.codes(Publish(finding=desk.finding.id), "cora") == {"too_few_approvals"}
    desk.do(approve, "cyd")
    assert desk.codes(Publish(finding=desk.finding.id), "cora") == set()


def test_only_what_is_clear_and_for_all_is_published() -> None:
    desk = led_to("approved")
    publish = Publish(finding=desk.finding.id)
    assert desk.codes(publish, "cora") == {"not_clear"}
    listed = replace(CLEAR, releasable_to=frozenset({SOUTH}))
    desk.do(ChangeHandling(finding=desk.finding.id, handling=listed, reason="a first step"), "cora")
    assert desk.codes(publish, "cora") == {"not_clear"}


def test_a_dissent_is_kept_with_the_finding() -> None:
    desk = led_to("decided")
    desk.do(Dissent(finding=desk.finding.id, text="One bill is not enough."), "abe")
    led_to("published", desk=desk, after="decided")
    assert desk.version.dissents[0].text == "One bill is not enough."


def test_a_correction_walks_the_same_way_while_the_published_version_stands() -> None:
    desk = led_to("published")
    first = desk.version
    desk.do(StartCorrection(finding=desk.finding.id, reason="the amount was wrong"), "ann")
    assert desk.finding.standing == first
    assert (desk.version.number, desk.version.state, desk.version.notices) == (2, FindingState.DRAFT, ())
    desk.do(
        claim(desk, claim=first.claims[0].id, sentence="Sandbox Trading One sold 400 barrels on 2 March 2026."), "ann"
    )
    assert desk.codes(Publish(finding=desk.finding.id), "cora") == {"wrong_state"}
    led_to("approved", desk=desk, after="draft")
    desk.do(Publish(finding=desk.finding.id), "cora")
    one, two = desk.finding.versions
    assert (one.state, two.state) == (FindingState.CORRECTED, FindingState.PUBLISHED)
    assert one.claims == first.claims
    assert desk.finding.standing == two


def test_a_withdrawn_version_stays_with_its_reason() -> None:
    desk = led_to("published")
    withdraw = Withdraw(finding=desk.finding.id, version=1, reason="the bill was false")
    assert desk.codes(replace(withdraw, version=2), "cora") == {"unknown_item"}
    desk.do(withdraw, "cora")
    assert desk.version.state is FindingState.WITHDRAWN
    assert desk.version.claims != ()
    assert desk.finding.is_public
    assert desk.codes(withdraw, "cora") == {"not_to_withdraw"}
    desk.do(StartCorrection(finding=desk.finding.id, reason="the photo alone shows it"), "ann")
    assert desk.version.state is FindingState.DRAFT


def test_what_was_published_stays_as_it_was_when_the_case_changes() -> None:
    desk = led_to("published")
    desk.do(Withdraw(finding=desk.finding.id, version=1, reason="the bill was false"), "cora")
    before = published(desk.open, desk.finding)
    desk.do(AddSubject(subject=replace(TRADING, name="Sandbox Bystander")), "ann")
    desk.do(SetStandard(standard=Standard.CLEAR_AND_CONVINCING, reason="asked for"), "cora")
    assert published(desk.open, desk.finding) == before
    assert before is not None
    assert (before.newest.subjects, before.newest.standard) == ((TRADING,), Standard.REASONABLE_GROUNDS)
    desk.do(StartCorrection(finding=desk.finding.id, reason="another firm"), "ann")
    led_to("published", after="draft", desk=desk)
    after = published(desk.open, desk.finding)
    assert after is not None
    assert after.versions[0] == before.newest
    assert after.subjects == after.newest.subjects == (replace(TRADING, name="Sandbox Bystander"),)
    assert after.standard is after.newest.standard is Standard.CLEAR_AND_CONVINCING


def test_what_was_published_is_not_hidden_when_it_is_withdrawn() -> None:
    desk = led_to("published")
    finding = desk.finding.id
    desk.do(Withdraw(finding=finding, version=1, reason="the bill was false"), "cora")
    for handling in (AMBER, replace(CLEAR, tlp=Tlp.RED, named=frozenset({"cora"}))):
        for by in ("ann", "cora"):
            codes = desk.codes(ChangeHandling(finding=finding, handling=handling, reason="hide it"), by)
            assert "published_stays_public" in codes
    never = led_to("approved")
    never.do(Withdraw(finding=never.finding.id, version=1, reason="not enough"), "cora")
    stricter = replace(AMBER, tlp=Tlp.AMBER_STRICT)
    assert never.codes(ChangeHandling(finding=never.finding.id, handling=stricter, reason="care"), "ann") == set()


def test_a_correction_given_up_leaves_the_published_version_standing() -> None:
    desk = led_to("published")
    desk.do(StartCorrection(finding=desk.finding.id, reason="a doubt"), "ann")
    desk.do(Withdraw(finding=desk.finding.id, version=2, reason="the doubt was none"), "cora")
    assert desk.finding.standing is not None
    assert desk.finding.standing.number == 1
    desk.do(StartCorrection(finding=desk.finding.id, reason="another doubt"), "ann")
    assert desk.version.claims == desk.finding.standing.claims


def test_a_late_reply_to_a_corrected_version_is_kept_with_it() -> None:
    desk = led_to("published")
    act = reply(desk, "We see it only now.")
    desk.do(StartCorrection(finding=desk.finding.id, reason="a doubt"), "ann")
    desk.do(act, "ann")
    assert desk.finding.versions[0].replies[0].points[0].text == "We see it only now."
    assert desk.version.replies == ()


def test_the_checklist_names_what_comes_next() -> None:
    for stop, codes in [
        ("draft", set()),
        ("review", {"too_few_reviews", "law_not_checked", "claim_not_notified"}),
        ("noticed", {"delivery_unproven"}),
        ("delivered", {"reply_time_running"}),
        ("decided", {"too_few_approvals", "not_clear"}),
    ]:
        desk = led_to(stop)
        told = outstanding(desk.open, desk.finding.id, on=desk.at.date(), known=desk.known)
        assert {each.code for each in told} == codes, stop
    assert [each.code for each in outstanding(desk.open, "nowhere", on=desk.at.date(), known=KNOWN)] == ["unknown_item"]


def test_an_act_on_a_finding_that_is_not_there_is_refused() -> None:
    acts: list[Act] = [
        SubmitForReview(finding="nowhere"),
        ChangeHandling(finding="nowhere", handling=CLEAR, reason="?"),
    ]
    for act in acts:
        assert led_to("opened").codes(act, "cora") == {"unknown_item"}


def test_known_exhibits_of_another_member_can_be_used_where_the_text_is_as_strict() -> None:
    desk = led_to("draft")
    theirs = KnownExhibit(sound=True, handling=Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({SOUTH})))
    desk.known = replace(KNOWN, exhibits={**EXHIBITS, digest("theirs"): theirs})
    assert desk.codes(evidence(desk, "theirs"), "ann") == {"exhibit_unknown"}
    assert desk.codes(evidence(desk, "theirs"), "abe") == {"evidence_above_marking"}
    assert PEOPLE["abe"].member == SOUTH
