"""What administrators may not do, whatever way they ask: the rules themselves, without the forms before them."""

from __future__ import annotations

from collections.abc import Callable
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
from bongsu.web.record.models import Entry

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
