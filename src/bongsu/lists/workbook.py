"""The bytes of a list as the sheets of a workbook (.xlsx), read for their values and nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.model import Part
from bongsu.lists.rows import Row, check_columns
from bongsu.lists.unpacked_sheets import OF_A_LIST, Bounds, unpacked

Cell = str | int | float | bool | date | datetime | object


def sheet_names(part: Part) -> tuple[str, ...]:
    """The names of a workbook's sheets, in order.

    Raises:
        SourceRefusedError: no workbook, a damaged one, or one that is more than a list can be.
    """
    return tuple(_workbook(part, OF_A_LIST).sheet_names)


def sheet_cells(part: Part, sheet: str, *, most_rows: int | None = None) -> list[list[str]]:
    """The cells of a sheet as printed text, from its first row and column on; an empty cell is the empty text.

    Args:
        part: the workbook, as received.
        sheet: its name.
        most_rows: so many rows from the first on; None: all.

    Raises:
        SourceRefusedError: no workbook, no such sheet, a damaged one, or one that is more than a list can be.
    """
    book = _workbook(part, OF_A_LIST)
    if sheet not in book.sheet_names:
        raise SourceRefusedError(f"has the sheets {', '.join(book.sheet_names)}, not {sheet}", where=part.name)
    return _cells(book, part, sheet, most_rows)


def first_sheet(part: Part, bounds: Bounds, *, most_rows: int) -> tuple[str, list[list[str]]]:
    """The name of a workbook's first sheet, and its first rows.

    Args:
        part: the workbook, as received.
        bounds: the most it may be.
        most_rows: so many rows from the first on.

    Raises:
        SourceRefusedError: no workbook, a damaged one, one without a sheet, or one beyond the bounds.
    """
    book = _workbook(part, bounds)
    if not book.sheet_names:
        raise SourceRefusedError("has no sheet", where=part.name)
    name = book.sheet_names[0]
    return name, _cells(book, part, name, most_rows)


def sheet_rows(part: Part, sheet: str, columns: Sequence[str], *, header_row: int = 1) -> Iterator[Row]:
    """The records of a sheet with a header; blank rows are no records.

    Args:
        part: the workbook, as received.
        sheet: its name.
        columns: the header this list has, in its order.
        header_row: where the header stands, from 1; what stands above it is the caller's.

    Raises:
        SourceRefusedError: no workbook, no such sheet, or other columns than are known.
    """
    cells = sheet_cells(part, sheet)
    header = cells[header_row - 1] if len(cells) >= header_row else []
    check_columns(part, _without_end(header), columns)
    for number, row in enumerate(cells, start=1):
        if number > header_row and any(cell.strip() for cell in row):
            surplus = _without_end(row[len(columns) :])
            yield Row(number=number, cells=dict(zip(columns, row, strict=False)), surplus=tuple(surplus))


def _workbook(part: Part, bounds: Bounds) -> CalamineWorkbook:
    plain = unpacked(part.content, part.name, bounds)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(plain))
    except (CalamineError, ValueError, OSError) as error:
        raise _refused(part, error) from None


def _cells(book: CalamineWorkbook, part: Part, sheet: str, most_rows: int | None) -> list[list[str]]:
    try:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=most_rows)
    except (CalamineError, ValueError, OSError) as error:
        raise _refused(part, error) from None
    return [[_printed(cell) for cell in row] for row in rows]


def _refused(part: Part, error: Exception) -> SourceRefusedError:
    return SourceRefusedError(
        f"is no workbook that can be opened: {str(error).strip() or type(error).__name__}",
        where=part.name,
        remedy="fetch the file again from the publisher",
    )


def _printed(cell: Cell) -> str:
    """A cell as text: a day as ISO 8601, a whole number without a fraction."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _without_end(cells: Sequence[str]) -> list[str]:
    """The cells without the blank ones at their end."""
    last = max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return list(cells[:last])
