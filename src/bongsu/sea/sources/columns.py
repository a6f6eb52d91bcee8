"""Tables of one's own: CSV, JSON or Parquet whose columns a card names, ours or one written for the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bongsu.kernel.errors import SourceRefusedError
from bongsu.sea import tabular
from bongsu.sea.cards import SourceCard
from bongsu.sea.model import Batch
from bongsu.sea.packing import PARQUET, Plain, is_parquet, opened
from bongsu.sea.records import is_json, records_of
from bongsu.sea.rows import Rows, header_of

_BUFFER_BYTES: Final = 2**20
_NAMES: Final = {"mmsi", "at", "latitude_deg", "longitude_deg"}


def recognises(start: bytes) -> bool:
    """Whether the first line names our fields, or the file is Parquet."""
    header = header_of(start)
    return start.startswith(PARQUET) or (header is not None and set(header) >= _NAMES)


def read(
    stream: BinaryIO,
    *,
    card: SourceCard,
    exhibit: str,
    clock: datetime,
    from_line: int = 1,
    at: datetime | None = None,
    world: str = "",
) -> Iterator[Batch]:
    """Positions and identities of a table (`cards.Reader.read`). The lines of a Parquet file are its rows, from 1.

    Raises:
        SourceRefusedError: a header the card does not know, columns of other types, or a file that is corrupt.
    """
    if isinstance(stream, Plain) or not is_parquet(stream):
        plain = opened(stream)
        if not is_json(plain.peek(1)):
            content = cast(BinaryIO, plain)
            yield from tabular.read(
                content, card=card, exhibit=exhibit, clock=clock, from_line=from_line, at=at, world=world
            )
            return
        for rows, mapping in _json_rows(plain, card, from_line):
            yield tabular.batch_of(rows, mapping, card=card, exhibit=exhibit, clock=clock, at=at, world=world)
        return
    for rows, mapping in _parquet_rows(stream, card, from_line):
        yield tabular.batch_of(rows, mapping, card=card, exhibit=exhibit, clock=clock, at=at, world=world)


def _json_rows(plain: Plain, card: SourceCard, from_line: int) -> Iterator[tuple[Rows, dict[str, str]]]:
    """The records of a JSON file, each of which may lack any of the names of the card's first shape."""
    mapping = tabular.columns_of([*next(iter(card.columns.values()), {})], card)
    lines = card.limits.get("batch_lines", tabular.BATCH_LINES)
    longest = card.limits.get("line_bytes", tabular.LINE_BYTES)
    for rows in records_of(
        plain, taken=[*mapping], ignored=card.ignored, from_line=from_line, lines=lines, longest=longest
    ):
        yield rows, mapping


def _parquet_rows(stream: BinaryIO, card: SourceCard, from_line: int) -> Iterator[tuple[Rows, dict[str, str]]]:
    lines = card.limits.get("batch_lines", tabular.BATCH_LINES)
    try:
        # With a buffer a column is read piece by piece: a file may be one row group.
        with pq.ParquetFile(stream, pre_buffer=False, buffer_size=_BUFFER_BYTES) as file:
            mapping = tabular.columns_of(file.schema_arrow.names, card)
            first = 1
            for batch in file.iter_batches(batch_size=lines, columns=list(mapping), use_threads=False):
                last = first + len(batch) - 1
                if last >= from_line:
                    yield _as_text(pa.Table.from_batches([batch]), max(first, from_line), last), mapping
                first = last + 1
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise SourceRefusedError(f"the Parquet file is corrupt: {reason}", remedy="fetch it again") from error


def _as_text(table: pa.Table, first: int, last: int) -> Rows:
    """The last rows of a table as texts, for the same rules as those of a CSV file."""
    table = table.slice(len(table) - (last - first + 1))
    columns = {name: _texts(table.column(name).combine_chunks(), name) for name in table.column_names}
    numbered = {"line": pa.array(range(first, last + 1), pa.int64()), **columns}
    return Rows(table=pa.table(numbered), counted=Counter(), set_aside=[], last_line=last)


def _texts(column: pa.Array, name: str) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        form = "%Y-%m-%dT%H:%M:%S" + ("Z" if column.type.tz else "")
        return pc.strftime(column.cast(pa.timestamp("s", tz=column.type.tz), safe=False), form)
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise SourceRefusedError(f"the column {name!r} holds {column.type}, no texts, numbers or times") from None
