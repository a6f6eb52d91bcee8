"""A shelf: rows of one kind in Parquet, one file for each part of a period, named by its content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bongsu.evidence import Folder
from bongsu.evidence.exhibit import BLOCK_BYTES, hashed
from bongsu.evidence.sealing import sealed, unsealed
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import EvidenceError
from bongsu.sea.journal import Parts
from bongsu.sea.kinds import Kind
from bongsu.tables.merging import merged
from bongsu.tables.parquet import ROWS_PER_GROUP

_SHORT: Final = 16  # digits of a digest that tell a part's contents apart
_REMEDY: Final = "restore it from a backup, or take the folder sea/ away and import the exhibits anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfFile:
    """The file of one part.

    Args:
        name: in the folder; it holds the digest of the content, and so changes when and only when that does.
        rows: how many it holds.
    """

    name: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What a shelf holds of one period.

    Args:
        period: `2026-01-02`, `2026-01` or `2026`.
        exhibits: whose rows are in it, sorted.
        files: by part.
    """

    period: str
    exhibits: tuple[str, ...] = ()
    files: Mapping[int, ShelfFile]

    def with_exhibit(self, exhibit: str, files: Mapping[int, ShelfFile]) -> Self:
        """The catalogue with the rows of one more exhibit, and the files of the parts that it changed."""
        every = {**self.files, **files}
        return replace(
            self,
            exhibits=tuple(sorted({*self.exhibits, exhibit})),
            files={part: every[part] for part in sorted(every)},
        )


class Shelf:
    """The rows of one kind in a folder.

    Args:
        folder: the store.
        kind: what the rows are.
    """

    def __init__(self, folder: Folder, kind: Kind) -> None:
        self._folder = folder
        self._kind = kind
        self._catalogues = f"sea/catalogue/{kind.name}/"

    def periods(self) -> list[str]:
        """The periods that have a catalogue, sorted."""
        found = self._folder.names(self._catalogues)
        return [name.removeprefix(self._catalogues).removesuffix(".json") for name in found]

    def catalogue(self, period: str) -> Catalogue:
        """What it holds of a period; an empty catalogue where it holds nothing.

        Raises:
            EvidenceError: the catalogue is not as written.
        """
        name = f"{self._catalogues}{period}.json"
        if not self._folder.exists(name):
            return Catalogue(period=period, files={})
        kept = unsealed(self._folder, name)
        if kept is None:
            raise EvidenceError("a catalogue is not as written", where=self._folder.url(name), remedy=_REMEDY)
        files = {int(part): ShelfFile(name=file, rows=rows) for part, file, rows in kept["files"]}
        return Catalogue(period=kept["period"], exhibits=tuple(kept["exhibits"]), files=files)

    def add(self, exhibit: str, runs: Iterable[Iterable[pa.Table]], parts: Parts) -> None:
        """Put the rows of an exhibit among those that are there, each period at once and no period twice.

        A process killed on the way leaves every period with all rows of the exhibit or with none; adding again adds
        what is missing.

        Args:
            exhibit: its SHA-256.
            runs: its rows, in order by the kind's keys within each run.
            parts: the parts in which rows of it may lie.
        """
        before = {period: self.catalogue(period) for period in sorted(parts)}
        missing = {period: old for period, old in before.items() if exhibit not in old.exhibits}
        for period, old in before.items():
            if period not in missing:  # it was killed here, perhaps before it tidied up
                self._tidy(old)
        if not missing:
            return
        there = [old.files[part].name for period, old in missing.items() for part in parts[period] if part in old.files]
        stream = merged([*runs, self._rows(there)], self._kind.keys_of)
        done: dict[int, ShelfFile] = {}
        current: str | None = None
        with _Writer(self._folder, self._kind) as writer:
            for period, part, rows in self._pieces(stream, missing):
                if current is not None and period != current:
                    self._finish(missing.pop(current).with_exhibit(exhibit, done | writer.finish()))
                    done = {}
                current = period
                done |= writer.write(period, part, rows)
            if current is not None:
                self._finish(missing.pop(current).with_exhibit(exhibit, done | writer.finish()))
        for old in missing.values():  # its rows turned out to lie in an earlier period
            self._finish(old.with_exhibit(exhibit, {}))

    def _pieces(self, stream: Iterable[pa.Table], wanted: Collection[str]) -> Iterator[tuple[str, int, pa.Table]]:
        """The rows of a stream by the period and part they lie in, without periods that are not wanted."""
        wanted = frozenset(wanted)
        for table in stream:
            periods, parts = self._kind.places_of(table)
            changes = np.flatnonzero((np.diff(periods) != 0) | (np.diff(parts) != 0)) + 1
            bounds = [0, *changes.tolist(), table.num_rows]
            for start, end in pairwise(bounds):
                period = self._kind.period_name(int(periods[start]))
                if period in wanted:
                    yield period, int(parts[start]), table.slice(start, end - start)

    def _rows(self, names: Iterable[str]) -> Iterator[pa.Table]:
        for name in names:
            yield from read_groups(self._folder, name)

    def _finish(self, catalogue: Catalogue) -> None:
        """Make a period's new files the ones that count."""
        record: JsonValue = {
            "period": catalogue.period,
            "exhibits": list(catalogue.exhibits),
            "files": [[part, file.name, file.rows] for part, file in catalogue.files.items()],
        }
        self._folder.replace(f"{self._catalogues}{catalogue.period}.json", sealed(record))
        self._tidy(catalogue)

    def _tidy(self, catalogue: Catalogue) -> None:
        """Take away the files of a period that do not count."""
        counted = {file.name for file in catalogue.files.values()}
        for name in self._folder.names(f"sea/{self._kind.name}/{catalogue.period}/"):
            if name not in counted:
                self._folder.delete(name)


class _Writer:
    """Writes the parts of a period one after another, each into a file of its own."""

    def __init__(self, folder: Folder, kind: Kind) -> None:
        self._folder = folder
        self._kind = kind
        self._place: tuple[str, int] | None = None
        self._waiting: list[pa.Table] = []
        self._rows = 0
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def write(self, period: str, part: int, rows: pa.Table) -> dict[int, ShelfFile]:
        """Write rows of a part; where another part was written before, that one is whole and given back."""
        finished: dict[int, ShelfFile] = {}
        if self._place != (period, part):
            finished = self.finish()
            self._place = (period, part)
            self._spool = self._open.enter_context(self._folder.spool())
            self._parquet = pq.ParquetWriter(
                self._spool, self._kind.schema, compression="zstd", store_schema=False, write_page_index=False
            )
        self._waiting.append(rows)
        self._rows += rows.num_rows
        self._write_groups(ROWS_PER_GROUP)
        return finished

    def finish(self) -> dict[int, ShelfFile]:
        """End the part that is being written, if any."""
        if self._place is None:
            return {}
        period, part = self._place
        self._write_groups(1)
        self._parquet.close()
        self._spool.seek(0)
        digest = hashed(iter(partial(self._spool.read, BLOCK_BYTES), b"")).digest
        label = f"{self._kind.part_name(part)}-{digest[:_SHORT]}.parquet"
        name = f"sea/{self._kind.name}/{period}/{label}"
        self._folder.move_in(self._spool, name, overwrite=True)
        finished = {part: ShelfFile(name=name, rows=self._rows)}
        self._open.close()
        self._place, self._rows = None, 0
        return finished

    def _write_groups(self, least: int) -> None:
        """Write row groups of one size, so that the bytes do not depend on the pieces in which the rows came."""
        waiting = sum(piece.num_rows for piece in self._waiting)
        if waiting < least:
            return
        table = pa.concat_tables(self._waiting).combine_chunks()
        whole = waiting if least == 1 else waiting - waiting % ROWS_PER_GROUP
        for start in range(0, whole, ROWS_PER_GROUP):
            self._parquet.write_table(
                table.slice(start, min(ROWS_PER_GROUP, whole - start)), row_group_size=ROWS_PER_GROUP
            )
        self._waiting = [table.slice(whole)] if whole < waiting else []


def read_groups(folder: Folder, name: str) -> Iterator[pa.Table]:
    """The rows of a Parquet file, one row group at a time.

    Raises:
        EvidenceError: it is not there, or damaged.
    """
    with _reading(folder, name), _opened(folder, name) as file:
        for index in range(file.num_row_groups):
            yield file.read_row_group(index, use_threads=False)


def count_rows(folder: Folder, name: str) -> int:
    """How many rows a Parquet file holds. Raises as `read_groups` does."""
    with _reading(folder, name), _opened(folder, name) as file:
        count: int = file.metadata.num_rows
    return count


def _opened(folder: Folder, name: str) -> Any:  # Any: pyarrow ships no types
    folder.size(name)  # an absent file is said in words
    path = folder.local_path(name)
    return pq.ParquetFile(pa.BufferReader(folder.read(name)) if path is None else path, pre_buffer=False)


@contextmanager
def _reading(folder: Folder, name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowInvalid, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise EvidenceError(f"a table cannot be read: {reason}", where=folder.url(name), remedy=_REMEDY) from error
