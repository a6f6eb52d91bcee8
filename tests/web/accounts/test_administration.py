"""What administrators may not do, whatever way they ask: the rules themselves, without the forms before them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.web.accounts.administration import (
    NotAllowedError,
    Standing,
    admit,
    change_standing,
    forget_second_step,
    give_link,
    make_person,
    stop,
)
from bongsu.web.accounts.models import Member, OneTimeLink, Person
from bongsu.web.accounts.operating import admit_person, first_link, stopped_administrators
from bongsu.web.record.models import Entry

sys.path[:0] = [str(Path(__file__).parents[1])]
from at_once import first_to_the_lock

pytestmark = pytest.mark.django_db
Persons = Callable[..., Person]


def with_clearance(person: Person, clearance: Tlp) -> Standing:
    return Standing(member=person.member, role=person.role_held, clearance=clearance)


@pytest.mark.parametrize("given", [Tlp.AMBER_STRICT, Tlp.RED])
def test_a_clearance_above_one_s_own_is_not_given(given: Tlp, person: Persons) -> None:
    chief, someone = person(Role.ADMINISTRATOR, clearance=Tlp.AMBER), person(clearance=Tlp.GREEN)
    with pytest.raises(NotAllowedError, match="which is TLP:AMBER"):
        make_person(chief, "other", name="Other", standing=with_clearance(someone, given))
    with pytest.raises(NotAllowedError, match="which is TLP:AMBER"):
        change_standing(chief, someone, with_clearance(someone, given))
    assert not Entry.objects.exists()


def test_who_may_read_more_is_out_of_reach_save_for_stopping(person: Persons) -> None:
    chief, someone = person(Role.ADMINISTRATOR, clearance=Tlp.AMBER), person(clearance=Tlp.AMBER_STRICT)
    for act in (
        lambda: give_link(chief, someone, timezone.now()),
        lambda: change_standing(chief, someone, with_clearance(someone, Tlp.CLEAR)),
        lambda: forget_second_step(chief, someone),
        lambda: admit(chief, someone),
    ):
        with pytest.raises(NotAllowedError, match="above your own"):
            act()
    stop(chief, someone)
    assert [entry.kind for entry in Entry.objects.all()] == ["account.stopped"]


def test_one_s_own_account_is_out_of_reach(person: Persons) -> None:
    chief = person(Role.ADMINISTRATOR)
    for act in (
        lambda: change_standing(chief, chief, with_clearance(chief, Tlp.CLEAR)),
        lambda: give_link(chief, chief, timezone.now()),
        lambda: forget_second_step(chief, chief),
        lambda: stop(chief, chief),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert not Entry.objects.exists()


def test_who_is_stopped_gets_no_link_and_keeps_none(person: Persons) -> None:
    someone = person()
    give_link(None, someone, timezone.now())
    stop(None, someone)
    assert not OneTimeLink.objects.exists()
    with pytest.raises(NotAllowedError, match="may not sign in"):
        give_link(None, someone, timezone.now())


def test_a_person_who_lost_every_authenticator_begins_anew(person: Persons, with_app: Any, journal: Any) -> None:
    chief, someone = person(Role.ADMINISTRATOR), person()
    with_app(someone)
    assert forget_second_step(chief, someone) == 2
    assert not Authenticator.objects.filter(user=someone).exists()
    assert journal("mfa.removed") == [
        (chief.username, someone.username, {"types": ["recovery_codes", "totp"]}),
    ]
    assert forget_second_step(chief, someone) == 0


def test_the_operator_of_the_machine_gives_any_clearance(members: dict[str, Member]) -> None:
    standing = Standing(member=members["alpha"], role=Role.ADMINISTRATOR, clearance=Tlp.RED)
    assert make_person(None, "chief", name="Chief (SANDBOX)", standing=standing).clearance == Tlp.RED
    assert Entry.objects.get().by == "-"


def test_sessions_ended_by_two_at_once_are_ended_twice(person: Persons) -> None:
    someone = person()
    before, stale = someone.get_session_auth_hash(), Person.objects.get(pk=someone.pk)
    stop(None, someone)
    between = Person.objects.get(pk=someone.pk).get_session_auth_hash()
    stop(None, stale)
    after = Person.objects.get(pk=someone.pk).get_session_auth_hash()
    assert len({before, between, after}) == 3


def test_persons_of_another_member_are_out_of_reach_and_can_be_stopped_all_the_same(
    person: Persons, with_app: Any, members: dict[str, Member]
) -> None:
    chief, own = person(Role.ADMINISTRATOR), person()
    other = person(Role.COORDINATOR, member="beta")
    with_app(other)
    abroad = Standing(member=members["beta"], role=Role.COORDINATOR, clearance=Tlp.AMBER)
    home = Standing(member=members["alpha"], role=Role.COORDINATOR, clearance=Tlp.AMBER)
    for act in (
        lambda: make_person(chief, "puppet", name="Puppet (SANDBOX)", standing=abroad),
        lambda: change_standing(chief, own, abroad),
        lambda: change_standing(chief, other, abroad),
        lambda: change_standing(chief, other, home),
        lambda: give_link(chief, other, timezone.now()),
        lambda: forget_second_step(chief, other),
        lambda: admit(chief, other),
    ):
        with pytest.raises(NotAllowedError, match="another member"):
            act()
    assert not Entry.objects.exists()
    stop(chief, other)
    assert [entry.kind for entry in Entry.objects.all()] == ["account.stopped"]


def test_the_operator_of_the_machine_makes_the_administrator_of_another_member(
    person: Persons, members: dict[str, Member]
) -> None:
    standing = Standing(member=members["beta"], role=Role.ADMINISTRATOR, clearance=Tlp.AMBER)
    chief = make_person(None, "chief", name="Chief (SANDBOX)", standing=standing)
    assert give_link(chief, person(member="beta", clearance=Tlp.AMBER), timezone.now())
    with pytest.raises(NotAllowedError, match="another member"):
        give_link(chief, person(clearance=Tlp.AMBER), timezone.now())


def test_who_was_raised_meanwhile_is_out_of_reach(person: Persons) -> None:
    """The rules hold for how both stand when it is done, not for how they stood when the page was loaded."""
    chief, above = (
        person(Role.ADMINISTRATOR, clearance=Tlp.AMBER),
        person(Role.ADMINISTRATOR, clearance=Tlp.RED, number=2),
    )
    acts: list[Callable[[Person], object]] = [
        lambda someone: give_link(chief, someone, timezone.now()),
        lambda someone: change_standing(chief, someone, with_clearance(someone, Tlp.CLEAR)),
        lambda someone: forget_second_step(chief, someone),
        lambda someone: admit(chief, someone),
    ]
    for number, act in enumerate(acts):
        read_before = person(clearance=Tlp.GREEN, number=number + 3)
        same = Person.objects.get(pk=read_before.pk)
        assert change_standing(above, same, with_clearance(same, Tlp.RED))
        with pytest.raises(NotAllowedError, match="above your own"):
            act(read_before)
    assert not OneTimeLink.objects.exists()
    assert {entry.by for entry in Entry.objects.all()} == {above.username}


def test_a_link_that_was_given_for_a_lower_standing_opens_no_higher_one(person: Persons) -> None:
    low = person(Role.ADMINISTRATOR, clearance=Tlp.AMBER)
    high = person(Role.ADMINISTRATOR, clearance=Tlp.RED, number=2)
    someone = person(clearance=Tlp.AMBER)
    path = give_link(low, someone, timezone.now())
    assert Client().get(path).status_code == 200
    change_standing(high, someone, with_clearance(someone, Tlp.RED))
    assert Client().get(path).status_code == 410


def test_two_administrators_who_stop_each_other_at_once_leave_one(person: Persons) -> None:
    one, two = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR, number=2)
    with pytest.raises(NotAllowedError, match="no administrator any more"), first_to_the_lock(lambda: stop(two, one)):
        stop(one, two)
    assert [each.username for each in Person.objects.filter(role="administrator", is_active=True)] == [two.username]


def test_the_last_administrator_who_may_sign_in_is_neither_stopped_nor_made_anything_else(person: Persons) -> None:
    last, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR, number=2)
    stop(last, other)
    lowered = Standing(member=last.member, role=Role.READER, clearance=Tlp.AMBER)
    for act in (lambda: stop(None, last), lambda: change_standing(None, last, lowered)):
        with pytest.raises(NotAllowedError, match="the last administrator"):
            act()
    admit(last, other)
    assert change_standing(None, last, lowered)


def test_where_no_administrator_may_sign_in_the_machine_lets_one_in_again(person: Persons) -> None:
    administrator = person(Role.ADMINISTRATOR)
    Person.objects.filter(pk=administrator.pk).update(is_active=False)
    assert first_link() is None
    assert stopped_administrators() == [administrator.username]
    assert Client().get(admit_person(administrator.username)).status_code == 200
    assert stopped_administrators() == []


def test_the_first_administrator_has_another_user_name_where_someone_has_the_usual_one(
    person: Persons, members: dict[str, Member]
) -> None:
    Person.objects.make("administrator", member=members["alpha"], role=Role.READER, clearance=Tlp.AMBER)
    assert first_link()
    assert Person.objects.get(role="administrator").username == "administrator-2"


@pytest.mark.parametrize(
    "name", ["Cora SANDBOX", "CORA  sandbox", "Ｃｏｒａ Sandbox", "Cora\u200b Sandbox", "coordinator1-alpha"]
)
def test_nobody_goes_by_the_name_of_another(person: Persons, members: dict[str, Member], name: str) -> None:
    Person.objects.filter(pk=person(Role.COORDINATOR).pk).update(name="Cora Sandbox")
    with pytest.raises(NotAllowedError, match="Another person goes by this name"):
        make_person(None, "other", name=name, standing=with_clearance(person(), Tlp.CLEAR))
    browser = Client()
    browser.force_login(person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.post("/people/me/", {"name": name, "language": ""}).content.decode()
    assert "Another person goes by this name" in page
    assert Person.objects.get(pk=person().pk).name == "Analyst1-Alpha"


def test_whoever_has_a_name_twice_from_before_keeps_it(person: Persons) -> None:
    Person.objects.update_or_create(pk=person().pk, defaults={"name": "Same"})
    Person.objects.filter(pk=person(Role.REVIEWER).pk).update(name="Same")
    browser = Client()
    browser.force_login(person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post("/people/me/", {"name": "Same", "language": "ko"}).status_code == 302
