"""Holds our thresholds for encounters against those that Global Fishing Watch published (Miller et al. 2018).

The file lies beside this checkout (`../shared/data/ais`) and is no part of the repository. What is published of an
encounter is its time, mean place, median distance and median speed: these can be judged. Whether the two were below
two knots and within half a kilometre in every ten minutes, as we ask, what types of ship they were, and where the
anchorages lay that Global Fishing Watch knew, is not published and not judged.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bongsu.sea import desk
from bongsu.sea.cards import source
from bongsu.sea.grid import cell_of, distance_km
from bongsu.sea.meetings import NORTHERNMOST_DEG
from bongsu.sea.model import PublishedEvent
from bongsu.sea.places.gazetteer import cells_near, gazetteer
from bongsu.sea.places.harbours import harbours
from bongsu.sea.spells import SLOW_KN

PUBLISHED = (
    Path(__file__).parents[1].resolve().parent / "shared" / "data" / "ais" / "gfw_encounter_events_2012_2017.csv.gz"
)
CLOCK = datetime(2026, 11, 26, tzinfo=UTC)
Rule = Callable[[PublishedEvent], bool]


def main() -> None:
    path = Path(sys.argv[1]) if sys.argv[1:] else PUBLISHED
    if not path.is_file():
        print(f"no published encounters at {path}: they are not measured")
        return
    events = read(path)
    for title, rules in (("thresholds alone", thresholds()), ("and our ports", ours()), ("and the world's", world())):
        kept, lost = judged(events, rules)
        print(f"{title:<20}{kept:>8,} of {len(events):,}  {kept / len(events):>8.2%}")
        for reason, count in sorted(lost.items()):
            print(f"    {count:>6,}  {reason}")


def read(path: Path) -> list[PublishedEvent]:
    """The encounters as our own reader takes them."""
    found = []
    with path.open("rb") as stream:
        for batch in source("gfw_events").read(stream, exhibit="0" * 64, clock=CLOCK):
            found += [PublishedEvent(**row) for row in batch.events.to_pylist()] if batch.events is not None else []
    return found


def judged(events: Iterable[PublishedEvent], rules: Mapping[str, Rule]) -> tuple[int, Counter[str]]:
    """How many keep every rule, and how many fall out by each: the first that they break."""
    lost: Counter[str] = Counter()
    kept = 0
    for event in events:
        broken = next((name for name, rule in rules.items() if not rule(event)), None)
        if broken is None:
            kept += 1
        else:
            lost[broken] += 1
    return kept, lost


def thresholds() -> dict[str, Rule]:
    """The thresholds of the detector's card, as far as what is published tells."""
    card = desk.parameters_of("encounter")
    return {
        f"more than {card.within_km} km apart, or not told": lambda event: (
            event.distance_km is not None and event.distance_km <= card.within_km
        ),
        f"shorter than {card.shortest_h:g} hours": lambda event: (
            (event.last_at - event.first_at).total_seconds() >= card.shortest_h * 3600
        ),
        f"{SLOW_KN:g} knots or more, or not told": lambda event: (
            event.speed_kn is not None and event.speed_kn < SLOW_KN
        ),
        f"beyond {NORTHERNMOST_DEG:g} degrees of latitude": lambda event: abs(event.latitude_deg) <= NORTHERNMOST_DEG,
    }


def ours() -> dict[str, Rule]:
    """The thresholds, and the ports that the detector itself keeps away from: those of the gazetteer."""
    points = [(point.latitude_deg, point.longitude_deg) for port in gazetteer().ports for point in port.points]
    return {**thresholds(), "near a port of our gazetteer": away_from(points)}


def world() -> dict[str, Rule]:
    """And the harbours of the world, of which the detector does not ask."""
    points = [(harbour.latitude_deg, harbour.longitude_deg) for harbour in harbours()]
    return {**ours(), "near a harbour of the world": away_from(points)}


def away_from(points: Iterable[tuple[float, float]]) -> Rule:
    within_km = desk.parameters_of("encounter").port_km
    near: dict[int, list[tuple[float, float]]] = {}
    for point in points:
        for cell in cells_near(*point, within_km):
            near.setdefault(cell, []).append(point)

    def rule(event: PublishedEvent) -> bool:
        place = (event.latitude_deg, event.longitude_deg)
        return all(distance_km(place, point) > within_km for point in near.get(cell_of(*place), ()))

    return rule


if __name__ == "__main__":
    main()
