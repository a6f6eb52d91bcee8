"""Questions about exhibits: which there are for a reader, what happened to one, what cites it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO, Final
from urllib.parse import urlencode

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.timezone import now

from bongsu.cases.finding import EvidenceLink
from bongsu.cases.handling import Reader, may_read
from bongsu.cases.model import Case
from bongsu.evidence.exhibit import name_of
from bongsu.kernel.errors import EvidenceError
from bongsu.web.asked import whole_number
from bongsu.web.pages.exhibits.preview import Place, UnshownError, Window, shown
from bongsu.web.record import rows
from bongsu.web.record.custody import Custody, custody_of
from bongsu.web.record.exhibits import exhibit_store
from bongsu.web.record.holdings import made_from
from bongsu.web.record.models import CaseRow, CustodyRow, Derivation, ExhibitRow
from bongsu.web.record.seen import Seen

#: Up to so many bytes are hashed before any of them is shown; of longer ones it is said when they last were.
_HASHED_FIRST_BYTES: Final = 64 * 2**20
_MOST_CITING: Final = 100


def listed(reader: Reader, asked: QueryDict) -> QuerySet[ExhibitRow]:
    """The exhibits of a list, filtered as asked; what is not understood filters nothing."""
    found = ExhibitRow.objects.readable_by(reader).select_related("handling")
    for name, field in (("source", "title__istartswith"), ("type", "media_type"), ("q", "title__icontains")):
        if asked.get(name):
            found = found.filter(**{field: asked[name]})
    if (marking := whole_number(asked.get("marking", "")[:2])) is not None:
        found = found.filter(handling__tlp=marking)
    for name, field in (("since", "received_at__date__gte"), ("until", "received_at__date__lte")):
        day = _day(asked.get(name, ""))
        if day is not None:
            found = found.filter(**{field: day})
    match asked.get("state"):
        case "sound":
            found = found.filter(sound=True)
        case "damaged":
            found = found.filter(sound=False)
        case "unknown":
            found = found.filter(sound=None)
    return found


def _day(text: str) -> object:
    try:
        return parse_date(text)
    except ValueError:
        return None


def media_types(reader: Reader) -> list[str]:
    """The media types among the exhibits a reader may read."""
    found = ExhibitRow.objects.readable_by(reader).order_by().values_list("media_type", flat=True).distinct()
    return sorted(found)


def events(one: Seen, reader: Reader) -> list[Custody]:
    """What happened to an exhibit, in order; only what the reader's member did where no more may be told."""
    found, own = custody_of(one.row.digest, reader), one.numbers
    return [each for each in found if not own or each.seq in own]


def chain_holds(found: list[Custody]) -> bool:
    """Whether each entry follows the one before it in the log, as it was taken in."""
    before = dict(CustodyRow.objects.filter(seq__in=[row.seq - 1 for row in found]).values_list("seq", "digest"))
    return all(row.previous == before.get(row.seq - 1, "0" * 64) for row in found)


def kin(one: Seen, reader: Reader) -> tuple[list[tuple[ExhibitRow, str]], list[tuple[ExhibitRow, str]]]:
    """What an exhibit was made from, and what was made from it; as far as the reader may read either, and that it was.

    That one was made from another is told by whoever gave it, and handled as that giving is.
    """
    digest = one.row.digest
    today = now().date()
    told = [
        each
        for each in made_from([digest, *Derivation.objects.filter(parent=digest).values_list("child", flat=True)])
        if each.handling is None or may_read(reader, each.handling, today)
    ]
    own = one.numbers
    up = {each.parent: each.how for each in told if each.child == digest and (not own or each.number in own)}
    down = {each.child: each.how for each in told if each.parent == digest}
    found = {row.digest: row for row in ExhibitRow.objects.readable_by(reader).filter(digest__in=[*up, *down])}
    return (
        [(found[digest], how) for digest, how in up.items() if digest in found],
        [(found[digest], how) for digest, how in down.items() if digest in found],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Citing:
    """A claim that cites an exhibit, and the place it cites."""

    case: Case
    finding: str
    sentence: str
    link: EvidenceLink

    @property
    def place(self) -> str:
        """The query that opens the place."""
        locator = self.link.citation.locator
        return "?" + urlencode({"at": locator}) + "#here" if locator else ""


def citing(digest: str, reader: Reader) -> list[Citing]:
    """The claims that cite an exhibit, of the cases and findings that a reader may read."""
    holders = (
        CaseRow.objects.readable_by(reader).annotate(text=Cast("record", TextField())).filter(text__contains=digest)
    )
    found = []
    for row in holders[:_MOST_CITING]:
        case = rows.readable_part(row.whole(), reader)
        for finding in case.findings:
            for claim in finding.current.claims:
                found += [
                    Citing(case=case, finding=finding.id, sentence=claim.sentence, link=link)
                    for link in claim.links
                    if link.citation.exhibit == digest
                ]
    return found


@contextmanager
def opened(row: ExhibitRow) -> Iterator[BinaryIO]:
    """The bytes of an exhibit; all hashed before the first is given out, where they are not too many for that.

    Raises:
        EvidenceError: gone or damaged.
    """
    store = exhibit_store()
    if row.size_bytes <= _HASHED_FIRST_BYTES:
        with store.open(row.digest) as stream:
            yield stream
        return
    with store.folder.open_read(name_of(row.digest)) as stream:
        yield stream


def window(row: ExhibitRow, place: Place) -> Window:
    """What an exhibit shows at a place.

    Raises:
        UnshownError: it cannot be shown, and why.
    """
    try:
        with opened(row) as stream:
            found = shown(stream, size=row.size_bytes, media_type=row.media_type, place=place)
    except EvidenceError as error:
        raise UnshownError("damaged", error.what) from None
    first = next((each for each in found.rows if each.here), None)
    return replace(found, rows=tuple(replace(each, first_here=each is first) for each in found.rows))
