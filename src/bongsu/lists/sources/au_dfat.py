"""Reads Australia's Consolidated List (DFAT) from its workbook: one row for each name, one number for each entry."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import MONTHS, Cleaned, day, day_first, squeezed
from bongsu.lists.model import Part, Reading
from bongsu.lists.rows import Row
from bongsu.lists.transcript import Entry, Transcript
from bongsu.lists.workbook import sheet_cells, sheet_names, sheet_rows

SHEET: Final = "Consolidated List"
# The columns since November 2025.
COLUMNS: Final = (
    "Reference",
    "Name of Individual or Entity",
    "Type",
    "Name Type",
    "Alias Strength",
    "Date of Birth",
    "Place of Birth",
    "Citizenship",
    "Address",
    "Additional Information",
    "Listing Information",
    "IMO Number",
    "Committees",
    "Control Date",
    "Instrument of Designation",
    "Targeted Financial Sanction",
    "Travel Ban",
    "Arms Embargo",
    "Maritime Restriction",
)
MEASURES: Final = COLUMNS[15:]
# Older workbooks have fewer: no measures and no strength, and some no instrument or no IMO number either.
OLDER: Final = tuple(
    tuple(name for name in COLUMNS[:15] if name not in left_out)
    for left_out in (
        {"Alias Strength"},
        {"Alias Strength", "IMO Number"},
        {"Alias Strength", "Instrument of Designation"},
        {"Alias Strength", "IMO Number", "Instrument of Designation"},
    )
)
# Excel counts days from here (its own day 60, 29 February 1900, never was).
SERIAL_ZERO: Final = date(1899, 12, 30)
_REFERENCE: Final = re.compile(r"([0-9]+)[a-z]*", re.IGNORECASE)
_UN_REFERENCE: Final = re.compile(r"\s*([A-Z]{2}[ie]\.[0-9]{3})\b")
_ENUMERATOR: Final = re.compile(r"(?:^|\s)[a-z]\)\s*")
_TWO_DATES: Final = re.compile(r"(?<=[0-9]{4})\s+(?=[0-9])")
_MONTH_YEAR: Final = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_LONG_MONTH: Final = re.compile(r"(?:([0-9]{1,2}) )?([A-Z][a-z]+)\.? ([0-9]{4})")
_SERIAL: Final = re.compile(r"[0-9]{5}")
_LISTED: Final = re.compile(
    r"\s*(?:Listed|Designated)\b(?:(?!amend|relist|re-list|updat|expir)[^()])*?\bon:?\s+([0-9]{1,2}\s+[A-Z][a-z]+\.?,?\s+[0-9]{4})"
)
LONG_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
# What the one date of an entry is, by what the entry is.
DATES: Final = {"Person": "birthDate", "Vessel": "buildDate"}
# Texts of an entry that say the same of it on every row; most rows repeat them.
PLAIN: Final = {"Place of Birth": "birthPlace", "Additional Information": "notes", "IMO Number": "imoNumber"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The rows of one entry.

    Args:
        number: the number before the letters of their references.
        id: the number; with a count where the list gives it to another entry too.
        rows: in the order of the sheet.
    """

    number: str
    id: str
    rows: tuple[Row, ...]


def recognises(content: bytes) -> bool:
    """Whether a file is a workbook with the first columns of this list."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    part = Part(name="main", exhibit="", content=content)
    try:
        sheet, _ = _sheet(part)
        return [name.strip() for name in sheet_cells(part, sheet, most_rows=1)[0][:2]] == list(COLUMNS[:2])
    except (SourceRefusedError, IndexError):
        return False


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `main`.
        card: the source's card.

    Raises:
        SourceRefusedError: no workbook, no sheet of the list's name or none alone, or other columns than are known.
    """
    part, transcript = parts[0], Transcript()
    sheet, others = _sheet(part)
    for name in others:
        transcript.aside(part, f"sheet={name}", "a sheet no reader knows", value=name)
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    without_number = 0
    for row in sheet_rows(part, sheet, _columns(part, sheet)):
        reference = _REFERENCE.fullmatch((row.cell("Reference") or "").strip())
        if reference is None:
            without_number += 1
            transcript.aside(part, row.locator, "has no reference such as 12 or 12a", value=row.text, whole=True)
        else:
            rows[reference[1].lstrip("0") or "0"].append(row)
    groups = [group for number, numbered in rows.items() for group in _groups(number, numbered, card)]
    for group in groups:
        _read_group(group, part, card, transcript)
    return transcript.reading(card, in_file=len(groups) + without_number)


def _sheet(part: Part) -> tuple[str, tuple[str, ...]]:
    """The sheet of the list, by its name or because it is the only one; and the others."""
    names = sheet_names(part)
    if SHEET not in names and len(names) != 1:
        raise SourceRefusedError(f"has the sheets {', '.join(names)}, and none is {SHEET!r}", where=part.name)
    sheet = SHEET if SHEET in names else names[0]
    return sheet, tuple(name for name in names if name != sheet)


def _columns(part: Part, sheet: str) -> Sequence[str]:
    """Those of the known headers that this sheet has; the newest where it has none of them, to be refused by it."""
    cells = sheet_cells(part, sheet, most_rows=1)
    header = tuple(name.strip() for name in cells[0] if name.strip()) if cells else ()
    return header if header in OLDER else COLUMNS


def _groups(number: str, rows: list[Row], card: SourceCard) -> Iterator[_Group]:
    """The entries of one number: one, unless the list gives the number by mistake to two.

    Each has one primary name. Another one begins another entry, so that nobody is told what was said of somebody else.
    """
    entries: list[list[Row]] = [[]]
    has_primary = False
    for row in rows:
        is_primary = row.cell("Name of Individual or Entity") is not None and _name_kind(row, card) == "primary"
        if is_primary and has_primary:
            entries.append([])
        has_primary = has_primary or is_primary
        entries[-1].append(row)
    for count, of_entry in enumerate(entries, start=1):
        yield _Group(number=number, id=number if count == 1 else f"{number}-{count}", rows=tuple(of_entry))


def _read_group(group: _Group, part: Part, card: SourceCard, transcript: Transcript) -> None:
    named = [row for row in group.rows if row.cell("Name of Individual or Entity")]
    if not named:
        text = " ".join(row.text for row in group.rows)
        transcript.aside(part, group.rows[0].locator, f"{group.number} has no name", value=text, whole=True)
        return
    primary = next((row for row in named if _name_kind(row, card) == "primary"), named[0])
    kind = _coded(primary.cell("Type"))
    schema = card.values["Type"].get(kind, "Organization")
    entry = transcript.entry(part, listing=f"{card.id}:{group.id}", schema=schema, locator=group.rows[0].locator)
    if kind not in card.values["Type"]:
        entry.aside(
            f"a type that the card does not know; taken as {schema}", field="Type", value=kind, at=primary.locator
        )
    _say_names(group, primary, entry, card)
    entry.sanction("authority", card.authority_name, cleaned=Cleaned.of(card.authority_name))
    entry.sanction("authorityId", group.number)
    _say_programmes(group, entry, card)
    _say_texts(group, entry)
    _say_measures(group, entry, card)
    _note_oddities(group, primary, entry)


def _coded(cell: str | None) -> str:
    """A coded cell as the card has it: single blanks, in lower case."""
    return " ".join((cell or "").split()).casefold()


def _name_kind(row: Row, card: SourceCard) -> str | None:
    """`primary`, `script` or the property of a name; None where the card does not know. Older lists left it empty."""
    kind = _coded(row.cell("Name Type"))
    return card.values["name_type"].get(kind) if kind else "primary"


def _say_names(group: _Group, primary: Row, entry: Entry, card: SourceCard) -> None:
    for row in group.rows:
        name, kind, at = row.cell("Name of Individual or Entity"), _name_kind(row, card), row.locator
        if name is None:
            entry.aside("a name is announced and none is printed", field="Name of Individual or Entity", at=at)
            continue
        prop = {"primary": "name", "script": "name"}.get(kind or "alias", kind or "alias")
        if row is primary:
            prop = "name"
            if kind != "primary":
                entry.aside(
                    "no primary name; the first that is printed is taken for it", field="Name Type", value=name, at=at
                )
        elif kind is None:
            value = row.cell("Name Type") or ""
            entry.aside(
                "a kind of name that the card does not know; taken as alias", field="Name Type", value=value, at=at
            )
        strength = _coded(row.cell("Alias Strength"))
        if strength and strength not in card.values["alias_strength"]:
            entry.aside("a strength that the card does not know", field="Alias Strength", value=strength, at=at)
        if prop == "alias":
            prop = card.values["alias_strength"].get(strength, prop)
        entry.say(prop, name, at=at)


def _once(group: _Group, column: str) -> Iterator[tuple[str, str]]:
    """The texts of a column over the rows of an entry, each once, with the row that prints it first.

    DFAT repeats an entry's texts on each of its names; where the rows differ, each says something.
    """
    seen: set[str] = set()
    for row in group.rows:
        text = row.cell(column)
        if text is not None and squeezed(text) not in seen:
            seen.add(squeezed(text))
            yield text, row.locator


def _say_programmes(group: _Group, entry: Entry, card: SourceCard) -> None:
    found = list(_once(group, "Committees"))
    for printed, at in found:
        code = " ".join(printed.split())
        if code in card.programmes:
            entry.sanction("program", printed, at=at)
            continue
        made, reason = card.unknown_programme(code)
        entry.sanction("program", printed, at=at, cleaned=made)
        entry.aside(reason, field="Committees", value=code, at=at)
    if not found:
        entry.aside("no programme", field="Committees")


def _say_texts(group: _Group, entry: Entry) -> None:
    for text, at in _once(group, "Date of Birth"):
        for printed in _dates(text):
            entry.say(DATES.get(entry.schema, "incorporationDate"), printed, at=at, cleaned=_day(printed))
    for text, at in _once(group, "Citizenship"):
        for printed in _listed(text, ";"):
            entry.say("citizenship" if entry.schema == "Person" else "country", printed, at=at)
    for text, at in _once(group, "Address"):
        for printed in _listed(text):
            address = entry.sub_entity("address", "Address", {"full": printed}, at=at)
            if address is not None:
                entry.say("addressEntity", address, at=at, cleaned=Cleaned.of(address))
    for column, prop in PLAIN.items():
        for text, at in _once(group, column):
            entry.say(prop, text, at=at)
    for text, at in _once(group, "Additional Information"):
        reference = _UN_REFERENCE.match(text)
        if reference is not None:
            entry.sanction("unscId", reference[1], at=at)
    _say_listing(group, entry)


def _say_listing(group: _Group, entry: Entry) -> None:
    """How and when it was listed. The control date is the day the entry was last edited, and no listing's."""
    for text, at in _once(group, "Listing Information"):
        listed = _LISTED.match(text)
        printed = text if _day(text).value is not None else None if listed is None else listed[1]
        if printed is not None:
            entry.sanction("listingDate", printed, at=at, cleaned=_day(printed))
        entry.sanction("summary", text, at=at)
    for text, at in _once(group, "Instrument of Designation"):
        entry.sanction("instrument", text, at=at)
    for text, at in _once(group, "Control Date"):
        entry.sanction("modifiedAt", text, at=at, cleaned=_day(text))


def _say_measures(group: _Group, entry: Entry, card: SourceCard) -> None:
    """The measures whose column says yes, by the column's name."""
    for measure in MEASURES:
        for text, at in _once(group, measure):
            meaning = card.values["measure"].get(_coded(text))
            if meaning == "yes":
                entry.sanction("provisions", measure, at=at)
            elif meaning is None:
                entry.aside("neither yes nor no", field=measure, value=text, at=at)


def _note_oddities(group: _Group, primary: Row, entry: Entry) -> None:
    """A number given twice, rows of another type than their entry, surplus cells, references that stand twice."""
    if group.id != group.number:
        entry.aside(f"has the number of another entry; called {group.id} here", field="Reference", value=group.number)
    references = Counter((row.cell("Reference") or "").strip().casefold() for row in group.rows)
    for row in group.rows:
        if _coded(row.cell("Type")) not in {_coded(primary.cell("Type")), ""}:
            entry.aside("another type than the entry's", field="Type", value=row.cell("Type") or "", at=row.locator)
        if row.surplus:
            entry.aside("more cells than columns", value=",".join(row.surplus), at=row.locator)
    for reference, count in references.items():
        if count > 1:
            entry.aside(f"{reference} stands {count} times; every row is read", field="Reference", value=reference)


def _listed(text: str, separator: str | None = None) -> list[str]:
    """The items of a cell that numbers them `a) ... b) ...`, or parts them with the separator; else the whole cell."""
    if text.lstrip().startswith("a)"):
        items = _ENUMERATOR.split(text)
    else:
        items = text.split(separator) if separator is not None and separator in text else [text]
    return [item for item in items if item.strip()]


def _dates(text: str) -> list[str]:
    """The dates of a cell: DFAT parts them with letters, commas, semicolons, or only a blank between two days."""
    pieces = [piece for item in _listed(text) for piece in re.split(r"[,;]", item)]
    return [printed for piece in pieces for printed in _TWO_DATES.split(piece) if printed.strip()]


def _day(printed: str) -> Cleaned:
    """A date as DFAT writes it: day first; month and year; a long month's name; or Excel's number of a day.

    Five digits are no year but a day from May 1927 on, in a cell that is not formatted as one; a day in a cell that is
    comes as such from the workbook.
    """
    value = " ".join(printed.split())
    if _SERIAL.fullmatch(value):
        return day((SERIAL_ZERO + timedelta(days=int(value))).isoformat())
    if match := _MONTH_YEAR.fullmatch(value):
        return day(f"{match[2]}-{match[1].zfill(2)}")
    match = _LONG_MONTH.fullmatch(value.replace(",", ""))
    if match and match[2][:3] in MONTHS and any(name.startswith(match[2]) for name in LONG_MONTHS):
        return day(" ".join(part for part in (match[1], match[2][:3], match[3]) if part))
    return day_first(value)
