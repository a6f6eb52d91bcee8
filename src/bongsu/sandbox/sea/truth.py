"""What was planted in an invented world, and what only looks like it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import BongsuError

DETECTORS: Final = (
    "port_call",
    "dark_gap",
    "implied_voyage",
    "encounter",
    "dark_encounter",
    "loitering",
    "identity",
    "spoofing",
    "shuttle",
    "petroleum_delivery",
    "designated_vessel",
)
#: planted: a detector should find it. allowed: it is truly so by the detector's own words, and came about by another
#: story; found or not, it counts for nothing. innocent: it looks alike, and to find it is an error.
ROLES: Final = ("planted", "allowed", "innocent")
FORMAT: Final = "bongsu-sandbox-truth/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One thing that happened in an invented world.

    Args:
        detector: whose business it is, of `DETECTORS`.
        rule: which of the detector's rules, such as `circle`; None where it has one only.
        role: of `ROLES`.
        story: what it belongs to, such as `bunkering`.
        mmsis: the ships as their transponders say, sorted.
        first_at, last_at: when, UTC, both within the world's days.
        latitude_deg, longitude_deg: where; None where it is about a ship anywhere.
        numbers: what a detector might measure, such as `hours`; names carry their units.
    """

    detector: str
    rule: str | None
    role: str
    story: str
    mmsis: tuple[int, ...]
    first_at: datetime
    last_at: datetime
    latitude_deg: float | None
    longitude_deg: float | None
    numbers: Mapping[str, JsonValue]

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "detector": self.detector,
            "rule": self.rule,
            "role": self.role,
            "story": self.story,
            "mmsis": list(self.mmsis),
            "from": stamp(self.first_at),
            "to": stamp(self.last_at),
            "latitude_deg": self.latitude_deg,
            "longitude_deg": self.longitude_deg,
            "numbers": dict(self.numbers),
        }


def truth_text(truth: tuple[Planted, ...]) -> str:
    """The truth as JSON, one thing a line, so that two worlds are compared line by line."""
    rows = ",\n".join(json.dumps(each.record(), sort_keys=True, ensure_ascii=False) for each in truth)
    return f'{{"format": "{FORMAT}", "sandbox": true, "truth": [\n{rows}\n]}}\n'


def truth_from(text: str, *, where: str) -> tuple[Planted, ...]:
    """The truth that `truth_text` wrote.

    Raises:
        BongsuError: not such a text.
    """
    try:
        record = json.loads(text)
        if record["format"] != FORMAT:
            raise ValueError(f"the format is {record['format']}")
        return tuple(_planted(row) for row in record["truth"])
    except (ValueError, KeyError, TypeError) as error:
        raise BongsuError(
            "is no truth of an invented world", where=where, remedy="make the world again with `bongsu sandbox make`"
        ) from error


def _planted(row: Mapping[str, Any]) -> Planted:  # Any: JSON, checked by the caller's except
    return Planted(
        detector=row["detector"],
        rule=row["rule"],
        role=row["role"],
        story=row["story"],
        mmsis=tuple(row["mmsis"]),
        first_at=datetime.fromisoformat(row["from"]),
        last_at=datetime.fromisoformat(row["to"]),
        latitude_deg=row["latitude_deg"],
        longitude_deg=row["longitude_deg"],
        numbers=row["numbers"],
    )
