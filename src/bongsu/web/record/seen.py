"""An exhibit as a reader sees it, and the journal's entry of a look: the same for the pages and the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import now

from bongsu.cases.handling import Handling, Reader, Tlp, may_read
from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.notes import note_once_a_minute
from bongsu.web.record import journal
from bongsu.web.record.holdings import given_of, held, submissions_of
from bongsu.web.record.models import ExhibitRow, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An exhibit as a reader sees it.

    Args:
        row: what is known of it.
        handling: under which the reader reads it.
        own: what the reader's member gave, as far as the reader may read it, where that alone opens the exhibit: then
            nothing is told of others. Else empty.
    """

    row: ExhibitRow
    handling: Handling
    own: tuple[Submission, ...] = ()

    @property
    def title(self) -> str:
        """What it is, in a line."""
        return self.own[0].title if self.own else self.row.title

    @property
    def origin(self) -> str:
        """Where it is from."""
        return self.own[0].origin if self.own else self.row.origin

    @property
    def received_at(self) -> datetime:
        """When the reader's member gave it, where no more may be told; else when it came first."""
        return self.own[0].custody.at if self.own else self.row.received_at

    @property
    def sandbox(self) -> bool:
        """Whether it is said to be invented."""
        return any(given_of(each).sandbox for each in self.own) if self.own else self.row.sandbox

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.handling.tlp == Tlp.CLEAR


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
    numbers = [each.number for each in whole.own_givings(reader.member)]
    own = submissions_of(digest).readable_by(reader, today).filter(custody__in=numbers)
    return Seen(row=row, handling=handling, own=tuple(own))


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
