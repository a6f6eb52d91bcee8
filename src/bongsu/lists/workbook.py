"""The bytes of a list as the sheets of a workbook (.xlsx, .xls), read for their values and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.model import Part
from bongsu.lists.rows import Row, check_columns

# A list of 10,000 entries is about 2 MB packed and 20 MB unpacked; a bomb unpacks to a thousand times its size.
MOST_UNPACKED_BYTES: Final = 512 * 2**20
Cell = str | int | float | bool | date | datetime | object


def sheet_names(part: Part) -> tuple[str, ...]:
    """The names of a workbook's sheets, in order.

    Raises:
        SourceRefusedError: no workbook, or one that unpacks to more than a list can be.
    """
    return tuple(_workbook(part).sheet_names)


def sheet_cells(part: Part, sheet: str) -> list[list[str]]:
    """All cells of a sheet as printed text, from its first row and column on; an empty cell is the empty text.

    Raises:
        SourceRefusedError: no workbook, no such sheet, or one that is damaged.
    """
    book = _workbook(part)
    if sheet not in book.sheet_names:
        raise SourceRefusedError(f"has the sheets {', '.join(book.sheet_names)}, not {sheet}", where=part.name)
    try:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise _refused(part, error) from None
    return [[_printed(cell) for cell in row] for row in rows]


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


def _workbook(part: Part) -> CalamineWorkbook:
    try:
        with zipfile.ZipFile(io.BytesIO(part.content)) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
    except zipfile.BadZipFile:
        unpacked = 0  # an older .xls, or no workbook: the reader tells
    if unpacked > MOST_UNPACKED_BYTES:
        raise SourceRefusedError(f"unpacks to {unpacked:,} bytes, more than any list", where=part.name)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(part.content))
    except (CalamineError, ValueError, OSError) as error:
        raise _refused(part, error) from None


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
