"""An exhibit as a reader sees it, and the journal's entry of a look: the same for the pages and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bongsu.cases.handling import Handling, Reader, Tlp
from bongsu.web.record import journal
from bongsu.web.record.models import ExhibitRow, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An exhibit as a reader sees it.

    Args:
        row: what is known of it.
        own: what the reader's member gave, where that alone lets the reader see it: then nothing is told of others.
    """

    row: ExhibitRow
    own: Submission | None

    @property
    def title(self) -> str:
        """What it is, in a line."""
        return self.own.title if self.own else self.row.title

    @property
    def origin(self) -> str:
        """Where it is from."""
        return self.own.origin if self.own else self.row.origin

    @property
    def tlp(self) -> int:
        """Its marking."""
        return self.own.handling.tlp if self.own else self.row.handling.tlp

    @property
    def shown_handling(self) -> Handling:
        """How it is handled."""
        return (self.own or self.row).handling.handling

    @property
    def received_at(self) -> datetime:
        """When the reader's member gave it, where no more may be told; else when it came first."""
        return self.own.custody.at if self.own else self.row.received_at

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.tlp == Tlp.CLEAR


def seen(digest: str, reader: Reader) -> Seen | None:
    """An exhibit for a reader; None where there is none, or none for the reader.

    Whoever gave the bytes may read them, whatever others said of the same bytes.
    """
    row = ExhibitRow.objects.readable_by(reader).select_related("handling").filter(digest=digest).first()
    if row is not None:
        return Seen(row=row, own=None)
    own = (
        Submission.objects.readable_by(reader)
        .select_related("exhibit", "handling", "custody")
        .filter(exhibit_id=digest)
    )
    for each in own:
        if each.handling.handling.is_sole(reader.member):
            return Seen(row=each.exhibit, own=each)
    return None


def tell(kind: str, one: Seen, *, by: str, body: Mapping[str, str]) -> None:
    """Write down that an exhibit was looked at or went out.

    Args:
        kind: `exhibit.viewed` or `exhibit.exported`.
        one: the exhibit, as it was seen.
        by: the user name of who did it.
        body: how.
    """
    with journal.writing():
        journal.append(kind, by=by, subject=one.row.digest, body={**body, "marking": Tlp(one.tlp).label})
