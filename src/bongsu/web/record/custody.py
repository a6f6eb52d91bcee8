"""What the custody log tells of an exhibit, as far as someone may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from bongsu.cases.handling import Handling, Reader, covers, may_read
from bongsu.web.record.collected import handling_of_source
from bongsu.web.record.models import CustodyRow, ExhibitRow, Submission
from bongsu.web.record.submissions import SOURCE

#: Of a withheld detail this alone is told: it is of the bytes themselves, which the reader may read.
_OF_THE_BYTES: Final = frozenset({"size"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """An entry of the custody log as a reader sees it.

    Args:
        seq, at, event, exhibit, digest, previous: as logged.
        detail: what more the log says; what of it is of the bytes themselves where the rest is withheld.
        withheld: whether the detail is not for the reader: the same bytes may have been given by others in confidence.
    """

    seq: int
    at: datetime
    event: str
    exhibit: str
    digest: str
    previous: str
    detail: Mapping[str, Any]  # Any: JSON of our own making
    withheld: bool


def custody_of(digest: str, reader: Reader, *, within: Handling | None = None) -> list[Custody]:
    """What happened to an exhibit, in order, each entry with its detail where the reader may read it.

    Args:
        digest: the exhibit's.
        reader: who asks.
        within: the handling of what would hold it, which then has to cover a detail's own; None: the reader reads it
            alone.
    """
    today = timezone.now().date()
    rows = list(CustodyRow.objects.filter(exhibit=digest))
    given = {each.custody_id: each.handling.handling for each in _submissions(digest)}
    parents = [str(row.detail.get("parent") or "") for row in rows]
    held = {row.digest: row.handling.handling for row in _exhibits([digest, *parents])}
    found = []
    for row in rows:
        handling = _handling_of(row, given.get(row.seq), held)
        told = (
            handling is not None and may_read(reader, handling, today) and (within is None or covers(within, handling))
        )
        found.append(_entry(row, withheld=not told))
    return found


def _handling_of(row: CustodyRow, given: Handling | None, held: Mapping[str, Handling]) -> Handling | None:
    """How the detail of an entry is handled; None where nobody knows, so that nobody is told."""
    if given is not None:
        return given
    capture = row.detail.get("capture")
    if not isinstance(capture, dict):
        return held.get(str(row.detail.get("parent") or row.exhibit))
    if capture.get("source") == SOURCE:
        return None
    own = held.get(row.exhibit)
    if own is not None and own.is_sole(settings.SITE.member):
        return own  # the member's own, as its people handle it now
    return handling_of_source(capture, row.exhibit, settings.SITE.member)


def _entry(row: CustodyRow, *, withheld: bool) -> Custody:
    detail = {name: row.detail[name] for name in sorted(_OF_THE_BYTES & row.detail.keys())} if withheld else row.detail
    return Custody(
        seq=row.seq,
        at=row.at,
        event=row.event,
        exhibit=row.exhibit,
        digest=row.digest,
        previous=row.previous,
        detail=detail,
        withheld=withheld,
    )


def _submissions(digest: str) -> Any:  # Any: a query
    return Submission.objects.filter(exhibit_id=digest).select_related("handling")


def _exhibits(digests: list[str]) -> Any:  # Any: a query
    return ExhibitRow.objects.filter(digest__in=digests).select_related("handling")
