"""Sea routes of the region that do not cross land: how far by sea, and by which way."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from math import inf
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bongsu.kernel.errors import UsageError
from bongsu.sea.grid import distance_km
from bongsu.sea.places.gazetteer import gazetteer
from bongsu.sea.places.model import Port
from bongsu.sea.places.water import Place, Water, cells_back, cells_of_spots

SEA_KM: Final = pa.schema(
    [
        pa.field("port", pa.string(), nullable=False),
        pa.field("cell", pa.int64(), nullable=False),
        pa.field("sea_km", pa.float64(), nullable=False),
    ]
)
_FIELDS_KEPT: Final = 128  # 3 MB each
_WAYS_KEPT: Final = 4096
_PULLS: Final = 4
_HALVINGS: Final = 7


class SeaRoutes:
    """Ways by sea between ports and places from 15 to 55 north and 105 to 150 east.

    The map is Natural Earth 1:10m in cells of 0.05 degrees. Straits narrower than a cell are closed but for those of
    `straits.toml` (Kanmon); every harbour is open, through the locks and up the rivers where it lies behind them. No
    depths, no traffic schemes, no ice: a real voyage is rarely shorter, and may be longer.

    Args:
        ports: the ports that routes can be asked for by id.
    """

    def __init__(self, ports: Iterable[Port]) -> None:
        self._ports = {port.id: port for port in ports}
        points = [(point.latitude_deg, point.longitude_deg) for port in self._ports.values() for point in port.points]
        harbours = [(port.latitude_deg, port.longitude_deg) for port in self._ports.values()]
        self._water = Water([*harbours, *points])
        self._from = lru_cache(maxsize=_FIELDS_KEPT)(self._computed)
        self._way = lru_cache(maxsize=_WAYS_KEPT)(self._found)

    def distance_km(self, start: str | Place, end: str | Place) -> float | None:
        """The length of `route`, which is the same both ways; None where there is none."""
        way = self.route(start, end)
        return None if way is None else sum(distance_km(a, b) for a, b in pairwise(way))

    def route(self, start: str | Place, end: str | Place) -> list[Place] | None:
        """The way by sea: the start, the turning points, the end; latitude and longitude.

        Between turning points it goes straight in degrees and touches no cell that is mostly land, but for the ways
        into harbours; the first and last leg may, where a place lies on the shore. On open water it is the direct line.

        Args:
            start: a port's id, or latitude and longitude.
            end: the same.

        Returns:
            None where a place lies outside the region, or inland.

        Raises:
            UsageError: no such port.
        """
        here, there = self._place(start), self._place(end)
        # One way for both directions, and from the port where there is one: its field serves every place.
        turned = (isinstance(start, str), there) < (isinstance(end, str), here)
        way = self._way(there, here) if turned else self._way(here, there)
        if way is None:
            return None
        return list(way[::-1] if turned else way)

    def sea_km(self, port: str, place: Place, within_km: float = inf) -> float | None:
        """The way from a port's harbour to a place, as `cells` has it: quicker than `distance_km`, up to 3.6 % longer.

        Args:
            port: its id.
            place: latitude and longitude.
            within_km: how far to look: the field of a port is worked out for each value anew, the quicker the less.

        Returns:
            None where the place lies outside the region, inland, or farther.
        """
        harbour = self._place(port)
        first, node = self._water.node_at(*harbour), self._water.node_at(*place)
        if first is None or node is None:
            return None
        length = float(self._from(first, within_km)[0][node])
        return None if length == inf else round(length, 3)

    def cells(self, port: str, within_km: float) -> pa.Table:
        """Every open cell within a way by sea of a port's harbour: port, cell, sea_km; sorted by cell.

        The way is from the middle of the harbour's cell to the middle of the cell, so it may be 4 km off at each end;
        on open water it is up to 3.6 % longer than the great circle (`water.MOVES`). A table for an engine to join.

        Args:
            port: its id.
            within_km: how far, in kilometres.

        Raises:
            UsageError: no such port, or one outside the region.
        """
        first = self._water.node_at(*self._place(port))
        if first is None:
            raise UsageError(f"the port {port!r} lies outside the region of sea routes")
        lengths, _ = self._from(first, within_km)
        near = np.flatnonzero(lengths <= within_km)
        columns = [
            np.full(len(near), port),
            cells_of_spots(self._water.spots[near]),
            lengths[near].astype(np.float64).round(3),
        ]
        return pa.table([pa.array(column.tolist()) for column in columns], schema=SEA_KM)

    def _place(self, named: str | Place) -> Place:
        if not isinstance(named, str):
            return named
        port = self._ports.get(named)
        if port is None:
            raise UsageError(f"no port is called {named!r}", remedy=f"there are: {', '.join(self._ports)}")
        return port.latitude_deg, port.longitude_deg

    def _found(self, here: Place, there: Place) -> tuple[Place, ...] | None:
        first, last = self._water.node_at(*here), self._water.node_at(*there)
        if first is None or last is None:
            return None
        _, before = self._from(first)
        nodes = cells_back(before, last)
        grid = [here, *(self._water.place_of(node) for node in nodes[::-1]), there]
        return tuple(self._taut(self._water.straightened(grid)))

    def _computed(self, node: int, within_km: float = inf) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        lengths, before = self._water.ways_from(node, within_km=within_km)
        return lengths.astype(np.float32), before

    def _taut(self, way: list[Place]) -> list[Place]:
        """The way with its turns drawn in, as a string is pulled tight, and without those that are none."""
        for _ in range(_PULLS):
            at = 1
            while at < len(way) - 1:
                before, turn, after = way[at - 1 : at + 2]
                turn = min(
                    (self._drawn(before, turn, after), self._drawn(after, turn, before)),
                    key=lambda place: distance_km(before, place) + distance_km(place, after),
                )
                if turn in {before, after}:
                    del way[at]
                else:
                    way[at] = turn
                    at += 1
        return way

    def _drawn(self, seen_from: Place, turn: Place, towards: Place) -> Place:
        """The place farthest from a turn, on the leg to the next, that can still be seen from the place before it."""
        near, far = 0.0, 1.0
        if self._water.is_clear(seen_from, towards):
            return towards
        for _ in range(_HALVINGS):
            share = (near + far) / 2
            if self._water.is_clear(seen_from, _between(turn, towards, share)):
                near = share
            else:
                far = share
        return _between(turn, towards, near)


def _between(start: Place, end: Place, share: float) -> Place:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


@cache
def sea_routes() -> SeaRoutes:
    """The routes between the ports of the gazetteer, made ready once (about two seconds)."""
    return SeaRoutes(gazetteer().ports)
