"""The journal in the database: entries are added in the transaction of what they tell of, and never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.utils import timezone

from bongsu.cases import codec, journal
from bongsu.cases.acts import Act
from bongsu.cases.journal import Damage
from bongsu.cases.model import Person as Actor
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.chain import EMPTY, Anchor
from bongsu.kernel.errors import UsageError
from bongsu.web.accounts.models import Person
from bongsu.web.record import heads
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


def still_here(person: Person) -> bool:
    """Read a person anew, inside `writing`: role, member and clearance are those of this moment.

    Returns:
        Whether the person may still sign in.
    """
    person.refresh_from_db()
    return person.is_active


def append(
    kind: str, *, by: str, subject: str = "", body: Mapping[str, JsonValue] | None = None, at: datetime | None = None
) -> Entry:
    """Add an entry that is no act; inside `writing`, so that it stands or falls with what it tells of.

    Args:
        kind: what happened: `access.refused`, `account.changed`, `export`, ...
        by: who did it: a user name, or `-` where nobody is known.
        subject: what it was about: an id, a user name.
        body: what an auditor needs; never a secret.
        at: when; now, to the second, where it is not given.
    """
    person = None if by == NOBODY else Person.objects.filter(username=by).first()
    entry = journal.following(
        head(),
        kind=kind,
        body={**(body or {}), "subject": subject} if subject else dict(body or {}),
        by=None if person is None else person.actor,
        at=at or timezone.now(),
    )
    return _add(entry)


def append_act(case: str, act: Act, *, by: Actor, at: datetime) -> Entry:
    """Add the entry of an act; inside `writing`, with the case it makes.

    Args:
        case: the id of the case, also of one the act opens.
        act: what was done.
        by: by whom.
        at: when.
    """
    return _add(journal.act_entry(head(), case, act, by, at))


def head() -> Anchor:
    """The number and digest of the last entry."""
    last = Entry.objects.order_by("-number").values_list("number", "digest").first()
    return EMPTY if last is None else Anchor(*last)


def entries(using: str = DEFAULT_DB_ALIAS) -> Iterator[journal.Entry | Damage]:
    """All entries in their order, and a damage in the place of each row that is not as it was written.

    Args:
        using: the database, by its name in Django's settings.
    """
    return map(entry_of, Entry.objects.using(using).order_by("number").iterator(chunk_size=2000))


def entry_of(row: Entry) -> journal.Entry | Damage:
    """The entry that a row holds, or what is wrong with the row."""
    try:
        entry = journal.Entry(
            number=row.number,
            previous=row.previous,
            at=row.at,
            by=None if row.actor is None else codec.value_of(Actor, row.actor, "actor"),
            kind=row.kind,
            body=row.body,
        )
        sound = row.digest == entry.digest and (row.by, row.subject) == (_name(entry), _subject(entry))
    except (AttributeError, TypeError, ValueError, UsageError) as error:
        return Damage(kind="unreadable", number=row.number, what=f"not an entry: {error}")
    return (
        entry if sound else Damage(kind="unreadable", number=row.number, what="changed: its digest is of other content")
    )


def _add(entry: journal.Entry) -> Entry:
    row = Entry.objects.create(
        number=entry.number,
        previous=entry.previous,
        digest=entry.digest,
        at=entry.at,
        by=_name(entry),
        actor=None if entry.by is None else codec.record(entry.by),
        kind=entry.kind,
        subject=_subject(entry),
        body=entry.body,
    )
    transaction.on_commit(partial(heads.note_daily, settings.FOLDER, entry.anchor, entry.at), robust=True)
    return row


def _name(entry: journal.Entry) -> str:
    return NOBODY if entry.by is None else entry.by.id


def _subject(entry: journal.Entry) -> str:
    subject = entry.body.get("subject") or entry.body.get("case") or ""
    return subject if isinstance(subject, str) else ""
