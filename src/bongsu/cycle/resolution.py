"""The register joined: the good copies in force of a store, resolved into entities by its log of judgements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bongsu.cycle.joining import join
from bongsu.cycle.library import Library, source_of
from bongsu.cycle.run import known_copies, latest_manifests
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import UsageError
from bongsu.lists.entities import Resolution
from bongsu.lists.judgements import Judgement, JudgementLog
from bongsu.lists.register import Copy, find_listings, in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The lists of a store, joined.

    Args:
        copies: the copy in force of each list, by list.
        resolution: their listings as entities, and what waits for people.
        log: the judgements, in their order.
    """

    copies: tuple[Copy, ...]
    resolution: Resolution
    log: tuple[Judgement, ...]

    @property
    def sandbox(self) -> bool:
        """Whether it is invented."""
        return any(copy.sandbox for copy in self.copies)

    def copies_record(self) -> list[JsonValue]:
        """The copies read, in JSON form."""
        return [
            {
                "list": copy.list_id,
                "authority": source_of(copy.list_id).card.authority,
                "list_date": copy.list_date.isoformat(),
            }
            for copy in self.copies
        ]


def joined(store: str, tell: Callable[[str], None] = lambda _: None) -> Joined:
    """The copies in force of a store, joined by its rulings and by the machine.

    The sandbox is read only where no real list has a copy: what is invented never stands among what is not.

    Args:
        store: the store's address.
        tell: told in a few words what is being done.

    Raises:
        UsageError: there is no such store, or no good copy in it.
        EvidenceError: a copy or the log of judgements is damaged.
    """
    folder = Folder.open(store, create=False)
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    copies = in_force(known_copies(latest_manifests(folder), readable=True))
    if not copies:
        raise UsageError("holds no good copy of any list", where=store, remedy="run a cycle first (bongsu run)")
    log = JudgementLog(folder).entries()
    return Joined(copies=copies, resolution=join(library, copies, log, tell), log=log)


def judgement_log(store: str) -> JudgementLog:
    """The log of judgements of a store.

    Raises:
        UsageError: there is no such store.
    """
    return JudgementLog(Folder.open(store, create=False))


def listing_named(store: str, reference: str) -> str:
    """The id of the one listing that bears a reference, an id or an exact name in any good copy of a store.

    Args:
        store: the store's address.
        reference: such as `un_sc:KPi.033`, or `KPi.033` where one list alone has it.

    Raises:
        UsageError: none bears it, or several do.
    """
    from bongsu.tables.engine import Engine  # of the commands that join lists, only those that name a listing ask it

    folder = Folder.open(store, create=False)
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    names = [library.register_file(copy) for copy in known_copies(latest_manifests(folder), readable=True)]
    with Engine() as engine:
        found = find_listings(engine, folder, names, reference)
    if len(found) == 1:
        return found[0]
    if found:
        named = ", ".join(found[:5])
        raise UsageError(f"{reference!r} names {len(found)} listings: {named}", remedy="name one of them by its id")
    raise UsageError(f"no copy in the store holds {reference!r}", where=store, remedy="check the spelling")
