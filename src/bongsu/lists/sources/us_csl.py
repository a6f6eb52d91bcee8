"""Reads the US Consolidated Screening List, thirteen lists of three departments, from its CSV."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, territory_code, text
from bongsu.lists.model import Part, Reading
from bongsu.lists.rows import MAY_BE_CUT, Row, csv_rows
from bongsu.lists.transcript import Entry, Transcript

COLUMNS: Final = (
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
)
VESSEL_COLUMNS: Final = {
    "call_sign": "callSign",
    "vessel_type": "type",
    "gross_tonnage": "tonnage",
    "gross_registered_tonnage": "grossRegisteredTonnage",
    "vessel_flag": "flag",
    "vessel_owner": "owner",
}
SANCTION_COLUMNS: Final = {
    "source": "summary",
    "federal_register_notice": "federalRegisterNotice",
    "start_date": "startDate",
    "end_date": "endDate",
    "standard_order": "standardOrder",
    "license_requirement": "provisions",
    "license_policy": "provisions",
}
# Columns of several values, and what each value is. Of a birth date of which OFAC's own files know the month alone
# ("Dec 1980") this list prints the first day of it (1980-12-01), so that a first of a month may be less than it says.
VALUE_COLUMNS: Final = {
    "citizenships": "citizenship",
    "nationalities": "nationality",
    "dates_of_birth": "birthDate",
    "places_of_birth": "birthPlace",
}
COUNTRY_COLUMNS: Final = frozenset({"citizenships", "nationalities"})
SEPARATOR: Final = "; "
WALLET: Final = "Digital Currency Address - "
IMO_TYPES: Final = frozenset({"Vessel Registration Identification", "Identification Number", "Company Number"})
BLOCKING: Final = "SDN"
_ENUMERATED: Final = re.compile(r"^and\s+")
_SHORT_NAME: Final = re.compile(r"\(([A-Z][A-Z-]*)\b", re.ASCII)
_COUNTRY_AT_END: Final = re.compile(r"(?:.*, )?([A-Z]{2})", re.ASCII | re.DOTALL)
_IMO: Final = re.compile(r"(?:[A-Z]{2}, )?(IMO \d+)", re.ASCII)
_LINKED: Final = re.compile(r"(?:^|; )\(Linked To: (.+)\)$")
_DOCUMENT: Final = re.compile(
    r"(?:(?P<country>[A-Z]{2}), )?(?P<dates>(?:\d{4}-\d{2}-\d{2}, ){0,2})(?P<number>.+)", re.ASCII | re.DOTALL
)


def recognises(content: bytes) -> bool:
    """Whether the first line is this list's header."""
    return content[:2000].removeprefix(b"\xef\xbb\xbf").startswith(",".join(COLUMNS).encode())


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `consolidated`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, cut inside a quote, other columns, or no entries.
    """
    copy = _Copy(parts[0], card)
    for row in copy.rows:
        reason = copy.broken.get(row.number)
        if reason is None:
            _read_entry(row, copy)
        else:
            copy.transcript.aside(copy.part, row.locator, reason, value=row.text, whole=True)
    transcript = copy.transcript
    return transcript.reading(card, in_file=len(copy.rows))


class _Copy:
    """One copy being read: its transcript, its rows, why some cannot be read, and who bears which name."""

    def __init__(self, part: Part, card: SourceCard) -> None:
        self.part = part
        self.card = card
        self.transcript = Transcript()
        self.rows = list(csv_rows(part, COLUMNS))
        if not self.rows:
            raise SourceRefusedError("holds no entries", where=part.name, remedy="fetch the file again")
        self.broken: dict[int, str] = {}
        self._bearers: defaultdict[str, list[str]] = defaultdict(list)
        self._take_stock()

    def list_name(self, row: Row) -> str:
        """The short name of the list that a row comes from; of one the card does not know, what stands in brackets."""
        printed = row.cells["source"]
        bracketed = _SHORT_NAME.search(printed)
        return self.card.values["source"].get(printed) or (bracketed[1] if bracketed else "OTHER")

    def listing(self, row: Row) -> str:
        """The id of an entry.

        Entity numbers are OFAC's and stay from copy to copy, and the same entity may stand on several of its lists,
        a row for each. The other departments give no number: there it is the publisher's own `_id` of the row.
        """
        return f"{self.card.id}:{self.list_name(row)}-{_number(row)}"

    def bearer(self, name: str) -> Cleaned:
        """The entry that a link means: the only one of that main name, or the only one that is blocked."""
        found = self._bearers.get(name, [])
        if len(found) > 1:
            found = [listing for listing in found if listing.startswith(f"{self.card.id}:{BLOCKING}-")]
        return (
            Cleaned.of(found[0]) if len(found) == 1 else Cleaned.no("no single entry of this list bears that main name")
        )

    def _take_stock(self) -> None:
        """Which rows become entries: each whole, with a name, and once on its list."""
        first: dict[str, Row] = {}
        for row in self.rows:
            reason = self._broken(row)
            if reason is None and (other := first.get(self.listing(row))) is not None:
                reason = f"{_number(row)} stands twice on its list; it is {other.cells['name']!r} in row {other.number}"
            if reason is None:
                first[self.listing(row)] = row
                self._bearers[row.cells["name"]].append(self.listing(row))
            else:
                self.broken[row.number] = reason

    def _broken(self, row: Row) -> str | None:
        """Why a row cannot be read, or None."""
        columns = len(row.cells) + len(row.surplus)
        if columns != len(COLUMNS):
            return f"has {columns} columns where {len(COLUMNS)} are known"
        if row.may_be_cut:
            return MAY_BE_CUT
        if not _number(row):
            return "has neither an entity number nor an id"
        if row.cell("name") is None:
            return f"{_number(row)} has no name"
        return None


def _number(row: Row) -> str:
    return (row.cell("entity_number") or row.cell("_id") or "").strip()


def _read_entry(row: Row, copy: _Copy) -> None:
    card = copy.card
    kind = (row.cell("type") or "").strip()
    # Where the kind is not printed, a person or a body may be meant: FollowTheMoney's word for either is LegalEntity.
    schema = card.values["type"].get(kind, "LegalEntity")
    entry = copy.transcript.entry(copy.part, listing=copy.listing(row), schema=schema, locator=row.locator)
    if kind and kind not in card.values["type"]:
        entry.aside("a kind of entry that the card does not know; taken as LegalEntity", field="type", value=kind)
    entry.say("name", row.cell("name"))
    _read_measure(row, entry, card)
    _read_names(row, entry)
    entry.say("position" if schema == "Person" else "notes", row.cell("title"))
    for column, prop in VESSEL_COLUMNS.items():
        entry.say(prop, row.cell(column))
    for column, prop in VALUE_COLUMNS.items():
        for value in _values(row, column):
            entry.say(prop, value, cleaned=territory_code(value) if column in COUNTRY_COLUMNS else None)
    for value in _values(row, "addresses"):
        _read_address(value, entry)
    for value in _values(row, "ids"):
        _read_id(value, entry, card)
    _read_remarks(row.cell("remarks"), entry, copy)


def _values(row: Row, column: str) -> list[str]:
    """The values of a cell that holds several; what is empty between two separators is none."""
    return [value for value in (row.cell(column) or "").split(SEPARATOR) if value.strip()]


def _read_measure(row: Row, entry: Entry, card: SourceCard) -> None:
    source = row.cells["source"]
    entry.sanction("authority", source.rpartition(" - ")[2] if " - " in source else card.authority_name)
    entry.sanction("authorityId", _number(row))
    if row.cell("entity_number") is not None and row.cells["_id"].strip() != _number(row):
        entry.sanction("recordId", row.cell("_id"))
    for column, prop in SANCTION_COLUMNS.items():
        entry.sanction(prop, row.cell(column))
    for url in dict.fromkeys((row.cell("source_list_url"), row.cell("source_information_url"))):
        entry.sanction("sourceUrl", url)
    if source not in card.values["source"]:
        entry.aside("a list that the card does not know; its entries are kept", field="source", value=source)
    for code in _values(row, "programs"):
        if code in card.programmes:
            entry.sanction("program", code)
        else:
            made, reason = card.unknown_programme(code)
            entry.sanction("program", code, cleaned=made)
            entry.aside(reason, field="programs", value=code)


def _read_names(row: Row, entry: Entry) -> None:
    """Alternative names; an `and` before the last one belongs to the enumeration, not to the name."""
    for name in _values(row, "alt_names"):
        if name.strip() == "and":
            entry.aside("a name is announced and none is printed", field="alt_names", value=row.cells["alt_names"])
        else:
            entry.say("alias", name, cleaned=text(_ENUMERATED.sub("", name)))


def _read_address(printed: str, entry: Entry) -> None:
    """An address, as one line that ends in its country's code where the list knows it."""
    match = _COUNTRY_AT_END.fullmatch(printed)
    values = {"full": printed, "country": None if match is None else match[1]}
    address = entry.sub_entity("address", "Address", values, cleaned=_codes(values))
    if address is not None:
        entry.say("addressEntity", address, cleaned=Cleaned.of(address))


def _read_id(printed: str, entry: Entry, card: SourceCard) -> None:
    """One of the `ids`: a country, a day or two, a number or text, and at the end what it is."""
    value, _, kind = printed.rpartition(", ")
    number = _IMO.fullmatch(value)
    if not value:
        entry.aside("does not say what it is; kept as a note", field="ids", value=printed)
        entry.say("notes", printed)
    elif kind in IMO_TYPES and (number is not None or _is_ship_number(kind, entry)):
        # Ships and the companies that own or manage them are numbered by two schemes under one name.
        prop = "imoNumber" if entry.schema == "Vessel" else "registrationNumber"
        entry.say(prop, value if number is None else number[1])
    elif kind.startswith(WALLET):
        values = {"publicKey": value, "currency": kind.removeprefix(WALLET)}
        entry.link(entry.sub_entity("wallet", "CryptoWallet", values), "CryptoWallet", "holder")
    elif kind in card.values["id_property"]:
        entry.say(card.values["id_property"][kind], value)
    elif kind in card.values["id_sanction"]:
        prop = card.values["id_sanction"][kind]
        entry.sanction(prop, printed if prop == "provisions" else value)
    else:
        _read_document(value, kind, entry, card)


def _is_ship_number(kind: str, entry: Entry) -> bool:
    return kind == "Vessel Registration Identification" and entry.schema == "Vessel"


def _read_document(value: str, kind: str, entry: Entry, card: SourceCard) -> None:
    schema = card.values["id_document"].get(kind)
    if schema is None:
        entry.aside("a kind of id that the card does not know; taken as Identification", field="ids", value=kind)
    match = _DOCUMENT.fullmatch(value)
    if match is None:
        entry.aside("is not written as a document's number", field="ids", value=f"{value}, {kind}")
        return
    days = match["dates"].split(", ")[:-1]
    values = {
        "type": kind,
        "number": match["number"],
        "country": match["country"],
        # Two days are those of expiry and of issue, in this order. One alone may be either: OFAC's own files say
        # "expires" of some and "issued" of others that are printed the same way here.
        "endDate": days[0] if len(days) == 2 else None,
        "startDate": days[1] if len(days) == 2 else None,
        "summary": days[0] if len(days) == 1 else None,
    }
    schema = schema or "Identification"
    entry.link(entry.sub_entity(schema.lower(), schema, values, cleaned=_codes(values)), schema, "holder")


def _codes(values: dict[str, str | None]) -> dict[str, Cleaned]:
    """What is made of a country that is printed as its code."""
    country = values["country"]
    return {} if country is None else {"country": territory_code(country)}


def _read_remarks(printed: str | None, entry: Entry, copy: _Copy) -> None:
    """Remarks, with the names of other entries in brackets at their end."""
    if printed is None:
        return
    match = _LINKED.search(printed)
    entry.say("notes", printed if match is None else printed[: match.start()])
    for name in () if match is None else match[1].split(f"{SEPARATOR}Linked To: "):
        values = {"object": name, "role": "Linked To"}
        link = entry.sub_entity("link", "UnknownLink", values, cleaned={"object": copy.bearer(name)})
        entry.link(link, "UnknownLink", "subject")
