"""The order that DER asks of a set of certificates, restored in what authorities send without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SEQUENCE: Final = 0x30
_EXPLICIT_0: Final = 0xA0  # of ContentInfo its content, of SignedData its certificates (RFC 5652, sections 3 and 5.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Element:
    """One element of some bytes: its tag, where it begins, where its content begins and where both end."""

    tag: int
    start: int
    content: int
    end: int


def with_sorted_certificates(response: bytes) -> bytes:
    """A time-stamp response (RFC 3161, section 2.4.2) whose certificates stand in the order of their bytes.

    X.690, section 11.6, asks for that order of a SET OF, and strict readers refuse another. OpenSSL's authority sends
    them as it found them. No signature covers this set, and no length changes with its order.

    Args:
        response: as received.

    Returns:
        The same bytes but for that order; as they came where there is no such set.

    Raises:
        ValueError: not DER as far as it was read.
    """
    whole = _only(response, 0, len(response), _SEQUENCE)
    token = _at(response, whole, 1, _SEQUENCE)
    signed = token and _at(response, token, 1, _EXPLICIT_0)
    if signed is None:
        return response
    content = _only(response, signed.content, signed.end, _SEQUENCE)
    found = _at(response, content, 3, _EXPLICIT_0)
    if found is None:
        return response
    parts = sorted(response[each.start : each.end] for each in _elements(response, found.content, found.end))
    return response[: found.content] + b"".join(parts) + response[found.end :]


def _at(content: bytes, parent: _Element, index: int, tag: int) -> _Element | None:
    """The element at a place within another where it has that tag, else None."""
    within = list(_elements(content, parent.content, parent.end))
    return within[index] if index < len(within) and within[index].tag == tag else None


def _only(content: bytes, start: int, end: int, tag: int) -> _Element:
    found = list(_elements(content, start, end))
    if [each.tag for each in found] != [tag]:
        raise ValueError("not the structure of a time-stamp response")
    return found[0]


def _elements(content: bytes, start: int, end: int) -> Iterator[_Element]:
    """The elements between two places, one after another (X.690, section 8.1).

    Raises:
        ValueError: they do not end where they must.
    """
    while start < end:
        element = _element(content, start)
        if element.end > end:
            raise ValueError("an element is longer than what holds it")
        yield element
        start = element.end


def _element(content: bytes, start: int) -> _Element:
    try:
        tag, first = content[start], content[start + 1]
    except IndexError:
        raise ValueError("cut off") from None
    more = first & 0x7F if first & 0x80 else 0  # the long form: how many bytes of length follow
    if tag & 0x1F == 0x1F or first == 0x80 or more > 4:
        raise ValueError("not DER")
    begin = start + 2 + more
    length = int.from_bytes(content[start + 2 : begin], "big") if more else first
    return _Element(tag=tag, start=start, content=begin, end=begin + length)
