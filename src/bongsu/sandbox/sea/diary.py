"""A ship's days, written one after the other: from port to port, at anchor, adrift."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.chart import Chart, Harbour
from bongsu.sandbox.sea.hulls import Hull
from bongsu.sandbox.sea.motion import HOUR, UNDER_WAY, Leg, Place, anchor, drift, joined, moor, sail
from bongsu.sandbox.sea.vessels import Saying, Vessel, saying
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE

# Time in port and at anchor of the coasters and bulk carriers of the region: about a day (UNCTAD, Review of Maritime
# Transport 2023, table 4.3: median time in port, dry bulk 2.1, breakbulk 1.2, wet 1.0 days), with a wide spread.
_BERTH_H: Final = (21.0, 0.55, 7.0, 90.0)
_WAIT_H: Final = (13.0, 0.8, 2.0, 90.0)
_WAITS: Final = 0.5
_CHANGES: Final = 0.85
_DIRECTIONS: Final = 12
_LEE_KM: Final = 1.0
_LANE_KM: Final = (2.0, 2.5)  # to starboard of the shortest way, as the rule of the road has it (COLREG rule 9)


class Diary:
    """What a ship does, in order.

    Args:
        chart: the world's.
        chance: hers alone.
        hull: the ship.
        harbour: where she lies as the diary begins.
        begins_s: when; mostly before the world does.
        laden: whether she has cargo then.
    """

    def __init__(
        self, chart: Chart, chance: Chance, hull: Hull, harbour: Harbour, *, begins_s: int, laden: bool = False
    ) -> None:
        self.chart = chart
        self.chance = chance
        self.hull = hull
        self.harbour = harbour
        self.laden = laden
        self.at_s = begins_s
        self.place: Place = chart.berth(chance, harbour)
        self.silences: list[tuple[int, int]] = []
        self.stops: list[tuple[int, int, Place]] = []
        self._legs: list[Leg] = []
        self._sayings: list[Saying] = []
        self.say(harbour.name)

    def say(self, destination: str, *, laden: bool | None = None) -> None:
        """From now on she is so deep in the water and bound for there."""
        self.laden = self.laden if laden is None else laden
        draught = self.hull.laden_m if self.laden else self.hull.ballast_m
        # The officer types the draught in: it is right to a tenth or two.
        told = max(0.1, round(draught + self.chance.normal(0.0, 0.05), 1))
        self._sayings.append(saying(self.hull, self.at_s, draught_m=told, destination=destination.upper()[:20]))

    def add(self, made: Leg) -> Leg:
        """A leg that begins now and here."""
        self._legs.append(made)
        self.at_s = made.end_s
        self.place = made.last
        return made

    def berth(self, hours: float) -> Leg:
        """So long at the berth where she is."""
        return self.add(moor(self.place, self.at_s, hours))

    def anchored(self, hours: float) -> Leg:
        """So long at anchor where she is."""
        return self.add(anchor(self.chance, self.place, self.at_s, hours))

    def adrift(self, hours: float, *, speed_kn: float, status: int = UNDER_WAY) -> Leg:
        """Adrift from where she is, wherever wind and tide would not set her on a coast."""
        for attempt in range(_DIRECTIONS):
            slower = speed_kn * (1.0 - attempt / _DIRECTIONS) + 0.02
            toward = self.chance.uniform(0.0, 360.0)
            made = drift(self.chance, self.place, self.at_s, hours, speed_kn=slower, toward_deg=toward, status=status)
            if self.chart.shore_km(made.latitude, made.longitude).min() > _LEE_KM:
                return self.add(made)
        raise NoRoomError("there is no room to drift")

    def go_to(self, place: Place, *, speed_kn: float | None = None, harbours: tuple[bool, bool] = (True, False)) -> Leg:
        """Under way to a place at sea."""
        return self.add(self._way(self.place, self.at_s, place, speed_kn, harbours))

    def way_to(self, place: Place, *, harbours: tuple[bool, bool] = (True, False)) -> Leg:
        """The leg to a place, not written down yet."""
        return self._way(self.place, self.at_s, place, None, harbours)

    def hours_to(self, place: Place) -> float:
        """About how long she needs to a place, on the long side."""
        made = sail(Chance(0), self.chart.path(self.place, place), 0, self.hull.speed_kn, harbours=(True, True))
        return made.end_s / HOUR * 1.04 + 0.2

    def hours_for(self, distance_km: float) -> float:
        """About how long she needs for a distance, on the long side."""
        return distance_km / KM_PER_NAUTICAL_MILE / self.hull.speed_kn * 1.05 + 2.0

    def call(self, harbour: Harbour, *, wait_h: float | None = None, oil: bool = False) -> tuple[int, int]:
        """Under way to a berth of a harbour, with a wait at anchor before it or without.

        Returns:
            When she anchored or made fast first, and when she was at the berth.
        """
        if wait_h is not None:
            self.go_to(self.chart.anchorage(self.chance, harbour))
            first = self.at_s
            self.anchored(wait_h)
            self.go_to(self.chart.berth(self.chance, harbour, oil=oil), speed_kn=6.0, harbours=(False, True))
        else:
            self.go_to(self.chart.berth(self.chance, harbour, oil=oil), harbours=(True, True))
            first = self.at_s
        self.harbour = harbour
        return first, self.at_s

    def hidden(self, from_s: int, until_s: int) -> None:
        """Her transponder is off."""
        self.silences.append((from_s, until_s))

    def trade_until(self, until_s: int, among: Callable[[Harbour], Sequence[Harbour]] | None = None) -> None:
        """An ordinary life until a time, at which she lies at a berth; where it is past already, nothing."""
        partners = self.chart.partners if among is None else among
        while self.at_s < until_s:
            hours = self.chance.around(*_BERTH_H[:2], least=_BERTH_H[2], most=_BERTH_H[3])
            bound = self.chance.pick(partners(self.harbour))
            wait = self.chance.around(*_WAIT_H[:2], least=_WAIT_H[2], most=_WAIT_H[3])
            waits = self.chance.yes(_WAITS)
            needed = hours + self.hours_for(self.chart.sea_km(bound, self.place)) + (wait if waits else 0.0) + 4.0
            if self.at_s + needed * HOUR > until_s:
                self.berth((until_s - self.at_s) / HOUR)
                return
            self.berth(hours)
            self.say(bound.name, laden=not self.laden if self.chance.yes(_CHANGES) else None)
            self.call(bound, wait_h=wait if waits else None)

    def track(self) -> Leg:
        """All of her days as one track."""
        return joined(self._legs)

    def vessel(self, *, beat: int = 1) -> Vessel:
        """The ship with her days."""
        return Vessel(
            hull=self.hull,
            track=self.track(),
            sayings=tuple(self._sayings),
            silences=tuple(sorted(self.silences)),
            beat=beat,
        )

    def _way(self, begin: Place, at_s: int, end: Place, speed_kn: float | None, harbours: tuple[bool, bool]) -> Leg:
        path = self.chart.lane(self.chart.path(begin, end), self.chance.normal(*_LANE_KM))
        return sail(self.chance, path, at_s, self.hull.speed_kn if speed_kn is None else speed_kn, harbours=harbours)
