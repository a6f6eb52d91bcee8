"""People: who sees whom, what administrators may do, what they may not, and one's own account."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.web.accounts.administration import stop
from bongsu.web.accounts.models import Member, Person, Token
from bongsu.web.record.models import CaseRow, CycleRow, Entry, HandlingRow, IndicatorRow

sys.path.insert(0, str(Path(__file__).parents[1]))
from at_once import first_to_the_lock

pytestmark = pytest.mark.django_db
PASSWORD = "a long sandbox pass phrase"
OTHERS = [role for role in Role if role not in (Role.COORDINATOR, Role.ADMINISTRATOR)]
Persons = Callable[..., Person]
Enter = Callable[..., Client]


def standing(person: Person, **changed: object) -> dict[str, object]:
    """The form of a person's standing, with some of it changed."""
    return {"member": person.member_id, "role": person.role, "clearance": person.clearance, **changed}


def kinds(person: Person) -> list[str]:
    """What the journal says happened to an account."""
    return list(Entry.objects.filter(subject=person.username).order_by("number").values_list("kind", flat=True))


def here(browser: Client) -> bool:
    return bool(browser.get("/people/me/").status_code == 200)


def test_a_coordinator_sees_the_list_and_can_change_nothing(person: Persons, signed_in: Enter) -> None:
    someone = person()
    browser = signed_in(Role.COORDINATOR)
    page = browser.get("/people/").content.decode()
    assert someone.name in page
    assert "New person" not in page
    assert f"/people/of/{someone.username}/" not in page
    assert browser.get(f"/people/of/{someone.username}/").status_code == 403
    assert browser.get("/people/new/").status_code == 403
    for act in ("link", "stop", "admit", "authenticators"):
        assert browser.post(f"/people/of/{someone.username}/{act}/").status_code == 403
    assert browser.post("/people/members/", {"id": "gamma", "name": "Member Gamma (SANDBOX)"}).status_code == 403
    assert not Member.objects.filter(pk="gamma").exists()
    assert Entry.objects.filter(kind="access.refused").count() == 7


@pytest.mark.parametrize("role", OTHERS)
def test_other_roles_do_not_see_who_is_here(role: Role, signed_in: Enter) -> None:
    browser = signed_in(role)
    assert browser.get("/people/").status_code == 403
    refused = Entry.objects.get(kind="access.refused")
    assert refused.body["address"] == "/people/"


def test_an_administrator_makes_a_person_and_the_link_is_shown_once(person: Persons, signed_in: Enter) -> None:
    chief = person(Role.ADMINISTRATOR)
    browser = signed_in(of=chief)
    assert browser.get("/people/new/").status_code == 200
    form = {"username": "new.analyst", "name": "New Analyst (SANDBOX)", **standing(chief, role="analyst")}
    page = browser.post("/people/new/", form).content.decode()
    link = re.search(r"http://testserver(/welcome/[\w-]+/)", page)
    assert link is not None
    made = Person.objects.get(username="new.analyst")
    assert not made.has_usable_password()
    assert kinds(made) == ["account.made", "link.given"]
    assert link[1] not in browser.get("/people/of/new.analyst/").content.decode()
    fresh = Client()
    new = {"new_password1": "a fresh sandbox phrase", "new_password2": "a fresh sandbox phrase"}
    assert fresh.post(link[1], new).status_code == 302
    assert here(fresh)


@pytest.mark.parametrize(
    ("username", "words"), [("Capital Letters", "small letters"), ("analyst1-alpha", "already exists"), ("a", "small")]
)
def test_a_user_name_that_is_none_or_is_taken_is_refused_in_words(
    username: str, words: str, person: Persons, signed_in: Enter
) -> None:
    taken, chief = person(), person(Role.ADMINISTRATOR)
    before = Person.objects.count()
    page = signed_in(of=chief).post("/people/new/", {"username": username, "name": "X", **standing(taken)})
    assert words in page.content.decode()
    assert Person.objects.count() == before


def test_no_administrator_gives_a_clearance_above_their_own(person: Persons, signed_in: Enter) -> None:
    chief = person(Role.ADMINISTRATOR, clearance=Tlp.AMBER)
    someone = person(clearance=Tlp.GREEN)
    browser = signed_in(of=chief)
    for tlp in (Tlp.AMBER_STRICT, Tlp.RED):
        form = standing(someone, clearance=int(tlp))
        browser.post(f"/people/of/{someone.username}/", form)
        browser.post("/people/new/", {"username": f"x{int(tlp)}", "name": "X", **form})
    someone.refresh_from_db()
    assert someone.clearance == Tlp.GREEN
    assert Person.objects.count() == 2
    browser.post(f"/people/of/{someone.username}/", standing(someone, clearance=int(Tlp.AMBER)))
    someone.refresh_from_db()
    assert someone.clearance == Tlp.AMBER


def test_no_administrator_takes_over_who_may_read_more_and_can_stop_them_all_the_same(
    person: Persons, signed_in: Enter
) -> None:
    chief = person(Role.ADMINISTRATOR, clearance=Tlp.AMBER)
    someone = person(clearance=Tlp.RED)
    browser = signed_in(of=chief)
    assert "above your own" in browser.get(f"/people/of/{someone.username}/").content.decode()
    answer = browser.post(f"/people/of/{someone.username}/link/", follow=True).content.decode()
    assert "/welcome/" not in answer
    assert "above your own" in answer
    browser.post(f"/people/of/{someone.username}/", standing(someone, clearance=int(Tlp.CLEAR)))
    browser.post(f"/people/of/{someone.username}/authenticators/")
    assert kinds(someone) == []
    browser.post(f"/people/of/{someone.username}/stop/")
    browser.post(f"/people/of/{someone.username}/admit/")
    assert kinds(someone) == ["account.stopped"]


def test_no_administrator_takes_over_who_is_of_another_member(person: Persons, signed_in: Enter) -> None:
    chief, own = person(Role.ADMINISTRATOR), person()
    other = person(Role.COORDINATOR, member="beta")
    browser = signed_in(of=chief)
    page = browser.get(f"/people/of/{other.username}/").content.decode()
    assert "of another member" in page
    for act in ("link", "authenticators", "admit"):
        assert f"/people/of/{other.username}/{act}/" not in page
        answer = browser.post(f"/people/of/{other.username}/{act}/", follow=True).content.decode()
        assert "/welcome/" not in answer
        assert "of that member can do this" in answer
    for form in (standing(other, role="reader"), standing(other, member="alpha")):
        browser.post(f"/people/of/{other.username}/", form)
    browser.post(f"/people/of/{own.username}/", standing(own, member="beta"))
    browser.post("/people/new/", {"username": "puppet", "name": "X", **standing(own, member="beta")})
    assert not Entry.objects.exists()
    assert not Person.objects.filter(username="puppet").exists()
    assert (Person.objects.get(pk=own.pk).member_id, Person.objects.get(pk=other.pk).member_id) == ("alpha", "beta")
    assert other.name in browser.get("/people/").content.decode()


def test_no_administrator_changes_their_own_account(person: Persons, signed_in: Enter) -> None:
    chief = person(Role.ADMINISTRATOR, clearance=Tlp.AMBER)
    browser = signed_in(of=chief)
    own = f"/people/of/{chief.username}/"
    assert "another administrator" in browser.post(own, standing(chief, role="coordinator")).content.decode()
    for act in ("link", "stop", "authenticators"):
        browser.post(f"{own}{act}/")
    assert here(browser)
    assert kinds(chief) == []


@pytest.mark.parametrize("changed", [{"role": "reader"}, {"clearance": 0}])
def test_another_role_or_clearance_ends_all_sessions(
    changed: dict[str, object], person: Persons, signed_in: Enter
) -> None:
    someone = person()
    browser = signed_in(of=someone)
    assert here(browser)
    signed_in(Role.ADMINISTRATOR).post(f"/people/of/{someone.username}/", standing(someone, **changed))
    assert not here(browser)
    entry = Entry.objects.get(kind="account.changed")
    assert entry.body["before"] != entry.body["after"]
    assert entry.by == "administrator1-alpha"


def test_what_is_as_it_was_ends_no_session(person: Persons, signed_in: Enter) -> None:
    someone = person()
    browser = signed_in(of=someone)
    signed_in(Role.ADMINISTRATOR).post(f"/people/of/{someone.username}/", standing(someone))
    assert here(browser)
    assert kinds(someone) == []


def test_who_is_stopped_is_out_at_once_stays_in_the_list_and_finds_the_old_session_ended_when_let_in_again(
    person: Persons, signed_in: Enter
) -> None:
    someone = person()
    browser, chief = signed_in(of=someone), signed_in(Role.ADMINISTRATOR)
    chief.post(f"/people/of/{someone.username}/stop/")
    assert not here(browser)
    assert someone.username in chief.get("/people/?state=stopped").content.decode()
    assert someone.username not in chief.get("/people/?state=active").content.decode()
    chief.post(f"/people/of/{someone.username}/admit/")
    assert not here(browser)
    assert here(signed_in(of=Person.objects.get(pk=someone.pk)))
    assert kinds(someone) == ["account.stopped", "account.changed"]
    assert not [
        url for url in ("delete", "remove") if chief.post(f"/people/of/{someone.username}/{url}/").status_code != 404
    ]


def test_an_administrator_adds_a_member_once(signed_in: Enter, person: Persons) -> None:
    browser = signed_in(Role.ADMINISTRATOR)
    form = {"id": "gamma", "name": "Member Gamma (SANDBOX)"}
    assert browser.post("/people/members/", form).status_code == 302
    assert "already exists" in browser.post("/people/members/", form).content.decode()
    assert "Short name" in browser.post("/people/members/", {"id": "Gamma!", "name": "x"}).content.decode()
    assert Member.objects.filter(pk="gamma").count() == 1
    assert Entry.objects.filter(kind="member.made").count() == 1


def _indicator(number: int, handling: Handling) -> IndicatorRow:
    cycle, _ = CycleRow.objects.get_or_create(id="c1", defaults={"clock": datetime(2026, 11, 24, tzinfo=UTC)})
    return IndicatorRow.objects.create(
        id=f"i{number}",
        desk="sea",
        detector="sea.encounter",
        title=f"SANDBOX indicator {number}",
        subject_id="sandbox:1",
        subject_name="SANDBOX SHIP",
        subject_schema="Vessel",
        score=0.5,
        sandbox=True,
        first_cycle=cycle,
        last_cycle=cycle,
        handling=HandlingRow.of(handling),
        record={},
    )


def test_an_administrator_manages_accounts_and_reads_nothing_above_their_own_marking(
    person: Persons, signed_in: Enter
) -> None:
    chief = person(Role.ADMINISTRATOR, clearance=Tlp.AMBER)
    analyst = person(clearance=Tlp.RED)
    alpha = frozenset({"alpha"})
    red = Handling(tlp=Tlp.RED, originators=alpha, named=frozenset({analyst.username, chief.username}))
    rows = [_indicator(1, Handling(tlp=Tlp.GREEN, originators=alpha)), _indicator(2, red)]
    at = datetime(2026, 11, 24, tzinfo=UTC)
    case = CaseRow.objects.create(
        id="case1", kind="inquiry", title="SANDBOX case", is_open=True, stage="draft", acts=1, opened_at=at,
        opened_by=analyst.username, last_at=at, sandbox=True, handling=HandlingRow.of(red), record={},
    )  # fmt: skip
    assert set(IndicatorRow.objects.readable_by(analyst.reader)) == set(rows)
    assert case in CaseRow.objects.readable_by(analyst.reader)
    assert set(IndicatorRow.objects.readable_by(chief.reader)) == {rows[0]}
    assert not CaseRow.objects.readable_by(chief.reader).exists()
    browser = signed_in(of=chief)
    assert browser.get("/cases/case1/").status_code == browser.get("/cases/case2/").status_code == 404
    puppet = {"username": "puppet", "name": "X", **standing(analyst, clearance=int(Tlp.RED))}
    browser.post("/people/new/", puppet)
    assert not Person.objects.filter(username="puppet").exists()


def test_a_token_is_made_after_the_password_shown_once_and_revoked(client: Client, person: Persons) -> None:
    someone = person()
    client.post("/accounts/login/", {"login": someone.username, "password": PASSWORD})
    form = {"label": "a notebook", "scopes": ["read", "export"], "days": 365}
    answer = client.post("/people/me/tokens/", form)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Token.objects.exists()
    page = client.post(answer["Location"], {"password": PASSWORD, "next": "/people/me/tokens/"}).content.decode()
    secret = re.search(r"bongsu_[\w-]{43}", page)
    assert secret is not None
    token = Token.objects.get()
    assert (token.scopes, token.person) == (["export", "read"], someone)
    assert token.expires_at - token.made_at < timedelta(days=365, seconds=1)
    page = client.get("/people/me/").content.decode()
    assert "a notebook" in page
    assert secret[0] not in page
    assert client.post(f"/people/me/tokens/{token.pk}/revoke/").status_code == 302
    assert client.post(f"/people/me/tokens/{token.pk}/revoke/").status_code == 404
    assert [kind for kind in kinds(someone) if kind.startswith("token")] == ["token.made", "token.revoked"]
    for wrong in ({**form, "days": 366}, {**form, "scopes": ["everything"]}, {**form, "scopes": []}):
        assert 'role="alert"' in client.post("/people/me/tokens/", wrong).content.decode()
    assert Token.objects.count() == 1


def test_one_s_own_name_and_language_change_and_nothing_else(person: Persons, signed_in: Enter) -> None:
    someone = person()
    browser = signed_in(of=someone)
    form = {"name": "Another Name (SANDBOX)", "language": "fr", "role": "administrator", "clearance": 4}
    browser.post("/people/me/", form)
    someone.refresh_from_db()
    assert (someone.name, someone.language, someone.role) == ("Another Name (SANDBOX)", "fr", "analyst")
    assert '<html lang="fr">' in browser.get("/people/me/").content.decode()
    assert Entry.objects.get(kind="account.changed").body["changed"] == ["language", "name"]


def test_one_s_own_sign_ins_are_shown_and_no_one_else_s(client: Client, person: Persons) -> None:
    someone, other = person(), person(number=2)
    for name, password in ((other.username, PASSWORD), (someone.username, "wrong"), (someone.username, PASSWORD)):
        client.post("/accounts/logout/")
        client.post("/accounts/login/", {"login": name, "password": password})
    page = client.get("/people/me/").content.decode()
    assert "sign-in refused" in page
    assert "signed in" in page
    assert other.username not in page


def test_the_list_is_found_through_by_name_role_and_member(person: Persons, signed_in: Enter) -> None:
    one, two = person(Role.REVIEWER), person(Role.READER, member="beta")
    browser = signed_in(Role.ADMINISTRATOR)
    for query, shown, hidden in (
        ("q=reviewer1", one, two),
        ("role=reader", two, one),
        ("member=beta", two, one),
        ("role=no-such-role&q=", None, one),
    ):
        page = browser.get(f"/people/?{query}").content.decode()
        assert shown is None or f"/people/of/{shown.username}/" in page
        assert f"/people/of/{hidden.username}/" not in page


def test_what_is_not_there_is_not_there(signed_in: Enter) -> None:
    assert signed_in(Role.ADMINISTRATOR).get("/people/of/nobody/").status_code == 404


def test_who_is_stopped_while_they_write_their_own_name_stays_stopped(person: Persons, signed_in: Enter) -> None:
    someone, chief = person(clearance=Tlp.AMBER), person(Role.ADMINISTRATOR)
    browser = signed_in(of=someone)
    with first_to_the_lock(lambda: stop(chief, Person.objects.get(pk=someone.pk))):
        browser.post("/people/me/", {"name": "SANDBOX Name", "language": "ko"})
    someone.refresh_from_db()
    assert (someone.is_active, someone.name) == (False, "SANDBOX Name")
