"""Ties: what ties something that ships did at sea to the DPRK: a flag, a listing, a call, its waters, known waters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bongsu.sea.calls import Call, calls, ports_of
from bongsu.sea.flags import DPRK, is_dprk
from bongsu.sea.model import DesignatedShip
from bongsu.sea.places import Zone
from bongsu.sea.seas import Known
from bongsu.sea.ships import Ship
from bongsu.sea.signs import time_of, told

_DAY_S: Final = 86_400
_WATERS: Final = frozenset({"territorial_sea", "exclusive_economic_zone"})
#: From the strongest to the weakest. The last is none of the ships' own: thousands of others lie in such waters.
TIES: Final = ("dprk_flag", "listed", "dprk_call", "dprk_waters", "transfer_area")
OWN: Final = frozenset(TIES[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One fact that ties an act to the DPRK: its kind, of `TIES`, and the sentence that says it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is asked about: when, seconds since 1970, and where, degrees."""

    from_s: int
    to_s: int
    latitude_deg: float
    longitude_deg: float


class Ties:
    """What is known that may tie an act to the DPRK.

    Args:
        stays: what `calls.stays_at` gave of the ports of the DPRK.
        known: places and designated ships.
        kinds: the kinds of zones that count as known waters.
        call_days: how long before or after an act a call still ties it.
    """

    def __init__(self, stays: Iterable[Call], known: Known, *, kinds: Iterable[str], call_days: float) -> None:
        self._calls: dict[int, list[Call]] = defaultdict(list)
        for call in calls(stays, ports_of(known.gazetteer, DPRK)):
            self._calls[call.mmsi].append(call)
        self._known = known
        self._kinds = frozenset(kinds)
        self._call_s = int(call_days * _DAY_S)

    def of(self, act: Act, ships: Sequence[Ship]) -> tuple[Tie, ...]:
        """The ties of an act to the DPRK, in the order of `TIES`; empty where there is none.

        Waters count as known where a report that was published describes them: one that our own list alone names tells
        nothing of a ship.
        """
        found = [Tie(kind="dprk_flag", text=f"{ship.called}: an MMSI of the DPRK.") for ship in ships if is_dprk(ship)]
        found += [tie for ship in ships for tie in self._listed(ship, act)]
        found += [tie for ship in ships for tie in self._called(ship, act)]
        zones = [zone for zone in self._known.gazetteer.zones if zone.contains(act.latitude_deg, act.longitude_deg)]
        found += [_in_waters(zone) for zone in zones if zone.country == DPRK and zone.kind in _WATERS][:1]
        found += [_in_area(zone) for zone in zones if zone.kind in self._kinds and zone.is_reported][:1]
        return tuple(found)

    def _listed(self, ship: Ship, act: Act) -> Iterable[Tie]:
        on = time_of(act.to_s).date()
        for each in self._known.designated:
            number = "IMO number" if each.imo is not None and each.imo == ship.imo else "MMSI"
            if (number == "IMO number" or each.mmsi == ship.mmsi) and was_listed(each, on):
                text = f"{ship.called}: her {number} is that of {each.name}, which {each.authority} listed on "
                yield Tie(kind="listed", text=f"{text}{each.listed_on}.")
                return

    def _called(self, ship: Ship, act: Act) -> Iterable[Tie]:
        near = [
            call
            for call in self._calls[ship.mmsi]
            if call.to_s >= act.from_s - self._call_s and call.from_s <= act.to_s + self._call_s
        ]
        if near:
            nearest = min(near, key=lambda call: (max(act.from_s - call.to_s, call.from_s - act.to_s), call.from_s))
            port = self._known.gazetteer.port(nearest.port).name
            text = f"{ship.called} called at {port}, from {told(nearest.from_s)} to {told(nearest.to_s)}."
            yield Tie(kind="dprk_call", text=text)


def was_listed(ship: DesignatedShip, on: date) -> bool:
    """Whether a list says that a ship was designated by a day. One that prints no day says it of none."""
    return ship.listed_by is not None and ship.listed_by <= on


def _in_waters(zone: Zone) -> Tie:
    text = f"It happened in waters of the DPRK, as we draw them: {zone.name}"
    return Tie(kind="dprk_waters", text=f"{text}; the border may lie {zone.accuracy_km:g} km off.")


def _in_area(zone: Zone) -> Tie:
    what = "transfers" if zone.kind == "transfer_area" else "ships waiting with cargo of the DPRK"
    text = f"It happened in an area where reports describe {what}: {zone.name}. Many other ships lie there."
    return Tie(kind="transfer_area", text=text)
