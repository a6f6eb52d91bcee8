"""The door to the engine: Ibis expressions, run by DuckDB on this machine."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import duckdb
import ibis
import pyarrow as pa

from bongsu.evidence import Folder
from bongsu.kernel.errors import BongsuError, EvidenceError
from bongsu.tables.moments import FOR_DUCKDB
from bongsu.tables.parquet import arrow_table, schema_of

R = TypeVar("R")
_AGAIN_S: Final = 0.05  # between two words to stop
_AT_A_SIGNAL: Final = "Query interrupted"
_PATTERN_SIGNS: Final = frozenset("*?[{")  # in a path DuckDB takes them for a pattern, and reads what else fits it


class OverdueError(BongsuError):
    """A question was stopped because its time was over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"there was no answer within {seconds:g} seconds", remedy="ask about a shorter time")


class Engine:
    """Reads tables and runs expressions. What is asked is written in Ibis, so another engine can answer it.

    Args:
        memory: the most memory to use before it goes to the disk, such as `2GB`; None leaves it to DuckDB (80 % of the
            machine's).
    """

    def __init__(self, *, memory: str | None = None) -> None:
        # Extensions from the network are none of a library's business. What is kept stays in memory and goes to the
        # engine's own folder where it does not fit; kept in a file throughout, it took as long to write as to make.
        self._scratch = tempfile.TemporaryDirectory(prefix="bongsu-engine-", ignore_cleanup_errors=True)
        limits = {} if memory is None else {"memory_limit": memory}
        self._connection = ibis.duckdb.connect(
            autoinstall_known_extensions="false", temp_directory=f"{self._scratch.name}/spill", **limits
        )
        self._connection.raw_sql(FOR_DUCKDB)
        self._kept = self._named = 0

    def close(self) -> None:
        """Let the engine's memory and files go."""
        self._connection.disconnect()
        self._scratch.cleanup()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Stop what is asked in the block when its time is over, so that no question holds a thread for ever.

        Args:
            seconds: the time, above 0.

        Raises:
            OverdueError: the time was over.
        """
        done, over = threading.Event(), threading.Event()

        def stop() -> None:
            if done.wait(seconds):
                return
            over.set()
            while not done.wait(_AGAIN_S):  # a question that begins after the first word is stopped by the next
                self._connection.con.interrupt()

        watch = threading.Thread(target=stop, name="engine-within", daemon=True)
        watch.start()
        try:
            yield
        except duckdb.Error:
            if over.is_set():
                raise OverdueError(seconds) from None
            raise
        finally:
            done.set()
            watch.join()

    def table(self, folder: Folder, names: Sequence[str], record: type) -> ibis.Table:
        """One table over Parquet files of a folder; without files, an empty table of the same columns.

        On this machine's disk DuckDB reads the files itself, column by column; elsewhere they are fetched first.

        Args:
            folder: where they are.
            names: the files, each of the record's columns.
            record: the dataclass the rows were made of.

        Raises:
            EvidenceError: a file is absent or damaged.
            ValueError: files of other columns.
        """
        for name in names:
            folder.size(name)  # an absent file is said here in words, before the engine meets it
        paths = [path for name in names if (path := folder.local_path(name)) is not None]
        if names and len(paths) == len(names) and not any(_PATTERN_SIGNS.intersection(path) for path in paths):
            return self._read(paths, record)
        with _reading():
            parts = [arrow_table(folder.read(name), record) for name in names]
        return ibis.memtable(pa.concat_tables(parts) if parts else schema_of(record).empty_table())

    def rows(self, expression: ibis.Table) -> list[dict[str, Any]]:
        """What an expression gives, row by row (Any: the columns' Python values).

        Ask for an order where one is needed; without, rows come in any.

        Raises:
            EvidenceError: a file is damaged.
        """
        with _reading():
            result: list[dict[str, Any]] = self._connection.to_pyarrow(expression).to_pylist()
        return result

    def records(self, expression: ibis.Table, record: type[R]) -> list[R]:
        """What an expression gives, as records; its columns must be the record's fields. Raises as `rows` does."""
        return [record(**row) for row in self.rows(expression)]

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """What an expression gives, as one Arrow table. Raises as `rows` does."""
        with _reading():
            return self._connection.to_pyarrow(expression)

    def keep(self, expression: ibis.Table) -> ibis.Table:
        """What an expression gives, worked out once and kept while the engine is open. Raises as `rows` does."""
        self._kept += 1
        name = f"kept_{self._kept}"
        with _reading():
            return self._connection.create_table(name, expression)

    def named(self, expression: ibis.Table) -> ibis.Table:
        """An expression under a name of its own, worked out anew, and no more of it than is asked for, each time."""
        self._named += 1
        return self._connection.create_view(f"named_{self._named}", expression)

    def _read(self, paths: Sequence[str], record: type) -> ibis.Table:
        # A store under `list=x/` is no partition: DuckDB would put `x` over what the files say in the column `list`.
        with _reading():
            table = self._connection.read_parquet(paths, hive_partitioning=False)
        meant = schema_of(record)
        if ibis.Schema.from_pyarrow(pa.schema([field.with_nullable(True) for field in meant])) != table.schema():
            raise ValueError(f"columns are {table.schema()}; {meant} are meant")
        return table


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException, pa.ArrowInvalid) as error:
        reason = str(error).partition("\n")[0]
        raise EvidenceError(
            f"a table cannot be read: {reason}", remedy="take the damaged file away; it is made anew from the exhibits"
        ) from error
    except RuntimeError as error:
        if str(error) == _AT_A_SIGNAL:  # DuckDB puts this in the place of what the signal's own handler raised
            raise KeyboardInterrupt from None
        raise
