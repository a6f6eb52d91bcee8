"""The outlook: what a run of the desk says for a report: signs, tracks to draw, petroleum by year, ships to look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any, Final

import ibis
import pyarrow as pa

from bongsu.kernel.clock import stamp
from bongsu.kernel.indicator import Indicator
from bongsu.sea import desk
from bongsu.sea.overview import Outlook, PetroleumYear, Point, ShipToLookAt, Track
from bongsu.sea.seas import Sea

FIRST_SHIPS: Final = 12
TRACK_POINTS: Final = 300
_LINES: Final = ("low", "central", "high")


def outlook(sea: Sea, *, only: Sequence[str] = (), tell: Callable[[str], None] = lambda _: None) -> Outlook:
    """What the desk finds in a sea. Arguments and errors as of `desk.detect`."""
    found = desk.cited(sea, desk.signs(sea, only=only, tell=tell), tell=tell)
    first = _first([(each.sign.mmsi, each.indicator) for each in found])
    counts = sea.engine.arrow(
        sea.bins.aggregate(
            bins=sea.bins.count(),
            ships=sea.bins.mmsi.nunique(),
            first_s=sea.bins.first_s.min(),
            last_s=sea.bins.last_s.max(),
        )
    ).to_pylist()[0]
    indicators = tuple(each.indicator for each in found)
    return Outlook(
        indicators=indicators,
        first=first,
        tracks=_tracks(sea, sorted({mmsi for ship in first for mmsi in ship.mmsi})),
        petroleum=petroleum(indicators),
        **counts,
    )


def _first(found: Iterable[tuple[int, Indicator]]) -> tuple[ShipToLookAt, ...]:
    rows: dict[str, list[tuple[int, Indicator]]] = defaultdict(list)
    for mmsi, indicator in found:
        rows[indicator.subject.id].append((mmsi, indicator))
    ships = [_ship(subject, signs) for subject, signs in rows.items()]
    return tuple(sorted(ships, key=lambda ship: (-ship.score, ship.id))[:FIRST_SHIPS])


def _ship(subject: str, signs: Sequence[tuple[int, Indicator]]) -> ShipToLookAt:
    strongest: dict[str, float] = {}
    for _, indicator in signs:
        strongest[indicator.detector] = max(indicator.score, strongest.get(indicator.detector, 0.0))
    ordered = sorted((indicator for _, indicator in signs), key=lambda each: (-each.score, each.id))
    return ShipToLookAt(
        id=subject,
        name=ordered[0].subject.name,
        mmsi=tuple(sorted({mmsi for mmsi, _ in signs})),
        score=round(1.0 - prod(1.0 - score for _, score in sorted(strongest.items())), 3),
        detectors=tuple(sorted(strongest)),
        indicators=tuple(indicator.id for indicator in ordered),
    )


def track(sea: Sea, mmsi: int, *, points: int = TRACK_POINTS) -> Track:
    """The way of one ship; no points where she was not heard."""
    found = _tracks(sea, [mmsi], points=points)
    return found[0] if found else Track(mmsi=mmsi, points=())


def _tracks(sea: Sea, ships: Sequence[int], *, points: int = TRACK_POINTS) -> tuple[Track, ...]:
    if not ships:
        return ()
    wanted = ibis.memtable(pa.table({"mmsi": pa.array(ships, pa.int64())}))
    rows = sea.engine.arrow(
        sea.bins.semi_join(wanted, "mmsi")
        .select("mmsi", "first_s", "first_lat", "first_lon")
        .order_by("mmsi", "first_s")
    ).to_pylist()
    by_ship: dict[int, list[Point]] = defaultdict(list)
    for row in rows:
        point = Point(latitude_deg=row["first_lat"], longitude_deg=row["first_lon"], at_s=row["first_s"])
        by_ship[row["mmsi"]].append(point)
    return tuple(Track(mmsi=mmsi, points=_thinned(by_ship[mmsi], points)) for mmsi in ships if by_ship[mmsi])


def _thinned(points: Sequence[Point], most: int) -> tuple[Point, ...]:
    """At most so many, evenly by number, first and last kept.

    Raises:
        ValueError: fewer than two are asked for: a way has two ends.
    """
    if most < 2:
        raise ValueError(f"a way has two ends, and {most} are asked for")
    if len(points) <= most:
        return tuple(points)
    return tuple(points[round(index * (len(points) - 1) / (most - 1))] for index in range(most))


def petroleum(indicators: Iterable[Indicator]) -> tuple[PetroleumYear, ...]:
    """What the deliveries among some indicators add up to, by year."""
    years: dict[int, list[dict[str, Any]]] = defaultdict(list)  # Any: JSON
    for indicator in indicators:
        if indicator.facts.get("kind") == "delivery" and indicator.when.high is not None:
            facts: dict[str, Any] = dict(indicator.facts)
            years[facts["year"]].append({**facts, "at": stamp(indicator.when.high)})
    return tuple(_year(year, rows) for year, rows in sorted(years.items()))


def _year(year: int, rows: Sequence[dict[str, Any]]) -> PetroleumYear:
    known = [row for row in rows if row["barrels"] is not None]
    return PetroleumYear(
        year=year,
        deliveries=len(rows),
        unknown=len(rows) - len(known),
        cap=rows[0]["cap_barrels"],
        crossed={line: row["at"] for row in rows for line in row["cap_crossed_by"]},
        **{line: sum(row["barrels"][line] for row in known) for line in _LINES},
    )
