"""Security keys in a real browser, with a key that the browser itself plays: set up, and used to sign in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as configured
from django.db import connections

from bongsu.web.accounts.models import Person
from bongsu.web.record.models import Entry

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("BONGSU_CHROMIUM", "/usr/bin/chromium")
PASSWORD = "a long sandbox pass phrase"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.path.exists(CHROMIUM), reason="no chromium on this machine"),  # noqa: PTH110
]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A page of a browser that has a security key, and fails the test on whatever its policy refuses."""
    # Playwright's own loop runs in this thread, in which Django then takes every question for an asynchronous one.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    refused: list[str] = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page()
        page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda error: refused.append(str(error)))
        keys = page.context.new_cdp_session(page)
        keys.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasResidentKey": False,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield page
        browser.close()
        connections.close_all()  # those of Playwright's loop: the database of the tests cannot go while one is open
    assert refused == []


def enter(page: Any, address: str, username: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_key_is_set_up_and_then_opens_the_account(
    page: Any, live_server: Any, person: Callable[..., Person], settings: Any
) -> None:
    settings.ALLOWED_HOSTS = [*configured.ALLOWED_HOSTS, "localhost"]
    someone = person()
    address = live_server.url.replace("127.0.0.1", "localhost")  # a key is bound to a name, not to a number
    enter(page, address, someone.username)
    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("the key on my ring")
    page.get_by_role("button", name="Add the key").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    key = Authenticator.objects.get(user=someone, type="webauthn")
    assert key.wrap().name == "the key on my ring"
    page.goto(f"{address}/accounts/2fa/webauthn/")
    assert page.get_by_role("row", name="the key on my ring").is_visible()
    page.get_by_role("button", name="Sign out").click()
    enter(page, address, someone.username)
    page.get_by_role("heading", name="The second step").wait_for()
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(f"{address}/")
    signed_in = Entry.objects.filter(kind="sign_in").order_by("-number")[0]
    assert signed_in.body["steps"] == ["password", "webauthn"]
    assert Entry.objects.filter(kind="mfa.added", subject=someone.username).count() == 2


def test_a_browser_without_the_key_is_told_so(
    page: Any, live_server: Any, person: Callable[..., Person], with_app: Callable[[Person], str]
) -> None:
    someone = person()
    with_app(someone)
    address = live_server.url.replace("127.0.0.1", "localhost")
    enter(page, address, someone.username)
    page.get_by_role("button", name="Use a security key").click()
    page.get_by_text("The key was not used").wait_for()
