"""The index of the search, in the same database as what it finds and kept by the database in the same transaction.

SQLite: an FTS5 table over the rows, which holds no text of its own. PostgreSQL: two generated columns under GIN.
"""

from __future__ import annotations

from typing import Any, Final

TABLE: Final = "record_search"
_ROWS: Final = "record_searchtext"
_COLUMNS: Final = ("title_words", "words")
# The tokens are made by `record.tokens`: the databases only part them at blanks.
_SQLITE: Final = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(title_words, words, content='{_ROWS}', content_rowid='id', tokenize='ascii')",
    f"""CREATE TRIGGER {TABLE}_added AFTER INSERT ON {_ROWS} BEGIN
        INSERT INTO {TABLE}(rowid, title_words, words) VALUES (new.id, new.title_words, new.words); END""",
    f"""CREATE TRIGGER {TABLE}_removed AFTER DELETE ON {_ROWS} BEGIN
        INSERT INTO {TABLE}({TABLE}, rowid, title_words, words)
        VALUES ('delete', old.id, old.title_words, old.words); END""",
    f"""CREATE TRIGGER {TABLE}_changed AFTER UPDATE ON {_ROWS} BEGIN
        INSERT INTO {TABLE}({TABLE}, rowid, title_words, words)
        VALUES ('delete', old.id, old.title_words, old.words);
        INSERT INTO {TABLE}(rowid, title_words, words) VALUES (new.id, new.title_words, new.words); END""",
    f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')",
)
_SQLITE_AWAY: Final = (
    *(f"DROP TRIGGER {TABLE}_{what}" for what in ("added", "removed", "changed")),
    f"DROP TABLE {TABLE}",
)
_POSTGRESQL: Final = tuple(
    statement
    for column in _COLUMNS
    for statement in (
        f"ALTER TABLE {_ROWS} ADD COLUMN {column}_vector tsvector "
        f"GENERATED ALWAYS AS (to_tsvector('simple', {column})) STORED",
        f"CREATE INDEX {_ROWS}_{column}_gin ON {_ROWS} USING gin ({column}_vector)",
    )
)
_POSTGRESQL_AWAY: Final = tuple(f"ALTER TABLE {_ROWS} DROP COLUMN {column}_vector" for column in _COLUMNS)


def make(_apps: object, editor: Any) -> None:  # Any: Django's schema editor
    """Make the index of the rows that are there, and what keeps it."""
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


def remove(_apps: object, editor: Any) -> None:  # Any: Django's schema editor
    """Take the index away."""
    for statement in _SQLITE_AWAY if editor.connection.vendor == "sqlite" else _POSTGRESQL_AWAY:
        editor.execute(statement)
