"""Tokens of the API: made and revoked by the person they speak for, and the one question asked of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Q

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import BongsuError
from bongsu.web.accounts.models import TOKEN_BEGINS, Person, Token, secret_digest
from bongsu.web.accounts.notes import note, note_once_a_minute
from bongsu.web.record import journal

LONGEST: Final = timedelta(days=365)
_USE_NOTED_EVERY: Final = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may do, of what its person may do."""

    READ = "read"
    ACT = "act"
    EXPORT = "export"


class TokenRefusedError(BongsuError):
    """The one answer to every token that is not good: it does not say why."""

    def __init__(self) -> None:
        super().__init__(
            "the token is not good for this", remedy="make another under your account, with the scope that is needed"
        )


def make_token(person: Person, *, label: str, scopes: frozenset[Scope], days: int, now: datetime) -> tuple[Token, str]:
    """A new token of a person and its secret, which is shown once and kept nowhere.

    Args:
        person: whom it speaks for.
        label: what it is for, in the person's words.
        scopes: at least one.
        days: how long it is good, 1 to 365.
        now: from when on.

    Raises:
        ValueError: no scope, or another number of days.
    """
    lasts = timedelta(days=days)
    if not scopes or not timedelta(0) < lasts <= LONGEST:
        raise ValueError("a token has a scope, and lasts from one day to a year")
    with journal.writing():
        token, secret = Token.issue(
            person, label=label, scopes=[scope.value for scope in scopes], expires_at=now + lasts
        )
        body = {"token": token.pk, "scopes": list(token.scopes), "expires_at": stamp(token.expires_at)}
        note("token.made", by=person, about=person, body=body, at=now)
    return token, secret


def revoke_token(person: Person, token_id: int, now: datetime) -> bool:
    """Revoke a token of a person; False where the person has no such token that is good."""
    with journal.writing():
        if not Token.objects.filter(pk=token_id, person=person, revoked_at=None).update(revoked_at=now):
            return False
        note("token.revoked", by=person, about=person, body={"token": token_id}, at=now)
    return True


def revoke_all(by: Person | None, person: Person, now: datetime) -> None:
    """Revoke every token of a person that is not: whoever gets an account back must not share it with who had it.

    Args:
        by: who brings it about; None for the command line of the installation.
        person: whose tokens.
        now: when.
    """
    with journal.writing():
        good = Token.objects.filter(person=person, revoked_at=None)
        for token_id in good.order_by("pk").values_list("pk", flat=True):
            note("token.revoked", by=by, about=person, body={"token": token_id}, at=now)
        good.update(revoked_at=now)


def person_of_token(header_value: str | None, scope: Scope, now: datetime) -> Person:
    """The person a token speaks for, as `good_token` finds it."""
    return good_token(header_value, scope, now).person


def good_token(header_value: str | None, scope: Scope, now: datetime) -> Token:
    """The token that a header holds, where it is good for a scope.

    The token is found by the digest of its secret, so that the time taken tells nothing of secrets that are near. That
    it was used is noted once a minute. A refusal is journalled with its reason, once a minute for each token and
    reason, and so is a header that holds no token of ours: who holds no good token cannot fill the journal.

    Args:
        header_value: the `Authorization` header, `Bearer bongsu_...`; None where there is none.
        scope: what it is needed for.
        now: when it is shown.

    Raises:
        TokenRefusedError: there is none, or it is unknown, over, revoked, without the scope, or its person may not
            sign in; the error is the same for all.
    """
    kind, _, secret = (header_value or "").strip().partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(TOKEN_BEGINS):
        if header_value:
            _note_refusal(None, "malformed", scope, now)
        raise TokenRefusedError
    token = Token.objects.select_related("person", "person__member").filter(digest=secret_digest(secret)).first()
    reason = _refusal(token, scope, now)
    if token is None or reason is not None:
        _note_refusal(token, reason or "unknown", scope, now)
        raise TokenRefusedError
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_NOTED_EVERY)
    Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


def _refusal(token: Token | None, scope: Scope, now: datetime) -> str | None:
    """Why a token is not good; None where it is."""
    if token is None:
        return "unknown"
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= now:
        return "expired"
    if not token.person.is_active:
        return "inactive"
    return None if scope.value in token.scopes else "scope"


def _note_refusal(token: Token | None, reason: str, scope: Scope, now: datetime) -> None:
    known = None if token is None else token.pk
    about = "" if token is None else token.person
    body: dict[str, JsonValue] = {"reason": reason, "scope": scope.value, "token": known}
    note_once_a_minute("token.refused", f"{known}:{reason}:{scope.value}", by=None, about=about, body=body, at=now)
