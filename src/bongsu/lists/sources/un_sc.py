"""Reads the UN Security Council Consolidated List from its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.kernel.clock import day
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, squeezed
from bongsu.lists.markup import xml_root
from bongsu.lists.model import Part, Reading
from bongsu.lists.transcript import Entry, Transcript

ROOT: Final = "CONSOLIDATED_LIST"
SECTIONS: Final = (("INDIVIDUALS", "INDIVIDUAL", "Person"), ("ENTITIES", "ENTITY", "Organization"))
NAME_FIELDS: Final = {
    "FIRST_NAME": "firstName",
    "SECOND_NAME": "secondName",
    "THIRD_NAME": "middleName",
    "FOURTH_NAME": "middleName",
}
PLAIN_FIELDS: Final = {"COMMENTS1": "notes", "GENDER": "gender"}
VALUE_FIELDS: Final = {"TITLE": "title", "DESIGNATION": "position", "NATIONALITY": "nationality"}
SANCTION_FIELDS: Final = {
    "REFERENCE_NUMBER": "authorityId",
    "DATAID": "recordId",
    "LISTED_ON": "listingDate",
    "SUBMITTED_ON": "submittedOn",
    "SUBMITTED_BY": "submittedBy",
}
ADDRESS_FIELDS: Final = {
    "STREET": "street",
    "CITY": "city",
    "STATE_PROVINCE": "state",
    "ZIP_CODE": "postalCode",
    "COUNTRY": "country",
    "NOTE": "remarks",
}
BIRTH_PLACE_FIELDS: Final = ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE")
ROOT_ATTRIBUTES: Final = {"dateGenerated", "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"}
_REFERENCE: Final = re.compile(r"[A-Z]{2}[ie]\.[0-9]{3,}")


def recognises(content: bytes) -> bool:
    """Whether the first bytes are those of a UN consolidated list."""
    return b"<CONSOLIDATED_LIST" in content[:2000]


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `consolidated`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, not well-formed, a document type or entities in it, another root or section.
    """
    part = parts[0]
    root = _parse(part)
    transcript = Transcript()
    seen: set[str] = set()
    in_file = 0
    _note_strays(part, root, transcript)
    for section, tag, schema in SECTIONS:
        for index, element in enumerate(_entries(root, section, tag), start=1):
            in_file += 1
            locator = f"xpath=/{ROOT}/{section}/{tag}[{index}]"
            _read_entry(element, _Place(transcript, part, card, locator, schema), seen)
    return transcript.reading(card, in_file=in_file, printed_on=_printed_on(root))


def _parse(part: Part) -> Element:
    root = xml_root(part, tag=ROOT)
    if sorted(child.tag for child in root) != sorted(section for section, _, _ in SECTIONS):
        raise SourceRefusedError(
            f"has the sections {', '.join(child.tag for child in root)}; INDIVIDUALS and ENTITIES are known, once each",
            where=part.name,
        )
    return root


def _entries(root: Element, section: str, tag: str) -> Iterator[Element]:
    holder = root.find(section)
    for element in holder if holder is not None else ():
        if element.tag != tag:
            raise SourceRefusedError(
                f"has <{element.tag}> among <{section}>, where only <{tag}> is known", where=section
            )
        yield element


def _printed_on(root: Element) -> date:
    """The day the list prints of itself, in its printer's own zone."""
    printed = root.get("dateGenerated")
    if printed is None:
        raise SourceRefusedError("does not say when it was generated (dateGenerated)", where=ROOT)
    try:
        return day(printed[:10])
    except UsageError:
        raise SourceRefusedError(f"says it was generated at {printed!r}, which is no time", where=ROOT) from None


class _Place:
    """Where an entry stands: what its functions need to write it down."""

    def __init__(self, transcript: Transcript, part: Part, card: SourceCard, locator: str, schema: str) -> None:
        self.transcript = transcript
        self.part = part
        self.card = card
        self.locator = locator
        self.schema = schema

    def refuse(self, element: Element, reason: str) -> None:
        """Set the whole entry aside."""
        excerpt = " ".join("".join(element.itertext()).split())
        self.transcript.aside(self.part, self.locator, reason, value=excerpt, whole=True)


def _read_entry(element: Element, place: _Place, seen: set[str]) -> None:
    reference = " ".join((element.findtext("REFERENCE_NUMBER") or "").split())
    names = [" ".join((found.text or "").split()) for tag in NAME_FIELDS for found in element.findall(tag)]
    if not _REFERENCE.fullmatch(reference):
        place.refuse(element, f"reference number {reference!r} is not one such as KPi.033")
        return
    if not any(names):
        place.refuse(element, f"{reference} has no name")
        return
    if reference in seen:
        place.refuse(element, f"{reference} stands twice in this copy")
        return
    seen.add(reference)
    entry = place.transcript.entry(
        place.part, listing=f"{place.card.id}:{reference}", schema=place.schema, locator=place.locator
    )
    entry.say("name", " ".join(name for name in names if name))
    entry.sanction("authority", place.card.authority_name, cleaned=Cleaned.of(place.card.authority_name))
    counts: dict[str, int] = {}
    for child in element:
        counts[child.tag] = counts.get(child.tag, 0) + 1
        _read_field(child, entry, place.card, at=f"{place.locator}/{child.tag}[{counts[child.tag]}]")
    for field, value in _strays(element, holder=True):
        entry.aside("stands where the reader knows no field", field=field, value=value)


def _note_strays(part: Part, root: Element, transcript: Transcript) -> None:
    """Set aside what stands outside the entries: attributes of the frame, text between its elements."""
    for path, element in ((f"/{ROOT}", root), *((f"/{ROOT}/{section.tag}", section) for section in root)):
        known = ROOT_ATTRIBUTES if element is root else set()
        strays = [(f"@{name}", value) for name, value in element.attrib.items() if name not in known]
        strays += [
            (element.tag, text)
            for text in (element.text, *(child.tail for child in element))
            if text is not None and text.strip()
        ]
        for field, value in strays:
            transcript.aside(part, f"xpath={path}", "stands where the reader knows no field", field=field, value=value)


def _strays(element: Element, *, holder: bool) -> Iterator[tuple[str, str]]:
    """What stands where no reader looks: attributes, text beside fields, fields inside a field that holds text only.

    Args:
        element: an entry or a part of one.
        holder: whether it holds fields, and no text of its own.

    Yields:
        The place, as tags, and what stands there; what stands in an ignored or unknown field is no stray.
    """
    yield from ((f"{element.tag}/@{name}", value) for name, value in element.attrib.items())
    if holder and element.text is not None and element.text.strip():
        yield element.tag, element.text
    for child in element:
        if child.tail is not None and child.tail.strip():
            yield element.tag, child.tail
        if not holder:
            yield f"{element.tag}/{child.tag}", "".join(child.itertext())
        elif element.tag in HOLDERS:
            yield from _strays(child, holder=False)
        elif child.tag in KNOWN_FIELDS:
            yield from _strays(child, holder=child.tag in HOLDERS)


def _read_field(child: Element, entry: Entry, card: SourceCard, *, at: str) -> None:
    tag = child.tag
    if tag in card.ignored:
        return
    if tag in NAME_FIELDS:
        if entry.schema == "Person":
            entry.say(NAME_FIELDS[tag], child.text, at=at)
    elif tag == "NAME_ORIGINAL_SCRIPT":
        entry.say("name", child.text, at=at)
    elif tag in PLAIN_FIELDS:
        entry.say(PLAIN_FIELDS[tag], child.text, at=at)
    elif tag in SANCTION_FIELDS:
        entry.sanction(SANCTION_FIELDS[tag], child.text, at=at)
    elif tag == "UN_LIST_TYPE":
        _read_programme(child.text, entry, card, at=at)
    elif tag in VALUE_FIELDS or tag == "LAST_DAY_UPDATED":
        _read_values(child, entry, at=at)
    elif tag in _COMPOSITE:
        _COMPOSITE[tag](_fields(child, entry, at), entry, card, at)
    else:
        entry.aside("a field no reader knows", field=tag, value="".join(child.itertext()), at=at)


def _read_programme(printed: str | None, entry: Entry, card: SourceCard, *, at: str) -> None:
    code = " ".join((printed or "").split())
    if code in card.programmes:
        entry.sanction("program", printed, at=at)
        return
    made, reason = card.unknown_programme(code)
    entry.sanction("program", printed, at=at, cleaned=made)
    entry.aside(reason, field="UN_LIST_TYPE", value=code, at=at)


def _read_values(child: Element, entry: Entry, *, at: str) -> None:
    for index, value in enumerate(child, start=1):
        place = f"{at}/{value.tag}[{index}]"
        if value.tag != "VALUE":
            entry.aside("a field no reader knows", field=f"{child.tag}/{value.tag}", value=value.text or "", at=place)
        elif child.tag == "LAST_DAY_UPDATED":
            entry.sanction("modifiedAt", value.text, at=place)
        else:
            entry.say(VALUE_FIELDS[child.tag], value.text, at=place)


class _Fields:
    """The children of a composite field; what no one takes is set aside."""

    def __init__(self, element: Element, entry: Entry, at: str) -> None:
        self._left: dict[str, list[str]] = {}
        for child in element:
            if child.text and child.text.strip():
                self._left.setdefault(child.tag, []).append(child.text)
        self._entry = entry
        self._at = at
        self.tag = element.tag

    def take(self, tag: str) -> str | None:
        """The printed text of a child, the first where there are several, or None where it is absent or empty."""
        texts = self._left.get(tag)
        return texts.pop(0) if texts else None

    def finish(self) -> None:
        """Set aside what was not taken: a field no reader knows, or a second of its kind."""
        for tag, texts in self._left.items():
            for text in texts:
                self._entry.aside("a field no reader takes", field=f"{self.tag}/{tag}", value=text, at=self._at)


def _fields(element: Element, entry: Entry, at: str) -> _Fields:
    return _Fields(element, entry, at)


def _coded(printed: str | None, field: str, entry: Entry, card: SourceCard, at: str, *, default: str) -> str:
    """What the card makes of a coded value; a value it does not know is set aside and the default taken."""
    code = " ".join((printed or "").split())
    meaning = card.values[field].get(code)
    if meaning is None and code:
        entry.aside(
            f"a value of {field} that the card does not know; taken as {default}", field=field, value=code, at=at
        )
    return meaning or default


def _read_alias(fields: _Fields, entry: Entry, card: SourceCard, at: str) -> None:
    quality, name = fields.take("QUALITY"), fields.take("ALIAS_NAME")
    if name is not None:
        entry.say(_coded(quality, "QUALITY", entry, card, at, default="alias"), name, at=at)
    entry.say("birthDate", fields.take("DATE_OF_BIRTH"), at=at)
    entry.say("birthPlace", fields.take("CITY_OF_BIRTH"), at=at)
    entry.say("birthCountry", fields.take("COUNTRY_OF_BIRTH"), at=at)
    entry.say("aliasNote", fields.take("NOTE"), at=at)
    fields.finish()


def _read_address(fields: _Fields, entry: Entry, _card: SourceCard, at: str) -> None:
    values = {prop: fields.take(tag) for tag, prop in ADDRESS_FIELDS.items()}
    address = entry.sub_entity("address", "Address", values, at=at)
    if address is not None:
        entry.say("addressEntity", address, at=at, cleaned=Cleaned.of(address))
    fields.finish()


def _read_birth_date(fields: _Fields, entry: Entry, card: SourceCard, at: str) -> None:
    kind = _coded(fields.take("TYPE_OF_DATE"), "TYPE_OF_DATE", entry, card, at, default="exact")
    qualifier = {"approximate": "APPROXIMATELY", "range": "BETWEEN"}.get(kind)
    first, last = fields.take("FROM_YEAR"), fields.take("TO_YEAR")
    if first or last:
        entry.say("birthDate", f"BETWEEN {(first or '?').strip()} AND {(last or '?').strip()}", at=at)
    for printed in (fields.take("DATE"), fields.take("YEAR")):
        if printed is not None:
            entry.say("birthDate", f"{qualifier} {printed.strip()}" if qualifier else printed, at=at)
    entry.say("birthDateNote", fields.take("NOTE"), at=at)
    fields.finish()


def _read_birth_place(fields: _Fields, entry: Entry, _card: SourceCard, at: str) -> None:
    values = {tag: fields.take(tag) for tag in BIRTH_PLACE_FIELDS}
    entry.say("birthPlace", ", ".join(value.strip() for value in values.values() if value), at=at)
    entry.say("birthCountry", values["COUNTRY"], at=at)
    fields.finish()


def _read_document(fields: _Fields, entry: Entry, card: SourceCard, at: str) -> None:
    kind = fields.take("TYPE_OF_DOCUMENT")
    schema = _coded(kind, "TYPE_OF_DOCUMENT", entry, card, at, default="Identification")
    country, place = fields.take("ISSUING_COUNTRY"), fields.take("COUNTRY_OF_ISSUE")
    if country is None or (place is not None and squeezed(place) == squeezed(country)):
        country, place = place, None
    values = {
        "type": _together(kind, fields.take("TYPE_OF_DOCUMENT2")),
        "number": fields.take("NUMBER"),
        "country": country,
        # A Tunisian passport issued in Milan, Italy, is Tunisia's.
        "authority": _together(fields.take("CITY_OF_ISSUE"), place),
        "startDate": fields.take("DATE_OF_ISSUE"),
        "summary": fields.take("NOTE"),
    }
    document = entry.sub_entity(schema.lower(), schema, values, at=at)
    entry.link(document, schema, "holder", at=at)
    fields.finish()


def _together(*printed: str | None) -> str | None:
    return "; ".join(text for text in printed if text is not None) or None


_COMPOSITE: Final = {
    "INDIVIDUAL_ALIAS": _read_alias,
    "ENTITY_ALIAS": _read_alias,
    "INDIVIDUAL_ADDRESS": _read_address,
    "ENTITY_ADDRESS": _read_address,
    "INDIVIDUAL_DATE_OF_BIRTH": _read_birth_date,
    "INDIVIDUAL_PLACE_OF_BIRTH": _read_birth_place,
    "INDIVIDUAL_DOCUMENT": _read_document,
}
# Fields that hold other fields, one level deep; all others hold text.
HOLDERS: Final = frozenset({*VALUE_FIELDS, "LAST_DAY_UPDATED", *_COMPOSITE})
KNOWN_FIELDS: Final = frozenset(
    {*NAME_FIELDS, "NAME_ORIGINAL_SCRIPT", *PLAIN_FIELDS, *SANCTION_FIELDS, "UN_LIST_TYPE", *HOLDERS}
)
