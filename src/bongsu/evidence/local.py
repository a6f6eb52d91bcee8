"""The drive of local disks: what bears a name is whole and on the disk, whatever kills us.

Content is written to a temporary file, synced, and only then given its name, by `link` (which refuses a taken name) or
by `rename` (which replaces it); the directory is synced last. Both are atomic on POSIX file systems.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR, ELOOP, EMLINK, ENOSYS, EOPNOTSUPP, EPERM
from pathlib import Path
from typing import BinaryIO, Final, cast

from bongsu.kernel.errors import UsageError

TEMPORARY: Final = ".temporary"
LOCK: Final = ".lock"
_NO_HARD_LINKS: Final = frozenset({EPERM, EOPNOTSUPP, ENOSYS, EMLINK})


class NoHardLinksError(UsageError):
    """The file system cannot refuse a taken name atomically."""


class LocalDrive:
    """A directory on this machine (or mounted on it) that has hard links and `flock`."""

    errors: tuple[type[Exception], ...] = (OSError,)

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str) -> bytes:
        """The whole content."""
        with self.open_read(name) as stream:
            return stream.read()

    def open_read(self, name: str) -> BinaryIO:
        """The content of a regular file; links, directories and pipes are refused."""
        # O_NONBLOCK: opening a pipe that someone planted must not hang.
        number = os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise OSError(EISDIR, "not a regular file")
        return cast(BinaryIO, os.fdopen(number, "rb"))

    def exists(self, name: str) -> bool:
        """Whether something bears this name, be it only a broken link."""
        return os.path.lexists(self._path(name))

    def names(self, prefix: str) -> list[str]:
        """All names that begin with a prefix; links are named, never followed."""
        start = self._path(f"{prefix}x").parent
        found: list[str] = []
        for directory, folders, files in os.walk(start, onerror=_raise_unless_absent):
            links = [folder for folder in folders if Path(directory, folder).is_symlink()]
            found += [Path(directory, file).relative_to(self._root).as_posix() for file in files + links]
        return [name for name in found if name.startswith(prefix) and not _is_ours(name)]

    def size(self, name: str) -> int:
        """The content's length in bytes."""
        return self._path(name).lstat().st_size

    def delete(self, name: str) -> None:
        """Take a name away for good."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_directory(path.parent)

    def put(self, name: str, content: bytes, *, overwrite: bool) -> bool:
        """Write all or nothing."""
        if not overwrite and self.exists(name):
            sync_directory(self._path(name).parent)
            return False
        with self.spool() as spool:
            spool.write(content)
            return self.place(spool, name, overwrite=overwrite)

    @contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        """A temporary file on the same disk."""
        directory = self._root / TEMPORARY
        make_directories(directory)
        with temporary_file(directory) as spool:
            yield spool

    def place(self, spool: BinaryIO, name: str, *, overwrite: bool) -> bool:
        """Give a spool its name."""
        return place(spool, self._path(name), overwrite=overwrite)

    def sweep(self) -> int:
        """Remove the temporary files whose writers are dead: a living writer holds a lock on its own."""
        directory = self._root / TEMPORARY
        return sum(map(_removed_if_left, sorted(directory.iterdir()))) if directory.is_dir() else 0

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes out; the kernel releases the lock when its holder dies."""
        with (self._root / LOCK).open("ab") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield

    def url(self, name: str) -> str:
        """The address of a name."""
        return (self._root / name).as_uri()

    def local_path(self, name: str) -> str | None:
        """The path of a name."""
        return str(self._root / name)

    def _path(self, name: str) -> Path:
        """The path of a name, with no link between the root and it: a link could lead a write out of the store."""
        path = self._root
        for part in name.split("/")[:-1]:
            path /= part
            if path.is_symlink():
                raise OSError(ELOOP, "a symbolic link stands in the way", str(path))
        return path / name.rpartition("/")[2]


@contextmanager
def temporary_file(directory: Path) -> Iterator[BinaryIO]:
    """A new file for writing and reading, under a lock that tells `sweep` its writer lives; removed at the end.

    Args:
        directory: where it is made; on the same file system as the name it will get.
    """
    spool = _locked_file(directory)
    try:
        yield spool
    finally:
        Path(spool.name).unlink(missing_ok=True)
        # A full disk makes close fail once more; what could not be written never got a name.
        with suppress(OSError):
            spool.close()


def place(spool: BinaryIO, path: Path, *, overwrite: bool) -> bool:
    """Give a temporary file its name, atomically and durably, as a file no one writes to.

    Args:
        spool: from `temporary_file`, on the same file system.
        path: the name; missing directories are made.
        overwrite: whether a taken name is replaced.

    Returns:
        True where the file now bears the name; False where the name was taken and is left as it was.

    Raises:
        OSError: the file system refused.
        NoHardLinksError: the file system has none, and `overwrite` is off.
    """
    spool.flush()
    # Read-only where the file system keeps rights at all (a USB stick does not).
    with suppress(PermissionError):
        os.fchmod(spool.fileno(), stat.S_IMODE(os.fstat(spool.fileno()).st_mode) & 0o444)
    os.fsync(spool.fileno())
    make_directories(path.parent)
    placed = True
    if overwrite:
        Path(spool.name).replace(path)
    else:
        placed = _linked(Path(spool.name), path)
    # Also where the name was taken: whoever took it may have died before this line, and we say it is kept.
    sync_directory(path.parent)
    return placed


def make_directories(directory: Path) -> None:
    """Make a directory and its missing parents so that they outlive a loss of power."""
    missing = []
    while not directory.is_dir():
        missing.append(directory)
        directory = directory.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        sync_directory(each.parent)


def sync_directory(directory: Path) -> None:
    """Return once the names in a directory are on the disk."""
    number = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _linked(temporary: Path, path: Path) -> bool:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        raise NoHardLinksError(
            "this file system has no hard links, without which two writers could overwrite each other",
            where=str(path.parent),
            remedy="keep the store on a disk with ext4, XFS, Btrfs, ZFS or APFS, or in an S3-compatible store",
        ) from error
    return True


def _locked_file(directory: Path) -> BinaryIO:
    while True:
        spool = (directory / f".bongsu-{os.getpid()}-{secrets.token_hex(8)}").open("x+b")
        fcntl.flock(spool, fcntl.LOCK_EX)
        if os.fstat(spool.fileno()).st_nlink:
            return spool
        # A sweep came between making and locking, and took it for a dead writer's.
        spool.close()


def _removed_if_left(temporary: Path) -> bool:
    try:
        with temporary.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            temporary.unlink()
    except (BlockingIOError, FileNotFoundError):
        return False
    return True


def _is_ours(name: str) -> bool:
    return name == LOCK or name.startswith(f"{TEMPORARY}/")


def _raise_unless_absent(error: OSError) -> None:
    """`os.walk` passes over directories it cannot read; here an unreadable one must not look like an empty one."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error
