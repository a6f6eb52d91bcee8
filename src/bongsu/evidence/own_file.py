"""Files of a person's own: read only where they are files and never beyond a limit; written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path
from typing import BinaryIO, Final, cast

from bongsu.evidence.custody import FIRST_SEGMENT
from bongsu.evidence.local import NoHardLinksError, place, temporary_file
from bongsu.kernel.errors import UsageError

MOST_BYTES: Final = 2**30


def read_own_file(path: Path, *, limit_bytes: int = MOST_BYTES) -> bytes:
    """The whole content of a file.

    Args:
        path: the file; a device, a pipe or a socket may never end and is refused.
        limit_bytes: the most it may hold, in bytes.

    Raises:
        UsageError: absent, unreadable, not a regular file, or larger.
    """
    with own_file(path) as stream:
        content = stream.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise UsageError(
            f"is larger than {limit_bytes} bytes", where=str(path), remedy="no list is so large: check which file it is"
        )
    return content


@contextmanager
def own_file(path: Path) -> Iterator[BinaryIO]:
    """A regular file, open for reading. Raises as `read_own_file` does, within the `with` too."""
    try:
        with _opened(path) as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path)) from None


def write_own_file(path: Path, content: Iterable[bytes], *, force: bool, mode: int | None = None) -> None:
    """Write a file piece by piece; it bears its name once all of it is on the disk, and not before.

    Args:
        path: the file; its directory is there.
        content: the pieces, in order.
        force: whether a file that is there is replaced.
        mode: who may read it, as `chmod` has it; None leaves it to the process.

    Raises:
        UsageError: the file is there already, lies in a store, or cannot be written.
    """
    with new_own_file(path, force=force, mode=mode) as stream:
        for piece in content:
            stream.write(piece)


@contextmanager
def new_own_file(path: Path, *, force: bool, mode: int | None = None) -> Iterator[BinaryIO]:
    """A file, open for writing; it bears its name once the `with` has ended well. Raises as `write_own_file` does."""
    _refuse_in_store(path)  # before what may take minutes to write
    if not force and (path.exists() or path.is_symlink()):
        raise taken(path)
    try:
        with temporary_file(path.parent) as spool:
            if mode is not None:
                os.fchmod(spool.fileno(), mode)
            yield spool
            placed = place_own_file(spool, path, force=force)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(path)) from error
    if not placed:
        raise taken(path)


def place_own_file(spool: BinaryIO, path: Path, *, force: bool) -> bool:
    """Give a temporary file the name a person chose; False where it is taken and `force` is off.

    Raises:
        UsageError: the name lies in a store, whose files no person writes.
    """
    _refuse_in_store(path)
    try:
        return place(spool, path, overwrite=force)
    except NoHardLinksError:
        # A USB stick: the caller has looked, and nobody races for a file a person names.
        return place(spool, path, overwrite=True)


def _refuse_in_store(path: Path) -> None:
    """Refuse a name that lies in a store, itself or as what it links to."""
    folders = (*path.parent.resolve().parents, path.parent.resolve(), *path.resolve().parents)
    store = next((folder for folder in folders if (folder / FIRST_SEGMENT).exists()), None)
    if store is not None:
        raise UsageError(f"lies in the store {store}", where=str(path), remedy="write it beside the store, not into it")


def taken(path: Path) -> UsageError:
    """The error of a name that is taken."""
    return UsageError("there is a file already", where=str(path), remedy="choose another name, or force it")


def _opened(path: Path) -> BinaryIO:
    # O_NONBLOCK: opening a pipe that nobody writes to must not hang.
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    kind = os.fstat(number).st_mode
    if stat.S_ISREG(kind):
        return cast(BinaryIO, os.fdopen(number, "rb"))
    os.close(number)
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    raise UsageError(
        "is a device, a pipe or a socket, not a file",
        where=str(path),
        remedy="write what it gives to a file first, and name that file",
    )
