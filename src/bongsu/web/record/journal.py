"""The journal in the database: entries are added in the transaction of what they tell of, and never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from bongsu.cases import journal
from bongsu.kernel.canonical import JsonValue
from bongsu.web.record.models import Entry

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
    """Add an entry; inside `writing`, so that it stands or falls with what it tells of.

    Args:
        kind: what happened: an act's kind, or `access.refused`, `account.changed`, `export`, ...
        by: who did it: a user name, or `-` where nobody is known.
        subject: the id of the case, or what else it was about.
        body: what an auditor needs; never a secret.
        at: when; now, to the second, where it is not given.
    """
    moment = (at or timezone.now()).replace(microsecond=0)
    last = Entry.objects.order_by("-number").first()
    entry = journal.following(
        None if last is None else entry_of(last), at=moment, by=by, kind=kind, subject=subject, body=dict(body or {})
    )
    return Entry.objects.create(
        number=entry.number,
        previous=entry.previous,
        digest=entry.digest,
        at=entry.at,
        by=entry.by,
        kind=entry.kind,
        subject=entry.subject,
        body=entry.body,
    )


def entry_of(row: Entry) -> journal.Entry:
    """The entry that a row holds."""
    return journal.Entry(
        number=row.number,
        previous=row.previous,
        at=row.at,
        by=row.by,
        kind=row.kind,
        subject=row.subject,
        body=row.body,
    )


def entries() -> Iterator[journal.Entry]:
    """All entries in their order."""
    return (entry_of(row) for row in Entry.objects.order_by("number").iterator(chunk_size=2000))
