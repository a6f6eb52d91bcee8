"""Rows under a header: a CSV file or a sheet of a workbook, and what refuses the whole file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.model import Part
from bongsu.lists.rows import csv_rows
from bongsu.lists.workbook import sheet_names, sheet_rows

COLUMNS = ("Number", "Name")


def part(content: bytes) -> Part:
    return Part(name="main", exhibit="0" * 64, content=content)


def workbook(rows: list[list[str]], *, sheet: str = "SANDBOX") -> bytes:
    """The smallest workbook there is, with texts in its cells (ECMA-376, part 1, SpreadsheetML)."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) + "</row>" for row in rows
    )
    files = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="{sheet}" sheetId="1" '
        'r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="b" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
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
    assert sheet_names(damaged) == ("SANDBOX",)
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


def test_a_workbook_that_unpacks_to_more_than_any_list_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bongsu.lists.workbook.MOST_UNPACKED_BYTES", 100)
    with pytest.raises(SourceRefusedError, match="more than any list"):
        sheet_names(part(workbook([["Number", "Name"]])))
