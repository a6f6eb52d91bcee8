"""Tokens: one question, one answer to all that is not good, and each reason in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bongsu.cases.words import Role
from bongsu.web.accounts.administration import admit, forget_second_step, give_link, stop
from bongsu.web.accounts.models import Person, Token
from bongsu.web.accounts.tokens import Scope, TokenRefusedError, make_token, person_of_token, revoke_token

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
READ = frozenset({Scope.READ})


def made(person: Person, *, scopes: frozenset[Scope] = READ, days: int = 90) -> tuple[Token, str]:
    token, secret = make_token(person, label="a program", scopes=scopes, days=days, now=NOW)
    return token, f"Bearer {secret}"


def refusal(header: str | None, scope: Scope = Scope.READ, now: datetime = NOW) -> str:
    """What is said outside."""
    with pytest.raises(TokenRefusedError) as raised:
        person_of_token(header, scope, now)
    return str(raised.value)


def test_a_token_speaks_for_its_person_until_it_is_over(person: Callable[..., Person]) -> None:
    someone = person()
    _, header = made(someone, days=1)
    assert person_of_token(header, Scope.READ, NOW + timedelta(hours=23, minutes=59)) == someone
    assert "not good" in refusal(header, now=NOW + timedelta(days=1))


def test_every_refusal_sounds_the_same_and_the_journal_knows_why(person: Callable[..., Person], journal: Any) -> None:
    someone, stopped = person(), person(number=2)
    _, good = made(someone)
    revoked_token, revoked = made(someone)
    _, late = made(someone, days=1)
    _, inactive = made(stopped)
    Person.objects.filter(pk=stopped.pk).update(is_active=False)
    assert revoke_token(someone, revoked_token.pk, NOW)
    answers = {
        refusal(good, Scope.ACT),
        refusal(revoked),
        refusal(late, now=NOW + timedelta(days=1)),
        refusal(inactive),
        refusal("Bearer bongsu_" + "A" * 43),
        refusal(None),
        refusal("Basic YTpi"),
        refusal("Bearer something-else"),
    }
    assert len(answers) == 1
    reasons = [(subject, body["reason"]) for _, subject, body in journal("token.refused")]
    own, other = someone.username, stopped.username
    of_persons = [(own, "scope"), (own, "revoked"), (own, "expired"), (other, "inactive")]
    assert reasons == [*of_persons, ("", "unknown"), ("", "malformed")]


def test_no_secret_is_kept(person: Callable[..., Person], journal: Any) -> None:
    _, header = made(person())
    refusal("Bearer bongsu_guessed")
    secret = header.removeprefix("Bearer ")
    assert secret not in str(list(Token.objects.values()))
    assert secret not in str(journal("token.made"))
    assert "guessed" not in str(journal("token.refused"))


def test_who_tries_again_and_again_fills_no_journal(person: Callable[..., Person], journal: Any) -> None:
    _, header = made(person())
    for number in range(20):
        refusal(f"Bearer bongsu_{number}")
        refusal(header, Scope.EXPORT)
    assert sorted(body["reason"] for _, _, body in journal("token.refused")) == ["scope", "unknown"]


def test_that_a_token_was_used_is_noted_once_a_minute(person: Callable[..., Person]) -> None:
    token, header = made(person())
    used = []
    for seconds in (0, 30, 59, 60, 61):
        person_of_token(header, Scope.READ, NOW + timedelta(seconds=seconds))
        token.refresh_from_db()
        used.append(token.last_used_at)
    minute = NOW + timedelta(minutes=1)
    assert used == [NOW, NOW, NOW, minute, minute]


def test_a_changed_role_holds_for_tokens_at_once(person: Callable[..., Person]) -> None:
    someone = person()
    _, header = made(someone)
    Person.objects.filter(pk=someone.pk).update(role="reader", clearance=0)
    found = person_of_token(header, Scope.READ, NOW)
    assert (found.role, found.reader.clearance) == ("reader", 0)


@pytest.mark.parametrize(("scopes", "days"), [(frozenset(), 90), (READ, 0), (READ, 366)])
def test_a_token_without_scope_or_longer_than_a_year_is_not_made(
    person: Callable[..., Person], scopes: frozenset[Scope], days: int
) -> None:
    with pytest.raises(ValueError, match="a token has a scope"):
        made(person(), scopes=scopes, days=days)
    assert not Token.objects.exists()


def test_nobody_revokes_the_token_of_another(person: Callable[..., Person]) -> None:
    token, header = made(person())
    assert not revoke_token(person(number=2), token.pk, NOW)
    assert person_of_token(header, Scope.READ, NOW)


@pytest.mark.parametrize("recovery", ["stop", "forget_second_step", "link"])
def test_no_token_outlives_the_recovery_of_an_account(
    person: Callable[..., Person], with_app: Callable[[Person], str], journal: Any, recovery: str
) -> None:
    someone, boss = person(), person(Role.ADMINISTRATOR)
    with_app(someone)
    before = revoke_token(someone, made(someone)[0].pk, NOW)
    stolen, header = made(someone)
    other, kept = made(boss)
    if recovery == "stop":
        stop(boss, someone)
        admit(boss, someone)
    elif recovery == "forget_second_step":
        forget_second_step(boss, someone)
    else:
        path = give_link(boss, someone, timezone.now())
        assert person_of_token(header, Scope.READ, NOW) == someone, "a link that nobody used takes nothing"
        new = {"new_password1": "a fresh sandbox phrase", "new_password2": "a fresh sandbox phrase"}
        assert Client().post(path, new).status_code == 302
    assert before
    assert "not good" in refusal(header)
    assert person_of_token(kept, Scope.READ, NOW) == boss
    by = someone if recovery == "link" else boss
    assert journal("token.revoked")[1:] == [(by.username, someone.username, {"token": stolen.pk})]
    assert other.revoked_at is None
