"""The picture of a page: asked of the program that draws, which is ended in time, and remembered for a while."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import BoundedSemaphore, Lock
from typing import BinaryIO, Final, TypeAlias

from bongsu.web.pages.exhibits.sheets.limits import MOST_PICTURE_BYTES, WALL_SECONDS, Outcome

#: A picture, or why there is none.
Drawn: TypeAlias = bytes | Outcome
Opens: TypeAlias = Callable[[], AbstractContextManager[BinaryIO]]
_PROGRAM: Final = ("-P", "-s", "-m", "bongsu.web.pages.exhibits.sheets.draw")
_AT_ONCE: Final = 2
#: Threads that wait serve nobody else meanwhile.
_PATIENCE_S: Final = 5.0
_TRACEBACK: Final = 1
_MOST_TOLD_BYTES: Final = 4000
_LOG: Final = logging.getLogger(__name__)
_places: Final = BoundedSemaphore(_AT_ONCE)


class NotNowError(Exception):
    """A page is not drawn now; it may be later."""


class Album:
    """The last pictures that were drawn, by digest, page and size; the oldest go first.

    It knows no reader: whoever asks it has asked first whether the reader may read the exhibit.

    Args:
        most_bytes: of all pictures in it.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held = 0
        self._pictures: OrderedDict[tuple[str, int, int], Drawn] = OrderedDict()
        self._lock = Lock()

    def find(self, digest: str, number: int, pixels: int) -> Drawn | None:
        """The picture of a page, or why there is none; None where it is not known."""
        key = (digest, number, pixels)
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
            return self._pictures.get(key)

    def keep(self, digest: str, number: int, pixels: int, drawn: Drawn) -> None:
        """Remember a picture, or why there is none."""
        with self._lock:
            self._held += _weight(drawn) - _weight(self._pictures.pop((digest, number, pixels), None))
            self._pictures[digest, number, pixels] = drawn
            while self._held > self._most:
                self._held -= _weight(self._pictures.popitem(last=False)[1])


def _weight(drawn: Drawn | None) -> int:
    """Bytes; an entry without a picture takes some too."""
    return 0 if drawn is None else 1024 + (len(drawn) if isinstance(drawn, bytes) else 0)


_ALBUM: Final = Album(64 * 2**20)


def picture_of(opens: Opens, digest: str, number: int, pixels: int) -> Drawn:
    """The picture of a page of a PDF file (PNG), or why there is none.

    Args:
        opens: opens its bytes.
        digest: of those bytes.
        number: of the page, from 1.
        pixels: of the picture's longer side, at most.

    Raises:
        NotNowError: too many are being drawn, or this one could not be now.
    """
    known = _ALBUM.find(digest, number, pixels)
    if known is not None:
        return known
    if not _places.acquire(timeout=_PATIENCE_S):
        raise NotNowError
    try:
        with opens() as stream:
            drawn = drawn_alone(stream, number, pixels)
    finally:
        _places.release()
    _ALBUM.keep(digest, number, pixels, drawn)
    return drawn


def drawn_alone(stream: BinaryIO, number: int, pixels: int, wall_seconds: float = WALL_SECONDS) -> Drawn:
    """Draw a page in a process of its own, which gets the bytes, the way to its modules, and nothing else.

    Raises:
        NotNowError: it was not ready in time, and is ended; or the program cannot run here, which the log tells.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken, tempfile.TemporaryFile() as told:
        shutil.copyfileobj(stream, given)
        given.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 - our own program, with two numbers
                [sys.executable, *_PROGRAM, str(number), str(pixels)],
                stdin=given,
                stdout=taken,
                stderr=told,
                cwd="/",
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                timeout=wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotNowError from None
        if done.returncode == _TRACEBACK:
            told.seek(0)
            _LOG.error("pages of PDF files cannot be drawn: %s", told.read(_MOST_TOLD_BYTES).decode(errors="replace"))
            raise NotNowError
        if done.returncode != Outcome.DRAWN:
            return Outcome(done.returncode) if done.returncode in set(Outcome) else Outcome.HEAVY
        taken.seek(0)
        return taken.read(MOST_PICTURE_BYTES)
