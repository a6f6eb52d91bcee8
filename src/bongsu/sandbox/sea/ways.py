"""Ways over water between any two places, found quickly enough for thousands of voyages."""

from __future__ import annotations

from functools import lru_cache, partial
from math import isfinite
from typing import Final

from bongsu.sandbox.sea.chance import NoRoomError
from bongsu.sandbox.sea.motion import Place
from bongsu.sea.places.water import Water, cells_back

# No voyage of the invented world is longer. The nearer the limit, the quicker a harbour's ways are found.
_FARTHEST_KM: Final = 1800.0
_FIELDS: Final = 256


class Ways:
    """Ways from harbours to places, each found once.

    Args:
        water: the region's open water, with the ways into every harbour.
    """

    def __init__(self, water: Water) -> None:
        self._water = water
        self._field = lru_cache(maxsize=_FIELDS)(partial(water.ways_from, within_km=_FARTHEST_KM))
        self._found: dict[tuple[int, Place, Place], tuple[Place, ...]] = {}

    def length_km(self, hub: Place, place: Place) -> float:
        """How far it is by sea from a harbour to a place, to some kilometres; infinite where there is no way."""
        here, there = self._node(hub), self._node(place)
        return float("inf") if here is None or there is None else float(self._field(here)[0][there])

    def is_clear(self, begin: Place, end: Place) -> bool:
        """Whether the straight line between two places touches open water only."""
        return self._water.is_clear(begin, end)

    def way(self, hub: Place, begin: Place, end: Place) -> tuple[Place, ...]:
        """The turning points between two places, by the ways of a harbour that is one of them or close to one.

        Raises:
            NoRoomError: there is none.
        """
        here, first, last = self._node(hub), self._node(begin), self._node(end)
        if here is None or first is None or last is None:
            raise NoRoomError(f"there is no way from {begin} to {end}")
        # The very places, not their cells: the turning points depend on them, and a world on nothing made before it.
        key = (here, begin, end)
        if key not in self._found:
            nodes = _joined(self._back(here, first), self._back(here, last))
            points = [begin, *(self._water.place_of(node) for node in nodes), end]
            turns = self._water.straightened(points)[1:-1]
            self._found[key] = tuple((round(latitude, 7), round(longitude, 7)) for latitude, longitude in turns)
        return self._found[key]

    def _node(self, place: Place) -> int | None:
        return self._water.node_at(*place)

    def _back(self, hub: int, node: int) -> list[int]:
        """The cells from one to the harbour."""
        lengths, before = self._field(hub)
        if not isfinite(lengths[node]):
            raise NoRoomError("there is no way so long")
        return cells_back(before, node)


def _joined(out: list[int], back: list[int]) -> list[int]:
    """From one end to the other by the last cell that both ways to the harbour share first."""
    common = set(back)
    for number, node in enumerate(out):
        if node in common:
            return [*out[: number + 1], *reversed(back[: back.index(node)])]
    raise NoRoomError("the two ways do not meet")
