"""Reads OFAC's SDN list from its XML in the Advanced Sanctions Data Model (SDN_ADVANCED.XML)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned
from bongsu.lists.markup import xml_events
from bongsu.lists.model import OTHER_NAMES, Part, Reading, Statement, tally
from bongsu.lists.sources.ofac_xml_model import OPTIONAL, SECTIONS, Place, References, day_of, excerpt, period, strays
from bongsu.lists.sources.ofac_xml_party import Party, read_party
from bongsu.lists.transcript import Entry, Transcript

# The second is OFAC's own since its Sanctions List Service of 2024.
NAMESPACES: Final = (
    "http://www.un.org/sanctions/1.0",
    "https://www.un.org/sanctions/1.0",
    "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML",
)
ROOT: Final = "Sanctions"
ROOT_ATTRIBUTES: Final = {"Version", "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"}
PROGRAMME: Final = "Program"
# What the From side of a relation is, and the schema and the two properties that say so.
SIDES: Final = {
    "asset": ("Ownership", "asset", "owner"),
    "owner": ("Ownership", "owner", "asset"),
    "subject": ("UnknownLink", "subject", "object"),
}


def recognises(content: bytes) -> bool:
    """Whether the first bytes are those of a list in the Advanced Sanctions Data Model."""
    head = content[:2000]
    return re.search(rb"<Sanctions\s", head) is not None and any(f'"{name}"'.encode() in head for name in NAMESPACES)


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy; the file is read record by record and never held as one tree.

    Args:
        parts: the one part, `sdn`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, not well-formed, a document type or entities in it, another root, a section
            missing, twice or out of order, no date of issue, or changes only in place of the whole list.
    """
    copy = _Copy(parts[0], card)
    for section, record, place in _records(parts[0], copy.transcript):
        copy.take(section, record, place)
    copy.finish()
    statements = sorted(copy.transcript.statements, key=copy.order)
    return Reading(
        source=card.id,
        printed_on=copy.printed_on(),
        statements=tuple(statements),
        set_aside=tuple(copy.transcript.set_aside),
        tally=tally(
            in_file=copy.in_file,
            aliases=sum(statement.prop in OTHER_NAMES for statement in statements),
            statements=statements,
            set_aside=copy.transcript.set_aside,
            is_dprk=card.is_dprk,
        ),
    )


def _records(part: Part, transcript: Transcript) -> Iterator[tuple[str, Element, Place]]:
    """Each record of each section, whole, with its place; it is emptied once the caller has taken it.

    Tags lose the list's namespace; what bears another one keeps it and is no known field.
    """
    events = xml_events(part, tags=[f"{{{name}}}{ROOT}" for name in NAMESPACES])
    _, root = next(events)
    prefix = root.tag.removesuffix(ROOT)
    _check_root(root, part, transcript)
    opened: list[Element] = [root]
    seen: list[str] = []
    counts: dict[str, int] = {}
    for event, element in events:
        if event == "start":
            element.tag = element.tag.removeprefix(prefix)
            opened.append(element)
            if len(opened) == 2:
                _check_section(element.tag, seen, part)
                seen.append(element.tag)
                counts.clear()
            continue
        opened.pop()
        if len(opened) == 2:
            section = opened[1]
            counts[element.tag] = counts.get(element.tag, 0) + 1
            place = Place(transcript, part, f"xpath=/{ROOT}/{section.tag}/{element.tag}[{counts[element.tag]}]")
            yield section.tag, element, place
            _empty(element)
            if len(section) > 1:  # another has begun, so that what stands between the two has been read
                _note_text([section[0].tail], section.tag, place)
                del section[0]
        elif len(opened) == 1:
            place = Place(transcript, part, f"xpath=/{ROOT}/{element.tag}")
            _note_text([element.text, *(record.tail for record in element)], element.tag, place)
            _empty(element)
    if missing := [name for name in SECTIONS if name not in OPTIONAL and name not in seen]:
        raise SourceRefusedError(f"lacks the sections {', '.join(missing)}", where=part.name)
    _note_text([root.text, *(section.tail for section in root)], ROOT, Place(transcript, part, f"xpath=/{ROOT}"))


def _check_root(root: Element, part: Part, transcript: Transcript) -> None:
    if "DeltaBaseVersion" in root.attrib:
        raise SourceRefusedError(
            "holds the changes since another version, not the whole list",
            where=part.name,
            remedy="fetch the whole list",
        )
    for name in root.attrib.keys() - ROOT_ATTRIBUTES:
        transcript.aside(
            part,
            f"xpath=/{ROOT}",
            "stands where the reader knows no field",
            field=f"@{name}",
            value=root.attrib[name],
        )


def _check_section(tag: str, seen: list[str], part: Part) -> None:
    """Refuse a section that is new, there twice, or not where its references are already known."""
    order = list(SECTIONS)
    if tag not in SECTIONS:
        raise SourceRefusedError(f"has a section <{tag}> that is not known", where=part.name)
    if seen and order.index(tag) <= order.index(seen[-1]):
        raise SourceRefusedError(f"has <{tag}> after <{seen[-1]}>, where it never stands", where=part.name)


def _note_text(texts: Iterable[str | None], tag: str, place: Place) -> None:
    """Set aside text that stands between records or sections."""
    for text in texts:
        if text is not None and text.strip():
            place.aside("stands where the reader knows no field", field=tag, value=text)


def _empty(element: Element) -> None:
    """Forget what an element holds, not what stands after it: the parser may be ahead, and have read that already."""
    tail = element.tail
    element.clear()
    element.tail = tail


class _Copy:
    """One copy being read: what its sections say, until the entries are complete."""

    def __init__(self, part: Part, card: SourceCard) -> None:
        self.part = part
        self.card = card
        self.transcript = Transcript()
        self.references = References(card)
        self.in_file = 0
        self._issued: dict[str, str] = {}
        self._entries: dict[str, Entry] = {}
        self._programmed: set[str] = set()
        self._order: dict[str, int] = {}
        # Relations may name a party that stands further down, or none: they wait until all parties are known.
        self._relations: list[tuple[Element, Place]] = []

    def printed_on(self) -> date:
        """The day of issue."""
        try:
            return date(*(int(self._issued.get(field, "")) for field in ("Year", "Month", "Day")))
        except ValueError:
            raise SourceRefusedError("does not say on which day it was issued", where="DateOfIssue") from None

    def order(self, statement: Statement) -> int:
        """Where a statement's listing stands among the parties, so that relations and measures follow their entry."""
        return self._order[statement.listing]

    def take(self, section: str, record: Element, place: Place) -> None:
        """Read one record.

        Raises:
            SourceRefusedError: it is another record than its section holds.
        """
        if section == "DateOfIssue":
            self._issued[record.tag] = record.text or ""
        elif section == "ReferenceValueSets":
            self.references.learn_values(record)
        elif section in self.card.ignored:
            return
        elif record.tag != SECTIONS[section]:
            raise SourceRefusedError(f"has <{record.tag}> among <{section}>", where=place.at)
        else:
            for field, value in strays(record, self.card.ignored):
                place.aside("stands where the reader knows no field", field=field, value=value)
            _TAKES[section](self, record, place)

    def _take_location(self, record: Element, place: Place) -> None:
        self.references.learn_location(record, place)

    def _take_document(self, record: Element, place: Place) -> None:
        self.references.learn_document(record, place)

    def _take_party(self, record: Element, place: Place) -> None:
        self.in_file += 1
        number = record.get("FixedRef", "").strip()
        listing = f"{self.card.id}:{number}"
        if listing in self._order:
            place.aside(f"entity {number} stands twice", value=excerpt(record), whole=True)
            return
        reason, entry = read_party(Party(record, number, listing, place), self.references, self.card)
        if entry is None:
            place.aside(reason, value=excerpt(record), whole=True)
            return
        self._order[listing] = len(self._order)
        for profile in record.iterfind("Profile"):
            self._entries[profile.get("ID", "")] = entry
        entry.sanction("authority", self.card.authority_name, cleaned=Cleaned.of(self.card.authority_name))
        entry.sanction("authorityId", number)

    def _take_relation(self, record: Element, place: Place) -> None:
        kept = Element(record.tag, record.attrib)
        kept.extend(list(record))
        self._relations.append((kept, place))

    def _take_measures(self, record: Element, place: Place) -> None:
        entry = self._entries.get(record.get("ProfileID", ""))
        if entry is None:
            place.aside("belongs to no entry of this copy", field="SanctionsEntry", value=excerpt(record))
            return
        _read_measures(record, entry, place, self)

    def read_programme(self, printed: str | None, entry: Entry, at: str) -> None:
        """A programme tag, as the comment of a measure prints it."""
        code = " ".join((printed or "").split())
        if not code:
            entry.aside("no programme", field="SanctionsMeasure", at=at)
            return
        self._programmed.add(entry.listing)
        if code in self.card.programmes:
            entry.sanction("program", printed, at=at)
            return
        made, reason = self.card.unknown_programme(code)
        entry.sanction("program", printed, at=at, cleaned=made)
        entry.aside(reason, field="SanctionsMeasure", value=code, at=at)

    def finish(self) -> None:
        """Write down the relations, and set aside what found no entry."""
        for record, place in self._relations:
            self._read_relation(record, place)
        for entry in self._entries.values():
            if entry.listing not in self._programmed:
                entry.aside("no programme", field="SanctionsEntry")
        for document in self.references.documents_left():
            document.place.aside("belongs to no entry of this copy", field="IDRegDocument", value=document.number or "")

    def _read_relation(self, record: Element, place: Place) -> None:
        entry = self._entries.get(record.get("From-ProfileID", ""))
        other = record.get("To-ProfileID", "")
        kind = self.references.text("RelationType", record.get("RelationTypeID"), place)
        if entry is None:
            reason = "begins at no entry of this copy"
            place.aside(reason, field="ProfileRelationship", value=f"{record.get('From-ProfileID')} {kind} {other}")
            return
        side = self.card.values["RelationType"].get((kind or "").strip(" :"))
        if side is None:
            entry.aside(
                "a kind of relation that the card does not know; kept as a link",
                field="RelationType",
                value=kind or "",
                at=place.at,
            )
        schema, this, that = SIDES[side or "subject"]
        target = self._entries.get(other)
        made = Cleaned.no("no entry of this copy has that number") if target is None else Cleaned.of(target.listing)
        values = {
            that: other,
            "role": kind,
            "status": "former" if record.get("Former") == "true" else None,
            "summary": record.findtext("Comment"),
            "date": period(record.find("DatePeriod")),
        }
        relation = entry.sub_entity("link", schema, values, at=place.at, cleaned={that: made})
        entry.link(relation, schema, this, at=place.at)


_TAKES: Final = {
    "Locations": _Copy._take_location,
    "IDRegDocuments": _Copy._take_document,
    "DistinctParties": _Copy._take_party,
    "ProfileRelationships": _Copy._take_relation,
    "SanctionsEntries": _Copy._take_measures,
}


def _read_measures(record: Element, entry: Entry, place: Place, copy: _Copy) -> None:
    """The list an entry is on, when and why it came there, and what it is under."""
    references = copy.references
    entry.sanction("summary", references.text("List", record.get("ListID"), place), at=place.at)
    entry.sanction("summary", record.findtext("Comment"), at=place.at)
    for index, event in enumerate(record.iterfind("EntryEvent"), start=1):
        at = f"{place.at}/EntryEvent[{index}]"
        kind = references.text("EntryEventType", event.get("EntryEventTypeID"), place) or ""
        on = day_of(event.find("Date"))
        if prop := copy.card.values["EntryEventType"].get(kind.strip()):
            entry.sanction(prop, on, at=at)
        else:
            entry.aside("an event that the card does not know", field="EntryEvent", value=f"{kind} {on}", at=at)
        basis = references.text("LegalBasis", event.get("LegalBasisID"), place)
        if basis != "Unknown":  # the reference set's own word for none
            entry.sanction("reason", basis, at=at)
        entry.sanction("summary", event.findtext("Comment"), at=at)
    for index, measure in enumerate(record.iterfind("SanctionsMeasure"), start=1):
        at = f"{place.at}/SanctionsMeasure[{index}]"
        measure_kind = references.text("SanctionsType", measure.get("SanctionsTypeID"), place)
        if measure_kind == PROGRAMME:
            copy.read_programme(measure.findtext("Comment"), entry, at)
        else:
            entry.sanction("provisions", measure_kind, at=at)
            entry.sanction("provisions", measure.findtext("Comment"), at=at)
        entry.sanction("startDate", period(measure.find("DatePeriod")), at=at)
