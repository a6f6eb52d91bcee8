"""Records as Parquet: the same records give the same bytes."""

from __future__ import annotations

import io
import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

R = TypeVar("R")

_ARROW_TYPES: Final = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}
ROWS_PER_GROUP: Final = 122_880  # DuckDB's own row-group size, so that its threads share the work


def schema_of(record: type) -> pa.Schema:
    """The Arrow schema of a dataclass of texts, numbers, flags, days and times; `X | None` may be null.

    Raises:
        TypeError: a field of another type.
    """
    hints = typing.get_type_hints(record)
    return pa.schema([_field(entry.name, hints[entry.name]) for entry in fields(record)])


def to_parquet(records: Iterable[R], record: type[R]) -> bytes:
    """Records as one Parquet file: zstd, in the order given, the same bytes for the same records and pyarrow release.

    Args:
        records: instances of `record`.
        record: a dataclass; its fields are the columns.
    """
    schema = schema_of(record)
    rows = list(records)
    columns = [pa.array([getattr(row, name) for row in rows], type=schema.field(name).type) for name in schema.names]
    table = pa.Table.from_arrays(columns, schema=schema)
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", row_group_size=ROWS_PER_GROUP, store_schema=False)
    return sink.getvalue()


def from_parquet(content: bytes, record: type[R]) -> list[R]:
    """The records of one Parquet file, in its order.

    Raises:
        ValueError: columns other than the record's.
    """
    table = pq.read_table(io.BytesIO(content))
    names = schema_of(record).names
    if table.column_names != names:
        raise ValueError(f"columns are {table.column_names}, {names} are meant")
    columns: Sequence[list[Any]] = [table.column(name).to_pylist() for name in names]  # Any: Arrow ships no types
    return [record(**dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)]


def _field(name: str, hint: object) -> pa.Field:
    optional = isinstance(hint, types.UnionType)
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] if optional else [hint]
    if len(kinds) != 1 or kinds[0] not in _ARROW_TYPES:
        raise TypeError(f"no Arrow type for {name}: {hint}")
    return pa.field(name, _ARROW_TYPES[kinds[0]], nullable=optional)
