"""The journal of an import: how far an exhibit has been read, and what became of its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self, TypeAlias

from bongsu.evidence import Folder
from bongsu.evidence.sealing import sealed, unsealed
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import EvidenceError
from bongsu.sea.cleaning import NOTES
from bongsu.sea.model import Batch, SetAside

#: The parts of each period that have rows, such as the coarse cells of a day; both sorted.
Parts: TypeAlias = Mapping[str, tuple[int, ...]]

FOLDER: Final = "sea/imports/"
KEPT_SET_ASIDE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """How far the import of one exhibit has come. What it says is on the disk, whatever kills us.

    Args:
        exhibit: its SHA-256.
        source: the source whose reader reads it.
        reading: what else the reader was told, such as the digest of a column mapping; the empty text where nothing.
        clock: the latest moment that was not the future when it began (ISO 8601), so that it goes on by the same rules;
            the empty text where nobody said.
        last_line: the last line that is accounted for; 0 before the first.
        counted: what became of the lines up to it, as in `Batch.counted`.
        set_aside: the first hundred records that were not taken.
        landed: files of rows not yet on their shelves, by kind.
        parts: the periods and parts that have rows of the exhibit, by kind.
        rows: how many rows went to the shelves, by kind; empty before the import is done.
        done: whether every line is accounted for and every row on its shelf.
    """

    exhibit: str
    source: str
    reading: str = ""
    clock: str = ""
    last_line: int = 0
    counted: Mapping[str, int] = field(default_factory=dict)
    set_aside: tuple[SetAside, ...] = ()
    landed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, Parts] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    done: bool = False

    @property
    def name(self) -> str:
        """Where the store keeps it."""
        return name_of(self.exhibit)

    def lines(self) -> int:
        """How many lines its counts account for."""
        return lines_in(self.counted)

    def with_batch(self, batch: Batch, landed: Mapping[str, str], parts: Mapping[str, Parts]) -> Self:
        """The journal after one more batch.

        Args:
            batch: the next lines.
            landed: the file of its rows, by kind.
            parts: the periods and parts of its rows, by kind.

        Raises:
            ValueError: it does not follow, or accounts for more lines than there are. Fewer are no error yet: a message
                whose parts stand in several lines is counted when it is whole.
        """
        lines = self.lines() + lines_in(batch.counted)
        if not self.last_line < batch.last_line >= lines:
            raise ValueError(
                f"a batch that ends with line {batch.last_line} follows line {self.last_line} and makes {lines} lines"
            )
        return replace(
            self,
            last_line=batch.last_line,
            counted=dict(Counter(self.counted) + Counter(batch.counted)),
            set_aside=(*self.set_aside, *batch.set_aside)[:KEPT_SET_ASIDE],
            landed={kind: (*self.landed.get(kind, ()), name) for kind, name in landed.items()}
            | {kind: names for kind, names in self.landed.items() if kind not in landed},
            parts={kind: _joined(self.parts.get(kind, {}), parts.get(kind, {})) for kind in {*self.parts, *parts}},
        )

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "exhibit": self.exhibit,
            "source": self.source,
            "reading": self.reading,
            "clock": self.clock,
            "last_line": self.last_line,
            "counted": dict(self.counted),
            "set_aside": [[row.line, row.field, row.reason, row.value] for row in self.set_aside],
            "landed": {kind: list(names) for kind, names in self.landed.items()},
            "parts": {kind: {period: list(names) for period, names in of.items()} for kind, of in self.parts.items()},
            "rows": dict(self.rows),
            "done": self.done,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:  # Any: JSON of our own making, under its seal
        """A journal from its JSON form."""
        return cls(
            exhibit=record["exhibit"],
            source=record["source"],
            reading=record["reading"],
            clock=record["clock"],
            last_line=record["last_line"],
            counted=record["counted"],
            set_aside=tuple(
                SetAside(line=line, field=field, reason=reason, value=value)
                for line, field, reason, value in record["set_aside"]
            ),
            landed={kind: tuple(names) for kind, names in record["landed"].items()},
            parts={
                kind: {period: tuple(names) for period, names in of.items()} for kind, of in record["parts"].items()
            },
            rows=record["rows"],
            done=record["done"],
        )


def name_of(exhibit: str) -> str:
    """Where the store keeps the journal of an exhibit's import."""
    return f"{FOLDER}{exhibit}.json"


def lines_in(counted: Mapping[str, int]) -> int:
    """How many lines some counts account for."""
    return sum(count for words, count in counted.items() if not words.startswith(NOTES))


def load(folder: Folder, exhibit: str) -> Journal | None:
    """The journal of an exhibit's import; None where none was begun.

    Raises:
        EvidenceError: it is not as written.
    """
    name = name_of(exhibit)
    if not folder.exists(name):
        return None
    record = unsealed(folder, name)
    if record is None:
        raise EvidenceError(
            "the journal of an import is not as written",
            where=folder.url(name),
            remedy="restore it from a backup, or take the folder sea/ away and import the exhibits anew",
        )
    return Journal.from_record(record)


def save(folder: Folder, journal: Journal) -> None:
    """Write a journal: on the disk when this returns."""
    folder.replace(journal.name, sealed(journal.record()))


def _joined(parts: Parts, more: Parts) -> Parts:
    return {
        period: tuple(sorted({*parts.get(period, ()), *more.get(period, ())})) for period in sorted({*parts, *more})
    }
