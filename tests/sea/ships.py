"""Invented ships for the tests: positions, identities and events of a world that says SANDBOX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from bongsu.kernel.canonical import digest
from bongsu.sea.grid import cell_of
from bongsu.sea.model import Batch, Identity, Position, PublishedEvent
from bongsu.tables import schema_of

DAY = datetime(2026, 1, 2, tzinfo=UTC)
EXHIBIT = digest(b"SANDBOX exhibit")
OTHER = digest(b"SANDBOX other exhibit")


def position(row: int, *, exhibit: str = EXHIBIT, mmsi: int = 199_000_001, **changes: Any) -> dict[str, Any]:
    """A position report of an invented ship, one minute later each row, on its way through the Yellow Sea."""
    made: dict[str, Any] = {
        "mmsi": mmsi,
        "at": DAY + timedelta(minutes=row),
        "latitude_deg": 38.5 + row / 1000,
        "longitude_deg": 124.5 + row / 1000,
        "speed_kn": 9.5,
        "course_deg": 45.0,
        "heading_deg": None,
        "status": 0,
        "source": "sandbox",
        "exhibit": exhibit,
        "row": row,
        "world": "sandbox",
        **changes,
    }
    return {**made, "cell": cell_of(made["latitude_deg"], made["longitude_deg"])}


def identity(row: int, *, exhibit: str = EXHIBIT, mmsi: int = 199_000_001, **changes: Any) -> dict[str, Any]:
    """What an invented ship says of itself."""
    at = DAY + timedelta(minutes=row)
    return {
        "mmsi": mmsi,
        "first_at": at,
        "last_at": at,
        "reports": 1,
        "imo": 123_456,
        "name": "SANDBOX CORMORANT",
        "call_sign": "SBX1",
        "ship_type": 70,
        "length_m": 120.0,
        "beam_m": 18.0,
        "draught_m": 6.5,
        "destination": "SANDBOX PORT",
        "source": "sandbox",
        "exhibit": exhibit,
        "row": row,
        "world": "sandbox",
        **changes,
    }


def event(row: int, *, exhibit: str = EXHIBIT, **changes: Any) -> dict[str, Any]:
    """An event that an invented publisher published."""
    return {
        "publisher": "SANDBOX Watch",
        "kind": "encounter",
        "event": f"sandbox-{row}",
        "mmsi": 199_000_001,
        "partner_mmsi": 199_000_002,
        "first_at": DAY + timedelta(days=row),
        "last_at": DAY + timedelta(days=row, hours=3),
        "latitude_deg": 38.5,
        "longitude_deg": 124.5,
        "distance_km": 0.05,
        "speed_kn": 0.4,
        "source": "sandbox",
        "exhibit": exhibit,
        "row": row,
        "world": "sandbox",
        **changes,
    }


def table(rows: Sequence[dict[str, Any]], record: type) -> pa.Table | None:
    """Rows as an Arrow table; None where there are none."""
    return pa.Table.from_pylist(list(rows), schema=schema_of(record)) if rows else None


def batches(
    positions: Sequence[dict[str, Any]] = (),
    identities: Sequence[dict[str, Any]] = (),
    events: Sequence[dict[str, Any]] = (),
    *,
    lines: int,
    cuts: Sequence[int] = (),
    from_line: int = 1,
) -> Iterator[Batch]:
    """The rows of an exhibit in batches that end with the lines of `cuts` and with the last."""
    ends = sorted({cut for cut in cuts if from_line <= cut < lines} | ({lines} if from_line <= lines else set()))
    first = from_line
    for last in ends:
        of = [[row for row in rows if first <= row["row"] <= last] for rows in (positions, identities, events)]
        taken = len({row["row"] for rows in of for row in rows})
        counted = {"rows": taken, "set aside: invented by a test": last - first + 1 - taken, "nulled: nothing": 7}
        yield Batch(
            positions=table(of[0], Position),
            identities=table(of[1], Identity),
            events=table(of[2], PublishedEvent),
            set_aside=(),
            counted=counted,
            last_line=last,
        )
        first = last + 1
