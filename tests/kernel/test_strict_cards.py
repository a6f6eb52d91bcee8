"""The strict card reader: every taker, what it refuses, and the path it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.cards import Card, read_card
from bongsu.kernel.errors import CardError

# A card with each kind of value under a key that tells which: invented, like the resolution it might describe.
INVENTED = b"""
text = "INVENTED"
texts = ["one", "two"]
integer = 7
number = 0.5
decimal = "7.46"
flag = true
day = 2017-12-22
time = 2017-12-22T06:00:00Z
clock = 06:00:00
empty = ""
blank = "  "

[table]
name = "INVENTED"

[named.a]
name = "first"
[named.b]
name = "second"

[[tables]]
name = "first"
[[tables]]
name = "second"
"""

TAKERS: dict[str, Callable[[Card, str], object]] = {
    "text": lambda card, key: card.text(key),
    "texts": lambda card, key: card.texts(key),
    "integer": lambda card, key: card.integer(key),
    "number": lambda card, key: card.number(key, least=0, most=10),
    "decimal": lambda card, key: card.decimal(key),
    "flag": lambda card, key: card.flag(key),
    "day": lambda card, key: card.day(key),
    "table": lambda card, key: card.table(key, name_of),
    "tables": lambda card, key: card.tables(key, name_of),
    "named": lambda card, key: card.named_tables(key, name_of),
}
TAKEN: dict[str, object] = {
    "text": "INVENTED",
    "texts": ("one", "two"),
    "integer": 7,
    "number": 0.5,
    "decimal": Decimal("7.46"),
    "flag": True,
    "day": date(2017, 12, 22),
    "table": "INVENTED",
    "tables": ("first", "second"),
    "named": {"a": "first", "b": "second"},
}
# Which keys of the card above a taker takes beside its own.
ALSO = {"number": {"integer"}, "text": {"decimal"}}


def name_of(card: Card) -> str:
    return card.text("name")


def card_of(toml: bytes = INVENTED, *, path: str = "") -> Card:
    return Card(tomllib.loads(toml.decode("utf-8")), where="x.toml", path=path)


def refusal(toml: bytes, read: Callable[[Card], object]) -> str:
    with pytest.raises(CardError) as refused:
        read_card(toml, where="x.toml", read=read)
    return str(refused.value)


@pytest.mark.parametrize("kind", TAKERS)
def test_each_taker_takes_its_kind_and_removes_the_key(kind: str) -> None:
    card = card_of()
    taken = TAKERS[kind](card, kind)
    assert taken == TAKEN[kind]
    assert type(taken) is type(TAKEN[kind])
    assert kind not in card
    with pytest.raises(CardError, match=f"x.toml, {kind}: is missing"):
        TAKERS[kind](card, kind) if kind not in {"texts", "tables", "named"} else card.text(kind)


@pytest.mark.parametrize(
    ("kind", "key"),
    [(kind, key) for kind in TAKERS for key in card_of().keys_left() if key != kind and key not in ALSO.get(kind, ())],
)
def test_each_taker_refuses_every_other_kind(kind: str, key: str) -> None:
    with pytest.raises(CardError, match=rf"^x\.toml, .*{key}") as refused:
        TAKERS[kind](card_of(), key)
    assert "Traceback" not in str(refused.value)


@pytest.mark.parametrize("kind", ["text", "integer", "number", "decimal", "flag", "day", "table"])
def test_a_key_that_must_be_there_and_is_not_is_named(kind: str) -> None:
    with pytest.raises(CardError, match=r"^x\.toml, measure\[3\]\.hs: is missing$"):
        TAKERS[kind](card_of(b"", path="measure[3]"), "hs")


def test_what_may_be_absent_is_none_empty_or_the_default() -> None:
    card = card_of(b"")
    assert card.text_or_none("x") is None
    assert card.day_or_none("x") is None
    assert card.table_or_none("x", name_of) is None
    assert card.texts("x") == ()
    assert card.tables("x", name_of) == ()
    assert card.named_tables("x", name_of) == {}
    assert card.flag("x", default=True) is True
    assert card.flag("x", default=False) is False


def test_what_may_be_absent_is_taken_where_it_is_there() -> None:
    card = card_of()
    assert card.text_or_none("text") == "INVENTED"
    assert card.day_or_none("day") == date(2017, 12, 22)
    assert card.table_or_none("table", name_of) == "INVENTED"
    assert card.flag("flag", default=False) is True


@pytest.mark.parametrize("key", ["empty", "blank"])
def test_an_empty_text_is_refused_wherever_a_text_is_taken(key: str) -> None:
    for take in (Card.text, Card.text_or_none, Card.decimal):
        with pytest.raises(CardError, match=f"x.toml, {key}: is empty"):
            take(card_of(), key)


@pytest.mark.parametrize("flag", ["true", "false"])
def test_true_and_false_are_no_numbers(flag: str) -> None:
    toml = f"x = {flag}".encode()
    assert refusal(toml, lambda card: card.integer("x")) == "x.toml, x: is true or false, not a whole number"
    assert refusal(toml, lambda card: card.number("x", least=0, most=1)).startswith("x.toml, x: is true or false, not")
    assert refusal(b"x = 1", lambda card: card.flag("x")) == "x.toml, x: is a whole number, not true or false"


def test_a_number_may_be_written_whole_and_is_a_float() -> None:
    number = card_of(b"x = 1").number("x", least=0, most=1)
    assert (number, type(number)) == (1.0, float)


@pytest.mark.parametrize("written", ["nan", "-inf", "inf", "1.01", "-0.01", "2"])
def test_a_number_outside_its_limits_is_refused(written: str) -> None:
    assert "not within 0 to 1" in refusal(f"x = {written}".encode(), lambda card: card.number("x", least=0, most=1))


def test_a_whole_number_below_its_least_is_refused() -> None:
    assert refusal(b"x = 0", lambda card: card.integer("x", least=1)) == "x.toml, x: is 0, below 1"
    assert card_of(b"x = 1").integer("x", least=1) == 1
    assert "is a number, not a whole number" in refusal(b"x = 1.0", lambda card: card.integer("x"))


@pytest.mark.parametrize(
    "written",
    ["nan", "inf", "-Infinity", "sNaN", "many", "1,5", "1_000", " 1", "1 ", "1e5", "٣", "１", "--1", "1.", ".5", "+1"],
)
def test_a_decimal_is_written_in_plain_digits(written: str) -> None:
    """`1e999999999` would fill the memory when it is printed; `1_000` and digits of other scripts are misprints."""
    toml = f'x = "{written}"'.encode()
    assert refusal(toml, lambda card: card.decimal("x")) == f"x.toml, x: is {written!r}, not a decimal number"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=8))
def test_a_decimal_keeps_every_digit(number: Decimal) -> None:
    taken = card_of(f'x = "{number:f}"'.encode()).decimal("x")
    assert taken.as_tuple() == Decimal(f"{number:f}").as_tuple()


def test_a_time_is_no_day() -> None:
    assert refusal(b"x = 2017-12-22T00:00:00Z", lambda card: card.day("x")) == "x.toml, x: is a time; a day is meant"
    assert refusal(b"x = 2017-12-22T00:00:00", lambda card: card.day("x")) == "x.toml, x: is a time; a day is meant"
    assert "not a day" in refusal(b"x = 06:00:00", lambda card: card.day("x"))
    assert "not a day" in refusal(b'x = "2017-12-22"', lambda card: card.day("x"))


@pytest.mark.parametrize("values", ['["a", 1]', '["a", ""]', '["a", " "]', '[["a"]]', "[true]", "[1.5]"])
def test_a_list_of_texts_holds_texts_only(values: str) -> None:
    assert refusal(f"x = {values}".encode(), lambda card: card.texts("x")) == (
        "x.toml, x: is a list of texts, none empty"
    )


def test_a_list_may_need_some() -> None:
    assert refusal(b"", lambda card: card.texts("x", at_least=1)) == "x.toml, x: needs at least 1"
    assert refusal(b"x = []", lambda card: card.texts("x", at_least=1)) == "x.toml, x: needs at least 1"
    assert refusal(b"[[x]]\nname = 'a'", lambda card: card.tables("x", name_of, at_least=2)) == (
        "x.toml, x: needs at least 2"
    )


def test_a_text_may_have_to_be_one_of_some() -> None:
    for read in (
        lambda card: card.text("x", one_of={"from", "to"}),
        lambda card: card.text_or_none("x", one_of={"from", "to"}),
    ):
        assert refusal(b'x = "form"', read) == "x.toml, x: is 'form', not one of from, to"
    assert refusal(b'x = ["to", "form"]', lambda card: card.texts("x", one_of={"from", "to"})) == (
        "x.toml, x: holds 'form', not one of from, to"
    )
    assert card_of(b'x = "to"').text("x", one_of={"from", "to"}) == "to"


def test_a_misspelt_key_is_refused_and_all_that_no_one_took_is_named() -> None:
    toml = b"text = 'a'\nbinds_form = 2017-12-22\nabc = 1"
    assert refusal(toml, lambda card: card.text("text")) == "x.toml: has keys that no one knows: abc, binds_form"


def read_measures(card: Card) -> object:
    return card.tables("measure", lambda measure: measure.tables("goods", lambda goods: goods.texts("hs", at_least=1)))


MEASURES = b"[[measure]]\n" * 3 + b"[[measure]]\n[[measure.goods]]\n"


@pytest.mark.parametrize(
    ("tail", "sentence"),
    [
        (b"hs = 27", "x.toml, measure[3].goods[0].hs: is a whole number, not a list"),
        (b"hs = [27]", "x.toml, measure[3].goods[0].hs: is a list of texts, none empty"),
        (b"", "x.toml, measure[3].goods[0].hs: needs at least 1"),
        (b"hs = ['27']\nhz = 1", "x.toml, measure[3].goods[0]: has keys that no one knows: hz"),
        (b"hs = ['27']\n[measure.extra]", "x.toml, measure[3]: has keys that no one knows: extra"),
        (b"hs = ['27']\n[[measure]]\ngoods = 1", "x.toml, measure[4].goods: is a whole number, not a list"),
        (b"hs = ['27']\n[[measure]]\ngoods = [1]", "x.toml, measure[4].goods[0]: is not a table"),
        (b"hs = ['27']\n[[measure]]\ngoods = {}", "x.toml, measure[4].goods: is a table, not a list"),
    ],
)
def test_an_error_names_the_path_inside_the_file(tail: bytes, sentence: str) -> None:
    assert refusal(MEASURES + tail, read_measures) == sentence


def test_the_path_of_a_named_table_holds_its_name() -> None:
    toml = b"[values.QUALITY]\nname = 'a'\nGood = 1"
    assert refusal(toml, lambda card: card.named_tables("values", name_of)) == (
        "x.toml, values.QUALITY: has keys that no one knows: Good"
    )
    assert refusal(b"[values]\nQUALITY = 1", lambda card: card.named_tables("values", name_of)) == (
        "x.toml, values.QUALITY: is not a table"
    )
    assert refusal(b"[vote]\n", lambda card: card.table("vote", name_of)) == "x.toml, vote.name: is missing"


def test_a_table_whose_keys_are_data_tells_them_in_the_order_written() -> None:
    assert card_of(b"z = 1\na = 2\nm = 3").keys_left() == ("z", "a", "m")


def test_the_reader_gives_what_was_made_of_the_card() -> None:
    assert read_card(b"name = 'INVENTED'", where="x.toml", read=name_of) == "INVENTED"


def test_a_card_changes_nothing_it_was_given() -> None:
    values: dict[str, Any] = {"name": "INVENTED", "goods": [{"name": "coal"}]}
    card = Card(values, where="x.toml")
    card.text("name")
    card.tables("goods", name_of)
    card.finish()
    assert values == {"name": "INVENTED", "goods": [{"name": "coal"}]}


@pytest.mark.parametrize(
    "toml",
    [
        b"name = 'caf\xe9'",
        b"\xff\xfen\x00",
        b"name = ",
        b"name = 'a'\nname = 'b'",
        b"[a]\n[a]",
        b"a = 2017-02-30",
        b"\xef\xbb\xbfname = 'a'",
        b"<?xml version='1.0'?>",
        b"name = 'a\x00b'",
        b"x = " + b"9" * 5000,
        b"x = " + b"[" * 5000,
        b"x = " + b"{a=" * 5000,
    ],
    ids=lambda toml: repr(toml[:24]),
)
def test_what_is_not_toml_is_refused_in_words(toml: bytes) -> None:
    """Numbers of thousands of digits and brackets nested by the thousand are refused like any other nonsense."""
    assert refusal(toml, name_of).startswith("x.toml: is not TOML: ")


@given(st.binary(max_size=60))
def test_no_bytes_bring_the_reader_down(content: bytes) -> None:
    content += b"\n= neither a key nor a table"
    assert re.match(r"x\.toml: is not TOML: \S", refusal(content, lambda card: None))
