"""Calls: stays at ports in which a ship stopped, one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import ibis
import pyarrow as pa

from bongsu.kernel.citation import Citation
from bongsu.sea.model import Identity
from bongsu.sea.places import Gazetteer
from bongsu.sea.seas import Sea
from bongsu.sea.ships import Ship, Ships

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


@dataclass(frozen=True, slots=True)
class Stop:
    """One spell in which a ship was slow, at sea or in port (`spells.spells`)."""

    mmsi: int
    from_s: int
    to_s: int


def stops_of(sea: Sea, ports: Collection[str], *, hours: float) -> ibis.Table:
    """All stops of some hours or more of the ships that have a stay at some ports; with the columns of `Stop`."""
    spells = sea.spells
    lasting = spells.filter(spells.to_s - spells.from_s >= int(hours * 3600))
    return lasting.semi_join(stays_at(sea, ports).select("mmsi").distinct().view(), "mmsi").select(
        *Stop.__dataclass_fields__
    )


class Halts:
    """Where and when some ships halted: cargo may have changed hands in each.

    Args:
        halts: their calls at any port, and their stops.
    """

    def __init__(self, halts: Iterable[Call | Stop]) -> None:
        self._of: dict[int, list[Call | Stop]] = defaultdict(list)
        for halt in halts:
            self._of[halt.mmsi].append(halt)

    def around(self, call: Call, window_s: int) -> tuple[int, int]:
        """From when to when nothing but a call changed what a ship carried: from the end of the halt before it to the
        beginning of the one after, at most so many seconds away.
        """
        ends = [halt.to_s for halt in self._of[call.mmsi] if halt.to_s < call.from_s]
        begins = [halt.from_s for halt in self._of[call.mmsi] if halt.from_s > call.to_s]
        return max([call.from_s - window_s, *ends]), min([call.to_s + window_s, *begins])


@dataclass(frozen=True, slots=True, kw_only=True)
class Draughts:
    """What a ship said of her draught around a call.

    Args:
        before: the report of the last one until she came; None where none was sent.
        after: the report of the first one after she left that is another, else of the first; None where none was sent.
    """

    before: Identity | None
    after: Identity | None

    @property
    def before_m(self) -> float | None:
        """The draught before, metres."""
        return None if self.before is None else self.before.draught_m

    @property
    def after_m(self) -> float | None:
        """The draught after, metres."""
        return None if self.after is None else self.after.draught_m

    @property
    def change_m(self) -> float | None:
        """How much deeper she lay after it, metres; None where one of both is not known."""
        return None if self.before_m is None or self.after_m is None else round(self.after_m - self.before_m, 1)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The reports of both."""
        return tuple(report.citation for report in (self.before, self.after) if report is not None)


def draughts(call: Call, ship: Ship, ships: Ships, halts: Halts, *, days: float) -> Draughts:
    """The draughts around a call: those that her hull can have, between the halt before it and the next.

    Args:
        call: the call.
        ship: she, as she was known through it.
        ships: what she said of herself.
        halts: where she halted, this call among them or not.
        days: how long before and after a report still tells.
    """
    since_s, until_s = halts.around(call, int(days * _DAY_S))
    before = next(iter(ships.draughts(ship, since_s, call.from_s)[::-1]), None)
    after = sorted(ships.draughts(ship, call.to_s + 1, until_s), key=lambda report: report.first_at)
    other = (report for report in after if before is not None and report.draught_m != before.draught_m)
    return Draughts(before=before, after=next(other, after[0] if after else None))
