"""The intake: a file of positions becomes an exhibit, is read by its source, and lands in the lake."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, cast

from bongsu.evidence import Capture, ExhibitStore, own_file, read_own_file
from bongsu.evidence.exhibit import BLOCK_BYTES, hashed
from bongsu.kernel.canonical import digest
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.sea.cards import Source, recognise, source, source_from, sources
from bongsu.sea.journal import Journal
from bongsu.sea.lake import Lake
from bongsu.sea.model import Batch
from bongsu.sea.packing import content_of, is_parquet, opened

_START_BYTES: Final = 2**16
_FETCH: Final = "fetch the file again from the publisher"
_MOST_MAPPING: Final = 2**20
#: The source whose reader takes a mapping.
COLUMNS: Final = "columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What a person says of the columns of their files.

    Args:
        source: the card they wrote, with the reader of tables.
        content: the file.
    """

    source: Source
    content: bytes

    @property
    def digest(self) -> str:
        """Its SHA-256."""
        return digest(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a file.

    Args:
        path: the file.
        source: the source it was read as.
        exhibit: the SHA-256 of its bytes.
        size: how many there are.
        from_line: the line with which this import went on; None where it had been done before.
        journal: what became of its lines.
        surprise: why the file is unlike its source, in a sentence; None where it is not.
    """

    path: Path
    source: Source
    exhibit: str
    size: int
    from_line: int | None
    journal: Journal
    surprise: str | None


def mapping_from(path: Path) -> Mapping:
    """The mapping of a file.

    Raises:
        UsageError: it cannot be read.
        CardError: it says something unknown.
    """
    content = read_own_file(path, limit_bytes=_MOST_MAPPING)
    return Mapping(source=source_from(content, name=COLUMNS, where=str(path)), content=content)


def source_of(path: Path, source_id: str | None) -> Source:
    """The source that a file is of.

    Args:
        path: the file, packed or not.
        source_id: what a person says; None to go by its first bytes.

    Raises:
        UsageError: it cannot be read, is not recognised, or is plainly another's than the one named.
        SourceRefusedError: it is empty or corrupt.
    """
    with own_file(path) as stream:
        start = _start(stream, path)
    if not start:
        raise SourceRefusedError("is empty", where=str(path), remedy=_FETCH)
    if source_id is None:
        return recognise(start, where=str(path))
    named = source(source_id)
    looks = [each.card.id for each in sources().values() if each.reader.recognises(start)]
    if looks and source_id not in looks:
        raise UsageError(
            f"looks like {' or '.join(looks)}, not {source_id}",
            where=str(path),
            remedy=f"leave --source out, or say --source {looks[0]}",
        )
    return named


def take_in(
    path: Path,
    source: Source,
    *,
    exhibits: ExhibitStore,
    lake: Lake,
    now: datetime,
    tool: str,
    mapping: Mapping | None = None,
    at: datetime | None = None,
    world: str = "",
    origin: str | None = None,
    read: Callable[[int], None] | None = None,
    landed: Callable[[int], None] | None = None,
) -> Taken:
    """Take a file in: its bytes are kept before they are read, and an import that was interrupted goes on.

    Args:
        path: the file.
        source: what it is of.
        exhibits: where its bytes are kept; the caller holds the folder's `exclusive()`.
        lake: where its rows land.
        now: the clock.
        tool: who works, such as `bongsu 0.1.0`.
        mapping: what its columns mean, where `source` is that of a mapping.
        at: the time of reports that bear none; None where nobody knows.
        world: `sandbox` where the whole file is invented.
        origin: the address its bytes came from; None where the file itself is what came.
        read: told of the bytes of the exhibit read so far.
        landed: told of the lines that landed so far.

    Raises:
        SourceRefusedError: it is structurally unsound; nothing of it stays in the lake.
        UsageError: it cannot be read, or was imported in another way.
        EvidenceError: the store cannot be written or is damaged.
    """
    card = source.card
    reading = _reading(mapping, at, world)
    exhibit, size = _kept(path, card.id, exhibits, lake, now, tool, origin)
    from_line = lake.next_line(exhibit, source=card.id, reading=reading)
    if mapping is not None and from_line == 1:
        capture = Capture(source=card.id, part="mapping", url=path.name, retrieved_at=now, tool=tool)
        exhibits.receive(mapping.content, capture)
    told = None if landed is None else lambda batch: landed(batch.last_line)
    clock = lake.clock(exhibit) or now
    land = partial(lake.land, exhibit=exhibit, source=card.id, reading=reading, clock=clock, landed=told)
    reader = partial(source.read, exhibit=exhibit, clock=clock, from_line=from_line or 1, at=at, world=world)
    try:
        journal = land(()) if from_line is None else _landed(exhibits, exhibit, reader, land, read)
    except SourceRefusedError as error:
        lake.abandon(exhibit)
        raise _refused(error, path) from None
    surprise = card.surprise(journal.counted)
    return Taken(
        path=path, source=source, exhibit=exhibit, size=size, from_line=from_line, journal=journal, surprise=surprise
    )


def _landed(
    exhibits: ExhibitStore,
    exhibit: str,
    reader: Callable[[BinaryIO], Iterable[Batch]],
    land: Callable[[Iterable[Batch]], Journal],
    read: Callable[[int], None] | None,
) -> Journal:
    """The journal of an exhibit that was read and has landed."""
    with exhibits.open(exhibit) as stream:
        return land(reader(content_of(cast(BinaryIO, _Counting(stream, read or (lambda _: None))))))


def _refused(error: SourceRefusedError, path: Path) -> SourceRefusedError:
    where = str(path) if error.where is None else f"{path}, {error.where}"
    return SourceRefusedError(error.what, where=where, remedy=error.remedy)


def _reading(mapping: Mapping | None, at: datetime | None, world: str) -> str:
    """All that a reader is told beside the bytes; the empty text where that is nothing."""
    told = {"mapping": mapping and mapping.digest, "at": at and stamp(at), "world": world}
    return ", ".join(f"{name} {value}" for name, value in told.items() if value)


def _kept(
    path: Path, source_id: str, exhibits: ExhibitStore, lake: Lake, now: datetime, tool: str, origin: str | None
) -> tuple[str, int]:
    """The exhibit of a file's bytes and their number; one whose import was begun has been received already."""
    with own_file(path) as stream:
        found = hashed(iter(partial(stream.read, BLOCK_BYTES), b""))
        if not found.size:
            raise SourceRefusedError("is empty", where=str(path), remedy=_FETCH)
        if not (lake.is_begun(found.digest) and exhibits.is_sound(found.digest)):
            stream.seek(0)
            capture = Capture(source=source_id, url=origin or str(path), retrieved_at=now, tool=tool)
            found = exhibits.receive(stream, capture)
    return found.digest, found.size


def _start(stream: BinaryIO, path: Path) -> bytes:
    """The first bytes of what a file holds."""
    if is_parquet(stream):
        return stream.read(_START_BYTES)
    try:
        return opened(stream).peek(_START_BYTES)
    except SourceRefusedError as error:
        raise _refused(error, path) from None


class _Counting(io.RawIOBase):
    """A stream that tells how far it has been read."""

    def __init__(self, stream: BinaryIO, told: Callable[[int], None]) -> None:
        self._stream = stream
        self._told = told

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        content = self._stream.read(-1 if size is None else size)
        self._told(self._stream.tell())
        return content
