"""Whom a file that came in names: suggestions for a person to look at, taken from FollowTheMoney, STIX, GeoJSON or CSV.

Nothing here is a fact and nothing is kept: the file is an exhibit, and a person adds a subject or does not.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any, Final

from bongsu.cases.model import CaseSubject
from bongsu.kernel.canonical import digest
from bongsu.web.exchange.stix import SUBJECT_EXTENSION

MOST_READ_BYTES: Final = 4 * 2**20
#: So many values of JSON or cells of a table are looked at; 500 subjects, the most that are suggested, take fewer.
MOST_VALUES: Final = 100_000
_BETWEEN_VALUES: Final = ("[", "{", ",", ":")
_MOST: Final = 500
_MOST_COLUMNS: Final = 200
_LONGEST_NAME: Final = 300
_IMO: Final = re.compile(r"(?:IMO)?[ :]?([0-9]{7})")
_CLASSES: Final = {"individual": "Person", "organization": "Organization", "group": "Organization"}
_NAME_COLUMNS: Final = ("name", "caption", "vessel_name", "ship_name")
_UNKNOWN: Final = "LegalEntity"
# The schemata of who and what can be a subject.
_SUBJECTS: Final = frozenset({"Person", "Company", "Organization", "PublicBody", _UNKNOWN, "Vessel", "Airplane"})


def suggested_subjects(content: bytes) -> tuple[CaseSubject, ...]:
    """Whom a file names; empty where it is in none of the forms, broken, or of too many bytes or values.

    Returns:
        At most 500, each once, in the order of the file. Their ids begin with `import:`.
    """
    if len(content) > MOST_READ_BYTES:
        return ()
    try:
        text = content.decode("utf-8-sig")
        found = list(islice(_named(text), _MOST))
    except (ValueError, RecursionError, csv.Error):
        return ()
    return tuple({subject.id: subject for subject in found}.values())


def _named(text: str) -> Iterator[CaseSubject]:
    begin = text.lstrip()[:1]
    if begin not in {"{", "["}:
        yield from _from_csv(text)
        return
    if _values(text) > MOST_VALUES:
        yield from _from_lines(text)
        return
    try:
        value = json.loads(text)
    except ValueError:
        yield from _from_lines(text)
        return
    yield from _from_json(value)


def _from_lines(text: str) -> Iterator[CaseSubject]:
    """Whom records name that stand one on a line, as far as is looked."""
    left = MOST_VALUES
    for line in io.StringIO(text):
        left -= 1 + _values(line)
        if left < 0:
            return
        if line.strip():
            yield from _from_json(json.loads(line))


def _values(text: str) -> int:
    return sum(map(text.count, _BETWEEN_VALUES))


def _from_json(value: object) -> Iterator[CaseSubject]:
    match value:
        case list():
            for each in value:
                yield from _from_json(each)
        case {"type": "bundle", "objects": list(objects)}:
            for each in objects:
                yield from _from_stix(each)
        case {"type": "FeatureCollection", "features": list(features)}:
            for each in features:
                yield from _from_json(each)
        case {"type": "Feature", "properties": dict(properties)}:
            yield from _from_columns({str(name): _text(value) for name, value in properties.items()})
        case {"schema": str(schema), "properties": dict(properties)}:
            yield from _from_ftm(schema, properties)


def _from_stix(value: object) -> Iterator[CaseSubject]:
    match value:
        case {"type": "identity", "name": str(name), "extensions": {**extensions}} if SUBJECT_EXTENSION in extensions:
            ours = extensions[SUBJECT_EXTENSION]
            if isinstance(ours, dict):
                numbers = ours.get("identifiers")
                yield from _subject(name, str(ours.get("ftm_schema", "")), numbers if isinstance(numbers, list) else [])
        case {"type": "identity", "name": str(name), "identity_class": str(kind)}:
            yield from _subject(name, _CLASSES.get(kind, _UNKNOWN), [])


def _from_ftm(schema: str, properties: Mapping[str, Any]) -> Iterator[CaseSubject]:  # Any: JSON of others
    if schema not in _SUBJECTS:
        return
    names, numbers = properties.get("name"), properties.get("imoNumber")
    if isinstance(names, list) and names and isinstance(names[0], str):
        imo = [f"imo:{each}" for each in numbers if isinstance(each, str)] if isinstance(numbers, list) else []
        yield from _subject(names[0], schema, imo)


def _from_csv(text: str) -> Iterator[CaseSubject]:
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    header = next(rows, [])[:_MOST_COLUMNS]
    for row in islice(rows, MOST_VALUES // max(1, len(header))):
        yield from _from_columns(dict(zip_longest(header, row[: len(header)], fillvalue="")))


def _from_columns(row: Mapping[str, str]) -> Iterator[CaseSubject]:
    """Whom a row of a table or the properties of a feature name, whatever the case of the columns' names."""
    cells = {name.strip().lower(): text.strip() for name, text in row.items()}
    column = next((name for name in _NAME_COLUMNS if name in cells), None)
    if column is None:
        return
    imo = cells.get("imo") or cells.get("imo_number") or ""
    schema = (cells.get("schema") or cells.get("type") or "").title()
    kind = schema if schema in _SUBJECTS else "Vessel" if imo else _UNKNOWN
    yield from _subject(cells[column], kind, [f"imo:{imo}"] if imo else [])


def _text(value: object) -> str:
    """A cell's text, or a number as it is written; anything else names nobody."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _subject(name: str, schema: str, numbers: list[Any]) -> Iterator[CaseSubject]:  # Any: JSON of others
    printed = " ".join("".join(each if each.isprintable() else " " for each in name).split())[:_LONGEST_NAME]
    if not printed:
        return
    known = schema if schema in _SUBJECTS else _UNKNOWN
    imos = (_IMO.fullmatch(str(each).removeprefix("imo:").strip()) for each in numbers[:20])
    identifiers = frozenset(f"imo:{match[1]}" for match in imos if match)
    key = digest(f"{known}\n{printed}\n{sorted(identifiers)}".encode())[:16]
    yield CaseSubject(id=f"import:{key}", schema=known, name=printed, identifiers=identifiers)
