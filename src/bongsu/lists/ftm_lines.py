"""A list in FollowTheMoney's form as bytes: entities or statements as JSON lines, or statements as CSV."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from typing import Final

from bongsu.kernel.canonical import JsonValue, canonical_json
from bongsu.lists.ftm import Export, Value

# FollowTheMoney's own columns (followthemoney 4.11, statement/serialize.py), then ours.
COLUMNS: Final = (
    "canonical_id",
    "entity_id",
    "prop",
    "prop_type",
    "schema",
    "value",
    "dataset",
    "origin",
    "lang",
    "original_value",
    "external",
    "first_seen",
    "last_seen",
    "id",
)
OUR_COLUMNS: Final = ("printed_as", "noted_because", "rejected_because", "statement", "exhibit", "locator")
# Values of these types are in no language, and FollowTheMoney keeps none with them.
_NO_LANGUAGE: Final = frozenset(
    {"checksum", "country", "date", "email", "entity", "gender", "ip", "language", "mimetype", "phone", "topic", "url"}
)


def entity_lines(export: Export) -> Iterator[bytes]:
    """One canonical JSON line per entity, as in `entities.ftm.json`, ordered by id."""
    for entity in export.entities():
        yield canonical_json(entity) + b"\n"


def statement_lines(export: Export) -> Iterator[bytes]:
    """One canonical JSON line per statement, ordered by entity, property and value."""
    for value in export.values:
        yield canonical_json(statement_record(value, export.dataset)) + b"\n"


def statement_csv(export: Export) -> Iterator[bytes]:
    """The statements as CSV with a header, all cells quoted, lines ended by a line feed; unknown is empty."""
    yield _csv_line([*COLUMNS, *OUR_COLUMNS])
    for value in export.values:
        record = {**statement_record(value, export.dataset), "external": "f"}
        yield _csv_line(["" if record[key] is None else str(record[key]) for key in (*COLUMNS, *OUR_COLUMNS)])


def statement_record(value: Value, dataset: str) -> dict[str, JsonValue]:
    """A value as a row of FollowTheMoney's statements, with where and how the list prints it.

    Returns:
        FollowTheMoney's columns; then `printed_as` (the property the list says), `noted_because` and `rejected_because`
        (why the value is a sentence; the second where the list's value was rejected), `statement` (our own id of it),
        `exhibit` (SHA-256) and `locator`. For what is derived, `original_value` is None.
    """
    row = value.of
    lang = None if value.prop.type in _NO_LANGUAGE else row.lang
    return {
        "canonical_id": value.entity,
        "entity_id": value.entity,
        "prop": value.prop.name,
        "prop_type": value.prop.type,
        "schema": value.schema.name,
        "value": value.value,
        "dataset": dataset,
        "origin": "derived" if value.derived else "printed",
        "lang": lang,
        "original_value": None if value.derived else row.value,
        "external": False,
        "first_seen": None if value.seen is None else value.seen.first.isoformat(),
        "last_seen": None if value.seen is None else value.seen.last.isoformat(),
        "id": _key(value, dataset, lang),
        "printed_as": None if value.derived else row.prop,
        "noted_because": None if value.why is None else value.why.words or value.why.kind,
        "rejected_because": None if value.derived else row.rejected,
        "statement": None if value.derived else row.id,
        "exhibit": row.exhibit,
        "locator": row.locator,
    }


def _key(value: Value, dataset: str, lang: str | None) -> str:
    """The id that FollowTheMoney itself gives a statement, so that its tools see one as the same again."""
    key = f"{dataset}.{value.entity}.{value.prop.name}.{value.value}{'' if lang is None else f'@{lang}'}"
    return hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()


def _csv_line(cells: list[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, dialect=csv.unix_dialect).writerow(cells)
    return line.getvalue().encode()
