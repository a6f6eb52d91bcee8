"""The heads of the journal as they were remembered, in a file outside the database: against them a cut is seen.

One line of JSON for each: number, digest and time. The file is only added to; copies of it kept elsewhere say more than
the file itself, since whoever can change the database can often change the file.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from bongsu.evidence import read_own_file
from bongsu.kernel.canonical import canonical_json, is_digest
from bongsu.kernel.chain import Anchor
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import EvidenceError

HEADS: Final = "journal.heads"
_MOST_BYTES: Final = 64 * 2**20
_noted: dict[Path, str] = {}  # the day this process last looked at a file, so that it looks once a day


def note(folder: Path, head: Anchor, at: datetime) -> None:
    """Remember a head, on the disk when this returns; one that is there already is not written twice.

    Args:
        folder: the site's own.
        head: number and digest of the last entry; nothing is written of an empty journal.
        at: when.
    """
    if head.seq == 0:
        return
    number = os.open(folder / HEADS, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(number, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = file.read()
        if known and not known.endswith(b"\n"):  # a line that was cut when the power went is none
            file.write(b"\n")
        line = canonical_json({"number": head.seq, "digest": head.digest, "at": stamp(at)}) + b"\n"
        if head not in parsed(known):
            file.write(line)
        file.flush()
        os.fsync(file.fileno())


def note_daily(folder: Path, head: Anchor, at: datetime) -> None:
    """Remember a head, once on each day of the journal."""
    day = stamp(at)[:10]
    if _noted.get(folder) != day:
        note(folder, head, at)
        _noted[folder] = day


def remembered(path: Path) -> tuple[Anchor, ...]:
    """The heads that a file remembers, by number; none where there is no file.

    Raises:
        UsageError: the file cannot be read.
        EvidenceError: it holds no head at all, though it is not empty.
    """
    if not path.exists():
        return ()
    content = read_own_file(path, limit_bytes=_MOST_BYTES)
    found = parsed(content)
    if content.strip() and not found:
        raise EvidenceError("changed: it remembers no head of a journal", where=str(path))
    return found


def parsed(content: bytes) -> tuple[Anchor, ...]:
    """The heads in the content of such a file, each once, by number; a line that is none is passed over."""
    return tuple(sorted(set(_anchors(content.splitlines()))))


def _anchors(lines: Iterable[bytes]) -> Iterable[Anchor]:
    for line in lines:
        try:
            match json.loads(line):
                case {"number": int(number), "digest": str(digest), "at": str()} if number > 0 and is_digest(digest):
                    yield Anchor(number, digest)
        except (ValueError, RecursionError):
            continue
