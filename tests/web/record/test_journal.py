"""The journal under many writers, under kill -9, and under hands that go past it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from bongsu.cases.journal import verify
from bongsu.kernel.chain import EMPTY
from bongsu.web.record import guards, journal
from bongsu.web.record.models import Entry

WRITER = """
from bongsu.web.record import journal
for number in range({count}):
    with journal.writing():
        journal.append("sandbox.written", by="-", subject="writer{writer}", body={{"number": number}})
    {after}
"""
# One process that is ready, and is then eight: each opens a connection of its own.
EIGHT = """
import os
children = []
for writer in range(8):
    child = os.fork()
    if child == 0:
        from bongsu.web.record import journal
        for number in range(150):
            with journal.writing():
                journal.append("sandbox.written", by="-", subject=f"writer{writer}", body={"number": number})
        os._exit(0)
    children.append(child)
print([os.waitpid(child, 0)[1] for child in children])
"""
LOOK = """
import json
from bongsu.cases.journal import Damage, verify
from bongsu.web.record import journal
entries = list(journal.entries())
verified = verify(entries)
assert not isinstance(verified, tuple) or hasattr(verified, "seq"), verified
written = [[entry.body["subject"], entry.body["number"]] for entry in entries]
print(json.dumps({"head": verified.seq, "written": written}))
"""


def test_eight_processes_that_write_at_once_lose_nothing_and_make_one_chain(own_site: Callable[[], Any]) -> None:
    site = own_site()
    assert json.loads(site.python(EIGHT)) == [0] * 8
    told = json.loads(site.python(LOOK))
    assert told["head"] == len(told["written"]) == 1200
    for number in range(8):
        of_one = [count for subject, count in told["written"] if subject == f"writer{number}"]
        assert of_one == list(range(150))


def test_a_writer_that_is_killed_leaves_a_whole_chain_and_all_it_had_said_was_written(
    own_site: Callable[[], Any],
) -> None:
    site = own_site()
    said = []
    for number, after in enumerate((1, 7, 40)):
        writer = site.begun(WRITER.format(count=100_000, writer=number, after="print(number, flush=True)"))
        lines = [int(writer.stdout.readline()) for _ in range(after)]
        writer.kill()
        rest, _ = writer.communicate()
        # A last line may have been cut by the kill.
        said.append(max([*lines, *(int(line) for line in rest.split("\n")[:-1])]))
    told = json.loads(site.python(LOOK))
    for number, last in enumerate(said):
        of_one = [count for subject, count in told["written"] if subject == f"writer{number}"]
        assert of_one == list(range(len(of_one)))
        assert len(of_one) - (last + 1) in {0, 1}  # one more may have been written and not yet said
    site.python(WRITER.format(count=1, writer="after", after=""))
    assert json.loads(site.python(LOOK))["head"] == told["head"] + 1


@pytest.mark.django_db
class TestRows:
    """Rows as they are read back, and rows that were changed with the guards taken down."""

    @pytest.fixture(autouse=True)
    def _entries(self, person: Callable[..., Any]) -> None:
        with journal.writing():
            for number in range(5):
                journal.append(
                    "export", by=person().username, subject=f"sandbox{number}", body={"rows": number, "share": 0.1}
                )

    def test_an_entry_comes_back_as_it_was_written(self) -> None:
        entries = list(journal.entries())
        assert verify(entries) == journal.head()
        assert [entry.by.id for entry in entries] == ["analyst1-alpha"] * 5
        assert list(Entry.objects.filter(subject="sandbox3").values_list("number", flat=True)) == [4]

    def test_before_the_first_entry_the_head_is_that_of_nothing(self) -> None:
        _past_the_guards("DELETE FROM record_entry")
        assert journal.head() == EMPTY
        with journal.writing():
            first = journal.append("export", by="-", at=datetime(2026, 11, 24, 6, 0, 0, 999, tzinfo=UTC))
        assert (first.number, first.previous, first.by, first.at.microsecond) == (1, EMPTY.digest, "-", 0)

    @pytest.mark.parametrize(
        ("change", "kinds"),
        [
            ("UPDATE record_entry SET kind = 'import' WHERE number = 3", {"unreadable"}),
            ("UPDATE record_entry SET kind = 'import' WHERE number = 5", {"unreadable"}),
            ("UPDATE record_entry SET subject = 'another' WHERE number = 2", {"unreadable"}),
            ("UPDATE record_entry SET \"by\" = 'another' WHERE number = 2", {"unreadable"}),
            ("UPDATE record_entry SET actor = NULL WHERE number = 2", {"unreadable"}),
            ("UPDATE record_entry SET actor = '[]' WHERE number = 2", {"unreadable"}),
            ("UPDATE record_entry SET body = '{}' WHERE number = 4", {"unreadable"}),
            ("UPDATE record_entry SET body = '3' WHERE number = 4", {"unreadable"}),
            ("UPDATE record_entry SET at = '2020-01-01 00:00:00+00:00' WHERE number = 4", {"unreadable"}),
            ("DELETE FROM record_entry WHERE number = 2", {"gap"}),
            ("DELETE FROM record_entry WHERE number = 5", {"cut"}),
            ("UPDATE record_entry SET number = 9 WHERE number = 5", {"unreadable", "cut"}),
        ],
    )
    def test_every_change_is_seen(self, change: str, kinds: set[str]) -> None:
        head = journal.head()
        _past_the_guards(change)
        damages = verify(journal.entries(), [head])
        assert isinstance(damages, tuple)
        assert {damage.kind for damage in damages} >= kinds


def _past_the_guards(statement: str) -> None:
    guards.down(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    guards.up(connection)
