"""Reads the European Union's consolidated list of financial sanctions (FSF) from its XML, version 1.1."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.kernel.clock import day
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, clean, imo_number, language_of, territory
from bongsu.lists.markup import xml_root
from bongsu.lists.model import Part, Reading
from bongsu.lists.transcript import Entry, Transcript
from bongsu.names.identifiers import is_imo_company

NAMESPACE: Final = "{http://eu.europa.ec/fpi/fsd/export}"
ROOT: Final = "export"
ENTRY: Final = "sanctionEntity"
# Attributes of an entity, and what they say of its designation.
ENTITY_FIELDS: Final = {
    "euReferenceNumber": "authorityId",
    "unitedNationId": "unscId",
    "designationDate": "listingDate",
    "delistingDate": "endDate",
    "designationDetails": "summary",
}
REGULATION_FIELDS: Final = {"numberTitle": "provisions", "entryIntoForceDate": "startDate"}
NAME_PARTS: Final = ("firstName", "middleName", "lastName")
ADDRESS_FIELDS: Final = {
    "street": "street",
    "poBox": "postOfficeBox",
    "zipCode": "postalCode",
    "place": "place",
    "city": "city",
    "region": "region",
}
CITIZENSHIP_DAYS: Final = ("acquisitionDate", "disenfranchisementDate")
BIRTH_PLACE_FIELDS: Final = ("place", "city", "zipCode", "region")
DOCUMENT_FIELDS: Final = {
    "identificationTypeDescription": "type",
    "latinNumber": "latinNumber",
    "nameOnDocument": "nameOnDocument",
    "region": "region",
    "issuedBy": "authority",
    "issueDate": "startDate",
    "validFrom": "validFrom",
    "validTo": "endDate",
}
# The booleans of XML Schema, in both of their spellings.
BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
DOCUMENT_FLAGS: Final = ("diplomatic", "knownExpired", "knownFalse", "reportedLost", "revokedByIssuer")
# What the list prints for a sex or a country that it does not know; codes of countries that are no more.
UNKNOWN_GENDER: Final = "?"
UNKNOWN_COUNTRY: Final = ("00", "UNKNOWN")
WITHDRAWN: Final = frozenset({"AN", "CS", "SU", "YU"})
_REFERENCE: Final = re.compile(r"EU(?:\.[0-9]+){2}", re.ASCII)
# A grading stands at the beginning of a clause of its own; inside a sentence it speaks of someone else's name.
_CLAUSE: Final = re.compile(r"[\n;]")
_LOW: Final = re.compile(r"[\W_]*low\s+quality\b", re.IGNORECASE)
_FORMER: Final = re.compile(r"[\W_]*(?:former(?:ly)?\s+(?:known\s+as|name)|f\.?k\.?a\b)", re.IGNORECASE)


def recognises(content: bytes) -> bool:
    """Whether the first bytes are those of an FSF export."""
    return b"<export" in content[:2000] and b"http://eu.europa.ec/fpi/fsd/export" in content[:2000]


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `full`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, not well-formed, a document type or entities in it, another root, something
            other than entities in it, or no date.
    """
    part = parts[0]
    root = xml_root(part, tag=f"{NAMESPACE}{ROOT}")
    printed_on = _printed_on(root)
    copy = _Copy(transcript=Transcript(), part=part, card=card, seen=set())
    _note_strays(root, copy)
    for index, element in enumerate(root, start=1):
        _read_entity(element, f"xpath=/{ROOT}/{ENTRY}[{index}]", copy)
    transcript = copy.transcript
    return transcript.reading(card, in_file=len(root), printed_on=printed_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """The copy at hand: what its functions need to write it down."""

    transcript: Transcript
    part: Part
    card: SourceCard
    seen: set[str]


def _printed_on(root: Element) -> date:
    """The day the list prints of itself, in its printer's own zone."""
    others = [_bare(child.tag) for child in root if child.tag != f"{NAMESPACE}{ENTRY}"]
    if others:
        raise SourceRefusedError(f"has <{others[0]}> among <{ROOT}>, where only <{ENTRY}> is known", where=ROOT)
    printed = root.get("generationDate")
    if printed is None:
        raise SourceRefusedError("does not say when it was generated (generationDate)", where=ROOT)
    try:
        return day(printed[:10])
    except UsageError:
        raise SourceRefusedError(f"says it was generated at {printed!r}, which is no time", where=ROOT) from None


def _bare(tag: str) -> str:
    return tag.removeprefix(NAMESPACE)


def _note_strays(root: Element, copy: _Copy) -> None:
    """Set aside what stands outside the entities: attributes of the root, text between them."""
    known = {"generationDate", *copy.card.ignored}
    strays = [(f"@{name}", value) for name, value in root.attrib.items() if name not in known]
    strays += [(ROOT, text) for text in (root.text, *(child.tail for child in root)) if text and text.strip()]
    for field, value in strays:
        reason = "stands where the reader knows no field"
        copy.transcript.aside(copy.part, f"xpath=/{ROOT}", reason, field=field, value=value)


class _Fields:
    """The attributes and remarks of an element; what no one takes is set aside."""

    def __init__(self, element: Element, entry: Entry, card: SourceCard, at: str) -> None:
        self.tag = _bare(element.tag)
        self.children: list[Element] = []
        self.remarks: list[str] = []
        self._left = {name: text for name, text in element.attrib.items() if text.strip() and name not in card.ignored}
        self._entry = entry
        self._at = at
        self._note_text(self.tag, element.text)
        for child in element:
            self._note_text(self.tag, child.tail)
            if _bare(child.tag) == "remark":
                self.remarks.append(self.take_text(child))
            elif _bare(child.tag) not in card.ignored:
                self.children.append(child)

    def take(self, name: str) -> str | None:
        """The printed text of an attribute, or None where it is absent or empty."""
        return self._left.pop(name, None)

    def flag(self, name: str) -> bool:
        """Whether an attribute says `true`; what is no boolean of XML Schema is set aside and taken as neither."""
        printed = (self.take(name) or "false").strip()
        if printed not in BOOLEANS:
            self._entry.aside("neither true nor false", field=f"{self.tag}/@{name}", value=printed, at=self._at)
        return BOOLEANS.get(printed, False)

    def take_children(self, tag: str) -> list[Element]:
        """The children of one kind."""
        found = [child for child in self.children if _bare(child.tag) == tag]
        self.children = [child for child in self.children if _bare(child.tag) != tag]
        return found

    def take_text(self, child: Element) -> str:
        """The text of a child that holds nothing else; what else it holds is set aside."""
        field = f"{self.tag}/{_bare(child.tag)}"
        for name, text in child.attrib.items():
            self._note_text(f"{field}/@{name}", text)
        for inner in child:
            self._note_text(f"{field}/{_bare(inner.tag)}", "".join(inner.itertext()))
            self._note_text(field, inner.tail)
        return child.text or ""

    def finish(self, known: tuple[str, ...] = ()) -> None:
        """Set aside what was not taken; `known` are attributes taken elsewhere."""
        for name, text in self._left.items():
            if name in known:
                continue
            self._entry.aside("a field no reader knows", field=f"{self.tag}/@{name}", value=text, at=self._at)
        for child in self.children:
            excerpt = " ".join([*child.attrib.values(), "".join(child.itertext())])
            field = f"{self.tag}/{_bare(child.tag)}"
            self._entry.aside("a field no reader knows", field=field, value=excerpt, at=self._at)

    def _note_text(self, field: str, text: str | None) -> None:
        if text is not None and text.strip():
            self._entry.aside("stands where the reader knows no field", field=field, value=text, at=self._at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """A name of an entity, whole, and what the list makes of it before one of them is chosen as the main one."""

    whole: str
    prop: str


def _read_entity(element: Element, at: str, copy: _Copy) -> None:
    reference = " ".join(element.get("euReferenceNumber", "").split())
    names = {child: _name(child) for child in element if _bare(child.tag) == "nameAlias"}
    reason = _broken(reference, [name.whole for name in names.values()], copy.seen)
    if reason is not None:
        printed = [text for child in element.iter() for text in child.attrib.values()]
        excerpt = " ".join([*(name.whole for name in names.values()), *printed])
        copy.transcript.aside(copy.part, at, reason, value=excerpt, whole=True)
        return
    copy.seen.add(reference)
    entry = _entry(element, reference, at, copy)
    main = _main(list(names.values()))
    fields = _Fields(element, entry, copy.card, at)
    entry.sanction("authority", copy.card.authority_name, cleaned=Cleaned.of(copy.card.authority_name))
    for attribute, prop in ENTITY_FIELDS.items():
        entry.sanction(prop, fields.take(attribute))
    # The database's number of the entity itself is taken; those of its names and addresses are not.
    entry.sanction("recordId", element.get("logicalId"))
    for remark in fields.remarks:
        entry.say("notes", remark)
    counts: Counter[str] = Counter()
    children, fields.children = fields.children, []
    for child in children:
        tag = _bare(child.tag)
        counts[tag] += 1
        place = f"{at}/{tag}[{counts[tag]}]"
        if tag == "nameAlias":
            is_main = names[child] is main
            _read_name(_Fields(child, entry, copy.card, place), names[child], is_main, entry, copy.card, place)
        elif tag in _READERS:
            _READERS[tag](_Fields(child, entry, copy.card, place), entry, copy.card, place)
        elif tag != "subjectType" or counts[tag] > 1:
            fields.children.append(child)
    fields.finish()


def _broken(reference: str, names: list[str], seen: set[str]) -> str | None:
    """Why an entity cannot become a listing, or None."""
    if not _REFERENCE.fullmatch(reference):
        return f"reference number {reference!r} is not one such as EU.27.28"
    if not any(name.strip() for name in names):
        return f"{reference} has no name"
    return f"{reference} stands twice in this copy" if reference in seen else None


def _entry(element: Element, reference: str, at: str, copy: _Copy) -> Entry:
    """The page of an entity, of the kind its `subjectType` says."""
    subject = element.find(f"{NAMESPACE}subjectType")
    kind = "" if subject is None else subject.get("code", "").strip()
    schema = copy.card.values["subjectType"].get(kind, "Organization")
    entry = copy.transcript.entry(copy.part, listing=f"{copy.card.id}:{reference}", schema=schema, locator=at)
    if kind not in copy.card.values["subjectType"]:
        entry.aside("a kind that the card does not know; taken as Organization", field="subjectType", value=kind)
    if subject is not None:
        _Fields(subject, entry, copy.card, f"{at}/subjectType[1]").finish(known=("code",))
    return entry


def _name(element: Element) -> _Name:
    whole = element.get("wholeName", "")
    if not whole.strip():
        whole = " ".join(part for part in (element.get(name, "").strip() for name in NAME_PARTS) if part)
    clauses = [
        clause
        for child in element
        if _bare(child.tag) == "remark" and child.text is not None
        for clause in _CLAUSE.split(child.text)
    ]
    if any(_FORMER.match(clause) for clause in clauses):
        return _Name(whole=whole, prop="previousName")
    weak = not BOOLEANS.get(element.get("strong", "true").strip(), True) or any(
        _LOW.match(clause) for clause in clauses
    )
    return _Name(whole=whole, prop="weakAlias" if weak else "alias")


def _main(names: list[_Name]) -> _Name:
    """The list marks no name as the official one: the first strong one in Latin letters is, else the first strong."""
    printed = [name for name in names if name.whole.strip()]
    strong = [name for name in printed if name.prop == "alias"]
    latin = [name for name in strong if _is_latin(name.whole)]
    return (latin or strong or printed)[0]


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha())


def _read_name(fields: _Fields, name: _Name, is_main: bool, entry: Entry, card: SourceCard, at: str) -> None:
    if not name.whole.strip():
        entry.aside("a name is announced and none is printed", field="nameAlias", at=at)
    # The script is surer than the label: names in Hangul and Cyrillic are filed under English.
    labelled = _coded(fields, "nameLanguage", entry, card, at)
    lang = language_of(name.whole) or (None if labelled == "eng" and not _is_latin(name.whole) else labelled)
    entry.say("name" if is_main else name.prop, name.whole, at=at, lang=lang)
    for part in NAME_PARTS:
        printed = fields.take(part)
        if entry.schema == "Person":
            entry.say(part, printed, at=at)
        elif printed is not None and printed.strip() not in name.whole:
            entry.aside("a part of the name of no person", field=f"nameAlias/@{part}", value=printed, at=at)
    entry.say("position" if entry.schema == "Person" else "notes", fields.take("function"), at=at)
    entry.say("title" if entry.schema == "Person" else "notes", fields.take("title"), at=at)
    printed = fields.take("gender")
    if printed is not None and printed.strip() != UNKNOWN_GENDER:
        gender = card.values["gender"].get(printed.strip())
        made = Cleaned.of(gender) if gender else Cleaned.no("neither M nor F")
        entry.say("gender", printed, at=at, cleaned=made)
    for remark in fields.remarks:
        entry.say("aliasNote", remark, at=at)
    fields.flag("strong")
    fields.finish(known=("wholeName",))


def _coded(
    fields: _Fields, name: str, entry: Entry, card: SourceCard, at: str, *, table: str = "", default: str | None = None
) -> str | None:
    """What the card makes of a coded attribute; of a value it does not know nothing, and it is set aside."""
    code = (fields.take(name) or "").strip()
    meaning = card.values[table or name].get(code) if code else default
    if meaning is None and code:
        entry.aside("a code that the card does not know", field=f"{fields.tag}/@{name}", value=code, at=at)
    return meaning


def _country(fields: _Fields, entry: Entry, at: str) -> tuple[str | None, Cleaned | None]:
    """A country as printed and what is made of it; (None, None) where the list says that it does not know one.

    The list names countries in its own way ("KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF"): its code decides, unless it and
    a name that is understood disagree.
    """
    code = (fields.take("countryIso2Code") or "").strip()
    printed = fields.take("countryDescription") or code
    if not printed or printed.strip() in UNKNOWN_COUNTRY:
        if code and code not in UNKNOWN_COUNTRY:
            return code, _territory_of(code)
        return None, None
    by_name = territory(printed)
    if code in {"", UNKNOWN_COUNTRY[0]}:
        return printed, by_name
    by_code = _territory_of(code)
    if by_name.value is not None and by_code.value is not None and by_name.value != by_code.value:
        entry.aside(
            "the code and the name of a country disagree", field=f"{fields.tag}/@countryIso2Code", value=code, at=at
        )
        return printed, Cleaned.no(f"its code is {code}")
    return printed, by_code if by_code.value is not None else by_name


def _territory_of(code: str) -> Cleaned:
    if code in WITHDRAWN or not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        return Cleaned.no("names no single territory of ISO 3166-1")
    return Cleaned.of(code.lower())


def _read_regulation(fields: _Fields, entry: Entry, card: SourceCard, at: str) -> None:
    code = (fields.take("programme") or "").strip()
    if not code:
        entry.aside("no programme", field="regulation/@programme", at=at)
    elif code in card.programmes:
        entry.sanction("program", code, at=at)
    else:
        made, reason = card.unknown_programme(code)
        entry.sanction("program", code, at=at, cleaned=made)
        entry.aside(reason, field="regulation/@programme", value=code, at=at)
    for name, prop in REGULATION_FIELDS.items():
        entry.sanction(prop, fields.take(name), at=at)
    published = fields.take("publicationDate")
    entry.sanction("publicationDate", published, at=at, cleaned=clean("startDate", published or ""))
    for child in fields.take_children("publicationUrl"):
        entry.sanction("sourceUrl", fields.take_text(child), at=at)
    for child in fields.take_children("corrigendum"):
        corrigendum = _Fields(child, entry, card, at)
        entry.sanction("provisions", corrigendum.take("numberTitle"), at=at)
        entry.sanction("sourceUrl", corrigendum.take("publicationUrl"), at=at)
        published_on = corrigendum.take("publicationDate")
        entry.sanction("summary", None if published_on is None else f"corrigendum of {published_on}", at=at)
        corrigendum.finish()
    for remark in fields.remarks:
        entry.sanction("summary", remark, at=at)
    fields.finish()


def _read_citizenship(fields: _Fields, entry: Entry, _card: SourceCard, at: str) -> None:
    printed, made = _country(fields, entry, at)
    entry.say("nationality", printed, at=at, cleaned=made)
    entry.say("nationalityNote", fields.take("region"), at=at)
    for name in CITIZENSHIP_DAYS:
        day_of = fields.take(name)
        entry.say("nationalityNote", None if day_of is None else f"{name} {day_of}", at=at)
    for remark in fields.remarks:
        entry.say("nationalityNote", remark, at=at)
    fields.finish()


def _place(printed: str | None) -> str | None:
    """A part of a place; None where the list prints a dash or the like for one it does not know."""
    return printed if printed is not None and any(letter.isalnum() for letter in printed) else None


def _read_birth(fields: _Fields, entry: Entry, card: SourceCard, at: str) -> None:
    country, made = _country(fields, entry, at)
    places = [_place(fields.take(name)) for name in BIRTH_PLACE_FIELDS]
    is_circa = fields.flag("circa")
    calendar = _coded(fields, "calendarType", entry, card, at, default="gregorian") or "unknown"
    for printed, cleaned in _birth_dates(fields, entry, calendar, at):
        value = f"circa {printed}" if is_circa and cleaned is None else printed
        entry.say("birthDate", value, at=at, cleaned=cleaned)
    entry.say("birthPlace", ", ".join(text.strip() for text in (*places, country) if text is not None), at=at)
    entry.say("birthCountry", country, at=at, cleaned=made)
    for remark in fields.remarks:
        entry.say("birthDateNote", remark, at=at)
    fields.finish()


def _birth_dates(fields: _Fields, entry: Entry, calendar: str, at: str) -> Iterator[tuple[str, Cleaned | None]]:
    """The dates of a birth as printed, with what was made of one that the common rule would misread."""
    whole = fields.take("birthdate")
    year, month, on = (fields.take(name) for name in ("year", "monthOfYear", "dayOfMonth"))
    first, last = fields.take("yearRangeFrom"), fields.take("yearRangeTo")
    parts = "-".join(part.strip().zfill(2) for part in (year, month, on) if part is not None)
    if year is None and parts:
        entry.aside("a day without its year", field="birthdate", value=parts, at=at)
        parts = ""
    if calendar != "gregorian" and parts:
        # 1343 of the Hijra is no year of the common calendar; where the list converts it, it does so in `birthdate`.
        yield f"{parts} ({calendar})", Cleaned.no(f"of the {calendar} calendar")
        parts = ""
    if whole is not None:
        yield whole, None
        if parts and parts != whole.strip():
            entry.aside("the parts of the date disagree with the whole", field="birthdate", value=parts, at=at)
    elif parts:
        yield parts, None
    if first is not None or last is not None:
        yield f"between {(first or '?').strip()} and {(last or '?').strip()}", None


def _read_address(fields: _Fields, entry: Entry, card: SourceCard, at: str) -> None:
    country, made = _country(fields, entry, at)
    values = {prop: _place(fields.take(name)) for name, prop in ADDRESS_FIELDS.items()}
    values |= {"country": country, "remarks": "\n".join(text for text in fields.remarks if text.strip())}
    if fields.flag("asAtListingTime"):
        values["summary"] = "as at listing time"
    address = entry.sub_entity("address", "Address", values, at=at, cleaned={} if made is None else {"country": made})
    if address is not None:
        entry.say("addressEntity", address, at=at, cleaned=Cleaned.of(address))
    for child in fields.take_children("contactInfo"):
        contact = _Fields(child, entry, card, at)
        prop = _coded(contact, "key", entry, card, at, table="contactInfo")
        entry.say(prop or "notes", contact.take("value"), at=at)
        contact.finish()
    fields.finish()


def _read_document(fields: _Fields, entry: Entry, card: SourceCard, at: str) -> None:
    code = (fields.take("identificationTypeCode") or "").strip()
    schema = card.values["identificationTypeCode"].get(code, "Identification")
    if code not in card.values["identificationTypeCode"]:
        entry.aside("a kind of document that the card does not know", field="identification", value=code, at=at)
    number = fields.take("number")
    country, made = _country(fields, entry, at)
    values = {prop: fields.take(name) for name, prop in DOCUMENT_FIELDS.items()}
    flags = [name for name in DOCUMENT_FLAGS if fields.flag(name)]
    values |= {"number": number, "country": country, "status": "; ".join(flags), "summary": "\n".join(fields.remarks)}
    cleaned = {} if made is None else {"country": made}
    if number is not None and "knownFalse" in flags:
        cleaned["number"] = Cleaned.no("known to be false, as the list says")
    elif number is not None and not any(letter.isalnum() for letter in number):
        cleaned["number"] = Cleaned.no("no letter or digit in it")
    entry.link(entry.sub_entity(schema.lower(), schema, values, at=at, cleaned=cleaned), schema, "holder", at=at)
    if code in card.values["identifier"]:
        _say_identifier(card.values["identifier"][code], number, cleaned.get("number"), entry, at)
    fields.finish()


def _say_identifier(prop: str, number: str | None, made: Cleaned | None, entry: Entry, at: str) -> None:
    """An identifier of the listed one itself; of an IMO number, whether it is a ship's or a company's.

    Both are seven digits and are filed under one code, and the list does not tell ships from companies; their check
    digits do. One that holds for both is taken as a ship's, and this is said.
    """
    if prop == "imoNumber" and number is not None and made is None and is_imo_company(number):
        if imo_number(number).value is None:
            prop = "registrationNumber"
        else:
            entry.aside("a ship's number or a company's; taken as a ship's", field="number", value=number, at=at)
    entry.say(prop, number, at=at, cleaned=made)


_READERS: Final[dict[str, Callable[[_Fields, Entry, SourceCard, str], None]]] = {
    "regulation": _read_regulation,
    "citizenship": _read_citizenship,
    "birthdate": _read_birth,
    "address": _read_address,
    "identification": _read_document,
}
