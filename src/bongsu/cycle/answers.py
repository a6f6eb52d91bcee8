"""Questions about the past, answered from the good copies a store holds: was X designated by Y on day D?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bongsu.cycle.copies import Library, source_of
from bongsu.cycle.run import known_copies, latest_manifests
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import JsonValue
from bongsu.lists.register import Copy, Sighting, find_listings, seen_on, sightings
from bongsu.tables import Engine


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
        verdict: the answer for the day asked, in a sentence; None where no day was asked.
        designated: the same as yes, no or None for "no copy tells".
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
    verdict: str | None
    designated: bool | None
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
            "designated": self.designated,
            "verdict": self.verdict,
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


def designated(store: str, reference: str, on: date | None) -> tuple[Answer, ...]:
    """What every list has said of a reference, an id, an IMO number or an exact name.

    Args:
        store: the store's address.
        reference: what is asked for.
        on: the day asked about, or None.

    Returns:
        One answer per listing, sorted by its id; empty where no good copy holds it.

    Raises:
        UsageError: there is no such store.
    """
    folder = Folder.open(store, create=False)
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    copies = known_copies(latest_manifests(folder), readable=True)
    answers: list[Answer] = []
    with Engine() as engine:
        for list_id in sorted({copy.list_id for copy in copies}):
            mine = [copy for copy in copies if copy.list_id == list_id]
            for copy in mine:
                library.read_copy(copy)  # another release may have read it: the register is keyed by the code
            names = [library.register_name(copy) for copy in mine]
            answers.extend(
                _answer(listing, mine, _Seen(engine, folder, dict(zip(mine, names, strict=True)), listing), on)
                for listing in find_listings(engine, folder, names, reference)
            )
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


def _answer(listing: str, copies: Sequence[Copy], seen: _Seen, on: date | None) -> Answer:
    newest = [row for row in seen.rows if row.last_seen == seen.days[-1]]
    listed_on = next((row.cleaned or row.value for row in newest if row.prop == "listingDate"), None)
    known, verdict = (None, None) if on is None else _on_day(*_by_day(copies, seen.copies), listed_on, on)
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
        verdict=verdict,
        designated=known,
        rows=seen.rows,
        sandbox=copies[0].sandbox,
    )


def _by_day(copies: Sequence[Copy], seen: Sequence[Copy]) -> tuple[list[date], list[date]]:
    """The days that have a copy, and those of them whose last copy holds the listing."""
    last = {copy.list_date: copy for copy in copies}
    return list(last), [day for day, copy in last.items() if copy in seen]


def _on_day(copies: Sequence[date], seen: Sequence[date], listed_on: str | None, on: date) -> tuple[bool | None, str]:
    """Yes, no or unknown, and why: the copies around the day decide, and the date of listing that the list prints.

    Args:
        copies: the days that have a copy, in order.
        seen: those of them whose last copy holds the listing.
        listed_on: the printed date of listing, ISO 8601, or None.
        on: the day asked about.
    """
    last = max((day for day in copies if day <= on), default=None)
    following = min((day for day in copies if day > on), default=None)
    held, holds_next = last in seen, following in seen
    if holds_next and not held:
        word = _by_its_own_word(last, following, listed_on, on)
        if word is not None:
            return word
    if last is None:
        return None, f"On {on}: unknown. The first copy received is of {following}."
    says = f"The copy of {last} {'holds' if held else 'does not hold'} it"
    if following is None:
        return held, f"On {on}: {'yes' if held else 'no'}. {says}; it is the last one received."
    if held == holds_next:
        too = "and so does" if held else "nor does"
        return held, f"On {on}: {'yes' if held else 'no'}. {says}, {too} that of {following}."
    return None, f"On {on}: unknown. {says}, the next one, of {following}, {'does' if holds_next else 'does not'}."


def _by_its_own_word(
    last: date | None, following: date | None, listed_on: str | None, on: date
) -> tuple[bool, str] | None:
    """What the printed date of listing tells of a day before the first copy that holds the entry; None: nothing."""
    try:
        listed = date.fromisoformat(listed_on or "")
    except ValueError:
        return None
    if last is not None and listed <= last:
        return None  # the earlier copy contradicts it: it was fetched after that day and does not hold the entry
    word = "yes" if listed <= on else "no"
    return listed <= on, (
        f"On {on}: {word}, by the list's own word: the copy of {following} says it was listed on {listed}. "
        "No copy of those days was received."
    )
