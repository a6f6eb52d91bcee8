"""The rows that answer a detector's questions, by the record each is made into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

R = TypeVar("R")


class Answers:
    """What an engine answered.

    Args:
        rows: the rows by record type.
    """

    def __init__(self, rows: Mapping[type, Sequence[object]]) -> None:
        self._rows = rows

    def of(self, record: type[R]) -> list[R]:
        """The rows of one question, in any order."""
        return [row for row in self._rows[record] if isinstance(row, record)]

    def ships(self) -> frozenset[int]:
        """The MMSI that any row names, as `mmsi` or as `partner`."""
        every = [row for rows in self._rows.values() for row in rows]
        numbers = {getattr(row, field, None) for row in every for field in ("mmsi", "partner")}
        return frozenset(number for number in numbers if isinstance(number, int))
