"""The lake: where positions, identities and published events land, each line of an exhibit once and none twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bongsu.evidence import Folder
from bongsu.kernel.canonical import digest_of
from bongsu.kernel.errors import UsageError
from bongsu.sea import journal as journals
from bongsu.sea.journal import Journal, Parts
from bongsu.sea.kinds import EVENTS, IDENTITIES, KINDS, POSITIONS, Kind, numbers
from bongsu.sea.model import Batch
from bongsu.sea.runs import compressed, said_in_row
from bongsu.sea.shelf import Shelf, count_rows, read_groups
from bongsu.tables.merging import in_order, merged

_LANDING: Final = "sea/landing/"
# 48 runs of 16,384 rows of some 200 bytes: 160 MB are in memory while they are merged.
_MOST_RUNS: Final = 48
_ROWS_IN_MEMORY: Final = 16_384
_ROWS_COMPRESSED: Final = 65_536


class Lake:
    """Ship positions in Parquet, by day and coarse cell, sorted by ship and time; identities by month; events by year.

    A batch is on the disk and in the exhibit's journal before the next is asked for. When the last has come, the rows
    go to their shelves. A process may be killed at any moment: `next_line` says where to go on. The same exhibits make
    the same files, in whatever order and batches they came.

    Whoever lands holds the folder's `exclusive()`.

    Args:
        folder: the store; everything lies below `sea/`.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._shelves = {kind.name: Shelf(folder, kind) for kind in KINDS}

    def next_line(self, exhibit: str, *, source: str, reading: str = "") -> int | None:
        """The line with which the import of an exhibit goes on: 1 at its beginning, None where it is done.

        Args:
            exhibit: its SHA-256.
            source: the source whose reader reads it.
            reading: what else the reader was told, such as the digest of a column mapping.

        Raises:
            UsageError: it was imported otherwise.
            EvidenceError: its journal is damaged.
        """
        journal = self._journal(exhibit, source, reading)
        return None if journal.done else journal.last_line + 1

    def is_begun(self, exhibit: str) -> bool:
        """Whether the import of an exhibit was begun, done or not."""
        return journals.load(self._folder, exhibit) is not None

    def clock(self, exhibit: str) -> datetime | None:
        """The clock with which the import of an exhibit began; None where none was begun, or nobody said.

        Raises:
            EvidenceError: its journal is damaged.
        """
        journal = journals.load(self._folder, exhibit)
        return None if journal is None or not journal.clock else datetime.fromisoformat(journal.clock)

    def land(
        self,
        batches: Iterable[Batch],
        *,
        exhibit: str,
        source: str,
        reading: str = "",
        clock: datetime | None = None,
        landed: Callable[[Batch], None] | None = None,
    ) -> Journal:
        """Take what a reader read of one exhibit, from `next_line` to its end.

        Args:
            batches: in the order of the file. Of an exhibit that is done none is asked for.
            exhibit: its SHA-256.
            source: the source whose reader reads it.
            reading: what else the reader was told.
            clock: the latest moment that is not the future to the reader, aware; kept for when it goes on.
            landed: told of each batch when it is on the disk.

        Returns:
            The journal, done.

        Raises:
            UsageError: the exhibit was imported otherwise.
            EvidenceError: the folder cannot be written, or what it holds is damaged.
            ValueError: a batch does not follow, or has other columns or another exhibit's rows; or the batches together
                do not account for every line.
        """
        journal = self._journal(exhibit, source, reading)
        if journal.done:
            self._clear(journal)  # killed after its last word, it may have left its landing
            return journal
        if clock is not None and not journal.clock:
            journal = replace(journal, clock=clock.isoformat())
        self._clear(journal)
        for batch in batches:
            journal = self._landed(journal, batch)
            journals.save(self._folder, journal)
            if landed is not None:
                landed(batch)
        return self._shelved(journal)

    def abandon(self, exhibit: str) -> None:
        """Forget an import that was begun and is not done, such as of a file that is cut off."""
        journal = journals.load(self._folder, exhibit)
        if journal is not None and not journal.done:
            self._clear(replace(journal, landed={}))
            self._folder.delete(journal.name)

    def imports(self) -> Iterator[Journal]:
        """The journals of all imports, sorted by exhibit."""
        for name in self._folder.names(journals.FOLDER):
            journal = journals.load(self._folder, name.removeprefix(journals.FOLDER).removesuffix(".json"))
            if journal is not None:
                yield journal

    def position_files(self, since: date | None = None, until: date | None = None) -> dict[date, tuple[str, ...]]:
        """The files of each day that has positions, in order.

        Args:
            since: the first day; None for all before `until`.
            until: the last day, included; None for all after `since`.

        Returns:
            Names by day, both sorted. A day's names change when and only when its positions do.
        """
        shelf = self._shelves[POSITIONS.name]
        days = [date.fromisoformat(period) for period in shelf.periods()]
        wanted = [day for day in days if (since is None or day >= since) and (until is None or day <= until)]
        return {
            day: tuple(file.name for file in files.values())
            for day in wanted
            if (files := shelf.catalogue(day.isoformat()).files)
        }

    def identity_files(self) -> tuple[str, ...]:
        """The files of all identities, by month."""
        return self._files(IDENTITIES)

    def event_files(self) -> tuple[str, ...]:
        """The files of all published events, by year."""
        return self._files(EVENTS)

    def counts(self) -> dict[str, int]:
        """How many `positions`, `identities`, `events`, `days` with positions, and `exhibits` with any of these."""
        found: dict[str, int] = {}
        exhibits: set[str] = set()
        for name, shelf in self._shelves.items():
            catalogues = [shelf.catalogue(period) for period in shelf.periods()]
            found[name] = sum(file.rows for catalogue in catalogues for file in catalogue.files.values())
            exhibits.update(*(catalogue.exhibits for catalogue in catalogues))
        days = len(self._shelves[POSITIONS.name].periods())
        return {**found, "days": days, "exhibits": len(exhibits)}

    def exhibits(self) -> frozenset[str]:
        """The exhibits with positions or identities on the shelves; of one whose import is not done, some may be."""
        shelves = (self._shelves[kind.name] for kind in (POSITIONS, IDENTITIES))
        return frozenset().union(*(shelf.catalogue(period).exhibits for shelf in shelves for period in shelf.periods()))

    def digest(self) -> str:
        """One digest for everything that lies on the shelves."""
        return digest_of({kind.name: list(self._files(kind)) for kind in KINDS})

    def _files(self, kind: Kind) -> tuple[str, ...]:
        shelf = self._shelves[kind.name]
        return tuple(file.name for period in shelf.periods() for file in shelf.catalogue(period).files.values())

    def _journal(self, exhibit: str, source: str, reading: str) -> Journal:
        journal = journals.load(self._folder, exhibit)
        if journal is None:
            return Journal(exhibit=exhibit, source=source, reading=reading)
        if (journal.source, journal.reading) != (source, reading):
            how = ", ".join(filter(None, (journal.source, journal.reading)))
            remedy = "import it the same way, or into another store"
            raise UsageError(f"was imported as {how}", where=exhibit, remedy=remedy)
        return journal

    def _landed(self, journal: Journal, batch: Batch) -> Journal:
        """Write the rows of a batch, and say where they lie."""
        names: dict[str, str] = {}
        parts: dict[str, Parts] = {}
        for kind, table in ((POSITIONS, batch.positions), (IDENTITIES, batch.identities), (EVENTS, batch.events)):
            if table is None or table.num_rows == 0:
                continue
            _expect_rows(table, kind, journal.exhibit)
            rows = compressed(table) if kind is IDENTITIES else in_order(table, kind.keys_of)
            parts[kind.name] = kind.parts_in(rows)
            names[kind.name] = self._write_run(journal.exhibit, f"{kind.name}-{batch.last_line:012}", [rows], kind)
        return journal.with_batch(batch, names, parts)

    def _shelved(self, journal: Journal) -> Journal:
        """Bring the landed rows to their shelves, and clear the landing."""
        if journal.lines() != journal.last_line:
            raise ValueError(f"the batches account for {journal.lines()} of {journal.last_line} lines")
        rows: dict[str, int] = {}
        for kind in KINDS:
            names = list(journal.landed.get(kind.name, ()))
            if kind is IDENTITIES:
                names = self._compressed(journal.exhibit, names)
            names = self._few(journal.exhibit, names, kind)
            rows[kind.name] = sum(count_rows(self._folder, name) for name in names)
            runs = [read_groups(self._folder, name) for name in names]
            self._shelves[kind.name].add(journal.exhibit, runs, journal.parts.get(kind.name, {}))
        done = replace(journal, landed={}, rows=rows, done=True)
        journals.save(self._folder, done)
        self._clear(done)
        return done

    def _compressed(self, exhibit: str, names: list[str]) -> list[str]:
        """Runs of identities whose equal reports in a row are one, also where they came in different batches."""
        made: list[str] = []
        waiting: pa.Table | None = None
        for table in merged([read_groups(self._folder, name) for name in names], said_in_row):
            waiting = table if waiting is None else pa.concat_tables([waiting, table])
            if waiting.num_rows >= _ROWS_COMPRESSED:
                ships = numbers(waiting, "mmsi")
                cut = int((ships != ships[-1]).sum())  # the last ship may have more to come
                if cut:
                    made.append(self._write_identities(exhibit, len(made), waiting.slice(0, cut)))
                    waiting = waiting.slice(cut)
        if waiting is not None:
            made.append(self._write_identities(exhibit, len(made), waiting))
        return made

    def _write_identities(self, exhibit: str, number: int, table: pa.Table) -> str:
        rows = in_order(compressed(table), IDENTITIES.keys_of)
        return self._write_run(exhibit, f"compressed-{number:06}", [rows], IDENTITIES)

    def _few(self, exhibit: str, names: list[str], kind: Kind) -> list[str]:
        """So few runs that one table of each fits the memory together."""
        number = 0
        while len(names) > _MOST_RUNS:
            some, names = names[:_MOST_RUNS], names[_MOST_RUNS:]
            together = merged([read_groups(self._folder, name) for name in some], kind.keys_of)
            names.append(self._write_run(exhibit, f"{kind.name}-merged-{number:06}", together, kind))
            number += 1
        return names

    def _write_run(self, exhibit: str, label: str, tables: Iterable[pa.Table], kind: Kind) -> str:
        name = f"{_LANDING}{exhibit}/{label}.parquet"
        with self._folder.spool() as spool:
            with pq.ParquetWriter(spool, kind.schema, compression="zstd", store_schema=False) as writer:
                for table in tables:
                    writer.write_table(table, row_group_size=_ROWS_IN_MEMORY)
            self._folder.move_in(spool, name, overwrite=True)
        return name

    def _clear(self, journal: Journal) -> None:
        """Take away what lies in the landing and is not in the journal: a killed process left it, or it is shelved."""
        kept = {name for names in journal.landed.values() for name in names}
        for name in self._folder.names(f"{_LANDING}{journal.exhibit}/"):
            if name not in kept:
                self._folder.delete(name)


def _expect_rows(table: pa.Table, kind: Kind, exhibit: str) -> None:
    """Be sure that rows are of a kind and of an exhibit: whoever made others has a defect.

    Raises:
        ValueError: they are not.
    """
    if not table.schema.equals(kind.schema):
        raise ValueError(f"{kind.name} have the columns {table.schema}; {kind.schema} are meant")
    empty = [field.name for field in kind.schema if not field.nullable and table.column(field.name).null_count]
    if empty:
        raise ValueError(f"{kind.name} lack {', '.join(empty)}")
    if not pc.all(pc.equal(table.column("exhibit"), exhibit)).as_py():
        raise ValueError(f"{kind.name} of another exhibit than {exhibit}")
