"""The pages of casework, as a browser asks for them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from bongsu.cases.acts import ACTS, FindingAct
from bongsu.cases.case_acts import AddNote, ChangeHandling
from bongsu.cases.finding_acts import StartFinding
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.web.accounts.models import Person
from bongsu.web.pages.cases.shown import names_of_people
from bongsu.web.record import work
from bongsu.web.record.models import CaseRow, Entry

pytestmark = pytest.mark.django_db

OPENING = {
    "case_kind": "inquiry",
    "title": "Sandbox Trading One and its ships",
    "summary": "SANDBOX: invented throughout.",
    "standard": "reasonable_grounds",
    "tlp": "TLP:AMBER",
}


@pytest.fixture
def analyst(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.ANALYST)


@pytest.fixture
def case(analyst: Client) -> str:
    answer = analyst.post("/cases/open/", OPENING)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


@pytest.fixture
def finding(analyst: Client, case: str) -> str:
    analyst.post(f"{case}do/start_finding/", {"title": "A call at an invented port"})
    made = CaseRow.objects.get().record["findings"][0]["id"]
    return f"{case}findings/{made}/"


def test_a_case_that_was_opened_stands_on_the_board(analyst: Client, case: str) -> None:
    assert OPENING["title"] in analyst.get("/cases/").content.decode()
    assert OPENING["title"] in analyst.get(case).content.decode()
    for tab in ("history/", "views/"):
        assert analyst.get(case + tab).status_code == 200


def test_a_finding_says_what_it_still_lacks(analyst: Client, finding: str) -> None:
    page = analyst.get(finding).content.decode()
    assert "Still missing for the next step: Submit for review" in page


def test_a_refused_act_is_answered_with_everything_that_is_missing(analyst: Client, finding: str) -> None:
    answer = analyst.post(f"{finding}do/submit_for_review/", {})
    assert answer.status_code == 422
    assert "This cannot be done yet" in answer.content.decode()


def test_every_act_has_a_form(signed_in: Callable[..., Client], case: str, finding: str) -> None:
    coordinator = signed_in(Role.COORDINATOR)
    for kind, act in ACTS.items():
        base = finding if issubclass(act, FindingAct) else case
        address = "/cases/open/" if kind == "open_case" else f"{base}do/{kind}/"
        assert coordinator.get(address).status_code == 200, kind


def test_a_claim_is_written_in_the_form(analyst: Client, case: str, finding: str) -> None:
    subject = {
        "subject_id": "sandbox:one",
        "subject_schema": "Vessel",
        "subject_name": "SANDBOX ONE",
        "identifiers": "imo:0000001",
    }
    assert analyst.post(f"{case}do/add_subject/", subject).status_code == 302
    claim = {
        "sentence": "SANDBOX ONE called at an invented port on 1 March 2026.",
        "subject": "sandbox:one",
        "act": "called at",
        "object": "an invented port",
        "when_from": "2026-03-01T06:00",
        "when_to": "2026-03-01T18:30:15",
        "quantity_low": "500",
        "quantity_unit": "tonne",
    }
    answer = analyst.post(f"{finding}do/write_claim/", claim)
    assert answer.status_code == 302, answer.content.decode()
    page = analyst.get(finding).content.decode()
    assert claim["sentence"] in page
    assert "500 tonne" in page


def test_a_reader_sees_no_button_and_may_not_act(signed_in: Callable[..., Client], case: str) -> None:
    reader = signed_in(Role.READER)
    assert "/do/" not in reader.get(case).content.decode()
    assert reader.post(f"{case}do/add_note/", {"text": "x"}).status_code == 403


def test_a_case_of_others_answers_as_one_that_is_not(
    signed_in: Callable[..., Client], person: Callable[..., object]
) -> None:
    owner = signed_in(Role.ANALYST)
    case = owner.post("/cases/open/", {**OPENING, "tlp": "TLP:AMBER+STRICT"})["Location"]
    stranger = signed_in(of=person(Role.COORDINATOR, member="beta"))
    known, unknown = (stranger.get(address) for address in (case, "/cases/aaaaaaaaaa/"))
    assert known.status_code == unknown.status_code == 404
    assert case not in stranger.get("/cases/").content.decode()
    assert stranger.post(f"{case}do/add_note/", {"text": "x"}).status_code == 404
    refused = Entry.objects.filter(kind="access.refused")
    assert [entry.subject for entry in refused] == [case.split("/")[2], "aaaaaaaaaa"], "in the same time"


def test_the_history_tells_nothing_of_a_finding_that_the_reader_may_not_read(
    person: Callable[..., Person], signed_in: Callable[..., Client], case: str
) -> None:
    analyst, coordinator = person(Role.ANALYST), person(Role.COORDINATOR, clearance=Tlp.RED)
    key = CaseRow.objects.get().id
    work.do(analyst, key, AddNote(text="SANDBOX: a note before"))
    work.do(analyst, key, StartFinding(title="for few alone"))
    work.do(analyst, key, StartFinding(title="for all of the case"))
    few = work.case_of(key, coordinator.reader).findings[0]
    red = Handling(tlp=Tlp.RED, originators=few.handling.originators, named=frozenset({coordinator.username}))
    work.do(coordinator, key, ChangeHandling(finding=few.id, handling=red, reason="a source of few"))
    page = signed_in(of=analyst).get(f"{case}history/").content.decode()
    assert "for few alone" not in page
    assert "a source of few" not in page
    assert "for all of the case" in page
    assert "SANDBOX: a note before" in page
    assert "for few alone" in signed_in(of=coordinator).get(f"{case}history/").content.decode()


def test_a_long_history_is_told_to_its_end_page_by_page(
    person: Callable[..., Person], analyst: Client, case: str
) -> None:
    key = CaseRow.objects.get().id
    for number in range(230):
        work.do(person(Role.ANALYST), key, AddNote(text=f"note {number:03}."))
    pages = [analyst.get(f"{case}history/?page={number}").content.decode() for number in (1, 2, 3)]
    told = [re.findall(r"note (\d{3})\.", page) for page in pages]
    assert [int(each) for page in told for each in page] == list(range(229, -1, -1))
    assert 'rel="next"' in pages[0]
    assert 'rel="next"' not in pages[2]


def test_the_user_name_stands_beside_the_name_that_a_person_may_change(person: Callable[..., Person]) -> None:
    ann = person(Role.ANALYST, member="alpha")
    Person.objects.filter(pk=ann.pk).update(name="SANDBOX Chief")
    assert names_of_people()[ann.username] == f"SANDBOX Chief ({ann.username})"
    Person.objects.filter(pk=ann.pk).update(name=ann.username)
    assert names_of_people()[ann.username] == ann.username
