"""Which listings stood on a list on a day: by the copy in force then, or by the date the list prints where none is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from bongsu.cycle.answers import Answer, designated
from bongsu.cycle.library import Library
from bongsu.cycle.run import known_copies, latest_manifests
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.lists.profiles import Profile
from bongsu.lists.register import Copy, RegisterRow
from bongsu.tables.engine import Engine

SECONDS: Final = 20.0
MEMORY: Final = "1GB"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one list held on a day: the copy in force then, and its listings."""

    copy: Copy
    listings: frozenset[str]


@lru_cache(maxsize=16)
def held_on(store: str, cycle: str, day: date) -> Mapping[str, Held]:
    """What each list held on a day, by list; a list without a copy so old is left out.

    Args:
        store: the store's address.
        cycle: the newest cycle, whose copies are asked.
        day: the day.

    Raises:
        EvidenceError: a copy is absent or damaged.
        OverdueError: it took too long.
    """
    folder = Folder.open(store, create=False)
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    copies = known_copies(latest_manifests(folder), readable=True)
    then = {copy.list_id: copy for copy in copies if copy.list_date <= day}  # the last of each: they come by date
    found = {}
    with Engine(memory=MEMORY) as engine, engine.within(SECONDS):
        for list_id, copy in then.items():
            table = engine.table(folder, [library.register_file(copy)], RegisterRow)
            rows = engine.rows(table.select("listing").distinct())
            found[list_id] = Held(copy=copy, listings=frozenset(row["listing"] for row in rows))
    return found


def was_listed(profile: Profile, held: Mapping[str, Held], day: date) -> bool | None:
    """Whether a listing stood on its list on a day; None where neither a copy nor the list's own date tells."""
    then = held.get(profile.list_id)
    if then is not None:
        return profile.listing in then.listings
    printed = profile.listed_on or ""
    return date.fromisoformat(printed) <= day if _DAY.fullmatch(printed) else None


@lru_cache(maxsize=256)
def said_of(
    store: str, cycle: str, reference: str, on: date | None, today: date, lists: frozenset[str] | None
) -> tuple[Answer, ...]:
    """What the copies of a store's newest cycle say of a reference, as `cycle.answers.designated` says it; kept."""
    return designated(store, reference, on, today, lists=lists)
