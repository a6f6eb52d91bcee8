"""The gazetteer: every port and zone we know, as values and as tables that an engine joins by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from math import cos, floor, radians
from typing import Final, TypeVar

import pyarrow as pa

from bongsu.kernel.errors import UsageError
from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE, METRES_PER_DEGREE, distance_km
from bongsu.sea.places.cards import CountryCard, ports_from, zones_from
from bongsu.sea.places.model import Port, PortPoint, Zone
from bongsu.sea.places.ring import cells_in
from bongsu.sea.places.spelling import filed, found

P = TypeVar("P", Port, Zone)

_KM_PER_DEGREE: Final = METRES_PER_DEGREE / 1000.0

POINTS: Final = pa.schema(
    [
        pa.field("port", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("point", pa.int64(), nullable=False),
        pa.field("latitude_deg", pa.float64(), nullable=False),
        pa.field("longitude_deg", pa.float64(), nullable=False),
    ]
)
PORT_CELLS: Final = pa.schema(
    [
        pa.field("port", pa.string(), nullable=False),
        pa.field("point", pa.int64(), nullable=False),
        pa.field("latitude_deg", pa.float64(), nullable=False),
        pa.field("longitude_deg", pa.float64(), nullable=False),
        pa.field("cell", pa.int64(), nullable=False),
    ]
)
CALL_CELLS: Final = pa.schema(
    [
        pa.field("port", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("place", pa.int64(), nullable=False),
        pa.field("lock", pa.bool_(), nullable=False),
        pa.field("latitude_deg", pa.float64(), nullable=False),
        pa.field("longitude_deg", pa.float64(), nullable=False),
        pa.field("accuracy_km", pa.float64(), nullable=False),
        pa.field("cell", pa.int64(), nullable=False),
    ]
)
ZONE_CELLS: Final = pa.schema(
    [
        pa.field("zone", pa.string(), nullable=False),
        pa.field("cell", pa.int64(), nullable=False),
        pa.field("whole", pa.bool_(), nullable=False),
    ]
)


class Gazetteer:
    """Ports and zones.

    Args:
        countries: the ports, by country.
        zones: the zones.

    Raises:
        ValueError: two of one id, or a spelling that names two ports.
    """

    def __init__(self, countries: Iterable[CountryCard], zones: Iterable[Zone]) -> None:
        cards = tuple(countries)
        self._country_words = tuple(word for card in cards for word in card.country_words)
        self._ports = _by_id(port for card in cards for port in card.ports)
        self._zones = _by_id(zones)
        self._by_key = filed(cards)

    @property
    def ports(self) -> tuple[Port, ...]:
        """Every port, sorted by id."""
        return tuple(self._ports.values())

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Every zone, sorted by id."""
        return tuple(self._zones.values())

    def port(self, name: str) -> Port:
        """The port of an id.

        Raises:
            UsageError: no such port.
        """
        if name not in self._ports:
            raise UsageError(f"no port is called {name!r}", remedy=f"there are: {', '.join(self._ports)}")
        return self._ports[name]

    def zone(self, name: str) -> Zone:
        """The zone of an id.

        Raises:
            UsageError: no such zone.
        """
        if name not in self._zones:
            raise UsageError(f"no zone is called {name!r}", remedy=f"there are: {', '.join(self._zones)}")
        return self._zones[name]

    def find_port(self, text: str) -> Port | None:
        """The port that a text names in any spelling, such as a ship's destination; None where it names none of ours.

        Case, marks, blanks, a country beside the name and words such as `port of` do not matter: `NAMPHO, DPRK`,
        `Namp'o`, `남포항` and `KP NAM` are one port.
        """
        return found(text, self._by_key, self._country_words)

    def port_points(self) -> pa.Table:
        """Where ships lie and wait: port, country, point (its number in the port, from 0), latitude_deg, longitude_deg.

        Sorted by port and point.
        """
        rows = [
            (port.id, port.country, number, point.latitude_deg, point.longitude_deg)
            for port in self.ports
            for number, point in enumerate(port.points)
        ]
        return _table(rows, POINTS)

    def port_cells(self, within_km: float) -> pa.Table:
        """Every cell with any part within a distance of a port's point: port, point, latitude_deg, longitude_deg, cell.

        An engine joins positions to it by cell and then asks the distance to the point, which the row carries. A cell
        may be listed that only touches the distance; none is missing. Sorted by port, point and cell.

        Args:
            within_km: more than 0, at most 200.
        """
        if not 0 < within_km <= 200:
            raise ValueError(f"a distance of more than 0 and at most 200 km is meant, not {within_km}")
        rows = [
            (port.id, number, point.latitude_deg, point.longitude_deg, cell)
            for port in self.ports
            for number, point in enumerate(port.points)
            for cell in cells_near(point.latitude_deg, point.longitude_deg, within_km)
        ]
        return _table(rows, PORT_CELLS)

    @cached_property
    def places(self) -> tuple[tuple[Port, PortPoint], ...]:
        """Every point of every port, in the order of `port_points`: a place's number is its index."""
        return tuple((port, point) for port in self.ports for point in port.points)

    def call_cells(self, within_km: float) -> pa.Table:
        """Every cell with any part within a distance of a port's point, which grows by what that point may be off:
        port, country, place (its number in `places`), lock (whether ships only pass through it), latitude_deg,
        longitude_deg, accuracy_km, cell.

        A ship within three kilometres of where a quay lies may be seven from where we think it does.
        """
        rows = [
            (
                port.id,
                port.country,
                number,
                point.kind == "lock",
                point.latitude_deg,
                point.longitude_deg,
                point.accuracy_km,
                cell,
            )
            for number, (port, point) in enumerate(self.places)
            for cell in cells_near(point.latitude_deg, point.longitude_deg, within_km + point.accuracy_km)
        ]
        return _table(rows, CALL_CELLS)

    def zone_cells(self) -> pa.Table:
        """Every cell that a zone touches: zone, cell, whole (whether all of the cell lies inside).

        Where a cell is not whole, `Zone.contains` decides. Sorted by zone and cell.
        """
        return self._zone_cells

    @cached_property
    def _zone_cells(self) -> pa.Table:
        return _table(_cells_of_zones(self.zones), ZONE_CELLS)


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the package, read once."""
    folder = files("bongsu.sea.places")
    cards = sorted(
        (item for item in (folder / "ports").iterdir() if item.name.endswith(".toml")), key=lambda item: item.name
    )
    countries = [ports_from(item.read_bytes(), where=f"sea/places/ports/{item.name}") for item in cards]
    zones = zones_from((folder / "zones.toml").read_bytes(), where="sea/places/zones.toml")
    return Gazetteer(countries, zones)


def cells_near(latitude_deg: float, longitude_deg: float, within_km: float) -> list[int]:
    """Every cell with any part within a distance of a place, sorted; some may only touch the distance."""
    reach = within_km * 1.001 + 0.001  # the nearest part of a cell is taken in degrees, which is a metre or so off
    high = reach / _KM_PER_DEGREE
    rows = range(_row(max(latitude_deg - high, -90.0)), _row(min(latitude_deg + high, 89.99)) + 1)
    found = []
    for row in rows:
        nearest_lat = min(max(latitude_deg, row / CELLS_PER_DEGREE - 90.0), (row + 1) / CELLS_PER_DEGREE - 90.0)
        wide = high / max(cos(radians(abs(latitude_deg) + high)), 0.01)
        for column in range(_column(longitude_deg - wide), _column(longitude_deg + wide) + 1):
            nearest_lon = min(
                max(longitude_deg, column / CELLS_PER_DEGREE - 180.0), (column + 1) / CELLS_PER_DEGREE - 180.0
            )
            if distance_km((latitude_deg, longitude_deg), (nearest_lat, nearest_lon)) <= reach:
                found.append(row * CELLS_AROUND + column % CELLS_AROUND)
    return sorted(set(found))


def _row(latitude_deg: float) -> int:
    return floor((latitude_deg + 90.0) * CELLS_PER_DEGREE)


def _column(longitude_deg: float) -> int:
    return floor((longitude_deg + 180.0) * CELLS_PER_DEGREE)


def _cells_of_zones(zones: Iterable[Zone]) -> Iterator[tuple[str, int, bool]]:
    for zone in zones:
        whole: dict[int, bool] = {}
        for ring in zone.rings:
            for cell, inside in cells_in(ring):
                whole[cell] = inside or whole.get(cell, False)
        yield from ((zone.id, cell, whole[cell]) for cell in sorted(whole))


def _by_id(places: Iterable[P]) -> dict[str, P]:
    by_id: dict[str, P] = {}
    for place in places:
        if place.id in by_id:
            raise ValueError(f"two places are called {place.id}")
        by_id[place.id] = place
    return dict(sorted(by_id.items()))


def _table(rows: Iterable[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    if not columns:
        return schema.empty_table()
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
