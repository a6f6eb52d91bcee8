"""Reads the annexes of Regulation (EU) 2017/1509 from a flat transcription of its consolidated text."""

from __future__ import annotations

import csv
import re
from typing import Final

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, day_first, territory
from bongsu.lists.model import Part, Reading
from bongsu.lists.rows import MAY_BE_CUT, Row, csv_rows
from bongsu.lists.transcript import Entry, Transcript

CELEX: Final = "32017R1509"
HEAD: Final = ("celex", "recordId", "programKey", "annex", "measure", "startDate", "reason", "schema", "name")
# One value each, about the designation.
SANCTION_COLUMNS: Final = {
    "recordId": "recordId",
    "annex": "provisions",
    "measure": "provisions",
    "startDate": "listingDate",
    "reason": "reason",
}
# Several values each, under the name FollowTheMoney gives the property too.
VALUE_COLUMNS: Final = (
    "alias", "weakAlias", "previousName", "country", "nationality", "jurisdiction", "birthDate", "birthPlace",
    "position", "passportNumber", "gender", "appearance", "ethnicity", "fatherName", "motherName",
    "incorporationDate", "legalForm", "sector", "registrationNumber", "taxNumber", "idNumber", "innCode", "ogrnCode",
    "kppCode", "okpoCode", "leiCode", "swiftBic", "ticker", "imoNumber", "mmsi", "flag", "address", "phone", "email",
    "website", "notes",
)  # fmt: skip
COLUMNS: Final = (*HEAD, *VALUE_COLUMNS)
_ANNEX: Final = re.compile(r"[IVXLC]+[a-z]?(?:\.[A-Z]+)*", re.ASCII)
_RECORD: Final = re.compile(r"[0-9]+[a-z]?", re.ASCII)
_DOCUMENT: Final = re.compile(r"[A-Za-z]*[0-9][A-Za-z0-9-]*", re.ASCII)


def recognises(content: bytes) -> bool:
    """Whether the first line is the transcription's header, and the second a row of this Regulation.

    The same header stands above the annexes of other acts.
    """
    header, _, rows = content.partition(b"\n")
    return header.rstrip(b"\r") == ",".join(COLUMNS).encode() and rows.startswith(f"{CELEX},".encode())


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `annexes`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, cut, other columns, or no row of this Regulation.
    """
    part = parts[0]
    rows = list(csv_rows(part, COLUMNS))
    if not any(row.cell("celex") == CELEX for row in rows):
        raise SourceRefusedError(
            f"holds no row of the act {CELEX}", where=part.name, remedy="give the file of Regulation (EU) 2017/1509"
        )
    transcript = Transcript()
    seen: dict[str, str] = {}
    for row in rows:
        _read_row(row, part, card, transcript, seen)
    return transcript.reading(card, in_file=len(rows))


def _read_row(row: Row, part: Part, card: SourceCard, transcript: Transcript, seen: dict[str, str]) -> None:
    number = _number(row)
    reason = MAY_BE_CUT if row.may_be_cut else _broken(row, number, seen)
    if reason is not None:
        transcript.aside(part, row.locator, reason, value=row.text, whole=True)
        return
    seen[number] = row.cells["name"]
    kind = (row.cell("schema") or "").strip()
    schema = card.values["schema"].get(kind, "LegalEntity")
    entry = transcript.entry(part, listing=f"{card.id}:{number}", schema=schema, locator=row.locator)
    if kind not in card.values["schema"]:
        entry.aside("a kind of entry that the card does not know; taken as LegalEntity", field="schema", value=kind)
    entry.say("name", row.cell("name"))
    _read_designation(row, number, entry, card)
    for column in VALUE_COLUMNS:
        for printed in _values(row, column, entry):
            _READERS.get(column, _read_plain)(column, printed, entry)


def _number(row: Row) -> str:
    """`XIV.B.33`: the annex, its part and the number printed in it.

    The Regulation numbers the entries of each annex by itself, and only an amending act renumbers them; the same ship
    stands in two annexes under two measures, which are two listings.
    """
    return ".".join((row.cell(column) or "").strip() for column in ("annex", "recordId"))


def _broken(row: Row, number: str, seen: dict[str, str]) -> str | None:
    """Why a row cannot become a listing, or None."""
    act, annex, record = ((row.cell(column) or "").strip() for column in ("celex", "annex", "recordId"))
    if row.surplus or len(row.cells) < len(COLUMNS):
        return f"has {len(row.cells) + len(row.surplus)} cells where {len(COLUMNS)} columns are known"
    if act != CELEX:
        return f"is of the act {act!r}, not of {CELEX}"
    if not _ANNEX.fullmatch(annex) or not _RECORD.fullmatch(record):
        return f"its annex {annex!r} and number {record!r} are not such as XIV.B and 33"
    if row.cell("name") is None:
        return f"{number} has no name"
    if number in seen:
        return f"{number} stands twice; it is {seen[number]!r} above"
    return None


def _read_designation(row: Row, number: str, entry: Entry, card: SourceCard) -> None:
    entry.sanction("authority", card.authority_name, cleaned=Cleaned.of(card.authority_name))
    entry.sanction("authorityId", number)
    for column, prop in SANCTION_COLUMNS.items():
        printed = row.cell(column)
        entry.sanction(prop, printed, cleaned=day_first(printed) if printed and column == "startDate" else None)
    code = (row.cell("programKey") or "").strip()
    if not code:
        entry.aside("no programme", field="programKey")
    elif code in card.programmes:
        entry.sanction("program", row.cell("programKey"))
    else:
        made, reason = card.unknown_programme(code)
        entry.sanction("program", code, cleaned=made)
        entry.aside(reason, field="programKey", value=code)


def _values(row: Row, column: str, entry: Entry) -> list[str]:
    """The values of a cell, parted by semicolons; one that holds a semicolon itself stands in quotes."""
    printed = row.cell(column)
    if printed is None:
        return []
    if '"' not in printed:
        return [value.strip() for value in printed.split(";") if value.strip()]
    try:
        values = next(csv.reader([printed], delimiter=";", skipinitialspace=True, strict=True))
    except csv.Error:
        entry.aside("its quotes do not close; taken as one value", field=column, value=printed)
        return [printed]
    return [value.strip() for value in values if value.strip()]


def _read_plain(column: str, printed: str, entry: Entry) -> None:
    entry.say(column, printed)


def _read_date(column: str, printed: str, entry: Entry) -> None:
    entry.say(column, printed, cleaned=day_first(printed))


def _read_jurisdiction(column: str, printed: str, entry: Entry) -> None:
    entry.say(column, printed, cleaned=territory(printed))


def _read_passport(_column: str, printed: str, entry: Entry) -> None:
    """A passport; what is more than one number ("A1 / B2", "A1 (expired)") stays as evidence."""
    made = Cleaned.of(printed) if _DOCUMENT.fullmatch(printed) else Cleaned.no("not written as one document number")
    document = entry.sub_entity("passport", "Passport", {"number": printed}, cleaned={"number": made})
    entry.link(document, "Passport", "holder")


def _read_address(_column: str, printed: str, entry: Entry) -> None:
    address = entry.sub_entity("address", "Address", {"full": printed})
    if address is not None:
        entry.say("addressEntity", address, cleaned=Cleaned.of(address))


_READERS: Final = {
    "birthDate": _read_date,
    "incorporationDate": _read_date,
    "jurisdiction": _read_jurisdiction,
    "passportNumber": _read_passport,
    "address": _read_address,
}
