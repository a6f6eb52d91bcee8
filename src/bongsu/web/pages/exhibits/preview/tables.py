"""Rows of CSV, of JSON records, of workbooks and of Parquet files, around the one cited."""

from __future__ import annotations

import codecs
import csv
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.model import Part
from bongsu.lists.workbook import sheet_cells, sheet_names
from bongsu.web.pages.exhibits.preview.lines import blocks_of, encoding_of
from bongsu.web.pages.exhibits.preview.place import Place
from bongsu.web.pages.exhibits.preview.window import (
    MOST,
    Row,
    UnshownError,
    Window,
    around,
    clipped,
    text_window,
)

#: A row of a table longer than this is none.
_LONGEST_LINE: Final = 2**20
_MOST_COLUMNS: Final = 100
#: Workbooks, JSON as one value and PDF cannot be read in part.
MOST_HELD_BYTES: Final = 64 * 2**20
_MOST_GROUP_BYTES: Final = 256 * 2**20
_MOST_NAMES: Final = 1000


def csv_window(stream: BinaryIO, place: Place) -> Window:
    """Rows of a CSV file; the first names the columns, and is counted (RFC 7111).

    Raises:
        UnshownError: a quote that never closes, or a line without end.
    """
    texts = _texts(blocks_of(stream))
    first_line = next(texts, "")
    delimiter = max(",;\t", key=first_line.count)
    rows = csv.reader(_chained(first_line, texts), delimiter=delimiter)
    try:
        return windowed(rows, place, has_header=True)
    except csv.Error as error:
        raise UnshownError("broken", str(error)) from None


def windowed(rows: Iterable[Sequence[str]], place: Place, *, has_header: bool) -> Window:
    """A window onto rows that come one after another; the header is shown among the rows only where it is cited."""
    cites = place.unit in {"row", "cell", "line"}
    cell = place.last if place.unit == "cell" else 0
    first, last = place.first, place.first if cell else place.last
    begin, end = around(first, last) if cites else (1, MOST)
    header: tuple[str, ...] = ()
    kept: list[Row] = []
    after = False
    for number, cells in enumerate(rows, start=1):
        after = number > end
        if after:
            break
        shown = tuple(clipped(each) for each in cells[:_MOST_COLUMNS]) if number == 1 or number >= begin else ()
        here = cites and first <= number <= last
        if has_header and number == 1:
            header = shown
        if number >= begin and (here or number > 1 or not has_header):
            kept.append(Row(number=number, cells=shown, here=here, cell=cell if here else 0))
    found = not cites or any(row.here and cell <= len(row.cells) for row in kept)
    return Window(form="table", rows=tuple(kept), header=header, found=found, before=begin > 1, after=after)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _texts(blocks: Iterator[bytes]) -> Iterator[str]:
    """Lines with their ends, as the csv reader takes them."""
    start = next(blocks, b"")
    decoder = codecs.getincrementaldecoder(encoding_of(start))("replace")
    waiting = decoder.decode(start).removeprefix("\ufeff")
    for block in blocks:
        yield from _whole(lines := waiting.splitlines(keepends=True))
        waiting = (lines[-1] if lines and not lines[-1].endswith("\n") else "") + decoder.decode(block)
        if len(waiting) > _LONGEST_LINE + len(block):
            raise UnshownError("broken", "a line without an end")
    waiting += decoder.decode(b"", final=True)
    yield from waiting.splitlines(keepends=True)


def _whole(lines: list[str]) -> Iterator[str]:
    return iter(lines if not lines or lines[-1].endswith("\n") else lines[:-1])


def json_window(stream: BinaryIO, size: int, place: Place) -> Window:
    """JSON in lines that people can read; of an array the record that is cited.

    Raises:
        UnshownError: no JSON, nested too deeply, or too long to be read as one value.
    """
    if size > MOST_HELD_BYTES // 4:
        raise UnshownError("large")
    try:
        value = json.loads(stream.read())
    except (ValueError, RecursionError) as error:
        raise UnshownError("broken", str(error)) from None
    if place.unit == "row" and isinstance(value, list):
        record = value[place.first - 1 : place.last]
        lines = [line for each in record[:MOST] for line in _pretty(each)]
        found = text_window(lines, first=1, last=len(lines), what=f"row {place.first}")
        return Window(
            form="text",
            rows=found.rows,
            found=bool(record),
            before=place.first > 1,
            after=len(value) > place.last,
            what=found.what,
            cut=found.cut,
        )
    return text_window(_pretty(value))


def _pretty(value: object) -> list[str]:
    try:
        return json.dumps(value, ensure_ascii=False, indent=2).splitlines()
    except RecursionError:
        raise UnshownError("broken", "nested too deeply") from None


def workbook_window(stream: BinaryIO, size: int, place: Place) -> Window:
    """Rows of a workbook's first sheet.

    Raises:
        UnshownError: damaged, or more than a preview unpacks.
    """
    part = Part(name="workbook", content=_held(stream, size), exhibit="0" * 64)
    try:
        name = sheet_names(part)[0]
        window = windowed(sheet_cells(part, name), place, has_header=True)
    except (SourceRefusedError, IndexError) as error:
        raise UnshownError("broken", str(error)) from None
    return Window(
        form="table",
        rows=window.rows,
        header=window.header,
        found=window.found,
        before=window.before,
        after=window.after,
        what=clipped(name),
    )


def parquet_window(stream: BinaryIO, place: Place) -> Window:
    """Rows of a Parquet file; the columns have their names beside them, and the first row is row 1.

    Raises:
        UnshownError: damaged, or a group of rows too large to be read at once.
    """
    first, last = (place.first, place.last) if place.unit == "row" else (1, 0)
    begin, end = around(first, last) if last >= first else (1, MOST)
    try:
        file = pq.ParquetFile(stream)
        kept = list(_parquet_rows(file, begin, end, first, last))
        header = tuple(file.schema_arrow.names[:_MOST_COLUMNS])
        total = file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnshownError("broken", str(error)) from None
    found = last < first or any(row.here for row in kept)
    return Window(form="table", rows=tuple(kept), header=header, found=found, before=begin > 1, after=total > end)


def _parquet_rows(file: pq.ParquetFile, begin: int, end: int, first: int, last: int) -> Iterator[Row]:
    columns = file.schema_arrow.names[:_MOST_COLUMNS]
    start = 1
    for group in range(file.metadata.num_row_groups):
        stored = file.metadata.row_group(group)
        if start <= end and start + stored.num_rows > begin:
            if stored.total_byte_size > _MOST_GROUP_BYTES:
                raise UnshownError("large")
            skip = max(0, begin - start)
            table = file.read_row_group(group, columns=columns).slice(skip, end - max(start, begin) + 1)
            for number, record in enumerate(table.to_pylist(), start=start + skip):
                cells = tuple(clipped("" if value is None else str(value)) for value in record.values())
                yield Row(number=number, cells=cells, here=first <= number <= last)
        start += stored.num_rows


def zip_window(stream: BinaryIO) -> Window:
    """What a zip file says it holds; nothing of it is unpacked.

    Raises:
        UnshownError: damaged.
    """
    try:
        with zipfile.ZipFile(stream) as packed:
            items = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnshownError("broken", str(error)) from None
    rows = tuple(
        Row(number=number, cells=(clipped(item.filename), f"{item.file_size:,}", f"{item.compress_size:,}"))
        for number, item in enumerate(islice(items, _MOST_NAMES), start=1)
    )
    header = ("name", "bytes", "bytes packed")
    return Window(form="table", rows=rows, header=header, after=len(items) > _MOST_NAMES)


def is_workbook(stream: BinaryIO) -> bool:
    """Whether a zip file is a workbook by the names in it."""
    try:
        with zipfile.ZipFile(stream) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    finally:
        stream.seek(0)


def _held(stream: BinaryIO, size: int) -> bytes:
    if size > MOST_HELD_BYTES:
        raise UnshownError("large")
    return stream.read()
