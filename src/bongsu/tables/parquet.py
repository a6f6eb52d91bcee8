"""Records as Parquet: the same records give the same bytes."""

from __future__ import annotations

import io
import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

R = TypeVar("R")

# Arrow would make 1 of 1.5, and a time in UTC of one without zone: only these kinds go into a column.
_KINDS: Final[dict[object, frozenset[type]]] = {
    str: frozenset({str}),
    int: frozenset({int}),
    float: frozenset({float, int}),
    bool: frozenset({bool}),
    date: frozenset({date}),
    datetime: frozenset({datetime}),
}

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

    Raises:
        TypeError: a value that is not of its field's type, such as None in a field that has no `| None`.
        ValueError: a time without its zone, a whole number beyond 64 bits, or a text that is not Unicode.
    """
    schema = schema_of(record)
    rows = list(records)
    columns = [_column(list(map(attrgetter(field.name), rows)), field) for field in schema]
    table = pa.Table.from_arrays(columns, schema=schema)
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", row_group_size=ROWS_PER_GROUP, store_schema=False)
    return sink.getvalue()


def from_parquet(content: bytes, record: type[R]) -> list[R]:
    """The records of one Parquet file, in its order.

    Raises:
        ValueError: not Parquet, or columns other than the record's.
    """
    table = arrow_table(content, record)
    names = table.column_names
    columns: Sequence[list[Any]] = [table.column(name).to_pylist() for name in names]  # Any: Arrow ships no types
    return [record(**dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)]


def arrow_table(content: bytes, record: type) -> pa.Table:
    """One Parquet file as an Arrow table. Raises as `from_parquet` does."""
    schema = schema_of(record)
    # A thread of Arrow's that still holds a Python file when the interpreter ends brings the process down (its issues
    # 34314 and 50482): it is given the bytes themselves, and no threads.
    # `read_table` would first load what reads whole folders: a sixth of a second of every command.
    table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
    if not table.schema.equals(schema):
        raise ValueError(f"columns are {_printed(table.schema)}; {_printed(schema)} are meant")
    return table


def _column(values: list[Any], field: pa.Field) -> pa.Array:
    """Values as an Arrow column (Any: checked against the field here)."""
    (kind,) = [kind for kind, arrow in _ARROW_TYPES.items() if arrow == field.type]
    strange = {type(value) for value in values} - _KINDS[kind] - ({type(None)} if field.nullable else set())
    if strange:
        raise TypeError(f"{field.name} holds {', '.join(sorted(each.__name__ for each in strange))}, not {field.type}")
    if kind is datetime and any(value is not None and value.utcoffset() is None for value in values):
        raise ValueError(f"{field.name} holds a time without its zone")
    try:
        return pa.array(values, type=field.type)
    except OverflowError:
        raise ValueError(f"{field.name} holds a whole number beyond 64 bits") from None


def _printed(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}{'' if field.nullable else ' not null'}" for field in schema)


def _field(name: str, hint: object) -> pa.Field:
    optional = typing.get_origin(hint) in {types.UnionType, typing.Union}
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] if optional else [hint]
    if len(kinds) != 1 or kinds[0] not in _ARROW_TYPES:
        raise TypeError(f"no Arrow type for {name}: {hint}")
    return pa.field(name, _ARROW_TYPES[kinds[0]], nullable=optional)
