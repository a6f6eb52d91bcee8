"""The index of the search, in the same database as what it finds and kept by the database in the same transaction.

SQLite: an FTS5 table over the rows, which holds no text of its own. PostgreSQL: two generated columns under GIN.
"""

from __future__ import annotations

from typing import Any, Final

# The tokens are made by `record.tokens`: the databases only part them at blanks. `filed` is the kind of a row and its
# handling, so that the index alone counts what someone may read: going through 28,000 rows for that took 45 ms.
_SQLITE: Final = (
    "ALTER TABLE record_searchtext ADD COLUMN filed TEXT GENERATED ALWAYS AS (kind || ' h' || handling_id) VIRTUAL",
    "CREATE VIRTUAL TABLE record_search USING fts5("
    "title_words, words, filed, content='record_searchtext', content_rowid='id', tokenize='ascii')",
    """CREATE TRIGGER record_search_added AFTER INSERT ON record_searchtext BEGIN
        INSERT INTO record_search(rowid, title_words, words, filed)
        VALUES (new.id, new.title_words, new.words, new.filed); END""",
    """CREATE TRIGGER record_search_removed AFTER DELETE ON record_searchtext BEGIN
        INSERT INTO record_search(record_search, rowid, title_words, words, filed)
        VALUES ('delete', old.id, old.title_words, old.words, old.filed); END""",
    """CREATE TRIGGER record_search_changed AFTER UPDATE ON record_searchtext BEGIN
        INSERT INTO record_search(record_search, rowid, title_words, words, filed)
        VALUES ('delete', old.id, old.title_words, old.words, old.filed);
        INSERT INTO record_search(rowid, title_words, words, filed)
        VALUES (new.id, new.title_words, new.words, new.filed); END""",
    "INSERT INTO record_search(record_search) VALUES ('rebuild')",
)
_SQLITE_AWAY: Final = (
    "DROP TRIGGER record_search_added",
    "DROP TRIGGER record_search_removed",
    "DROP TRIGGER record_search_changed",
    "DROP TABLE record_search",
)
# fastupdate would keep new rows in a list that every question reads through.
_POSTGRESQL: Final = tuple(
    statement
    for column in ("title_words", "words")
    for statement in (
        f"ALTER TABLE record_searchtext ADD COLUMN {column}_vector tsvector "
        f"GENERATED ALWAYS AS (to_tsvector('simple', {column})) STORED",
        f"CREATE INDEX record_searchtext_{column}_gin ON record_searchtext USING gin ({column}_vector) "
        "WITH (fastupdate = off)",
    )
)
_POSTGRESQL_AWAY: Final = (
    "ALTER TABLE record_searchtext DROP COLUMN title_words_vector",
    "ALTER TABLE record_searchtext DROP COLUMN words_vector",
)


def make(_apps: object, editor: Any) -> None:  # Any: Django's schema editor
    """Make the index of the rows that are there, and what keeps it."""
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


def remove(_apps: object, editor: Any) -> None:  # Any: Django's schema editor
    """Take the index away."""
    for statement in _SQLITE_AWAY if editor.connection.vendor == "sqlite" else _POSTGRESQL_AWAY:
        editor.execute(statement)
