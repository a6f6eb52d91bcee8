"""Ties: what ties something that ships did at sea to the DPRK: a flag, a listing, a call, its waters, known waters.

A sign of which none is found names no measure: it is counted, and can be listed, and is no indicator.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.indicator import Reason
from bongsu.sea.calls import Call, calls, ports_of
from bongsu.sea.flags import DPRK, is_dprk
from bongsu.sea.model import DesignatedShip
from bongsu.sea.places import Zone
from bongsu.sea.seas import Known
from bongsu.sea.ships import Ship
from bongsu.sea.signs import time_of, told

_DAY_S: Final = 86_400
#: The kinds of zones that are a State's waters.
WATERS: Final = frozenset({"territorial_sea", "exclusive_economic_zone"})
_Place: TypeAlias = tuple[float, float]
#: From the strongest to the weakest.
TIES: Final = ("dprk_flag", "listed", "dprk_call", "dprk_waters", "transfer_area")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One fact that ties an act to the DPRK.

    Args:
        kind: of `TIES`, or a detector's own.
        text: the sentence that says it.
        own: whether it is of the ships themselves; else of where they were, and thousands of others are there.
    """

    kind: str
    text: str
    own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is asked about.

    Args:
        from_s, to_s: when, seconds since 1970.
        places: where, latitude and longitude in degrees: a silence has two ends.
        told: how the sentence begins that says in which waters that is.
        imos: IMO numbers that it rests on beside those of its ships.
    """

    from_s: int
    to_s: int
    places: tuple[_Place, ...]
    told: str = "It happened"
    imos: tuple[int, ...] = ()


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
        zones = [zone for zone in self._known.gazetteer.zones if any(zone.contains(*place) for place in act.places)]
        found += [_in_waters(zone, act) for zone in zones if zone.country == DPRK and zone.kind in WATERS][:1]
        found += [_in_area(zone, act) for zone in zones if zone.kind in self._kinds and zone.is_reported][:1]
        return tuple(found)

    def _listed(self, ship: Ship, act: Act) -> Iterable[Tie]:
        on, sent = time_of(act.to_s).date(), {ship.imo, *act.imos} - {None}
        for each in self._known.designated:
            number = "IMO number" if each.imo in sent else "MMSI"
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


def kinds_of(tied: Iterable[Tie]) -> list[JsonValue]:
    """The kinds of some ties, each once, in their order."""
    return list(dict.fromkeys(tie.kind for tie in tied))


def is_own(tied: Iterable[Tie]) -> bool:
    """Whether any of some ties is of the ships themselves, and not only of where they were."""
    return any(tie.own for tie in tied)


def reasons_of(
    tied: Iterable[Tie], weights: Mapping[str, float], *, whom: str, said: Collection[str] = ()
) -> list[Reason]:
    """The ties as reasons of a sign, in their order; and, where none is of the ships themselves, that this is so.

    Args:
        tied: what ties it to the DPRK.
        weights: how much each kind counts.
        whom: the ships, as the object of a sentence.
        said: kinds that the sign has said, and weighed, already.
    """
    tied = tuple(tied)
    reasons = [Reason(text=tie.text, weight=weights[tie.kind]) for tie in tied if tie.kind not in said]
    if not is_own(tied):
        reasons.append(Reason(text=f"Nothing that is known here ties {whom} to the DPRK.", weight=0.0))
    return reasons


def _in_waters(zone: Zone, act: Act) -> Tie:
    text = f"{act.told} in waters of the DPRK, as we draw them: {zone.name}"
    return Tie(kind="dprk_waters", text=f"{text}; the border may lie {zone.accuracy_km:g} km off.")


def _in_area(zone: Zone, act: Act) -> Tie:
    what = "transfers" if zone.kind == "transfer_area" else "ships waiting with cargo of the DPRK"
    text = f"{act.told} in an area where reports describe {what}: {zone.name}. Many other ships lie there."
    return Tie(kind="transfer_area", text=text, own=False)
