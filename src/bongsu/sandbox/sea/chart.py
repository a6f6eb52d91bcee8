"""The chart of the invented world: real ports, coasts and sea routes, and the spots where its ships lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.sandbox.sea.chance import Chance, Floats
from bongsu.sandbox.sea.motion import Place, lengths_km, offset
from bongsu.sea.grid import METRES_PER_DEGREE, distance_km
from bongsu.sea.places import Coast, SeaRoutes, coast, gazetteer, sea_routes

# How near another harbour must be for a ship of the invented world to trade with it, and how many such each has.
_NEAR_KM: Final = 60.0
_FAR_KM: Final = 1600.0
_PARTNERS: Final = 7
_COUNTRIES: Final = ("CN", "JP", "KR", "RU", "TW")


@dataclass(frozen=True, slots=True, kw_only=True)
class Harbour:
    """A port as ships use it.

    Args:
        id, name, country: the gazetteer's.
        place: the harbour itself.
        berths, oil_berths, anchorages: where ships lie; the first at least one.
    """

    id: str
    name: str
    country: str
    place: Place
    berths: tuple[Place, ...]
    oil_berths: tuple[Place, ...]
    anchorages: tuple[Place, ...]


class Chart:
    """Places and ways between them.

    Args:
        routes: the sea routes.
        land: the coast.
    """

    def __init__(self, routes: SeaRoutes, land: Coast) -> None:
        self._routes = routes
        self._land = land
        self._paths: dict[tuple[Place, Place], tuple[Place, ...]] = {}
        self._nodes: dict[Place, Place] = {}
        self.harbours: dict[str, Harbour] = {each.id: each for each in map(_harbour, gazetteer().ports)}
        self.points: tuple[Place, ...] = tuple(
            (point.latitude_deg, point.longitude_deg) for port in gazetteer().ports for point in port.points
        )
        self._partners: dict[str, tuple[Harbour, ...]] = {}

    def path(self, begin: Place, end: Place) -> tuple[Place, ...]:
        """A way over water from one place to the other, both included.

        Between berths and anchorages it follows the way between the gazetteer's points, found once for all ships.
        """
        nodes = self._nodes.get(begin, begin), self._nodes.get(end, end)
        found = self._found(*nodes)
        inner = found[1:-1]
        head = [] if begin == nodes[0] or self.is_open(begin, (*inner, end)[0]) else [nodes[0]]
        tail = [] if end == nodes[1] or self.is_open((begin, *inner)[-1], end) else [nodes[1]]
        return (begin, *head, *inner, *tail, end)

    def lane(self, path: Sequence[Place], aside_km: float) -> tuple[Place, ...]:
        """The way some kilometres to starboard in open water, and less near coasts: no two voyages follow one line."""
        points = _dense(path)
        if len(points) < 4:
            return tuple(path)
        room = 0.6 * self.shore_km(points[:, 0], points[:, 1])
        aside = np.clip(np.full(len(points), aside_km), -room, room)
        # Never more than there is room for, and coming and going slowly.
        aside = np.sign(aside_km) * _gentle(np.abs(aside))
        north, east = np.gradient(points[:, 0]), np.gradient(points[:, 1]) * np.cos(np.radians(points[:, 0]))
        length = np.maximum(np.sqrt(north * north + east * east), 1e-9)
        moved = points.copy()
        moved[:, 0] += aside * (-east / length) / (METRES_PER_DEGREE / 1000)
        moved[:, 1] += aside * (north / length) / (METRES_PER_DEGREE / 1000 * np.cos(np.radians(points[:, 0])))
        moved[[0, -1]] = points[[0, -1]]
        return tuple((round(float(a), 7), round(float(b), 7)) for a, b in moved)

    def is_open(self, begin: Place, end: Place) -> bool:
        """Whether the straight line between two places crosses no land, seen every half kilometre."""
        count = max(2, int(distance_km(begin, end) / 0.5) + 1)
        share = np.linspace(0.0, 1.0, count)
        latitude = begin[0] + share * (end[0] - begin[0])
        longitude = begin[1] + share * (end[1] - begin[1])
        return not bool(self.on_land(latitude, longitude).any())

    def _found(self, begin: Place, end: Place) -> tuple[Place, ...]:
        if (begin, end) not in self._paths:
            if (end, begin) in self._paths:
                self._paths[begin, end] = tuple(reversed(self._paths[end, begin]))
            else:
                self._paths[begin, end] = (begin, *_inner(self._routes.route(begin, end)), end)
        return self._paths[begin, end]

    def on_land(self, latitude: Floats, longitude: Floats) -> NDArray[np.bool_]:
        """Which places are on land."""
        return self._land.on_land(latitude, longitude)

    def shore_km(self, latitude: Floats, longitude: Floats) -> Floats:
        """How far each place is from the coast."""
        return self._land.shore_km(latitude, longitude)

    def is_clear(self, place: Place, *, shore_km: float, port_km: float) -> bool:
        """Whether a place is at sea, so far from the coast and from where ships lie."""
        return self.from_shore_km(place) >= shore_km and self.from_port_km(place) >= port_km

    def from_shore_km(self, place: Place) -> float:
        """How far a place is from the coast; 0 on land."""
        latitude, longitude = np.array([place[0]]), np.array([place[1]])
        return 0.0 if self.on_land(latitude, longitude)[0] else float(self.shore_km(latitude, longitude)[0])

    def from_port_km(self, place: Place) -> float:
        """How far a place is from where ships lie or wait."""
        return min(distance_km(place, point) for point in self.points)

    def partners(self, harbour: Harbour) -> tuple[Harbour, ...]:
        """The harbours outside the DPRK that ships go to from this one, the nearest first."""
        if harbour.id not in self._partners:
            others = [
                (distance_km(harbour.place, other.place), other.id)
                for other in self.harbours.values()
                if other.country in _COUNTRIES and other.id != harbour.id
            ]
            within = [name for apart, name in sorted(others) if _NEAR_KM <= apart <= _FAR_KM]
            # Some near and some far: every third, so that not all trade is along one coast.
            self._partners[harbour.id] = tuple(self.harbours[name] for name in within[::3][:_PARTNERS])
        return self._partners[harbour.id]

    def trading(self) -> tuple[Harbour, ...]:
        """The harbours that the ordinary ships of the world use: outside the DPRK, with an anchorage."""
        return tuple(each for each in self.harbours.values() if each.country in _COUNTRIES and each.anchorages)

    def near(self, place: Place, within_km: float) -> tuple[Harbour, ...]:
        """The trading harbours so near to a place, the nearest first."""
        apart = sorted((distance_km(place, each.place), each.id) for each in self.trading())
        return tuple(self.harbours[name] for distance, name in apart if distance <= within_km)

    def dprk(self, *, oil: bool = False) -> tuple[Harbour, ...]:
        """The harbours of the DPRK; those with a berth for oil only, where asked."""
        return tuple(each for each in self.harbours.values() if each.country == "KP" and (each.oil_berths or not oil))

    def within(self, chance: Chance, kind: str, *, shore_km: float, port_km: float) -> Place:
        """A place in one of the zones of a kind.

        Raises:
            ValueError: none of them has such a place.
        """
        zones = [zone for zone in gazetteer().zones if zone.kind == kind]
        for _ in range(2000):
            zone = chance.pick(zones)
            ring = chance.pick(zone.rings)
            south, north = min(lat for lat, _ in ring), max(lat for lat, _ in ring)
            west, east = min(lon for _, lon in ring), max(lon for _, lon in ring)
            place = (round(chance.uniform(south, north), 5), round(chance.uniform(west, east), 5))
            if zone.contains(*place) and self.is_clear(place, shore_km=shore_km, port_km=port_km):
                return place
        raise ValueError(f"no zone of kind {kind} has a place {shore_km} km off the coast")

    def spot(self, chance: Chance, around: Place, within_km: float, *, shore_km: float, port_km: float = 0.0) -> Place:
        """A place at sea near another.

        Raises:
            ValueError: there is none that keeps so far from coast and ports.
        """
        for _ in range(400):
            reach = within_km * sqrt(chance.uniform(0.0, 1.0))
            place = offset(around, chance.uniform(0.0, 360.0), reach)
            if self.is_clear(place, shore_km=shore_km, port_km=port_km):
                return place
        raise ValueError(f"no place within {within_km} km of {around} is {shore_km} km off the coast")

    def anchorage(self, chance: Chance, harbour: Harbour) -> Place:
        """Where a ship anchors off a harbour: within some kilometres of its anchorage."""
        centre = chance.pick(harbour.anchorages)
        for shore_km in (1.0, 0.3, 0.0):
            try:
                return self._lies(self.spot(chance, centre, 4.0, shore_km=shore_km), centre)
            except ValueError:
                continue
        return centre

    def berth(self, chance: Chance, harbour: Harbour, *, oil: bool = False) -> Place:
        """Where a ship makes fast: within some hundred metres of a quay."""
        quay = chance.pick(harbour.oil_berths if oil and harbour.oil_berths else harbour.berths)
        return self._lies(offset(quay, chance.uniform(0.0, 360.0), chance.uniform(0.0, 0.25)), quay)

    def _lies(self, place: Place, node: Place) -> Place:
        self._nodes[place] = node
        return place


def _harbour(port: object) -> Harbour:
    points: dict[str, list[Place]] = {}
    for point in port.points:  # type: ignore[attr-defined]
        points.setdefault(point.kind, []).append((point.latitude_deg, point.longitude_deg))
    place = (port.latitude_deg, port.longitude_deg)  # type: ignore[attr-defined]
    berths = points.get("berth") or points.get("oil_berth") or [place]
    return Harbour(
        id=port.id,  # type: ignore[attr-defined]
        name=port.name,  # type: ignore[attr-defined]
        country=port.country,  # type: ignore[attr-defined]
        place=place,
        berths=tuple(berths),
        oil_berths=tuple(points.get("oil_berth", ())),
        anchorages=tuple(points.get("anchorage", ())),
    )


def _inner(path: Sequence[Place]) -> Sequence[Place]:
    return [(round(each[0], 7), round(each[1], 7)) for each in path[1:-1]]


@cache
def chart() -> Chart:
    """The chart, made once."""
    return Chart(sea_routes(), coast())


def _dense(path: Sequence[Place]) -> Floats:
    """The way with a place every six kilometres."""
    points = np.array(path, dtype=np.float64)
    parts = []
    for number, length in enumerate(lengths_km(points[:, 0], points[:, 1])):
        count = max(1, int(np.ceil(length / 6.0)))
        share = (np.arange(count) / count)[:, None]
        parts.append(points[number] + share * (points[number + 1] - points[number]))
    return np.concatenate([*parts, points[-1:]])


def _gentle(aside: Floats) -> Floats:
    """The largest line under this one that changes by at most a kilometre from place to place and is 0 at both ends."""
    under = aside.copy()
    under[[0, -1]] = 0.0
    steps = np.arange(len(under), dtype=np.float64)
    forward = np.minimum.accumulate(under - steps) + steps
    backward = np.minimum.accumulate((under + steps)[::-1])[::-1] - steps
    return np.maximum(0.0, np.minimum(forward, backward))
