"""Guards of the journal: the database itself adds only the next entry, and refuses to change one or take one away.

They stop mistakes and programs that go past `record.journal`. Who owns the database can take them down: what was done
then is seen by the chain and by the heads kept elsewhere (`bongsu site verify`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

# Before the insertion, since SQLite's REPLACE takes rows away without asking a trigger for deletions.
_SQLITE: Final = (
    """CREATE TRIGGER record_entry_next BEFORE INSERT ON record_entry
        WHEN new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM record_entry)
          OR new.previous IS NOT coalesce(
              (SELECT digest FROM record_entry ORDER BY number DESC LIMIT 1), printf('%064d', 0))
        BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END""",
    """CREATE TRIGGER record_entry_kept BEFORE UPDATE ON record_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END""",
    """CREATE TRIGGER record_entry_stays BEFORE DELETE ON record_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END""",
)
_SQLITE_AWAY: Final = (
    "DROP TRIGGER record_entry_next",
    "DROP TRIGGER record_entry_kept",
    "DROP TRIGGER record_entry_stays",
)
_POSTGRESQL: Final = (
    """CREATE FUNCTION record_entry_next() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE last record;
        BEGIN
            SELECT number, digest INTO last FROM record_entry ORDER BY number DESC LIMIT 1;
            IF new.number IS DISTINCT FROM coalesce(last.number, 0) + 1
                OR new.previous IS DISTINCT FROM coalesce(last.digest, repeat('0', 64)) THEN
                RAISE EXCEPTION 'the journal is only ever added to' USING ERRCODE = '23000';
            END IF;
            RETURN new;
        END $$""",
    """CREATE FUNCTION record_entry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the journal is only ever added to' USING ERRCODE = '23000'; END $$""",
    """CREATE TRIGGER record_entry_next BEFORE INSERT ON record_entry
        FOR EACH ROW EXECUTE FUNCTION record_entry_next()""",
    """CREATE TRIGGER record_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON record_entry
        FOR EACH STATEMENT EXECUTE FUNCTION record_entry_kept()""",
)
_POSTGRESQL_AWAY: Final = (
    "DROP TRIGGER record_entry_next ON record_entry",
    "DROP FUNCTION record_entry_next()",
    "DROP TRIGGER record_entry_kept ON record_entry",
    "DROP FUNCTION record_entry_kept()",
)


def up(connection: Any) -> None:  # Any: Django's connection
    """Put the guards up."""
    _run(connection, _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)


def down(connection: Any) -> None:  # Any: Django's connection
    """Take the guards down: for a migration that makes the table anew, and for tests."""
    _run(connection, _SQLITE_AWAY if connection.vendor == "sqlite" else _POSTGRESQL_AWAY)


def make(_apps: object, editor: Any) -> None:  # Any: Django's schema editor
    """Put the guards up, as a step of a migration."""
    up(editor.connection)


def remove(_apps: object, editor: Any) -> None:  # Any: Django's schema editor
    """Take the guards down, as a step of a migration."""
    down(editor.connection)


def _run(connection: Any, statements: Iterable[str]) -> None:  # Any: Django's connection
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
