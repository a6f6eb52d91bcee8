"""The journal as a file: one entry a line, to be verified and read without the site it came from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from bongsu.cases.journal import Entry
from bongsu.evidence.own_file import taken, write_own_file
from bongsu.kernel.chain import Anchor
from bongsu.kernel.errors import EvidenceError
from bongsu.web.record import heads, journal
from bongsu.web.record.verification import verified

_OWNER_ONLY: Final = 0o400


def export_journal(path: Path, at: datetime, *, force: bool) -> Anchor:
    """Write the journal to a file that its owner alone can read, and that it was written into the journal itself.

    Args:
        path: the file.
        at: when.
        force: whether a file that is there is replaced.

    Returns:
        The last entry in the file, which tells of this export or, where others wrote meanwhile, follows it.

    Raises:
        UsageError: the file is there, or cannot be written.
        EvidenceError: the journal is damaged.
    """
    if not force and path.exists():
        raise taken(path)
    with journal.writing():
        journal.append("export", by=journal.NOBODY, subject="journal", body={"file": path.name}, at=at)
    found = verified(heads.remembered(settings.FOLDER / heads.HEADS))
    if found.head is None:
        raise EvidenceError(
            f"the journal is damaged: {found.damages[0]}",
            remedy="bongsu site verify tells all of it; put a backup back",
        )
    write_own_file(path, _lines_to(found.head), force=force, mode=_OWNER_ONLY)
    heads.note(settings.FOLDER, found.head, at)
    return found.head


def _lines_to(last: Anchor) -> Iterator[bytes]:
    """The entries as lines, up to one: what is added meanwhile was not verified."""
    for entry in journal.entries():
        if not isinstance(entry, Entry) or entry.number > last.seq:
            return
        yield entry.line()
