"""Korean names: what is one name in another spelling, and what is another name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.names import explain, similarity
from bongsu.names.hangul import INITIALS, VOWELS, letters
from bongsu.names.romanisation import cost, readings_of, rules, spellings
from bongsu.names.screener import DEFAULT_SCORE, LEAST_SCORE
from bongsu.names.syllables import ways

# Made up for these tests from common surnames and syllables; no one in particular is meant.
SAME = [
    ("Ri Mok-dae", "LEE Mok Dae", "surname variants"),
    ("RI Mok-dae", "Rhee Mok-Tae", "MR and older English"),
    ("PAK Su-dae", "Park Soodae", "ad hoc, joined"),
    ("박수대", "PAK Su-tae", "Hangul and MR"),
    ("朴水大", "Park Su Dae", "Hanja and RR"),
    ("김철호", "KIM Ch'o'l-ho", "Hangul and MR with marks"),
    ("KIM Cho 'l-ho", "Kim Chol Ho", "a blank that slipped before a mark"),
    ("김철호", "Ким Чхоль Хо", "Hangul and Cyrillic"),
    ("Чо Рён Хэ", "Jo Ryong-hae", "Cyrillic and DPRK"),
    ("Ho-chin Yun", "YUN, Ho-jin", "order, hyphen, comma"),
    ("Yongwon Cho", "Jo Yong-Won", "joined and hyphened"),
    ("량수일", "양수일", "North and South"),
    ("Ryang Su Il", "YANG Su-il", "North and South in Latin"),
    ("림영호", "Im Yong Ho", "North in Hangul, South in Latin"),
    ("노광철", "RO Kwang Chol", "no and ro"),
    ("Kim Young-cheol", "KIM Yong Chol", "RR, ad hoc and DPRK"),
    ("Comrade KIM Yong Chol", "Kim Yong-chol", "a title"),
    ("KIM Yong Chol (Colonel)", "Kim Yong-chol", "a rank in brackets"),
]
OTHER = [
    ("Jo Chol", "Jo Yong Chol", "a syllable more"),
    ("Kim Yong Nam", "Kim Nam Ung", "given names that share a syllable"),
    ("Kim Yong Chol", "Kim Pyong Chol", "one syllable other"),
    ("김영철", "김병철", "one syllable other, Hangul"),
    ("Ri Chol", "Pak Chol", "other surname"),
    ("Kim Myong-sik", "Kim Myong-guk", "last syllable other"),
    ("Kim Su Il", "Kim Il Su", "given syllables swapped"),
    ("CHEN, Dong", "CHOE Yong-ho", "Chinese and Korean"),
]


@pytest.mark.parametrize(("left", "right", "how"), SAME, ids=[how for *_, how in SAME])
def test_one_name_in_two_spellings_is_one_name(left: str, right: str, how: str) -> None:
    assert similarity(left, right, "Person") >= DEFAULT_SCORE


@pytest.mark.parametrize(("left", "right", "how"), OTHER, ids=[how for *_, how in OTHER])
def test_two_names_are_two(left: str, right: str, how: str) -> None:
    assert similarity(left, right, "Person") < LEAST_SCORE


def test_a_slip_costs_more_than_a_spelling_and_the_reasons_say_so() -> None:
    spelling = similarity("PAK Chol-ho", "Park Cheol-ho", "Person")
    slip = similarity("PAK Chol-ho", "PAEK Chol-ho", "Person")
    assert LEAST_SCORE < slip < spelling
    assert "the surnames pak and paek are not the same, only near: a slip" in explain(
        "PAK Chol-ho", "PAEK Chol-ho", "Person"
    )


def test_the_reasons_name_the_surname_and_the_given_name_in_hangul() -> None:
    reasons = explain("Ri Mok-dae", "LEE Mok Tae", "Person")
    assert reasons[0] == "ri and lee are the same surname (리)"
    assert "given name equal after romanisation (목대)" in reasons
    assert "dae and tae are one syllable in two systems (대)" in reasons


@pytest.mark.parametrize(
    ("left", "right", "surname"),
    [
        ("Choi Su-dae", "CHOE Su-dae", "choi and choe are the same surname (최)"),
        ("Cho Su-dae", "JO Su-dae", "cho and jo are the same surname (조)"),
        ("Go Su-dae", "KO Su-dae", "go and ko are the same surname (고)"),
        ("Jang Su-dae", "CHANG Su-dae", "jang and chang are the same surname (장)"),
        ("崔水大", "Choi Su-dae", "崔 and choi are the same surname (최)"),
        ("Chun Su-dae", "CHON Su-dae", "chun and chon are the same surname"),  # 전 or 천
    ],
)
def test_the_hangul_of_a_surname_is_that_of_a_surname_or_is_not_printed(left: str, right: str, surname: str) -> None:
    assert explain(left, right, "Person")[0] == surname


def test_the_hangul_of_a_given_name_is_not_guessed() -> None:
    """`chol` is 철 and 절, chun 준, 춘, 전 and 천: which of them a man bears only his own writing of it tells."""
    for one, other in (("Kim To-chun", "Kim Dochun"), ("Kim Su-chul", "Kim Su-chol")):
        assert explain(one, other, "Person")[1] == "given name equal after romanisation"
    assert "given name equal after romanisation (수철)" in explain("김수철", "Kim Su-chol", "Person")


@given(
    surname=st.sampled_from(["Paik", "Jang", "Moon", "Pak", "Ri"]),
    given_name=st.sampled_from(["Se Bong", "Chang Ha", "Su Dae", "Chol Min"]),
)
def test_of_two_names_in_one_order_the_surname_is_the_first(surname: str, given_name: str) -> None:
    told = explain(f"{surname} {given_name}", f"{surname.upper()} {given_name.replace(' ', '-')}", "Person")
    assert told == ("the name is the same",) or told[0] == f"the surname {surname.lower()} is the same"


@pytest.mark.parametrize(("one", "other"), [("Paik Se Bong", "PAEK SE BONG"), ("Jang Chang Ha", "CHANG CHANG HA")])
def test_a_surname_is_looked_for_where_both_write_it(one: str, other: str) -> None:
    first, second = one.split(maxsplit=1)[0].lower(), other.split(maxsplit=1)[0].lower()
    assert explain(one, other, "Person")[0].startswith(f"{first} and {second} are the same surname")


@pytest.mark.parametrize(
    "asked", ["박수대 대장", "박수대대장", "박수대 동지", "朴水大 大將", "朴水大上將", "박 수대 총리"]
)
def test_a_title_in_korean_is_no_part_of_a_name(asked: str) -> None:
    assert similarity(asked, "PAK Su-dae", "Person") == 1.0


@pytest.mark.parametrize(
    ("asked", "name"), [("박대사", "PAK Tae-sa"), ("박 대장", "PAK Tae-jang"), ("박선생", "PAK Son-saeng")]
)
def test_what_could_be_a_title_is_a_name_where_nothing_else_is_one(asked: str, name: str) -> None:
    assert similarity(asked, name, "Person") == 1.0


def test_reasons_say_that_the_surname_stands_at_another_end() -> None:
    assert "the surname stands at another end" in explain("Su-dae Pak", "PAK Su-dae", "Person")


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("yongwon", ("yong", "won")),
        ("youngchoon", ("young", "choon")),
        ("ryonghae", ("ryong", "hae")),
        ("수대", ("수", "대")),
        ("水大", ("水", "大")),
    ],
)
def test_a_word_is_taken_apart_into_its_likely_syllables(word: str, syllables: tuple[str, ...]) -> None:
    assert syllables in ways(word)


@pytest.mark.parametrize("word", ["smith", "xavier", "schmidt", "", "123"])
def test_what_is_no_korean_is_not_taken_apart(word: str) -> None:
    assert [way for way in ways(word) if way] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ri", "이"),
        ("리", "이"),
        ("no", "로"),
        ("ryom", "염"),
        ("李", "lee"),
        ("chŏl".replace("ŏ", "o"), "철"),
        ("ㄱ", "ㄱ"),
    ],
)
def test_the_initial_rule_of_the_south_makes_no_other_syllable(one: str, other: str) -> None:
    assert cost(one, other) < rules().near_cost


syllables = st.sampled_from(sorted({reading for readings in spellings().values() for reading in readings}))
written = st.sampled_from(sorted(spellings()))


@given(one=written, other=written)
def test_the_cost_of_two_syllables_is_the_same_both_ways(one: str, other: str) -> None:
    assert cost(one, other) == cost(other, one)


@given(one=written)
def test_a_syllable_costs_nothing_beside_itself_and_its_rule_bound_reading(one: str) -> None:
    assert cost(one, one) == 0
    assert all(cost(one, reading) <= price + 1e-9 for reading, price in readings_of(one).items())


@given(syllable=syllables)
def test_a_syllable_is_made_of_letters_that_the_card_knows(syllable: str) -> None:
    initial, vowel, final = letters(syllable)
    assert initial in INITIALS
    assert vowel in VOWELS
    assert final in {"", *"ㄱㄴㄹㅁㅂㅅㅇ"}


names = st.lists(written, min_size=2, max_size=4).map(lambda parts: " ".join(parts).title())
texts = st.text(max_size=40)


@given(left=names | texts, right=names | texts)
def test_similarity_is_the_same_both_ways_within_0_and_1(left: str, right: str) -> None:
    for schema in ("Person", "Organization", "Vessel"):
        there, back = similarity(left, right, schema), similarity(right, left, schema)
        assert there == pytest.approx(back)
        assert 0 <= there <= 1


def test_words_that_meet_several_others_are_paired_the_same_both_ways() -> None:
    one, other = "A A A Beune", "A A Baune Beun"
    assert similarity(one, other, "Organization") == pytest.approx(similarity(other, one, "Organization"))
    assert similarity(one, other, "Person") == pytest.approx(similarity(other, one, "Person"))


@given(name=names)
def test_a_name_is_itself(name: str) -> None:
    assert similarity(name, name, "Person") == 1


@given(left=names | texts, right=names | texts)
def test_every_pair_can_be_explained(left: str, right: str) -> None:
    for schema in ("Person", "Organization", "Vessel"):
        assert all(reason.isprintable() or reason for reason in explain(left, right, schema))
