"""The reader of the Republic of Korea's notice: items by their numbers, Hangul names, and which are the DPRK's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import Source, source
from bongsu.lists.model import Part, Reading, Statement

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    real = source("kr_mofa")
    lenient = Source(card=replace(real.card, most_set_aside_share=1.0), reader=real.reader)
    return lenient.read((Part(name="notice", exhibit=digest(raw), content=raw),))


def notice(
    *items: str, count: int | None = None, title: str = "금융거래등제한대상자 지정", day: str = "20260115"
) -> str:
    text = " ".join(f"{number}. {item}" for number, item in enumerate(items, start=1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><!-- SANDBOX, invented --><AdmRulService><행정규칙기본정보>'
        f"<행정규칙명>{title}</행정규칙명><시행일자>{day}</시행일자></행정규칙기본정보><별표><별표단위>"
        f"<별표제목>SANDBOX ({len(items) if count is None else count}명)</별표제목>"
        f"<별표내용><![CDATA[{text}]]></별표내용></별표단위></별표></AdmRulService>"
    )


@pytest.mark.parametrize("name", ["kr_mofa_sandbox", "kr_mofa_broken_sandbox"])
def test_no_word_of_the_annexes_is_dropped(name: str, fixture_bytes: Bytes) -> None:
    """Every word is said or set aside, but for what becomes a property, a schema or the frame of an item."""
    content = fixture_bytes(f"{name}.xml").replace(b"]]><![CDATA[", b"]]>\n<![CDATA[")
    reading = read(content)
    said = Counter(
        re.findall(
            r"\w+", " ".join([*(row.value for row in reading.statements), *(row.value for row in reading.set_aside)])
        )
    )
    printed = Counter(
        re.findall(r"\w+", " ".join("".join(each.itertext()) for each in fromstring(content).iter("별표내용")))
    )
    frame = set(
        re.findall(
            r"\w+",
            "a.k.a. f.k.a. DOB POB alt nationality individual Gender Passport Vessel Registration Identification",
        )
    )
    numbers = {str(number) for number in range(1, 10)}
    assert set(printed - said) <= frame | numbers


def test_the_day_is_the_one_on_which_the_notice_came_into_force(fixture_bytes: Bytes) -> None:
    assert read(fixture_bytes("kr_mofa_sandbox.xml")).printed_on == date(2026, 1, 15)


def test_another_notice_of_the_same_service_is_not_recognised() -> None:
    assert not source("kr_mofa").reader.recognises(b"<AdmRulService>SANDBOX</AdmRulService>")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (notice("SANDBOX ONE [SDGT]", count=2), "says that it lists 2, and 1 items were found"),
        (notice("SANDBOX ONE [SDGT]", "SANDBOX TWO [SDGT]", count=1), "says that it lists 1, and 2 items"),
        (notice("SANDBOX [SDGT]", title="지어낸 고시"), "not that of"),
        (notice("SANDBOX [SDGT]", day=""), "came into force"),
        (notice("SANDBOX [SDGT]", day="20260230"), "came into force"),
        (notice("SANDBOX [SDGT]").replace("명)", ")"), "no annex that says"),
        (notice("SANDBOX [SDGT]").replace("<별표>", "<!--").replace("</별표>", "-->"), "no annex"),
        (notice("SANDBOX [SDGT]")[:-30], "not well-formed"),
        ("<Law>일치하는 행정규칙이 없습니다.</Law>", "begins with <Law>"),
    ],
)
def test_a_notice_of_another_form_or_cut_is_refused(content: str | bytes, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(content)


@pytest.mark.parametrize(
    ("item", "names"),
    [
        ("RI, Sandbox(리샌드); DOB 1969", ["RI, Sandbox", "리샌드"]),
        ("(김샌드), China; Representative (2016. 12. 2. 지정)", ["김샌드"]),
        ("HONG, Sandbox, DOB 19 Jan 1972", ["HONG, Sandbox"]),
        ("SANDBOX TRADING CO., LTD., 1 Invented Street", ["SANDBOX TRADING CO., LTD."]),
        ("조선샌드박스무역회사 (2022. 10. 14. 지정)", ["조선샌드박스무역회사"]),
        (
            "조선샌드박스무역회사(SANDBOX Trading), 평양 (2022. 10. 14. 지정)",
            ["조선샌드박스무역회사", "SANDBOX Trading"],
        ),
        ("SANDBOX GROUP (Chinese Traditional: 砂箱集團) [SDGT]", ["SANDBOX GROUP"]),
        ("SANDBOX BASE (a.k.a. SANDBOX CAMP) [SDGT]", ["SANDBOX BASE"]),
    ],
)
def test_names_in_either_script_are_names(item: str, names: list[str], said: Said) -> None:
    assert [row.value.removesuffix(".") for row in said(read(notice(item)), prop="name")] == [
        name.removesuffix(".") for name in names
    ]


@pytest.mark.parametrize(
    ("item", "dprk", "asides"),
    [
        ("SANDBOX (2022. 12. 2. 지정)", 1, 0),
        ("SANDBOX, Pyongyang (2023. 9. 2. 지정)", 1, 1),
        ("SANDBOX, Sandbox City (2025. 12. 1. 지정)", 0, 1),
        ("SANDBOX [DPRK]", 1, 0),
        ("SANDBOX [DPRK9]", 1, 1),
        ("SANDBOX; nationality North Korea [SDGT]", 0, 0),
        ("SANDBOX [ATLANTIS]", 0, 1),
        ("SANDBOX of North Korea", 1, 2),
        ("SANDBOX", 0, 1),
    ],
)
def test_whose_programme_it_is_comes_from_the_code_the_day_or_the_own_designations_text(
    item: str, dprk: int, asides: int
) -> None:
    reading = read(notice(item))
    assert (reading.tally.dprk, len(reading.set_aside)) == (dprk, asides)


def test_two_of_one_name_and_day_of_birth_are_two_listings() -> None:
    reading = read(
        notice("SANDBOX TWIN; DOB 1970 [SDGT]", "SANDBOX TWIN; DOB 1970 [SDGT]", "SANDBOX TWIN; DOB 1971 [SDGT]")
    )
    assert reading.tally.persons == 3


def test_a_listing_keeps_its_id_when_the_items_are_numbered_anew(said: Said) -> None:
    before = read(notice("SANDBOX ONE [SDGT]", "SANDBOX TWO [SDGT]"))
    after = read(notice("SANDBOX TWO [SDGT]"))
    assert {row.listing for row in said(before, value="SANDBOX TWO")} == {
        row.listing for row in said(after, prop="name")
    }


def test_a_day_inside_an_item_is_no_item() -> None:
    reading = read(
        notice(
            "SANDBOX ONE (2022. 12. 2. 지정)",
            "SANDBOX TWO (2016. 3. 8. 지정)",
            "SANDBOX; DOB 1972.",
            "SANDBOX FIVE [SDGT]",
        )
    )
    assert reading.tally.read == 4


@given(texts=st.lists(st.text("AB가(); ,.[]0", min_size=1, max_size=30), min_size=1, max_size=4))
def test_whatever_stands_in_the_items_each_is_read_or_set_aside_or_the_notice_refused(texts: list[str]) -> None:
    try:
        reading = read(notice(*(f"SANDBOX {text}" for text in texts)))
    except SourceRefusedError as refused:
        assert "items were found" in refused.what  # noqa: PT017  either outcome is right
        return
    assert reading.tally.complete
    assert reading.tally.in_file == len(texts)
