"""Runs: what transponders said of their ships, equal reports in a row made one."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.sea.model import Identity
from bongsu.tables import schema_of
from bongsu.tables.merging import Keys

Numbers: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]

# What a report says of the ship: reports that agree in all of it say the same.
SAID: Final = ("imo", "name", "call_sign", "ship_type", "length_m", "beam_m", "draught_m", "destination")
SCHEMA: Final = schema_of(Identity)


def said_in_row(table: pa.Table) -> Keys:
    """The keys of identities in the order in which the file said them: by ship, then by line."""
    return (_numbers(table, "mmsi"), _numbers(table, "row"))


def compressed(table: pa.Table) -> pa.Table:
    """Identities of one exhibit with equal reports in a row made one: from the first of them to the last.

    In a row means in the order of the file, among the reports of a ship that give the same fields: the two halves of a
    class B ship's report (ITU-R M.1371, message 24) do not interrupt each other. So it does not matter whether a file
    is compressed at once or piece by piece.

    Args:
        table: columns of `Identity`; any order.

    Returns:
        By ship, then by line.
    """
    if table.num_rows == 0:
        return table
    given = _given(table)
    order = np.lexsort((_numbers(table, "row"), given, _numbers(table, "mmsi")))
    starts = np.flatnonzero(_is_new(table, given, order))
    firsts = table.take(pa.array(order[starts]))
    columns = {name: firsts.column(name) for name in SCHEMA.names}
    columns["first_at"] = _times(np.minimum.reduceat(_numbers(table, "first_at")[order], starts))
    columns["last_at"] = _times(np.maximum.reduceat(_numbers(table, "last_at")[order], starts))
    columns["reports"] = pa.array(np.add.reduceat(_numbers(table, "reports")[order], starts))
    made = pa.Table.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)
    return made.take(pa.array(np.lexsort(said_in_row(made)[::-1])))


def _is_new(table: pa.Table, given: Numbers, order: Numbers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each row, in an order, says something else than the one before it."""
    is_new = np.ones(table.num_rows, dtype=np.bool_)
    is_new[1:] = np.diff(given[order]) != 0
    for name in ("mmsi", *SAID):
        column = table.column(name).combine_chunks()
        if column.null_count == len(column):
            continue
        # Numbers for the values; where a field is not given is compared already.
        values = pc.fill_null(column.dictionary_encode().indices, -1).to_numpy()[order]
        is_new[1:] |= np.diff(values) != 0
    return is_new


def _given(table: pa.Table) -> Numbers:
    """Which fields each report gives, as the bits of a number."""
    given = np.zeros(table.num_rows, dtype=np.int64)
    for bit, name in enumerate(SAID):
        given |= table.column(name).is_valid().to_numpy().astype(np.int64) << bit
    return given


def _numbers(table: pa.Table, name: str) -> Numbers:
    numbers: Numbers = table.column(name).cast(pa.int64()).to_numpy()
    return numbers


def _times(microseconds: Numbers) -> pa.Array:
    return pa.array(microseconds).cast(SCHEMA.field("first_at").type)
