"""The ports of the world, by position alone: where ships lie still for ordinary reasons. By `tools/harbours.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import pyarrow as pa

from bongsu.sea.places.gazetteer import cells_near, gazetteer
from bongsu.tables import from_parquet

MOORINGS: Final = pa.schema(
    [
        pa.field("place", pa.string(), nullable=False),
        pa.field("latitude_deg", pa.float64(), nullable=False),
        pa.field("longitude_deg", pa.float64(), nullable=False),
    ]
)
MOORING_CELLS: Final = MOORINGS.append(pa.field("cell", pa.int64(), nullable=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Harbour:
    """A port of the world.

    Args:
        code: its UN/LOCODE, as the source has it.
        name: as the source has it.
        latitude_deg, longitude_deg: WGS 84, to 0.01 degrees; some are those of the town.
    """

    code: str
    name: str
    latitude_deg: float
    longitude_deg: float


@cache
def harbours() -> tuple[Harbour, ...]:
    """Some 3,500 ports of the world, sorted by code (searoute 1.6.0, Apache-2.0)."""
    return tuple(from_parquet((files("bongsu.sea.places") / "harbours.parquet").read_bytes(), Harbour))


@cache
def moorings() -> pa.Table:
    """Every place where ships ordinarily lie: our ports' points and the world's harbours: place, latitude_deg,
    longitude_deg.

    `place` is `kp-nampo/0` for a point of a port of ours, a UN/LOCODE for a harbour of the world. Anchorages far from
    their harbour are in it for our ports alone.
    """
    ours = [
        (f"{port.id}/{number}", point.latitude_deg, point.longitude_deg)
        for port in gazetteer().ports
        for number, point in enumerate(port.points)
    ]
    world = [(harbour.code, harbour.latitude_deg, harbour.longitude_deg) for harbour in harbours()]
    columns = zip(*(ours + world), strict=True)
    return pa.table([pa.array(column) for column in columns], schema=MOORINGS)


@lru_cache(maxsize=4)
def mooring_cells(within_km: float) -> pa.Table:
    """Every cell with any part within a distance of a mooring: place, latitude_deg, longitude_deg, cell.

    An engine joins positions to it by cell and then asks the distance to the place, which the row carries, as with
    `Gazetteer.port_cells`.

    Args:
        within_km: more than 0, at most 200.
    """
    if not 0 < within_km <= 200:
        raise ValueError(f"a distance of more than 0 and at most 200 km is meant, not {within_km}")
    rows = [
        (row["place"], row["latitude_deg"], row["longitude_deg"], cell)
        for row in moorings().to_pylist()
        for cell in cells_near(row["latitude_deg"], row["longitude_deg"], within_km)
    ]
    return pa.table([pa.array(column) for column in zip(*rows, strict=True)], schema=MOORING_CELLS)
