"""Reads OFAC's SDN list from its legacy CSV set: sdn, add, alt and sdn_comments."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned
from bongsu.lists.encoding import utf_8
from bongsu.lists.model import OTHER_NAMES, Part, Reading, Statement, tally
from bongsu.lists.rows import MAY_BE_CUT
from bongsu.lists.sources.ofac_remarks import Remark, read_remark
from bongsu.lists.transcript import Entry, Transcript

EMPTY: Final = "-0-"
DOS_END: Final = "\x1a"  # the publisher's files end in a DOS end-of-file mark ...
LINE_END: Final = "\r\n"  # ... and their lines in this; the card says which copies have shown it
# A file without the mark that ends otherwise may have been cut inside its last field.
WHOLE_ENDS: Final = ("\n", "\r", DOS_END, '"', EMPTY, f"{EMPTY} ")
AGAIN: Final = "fetch the file again from the publisher"
NO_END: Final = "does not end in OFAC's end mark, and its line ends are not OFAC's: whether it is whole cannot be seen"
COLUMNS: Final = {"sdn": 12, "add": 6, "alt": 5, "comments": 2}
# Columns of sdn.csv (OFAC, "SDN data formats", sdn_delim.dat), counted from 0.
NUMBER, NAME, TYPE, PROGRAM, TITLE, REMARKS = 0, 1, 2, 3, 4, 11
VESSEL_COLUMNS: Final = {
    5: "callSign",
    6: "type",
    7: "tonnage",
    8: "grossRegisteredTonnage",
    9: "flag",
    10: "owner",
}


def recognises(content: bytes) -> bool:
    """Whether the first line is one of sdn.csv: twelve columns, a number first, `-0-` for what is empty."""
    line = content[:4000].partition(b"\n")[0]
    try:
        row = next(csv.reader([line.decode("utf-8")]), [])
    except (UnicodeDecodeError, csv.Error):
        return False
    return len(row) == COLUMNS["sdn"] and row[0].strip().isdigit() and EMPTY.encode() in line


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: `sdn`, and those of `add`, `alt` and `comments` that were given.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, empty, cut, a quote that never closes, or too many broken rows.
    """
    copy = _Copy(transcript=Transcript(), card=card, parts={part.name: part for part in parts})
    rows = list(copy.rows("sdn"))
    kept = _entries(copy, rows)
    continued = _continuations(copy, {row.number for row in kept})
    names = Counter(row.cells[NAME] for row in kept)
    listing_of = {row.cells[NAME]: copy.listing(row.number) for row in kept if names[row.cells[NAME]] == 1}
    pages = {row.number: _read_entry(copy, row, continued.get(row.number), listing_of) for row in kept}
    _read_companions(copy, pages)
    transcript = copy.transcript
    return Reading(
        source=card.id,
        printed_on=None,
        statements=tuple(sorted(transcript.statements, key=copy.order)),
        set_aside=tuple(transcript.set_aside),
        tally=tally(
            in_file=len(rows) + copy.broken["sdn"],
            aliases=sum(
                statement.prop in OTHER_NAMES and statement.exhibit == copy.exhibit("alt")
                for statement in transcript.statements
            ),
            statements=transcript.statements,
            set_aside=transcript.set_aside,
            is_dprk=card.is_dprk,
        ),
        parts_missing=tuple(part.name for part in card.parts if part.name not in copy.parts),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    number: str
    cells: list[str]
    at: str

    def cell(self, column: int) -> str | None:
        """The printed text, or None where the column is empty."""
        text = self.cells[column]
        return None if text.strip() in {EMPTY, ""} else text


class _Copy:
    """One copy being read: its parts, its transcript, and how many rows of each part were broken or nobody's."""

    def __init__(self, *, transcript: Transcript, card: SourceCard, parts: dict[str, Part]) -> None:
        self.transcript = transcript
        self.card = card
        self.parts = parts
        self.broken: Counter[str] = Counter()
        self.orphans: Counter[str] = Counter()
        self._order: dict[str, int] = {}

    def listing(self, number: str) -> str:
        """The id of a listed entity, from its entity number."""
        return f"{self.card.id}:{number}"

    def exhibit(self, name: str) -> str | None:
        """The digest of a part, or None where it was not given."""
        return self.parts[name].exhibit if name in self.parts else None

    def order(self, statement: Statement) -> int:
        """Where a statement's listing stands in the main file, so that companions follow their entry."""
        return self._order[statement.listing]

    def rows(self, name: str) -> Iterator[_Row]:
        """The well-formed rows of a part; others are set aside. A part that was not given has none."""
        part = self.parts.get(name)
        if part is None:
            return
        total = index = 0
        for index, cells, reason in _records(part, COLUMNS[name]):
            total += 1
            number = cells[0].strip()
            if reason is not None:
                self.broken[name] += 1
                self.aside(part, index, reason, cells, whole=name == "sdn")
                continue
            if name == "sdn":
                self._order.setdefault(self.listing(number), index)
            yield _Row(number, cells, f"row={index}")
        if total == 0:
            raise SourceRefusedError("is empty", where=name, remedy=AGAIN)
        if self.broken[name] > self.card.most_set_aside_share * total:
            raise SourceRefusedError(f"{self.broken[name]} of {total} rows are broken", where=name)
        if self.orphans[name] > self.card.most_set_aside_share * total:
            raise SourceRefusedError(
                f"looks cut: {self.orphans[name]} of {total} rows of {name} belong to entities that it does not hold",
                where="sdn",
                remedy="fetch all files again from the publisher, on one day",
            )
        if not part.content.endswith(DOS_END.encode()):
            self.aside(part, index, NO_END, [])

    def orphan(self, name: str, row: _Row) -> None:
        """Set a row aside that belongs to nobody in the main file; where there are many, the main file was cut."""
        self.orphans[name] += 1
        self.aside(
            self.parts[name], row.at, f"belongs to entity {row.number}, which the main file does not hold", row.cells
        )

    def aside(self, part: Part, index: int | str, reason: str, cells: list[str], *, whole: bool = False) -> None:
        """Set a row aside."""
        at = index if isinstance(index, str) else f"row={index}"
        self.transcript.aside(part, at, reason, value=",".join(cells), whole=whole)


def _records(part: Part, columns: int) -> Iterator[tuple[int, list[str], str | None]]:
    """Records with their row number (RFC 7111, from 1) and why they are broken, if so; the DOS end mark is left out."""
    text = utf_8(part)
    if text.strip() and LINE_END in text and not text.endswith(DOS_END):
        raise SourceRefusedError(
            "is cut: it does not end in the mark with which OFAC ends its files", where=part.name, remedy=AGAIN
        )
    reader = csv.reader(io.StringIO(text.removesuffix(DOS_END), newline=""), strict=True)
    try:
        records = [(index, cells) for index, cells in enumerate(reader, start=1) if cells]
    except csv.Error as error:
        raise SourceRefusedError(
            f"is cut or garbled near line {reader.line_num}: {error}",
            where=part.name,
            remedy=AGAIN,
        ) from None
    for index, cells in records:
        reason = _broken(cells, columns)
        if reason is None and index == records[-1][0] and not text.endswith(WHOLE_ENDS):
            reason = MAY_BE_CUT
        yield index, cells, reason


def _broken(cells: list[str], columns: int) -> str | None:
    """Why a row cannot be read, or None."""
    number = cells[0].strip()
    if len(cells) != columns:
        return f"has {len(cells)} columns where {columns} are known"
    if not (number.isascii() and number.isdigit()):
        return f"begins with {number!r}, which is no entity number"
    return None


def _entries(copy: _Copy, rows: list[_Row]) -> list[_Row]:
    """The rows of the main file that become listings: each with a name, each entity number once."""
    part = copy.parts["sdn"]
    first: dict[str, _Row] = {}
    for row in rows:
        if row.cell(NAME) is None:
            copy.aside(part, row.at, f"entity {row.number} has no name", row.cells, whole=True)
        elif row.number in first:
            other = first[row.number].cells[NAME]
            copy.aside(part, row.at, f"entity {row.number} stands twice; it is {other!r} above", row.cells, whole=True)
        else:
            first[row.number] = row
    return list(first.values())


def _continuations(copy: _Copy, numbers: set[str]) -> dict[str, _Row]:
    """The rest of each remark that the main file cuts, by entity number."""
    found: dict[str, _Row] = {}
    for row in copy.rows("comments"):
        if row.number not in numbers:
            copy.orphan("comments", row)
        elif row.number in found:
            copy.aside(copy.parts["comments"], row.at, f"entity {row.number} is continued twice", row.cells)
        else:
            found[row.number] = row
    return found


def _read_entry(copy: _Copy, row: _Row, continued: _Row | None, listing_of: dict[str, str]) -> Entry:
    card = copy.card
    kind = row.cell(TYPE)
    schema = card.values["SDN_Type"].get((kind or "").strip(), "Organization")
    entry = copy.transcript.entry(copy.parts["sdn"], listing=copy.listing(row.number), schema=schema, locator=row.at)
    if kind is not None and kind.strip() not in card.values["SDN_Type"]:
        entry.aside("a kind of entry that the card does not know; taken as Organization", field="SDN_Type", value=kind)
    entry.say("name", row.cell(NAME))
    entry.sanction("authority", card.authority_name, cleaned=Cleaned.of(card.authority_name))
    entry.sanction("authorityId", row.number)
    for code in (row.cell(PROGRAM) or "").split("] ["):
        _read_programme(code, entry, card)
    entry.say("position" if schema == "Person" else "notes", row.cell(TITLE))
    for column, prop in VESSEL_COLUMNS.items():
        entry.say(prop, row.cell(column))
    _read_remark(copy, row, continued, entry, listing_of)
    return entry


def _read_remark(copy: _Copy, row: _Row, continued: _Row | None, entry: Entry, listing_of: dict[str, str]) -> None:
    text, rest = row.cell(REMARKS), None if continued is None else continued.cell(1)
    rest_entry = entry if continued is None else entry.on(copy.parts["comments"])
    rest_at = "" if continued is None else continued.at
    if text is not None:
        cut = len(text) >= copy.card.limits["remarks"] and rest is None
        remark = Remark(text=text, at=row.at, rest=rest or "", rest_at=rest_at, cut=cut, title=row.cell(TITLE))
        read_remark(remark, entry, rest_entry, listing_of.get)
    elif rest is not None:
        rest_entry.aside("continues a remark that the main file does not hold", field="Remarks", value=rest, at=rest_at)


def _read_programme(code: str, entry: Entry, card: SourceCard) -> None:
    if not code.strip():
        entry.aside("no programme", field="Program")
    elif code in card.programmes:
        entry.sanction("program", code)
    else:
        made, reason = card.unknown_programme(code)
        entry.sanction("program", code, cleaned=made)
        entry.aside(reason, field="Program", value=code)


def _read_companions(copy: _Copy, pages: dict[str, Entry]) -> None:
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for name, read_row in (("alt", _read_alias), ("add", _read_address)):
        for row in copy.rows(name):
            part = copy.parts[name]
            page = pages.get(row.number)
            if page is None:
                copy.orphan(name, row)
            elif row.cells[1].strip() in seen[name]:
                copy.aside(part, row.at, f"number {row.cells[1]} stands twice", row.cells)
            else:
                seen[name].add(row.cells[1].strip())
                read_row(copy, page.on(part), row)


def _read_alias(copy: _Copy, entry: Entry, row: _Row) -> None:
    if row.cell(3) is None:
        entry.aside("a name is announced and none is printed", value=",".join(row.cells), at=row.at)
        return
    kind = (row.cell(2) or "").strip()
    prop = copy.card.values["alt_type"].get(kind)
    if prop is None:
        entry.aside(
            "a kind of name that the card does not know; taken as alias", field="alt_type", value=kind, at=row.at
        )
    entry.say(prop or "alias", row.cell(3), at=row.at)
    entry.say("aliasNote", row.cell(4), at=row.at)


def _read_address(_copy: _Copy, entry: Entry, row: _Row) -> None:
    values = {"street": row.cell(2), "city": row.cell(3), "country": row.cell(4), "remarks": row.cell(5)}
    address = entry.sub_entity("address", "Address", values, at=row.at)
    if address is not None:
        entry.say("addressEntity", address, at=row.at, cleaned=Cleaned.of(address))
