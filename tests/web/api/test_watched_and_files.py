"""The API about what is watched, and its files: an exhibit that is given, a case that goes out."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.evidence import Folder
from bongsu.evidence.exhibit import name_of
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import UsageError
from bongsu.law import load_regime
from bongsu.web.accounts.models import Person, Token
from bongsu.web.exchange.export import FORMS
from bongsu.web.record.cycles import take_in
from bongsu.web.record.models import Entry, ExhibitRow
from bongsu.web.watched import Named, screened_many

sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
from exhibits_floor import case_citing, exhibits_of

pytestmark = pytest.mark.django_db
Persons = Callable[..., Person]


def ask(person: Person, path: str, scope: str = "read", **query: str) -> Any:
    """What a program with a token of a person's is answered."""
    return Client().get(f"/api/v1{path}", query, headers=bearer(person, scope))


def bearer(person: Person, scope: str) -> dict[str, str]:
    soon = timezone.now() + timedelta(days=1)
    _, secret = Token.issue(person, label="SANDBOX", scopes=[scope], expires_at=soon)
    return {"Authorization": f"Bearer {secret}"}


def give(person: Person, content: bytes = b"SANDBOX letter\n", *, scope: str = "act", **told: str) -> Any:
    """Give a file; what is told replaces what is told by default."""
    form: dict[str, object] = {"title": "SANDBOX letter", "origin": "an invented sender", "tlp": "TLP:AMBER"}
    form |= {"sandbox": "true", **told}
    form["file"] = SimpleUploadedFile("../letter.txt", content)
    return Client().post("/api/v1/exhibits", form, headers=bearer(person, scope))


def test_the_law_is_answered_by_key_by_paragraph_and_by_day(person: Persons) -> None:
    reader = person(Role.READER)
    assert [each["key"] for each in ask(reader, "/law/measures/2397/5").json()["measures"]] == ["2397/5"]
    within = {each.key for each in load_regime().within("1718/8")}
    assert {each["key"] for each in ask(reader, "/law/measures/1718/8").json()["measures"]} == within
    assert ask(reader, "/law/measures/9999/1").status_code == 422
    events = ask(reader, "/law/timeline").json()["events"]
    assert [(each["on"], each["what"]) for each in events] == [
        (each.on.isoformat(), each.what) for each in load_regime().timeline()
    ]


def test_the_register_answers_by_id_by_number_and_by_name(store: Folder, person: Persons) -> None:
    reader = person(Role.READER)
    hit = Client().post(
        "/api/v1/screen/batch",
        json.dumps({"names": [{"name": "Sandbox Trading One"}, {"name": "qqqq xxxx zzzz"}]}),
        content_type="application/json",
        headers=bearer(reader, "read"),
    )
    answers = hit.json()["answers"]
    assert [each["query"] for each in answers] == ["Sandbox Trading One", "qqqq xxxx zzzz"]
    assert answers[0]["hits"]
    assert not answers[1]["hits"]
    assert hit.json()["not_screened"] == 0
    told = Entry.objects.get(kind="export", subject="register.names")
    assert told.body == {"subject": "register.names", "rows": 2, "hits": 1, "by": "api"}
    reference = answers[0]["hits"][0]["entity"]
    found = ask(reader, f"/register/{reference}").json()["entities"]
    assert found[0]["sandbox"] is True
    listing = found[0]["listings"][0]
    assert listing["citation"].startswith("sha256:")
    for other in (listing["listing"], listing["names"][0]["name"]):
        assert found[0]["id"] in {each["id"] for each in ask(reader, f"/register/{other}").json()["entities"]}
    assert ask(reader, "/register/nobody:at-all").status_code == 404


def test_a_batch_has_its_limits_and_says_what_it_left_out(store: Folder) -> None:
    for asked in ([], [Named(name=" ")], [Named(name="x" * 1001)], [Named(name="SANDBOX")] * 5001):
        with pytest.raises(UsageError):
            screened_many(asked)
    ticks = iter([0.0, 1.0, 26.0])
    answer = screened_many([Named(name="SANDBOX ONE"), Named(name="SANDBOX TWO")], clock=lambda: next(ticks))
    assert (len(answer["answers"]), answer["not_screened"]) == (1, 1)


def test_sources_suggestions_and_petroleum_are_those_of_the_newest_cycle(store: Folder, person: Persons) -> None:
    reader = person(Role.READER)
    for path, key in (("/suggestions", "suggestions"), ("/petroleum", "years")):
        assert ask(reader, path).json() == {"cycle": None, key: []}
    assert {each["state"] for each in ask(reader, "/sources").json()["sources"]} == {"not watched"}
    take_in(store, "alpha")
    cycle = ask(reader, "/sources").json()
    assert any(each["sandbox"] and each["records"] for each in cycle["sources"])
    analyst = person()
    suggested = ask(analyst, "/suggestions").json()
    assert suggested["cycle"] == cycle["cycle"]
    for each in suggested["suggestions"]:
        assert len(each["indicators"]) > 1
        assert each["for_case"] is None
    for year in ask(analyst, "/petroleum").json()["years"]:
        low, central, high = (year["barrels"][line] for line in ("low", "central", "high"))
        assert low <= central <= high
        assert year["deliveries"][-1]["so_far"] == year["barrels"]
    stranger = person(Role.COORDINATOR, member="beta")
    mine = {each for found in suggested["suggestions"] for each in found["indicators"]}
    theirs = {each for found in ask(stranger, "/suggestions").json()["suggestions"] for each in found["indicators"]}
    assert theirs <= mine


def test_a_file_is_given_as_on_the_page(store: Folder, person: Persons) -> None:
    analyst = person()
    answer = give(analyst)
    assert answer.status_code == 200, answer.content
    row = ExhibitRow.objects.get(digest=answer.json()["sha256"])
    assert (row.handling.handling.tlp, row.sandbox, row.sound, row.received_by) == (
        Tlp.AMBER, True, True, analyst.username,
    )  # fmt: skip
    assert row.submissions.get().claimed_name == "letter.txt"
    assert Entry.objects.filter(kind="exhibit.added", subject=row.digest).count() == 1


def test_a_file_is_refused_as_on_the_page(store: Folder, person: Persons, monkeypatch: pytest.MonkeyPatch) -> None:
    analyst = person()
    assert give(analyst, scope="read").status_code == 401
    assert give(person(Role.READER)).status_code == 403
    for field, said in (("title", ""), ("tlp", "TLP:PURPLE"), ("case", "aaaaaaaaaa"), ("parents", "f" * 64)):
        answer = give(analyst, b"SANDBOX", **{field: said})
        assert answer.status_code == 422
        assert field in {each["where"] for each in answer.json()["fields"]}
    assert give(analyst, b"").status_code == 422
    no_file = Client().post("/api/v1/exhibits", "{}", content_type="application/json", headers=bearer(analyst, "act"))
    assert no_file.status_code == 422
    monkeypatch.setattr(settings, "SITE", replace(settings.SITE, most_upload_bytes=10))
    assert give(analyst, b"SANDBOX" * 10).status_code == 413
    assert give(analyst, b"SANDBOX" * 2**18).status_code == 413
    assert not ExhibitRow.objects.filter(submissions__isnull=False).exists()


def test_a_case_goes_out_in_every_form_and_the_journal_says_so(store: Folder, person: Persons) -> None:
    analyst = person()
    digests = exhibits_of(store, analyst)
    case = case_citing(analyst, [Citation(exhibit=digests["customers.csv"])])
    stranger = person(Role.COORDINATOR, member="beta")
    for form in FORMS:
        answer = ask(analyst, f"/cases/{case.id}/export/{form}", "export")
        assert answer["X-Marking"] == "TLP:AMBER+STRICT"
        assert b"".join(answer.streaming_content)
        assert ask(analyst, f"/cases/{case.id}/export/{form}").status_code == 401, "reading is not taking out"
        assert ask(stranger, f"/cases/{case.id}/export/{form}", "export").status_code == 404
    assert ask(analyst, f"/cases/{case.id}/export/docx", "export").status_code == 404
    assert [each.body["form"] for each in Entry.objects.filter(kind="case.exported")] == list(FORMS)
    assert Entry.objects.filter(kind="access.refused", by=stranger.username, subject=case.id).count() == 1
    rows = b"".join(ask(analyst, f"/cases/{case.id}/export/csv", "export").streaming_content).decode()
    assert {each["case"] for each in csv.DictReader(io.StringIO(rows, newline=""))} == {case.id}
    path = Path(str(store.local_path(name_of(digests["customers.csv"]))))
    path.chmod(0o600)
    path.write_bytes(b"changed")
    assert ask(analyst, f"/cases/{case.id}/export/bag", "export").status_code == 409


def test_what_is_found_comes_page_by_page(store: Folder, person: Persons) -> None:
    analyst = person()
    exhibits_of(store, analyst)
    found: list[tuple[str, str]] = []
    offset: int | None = 0
    while offset is not None:
        page = ask(analyst, "/search", q="sandbox", limit="7", offset=str(offset)).json()
        assert len(page["found"]) <= 7
        found += [(each["kind"], each["id"]) for each in page["found"]]
        offset = page["next"]
    assert len(found) == len(set(found)) > 7
    whole = ask(analyst, "/search", q="sandbox", limit="500").json()
    assert found == [(each["kind"], each["id"]) for each in whole["found"]]
    assert whole["next"] is None


@pytest.mark.parametrize("name", ["x" * 5000 + ".txt", "x." + "y" * 5000])
def test_a_file_name_without_end_is_refused_as_programs_read_it(store: Folder, person: Persons, name: str) -> None:
    lines = ("--SANDBOX", f'Content-Disposition: form-data; name="file"; filename="{name}"', "", "x", "--SANDBOX--", "")
    kind = "multipart/form-data; boundary=SANDBOX"
    answer = Client().post("/api/v1/exhibits", "\r\n".join(lines), content_type=kind, headers=bearer(person(), "act"))
    assert answer.status_code == 400
    assert "cannot be read" in answer.json()["error"]


def test_a_marking_that_is_said_twice_is_refused(store: Folder, person: Persons) -> None:
    form = {"title": "SANDBOX", "origin": "an invented sender", "tlp": ["TLP:CLEAR", "TLP:RED"]}
    form["file"] = SimpleUploadedFile("a", b"SANDBOX")
    answer = Client().post("/api/v1/exhibits", form, headers=bearer(person(), "act"))
    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["fields"]] == ["tlp"]
