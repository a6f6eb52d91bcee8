"""What happens at the door, written into the journal: who came in and went out, who was refused, with which steps."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.utils import timezone

from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.notes import note, note_alone
from bongsu.web.accounts.tokens import revoke_all
from bongsu.web.record import journal


class Refusal(StrEnum):
    """Why someone was not let in."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    SECOND_STEP = "second_step"
    TOO_MANY = "too_many"
    STOPPED = "stopped"


def refused(request: HttpRequest, username: str, reason: Refusal) -> None:
    """Someone was not let in.

    A name that no person has is not written down: people type their password in its place.
    """
    known = Person.objects.filter(username=username).first()
    note_alone("sign_in.failed", by=None, about=known or "", body={"reason": reason.value, **_whence(request)})


def listen() -> None:
    """Hear what allauth and Django tell of."""
    for signal, heard in (
        (account_signals.user_logged_in, _came_in),
        (account_signals.user_logged_out, _went_out),
        (account_signals.password_changed, _changed_password),
        (account_signals.password_set, _changed_password),
        (mfa_signals.authenticator_added, _added),
        (mfa_signals.authenticator_reset, _added),
        (mfa_signals.authenticator_removed, _removed),
        (mfa_signals.authentication_failed, _failed_second_step),
    ):
        signal.connect(heard, dispatch_uid=f"bongsu.door.{heard.__name__}")


# What allauth's and Django's signals bring beside what is named is not ours to type.
def _came_in(request: HttpRequest, user: Person, **_: Any) -> None:
    if user.language:
        request.session["language"] = user.language
    steps: list[JsonValue] = [
        str(each.get("type") or each["method"]) for each in get_authentication_records(request, user)
    ]
    note_alone("sign_in", by=user, about=user, body={"steps": steps, **_whence(request)})


def _went_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        note_alone("sign_out", by=user, about=user)


def _changed_password(user: Person, **_: Any) -> None:
    with journal.writing():
        note("account.changed", by=user, about=user, body={"changed": ["password"]})
        revoke_all(user, user, timezone.now())  # whoever fears that the old one is known fears for these too


def _added(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    note_alone("mfa.added", by=user, about=user, body={"type": str(authenticator.type)})
    if _is_first(authenticator):
        user.end_sessions()  # those without a second step, who is in them, and where; all but the one that set it up
        update_session_auth_hash(request, user)


def _is_first(authenticator: Authenticator) -> bool:
    """Whether it is what gives a person a second step: recovery codes are none, and an earlier one gave it already."""
    steps = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(steps.order_by("pk").values_list("pk", flat=True).first() == authenticator.pk)


def _removed(user: Person, authenticator: Authenticator, **_: Any) -> None:
    note_alone("mfa.removed", by=user, about=user, body={"type": str(authenticator.type)})


def _failed_second_step(request: HttpRequest, user: Person, **_: Any) -> None:
    refused(request, user.username, Refusal.SECOND_STEP)


def _whence(request: HttpRequest) -> dict[str, JsonValue]:
    return {"address": str(get_adapter().get_client_ip(request))}
