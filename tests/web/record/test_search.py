"""Search: what may be read is found, by any script; what may not is neither found, counted nor suggested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bongsu.cases.handling import Handling, Reader, Tlp
from bongsu.web.record import search
from bongsu.web.record.models import HandlingRow, SearchText
from bongsu.web.record.search import Kind

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
READER = Reader(person="reader1-alpha", member="alpha", clearance=Tlp.AMBER)
OPEN = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))
CLOSED = [
    Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"alpha"})),
    Handling(tlp=Tlp.RED, originators=frozenset({"alpha"}), named=frozenset({"another"})),
    Handling(tlp=Tlp.GREEN, originators=frozenset({"beta"}), releasable_to=frozenset({"gamma"})),
    Handling(tlp=Tlp.GREEN, originators=frozenset({"beta"}), expires_on=AT.date() - timedelta(days=300)),
]
TITLES = {
    "ko": "대북 제재를 위반한 선박 간 환적 (SANDBOX)",
    "ja": "瀬取りの疑い、制裁対象の船 (SANDBOX)",
    "en": "Ship-to-ship transfer of refined petroleum (SANDBOX)",
    "fr": "Transbordement présumé, pétrole raffiné (SANDBOX)",
    "mixed": "IMO번호 9000004 瀬取り tanker (SANDBOX)",
}


def keep(
    key: str, title: str, text: str = "", *, kind: Kind = Kind.CASE, under: Handling = OPEN, days: int = 0
) -> None:
    search.keep_text(kind, key, f"/cases/{key}/", title, text, HandlingRow.of(under), AT + timedelta(days=days))


def keys(question: str, reader: Reader = READER) -> list[str]:
    return [row.key for row in search.found(reader, question).rows]


@pytest.fixture
def titles() -> None:
    for days, (key, title) in enumerate(TITLES.items()):
        keep(key, title, days=days)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("제재", {"ko"}),
        ("환적", {"ko"}),
        ("선박", {"ko"}),
        ("박간", set()),
        ("번호", {"mixed"}),
        ("瀬取り", {"ja", "mixed"}),
        ("船", {"ja"}),
        ("制裁", {"ja"}),
        ("ship", {"en"}),
        ("SHIP-TO-SHIP", {"en"}),
        ("petrol", {"en", "fr"}),
        ("petroleum", {"en"}),
        ("petrole", {"en", "fr"}),
        ('"refined petroleum"', {"en"}),
        ('"petroleum refined"', set()),
        ('"petrol"', set()),
        ("9000004", {"mixed"}),
        ("imo번호", {"mixed"}),
        ("瀬取り tanker", {"mixed"}),
        ("瀬取り ship", set()),
        ("sandbox", {"ko", "ja", "en", "fr", "mixed"}),
        ("", set()),
        ("?!", set()),
    ],
)
def test_a_question_finds_what_holds_all_its_words(titles: None, question: str, found: set[str]) -> None:
    assert set(keys(question)) == found


def test_the_newest_stands_first_whatever_holds_the_word_most_often() -> None:
    keep("old", "tanker tanker tanker", "tanker " * 50, days=0)
    keep("new", "a tanker among many other words that are said of it", days=1)
    assert keys("tanker") == ["new", "old"]


@pytest.mark.parametrize(
    "question",
    [
        '" OR 1=1 --',
        "title_words : tanker",
        "NEAR(tanker ship, 2)",
        "tanker* OR *",
        "^tanker",
        "{words} : a",
        "'; DROP TABLE record_searchtext; --",
        "tanker & !ship | (a <-> b)",
        "tanker:*A",
        "\\",
        "%s %(x)s %%",
        "𝕿anker",
        '"""""',
        "-tanker AND NOT",
        "a" * 5000,
        "제" * 5000,
        "' \" ` $$ \x01 \u202e",
    ],
)
def test_a_hostile_question_is_plain_words(titles: None, question: str) -> None:
    found = search.found(READER, question)
    assert sum(found.counts.values()) == len(list(found.rows)) <= len(TITLES)
    assert search.suggested(READER, question) is not None


def test_what_is_kept_again_is_found_by_its_new_words_only() -> None:
    keep("a", "tanker", "sailed")
    keep("a", "trawler", "fished")
    assert keys("tanker") == keys("sailed") == []
    assert keys("trawler fished") == ["a"]
    search.forget(["a"])
    assert keys("trawler") == []


def test_a_very_long_text_is_found_by_its_beginning() -> None:
    keep("long", "tanker", "제재를 위반 " + " ".join(f"{number:0199}" for number in range(20_000)))
    keep("dense", "tanker", "제" * 100_000)
    assert set(keys("tanker")) == {"long", "dense"}
    assert keys("위반") == ["long"]


def test_counts_are_of_each_kind_and_a_kind_is_a_filter() -> None:
    keep("a", "tanker")
    keep("b", "tanker", kind=Kind.EXHIBIT)
    keep("c", "tanker", kind=Kind.EXHIBIT, days=1)
    found = search.found(READER, "tanker", Kind.EXHIBIT)
    assert found.counts == {Kind.CASE: 1, Kind.EXHIBIT: 2}
    assert [row.key for row in found.rows] == ["c", "b"]


def test_what_is_handled_otherwise_from_now_on_is_counted_so() -> None:
    keep("a", "tanker", under=CLOSED[0])
    keep("b", "tanker")
    assert search.found(READER, "tanker").counts == {Kind.CASE: 1}
    SearchText.objects.filter(key="a").update(handling=HandlingRow.of(OPEN))
    assert search.found(READER, "tanker").counts == {Kind.CASE: 2}
    SearchText.objects.filter(key="b").update(kind=Kind.EXHIBIT, handling=HandlingRow.of(CLOSED[1]))
    assert search.found(READER, "tanker").counts == {Kind.CASE: 1}
    SearchText.objects.filter(key="a").delete()
    assert search.found(READER, "tanker").counts == {}


def test_who_may_read_a_thousand_handlings_is_told_how_many_there_are() -> None:
    handlings = [replace(OPEN, expires_on=AT.date() + timedelta(days=400 + number)) for number in range(1000)]
    search.keep(
        search.text_row(Kind.INDICATOR, str(number), "/", "tanker", "", HandlingRow.of(handling), AT)
        for number, handling in enumerate(handlings)
    )
    assert search.found(READER, "tanker").counts == {Kind.INDICATOR: 1000}


def test_what_a_row_is_filed_under_is_no_word_of_it() -> None:
    keep("a", "tanker", kind=Kind.CASE)
    for question in ("case", f"h{HandlingRow.of(OPEN).pk}"):
        assert keys(question) == []
        assert search.found(READER, question).counts == {}


def test_titles_are_suggested_by_how_their_words_begin(titles: None) -> None:
    assert [row.key for row in search.suggested(READER, "ship to")] == ["en"]
    assert [row.key for row in search.suggested(READER, "제재")] == ["ko"]
    keep("by its text", "a title", "petroleum")
    assert "by its text" not in [row.key for row in search.suggested(READER, "petrol")]


WORDS = st.sampled_from(["제재", "선박", "瀬取り", "船", "tanker", "transfer", "IMO번호", "9000004"])
ROWS = st.lists(
    st.tuples(
        st.lists(WORDS, min_size=1, max_size=3),
        st.lists(WORDS, max_size=4),
        st.sampled_from(Kind),
        st.sampled_from([OPEN, *CLOSED]),
    ),
    max_size=12,
)


class TestARestrictedReader(TestCase):
    """Each example in a transaction of its own."""

    @settings(max_examples=60)
    @given(ROWS, WORDS, st.sampled_from([None, *Kind]))
    def test_a_reader_s_search_is_that_of_a_database_without_what_is_hidden(
        self,
        rows: Sequence[tuple[list[str], list[str], Kind, Handling]],
        question: str,
        kind: Kind | None,
    ) -> None:
        for number, (title, text, of, under) in enumerate(rows):
            keep(str(number), " ".join(title), " ".join(text), kind=of, under=under, days=number % 3)
        answers = _answers(question, kind)
        SearchText.objects.exclude(handling=HandlingRow.of(OPEN)).delete()
        assert answers == _answers(question, kind)
        everything = Reader(person="another", member="beta", clearance=Tlp.RED)
        assert set(keys(question)) <= set(keys(question, everything)) | set(keys(question, READER))


def _answers(question: str, kind: Kind | None) -> object:
    found = search.found(READER, question, kind)
    return [row.key for row in found.rows], dict(found.counts), [row.key for row in search.suggested(READER, question)]


def test_twenty_thousand_rows_are_asked_through_the_index() -> None:
    handling = HandlingRow.of(OPEN)
    search.keep(
        search.text_row(Kind.INDICATOR, str(number), "/", f"tanker {number} 瀬取り", "제재", handling, AT)
        for number in range(20_000)
    )
    keep("one", "선박 하나", "trawler")
    assert keys("trawler 선박") == ["one"]
    sql, values = search.found(READER, "trawler 선박").rows[:30].query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE record_searchtext")
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql, values)
        plan = "\n".join(str(line[-1]) for line in cursor.fetchall())
    if connection.vendor == "sqlite":
        assert "SCAN record_search VIRTUAL TABLE INDEX 0:M" in plan
        assert "SCAN record_searchtext" not in plan
        assert "rowid=?" in plan
    else:
        assert "Bitmap Index Scan on record_searchtext_words_gin" in plan
        assert "Seq Scan on record_searchtext" not in plan


def test_the_index_holds_what_the_rows_hold(person: Callable[..., object]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's columns are generated: they cannot differ")
    for number in range(5):
        keep(str(number), f"tanker {number}")
    SearchText.objects.filter(key="3").update(words="trawler")
    SearchText.objects.filter(key="4").delete()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO record_search(record_search, rank) VALUES ('integrity-check', 1)")
