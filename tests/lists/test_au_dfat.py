"""The reader of Australia's list: rows grouped by their number, days in every spelling, and what is set aside."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import au_dfat

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
Cell = str | int | bool | None | tuple[int, str]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DAY = "day"  # the style of a cell that is formatted as one


def workbook(sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook as small as can be (ECMA-376, part 1), the same bytes each time.

    A cell is a text, a number, a truth, or a number formatted as a day: `(22882, DAY)`.
    """
    numbered = list(enumerate(sheets.items(), start=1))
    files = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>' for n, (name, _) in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="st" Type="{OFFICE}/styles" '
        'Target="styles.xml"/>'
        + "".join(
            f'<Relationship Id="s{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered
        )
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="m/d/yyyy"/>'
        '</numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>'
        "</styleSheet>",
    }
    for n, (_, rows) in numbered:
        lines = "".join(f"<row>{''.join(map(xml_cell, row))}</row>" for row in rows)
        files[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return packed.getvalue()


def xml_cell(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return f'<c s="1"><v>{cell[0]}</v></c>'
    if isinstance(cell, bool):
        return f'<c t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell or "")}</t></is></c>'


def row(reference: Cell, name: Cell = "SANDBOX", **cells: Cell) -> list[Cell]:
    """A row of the list: a DPRK entry, whose other cells are named by their column's words in lower case."""
    told: dict[str, Cell] = {"type": "Individual", "name_type": "Primary Name", "committees": "1718 (DPRK)", **cells}
    keys = {column: column.lower().replace(" ", "_") for column in au_dfat.COLUMNS}
    assert set(told) <= set(keys.values())
    return [reference, name, *(told.get(keys[column]) for column in au_dfat.COLUMNS[2:])]


def sandbox_list(*rows: Sequence[Cell], columns: Sequence[str] = au_dfat.COLUMNS, sheet: str = au_dfat.SHEET) -> bytes:
    return workbook({sheet: [list(columns), *rows]})


def read(content: bytes) -> Reading:
    return source("au_dfat").read((Part(name="main", exhibit=digest(content), content=content),))


def whole_list() -> bytes:
    """Every column, each kind of entry and each way to write a cell."""
    person = {
        "date_of_birth": "03/02/1961, Approximately 1963",
        "place_of_birth": "Sandbox City",
        "citizenship": "Democratic People's Republic of Korea; Syria",
        "address": "a) 1 Sandbox Street b) 2 Sandbox Street",
        "additional_information": "KPi.901. SANDBOX information on KPi.902.",
        "listing_information": "Listed by the UN1718 committee on 24 Apr. 2009 (amended on 1 May 2010)",
        "control_date": (45707, DAY),
        "instrument_of_designation": "SANDBOX Regulations 2008",
        "targeted_financial_sanction": True,
        "travel_ban": 1,
        "arms_embargo": "FALSE",
        "maritime_restriction": 0,
    }
    alias = {**person, "name_type": "Alias", "address": "a) 1 SANDBOX STREET b) 2 Sandbox  Street "}
    loose = {**alias, "alias_strength": "Weak", "additional_information": "SANDBOX more."}
    return sandbox_list(
        row("9001", "SANDBOX Person", **person),
        row("9001a", "샌드박스", **{**person, "name_type": "Original Script"}),
        row("9002", "SANDBOX Trading", type="Entity", committees="Autonomous (DPRK)", date_of_birth=(33000, DAY)),
        row("9001b", "SANDBOX Other ", **{**alias, "alias_strength": "Strong"}),
        row("9001aa", "SANDBOX Loose", **loose),
        row(9003, "SANDBOX Ship", type="Vessel", imo_number=1000007, committees="Autonomous (Vessels)",
            maritime_restriction=True, listing_information="SANDBOX Designation 2025"),
    )  # fmt: skip


def broken_list() -> bytes:
    return workbook(
        {
            "SANDBOX notes": [["SANDBOX"]],
            au_dfat.SHEET: [
                list(au_dfat.COLUMNS),
                row("9001", "SANDBOX Person", type="Robot", committees="9999 (Atlantis)", travel_ban="perhaps"),
                row("9001a", "SANDBOX Second", name_type="Primary Name", alias_strength="Fair"),
                row("9001b", "SANDBOX Nick", name_type="Nickname", type="Vessel", imo_number="1000008"),
                row("9001b", None, name_type="Alias"),
                row("", "SANDBOX without a reference"),
                row("IX", "SANDBOX with a Roman reference"),
                row("9002", None, additional_information="SANDBOX nameless"),
                row("9003a", "SANDBOX Alias alone", name_type="Alias", committees=None, date_of_birth="10/061962"),
                [*row("9004", "SANDBOX Long"), "SANDBOX surplus"],
            ],
        }
    )


@pytest.mark.parametrize(("name", "make"), [("au_dfat_sandbox", whole_list), ("au_dfat_broken_sandbox", broken_list)])
def test_the_workbook_among_the_invented_copies_holds_what_is_built_here(
    name: str, make: Callable[[], bytes], fixture_bytes: Bytes
) -> None:
    """The contract tests read the file; after a change here, write it anew."""
    assert fixture_bytes(f"{name}.xlsx") == make()


def test_the_rows_of_a_number_are_one_entry_wherever_they_stand(said: Said) -> None:
    reading = read(whole_list())
    assert reading.tally.in_file == reading.tally.read == 3
    names = [(line.prop, line.value, line.locator) for line in reading.statements if line.listing == "au_dfat:9001"][:4]
    assert names == [
        ("name", "SANDBOX Person", "row=2"),
        ("name", "샌드박스", "row=3"),
        ("alias", "SANDBOX Other ", "row=5"),
        ("weakAlias", "SANDBOX Loose", "row=6"),
    ]


def test_what_the_rows_of_an_entry_repeat_is_said_once_and_what_they_add_is_said(said: Said) -> None:
    reading = read(whole_list())
    about = [(line.value, line.locator) for line in said(reading, listing="au_dfat:9001", prop="notes")]
    assert about == [("KPi.901. SANDBOX information on KPi.902.", "row=2"), ("SANDBOX more.", "row=6")]
    assert len(said(reading, listing="au_dfat:9001", prop="full")) == 2


@given(letters=st.lists(st.text("abcdefghijklmnopqrstuvwxyz", max_size=2), min_size=1, max_size=8))
def test_whatever_letters_follow_a_number_it_is_one_entry(letters: list[str]) -> None:
    rows = [row(f"12{letter}", f"SANDBOX {index}", name_type="Alias") for index, letter in enumerate(letters)]
    reading = read(sandbox_list(*rows))
    assert reading.tally.in_file == reading.tally.persons == 1
    names = {line.value for line in reading.statements if line.prop in {"name", "alias"}}
    assert names == {f"SANDBOX {index}" for index in range(len(letters))}


@pytest.mark.parametrize(
    ("cell", "dates"),
    [
        ((22882, DAY), [("1962-08-24", "1962-08-24")]),
        (22882, [("22882", "1962-08-24")]),
        (1958, [("1958", "1958")]),
        ("24/08/1962\u00a0", [("24/08/1962\u00a0", "1962-08-24")]),
        ("05/12/1970", [("05/12/1970", "1970-12-05")]),
        ("03/1955", [("03/1955", "1955-03")]),
        ("12 April 1965", [("12 April 1965", "1965-04-12")]),
        ("5 Feb. 1970", [("5 Feb. 1970", "1970-02-05")]),
        ("Sept 1960", [("Sept 1960", "1960-09")]),
        ("Marble 1960", [("Marble 1960", None)]),
        ("1945, 1946", [("1945", "1945"), (" 1946", "1946")]),
        ("a) 5/12/1970 b) 1969", [("5/12/1970", "1970-12-05"), ("1969", "1969")]),
        ("14/04/1970 14/04/1971", [("14/04/1970", "1970-04-14"), ("14/04/1971", "1971-04-14")]),
        ("Approximately: Between 1972 and 1975", [("Approximately: Between 1972 and 1975", None)]),
        ("circa 1958", [("circa 1958", None)]),
        ("21/03/1962 to 20/04/1962", [("21/03/1962 to 20/04/1962", None)]),
        ("31/02/1962", [("31/02/1962", None)]),
        ("10/061962", [("10/061962", None)]),
    ],
)
def test_a_birth_date_is_read_in_each_of_its_spellings(
    cell: Cell, dates: list[tuple[str, str | None]], said: Said
) -> None:
    reading = read(sandbox_list(row("1", date_of_birth=cell)))
    assert [(line.value, line.cleaned) for line in said(reading, prop="birthDate")] == dates


@given(days=st.integers(10_000, 60_000))
def test_a_day_is_the_same_whether_its_cell_is_formatted_as_one_or_not(days: int) -> None:
    readings = [read(sandbox_list(row("1", control_date=cell))) for cell in ((days, DAY), days)]
    cleaned = [[line.cleaned for line in reading.statements if line.prop == "modifiedAt"] for reading in readings]
    assert cleaned[0] == cleaned[1]
    assert len(cleaned[0]) == 1


@pytest.mark.parametrize(
    ("text", "printed", "cleaned"),
    [
        ("Listed on 25 Jan. 2001 (amended on 3 Sep. 2003)", "25 Jan. 2001", "2001-01-25"),
        ("Listed by the UN1718 committee on 24 Apr. 2009", "24 Apr. 2009", "2009-04-24"),
        ("Listed on: 30 Mar. 2018", "30 Mar. 2018", "2018-03-30"),
        (
            "Designated under the Autonomous Sanctions Regulations 2011 on 20 January 2015.\nInstrument: SANDBOX 2015",
            "20 January 2015",
            "2015-01-20",
        ),
        ((42024, DAY), "2015-01-20", "2015-01-20"),
    ],
)
def test_the_day_of_listing_is_taken_from_where_it_is_plainly_said(
    text: Cell, printed: str, cleaned: str, said: Said
) -> None:
    reading = read(sandbox_list(row("1", listing_information=text)))
    assert [(line.value, line.cleaned) for line in said(reading, prop="listingDate")] == [(printed, cleaned)]


@pytest.mark.parametrize(
    "text",
    ["SANDBOX List 2001 (updated on 5 Aug. 2004)", "Listed in 2001, relisted on 5 Aug. 2004", "SANDBOX List 2012"],
)
def test_the_day_of_an_amendment_is_no_day_of_listing(text: str, said: Said) -> None:
    reading = read(sandbox_list(row("1", listing_information=text, control_date=(45707, DAY))))
    assert said(reading, prop="listingDate") == []
    assert [line.value for line in said(reading, prop="summary")] == [text]
    assert [line.value for line in said(reading, prop="modifiedAt")] == ["2025-02-19"]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("KPe.001 SANDBOX", ["KPe.001"]),
        ("KPe.059. SANDBOX", ["KPe.059"]),
        ("SANDBOX, brother of KPi.033", []),
        ("KPe.0591", []),
    ],
)
def test_the_uns_reference_is_its_own_only_where_the_text_begins_with_it(
    text: str, reference: list[str], said: Said
) -> None:
    reading = read(sandbox_list(row("1", additional_information=text)))
    assert [line.value for line in said(reading, schema="Sanction", prop="unscId")] == reference


@pytest.mark.parametrize(
    ("code", "cleaned", "dprk"),
    [
        ("1718 (DPRK)", "1718 (DPRK)", 1),
        ("1718 Committee (DPRK)", "1718 Committee (DPRK)", 1),
        ("Autonomous (DPRK)", "Autonomous (DPRK)", 1),
        ("Autonomous (DPRK II)", "Autonomous (DPRK II)", 1),
        ("Autonomous (Iran)", "Autonomous (Iran)", 0),
        ("9999 (Atlantis)", None, 0),
    ],
)
def test_the_committees_are_the_programme_and_an_unknown_one_is_said(
    code: str, cleaned: str | None, dprk: int, said: Said
) -> None:
    reading = read(sandbox_list(row("1", committees=code)))
    assert [(line.value, line.cleaned) for line in said(reading, prop="program")] == [(code, cleaned)]
    assert reading.tally.dprk == dprk
    known = code in source("au_dfat").card.programmes
    assert [line.field for line in reading.set_aside] == ([] if known else ["Committees"])


@pytest.mark.parametrize("reference", ["", "twelve", "12.5", "a12", "12-a"])
def test_a_row_without_a_reference_is_set_aside_whole(reference: str) -> None:
    reading = read(sandbox_list(row(reference), row("1")))
    assert [line.whole_entry for line in reading.set_aside] == [True]
    assert (reading.tally.in_file, reading.tally.read) == (2, 1)
    assert reading.tally.complete


def test_a_number_given_to_two_entries_makes_two_and_mixes_nothing(said: Said) -> None:
    reading = read(
        sandbox_list(
            row("7", "SANDBOX One", citizenship="Syria"),
            row("7a", "SANDBOX One Alias", name_type="Alias"),
            row("8", "SANDBOX Between"),
            row("7", "SANDBOX Two", committees="Autonomous (Iran)"),
            row("7a", "SANDBOX Two Alias", name_type="Alias", committees="Autonomous (Iran)"),
        )
    )
    assert reading.tally.in_file == reading.tally.read == 3
    assert [line.value for line in said(reading, listing="au_dfat:7", prop="alias")] == ["SANDBOX One Alias"]
    assert [line.value for line in said(reading, listing="au_dfat:7-2", prop="alias")] == ["SANDBOX Two Alias"]
    assert [line.value for line in said(reading, listing="au_dfat:7-2", prop="program")] == ["Autonomous (Iran)"]
    assert [line.reason for line in reading.set_aside] == ["has the number of another entry; called 7-2 here"]
    assert reading.tally.complete


def test_an_alias_before_its_primary_name_is_of_the_same_entry(said: Said) -> None:
    reading = read(sandbox_list(row("7a", "SANDBOX Alias", name_type="Alias"), row("7", "SANDBOX")))
    assert [(line.prop, line.value) for line in reading.statements[:2]] == [
        ("alias", "SANDBOX Alias"),
        ("name", "SANDBOX"),
    ]
    assert reading.set_aside == ()


def test_an_entry_without_a_name_is_set_aside_whole() -> None:
    reading = read(sandbox_list(row("1", None), row("1a", " ", name_type="Alias")))
    assert [line.reason for line in reading.set_aside] == ["1 has no name"]
    assert reading.statements == ()
    assert reading.tally.complete


@pytest.mark.parametrize("columns", au_dfat.OLDER, ids=len)
def test_older_workbooks_with_fewer_columns_are_read(columns: tuple[str, ...], said: Said) -> None:
    told = dict(zip(au_dfat.COLUMNS, row("1", "SANDBOX", citizenship="Syria"), strict=True))
    reading = read(sandbox_list([told[column] for column in columns], columns=columns, sheet="SANDBOX"))
    assert reading.tally.persons == 1
    assert [line.cleaned for line in said(reading, prop="citizenship")] == ["sy"]
    assert reading.set_aside == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"SANDBOX: no workbook", "no workbook that can be opened"),
        (sandbox_list(columns=[*au_dfat.COLUMNS, "Shoe Size"]), "not known: Shoe Size"),
        (sandbox_list(columns=au_dfat.COLUMNS[1:]), "missing: Reference"),
        (sandbox_list(columns=[*au_dfat.COLUMNS[1:], "Reference"]), "another order"),
        (workbook({"SANDBOX 1": [], "SANDBOX 2": []}), "none is 'Consolidated List'"),
        (whole_list()[:-40], "no workbook that can be opened"),
    ],
)
def test_a_workbook_of_another_form_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(content)


def test_another_workbook_is_not_recognised() -> None:
    assert not au_dfat.recognises(workbook({"SANDBOX": [["Number", "Name"]]}))
    assert not au_dfat.recognises(workbook({"SANDBOX": []}))


def test_the_card_knows_every_programme_of_the_flat_parse_of_may_2025(shared_file: Callable[[str], Path]) -> None:
    """Somebody's parse, one row for each name: good for the values of a column, not for its layout."""
    text = gzip.decompress(shared_file("lists/au_dfat_parsed_2025-05.csv.gz").read_bytes()).decode()
    codes = [line["Sanction Type"] for line in csv.DictReader(io.StringIO(text, newline=""))]
    card = source("au_dfat").card
    assert {code for code in codes if " ".join(code.split()) not in card.programmes} == set()
    assert sum(card.is_dprk([code]) for code in codes) == sum("DPRK" in code for code in codes) == 508


def test_two_days_parted_by_an_escaped_line_break_are_two(said: Said) -> None:
    """The real workbook escapes the carriage return of such a cell as `_x000D_` (ECMA-376, part 1, 22.9.2.19)."""
    reading = read(sandbox_list(row("9001", date_of_birth="12/04/1965_x000D_\n13/04/1966")))
    assert [found.cleaned for found in said(reading, prop="birthDate")] == ["1965-04-12", "1966-04-13"]
