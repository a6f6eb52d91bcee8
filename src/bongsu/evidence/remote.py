"""The drive of object stores: S3-compatible ones, the memory of this process, and whatever else fsspec reaches.

A put of one object is atomic there by itself. Exclusive creation is asked of the driver (`mode="create"`, which s3fs
sends as `If-None-Match: *`); where driver or server cannot, we look first and then put, and two writers in the same
moment could both believe they were first.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOSYS
from io import BytesIO
from typing import Any, BinaryIO, Final, cast

from fsspec import AbstractFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from bongsu.kernel.errors import BusyError

_TRIES: Final = 20
_TAKEN: Final = frozenset({"PreconditionFailed", "412"})
_CONFLICT: Final = frozenset({"ConditionalRequestConflict", "409"})
# The memory file system looks and writes in two steps; between the threads of one process this makes them one.
_MEMORY_TURN: Final = threading.Lock()


class RemoteDrive:
    """A prefix of an object store.

    Args:
        file_system: fsspec's driver, opened without its cache of listings: other processes write too.
        root: the prefix as the driver writes it, without `/` at its end.
        driver_errors: what the driver raises beside OSError.
    """

    errors: tuple[type[Exception], ...]

    def __init__(self, file_system: AbstractFileSystem, root: str, driver_errors: tuple[type[Exception], ...]) -> None:
        self._files = file_system
        self._root = root.rstrip("/")
        self.errors = (OSError, NotImplementedError, *driver_errors)

    def read(self, name: str) -> bytes:
        """The whole content."""
        return bytes(self._files.cat_file(self._path(name)))

    def open_read(self, name: str) -> BinaryIO:
        """The content as a stream, fetched in blocks."""
        if isinstance(self._files, MemoryFileSystem):
            return BytesIO(self.read(name))  # the driver would hand out the kept object itself, with a shared position
        return cast(BinaryIO, self._files.open(self._path(name), "rb"))

    def exists(self, name: str) -> bool:
        """Whether an object bears this name; a failure is raised, where the drivers' own `exists` says False."""
        try:
            return str(self._files.info(self._path(name))["type"]) == "file"
        except FileNotFoundError:
            return False

    def names(self, prefix: str) -> list[str]:
        """All names that begin with a prefix."""
        folder = prefix.rpartition("/")[0]
        start = self._path(folder) if folder else self._root
        found = [str(path)[len(self._root) + 1 :] for path in self._files.find(start)]
        return [name for name in found if name.startswith(prefix)]

    def size(self, name: str) -> int:
        """The content's length in bytes."""
        return int(self._files.info(self._path(name))["size"])

    def delete(self, name: str) -> None:
        """Take a name away."""
        if self.exists(name):
            self._files.rm_file(self._path(name))

    def put(self, name: str, content: bytes, *, overwrite: bool) -> bool:
        """Write all or nothing."""

        def write(mode: str) -> None:
            self._files.pipe_file(self._path(name), content, mode=mode)

        return self._written(name, write, overwrite=overwrite)

    @contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        """A temporary file on this machine's own disk."""
        with tempfile.NamedTemporaryFile(prefix="bongsu-") as spool:
            yield cast(BinaryIO, spool)

    def place(self, spool: BinaryIO, name: str, *, overwrite: bool) -> bool:
        """Send a spool, in parts where it is large; the object appears when the last part is there."""
        spool.flush()
        if isinstance(self._files, MemoryFileSystem):
            spool.seek(0)
            return self.put(name, spool.read(), overwrite=overwrite)

        def write(mode: str) -> None:
            self._files.put_file(spool.name, self._path(name), mode=mode)

        return self._written(name, write, overwrite=overwrite)

    def sweep(self) -> int:
        """Nothing to do: what never completed has no name here.

        Parts of a broken upload stay invisible in the bucket until its lifecycle rule for incomplete multipart uploads
        removes them.
        """
        return 0

    @contextmanager
    def lock(self) -> Iterator[None]:
        """No lock: object stores have none that dies with its holder."""
        yield

    def url(self, name: str) -> str:
        """The address of a name."""
        return str(self._files.unstrip_protocol(self._path(name)))

    def local_path(self, name: str) -> str | None:
        """None: this machine has no path to it."""
        del name
        return None

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _written(self, name: str, write: Callable[[str], None], *, overwrite: bool) -> bool:
        if isinstance(self._files, MemoryFileSystem):
            with _MEMORY_TURN:
                return self._written_in_turn(name, write, overwrite=overwrite)
        return self._written_in_turn(name, write, overwrite=overwrite)

    def _written_in_turn(self, name: str, write: Callable[[str], None], *, overwrite: bool) -> bool:
        if overwrite:
            write("overwrite")
            return True
        for _ in range(_TRIES):
            # Looked at first in any case: it saves sending the bytes, and some drivers pass over `mode`.
            if self.exists(name):
                return False
            written = _created(write)
            if written is not None:
                return written
        raise BusyError("others keep writing the same name", where=self.url(name), remedy="run it again")


def _created(write: Callable[[str], None]) -> bool | None:
    """Whether an exclusive write won; None where the server wants it asked again."""
    try:
        write("create")
    except FileExistsError:
        return False
    except NotImplementedError:
        write("overwrite")
    except OSError as error:
        code = _server_code(error)
        if code in _CONFLICT:
            return None
        if code in _TAKEN:
            return False
        if error.errno != ENOSYS:
            raise
        # The server does not know conditional puts, and we have looked.
        write("overwrite")
    return True


def _server_code(error: OSError) -> str | None:
    """The code of an S3 server's answer; s3fs recognises a lost race only where the server names the condition."""
    answer: Any = getattr(error.__cause__, "response", None)  # Any: botocore's untyped answer
    return str(answer.get("Error", {}).get("Code")) if isinstance(answer, dict) else None
