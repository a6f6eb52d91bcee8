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
from bongsu.sea.bearing import Standing
from bongsu.sea.overview import Outlook, PetroleumYear, Point, ShipToLookAt, Track, Untied
from bongsu.sea.seas import Sea

FIRST_SHIPS: Final = 12
TRACK_POINTS: Final = 300
_LINES: Final = ("low", "central", "high")


def outlook(
    sea: Sea, *, standing: Standing, only: Sequence[str] = (), tell: Callable[[str], None] = lambda _: None
) -> Outlook:
    """What the desk finds in a sea. Arguments and errors as of `desk.detect`."""
    detected = desk.signs(sea, only=only, tell=tell)
    found = desk.cited(sea, detected, standing=standing, tell=tell)
    first = _first([(each.sign.mmsi, each.indicator) for each in found])
    bins = sea.bins_asked
    counts = sea.engine.arrow(
        bins.aggregate(
            bins=bins.count(), ships=bins.mmsi.nunique(), first_s=bins.first_s.min(), last_s=bins.last_s.max()
        )
    ).to_pylist()[0]
    indicators = tuple(each.indicator for each in found)
    return Outlook(
        indicators=indicators,
        tallies=desk.tallies(detected, found),
        first=first,
        tracks=_tracks(sea, sorted({mmsi for ship in first for mmsi in ship.mmsi})),
        petroleum=petroleum(indicators),
        **counts,
    )


def untied(sea: Sea, *, only: Sequence[str] = (), tell: Callable[[str], None] = lambda _: None) -> tuple[Untied, ...]:
    """What the desk finds in a sea that nothing ties to the DPRK, the highest score first. Arguments and errors as of
    `desk.signs`.
    """
    return desk.untied(sea, desk.signs(sea, only=only, tell=tell))


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
        sea.bins_asked.semi_join(wanted, "mmsi")
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
    """What the deliveries among some indicators add up to, by the limit that they count against, in its order.

    The sums are made here and stand in no indicator: what one ship did must not change what is said of another.
    """
    limits: dict[tuple[str, str], list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        if indicator.facts.get("kind") == "delivery" and indicator.when.high is not None:
            limit: Any = indicator.facts["limit"]  # Any: JSON
            if limit is not None:
                limits[limit["from"], limit["until"]].append(indicator)
    return tuple(_year(limits[span]) for span in sorted(limits))


def _year(indicators: Sequence[Indicator]) -> PetroleumYear:
    sums, crossed, unknown = dict.fromkeys(_LINES, 0), dict[str, str](), 0
    limit: Any = indicators[0].facts["limit"]  # Any: JSON
    for left, _, indicator in sorted((stamp(each.when.high), each.id, each) for each in indicators if each.when.high):
        barrels: Any = indicator.facts["barrels"]  # Any: JSON
        unknown += barrels is None
        for line in _LINES if barrels is not None else ():
            before, sums[line] = sums[line], sums[line] + barrels[line]
            if before <= limit["barrels"] < sums[line]:
                crossed[line] = left
    return PetroleumYear(
        year=int(limit["from"][:4]),
        from_day=limit["from"],
        until_day=limit["until"],
        measure=limit["measure"],
        cap=limit["barrels"],
        deliveries=len(indicators),
        unknown=unknown,
        crossed=crossed,
        **sums,
    )
