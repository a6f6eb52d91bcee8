"""Takes a party of OFAC's advanced XML apart: names in every script, documents, places, ships' numbers, wallets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned
from bongsu.lists.sources.ofac_xml_model import Document, Location, Place, References, period
from bongsu.lists.transcript import Entry

WALLET: Final = "Digital Currency Address - "
LOCATION: Final = "Location"
TITLE: Final = "Title"
SHIP_NUMBER: Final = "Vessel Registration Identification"
IMO_TYPES: Final = frozenset({SHIP_NUMBER, "Identification Number", "Company Number"})
VALID: Final = "Valid"
WHOLE_NAME: Final = "name"
_IMO: Final = re.compile(r"IMO\s*\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Party:
    """One record of the section of parties.

    Args:
        record: the element, whole.
        number: its fixed reference, which is the entity number of the legacy files.
        listing: the id of its entry.
        place: where it stands.
    """

    record: Element
    number: str
    listing: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Name:
    prop: str
    text: str
    parts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    at: str


def read_party(party: Party, references: References, card: SourceCard) -> tuple[str, Entry | None]:
    """Write down an entry.

    Returns:
        Why it cannot be read and None, or an empty text and its page.
    """
    if not (party.number.isascii() and party.number.isdigit()):
        return f"has the reference {party.number!r}, which is no entity number", None
    profiles = party.record.findall("Profile")
    if len(profiles) != 1:
        return f"entity {party.number} has {len(profiles)} profiles where one is known", None
    at = f"{party.place.at}/Profile"
    names = list(_names(profiles[0], party.place, at, references, card))
    if not names:
        return f"entity {party.number} has no name", None
    place = party.place
    schema, unknown = _schema(profiles[0], place, references, card)
    entry = place.transcript.entry(place.part, listing=party.listing, schema=schema, locator=place.at)
    if unknown is not None:
        reason = "a kind of party that the card does not know; taken as Organization"
        entry.aside(reason, field="PartySubType", value=unknown)
    _say_names(names, entry)
    for holder in (party.record, profiles[0], *profiles[0].iterfind("Identity")):
        for comment in holder.iterfind("Comment"):
            entry.say("notes", comment.text)
    for identity in profiles[0].iterfind("Identity"):
        for document in references.take_documents(identity.get("ID", "")):
            _read_document(document, entry, card)
    for index, feature in enumerate(profiles[0].iterfind("Feature"), start=1):
        _read_feature(feature, entry, Place(place.transcript, place.part, f"{at}/Feature[{index}]"), references, card)
    return "", entry


def _schema(profile: Element, place: Place, references: References, card: SourceCard) -> tuple[str, str | None]:
    """The schema of a profile, and the printed kind where the card does not know it.

    The kind stands in the sub-type; where that says Unknown, in the type above it.
    """
    sub_type = references.element("PartySubType", profile.get("PartySubTypeID"), place)
    kind = (sub_type.text or "").strip() if sub_type is not None else ""
    if sub_type is not None and kind == "Unknown":
        kind = (references.text("PartyType", sub_type.get("PartyTypeID"), place) or "").strip()
    schema = card.values["PartyType"].get(kind)
    return (schema, None) if schema is not None else ("Organization", kind)


def _names(profile: Element, place: Place, at: str, references: References, card: SourceCard) -> Iterator[_Name]:
    for number, identity in enumerate(profile.iterfind("Identity"), start=1):
        types = {
            group.get("ID", ""): references.text("NamePartType", group.get("NamePartTypeID"), place)
            for group in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
        }
        for index, alias in enumerate(identity.iterfind("Alias"), start=1):
            here = f"{at}/Identity[{number}]/Alias[{index}]"
            prop = _name_prop(alias, identity, Place(place.transcript, place.part, here), references, card)
            notes = [alias.findtext("Comment"), period(alias.find("DatePeriod"))]
            for position, documented in enumerate(alias.iterfind("DocumentedName"), start=1):
                parts = tuple(_name_parts(documented, types, place, card))
                text = " ".join(value for _, value in parts)
                said = (*notes, documented.findtext("Comment"))
                if text.strip():
                    kept = tuple(note for note in said if note and note.strip())
                    yield _Name(prop, text, parts, kept, f"{here}/DocumentedName[{position}]")


def _name_prop(alias: Element, identity: Element, place: Place, references: References, card: SourceCard) -> str:
    """What kind of name an alias is; one of an identity that the list calls false is a weak one."""
    kind = references.text("AliasType", alias.get("AliasTypeID"), place) or ""
    prop = card.values["AliasType"].get(kind.strip())
    if prop is None:
        place.aside("a kind of name that the card does not know; taken as alias", field="AliasType", value=kind)
    if identity.get("False") == "true":
        place.aside("belongs to an identity that the list calls false; taken as a weak alias", field="Identity/@False")
        return "weakAlias"
    is_weak = alias.get("LowQuality") == "true" and alias.get("Primary") != "true"
    return "weakAlias" if is_weak else prop or "alias"


def _name_parts(
    documented: Element, types: dict[str, str | None], place: Place, card: SourceCard
) -> Iterator[tuple[str, str]]:
    """The parts of a name in their order, each with the property it is; `name` for one that is the whole."""
    for part in documented.iterfind("DocumentedNamePart"):
        for value in part.iterfind("NamePartValue"):
            if value.text is None or not value.text.strip():
                continue
            kind = (types.get(value.get("NamePartGroupID", "")) or "").strip()
            prop = card.values["NamePartType"].get(kind)
            if prop is None:
                place.aside("a part of a name that the card does not know", field="NamePartType", value=kind)
            yield prop or WHOLE_NAME, f"{part.get('LeadingChars', '')}{value.text}{part.get('TrailingChars', '')}"


def _say_names(names: list[_Name], entry: Entry) -> None:
    if not any(name.prop == "name" for name in names):
        entry.aside("has no main name; the first of the others is taken for it", value=names[0].text, at=names[0].at)
        entry.say("name", names[0].text, at=names[0].at)
    for name in names:
        entry.say(name.prop, name.text, at=name.at)
        for note in name.notes:
            entry.say("aliasNote", note, at=name.at)
        for prop, value in name.parts if entry.schema == "Person" and name.prop != "weakAlias" else ():
            if prop != WHOLE_NAME:
                entry.say(prop, value, at=name.at)


def _read_document(document: Document, entry: Entry, card: SourceCard) -> None:
    kind, number, at = document.kind.strip(), document.number, document.place.at
    if number is None:
        said = "; ".join([kind, *(text for text in document.values.values() if text is not None)])
        entry.aside("a document without a number", field="IDRegDocument", value=said, at=at)
    elif kind in IMO_TYPES and (_IMO.fullmatch(number.strip()) or (kind, entry.schema) == (SHIP_NUMBER, "Vessel")):
        # Ships and the companies that own or manage them are numbered by two schemes under one name.
        _say_number("imoNumber" if entry.schema == "Vessel" else "registrationNumber", document, entry)
    elif kind in card.values["number"]:
        _say_number(card.values["number"][kind], document, entry)
    else:
        schema = card.values["IDRegDocType"].get(kind)
        if schema is None:
            reason = "a kind of document that the card does not know; taken as Identification"
            entry.aside(reason, field="IDRegDocType", value=kind, at=at)
        schema = schema or "Identification"
        entity = entry.sub_entity(schema.lower(), schema, {"type": kind, **document.values}, at=at)
        entry.link(entity, schema, "holder", at=at)


def _say_number(prop: str, document: Document, entry: Entry) -> None:
    """A number that is a property of the entry itself; what else is said of it, unless that it is valid, is a note."""
    entry.say(prop, document.number, at=document.place.at)
    for name, text in document.values.items():
        if text is not None and name != "number" and text not in {document.number, VALID}:
            entry.say("notes", f"{document.kind} {document.number}: {name} {text}", at=document.place.at)


def _read_feature(feature: Element, entry: Entry, place: Place, references: References, card: SourceCard) -> None:
    kind = (references.text("FeatureType", feature.get("FeatureTypeID"), place) or "").strip()
    for index, version in enumerate(feature.iterfind("FeatureVersion"), start=1):
        here = Place(place.transcript, place.part, f"{place.at}/FeatureVersion[{index}]")
        locations = [
            references.location(found.get("LocationID"), here) for found in version.iterfind("VersionLocation")
        ]
        known = [location for location in locations if location is not None]
        values = list(_values(version, here, references))
        entry.say("notes", version.findtext("Comment"), at=here.at)
        if references.is_rated_false(version):
            said = "; ".join([*values, *(location.text for location in known)])
            entry.aside("rated false by the list itself; kept as a note", field=kind, value=said, at=here.at)
            entry.say("notes", f"{kind} (rated false): {said}", at=here.at)
            continue
        if kind == LOCATION:
            for location in known:
                _read_address(location, entry, here.at)
        else:
            values += [location.text for location in known if location.text]
        if not values and not locations:
            entry.aside("a feature without a value", field=kind, at=here.at)
        for value in values:
            _say_feature(kind, value, entry, here.at, card)


def _values(version: Element, place: Place, references: References) -> Iterator[str]:
    for detail in version.iterfind("VersionDetail"):
        if detail.text is not None and detail.text.strip():
            yield detail.text
        if looked_up := references.text("DetailReference", detail.get("DetailReferenceID"), place):
            yield looked_up
    for dated in version.iterfind("DatePeriod"):
        if on := period(dated):
            yield on


def _say_feature(kind: str, value: str, entry: Entry, at: str, card: SourceCard) -> None:
    properties, measures = card.values["FeatureType"], card.values["FeatureSanction"]
    if kind.startswith(WALLET):
        values = {"publicKey": value, "currency": kind.removeprefix(WALLET)}
        entry.link(entry.sub_entity("wallet", "CryptoWallet", values, at=at), "CryptoWallet", "holder", at=at)
    elif kind == TITLE:
        entry.say("position" if entry.schema == "Person" else "notes", value, at=at)
    elif kind in properties:
        entry.say(properties[kind], value, at=at)
    elif kind in measures:
        prop = measures[kind]
        entry.sanction(prop, f"{kind} {value}" if prop == "provisions" else value, at=at)
    else:
        reason = "a kind of feature that the card does not know; kept as a note"
        entry.aside(reason, field=kind or "FeatureType", value=value, at=at)
        entry.say("notes", f"{kind}: {value}" if kind else value, at=at)


def _read_address(location: Location, entry: Entry, at: str) -> None:
    """An address, and the same in another script where the list prints it so; both cite the place, not the party."""
    for spelling in location.spellings:
        remarks = "; ".join(text for text in (location.remarks, spelling.remarks) if text)
        values = {**spelling.parts, "country": location.country, "remarks": remarks}
        address = entry.sub_entity("address", "Address", values, at=location.at)
        if address is not None:
            entry.say("addressEntity", address, at=at, cleaned=Cleaned.of(address))
