"""What is refused before any act is done is in the journal too, and whoever repeats it fills no journal."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bongsu.evidence import Folder
from bongsu.web.accounts.administration import give_link
from bongsu.web.accounts.models import Person, Token
from bongsu.web.record.models import Entry

pytestmark = pytest.mark.django_db
Persons = Callable[..., Person]
FORM = {"title": "SANDBOX", "origin": "an invented sender", "tlp": 3}


def told(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """What the journal says of a kind: by whom, and the rest."""
    return [(entry.by, entry.body) for entry in Entry.objects.filter(kind=kind).order_by("number")]


@pytest.fixture
def header(person: Persons) -> dict[str, str]:
    """The header of a program with a token for everything."""
    soon = timezone.now() + timedelta(days=1)
    _, secret = Token.issue(person(), label="SANDBOX", scopes=["act", "export", "read"], expires_at=soon)
    return {"Authorization": f"Bearer {secret}"}


def test_bodies_that_the_api_cannot_read(header: dict[str, str]) -> None:
    for body in ("{", "[]", json.dumps({"act": {"kind": "launch"}}), "{", " " * (3 * 2**20)):
        Client().post("/api/v1/cases", body, content_type="application/json", headers=header)
    written = {"address": "/api/v1/cases"}
    assert told("request.refused") == [
        ("analyst1-alpha", {**written, "status": 400}),
        ("analyst1-alpha", {**written, "status": 422}),
    ]


def test_a_guessed_digest_of_nothing_by_the_api(header: dict[str, str]) -> None:
    for digit in "0123":
        assert Client().get(f"/api/v1/exhibits/{digit * 64}", headers=header).status_code == 404
    guessed = [("analyst1-alpha", {"what": "exhibits", "subject": digit * 64}) for digit in "0123"]
    assert told("access.refused") == guessed


def test_a_file_that_is_too_large(store: Folder, signed_in: Callable[..., Client], settings: Any) -> None:
    settings.SITE = replace(settings.SITE, most_upload_bytes=1000)
    form = {**FORM, "file": SimpleUploadedFile("a", b"a" * 3 * 2**20)}
    assert signed_in().post("/exhibits/add/", form).status_code == 413
    assert told("request.refused") == [("analyst1-alpha", {"address": "/exhibits/add/", "status": 413})]


def zipped(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped("sandbox/data/../../x", b"x"), "leads out of it"),
        (zipped("sandbox/bagit.txt", bytes(20 * 2**20)), "larger than such a file can be"),
        (zipped("sandbox/bagit.txt", bytes(100 * 2**20)), "unpacks to far more than it is"),
        (b"no zip file", "no zip file"),
    ],
    ids=["traversal", "large tag", "bomb", "no zip"],
)
def test_a_bag_that_is_refused(content: bytes, reason: str, store: Folder, signed_in: Callable[..., Client]) -> None:
    answer = signed_in().post("/exhibits/add/bag/", {"tlp": 3, "file": SimpleUploadedFile("bag.zip", content)})
    assert answer.status_code == 422
    ((by, body),) = told("bag.refused")
    assert (by, body["size"]) == ("analyst1-alpha", len(content))
    assert reason in body["reason"]


def test_a_form_without_its_token_is_told_so_in_the_language_of_the_person(store: Folder, person: Persons) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    for _ in range(3):
        answer = browser.post("/exhibits/add/", FORM, headers={"Accept-Language": "fr"})
        assert answer.status_code == 403
    assert "Ce formulaire est trop ancien" in answer.content.decode()
    assert told("request.refused") == [("analyst1-alpha", {"address": "/exhibits/add/", "reason": "form_token"})]


def test_a_one_time_link_that_was_sent_without_its_token_or_too_large_is_not_in_the_journal(person: Persons) -> None:
    link = give_link(None, person(), timezone.now())
    assert Client(enforce_csrf_checks=True).post(link, {"password": "x"}).status_code == 403
    assert Client().post(link, {"password": "x" * 3 * 2**20}).status_code == 400
    assert told("request.refused") == [
        ("-", {"address": "/welcome/.../", "reason": "form_token"}),
        ("-", {"address": "/welcome/.../", "status": 400}),
    ]


def test_a_bag_that_unpacks_to_more_than_is_taken(
    store: Folder, signed_in: Callable[..., Client], settings: Any
) -> None:
    settings.SITE = replace(settings.SITE, most_upload_bytes=1000)
    content = zipped("sandbox/data/a", bytes(1001))
    answer = signed_in().post("/exhibits/add/bag/", {"tlp": 3, "file": SimpleUploadedFile("bag.zip", content)})
    assert answer.status_code == 422
    assert told("bag.refused") == [("analyst1-alpha", {"reason": "holds more than a bag may", "size": len(content)})]


def test_strangers_who_send_forms_without_a_token_fill_no_journal(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    for number in range(5):
        assert browser.post("/accounts/login/", {"login": str(number), "password": "x"}).status_code == 403
    assert told("request.refused") == [("-", {"address": "/accounts/login/", "reason": "form_token"})]
