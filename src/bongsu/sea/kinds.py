"""Kinds: how positions, identities and published events are laid out on their shelves, by period and part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE
from bongsu.sea.journal import Parts
from bongsu.sea.model import Identity, Position, PublishedEvent
from bongsu.tables import schema_of
from bongsu.tables.merging import Keys

Numbers: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]

DEGREES_PER_PART: Final = 10
_PARTS_AROUND: Final = 360 // DEGREES_PER_PART
_CELLS_PER_PART: Final = CELLS_PER_DEGREE * DEGREES_PER_PART
_FIRST_DIGITS: Final = 15  # of an exhibit's digest: as a number they fit 64 bits, and sort as the digest does


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One sort of rows and where each of them lies.

    Args:
        name: `positions`, `identities` or `events`.
        record: the dataclass of the rows.
        unit: of the periods: days, months or years, so that no period has only a handful of rows.
        time: the column that says in which period a row lies.
        by: whole-number columns and times that sort the rows of a part; exhibit and row come after them.
        parts_of: the part of each row.
        part_name: how a part is called in the name of its file.
    """

    name: str
    record: type
    unit: Literal["D", "M", "Y"]
    time: str
    by: tuple[str, ...]
    parts_of: Callable[[pa.Table], Numbers]
    part_name: Callable[[int], str]

    @property
    def schema(self) -> pa.Schema:
        """The columns."""
        return schema_of(self.record)

    def keys_of(self, table: pa.Table) -> Keys:
        """What sorts the rows of all periods and parts; exhibit and row at the end tell any two apart."""
        exhibits = table.column("exhibit").combine_chunks().dictionary_encode()
        digests = np.array([int(text[:_FIRST_DIGITS], 16) for text in exhibits.dictionary.to_pylist()], dtype=np.int64)
        return (
            *self.places_of(table),
            *(numbers(table, name) for name in self.by),
            digests[exhibits.indices.to_numpy()] if len(digests) else np.zeros(0, dtype=np.int64),
            numbers(table, "row"),
        )

    def places_of(self, table: pa.Table) -> tuple[Numbers, Numbers]:
        """The period and the part of each row, as numbers."""
        times = numbers(table, self.time).astype("datetime64[us]")
        return times.astype(f"datetime64[{self.unit}]").astype(np.int64), self.parts_of(table)

    def parts_in(self, table: pa.Table) -> Parts:
        """The parts that have rows, by period."""
        periods, parts = self.places_of(table)
        found: dict[str, tuple[int, ...]] = {}
        for period in np.unique(periods).tolist():
            found[self.period_name(period)] = tuple(np.unique(parts[periods == period]).tolist())
        return found

    def period_name(self, period: int) -> str:
        """A period as ISO 8601 writes it: `2026-01-02`, `2026-01` or `2026`."""
        return str(np.datetime64(period, self.unit))


def numbers(table: pa.Table, name: str) -> Numbers:
    """A column of whole numbers, or of times as microseconds since 1970."""
    found: Numbers = pc.fill_null(table.column(name).cast(pa.int64()), -1).to_numpy()
    return found


def _coarse_cells(table: pa.Table) -> Numbers:
    cells = numbers(table, "cell")
    return cells // CELLS_AROUND // _CELLS_PER_PART * _PARTS_AROUND + cells % CELLS_AROUND // _CELLS_PER_PART


def _corner_name(part: int) -> str:
    """The south-west corner of a coarse cell: `N30E120`."""
    row, column = divmod(part, _PARTS_AROUND)
    south, west = row * DEGREES_PER_PART - 90, column * DEGREES_PER_PART - 180
    return f"{'N' if south >= 0 else 'S'}{abs(south):02}{'E' if west >= 0 else 'W'}{abs(west):03}"


def _one_part(table: pa.Table) -> Numbers:
    return np.zeros(table.num_rows, dtype=np.int64)


def _all(part: int) -> str:
    del part
    return "all"


POSITIONS: Final = Kind(
    name="positions",
    record=Position,
    unit="D",
    time="at",
    by=("mmsi", "at"),
    parts_of=_coarse_cells,
    part_name=_corner_name,
)
IDENTITIES: Final = Kind(
    name="identities",
    record=Identity,
    unit="M",
    time="first_at",
    by=("mmsi", "first_at"),
    parts_of=_one_part,
    part_name=_all,
)
EVENTS: Final = Kind(
    name="events",
    record=PublishedEvent,
    unit="Y",
    time="first_at",
    by=("first_at",),
    parts_of=_one_part,
    part_name=_all,
)
KINDS: Final = (POSITIONS, IDENTITIES, EVENTS)
