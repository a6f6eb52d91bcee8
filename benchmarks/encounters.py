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

import ibis
import pyarrow as pa

from bongsu.sea import desk
from bongsu.sea.cards import source
from bongsu.sea.meetings import NORTHERNMOST_DEG
from bongsu.sea.model import Identity, Position, PublishedEvent
from bongsu.sea.offshore import offshore
from bongsu.sea.places import gazetteer
from bongsu.sea.seas import Sea
from bongsu.sea.spells import SLOW_KN
from bongsu.tables import schema_of
from bongsu.tables.engine import Engine

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
    fitting, lost = judged(events, thresholds())
    show("the thresholds alone", len(fitting), len(events))
    for reason, count in sorted(lost.items()):
        print(f"    {count:>6,}  {reason}")
    with Engine() as engine:
        sea = empty_sea(engine)
        within_km = desk.parameters_of("encounter").port_km
        for what, points in (
            ("and away from our ports", sea.in_port(within_km)),
            ("and away from every mooring, as the desk", sea.moorings(within_km)),
        ):
            rows = offshore(table(fitting), points, key=("row",), at=("latitude_deg", "longitude_deg"))
            show(what, len(engine.rows(rows)), len(events))


def read(path: Path) -> list[PublishedEvent]:
    """The encounters as our own reader takes them."""
    found = []
    with path.open("rb") as stream:
        for batch in source("gfw_events").read(stream, exhibit="0" * 64, clock=CLOCK):
            found += [PublishedEvent(**row) for row in batch.events.to_pylist()] if batch.events is not None else []
    return found


def show(what: str, kept: int, of: int) -> None:
    print(f"{what:<42}{kept:>8,} of {of:,}{kept / of:>10.2%}")


def judged(events: Iterable[PublishedEvent], rules: Mapping[str, Rule]) -> tuple[list[PublishedEvent], Counter[str]]:
    """Those that keep every rule, and how many fall out by each: the first that they break."""
    lost: Counter[str] = Counter()
    kept = []
    for event in events:
        broken = next((name for name, rule in rules.items() if not rule(event)), None)
        if broken is None:
            kept.append(event)
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


def table(events: Iterable[PublishedEvent]) -> ibis.Table:
    rows = [{name: getattr(event, name) for name in ("row", "latitude_deg", "longitude_deg")} for event in events]
    return ibis.memtable(pa.Table.from_pylist(rows))


def empty_sea(engine: Engine) -> Sea:
    """A sea without ships, to be asked about places alone."""
    return Sea(
        engine,
        positions=ibis.memtable(schema_of(Position).empty_table()),
        identities=ibis.memtable(schema_of(Identity).empty_table()),
        gazetteer=gazetteer(),
        designated=(),
        clock=CLOCK,
    )


if __name__ == "__main__":
    main()
