"""A folder: named bytes on any file system fsspec reaches, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, Final, Self

from bongsu.evidence.drive import Drive
from bongsu.evidence.local import LOCK, TEMPORARY
from bongsu.kernel.errors import BusyError, EvidenceError

_BLOCK_BYTES: Final = 2**20


class Folder:
    """One folder on one file system. Names are relative, with `/` between their parts.

    A process may be killed at any moment: each name holds all of what was written to it, or what it held before.
    Several processes may write at once: `write_once` lets exactly one of them win.
    """

    def __init__(self, drive: Drive) -> None:
        self._drive = drive

    @classmethod
    def open(cls, url: str, *, create: bool = True, storage_options: Mapping[str, Any] | None = None) -> Self:
        """The folder at a path or address.

        Args:
            url: a local path, `file:///folder`, `memory://name`, or `s3://bucket/prefix`.
            create: make a local folder that is not there. Only local folders are looked for; buckets are never made.
            storage_options: for fsspec's driver (Any: each driver has its own). S3 drivers also read the usual
                environment: AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE, ...

        Raises:
            UsageError: an address of another kind or without its bucket, a driver that is not installed, or a local
                folder that is not there or cannot be made.
        """
        from bongsu.evidence.address import drive_at  # the drivers are slow to load, and lists are read without a store

        return cls(drive_at(url, create=create, storage_options=storage_options or {}))

    def read(self, name: str) -> bytes:
        """The whole content of a name.

        Raises:
            EvidenceError: it is not there or cannot be read.
            ValueError: not a name.
        """
        with self._reading(name):
            return self._drive.read(_checked(name))

    def open_read(self, name: str) -> BinaryIO:
        """The content of a name as a stream that can be rewound; the caller closes it. Raises as `read` does."""
        with self._reading(name):
            return self._drive.open_read(_checked(name))

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of a name in blocks of a MiB, for what is too large for memory. Raises as `read` does."""
        with self.open_read(name) as stream:
            yield from self.blocks_in(stream, name)

    def blocks_in(self, stream: BinaryIO, name: str) -> Iterator[bytes]:
        """The rest of what `open_read` opened, in blocks of a MiB. Raises as `read` does."""
        while True:
            with self._reading(name):
                block = stream.read(_BLOCK_BYTES)
            if not block:
                return
            yield block

    def exists(self, name: str) -> bool:
        """Whether something bears this name."""
        with self._reading(name):
            return self._drive.exists(_checked(name))

    def names(self, prefix: str = "") -> list[str]:
        """All names that begin with a prefix, at any depth, sorted, temporary files left out.

        Args:
            prefix: the beginning of a name; end it with `/` to mean a folder; empty for all.

        Returns:
            Names relative to this folder; empty where there are none.

        Raises:
            EvidenceError: the file system cannot be read.
            ValueError: not the beginning of a name.
        """
        if prefix:
            _checked(prefix.removesuffix("/"))
        with self._reading(prefix):
            return sorted(self._drive.names(prefix))

    def size(self, name: str) -> int:
        """The length of a name's content in bytes. Raises as `read` does."""
        with self._reading(name):
            return self._drive.size(_checked(name))

    def delete(self, name: str) -> None:
        """Take a name away; one that is not there is no error, so a killed run can be run again."""
        with self._writing(name):
            self._drive.delete(_checked(name))

    def write_once(self, name: str, content: bytes) -> bool:
        """Write a name that no one has written: atomic, durable, exclusive.

        Returns:
            True where this call wrote it; False where the name was taken, whatever it holds, and is left as it was.

        Raises:
            EvidenceError: the file system refused.
            ValueError: not a name.
        """
        with self._writing(name):
            return self._drive.put(_checked(name), content, overwrite=False)

    def replace(self, name: str, content: bytes) -> None:
        """Write a name anew: readers see the old content or the new, never a part. Raises as `write_once` does."""
        with self._writing(name):
            self._drive.put(_checked(name), content, overwrite=True)

    @contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        """A temporary local file for content too large for memory; `move_in` gives it its name within the `with`.

        What a killed process leaves is removed by `sweep`.

        Raises:
            EvidenceError: it cannot be made.
        """
        with ExitStack() as stack:
            with self._writing(""):
                spool = stack.enter_context(self._drive.spool())
            yield spool

    def move_in(self, spool: BinaryIO, name: str, *, overwrite: bool = False) -> bool:
        """Like `write_once` (or `replace` with `overwrite`) for what was written on this folder's `spool`."""
        with self._writing(name):
            return self._drive.place(spool, _checked(name), overwrite=overwrite)

    def sweep(self) -> int:
        """Remove the temporary files that dead processes left, and say how many there were."""
        with self._writing(""):
            return self._drive.sweep()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other processes from entering their `exclusive` of the same folder.

        On local file systems this is a lock the kernel releases when its holder dies. Elsewhere there is no lock, and
        nothing is lost by it: exhibits are named by their content, so two writers write the same; the custody log is
        decided by exclusive creation; `replace` is atomic. Two cycles at once then merely do the same work twice.

        Raises:
            BusyError: another process is inside.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self._drive.lock())
            except BlockingIOError:
                remedy = "wait for it to end, or stop it"
                raise BusyError("another process is writing to this store", where=self.url(""), remedy=remedy) from None
            except self._drive.errors as error:
                raise self._refused("", "cannot be locked", error) from error
            yield

    def url(self, name: str) -> str:
        """The address of a name (or of the folder, for an empty one), for DuckDB and pyarrow."""
        return self._drive.url(_checked(name) if name else "")

    def local_path(self, name: str) -> str | None:
        """The path of a name on this machine, or None where the folder is elsewhere."""
        return self._drive.local_path(_checked(name))

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            remedy = "restore it from a backup or a member's mirror"
            if not name or name.endswith("/"):
                remedy = "check the store's address; a bucket is never made for you"
            raise EvidenceError("is not there", where=self._drive.url(name), remedy=remedy) from None
        except self._drive.errors as error:
            raise self._refused(name, "cannot be read", error) from error

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        try:
            yield
        except self._drive.errors as error:
            raise self._refused(name, "cannot be written", error) from error

    def _refused(self, name: str, what: str, error: Exception) -> EvidenceError:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return EvidenceError(
            f"{what}: {reason}",
            where=self._drive.url(name),
            remedy="check the disk, its free space and rights, or the store's address and credentials",
        )


def _checked(name: str) -> str:
    """A name that stays inside its folder.

    Raises:
        ValueError: absolute, with an empty part, `.` or `..`, with a control character, or one of our temporary files.
    """
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise ValueError(f"not a name inside the folder: {name!r}")
    if not all(character.isprintable() for character in name):
        raise ValueError(f"a name has no control characters: {name!r}")
    if parts[0] in {TEMPORARY, LOCK}:
        raise ValueError(f"the folder keeps this name for itself: {name!r}")
    return name
