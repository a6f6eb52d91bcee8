"""A workbook's XML unpacked and measured as a stream, before a reader makes anything of it.

The reader of workbooks holds a sheet as a rectangle from A1 to its last cell, whatever lies between, and a text as
often as cells show it: two cells in 1.5 KB can ask for more memory than there is, and the process ends. So nothing is
opened but what was measured here.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat  # document types, and so entities, are refused below

from bongsu.evidence.zipped import lists_more_than
from bongsu.kernel.errors import SourceRefusedError

_BLOCK_BYTES: Final = 2**20
_MOST_FILES: Final = 1000
_READ: Final = re.compile(r"\[content_types\]\.xml|(?:_rels|xl)/.*\.(?:xml|rels)", re.ASCII)
_SHARED: Final = "xl/sharedstrings.xml"
_PLACE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
_COUNTS: Final = frozenset({"count", "uniqueCount"})
_PLACED: Final = frozenset({"r", "t"})
_ROW: Final = re.compile(r"[0-9]{1,7}", re.ASCII)


class BeyondBoundsError(SourceRefusedError):
    """A workbook that is more than it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The most that a workbook may be.

    Args:
        unpacked_bytes: of all its files together.
        elements: of all its XML together.
        fields: of one sheet: rows times columns, from A1 to the last of each.
        characters: of one sheet, a text counted as often as cells show it.
    """

    unpacked_bytes: int
    elements: int
    fields: int
    characters: int


# The largest list known is Australia's: in September 2026 11,163 rows of 19 columns, 212,097 fields; its card expects
# at most three times as many entries. A list of 10,000 entries unpacks to about 20 MB.
OF_A_LIST: Final = Bounds(unpacked_bytes=256 * 2**20, elements=16_000_000, fields=4_000_000, characters=128 * 2**20)


def unpacked(content: bytes, where: str, bounds: Bounds) -> bytes:
    """A workbook (.xlsx) of the same sheets, not compressed, with nothing in it but what was measured.

    Args:
        content: the file.
        where: what it is called.
        bounds: the most it may be.

    Raises:
        BeyondBoundsError: beyond the bounds.
        SourceRefusedError: no workbook of this form, or damaged.
    """
    if not content.startswith(b"PK\3\4"):
        raise _refused("it is no .xlsx", where)
    if lists_more_than(io.BytesIO(content), _MOST_FILES):
        raise _beyond("lists more files than any list", where)
    measured = _Measured(where=where, bounds=bounds)
    again = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(again, "w") as plain:
            for item in _in_order(packed, where):
                plain.writestr(item.filename, measured.read(packed, item))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _refused(str(error), where) from None
    except expat.ExpatError as error:
        raise _refused(f"not well-formed: {error}", where) from None
    return again.getvalue()


def _in_order(packed: zipfile.ZipFile, where: str) -> list[zipfile.ZipInfo]:
    """The files that a reader may want, the shared texts first; pictures and settings of printers are none."""
    wanted = {}
    for item in packed.infolist():
        name = item.filename.lower()
        if name in wanted:
            raise _refused(f"it has the file {item.filename} twice", where)
        if _READ.fullmatch(name):
            wanted[name] = item
    return [wanted[name] for name in sorted(wanted, key=lambda name: (name != _SHARED, name))]


class _Measured:
    """What was measured of a workbook so far."""

    def __init__(self, *, where: str, bounds: Bounds) -> None:
        self._where = where
        self._bounds = bounds
        self._bytes = self._elements = 0
        self._shared: list[int] = []

    def read(self, packed: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes:
        """The bytes of one file.

        Raises:
            BeyondBoundsError: beyond the bounds.
            SourceRefusedError: it has a document type.
            BadZipFile, ExpatError: damaged, or not well-formed.
        """
        sheet = _Sheet(shared=self._shared, collects=item.filename.lower() == _SHARED)
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._no_document_type
        parser.StartElementHandler = sheet.begin
        parser.EndElementHandler = sheet.end
        parser.CharacterDataHandler = sheet.text
        kept = io.BytesIO()
        with packed.open(item) as stream:
            while block := stream.read(_BLOCK_BYTES):
                self._bytes += len(block)
                if self._bytes > self._bounds.unpacked_bytes:
                    raise _beyond(f"unpacks to more than {self._bounds.unpacked_bytes:,} bytes", self._where)
                parser.Parse(block, False)
                kept.write(block)
                self._hold(sheet)
        parser.Parse(b"", True)
        self._hold(sheet)
        self._elements += sheet.elements
        return kept.getvalue()

    def _hold(self, sheet: _Sheet) -> None:
        bounds = self._bounds
        if self._elements + sheet.elements > bounds.elements:
            raise _beyond(f"has more than {bounds.elements:,} elements", self._where)
        if sheet.said > bounds.elements:  # the reader makes room for as many as are said to come
            raise _beyond(f"says of itself that it has {sheet.said:,} texts", self._where)
        if sheet.rows * sheet.columns > bounds.fields:
            what = f"has a sheet of {sheet.rows:,} rows and {sheet.columns:,} columns"
            raise _beyond(what, self._where)
        if sheet.characters > bounds.characters:
            raise _beyond(f"shows more than {bounds.characters:,} characters in a sheet", self._where)

    def _no_document_type(self, *_: object) -> None:
        raise _refused("it has a document type", self._where)


class _Sheet:
    """How far the cells of one file reach, and how many characters they show.

    Places are counted as the reader counts them: a row or a cell without one follows the one before.

    Args:
        shared: how long each shared text is.
        collects: whether the file is the one that holds them.

    Raises:
        ValueError: a place or a number of a shared text that is none.
    """

    def __init__(self, *, shared: list[int], collects: bool) -> None:
        self._shared = shared
        self._collects = collects
        self.elements = self.rows = self.columns = self.characters = self.said = 0
        self._row = self._column = 0
        self._is_shared = self._in_value = False
        self._number = ""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        name = tag.rpartition(":")[2]
        for full, value in attributes.items():
            local = full.rpartition(":")[2]
            if local in _COUNTS:
                self.said = max(self.said, int(value))
            elif local in _PLACED and full != local and name in {"c", "row"}:
                raise ValueError(f"a place or a kind in a namespace of its own: {full[:40]}")
        if name == "c":
            self._cell(attributes.get("r"), shared=attributes.get("t") == "s")
        elif name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "si":
            if not self._collects:
                raise ValueError("shared texts where none belong")
            self._shared.append(0)
        self._in_value = name == "v" and self._is_shared
        self._number = ""

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if self._in_value and name == "v":
            number = self._number.strip()
            if number:
                self.characters += self._shared_length(number)
        elif name == "row":
            self._row += 1
            self._column = 0
        self._in_value = False

    def text(self, text: str) -> None:
        self.characters += len(text)
        if self._in_value:
            self._number += text[:20]
        elif self._collects and self._shared:
            self._shared[-1] += len(text)

    def _shared_length(self, number: str) -> int:
        if not number.isascii() or not number.isdigit() or int(number) >= len(self._shared):
            raise ValueError(f"no shared text has the number {number}")
        return self._shared[int(number)]

    def _begin_row(self, place: str | None) -> None:
        if place is not None:
            if not _ROW.fullmatch(place):
                raise ValueError(f"no number of a row: {place[:40]}")
            self._row = int(place) - 1

    def _cell(self, place: str | None, *, shared: bool) -> None:
        row = self._row
        if place is not None:
            found = _PLACE.fullmatch(place)
            if found is None:
                raise ValueError(f"no place of a cell: {place[:40]}")
            row, self._column = int(found[2]) - 1, _column(found[1])
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, self._column + 1)
        self._column += 1
        self._is_shared = shared


def _column(letters: str) -> int:
    """The column of its letters, from 0: A is 0, XFD 16,383."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _refused(why: str, where: str) -> SourceRefusedError:
    return SourceRefusedError(
        f"is no workbook that can be opened: {why}", where=where, remedy="fetch the file again from the publisher"
    )


def _beyond(what: str, where: str) -> BeyondBoundsError:
    return BeyondBoundsError(f"{what}, more than any list", where=where)
