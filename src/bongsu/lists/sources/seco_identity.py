"""Reads an identity of Switzerland's list: its names in all their spellings, days, places, addresses and documents."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, clean
from bongsu.lists.transcript import Entry

# Bibliographic codes of ISO 639-2 whose terminological code, that of ISO 639-3, is another.
TERMINOLOGICAL: Final = {
    "fre": "fra",
    "ger": "deu",
    "per": "fas",
    "chi": "zho",
    "bur": "mya",
    "dut": "nld",
    "gre": "ell",
}
PLACE: Final = {"location": "city", "area": "state"}
ADDRESS: Final = {"c-o": "summary", "address-details": "street", "p-o-box": "postOfficeBox", "zip-code": "postalCode"}
# ISO 3166-3: codes of states that are no more.
FORMER_STATES: Final = frozenset({"AN", "BU", "CS", "DD", "FX", "SU", "TP", "YD", "YU", "ZR"})
BORN: Final = {
    "Person": "birthDate",
    "Organization": "incorporationDate",
    "Vessel": "buildDate",
    "Airplane": "buildDate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A whole name as printed or in another spelling."""

    prop: str
    text: str
    lang: str | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What an identity is read with: the card, and the copy's places by their number."""

    card: SourceCard
    places: Mapping[str, Element]


def children(element: Element, at: str, *tags: str) -> Iterator[tuple[Element, str]]:
    """The children of some tags with the XPath of each."""
    counts: Counter[str] = Counter()
    for child in element:
        counts[child.tag] += 1
        if child.tag in tags:
            yield child, f"{at}/{child.tag}[{counts[child.tag]}]"


def squeezed_text(text: str | None) -> str:
    """A text with single blanks, the empty text where there is none."""
    return " ".join((text or "").split())


def names_of(body: Element, at: str, card: SourceCard) -> Iterator[Name]:
    """Every name of every identity, each followed by its other spellings."""
    for identity, where in children(body, at, "identity"):
        for name, place in children(identity, where, "name"):
            prop = card.values["name-type"].get(name.get("name-type", ""), "alias")
            if prop == "name" and identity.get("main") == "false":
                prop = "alias"
            if prop != "name" and name.get("quality") == "low":
                prop = "weakAlias"
            parts = _parts(name, card)
            text = _joined([part.findtext("value") for part in parts])
            if text.strip():
                yield Name(prop=prop, text=text, lang=_language(name.get("lang")), at=place)
            other = "alias" if prop == "name" else prop
            for spelling, lang, is_whole in _spellings(parts):
                yield Name(prop=other if is_whole else "weakAlias", text=spelling, lang=lang, at=place)


def _parts(name: Element, card: SourceCard) -> list[Element]:
    """The parts of a name in the order they are numbered, titles apart."""
    parts = [part for part in name.findall("name-part") if _part_prop(part, card) != "title"]
    return sorted(parts, key=lambda part: int(part.get("order", "")) if part.get("order", "").isdigit() else len(parts))


def _part_prop(part: Element, card: SourceCard) -> str:
    return card.values["name-part-type"].get(part.get("name-part-type", ""), "name")


def _joined(texts: list[str | None]) -> str:
    """One text as printed; several with a blank between them."""
    filled = [text for text in texts if text is not None and text.strip()]
    return filled[0] if len(filled) == 1 else " ".join(squeezed_text(text) for text in filled)


def _spellings(parts: list[Element]) -> Iterator[tuple[str, str | None, bool]]:
    """Names in other spellings, with their language: in each language and script, the parts that are spelled in it.

    A Latin spelling of some parts is a whole name with the others as they are. One in another script is not: what is
    spelled stands alone then, and it is said that it is no whole name.
    """
    by_script: defaultdict[tuple[str, str, int], dict[int, str]] = defaultdict(dict)
    for place, part in enumerate(parts):
        counts: Counter[tuple[str, str]] = Counter()
        for variant in part.findall("spelling-variant"):
            script = variant.get("lang", ""), variant.get("script", "")
            if variant.text is not None and variant.text.strip():
                by_script[(*script, counts[script])][place] = variant.text
                counts[script] += 1
    for (lang, script_name, _), spelled in by_script.items():
        is_whole = len(spelled) == len(parts) or script_name.upper() in {"", "LATN"}
        texts = (
            [spelled.get(place, part.findtext("value")) for place, part in enumerate(parts)]
            if is_whole
            else spelled.values()
        )
        yield _joined(list(texts)), _language(lang), is_whole


def _language(code: str | None) -> str | None:
    """The ISO 639-3 code of a language's ISO 639-2 code in either case."""
    lowered = (code or "").strip().lower()
    return TERMINOLOGICAL.get(lowered, lowered) or None


def together(*printed: str | None) -> str | None:
    """Texts in one, those that say nothing left out; None where none says anything."""
    return "; ".join(text for text in printed if text is not None and text.strip()) or None


def read_identity(identity: Element, at: str, entry: Entry, tables: Tables) -> None:
    """Write down an identity, but for its whole names: their parts, nationality, birth, addresses and documents."""
    _read_name_parts(identity, at, entry, tables.card)
    for child, where in children(identity, at, "nationality"):
        country = child.find("country")
        if country is not None:
            entry.say("nationality", country.text, at=where, cleaned=_country(country))
    for child, where in children(identity, at, "day-month-year"):
        printed, made = _day(child)
        entry.say(BORN.get(entry.schema, "buildDate"), printed, at=where, cleaned=made)
    for child, where in children(identity, at, "place-of-birth"):
        place, country = _place(child, entry, tables, where)
        entry.say("birthPlace", _comma(*place.values()), at=where)
        if country is not None:
            entry.say("birthCountry", country.text, at=where, cleaned=_country(country))
    for child, where in children(identity, at, "address"):
        _read_address(child, entry, tables, where)
    for child, where in children(identity, at, "identification-document"):
        _read_document(child, entry, tables, where)


def _read_name_parts(identity: Element, at: str, entry: Entry, card: SourceCard) -> None:
    """The given, father's and family names of a person's own primary name, and every title."""
    for name, where in children(identity, at, "name"):
        is_own = identity.get("main") != "false" and name.get("name-type") == "primary-name"
        for part in name.findall("name-part"):
            prop = _part_prop(part, card)
            if entry.schema == "Person" and (prop == "title" or (is_own and prop != "name")):
                entry.say(prop, part.findtext("value"), at=where)
            elif prop == "title":
                entry.aside(f"fits no {entry.schema}", field="name-part", value=part.findtext("value") or "", at=where)


def _country(element: Element) -> Cleaned:
    """The territory of a country element: by its code, if it is one of a state that still is; else by its name."""
    code = element.get("iso-code", "").strip()
    if re.fullmatch(r"[A-Z]{2}", code) and code not in FORMER_STATES:
        return Cleaned.of(code.lower())
    return clean("country", element.text or "")


def _day(element: Element) -> tuple[str, Cleaned | None]:
    """A day as far as it is printed, and why it is none: another calendar, or a low quality."""
    year, month, on = (element.get(name, "").strip() for name in ("year", "month", "day"))
    if year and (month or not on):
        printed = "-".join(part.zfill(2) for part in (year, month, on) if part)
    else:
        printed = ".".join(part or "?" for part in (on, month, year)) if year or month or on else ""
    if element.get("calendar", "Gregorian") != "Gregorian":
        return printed, Cleaned.no(f"a day of the calendar {element.get('calendar')!r}")
    if element.get("quality", "good") != "good":
        return printed, Cleaned.no(f"of {element.get('quality')} quality, as the list says")
    return printed, None


def _place(element: Element, entry: Entry, tables: Tables, at: str) -> tuple[dict[str, str | None], Element | None]:
    """The city, the area and the country of an element that names a place of the copy's table, or prints it itself."""
    number = element.get("place-id")
    place = element if number is None else tables.places.get(number)
    if place is None:
        entry.aside("a place that this copy does not hold", field=f"{element.tag}/@place-id", value=number or "", at=at)
        place = element
    texts = {prop: place.findtext(tag) for tag, prop in PLACE.items()}
    country = place.find("country")
    variants = _comma(*(child.text for child in place if child.tag.endswith("-variant")))
    return {**texts, "country": None if country is None else country.text, "remarks": variants}, country


def _comma(*printed: str | None) -> str | None:
    return ", ".join(squeezed_text(text) for text in printed if text is not None and text.strip()) or None


def _read_address(element: Element, entry: Entry, tables: Tables, at: str) -> None:
    place, country = _place(element, entry, tables, at)
    values = {prop: element.findtext(tag) for tag, prop in ADDRESS.items()} | place
    former = "current: false" if element.get("current") == "false" else None
    values["remarks"] = together(element.findtext("remark"), element.findtext("remarks"), place["remarks"], former)
    cleaned = {} if country is None else {"country": _country(country)}
    address = entry.sub_entity("address", "Address", values, at=at, cleaned=cleaned)
    if address is not None:
        entry.say("addressEntity", address, at=at, cleaned=Cleaned.of(address))


def _read_document(element: Element, entry: Entry, tables: Tables, at: str) -> None:
    kind = element.get("document-type")
    schema = tables.card.values["document-type"].get(kind or "", "Identification")
    issuer, place = element.find("issuer"), element.find("place-of-issue")
    where = None if place is None else _comma(*_place(place, entry, tables, at)[0].values())
    code = "" if issuer is None else issuer.get("code", "").strip()
    values = {
        "type": kind,
        "number": element.findtext("number"),
        "country": None if issuer is None else issuer.text or code,
        "authority": where,
        "startDate": _written_day(element.find("date-of-issue")),
        "endDate": _written_day(element.find("expiry-date")),
        "summary": element.findtext("remark"),
    }
    is_code = re.fullmatch(r"[A-Z]{2}", code) and code not in FORMER_STATES
    document = entry.sub_entity(
        schema.lower(), schema, values, at=at, cleaned={"country": Cleaned.of(code.lower())} if is_code else {}
    )
    entry.link(document, schema, "holder", at=at)


def _written_day(element: Element | None) -> str | None:
    """A day printed as text or as a day, a month and a year."""
    if element is None:
        return None
    inner = element.find("day-month-year")
    return element.text if inner is None else _day(inner)[0]
