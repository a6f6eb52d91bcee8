"""Guards of the journal: the database itself adds only the next entry, and refuses to change one or take one away.

They stop mistakes and programs that go past `record.journal`. Who owns the database can take them down: what was done
then is seen by the chain and by the heads kept elsewhere (`bongsu site verify`).
"""

from __future__ import annotations

from typing import Any, Final

_ENTRIES: Final = "record_entry"
_SAID: Final = "the journal is only ever added to"
_ZEROS: Final = "0" * 64
# Before the insertion, since SQLite's REPLACE takes rows away without asking a trigger for deletions.
_SQLITE: Final = (
    f"""CREATE TRIGGER {_ENTRIES}_next BEFORE INSERT ON {_ENTRIES}
        WHEN new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM {_ENTRIES})
          OR new.previous IS NOT coalesce(
              (SELECT digest FROM {_ENTRIES} ORDER BY number DESC LIMIT 1), '{_ZEROS}')
        BEGIN SELECT RAISE(ABORT, '{_SAID}'); END""",
    f"""CREATE TRIGGER {_ENTRIES}_kept BEFORE UPDATE ON {_ENTRIES}
        BEGIN SELECT RAISE(ABORT, '{_SAID}'); END""",
    f"""CREATE TRIGGER {_ENTRIES}_stays BEFORE DELETE ON {_ENTRIES}
        BEGIN SELECT RAISE(ABORT, '{_SAID}'); END""",
)
_SQLITE_AWAY: Final = tuple(f"DROP TRIGGER {_ENTRIES}_{what}" for what in ("next", "kept", "stays"))
# The names are whole, so that a search path of someone's own leads nowhere else.
_POSTGRESQL: Final = (
    f"""CREATE FUNCTION {_ENTRIES}_next() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE last record;
        BEGIN
            SELECT number, digest INTO last FROM {_ENTRIES} ORDER BY number DESC LIMIT 1;
            IF new.number IS DISTINCT FROM coalesce(last.number, 0) + 1
                OR new.previous IS DISTINCT FROM coalesce(last.digest, '{_ZEROS}') THEN
                RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN new;
        END $$""",
    f"""CREATE FUNCTION {_ENTRIES}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE TRIGGER {_ENTRIES}_next BEFORE INSERT ON {_ENTRIES}
        FOR EACH ROW EXECUTE FUNCTION {_ENTRIES}_next()""",
    f"""CREATE TRIGGER {_ENTRIES}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {_ENTRIES}
        FOR EACH STATEMENT EXECUTE FUNCTION {_ENTRIES}_kept()""",
)
_POSTGRESQL_AWAY: Final = tuple(
    statement
    for what in ("next", "kept")
    for statement in (
        f"DROP TRIGGER {_ENTRIES}_{what} ON {_ENTRIES}",
        f"DROP FUNCTION {_ENTRIES}_{what}()",
    )
)


def make(_apps: object, editor: Any) -> None:  # Any: Django's schema editor
    """Put the guards up."""
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


def remove(_apps: object, editor: Any) -> None:  # Any: Django's schema editor
    """Take the guards down."""
    for statement in _SQLITE_AWAY if editor.connection.vendor == "sqlite" else _POSTGRESQL_AWAY:
        editor.execute(statement)
