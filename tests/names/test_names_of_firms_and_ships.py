"""Names of firms, offices and ships: what tells them apart counts, what all of them say does not."""

from __future__ import annotations

import pytest

from bongsu.names import explain, similarity
from bongsu.names.screener import DEFAULT_SCORE, LEAST_SCORE

# The distinguishing words are made up; no firm or ship in particular is meant.
SAME_FIRM = [
    ("SANDBOX Mokdae Trading Corporation", "Sandbox Mok Dae Trading Co., Ltd.", "legal form, blanks"),
    ("KOREA MOKDAE TRADING CORPORATION", "Choson Moktae Muyok Hoesa", "translated and romanised otherwise"),
    ("조선목대무역회사", "Korea Mokdae Trading Corporation", "Hangul and English"),
    ("조선목대무역회사", "朝鲜木大贸易会社", "Hangul and Chinese characters"),
    ("Mokdae Shipping Company Limited", "MOK DAE SHPG CO", "abbreviated"),
    ("Мокдэ Торговая Компания", "Mokdae Trading Company", "Cyrillic"),
    ("LLC MOKRYUL", "MOKRYUL, OOO", "legal forms of two languages at two ends"),
    ("Mokdae Industrial Bank", "Mokdae Industry Bank", "industry and industrial"),
    ("華木船務(香港)有限公司", "HUAMU SHIPPING HONGKONG LTD", "Chinese characters and pinyin"),
    ("Ministry of Defence of the DPRK", "MINISTRY OF DEFENSE", "an office"),
]
OTHER_FIRM = [
    ("KOREA MOKDAE TRADING CORPORATION", "KOREA SONGRYUL TRADING CORPORATION", "other name, all else the same"),
    ("MOKDAE GENERAL CORPORATION", "MOKSONG GENERAL CORPORATION", "one syllable other"),
    ("CORP TRADING LTD", "GENERAL CORP", "generic words alone"),
    ("Ministry of Railways", "Ministry of Foreign Trade", "two offices"),
]
SAME_SHIP = [
    ("MOK DAE 1", "MOKDAE NO. 1", "blanks and No."),
    ("M/V MOK DAE 7", "Mokdae 7", "prefix"),
    ("MOK DAE II", "MOK DAE 2", "Roman figures"),
    ("목대 3", "MOK TAE 3", "Hangul"),
    ("KAPITAN SANDBOX", "CAPTAIN SANDBOX", "kapitan and captain"),
]
OTHER_SHIP = [
    ("MOK DAE 1", "MOK DAE 2", "other number"),
    ("MOK DAE 1", "SONG RYUL 1", "other name"),
    ("PETREL 8", "PETREL 1", "other number, English"),
]


def ids(rows: list[tuple[str, str, str]]) -> list[str]:
    return [how for *_, how in rows]


@pytest.mark.parametrize(("left", "right", "how"), SAME_FIRM, ids=ids(SAME_FIRM))
def test_one_firm_in_two_forms_is_one(left: str, right: str, how: str) -> None:
    assert similarity(left, right, "Organization") >= DEFAULT_SCORE


@pytest.mark.parametrize(("left", "right", "how"), OTHER_FIRM, ids=ids(OTHER_FIRM))
def test_two_firms_are_two(left: str, right: str, how: str) -> None:
    assert similarity(left, right, "Organization") < LEAST_SCORE


@pytest.mark.parametrize(("left", "right", "how"), SAME_SHIP, ids=ids(SAME_SHIP))
def test_one_ship_in_two_forms_is_one(left: str, right: str, how: str) -> None:
    assert similarity(left, right, "Vessel") >= DEFAULT_SCORE


@pytest.mark.parametrize(("left", "right", "how"), OTHER_SHIP, ids=ids(OTHER_SHIP))
def test_two_ships_are_two(left: str, right: str, how: str) -> None:
    assert similarity(left, right, "Vessel") < LEAST_SCORE


def test_the_reasons_of_a_firm_say_what_is_the_same_and_what_only_one_says() -> None:
    reasons = explain("Korea Mokdae Machinery General Plant", "Mok Tae Machinery Bank", "Organization")
    assert reasons[0] == "the name itself is the same after romanisation (목대)"
    assert "both say: machinery" in reasons
    assert "only one says: bank, general, plant" in reasons


def test_the_reasons_of_a_ship_say_that_numbers_tell_two_apart() -> None:
    assert "the numbers 1 and 2 tell two ships apart" in explain("MOK DAE 1", "MOK DAE 2", "Vessel")


def test_a_reference_or_an_acronym_in_brackets_is_no_part_of_the_name_and_a_town_is() -> None:
    assert similarity("Mokdae Bank (MDB)", "MOKDAE BANK", "Organization") == 1
    assert similarity("Mokdae (Hong Kong) Bank", "MOKDAE BANK", "Organization") < 1
