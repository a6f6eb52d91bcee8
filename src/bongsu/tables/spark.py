"""The other door: the same Ibis expressions, run by Apache Spark on as many machines as it has."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar

import ibis
import pyarrow as pa

from bongsu.evidence import Folder
from bongsu.kernel.errors import UsageError
from bongsu.tables.parquet import schema_of

R = TypeVar("R")
SCHEME: Final = "spark"
_MOMENT: Final = pa.timestamp("us", tz="UTC")
_PATTERN_SIGNS: Final = frozenset("*?[]{},\\")
_HERE: Final = "local[*]"
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class SparkEngine:
    """Answers what `Engine` answers, with the extra `bongsu[spark]` and Java installed.

    Every worker reads the files itself: the store lies on a path or address that all of them see.

    Args:
        master: Spark's own address of a cluster, such as `spark://host:7077` or `local-cluster[2,1,1024]`; None for
            this machine alone.
        settings: more of Spark's settings, such as `spark.sql.shuffle.partitions`.

    Raises:
        UsageError: the extra or Java is not installed, or no cluster answers.
    """

    def __init__(self, master: str | None = None, *, settings: Mapping[str, str] = _NONE) -> None:
        self._session = _session(master or _HERE, settings)
        self._connection = ibis.pyspark.connect(self._session)

    def close(self) -> None:
        """Let the cluster go."""
        self._session.stop()

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def table(self, folder: Folder, names: Sequence[str], record: type) -> ibis.Table:
        """One table over Parquet files of a folder; without files, an empty table of the same columns.

        Raises:
            EvidenceError: a file is absent.
            UsageError: the folder is not on a path that Spark can read.
            ValueError: files of other columns.
        """
        for name in names:
            folder.size(name)
        if not names:
            return ibis.memtable(schema_of(record).empty_table())
        paths = [folder.local_path(name) for name in names]
        if any(path is None for path in paths):
            raise UsageError(
                "Spark reads the store itself, and this one is on no path that it sees",
                where=folder.url(""),
                remedy="mount the store on every worker, or use the engine of this machine",
            )
        meant = schema_of(record)
        # Ibis reads one path only. Files below `list=x/` are no partition here either.
        reader = self._session.read.option("recursiveFileLookup", "true")
        frame = reader.parquet(*[_literally(path) for path in paths if path is not None])
        if list(frame.columns) != meant.names:
            raise ValueError(f"columns are {frame.columns}; {meant.names} are meant")
        return self._named(frame, "read")

    def rows(self, expression: ibis.Table) -> list[dict[str, Any]]:
        """What an expression gives, row by row (Any: the columns' Python values), in any order if none is asked."""
        found: list[dict[str, Any]] = self.arrow(expression).to_pylist()
        return found

    def records(self, expression: ibis.Table, record: type[R]) -> list[R]:
        """What an expression gives, as records; its columns must be the record's fields."""
        return [record(**row) for row in self.rows(expression)]

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """What an expression gives, as one Arrow table."""
        # Not by way of pandas, which makes floating numbers of whole ones where some are null.
        found = self._frame(expression).toArrow()
        return found.cast(pa.schema([_in_utc(field) for field in expression.schema().to_pyarrow()]))

    def keep(self, expression: ibis.Table) -> ibis.Table:
        """What an expression gives, worked out once and kept for as long as the engine is open."""
        # Not only persisted: each table asked for would carry, and Spark plan anew, all that it was made of.
        return self._named(self._frame(expression).localCheckpoint(), "kept")

    def named(self, expression: ibis.Table) -> ibis.Table:
        """An expression under a name of its own, worked out anew, and no more of it than is asked for, each time."""
        return self._named(self._frame(expression), "named")

    def _frame(self, expression: ibis.Table) -> Any:
        """An expression as a data frame of Spark's, not yet worked out."""
        # By way of a view, Spark would read and resolve the text three times: a third of what a small question takes.
        self._connection._run_pre_execute_hooks(expression)
        return self._session.sql(self._connection.compile(expression))

    def _named(self, frame: Any, what: str) -> ibis.Table:
        """A data frame as a table of Ibis."""
        name = ibis.util.gen_name(f"bongsu_{what}")
        frame.createOrReplaceTempView(name)
        return self._connection.table(name)


def _in_utc(field: pa.Field) -> pa.Field:
    """Spark's times are moments, for which Ibis names no zone."""
    return pa.field(field.name, _MOMENT if pa.types.is_timestamp(field.type) else field.type)


def _literally(path: str) -> str:
    """A path in which Hadoop sees no pattern."""
    return "".join(f"\\{sign}" if sign in _PATTERN_SIGNS else sign for sign in path)


def _session(master: str, more: Mapping[str, str]) -> Any:  # Any: of a package that may not be installed
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError("Spark is not installed", remedy="install bongsu[spark], and Java 17 or newer") from None
    logging.getLogger("py4j").setLevel(logging.ERROR)
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        **more,
    }
    builder = SparkSession.builder.master(master).appName("bongsu")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise UsageError(
            f"Spark does not start: {str(error).partition(chr(10))[0]}", where=master, remedy="install Java 17 or newer"
        ) from error
