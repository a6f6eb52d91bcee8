"""The register of a store as it is screened against: the copies in force, and a screener over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bongsu.cycle.library import Library, source_of
from bongsu.cycle.run import known_copies, latest_manifests
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import UsageError
from bongsu.lists.register import Copy, RegisterRow, in_force
from bongsu.lists.screening import screened_rows_of, screening_entities
from bongsu.names import Entity, Screener
from bongsu.tables.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedRegister:
    """What is screened against.

    Args:
        screener: over all its entities.
        copies: the copies in force it was made of.
        every: whether entries under no DPRK programme are in it too.
    """

    screener: Screener
    copies: tuple[Copy, ...]
    every: bool

    @property
    def sentence(self) -> str:
        """What it is, in a sentence."""
        return f"screened against {self.words}"

    @property
    def words(self) -> str:
        """How many entries of which lists of which days."""
        lists = ", ".join(f"{copy.list_id} of {copy.list_date}" for copy in self.copies)
        which = "entries" if self.every else "entries under DPRK programmes"
        return f"{len(self.screener):,} {which}: {lists}"

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "entities": len(self.screener),
            "dprk_programmes_only": not self.every,
            "copies": [
                {"list": copy.list_id, "list_date": copy.list_date.isoformat(), "sandbox": copy.sandbox}
                for copy in self.copies
            ],
        }


def screened_register(store: str, *, every: bool = False) -> ScreenedRegister:
    """The register of a store, ready to be asked.

    Args:
        store: the store's address.
        every: also entries under no DPRK programme.

    Raises:
        UsageError: there is no such store, or no cycle has run in it.
    """
    folder = Folder.open(store, create=False)
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    copies = in_force(known_copies(latest_manifests(folder), readable=True))
    if not copies:
        raise UsageError("holds no copy of a list yet", where=folder.url(""), remedy="run a cycle first (bongsu run)")
    return ScreenedRegister(
        screener=Screener(register_entities(folder, library, copies, every=every)), copies=copies, every=every
    )


def register_entities(folder: Folder, library: Library, copies: Iterable[Copy], *, every: bool) -> list[Entity]:
    """The entities of some copies, by list."""
    found: list[Entity] = []
    with Engine() as engine:
        for copy in copies:
            table = engine.table(folder, [library.register_file(copy)], RegisterRow)
            rows = screened_rows_of(engine, table)
            card = source_of(copy.list_id).card
            found += screening_entities(rows, card, every=every, sandbox=copy.sandbox)
    return found
