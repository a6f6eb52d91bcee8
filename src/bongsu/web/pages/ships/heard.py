"""What was heard of a ship: her way and what she said of herself, from the lake of the store, within limits.

A lake may hold a year of the world's ships. A page reads some files and some rows of it at most, for some seconds, two
pages at a time; what was left out is said on the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Any, Final, TypeAlias

import ibis

from bongsu.cycle.anchors import MANIFEST
from bongsu.cycle.manifest import read_manifest
from bongsu.evidence import Folder
from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import BusyError, EvidenceError
from bongsu.sea.lake import Lake
from bongsu.sea.model import Identity, Position
from bongsu.sea.overview import Point, Track
from bongsu.tables.engine import Engine

SECONDS: Final = 12.0
MOST_FILES: Final = 3_000
MOST_POINTS: Final = 20_000
MOST_SAID: Final = 500
SPAN: Final = timedelta(days=92)
_MEMORY: Final = "1GB"
_BIN_S: Final = 600  # one place in ten minutes, as the desk looks at it
_ASKING: Final = BoundedSemaphore(2)
_WAITS_S: Final = 3.0
_REPORT: Final = "report.json"


#: Those of some exhibits that whoever asks may read.
MayHear: TypeAlias = Callable[[frozenset[str]], frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of a ship.

    Args:
        mmsi: the numbers she was heard under.
        said: what she said of herself, by time.
        tracks: her way under each of them that was heard in the span.
        since, until: the first and last day looked at; None where the lake holds no positions.
        of_report: whether the way is the one that the cycle's report shows, thinned, for want of a lake.
        left_out: in words, what the limits left out; empty where nothing.
    """

    mmsi: tuple[int, ...]
    said: tuple[Identity, ...]
    tracks: tuple[Track, ...]
    since: date | None
    until: date | None
    of_report: bool = False
    left_out: tuple[str, ...] = ()


def heard_of(
    store: str,
    cycle: str,
    number: str,
    *,
    may_hear: MayHear,
    since: date | None = None,
    until: date | None = None,
) -> Heard:
    """What was heard of the ship of a number, as far as whoever asks may read the exhibits it stands in.

    Args:
        store: its address.
        cycle: the newest cycle, whose report shows ways where the lake holds none; may be empty.
        number: an IMO number of seven digits or an MMSI of nine.
        may_hear: those of some exhibits that whoever asks may read.
        since: the first day looked at; None for three months before the last.
        until: the last day looked at, included; None for the last that has positions.

    Raises:
        BusyError: others ask just now.
        OverdueError: it took too long.
        EvidenceError: a file is absent or damaged.
    """
    folder = Folder.open(store, create=False)
    lake = Lake(folder)
    with _turn(), Engine(memory=_MEMORY) as engine, engine.within(SECONDS):
        there = lake.exhibits()
        heeded = may_hear(there)
        if there and not heeded:
            return Heard(mmsi=_mmsi(number), said=(), tracks=(), since=None, until=None)
        only = None if heeded == there else heeded
        said = _said(engine, folder, lake, number, only)
        ships = _mmsi(number) or tuple(sorted({row.mmsi for row in said}))
        days = lake.position_files()
        if not days:
            return _of_report(folder, cycle, ships, said, number, may_hear)
        last = min(until or max(days), max(days))
        first = since or last - SPAN
        names, left_out = _files({day: files for day, files in days.items() if first <= day <= last})
        tracks, cut = _tracks(engine, folder, names, ships, only)
        notes = tuple(each for each in (left_out, cut, _cut_said(said)) if each)
        return Heard(mmsi=ships, said=said, tracks=tracks, since=first, until=last, left_out=notes)


@contextmanager
def _turn() -> Iterator[None]:
    if not _ASKING.acquire(timeout=_WAITS_S):
        raise BusyError("others are asking the lake just now", remedy="load the page again in a moment")
    try:
        yield
    finally:
        _ASKING.release()


def _mmsi(number: str) -> tuple[int, ...]:
    """The MMSI that a number is; none where it is an IMO number."""
    return (int(number),) if len(number) == 9 else ()


def _said(engine: Engine, folder: Folder, lake: Lake, number: str, only: frozenset[str] | None) -> tuple[Identity, ...]:
    """What was said under a number: the newest where there is more than is shown."""
    rows = _of(engine.table(folder, lake.identity_files(), Identity), only)
    meant = rows.filter((rows.imo if len(number) == 7 else rows.mmsi) == int(number))
    newest = meant.order_by(ibis.desc("last_at"), ibis.desc("first_at"), "exhibit", "row").limit(MOST_SAID)
    return tuple(sorted(engine.records(newest, Identity), key=lambda row: (row.first_at, row.last_at)))


def _of(table: ibis.Table, only: frozenset[str] | None) -> ibis.Table:
    """The rows that stand in some exhibits; all where None is given."""
    return table if only is None else table.filter(table.exhibit.isin(sorted(only)))


def _cut_said(said: Sequence[Identity]) -> str:
    return f"only the newest {MOST_SAID} of her own reports are shown" if len(said) == MOST_SAID else ""


def _files(days: dict[date, tuple[str, ...]]) -> tuple[list[str], str]:
    """The files of the newest days, as many as may be read."""
    names: list[str] = []
    for day in sorted(days, reverse=True):
        if len(names) + len(days[day]) > MOST_FILES:
            return names, f"days up to {day} were left out: too many files; ask about a shorter time"
        names += days[day]
    return names, ""


def _tracks(
    engine: Engine, folder: Folder, names: Sequence[str], ships: Sequence[int], only: frozenset[str] | None
) -> tuple[tuple[Track, ...], str]:
    """The way of each ship: the first place of every ten minutes, the newest where there are too many."""
    if not ships or not names:
        return (), ""
    table = _of(engine.table(folder, names, Position), only)
    mine = table.filter(table.mmsi.isin(list(ships)))
    seconds = mine.mutate(at_s=mine["at"].epoch_seconds())
    binned = seconds.group_by(seconds.mmsi, bin=seconds.at_s // _BIN_S).agg(
        at_s=seconds.at_s.min(),
        latitude_deg=seconds.latitude_deg.argmin(seconds.at_s),
        longitude_deg=seconds.longitude_deg.argmin(seconds.at_s),
    )
    newest = binned.order_by(ibis.desc("at_s"), "mmsi").limit(MOST_POINTS).drop("bin")
    by_ship: dict[int, list[Point]] = {}
    for row in reversed(engine.rows(newest)):
        by_ship.setdefault(row.pop("mmsi"), []).append(Point(**row))
    total = sum(map(len, by_ship.values()))
    cut = f"only her newest {MOST_POINTS:,} places are drawn" if total == MOST_POINTS else ""
    return tuple(Track(mmsi=mmsi, points=tuple(points)) for mmsi, points in sorted(by_ship.items())), cut


def _of_report(
    folder: Folder, cycle: str, ships: Sequence[int], said: tuple[Identity, ...], number: str, may_hear: MayHear
) -> Heard:
    """The way as the report of a cycle shows it: of the ships to look at first alone, to who may read all it heard."""
    sea = report_sea(folder.url(""), cycle) if cycle else None
    heard = frozenset() if sea is None else frozenset(file["exhibit"] for file in sea["files"])
    if may_hear(heard) != heard:
        sea = None
    first = [] if sea is None else sea["first"]
    of_imo = {mmsi for each in first if each["id"] == f"imo:{number}" for mmsi in each["mmsi"]}
    wanted = {*ships, *of_imo}
    drawn = [] if sea is None else [each for each in sea["tracks"] if each["mmsi"] in wanted]
    tracks = tuple(
        Track(
            mmsi=each["mmsi"],
            points=tuple(Point(latitude_deg=row[0], longitude_deg=row[1], at_s=int(row[2])) for row in each["points"]),
        )
        for each in drawn
    )
    return Heard(mmsi=tuple(sorted(wanted)), said=said, tracks=tracks, since=None, until=None, of_report=True)


@lru_cache(maxsize=2)
def report_sea(store: str, cycle: str) -> dict[str, Any] | None:  # Any: JSON of our own making
    """What the report of a cycle says of the sea; None where no positions were read.

    Raises:
        EvidenceError: it is absent, or not the bytes that the cycle's manifest names.
    """
    folder = Folder.open(store, create=False)
    place = f"cycles/{cycle}"
    content = folder.read(f"{place}/{_REPORT}")
    manifest = read_manifest(folder.read(f"{place}/{MANIFEST}"), where=folder.url(f"{place}/{MANIFEST}"))
    if digest(content) != manifest["outputs"][_REPORT]["sha256"]:
        raise EvidenceError("these are not the bytes its manifest names", where=folder.url(f"{place}/{_REPORT}"))
    sea: dict[str, Any] | None = json.loads(content)["sea"]
    return sea
