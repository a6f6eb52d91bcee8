"""What the page of people asks the database: who is here, and what happened to an account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from bongsu.cases.words import Role
from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Member, Person
from bongsu.web.pages.people.words import ENTRY_NAMES, ROLE_NAMES
from bongsu.web.record.models import Entry

_DOOR = ("sign_in", "sign_in.failed", "sign_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an account's history.

    Args:
        kind: what happened, as the journal has it.
        name: the same in words.
        by: the user name of who did it; `-` where nobody is known.
        detail: what else the journal says, in its own words.
    """

    at: datetime
    kind: str
    name: str | Promise
    by: str
    detail: str


def persons(*, text: str = "", role: str = "", member: str = "", stopped: bool | None = None) -> QuerySet[Person]:
    """The persons that fit, by user name, each with `second_step`: whether an authenticator is set up."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=kinds)
    found = Person.objects.select_related("member").annotate(second_step=Exists(steps))
    if text:
        found = found.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if role:
        found = found.filter(role=role)
    if member:
        found = found.filter(member=member)
    return found if stopped is None else found.filter(is_active=not stopped)


def members() -> QuerySet[Member]:
    """All members, by name."""
    return Member.objects.all()


def role_name(person: Person) -> str | Promise:
    """The role in words."""
    return ROLE_NAMES[Role(person.role)]


def history(person: Person, most: int = 30) -> tuple[Line, ...]:
    """What happened to an account, the latest first."""
    return _lines(Entry.objects.filter(kind__in=ENTRY_NAMES, subject=person.username), most)


def sign_ins(person: Person, most: int = 20) -> tuple[Line, ...]:
    """When a person came in, went out and was refused, the latest first."""
    return _lines(Entry.objects.filter(kind__in=_DOOR, subject=person.username), most)


def _lines(found: QuerySet[Entry], most: int) -> tuple[Line, ...]:
    return tuple(_line(entry) for entry in found.order_by("-number")[:most])


def _line(entry: Entry) -> Line:
    return Line(
        at=entry.at,
        kind=entry.kind,
        name=ENTRY_NAMES.get(entry.kind, entry.kind),
        by=entry.by,
        detail="; ".join(_words(entry.body.items())),
    )


def _words(body: Iterable[tuple[str, JsonValue]]) -> Iterable[str]:
    for key, value in body:
        if key == "subject":  # the person whose history it is
            continue
        if isinstance(value, dict):
            yield f"{key}: {', '.join(f'{name} {held}' for name, held in value.items())}"
        elif isinstance(value, list):
            yield f"{key}: {', '.join(map(str, value))}"
        else:
            yield f"{key}: {value}"
