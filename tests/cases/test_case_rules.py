"""What is refused of acts on a case as a whole: who acts, what it takes in, how it is handled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bongsu.cases.acts import ROLES, Act, may_ever
from bongsu.cases.case_acts import (
    AcceptIndicators,
    AddNote,
    AddSubject,
    ChangeHandling,
    CloseCase,
    DismissIndicator,
    FollowUp,
    MergeCases,
    ProposeDesignation,
    Recommend,
    RecordAnswer,
    RecordImplementationReport,
    RemindRequest,
    ReopenCase,
    SendRequest,
    SetStandard,
)
from bongsu.cases.finding_acts import (
    ReturnToDraft,
    StartFinding,
)
from bongsu.cases.handling import Handling, Tlp, strictest
from bongsu.cases.words import (
    AnswerKind,
    CaseKind,
    FollowUpStatus,
    Role,
    Standard,
)
from bongsu.sandbox.casework import (
    AMBER,
    CLEAR,
    KNOWN,
    MEASURE,
    NORTH,
    SHIP,
    SOUTH,
    TRADING,
    Desk,
    decision,
    digest,
    evidence,
    led_to,
    opening,
    reply,
    submission,
)


def test_a_reader_writes_nothing() -> None:
    assert led_to("opened").codes(AddNote(text="a note"), "reed") == {"role_too_low"}


def test_an_analyst_does_not_decide() -> None:
    assert led_to("silent").codes(decision(led_to("silent")), "abe") == {"role_too_low"}


def test_an_administrator_does_no_casework() -> None:
    assert led_to("opened").codes(AddNote(text="a note"), "adam") == {"administrator"}
    assert not any(may_ever(Role.ADMINISTRATOR, kind) for kind in ROLES)


def test_who_may_not_read_the_case_is_told_nothing_else() -> None:
    desk = led_to("draft")
    assert desk.codes(StartFinding(title=""), "low") == {"cannot_read_case"}
    desk.do(ChangeHandling(finding=None, handling=replace(AMBER, releasable_to=frozenset()), reason="kept"), "cora")
    assert desk.codes(AddNote(text=" "), "abe") == {"cannot_read_case"}


def kept_at_home(desk: Desk) -> str:
    """The id of the desk's finding, after it was handled so that its own member alone may read it."""
    strict = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({NORTH}))
    desk.do(ChangeHandling(finding=desk.finding.id, handling=strict, reason="kept at home"), "cora")
    return desk.finding.id


def test_who_may_not_read_the_finding_is_told_that_there_is_none() -> None:
    desk = led_to("draft")
    hidden = kept_at_home(desk)
    loosened = ChangeHandling(finding=hidden, handling=CLEAR, reason="open it")
    recommended = Recommend(addressee="the port of Sandbox", text="Ask for the bill.", finding=hidden)
    proposed = ProposeDesignation(
        subject=TRADING.id, measures=(MEASURE,), statement_of_case="as found", findings=frozenset({hidden})
    )
    tried: list[tuple[Act, Act, str]] = [
        (submission(desk), replace(submission(desk), finding="nowhere"), "abe"),
        (loosened, replace(loosened, finding="nowhere"), "cyd"),
        (recommended, replace(recommended, finding="nowhere"), "abe"),
        (proposed, replace(proposed, findings=frozenset({"nowhere"})), "cyd"),
    ]
    for of_hidden, of_none, who in tried:
        told = desk.told(of_hidden, who)
        assert {each.code for each in told} == {"unknown_item"}
        assert str([each.record() for each in told]).replace(hidden, "nowhere") == str(
            [each.record() for each in desk.told(of_none, who)]
        )


def test_a_case_is_not_closed_over_a_finding_that_is_hidden_and_its_title_is_not_told() -> None:
    desk = led_to("draft")
    hidden = kept_at_home(desk)
    told = desk.told(CloseCase(reason="done"), "cyd")
    assert [each.code for each in told] == ["hidden_part"]
    assert hidden not in str(told)
    assert desk.finding.current.title not in str(told)
    assert desk.codes(CloseCase(reason="done"), "cora") == {"findings_open"}


def test_nothing_is_dated_before_the_last_act() -> None:
    desk = led_to("opened")
    desk.at -= timedelta(days=1)
    assert desk.codes(AddNote(text="a note"), "ann") == {"clock_back"}


def test_a_blank_text_is_no_text() -> None:
    desk = led_to("reviewed")
    assert desk.codes(ReturnToDraft(finding=desk.finding.id, reason="  "), "ann") == {"blank"}


def test_a_case_is_opened_under_a_handling_its_opener_gives_and_can_read() -> None:
    theirs = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({SOUTH}))
    assert Desk().codes(opening(handling=theirs), "ann") == {"not_originator_on_opening", "shuts_you_out"}
    assert Desk().codes(opening(), "low") == {"shuts_you_out"}
    assert Desk().codes(opening(salt="short"), "ann") == {"salt_too_short"}
    assert Desk().codes(opening(indicators=("nowhere",)), "ann") == {"unknown_indicator"}
    assert led_to("opened").codes(opening(), "ann") == {"case_there"}
    assert Desk().codes(AddNote(text="a note"), "ann") == {"no_case"}


def test_a_dismissed_indicator_is_taken_up_again_with_a_reason_only() -> None:
    desk = led_to("opened")
    second = "aaaa000000000002"
    desk.do(DismissIndicator(indicator=second, subject=TRADING.id, reason="a namesake"), "ann")
    assert desk.codes(DismissIndicator(indicator=second, subject=None, reason="again"), "ann") == {"dismissed_there"}
    assert desk.codes(AcceptIndicators(indicators=(second,)), "ann") == {"indicator_dismissed"}
    desk.do(AcceptIndicators(indicators=(second,), reason="the number is the same after all"), "ann")
    assert second in desk.open.indicators
    assert desk.open.dismissed == ()
    assert desk.codes(AcceptIndicators(indicators=(second,)), "ann") == {"indicator_there"}
    assert desk.codes(AcceptIndicators(indicators=()), "ann") == {"blank"}


def test_an_indicator_dismissed_elsewhere_counts_as_dismissed() -> None:
    desk, other = led_to("opened"), led_to("opened")
    other.do(DismissIndicator(indicator="aaaa000000000003", subject=None, reason="a drill"), "ann")
    desk.known = replace(KNOWN, dismissed={"aaaa000000000003": other.open.dismissed[0]})
    assert desk.codes(AcceptIndicators(indicators=("aaaa000000000003",)), "ann") == {"indicator_dismissed"}


def test_the_standard_stays_once_a_finding_has_left_its_draft() -> None:
    act = SetStandard(standard=Standard.BALANCE, reason="the courts ask for it")
    assert led_to("draft").codes(act, "cora") == set()
    assert led_to("review").codes(act, "cora") == {"standard_settled"}


def test_whom_a_finding_under_way_is_about_is_not_renamed_behind_it() -> None:
    renamed = AddSubject(subject=replace(TRADING, name="Sandbox Trading Two"))
    assert led_to("draft").codes(renamed, "ann") == set()
    assert led_to("review").codes(renamed, "ann") == {"subject_settled"}
    assert led_to("review").codes(AddSubject(subject=TRADING), "ann") == set()
    assert led_to("review").codes(AddSubject(subject=replace(SHIP, name="Sandbox Ship Two")), "ann") == set()


def merge(other: Desk) -> MergeCases:
    case = other.open
    return MergeCases(other=case.id, subjects=case.subjects, indicators=case.indicators, reason="the same oil")


def test_a_case_goes_into_another_with_all_it_holds_and_is_closed_beside_it() -> None:
    desk, other = led_to("opened"), Desk()
    other.do(opening(salt="another-sandbox-salt", indicators=("aaaa000000000002",)), "ann")
    desk.known = replace(KNOWN, cases={other.open.id: other.open})
    assert desk.codes(replace(merge(other), indicators=()), "cora") == {"merge_leaves_out"}
    close = CloseCase(reason="one matter", merged_into=desk.open.id)
    other.known = replace(KNOWN, cases={desk.open.id: desk.open})
    assert other.codes(close, "cora") == {"merge_not_closed"}
    desk.do(merge(other), "cora")
    assert desk.open.indicators == ("aaaa000000000001", "aaaa000000000002")
    other.known = replace(KNOWN, cases={desk.open.id: desk.open})
    other.do(close, "cora")
    assert other.codes(ReopenCase(reason="again"), "cora") == {"case_merged"}


def test_what_was_dismissed_in_a_case_is_taken_up_again_by_a_merge_that_brings_it_and_can_be_dismissed_anew() -> None:
    desk, other = led_to("opened"), Desk()
    again = DismissIndicator(indicator="aaaa000000000002", subject=None, reason="a drill")
    desk.do(again, "ann")
    other.do(opening(salt="another-sandbox-salt", indicators=("aaaa000000000002",)), "ann")
    desk.known = replace(KNOWN, cases={other.open.id: other.open})
    desk.do(merge(other), "cora")
    assert (desk.open.indicators, desk.open.dismissed) == (("aaaa000000000001", "aaaa000000000002"), ())
    assert desk.codes(again, "ann") == set()


def test_a_case_that_may_not_be_read_by_all_or_has_findings_does_not_go_into_another() -> None:
    desk, other = led_to("opened"), Desk()
    strict = replace(AMBER, tlp=Tlp.AMBER_STRICT)
    other.do(opening(salt="another-sandbox-salt", handling=strict), "ann")
    desk.known = replace(KNOWN, cases={other.open.id: other.open})
    assert desk.codes(merge(other), "cora") == {"merge_loosens"}
    assert desk.codes(merge(other), "cyd") == {"unknown_item"}
    assert desk.codes(replace(merge(other), other=desk.open.id), "cora") == {"merge_itself"}


def led_with(desk: Desk, other: Desk) -> Desk:
    desk.known = replace(KNOWN, cases={other.open.id: other.open})
    return desk


def test_a_case_with_findings_of_its_own_stays() -> None:
    desk, other = led_to("opened"), Desk()
    other.do(opening(salt="another-sandbox-salt"), "ann")
    other.do(StartFinding(title="a finding of the other case"), "ann")
    assert led_with(desk, other).codes(merge(other), "cora") == {"merge_has_findings"}


def test_a_case_is_closed_when_its_findings_are_done_and_still_takes_a_late_reply() -> None:
    desk = led_to("approved")
    assert desk.codes(CloseCase(reason="done"), "cora") == {"findings_open"}
    desk = led_to("published", desk=desk, after="approved")
    desk.do(CloseCase(reason="done"), "cora")
    assert desk.codes(AddNote(text="a note"), "ann") == {"case_closed"}
    desk.do(reply(desk, "We learnt of it today."), "ann")
    desk.do(ReopenCase(reason="a late reply"), "cora")
    assert desk.codes(ReopenCase(reason="again"), "cora") == {"case_open"}


def test_a_register_makes_no_findings_and_an_inquiry_keeps_no_reports() -> None:
    report = RecordImplementationReport(
        state="ZZ", resolution="2397", received_on=date(2026, 3, 1), exhibit=digest("letter")
    )
    assert led_to("opened").codes(report, "ann") == {"only_register"}
    register = Desk()
    register.do(opening(case_kind=CaseKind.REGISTER), "ann")
    register.do(report, "ann")
    assert register.codes(StartFinding(title="a finding"), "ann") == {"not_for_register"}
    wrong = replace(report, state="Sandboxia", resolution="two", received_on=date(2027, 1, 1), exhibit=digest("none"))
    assert register.codes(wrong, "ann") == {"not_a_state", "not_a_resolution", "day_to_come", "exhibit_unknown"}


def test_requests_are_answered_reminded_of_and_counted() -> None:
    desk = led_to("opened")
    assert desk.open.reply_rate is None
    ask = SendRequest(addressee="the State of Sandboxia", question="Who owned it?", due=date(2026, 5, 1))
    assert desk.codes(replace(ask, due=date(2026, 1, 1)), "ann") == {"day_too_early"}
    desk.do(ask, "ann")
    desk.do(ask, "ann")
    first = desk.open.requests[0].id
    desk.do(RemindRequest(request=first), "ann")
    answer = RecordAnswer(
        request=first, exhibit=digest("letter"), received_on=desk.at.date(), answer_kind=AnswerKind.FULL
    )
    assert desk.codes(replace(answer, received_on=date(2026, 3, 1)), "ann") == {"day_too_early"}
    desk.do(answer, "ann")
    assert desk.codes(RemindRequest(request=first), "ann") == {"request_done"}
    assert desk.codes(RemindRequest(request="nowhere"), "ann") == {"unknown_item"}
    assert desk.open.reply_rate is not None
    assert float(desk.open.reply_rate) == 0.5


def test_a_proposal_to_designate_rests_on_a_finding_decided_as_established() -> None:
    desk = led_to("silent")
    propose = ProposeDesignation(
        subject=TRADING.id, measures=(MEASURE,), statement_of_case="as found", findings=frozenset({desk.finding.id})
    )
    assert desk.codes(propose, "cora") == {"finding_not_established"}
    assert desk.codes(replace(propose, findings=frozenset(), measures=()), "cora") == {
        "no_findings_named",
        "no_measures",
    }
    desk.do(decision(desk), "cora")
    desk.do(propose, "cora")
    item = desk.open.proposals[0].id
    assert desk.open.proposals[0].status is FollowUpStatus.OPEN
    desk.do(FollowUp(item=item, status=FollowUpStatus.REJECTED, note="the Committee said no"), "ann")
    assert desk.open.proposals[0].status is FollowUpStatus.REJECTED


def test_a_recommendation_is_followed_up() -> None:
    desk = led_to("opened")
    recommend = Recommend(addressee="the port of Sandbox", text="Ask for the bill.", finding="nowhere")
    assert desk.codes(recommend, "ann") == {"unknown_item"}
    desk.do(replace(recommend, finding=None), "ann")
    item = desk.open.recommendations[0].id
    desk.do(FollowUp(item=item, status=FollowUpStatus.DONE, note="seen", exhibit=digest("letter")), "ann")
    assert desk.open.recommendations[0].status is FollowUpStatus.DONE
    assert desk.codes(FollowUp(item="nowhere", status=FollowUpStatus.DONE, note="seen"), "ann") == {"unknown_item"}


def test_only_a_coordinator_of_the_originator_loosens_a_handling() -> None:
    desk = led_to("draft")
    loosen = ChangeHandling(finding=desk.finding.id, handling=CLEAR, reason="nothing in it needs care")
    assert desk.codes(loosen, "cyd") == {"not_originator"}
    assert desk.codes(loosen, "ann") == {"not_originator"}
    assert desk.codes(loosen, "cora") == set()


def test_anyone_who_works_on_it_makes_a_handling_stricter_but_not_out_of_their_own_sight() -> None:
    desk = led_to("draft")
    list_two = ChangeHandling(finding=None, handling=replace(AMBER, releasable_to=frozenset({SOUTH})), reason="care")
    assert desk.codes(list_two, "abe") == set()
    nobody = replace(list_two, handling=replace(AMBER, releasable_to=frozenset()))
    assert desk.codes(nobody, "abe") == {"shuts_you_out"}
    red = replace(list_two, handling=Handling(tlp=Tlp.RED, originators=frozenset({NORTH}), named=frozenset({"abe"})))
    assert desk.codes(red, "abe") == {"red_by_originator"}
    assert desk.codes(replace(list_two, handling=AMBER), "ann") == {"handling_same"}
    theirs = replace(list_two, handling=replace(AMBER, originators=frozenset({SOUTH})))
    assert desk.codes(theirs, "cyd") == {"originators_change"}


def test_several_originators_loosen_together_only() -> None:
    both = strictest([AMBER, Handling(tlp=Tlp.AMBER, originators=frozenset({SOUTH}))])
    desk = Desk()
    desk.do(opening(handling=both), "ann")
    green = ChangeHandling(finding=None, handling=replace(both, tlp=Tlp.GREEN), reason="it is old")
    desk.do(green, "cora")
    assert desk.open.handling == both
    assert desk.open.pending is not None
    assert desk.codes(green, "cora") == {"already_consented"}
    assert desk.codes(green, "cal") == {"not_originator"}
    desk.do(green, "cyd")
    assert desk.open.handling.tlp is Tlp.GREEN
    assert desk.open.pending is None


def test_consents_to_different_handlings_do_not_add_up() -> None:
    both = strictest([AMBER, Handling(tlp=Tlp.AMBER, originators=frozenset({SOUTH}))])
    desk = Desk()
    desk.do(opening(handling=both), "ann")
    desk.do(ChangeHandling(finding=None, handling=replace(both, tlp=Tlp.GREEN), reason="it is old"), "cora")
    desk.do(ChangeHandling(finding=None, handling=replace(both, tlp=Tlp.CLEAR), reason="it is known"), "cyd")
    assert desk.open.handling == both


def test_a_text_is_not_loosened_below_its_evidence() -> None:
    desk = led_to("draft")
    desk.do(evidence(desk, "amber"), "ann")
    act = ChangeHandling(finding=desk.finding.id, handling=CLEAR, reason="open it")
    assert desk.codes(act, "cora") == {"evidence_above_marking"}


def test_what_is_published_is_not_hidden_again() -> None:
    desk = led_to("published")
    assert desk.codes(ChangeHandling(finding=desk.finding.id, handling=AMBER, reason="hide it"), "cora") == {
        "published_stays_public"
    }


def test_after_expiry_the_originators_still_extend_and_nobody_else_works() -> None:
    desk = Desk()
    short = replace(AMBER, expires_on=date(2026, 4, 10))
    desk.do(opening(handling=short), "ann")
    desk.later(30)
    assert desk.codes(AddNote(text="a note"), "abe") == {"cannot_read_case"}
    desk.do(ChangeHandling(finding=None, handling=AMBER, reason="work goes on"), "cora")
    assert desk.codes(AddNote(text="a note"), "abe") == set()
