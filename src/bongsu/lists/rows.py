"""The bytes of a list as rows: CSV whose first row names its columns, or a sheet of a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.encoding import utf_8
from bongsu.lists.model import Part

MAY_BE_CUT: Final = "the file ends inside this row, or may do so"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record under a header.

    Args:
        number: its place in the file, from 1 and with the header (RFC 7111).
        cells: by column; absent where the row is shorter.
        surplus: cells beyond the last column.
        may_be_cut: whether no end of line stands behind it: the file may have been cut between its cells or in one.
    """

    number: int
    cells: dict[str, str]
    surplus: tuple[str, ...]
    may_be_cut: bool = False

    @property
    def locator(self) -> str:
        """`row=12`."""
        return f"row={self.number}"

    def cell(self, column: str) -> str | None:
        """The printed text of a cell, or None where it is empty or absent."""
        text = self.cells.get(column, "")
        return text if text.strip() else None

    @property
    def text(self) -> str:
        """All of it in one line, for the quarantine."""
        return ",".join([*self.cells.values(), *self.surplus])


def csv_rows(part: Part, columns: Sequence[str], *, header_row: int = 1, delimiter: str = ",") -> Iterator[Row]:
    """The records of a CSV file with a header; blank lines are no records.

    Args:
        part: the part, as received.
        columns: the header this list has, in its order. One that lacks a column or has another is another format.
        header_row: where the header stands, from 1; what stands above it is the caller's.
        delimiter: between cells.

    Raises:
        SourceRefusedError: not UTF-8, a quote that never closes, or other columns than are known.
    """
    text = utf_8(part)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        records = [(number, cells) for number, cells in enumerate(reader, start=1) if any(cells)]
    except csv.Error as error:
        raise SourceRefusedError(
            f"is cut or garbled near line {reader.line_num}: {error}",
            where=part.name,
            remedy="fetch the file again from the publisher",
        ) from None
    header = next((cells for number, cells in records if number == header_row), [])
    check_columns(part, header, columns)
    unended = None if part.content.endswith((b"\n", b"\r")) else records[-1][0]
    for number, cells in records:
        if number > header_row:
            yield Row(
                number=number,
                cells=dict(zip(columns, cells, strict=False)),
                surplus=tuple(cells[len(columns) :]),
                may_be_cut=number == unended,
            )


def check_columns(part: Part, header: Sequence[str], columns: Sequence[str]) -> None:
    """Refuse a file whose header is not the one known.

    Raises:
        SourceRefusedError: a column is missing or new, or they stand in another order.
    """
    printed = [name.strip() for name in header]
    if printed == list(columns):
        return
    missing, new = [name for name in columns if name not in printed], [name for name in printed if name not in columns]
    what = "; ".join(
        f"{word}: {', '.join(names)[:200]}" for word, names in (("missing", missing), ("not known", new)) if names
    )
    raise SourceRefusedError(
        f"has other columns than are known ({what or 'another order'})",
        where=part.name,
        remedy="the publisher may have changed the format; compare the file with the reader's card",
    )
