"""Reads the UK Sanctions List of the Foreign, Commonwealth and Development Office from its XML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, day_first
from bongsu.lists.markup import xml_root
from bongsu.lists.model import Part, Reading
from bongsu.lists.transcript import Entry, Transcript

ROOT: Final = "Designations"
ENTRY: Final = "Designation"
GENERATED: Final = "DateGenerated"
NAME_PARTS: Final = ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6")
# Of a person the first part is always a given name and the last the family name; those between may be either.
PERSON_PARTS: Final = {
    "Name1": "firstName",
    "Name2": "secondName",
    "Name3": "middleName",
    "Name4": "middleName",
    "Name5": "middleName",
    "Name6": "lastName",
}
SANCTION_FIELDS: Final = {
    "UniqueID": "authorityId",
    "OFSIGroupID": "recordId",
    "UNReferenceNumber": "unscId",
    "UKStatementofReasons": "reason",
    "DateDesignated": "listingDate",
    "LastUpdated": "modifiedAt",
}
# Several values in one field, parted by upright strokes.
STROKED_FIELDS: Final = {"SanctionsImposed": "provisions", "DesignationSource": "designationSource"}
# Fields that make an entry what it is: a second one would be another entry.
ONCE: Final = frozenset({"UniqueID", "IndividualEntityShip"})
# Texts, by where they stand in a designation.
VALUE_FIELDS: Final = {
    "OtherInformation": "notes",
    "Titles/Title": "title",
    "PhoneNumbers/PhoneNumber": "phone",
    "EmailAddresses/EmailAddress": "email",
    "Websites/Website": "website",
    "IndividualDetails/Individual/DOBs/DOB": "birthDate",
    "IndividualDetails/Individual/Nationalities/Nationality": "nationality",
    "IndividualDetails/Individual/Positions/Position": "position",
    "IndividualDetails/Individual/Genders/Gender": "gender",
    "EntityDetails/Entity/TypeOfEntities/TypeOfEntity": "summary",
    "EntityDetails/Entity/BusinessRegistrationNumbers/BusinessRegistrationNumber": "registrationNumber",
    "EntityDetails/Entity/ParentCompanies/ParentCompany": "parent",
    "EntityDetails/Entity/Subsidiaries/Subsidiary": "subsidiaries",
    "ShipDetails/Ship/IMONumbers/IMONumber": "imoNumber",
    "ShipDetails/Ship/HullIdentificationNumbers/HullIdentificationNumber": "registrationNumber",
    "ShipDetails/Ship/CurrentOwnerOperators/CurrentOwnerOperator": "owner",
    "ShipDetails/Ship/PreviousOwnerOperators/PreviousOwnerOperator": "previousOwner",
    "ShipDetails/Ship/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip": "flag",
    "ShipDetails/Ship/PreviousFlags/PreviousFlag": "pastFlags",
    "ShipDetails/Ship/TypeOfShipDetails/TypeOfShip": "type",
    "ShipDetails/Ship/TonnageOfShipDetails/TonnageOfShip": "tonnage",
    "ShipDetails/Ship/LengthOfShipDetails/LengthOfShip": "length",
    "ShipDetails/Ship/YearsBuilt/YearBuilt": "buildDate",
}
ADDRESS_FIELDS: Final = {
    "AddressLine1": "street",
    "AddressLine2": "street2",
    "AddressLine3": "street3",
    "AddressLine4": "place",
    "AddressLine5": "region",
    # The last line before the country: most often a town, at times a province.
    "AddressLine6": "city",
    "AddressPostalCode": "postalCode",
    "AddressCountry": "country",
}
_DAY: Final = re.compile(r"\d{2}/\d{2}/\d{4}", re.ASCII)
_UNIQUE_ID: Final = re.compile(r"[A-Z]{2,6}[0-9]{3,6}", re.ASCII)
# Letters and digits in at most four groups, with a digit among them and no word that is none of a number.
_ONE_NUMBER: Final = re.compile(r"(?=\D*\d)(?!.*[a-z]{3})\w+(?:[ ./-]\w+){0,3}")


def recognises(content: bytes) -> bool:
    """Whether the first bytes are those of a UK Sanctions List."""
    return b"<Designations" in content[:2000]


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `list`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, not well-formed, a document type or entities in it, another root, something
            other than designations in it, or no date.
    """
    part = parts[0]
    root = xml_root(part, tag=ROOT)
    printed_on = _printed_on(root)
    transcript = Transcript()
    copy = _Copy(transcript=transcript, part=part, card=card, seen=set())
    _note_strays(root, copy)
    designations = root.findall(ENTRY)
    for index, element in enumerate(designations, start=1):
        _read_designation(element, f"xpath=/{ROOT}/{ENTRY}[{index}]", copy)
    return transcript.reading(card, in_file=len(designations), printed_on=printed_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """The copy at hand: what its functions need to write it down."""

    transcript: Transcript
    part: Part
    card: SourceCard
    seen: set[str]


def _printed_on(root: Element) -> date:
    """The day the list prints of itself."""
    unknown = [child.tag for child in root if child.tag not in {GENERATED, ENTRY}]
    if unknown:
        raise SourceRefusedError(
            f"has <{unknown[0]}> among <{ROOT}>, where only <{ENTRY}> and <{GENERATED}> are known", where=ROOT
        )
    printed = root.findall(GENERATED)
    if len(printed) != 1:
        raise SourceRefusedError(f"does not say once when it was generated ({GENERATED})", where=ROOT)
    text = (printed[0].text or "").strip()
    cleaned = day_first(text).value if _DAY.fullmatch(text) else None
    if cleaned is None or len(cleaned) != len("2026-01-28"):
        raise SourceRefusedError(f"says it was generated on {text!r}, which is no day", where=ROOT)
    return date.fromisoformat(cleaned)


def _read_designation(element: Element, at: str, copy: _Copy) -> None:
    number = " ".join((element.findtext("UniqueID") or "").split())
    names = [_full_name(name) for name in element.iterfind("Names/Name")]
    others = [name.text or "" for name in element.iterfind("NonLatinNames/NonLatinName/NameNonLatinScript")]
    reason = _broken(number, [*names, *others], copy)
    if reason is not None:
        excerpt = " ".join("".join(element.itertext()).split())
        copy.transcript.aside(copy.part, at, reason, value=excerpt, whole=True)
        return
    copy.seen.add(number)
    kind = " ".join((element.findtext("IndividualEntityShip") or "").split())
    schema = copy.card.values["IndividualEntityShip"].get(kind.casefold(), "Organization")
    entry = copy.transcript.entry(copy.part, listing=f"{copy.card.id}:{number}", schema=schema, locator=at)
    if kind.casefold() not in copy.card.values["IndividualEntityShip"]:
        entry.aside(
            "a kind of entry that the card does not know; taken as Organization",
            field="IndividualEntityShip",
            value=kind,
        )
    authority = copy.card.authority_name
    entry.sanction("authority", authority, cleaned=Cleaned.of(authority))
    _say_main_name(element, [name for name in [*names, *others] if name.strip()], entry, copy.card)
    _read_fields(element, "", at, entry, copy.card)


def _broken(number: str, names: list[str], copy: _Copy) -> str | None:
    """Why a designation cannot become a listing, or None."""
    if not _UNIQUE_ID.fullmatch(number):
        return f"unique ID {number!r} is not one such as DPR0075"
    if not any(name.strip() for name in names):
        return f"{number} has no name"
    if number in copy.seen:
        return f"{number} stands twice in this copy"
    return None


def _full_name(name: Element) -> str:
    """The parts of a name in the order they are said."""
    parts = (" ".join((found.text or "").split()) for tag in NAME_PARTS for found in name.findall(tag))
    return " ".join(part for part in parts if part)


def _say_main_name(element: Element, names: list[str], entry: Entry, card: SourceCard) -> None:
    """Where no name is marked as the primary one, the first printed stands for it, and this is said."""
    for name in element.iterfind("Names/Name"):
        kind = " ".join((name.findtext("NameType") or "").split()).casefold()
        if card.values["NameType"].get(kind) == "name" and _full_name(name):
            return
    entry.say("name", names[0])
    entry.aside("no name is marked as the primary one; the first stands for it", field="Names", value=names[0])


def _note_strays(root: Element, copy: _Copy) -> None:
    """Set aside what stands outside the designations: attributes of the root, text between its elements."""
    strays = [(f"@{name}", value) for name, value in root.attrib.items()]
    for child in root:
        if child.tag == GENERATED:
            strays += list(_strays(child, leaf=True))
        strays += _text(child.tag, child.tail)
    for field, value in [*strays, *_text(ROOT, root.text)]:
        reason = "stands where the reader knows no field"
        copy.transcript.aside(copy.part, f"xpath=/{ROOT}", reason, field=field, value=value)


def _text(field: str, text: str | None) -> list[tuple[str, str]]:
    return [(field, text)] if text is not None and text.strip() else []


def _strays(element: Element, *, leaf: bool) -> Iterator[tuple[str, str]]:
    """Attributes of a field, text beside the fields inside it, and fields inside one that holds text only."""
    yield from ((f"{element.tag}/@{name}", value) for name, value in element.attrib.items())
    if not leaf:
        yield from _text(element.tag, element.text)
    for child in element:
        yield from _text(element.tag, child.tail)
        if leaf:
            yield f"{element.tag}/{child.tag}", "".join(child.itertext())


def _read_fields(element: Element, path: str, at: str, entry: Entry, card: SourceCard) -> None:
    """Read every field inside an element, down to the texts and records; what no reader knows is set aside."""
    counts: Counter[str] = Counter()
    for field, value in _strays(element, leaf=False):
        entry.aside("stands where the reader knows no field", field=field, value=value, at=at)
    for child in element:
        counts[child.tag] += 1
        inside, place = f"{path}{child.tag}", f"{at}/{child.tag}[{counts[child.tag]}]"
        if inside in card.ignored:
            continue
        if inside in ONCE and counts[child.tag] > 1:
            entry.aside("stands twice in its entry", field=inside, value="".join(child.itertext()), at=place)
        elif inside in HOLDERS:
            _read_fields(child, f"{inside}/", place, entry, card)
        elif inside in _RECORDS:
            _RECORDS[inside](_Record(child, entry, place), entry, card, place)
        elif inside in TEXTS:
            _read_text(child, inside, place, entry, card)
        else:
            entry.aside("a field no reader knows", field=inside, value="".join(child.itertext()), at=place)


def _read_text(child: Element, path: str, at: str, entry: Entry, card: SourceCard) -> None:
    for field, value in _strays(child, leaf=True):
        entry.aside("stands where the reader knows no field", field=field, value=value, at=at)
    printed = child.text
    if printed is None or not printed.strip() or path == "IndividualEntityShip":
        return
    if path in VALUE_FIELDS:
        entry.say(VALUE_FIELDS[path], printed, at=at, cleaned=_cleaned(VALUE_FIELDS[path], printed))
    elif path in SANCTION_FIELDS:
        entry.sanction(SANCTION_FIELDS[path], printed, at=at, cleaned=_cleaned(SANCTION_FIELDS[path], printed))
    elif path in STROKED_FIELDS:
        for value in printed.split("|"):
            entry.sanction(STROKED_FIELDS[path], value.strip(), at=at)
    else:
        _read_programme(printed, entry, card, at)


def _cleaned(prop: str, printed: str) -> Cleaned | None:
    """What the list's own way of writing makes of a value; None where the property's rule does."""
    if prop in {"birthDate", "listingDate", "modifiedAt", "buildDate"}:
        return day_first(printed)
    return _one_number(printed) if prop == "registrationNumber" else None


def _one_number(printed: str) -> Cleaned:
    """A number that is one; a sentence, a label or several in one field stay as evidence."""
    value = " ".join(printed.split())
    if "\n" in printed.strip() or not _ONE_NUMBER.fullmatch(value):
        return Cleaned.no("not written as one number")
    return Cleaned.of(value)


def _read_programme(printed: str, entry: Entry, card: SourceCard, at: str) -> None:
    name = " ".join(printed.split())
    if name in card.programmes:
        entry.sanction("program", printed, at=at)
        return
    made, reason = card.unknown_programme(name)
    entry.sanction("program", printed, at=at, cleaned=made)
    entry.aside(reason, field="RegimeName", value=name, at=at)


class _Record:
    """The fields of a record (a name, an address, a passport); what no one takes is set aside."""

    def __init__(self, element: Element, entry: Entry, at: str) -> None:
        self.element = element
        self._left: dict[str, list[str]] = {}
        self._entry = entry
        self._at = at
        for field, value in _strays(element, leaf=False):
            entry.aside("stands where the reader knows no field", field=field, value=value, at=at)
        for child in element:
            for field, value in _strays(child, leaf=True):
                entry.aside("stands where the reader knows no field", field=field, value=value, at=at)
            if child.text is not None and child.text.strip():
                self._left.setdefault(child.tag, []).append(child.text)

    def take(self, tag: str) -> str | None:
        """The printed text of a field, the first where there are several, or None where it is absent or empty."""
        texts = self._left.get(tag)
        return texts.pop(0) if texts else None

    def take_all(self, tag: str) -> list[str]:
        """Every printed text of a field."""
        return self._left.pop(tag, [])

    def finish(self) -> None:
        """Set aside what was not taken: a field no reader knows, or a second of its kind."""
        for tag, texts in self._left.items():
            for text in texts:
                field = f"{self.element.tag}/{tag}"
                self._entry.aside("a field no reader takes", field=field, value=text, at=self._at)


def _coded(printed: str | None, field: str, entry: Entry, card: SourceCard, at: str, *, default: str) -> str:
    """What the card makes of a coded value; a value it does not know is set aside and the default taken."""
    code = " ".join((printed or "").split())
    meaning = card.values[field].get(code.casefold())
    if meaning is None and code:
        entry.aside(
            f"a value of {field} that the card does not know; taken as {default}", field=field, value=code, at=at
        )
    return meaning or default


def _read_name(record: _Record, entry: Entry, card: SourceCard, at: str) -> None:
    full = _full_name(record.element)
    kind = _coded(record.take("NameType"), "NameType", entry, card, at, default="alias")
    strength = record.take("AliasStrength")
    if kind == "alias":
        kind = _coded(strength, "AliasStrength", entry, card, at, default="alias")
    elif strength is not None:
        entry.aside("a primary name has no strength", field="AliasStrength", value=strength, at=at)
    parts = [(tag, printed) for tag in NAME_PARTS for printed in record.take_all(tag)]
    if full:
        entry.say(kind, full, at=at)
    else:
        entry.aside("a name is announced and none is printed", field="Name", at=at)
    if kind == "name" and entry.schema == "Person":
        for tag, printed in parts:
            entry.say(PERSON_PARTS[tag], printed, at=at)
    record.finish()


def _read_non_latin(record: _Record, entry: Entry, card: SourceCard, at: str) -> None:
    """A name in its own script: another name of the designated, for the list ties it to none of the Latin ones."""
    language, script = record.take("NonLatinScriptLanguage"), record.take("NonLatinScriptType")
    code = " ".join((language or "").split())
    lang = card.values["NonLatinScriptLanguage"].get(code.casefold())
    if lang is None and code:
        entry.aside("a language that the card does not know", field="NonLatinScriptLanguage", value=code, at=at)
    name = record.take("NameNonLatinScript")
    if name is None:
        entry.aside("a name is announced and none is printed", field="NonLatinName", at=at)
    # Some names filed as Russian or Cyrillic are transliterations: of a text in Latin letters the label says nothing.
    entry.say("alias", name, at=at, lang=lang if name is not None and not name.isascii() else None)
    entry.say("aliasNote", "; ".join(text for text in (script, language) if text is not None), at=at)
    record.finish()


def _read_address(record: _Record, entry: Entry, _card: SourceCard, at: str) -> None:
    address = entry.sub_entity(
        "address", "Address", {prop: record.take(tag) for tag, prop in ADDRESS_FIELDS.items()}, at=at
    )
    if address is not None:
        entry.say("addressEntity", address, at=at, cleaned=Cleaned.of(address))
    record.finish()


def _read_birth_place(record: _Record, entry: Entry, _card: SourceCard, at: str) -> None:
    town, country = record.take("TownOfBirth"), record.take("CountryOfBirth")
    entry.say("birthPlace", ", ".join(text.strip() for text in (town, country) if text is not None), at=at)
    entry.say("birthCountry", country, at=at)
    record.finish()


def _read_passport(record: _Record, entry: Entry, _card: SourceCard, at: str) -> None:
    _read_document(record, entry, at, schema="Passport", head="Passport")


def _read_identifier(record: _Record, entry: Entry, _card: SourceCard, at: str) -> None:
    _read_document(record, entry, at, schema="Identification", head="NationalIdentifier")


def _read_document(record: _Record, entry: Entry, at: str, *, schema: str, head: str) -> None:
    number = record.take(f"{head}Number")
    values = {"number": number, "summary": record.take(f"{head}AdditionalInformation")}
    made = {} if number is None else {"number": _one_number(number)}
    entry.link(entry.sub_entity(schema.lower(), schema, values, at=at, cleaned=made), schema, "holder", at=at)
    record.finish()


_RECORDS: Final = {
    "Names/Name": _read_name,
    "NonLatinNames/NonLatinName": _read_non_latin,
    "Addresses/Address": _read_address,
    "IndividualDetails/Individual/BirthDetails/Location": _read_birth_place,
    "IndividualDetails/Individual/PassportDetails/Passport": _read_passport,
    "IndividualDetails/Individual/NationalIdentifierDetails/NationalIdentifier": _read_identifier,
}
TEXTS: Final = frozenset({*VALUE_FIELDS, *SANCTION_FIELDS, *STROKED_FIELDS, "RegimeName", "IndividualEntityShip"})
# Fields that only hold other fields.
HOLDERS: Final = frozenset(
    "/".join(path.split("/")[:depth]) for path in (*TEXTS, *_RECORDS) for depth in range(1, path.count("/") + 1)
)
