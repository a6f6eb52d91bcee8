"""The journal as a list of what happened, and a site that asks everyone for a second step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from bongsu.web.accounts.models import Person
from bongsu.web.record.models import Entry

PASSWORD = "a long sandbox pass phrase"

Journal = Callable[..., list[tuple[str, str, dict[str, Any]]]]
SignIn = Callable[..., Any]


@pytest.fixture
def journal(db: None) -> Journal:
    """What the journal says of a kind: who did it, to whom, and the rest."""

    def said(kind: str) -> list[tuple[str, str, dict[str, Any]]]:
        rows = Entry.objects.filter(kind=kind).order_by("number")
        return [(row.by, row.subject, {k: v for k, v in row.body.items() if k != "subject"}) for row in rows]

    return said


@pytest.fixture
def everyone_needs_it(settings: Any) -> None:
    """The site asks everyone for a second step."""
    settings.SECOND_STEP_REQUIRED = True


@pytest.fixture
def sign_in() -> SignIn:
    """Type a user name and a password at the door."""

    def enter(browser: Client, username: str, password: str = PASSWORD) -> Any:
        return browser.post("/accounts/login/", {"login": username, "password": password})

    return enter


@pytest.fixture
def with_app() -> Callable[[Person], str]:
    """Set up an authenticator app for a person; gives its secret."""

    def set_up(person: Person) -> str:
        secret: str = generate_totp_secret()
        TOTP.activate(person, secret)
        RecoveryCodes.activate(person)
        return secret

    return set_up
