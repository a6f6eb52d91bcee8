"""Ships: what transponders said of themselves, by MMSI and time."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bongsu.kernel.indicator import Subject
from bongsu.sea.model import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship:
    """What was known of a ship at a time: of each field the last value sent until then, else the first sent after."""

    mmsi: int
    name: str | None = None
    imo: int | None = None
    call_sign: str | None = None
    ship_type: int | None = None
    length_m: float | None = None
    beam_m: float | None = None
    draught_m: float | None = None

    @property
    def called(self) -> str:
        """How she is named in a sentence."""
        return f"{self.name} (MMSI {self.mmsi})" if self.name else f"MMSI {self.mmsi}"

    @property
    def subject(self) -> Subject:
        """Whom an indicator about her names: by IMO number, which stays with a hull, else by MMSI."""
        number = f"imo:{self.imo:07d}" if self.imo is not None else f"mmsi:{self.mmsi:09d}"
        return Subject(id=number, schema="Vessel", name=self.name or f"MMSI {self.mmsi}")


_FIELDS = ("name", "imo", "call_sign", "ship_type", "length_m", "beam_m", "draught_m")


class Ships:
    """The identities of some ships.

    Args:
        identities: rows of the identity table, in any order.
    """

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._said: dict[int, list[Identity]] = defaultdict(list)
        for row in sorted(identities, key=lambda row: (row.mmsi, row.first_at, row.last_at, row.exhibit, row.row)):
            self._said[row.mmsi].append(row)
        self._begun = {mmsi: [row.first_at.timestamp() for row in rows] for mmsi, rows in self._said.items()}
        self._known: dict[tuple[int, int], Ship] = {}

    def said(self, mmsi: int) -> tuple[Identity, ...]:
        """All that was said under an MMSI, by time; empty where nothing was."""
        return tuple(self._said.get(mmsi, ()))

    def of(self, mmsi: int, at_s: int) -> Ship:
        """What was known at a time, seconds since 1970."""
        upto = bisect_right(self._begun.get(mmsi, ()), at_s)
        if (mmsi, upto) not in self._known:
            self._known[mmsi, upto] = self._after(mmsi, upto)
        return self._known[mmsi, upto]

    def _after(self, mmsi: int, upto: int) -> Ship:
        """What was known after so many rows."""
        rows = self._said.get(mmsi, [])
        in_order = [*reversed(rows[:upto]), *rows[upto:]]
        known = {
            field: next((value for row in in_order if (value := getattr(row, field)) is not None), None)
            for field in _FIELDS
        }
        return Ship(mmsi=mmsi, **known)

    def draught_m(self, mmsi: int, from_s: int, to_s: int) -> float | None:
        """The last draught sent between two times, metres; None where none was."""
        rows = [
            row
            for row in self._said.get(mmsi, [])
            if row.draught_m is not None and row.last_at.timestamp() >= from_s and row.first_at.timestamp() <= to_s
        ]
        # Two receivers may have heard her at once: of what was still said at the end, the one that began later.
        latest = max(rows, default=None, key=lambda row: (min(row.last_at.timestamp(), to_s), row.first_at))
        return None if latest is None else latest.draught_m
