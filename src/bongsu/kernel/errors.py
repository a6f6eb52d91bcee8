"""The errors of Bongsu: what went wrong, where, and what to do about it."""

from __future__ import annotations

from typing import ClassVar


class BongsuError(Exception):
    """An error written for the person who has to act on it.

    Args:
        what: one sentence without jargon.
        where: the file, address, line or field; errors that climb out of nested data carry the whole path.
        remedy: what the reader can do, where there is something.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        text = self.what if self.where is None else f"{self.where}: {self.what}"
        return text if self.remedy is None else f"{text} ({self.remedy})"


class UsageError(BongsuError):
    """The question itself is malformed: an unknown option value, a date that is none, an HS code of letters."""

    exit_code = 2


class CardError(BongsuError):
    """A card (TOML) says something its reader does not know, or leaves out what it must say."""


class SourceRefusedError(BongsuError):
    """A copy of a source is structurally unsound as a whole; the last good copy stays in force."""

    exit_code = 3


class NotReachedError(BongsuError):
    """A source could not be fetched: no network, no answer in time, or an answer that is not the file."""

    exit_code = 3


class EvidenceError(BongsuError):
    """An exhibit is missing or damaged, or the custody log does not hold together."""

    exit_code = 4


class NotReproducedError(BongsuError):
    """A recomputed output differs from the one the manifest names."""

    exit_code = 5


class BusyError(BongsuError):
    """Another process is writing to the same store."""

    exit_code = 6
