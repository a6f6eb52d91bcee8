"""The API: what a token may ask and do, and what it is refused."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bongsu.cases.acts import ACTS
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.evidence import Folder
from bongsu.evidence.exhibit import name_of
from bongsu.kernel.canonical import digest
from bongsu.web.accounts.models import Person, Token
from bongsu.web.api.operations import api
from bongsu.web.pages.cases.suggesting import suggestions_for
from bongsu.web.pages.indicators.acting import dismiss
from bongsu.web.record.cycles import take_in
from bongsu.web.record.exhibits import take_in_exhibits
from bongsu.web.record.models import Entry, ExhibitRow, HandlingRow, IndicatorRow
from bongsu.web.record.refusals import MOST_IN_AN_HOUR
from bongsu.web.record.register import registers

pytestmark = pytest.mark.django_db
SCOPES = ["read", "act", "export"]


class Caller:
    """A program with a token."""

    def __init__(self, person: Person, scopes: list[str]) -> None:
        soon = timezone.now() + timedelta(days=1)
        _, self.secret = Token.issue(person, label="SANDBOX", scopes=scopes, expires_at=soon)

    def get(self, path: str, **query: str) -> Any:
        return Client().get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {self.secret}"})

    def post(self, path: str, body: object) -> Any:
        text = body if isinstance(body, str) else json.dumps(body)
        header = {"Authorization": f"Bearer {self.secret}"}
        return Client().post(f"/api/v1{path}", text, content_type="application/json", headers=header)


@pytest.fixture
def caller(person: Callable[..., Person]) -> Callable[..., Caller]:
    def make(role: Role = Role.ANALYST, *, scopes: list[str] | None = None, **named: Any) -> Caller:
        return Caller(person(role, **named), SCOPES if scopes is None else scopes)

    return make


def opening(tlp: str = "TLP:AMBER", member: str = "alpha") -> dict[str, Any]:
    return {
        "act": {
            "kind": "open_case",
            "salt": secrets.token_urlsafe(24),
            "case_kind": "inquiry",
            "title": "Sandbox Trading One",
            "summary": "SANDBOX: invented throughout.",
            "standard": "reasonable_grounds",
            "handling": {
                "tlp": tlp,
                "originators": [member],
                "releasable_to": None,
                "named": [],
                "purposes": [],
                "expires_on": None,
            },
            "subjects": [],
            "indicators": [],
        }
    }


def test_without_a_good_token_there_is_no_answer(caller: Callable[..., Caller]) -> None:
    assert Client().get("/api/v1/cases").status_code == 401
    forged = {"Authorization": "Bearer bongsu_" + "A" * 43}
    assert Client().get("/api/v1/cases", headers=forged).status_code == 401
    reading = caller(scopes=["read"])
    assert reading.get("/cases").status_code == 200
    assert reading.post("/cases", opening()).status_code == 401
    assert reading.get("/exhibits/" + "0" * 64 + "/content").status_code == 401


def test_a_session_of_a_browser_is_no_token(signed_in: Callable[..., Client]) -> None:
    assert signed_in(Role.COORDINATOR).get("/api/v1/cases").status_code == 401


def test_a_case_is_opened_worked_on_and_read(caller: Callable[..., Caller]) -> None:
    analyst = caller()
    case = analyst.post("/cases", opening()).json()["case"]
    note = {"act": {"kind": "add_note", "text": "A note."}, "seen_acts": 1}
    assert analyst.post(f"/cases/{case}/acts", note).json() == {"case": case, "acts": 2}
    assert analyst.post(f"/cases/{case}/acts", note).status_code == 409, "someone did an act since"
    assert analyst.get(f"/cases/{case}").json()["notes"][0]["text"] == "A note."
    assert [each["id"] for each in analyst.get("/cases").json()["cases"]] == [case]


def test_a_refusal_carries_everything_that_is_missing(caller: Callable[..., Caller]) -> None:
    analyst = caller()
    case = analyst.post("/cases", opening()).json()["case"]
    analyst.post(f"/cases/{case}/acts", {"act": {"kind": "start_finding", "title": "A finding"}})
    finding = analyst.get(f"/cases/{case}").json()["findings"][0]["id"]
    submit = {"act": {"kind": "submit_for_review", "finding": finding}}
    refused = analyst.post(f"/cases/{case}/acts", submit)
    checked = analyst.post(f"/cases/{case}/check", submit)
    page = analyst.get(f"/cases/{case}/findings/{finding}/outstanding").json()
    assert refused.status_code == 409
    assert refused.json()["refused"] == checked.json()["missing"] == page["missing"] != []
    assert page["next_step"] == "submit_for_review"


def test_another_member_s_case_is_not_there_by_any_operation(caller: Callable[..., Caller]) -> None:
    case = caller().post("/cases", opening("TLP:AMBER+STRICT")).json()["case"]
    stranger = caller(Role.COORDINATOR, member="beta", clearance=Tlp.RED)
    note = {"act": {"kind": "add_note", "text": "in"}}
    for answer in (
        stranger.get(f"/cases/{case}"),
        stranger.get(f"/cases/{case}/findings/aaaaaaaaaa/outstanding"),
        stranger.post(f"/cases/{case}/acts", note),
        stranger.post(f"/cases/{case}/check", note),
    ):
        assert answer.status_code == 404
        assert answer.json() == {"error": "there is nothing here for you"}
    assert stranger.get("/cases").json() == {"cases": []}
    assert stranger.get("/search", q="Sandbox").json() == {"found": [], "next": None}
    refused = Entry.objects.filter(kind="access.refused", subject=case)
    assert [entry.by for entry in refused] == ["coordinator1-beta"], "once an hour"


def test_who_guesses_fills_no_journal_and_what_is_there_is_noted_as_what_is_not(caller: Callable[..., Caller]) -> None:
    case = caller().post("/cases", opening("TLP:AMBER+STRICT")).json()["case"]
    stranger = caller(Role.COORDINATOR, member="beta", clearance=Tlp.RED)
    for key in (case, "a" * len(case)):
        stranger.get(f"/cases/{key}")
    refused = Entry.objects.filter(kind="access.refused").order_by("number")
    assert [(entry.subject, entry.body["what"]) for entry in refused] == [(case, "cases"), ("a" * len(case), "cases")]
    for number in range(40):
        stranger.get(f"/exhibits/{number:064d}")
    after = list(refused.all())
    assert len(after) == MOST_IN_AN_HOUR
    assert [entry for entry in after if "last_of_the_hour" in entry.body] == after[-1:]


def test_bodies_that_are_none_are_refused_in_words(caller: Callable[..., Caller]) -> None:
    analyst = caller()
    for body in (
        "{",
        "[]",
        "null",
        '{"act": 3}',
        '{"act": {}}',
        '{"act": {"kind": "launch"}}',
        '{"act": {"kind": []}}',
    ):
        answer = analyst.post("/cases", body)
        assert 400 <= answer.status_code < 500, body
    unknown = opening()
    unknown["act"]["colour"] = "red"
    assert analyst.post("/cases", unknown).status_code == 422
    assert analyst.post("/cases", " " * (3 * 2**20)).status_code in {400, 413}
    assert not Entry.objects.filter(kind="open_case").exists()


def test_the_indicators_of_a_cycle_are_all_there_page_by_page(store: Folder, caller: Callable[..., Caller]) -> None:
    take_in(store, "alpha")
    reader = caller(Role.READER)
    found: list[str] = []
    query: dict[str, str] = {"limit": "7"}
    while True:
        page = reader.get("/indicators", **query).json()
        found += [each["id"] for each in page["indicators"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    expected = IndicatorRow.objects.order_by("-score", "subject_id", "id").values_list("id", flat=True)
    assert found == list(expected)
    one = reader.get(f"/indicators/{found[0]}").json()
    assert one["reasons"]
    assert one["alternatives"]
    assert one["state"] == "new"


def test_the_bytes_of_an_exhibit_are_streamed_and_damaged_ones_are_not_sent(
    store: Folder, caller: Callable[..., Caller]
) -> None:
    program = caller(clearance=Tlp.RED)
    take_in_exhibits(store, "alpha")
    row = ExhibitRow.objects.exclude(size_bytes=0).order_by("digest")[0]
    answer = program.get(f"/exhibits/{row.digest}/content")
    assert answer.streaming
    assert answer["Content-Length"] == str(row.size_bytes)
    assert digest(b"".join(answer.streaming_content)) == row.digest  # to its end, which closes it
    path = Path(str(store.local_path(name_of(row.digest))))
    path.chmod(0o600)
    path.write_bytes(b"SANDBOX: forged")
    assert program.get(f"/exhibits/{row.digest}/content").status_code == 500
    assert Entry.objects.filter(kind="exhibit.exported", subject=row.digest).count() == 2


def test_a_name_is_screened_once_the_register_is_there_and_no_thread_waits_for_it(
    store: Folder, caller: Callable[..., Caller]
) -> None:
    registers.cache_clear()
    program, asked = caller(), {"name": "SANDBOX TRADING ONE"}
    early = program.post("/screen", asked)
    assert early.status_code == 503
    assert early.json()["remedy"] == "ask again in a minute"
    assert registers().latest(60) is not None
    assert program.post("/screen", asked).json()["hits"] != []


def test_the_law_answers_without_a_case(caller: Callable[..., Caller]) -> None:
    answer = caller(Role.READER).get("/law/check", hs="2701", direction="from", on="2018-05-01")
    assert answer.status_code == 200
    assert "2371/8" in json.dumps(answer.json())
    assert caller(Role.READER).get("/law/check", hs="nothing", direction="from").status_code == 422


@pytest.mark.parametrize(
    ("path", "query", "named"),
    [
        ("/law/check", {"hs": "2701", "direction": "from", "date": "2005-01-01"}, "'date'"),
        ("/law/measures", {"topic": "nonsense"}, "'nonsense'"),
        ("/indicators", {"measure": "nonsense"}, "'nonsense'"),
        ("/indicators", {"desk": "ocean"}, "ocean"),
        ("/indicators", {"detector": "sea.submarine"}, "sea.submarine"),
    ],
)
def test_what_an_operation_does_not_know_is_refused_and_never_answered_with_nothing(
    caller: Callable[..., Caller], path: str, query: dict[str, str], named: str
) -> None:
    answer = caller(Role.READER).get(path, **query)
    assert answer.status_code == 422
    assert named in answer.json()["error"]


def test_a_parameter_given_twice_is_refused(caller: Callable[..., Caller]) -> None:
    answer = caller(Role.READER).get("/law/measures?on=2016-01-01&on=2018-01-01")
    assert answer.status_code == 422
    assert answer.json()["error"] == "'on' is given twice"


def test_a_topic_and_a_measure_are_taken_as_people_write_them(store: Folder, caller: Callable[..., Caller]) -> None:
    take_in(store, "alpha")
    program = caller()
    assert program.get("/law/measures", topic="Coal").json() == program.get("/law/measures", topic="coal").json()
    plain = program.get("/indicators", measure="2270/18").json()["indicators"]
    assert plain
    assert program.get("/indicators", measure="S/RES/2270 (2016), para. 18").json()["indicators"] == plain


@pytest.mark.parametrize(
    "more", [{"passport": "381310024"}, {"schema": "person-like"}, {"limit": 0}, {"limit": -1}, {"limit": 101}]
)
def test_a_screening_that_cannot_be_answered_is_refused(
    store: Folder, caller: Callable[..., Caller], more: dict[str, object]
) -> None:
    assert registers().latest(60) is not None
    program = caller()
    assert program.post("/screen", {"name": "SANDBOX TRADING ONE", **more}).status_code == 422
    of_many = {**more} if "limit" in more else {}
    of_one = {} if "limit" in more else more
    batch = {"names": [{"name": "SANDBOX TRADING ONE", **of_one}], **of_many}
    assert program.post("/screen/batch", batch).status_code == 422


def test_the_kind_that_is_asked_about_is_called_schema(store: Folder, caller: Callable[..., Caller]) -> None:
    assert registers().latest(60) is not None
    answers = {
        kind: caller().post("/screen", {"name": "SANDBOX TRADING ONE", "schema": kind}).json()["hits"]
        for kind in ("Organization", "Vessel")
    }
    assert answers["Organization"][0]["score"] == 1.0
    # An exact name is shown under another kind too, and says so.
    assert answers["Vessel"][0]["score"] < 1.0
    assert "asked about as a ship, listed as a firm or office" in answers["Vessel"][0]["reasons"]


def test_the_description_names_every_operation_and_every_act(caller: Callable[..., Caller]) -> None:
    described = api.get_openapi_schema()
    assert {"/api/v1/cases", "/api/v1/indicators", "/api/v1/screen", "/api/v1/sources"} <= set(described["paths"])
    assert "multipart/form-data" in described["paths"]["/api/v1/exhibits"]["post"]["requestBody"]["content"]
    assert {each["kind"] for each in caller(Role.READER).get("/acts").json()["acts"]} == set(ACTS)


def test_what_a_member_dismissed_in_a_case_for_itself_is_new_for_the_others(
    store: Folder, person: Callable[..., Person], caller: Callable[..., Caller]
) -> None:
    take_in(store, "alpha")
    green = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))
    IndicatorRow.objects.update(handling=HandlingRow.of(green))
    row = IndicatorRow.objects.order_by("id")[0]
    dismiss(person(Role.ANALYST), row, "SANDBOX: a reason for alpha alone")
    own, other = caller(Role.READER), caller(Role.ANALYST, member="beta")
    assert own.get(f"/indicators/{row.id}").json()["reason"] == "SANDBOX: a reason for alpha alone"
    assert [each["id"] for each in own.get("/indicators", state="dismissed").json()["indicators"]] == [row.id]
    told = other.get(f"/indicators/{row.id}").json()
    assert (told["state"], told["reason"]) == ("new", None)
    assert other.get("/indicators", state="dismissed").json()["indicators"] == []
    assert row.id in {each["id"] for each in other.get("/indicators", state="new", limit="500").json()["indicators"]}
    assert row.id in {one for each in suggestions_for(person(member="beta").reader) for one in each.indicators}
    case = other.post("/cases", opening("TLP:AMBER", member="beta")).json()["case"]
    accepting = {"act": {"kind": "accept_indicators", "indicators": [row.id], "reason": None}}
    assert other.post(f"/cases/{case}/check", accepting).json() == {"missing": []}


def test_a_member_that_gave_the_same_bytes_reads_its_own_giving_by_the_api_and_each_look_is_written_down(
    store: Folder, signed_in: Callable[..., Client], person: Callable[..., Person], caller: Callable[..., Caller]
) -> None:
    content = b"SANDBOX both\n"

    def give(browser: Client, title: str) -> None:
        file = SimpleUploadedFile("sandbox.txt", content)
        form = {"file": file, "title": title, "origin": "a sandbox", "tlp": int(Tlp.AMBER_STRICT)}
        assert browser.post("/exhibits/add/", form).status_code == 302

    digest = hashlib.sha256(content).hexdigest()
    give(signed_in(), "Of alpha alone")
    other = caller(Role.ANALYST, member="beta")
    assert other.get(f"/exhibits/{digest}").status_code == 404
    give(signed_in(of=person(Role.ANALYST, member="beta")), "Of beta")
    told = other.get(f"/exhibits/{digest}").json()
    assert (told["title"], told["marking"]) == ("Of beta", "TLP:AMBER+STRICT")
    assert other.get(f"/exhibits/{digest}/content").getvalue() == content
    looks = ("exhibit.viewed", "exhibit.exported")
    entries = Entry.objects.filter(kind__in=looks, by="analyst1-beta", subject=digest)
    assert [entry.kind for entry in entries.order_by("number")] == list(looks)


def test_the_description_says_which_token_each_operation_needs() -> None:
    described = api.get_openapi_schema()
    needed = {
        (method, path): [name for each in told["security"] for name in each]
        for path, methods in described["paths"].items()
        for method, told in methods.items()
    }
    assert needed["post", "/api/v1/cases/{case_id}/acts"] == ["ActToken"]
    assert needed["get", "/api/v1/exhibits/{digest}/content"] == ["ExportToken"]
    assert needed["get", "/api/v1/indicators"] == ["ReadToken"]
    schemes = described["components"]["securitySchemes"]
    assert set(schemes) == {name for names in needed.values() for name in names}
    assert all(scheme == {"type": "http", "scheme": "bearer"} for scheme in schemes.values())
