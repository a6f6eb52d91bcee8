"""One-time links: looking uses nothing up, setting a password does, and no link goes around a second step."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from bongsu.cases.words import Role
from bongsu.web import serving
from bongsu.web.accounts.administration import give_link, stop
from bongsu.web.accounts.models import Member, OneTimeLink, Person
from bongsu.web.logs import WithoutSecrets

pytestmark = pytest.mark.django_db
NEW = {"new_password1": "a fresh sandbox phrase", "new_password2": "a fresh sandbox phrase"}


def over(browser: Client, path: str) -> bool:
    """Whether a link is refused, with the one page for all reasons."""
    looked, sent = browser.get(path), browser.post(path, NEW)
    pages = [answer.content.decode().partition("<main")[2] for answer in (looked, sent)]
    assert pages[0] == pages[1]
    assert (looked.status_code == 410) == ("no longer good" in pages[0])
    return looked.status_code == 410


def test_looking_at_a_link_uses_nothing_up_for_scanners_of_mail_look_first(
    client: Client, person: Callable[..., Person]
) -> None:
    someone = person()
    path = give_link(None, someone, timezone.now())
    for _ in range(3):
        assert someone.username in client.get(path).content.decode()
    assert client.head(path).status_code == 200
    assert OneTimeLink.objects.get().used_at is None


def test_a_password_set_by_a_link_signs_in_and_leads_to_the_second_step_without_asking_again(
    client: Client, person: Callable[..., Person], journal: Any
) -> None:
    someone = person()
    path = give_link(None, someone, timezone.now())
    answer = client.post(path, NEW)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert "data:image/svg+xml" in client.get(answer["Location"]).content.decode()
    someone.refresh_from_db()
    assert someone.check_password(NEW["new_password1"])
    assert journal("link.used") == [(someone.username, someone.username, {})]
    assert journal("sign_in")[-1][2]["steps"] == ["password"]
    assert over(Client(), path)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("short", "short", "at least 12 characters"),
        ("123456789012345", "123456789012345", "entirely numeric"),
        ("a fresh sandbox phrase", "another sandbox phrase", "match"),
    ],
)
def test_a_password_that_is_none_leaves_the_link_good(
    client: Client, person: Callable[..., Person], first: str, second: str, words: str
) -> None:
    path = give_link(None, person(), timezone.now())
    assert words in client.post(path, {"new_password1": first, "new_password2": second}).content.decode()
    assert OneTimeLink.objects.get().used_at is None
    assert client.post(path, NEW).status_code == 302


def test_used_over_forged_and_replaced_links_and_those_of_stopped_persons_are_refused_alike(
    person: Callable[..., Person],
) -> None:
    now, someone = timezone.now(), person()
    replaced = give_link(None, someone, now)
    late = give_link(None, someone, now - timedelta(hours=24, seconds=1))
    assert over(Client(), replaced)
    assert over(Client(), late)
    assert over(Client(), "/welcome/forged/")
    good = give_link(None, someone, now)
    stop(None, someone)
    assert over(Client(), good)


def test_a_link_is_no_way_around_a_second_step(client: Client, person: Callable[..., Person], with_app: Any) -> None:
    someone = person()
    with_app(someone)
    answer = client.post(give_link(None, someone, timezone.now()), NEW)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/people/me/").status_code == 302


def test_a_link_opened_in_the_browser_of_someone_else_ends_their_session(
    person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    someone = person()
    browser = signed_in(Role.ADMINISTRATOR)
    browser.post(give_link(None, someone, timezone.now()), NEW)
    assert someone.username in browser.get("/people/me/").content.decode()


def test_the_secret_of_a_link_is_in_no_table(person: Callable[..., Person], journal: Any) -> None:
    path = give_link(None, person(), timezone.now())
    secret = path.split("/")[2]
    assert len(secret) >= 43
    assert secret not in str(list(OneTimeLink.objects.values()))
    assert secret not in str(journal("link.given"))


def test_the_first_administrator_gets_links_until_one_has_a_password(client: Client, journal: Any) -> None:
    first = serving.first_link()
    second = serving.first_link()
    assert first is not None
    assert second is not None
    assert over(Client(), first), "a new link ends the one before"
    assert client.post(second, NEW)["Location"] == "/accounts/2fa/totp/activate/"
    assert serving.first_link() is None
    assert Person.objects.get().role == Role.ADMINISTRATOR
    assert Member.objects.get().name == "Member Alpha (SANDBOX)"
    assert [len(journal(kind)) for kind in ("member.made", "account.made", "link.given", "link.used")] == [1, 1, 2, 1]


def test_the_secret_of_a_link_is_never_written_to_the_terminal(person: Callable[..., Person]) -> None:
    path = give_link(None, person(), timezone.now())
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    told = settings.LOGGING["handlers"]["terminal"]["filters"]
    assert told == ["without_secrets"]
    handler.addFilter(WithoutSecrets())
    loggers = [logging.getLogger(name) for name in ("django.security.csrf", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        assert Client(enforce_csrf_checks=True).post(path, NEW).status_code == 403
        assert Client().get("/welcome/forged-by-someone/").status_code == 410
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    assert "Forbidden (CSRF cookie not set.): /welcome/.../" in written.getvalue()
    assert "Gone: /welcome/.../" in written.getvalue()
    assert path.split("/")[2] not in written.getvalue()
    assert OneTimeLink.objects.get().used_at is None
