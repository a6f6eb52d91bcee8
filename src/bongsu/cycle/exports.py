"""A list for others, from a store: what its last good copy says, and since when the copies have said it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bongsu.cycle.library import Library, source_of
from bongsu.cycle.run import known_copies, latest_manifests
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.errors import UsageError
from bongsu.lists.cards import SourceCard
from bongsu.lists.ftm import Seen
from bongsu.lists.model import Statement
from bongsu.lists.register import Copy, RegisterRow, history


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCopy:
    """The last good copy of a list.

    Args:
        card: the list's.
        copy: which copy.
        statements: in the order of the file.
        seen: by the id of each of its statements.
    """

    card: SourceCard
    copy: Copy
    statements: tuple[Statement, ...]
    seen: Mapping[str, Seen]


def last_copy(store: str, list_id: str) -> LastCopy:
    """What the last good copy of a list in a store says.

    Args:
        store: the store's address.
        list_id: the list, such as `un_sc`.

    Raises:
        UsageError: there is no such store, or it holds no good copy of the list.
    """
    from bongsu.tables.engine import Engine  # a list read from a file needs none

    folder = Folder.open(store, create=False)
    library = Library(ExhibitStore(folder, tool=TOOL), folder)
    copies = [copy for copy in known_copies(latest_manifests(folder), readable=True) if copy.list_id == list_id]
    if not copies:
        raise UsageError(
            f"holds no good copy of {list_id}", where=store, remedy="run a cycle first (bongsu run), or name a file"
        )
    last = copies[-1]
    statements = library.statements(last)
    with Engine() as engine:
        table = history(engine.table(folder, [library.register_file(copy) for copy in copies], RegisterRow))
        rows = engine.rows(table.select("id", "first_seen", "last_seen").filter(table.last_seen == last.list_date))
    seen = {row["id"]: Seen(first=row["first_seen"], last=row["last_seen"]) for row in rows}
    return LastCopy(card=source_of(list_id).card, copy=last, statements=statements, seen=seen)
