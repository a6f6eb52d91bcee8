"""The reader of Japan's list: two languages in one row, days by the era, cells of several values, other categories."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import Source, source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import jp_mof

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
ERAS = {"大正": "1912-07-30", "昭和": "1926-12-25", "平成": "1989-01-08", "令和": "2019-05-01"}


def read(content: bytes | str, *, strict: bool = False) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    real = source("jp_mof")
    lenient = Source(card=replace(real.card, most_set_aside_share=1.0), reader=real.reader)
    return (real if strict else lenient).read((Part(name="list", exhibit=digest(raw), content=raw),))


def copy(*rows: dict[str, str], columns: tuple[str, ...] = jp_mof.COLUMNS) -> str:
    """An invented copy: each row says only what differs from a person listed by the UN."""
    usual = {"区分": "15", "番号": "015-900001", "個人・団体": "個人", "氏名（英語）": "SANDBOX PERSON"}
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: {**usual, **row}.get(column, "") for column in columns})
    return text.getvalue()


def test_no_printed_text_of_the_invented_list_is_dropped(fixture_bytes: Bytes) -> None:
    content = fixture_bytes("jp_mof_sandbox.csv")
    reading = read(content)
    for number, row in enumerate(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")), start=2):
        at = [said.value for said in reading.statements if said.locator == f"row={number}"]
        printed = Counter(character for cell in row.values() for character in cell if character.isalnum())
        kind = Counter(row["個人・団体"])  # becomes the schema
        assert not printed - kind - Counter("".join(at)), number


def test_the_invented_list_fills_every_column(fixture_bytes: Bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(fixture_bytes("jp_mof_sandbox.csv").decode("utf-8-sig"), newline="")))
    assert {column for row in rows for column, cell in row.items() if cell} == set(jp_mof.COLUMNS)


def test_a_header_of_fewer_columns_is_not_this_lists() -> None:
    assert not jp_mof.recognises("区分,番号\n14,014-900001\n".encode())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (copy({}).replace("旧称（英語）", "旧称"), "not known: 旧称"),
        (copy({}, columns=jp_mof.COLUMNS[:-1]), "missing: 外務省告示情報"),
        (copy({}, columns=(*jp_mof.COLUMNS[1:], jp_mof.COLUMNS[0])), "another order"),
        (copy({"その他の情報": "SANDBOX, invented"})[:-30] + '"SANDBOX', "cut or garbled"),
        (copy({}).encode("cp932"), "not UTF-8"),
        ("", "missing"),
    ],
)
def test_a_file_of_another_form_is_refused(content: str | bytes, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(content)


def test_a_copy_whose_categories_were_counted_anew_is_refused() -> None:
    """Read by the old numbers, the DPRK's entries would become another country's, and the other way round."""
    moved = [
        {"区分": "16", "番号": "016-900001", "国連参照番号": "KPi.901"},
        {"区分": "19", "番号": "019-900002", "国連参照番号": "KPi.902"},
        {"区分": "19", "番号": "019-900003", "国連参照番号": "KPe.903"},
    ]
    with pytest.raises(SourceRefusedError, match="2 of 3 UN designations"):
        read(copy(*moved))
    assert read(copy(*moved[:2])).tally.dprk == 1


def test_one_reference_that_contradicts_its_category_is_set_aside_and_the_entry_kept() -> None:
    rows = [
        {"国連参照番号": "KPi.901"},
        {"番号": "015-900002", "国連参照番号": "QDi.901"},
        {"区分": "2", "番号": "002-900003", "国連参照番号": "KPi.903"},
        {"番号": "015-900004", "国連参照番号": "KPi.904"},
    ]
    reading = read(copy(*rows))
    assert reading.tally.persons == 4
    assert [(row.field, row.value) for row in reading.set_aside] == [
        ("国連参照番号", "QDi.901"),
        ("国連参照番号", "KPi.903"),
    ]


@pytest.mark.parametrize("category", ["13", "14", "15", "16", "17"])
def test_every_dprk_category_counts_as_dprk(category: str, said: Said) -> None:
    reading = read(copy({"区分": category}))
    assert reading.tally.dprk == 1
    assert [row.value for row in said(reading, prop="program")] == [category]


def test_a_listing_without_a_name_is_set_aside_whole() -> None:
    reading = read(copy({"氏名（英語）": " "}))
    assert "has no name" in reading.set_aside[0].reason
    assert reading.tally.complete


def test_a_name_in_japanese_alone_is_a_name(said: Said) -> None:
    reading = read(copy({"氏名（英語）": "", "氏名（日本語）": "サンドボックス・イチロウ"}))
    assert [(row.value, row.lang) for row in said(reading, prop="name")] == [("サンドボックス・イチロウ", "jpn")]


def test_a_kind_the_card_does_not_know_is_taken_as_organisation_and_said() -> None:
    reading = read(copy({"個人・団体": "船舶"}))
    assert reading.tally.organisations == 1
    assert [(row.field, row.value) for row in reading.set_aside] == [("個人・団体", "船舶")]


def test_the_notice_and_its_revisions_are_told_apart(said: Said) -> None:
    reading = read(copy({"告示日付": "2013.4.5 2016.2.19改訂 2017.12.1改訂"}))
    assert [row.cleaned for row in said(reading, prop="listingDate")] == ["2013-04-05"]
    assert [row.cleaned for row in said(reading, prop="modifiedAt")] == ["2016-02-19", "2017-12-01"]


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("1963/4/11", "1963-04-11"),
        ("2001.10.12", "2001-10-12"),
        ("1963年4月11日", "1963-04-11"),
        ("1963年4月", "1963-04"),
        ("1963年", "1963"),
        ("1963", "1963"),
        ("１９６３年４月１１日", "1963-04-11"),
        ("昭和38年4月11日", "1963-04-11"),
        ("令和元年5月1日", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("昭和64年1月7日", "1989-01-07"),
        ("平成元年", "1989"),
        ("昭和38年4月", "1963-04"),
    ],
)
def test_a_day_is_read_as_japan_writes_it(printed: str, iso: str) -> None:
    assert jp_mof.japanese_day(printed, ERAS).value == iso


@pytest.mark.parametrize(
    "printed",
    [
        *("1958年頃", "およそ1970年", "1963年から1968年の間", "1937年~1945年", "1954年-1955年", "おおむね30～35歳"),
        *(
            "平成31年5月1日",
            "昭和64年1月8日",
            "昭和元年12月24日",
            "平成元年1月7日",
            "1963/13/1",
            "1963年2月30日",
            "不明",
        ),
        *("明治45年", "昭和38年14月", "平成32年", ""),
    ],
)
def test_what_is_no_certain_day_is_rejected(printed: str) -> None:
    assert jp_mof.japanese_day(printed, ERAS).value is None


@given(on=st.dates(date(1926, 12, 25), date(2100, 1, 1)))
def test_a_day_has_one_era_and_reads_the_same_by_it(on: date) -> None:
    era, first = max((era for era in ERAS.items() if era[1] <= on.isoformat()), key=lambda item: item[1])
    year = on.year - date.fromisoformat(first).year + 1
    printed = f"{era}{'元' if year == 1 else year}年{on.month}月{on.day}日"
    assert jp_mof.japanese_day(printed, ERAS).value == on.isoformat()
    before = date.fromisoformat(first) - timedelta(days=1)
    wrong = f"{era}元年{before.month}月{before.day}日"
    assert jp_mof.japanese_day(wrong, ERAS).value is None


@given(values=st.lists(st.text("AB（x；y）", min_size=1, max_size=8), min_size=1, max_size=4))
def test_a_cell_of_several_values_gives_back_every_one(values: list[str]) -> None:
    whole = [value for value in values if jp_mof.pieces(value) == [value]]
    assert jp_mof.pieces("； ".join(whole)) == whole


def test_a_semicolon_inside_a_bracket_divides_nothing(said: Said) -> None:
    cell = "サンドボックス・ニ（生年月日1960/4/11； 1963/4/11）；サンドボックス（一；二）"
    reading = read(copy({"別名・別称（日本語）": cell}))
    assert [row.value for row in said(reading, prop="alias")] == ["サンドボックス・ニ", "サンドボックス（一；二）"]
    assert [row.value for row in said(reading, prop="aliasNote")] == ["生年月日1960/4/11； 1963/4/11"]


def test_a_bracket_that_never_closes_leaves_the_cell_whole_and_is_said(said: Said) -> None:
    reading = read(copy({"別名・別称（英語）": "SANDBOX ONE（other; SANDBOX TWO"}))
    assert [row.value for row in said(reading, prop="alias")] == ["SANDBOX ONE（other; SANDBOX TWO"]
    assert [row.field for row in reading.set_aside] == ["別名・別称（英語）"]


def test_a_short_row_is_set_aside_whole() -> None:
    reading = read(copy({}) + "14,014-900002,2026.1.2\r\n")
    assert "has 3 columns where 32 are known" in reading.set_aside[0].reason
    assert reading.tally.complete


def test_countries_and_places_go_together_where_there_is_one_for_each(said: Said) -> None:
    cells = {
        "住所・所在地（国）（英語）": "Japan；Italy",
        "住所・所在地（都市その他の情報）（英語）": "Sandbox A；Sandbox B",
    }
    reading = read(copy(cells))
    by_address: dict[str, list[str]] = {}
    for row in said(reading, schema="Address"):
        by_address.setdefault(row.entity, []).append(row.value)
    assert sorted(by_address.values()) == [["Sandbox A", "Japan"], ["Sandbox B", "Italy"]]
    assert len(said(reading, prop="addressEntity")) == 2


@pytest.mark.parametrize(("printed", "code"), [("北朝鮮", "kp"), ("アトランティス", None)])
def test_a_territory_in_japanese_is_known_or_kept_as_printed(printed: str, code: str | None, said: Said) -> None:
    reading = read(copy({"国籍（日本語）": printed}))
    assert [(row.value, row.cleaned) for row in said(reading, prop="nationality")] == [(printed, code)]
