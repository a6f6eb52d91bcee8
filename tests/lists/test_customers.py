"""Customer files: rows as people write them, read one by one, and what refuses a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.customers import Customer, customers_of, read_customers
from bongsu.lists.sightings import CustomerFile, screen_file
from bongsu.names import Screener
from bongsu.reports.screening import screening_record, screening_section


def read(text: str | bytes) -> list[Customer]:
    return list(customers_of(BytesIO(text.encode() if isinstance(text, str) else text)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_first_line(delimiter: str) -> None:
    text = delimiter.join(("Id", "Name", "DOB")) + "\n" + delimiter.join(("7", "SANDBOX ONE", "1961-02-03")) + "\n"
    (customer,) = read(text)
    assert (customer.row, customer.id, customer.name) == (2, "7", "SANDBOX ONE")
    assert customer.query is not None
    assert customer.query.birth_dates == ("1961-02-03",)


def test_the_delimiter_is_the_one_that_shows_headings_not_the_one_most_met() -> None:
    (customer,) = read("name;what we know, where, and since when\nSANDBOX ONE;x\n")
    assert customer.name == "SANDBOX ONE"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id:name:dob\n1:SANDBOX ONE:1961\n", "heads several columns in one cell: id:name:dob"),
        ("id^name\n1^SANDBOX ONE\n", "heads several columns in one cell"),
        ("id name dob\n1 SANDBOX ONE 1961\n", "heads several columns in one cell"),
        ("SANDBOX ONE\n2|SANDBOX TWO|1961\n", "has several cells in row 2"),
        ("SANDBOX ONE\n2,SANDBOX TWO,1961\n", "has several cells in row 2"),
        ("Customers of 2026\nno,who\n1,SANDBOX ONE\n", "has several cells in row 2"),
        ("1|SANDBOX ONE|1961\n", "no column for names"),
    ],
)
def test_columns_that_nothing_parts_are_no_list_of_names(text: str, says: str) -> None:
    """Read as names, whole rows would be asked about, and no one would be found."""
    with pytest.raises(SourceRefusedError, match=re.escape(says)):
        read(text)


@pytest.mark.parametrize(
    ("above", "delimiter"),
    [
        ("Customers of the Sandbox Bank", ","),
        ("Customers of the Sandbox Bank;;", ";"),
        ("\n\nCustomers\n\nas of 2026-01-01\nconfidential", ";"),
        ("Customers, all of them", "\t"),
        ('"Customers\nin two lines"', ","),
        ("", "|"),
    ],
)
def test_titles_above_the_header_are_passed_over(above: str, delimiter: str) -> None:
    text = f"{above}\nid{delimiter}name\n1{delimiter}SANDBOX ONE\n"
    (customer,) = read(text)
    assert (customer.row, customer.id, customer.name) == (text.count("\n") - text.count("in two"), "1", "SANDBOX ONE")


def test_a_comma_in_a_name_that_nobody_quoted_is_told_and_the_name_is_asked_whole() -> None:
    (customer,) = read("name\nRI, Mok Dae\n")
    assert customer.query is not None
    assert customer.query.names == ("RI", "RI, Mok Dae")
    assert customer.problem == "has 2 cells under 1 headings"


def test_a_list_of_names_is_read_up_to_a_broken_line() -> None:
    rows = customers_of(BytesIO(b"SANDBOX ONE\nSANDBOX TWO\n\xff\n"))
    assert [next(rows).name, next(rows).name] == ["SANDBOX ONE", "SANDBOX TWO"]
    with pytest.raises(SourceRefusedError, match="line 3"):
        next(rows)


@pytest.mark.parametrize("heading", ["name", "NAME", " Full  Name ", "Customer", "성명", "\ufeffname"])
def test_the_column_of_names_is_known_by_several_headings(heading: str) -> None:
    assert [customer.name for customer in read(f"{heading},x\nSANDBOX ONE,1\n")] == ["SANDBOX ONE"]


def names(text: str) -> list[tuple[str, ...]]:
    return [() if each.query is None else each.query.names for each in read(text)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("customer,name\nC001,SANDBOX ONE\n", ("SANDBOX ONE", "C001")),
        ("name,name\nSANDBOX ONE,SANDBOX TWO\n", ("SANDBOX ONE", "SANDBOX TWO")),
        ("name,aliases\nSANDBOX ONE,SANDBOX TWO\n", ("SANDBOX ONE", "SANDBOX TWO")),
        ("성명 / Name,영문명\n리목대,RI Mok Dae\n", ("리목대", "RI Mok Dae")),
    ],
)
def test_every_column_of_names_is_asked(text: str, asked: tuple[str, ...]) -> None:
    assert names(text) == [asked]


@pytest.mark.parametrize(
    "text",
    [
        "name,given name\nRI,MOK DAE\n",
        "Surname;First Name;Middle Name\nRI;MOK;DAE\n",
        "last_name,first_name\nRI,MOK DAE\n",
        "family,given\nRI,MOK DAE\n",
        "customer,family,given\nC001,RI,MOK DAE\n",
    ],
)
def test_given_and_family_names_are_joined_in_both_orders(text: str) -> None:
    """Koreans write the surname first, passports and forms of other countries last."""
    (customer,) = read(text)
    assert customer.query is not None
    assert {"RI MOK DAE", "MOK DAE RI"} <= set(customer.query.names)
    assert customer.name == "RI MOK DAE"


def test_a_given_name_within_the_whole_one_adds_none() -> None:
    assert names("name,given name\nRI MOK DAE,Mok Dae\nSANDBOX ONE,\n") == [("RI MOK DAE",), ("SANDBOX ONE",)]


def test_every_number_and_every_birth_date_of_a_row_is_asked_about() -> None:
    (customer,) = read("name,passport,passport no,dob,birth date\nSANDBOX,P1,P2,1961,1962\n")
    assert customer.query is not None
    assert [each.value for each in customer.query.identifiers] == ["P1", "P2"]
    assert customer.query.birth_dates == ("1961", "1962")


@pytest.mark.parametrize(
    ("heading", "printed", "asked", "problem"),
    [
        ("passport", "３８１３１００２４", "passport:381310024", None),
        ("passport", "٣٨١٣١٠٠٢٤", "passport:381310024", None),
        (
            "passport",
            "381310014.0",
            "passport:381310014",
            "went through a spreadsheet, and zeros before it may be lost",
        ),
        ("passport", "3.8131E+08", None, "was rounded by a spreadsheet, which lost its last figures"),
        ("passport", "unknown", None, "'unknown' is no passport number"),
        ("passport", "12E4567", "passport:12E4567", None),
        ("passport", "-", None, None),
        ("mmsi", "４４５１２３０００", "mmsi:445123000", None),
        ("mmsi", "4.45123E+08", None, "was rounded by a spreadsheet"),
        ("mmsi", "abc", None, "'abc' is no MMSI"),
        ("mmsi", "44512300", "mmsi:44512300", "'44512300' is no MMSI, which has nine figures"),
        ("imo", "９０７４７２９", "imo:9074729", None),
        ("imo", "9074729.0", "imo:9074729", "went through a spreadsheet"),
    ],
)
def test_a_number_is_read_in_every_form_and_told_where_it_is_none(
    heading: str, printed: str, asked: str | None, problem: str | None
) -> None:
    (customer,) = read(f"name,{heading}\nSANDBOX,{printed}\n")
    assert customer.query is not None
    assert [each.key for each in customer.query.identifiers] == ([] if asked is None else [asked])
    assert (customer.problem is None) if problem is None else (problem in str(customer.problem))


def test_kinds_that_contradict_each_other_are_told_and_all_are_asked_about() -> None:
    (customer,) = read("name,type,kind\nSANDBOX,person,ship\n")
    assert customer.query is not None
    assert (customer.query.schema, customer.problem) == (
        None,
        "'person', 'ship' is more than one kind; asked about all",
    )


def test_columns_that_are_not_used_are_named() -> None:
    assert read("name,Colour,,dob,nick\nSANDBOX,red,,,x\n")[0].unused == ("Colour", "nick")
    assert read("SANDBOX ONE\n")[0].unused == ()


def test_a_screened_file_tells_the_columns_that_are_not_used_beside_the_report_alone() -> None:
    """Headings of a customer file are not for everyone."""
    file = CustomerFile(name="c.csv", exhibit="0" * 64, received="0" * 64, origin="c.csv", sandbox=True)
    screened = screen_file(file, b"name,Colour\nSANDBOX ONE,red\n", Screener(()), min_score=0.7)
    (record,), (section,) = screening_record([screened]), screening_section([screened])
    assert isinstance(record, dict)
    assert isinstance(section, dict)
    assert record["columns_not_used"] == ["Colour"]
    assert "columns_not_used" not in section


def test_a_file_of_one_column_is_a_list_of_names() -> None:
    assert [(each.row, each.name) for each in read("SANDBOX ONE\n\nSANDBOX TWO\n")] == [
        (1, "SANDBOX ONE"),
        (3, "SANDBOX TWO"),
    ]


@pytest.mark.parametrize(
    ("printed", "kind"),
    [("Individual", "Person"), ("company", "Organization"), ("SHIP", "Vessel"), ("법인", "Organization")],
)
def test_a_kind_is_known_as_people_call_it(printed: str, kind: str) -> None:
    (customer,) = read(f"name,type\nSANDBOX,{printed}\n")
    assert customer.query is not None
    assert customer.query.schema == kind


def test_what_cannot_be_read_is_told_and_the_row_is_asked_about_all_the_same() -> None:
    (customer,) = read("name,type,dob,imo\nSANDBOX,alien,circa 1961,9074720\n")
    assert customer.query is not None
    assert customer.query.schema is None
    assert customer.problem == (
        "'alien' is no kind known; asked about all; the IMO number 9074720 has a wrong check digit; "
        "birth date 'circa 1961': approximate, not a date"
    )


def test_a_number_alone_is_enough_and_nothing_at_all_is_not() -> None:
    ship, nothing = read("name,imo,id\n,9074729,1\n,,2\n")
    assert ship.query is not None
    assert ship.query.identifiers[0].value == "9074729"
    assert (nothing.query, nothing.problem) == (None, "has neither a name nor a number")


def test_a_cell_of_too_many_names_is_told_and_its_numbers_are_asked_about() -> None:
    many = "; ".join(f"SANDBOX {number}" for number in range(101))
    alone, ship = read(f"name,imo\n{many},\n{many},9074729\n")
    assert (alone.query, alone.problem) == (None, "the name holds 101 names, more than 100: not asked about")
    assert ship.query is not None
    assert (ship.query.name, len(ship.query.identifiers)) == ("", 1)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("\u200b\u3164", "the name has no letter or figure that can be seen: not asked about"),
        ("RI \ufffd\ufffd", "letters of the name were lost, and U+FFFD stands for them: not asked about"),
    ],
)
def test_a_name_that_cannot_be_asked_about_is_told(name: str, problem: str) -> None:
    (customer,) = read(f"id,name\n1,{name}\n")
    assert (customer.query, customer.problem) == (None, problem)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"colour,weight\nred,1\n", "has no column for names; it has colour, weight"),
        (b"family name,dob\nSANDBOX,1961\n", "has no column for names; it has family name, dob"),
        ("name\nSANDBÖX\n".encode("latin-1"), "not UTF-8: byte 0xd6 in line 2"),
        (b'name,x\n"SANDBOX,1\n', "garbled in row"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(content)


def test_rows_before_a_broken_place_have_been_given_already() -> None:
    rows = customers_of(BytesIO(b"name\nSANDBOX ONE\n\xff\n"))
    assert next(rows).name == "SANDBOX ONE"
    with pytest.raises(SourceRefusedError, match="line 3"):
        next(rows)


def test_a_file_is_named_where_it_is_refused_and_where_it_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"a,b\n")
    with pytest.raises(SourceRefusedError) as refused:
        list(read_customers(tmp_path / "bad.csv"))
    assert refused.value.where == str(tmp_path / "bad.csv")
    with pytest.raises(UsageError, match="No such file"):
        list(read_customers(tmp_path / "gone.csv"))


def test_a_long_file_is_read_no_further_than_it_is_asked_for() -> None:
    class Endless(BytesIO):
        def __iter__(self) -> Iterator[bytes]:  # type: ignore[override]  # the lines alone are asked for
            yield b"name\n"
            while True:
                yield b"SANDBOX ONE\n"

    rows = customers_of(Endless())
    assert [next(rows).row for _ in range(3)] == [2, 3, 4]


@given(names=st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=20)))
def test_every_name_comes_back_as_written(names: list[str]) -> None:
    quoted = "".join('x,"' + name.replace('"', '""') + '"\n' for name in names)
    assert [each.name for each in read(f"id,name\n{quoted}")] == [name.strip() for name in names]
