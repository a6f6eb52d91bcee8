"""The reader of OFAC's CSV set: every column, its companions, and how it meets cut, broken and hostile files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import ofac_sdn

Read = Callable[..., Reading]
Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
PARTS = ("sdn", "alt", "add", "comments")
CARD = replace(source("ofac_sdn").card, most_set_aside_share=1.0)


def row(
    number: object = 90001,
    name: str = "SANDBOX COMPANY",
    kind: str = "-0- ",
    programme: str = "DPRK",
    title: str = "-0- ",
    remarks: str = "-0- ",
) -> str:
    """One line of sdn.csv about an invented entity."""
    line = io.StringIO()
    csv.writer(line).writerow([number, name, kind, programme, title, *["-0- "] * 6, remarks])
    return line.getvalue()


def read_all(files: dict[str, bytes], *, strict: bool = False) -> Reading:
    parts = tuple(Part(name=name, exhibit=digest(content), content=content) for name, content in files.items())
    return ofac_sdn.read(parts, source("ofac_sdn").card if strict else CARD)


def facts(reading: Reading) -> list[tuple[str, ...]]:
    """What is said, without where."""
    return [(said.entity, said.schema, said.prop, said.value) for said in reading.statements]


def test_the_invented_list_fills_every_column_somewhere(ofac_files: dict[str, bytes]) -> None:
    for name, content in ofac_files.items():
        rows = list(csv.reader(io.StringIO(content.decode().removesuffix("\x1a"), newline="")))
        for column in range(ofac_sdn.COLUMNS[name]):
            assert any(cells[column].strip() != "-0-" for cells in rows), f"{name} column {column}"


def unmarked(content: bytes) -> bytes:
    """A file as editors and version control leave it: other line ends, no end mark."""
    return content.replace(b"\r\n", b"\n").removesuffix(b"\x1a")


@pytest.mark.parametrize("name", PARTS)
def test_a_file_cut_at_a_line_end_is_refused_whichever_part_it_is(name: str, ofac_files: dict[str, bytes]) -> None:
    content = ofac_files[name]
    ends = [end for end in range(2, len(content)) if content[end - 2 : end] == b"\r\n"]
    assert ends
    for end in ends:
        with pytest.raises(SourceRefusedError, match="is cut: it does not end in the mark") as refused:
            read_all({**ofac_files, name: content[:end]})
        assert refused.value.where == name


@settings(deadline=None)
@given(data=st.data())
def test_a_file_cut_anywhere_is_refused_or_says_so(data: st.DataObject, ofac_files: dict[str, bytes]) -> None:
    """Past its first line every cut is refused; before, the one row that is there is set aside."""
    name = data.draw(st.sampled_from(PARTS))
    content = ofac_files[name]
    end = data.draw(st.integers(0, len(content) - 1))
    try:
        cut = read_all({**ofac_files, name: content[:end]})
    except SourceRefusedError:
        return
    assert b"\r\n" not in content[:end]
    assert any(aside.part == name for aside in cut.set_aside)


@pytest.mark.parametrize("name", PARTS)
def test_a_file_with_other_line_ends_and_no_end_mark_is_read_and_said_to_be_of_unknown_length(
    name: str, ofac_files: dict[str, bytes]
) -> None:
    reading = read_all({**ofac_files, name: unmarked(ofac_files[name])})
    assert facts(reading) == facts(read_all(ofac_files))
    (aside,) = [row for row in reading.set_aside if "end mark" in row.reason]
    assert (aside.part, aside.field, aside.whole_entry) == (name, None, False)
    assert "whether it is whole cannot be seen" in aside.reason


@pytest.mark.parametrize(
    ("name", "line"),
    [("alt", '{0},{1},"aka","SANDBOX ALIAS",-0- \r\n'), ("add", '{0},{1},"1 Invented Street",-0- ,-0- ,-0- \r\n')],
)
def test_a_main_file_that_lacks_the_entities_of_its_companions_is_taken_to_be_cut(
    name: str, line: str, ofac: Read
) -> None:
    companion = "".join(line.format(90001 + number % 100, number) for number in range(200))
    main = [row(90001 + number) for number in range(100)]
    assert ofac("".join(main), strict=True, **{name: companion}).tally.read == 100
    assert ofac("".join(main[:-2]), strict=True, **{name: companion}).tally.read == 98
    with pytest.raises(SourceRefusedError, match=rf"6 of 200 rows of {name} belong to entities that it does not hold"):
        ofac("".join(main[:-3]), strict=True, **{name: companion})


@settings(deadline=None)
@given(data=st.data())
def test_no_cut_shortens_a_value_without_saying_so(data: st.DataObject, ofac_files: dict[str, bytes]) -> None:
    """Each row that is still taken says what it said in the whole file."""
    content = unmarked(ofac_files["sdn"])
    end = data.draw(st.integers(0, len(content) - 1))
    try:
        cut = read_all({"sdn": content[:end]})
    except SourceRefusedError:
        return
    assert cut.tally.complete
    assert cut.set_aside
    whole = read_all({"sdn": content})
    links = {"object", "role", "subject"}  # a link's target may be among what was cut off
    assert {fact for fact in facts(cut) if fact[2] not in links} == {
        fact
        for fact in facts(whole)
        if fact[2] not in links and any(fact[0].startswith(said.listing) for said in cut.statements)
    }


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("content", [b"", b"\x1a", b"\r\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(name: str, content: bytes, ofac_files: dict[str, bytes]) -> None:
    with pytest.raises(SourceRefusedError, match="is empty"):
        read_all({**ofac_files, name: content})


def test_a_quote_that_never_closes_is_refused_with_its_line(ofac: Read) -> None:
    with pytest.raises(SourceRefusedError, match="near line"):
        ofac(row() + '90002,"SANDBOX NEVER CLOSED,-0- ,DPRK\r\n' + row(90003))


def test_a_field_of_more_than_128_kib_is_refused(ofac: Read) -> None:
    with pytest.raises(SourceRefusedError, match="field larger"):
        ofac(row(remarks="SANDBOX; " * 20_000))


@pytest.mark.parametrize("first", ["9000S", "", " ", "-1", "1.5", "0x10", "²", "٣٤", "１２"])
def test_a_row_without_an_entity_number_is_set_aside_whole(first: str, ofac: Read) -> None:
    reading = ofac(row() + row(first, "SANDBOX NUMBERLESS"))
    assert reading.tally.read == 1
    assert [(aside.whole_entry, aside.locator) for aside in reading.set_aside] == [(True, "row=2")]
    assert "SANDBOX NUMBERLESS" in reading.set_aside[0].value
    assert reading.tally.complete


@pytest.mark.parametrize("columns", [1, 11, 13])
def test_a_row_of_other_columns_is_set_aside_whole(columns: int, ofac: Read) -> None:
    reading = ofac(row() + ",".join(["90002", *["SANDBOX"] * (columns - 1)]) + "\r\n")
    assert reading.tally.read == 1
    assert f"has {columns} columns where 12 are known" in reading.set_aside[0].reason
    assert reading.tally.complete


def test_more_broken_rows_than_the_card_bears_refuse_the_copy(ofac: Read) -> None:
    lines = [row(number) for number in range(90001, 90050)]
    assert ofac("".join(lines) + row("S"), strict=True).tally.read == 49
    with pytest.raises(SourceRefusedError, match="1 of 49 rows are broken"):
        ofac("".join(lines[1:]) + row("S"), strict=True)


NO_MARK = "does not end in OFAC's end mark, and its line ends are not OFAC's: whether it is whole cannot be seen"


@pytest.mark.parametrize(("end", "whole"), [("\n\x1a", True), ("\n", True), ("\r", True), ("", False), (" ", False)])
def test_only_a_file_that_visibly_ends_is_taken_to_be_whole(end: str, whole: bool, ofac: Read) -> None:
    last = "90002,SANDBOX CUT,-0- ,DPRK,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,DOB 12 Mar 19"
    reading = ofac(unmarked(row().encode()) + (last + end).encode())
    assert reading.tally.read == (2 if whole else 1)
    assert [aside.reason for aside in reading.set_aside if aside.reason != NO_MARK] == (
        [] if whole else ["the file ends inside this row, or may do so"]
    )
    assert [aside.locator for aside in reading.set_aside if aside.reason == NO_MARK] == (
        [] if end.endswith("\x1a") else ["row=2"]
    )


@pytest.mark.parametrize("last", ['"SANDBOX remark."', "-0-", "-0- "])
def test_a_file_without_a_final_newline_is_whole_where_its_last_field_is(last: str, ofac: Read) -> None:
    text = unmarked(row().encode()).decode() + f"90002,SANDBOX LAST,-0- ,DPRK,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,{last}"
    reading = ofac(text.encode())
    assert reading.tally.read == 2
    assert [aside.reason for aside in reading.set_aside] == [NO_MARK]


@pytest.mark.parametrize("empty", ["-0-", "-0- ", " -0-", "", "  "])
def test_what_the_list_prints_as_empty_says_nothing(empty: str, ofac: Read) -> None:
    reading = ofac(row(kind=empty, title=empty, remarks=empty))
    assert {statement.prop for statement in reading.statements} == {"name", "authority", "authorityId", "program"}
    assert reading.set_aside == ()


def test_programmes_are_told_apart_at_their_brackets(ofac: Read, said: Said) -> None:
    reading = ofac(row(programme="NPWMD] [DPRK2] [SDGT"))
    assert [statement.value for statement in said(reading, prop="program")] == ["NPWMD", "DPRK2", "SDGT"]
    assert reading.tally.dprk == 1


def test_an_unknown_programme_of_the_dprk_counts_as_dprk_and_is_said(ofac: Read, said: Said) -> None:
    reading = ofac(row(programme="NPWMD] [DPRK9"))
    assert [kept.cleaned for kept in said(reading, prop="program")] == ["NPWMD", "DPRK9"]
    assert reading.tally.dprk == 1
    assert [(aside.field, aside.value) for aside in reading.set_aside] == [("Program", "DPRK9")]


def test_an_unknown_kind_of_entry_is_kept_as_an_organisation_and_said(ofac: Read) -> None:
    reading = ofac(row(kind="submarine"))
    assert reading.tally.organisations == 1
    assert [(aside.field, aside.value) for aside in reading.set_aside] == [("SDN_Type", "submarine")]


def test_companions_that_belong_to_nobody_are_set_aside(ofac: Read) -> None:
    reading = ofac(
        row(),
        alt='99999,1,aka,"SANDBOX ORPHAN",-0- \n',
        add='99999,1,"1 Invented Street",-0- ,-0- ,-0- \n',
        comments='99999,"SANDBOX rest of nobody\'s remark"\n',
    )
    assert sorted(aside.part for aside in reading.set_aside) == ["add", "alt", "comments"]
    assert {aside.reason for aside in reading.set_aside} == {
        "belongs to entity 99999, which the main file does not hold"
    }


def test_companions_that_stand_twice_are_taken_once(ofac: Read, said: Said) -> None:
    reading = ofac(row(), alt='90001,7,aka,"SANDBOX ONE",-0- \n90001,7 ,aka,"SANDBOX TWO",-0- \n')
    assert [statement.value for statement in said(reading, prop="alias")] == ["SANDBOX ONE"]
    assert "stands twice" in reading.set_aside[0].reason


def test_a_name_that_is_announced_and_not_printed_is_set_aside(ofac: Read) -> None:
    reading = ofac(row(), alt='90001,7,aka,-0- ,"SANDBOX note"\n')
    assert [aside.value for aside in reading.set_aside] == ["90001,7,aka,-0- ,SANDBOX note"]
    assert reading.tally.aliases == 0


@pytest.mark.parametrize(
    ("kind", "prop"), [("aka", "alias"), ("fka", "previousName"), ("nka", "alias"), ("zka", "alias")]
)
def test_kinds_of_names_follow_the_card(kind: str, prop: str, ofac: Read, said: Said) -> None:
    reading = ofac(row(), alt=f'90001,7,{kind},"SANDBOX NAME",-0- \n')
    assert [statement.prop for statement in said(reading, value="SANDBOX NAME")] == [prop]
    assert [aside.field for aside in reading.set_aside] == (["alt_type"] if kind == "zka" else [])


def test_missing_companions_are_named(ofac: Read) -> None:
    assert ofac(row()).parts_missing == ("add", "alt", "comments")
    assert ofac(row(), add='90001,1,"1 Invented Street",-0- ,-0- ,-0- \n').parts_missing == ("alt", "comments")


def test_an_address_is_a_thing_of_its_own(ofac: Read, said: Said) -> None:
    reading = ofac(row(), add='90001,1,"1 Invented Street","SANDBOX CITY","Korea, North","SANDBOX remark"\n')
    address = said(reading, schema="Address")
    assert [(statement.prop, statement.cleaned) for statement in address] == [
        ("street", "1 Invented Street"),
        ("city", "SANDBOX CITY"),
        ("country", "kp"),
        ("remarks", "SANDBOX remark"),
    ]
    assert [statement.value for statement in said(reading, prop="addressEntity")] == [address[0].entity]


LONG = "DOB 12 Mar 1984; " + "SANDBOX filler; " * 59
CUT = LONG + "Digital Currency Address - XBT 1SANDBOX"[: 1000 - len(LONG)]


def test_a_cut_remark_is_set_aside_at_its_cut_where_its_rest_is_not_given(ofac: Read, said: Said) -> None:
    assert len(CUT) == 1000
    reading = ofac(row(remarks=CUT))
    assert [(aside.field, aside.value) for aside in reading.set_aside] == [("Remarks", CUT[len(LONG) :])]
    assert said(reading, schema="CryptoWallet") == []
    assert [statement.value for statement in said(reading, prop="birthDate")] == ["12 Mar 1984"]


def test_a_cut_remark_is_whole_where_its_rest_is_given_even_in_mid_word(ofac: Read, said: Said) -> None:
    wallet = "Digital Currency Address - XBT 1SANDBOXinvented"
    rest = wallet[1000 - len(LONG) :] + "; alt. Digital Currency Address - XBT 3SANDBOXtoo."
    reading = ofac(row(remarks=CUT), comments=f'90001,"{rest}"\n')
    assert reading.set_aside == ()
    assert [statement.value for statement in said(reading, prop="publicKey")] == ["1SANDBOXinvented", "3SANDBOXtoo"]


def test_a_cut_remark_whose_rest_is_not_among_the_comments_stays_cut(ofac: Read) -> None:
    reading = ofac(row(remarks=CUT) + row(90002, remarks=CUT), comments='90002,"invented."\n')
    assert [(aside.locator, aside.field) for aside in reading.set_aside] == [("row=1", "Remarks")]


def test_the_rest_of_a_remark_is_never_dropped(ofac: Read, said: Said) -> None:
    short = ofac(row(remarks="DOB 12 Mar 1984"), comments='90001,"; POB Sandbox-si."\n')
    assert [statement.value for statement in said(short, prop="birthPlace")] == ["Sandbox-si"]
    none = ofac(row(), comments='90001,"; POB Sandbox-si."\n')
    assert [aside.value for aside in none.set_aside] == ["; POB Sandbox-si."]
    twice = ofac(row(remarks=CUT), comments='90001,"a."\n90001,"b."\n')
    assert [aside.reason for aside in twice.set_aside] == ["entity 90001 is continued twice"]


def test_statements_follow_the_order_of_the_main_file(ofac_files: dict[str, bytes]) -> None:
    listings = [statement.listing for statement in read_all(ofac_files).statements]
    assert listings == sorted(listings)
