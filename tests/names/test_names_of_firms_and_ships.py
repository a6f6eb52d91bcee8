"""Names of firms, offices and ships: what tells them apart counts, what all of them say does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.names import explain, similarity
from bongsu.names.atoms import meaning_atoms, run_atoms
from bongsu.names.meanings import behind, meanings, means
from bongsu.names.screener import DEFAULT_SCORE, LEAST_SCORE
from bongsu.names.syllables import ways

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
    ("SANDBOX PEONY TRADING CO", "Sandbox Moran Muyok Hoesa", "a name that is translated"),
    ("PEONY TRADING CO", "모란무역회사", "a name that is translated, in Hangul"),
    ("OOO Vostochnaya Mokdae", "Eastern Mokdae LLC", "a Russian word and an English one"),
    (
        "SANDBOX XUEHUA TRADE LTD",
        "Sandbox Solhwa Trading",
        "the Mandarin and the Korean reading of the same characters",
    ),
    ("SANDBOX BREEZE", "SANDBOX BRIZ OOO", "English by way of Russian letters"),
    ("SANDBOXTRADE SVAN", "SANDBOXTREYD SVAN", "English by way of Russian letters, joined"),
    ("MOK CHONG GAN TRADING", "Mokchonggan Trading", "chong inside a name is no general"),
    ("Sandbox Mokdae Trading Bureau", "SMTB", "initials"),
    ("Choson Sandbox Export Office", "KSEO", "initials, the country in English"),
    ("KOREAN PEOPLE'S ARMY", "Korean kansanarmeija", "a compound in Finnish"),
]
OTHER_FIRM = [
    ("KOREA MOKDAE TRADING CORPORATION", "KOREA SONGRYUL TRADING CORPORATION", "other name, all else the same"),
    ("MOKDAE GENERAL CORPORATION", "MOKSONG GENERAL CORPORATION", "one syllable other"),
    ("CORP TRADING LTD", "GENERAL CORP", "generic words alone"),
    ("Ministry of Railways", "Ministry of Foreign Trade", "two offices"),
    ("PEONY TRADING", "MAGNOLIA TRADING", "two translated names"),
    ("XUEHUA TRADING", "XUEHAI TRADING", "two names in pinyin, though characters of one reading stand behind them"),
    ("Sandbox Mokdae Bank", "SMB", "three initials fit too many"),
    ("Sandbox Mokdae Trading Bureau", "SMBT", "initials in another order"),
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


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Korea Mokdae Trading Corporation, Shenyang Branch", "Korea Mokdae Trading Corporation"),
        ("Korea Mokdae Trading Corporation Nakhodka Representative Office", "Korea Mokdae Trading Corporation"),
        ("Mokdae Bank Representative Office in Nakhodka", "Mokdae Bank"),
        ("Foreign Shipping Bank, Shenyang Branch", "Foreign Shipping Bank"),  # an office without a name of its own
        ("조선목대무역회사 심양지점", "Korea Mokdae Trading Corporation"),
        ("조선목대무역회사 단동대표부", "조선목대무역회사"),
        ("朝鮮木大貿易會社 北京辦事處", "朝鲜木大贸易会社"),
        ("Mokdae Bank, succursale de Moscow", "Mokdae Bank"),
        ("филиал Mokdae Bank", "Mokdae Bank"),
        ("SMTB, Beijing branch", "Sandbox Mokdae Trading Bureau"),
    ],
)
def test_an_office_of_a_firm_elsewhere_is_the_firm(asked: str, listed: str) -> None:
    """A branch has no legal personality of its own, and where it is makes no other firm of it; the reasons say so."""
    assert similarity(asked, listed, "Organization") >= DEFAULT_SCORE
    if "Branch" in asked:
        assert explain(asked, listed, "Organization")[-1] == "an office of a firm elsewhere: branch shenyang"


@given(
    firm=st.sampled_from(["Mokdae Trading Corporation", "Korea Mokdae Bank", "목대무역회사", "Foreign Shipping Bank"]),
    town=st.sampled_from(["", "Shenyang ", "Nakhodka ", "Beijing "]),
    office=st.sampled_from(["Branch", "Representative Office", "Liaison Office", "Rep. Office"]),
    sign=st.sampled_from([", ", " ", " - "]),
)
def test_what_a_firm_is_like_its_offices_are_like(firm: str, town: str, office: str, sign: str) -> None:
    of_it = f"{firm}{sign}{town}{office}"
    assert similarity(of_it, firm, "Organization") > 0.95
    for other in ("Korea Pyongchun Trading Corporation", "Sandbox Ltd", "General Machinery Plant"):
        near, far = similarity(firm, other, "Organization"), similarity(of_it, other, "Organization")
        assert abs(near - far) < 0.05


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("조선목대무역회사(주)", "조선목대무역회사"),
        ("(주)조선목대무역회사", "Korea Mokdae Trading Corporation"),
        ("㈜조선목대무역회사", "Korea Mokdae Trading Corporation"),
        ("목대무역(유)", "Mokdae Trading Ltd"),
        ("㈱木大貿易", "木大贸易公司"),
        ("제2경제위원회", "제이경제위원회"),
        ("제 2 경제위원회", "Second Economic Committee"),
        ("第2經濟委員會", "第二经济委员会"),
        ("39호실", "Office 39"),
        ("朝鮮鑛業開發貿易會社", "朝鲜矿业开发贸易公司"),
        ("朝鮮鉱業開発貿易会社", "Korea Mining Development Trading Corporation"),
    ],
)
def test_legal_forms_in_brackets_ordinals_and_traditional_characters_make_no_other_firm(
    asked: str, listed: str
) -> None:
    assert similarity(asked, listed, "Organization") > 0.95


@pytest.mark.parametrize(("one", "other"), [("제3경제위원회", "제2경제위원회"), ("39호실", "Office 38")])
def test_another_number_is_another_office(one: str, other: str) -> None:
    assert similarity(one, other, "Organization") < DEFAULT_SCORE


@pytest.mark.parametrize("listed", ["Korea Trading Bank", "FOREIGN TRADE BANK (FTB)", "KORYO BANK"])
@pytest.mark.parametrize(
    "asked",
    [
        "Bank of Korea",
        "Korea Bank",
        "Korea Development Bank",
        "Industrial Bank of Korea",
        "The Export-Import Bank of Korea",
        "Korea Trade Insurance Corporation",
        "State Bank",
    ],
)
def test_a_bank_of_the_other_korea_is_no_hit_for_the_word_bank_alone(asked: str, listed: str) -> None:
    """Every bank of a country says `bank` and the country: they are told apart by what else they say."""
    assert similarity(asked, listed, "Organization") < DEFAULT_SCORE
    assert similarity(listed, asked, "Organization") < DEFAULT_SCORE


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Foreign Trade Bank", "FOREIGN TRADE BANK (FTB)"),
        ("Foreign Trade Bank of the DPRK", "FOREIGN TRADE BANK (FTB)"),
        ("Korea Foreign Trade Bank, Shenyang Branch", "FOREIGN TRADE BANK (FTB)"),
        ("조선무역은행", "Korea Trading Bank"),
        ("Ministry of Defence", "MINISTRY OF NATIONAL DEFENSE"),
        ("Academy of Natural Sciences", "SECOND ACADEMY OF NATURAL SCIENCES"),
        ("Korea Mining Development Corp", "KOREA MINING DEVELOPMENT TRADING CORPORATION"),
    ],
)
def test_two_words_in_common_or_all_of_them_still_make_a_hit(asked: str, listed: str) -> None:
    assert similarity(asked, listed, "Organization") >= DEFAULT_SCORE


@given(
    one=st.sets(st.sampled_from(["trading", "development", "industrial", "export", "general"]), max_size=3),
    other=st.sets(st.sampled_from(["trading", "development", "industrial", "export", "general"]), max_size=3),
    country=st.sampled_from(["Korea ", "", "China ", "Pyongyang "]),
    form=st.sampled_from(["", " Corporation", " Ltd"]),
)
def test_two_names_that_share_one_word_that_says_what_they_do_are_a_hit_only_if_neither_says_more(
    one: set[str], other: set[str], country: str, form: str
) -> None:
    left, right = (f"{country}{' '.join(sorted(words))} bank{form}" for words in (one, other))
    score = similarity(left, right, "Organization")
    if one == other:
        assert score == 1.0
    elif not one & other:
        assert score < DEFAULT_SCORE


def test_the_reasons_print_the_words_that_are_said_and_not_what_we_call_them() -> None:
    assert explain("제이경제위원회", "Second Economic Committee", "Organization") == (
        "neither has a name of its own",
        "both say: 경제 and economic, 위원회 and committee, 제이 and second",
    )


def test_the_reasons_of_a_ship_say_that_numbers_tell_two_apart() -> None:
    assert "the numbers 1 and 2 tell two ships apart" in explain("MOK DAE 1", "MOK DAE 2", "Vessel")


def test_the_reasons_say_that_a_name_is_translated_or_short_for_the_other() -> None:
    assert "moran and peony may be one Korean word, translated or read as Mandarin" in explain(
        "Sandbox Moran", "Sandbox Peony", "Organization"
    )
    assert explain("SMTB", "Sandbox Mokdae Trading Bureau", "Organization") == (
        "smtb is made of the initials of the other",
    )


def test_of_two_other_firms_the_one_that_sounds_nearer_and_says_the_same_comes_first() -> None:
    """None of them is a hit; a list of what was looked at still begins with the nearest."""
    asked = "KOREA MOKDAE TRADING CORPORATION"
    near, far, farthest = (
        similarity(asked, other, "Organization")
        for other in ("Korea Moksong Trading Corporation", "Korea Pyongchun Trading Corporation", "Sandbox Ltd")
    )
    assert LEAST_SCORE > near > far > farthest


def test_another_persons_name_ranks_below_every_firms_that_has_something_in_common() -> None:
    assert similarity("Kim Su Dae", "Kim Su Mok", "Person") <= 0.1
    assert similarity("Mokdae Trading", "Songryul Trading", "Organization") > 0.1


def test_beginnings_of_words_make_no_hit_and_come_before_what_has_nothing_in_common() -> None:
    beginnings = similarity("SANGEN", "Sandbox General Corporation for External Construction", "Organization")
    assert similarity("SANGEN", "Mokdae Machinery Plant", "Organization") < beginnings < LEAST_SCORE


translated = st.sampled_from(sorted(meanings().translated))
pinyin = st.sampled_from(sorted(meanings().mandarin))


@given(word=translated)
def test_every_translated_word_is_its_korean_word_in_hangul(word: str) -> None:
    for meaning in meanings().translated[word]:
        korean = "".join(min(syllable) for syllable in meaning)
        assert similarity(f"{word} sandbox", f"{korean} sandbox", "Organization") >= DEFAULT_SCORE


@given(first=pinyin, second=pinyin)
def test_a_word_in_pinyin_is_no_further_from_a_reading_of_its_characters_than_a_translation(
    first: str, second: str
) -> None:
    word = first + second
    for meaning in behind(word, is_korean=bool(ways(word))):
        korean = tuple(min(syllable) for syllable in meaning)
        assert means([meaning], [korean])
        assert meaning_atoms([meaning]) & run_atoms([korean])


def test_a_reference_or_an_acronym_in_brackets_is_no_part_of_the_name_and_a_town_is() -> None:
    assert similarity("Mokdae Bank (MDB)", "MOKDAE BANK", "Organization") == 1
    assert similarity("Mokdae (Hong Kong) Bank", "MOKDAE BANK", "Organization") < 1
