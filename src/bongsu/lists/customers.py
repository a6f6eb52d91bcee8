"""A customer file: who is to be screened, read row by row from CSV, however long it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from bongsu.evidence import own_file
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cleaning import day, state
from bongsu.names import Identifier, Query
from bongsu.names.identifiers import imo
from bongsu.names.several import not_askable

# How people head the columns, in lower case; a column of another heading is not used.
_HEADED: Final = {
    "name": "name|full name|full_name|fullname|customer|customer name|customer_name|party|이름|성명|고객명|상호",
    "id": "id|customer id|customer_id|number|no|ref|reference",
    "schema": "schema|type|kind|entity type|entity_type",
    "imo": "imo|imo number|imo_number|imonumber",
    "mmsi": "mmsi",
    "passport": "passport|passport number|passport_number|passport no",
    "passport_country": "passport country|passport_country|passport issuing country|issuing country|issuing_country|"
    "issuing state|country of issue|발급국",
    "wallet": "wallet|wallet address|crypto address",
    "birth_date": "birth date|birth_date|birthdate|date of birth|date_of_birth|dob|생년월일",
}
_CALLED: Final = {
    "Person": "person|individual|natural person|p|개인",
    "Organization": "organization|organisation|company|entity|legal entity|o|e|법인",
    "Vessel": "vessel|ship|v|s|선박",
}
HEADINGS: Final = {heading: column for column, headings in _HEADED.items() for heading in headings.split("|")}
KINDS: Final = {word: kind for kind, words in _CALLED.items() for word in words.split("|")}
_DELIMITERS: Final = ",;\t|"
_SIGN: Final = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One row of a customer file.

    Args:
        row: its place in the file, from 1 and with the header.
        id: the file's own, or None.
        name: as printed.
        query: what is asked; None where the row cannot be screened.
        problem: what could not be read of it, in words, or None.
        bytes_read: how much of the file has been read with it.
    """

    row: int
    id: str | None
    name: str
    query: Query | None
    problem: str | None
    bytes_read: int

    def asked_as(self, schema: str) -> Query | None:
        """The query, about one kind only where the row itself names none."""
        return self.query if self.query is None or self.query.schema else replace(self.query, schema=schema)


def read_customers(path: Path) -> Iterator[Customer]:
    """The rows of a customer file, one by one.

    Raises:
        UsageError: the file cannot be read.
        SourceRefusedError: not UTF-8, no column for names, or garbled; with the line.
    """
    with own_file(path) as stream:
        try:
            yield from customers_of(stream)
        except SourceRefusedError as error:
            raise SourceRefusedError(error.what, where=str(path), remedy=error.remedy) from None


def customers_of(stream: BinaryIO) -> Iterator[Customer]:
    """The rows of a customer file, as `read_customers` gives them.

    The delimiter is the one of comma, semicolon, tab and `|` by which the first line falls into most known headings;
    where none is known, the one that it has most of. A file of one column without a known heading is a list of names.

    Raises:
        SourceRefusedError: not UTF-8, no column for names, or garbled; with the line.
    """
    lines = _Lines(stream)
    first = next(iter(lines), "")
    delimiter = max(_DELIMITERS, key=lambda sign: (len(_headed(_cells(first, sign))), first.count(sign)))
    reader = csv.reader(_with_first(first, lines), delimiter=delimiter, strict=True)
    row = 0
    columns: list[str | None] | None = None
    is_list = False
    try:
        for row, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = [_column(cell) for cell in cells]
                if "name" in columns:
                    continue
                if len(cells) > 1:
                    raise _headless(f"has no column for names; it has {', '.join(cells)[:200]}")
                _refuse_headings_in_one_cell(cells[0])
                columns, is_list = ["name"], True
            if is_list and any("|" in cell for cell in cells):
                raise _headless(f"holds `|` in row {row}, and no row above it heads a column of names")
            yield _customer(row, columns, cells, lines.bytes_read)
    except csv.Error as error:
        raise SourceRefusedError(
            f"is garbled in row {row + 1} or after it: {error}", where="customers", remedy="save it as CSV once more"
        ) from None
    if columns is None:
        raise SourceRefusedError("is empty", where="customers")


def _column(heading: str) -> str | None:
    """Which column a heading names; None for one that is not known."""
    return HEADINGS.get(" ".join(heading.casefold().split()))


def _headed(cells: Iterable[str]) -> set[str]:
    """The columns that some cells head."""
    return {column for cell in cells if (column := _column(cell)) is not None}


def _cells(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter)]


def _refuse_headings_in_one_cell(cell: str) -> None:
    """Refuse a first line that heads several columns, parted by what is no delimiter: its rows would be read as names.

    Raises:
        SourceRefusedError: it does.
    """
    by_signs, words = _headed(_SIGN.split(cell)), cell.split()
    by_blanks = _headed(words) if all(map(_column, words)) else set[str]()
    if max(len(by_signs), len(by_blanks)) > 1:
        raise SourceRefusedError(
            f"heads several columns in one cell: {cell.strip()[:200]}",
            where="customers",
            remedy="part the columns with commas, semicolons, tabs or `|`",
        )


def _headless(what: str) -> SourceRefusedError:
    return SourceRefusedError(what, where="customers", remedy="head the column of names with `name`")


class _Lines:
    """The lines of a file as text, and how many bytes have been read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._numbered = enumerate(stream, start=1)
        self.bytes_read = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in self._numbered:
            self.bytes_read += len(line)
            try:
                yield line.decode("utf-8-sig" if self.bytes_read == len(line) else "utf-8")
            except UnicodeDecodeError as error:
                raise SourceRefusedError(
                    f"is not UTF-8: byte 0x{line[error.start]:02x} in line {number}",
                    where="customers",
                    remedy="save it as CSV UTF-8",
                ) from None


def _with_first(first: str, rest: Iterable[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _customer(row: int, columns: list[str | None], cells: list[str], bytes_read: int) -> Customer:
    said: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is not None and cell.strip():
            said.setdefault(column, cell.strip())
    name = said.get("name", "")
    problems: list[str] = []
    schema = _schema(said, problems)
    identifiers = tuple(_identifiers(said, problems))
    asked = _askable(name, problems)
    query = Query(
        name=asked,
        schema=schema,
        identifiers=identifiers,
        birth_dates=tuple(_birth_dates(said, problems)),
    )
    if not name and not identifiers:
        problems.append("has neither a name nor a number")
    if len(cells) > len(columns):
        problems.append(f"has {len(cells)} cells under {len(columns)} headings")
    return Customer(
        row=row,
        id=said.get("id"),
        name=name,
        query=query if asked or identifiers else None,
        problem="; ".join(problems) or None,
        bytes_read=bytes_read,
    )


def _askable(name: str, problems: list[str]) -> str:
    """A name that can be asked about; one that cannot is told, and only the numbers beside it are asked about."""
    refused = not_askable(name) if name else None
    if refused is None:
        return name
    problems.append(f"the name {refused}: not asked about")
    return ""


def _schema(said: dict[str, str], problems: list[str]) -> str | None:
    """The kind a row names; an unknown one is told, and all kinds are asked about."""
    printed = said.get("schema")
    if printed is None:
        return None
    kind = KINDS.get(printed.casefold())
    if kind is None:
        problems.append(f"{printed!r} is no kind known; asked about all")
    return kind


def _identifiers(said: dict[str, str], problems: list[str]) -> Iterator[Identifier]:
    number = imo(said["imo"]) if "imo" in said else None
    if number is not None:
        if not number.sound:
            problems.append(f"the IMO number {number.value} has a wrong check digit")
        yield number
    elif "imo" in said:
        problems.append(f"{said['imo']!r} is no IMO number")
    if "passport" in said:
        yield Identifier(kind="passport", value=said["passport"], issuer=_issuer(said, problems))
    yield from (Identifier(kind=kind, value=said[kind]) for kind in ("mmsi", "wallet") if kind in said)


def _issuer(said: dict[str, str], problems: list[str]) -> str | None:
    """The State that issued the passport; one that cannot be read is told, and the number is a lead only."""
    printed = said.get("passport_country")
    if printed is None:
        return None
    made = state(printed)
    if made.value is None:
        problems.append(f"the State that issued the passport, {printed!r}: {made.rejected}")
    return made.value


def _birth_dates(said: dict[str, str], problems: list[str]) -> Iterator[str]:
    if "birth_date" in said:
        made = day(said["birth_date"])
        if made.value is None:
            problems.append(f"birth date {said['birth_date']!r}: {made.rejected}")
        else:
            yield made.value
