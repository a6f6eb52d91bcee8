"""What administrators do to accounts, and what they may not: no one raises anyone above themselves, nor themselves.

An administrator looks after the persons of their own member: approvals count by member, and who gives a link can act as
the person. Persons of other members are made on the machine. Every act is in the journal, in the transaction that does
it. `by` is the administrator, or None for whoever runs the installation and works on its command line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import BongsuError
from bongsu.web.accounts.models import Member, OneTimeLink, Person
from bongsu.web.accounts.notes import note
from bongsu.web.accounts.tokens import revoke_all
from bongsu.web.record import journal


class NotAllowedError(BongsuError):
    """An administrator may not do this, or it cannot be done; the sentence is in the language of the one who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an administrator decides of a person.

    Args:
        member: the member the person is of.
        role: what the person may do.
        clearance: the strictest marking the person may read.
    """

    member: Member
    role: Role
    clearance: Tlp

    @classmethod
    def of(cls, person: Person) -> Standing:
        """The standing a person has."""
        return cls(member=person.member, role=person.role_held, clearance=Tlp(person.clearance))

    def record(self) -> dict[str, JsonValue]:
        """As the journal has it."""
        return {"member": self.member.id, "role": self.role.value, "clearance": self.clearance.label}


def make_member(by: Person | None, member_id: str, name: str) -> Member:
    """A new member of the coalition.

    Raises:
        NotAllowedError: the id is not one, or is taken.
    """
    member = Member(id=member_id, name=name)
    with journal.writing(), _in_one_sentence():
        member.full_clean()
        member.save(force_insert=True)
        note("member.made", by=by, about=member.id, body={"name": name})
    return member


def make_person(by: Person | None, username: str, *, name: str, standing: Standing) -> Person:
    """A new person, who comes in by a one-time link.

    Raises:
        NotAllowedError: the user name is not one, or is taken; the clearance is above the administrator's own, or the
            member another.
    """
    _reach(by, standing)
    with journal.writing(), _in_one_sentence():
        person = Person.objects.make(
            username, member=standing.member, role=standing.role, clearance=standing.clearance, name=name
        )
        note("account.made", by=by, about=person, body=standing.record())
    return person


def change_standing(by: Person | None, person: Person, standing: Standing) -> bool:
    """Give a person another member, role or clearance; it ends all sessions and unused links of the person.

    A link that someone gave to a lower standing opens no higher one.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowedError: it is the administrator's own account; or the person's member, now or then, is another than the
            administrator's, or the clearance above it; or it would leave no administrator who may sign in.
    """
    with _touching(by, person):
        _reach(by, standing)
        before = Standing.of(person)
        if before == standing:
            return False
        if standing.role is not Role.ADMINISTRATOR:
            _one_is_left_beside(person)
        person.member, person.role, person.clearance = standing.member, standing.role.value, int(standing.clearance)
        _end_sessions(person, "member", "role", "clearance")
        OneTimeLink.objects.filter(person=person, used_at=None).delete()
        body: dict[str, JsonValue] = {"before": before.record(), "after": standing.record()}
        note("account.changed", by=by, about=person, body=body)
    return True


def stop(by: Person | None, person: Person) -> None:
    """Let a person sign in no more: sessions, links and tokens end. Nothing is deleted of what they did.

    It gives no way in: any administrator can do it, to a person of any member and with any clearance.

    Raises:
        NotAllowedError: it is the administrator's own account, or that of the last administrator who may sign in.
    """
    if by == person:
        raise NotAllowedError(_("You cannot stop your own account."))
    with journal.writing():
        _refresh(by, person)
        _one_is_left_beside(person)
        person.is_active = False
        _end_sessions(person, "is_active")
        OneTimeLink.objects.filter(person=person, used_at=None).delete()
        note("account.stopped", by=by, about=person)
        revoke_all(by, person, timezone.now())


def admit(by: Person | None, person: Person) -> None:
    """Let a person sign in again who was stopped.

    Raises:
        NotAllowedError: the person is of another member, or their clearance is above the administrator's.
    """
    with _touching(by, person):
        person.is_active = True
        person.save(update_fields=["is_active"])
        note("account.changed", by=by, about=person, body={"changed": ["may_sign_in"]})


def give_link(by: Person | None, person: Person, now: datetime) -> str:
    """The path of a new one-time link, which is shown once and kept nowhere; earlier ones end with it.

    Who holds the link signs in as the person: nobody gives one for another member, or for a clearance above their own.

    Raises:
        NotAllowedError: the person is stopped or of another member, or their clearance is above the administrator's.
    """
    with _touching(by, person):
        if not person.is_active:
            raise NotAllowedError(_("This person may not sign in. Let them sign in again first."))
        secret = OneTimeLink.issue(person, now)
        note("link.given", by=by, about=person, at=now)
    return f"/welcome/{secret}/"


def forget_second_step(by: Person | None, person: Person) -> int:
    """Remove all authenticators of a person who lost them; it ends all sessions and tokens of the person.

    Returns:
        How many there were.

    Raises:
        NotAllowedError: it is the administrator's own account, or the person is of another member, or their clearance
            is above the administrator's.
    """
    with _touching(by, person):
        held = Authenticator.objects.filter(user=person)
        types: list[JsonValue] = [str(kind) for kind in held.order_by("type").values_list("type", flat=True)]
        if types:
            held.delete()
            _end_sessions(person)
            note("mfa.removed", by=by, about=person, body={"types": types})
            revoke_all(by, person, timezone.now())
    return len(types)


def may_touch(by: Person, person: Person) -> bool:
    """Whether an administrator may change a person, or give a link for one."""
    return by != person and person.member_id == by.member_id and person.clearance <= by.clearance


@contextmanager
def _touching(by: Person | None, person: Person) -> Iterator[None]:
    """A transaction that changes a person as both stand in that moment, whoever changed them since they were read.

    Raises:
        NotAllowedError: the administrator may not touch the person.
    """
    with journal.writing():
        _refresh(by, person)
        _may_touch(by, person)
        yield


def _refresh(by: Person | None, person: Person) -> None:
    """Look at both as they stand now.

    Raises:
        NotAllowedError: who acts is no administrator any more, or may not sign in.
    """
    for each in (by, person):
        if each is not None:
            each.refresh_from_db()
    if by is not None and not (by.is_active and by.role_held is Role.ADMINISTRATOR):
        raise NotAllowedError(_("You are no administrator any more."))


def _one_is_left_beside(person: Person) -> None:
    """Refuse what would leave nobody who lets others in.

    Raises:
        NotAllowedError: the person is the last administrator who may sign in.
    """
    may = Person.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True)
    if may.filter(pk=person.pk).exists() and not may.exclude(pk=person.pk).exists():
        raise NotAllowedError(_("This is the last administrator who may sign in. Make another one first."))


def _may_touch(by: Person | None, person: Person) -> None:
    if by is None or may_touch(by, person):
        return
    if by == person:
        raise NotAllowedError(_("You cannot change your own account here; another administrator can."))
    if by.member_id != person.member_id:
        raise NotAllowedError(_("This person is of another member. An administrator of that member can do this."))
    raise NotAllowedError(
        _("The clearance of this person is above your own. An administrator with the same clearance can do this.")
    )


def _reach(by: Person | None, standing: Standing) -> None:
    if by is None:
        return
    if standing.member.id != by.member_id:
        raise NotAllowedError(_("You cannot make anyone a person of another member. That is done on the machine."))
    if standing.clearance > by.clearance:
        raise NotAllowedError(_("You cannot give a clearance above your own, which is %s.") % Tlp(by.clearance).label)


def _end_sessions(person: Person, *changed: str) -> None:
    if changed:
        person.save(update_fields=changed)
    person.end_sessions()


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """What Django says of several fields, as one sentence."""
    try:
        yield
    except ValidationError as error:
        raise NotAllowedError(" ".join(error.messages)) from None
