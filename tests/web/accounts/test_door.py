"""Signing in: what is asked, what is refused, what is written down."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from bongsu.cases.words import Role
from bongsu.web.accounts.administration import forget_second_step
from bongsu.web.accounts.models import Person, Token
from bongsu.web.accounts.operating import forget_second_step_of, link_for

pytestmark = pytest.mark.django_db
PASSWORD = "a long sandbox pass phrase"


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code an app shows now; `steps` periods later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def here(browser: Client) -> bool:
    """Whether someone is signed in."""
    return bool(browser.get("/people/me/").status_code == 200)


def test_a_name_and_a_password_sign_in_and_the_journal_has_who_from_where_and_how(
    client: Client, person: Callable[..., Person], sign_in: Any, journal: Any
) -> None:
    someone = person()
    answer = sign_in(client, someone.username)
    assert answer.status_code == 302
    assert here(client)
    assert journal("sign_in") == [(someone.username, someone.username, {"address": "127.0.0.1", "steps": ["password"]})]
    client.post("/accounts/logout/")
    assert not here(client)
    assert journal("sign_out") == [(someone.username, someone.username, {})]


def test_a_wrong_password_is_refused_with_the_words_of_an_unknown_name(
    client: Client, person: Callable[..., Person], sign_in: Any, journal: Any
) -> None:
    someone = person()
    wrong = sign_in(client, someone.username, "not the pass phrase").content.decode()
    unknown = sign_in(client, "nobody.of.that.name", "not the pass phrase").content.decode()
    errors = [re.findall(r'role="alert".*?</ul>', page, re.DOTALL) for page in (wrong, unknown)]
    assert errors[0]
    assert errors[0] == errors[1]
    assert not here(client)


def test_what_is_typed_in_place_of_a_name_is_not_written_down(client: Client, sign_in: Any, journal: Any) -> None:
    sign_in(client, "my-secret-pass-phrase", "x")
    assert journal("sign_in.failed") == [("-", "", {"reason": "password", "address": "127.0.0.1"})]


def test_the_sixth_failed_sign_in_is_refused_with_words_and_so_is_the_right_password_after_it(
    client: Client, person: Callable[..., Person], sign_in: Any, journal: Any
) -> None:
    someone = person()
    for _ in range(5):
        assert "Too many" not in sign_in(client, someone.username, "not the pass phrase").content.decode()
    assert "Try again in 5 minutes" in sign_in(client, someone.username, "no").content.decode()
    assert "Too many failed login attempts" in sign_in(client, someone.username).content.decode()
    assert not here(client)
    reasons = [body["reason"] for _, subject, body in journal("sign_in.failed") if subject == someone.username]
    assert reasons == ["password"] * 5 + ["too_many"] * 2


def test_who_guesses_from_one_address_keeps_nobody_out_at_another(person: Callable[..., Person], sign_in: Any) -> None:
    someone = person()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(6):
        page = sign_in(Client(), someone.username, "not the pass phrase").content.decode()
    assert "Too many failed login attempts" in page
    sign_in(elsewhere, someone.username)
    assert here(elsewhere)


def test_who_guesses_from_many_addresses_is_refused_at_all_of_them_after_so_many(
    person: Callable[..., Person], sign_in: Any, settings: Any
) -> None:
    assert settings.ACCOUNT_RATE_LIMITS["login_failed_anywhere"] == "600/h/key"
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed_anywhere": "20/h/key"}
    someone = person()
    for number in range(20):
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
        assert "Too many" not in sign_in(browser, someone.username, "not the pass phrase").content.decode()
    browser = Client(REMOTE_ADDR="198.51.100.1")
    assert "Try again in 60 minutes" in sign_in(browser, someone.username).content.decode()


def test_an_address_that_knocks_without_end_gets_a_page_that_says_so(client: Client, sign_in: Any) -> None:
    answers = [sign_in(client, f"nobody{number}", "x") for number in range(31)]
    assert [answer.status_code for answer in answers[:30]] == [200] * 30
    assert answers[30].status_code == 429
    assert "Wait a few minutes" in answers[30].content.decode()


def test_who_was_stopped_is_not_let_in_and_told_so_only_with_the_right_password(
    client: Client, person: Callable[..., Person], sign_in: Any, journal: Any
) -> None:
    someone = person()
    Person.objects.filter(pk=someone.pk).update(is_active=False)
    assert sign_in(client, someone.username, "not the pass phrase").status_code == 200
    answer = sign_in(client, someone.username)
    assert "may not sign in" in client.get(answer["Location"]).content.decode()
    assert not here(client)
    assert [body["reason"] for _, _, body in journal("sign_in.failed")] == ["password", "stopped"]


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404


def test_an_app_asks_for_its_code_and_takes_it_once(
    client: Client, person: Callable[..., Person], sign_in: Any, with_app: Any, journal: Any
) -> None:
    someone = person()
    secret = with_app(someone)
    assert sign_in(client, someone.username)["Location"] == "/accounts/2fa/authenticate/"
    assert not here(client)
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    assert "Use a security key" in page
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert journal("sign_in.failed")[-1][1:] == (someone.username, {"reason": "second_step", "address": "127.0.0.1"})
    code = code_of(secret)
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert here(client)
    assert journal("sign_in")[-1][2]["steps"] == ["password", "totp"]
    again = Client()
    sign_in(again, someone.username)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert not here(again), "a code that someone looked at over a shoulder is used up"


def test_the_sixth_wrong_code_is_refused_with_words_and_so_is_the_right_one_after_it(
    client: Client, person: Callable[..., Person], sign_in: Any, with_app: Any
) -> None:
    someone = person()
    secret = with_app(someone)
    sign_in(client, someone.username)
    for _ in range(5):
        assert "Incorrect code" in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    for code in ("000000", code_of(secret)):
        page = client.post("/accounts/2fa/authenticate/", {"code": code}).content.decode()
        assert "Too many failed login attempts" in page
    assert not here(client)


def test_a_recovery_code_opens_once(client: Client, person: Callable[..., Person], sign_in: Any, with_app: Any) -> None:
    someone = person()
    with_app(someone)
    code = Authenticator.objects.get(user=someone, type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (True, False):
        browser = Client()
        sign_in(browser, someone.username)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert here(browser) is expected


@pytest.mark.django_db(transaction=True)  # an authenticator is told of when it is committed
def test_setting_up_an_app_shows_its_picture_under_our_policy_and_gives_recovery_codes(
    client: Client,
    person: Callable[..., Person],
    sign_in: Any,
    journal: Any,
) -> None:
    someone = person()
    sign_in(client, someone.username)
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert " style=" not in page
    secret = re.search(r'id="secret">([A-Z2-7]+)<', page)
    assert secret is not None
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1])})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    codes = re.search(r'id="codes">([\d\s]+)<', client.get(answer["Location"]).content.decode())
    assert codes is not None
    assert len(codes[1].split()) == 10
    assert client.get("/accounts/2fa/recovery-codes/download/").content.decode().split()[-1] == codes[1].split()[-1]
    kinds = [body["type"] for _, subject, body in journal("mfa.added") if subject == someone.username]
    assert sorted(kinds) == ["recovery_codes", "totp"]
    assert secret[1] not in str(journal("mfa.added"))
    client.post("/accounts/2fa/totp/deactivate/")
    assert "totp" in [body["type"] for _, _, body in journal("mfa.removed")]


@pytest.mark.django_db(transaction=True)  # an authenticator is told of when it is committed
@pytest.mark.usefixtures("everyone_needs_it")
@pytest.mark.parametrize("forgotten", [False, True])
def test_a_session_from_before_the_second_step_ends_when_it_is_set_up(
    client: Client,
    person: Callable[..., Person],
    sign_in: Any,
    with_app: Any,
    forgotten: bool,
) -> None:
    someone, older = person(), Client()
    if forgotten:
        with_app(someone)
        forget_second_step(None, someone)
    for browser in (older, client):
        sign_in(browser, someone.username)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = re.search(r'id="secret">([A-Z2-7]+)<', client.get("/accounts/2fa/totp/activate/").content.decode())
    assert secret is not None
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1])})
    assert here(client), "who set it up goes on"
    assert older.get("/people/me/")["Location"].startswith("/accounts/login/")
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    newest = Client()
    assert sign_in(newest, someone.username)["Location"] == "/accounts/2fa/authenticate/"


@pytest.mark.usefixtures("everyone_needs_it")
def test_who_is_locked_out_by_another_key_of_the_site_sets_the_second_step_up_anew(
    client: Client, person: Callable[..., Person], sign_in: Any, with_app: Any, settings: Any
) -> None:
    someone = person(Role.ADMINISTRATOR)
    secret = with_app(someone)
    settings.SECRET_KEY = "the key of another folder"
    assert sign_in(client, someone.username)["Location"] == "/accounts/2fa/authenticate/"
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 200, "never right"
    assert forget_second_step_of(someone.username) == 2
    assert forget_second_step_of(someone.username) == 0
    browser = Client()
    assert sign_in(browser, someone.username)["Location"] == "/"
    assert browser.get("/")["Location"] == "/accounts/2fa/", "nothing before it is set up"
    chosen = {"new_password1": "a fresh sandbox phrase", "new_password2": "a fresh sandbox phrase"}
    assert Client().post(link_for(someone.username), chosen)["Location"] == "/accounts/2fa/totp/activate/"


def test_a_changed_password_ends_every_session_and_is_in_the_journal(
    client: Client, person: Callable[..., Person], sign_in: Any, journal: Any
) -> None:
    someone = person()
    other = Client()
    for browser in (client, other):
        sign_in(browser, someone.username)
    weak = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert "at least 12 characters" in client.post("/accounts/password/change/", weak).content.decode()
    good = {"oldpassword": PASSWORD, "password1": "another sandbox phrase", "password2": "another sandbox phrase"}
    client.post("/accounts/password/change/", good)
    assert not here(client)
    assert not here(other)
    sign_in(client, someone.username, "another sandbox phrase")
    assert here(client)
    assert journal("account.changed") == [(someone.username, someone.username, {"changed": ["password"]})]
    assert "sandbox phrase" not in str([journal(kind) for kind in ("sign_in", "sign_in.failed", "account.changed")])


def test_a_changed_password_ends_every_token_and_the_page_says_so(
    client: Client, person: Callable[..., Person], sign_in: Any, journal: Any
) -> None:
    someone = person()
    soon = timezone.now() + timedelta(days=1)
    _, secret = Token.issue(someone, label="SANDBOX", scopes=["read"], expires_at=soon)
    told = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/cases", headers=told).status_code == 200
    sign_in(client, someone.username)
    assert "sessions and API tokens" in client.get("/accounts/password/change/").content.decode()
    good = {"oldpassword": PASSWORD, "password1": "another sandbox phrase", "password2": "another sandbox phrase"}
    client.post("/accounts/password/change/", good)
    assert Client().get("/api/v1/cases", headers=told).status_code == 401
    assert [subject for _, subject, _ in journal("token.revoked")] == [someone.username]


def test_a_person_s_language_is_spoken_from_the_sign_in_on(
    client: Client, person: Callable[..., Person], sign_in: Any
) -> None:
    someone = person()
    Person.objects.filter(pk=someone.pk).update(language="ja")
    sign_in(client, someone.username)
    assert '<html lang="ja">' in client.get("/people/me/").content.decode()


@pytest.mark.usefixtures("everyone_needs_it")
def test_where_everyone_needs_a_second_step_who_has_none_reaches_the_setting_up_alone(
    client: Client, person: Callable[..., Person], sign_in: Any, with_app: Any
) -> None:
    someone = person(Role.ADMINISTRATOR)
    sign_in(client, someone.username)
    for address in ("/", "/people/", "/people/me/", "/cases/", "/api/v1/cases", "/nowhere"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")
    assert "before you can go on" in client.get("/accounts/2fa/").content.decode()
    assert client.post("/people/me/tokens/", {"label": "x", "scopes": ["read"], "days": 9}).status_code == 302
    assert not someone.tokens.exists()
    with_app(someone)
    assert client.get("/people/").status_code == 200


@pytest.mark.usefixtures("everyone_needs_it")
def test_where_everyone_needs_a_second_step_nobody_gives_up_the_last(
    client: Client, person: Callable[..., Person], sign_in: Any, with_app: Any
) -> None:
    someone = person()
    secret = with_app(someone)
    sign_in(client, someone.username)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.post("/accounts/2fa/totp/deactivate/").content.decode()
    assert "cannot deactivate" in page
    assert Authenticator.objects.filter(user=someone, type="totp").exists()


def test_every_page_of_the_door_stands_in_our_house(
    client: Client, person: Callable[..., Person], sign_in: Any, with_app: Any
) -> None:
    someone = person()
    secret = with_app(someone)
    pages = [client.get("/accounts/login/"), client.get("/accounts/inactive/")]
    sign_in(client, someone.username)
    pages.append(client.get("/accounts/2fa/authenticate/"))
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    pages += [client.get(f"/accounts/{way}") for way in ("reauthenticate/", "2fa/reauthenticate/")]
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    ways = ("logout/", "password/change/", "2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/")
    ways += ("2fa/recovery-codes/generate/", "2fa/webauthn/", "2fa/webauthn/add/")
    pages += [client.get(f"/accounts/{way}") for way in ways]
    for answer in pages:
        page = answer.content.decode()
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        assert '<main class="page' in page
        assert page.count("<h1>") == 1
        assert not re.search(r"<script(?![^>]* src=)(?![^>]*application/json)|\sstyle=|\son[a-z]+=", page)


def test_the_secret_of_an_app_does_not_lie_in_clear_and_another_key_of_the_site_makes_no_code_right(
    client: Client, person: Callable[..., Person], sign_in: Any, with_app: Any, settings: Any
) -> None:
    someone = person()
    secret = with_app(someone)
    kept = {row.type: str(row.data) for row in Authenticator.objects.filter(user=someone)}
    codes = Authenticator.objects.get(user=someone, type="recovery_codes").wrap()
    assert secret not in kept["totp"]
    assert codes.instance.data["seed"].startswith("gAAAA"), "as every text that Fernet encrypts"
    code = codes.get_unused_codes()[0]
    sign_in(client, someone.username)
    settings.SECRET_KEY += "-another"
    sign_in(client, someone.username)
    for wrong in (code_of(secret), code):
        assert "Incorrect code" in client.post("/accounts/2fa/authenticate/", {"code": wrong}).content.decode()
    assert not here(client)
