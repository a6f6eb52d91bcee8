"""Questions about the past, answered from the good copies a store holds: was X designated by Y on day D?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bongsu.cycle.library import Library, source_of
from bongsu.cycle.run import known_copies, latest_manifests
from bongsu.cycle.verdicts import History, Verdict, verdict
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import JsonValue
from bongsu.lists.register import Copy, Sighting, find_listings, seen_on, sightings
from bongsu.tables.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the copies of one list say of one listing.

    Args:
        listing: the id; `name`, `schema`: as the last copy that holds it has them.
        title: the list.
        first_seen: the first copy that holds it.
        last_seen: the last copy that holds it.
        copies_with: how many copies hold it; `copies`: how many there are of the list.
        listed_on: the date of listing the list prints, or None.
        last_served: the last day on which the last copy was served unchanged; None where it came from files alone.
        verdict: the answer for the day asked; None where no day was asked.
        rows: every value with the first and last copy that carries it.
        sandbox: whether it is invented.
    """

    listing: str
    name: str
    schema: str
    title: str
    first_seen: date
    last_seen: date
    copies_with: int
    copies: int
    listed_on: str | None
    last_served: date | None
    verdict: Verdict | None
    rows: tuple[Sighting, ...]
    sandbox: bool

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "listing": self.listing,
            "name": self.name,
            "schema": self.schema,
            "list": self.title,
            "first_seen": self.first_seen.isoformat(),
            "last_seen": self.last_seen.isoformat(),
            "copies_with": self.copies_with,
            "copies": self.copies,
            "listed_on": self.listed_on,
            "last_served": None if self.last_served is None else self.last_served.isoformat(),
            **({"designated": None, "as_of": None, "verdict": None} if self.verdict is None else self.verdict.record()),
            "sandbox": self.sandbox,
            "statements": [
                {
                    "id": row.id,
                    "entity": row.entity,
                    "schema": row.schema,
                    "property": row.prop,
                    "value": row.value,
                    "cleaned": row.cleaned,
                    "rejected": row.rejected,
                    "first_seen": row.first_seen.isoformat(),
                    "last_seen": row.last_seen.isoformat(),
                }
                for row in self.rows
            ],
        }


def designated(
    store: str, reference: str, on: date | None, today: date, *, lists: Collection[str] | None = None
) -> tuple[Answer, ...]:
    """What every list has said of a reference, an id, an IMO number or an exact name.

    Args:
        store: the store's address.
        reference: what is asked for.
        on: the day asked about, or None.
        today: the clock's; of a later day no copy can tell.
        lists: the ids of the lists that are asked; None asks all.

    Returns:
        One answer per listing, sorted by its id; empty where no good copy holds it.

    Raises:
        UsageError: there is no such store.
        SourceRefusedError: the reader of today refuses a copy that an earlier one took.
        EvidenceError: a register file must be made anew, and the exhibits of its copy are absent or damaged.
    """
    folder = Folder.open(store, create=False)
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    known = known_copies(latest_manifests(folder), readable=True)
    copies = [copy for copy in known if lists is None or copy.list_id in lists]
    answers: list[Answer] = []
    with Engine() as engine:
        for list_id in sorted({copy.list_id for copy in copies}):
            mine = [copy for copy in copies if copy.list_id == list_id]
            # Another release may have read it (the register is keyed by the code), or its file may be damaged.
            names = [library.register_file(copy) for copy in mine]
            for listing in find_listings(engine, folder, names, reference):
                seen = _Seen(engine, folder, dict(zip(mine, names, strict=True)), listing)
                answers.append(_answer(listing, mine, seen, on, today))
    return tuple(answers)


class _Seen:
    """Where and when one listing was seen.

    Args:
        names: the register's file by copy, in the order of the copies.
    """

    def __init__(self, engine: Engine, folder: Folder, names: Mapping[Copy, str], listing: str) -> None:
        self.rows = sightings(engine, folder, list(names.values()), listing)
        self.days = seen_on(engine, folder, list(names.values()), listing)
        of_day = Counter(copy.list_date for copy in names)
        self.copies = [
            copy
            for copy, name in names.items()
            if copy.list_date in self.days and (of_day[copy.list_date] == 1 or seen_on(engine, folder, [name], listing))
        ]


def _answer(listing: str, copies: Sequence[Copy], seen: _Seen, on: date | None, today: date) -> Answer:
    newest = [row for row in seen.rows if row.last_seen == seen.days[-1]]
    listed_on = next((row.cleaned or row.value for row in newest if row.prop == "listingDate"), None)
    history = _history(copies, seen.copies, listed_on)
    return Answer(
        listing=listing,
        name=next((row.cleaned or row.value for row in newest if row.prop == "name"), listing),
        schema=next(row.schema for row in newest if row.entity == listing),
        title=source_of(copies[0].list_id).card.title,
        first_seen=seen.days[0],
        last_seen=seen.days[-1],
        copies_with=len(seen.copies),
        copies=len(copies),
        listed_on=listed_on,
        last_served=history.last_served,
        verdict=None if on is None else verdict(history, on, today),
        rows=seen.rows,
        sandbox=copies[0].sandbox,
    )


def _history(copies: Sequence[Copy], seen: Sequence[Copy], listed_on: str | None) -> History:
    """The copies by day, the last of a day counting, and those of them that hold the listing."""
    last = {copy.list_date: copy for copy in copies}
    prints_date = source_of(copies[0].list_id).card.prints_date
    served = copies[-1].last_served_at
    return History(
        days=list(last),
        held=[day for day, copy in last.items() if copy in seen],
        disputed={
            copy.list_date for copy in copies if prints_date and (copy in seen) != (last[copy.list_date] in seen)
        },
        last_served=None if served is None else served.date(),
        listed_on=listed_on,
    )
