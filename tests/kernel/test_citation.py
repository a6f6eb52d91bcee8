"""Which bytes say so, and where inside them."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.citation import Citation

DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
LOCATORS = [
    "row=12",
    "row=5-7",
    "line=12",
    "line=12,14",
    "cell=4,1",
    "cell=4,1-6,2",
    "page=7",
    "bytes=0,120",
    "xpath=/CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL[3]",
    "xpath=/LIST/ENTRY[3]/NAME[text()='한#1']",
    "page=3&xywh=72,144,200,36",
    "xywh=160,120,320,240",
    "xywh=percent:25,25,50,50",
    "t=10,20",
    "t=10",
    "t=,20",
    "t=0.5,120.25",
    "t=10,20&xywh=0,0,640,480",
]
locators = st.sampled_from(LOCATORS) | st.from_regex(r"xpath=/[^\s].*", fullmatch=True) | st.just("")


@pytest.mark.parametrize("locator", LOCATORS)
def test_a_citation_prints_the_digest_and_the_place(locator: str) -> None:
    citation = Citation(exhibit=DIGEST, locator=locator)
    assert str(citation) == f"sha256:{DIGEST}#{locator}"
    assert Citation.parse(str(citation)) == citation


def test_a_citation_of_a_whole_exhibit_has_no_fragment() -> None:
    assert str(Citation(exhibit=DIGEST)) == f"sha256:{DIGEST}"
    assert Citation.parse(f"sha256:{DIGEST}") == Citation(exhibit=DIGEST)


@given(st.binary(min_size=32, max_size=32), locators)
def test_a_printed_citation_reads_back_as_itself(digest: bytes, locator: str) -> None:
    citation = Citation(exhibit=digest.hex(), locator=locator)
    assert Citation.parse(str(citation)) == citation


@given(st.text())
def test_a_text_that_is_read_as_a_citation_prints_as_that_very_text(tail: str) -> None:
    text = f"sha256:{DIGEST}{tail}"
    try:
        citation = Citation.parse(text)
    except ValueError:
        return
    assert str(citation) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        DIGEST,
        f"sha512:{DIGEST}",
        f"SHA256:{DIGEST}",
        f"sha256:{DIGEST.upper()}",
        f"sha256:{DIGEST[:-1]}",
        f"sha256:{DIGEST}0",
        f"sha256:{DIGEST} ",
        f" sha256:{DIGEST}",
        f"sha256:{DIGEST}\n",
        f"sha256::{DIGEST}",
        f"sha256:{DIGEST}#",
        f"sha256:{DIGEST}##row=1",
        f"sha256:{DIGEST}#row",
        f"sha256:{DIGEST}#row=",
        f"sha256:{DIGEST}#row= 1",
        f"sha256:{DIGEST}#row=-1",
        f"sha256:{DIGEST}#row=one",
        f"sha256:{DIGEST}#row=1\n",
        f"sha256:{DIGEST}#row=１",
        f"sha256:{DIGEST}#xpath=LIST",
        f"sha256:{DIGEST}#column=1",
        f"sha256:{DIGEST}#page=3&xywh=1,2,3",
        f"sha256:{DIGEST}#page=3&row=1",
        f"sha256:{DIGEST}#page=3&",
        f"sha256:{DIGEST}#xywh=pixel:1,2,3,4",
        f"sha256:{DIGEST}#xywh=-1,2,3,4",
        f"sha256:{DIGEST}#t=20,10",
        f"sha256:{DIGEST}#t=10,10",
        f"sha256:{DIGEST}#t=,",
        f"sha256:{DIGEST}#t=10,",
        f"sha256:{DIGEST}#t=0:10,0:20",
        f"sha256:{DIGEST}#t=1.,2",
        f"sha256:{DIGEST}#javascript:alert(1)",
    ],
)
def test_what_is_not_written_as_a_citation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a SHA-256|not a locator|begins with sha256|not a citation"):
        Citation.parse(text)


@pytest.mark.parametrize("exhibit", ["", "deadbeef", DIGEST.upper(), f"sha256:{DIGEST}", f"{DIGEST}\n"])
def test_a_citation_of_no_digest_cannot_be_made(exhibit: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        Citation(exhibit=exhibit)


def test_a_citation_cannot_be_changed_and_stands_in_order() -> None:
    first, second = Citation(exhibit=DIGEST), Citation(exhibit=DIGEST, locator="row=1")
    assert sorted([second, first]) == [first, second]
    assert len({first, second, Citation(exhibit=DIGEST)}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.locator = "row=2"  # type: ignore[misc]  # that it cannot be set is what is tested
