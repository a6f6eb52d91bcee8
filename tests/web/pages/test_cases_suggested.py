"""Suggested cases: what is grouped, who may decide, and that all of it is done or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from bongsu.cases.case_acts import FollowUp, Recommend, RecordAnswer, SendRequest
from bongsu.cases.handling import Handling, Reader, Tlp, covers
from bongsu.cases.model import Case
from bongsu.cases.words import AnswerKind, FollowUpStatus, Role
from bongsu.evidence import Folder
from bongsu.sandbox.casework import led_to
from bongsu.web.accounts.models import Member, Person
from bongsu.web.pages.cases.differences import changes, pieces_of
from bongsu.web.pages.cases.following import advice_of, counted, reports_of, requests_of
from bongsu.web.pages.cases.suggesting import suggestions_for
from bongsu.web.pages.indicators.acting import dismiss, take_into_new
from bongsu.web.record import work
from bongsu.web.record.exhibits import take_in_exhibits
from bongsu.web.record.models import (
    CaseName,
    CaseRow,
    CycleRow,
    Decision,
    DismissalRow,
    Entry,
    ExhibitRow,
    HandlingRow,
    IndicatorRow,
    IndicatorState,
    SearchText,
)
from bongsu.web.record.rebuilding import rebuilt
from bongsu.web.record.states import standings

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(person: Callable[..., Person]) -> Person:
    return person(Role.ANALYST)


@pytest.fixture
def browser(signed_in: Callable[..., Client], cycle: CycleRow) -> Client:
    return signed_in(Role.ANALYST)


def several(analyst: Person) -> tuple[str, tuple[str, ...]]:
    """The id and the indicators of a suggestion that has several."""
    found = next(each for each in suggestions_for(analyst.reader) if len(each.indicators) > 1)
    return found.id, found.indicators


def test_every_new_indicator_stands_in_one_suggestion(browser: Client, analyst: Person) -> None:
    grouped = [each for suggestion in suggestions_for(analyst.reader) for each in suggestion.indicators]
    assert sorted(grouped) == sorted(IndicatorRow.objects.values_list("id", flat=True))


def test_a_case_is_opened_with_a_suggestion_s_indicators_and_subjects(browser: Client, analyst: Person) -> None:
    suggestion, indicators = several(analyst)
    asked = {"suggestion": suggestion, "indicators": indicators, "do": "open", "title": "SANDBOX case", "marking": "2"}
    answer = browser.post("/cases/suggested/", asked)
    assert answer.status_code == 302, answer.content.decode()
    case = work.case_of(CaseRow.objects.get().id, analyst.reader)
    assert (case.title, case.indicators) == ("SANDBOX case", indicators)
    assert case.subjects
    assert suggestion not in {each.id for each in suggestions_for(analyst.reader)}


def test_only_the_chosen_indicators_are_taken_into_a_case(
    browser: Client, analyst: Person, opened: Callable[..., Case]
) -> None:
    suggestion, indicators = several(analyst)
    case = opened(analyst)
    asked = {"suggestion": suggestion, "indicators": indicators[:1], "do": "take", "case": case.id, "marking": "2"}
    assert browser.post("/cases/suggested/", asked)["Location"] == f"/cases/{case.id}/"
    taken = work.case_of(case.id, analyst.reader)
    assert taken.indicators == indicators[:1]
    assert taken.subjects


def test_all_are_dismissed_with_one_reason_which_is_shown_when_the_like_comes_again(
    browser: Client, analyst: Person, made: Callable[..., list[IndicatorRow]]
) -> None:
    suggestion, indicators = several(analyst)
    reason = "A receiver of the sandbox was broken."
    asked = {"suggestion": suggestion, "indicators": indicators, "do": "dismiss", "reason": reason, "marking": "2"}
    assert browser.post("/cases/suggested/", asked).status_code == 302
    rows = IndicatorRow.objects.filter(id__in=indicators)
    stand = standings(rows, analyst.reader, None).values()
    assert {(each.state, each.reason) for each in stand} == {(IndicatorState.DISMISSED, reason)}
    assert reason not in browser.get("/cases/suggested/").content.decode()
    made(1, like=rows[0].detector, subject=rows[0].record["subject"], when=rows[0].record["when"])
    assert reason in browser.get("/cases/suggested/").content.decode()


def test_what_cases_are_about_is_made_anew_from_the_journal(browser: Client, analyst: Person) -> None:
    row, other = IndicatorRow.objects.order_by("id")[:2]
    take_into_new(analyst, [row], "SANDBOX case", Tlp.AMBER_STRICT)
    dismiss(analyst, other, "SANDBOX reason")
    before = [set(CaseName.objects.values_list("case", "name")), list(DismissalRow.objects.values_list("record"))]
    assert rebuilt(keep=False).differences == ()
    CaseName.objects.all().delete()
    DismissalRow.objects.update(subject="sandbox:nobody")
    assert {each.table for each in rebuilt(keep=True).differences} == {"name", "dismissal"}
    after = [set(CaseName.objects.values_list("case", "name")), list(DismissalRow.objects.values_list("record"))]
    assert after == before
    assert rebuilt(keep=False).differences == ()


def test_a_dismissal_without_a_reason_does_nothing(browser: Client, analyst: Person) -> None:
    suggestion, indicators = several(analyst)
    before = Entry.objects.count()
    asked = {"suggestion": suggestion, "indicators": indicators, "do": "dismiss", "reason": " ", "marking": "2"}
    answer = browser.post("/cases/suggested/", asked)
    assert answer.status_code == 422
    assert "This cannot be done yet" in answer.content.decode()
    assert Entry.objects.count() == before
    assert not Decision.objects.exists()


def test_nothing_is_done_without_an_indicator_or_with_a_suggestion_that_is_gone(
    browser: Client, analyst: Person
) -> None:
    suggestion, _indicators = several(analyst)
    assert browser.post("/cases/suggested/", {"suggestion": suggestion, "do": "open", "title": "x"}).status_code == 422
    assert browser.post("/cases/suggested/", {"suggestion": "gone", "do": "open"})["Location"] == "/cases/suggested/"
    assert not CaseRow.objects.exists()


def test_a_reader_looks_and_does_not_decide(browser: Client, analyst: Person, signed_in: Callable[..., Client]) -> None:
    suggestion, indicators = several(analyst)
    reader = signed_in(Role.READER)
    page = reader.get("/cases/suggested/").content.decode()
    assert "Dismiss these" not in page
    asked = {"suggestion": suggestion, "indicators": indicators, "do": "dismiss", "reason": "x"}
    assert reader.post("/cases/suggested/", asked).status_code == 403


def test_what_one_may_not_read_is_not_suggested(
    browser: Client,
    analyst: Person,
    person: Callable[..., Person],
    signed_in: Callable[..., Client],
    kept_to_alpha: Callable[[IndicatorRow], None],
) -> None:
    suggestion, indicators = several(analyst)
    for row in IndicatorRow.objects.filter(id__in=indicators):
        kept_to_alpha(row)
    stranger = person(Role.COORDINATOR, member="beta")
    shown = {each for found in suggestions_for(stranger.reader) for each in found.indicators}
    assert shown.isdisjoint(indicators)
    answer = signed_in(of=stranger).post(
        "/cases/suggested/", {"suggestion": suggestion, "indicators": indicators, "do": "dismiss", "reason": "x"}
    )
    assert answer["Location"] == "/cases/suggested/"
    assert not Decision.objects.exists()


def test_requests_are_counted_and_those_that_wait_come_first(
    store: Folder, analyst: Person, opened: Callable[..., Case], signed_in: Callable[..., Client]
) -> None:
    take_in_exhibits(store, "alpha")
    exhibit = ExhibitRow.objects.filter(handling__tlp__lte=1)[0]
    case = opened(analyst)
    for due in (date(2030, 1, 1), date(2030, 2, 1)):
        case = work.do(
            analyst, case.id, SendRequest(addressee=f"An invented registry {due}", question="Whose is she?", due=due)
        )
    today = date(2030, 1, 15)
    assert [each.days_left for each in requests_of(analyst.reader, today)] == [-14, 17]
    assert counted(requests_of(analyst.reader, today))["overdue"] == 1
    given = RecordAnswer(
        request=case.requests[0].id,
        exhibit=exhibit.digest,
        received_on=datetime.now(UTC).date(),
        answer_kind=AnswerKind.REFUSED,
    )
    work.do(analyst, case.id, given)
    counts = counted(requests_of(analyst.reader, today))
    assert (counts["sent"], counts["answered"], counts["refused"], counts["percent"]) == (2, 1, 1, 50)
    page = signed_in(of=analyst).get("/cases/requests/").content.decode()
    assert "An invented registry 2030-02-01" in page


def test_recommendations_that_are_done_come_last(
    db: None, analyst: Person, opened: Callable[..., Case], signed_in: Callable[..., Client]
) -> None:
    case = opened(analyst)
    for text in ("first", "second"):
        case = work.do(analyst, case.id, Recommend(addressee="An invented registry", text=text))
    done = FollowUp(item=case.recommendations[0].id, status=FollowUpStatus.DONE, note="by letter")
    work.do(analyst, case.id, done)
    assert [each.text for each in advice_of(analyst.reader)] == ["second", "first"]
    page = signed_in(of=analyst).get("/cases/recommendations/").content.decode()
    assert "by letter" in page


def test_lists_across_cases_hold_what_one_may_read(
    db: None, analyst: Person, person: Callable[..., Person], opened: Callable[..., Case]
) -> None:
    from bongsu.cases.handling import Tlp

    case = opened(analyst, tlp=Tlp.AMBER_STRICT)
    work.do(analyst, case.id, Recommend(addressee="An invented registry", text="first"))
    assert len(advice_of(analyst.reader)) == 1
    assert advice_of(person(Role.COORDINATOR, member="beta").reader) == []


def test_the_pieces_of_two_texts_make_both_again() -> None:
    before, after = "SANDBOX ONE sold 500 barrels.", "SANDBOX ONE sold some 700 barrels of oil."
    pieces = pieces_of(before, after)
    assert "".join(text for kind, text in pieces if kind != "new") == before
    assert "".join(text for kind, text in pieces if kind != "gone") == after
    assert ("gone", "500") in pieces


def test_versions_differ_where_their_texts_do() -> None:
    version = led_to("draft").version
    claim = replace(version.claims[0], sentence="Sandbox Trading One sold nothing.")
    after = replace(version, number=2, title="Another title", claims=(claim,), measures=())
    assert {str(each.what) for each in changes(version, after)} == {"Title", "Claim", "Measures"}
    assert changes(version, version) == ()


def test_the_newest_report_of_each_state_on_each_resolution_is_shown(
    store: Folder, analyst: Person, signed_in: Callable[..., Client]
) -> None:
    take_in_exhibits(store, "alpha")
    exhibit = ExhibitRow.objects.filter(handling__tlp__lte=1)[0].digest
    browser = signed_in(of=analyst)
    opening = {
        "case_kind": "register",
        "title": "SANDBOX register of reports",
        "summary": "SANDBOX: invented throughout.",
        "standard": "reasonable_grounds",
        "tlp": "TLP:AMBER",
    }
    register = browser.post("/cases/open/", opening)["Location"]
    for state, resolution, day in (
        ("XX", "2397", "2026-03-01"),
        ("XX", "2397", "2026-05-01"),
        ("XX", "2375", "2026-02-01"),
        ("XZ", "2397", "2026-04-01"),
    ):
        report = {"state": state, "resolution": resolution, "received_on": day, "exhibit": exhibit}
        answer = browser.post(f"{register}do/record_implementation_report/", report)
        assert answer.status_code == 302, answer.content.decode()
    resolutions, states = reports_of(analyst.reader)
    days = {(each.state, number): cell and cell[1].received_on for each in states for number, cell in each.cells}
    assert resolutions == ("2375", "2397")
    assert days == {
        ("XX", "2375"): date(2026, 2, 1),
        ("XX", "2397"): date(2026, 5, 1),
        ("XZ", "2375"): None,
        ("XZ", "2397"): date(2026, 4, 1),
    }
    page = browser.get("/cases/reports/").content.decode()
    assert "2026-05-01" in page
    assert "2026-03-01" not in page


@pytest.fixture
def of_two(browser: Client, person: Callable[..., Person]) -> tuple[Person, str, tuple[str, ...]]:
    """An analyst of the other member, and a suggestion whose signs their member alone was given, until a day."""
    suggestion, indicators = several(person(Role.ANALYST))
    given = Handling(
        tlp=Tlp.AMBER,
        originators=frozenset({"alpha"}),
        releasable_to=frozenset({"beta"}),
        expires_on=date(2099, 12, 1),
    )
    IndicatorRow.objects.filter(id__in=indicators).update(handling=HandlingRow.of(given))
    return person(Role.ANALYST, member="beta"), suggestion, indicators


def test_a_case_opened_with_what_was_given_to_few_is_for_these_alone_and_as_long(
    of_two: tuple[Person, str, tuple[str, ...]], signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    analyst, suggestion, indicators = of_two
    Member.objects.create(id="gamma", name="Member Gamma (SANDBOX)")
    asked = {"suggestion": suggestion, "indicators": indicators, "do": "open", "title": "SANDBOX case", "marking": "2"}
    assert signed_in(of=analyst).post("/cases/suggested/", asked).status_code == 302
    case = work.case_of(CaseRow.objects.get().id, analyst.reader)
    assert case.handling == Handling(
        tlp=Tlp.AMBER,
        originators=frozenset({"alpha", "beta"}),
        releasable_to=frozenset({"alpha", "beta"}),
        expires_on=date(2099, 12, 1),
    )
    stranger = Reader(person="reader1-gamma", member="gamma", clearance=Tlp.RED)
    with pytest.raises(work.NotThereError):
        work.case_of(case.id, stranger)
    assert not SearchText.objects.readable_by(stranger).filter(kind="case").exists()


def test_what_was_given_to_few_goes_into_no_case_that_more_may_read(
    of_two: tuple[Person, str, tuple[str, ...]], signed_in: Callable[..., Client], opened: Callable[..., Case]
) -> None:
    analyst, suggestion, indicators = of_two
    case = opened(analyst)
    asked = {"suggestion": suggestion, "indicators": indicators, "do": "take", "case": case.id, "marking": "2"}
    answer = signed_in(of=analyst).post("/cases/suggested/", asked)
    assert answer.status_code == 422
    assert "may not be read by all who read the case" in answer.content.decode()
    assert work.case_of(case.id, analyst.reader) == case


def test_what_was_given_to_few_is_dismissed_in_a_register_for_these_alone(
    of_two: tuple[Person, str, tuple[str, ...]], signed_in: Callable[..., Client]
) -> None:
    analyst, suggestion, indicators = of_two
    asked = {"suggestion": suggestion, "indicators": indicators, "do": "dismiss", "reason": "SANDBOX", "marking": "2"}
    assert signed_in(of=analyst).post("/cases/suggested/", asked).status_code == 302
    row = CaseRow.objects.get()
    rows = IndicatorRow.objects.filter(id__in=indicators)
    assert all(covers(row.handling.handling, each.handling.handling) for each in rows)
    assert {each.state for each in standings(rows, analyst.reader, None).values()} == {IndicatorState.DISMISSED}


def test_a_new_case_names_nobody_whom_only_the_signs_that_were_not_chosen_are_about(
    browser: Client, analyst: Person
) -> None:
    suggestion, indicators = several(analyst)
    left = IndicatorRow.objects.get(id=indicators[-1])
    left.record["subject"]["name"] = "SANDBOX NAME KEPT BACK"
    left.save()
    found = next(each for each in suggestions_for(analyst.reader) if each.id == suggestion)
    assert "KEPT BACK" in str(found.subjects)
    asked = {"suggestion": suggestion, "indicators": indicators[:-1], "do": "open", "title": "SANDBOX", "marking": "2"}
    assert browser.post("/cases/suggested/", asked).status_code == 302
    assert "KEPT BACK" not in str(work.case_of(CaseRow.objects.get().id, analyst.reader).record())


def test_what_is_for_named_persons_opens_a_case_for_these_alone(
    browser: Client, signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    named = person(Role.ANALYST, clearance=Tlp.RED, number=2)
    row = IndicatorRow.objects.order_by("id")[0]
    red = Handling(tlp=Tlp.RED, originators=frozenset({"alpha"}), named=frozenset({named.username}))
    IndicatorRow.objects.filter(id=row.id).update(handling=HandlingRow.of(red))
    page = signed_in(of=named).get(f"/indicators/{row.id}/").content.decode()
    assert "TLP:RED" in page
    asked = {"case": "new", "title": "SANDBOX case", "marking": str(int(Tlp.RED))}
    assert signed_in(of=named).post(f"/indicators/{row.id}/take/", asked).status_code == 302
    handling = CaseRow.objects.get().handling.handling
    assert covers(handling, red)
    assert covers(red, handling)
