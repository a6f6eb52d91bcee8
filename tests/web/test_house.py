"""The house of the site: closed to strangers, a page for what is not there, headers on every answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

import bongsu.web
from bongsu.cases.words import Role
from bongsu.web.elements import WORDS

pytestmark = pytest.mark.django_db


def test_a_stranger_is_led_to_the_door_whatever_the_address(client: Client) -> None:
    for address in ("/people/", "/cases/no-such-case/", "/nowhere/at/all"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=")


def test_every_answer_says_what_a_browser_may_load(client: Client, signed_in: Callable[..., Client]) -> None:
    for answer in (client.get("/alive"), client.get("/accounts/login/"), signed_in(Role.ADMINISTRATOR).get("/people/")):
        assert answer.status_code == 200
        assert "script-src 'self';" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]


def test_the_page_for_what_is_not_there_does_not_tell_whether_it_is(signed_in: Callable[..., Client]) -> None:
    answer = signed_in().get("/nowhere/at/all")
    assert answer.status_code == 404
    assert "or you may not read it" in answer.content.decode()


def test_a_person_s_language_is_spoken(signed_in: Callable[..., Client]) -> None:
    browser = signed_in(Role.ADMINISTRATOR)
    browser.post("/language/", {"language": "ko", "next": "/people/"})
    assert 'lang="ko"' in browser.get("/people/").content.decode()


def test_the_elements_speak_the_language_of_the_page(signed_in: Callable[..., Client]) -> None:
    modules = (Path(bongsu.web.__file__).parent / "static/bongsu/words.js").read_text("utf-8")
    english = dict(re.findall(r'^  (\w+): "(.*)",$', modules, re.MULTILINE))
    with translation.override("en"):
        assert english == {name: str(word) for name, word in WORDS.items()}
    browser = signed_in(Role.ADMINISTRATOR)
    assert 'id="bongsu-words"' not in browser.get("/people/").content.decode()
    browser.post("/language/", {"language": "ko", "next": "/people/"})
    page = browser.get("/people/").content.decode()
    assert 'id="bongsu-words"' in page
    assert "\\ud655\\ub300" in page or "확대" in page


def test_an_address_that_holds_nul_is_no_request(signed_in: Callable[..., Client]) -> None:
    browser = signed_in(Role.ADMINISTRATOR)
    for address in ("/search/?q=%00", "/people/?a=b&a=%00c", "/cases/%00/"):
        answer = browser.get(address)
        assert answer.status_code == 400
        assert "cannot be read" in answer.content.decode()
