"""A case in one of the forms of other programs: the same for the page, the API and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from bongsu.kernel.errors import EvidenceError
from bongsu.web.accounts.models import Person
from bongsu.web.exchange.bags import bag_of
from bongsu.web.exchange.flat import csv_of, geojson_of, json_of
from bongsu.web.exchange.ftm import ftm_lines
from bongsu.web.exchange.parts import CaseParts, parts_for
from bongsu.web.record import journal, work
from bongsu.web.record.exhibits import exhibit_store, verify_exhibits


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form a case can be had in.

    Args:
        ending: of its file.
        media_type: of its bytes.
        write: what writes it, piece by piece.
    """

    ending: str
    media_type: str
    write: Callable[[CaseParts], Iterable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A case that goes out.

    Args:
        name: of its file.
        media_type: of its bytes.
        marking: the strictest of all that is in it, as printed.
        blocks: its bytes.
    """

    name: str
    media_type: str
    marking: str
    blocks: Iterator[bytes]


def _stix(parts: CaseParts) -> Iterable[bytes]:
    from bongsu.web.exchange.stix import bundle_of  # the library is slow to load

    return [bundle_of(parts).encode()]


#: By their names in addresses and on the command line.
FORMS: Final[dict[str, Form]] = {
    "bag": Form(ending="zip", media_type="application/zip", write=lambda parts: bag_of(parts, exhibit_store())),
    "stix": Form(ending="json", media_type="application/stix+json", write=_stix),
    "ftm": Form(ending="ftm.json", media_type="application/json+ftm", write=ftm_lines),
    "json": Form(ending="json", media_type="application/json", write=lambda parts: [json_of(parts)]),
    "csv": Form(ending="csv", media_type="text/csv", write=lambda parts: [csv_of(parts)]),
    "geojson": Form(ending="geojson", media_type="application/geo+json", write=lambda parts: [geojson_of(parts)]),
}


def parts_of(person: Person, case_id: str) -> CaseParts:
    """What of a case goes out to a person.

    Raises:
        NotThereError: there is none, or none for the person.
    """
    return parts_for(case_id, person.reader, member_name=settings.SITE.member_name, at=work.moment())


def export_case(person: Person, case_id: str, form: str) -> Exported:
    """A case in a form, as the person may read it; the journal tells who took which.

    Args:
        person: who takes it.
        case_id: which.
        form: a key of `FORMS`.

    Raises:
        NotThereError: there is no such case for the person, or no such form.
        EvidenceError: an exhibit of its bag is damaged or gone, or came meanwhile; nothing goes out then.
    """
    if form not in FORMS:
        raise work.NotThereError
    chosen = FORMS[form]
    found = {each.digest for each in parts_of(person, case_id).exhibits}
    if form == "bag" and not all(verify_exhibits(found).values()):
        raise EvidenceError(
            "an exhibit of this case is damaged or gone", remedy="the bag goes out only when all of it is whole"
        )
    with journal.writing():
        # Once more, with the lock held: nothing goes out after an entry that closes it, or that stops the person.
        if not journal.still_here(person):
            raise work.NotThereError
        parts = parts_of(person, case_id)
        if form == "bag" and not {each.digest for each in parts.exhibits} <= found:
            raise EvidenceError("the case has an exhibit more since its bytes were looked at", remedy="ask again")
        journal.append(
            "case.exported",
            by=person.username,
            subject=case_id,
            body={
                "form": form,
                "version": parts.version,
                "marking": parts.marking,
                "exhibits": [each.digest for each in parts.exhibits],
            },
        )
    return Exported(
        name=f"case-{parts.case.id}-{parts.version}.{chosen.ending}",
        media_type=chosen.media_type,
        marking=parts.marking,
        blocks=iter(chosen.write(parts)),
    )
