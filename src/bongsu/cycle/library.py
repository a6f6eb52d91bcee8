"""The library: copies read once, each kept on the register's shelf under the digest of the code that read it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Final, Protocol

from bongsu.cycle.version import code_digest
from bongsu.evidence import Folder
from bongsu.evidence.sealing import sealed, unsealed
from bongsu.kernel.canonical import digest
from bongsu.lists import register
from bongsu.lists.acceptance import Size
from bongsu.lists.cards import Source, source
from bongsu.lists.changes import Change, change_from_record, compare
from bongsu.lists.model import Part, Reading, SetAside, Statement, Tally
from bongsu.lists.register import Copy
from bongsu.sandbox import SANDBOX_LIST, sandbox_source

COPIES_AT_HAND: Final = 6  # of about 70 MB each for OFAC's list


class Exhibits(Protocol):
    """Where the bytes of an exhibit come from."""

    def read(self, digest: str) -> bytes:
        """The bytes, verified."""

    def open(self, digest: str) -> AbstractContextManager[BinaryIO]:
        """The bytes as a stream that can be rewound, all verified before the first is given out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCopy:
    """A good copy and what was read of it.

    Args:
        said: how many statements each part gave, by the part's name, sorted.
    """

    copy: Copy
    tally: Tally
    set_aside: tuple[SetAside, ...]
    parts_missing: tuple[str, ...]
    said: tuple[tuple[str, int], ...]

    @property
    def size(self) -> Size:
        """How much it holds."""
        return Size(tally=self.tally, parts_missing=self.parts_missing, said=self.said)


def source_of(list_id: str) -> Source:
    """The source of a list, the sandbox's included."""
    return sandbox_source() if list_id == SANDBOX_LIST else source(list_id)


class Library:
    """Copies read once: the register keeps what was read, under the digest of the code that read it.

    The register holds what was read, refused copies too; which of them count, a cycle's manifest says. Statements are
    fetched when they are asked for, a few copies at a time, so that years of daily copies need no more memory than two.

    Args:
        exhibits: where bytes come from.
        shelf: where the register's files are kept, or None to read everything from the bytes (to reproduce).
    """

    def __init__(self, exhibits: Exhibits, shelf: Folder | None) -> None:
        self._exhibits = exhibits
        self._shelf = shelf
        self._reader_version = code_digest(("kernel/", "lists/", "tables/", "cycle/library.py"))
        self._at_hand: OrderedDict[str, tuple[Statement, ...]] = OrderedDict()

    @property
    def shelf(self) -> Folder | None:
        """Where the register's files are kept; None where everything is read from the bytes."""
        return self._shelf

    def register_file(self, copy: Copy) -> str:
        """The register's file for a copy, whole: read anew from the exhibits where it is absent or not as written.

        Raises:
            SourceRefusedError: the reader of today refuses the copy.
            EvidenceError: the file must be made anew, and the copy's bytes are absent or damaged.
        """
        name = self._register_name(copy)
        if not self._is_whole(name):
            self.keep(copy, self.read(copy.list_id, copy.parts))
        return name

    def holds(self, copy: Copy) -> bool:
        """Whether the register serves a copy without its bytes being read again."""
        return self._shelved(f"{self._register_name(copy)}.json") is not None

    def read(self, list_id: str, parts: Sequence[register.CopyPart]) -> Reading:
        """What the bytes of some parts say, read anew.

        Raises:
            SourceRefusedError: they are structurally unsound.
            EvidenceError: they are absent or damaged.
        """
        given = (
            Part(name=part.name, exhibit=part.exhibit, content=self._exhibits.read(part.exhibit)) for part in parts
        )
        return source_of(list_id).read(tuple(given))

    def exhibit(self, digest: str) -> bytes:
        """The bytes of an exhibit.

        Raises:
            EvidenceError: they are absent or damaged.
        """
        return self._exhibits.read(digest)

    def open(self, digest: str) -> AbstractContextManager[BinaryIO]:
        """The bytes of an exhibit too large for memory, as a stream that can be rewound.

        All are hashed before the first is given out: what is read of them is never of other bytes, and a reader may
        jump, or stop before their end.

        Raises:
            EvidenceError: they are absent or damaged.
        """
        return self._exhibits.open(digest)

    def keep(self, copy: Copy, reading: Reading) -> ReadCopy:
        """What was read, put on the shelf. The summary comes last: its presence says that the statements are whole."""
        read = ReadCopy(
            copy=copy,
            tally=reading.tally,
            set_aside=reading.set_aside,
            parts_missing=reading.parts_missing,
            said=reading.said,
        )
        self._hold(copy, reading.statements)
        name = self._register_name(copy)
        if self._shelf is not None and self._shelved(f"{name}.json") is None:
            stored = register.store(self._shelf, copy, reading.statements, self._reader_version)
            self._shelf.replace(f"{name}.json", sealed({**_summary(read), "register": stored}))
        return read

    def read_copy(self, copy: Copy) -> ReadCopy:
        """A copy that was accepted before: from the register where this very code read it, else from the bytes.

        Raises:
            SourceRefusedError: the reader of today refuses it.
            EvidenceError: its bytes are absent or damaged.
        """
        summary = self._shelved(f"{self._register_name(copy)}.json")
        if summary is None:
            return self.keep(copy, self.read(copy.list_id, copy.parts))
        return ReadCopy(
            copy=copy,
            tally=Tally(**summary["tally"]),
            set_aside=tuple(SetAside(**row) for row in summary["set_aside"]),
            parts_missing=tuple(summary["parts_missing"]),
            said=tuple(sorted(summary["said"].items())),
        )

    def statements(self, copy: Copy) -> tuple[Statement, ...]:
        """What a copy says, in the order of the file."""
        found = self._at_hand.get(copy.id)
        if found is None:
            found = self._loaded(copy)
        if found is None:
            reading = self.read(copy.list_id, copy.parts)
            self.keep(copy, reading)
            found = reading.statements
        return self._hold(copy, found)

    def changes(self, old: Copy, new: Copy) -> tuple[Change, ...]:
        """What differs between two copies of a list; compared once and kept."""
        name = f"register/{old.list_id}/steps/{old.key}-to-{new.key}-{self._reader_version[: register.SHORT]}.json"
        shelved = self._shelved(name)
        if shelved is not None:
            return tuple(change_from_record(row) for row in shelved)
        found = compare(self.statements(old), self.statements(new))
        if self._shelf is not None:
            self._shelf.replace(name, sealed([change.record() for change in found]))
        return found

    def _register_name(self, copy: Copy) -> str:
        """The register's file for a copy."""
        return register.file_name(copy, self._reader_version)

    def _loaded(self, copy: Copy) -> tuple[Statement, ...] | None:
        """The register's statements of a copy; None where they are absent or damaged, and so read from the bytes."""
        name = self._register_name(copy)
        if self._shelf is None or not self._is_whole(name):
            return None
        return register.load(self._shelf, name)

    def _is_whole(self, name: str) -> bool:
        """Whether a register file is as its summary says; if not, the summary goes, so that both are made anew."""
        if self._shelf is None or self._shelved(f"{name}.json") is None:
            return False
        if _agrees(self._shelf, name):
            return True
        self._shelf.delete(f"{name}.json")
        return False

    def _shelved(self, name: str) -> Any | None:  # Any: JSON of our own making
        """What a file of the register says; None where it is absent or not as written: it is made anew then."""
        return None if self._shelf is None else unsealed(self._shelf, name)

    def _hold(self, copy: Copy, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        self._at_hand[copy.id] = statements
        self._at_hand.move_to_end(copy.id)
        while len(self._at_hand) > COPIES_AT_HAND:
            self._at_hand.popitem(last=False)
        return statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The state of the register, which is made from the exhibits and can be made anew.

    Args:
        checked: how many files were hashed.
        damaged: those that are not as they were written, by name; the next that needs one makes it anew.
    """

    checked: int
    damaged: tuple[str, ...]


def inspect_register(folder: Folder) -> Shelf:
    """Hash every file of the register. Changes nothing.

    A table without a summary is what a process left that was killed in between: it counts as no damage.

    Raises:
        EvidenceError: the store cannot be listed.
    """
    names = folder.names("register/")
    summaries = [name for name in names if name.endswith(".json")]
    damaged = [name for name in summaries if unsealed(folder, name) is None]
    tables = [name.removesuffix(".json") for name in summaries if name.endswith(".parquet.json")]
    damaged += [table for table in tables if f"{table}.json" not in damaged and not _agrees(folder, table)]
    return Shelf(checked=len(summaries) + len(tables), damaged=tuple(sorted(damaged)))


def _agrees(folder: Folder, table: str) -> bool:
    """Whether a table of the register has the digest its summary names."""
    summary = unsealed(folder, f"{table}.json")
    named = summary.get("register") if isinstance(summary, dict) else None
    return folder.exists(table) and digest(folder.read(table)) == named


def _summary(read: ReadCopy) -> dict[str, Any]:
    return {
        "tally": asdict(read.tally),
        "set_aside": [asdict(row) for row in read.set_aside],
        "parts_missing": list(read.parts_missing),
        "said": dict(read.said),
    }
