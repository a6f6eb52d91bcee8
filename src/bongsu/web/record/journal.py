"""The journal in the database: entries are added in the transaction of what they tell of, and never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from bongsu.cases import codec, journal
from bongsu.cases.acts import Act
from bongsu.cases.model import Person as Actor
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.chain import EMPTY, Anchor
from bongsu.web.accounts.models import Person
from bongsu.web.record.models import Entry

NOBODY: Final = "-"
# An arbitrary number that PostgreSQL's advisory lock knows the journal by: "bong" in ASCII.
_LOCK: Final = 0x626F6E67


@contextmanager
def writing() -> Iterator[None]:
    """A transaction in which no other process adds to the journal.

    SQLite begins it with the lock (`transaction_mode` IMMEDIATE); PostgreSQL takes one that ends with it.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def append(
    kind: str, *, by: str, subject: str = "", body: Mapping[str, JsonValue] | None = None, at: datetime | None = None
) -> Entry:
    """Add an entry that is no act of casework; inside `writing`, so that it stands or falls with what it tells of.

    Args:
        kind: what happened: `access.refused`, `account.changed`, `export`, ...
        by: who did it: a user name, or `-` where nobody is known.
        subject: what it was about: a user name, a digest, the id of a case.
        body: what an auditor needs; never a secret.
        at: when; now, to the second, where it is not given.
    """
    person = Person.objects.filter(username=by).first()
    told: dict[str, JsonValue] = {**(body or {}), **({"subject": subject} if subject else {})}
    return _kept(
        journal.following(
            head(),
            kind=kind,
            body=told,
            by=None if person is None else person.actor,
            at=(at or timezone.now()).replace(microsecond=0),
        ),
        subject,
    )


def append_act(case_id: str, act: Act, *, by: Actor, at: datetime) -> Entry:
    """Add the entry of an act on a case, also of the one that opens it; inside `writing`."""
    return _kept(journal.act_entry(head(), case_id, act, by, at), case_id)


def head() -> Anchor:
    """The number and digest of the last entry."""
    last = Entry.objects.order_by("-number").values_list("number", "digest").first()
    return EMPTY if last is None else Anchor(*last)


def entry_of(row: Entry) -> journal.Entry:
    """The entry that a row holds."""
    return journal.Entry(
        number=row.number,
        previous=row.previous,
        at=row.at,
        by=None if row.actor is None else codec.value_of(Actor, row.actor),
        kind=row.kind,
        body=row.body,
    )


def entries() -> Iterator[journal.Entry]:
    """All entries in their order."""
    return (entry_of(row) for row in Entry.objects.order_by("number").iterator(chunk_size=2000))


def _kept(entry: journal.Entry, subject: str) -> Entry:
    return Entry.objects.create(
        number=entry.number,
        previous=entry.previous,
        digest=entry.digest,
        at=entry.at,
        by=NOBODY if entry.by is None else entry.by.id,
        actor=None if entry.by is None else codec.record(entry.by),
        kind=entry.kind,
        subject=subject,
        body=entry.body,
    )
