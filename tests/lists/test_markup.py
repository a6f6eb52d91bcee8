"""Lists in XML read piece by piece: the same refusals as of a whole tree."""

from __future__ import annotations

import pytest

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists import markup
from bongsu.lists.markup import xml_events
from bongsu.lists.model import Part


def part(content: str | bytes) -> Part:
    raw = content.encode() if isinstance(content, str) else content
    return Part(name="sandbox", exhibit=digest(raw), content=raw)


def events(content: str | bytes) -> list[tuple[str, str]]:
    return [(event, element.tag) for event, element in xml_events(part(content), tags=["a", "{http://n}a"])]


def test_elements_come_as_they_begin_and_as_they_end() -> None:
    assert events("<a><b>SANDBOX</b></a>") == [("start", "a"), ("start", "b"), ("end", "b"), ("end", "a")]
    assert events('<a xmlns="http://n"/>') == [("start", "{http://n}a"), ("end", "{http://n}a")]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "not well-formed"),
        ("<a><b>", "not well-formed"),
        ("<a/><a/>", "not well-formed"),
        ("<b/>", "begins with <b>, not <a or {http://n}a>"),
        ("<!DOCTYPE a><a/>", "document type"),
        ('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "document type"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "ISO-8859-1"),
        ("<a/>".encode("utf-16-le"), "UTF-16"),
        (b"<a>\xff</a>", r"is not UTF-8: byte 0xff at offset 3 \(line 1\)"),
        ("<a>한</a>".encode()[:-5], "is not UTF-8"),
    ],
)
def test_what_a_tree_would_be_refused_for_is_refused_here_too(content: str | bytes, what: str) -> None:
    with pytest.raises(SourceRefusedError, match=what):
        events(content)


@pytest.mark.parametrize("block", range(1, 8))
def test_a_character_across_two_blocks_is_one(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "_BLOCK", block)
    assert len(events("<a>한𝄞é</a>")) == 2
    with pytest.raises(SourceRefusedError, match="byte 0xed at offset 9"):
        events("<a>한글".encode() + b"\xed<</a>")
