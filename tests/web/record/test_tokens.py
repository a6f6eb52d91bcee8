"""Tokens: any part of a run of Hangul, kana or Han is found, words elsewhere, and hostile questions are plain words."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.web.record.tokens import MOST_TERMS, MOST_TOKENS, Term, indexed, marked, terms_of, tokens_of

RUNS = "제재위원회를대북瀬取り船舶金正恩ガス々"
WORDS = "abz019é"


def holds(text: str, term: Term) -> bool:
    """Whether a text has a term: what the databases are asked for, in plain Python."""
    tokens = indexed(text).split()
    *first, last = term.tokens
    for start in range(len(tokens) - len(first)):
        end = tokens[start + len(first)]
        if tokens[start : start + len(first)] == first and (end.startswith(last) if term.open else end == last):
            return True
    return False


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("대북 제재를", "대북 북 제재 재를 를"),
        ("瀬取り", "瀬取 取り り"),
        ("Ship-to-ship, 2375/11", "ship to ship 2375 11"),
        ("IMO번호 9000004", "imo 번호 호 9000004"),
        ("Société d'État", "societe d etat"),
        ("ＩＭＯ ｶﾞｽ ㎏", "imo ガス ス kg"),
        ("한국", "한국 국"),
        ("", ""),
        ("— … !", ""),
    ],
)
def test_a_text_is_kept_in_pairs_where_no_blanks_are_written_and_in_words_elsewhere(text: str, kept: str) -> None:
    assert indexed(text) == kept
    assert indexed(unicodedata.normalize("NFD", text)) == kept


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("제재", [(("제재",), False)]),
        ("제재위", [(("제재", "재위"), False)]),
        ("金", [(("金",), True)]),
        ("sanction", [(("sanction",), True)]),
        ('"ship to ship"', [(("ship", "to", "ship"), False)]),
        ("“제재 위반”", [(("제재", "재", "위반"), False)]),
        ("「瀬取り」 船", [(("瀬取", "取り"), False), (("船",), True)]),
        ("IMO번", [(("imo", "번"), True)]),
        ("번호IMO", [(("번호", "호", "imo"), True)]),
        ("ship ship SHIP", [(("ship",), True)]),
        ('"never closed', [(("never", "closed"), False)]),
        ("   ", []),
        ('"" * - ()', []),
    ],
)
def test_a_question_is_words_and_phrases(question: str, terms: list[tuple[tuple[str, ...], bool]]) -> None:
    assert [(term.tokens, term.open) for term in terms_of(question)] == terms


@given(st.text(RUNS, min_size=1, max_size=12), st.data())
def test_every_part_of_a_run_is_found_and_nothing_else(run: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(begin + 1, len(run)))
    (term,) = terms_of(run[begin:end])
    assert holds(run, term)
    other = data.draw(st.text(RUNS, min_size=1, max_size=6))
    (asked,) = terms_of(other)
    assert holds(run, asked) == (other in run)


@given(st.lists(st.text(RUNS + WORDS, min_size=1, max_size=5), min_size=1, max_size=6), st.data())
def test_a_phrase_finds_words_that_follow_each_other(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    begin = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(begin + 1, len(words)))
    (term,) = terms_of(f'"{" ".join(words[begin:end])}"')
    assert holds(text, term)


@given(st.text(), st.text())
def test_whatever_is_asked_becomes_letters_and_digits_only(text: str, question: str) -> None:
    terms = terms_of(question)
    assert len(terms) <= MOST_TERMS
    for token in [*indexed(text).split(" "), *(token for term in terms for token in term.tokens)]:
        assert all(each.isalnum() or unicodedata.category(each) in {"Mn", "Mc"} for each in token)
    assert len(indexed(text).split()) <= MOST_TOKENS


@given(st.text(max_size=80) | st.text(RUNS + WORDS + " \n\u3000-", max_size=80))
def test_what_is_kept_of_a_text_is_its_tokens_in_their_order(text: str) -> None:
    assert indexed(text).split() == [token.text for token in tokens_of(unicodedata.normalize("NFKC", text))]


@given(st.text(RUNS + WORDS + " -", max_size=40), st.text(RUNS + WORDS, min_size=1, max_size=4))
def test_what_is_marked_is_what_was_asked_for(text: str, question: str) -> None:
    terms = terms_of(question)
    places = marked(text, terms)
    assert bool(places) == all(holds(text, term) for term in terms)
    for (_, end), (begin, _) in pairwise(places):
        assert end < begin
    for begin, end in places:
        assert all(holds(text[begin:end], term) for term in terms)


def test_the_place_of_a_token_is_that_of_its_characters() -> None:
    text = "M/V 瀬取り ㎏"
    assert [(each.text, text[each.begin : each.end]) for each in tokens_of(text)] == [
        ("m", "M"),
        ("v", "V"),
        ("瀬取", "瀬取"),
        ("取り", "取り"),
        ("り", "り"),
        ("kg", "㎏"),
    ]
    assert marked(text, terms_of("取り v")) == [(2, 3), (5, 7)]
    assert marked("瀬取り船", terms_of("船 取")) == [(1, 2), (3, 4)]
