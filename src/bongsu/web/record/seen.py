"""An exhibit as a reader sees it, and the journal's entry of a look: the same for the pages and the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now

from bongsu.cases.handling import Handling, Reader, Tlp, may_read
from bongsu.cases.words import Role
from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.notes import note_once_a_minute
from bongsu.web.record import journal
from bongsu.web.record.collected import is_invented, origin_of, title_of
from bongsu.web.record.holdings import given_of, held, submissions_of
from bongsu.web.record.models import CustodyRow, ExhibitRow, HandlingRow, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An exhibit as a reader sees it.

    Args:
        row: what is known of it.
        handling: under which the reader reads it.
        own: what the reader's member gave, as far as the reader may read it, where that alone opens the exhibit: then
            nothing is told of others. Else empty.
        collected: the same of what a source gave the reader's member.
    """

    row: ExhibitRow
    handling: Handling
    own: tuple[Submission, ...] = ()
    collected: tuple[CustodyRow, ...] = ()

    @property
    def by_own(self) -> bool:
        """Whether what the reader's member has of its own alone opens it."""
        return bool(self.own or self.collected)

    @property
    def numbers(self) -> frozenset[int]:
        """The entries of the custody log by which the member has it of its own."""
        return frozenset([each.custody_id for each in self.own] + [each.seq for each in self.collected])

    @property
    def title(self) -> str:
        """What it is, in a line."""
        if self.collected:
            return title_of(self._capture) or str(self.collected[0].detail.get("how", ""))
        return self.own[0].title if self.own else self.row.title

    @property
    def origin(self) -> str:
        """Where it is from."""
        if self.collected:
            return origin_of(self._capture)
        return self.own[0].origin if self.own else self.row.origin

    @property
    def received_by(self) -> str:
        """By whom or what."""
        if self.collected:
            return str(self._capture.get("tool") or self.collected[0].detail.get("tool", ""))
        return self.own[0].by if self.own else self.row.received_by

    @property
    def received_at(self) -> datetime:
        """When the reader's member gave it, where no more may be told; else when it came first."""
        if self.collected:
            return self.collected[0].at
        return self.own[0].custody.at if self.own else self.row.received_at

    @property
    def sandbox(self) -> bool:
        """Whether it is said to be invented."""
        if self.collected:
            return is_invented(self._capture, self.row.digest)
        return any(given_of(each).sandbox for each in self.own) if self.own else self.row.sandbox

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.handling.tlp == Tlp.CLEAR

    @property
    def _capture(self) -> Mapping[str, Any]:  # Any: JSON of our own making
        capture = self.collected[0].detail.get("capture")
        return capture if isinstance(capture, dict) else {}


def seen(digest: str, reader: Reader) -> Seen | None:
    """An exhibit for a reader, by the rule of `cases.holding`; None where there is none, or none for the reader."""
    row = ExhibitRow.objects.select_related("handling").filter(digest=digest).first()
    if row is None:
        return None
    today = now().date()
    if may_read(reader, row.handling.handling, today):
        return Seen(row=row, handling=row.handling.handling)
    whole = held(row)
    handling = whole.read_under(reader, today)
    if handling is None:
        return None
    givings = whole.own_givings(reader.member)
    own = submissions_of(digest).readable_by(reader, today).filter(custody__in=[each.number for each in givings])
    collected = CustodyRow.objects.filter(seq__in=[each.number for each in givings if each.by_source])
    return Seen(row=row, handling=handling, own=tuple(own), collected=tuple(collected))


def kept_from(digest: str, person: Person) -> Seen | None:
    """An exhibit that a coordinator may not read, and may handle otherwise all the same; None where it is none such.

    It is of the coordinator's member alone, within the coordinator's clearance, and names others: nobody takes what is
    the member's from its coordinators for good. Of it they are told the digest and the handling, and nothing it holds.
    """
    row = ExhibitRow.objects.select_related("handling").filter(digest=digest).first()
    if row is None or seen(digest, person.reader) is not None or not _may_free(person, row.handling.handling):
        return None
    return Seen(row=row, handling=row.handling.handling)


def all_kept_from(person: Person) -> QuerySet[ExhibitRow]:
    """The exhibits that a coordinator may not read and may handle otherwise, the one received last first."""
    closed = HandlingRow.objects.filter(tlp=Tlp.RED)
    handlings = [each.pk for each in closed if _may_free(person, each.handling)]
    return ExhibitRow.objects.select_related("handling").filter(handling__in=handlings)


def _may_free(person: Person, handling: Handling) -> bool:
    reader = person.reader
    reaches = handling.is_sole(person.member_id) and handling.tlp <= reader.clearance
    return person.role_held is Role.COORDINATOR and reaches and not may_read(reader, handling, now().date())


def hidden_from(reader: Reader, digests: Iterable[str]) -> frozenset[str]:
    """Those of some exhibits that a reader may not read, by their digests; what is not here is among them."""
    named = frozenset(digests)
    if not named:
        return named
    open_to = ExhibitRow.objects.readable_by(reader).filter(digest__in=named).values_list("digest", flat=True)
    return frozenset(each for each in named - frozenset(open_to) if seen(each, reader) is None)


def told(kind: str, digest: str, person: Person, body: Mapping[str, JsonValue]) -> Seen | None:
    """Write down that a person looks at an exhibit or takes it out: the exhibit as the person may read it just then.

    Asked once more with the journal's lock held, so that nothing goes out after an entry that closes it, or one that
    stops or lowers the person.

    Args:
        kind: `exhibit.viewed` or `exhibit.exported`.
        digest: the exhibit's.
        person: who does it.
        body: how.

    Returns:
        The exhibit; None where it is not there for the person any more: then nothing is written down.
    """
    with journal.writing():
        one = seen(digest, person.reader) if journal.still_here(person) else None
        if one is not None:
            marked = {**body, "marking": one.handling.tlp.label}
            journal.append(kind, by=person.username, subject=digest, body=marked)
    return one


def tell_of_picture(person: Person, one: Seen, body: Mapping[str, JsonValue]) -> None:
    """Write down that someone looked at a picture of an exhibit that is not for everybody.

    At most once a minute for each person and exhibit: who turns pages of a document fills no journal.
    """
    if not one.is_public:
        marked = {**body, "marking": one.handling.tlp.label}
        note_once_a_minute("exhibit.viewed", one.row.digest, by=person, about=one.row.digest, body=marked)
