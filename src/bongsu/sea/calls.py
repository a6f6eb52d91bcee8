"""Calls: stays at ports in which a ship stopped, one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

import ibis

from bongsu.kernel.citation import Citation
from bongsu.sea.model import Identity
from bongsu.sea.places import Gazetteer, Port
from bongsu.sea.places.model import PortPoint
from bongsu.sea.seas import Sea
from bongsu.sea.ships import Ship, Ships
from bongsu.sea.stays import GAP_IN_PORT_S

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
    place: int
    nearest_km: float
    at_lock: bool
    other: int | None
    other_km: float | None

    @property
    def by_silence(self) -> bool:
        """Whether it is a call only because she was silent inside the port."""
        return not self.stopped and not self.moored

    @property
    def silent(self) -> bool:
        """Whether she was silent inside the port for as long as a call takes."""
        return (self.longest_silence_s or 0) >= GAP_IN_PORT_S

    def touches(self, other: Call) -> bool:
        """Whether she went from one to the other without leaving ports."""
        return self.mmsi == other.mmsi and self.first_n <= other.last_n + 1 and other.first_n <= self.last_n + 1


def ports_of(gazetteer: Gazetteer, country: str) -> frozenset[str]:
    """The ids of a country's ports."""
    return frozenset(port.id for port in gazetteer.ports if port.country == country)


def stays_at(sea: Sea, ports: Collection[str]) -> ibis.Table:
    """All stays, at any port, of the ships that came to some ports; with the columns of `Call`.

    All of them, for what held her at another port's quay she did not do at theirs.

    Args:
        sea: what may be asked.
        ports: ids of the gazetteer.
    """
    named = tuple(sorted(ports))
    return sea.once(("stays at", named), lambda: sea.stays_of(sea.callers(named)).select(*Call.__dataclass_fields__))


def calls(stays: Iterable[Call], ports: Collection[str]) -> list[Call]:
    """The stays of twenty minutes or more at some ports in which a ship stopped, moored, or was silent for four hours.
    By ship and time, one at a time: she comes to a port when she has left the one before.

    A ship that stops at a lock alone and goes on to a call at another port has not called at the lock's: it is her way.

    Args:
        stays: what `stays_at` gave.
        ports: ids of the gazetteer.
    """
    stopped = [stay for stay in stays if stay.to_s - stay.from_s >= SHORTEST_S and (not stay.by_silence or stay.silent)]
    called = [stay for stay in stopped if stay.silent or not stay.at_lock]
    of_ship: dict[int, list[Call]] = defaultdict(list)
    for stay in called:
        of_ship[stay.mmsi].append(stay)
    passed = (stay for stay in stopped if stay.at_lock and not stay.silent)
    called += [stay for stay in passed if not any(stay.touches(other) for other in of_ship[stay.mmsi])]
    made: list[Call] = []
    for stay in sorted(called, key=lambda stay: (stay.mmsi, stay.first_n, stay.last_n, stay.port)):
        before = made[-1] if made and made[-1].mmsi == stay.mmsi else None
        made.append(stay if before is None else replace(stay, from_s=max(stay.from_s, before.to_s)))
    return [call for call in made if call.port in ports]


def stood(call: Call, gazetteer: Gazetteer) -> str:
    """How and where she stood, as the end of a sentence about her: with how well the place is known."""
    port, point = gazetteer.places[call.place]
    how = "fell silent for four hours or more" if call.by_silence else "stopped"
    of = f"a point of {port.name} that is known to about {point.accuracy_km:g} km ({point.name})"
    return f"{how} within {call.nearest_km:.1f} km of {of}"


def in_doubt(call: Call, gazetteer: Gazetteer) -> bool:
    """Whether she stood within reach of another State's port too."""
    return call.other is not None and gazetteer.places[call.other][0].country != gazetteer.port(call.port).country


def elsewhere(made: Iterable[Call], gazetteer: Gazetteer) -> tuple[str, ...]:
    """At which other ports the calls of a ship may have been, in words: one sentence for each two ports."""
    nearest: dict[tuple[str, str], str] = {}
    for call in sorted(made, key=lambda call: (call.other_km or 0.0, call.from_s)):
        if call.other is not None:
            port, point = gazetteer.places[call.other]
            nearest.setdefault((call.port, port.id), _elsewhere(call, port, point, gazetteer))
    return tuple(nearest[ports] for ports in sorted(nearest))


def _elsewhere(call: Call, port: Port, point: PortPoint, gazetteer: Gazetteer) -> str:
    where = port.name
    if in_doubt(call, gazetteer):
        bank = ", on the other bank" if point.kind == "landing" else ""
        where = f"{port.name} of {port.country}{bank}"
    return (
        f"What is taken for a call at {gazetteer.port(call.port).name} may have been one at {where}: a point of that "
        f"port, known to about {point.accuracy_km:g} km, lies {call.other_km:.1f} km from where she stood."
    )


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
