"""A recording: what is received, line by line with the time it came, in files that end by size or by time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from bongsu.evidence.local import make_directories, sync_directory
from bongsu.kernel.errors import EvidenceError

GROWING: Final = ".part"
WHOLE: Final = ".nmea"
_END: Final = b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """When a file ends and the next begins.

    Args:
        most_bytes: at the first end of a line beyond so many; at twice as many wherever it is, for a line need not end.
        longest: so long after its first byte.
    """

    most_bytes: int = 64 * 2**20
    longest: timedelta = timedelta(hours=1)


class Recording:
    """Files in one folder, of which at most one grows.

    Every block is with the operating system before `write` returns, so it outlives this process; when a file is whole
    it is on the disk. A line is written as it came, behind the time at which its first byte came
    (`2026-11-26T22:00:00.123Z `), which the reader of sentences reads.

    Args:
        folder: where the files are, on this machine; made where it is not there.
        rotation: when a file ends.

    Raises:
        EvidenceError: the folder cannot be made.
    """

    def __init__(self, folder: Path, rotation: Rotation) -> None:
        self._folder = folder
        self._rotation = rotation
        self._file: BinaryIO | None = None
        self._begun_at: datetime | None = None
        self._size = 0
        self._within_line = False
        try:
            make_directories(folder)
        except OSError as error:
            raise _refused(folder, error) from error

    def left(self) -> list[Path]:
        """The files of processes that ended before they could hand them on, made whole; sorted.

        Raises:
            EvidenceError: the folder cannot be read or written.
        """
        try:
            for path in sorted(self._folder.glob(f"*{GROWING}")):
                path.rename(path.with_suffix(WHOLE))
            found = sorted(self._folder.glob(f"*{WHOLE}"))
            for path in found:
                if not path.stat().st_size:
                    path.unlink()
            return [path for path in found if path.exists()]
        except OSError as error:
            raise _refused(self._folder, error) from error

    def write(self, block: bytes, at: datetime) -> None:
        """Append what came.

        Args:
            block: the bytes, of any length, that begin and end anywhere in a line.
            at: when they came, aware.

        Raises:
            EvidenceError: the disk refuses them.
        """
        if not block:
            return
        stamp = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z ".encode()
        ended = block.endswith(_END)
        body = block[:-1] if ended else block
        stamped = (b"" if self._within_line else stamp) + body.replace(_END, _END + stamp) + (_END if ended else b"")
        self._append(stamped, at)
        self._within_line = not ended

    def end_line(self) -> None:
        """End the line that was left open when the sender went away: what comes next belongs to no line of his."""
        if self._within_line and self._begun_at is not None:
            self._append(_END, self._begun_at)
        self._within_line = False

    def is_due(self, at: datetime) -> bool:
        """Whether the file that grows has to end now."""
        if self._begun_at is None:
            return False
        if self._size >= 2 * self._rotation.most_bytes:
            return True
        full = self._size >= self._rotation.most_bytes or at - self._begun_at >= self._rotation.longest
        return full and not self._within_line

    def finish(self) -> Path | None:
        """End the file that grows: it is on the disk and whole.

        Returns:
            The file; None where none grew.

        Raises:
            EvidenceError: the disk refuses it.
        """
        if self._file is None:
            return None
        growing = Path(self._file.name)
        whole = growing.with_suffix(WHOLE)
        try:
            with self._file:
                os.fsync(self._file.fileno())
            growing.rename(whole)
            sync_directory(self._folder)
        except OSError as error:
            raise _refused(growing, error) from error
        self._file, self._begun_at, self._size, self._within_line = None, None, 0, False
        return whole

    def _append(self, content: bytes, at: datetime) -> None:
        try:
            if self._file is None:
                self._file = self._begin(at)
                self._begun_at = at
            self._file.write(content)
        except OSError as error:
            raise _refused(self._folder, error) from error
        self._size += len(content)

    def _begin(self, at: datetime) -> BinaryIO:
        """A new file of its own; unbuffered, so that each block goes straight to the operating system."""
        number = 0
        while True:
            path = self._folder / f"{at:%Y%m%dT%H%M%S}-{number:03d}{GROWING}"
            number += 1
            if not path.with_suffix(WHOLE).exists():
                try:
                    return path.open("xb", buffering=0)
                except FileExistsError:
                    continue


def _refused(path: Path, error: OSError) -> EvidenceError:
    what = f"what is received cannot be kept: {error.strerror}"
    return EvidenceError(what, where=str(path), remedy="make room on this disk, or check the folder's rights")
