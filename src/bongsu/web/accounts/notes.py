"""What accounts write into the journal, in one form: who did what to whom, and never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Person
from bongsu.web.record import journal

NOBODY: Final = "-"


def note(
    kind: str,
    *,
    by: Person | None,
    about: Person | str = "",
    body: Mapping[str, JsonValue] | None = None,
    at: datetime | None = None,
) -> None:
    """Add an entry; inside `journal.writing`, so that it stands or falls with what it tells of.

    Args:
        kind: what happened: `sign_in`, `account.changed`, ...
        by: who did it; None where nobody is known, or someone on the command line of the installation.
        about: the person it was done to, or the id of a member.
        body: what an auditor needs beside that.
        at: when; now, where it is not given.
    """
    subject = about.username if isinstance(about, Person) else about
    journal.append(kind, by=NOBODY if by is None else by.username, subject=subject, body=body, at=at)


def note_alone(
    kind: str, *, by: Person | None, about: Person | str = "", body: Mapping[str, JsonValue] | None = None
) -> None:
    """Add an entry in a transaction of its own: what it tells of has no other."""
    with journal.writing():
        note(kind, by=by, about=about, body=body)
