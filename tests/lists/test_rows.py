"""Rows under a header: a CSV file or a sheet of a workbook, and what refuses the whole file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.model import Part
from bongsu.lists.rows import csv_rows
from bongsu.lists.unpacked_sheets import OF_A_LIST, unpacked
from bongsu.lists.workbook import sheet_cells, sheet_names, sheet_rows

COLUMNS = ("Number", "Name")


def part(content: bytes) -> Part:
    return Part(name="main", exhibit="0" * 64, content=content)


def workbook(rows: list[list[str]], *, sheet: str = "SANDBOX") -> bytes:
    """The smallest workbook there is, with texts in its cells (ECMA-376, part 1, SpreadsheetML)."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) + "</row>" for row in rows
    )
    return workbook_of(f"<worksheet {SHEET}><sheetData>{cells}</sheetData></worksheet>", sheet=sheet)


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'xmlns="{MAIN}"'


def workbook_of(sheet_xml: str, *, sheet: str = "SANDBOX", packing: int = zipfile.ZIP_STORED, **more: str) -> bytes:
    """A workbook whose one sheet is this XML; `more` are further files below `xl/`, by name without `.xml`."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    files = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{office}"><sheets><sheet name="{sheet}" sheetId="1" '
        'r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="b" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="c" Type="{office}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml,
        **{f"xl/{name}.xml": text for name, text in more.items()},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def test_csv_rows_carry_their_place_and_their_surplus() -> None:
    rows = list(csv_rows(part(b"Number,Name\n1,SANDBOX ONE\n\n2,SANDBOX TWO,more\n3\n"), COLUMNS))
    assert [row.locator for row in rows] == ["row=2", "row=4", "row=5"]
    assert [row.cell("Name") for row in rows] == ["SANDBOX ONE", "SANDBOX TWO", None]
    assert rows[1].surplus == ("more",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Number,Nom\n1,SANDBOX\n", "missing: Name; not known: Nom"),
        (b"Name,Number\nSANDBOX,1\n", "another order"),
        (b'Number,Name\n1,"SANDBOX\n', "cut or garbled"),
        (b"Number,Name\n1,SANDB\xd6X\n", "not UTF-8"),
        (b"", "missing: Number, Name"),
    ],
)
def test_csv_of_another_form_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        list(csv_rows(part(content), COLUMNS))


def test_a_header_further_down_is_found_where_it_is_said_to_stand() -> None:
    rows = list(csv_rows(part(b"SANDBOX report\nNumber,Name\n1,SANDBOX ONE\n"), COLUMNS, header_row=2))
    assert [(row.number, row.cell("Number")) for row in rows] == [(3, "1")]


@pytest.mark.parametrize(
    ("end", "may_be_cut"), [("\n", False), ("\r\n", False), ("\r", False), ("", True), (" ", True)]
)
def test_a_last_row_without_an_end_of_line_may_be_cut(end: str, may_be_cut: bool) -> None:
    rows = list(csv_rows(part(f"Number,Name\n1,SANDBOX ONE\n2,SANDBOX TW{end}".encode()), COLUMNS))
    assert [row.may_be_cut for row in rows] == [False, may_be_cut]


def test_a_workbook_of_which_a_sheet_is_damaged_is_refused() -> None:
    content = workbook([["Number", "Name"], ["1", "SANDBOX ONE"]])
    damaged = part(content.replace(b"<worksheet ", b"\x00worksheet "))
    with pytest.raises(SourceRefusedError, match="no workbook that can be opened"):
        sheet_names(damaged)
    with pytest.raises(SourceRefusedError, match="no workbook that can be opened"):
        list(sheet_rows(damaged, "SANDBOX", COLUMNS))


def test_sheet_rows_are_read_as_printed() -> None:
    content = part(workbook([["Number", "Name"], ["1", "SANDBOX 하나"], ["", ""], ["2", "SANDBOX TWO"]]))
    assert sheet_names(content) == ("SANDBOX",)
    rows = list(sheet_rows(content, "SANDBOX", COLUMNS))
    assert [(row.locator, row.cell("Name")) for row in rows] == [("row=2", "SANDBOX 하나"), ("row=4", "SANDBOX TWO")]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: b"SANDBOX: no workbook", "no workbook that can be opened"),
        (lambda: workbook([["Number", "Name"]])[:-40], "no workbook that can be opened"),
        (lambda: workbook([["Number", "Name"]], sheet="OTHER"), "has the sheets OTHER, not SANDBOX"),
        (lambda: workbook([["Number", "Nom"]]), "not known: Nom"),
    ],
)
def test_a_workbook_of_another_form_is_refused_in_words(make: Callable[[], bytes], says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        list(sheet_rows(part(make()), "SANDBOX", COLUMNS))


def cells(*places: str, value: str = "<v>1</v>", kind: str = "n") -> str:
    """A sheet with a value at each place."""
    each = "".join(f'<row><c r="{place}" t="{kind}">{value}</c></row>' for place in places)
    return f"<worksheet {SHEET}><sheetData>{each}</sheetData></worksheet>"


def shared(*texts: str) -> str:
    """The texts that cells name by number."""
    return f"<sst {SHEET}>" + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (workbook_of(cells("A1", "XFD1048576")), "1,048,576 rows and 16,384 columns, more than any list"),
        (workbook_of(cells("XFD1048576")), "more than any list"),  # alone: the way to it is filled too
        (workbook_of(f'<worksheet {SHEET}><sheetData><row r="9000000"/><row><c/></row></sheetData></worksheet>'
                     .replace("<c/>", "<c/>" * 2)), "9,000,001 rows and 2 columns"),
        (workbook_of(cells("A1") .replace("<sheetData>", "<sheetData>" + "<row/>" * 100 + '<row><c r="ZZZ1"/></row>')
                     .replace('r="A1"', 'r="A9999999"')), "more than any list"),
        (workbook_of(cells("A99999999")), "no place of a cell"),
        (workbook_of(cells("Ａ1")), "no place of a cell"),
        (workbook_of(cells("A1", value="<v>0</v>", kind="s") .replace("<row>", "<row>" * 1), sharedStrings=shared()),
         "no shared text has the number 0"),
        (workbook_of(cells(*[f"A{n}" for n in range(1, 3000)], value="<v>0</v>", kind="s"),
                     sharedStrings=shared("x" * 50_000)), "more than 134,217,728 characters"),
        (workbook_of(cells("A1"), other=shared("x")), "shared texts where none belong"),
        (workbook_of("<!DOCTYPE worksheet>" + cells("A1")), "document type"),
        (workbook_of(cells("A1") + "<more/>"), "not well-formed"),
    ],
)  # fmt: skip
def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_opened(content: bytes, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        sheet_names(part(content))


def test_a_workbook_of_more_elements_than_any_list_is_refused() -> None:
    small = replace(OF_A_LIST, elements=1000)
    assert unpacked(workbook([["Number"]] * 100), "main", small)
    with pytest.raises(SourceRefusedError, match="more than 1,000 elements"):
        unpacked(workbook_of(cells("A1"), sharedStrings=shared(*[""] * 600)), "main", small)


def test_a_workbook_whose_directory_lies_of_its_length_shows_no_more_than_was_measured() -> None:
    true = workbook_of(cells("A1"), packing=zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(true)) as packed:
        told = packed.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = true.replace(told.to_bytes(4, "little"), (told - 1).to_bytes(4, "little"))
    assert lying != true
    with pytest.raises(SourceRefusedError, match="no workbook that can be opened"):
        sheet_names(part(lying))


def test_a_sheet_that_says_it_is_larger_than_it_is_is_read_as_it_is() -> None:
    sheet = cells("A1", "A2").replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    assert sheet_cells(part(workbook_of(sheet)), "SANDBOX") == [["1"], ["1"]]


@pytest.mark.parametrize("told", ["4294967295", "18446744073709551615"])
def test_a_workbook_that_says_it_has_more_texts_than_any_list_is_refused(told: str) -> None:
    texts = shared("SANDBOX").replace("<sst ", f'<sst count="1" uniqueCount="{told}" ')
    with pytest.raises(SourceRefusedError, match="says of itself"):
        sheet_names(part(workbook_of(cells("A1"), sharedStrings=texts)))


def test_as_many_rows_of_a_sheet_are_read_as_are_asked_for() -> None:
    content = part(workbook([["1"], ["2"], ["3"]]))
    assert sheet_cells(content, "SANDBOX", most_rows=2) == [["1"], ["2"]]
    assert sheet_cells(content, "SANDBOX", most_rows=9) == [["1"], ["2"], ["3"]]


def test_an_older_form_of_workbook_is_refused_in_words() -> None:
    with pytest.raises(SourceRefusedError, match=r"it is no \.xlsx"):
        sheet_names(part(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)))


def test_a_workbook_that_unpacks_to_more_than_any_list_is_not_opened() -> None:
    with pytest.raises(SourceRefusedError, match="more than any list"):
        unpacked(workbook([["Number", "Name"]]), "main", replace(OF_A_LIST, unpacked_bytes=100))
