"""Accounts for whoever runs the installation: the first administrator, persons and links by the command line."""

from __future__ import annotations

from itertools import chain, count

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.kernel.errors import UsageError
from bongsu.web.accounts.administration import (
    NotAllowedError,
    Standing,
    admit,
    forget_second_step,
    give_link,
    make_member,
    make_person,
)
from bongsu.web.accounts.models import Member, Person

FIRST = "administrator"


def bring_forward() -> None:
    """The database in its present form, made where there is none."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def first_link() -> str | None:
    """The path of a one-time link for the first administrator.

    None once one can sign in with a password, or where every one was stopped: see `stopped_administrators`.
    """
    administrators = Person.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True)
    if stopped_administrators() or any(person.has_usable_password() for person in administrators):
        return None
    standing = Standing(member=_own_member(), role=Role.ADMINISTRATOR, clearance=Tlp.AMBER)
    person = administrators.first() or _first_administrator(standing)
    return give_link(None, person, timezone.now())


def stopped_administrators() -> list[str]:
    """The user names of the administrators, where none of them may sign in; empty where one may, or there is none."""
    administrators = Person.objects.filter(role=Role.ADMINISTRATOR.value)
    if administrators.filter(is_active=True).exists():
        return []
    return list(administrators.values_list("username", flat=True))


def admit_person(username: str) -> str:
    """Let a person sign in again who was stopped; the path of their one-time link.

    Raises:
        UsageError: there is no such person.
    """
    person = _known(username)
    admit(None, person)
    return give_link(None, person, timezone.now())


def add_person(username: str, *, name: str, role: Role, clearance: Tlp, member: str | None) -> str:
    """Make a person; the path of their one-time link.

    Args:
        username: as the person signs in, for ever.
        name: as colleagues know the person.
        role: what the person may do.
        clearance: the strictest marking the person may read.
        member: the id of a member; None means the one that runs the installation.

    Raises:
        UsageError: the member is unknown, or the user name is not one or is taken.
    """
    found = _own_member() if member is None else Member.objects.filter(pk=member).first()
    if found is None:
        known = ", ".join(Member.objects.values_list("pk", flat=True))
        raise UsageError("there is no such member", where=member, remedy=f"one of: {known or settings.SITE.member}")
    try:
        person = make_person(None, username, name=name, standing=Standing(member=found, role=role, clearance=clearance))
    except NotAllowedError as error:
        raise UsageError(error.what, where=username) from None
    return give_link(None, person, timezone.now())


def link_for(username: str) -> str:
    """The path of a new one-time link for a person.

    Raises:
        UsageError: there is no such person, or they may not sign in.
    """
    person = _known(username)
    try:
        return give_link(None, person, timezone.now())
    except NotAllowedError as error:
        raise UsageError(error.what, where=username) from None


def forget_second_step_of(username: str) -> int:
    """Remove all authenticators and recovery codes of a person; it ends all sessions and tokens of the person.

    Returns:
        How many there were.

    Raises:
        UsageError: there is no such person.
    """
    return forget_second_step(None, _known(username))


def _known(username: str) -> Person:
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise UsageError("nobody has this user name", where=username)
    return person


def _first_administrator(standing: Standing) -> Person:
    """A new one, by a user name that nobody has: who had the first may be no administrator any more."""
    ends = chain([""], (f"-{number}" for number in count(2)))
    free = next(each for each in ends if not Person.objects.filter(username=FIRST + each).exists())
    return make_person(None, FIRST + free, name="Administrator" + free.replace("-", " "), standing=standing)


def _own_member() -> Member:
    own: str = settings.SITE.member
    return Member.objects.filter(pk=own).first() or make_member(None, own, settings.SITE.member_name)
