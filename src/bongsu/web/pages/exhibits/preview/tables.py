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

from bongsu.evidence.zipped import lists_more_than
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.model import Part
from bongsu.lists.unpacked_sheets import BeyondBoundsError, Bounds
from bongsu.lists.workbook import first_sheet
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
#: A zip file that lists more is not looked into: each name becomes an object.
_MOST_LISTED: Final = 20_000
_BATCH_ROWS: Final = 4096
_BATCH_BYTES: Final = 2**24
#: Australia's list, the largest known, fits five times and more: 212,097 fields, about 20 MB unpacked.
_SHOWN_OF_A_WORKBOOK: Final = Bounds(
    unpacked_bytes=MOST_HELD_BYTES, elements=2_000_000, fields=1_200_000, characters=MOST_HELD_BYTES
)
#: ECMA-376 sets no end to rows; no program writes more.
_MOST_SHEET_ROWS: Final = 2**20
#: A value of JSON can be two bytes and takes some hundred in memory. In lists a value has thirty bytes and more.
MOST_VALUES: Final = 1_000_000
_BETWEEN_VALUES: Final = (b"[", b"{", b",", b":")
#: Of records that are cited; so many are told apart from those beyond the window.
_MOST_LINES: Final = 100_000
#: Rows of a group before the one cited, which are read and dropped.
_MOST_SKIPPED: Final = 2**21


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
    content = stream.read()
    if sum(map(content.count, _BETWEEN_VALUES)) > MOST_VALUES:
        raise UnshownError("large")
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnshownError("broken", str(error)) from None
    if place.unit == "row" and isinstance(value, list):
        record = value[place.first - 1 : place.last]
        lines = list(islice((line for each in record[:MOST] for line in _pretty(each)), _MOST_LINES))
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
    return text_window(list(islice(_pretty(value), MOST + 1)))


def _pretty(value: object) -> Iterator[str]:
    """The lines of a value, made as they are asked for: its indents can be longer than the value a thousand times."""
    line = ""
    try:
        for piece in json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(value):
            *whole, rest = piece.split("\n")
            for end in whole:
                yield line + end
                line = ""
            line += rest
    except RecursionError:
        raise UnshownError("broken", "nested too deeply") from None
    yield line


def workbook_window(stream: BinaryIO, size: int, place: Place) -> Window:
    """Rows of a workbook's first sheet.

    Raises:
        UnshownError: damaged, or more than a preview unpacks.
    """
    _, end = around(place.first, place.last) if place.unit in {"row", "cell", "line"} else (1, MOST)
    part = Part(name="workbook", content=_held(stream, size), exhibit="0" * 64)
    try:
        name, rows = first_sheet(part, _SHOWN_OF_A_WORKBOOK, most_rows=min(end + 1, _MOST_SHEET_ROWS))
    except BeyondBoundsError:
        raise UnshownError("large") from None
    except SourceRefusedError as error:
        raise UnshownError("broken", str(error)) from None
    window = windowed(rows, place, has_header=True)
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
        told = pq.ParquetFile(stream)
        file = pq.ParquetFile(stream, read_dictionary=_texts_of(told), metadata=told.metadata)
        kept = list(_parquet_rows(file, begin, end, first, last))
        header = tuple(file.schema_arrow.names[:_MOST_COLUMNS])
        total = file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnshownError("broken", str(error)) from None
    found = last < first or any(row.here for row in kept)
    return Window(form="table", rows=tuple(kept), header=header, found=found, before=begin > 1, after=total > end)


def _texts_of(file: pq.ParquetFile) -> list[str]:
    """The columns of texts and bytes: as a dictionary a value is held once, however often a few bytes repeat it."""
    columns = [file.schema.column(index) for index in range(len(file.schema))]
    return [
        each.path
        for each in columns
        if each.physical_type == "BYTE_ARRAY" and each.logical_type.type != "DECIMAL" and "." not in each.path
    ]


def _parquet_rows(file: pq.ParquetFile, begin: int, end: int, first: int, last: int) -> Iterator[Row]:
    start = 1
    for group in range(file.metadata.num_row_groups):
        stored = file.metadata.row_group(group)
        if start <= end and start + stored.num_rows > begin:
            if stored.total_byte_size > _MOST_GROUP_BYTES or begin - start > _MOST_SKIPPED:
                raise UnshownError("large")
            for number, cells in _cells(file, group, start, begin, end):
                yield Row(number=number, cells=cells, here=first <= number <= last)
        start += stored.num_rows


def _cells(file: pq.ParquetFile, group: int, start: int, begin: int, end: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a group from `begin` to `end`, each with its number; `start` is the number of the group's first.

    What is nested is named and not read: a list of a million costs a file nothing.
    """
    shown = list(file.schema_arrow)[:_MOST_COLUMNS]
    flat = [each for each in shown if not pa.types.is_nested(each.type)]
    for batch in file.iter_batches(_batch_rows(flat), row_groups=[group], columns=[each.name for each in flat]):
        columns = {each.name: column for each, column in zip(flat, batch.columns, strict=True)}
        for index in range(max(0, begin - start), min(batch.num_rows, end - start + 1)):
            yield start + index, tuple(_cell(each, columns.get(each.name), index) for each in shown)
        start += batch.num_rows
        if start > end:
            return


def _batch_rows(columns: Sequence[pa.Field]) -> int:
    """As many rows as may be held at once: a value of a fixed width may be of any."""
    widths = (each.type.byte_width if pa.types.is_fixed_size_binary(each.type) else 32 for each in columns)
    return max(1, min(_BATCH_ROWS, _BATCH_BYTES // (sum(widths) or 1)))


def _cell(field: pa.Field, column: pa.Array | None, index: int) -> str:
    if column is None:
        return clipped(str(field.type))
    value = column[index].as_py()
    return clipped("" if value is None else str(value))


def zip_window(stream: BinaryIO) -> Window:
    """What a zip file says it holds; nothing of it is unpacked.

    Raises:
        UnshownError: damaged, or it lists more than is looked into.
    """
    if lists_more_than(stream, _MOST_LISTED):
        raise UnshownError("large")
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
    if lists_more_than(stream, _MOST_LISTED):
        return False
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
