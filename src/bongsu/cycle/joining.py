"""The copies in force joined into entities: by the rulings of people, and by the machine where it may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bongsu.cycle.library import Library, source_of
from bongsu.cycle.version import code_digest
from bongsu.evidence import Folder
from bongsu.evidence.sealing import sealed, unsealed
from bongsu.kernel.canonical import JsonValue, digest_of
from bongsu.lists.entities import Resolution, resolve
from bongsu.lists.judgements import Judgement, standing
from bongsu.lists.profiles import Profile, profiles_of
from bongsu.lists.proposals import Proposal, proposal_from_record, propose
from bongsu.lists.register import Copy
from bongsu.lists.resolution import rules

_KEPT: Final = "register/proposals/"


def join(library: Library, copies: Sequence[Copy], log: Sequence[Judgement], tell: Callable[[str], None]) -> Resolution:
    """The listings of some copies as entities, and what waits for people.

    Args:
        library: reads the copies.
        copies: one of each list.
        log: the judgements, in their order.
        tell: told in a few words what is being done.
    """
    profiles: list[Profile] = []
    for copy in copies:
        tell(f"reading {copy.list_id}")
        card = source_of(copy.list_id).card
        profiles += profiles_of(library.statements(copy), card, sandbox=copy.sandbox)
    tell("comparing listings")
    return resolve(profiles, _proposals(library.shelf, copies, profiles), standing(log))


def _proposals(shelf: Folder | None, copies: Sequence[Copy], profiles: Sequence[Profile]) -> tuple[Proposal, ...]:
    """The proposals of these copies by this code: made once and kept, since the rulings alone change from call to call.

    A file that is not as written is made anew and never believed.
    """
    if shelf is None:
        return propose(profiles, rules())
    made_of = digest_of([[copy.id for copy in copies], code_digest(("kernel/", "lists/", "names/"))])
    name = f"{_KEPT}{made_of}.json"
    kept = unsealed(shelf, name)
    if kept is not None:
        return tuple(map(proposal_from_record, kept))
    record: list[JsonValue] = [proposal.record() for proposal in propose(profiles, rules())]
    shelf.replace(name, sealed(record))
    for other in shelf.names(_KEPT):
        if other != name:
            shelf.delete(other)
    return tuple(map(proposal_from_record, record))
