"""The exhibit store: bytes kept for ever under their SHA-256, and the log of all that happened to them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from bongsu.evidence.capture import Capture
from bongsu.evidence.custody import CustodyEntry, CustodyEvent, CustodyLog, Damage
from bongsu.evidence.exhibit import BLOCK_BYTES, Exhibit, hashed, name_of, seen_by
from bongsu.evidence.folder import Folder
from bongsu.evidence.inspection import Scrub, inspect, inspected
from bongsu.evidence.local import temporary_file
from bongsu.evidence.media import START_BYTES, guess_media_type
from bongsu.evidence.own_file import place_own_file, taken
from bongsu.evidence.redaction import redacted_text
from bongsu.evidence.unpack import not_unpacked_from
from bongsu.kernel.canonical import JsonValue, canonical_json, digest_of, is_digest
from bongsu.kernel.canonical import digest as digest_of_bytes
from bongsu.kernel.errors import EvidenceError, UsageError

_RESTORE: Final = "receive the same file again, or copy it from a backup or a member's mirror"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitRecord:
    """All that is known of one exhibit.

    Args:
        digest: its name.
        size: its length in bytes.
        media_type: what its first bytes look like.
        entries: what the custody log says of it, in the log's order.
        parents: the exhibit it was made from, then the one that was made from, ... to one that was received; empty for
            one that was received itself and never made.
        origins: how those of its parents that were received came, in the log's order.
        set_aside: where damaged bytes are kept whose place its own took, by name.
    """

    digest: str
    size: int
    media_type: str
    entries: tuple[CustodyEntry, ...]
    parents: tuple[str, ...]
    origins: tuple[CustodyEntry, ...]
    set_aside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Bytes that were kept: whether they are new here, and the digest of the damaged ones they took the place of.

    Their SHA-512 names nothing. Should anyone ever make two files of the same SHA-256, the log tells which one came.
    """

    exhibit: Exhibit
    sha512: str
    is_new: bool
    replaced: str | None

    @property
    def measures(self) -> dict[str, JsonValue]:
        """What the log says of the bytes themselves."""
        return {"size": self.exhibit.size, "sha512": self.sha512}

    @property
    def mending(self) -> dict[str, JsonValue]:
        """What the log says of bytes that were mended; nothing where they were sound."""
        return {} if self.replaced is None else {"mended": True, "replaced": self.replaced}


class ExhibitStore:
    """The exhibits of a folder: `exhibits/ab/abcd...`, and the custody log beside them.

    Bytes are on the disk under their name before anything is logged or parsed. A process killed in between leaves a
    sound exhibit that no one has heard of; receiving the same again logs it.

    Args:
        folder: the store.
        tool: who works, such as `bongsu 0.1.0`.

    Attributes:
        mended: the exhibits that this process found damaged or gone and put good bytes in the place of, in order.
    """

    def __init__(self, folder: Folder, *, tool: str) -> None:
        self.folder = folder
        self.custody = CustodyLog(folder)
        self.mended: list[str] = []
        self._tool = tool

    def receive(self, content: bytes | BinaryIO, capture: Capture) -> Exhibit:
        """Keep bytes for ever and log how they came.

        The same bytes received twice are stored once and logged twice. Should the stored copy be damaged, it is set
        aside under `damaged/` and the good bytes take its place.

        Args:
            content: the bytes, or a stream that is read to its end in blocks.
            capture: how they came.

        Raises:
            EvidenceError: they cannot be stored or logged.
        """
        kept = self._keep(content)
        detail: dict[str, JsonValue] = {"capture": capture.record(), **kept.measures, **kept.mending}
        event = CustodyEvent(event="received", exhibit=kept.exhibit.digest, detail=detail)
        self.custody.append([event], at=capture.retrieved_at)
        return kept.exhibit

    def fail(self, capture: Capture) -> None:
        """Log that nothing came.

        Raises:
            EvidenceError: it cannot be logged.
            ValueError: the capture did not fail.
        """
        if capture.status != "failed":
            raise ValueError("only a failed capture can be logged as one")
        self.custody.append([CustodyEvent(event="failed", detail={"capture": capture.record()})], capture.retrieved_at)

    def derive(self, content: bytes | BinaryIO, parent: str, how: str, at: datetime) -> Exhibit:
        """Keep what was made from an exhibit, so that both can be cited and the step repeated.

        Args:
            content: what was made.
            parent: the digest of the exhibit it was made from.
            how: the step, such as `gzip`.
            at: when.

        Returns:
            The exhibit; logged the first time only that this step made it from this parent, and whenever it takes the
            place of bytes that were damaged or gone.

        Raises:
            EvidenceError: the parent is not there, or the store cannot be written.
            UsageError: the parent's name is no digest.
        """
        self._present(parent)
        kept = self._keep(content)
        exhibit = kept.exhibit
        step: dict[str, JsonValue] = {"parent": parent, "how": how}
        mark = f"derived/{exhibit.digest[:2]}/{exhibit.digest}/{digest_of(step)}.json"
        # The mark saves walking the log. It comes after the entry: a kill in between logs the step twice, not never.
        known = self.folder.exists(mark)
        mending: dict[str, JsonValue] = kept.mending
        if known and kept.is_new:  # it was made before, and was gone
            mending = {"mended": True}
            self.mended.append(exhibit.digest)
        if mending or not known:
            detail: dict[str, JsonValue] = {**step, **kept.measures, "tool": self._tool, **mending}
            self.custody.append([CustodyEvent(event="derived", exhibit=exhibit.digest, detail=detail)], at)
            self.folder.write_once(mark, canonical_json(step))
        return exhibit

    def read(self, digest: str) -> bytes:
        """The bytes of an exhibit, hashed once more on reading.

        Raises:
            EvidenceError: absent, or not the bytes that were received.
            UsageError: not a digest.
        """
        content = self.folder.read(self._present(digest))
        if digest_of_bytes(content) != digest:
            raise _damaged(digest)
        return content

    @contextmanager
    def open(self, digest: str) -> Iterator[BinaryIO]:
        """The bytes of an exhibit as a stream, all hashed before the first is given out. Raises as `read` does.

        The file is opened once: another that takes its name in between is not what was hashed, and is not given out.
        """
        name = self._present(digest)
        with ExitStack() as stack:
            stored = stack.enter_context(self.folder.open_read(name))
            # What comes over a network is fetched once: hashed into a local copy and given out from there.
            here = self.folder.local_path(name) is not None
            spool = None if here else stack.enter_context(self.folder.spool())
            if hashed(self.folder.blocks_in(stored, name), spool).digest != digest:
                raise _damaged(digest)
            content = spool or stored
            content.seek(0)
            yield content

    def not_unpacked_from(self, parent: str, digest: str) -> str | None:
        """Why an exhibit is not what another unpacks to, in words; None where it is. The step is repeated.

        Raises:
            EvidenceError: the other is absent or damaged, or the exhibit is absent.
            UsageError: not a digest.
        """
        exhibit = Exhibit(digest=digest, size=self.folder.size(self._present(digest)))
        with self.open(parent) as packed:
            return not_unpacked_from(packed, exhibit)

    def is_sound(self, digest: str) -> bool:
        """Whether an exhibit is there and holds the bytes received: read and hashed now."""
        return isinstance(inspected(self.folder, name_of(digest)), Exhibit)

    def record(self, digest: str) -> ExhibitRecord:
        """All that is known of an exhibit. Walks the whole custody log, twice for one that was made.

        Raises:
            EvidenceError: absent, or the custody log does not hold together.
            UsageError: not a digest.
        """
        name = self._present(digest)
        start = next(self.folder.blocks(name), b"")
        entries: list[CustodyEntry] = []
        parent_of: dict[str, str] = {}
        for entry in self.custody.entries():
            if entry.exhibit == digest:
                entries.append(entry)
            if entry.event == "derived" and entry.exhibit is not None:
                parent_of.setdefault(entry.exhibit, str(entry.detail.get("parent")))
        parents = _ancestors(digest, parent_of)
        received = (entry for entry in self.custody.entries() if entry.event == "received") if parents else ()
        return ExhibitRecord(
            digest=digest,
            size=self.folder.size(name),
            media_type=guess_media_type(start[:START_BYTES]),
            entries=tuple(entries),
            parents=parents,
            origins=tuple(entry for entry in received if entry.exhibit in parents),
            set_aside=tuple(self.folder.names(f"damaged/{digest}/")),
        )

    def export(self, digest: str, target: Path, at: datetime, *, by: str | None, force: bool = False) -> None:
        """Write a verified copy to a local file, and log it. Logged first: no copy leaves unrecorded.

        Args:
            digest: the exhibit.
            target: the file; its directory is there.
            at: when.
            by: who asked, or None where unknown.
            force: whether a file that is there is replaced.

        Raises:
            EvidenceError: absent, damaged, or the log cannot be written.
            UsageError: not a digest, or the file is there already or cannot be written.
        """
        if not force and (target.exists() or target.is_symlink()):
            raise taken(target)
        detail: dict[str, JsonValue] = {"target": redacted_text(str(target)), "by": by, "tool": self._tool}
        event = CustodyEvent(event="exported", exhibit=digest, detail=detail)
        with self.open(digest) as stream:
            try:
                with temporary_file(target.parent) as copy:
                    hashed(iter(partial(stream.read, BLOCK_BYTES), b""), copy)
                    self.custody.append([event], at)
                    placed = place_own_file(copy, target, force=force)
            except OSError as error:
                raise UsageError(f"the copy cannot be written: {error.strerror}", where=str(target)) from error
        if not placed:
            raise taken(target)

    def scrub(
        self,
        at: datetime,
        progress: Callable[[int, int], None] | None = None,
        *,
        anchors: Sequence[tuple[int, str]] = (),
    ) -> Scrub:
        """Read and hash everything, verify the log, clear away what dead processes left, and log that it was done.

        No exhibit is ever deleted. Damage that keeps the log from growing is reported as its damage.

        Args:
            at: when.
            progress: told (exhibits done, exhibits in all) after each.
            anchors: (number, digest) of custody entries known from manifests or members.

        Raises:
            EvidenceError: the store cannot be listed.
        """
        report = inspect(self.folder, self.custody, anchors=anchors, progress=progress)
        try:
            self.custody.append([CustodyEvent(event="scrubbed", detail={**report.record(), "tool": self._tool})], at)
        except EvidenceError as error:
            unlogged = Damage(where=error.where or "custody/", what=f"this inspection cannot be logged: {error.what}")
            return replace(report, custody=(*report.custody, unlogged))
        return report

    def _keep(self, content: bytes | BinaryIO) -> _Kept:
        """Store bytes; a damaged copy in their place is set aside and replaced."""
        if isinstance(content, bytes):
            exhibit = Exhibit(digest=digest_of_bytes(content), size=len(content))
            is_new = self.folder.write_once(exhibit.name, content)
            replaced = None if is_new else self._set_aside_if_damaged(exhibit)
            if replaced is not None:
                self.folder.replace(exhibit.name, content)
            sha512 = hashlib.sha512(content).hexdigest()
            return _Kept(exhibit=exhibit, sha512=sha512, is_new=is_new, replaced=replaced)
        running = hashlib.sha512()
        with self.folder.spool() as spool:
            exhibit = hashed(seen_by(iter(partial(content.read, BLOCK_BYTES), b""), running.update), spool)
            is_new = self.folder.move_in(spool, exhibit.name)
            replaced = None if is_new else self._set_aside_if_damaged(exhibit)
            if replaced is not None:
                self.folder.move_in(spool, exhibit.name, overwrite=True)
            return _Kept(exhibit=exhibit, sha512=running.hexdigest(), is_new=is_new, replaced=replaced)

    def _set_aside_if_damaged(self, exhibit: Exhibit) -> str | None:
        """The digest of the stored copy where it is damaged, and then kept under `damaged/`: how it was changed may
        matter. None where it is sound.
        """
        if hashed(self.folder.blocks(exhibit.name)) == exhibit:
            return None
        with self.folder.spool() as spool:
            found = hashed(self.folder.blocks(exhibit.name), spool)
            self.folder.move_in(spool, f"damaged/{exhibit.digest}/{found.digest}")
        self.mended.append(exhibit.digest)
        return found.digest

    def _present(self, digest: str) -> str:
        """The name of an exhibit that is there.

        Raises:
            EvidenceError: absent.
            UsageError: not a digest.
        """
        if not is_digest(digest):
            remedy = "write the 64 lower-case hexadecimal digits of its SHA-256"
            raise UsageError(f"not the name of an exhibit: {digest!r}", remedy=remedy)
        name = name_of(digest)
        if not self.folder.exists(name):
            raise EvidenceError("there is no such exhibit", where=digest, remedy=_RESTORE)
        return name


def _damaged(digest: str) -> EvidenceError:
    return EvidenceError("damaged: these are not the bytes received", where=digest, remedy=_RESTORE)


def _ancestors(digest: str, parent_of: Mapping[str, str]) -> tuple[str, ...]:
    """The parent, its parent, ...; a circle, which only a forged log holds, ends where it closes."""
    chain: list[str] = []
    while (parent := parent_of.get(digest)) is not None and parent not in chain:
        chain.append(parent)
        digest = parent
    return tuple(chain)
