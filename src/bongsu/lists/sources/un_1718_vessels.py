"""Reads the 1718 Committee's list of designated vessels: a table in a PDF, taken from the text as it is laid out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import MONTHS, Cleaned, day
from bongsu.lists.model import Part, Reading
from bongsu.lists.transcript import Entry, Transcript

MAGIC: Final = b"%PDF-"
TITLE: Final = "1718 Designated Vessels List"
HEADINGS: Final = ("Vessel Name", "IMO number")
MEASURES: Final = 5
# The value of a field stands this many characters right of its label or more; a wrapped name stands under the name.
VALUE_INDENT: Final = 6
# 30-Mar-18; the committee has existed since 2006.
_DAY: Final = re.compile(r"(\d{1,2})-([A-Z][a-z]{2})-(\d{2}|\d{4})", re.ASCII)
# A row: its number where it stands on this line, names, IMO number or words in its place, day, five measures. Where a
# name fills its cell, no blank is left before the IMO number: its seven digits tell where it begins.
_ROW: Final = re.compile(
    r"\s*(?:\d{1,3}\s+)?(?P<name>1\s*:\s*(?P<names>\S.*?))(?:\s*(?P<imo>\d{7})|\s{2,}(?P<words>\S+(?: \S+)*?))\s+"
    rf"(?P<day>{_DAY.pattern}|na)\s+(?P<measures>\S+(?:\s+\S+){{{MEASURES - 1}}})\s*",
    re.ASCII,
)
# What may be a row although it does not have the form of one: a day and a measure, or the first name and two measures.
_LIKE_ROW: Final = re.compile(rf"{_DAY.pattern}\s+(?:Yes|na)\b|^\s*(?:\d{{1,3}}\s+)?1\s*:.*\s(?:Yes|na)\s+(?:Yes|na)\b")
_NUMBERED: Final = re.compile(r"(?:^|\s+)\d{1,2}\s*[:.]\s+")
_MMSI: Final = re.compile(r"(?:MMSI\s*:?|(?:(?<!\d)\d{1,2}\s*:\s*|\s+|^)(?P<number>\d{9}))\s*$", re.ASCII)
_GAP: Final = re.compile(r"\s{2,}")
_NUMBER: Final = re.compile(r"\s*(\d{1,3})(?:\s{2,}|\s*$)", re.ASCII)


def recognises(content: bytes) -> bool:
    """Whether the content is a PDF whose first page bears this list's title."""
    if not content.startswith(MAGIC):
        return False
    from bongsu.lists.pdf import first_page_text  # the parser is slow to load, and few files are PDFs

    return _bare(TITLE) in _bare(first_page_text(content))


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `vessels`.
        card: the source's card.

    Raises:
        SourceRefusedError: no PDF, one that is damaged, encrypted or larger than a list can be, another title or other
            columns, or row numbers that do not agree with the rows found.
    """
    part = parts[0]
    blocks = _blocks(part, _pages(part, card), card)
    transcript = Transcript()
    seen: set[str] = set()
    for block in blocks:
        _read_block(block, part, card, transcript, seen)
    return transcript.reading(card, in_file=len(blocks))


def _pages(part: Part, card: SourceCard) -> list[list[str]]:
    """The lines of each page, as they are laid out; blank ones are left out."""
    if not part.content.startswith(MAGIC):
        raise SourceRefusedError("is no PDF", where=part.name, remedy="fetch the file again from the publisher")
    if len(part.content) > card.limits["bytes"]:
        raise SourceRefusedError(f"has {len(part.content):,} bytes, more than this list can have", where=part.name)
    from bongsu.lists.pdf import page_lines

    return page_lines(part, card.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A vessel's row and the lines beneath it, up to the next row."""

    page: int
    number: int
    row: str
    beneath: list[str] = field(default_factory=list)

    @property
    def locator(self) -> str:
        """`page=3;row=16`: rows are counted through the document."""
        return f"page={self.page};row={self.number}"


def _blocks(part: Part, pages: list[list[str]], card: SourceCard) -> list[_Block]:
    """The rows of the table, in order; the header above the first is held against the one known."""
    heading: list[str] = []
    blocks: list[_Block] = []
    for number, lines in enumerate(pages, start=1):
        for line in lines:
            if _LIKE_ROW.search(line):
                blocks.append(_Block(page=number, number=len(blocks) + 1, row=line))
            elif not blocks:
                heading.append(line)
            elif _bare(line) not in map(_bare, heading):  # a header repeated on a further page
                blocks[-1].beneath.append(line)
    _check_heading(part, heading, card)
    _check_numbers(part, blocks)
    return blocks


def _check_heading(part: Part, heading: list[str], card: SourceCard) -> None:
    whole = _bare(" ".join(heading))
    missing = [
        words for words in (TITLE, *HEADINGS, *card.values["heading_columns"]) if not _stands_in(words, heading, whole)
    ]
    if missing:
        raise SourceRefusedError(
            f"has other columns than are known (missing: {', '.join(missing)})",
            where=part.name,
            remedy="the publisher may have changed the layout; compare the file with the reader's card",
        )
    columns = card.values["heading_columns"]
    pattern = re.compile("|".join(map(re.escape, columns)))
    for line in heading:
        places = [int(columns[found]) for found in pattern.findall(line) if _bare(TITLE) not in _bare(line)]
        if places != sorted(places):
            raise SourceRefusedError("has its columns in another order than is known", where=part.name)


def _stands_in(words: str, heading: list[str], whole: str) -> bool:
    """Whether words of the header are there; a word of it may be cut by the lines between it."""
    return _bare(words) in whole or any(_bare(words) in _bare(line) for line in heading)


def _check_numbers(part: Part, blocks: list[_Block]) -> None:
    """Refuse a table whose highest row number is not the number of rows found: one of them would go missing."""
    printed = [number for block in blocks for number in _row_numbers(block)]
    if printed and max(printed) != len(blocks):
        raise SourceRefusedError(
            f"numbers its rows to {max(printed)}, and {len(blocks)} rows were found",
            where=part.name,
            remedy="the publisher may have changed the layout; compare the file with the reader's card",
        )


def _row_numbers(block: _Block) -> Iterator[int]:
    """The row numbers left of a block's names: centred on the row, they stand on any of its lines."""
    edge = _name_start(block)
    for line in (block.row, *block.beneath):
        found = _NUMBER.match(line)
        if found is not None and found.end(1) <= edge:
            yield int(found[1])


def _name_start(block: _Block) -> int:
    """Where the names of a row begin, in characters from the left."""
    match = re.match(r"\s*(?:\d{1,3}\s+)??(?=1\s*:)", block.row)
    return match.end() if match is not None else 0


def _read_block(block: _Block, part: Part, card: SourceCard, transcript: Transcript, seen: set[str]) -> None:
    match = _ROW.fullmatch(block.row)
    whole = " ".join([block.row, *block.beneath])
    if match is None:
        reason = "a row whose cells cannot be told apart"
        transcript.aside(part, block.locator, reason, value=whole, whole=True)
        return
    names = _numbered(" ".join([match["name"], *_rest_of_names(block, card)]))
    # The list prints no reference number. The IMO number stays with a hull for life; a vessel without one goes by its
    # first name, which the committee has kept through renamings.
    reference = match["imo"] or "-".join(re.findall(r"[A-Z0-9]+", names[0].upper()))
    if reference in seen:
        transcript.aside(part, block.locator, f"{reference} stands twice in this copy", value=whole, whole=True)
        return
    seen.add(reference)
    entry = transcript.entry(part, listing=f"{card.id}:{reference}", schema="Vessel", locator=block.locator)
    entry.say("name", names[0])
    # The list numbers the names and does not say which are former: in some rows the first is the older one.
    for name in names[1:]:
        entry.say("alias", name)
    entry.say("imoNumber", match["imo"] or match["words"])
    entry.sanction("authority", card.authority_name, cleaned=Cleaned.of(card.authority_name))
    entry.sanction("authorityId", match["imo"] or names[0], cleaned=Cleaned.of(reference))
    entry.sanction("program", TITLE)
    _read_day(match["day"], entry)
    _read_measures(match["measures"].split(), entry, card)
    _read_fields(block, entry, card)


def _read_day(printed: str, entry: Entry) -> None:
    match = _DAY.fullmatch(printed)
    if match is None or match[2] not in MONTHS:
        made = Cleaned.no("not written as a date")
    else:
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        made = day(f"{year}-{MONTHS.index(match[2]) + 1:02d}-{int(match[1]):02d}")
    entry.sanction("listingDate", printed, cleaned=made)


def _read_measures(cells: list[str], entry: Entry, card: SourceCard) -> None:
    for column, cell in enumerate(cells, start=1):
        heading = card.values["headings"][str(column)]
        if cell == "Yes":
            entry.sanction("provisions", heading, cleaned=Cleaned.of(card.values["measures"][str(column)]))
        elif cell not in card.ignored:
            entry.aside("says neither Yes nor na of a measure", field=heading, value=cell)


def _lines(block: _Block) -> Iterator[tuple[int, str, str | None]]:
    """The lines beneath a row: where they begin, their text, and the MMSI at their end, which belongs to the row.

    Row numbers are left out: they were held against the number of rows.
    """
    edge = _name_start(block)
    for line in block.beneath:
        number = _NUMBER.match(line)
        cut = number.end() if number is not None and number.end(1) <= edge else 0
        left = " " * cut + line[cut:]
        mmsi = _MMSI.search(left)
        text = left if mmsi is None else left[: mmsi.start()]
        yield len(text) - len(text.lstrip()), text.strip(), None if mmsi is None else mmsi["number"]


def _label(text: str, card: SourceCard) -> str | None:
    """The label a line begins with, the longest where one begins with another."""
    labels = sorted(card.values["labels"], key=len, reverse=True)
    return next((label for label in labels if re.match(rf"{re.escape(label)}(?:\s|$)", text)), None)


def _rest_of_names(block: _Block, card: SourceCard) -> Iterator[str]:
    """The names that did not fit on the row's line: what stands under them, before the first field."""
    edge = _name_start(block)
    for start, text, _ in _lines(block):
        if not text:
            continue
        # Two cells in a line are a label and its value, known or not.
        if start >= edge + VALUE_INDENT or _GAP.search(text) or _label(text, card) is not None:
            return
        yield text


def _read_fields(block: _Block, entry: Entry, card: SourceCard) -> None:
    values: dict[str, list[str]] = {}
    waiting: list[str] = []  # lines above their label, which is centred on its cell
    prop: str | None = None
    for labelled, text in _fields(block, entry, card):
        if labelled is not None and labelled != prop:
            values.setdefault(labelled, []).extend(waiting)
            waiting.clear()
        prop = labelled or prop
        if text.startswith("http"):
            prop = "sourceUrl"
        if prop is None or (prop == "type" and labelled is None and values.get(prop)):
            waiting.append(text)  # a type has one line: what follows belongs to the next label
        elif text:
            values.setdefault(prop, []).append(text)
    _say_fields(values, entry)
    for text in waiting:
        entry.aside("stands beneath the row, under no field the reader knows", value=text)


def _fields(block: _Block, entry: Entry, card: SourceCard) -> Iterator[tuple[str | None, str]]:
    """The lines beneath a row and its names: the property of the label that begins one, and the rest of its text.

    The MMSIs, which stand beside these lines, are said of the entry at once.
    """
    edge = _name_start(block)
    wrapped = len(list(_rest_of_names(block, card)))
    for start, text, mmsi in _lines(block):
        entry.say("mmsi", mmsi)
        label = _label(text, card)
        if text and wrapped:
            wrapped -= 1
        elif label is not None:
            yield card.values["labels"][label], text[len(label) :].strip()
        elif text and start < edge + VALUE_INDENT and start >= edge - 1 and _GAP.search(text):
            field, value = _GAP.split(text, maxsplit=1)
            entry.aside("a field no reader knows", field=field, value=value)
        elif text:
            yield None, text


def _say_fields(values: dict[str, list[str]], entry: Entry) -> None:
    for prop, lines in values.items():
        if prop == "sourceUrl":
            entry.say(prop, "".join(lines))  # an address is cut wherever the cell ends
        elif prop == "reason":
            entry.sanction(prop, " ".join(lines))
        elif prop == "type":
            entry.say(prop, " ".join(lines))
        else:
            for value in _numbered(" ".join(lines)):
                entry.say(prop, value)


def _numbered(printed: str) -> list[str]:
    """The values of a cell that numbers them, `1: ONE 2: TWO`; the whole cell where it does not."""
    return [value.strip() for value in _NUMBERED.split(printed) if value.strip()]


def _bare(text: str) -> str:
    return "".join(text.split())
