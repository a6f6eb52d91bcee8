"""The chart of the invented world: real ports, coasts and sea routes, and the spots where its ships lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import cos, radians, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bongsu.sandbox.sea.chance import Chance, Floats, NoRoomError
from bongsu.sandbox.sea.motion import Place, divided, lengths_km, offset
from bongsu.sandbox.sea.shore import Shore
from bongsu.sandbox.sea.ways import Ways
from bongsu.sea.grid import METRES_PER_DEGREE, distance_km
from bongsu.sea.places import Port, gazetteer
from bongsu.sea.places.harbours import moorings
from bongsu.sea.places.water import Water, spot_of

# How near another harbour must be for a ship of the invented world to trade with it, and how many such each has.
_NEAR_KM: Final = 60.0
_FAR_KM: Final = 1300.0
_PARTNERS: Final = 7
_DPRK_WATERS: Final = "kp-territorial-sea"
_COMPANY: Final = 12  # a harbour with fewer others of its sort about is remote
_IN_SIGHT_KM: Final = 60.0
_KM_PER_DEGREE: Final = METRES_PER_DEGREE / 1000
# An anchorage, and how many ships it has room for: about four cables between them.
_ROADS_KM: Final = 4.5
_SPOTS: Final = 110
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

    @property
    def hub(self) -> Place:
        """Where the ways to it are found from: as far out as its ships lie."""
        return self.anchorages[0] if self.anchorages else self.berths[0]


class Chart:
    """Places and ways between them.

    Args:
        ways: the ways over water.
        shore: the coast.
    """

    def __init__(self, ways: Ways, shore: Shore) -> None:
        self._ways = ways
        self._shore = shore
        self._lies: dict[Place, tuple[Place, Harbour]] = {}
        self._partners: dict[str, tuple[Harbour, ...]] = {}
        self.harbours: dict[str, Harbour] = {each.id: each for each in map(_harbour, gazetteer().ports)}
        self._points = _moorings()
        self._roads: dict[Place, tuple[Place, ...]] = {}

    def path(self, begin: Place, end: Place) -> tuple[Place, ...]:
        """A way over water from one place to the other, both included.

        Between berths and anchorages it follows the way between the gazetteer's points, found once for all ships.
        """
        if distance_km(begin, end) < _IN_SIGHT_KM and self._ways.is_clear(begin, end):
            return begin, end
        nodes = [self._lies.get(place, (place, None)) for place in (begin, end)]
        hub = nodes[0][1] or nodes[1][1]
        inner = self._ways.way(begin if hub is None else hub.hub, nodes[0][0], nodes[1][0])
        head = [] if begin == nodes[0][0] or self.is_open(begin, (*inner, end)[0]) else [nodes[0][0]]
        tail = [] if end == nodes[1][0] or self.is_open((begin, *inner)[-1], end) else [nodes[1][0]]
        return (begin, *head, *inner, *tail, end)

    def sea_km(self, harbour: Harbour, place: Place) -> float:
        """How far it is by sea, to some kilometres."""
        return self._ways.length_km(harbour.hub, self._lies.get(place, (place, None))[0])

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

    def on_land(self, latitude: Floats, longitude: Floats) -> NDArray[np.bool_]:
        """Which places are on land."""
        return self._shore.dry(latitude, longitude)

    def shore_km(self, latitude: Floats, longitude: Floats) -> Floats:
        """How far each place is from the coast."""
        return self._shore.km(latitude, longitude)

    def is_clear(self, place: Place, *, shore_km: float, port_km: float) -> bool:
        """Whether a place is at sea, so far from the coast and from where ships lie."""
        return self.from_shore_km(place) >= shore_km and self.from_port_km(place) >= port_km

    def from_shore_km(self, place: Place) -> float:
        """How far a place is from the coast; 0 on land."""
        return self._shore.km_at(*place)

    def from_port_km(self, place: Place) -> float:
        """How far a place is from where ships lie or wait."""
        # A plane is good enough near by, and what is far is far.
        north = (self._points[:, 0] - place[0]) * _KM_PER_DEGREE
        east = (self._points[:, 1] - place[1]) * _KM_PER_DEGREE * cos(radians(place[0]))
        return round(float(np.sqrt((north * north + east * east).min())), 3)

    def partners(self, harbour: Harbour) -> tuple[Harbour, ...]:
        """The harbours outside the DPRK that ships go to from this one, the nearest first."""
        if harbour.id not in self._partners:
            others = [
                (distance_km(harbour.place, other.place), other.id)
                for other in self.harbours.values()
                if other.country in _COUNTRIES and other.id != harbour.id
            ]
            within = [self.harbours[name] for apart, name in sorted(others) if _NEAR_KM <= apart <= _FAR_KM]
            by_sea = [each for each in within if self.sea_km(harbour, each.hub) <= _FAR_KM]
            # Some near and some far: every third, so that not all trade is along one coast.
            self._partners[harbour.id] = tuple(by_sea[::3][:_PARTNERS])
        return self._partners[harbour.id]

    def trading(self) -> tuple[Harbour, ...]:
        """The harbours that the ordinary ships of the world use: outside the DPRK, with an anchorage, none remote."""
        return self._trading

    @cached_property
    def _trading(self) -> tuple[Harbour, ...]:
        used = [each for each in self.harbours.values() if each.country in _COUNTRIES and each.anchorages]
        return tuple(
            each
            for each in used
            if sum(distance_km(each.place, other.place) < _FAR_KM * 0.8 for other in used) >= _COMPANY
        )

    def near(self, place: Place, within_km: float) -> tuple[Harbour, ...]:
        """The trading harbours so near to a place by sea, the nearest by air first."""
        apart = sorted((distance_km(place, each.place), each.id) for each in self.trading())
        close = (self.harbours[name] for distance, name in apart if distance <= within_km)
        return tuple(each for each in close if self.sea_km(each, place) <= within_km)

    def dprk(self, *, oil: bool = False) -> tuple[Harbour, ...]:
        """The harbours of the DPRK; those with a berth for oil only, where asked."""
        return tuple(each for each in self.harbours.values() if each.country == "KP" and (each.oil_berths or not oil))

    def within(self, chance: Chance, kind: str, *, shore_km: float, port_km: float) -> Place:
        """A place in one of the zones of a kind.

        Raises:
            NoRoomError: none of them has such a place.
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
        raise NoRoomError(f"no zone of kind {kind} has a place {shore_km} km off the coast")

    def lies_in(self, place: Place, kind: str) -> bool:
        """Whether a place lies in one of the zones of a kind."""
        return any(zone.kind == kind and zone.contains(*place) for zone in gazetteer().zones)

    def is_known(self, place: Place, kind: str) -> bool:
        """Whether a place lies where something ties it to the DPRK: in its waters, or in a zone of a kind of which a
        report tells; a zone that our own list alone names ties nothing.
        """
        return any(
            (zone.country == "KP" or (zone.kind == kind and zone.is_reported)) and zone.contains(*place)
            for zone in gazetteer().zones
        )

    def is_abroad(self, place: Place) -> bool:
        """Whether a place lies outside the territorial sea of the DPRK, where none but its guests and its own fish."""
        return not gazetteer().zone(_DPRK_WATERS).contains(*place)

    def spot(
        self,
        chance: Chance,
        around: Place,
        within_km: float,
        *,
        shore_km: float,
        port_km: float = 0.0,
        abroad: bool = False,
    ) -> Place:
        """A place at sea near another; outside the waters of the DPRK, where that is asked.

        Raises:
            NoRoomError: there is none that keeps so far from coast and ports.
        """
        for _ in range(400):
            reach = within_km * sqrt(chance.uniform(0.0, 1.0))
            place = offset(around, chance.uniform(0.0, 360.0), reach)
            if self.is_clear(place, shore_km=shore_km, port_km=port_km) and (not abroad or self.is_abroad(place)):
                return place
        raise NoRoomError(f"no place within {within_km} km of {around} is {shore_km} km off the coast")

    def anchorage(self, chance: Chance, harbour: Harbour) -> Place:
        """Where a ship anchors off a harbour: within some kilometres of its anchorage."""
        centre = chance.pick(harbour.anchorages or harbour.berths[:1])
        if centre not in self._roads:
            self._roads[centre] = self._spots_about(centre)
        return self._lying(chance.pick(self._roads[centre]), centre, harbour)

    def _spots_about(self, centre: Place) -> tuple[Place, ...]:
        """Spots at an anchorage some cables from each other, as far off the coast as there are any."""
        spots = [offset(centre, number * 137.50776, _ROADS_KM * (number / _SPOTS) ** 0.5) for number in range(_SPOTS)]
        for shore_km in (1.0, 0.3):
            found = tuple(spot for spot in spots if self.from_shore_km(spot) >= shore_km)
            if len(found) * 4 >= _SPOTS:
                return found
        return tuple(spot for spot in spots[: _SPOTS // 6] if not self.on_land(*np.array([spot]).T)[0]) or (centre,)

    def berth(self, chance: Chance, harbour: Harbour, *, oil: bool = False) -> Place:
        """Where a ship makes fast: within some hundred metres of a quay."""
        quay = chance.pick(harbour.oil_berths if oil and harbour.oil_berths else harbour.berths)
        return self._lying(offset(quay, chance.uniform(0.0, 360.0), chance.uniform(0.0, 0.25)), quay, harbour)

    def _lying(self, place: Place, node: Place, harbour: Harbour) -> Place:
        self._lies[place] = (node, harbour)
        return place


def _harbour(port: Port) -> Harbour:
    points: dict[str, list[Place]] = {}
    for point in port.points:
        points.setdefault(point.kind, []).append((point.latitude_deg, point.longitude_deg))
    place = (port.latitude_deg, port.longitude_deg)
    berths = points.get("berth") or points.get("oil_berth") or [place]
    return Harbour(
        id=port.id,
        name=port.name,
        country=port.country,
        place=place,
        berths=tuple(berths),
        oil_berths=tuple(points.get("oil_berth", ())),
        anchorages=tuple(points.get("anchorage", ())),
    )


def _moorings() -> Floats:
    """Every place of the region where ships ordinarily lie, those of the world's harbours too."""
    table = moorings()
    points = np.stack([table.column(name).to_numpy() for name in ("latitude_deg", "longitude_deg")], axis=1)
    rows = [place for place in points if spot_of(float(place[0]), float(place[1])) is not None]
    return np.array(rows, dtype=np.float64)


@cache
def chart() -> Chart:
    """The chart, made once."""
    ports = gazetteer().ports
    points = [(point.latitude_deg, point.longitude_deg) for port in ports for point in port.points]
    return Chart(Ways(Water([*((port.latitude_deg, port.longitude_deg) for port in ports), *points])), Shore())


def _dense(path: Sequence[Place]) -> Floats:
    """The way with a place every six kilometres."""
    points = np.array(path, dtype=np.float64)
    parts = np.maximum(1, np.ceil(lengths_km(points[:, 0], points[:, 1]) / 6.0)).astype(np.int64)
    return np.stack(divided(points, parts), axis=1)


def _gentle(aside: Floats) -> Floats:
    """The largest line under this one that changes by at most a kilometre from place to place and is 0 at both ends."""
    under = aside.copy()
    under[[0, -1]] = 0.0
    steps = np.arange(len(under), dtype=np.float64)
    forward = np.minimum.accumulate(under - steps) + steps
    backward = np.minimum.accumulate((under + steps)[::-1])[::-1] - steps
    return np.maximum(0.0, np.minimum(forward, backward))
