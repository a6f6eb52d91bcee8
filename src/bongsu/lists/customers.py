"""A customer file: who is to be screened, read row by row from CSV, however long it is."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from bongsu.evidence import own_file
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cleaning import day, state
from bongsu.lists.columns import (
    MOST_TITLES,
    Said,
    column,
    columns_of,
    header_delimiter,
    heads_names,
    most_headed,
    names_under,
    unused,
)
from bongsu.names import Identifier, Query
from bongsu.names.identifiers import read_number
from bongsu.names.several import check_name

_CALLED: Final = {
    "Person": "person|individual|natural person|p|개인",
    "Organization": "organization|organisation|company|entity|legal entity|o|e|법인",
    "Vessel": "vessel|ship|v|s|선박",
}
KINDS: Final = {word: kind for kind, words in _CALLED.items() for word in words.split("|")}
_SIGN: Final = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One row of a customer file.

    Args:
        row: its place in the file, from 1 and with the header.
        id: the file's own, or None.
        name: as printed; given and family names joined, where no column holds whole ones.
        query: what is asked; None where the row cannot be screened.
        problem: what could not be read of it, in words, or None.
        bytes_read: how much of the file has been read with it.
        unused: the headings of columns that are not used; the same for every row of a file.
    """

    row: int
    id: str | None
    name: str
    query: Query | None
    problem: str | None
    bytes_read: int
    unused: tuple[str, ...] = ()

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

    The header is the first line that heads names; lines of one cell above it are titles. The delimiter is the one of
    comma, semicolon, tab and `|` by which it falls into most known headings. A file of one column without a known
    heading is a list of names.

    Raises:
        SourceRefusedError: not UTF-8, no column for names, or garbled; with the line.
    """
    lines = _Lines(stream)
    first = _first_lines(lines)
    headed = header_delimiter(first.filled)
    delimiter = headed or most_headed(next(iter(first.filled), ""))
    reader = csv.reader(first.and_then(lines), delimiter=delimiter, strict=True)
    row = 0
    columns: list[str | None] | None = None
    left: tuple[str, ...] = ()
    try:
        for row, cells in enumerate(reader, start=1):
            filled = sum(bool(cell.strip()) for cell in cells)
            if not filled:
                continue
            if columns is None:
                if heads_names(cells) and headed is not None:
                    columns, left = [column(cell) for cell in cells], unused(cells)
                    continue
                if headed is not None and filled == 1:
                    continue  # a title above the header
                if filled > 1:
                    raise _headless(f"has no column for names; it has {', '.join(cells)[:200]}")
                _refuse_headings_in_one_cell(next(filter(str.strip, cells)))
                columns = ["name"]
            if headed is None and (filled > 1 or any("|" in cell for cell in cells)):
                raise _headless(f"has several cells in row {row}, and no row above it heads a column of names")
            yield replace(_customer(row, columns, cells, lines.bytes_read), unused=left)
    except csv.Error as error:
        raise SourceRefusedError(
            f"is garbled in row {row + 1} or after it: {error}", where="customers", remedy="save it as CSV once more"
        ) from None
    if columns is None:
        raise SourceRefusedError("is empty", where="customers")


@dataclass(frozen=True, slots=True, kw_only=True)
class _FirstLines:
    """The lines read ahead to find the header, and the error that came after them, if any."""

    lines: tuple[str, ...]
    broken: SourceRefusedError | None

    @property
    def filled(self) -> list[str]:
        return [line for line in self.lines if line.strip()]

    def and_then(self, rest: Iterable[str]) -> Iterator[str]:
        yield from self.lines
        if self.broken is not None:
            raise self.broken
        yield from rest


def _first_lines(lines: Iterable[str]) -> _FirstLines:
    """As many lines as it takes to find the header: one, where it is the first."""
    read: list[str] = []
    titles = 0
    try:
        for line in lines:
            read.append(line)
            titles += bool(line.strip())
            if titles > MOST_TITLES or header_delimiter([each for each in read if each.strip()]) is not None:
                break
    except SourceRefusedError as error:
        return _FirstLines(lines=tuple(read), broken=error)
    return _FirstLines(lines=tuple(read), broken=None)


def _refuse_headings_in_one_cell(cell: str) -> None:
    """Refuse a first line that heads several columns, parted by what is no delimiter: its rows would be read as names.

    Raises:
        SourceRefusedError: it does.
    """
    by_signs, words = columns_of(_SIGN.split(cell)), cell.split()
    by_blanks = columns_of(words) if all(map(column, words)) else set[str]()
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


def _customer(row: int, columns: list[str | None], cells: list[str], bytes_read: int) -> Customer:
    said: dict[str, list[str]] = defaultdict(list)
    for heads, cell in zip(columns, cells, strict=False):
        if heads is not None and cell.strip():
            said[heads].append(cell.strip())
    names = names_under(said)
    if len(cells) > len(columns) == 1:  # KIM, Chol Su without quotes
        names = (*names, ", ".join(cell.strip() for cell in cells))
    name = names[0] if names else ""
    problems: list[str] = []
    schema = _schema(said, problems)
    identifiers = tuple(dict.fromkeys(_identifiers(said, problems)))
    asked = tuple(_askable(names, problems))
    query = Query(
        name=asked[0] if asked else "",
        other_names=asked[1:],
        schema=schema,
        identifiers=identifiers,
        birth_dates=tuple(dict.fromkeys(_birth_dates(said, problems))),
    )
    if not name and not identifiers:
        problems.append("has neither a name nor a number")
    if len(cells) > len(columns):
        problems.append(f"has {len(cells)} cells under {len(columns)} headings")
    return Customer(
        row=row,
        id=next(iter(said.get("id", ())), None),
        name=name,
        query=query if asked or identifiers else None,
        problem="; ".join(problems) or None,
        bytes_read=bytes_read,
    )


def _askable(names: Iterable[str], problems: list[str]) -> Iterator[str]:
    """The names that can be asked about; one that cannot is told."""
    for name in names:
        try:
            check_name(name)
        except UsageError as error:
            problems.append(f"{error.what}: not asked about")
        else:
            yield name


def _schema(said: Said, problems: list[str]) -> str | None:
    """The kind a row names; an unknown one is told, and all kinds are asked about."""
    printed = said.get("schema", ())
    kinds = {kind for each in printed if (kind := KINDS.get(each.casefold())) is not None}
    if len(kinds) == 1:
        return kinds.pop()
    if printed:
        what = "is more than one kind" if kinds else "is no kind known"
        problems.append(f"{', '.join(map(repr, printed))} {what}; asked about all")
    return None


def _identifiers(said: Said, problems: list[str]) -> Iterator[Identifier]:
    issuer = _issuer(said, problems) if "passport" in said else None
    for kind in ("imo", "passport", "mmsi", "wallet"):
        for printed in said.get(kind, ()):
            made = read_number(kind, printed, issuer=issuer if kind == "passport" else None)
            if made.problem is not None:
                problems.append(made.problem)
            if made.identifier is not None:
                yield made.identifier


def _issuer(said: Said, problems: list[str]) -> str | None:
    """The State that issued the passport; one that cannot be read is told, and the number is a lead only."""
    printed = set(said.get("passport_country", ()))
    if not printed:
        return None
    if len(printed) > 1:
        problems.append(f"several States that issued the passport: {', '.join(sorted(printed))}")
        return None
    (only,) = printed
    made = state(only)
    if made.value is None:
        problems.append(f"the State that issued the passport, {only!r}: {made.rejected}")
    return made.value


def _birth_dates(said: Said, problems: list[str]) -> Iterator[str]:
    for printed in said.get("birth_date", ()):
        made = day(printed)
        if made.value is None:
            problems.append(f"birth date {printed!r}: {made.rejected}")
        else:
            yield made.value
