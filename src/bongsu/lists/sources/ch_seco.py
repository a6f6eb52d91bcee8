"""Reads Switzerland's sanctions list (SECO) from the XML of the whole list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.kernel.clock import day
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned
from bongsu.lists.markup import xml_root
from bongsu.lists.model import Part, Reading
from bongsu.lists.sources.seco_identity import (
    ADDRESS,
    PLACE,
    Name,
    Tables,
    children,
    names_of,
    read_identity,
    squeezed_text,
    together,
)
from bongsu.lists.transcript import Entry, Transcript

ROOT: Final = "swiss-sanctions-list"
WHOLE: Final = "whole-list"  # the same root also carries lists of amendments
ROOT_ATTRIBUTES: Final = frozenset(
    {"list-type", "date", "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"}
)
SECTIONS: Final = ("sanctions-program", "target", "place")
_PLACED: Final = (
    frozenset({"ssid", "place-id", "quality"}),
    frozenset({*PLACE, "location-variant", "area-variant", "country"}),
)
_ABOUT: Final = frozenset({"identity", "justification", "relation", "other-information"})
_TEXT: Final = (frozenset({"ssid", "lang"}), frozenset[str]())
# Attributes and elements known in each element; one that is not here holds text only.
KNOWN: Final = {
    "sanctions-program": (frozenset({"ssid"}), frozenset({"program-key", "program-name", "sanctions-set", "origin"})),
    "place": _PLACED,
    "target": (
        frozenset({"ssid", "sanctions-set-id"}),
        frozenset(
            {
                "sanctions-set-id",
                "foreign-identifier",
                "generic-attribute",
                "individual",
                "entity",
                "object",
                "modification",
            }
        ),
    ),
    "generic-attribute": (frozenset({"ssid", "name"}), frozenset[str]()),
    "individual": (frozenset({"ssid", "sex"}), _ABOUT),
    "entity": (frozenset({"ssid"}), _ABOUT),
    "object": (frozenset({"ssid", "object-type"}), _ABOUT),
    "identity": (
        frozenset({"ssid", "main"}),
        frozenset({"name", "nationality", "day-month-year", "place-of-birth", "address", "identification-document"}),
    ),
    "name": (frozenset({"ssid", "name-type", "quality", "lang"}), frozenset({"name-part"})),
    "name-part": (frozenset({"order", "name-part-type"}), frozenset({"value", "spelling-variant"})),
    "spelling-variant": (frozenset({"lang", "script"}), frozenset[str]()),
    "nationality": (frozenset({"ssid"}), frozenset({"country"})),
    "country": (frozenset({"iso-code"}), frozenset[str]()),
    "day-month-year": (frozenset({"ssid", "day", "month", "year", "calendar", "quality"}), frozenset[str]()),
    "place-of-birth": _PLACED,
    "place-of-issue": _PLACED,
    "address": (_PLACED[0] | {"current"}, _PLACED[1] | {*ADDRESS, "remark", "remarks"}),
    "identification-document": (
        frozenset({"ssid", "document-type"}),
        frozenset({"number", "issuer", "date-of-issue", "expiry-date", "place-of-issue", "remark"}),
    ),
    "issuer": (frozenset({"code"}), frozenset[str]()),
    "date-of-issue": (frozenset[str](), frozenset({"day-month-year"})),
    "expiry-date": (frozenset[str](), frozenset({"day-month-year"})),
    "relation": (frozenset({"ssid", "target-id", "relation-type"}), frozenset({"remark"})),
    "modification": (frozenset({"modification-type", "effective-date"}), frozenset[str]()),
}
_UN_REFERENCE: Final = re.compile(r"[A-Z]{2}[ie]\.[0-9]{3}")
_IMO: Final = re.compile(r"IMO(?: number| no\.?)?\s*:\s*(.*?)\.?", re.IGNORECASE | re.DOTALL)
_SWIFT: Final = re.compile(
    r"\bSWIFT(?:/BIC)?(?: codes?)?\s*:\s*((?:[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?:,? and |, |/)?)+)"
)
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What stands under one sanctions set: the programme's key and name, the measures, who decided, and where."""

    key: str
    name: str | None
    measures: str | None
    origin: str | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """One copy being read: its programmes by the number of each set, its places, and the targets in force."""

    part: Part
    card: SourceCard
    transcript: Transcript
    programmes: dict[str, Programme]
    tables: Tables
    in_force: frozenset[str]


def recognises(content: bytes) -> bool:
    """Whether the first bytes are those of Switzerland's list."""
    return b"<swiss-sanctions-list" in content[:2000]


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy: the targets in force.

    Args:
        parts: the one part, `main`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, not well-formed, a document type or entities in it, another root, an unknown
            section, no date, or a list of amendments instead of the whole.
    """
    part, transcript = parts[0], Transcript()
    root = _root(part)
    printed_on = _printed_on(root)
    targets = list(children(root, f"xpath=/{ROOT}", "target"))
    in_force = [(target, at) for target, at in targets if not _is_de_listed(target, card)]
    copy = _Copy(
        part=part,
        card=card,
        transcript=transcript,
        programmes=_programmes(root, part, card, transcript),
        tables=Tables(card=card, places={place.get("ssid", ""): place for place in root.findall("place")}),
        in_force=frozenset(target.get("ssid", "") for target, _ in in_force),
    )
    _note_frame(root, part, transcript)
    for place, at in children(root, f"xpath=/{ROOT}", "place"):
        _note_strays(place, at, part, card, transcript)
    _note_de_listed([target for target, _ in targets if _is_de_listed(target, card)], copy)
    seen: set[str] = set()
    for target, at in in_force:
        _read_target(target, at, copy, seen)
    return transcript.reading(card, in_file=len(in_force), printed_on=printed_on)


def _root(part: Part) -> Element:
    root = xml_root(part, tag=ROOT)
    kind = root.get("list-type")
    if kind != WHOLE:
        raise SourceRefusedError(
            f"is of the type {kind!r}, not {WHOLE!r}: it may hold changes only",
            where=part.name,
            remedy="fetch the whole list from the publisher",
        )
    unknown = sorted({child.tag for child in root} - set(SECTIONS))
    if unknown:
        raise SourceRefusedError(f"has the sections {', '.join(unknown)}, which are not known", where=part.name)
    return root


def _printed_on(root: Element) -> date:
    """The day the list prints of itself."""
    printed = root.get("date", "")
    try:
        return day(printed[:10])
    except UsageError:
        raise SourceRefusedError(f"says it is of {printed!r}, which is no day", where=ROOT) from None


def _strays(element: Element, at: str, card: SourceCard) -> Iterator[tuple[str, str, str]]:
    """What stands where no reader looks: the place, the field, and what stands there."""
    attributes, elements = KNOWN.get(element.tag, _TEXT)
    for name, value in element.attrib.items():
        if name not in attributes and name not in card.ignored:
            yield at, f"{element.tag}/@{name}", value
    for child, where in children(element, at, *(child.tag for child in element)):
        if child.tail is not None and child.tail.strip():
            yield at, element.tag, child.tail
        if child.tag in elements:
            yield from _strays(child, where, card)
        elif child.tag not in card.ignored:
            yield where, f"{element.tag}/{child.tag}", "".join(child.itertext())
    if (
        elements
        and element.text is not None
        and element.text.strip()
        and element.tag not in ("date-of-issue", "expiry-date")
    ):
        yield at, element.tag, element.text


def _note_frame(root: Element, part: Part, transcript: Transcript) -> None:
    """Set aside what stands outside of the sections."""
    strays = [(f"{ROOT}/@{name}", value) for name, value in root.attrib.items() if name not in ROOT_ATTRIBUTES]
    strays += [(ROOT, text) for text in (root.text, *(child.tail for child in root)) if text and text.strip()]
    for field, value in strays:
        transcript.aside(part, f"xpath=/{ROOT}", "stands where the reader knows no field", field=field, value=value)


def _note_strays(element: Element, at: str, part: Part, card: SourceCard, transcript: Transcript) -> None:
    for where, field, value in _strays(element, at, card):
        transcript.aside(part, where, "stands where the reader knows no field", field=field, value=value)


def _programmes(root: Element, part: Part, card: SourceCard, transcript: Transcript) -> dict[str, Programme]:
    """Programmes by the number of each set. A key the card does not know is set aside once, where it stands."""
    found: dict[str, Programme] = {}
    unknown: set[str] = set()
    for element, at in children(root, f"xpath=/{ROOT}", "sanctions-program"):
        _note_strays(element, at, part, card, transcript)
        key = squeezed_text(_english(element, "program-key"))
        if key and key not in card.programmes and key not in unknown:
            unknown.add(key)
            transcript.aside(part, at, card.unknown_programme(key)[1], field="program-key", value=key)
        for number in {set_.get("ssid", "") for set_ in element.iter("sanctions-set")}:
            found[number] = Programme(
                key=key,
                name=_english(element, "program-name"),
                measures=_english(element, "sanctions-set", ssid=number),
                origin=element.findtext("origin"),
                at=at,
            )
    return found


def _english(element: Element, tag: str, *, ssid: str | None = None) -> str | None:
    """The English text of a tag; the first there is where none is English."""
    texts = {
        child.get("lang", ""): child.text for child in element.findall(tag) if ssid is None or child.get("ssid") == ssid
    }
    return texts.get("eng") or next(iter(texts.values()), None)


def _sets(target: Element) -> list[str]:
    """The numbers of the sanctions sets of a target: elements of it today, an attribute in older copies."""
    numbers = [squeezed_text(child.text) for child in target.findall("sanctions-set-id")]
    return [number for number in (*numbers, target.get("sanctions-set-id", "")) if number]


def _effective(modification: Element) -> str:
    days = (modification.get(name) for name in ("effective-date", "enactment-date", "publication-date"))
    return next((printed for printed in days if printed), "")


def _is_de_listed(target: Element, card: SourceCard) -> bool:
    """Whether the last modification took a target off the list; of two on one day, the first printed is the later."""
    last = max(target.findall("modification"), key=_effective, default=None)
    return last is not None and card.values["modification-type"].get(last.get("modification-type", "")) == "endDate"


def _note_de_listed(targets: list[Element], copy: _Copy) -> None:
    by_programme: defaultdict[str, list[str]] = defaultdict(list)
    for target in targets:
        keys = sorted({copy.programmes[number].key for number in _sets(target) if number in copy.programmes})
        by_programme[", ".join(keys) or "no programme"].append(target.get("ssid", "?"))
    for key, numbers in sorted(by_programme.items()):
        reason = f"{len(numbers)} de-listed under {key}: designated no more, neither read nor counted as entries"
        copy.transcript.aside(copy.part, f"xpath=/{ROOT}", reason, field="target", value=" ".join(numbers))


def _read_target(target: Element, at: str, copy: _Copy, seen: set[str]) -> None:
    card, number = copy.card, target.get("ssid", "").strip()
    bodies = list(children(target, at, *card.values["target"]))
    names = list(names_of(bodies[0][0], bodies[0][1], card)) if len(bodies) == 1 else []
    if not number or number in seen or len(bodies) != 1 or not names:
        copy.transcript.aside(
            copy.part,
            at,
            _why_not(number, len(bodies), number in seen),
            value=squeezed_text(" ".join(target.itertext())),
            whole=True,
        )
        return
    seen.add(number)
    body, where = bodies[0]
    schema = card.values["target"][body.tag]
    if body.tag == "object":
        schema = card.values["object-type"].get(body.get("object-type", ""), schema)
    entry = copy.transcript.entry(copy.part, listing=f"{card.id}:{number}", schema=schema, locator=at)
    if body.tag == "object" and body.get("object-type", "") not in card.values["object-type"]:
        entry.aside(
            f"a kind of object that the card does not know; taken as {schema}",
            field="object/@object-type",
            value=body.get("object-type", ""),
            at=where,
        )
    _saynames_of(names, entry)
    _say_sanction(target, at, number, entry, copy)
    _read_body(body, where, entry, copy)
    for place, field, value in _strays(target, at, card):
        entry.aside("stands where the reader knows no field", field=field, value=value, at=place)
    for reason, field, value, place in _unknown_codes(target, at, card):
        entry.aside(reason, field=field, value=value, at=place)


def _why_not(number: str, bodies: int, is_twice: bool) -> str:
    """Why a target becomes no listing."""
    if not number:
        return "has no number (ssid)"
    if is_twice:
        return f"{number} stands twice in this copy"
    return f"{number} has no name" if bodies == 1 else f"{number} is not one individual, entity or object, but {bodies}"


def _in_force(target: Element, card: SourceCard) -> Iterator[Element]:
    """An element and all within it, but for history."""
    waiting = [target]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [child for child in reversed(element) if child.tag not in card.ignored]


def _unknown_codes(target: Element, at: str, card: SourceCard) -> Iterator[tuple[str, str, str, str]]:
    """Coded attributes with a value that the card does not know; the reader takes the plainest reading of each."""
    for element in _in_force(target, card):
        for name in ("name-type", "quality", "name-part-type", "modification-type", "document-type"):
            value = element.get(name)
            if value is not None and value not in card.values[name]:
                yield f"a value of {name} that the card does not know", f"{element.tag}/@{name}", value, at


def _saynames_of(names: list[Name], entry: Entry) -> None:
    has_name = any(name.prop == "name" for name in names)
    for index, name in enumerate(names):
        prop = name.prop if has_name or index else "name"
        entry.say(prop, name.text, at=name.at, lang=name.lang)
    if not has_name:
        entry.aside("no primary name; the first that is printed is taken for it", field="name", value=names[0].text)


def _say_sanction(target: Element, at: str, number: str, entry: Entry, copy: _Copy) -> None:
    entry.sanction("authority", copy.card.authority_name, cleaned=Cleaned.of(copy.card.authority_name))
    entry.sanction("authorityId", number)
    said: set[str] = set()
    for set_number in _sets(target):
        programme = copy.programmes.get(set_number)
        if programme is None or not programme.key:
            entry.aside("no programme of this copy has such a set", field="sanctions-set-id", value=set_number)
            continue
        if programme.key not in said:
            said.add(programme.key)
            known = programme.key in copy.card.programmes
            made = None if known else copy.card.unknown_programme(programme.key)[0]
            entry.sanction("program", programme.key, at=programme.at, cleaned=made)
            entry.sanction("summary", programme.name, at=programme.at)
            entry.sanction("origin", programme.origin, at=programme.at)
        entry.sanction("provisions", programme.measures, at=programme.at)
    if not _sets(target):
        entry.aside("no programme", field="sanctions-set-id")
    for child, where in children(target, at, "foreign-identifier"):
        prop = "unscId" if _UN_REFERENCE.fullmatch(squeezed_text(child.text)) else "recordId"
        entry.sanction(prop, child.text, at=where)
    for child, where in children(target, at, "generic-attribute"):
        entry.say("notes", together(child.get("name"), child.text), at=where)
    _say_days(target, at, entry, copy.card)


def _say_days(target: Element, at: str, entry: Entry, card: SourceCard) -> None:
    """When the listing took effect (the last time, if it came back) and when it was amended since."""
    listed = ""
    for child, where in sorted(
        children(target, at, "modification"), key=lambda pair: _effective(pair[0]), reverse=True
    ):
        prop = card.values["modification-type"].get(child.get("modification-type", ""))
        printed = _effective(child)
        if prop == "modifiedAt" or (prop == "listingDate" and not listed):
            entry.sanction(prop, printed, at=where)
            listed = listed or (printed if prop == "listingDate" else "")


def _read_body(body: Element, at: str, entry: Entry, copy: _Copy) -> None:
    entry.say("gender", body.get("sex"), at=at)
    for child, where in children(body, at, "justification"):
        entry.sanction("reason", child.text, at=where)
    for child, where in children(body, at, "other-information"):
        _read_information(child.text or "", entry, where)
    for child, where in children(body, at, "relation"):
        _read_relation(child, entry, copy, where)
    for identity, where in children(body, at, "identity"):
        read_identity(identity, where, entry, copy.tables)


def _read_information(text: str, entry: Entry, at: str) -> None:
    """A note, and what is plainly said in it: a ship's IMO number, a bank's SWIFT codes."""
    entry.say("notes", text, at=at)
    imo = _IMO.fullmatch(text.strip())
    if imo is not None and entry.schema == "Vessel":
        entry.say("imoNumber", imo[1], at=at)
    if entry.schema == "Organization":
        for codes in _SWIFT.findall(text):
            for code in _BIC.findall(codes):
                entry.say("swiftBic", code, at=at)


def _read_relation(element: Element, entry: Entry, copy: _Copy, at: str) -> None:
    number = element.get("target-id", "")
    made = Cleaned.of(f"{copy.card.id}:{number}") if number in copy.in_force else Cleaned.no("no target in force")
    values = {"object": number, "role": element.get("relation-type"), "summary": element.findtext("remark")}
    link = entry.sub_entity("link", "UnknownLink", values, at=at, cleaned={"object": made})
    entry.link(link, "UnknownLink", "subject", at=at)
