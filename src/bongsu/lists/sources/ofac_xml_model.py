"""What records of OFAC's advanced XML are made of and refer to: fields, reference values, places, documents, days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.lists.cards import SourceCard
from bongsu.lists.model import Part
from bongsu.lists.transcript import Transcript

# The sections of a file in their order, and the records of each, as the publisher's schema has them (sdn_advanced.xsd).
SECTIONS: Final = {
    "DateOfIssue": "",
    "ReferenceValueSets": "",
    "Locations": "Location",
    "IDRegDocuments": "IDRegDocument",
    "DistinctParties": "DistinctParty",
    "ProfileRelationships": "ProfileRelationship",
    "SanctionsEntries": "SanctionsEntry",
    "SanctionsEntryLinks": "SanctionsEntryLink",
}
OPTIONAL: Final = frozenset({"SanctionsEntryLinks"})
GREGORIAN: Final = "1"
RATED_FALSE: Final = "False"
# What each field holds, of all that the schema allows: attributes, fields, or text. The rest the card ignores by name,
# or it is set aside.
_GRAMMAR: Final = """
Location: @ID Comment LocationAreaCode LocationCountry LocationPart
LocationAreaCode: @AreaCodeID
LocationCountry: @CountryID
LocationPart: @LocPartTypeID LocationPartValue
LocationPartValue: @Primary Comment Value
IDRegDocument: @ID @IDRegDocTypeID @IdentityID @IssuedBy-CountryID @IssuedIn-LocationID @ValidityID Comment
IDRegDocument: IDRegistrationNo IssuingAuthority DocumentDate
DocumentDate: @IDRegDocDateTypeID DatePeriod
DatePeriod: @CalendarTypeID Comment Start End
Start: @Approximate From To
End: @Approximate From To
From: Year Month Day
To: Year Month Day
Date: @CalendarTypeID Year Month Day
DistinctParty: @FixedRef Comment Profile
Profile: @ID @PartySubTypeID Comment Identity Feature
Identity: @ID @FixedRef @Primary @False Comment Alias NamePartGroups
Alias: @FixedRef @AliasTypeID @Primary @LowQuality Comment DatePeriod DocumentedName
DocumentedName: @ID @FixedRef Comment DocumentedNamePart
DocumentedNamePart: @LeadingChars @TrailingChars NamePartValue
NamePartValue: @NamePartGroupID text
NamePartGroups: MasterNamePartGroup
MasterNamePartGroup: NamePartGroup
NamePartGroup: @ID @NamePartTypeID
Feature: @ID @FeatureTypeID FeatureVersion
FeatureVersion: @ID @ReliabilityID Comment DatePeriod VersionDetail VersionLocation
VersionDetail: @DetailReferenceID text
VersionLocation: @LocationID
ProfileRelationship: @ID @From-ProfileID @To-ProfileID @RelationTypeID @Former Comment DatePeriod
SanctionsEntry: @ID @ProfileID @ListID Comment EntryEvent SanctionsMeasure
EntryEvent: @ID @EntryEventTypeID @LegalBasisID Comment Date
SanctionsMeasure: @ID @SanctionsTypeID Comment DatePeriod
Comment: text
Value: text
IDRegistrationNo: text
IssuingAuthority: text
Year: text
Month: text
Day: text
"""


def _fields(grammar: str) -> dict[str, set[str]]:
    fields: dict[str, set[str]] = {}
    for line in grammar.strip().splitlines():
        tag, _, holds = line.partition(": ")
        fields.setdefault(tag, set()).update(holds.split())
    return fields


FIELDS: Final = _fields(_GRAMMAR)


def strays(element: Element, ignored: Collection[str]) -> Iterator[tuple[str, str]]:
    """What a record holds that no reader takes and that is not ignored by name.

    Args:
        element: a record or a field of one.
        ignored: names of fields, and of attributes with an `@` before them.

    Yields:
        The place, as tags, and what stands there.
    """
    holds = FIELDS[element.tag]
    for name, value in element.attrib.items():
        if f"@{name}" not in holds and f"@{name}" not in ignored:
            yield f"{element.tag}/@{name}", value
    if element.text is not None and "text" not in holds and element.text.strip():
        yield element.tag, element.text
    for child in element:
        if child.tail is not None and child.tail.strip():
            yield element.tag, child.tail
        if child.tag in holds:
            yield from strays(child, ignored)
        elif child.tag not in ignored:
            yield f"{element.tag}/{child.tag}", excerpt(child)


def excerpt(element: Element) -> str:
    """All text of an element in one line, for the quarantine; of one without text, its attributes."""
    text = " ".join("".join(element.itertext()).split())
    return text or " ".join(f"{name}={value}" for name, value in element.attrib.items())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands, and the transcript it is written to."""

    transcript: Transcript
    part: Part
    at: str

    def aside(self, reason: str, *, field: str | None = None, value: str = "", whole: bool = False) -> None:
        """Set something of this record aside, or the whole of it."""
        self.transcript.aside(self.part, self.at, reason, field=field, value=value, whole=whole)


@dataclass(frozen=True, slots=True)
class Spelling:
    """The parts of a place in one script, by property of an address, and remarks on them."""

    parts: dict[str, str]
    remarks: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place.

    Args:
        at: locator.
        spellings: in the main script, then in the others where the list prints them.
        country: its printed name; None where it is not told.
        remarks: a comment on the place itself.
    """

    at: str
    spellings: tuple[Spelling, ...]
    country: str | None
    remarks: str | None

    @property
    def text(self) -> str:
        """In one line and in the main script; a country that is both a part and the country stands once."""
        return ", ".join(dict.fromkeys([*self.spellings[0].parts.values(), *([self.country] if self.country else [])]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An identity document or registration number.

    Args:
        place: where it stands.
        kind: what it is, such as `Passport`.
        values: by property; None where nothing is printed.
    """

    place: Place
    kind: str
    values: dict[str, str | None]

    @property
    def number(self) -> str | None:
        """Its number as printed."""
        return self.values["number"]


class References:
    """What records refer to by number: the file's own dictionary, its places, and the documents of each identity."""

    def __init__(self, card: SourceCard) -> None:
        self._card = card
        self._values: dict[tuple[str, str], Element] = {}
        self._locations: dict[str, Location] = {}
        self._documents: dict[str, list[Document]] = {}

    def learn_values(self, record: Element) -> None:
        """One set of the dictionary, such as `CountryValues`."""
        for value in record:
            kept = Element(value.tag, value.attrib)
            kept.text = value.text
            self._values[value.tag, value.get("ID", "")] = kept

    def element(self, kind: str, number: str | None, place: Place) -> Element | None:
        """An entry of the dictionary; one that is not there is set aside."""
        if number is None:
            return None
        found = self._values.get((kind, number))
        if found is None:
            place.aside("refers to a value that the file does not explain", field=kind, value=number)
        return found

    def text(self, kind: str, number: str | None, place: Place) -> str | None:
        """What an entry of the dictionary says; None where it says nothing or is not there."""
        found = self.element(kind, number, place)
        if found is None:
            return None
        return _said(found.text) or _said(found.get("LegalBasisShortRef")) or _said(found.get("Description"))

    def is_rated_false(self, version: Element) -> bool:
        """Whether the publisher rates a reading `False`; Confirmed, Reported and Unknown say no such thing."""
        found = self._values.get(("Reliability", version.get("ReliabilityID", "")))
        return found is not None and _said(found.text) == RATED_FALSE

    def learn_location(self, record: Element, place: Place) -> None:
        """A place."""
        main, others = self._spelling(record, place, is_main=True), self._spelling(record, place, is_main=False)
        countries = [
            self.text("Country", found.get("CountryID"), place) for found in record.iterfind("LocationCountry")
        ]
        if not main.parts and not any(countries):
            areas = (found.get("AreaCodeID") for found in record.iterfind("LocationAreaCode"))
            countries = [self.text("AreaCode", area, place) for area in areas]
        said = [country for country in countries if country]
        for country in said[1:]:
            place.aside("a second country of one place", field="LocationCountry", value=country)
        self._locations[record.get("ID", "")] = Location(
            at=place.at,
            spellings=(main, others) if others.parts else (main,),
            country=said[0] if said else None,
            remarks=_said(record.findtext("Comment")),
        )

    def _spelling(self, record: Element, place: Place, *, is_main: bool) -> Spelling:
        parts: dict[str, str] = {}
        remarks: list[str] = []
        for part in record.iterfind("LocationPart"):
            values = [value for value in part.iterfind("LocationPartValue") if _is_main(value) is is_main]
            for value in values:
                prop = self._part(part, place)
                if text := _said(value.findtext("Value")):
                    parts[prop] = f"{parts[prop]}, {text}" if prop in parts else text
                if remark := _said(value.findtext("Comment")):
                    remarks.append(remark)
        return Spelling(parts, "; ".join(dict.fromkeys(remarks)) or None)

    def _part(self, part: Element, place: Place) -> str:
        kind = self.text("LocPartType", part.get("LocPartTypeID"), place) or ""
        prop = self._card.values["LocPartType"].get(kind)
        if prop is None:
            place.aside("a part of a place that the card does not know", field="LocPartType", value=kind)
        return prop or "full"

    def location(self, number: str | None, place: Place) -> Location | None:
        """A place by its number; one that is not there is set aside."""
        found = self._locations.get(number or "")
        if found is None and number is not None:
            place.aside("refers to a place that the file does not hold", field="LocationID", value=number)
        return found

    def learn_document(self, record: Element, place: Place) -> None:
        """A document of an identity."""
        issued_in = self.location(record.get("IssuedIn-LocationID"), place)
        authority = [_said(record.findtext("IssuingAuthority")), issued_in.text if issued_in else None]
        values = {
            "number": _said(record.findtext("IDRegistrationNo")),
            "country": self.text("Country", record.get("IssuedBy-CountryID"), place),
            "authority": "; ".join(text for text in authority if text) or None,
            "validity": self.text("Validity", record.get("ValidityID"), place),
            "summary": _said(record.findtext("Comment")),
        }
        for dated in record.iterfind("DocumentDate"):
            kind = self.text("IDRegDocDateType", dated.get("IDRegDocDateTypeID"), place) or ""
            on = period(dated.find("DatePeriod"))
            prop = self._card.values["IDRegDocDateType"].get(kind)
            if prop is None or values.get(prop):
                place.aside("a date of a document that the reader has no place for", field=kind, value=on or "")
            else:
                values[prop] = on
        kind = self.text("IDRegDocType", record.get("IDRegDocTypeID"), place) or ""
        document = Document(place=place, kind=kind, values=values)
        self._documents.setdefault(record.get("IdentityID", ""), []).append(document)

    def take_documents(self, identity: str) -> list[Document]:
        """The documents of an identity, once."""
        return self._documents.pop(identity, [])

    def documents_left(self) -> Iterator[Document]:
        """Those that no identity took."""
        for documents in self._documents.values():
            yield from documents


def _is_main(value: Element) -> bool:
    return value.get("Primary") != "false"


def _said(text: str | None) -> str | None:
    return text if text is not None and text.strip() else None


def day_of(point: Element | None) -> str | None:
    """A point in time as `YYYY-MM-DD`, as precisely as it is printed; None where there is none."""
    if point is None:
        return None
    fields = [(point.findtext(field) or "").strip() for field in ("Year", "Month", "Day")]
    known = [f"{int(field):02d}" if field.isdecimal() else field for field in fields if field]
    return "-".join(known) or None


def period(element: Element | None) -> str | None:
    """A period in the words that the legacy files use of it: a day, a month, a year, `1961 to 1963`, `circa 1961`.

    The file gives four days for each: the earliest and latest start, the earliest and latest end. A year is printed as
    its first and last day, which is how a year, a month and a day are told apart. None where there is none.
    """
    if element is None:
        return None
    bounds = [found for found in (element.find("Start"), element.find("End")) if found is not None]
    points = [point for bound in bounds for point in (bound.find("From"), bound.find("To")) if point is not None]
    if not points:
        return _said(element.findtext("Comment"))
    circa = "circa " if any(bound.get("Approximate") == "true" for bound in bounds) else ""
    calendar = element.get("CalendarTypeID", GREGORIAN)
    foreign = "" if calendar == GREGORIAN else f" (calendar {calendar})"
    return f"{circa}{_span(points[0], points[-1])}{foreign}"


def _span(first: Element, last: Element) -> str:
    try:
        begins, ends = _edge(first, is_last=False), _edge(last, is_last=True)
    except ValueError:
        return " to ".join(dict.fromkeys(day_of(point) or "?" for point in (first, last)))
    if begins == ends:
        return begins.isoformat()
    if (begins.month, begins.day, ends.month, ends.day) == (1, 1, 12, 31):
        return str(begins.year) if begins.year == ends.year else f"{begins.year} to {ends.year}"
    whole_month = begins.day == 1 and ends.day == monthrange(ends.year, ends.month)[1]
    if whole_month and (begins.year, begins.month) == (ends.year, ends.month):
        return f"{begins:%Y-%m}"
    return f"{begins.isoformat()} to {ends.isoformat()}"


def _edge(point: Element, *, is_last: bool) -> date:
    """The first or last day that a point can mean; ValueError where it means none."""
    year, month, on = (int(point.findtext(field) or 0) for field in ("Year", "Month", "Day"))
    month = month or (12 if is_last else 1)
    return date(year, month, on or (monthrange(year, month)[1] if is_last else 1))
