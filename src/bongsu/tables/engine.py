"""The door to the engine: Ibis expressions, run by DuckDB on this machine."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from bongsu.evidence import Folder
from bongsu.tables.parquet import schema_of


class Engine:
    """Reads tables and runs expressions. What is asked is written in Ibis, so another engine can answer it."""

    def __init__(self) -> None:
        # Extensions from the network are none of a library's business.
        self._connection = ibis.duckdb.connect(autoinstall_known_extensions="false")

    def close(self) -> None:
        """Let the engine's memory and files go."""
        self._connection.disconnect()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def table(self, folder: Folder, names: Sequence[str], record: type) -> ibis.Table:
        """One table over Parquet files of a folder; without files, an empty table of the same columns.

        On this machine's disk DuckDB reads the files itself, column by column; elsewhere they are fetched first.

        Args:
            folder: where they are.
            names: the files, each of the record's columns.
            record: the dataclass the rows were made of.
        """
        paths = [path for name in names if (path := folder.local_path(name)) is not None]
        if names and len(paths) == len(names):
            return self._connection.read_parquet(paths)
        parts = [pq.read_table(io.BytesIO(folder.read(name))) for name in names]
        empty = schema_of(record).empty_table()
        return ibis.memtable(pa.concat_tables(parts).cast(empty.schema) if parts else empty)

    def rows(self, expression: ibis.Table) -> list[dict[str, Any]]:
        """What an expression gives, row by row (Any: the columns' Python values).

        Ask for an order where one is needed; without, rows come in any.
        """
        result: list[dict[str, Any]] = self._connection.to_pyarrow(expression).to_pylist()
        return result
