"""Reads Canada's consolidated autonomous sanctions list from its XML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned
from bongsu.lists.markup import xml_root
from bongsu.lists.model import Part, Reading
from bongsu.lists.transcript import Entry, Transcript

ROOT: Final = "data-set"
RECORD: Final = "record"
# What the one date of a record is, by what the record is about.
DATES: Final = {"Person": "birthDate", "Vessel": "buildDate"}
TITLES: Final = {"Person": "title", "Vessel": "type"}
NO_SCHEDULE: Final = frozenset({"", "n/a"})
_ITEM: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One element of a record: its name, its text as printed, and where it stands."""

    tag: str
    text: str
    at: str

    @property
    def squeezed(self) -> str:
        """The text with single blanks."""
        return " ".join(self.text.split())


def recognises(content: bytes) -> bool:
    """Whether the first bytes are those of Canada's list."""
    head = content[:4000]
    return b"<data-set" in head and (b"<Country>" in head or b"<Country-Pays>" in head)


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `main`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, not well-formed, a document type or entities in it, another root, or another
            element than a record in it.
    """
    part = parts[0]
    root = xml_root(part, tag=ROOT)
    transcript = Transcript()
    for field, value in _strays(root):
        transcript.aside(part, f"xpath=/{ROOT}", "stands where the reader knows no field", field=field, value=value)
    seen: set[str] = set()
    for index, element in enumerate(_records(root), start=1):
        _read_record(element, f"xpath=/{ROOT}/{RECORD}[{index}]", part, card, transcript, seen)
    return transcript.reading(card, in_file=len(root))


def _records(root: Element) -> Iterator[Element]:
    for element in root:
        if element.tag != RECORD:
            raise SourceRefusedError(f"has <{element.tag}> where only <{RECORD}> is known", where=ROOT)
        yield element


def _strays(holder: Element) -> Iterator[tuple[str, str]]:
    """Attributes of an element that holds others, and text beside those; each with its place."""
    yield from ((f"{holder.tag}/@{name}", value) for name, value in holder.attrib.items())
    for text in (holder.text, *(child.tail for child in holder)):
        if text is not None and text.strip():
            yield holder.tag, text


def _read_record(
    element: Element, at: str, part: Part, card: SourceCard, transcript: Transcript, seen: set[str]
) -> None:
    fields, unread = _fields(element, card, at)
    name, reference = _name(fields), _reference(fields)
    if reference is None or name is None or reference in seen:
        excerpt = " ".join("".join(element.itertext()).split())
        transcript.aside(part, at, _why_not(reference, name), value=excerpt, whole=True)
        return
    seen.add(reference)
    entry = transcript.entry(part, listing=f"{card.id}:{reference}", schema=_schema(fields), locator=at)
    _say_name(name, fields, entry)
    _say_sanction(reference, fields, entry, card)
    _say_rest(fields, entry, card)
    for field, value, reason in unread:
        entry.aside(reason, field=field, value=value)


def _why_not(reference: str | None, name: str | None) -> str:
    """Why a record becomes no listing."""
    if reference is None:
        return "has no heading over it, or no item number such as 12"
    return f"{reference} has no name" if name is None else f"{reference} stands twice in this copy"


def _fields(element: Element, card: SourceCard, at: str) -> tuple[dict[str, Field], list[tuple[str, str, str]]]:
    """The fields of a record by what they are; and what cannot be taken for one, with its place and the reason."""
    fields: dict[str, Field] = {}
    unread = [(field, value, "stands where the reader knows no field") for field, value in _strays(element)]
    for child in element:
        role = card.values["element"].get(child.tag)
        text = "".join(child.itertext())
        unread += [
            (f"{child.tag}/@{name}", value, "an attribute no reader knows") for name, value in child.attrib.items()
        ]
        if not text.strip() or child.tag in card.ignored:
            continue
        if role is None:
            unread.append((child.tag, text, "a field no reader knows"))
        elif role in fields:
            unread.append((child.tag, text, "a second field of its kind"))
        else:
            fields[role] = Field(tag=child.tag, text=text, at=f"{at}/{child.tag}[1]")
            unread += [
                (f"{child.tag}/{inner.tag}", "".join(inner.itertext()), "a field inside a field") for inner in child
            ]
    return fields, unread


def _name(fields: dict[str, Field]) -> str | None:
    """The name as printed: an entity's or a ship's whole (a slash may part two languages or belong to the name), a
    person's given names before the surname.
    """
    if "entity" in fields:
        return fields["entity"].text
    return " ".join(fields[role].squeezed for role in ("firstName", "lastName") if role in fields) or None


def _schema(fields: dict[str, Field]) -> str:
    """A ship is an entity with an IMO number or a ship's type; whoever has no entity's name is a person."""
    if "entity" not in fields:
        return "Person"
    return "Vessel" if "imoNumber" in fields or "title" in fields else "Organization"


def _reference(fields: dict[str, Field]) -> str | None:
    """Where an entry stands in the law, such as `russia/1-part-1/1114`: the heading, the schedule, the item.

    Canada prints no number of its own. These three are unique in the copy of May 2025 and stable as far as it shows:
    items that were repealed leave a gap, and those behind them keep their number.
    """
    if "heading" not in fields or "item" not in fields or not _ITEM.fullmatch(fields["item"].squeezed):
        return None
    heading = _slug(fields["heading"].text.partition(" / ")[0])
    schedule = fields["schedule"].squeezed if "schedule" in fields else ""
    steps = [heading, "" if schedule.casefold() in NO_SCHEDULE else _slug(schedule), fields["item"].squeezed]
    return "/".join(step for step in steps if step) if heading else None


def _slug(text: str) -> str:
    """`1, Part 1.1` as `1-part-1.1`: case, accents, blanks and commas differ from copy to copy."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[^\W_]+(?:\.[^\W_]+)*", plain))


def _say_name(name: str, fields: dict[str, Field], entry: Entry) -> None:
    entry.say("name", name, at=fields["entity"].at if "entity" in fields else None)
    for role in ("firstName", "lastName"):
        if role not in fields:
            continue
        if entry.schema == "Person":
            entry.say(role, fields[role].text, at=fields[role].at)
        else:
            entry.aside(
                "a person's name beside an entity's",
                field=fields[role].tag,
                value=fields[role].text,
                at=fields[role].at,
            )


def _say_sanction(reference: str, fields: dict[str, Field], entry: Entry, card: SourceCard) -> None:
    entry.sanction("authority", card.authority_name, cleaned=Cleaned.of(card.authority_name))
    printed = ", ".join(fields[role].squeezed for role in ("heading", "schedule", "item") if role in fields)
    entry.sanction("authorityId", printed, cleaned=Cleaned.of(reference))
    heading = fields["heading"]
    if heading.squeezed in card.programmes:
        entry.sanction("program", heading.text, at=heading.at)
    else:
        made, reason = card.unknown_programme(heading.squeezed)
        entry.sanction("program", heading.text, at=heading.at, cleaned=made)
        entry.aside(reason, field=heading.tag, value=heading.text, at=heading.at)
    if "listingDate" in fields:
        entry.sanction("listingDate", fields["listingDate"].text, at=fields["listingDate"].at)


def _say_rest(fields: dict[str, Field], entry: Entry, card: SourceCard) -> None:
    """The title or ship's type, the IMO number, the date and the aliases, each where the kind of entry has it."""
    for role, prop in (
        ("title", TITLES.get(entry.schema)),
        ("date", DATES.get(entry.schema)),
        ("imoNumber", "imoNumber" if entry.schema == "Vessel" else None),
    ):
        field = fields.get(role)
        if field is not None and prop is not None:
            entry.say(prop, field.text, at=field.at)
        elif field is not None:
            entry.aside(f"fits no {entry.schema}", field=field.tag, value=field.text, at=field.at)
    if "aliases" in fields:
        for alias, lang in _aliases(fields["aliases"].text, card.values["language"]):
            entry.say("alias", alias, at=fields["aliases"].at, lang=lang)


def _aliases(printed: str, languages: dict[str, str]) -> Iterator[tuple[str, str | None]]:
    """Each alias of the one field they are all printed in, with the language named before it.

    A semicolon parts aliases, and so does the name of a language. A comma does not: it stands inside names as often as
    between them ("Министерство культуры, спорта и туризма"), and half a name would be found where it is not meant.
    """
    label = re.compile(rf",?\s*\b({'|'.join(map(re.escape, languages))})\s*:")
    for piece in printed.split(";"):
        lang = None
        for index, text in enumerate(label.split(piece)):
            if index % 2:
                lang = languages[text]
            elif text.strip(" ,\t\r\n\u00a0"):
                yield text.strip(), lang
