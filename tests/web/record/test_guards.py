"""Guards: the database itself refuses to change the journal, whoever asks it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from bongsu.kernel.chain import Anchor
from bongsu.web.record import journal
from bongsu.web.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_entries() -> list[Entry]:
    with journal.writing():
        return [journal.append("account.changed", by="-", subject=f"sandbox{number}") for number in range(3)]


CHANGES = [
    "UPDATE record_entry SET kind = 'other' WHERE number = 2",
    "UPDATE record_entry SET digest = digest",
    "DELETE FROM record_entry WHERE number = 3",
    "DELETE FROM record_entry",
    "INSERT INTO record_entry SELECT * FROM record_entry WHERE number = 2",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO record_entry SELECT * FROM record_entry WHERE number = 2",
    "REPLACE INTO record_entry SELECT * FROM record_entry WHERE number = 3",
    "UPDATE OR REPLACE record_entry SET number = 1 WHERE number = 2",
]
ON_POSTGRESQL = [
    "TRUNCATE record_entry",
    "WITH gone AS (DELETE FROM record_entry RETURNING 1) SELECT count(*) FROM gone",
    "INSERT INTO record_entry SELECT * FROM record_entry ON CONFLICT (number) DO UPDATE SET kind = 'x'",
]


@pytest.mark.parametrize("statement", [*CHANGES, *(ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)])
def test_the_database_refuses_to_change_the_journal(three_entries: list[Entry], statement: str) -> None:
    before = list(Entry.objects.values_list())
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.values_list()) == before


def test_django_s_own_ways_are_refused_too(three_entries: list[Entry]) -> None:
    entry = three_entries[1]
    for change in (entry.delete, entry.save, Entry.objects.all().delete, lambda: Entry.objects.update(by="other")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert journal.head() == Anchor(3, three_entries[2].digest)


def test_an_entry_that_follows_another_than_the_last_is_refused(three_entries: list[Entry]) -> None:
    first = three_entries[0]
    for number, previous in ((4, first.digest), (2, first.digest), (5, three_entries[2].digest), (0, "0" * 64)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.create(
                number=number, previous=previous, digest=f"{number:064}", at=first.at, by="-", kind="fork"
            )
    with journal.writing():
        assert journal.append("export", by="-").number == 4
