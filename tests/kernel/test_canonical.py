"""One JSON text for one value, as RFC 8785 defines it, and the digest that names it."""

from __future__ import annotations

import enum
import hashlib
import json
import math
import struct
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import (
    LARGEST_EXACT_INTEGER,
    JsonValue,
    canonical_json,
    digest,
    digest_of,
    is_digest,
    plain_number,
)

# RFC 8785, appendix B: the bits of a double, and how ECMAScript writes it.
APPENDIX_B = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

# RFC 8785, section 3.2.2 and 3.2.4: the example, and its canonical bytes.
EXAMPLE = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
EXAMPLE_CANONICAL = (
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
)

# RFC 8785, section 3.2.3: keys in the order of their UTF-16 code units, which is not that of their code points.
SORTING = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\U0001f600": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
}

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-LARGEST_EXACT_INTEGER, LARGEST_EXACT_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda children: st.lists(children) | st.dictionaries(texts, children),
    max_leaves=20,
)


def whole(digits: str) -> float:
    """A number without a point, as a JSON reader of doubles takes it."""
    return int(digits) if abs(int(digits)) <= LARGEST_EXACT_INTEGER else float(digits)


@pytest.mark.parametrize(("bits", "written"), APPENDIX_B)
def test_numbers_are_written_as_in_appendix_b_of_rfc_8785(bits: str, written: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_json(number) == written.encode("ascii")


def test_the_example_of_rfc_8785_has_the_bytes_of_rfc_8785() -> None:
    assert canonical_json(json.loads(EXAMPLE)) == EXAMPLE_CANONICAL.encode("utf-8")


def test_keys_stand_in_the_order_of_their_utf_16_code_units() -> None:
    names = list(json.loads(canonical_json(SORTING)).values())
    assert names == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@given(json_values)
def test_the_bytes_are_those_of_the_rfc8785_package(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_comes_back_as_itself(number: float) -> None:
    assert json.loads(canonical_json(number), parse_int=float) == number


@given(st.dictionaries(texts, numbers))
def test_the_order_in_which_keys_were_written_does_not_matter(value: dict[str, Any]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@given(json_values)
def test_canonical_bytes_read_back_and_written_again_are_the_same_bytes(value: Any) -> None:
    once = canonical_json(value)
    assert canonical_json(json.loads(once, parse_int=whole)) == once


def test_every_control_character_is_escaped_in_lower_case_and_nothing_else_is() -> None:
    assert canonical_json('\x00\x1f\b\t\n\f\r"\\/\x7f\u2028é한') == b'"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/' + (
        '\x7f\u2028é한"'.encode()
    )


def test_tuples_lists_and_read_only_mappings_are_written_alike() -> None:
    assert canonical_json(MappingProxyType({"한": (1, [2, None])})) == '{"한":[1,[2,null]]}'.encode()


def test_true_is_not_one_and_one_is_not_true() -> None:
    assert canonical_json([True, 1, 1.0, False, 0, -0.0]) == b"[true,1,1,false,0,0]"


def test_kinds_of_int_float_and_str_are_written_as_what_they_are() -> None:
    """A numpy float is a float whose repr is `np.float64(0.1)`; an IntEnum an int whose repr is a name."""

    class Odd(float):
        def __repr__(self) -> str:
            return f"Odd({float(self)})"

        def __abs__(self) -> Odd:
            return Odd(abs(float(self)))

    class Number(enum.IntEnum):
        TWO = 2

    class Word(enum.StrEnum):
        COAL = "coal"

    assert canonical_json([Odd(0.1), Odd(1e30), Number.TWO, Word.COAL]) == b'[0.1,1e+30,2,"coal"]'


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 2**53, -(2**53), 10**400])
def test_a_number_that_no_double_holds_exactly_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match=r"JSON has no form|beyond the integers"):
        canonical_json({"amount": [number]})


@pytest.mark.parametrize("number", [LARGEST_EXACT_INTEGER, -LARGEST_EXACT_INTEGER])
def test_the_largest_exact_integers_are_written(number: int) -> None:
    assert canonical_json(number) == str(number).encode("ascii")


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, ["a\ud83d"]])
def test_a_lone_surrogate_is_refused(value: JsonValue) -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        canonical_json(value)


@pytest.mark.parametrize("value", [Decimal("1.5"), b"bytes", {1, 2}, object(), iter([1])])
def test_a_value_json_has_no_form_for_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="JSON has no form for a"):
        canonical_json({"x": [value]})


@pytest.mark.parametrize("key", [1, None, True, b"a", ("a",)])
def test_a_key_that_is_no_text_is_refused(key: Any) -> None:
    with pytest.raises(TypeError, match="a key of JSON is a text"):
        canonical_json({key: 1})


def test_a_digest_is_the_sha_256_of_the_bytes() -> None:
    # FIPS 180-4's example of one block.
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_of({"b": 1, "a": [True]}) == hashlib.sha256(b'{"a":[true],"b":1}').hexdigest()


@pytest.mark.parametrize(
    "text", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", " " + "a" * 64, "０" * 64, "٠" * 64]
)
def test_what_is_not_64_lower_case_hexadecimal_digits_is_no_digest(text: str) -> None:
    assert not is_digest(text)


@given(st.binary())
def test_every_digest_is_a_digest(content: bytes) -> None:
    assert is_digest(digest(content))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("500000", "500000"),
        ("5E+5", "500000"),
        ("7.460", "7.46"),
        ("-0.50", "-0.5"),
        ("100", "100"),
        ("100.00", "100"),
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("-0.000", "0"),
        ("0E+7", "0"),
        ("1E-7", "0.0000001"),
        ("53495894", "53495894"),
        (".5", "0.5"),
    ],
)
def test_a_plain_number_has_no_exponent_and_no_needless_zero(number: str, written: str) -> None:
    assert plain_number(Decimal(number)) == written


@given(st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: abs(number.adjusted()) < 200))
def test_a_plain_number_loses_no_digit(number: Decimal) -> None:
    written = plain_number(number)
    assert Decimal(written) == number
    assert "E" not in written.upper()
    assert plain_number(Decimal(written)) == written


@given(st.decimals("-1e20", "1e20", places=6))
def test_equal_decimals_are_written_alike(number: Decimal) -> None:
    assert plain_number(number) == plain_number(number.normalize()) == plain_number(number + Decimal("0.000000000"))


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_plain_number_is_finite(number: str) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        plain_number(Decimal(number))
