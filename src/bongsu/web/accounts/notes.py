"""What accounts write into the journal, in one form: who did what to whom, and never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.core.cache import cache

from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Person
from bongsu.web.record import journal

NOBODY: Final = "-"
_AGAIN_AFTER_S: Final = 60


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


def note_once_a_minute(
    kind: str,
    about_what: str,
    *,
    by: Person | None,
    about: Person | str = "",
    body: Mapping[str, JsonValue] | None = None,
    at: datetime | None = None,
) -> None:
    """Add an entry in a transaction of its own, unless a like one was added within a minute.

    It is for what can be repeated without end by those who may do nothing else: they cannot fill the journal.

    Args:
        kind: what happened.
        about_what: what makes entries of the same kind and person alike; short, without spaces.
        by: who did it; None where nobody is known.
        about: the person it was done to, or what it was about.
        body: what an auditor needs beside that.
        at: when; now, where it is not given.
    """
    if cache.add(f"noted:{kind}:{NOBODY if by is None else by.username}:{about_what}", True, _AGAIN_AFTER_S):
        with journal.writing():
            note(kind, by=by, about=about, body=body, at=at)
