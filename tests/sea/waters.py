"""Invented tracks for the tests of the desk: reports, and the tables made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa
from ships import DAY, position

from bongsu.sea.bins import bins
from bongsu.sea.model import DesignatedShip, Identity, Position
from bongsu.sea.places.gazetteer import gazetteer
from bongsu.sea.seas import Sea
from bongsu.sea.steps import steps
from bongsu.tables import schema_of
from bongsu.tables.engine import Engine

START_S = int(DAY.timestamp())
CLOCK = datetime(2027, 1, 1, tzinfo=UTC)
ONE, TWO, THREE = 199_000_001, 199_000_002, 199_000_003


def at(second: int) -> datetime:
    """A second after the first midnight of the tests."""
    return DAY + timedelta(seconds=second)


def second(hours: float) -> int:
    """Hours after the first midnight of the tests, in seconds since 1970, as reductions have it."""
    return START_S + round(hours * 3600)


def stretch(
    mmsi: int,
    hours: tuple[float, float],
    place: tuple[float, float],
    to: tuple[float, float] | None = None,
    *,
    speed: float | None = 0.1,
    every_min: int = 10,
    first_row: int = 1,
    **changes: Any,
) -> list[dict[str, Any]]:
    """Reports from one hour to another (left out), from one place to another or at one place."""
    count = round((hours[1] - hours[0]) * 60 / every_min)
    end = to or place
    return [
        position(
            first_row + index,
            mmsi=mmsi,
            at=at(round(hours[0] * 3600) + index * every_min * 60),
            latitude_deg=round(place[0] + (end[0] - place[0]) * index / count, 5),
            longitude_deg=round(place[1] + (end[1] - place[1]) * index / count, 5),
            speed_kn=speed,
            **changes,
        )
        for index in range(count)
    ]


def table(rows: Iterable[dict[str, Any]], record: type = Position) -> ibis.Table:
    """Rows as a table that an engine reads."""
    return ibis.memtable(pa.Table.from_pylist(list(rows), schema=schema_of(record)))


def stepped(rows: Iterable[dict[str, Any]]) -> ibis.Table:
    """The steps of some reports."""
    return steps(bins(table(rows)))


def numbered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same reports as the rows of one exhibit, one after the other."""
    return [{**row, "row": number} for number, row in enumerate(rows, start=1)]


def sea_of(
    engine: Engine,
    positions: Iterable[dict[str, Any]] | ibis.Table,
    identities: Iterable[dict[str, Any]] = (),
    *,
    designated: Sequence[DesignatedShip] = (),
    binned: ibis.Table | None = None,
) -> Sea:
    """A sea of invented ships among the places of the package."""
    return Sea(
        engine,
        positions=positions if isinstance(positions, ibis.Table) else table(positions),
        identities=table(identities, Identity),
        gazetteer=gazetteer(),
        designated=designated,
        clock=CLOCK,
        binned=binned,
    )


def records_of(identities: Iterable[dict[str, Any]]) -> list[Identity]:
    """Identities as records."""
    return [Identity(**row) for row in identities]


def rows_of(records: Iterable[Any]) -> list[dict[str, Any]]:
    """Records as rows."""
    return [asdict(record) for record in records]
