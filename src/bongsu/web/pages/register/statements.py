"""What the copies in force say of some listings, and which other entries name them: statements of the register."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import urlencode

from bongsu.cycle.library import Library
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.lists.register import RegisterRow
from bongsu.tables.engine import Engine
from bongsu.web.pages.register.days import MEMORY
from bongsu.web.record.register import Register

SECONDS: Final = 10.0
MOST_ROWS: Final = 5_000


def statements_on(
    register: Register, store: str, listings: Collection[str]
) -> tuple[list[RegisterRow], list[RegisterRow]]:
    """The statements of some listings, and the links in other entries that name one of them.

    Args:
        register: whose copies are read.
        store: its address.
        listings: their ids.

    Returns:
        Both in the order of listing, entity and locator; of either at most `MOST_ROWS`.

    Raises:
        EvidenceError: a file of the register is absent or damaged.
        OverdueError: it took too long.
    """
    folder = Folder.open(store, create=False)
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    names = [library.register_file(copy) for copy in register.joined.copies]
    wanted = sorted(listings)
    with Engine(memory=MEMORY) as engine, engine.within(SECONDS):
        table = engine.table(folder, names, RegisterRow)
        order = ("listing", "entity", "locator", "prop", "value")
        own = table.filter(table.listing.isin(wanted)).order_by(*order).limit(MOST_ROWS)
        naming = table.filter(table.cleaned.isin(wanted) & ~table.listing.isin(wanted))
        others = table.semi_join(naming.select("entity").distinct(), "entity").order_by(*order).limit(MOST_ROWS)
        return engine.records(own, RegisterRow), engine.records(others, RegisterRow)


def exhibit_address(exhibit: str, locator: str) -> str:
    """Where the place that a citation names is shown."""
    at = f"?{urlencode({'at': locator})}#here" if locator else ""
    return f"/exhibits/{exhibit}/{at}"
