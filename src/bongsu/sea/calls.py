"""Calls: stays at ports in which a ship stopped, one at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import ibis
import pyarrow as pa

from bongsu.sea.places import Gazetteer
from bongsu.sea.seas import Sea
from bongsu.sea.ships import Ships

# Global Fishing Watch, pipe-anchorages: a silence of four hours or more inside a port counts as a visit.
GAP_IN_PORT_S: Final = 4 * 3600
# Less is no call, though she stopped: two bins of ten minutes (the founders' judgement).
SHORTEST_S: Final = 20 * 60
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Call:
    """One stay (`stays.stays`) as an engine answers it."""

    mmsi: int
    port: str
    from_s: int
    to_s: int
    before_s: int | None
    first_n: int
    last_n: int
    heard: int
    stopped: int
    slowest_kn: float | None
    moored: bool
    longest_silence_s: int | None
    nearest_km: float

    @property
    def by_silence(self) -> bool:
        """Whether it is a call only because she was silent inside the port."""
        return not self.stopped and not self.moored


def ports_of(gazetteer: Gazetteer, country: str) -> frozenset[str]:
    """The ids of a country's ports."""
    return frozenset(port.id for port in gazetteer.ports if port.country == country)


def stays_at(sea: Sea, ports: Collection[str]) -> ibis.Table:
    """All stays, at any port, of the ships that have a stay at some ports; with the columns of `Call`.

    All of them, for a ship that lay at a quay may be within reach of the uncertain place of another port's.

    Args:
        sea: what may be asked.
        ports: ids of the gazetteer.
    """
    wanted = ibis.memtable(pa.table({"port": pa.array(sorted(ports), pa.string())}))
    ships = sea.stays.semi_join(wanted, "port").select("mmsi").distinct()
    return sea.stays.semi_join(ships.view(), "mmsi").select(*Call.__dataclass_fields__)


def calls(stays: Iterable[Call], ports: Collection[str]) -> list[Call]:
    """The stays of twenty minutes or more at some ports in which a ship stopped, moored, or was silent for four hours.
    By ship and time.

    Of stays at two ports that lie close together at one time, the one that came nearer to an anchorage point counts.

    Args:
        stays: what `stays_at` gave.
        ports: ids of the gazetteer.
    """
    stopped = [
        stay
        for stay in stays
        if stay.to_s - stay.from_s >= SHORTEST_S
        and (not stay.by_silence or (stay.longest_silence_s or 0) >= GAP_IN_PORT_S)
    ]
    kept: list[Call] = []
    for stay in sorted(stopped, key=lambda stay: (stay.nearest_km, -stay.heard, stay.mmsi, stay.from_s, stay.port)):
        if not any(
            stay.mmsi == other.mmsi and stay.from_s <= other.to_s and other.from_s <= stay.to_s for other in kept
        ):
            kept.append(stay)
    return sorted((stay for stay in kept if stay.port in ports), key=lambda stay: (stay.mmsi, stay.from_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draughts:
    """What a ship said of her draught around a call.

    Args:
        before_m, after_m: the last until she came, the last within the days after she left; None where none was sent.
    """

    before_m: float | None
    after_m: float | None

    @property
    def change_m(self) -> float | None:
        """How much deeper she lay after it, metres; None where one of both is not known."""
        return None if self.before_m is None or self.after_m is None else round(self.after_m - self.before_m, 1)


def draughts(call: Call, ships: Ships, *, days: float) -> Draughts:
    """The draughts around a call.

    Args:
        call: the call.
        ships: what she said of herself.
        days: how long before and after a report still tells.
    """
    window = int(days * _DAY_S)
    return Draughts(
        before_m=ships.draught_m(call.mmsi, call.from_s - window, call.from_s),
        after_m=ships.draught_m(call.mmsi, call.to_s + 1, call.to_s + window),
    )
