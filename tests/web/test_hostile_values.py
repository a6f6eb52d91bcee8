"""Every page and every operation of the API is asked with hostile values, and none of them ends in an error of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from bongsu.cases.words import Role
from bongsu.evidence import Folder
from bongsu.web.accounts.models import Person, Token
from bongsu.web.api.operations import api
from bongsu.web.record.cycles import take_in
from bongsu.web.record.exhibits import take_in_exhibits

pytestmark = pytest.mark.django_db
HOSTILE = (
    "9" * 25, "1" * 5000, "-1", "0", "²", "٣", "1e999999999", "nan", "inf", "\0", "\ud800", "\u202e", "%", "'", "[",
    "2026-13-45", "9999-12-31", "0001-01-01", "<script>", "sha256:", "../..", "row=99999999999999999999",
)  # fmt: skip
ASKED = (
    "page", "q", "marking", "since", "until", "source", "type", "state", "at", "view", "stage", "story", "finding",
    "language", "exhibit", "locator", "quote", "kind", "year", "number", "on", "unsure", "desk", "detector", "measure",
    "hs", "direction", "topic", "after", "limit", "offset", "min_score", "open", "title", "name", "role", "member",
)  # fmt: skip
_OUTSIDE = re.compile(r"^/(accounts|static|api)/")


def _addresses(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    for each in patterns:
        place = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, place)
        else:
            yield re.sub(r"[\^$\\]", "", place)


PAGES = sorted(address for address in set(_addresses(get_resolver().url_patterns)) if not _OUTSIDE.match(address))
OPERATIONS = sorted(
    (address, method) for address, methods in api.get_openapi_schema()["paths"].items() for method in methods
)


def _filled(address: str, value: str) -> str:
    """An address with a value in place of each of its parts."""
    return re.sub(r"<[^>]*>|\{[^}]*\}|\(\?P<[^)]*\)", value, address)


@pytest.fixture
def somebody(store: Folder, person: Callable[..., Person]) -> Person:
    """A coordinator, on a site with a cycle and exhibits."""
    take_in(store, "alpha")
    take_in_exhibits(store, "alpha")
    return person(Role.COORDINATOR)


def _queries() -> Iterator[dict[str, str]]:
    for value in ("9" * 25, "1" * 5000, "²", "-1", "\0", "9999-12-31"):
        yield dict.fromkeys(ASKED, value)


def test_there_are_pages_and_operations_to_ask() -> None:
    assert len(PAGES) > 40
    assert len(OPERATIONS) > 15


def test_no_page_fails_of_what_is_asked(somebody: Person, signed_in: Callable[..., Client]) -> None:
    browser = signed_in(of=somebody)
    browser.raise_request_exception = False
    failed = []
    for address in PAGES:
        for query in _queries():
            answer = browser.get(_filled(address, "a" * 10), query)
            if answer.status_code == 500:
                failed.append((address, query))
                break
        posted = browser.post(_filled(address, "a" * 10), dict.fromkeys((*ASKED, "seen_acts"), "9" * 25))
        if posted.status_code == 500:
            failed.append((address, {"post": "9" * 25}))
    assert failed == []


def test_no_operation_of_the_api_fails_of_what_is_asked(somebody: Person) -> None:
    scopes = ["read", "act", "export"]
    _, secret = Token.issue(somebody, label="SANDBOX", scopes=scopes, expires_at=timezone.now() + timedelta(days=1))
    program = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})
    failed = []
    for address, method in OPERATIONS:
        place = _filled(address, "a" * 10)
        for value in HOSTILE:
            if method == "get":
                query = {name: value.encode("utf-8", "replace").decode() for name in ASKED}
                answers = [program.get(place, query), program.get(place, {"offset": query["page"]})]
            else:
                note = {"kind": "add_note", "text": value}
                bodies = [{"act": note, "seen_acts": value}, {"act": note}, {"name": value, "limit": -1}]
                answers = [program.post(place, json.dumps(body), content_type="application/json") for body in bodies]
            failed += [(method, address, value[:20]) for answer in answers if answer.status_code == 500]
    assert failed == []


@pytest.mark.parametrize("length", ["²", "9" * 25, "1" * 5000, ""])
def test_a_length_that_is_none_is_no_error_of_the_site(
    somebody: Person, signed_in: Callable[..., Client], length: str
) -> None:
    browser = signed_in(of=somebody)
    browser.raise_request_exception = False
    answer = browser.post("/exhibits/add/", {"title": "SANDBOX"}, CONTENT_LENGTH=length)
    assert answer.status_code in {413, 422}


@pytest.mark.parametrize("page", ["²", "9" * 25, "1" * 5000])
def test_a_page_that_is_none_is_a_page_of_the_list(
    somebody: Person, signed_in: Callable[..., Client], page: str
) -> None:
    browser = signed_in(of=somebody)
    for address in ("/cases/", "/cases/suggested/", "/exhibits/"):
        assert browser.get(address, {"page": page, "marking": page}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/exhibits/", "/people/me/", "/api/v1/cases", "/accounts/login/", "/welcome/x/"])
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_nothing_answers_is_refused(somebody: Person, path: str, method: str) -> None:
    browser = Client()
    browser.force_login(somebody, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.generic(method, path).status_code == 405
