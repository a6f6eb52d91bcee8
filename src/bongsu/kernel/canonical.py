"""Canonical bytes: one JSON text for one value (RFC 8785), and the SHA-256 that names it."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Final, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

LARGEST_EXACT_INTEGER: Final = 2**53 - 1  # RFC 8785, section 3.2.2.3: numbers are IEEE 754 doubles
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
# The standard library's C encoder escapes exactly what RFC 8785, section 3.2.2.2, escapes.
_quoted: Final = encode_basestring


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def is_digest(text: str) -> bool:
    """Whether a text is written as a SHA-256: 64 lower-case hexadecimal digits."""
    return _DIGEST.fullmatch(text) is not None


def canonical_json(value: JsonValue) -> bytes:
    """The one UTF-8 text of a JSON value, as RFC 8785 (JSON Canonicalization Scheme) defines it.

    Args:
        value: None, bool, int within +-(2^53 - 1), finite float, str without lone surrogates,
            and sequences and string-keyed mappings of these.

    Returns:
        UTF-8 bytes: no white space, keys in the order of their UTF-16 code units, numbers as ECMAScript writes them.

    Raises:
        ValueError: a number that a double cannot hold, or a text that is not Unicode.
        TypeError: a value JSON has no form for; Decimal and dates are written as texts by their owners.
    """
    return _text_of(value).encode(
        "utf-8"
    )  # a lone surrogate fails here, as a UnicodeEncodeError, which is a ValueError


def digest_of(value: JsonValue) -> str:
    """The SHA-256 of a value's canonical JSON."""
    return digest(canonical_json(value))


def plain_number(number: Decimal) -> str:
    """A decimal without exponent and without needless zeros: `500000`, `53495894`, `7.46`, `-0.5`.

    Raises:
        ValueError: not a finite number.
    """
    if not number.is_finite():
        raise ValueError(f"not a finite number: {number}")
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _text_of(value: JsonValue) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int):
        if abs(value) > LARGEST_EXACT_INTEGER:
            raise ValueError(f"{value} is beyond the integers a JSON number holds exactly")
        return str(int(value))
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        pairs = sorted(value.items(), key=_utf_16)
        return "{" + ",".join(f"{_quoted(key)}:{_text_of(item)}" for key, item in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text_of(item) for item in value) + "]"
    raise TypeError(f"JSON has no form for a {type(value).__name__}")


def _utf_16(pair: tuple[str, JsonValue]) -> bytes:
    """The code units that RFC 8785, section 3.2.3, sorts keys by."""
    if not isinstance(pair[0], str):
        raise TypeError(f"a key of JSON is a text, not a {type(pair[0]).__name__}")
    return pair[0].encode("utf-16-be", "surrogatepass")


def _number(number: float) -> str:
    """ECMAScript's Number::toString (ECMA-262, section 6.1.6.1.20) from Python's shortest round-trip digits."""
    if not math.isfinite(number):
        raise ValueError(f"JSON has no form for {number}")
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = float.__repr__(abs(number)).partition("e")  # a numpy float has a repr of its own
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) if whole != "0" else len(digits) - len(fraction)
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Digits with the decimal point after `point` of them, in ECMAScript's choice of plain or exponent form."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    exponent = point - 1
    rest = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{rest}e{'+' if exponent > 0 else '-'}{abs(exponent)}"
