"""Rows of a table in a text file: columns of text in blocks, and every line that is no row accounted for."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeAlias, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from bongsu.kernel.errors import SourceRefusedError
from bongsu.sea.ahead import ahead
from bongsu.sea.cleaning import MOST_SHOWN, SET_ASIDE, shown_value
from bongsu.sea.lines import Block, blocks
from bongsu.sea.model import SetAside
from bongsu.sea.packing import Plain, opened

# Any: pyarrow ships no types.
Column: TypeAlias = Any

R = TypeVar("R")

HEADER: Final = "headers"
BLANK: Final = "blank lines"
TOO_LONG: Final = "line is too long"
NOT_UTF_8: Final = "line is not UTF-8"
NO_ROW: Final = "line is no row of the table"
RAGGED: Final = "row has more or fewer columns than the header"
DELIMITERS: Final = ",;\t|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Some lines in a row.

    Args:
        table: the rows: `line` (from 1) and a column of texts for each wanted one of the header; null where empty.
        counted: what became of the lines that are no rows.
        set_aside: some of them.
        last_line: the last line.
    """

    table: pa.Table
    counted: Counter[str]
    set_aside: list[SetAside]
    last_line: int


def header_of(start: bytes) -> tuple[str, ...] | None:
    """The header of a table by its first line; None where that is no text."""
    line = start.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip(b"\r")
    try:
        text = line.decode()
        return tuple(name.strip() for name in next(csv.reader([text], delimiter=_delimiter(text), strict=True)))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return None


def rows_of(
    stream: BinaryIO | Plain,
    *,
    wanted: Callable[[tuple[str, ...]], Sequence[str]],
    then: Callable[[Rows], R],
    from_line: int,
    lines: int,
    longest: int,
) -> Iterator[R]:
    """What is made of the rows of a table, in blocks that end at multiples of `lines`, and at the end.

    Args:
        stream: from its first byte, packed or not.
        wanted: which columns of a header are wanted; it refuses a header that it does not know.
        then: what to make of each block, a block ahead on another core.
        from_line: the first line wanted, from 1; the header is read in any case.
        lines: how many lines a block holds at most.
        longest: the longest line, in bytes with its end.

    Raises:
        SourceRefusedError: no header, one that `wanted` refuses, or a packed file that is corrupt.
    """
    plain = opened(stream)
    start = plain.peek(longest)
    if not start:
        raise SourceRefusedError("is empty", remedy="fetch the file again from the publisher")
    header = header_of(start)
    if header is None or (b"\n" not in start and len(start) >= longest):
        raise SourceRefusedError("the first line is no header", where="line 1", remedy="check which file it is")
    names = wanted(header)
    first_line = start.partition(b"\n")[0].rstrip(b"\r")
    table = _Table(header, names, _delimiter(first_line.decode()), first_line, longest)

    def read(block: Block) -> R:
        return then(table.read(block.first, block.lines))

    found = blocks(cast(BinaryIO, plain), from_line=from_line, lines=lines, longest=longest)
    yield from ahead(found, read)


class _Table:
    """A header, and how lines under it are read."""

    def __init__(
        self, header: tuple[str, ...], names: Sequence[str], delimiter: str, first_line: bytes, longest: int
    ) -> None:
        self._header = header
        self._names = names
        self._delimiter = delimiter
        self._headers = pa.array([first_line + end for end in (b"", b"\n", b"\r\n")], pa.binary())
        self._longest = longest

    def read(self, first: int, lines: Column) -> Rows:
        """The rows among some lines."""
        numbers = np.arange(first, first + len(lines), dtype=np.int64)
        last = first + len(lines) - 1
        aside = _Aside()
        # The members of a zip file each have their header.
        for words, values in ((HEADER, self._headers), (BLANK, pa.array([b"", b"\n", b"\r\n"], pa.binary()))):
            lines, numbers = aside.leave(words, pc.is_in(lines, value_set=values), lines, numbers)
        too_long = pc.greater(pc.binary_length(lines), self._longest)
        lines, numbers = aside.drop(TOO_LONG, too_long, lines, numbers)
        content = _content(lines)
        if not content.isascii() and not _is_utf_8(content):
            bad = pa.array([not _is_utf_8(line) for line in lines.to_pylist()], pa.bool_())
            lines, numbers = aside.drop(NOT_UTF_8, bad, lines, numbers)
            content = _content(lines)
        found = self._parsed(content, len(lines)) if len(lines) else None
        if found is None:
            found = self._parsed_one_by_one(lines)
        table, bad_rows = found
        for reason in (RAGGED, NO_ROW):
            places = [place for place, why in bad_rows if why == reason]
            aside.note(reason, places, lines, numbers)
        kept = np.delete(numbers, [place for place, _ in bad_rows])
        return Rows(
            table=table.add_column(0, "line", pa.array(kept)),
            counted=aside.counted,
            set_aside=aside.shown,
            last_line=last,
        )

    def _parsed(self, content: bytes, count: int) -> tuple[pa.Table, list[tuple[int, str]]] | None:
        """The rows of sound lines at once; None where Arrow does not find as many as there are lines."""
        if content.count(b"\r") != content.count(b"\r\n"):
            return None
        bad: list[tuple[int, str]] = []

        def ragged(row: Any) -> str:  # Any: pyarrow's InvalidRow
            bad.append((row.number - 1, RAGGED))
            return "skip"

        try:
            table = pa_csv.read_csv(
                pa.BufferReader(content),
                pa_csv.ReadOptions(use_threads=False, block_size=max(len(content), 1), column_names=list(self._header)),
                pa_csv.ParseOptions(
                    delimiter=self._delimiter,
                    quote_char='"' if b'"' in content else False,
                    ignore_empty_lines=False,
                    invalid_row_handler=ragged,
                ),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(self._header, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    include_columns=list(self._names),
                ),
            )
        except pa.ArrowInvalid:
            return None
        # A quote that is not closed swallows lines: then they are read one by one.
        return (table.combine_chunks(), bad) if len(table) + len(bad) == count else None

    def _parsed_one_by_one(self, lines: Column) -> tuple[pa.Table, list[tuple[int, str]]]:
        places = [self._header.index(name) for name in self._names]
        bad: list[tuple[int, str]] = []
        taken: list[list[str | None]] = []
        for index, line in enumerate(lines.to_pylist()):
            text = line.decode().removesuffix("\n").removesuffix("\r")
            try:
                (row,) = csv.reader([text], delimiter=self._delimiter, strict=True)
            except (csv.Error, ValueError):
                bad.append((index, NO_ROW))
                continue
            if len(row) != len(self._header):
                bad.append((index, RAGGED))
                continue
            taken.append([row[place] or None for place in places])
        columns = list(zip(*taken, strict=True)) or [()] * len(places)
        table = pa.table(
            {name: pa.array(values, pa.string()) for name, values in zip(self._names, columns, strict=True)}
        )
        return table, bad


class _Aside:
    """What became of lines that are no rows."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self.shown: list[SetAside] = []

    def leave(self, words: str, mask: Column, lines: Column, numbers: Any) -> tuple[Column, Any]:
        """Count lines that are nobody's fault, and give the others."""
        count = pc.sum(mask).as_py() or 0
        if not count:
            return lines, numbers
        self.counted[words] += count
        return _without(mask, lines, numbers)

    def drop(self, reason: str, mask: Column, lines: Column, numbers: Any) -> tuple[Column, Any]:
        """Set lines aside, and give the others."""
        places = pc.indices_nonzero(mask).to_pylist()
        self.note(reason, places, lines, numbers)
        return _without(mask, lines, numbers) if places else (lines, numbers)

    def note(self, reason: str, places: Sequence[int], lines: Column, numbers: Any) -> None:
        """Set lines aside that are not taken out here."""
        if not places:
            return
        self.counted[f"{SET_ASIDE}{reason}"] += len(places)
        for place in places[:MOST_SHOWN]:
            text = lines[place].as_py().decode("utf-8", "backslashreplace").rstrip("\r\n")
            self.shown.append(SetAside(line=int(numbers[place]), field="", reason=reason, value=shown_value(text)))


def _without(mask: Column, lines: Column, numbers: Any) -> tuple[Column, Any]:
    others = pc.invert(mask)
    return lines.filter(others), numbers[others.to_numpy(zero_copy_only=False)]


def _content(lines: Column) -> bytes:
    """The bytes of lines that lie one after another."""
    if not len(lines):
        return b""
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)[lines.offset : lines.offset + len(lines) + 1]
    content: bytes = lines.buffers()[2][int(offsets[0]) : int(offsets[-1])].to_pybytes()
    return content


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(line: str) -> str:
    """What stands most often between the columns of a header."""
    return max(DELIMITERS, key=line.count)
