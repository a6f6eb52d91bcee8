"""Files of a person's own: opened only where they are files, and never read beyond a limit."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path
from typing import BinaryIO, Final, cast

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
