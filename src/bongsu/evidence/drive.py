"""A drive: what a folder needs of the file system beneath it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol


class Drive(Protocol):
    """One place that keeps named bytes. Names come checked from `Folder`: relative, with `/` between their parts.

    Every operation may raise one of `errors`; `Folder` turns them into sentences.
    """

    errors: tuple[type[Exception], ...]

    def read(self, name: str) -> bytes:
        """The whole content."""
        ...

    def open_read(self, name: str) -> BinaryIO:
        """The content as a stream that can be rewound; whoever asks closes it."""
        ...

    def exists(self, name: str) -> bool:
        """Whether something bears this name."""
        ...

    def names(self, prefix: str) -> list[str]:
        """All names that begin with a prefix, in any order, temporary files left out."""
        ...

    def size(self, name: str) -> int:
        """The content's length in bytes."""
        ...

    def delete(self, name: str) -> None:
        """Take a name away; one that is not there is no error."""
        ...

    def put(self, name: str, content: bytes, *, overwrite: bool) -> bool:
        """Write all or nothing; False where the name is taken and may not be overwritten."""
        ...

    def spool(self) -> AbstractContextManager[BinaryIO]:
        """A temporary file near this drive, gone at the end of the `with`."""
        ...

    def place(self, spool: BinaryIO, name: str, *, overwrite: bool) -> bool:
        """Like `put`, for what was written on a spool of this drive."""
        ...

    def sweep(self) -> int:
        """Remove the temporary files whose writers are dead and say how many there were."""
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Keep other processes out, where the file system can; BlockingIOError where one is in already."""
        ...

    def url(self, name: str) -> str:
        """The address of a name, for DuckDB and pyarrow."""
        ...

    def local_path(self, name: str) -> str | None:
        """The path of a name on this machine, or None where there is none."""
        ...
