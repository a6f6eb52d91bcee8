"""Anchors: the head of the custody log as each finished cycle left it, against which a cut or rewritten log is seen."""

from __future__ import annotations

import json
from typing import Final

from bongsu.evidence import Anchor, Damage, ExhibitStore, Folder
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.errors import EvidenceError

MANIFEST: Final = "manifest.json"
CUSTODY: Final = "custody.json"


def cycle_ids(folder: Folder) -> list[str]:
    """The finished cycles of a store, by clock."""
    names = folder.names("cycles/")
    return [name.split("/")[1] for name in names if name.endswith(f"/{MANIFEST}")]


def write_anchor(store: ExhibitStore, cycle: str) -> None:
    """Write the log's head beside a cycle's outputs; not one of them, since the custody log keeps real time."""
    seq, digest = store.custody.head()
    store.folder.replace(_name(cycle), canonical_json({"seq": seq, "digest": digest}))


def read_anchor(folder: Folder, cycle: str) -> Anchor:
    """The anchor of a cycle.

    Raises:
        EvidenceError: it is missing, or says nothing.
    """
    name = _name(cycle)
    try:
        match json.loads(folder.read(name)):
            case {"seq": int(seq), "digest": str(digest)}:
                return Anchor(seq, digest)
    except ValueError:
        pass
    raise EvidenceError(
        "changed: no head of the custody log",
        where=folder.url(name),
        remedy="restore it from a backup or a member's mirror",
    )


def anchors(folder: Folder) -> tuple[list[Anchor], list[Damage]]:
    """The anchors of all finished cycles, and those that are missing or damaged."""
    found: list[Anchor] = []
    damaged: list[Damage] = []
    for cycle in cycle_ids(folder):
        try:
            found.append(read_anchor(folder, cycle))
        except EvidenceError as error:
            damaged.append(Damage(where=_name(cycle), what=error.what))
    return found, damaged


def expect_last_anchor(store: ExhibitStore) -> None:
    """Be sure that the custody log holds what the cycle left that finished last: the anchor with the highest number,
    since the clock of a cycle may be any.

    Raises:
        EvidenceError: the log was cut, rewritten or damaged since, or an anchor was.
    """
    known = [read_anchor(store.folder, cycle) for cycle in cycle_ids(store.folder)]
    last = max((anchor.seq for anchor in known), default=0)
    for anchor in sorted({anchor for anchor in known if anchor.seq == last}):
        store.custody.expect(anchor)


def _name(cycle: str) -> str:
    return f"cycles/{cycle}/{CUSTODY}"
