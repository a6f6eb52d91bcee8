"""Questions asked of a store's ship positions outside of a cycle: what the desk finds, and the way of one ship."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Final

from bongsu.cycle.library import Library
from bongsu.cycle.run import known_copies, latest_manifests
from bongsu.cycle.standing import standing
from bongsu.cycle.version import TOOL
from bongsu.cycle.waters import designated_ships
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.errors import UsageError
from bongsu.lists.register import in_force
from bongsu.sea.days import binned
from bongsu.sea.lake import Lake
from bongsu.sea.model import Identity, Position
from bongsu.sea.outlook import outlook, track, untied
from bongsu.sea.overview import Outlook, Track, Untied
from bongsu.sea.places import gazetteer
from bongsu.sea.seas import Sea
from bongsu.tables.engine import Engine
from bongsu.tables.spark import SparkEngine

ENGINES: Final = "duckdb, spark or spark:<master>, such as spark:spark://host:7077"
_MOST_POINTS: Final = 20_000
# Read before and after the days asked about: a call ties what happened fourteen days before or after it, and what lies
# across a border must be whole, or the same sign would have one id in one question and another in the next.
_AROUND: Final = timedelta(days=15)


def engine_named(name: str) -> Engine | SparkEngine:
    """The engine of a name.

    Raises:
        UsageError: there is none of that name, or it is not installed.
    """
    if name == "duckdb":
        return Engine(memory="3GB")
    kind, _, master = name.partition(":")
    if kind == "spark":
        return SparkEngine((f"spark:{master}" if master.startswith("//") else master) or None)
    raise UsageError(f"there is no engine {name!r}", remedy=f"say {ENGINES}")


def store_outlook(
    store: str,
    clock: datetime,
    *,
    since: date | None = None,
    until: date | None = None,
    engine: str = "duckdb",
    only: Sequence[str] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Outlook:
    """What the sea desk finds in the positions of a store: the signs of which some time lies in the days asked about.

    Fifteen days before and after are read, too, so that a sign is the same whichever days are asked about; one that
    lasts longer is cut there.

    Args:
        store: its address.
        clock: nothing after it counts.
        since: the first day looked at; None for all before `until`.
        until: the last day, included; None for all after `since`.
        engine: see `engine_named`.
        only: the detectors to run; all where none is named.
        tell: told what is being done.

    Raises:
        UsageError: there is no such store, engine or detector, or no positions were imported.
        EvidenceError: a file is absent or damaged.
    """
    with _sea(store, clock, since, until, engine, tell) as sea:
        return outlook(sea, standing=standing, only=only, tell=tell)


def store_untied(
    store: str,
    clock: datetime,
    *,
    since: date | None = None,
    until: date | None = None,
    engine: str = "duckdb",
    only: Sequence[str] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Untied, ...]:
    """What the sea desk finds in the positions of a store and nothing ties to the DPRK, the highest score first.

    It is no indicator, and in no report or release. Arguments and errors as of `store_outlook`.
    """
    with _sea(store, clock, since, until, engine, tell) as sea:
        return untied(sea, only=only, tell=tell)


def store_track(
    store: str,
    number: str,
    clock: datetime,
    *,
    since: date | None = None,
    until: date | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Track, tuple[Identity, ...]]:
    """The way of one ship and what she said of herself.

    Args:
        store: its address.
        number: her MMSI (nine digits) or IMO number (seven).
        clock: nothing after it counts.
        since: the first day looked at; None for all before `until`.
        until: the last day, included; None for all after `since`.
        tell: told what is being done.

    Raises:
        UsageError: it is neither, or no ship of that number was heard; and as of `store_outlook`.
    """
    digits = number.upper().removeprefix("IMO").strip()
    if not digits.isdecimal() or len(digits) not in {7, 9}:
        raise UsageError(f"{number!r} is neither an MMSI nor an IMO number", remedy="write nine digits, or seven")
    with _sea(store, clock, since, until, "duckdb", tell) as sea:
        rows = sea.identities
        said = sea.engine.records(rows.filter((rows.imo if len(digits) == 7 else rows.mmsi) == int(digits)), Identity)
        ships = [int(digits)] if len(digits) == 9 else sorted({row.mmsi for row in said})
        if len(ships) > 1:
            raise UsageError(
                f"IMO {digits} was sent by several MMSI: {', '.join(map(str, ships))}", remedy="name one of them"
            )
        way = track(sea, ships[0], points=_MOST_POINTS) if ships else None
        if way is None or not way.points:
            raise UsageError(f"no ship with the number {digits} was heard", where=store)
        return way, tuple(sorted(said, key=lambda row: (row.first_at, row.last_at)))


@contextmanager
def _sea(
    store: str, clock: datetime, since: date | None, until: date | None, engine: str, tell: Callable[[str], None]
) -> Iterator[Sea]:
    folder = Folder.open(store, create=False)
    lake = Lake(folder)
    last = clock.date() if until is None else min(until, clock.date())
    if not any(lake.position_files(since, last).values()):
        raise UsageError("no positions lie in it", where=store, remedy="bongsu sea import FILE first, or another span")
    around = (None if since is None else since - _AROUND, last if until is None else min(until + _AROUND, clock.date()))
    names = [name for parts in lake.position_files(*around).values() for name in parts]
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    copies = in_force(known_copies(latest_manifests(folder), readable=True))
    with engine_named(engine) as asked, folder.exclusive():
        yield Sea(
            asked,
            positions=asked.table(folder, names, Position),
            identities=asked.table(folder, lake.identity_files(), Identity),
            gazetteer=gazetteer(),
            designated=designated_ships(library, copies),
            clock=clock,
            binned=binned(asked, folder, lake, since=around[0], until=around[1], clock=clock, tell=tell),
            since=since,
            until=until,
        )
