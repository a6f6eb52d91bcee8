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


def _addresses(reading: Reading, said: Said) -> list[list[str]]:
    by_address: dict[str, list[str]] = {}
    for row in said(reading, schema="Address"):
        by_address.setdefault(row.entity, []).append(row.value)
    return sorted(by_address.values())


def test_as_many_countries_as_places_are_not_paired(said: Said) -> None:
    """The list prints a country once for all of its places: two of each may be two places in the second country."""
    cells = {
        "住所・所在地（国）（英語）": "Japan；Italy",
        "住所・所在地（都市その他の情報）（英語）": "Sandbox A；Sandbox B",
    }
    reading = read(copy(cells))
    assert _addresses(reading, said) == [["Italy"], ["Japan"], ["Sandbox A"], ["Sandbox B"]]
    assert len(said(reading, prop="addressEntity")) == 4


@pytest.mark.parametrize(("printed", "code"), [("北朝鮮", "kp"), ("アトランティス", None)])
def test_a_territory_in_japanese_is_known_or_kept_as_printed(printed: str, code: str | None, said: Said) -> None:
    reading = read(copy({"国籍（日本語）": printed}))
    assert [(row.value, row.cleaned) for row in said(reading, prop="nationality")] == [(printed, code)]


def test_one_country_goes_with_each_of_its_places(said: Said) -> None:
    cells = {"住所・所在地（国）（日本語）": "北朝鮮", "住所・所在地（都市その他の情報）（日本語）": "砂場市; 砂場洞1"}
    assert _addresses(read(copy(cells)), said) == [["砂場市", "北朝鮮"], ["砂場洞1", "北朝鮮"]]


def test_the_country_of_one_language_is_that_of_the_places_in_the_other(said: Said) -> None:
    """Some rows print the country in Japanese and the street in English, which ends in the comma before the country."""
    cells = {
        "住所・所在地（国）（日本語）": "スイス",
        "住所・所在地（都市その他の情報）（英語）": "1 Invented Street, Sandbox, ",
    }
    reading = read(copy(cells))
    assert _addresses(reading, said) == [["1 Invented Street, Sandbox", "スイス"]]
    assert [row.cleaned for row in said(reading, prop="country")] == ["ch"]


@pytest.mark.parametrize(
    ("cell", "documents"),
    [
        ("900000001（北朝鮮旅券）", [("900000001", "kp", None, None)]),
        (
            "900000002（北朝鮮旅券）、旅券発行日：2018年2月14日、旅券失効日：2023年2月14日",
            [("900000002", "kp", "2018-02-14", "2023-02-14")],
        ),
        ("900000003、旅券発効日：2016年10月28日", [("900000003", None, "2016-10-28", None)]),
        (
            "900000004，旅券発行日：2012年9月10日; 旅券失効日：2017年9月10日",
            [("900000004", None, "2012-09-10", "2017-09-10")],
        ),
        ("旅券番号：900000005; PS900000006", [("900000005", None, None, None), ("PS900000006", None, None, None)]),
        ("スイス旅券 X9000007、2027年9月27日失効", [("X9000007", "ch", None, "2027-09-27")]),
        ("SANDBOX 1 又は 2", [(None, None, None, None)]),
    ],
)
def test_a_passport_cell_gives_number_issuer_and_days(
    cell: str, documents: list[tuple[str | None, ...]], said: Said
) -> None:
    reading = read(copy({"旅券番号": cell}))
    found: dict[str, dict[str, str | None]] = {}
    for row in said(reading, schema="Passport"):
        found.setdefault(row.entity, {})[row.prop] = row.cleaned
    props = ("number", "country", "startDate", "endDate")
    assert sorted(tuple(said.get(prop) for prop in props) for said in found.values()) == documents
    assert all(row.value for row in said(reading, schema="Passport", prop="number"))


def test_a_number_of_an_identity_card_keeps_its_check_digit(said: Said) -> None:
    reading = read(copy({"身分証番号": "X900000(9)（中華人民共和国）"}))
    assert [row.cleaned for row in said(reading, schema="Identification", prop="number")] == ["X900000(9)"]


def test_remarks_tell_by_labels_what_has_no_column(said: Said) -> None:
    wallet = "0x" + "0" * 36 + "5a4d"
    reading = read(copy({"その他の情報": f"性別：男性暗号資産アドレス：{wallet}; 1SANDBOX{'9' * 26}"}))
    assert [row.cleaned for row in said(reading, prop="gender")] == ["male"]
    assert [row.cleaned for row in said(reading, prop="publicKey")] == [wallet, f"1SANDBOX{'9' * 26}"]
    assert len(said(reading, schema="CryptoWallet", prop="holder")) == 2
    firm = {"区分": "16", "番号": "016-900001", "個人・団体": "団体"}
    reading = read(
        copy({**firm, "その他の情報": "SWIFT/BIC：SANDKPPYXXX    IMO番号：5999981; 5999995; 59999815999995"})
    )
    assert [row.cleaned for row in said(reading, prop="swiftBic")] == ["SANDKPPYXXX"]
    assert [row.cleaned for row in said(reading, prop="registrationNumber")] == ["5999981", "5999995", None]
    reading = read(copy({**firm, "その他の情報": "船舶登録証明：IMO5999981"}))
    assert [row.cleaned for row in said(reading, prop="registrationNumber")] == ["5999981"]


def test_the_day_of_the_uns_listing_is_told_from_those_of_its_revisions(said: Said) -> None:
    reading = read(copy({"リスト掲載日": "２０１９年２月２８日（２０１９年３月１３日及び２０２５年３月１１日に改訂）"}))
    assert [row.cleaned for row in said(reading, prop="date")] == ["2019-02-28"]


@pytest.mark.parametrize(
    ("kind", "note", "says"),
    [("団体", "北朝鮮", "0 of 10 rows of its kind"), ("個人", "スーダン", "and 0 that speak of Korea")],
)
def test_a_category_of_the_dprk_that_holds_others_is_refused_without_un_references(
    kind: str, note: str, says: str
) -> None:
    """The list prints no UN reference in the DPRK's rows; their kind and their words tell a category counted anew."""
    rows = [{"番号": f"015-90000{number}", "個人・団体": kind, "その他の情報": note} for number in range(10)]
    with pytest.raises(SourceRefusedError, match=says):
        read(copy(*rows))
    good = [{"番号": f"015-90000{number}", "その他の情報": "北朝鮮"} for number in range(10)]
    assert read(copy(*good)).tally.dprk == 10


@pytest.mark.parametrize("category", ["42", "43", "44"])
def test_the_newest_categories_are_known(category: str) -> None:
    assert read(copy({"区分": category, "番号": f"0{category}-900001"})).set_aside == ()


@pytest.mark.parametrize(
    ("cell", "listed", "revised"),
    [
        ("2016.3.112023.7.27改訂", ["2016-03-11"], ["2023-07-27"]),
        ("2016.12.92022.8.3改訂2023.8.24改訂", ["2016-12-09"], ["2022-08-03", "2023-08-24"]),
        ("2016.3.11 2023.7.27改訂", ["2016-03-11"], ["2023-07-27"]),
        ("2016.12.31", ["2016-12-31"], []),
        ("2016.3.112023", [None], []),
    ],
)
def test_days_of_a_notice_are_told_apart_without_a_blank_between_them(
    cell: str, listed: list[str | None], revised: list[str], said: Said
) -> None:
    """So they stand in the rows of those the UN designated."""
    reading = read(copy({"告示日付": cell}))
    assert [row.cleaned for row in said(reading, prop="listingDate")] == listed
    assert [row.cleaned for row in said(reading, prop="modifiedAt")] == revised


NOTICE_DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2049, 12, 31))


@given(first=NOTICE_DAYS, then=NOTICE_DAYS)
def test_any_two_days_of_a_notice_are_told_apart(first: date, then: date) -> None:
    cell = f"{first.year}.{first.month}.{first.day}{then.year}.{then.month}.{then.day}改訂"
    statements = read(copy({"告示日付": cell})).statements
    days = [row.cleaned for row in statements if row.prop in {"listingDate", "modifiedAt"}]
    assert days == [first.isoformat(), then.isoformat()]


def test_a_death_is_told_by_the_remarks(said: Said) -> None:
    reading = read(copy({"その他の情報": "2022年１月27日死亡"}))
    assert [row.cleaned for row in said(reading, prop="deathDate")] == ["2022-01-27"]
