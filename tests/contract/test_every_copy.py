"""What each source makes of its invented copies: the golden result, and a refusal or a word of whatever is cut, altered
or hostile. Each property stands here once, for every source there is; what one list alone knows is in its own test.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import Source, looks_like, source, sources
from bongsu.lists.model import Part, Reading

FIXTURES = Path(__file__).parents[1] / "lists" / "fixtures"
REWRITE = "BONGSU_REWRITE_GOLDEN"
GOLDEN = ".golden.jsonl"
EXAMPLES = 40
# What a broken copy holds at least, and why a source's may not.
BROKEN = {
    "no name": r"no name|without a name",
    "twice": r"stands (twice|\d+ times)",
    "unknown programme": "programme code that the card does not know; the entry is kept",
    "unknown field": r"no field|no reader|not have|columns|more cells",
}
NEVER_BROKEN_SO = {
    ("kr_mofa", "twice"): "its items have no number of their own; two alike are two listings",
    ("un_1718_vessels", "no name"): "a row without a name is no row of the table",
    ("un_1718_vessels", "unknown programme"): "it prints none: the committee's list is of one",
}
# A listing of these is told in several lines, and a cut between two of them leaves less of it.
TOLD_IN_SEVERAL_LINES = {"ftm"}
# By one byte an entry may come that is not in force.
MAY_COME = {"ch_seco": 1}

Copy = dict[str, bytes]


def copies() -> dict[str, Path]:
    """The main file of each invented copy, by its stem: all that have a golden result or are recognised as a list."""
    results = {path.name.removesuffix(GOLDEN) for path in FIXTURES.glob(f"*{GOLDEN}")}
    others = {path for path in FIXTURES.iterdir() if not path.name.endswith(GOLDEN)}
    stems = results | {path.stem for path in others if looks_like(path.read_bytes())}
    return {stem: main_file(stem) for stem in sorted(stems) if not stem.startswith("ftm_export_")}


def main_file(stem: str) -> Path:
    (found,) = (path for path in FIXTURES.glob(f"{stem}.*") if not path.name.endswith(GOLDEN))
    return found


def source_of(stem: str) -> str:
    return max((name for name in sources() if stem.startswith(f"{name}_")), key=len)


def of_source(name: str, word: str = "") -> str:
    return f"{name}{word}_sandbox"


@cache
def copy_of(stem: str) -> Copy:
    """The bytes of each part of a copy; the others lie beside the main one, with another word in their name."""
    main, *others = source(source_of(stem)).card.parts
    path = main_file(stem)
    found = {main.name: path.read_bytes()}
    for part in others:
        beside = path.with_name(path.name.replace(main.file_word or "", part.file_word or "", 1))
        found[part.name] = beside.read_bytes()
    return found


def read(name: str, copy: Copy) -> Reading:
    """A copy as its source reads it, whatever share of it is broken: invented copies are small."""
    real = source(name)
    lenient = Source(card=replace(real.card, most_set_aside_share=1.0), reader=real.reader)
    return lenient.read(tuple(Part(name=part, exhibit=digest(raw), content=raw) for part, raw in copy.items()))


@cache
def whole(name: str) -> Reading:
    return read(name, copy_of(of_source(name)))


def main_part(name: str) -> bytes:
    return next(iter(copy_of(of_source(name)).values()))


def with_main(name: str, content: bytes) -> Copy:
    """The whole copy with another main part."""
    return {**copy_of(of_source(name)), source(name).card.parts[0].name: content}


def is_xml(name: str) -> bool:
    return main_part(name).lstrip(b"\xef\xbb\xbf \n").startswith(b"<")


def has_an_end(name: str) -> bool:
    """Whether the form itself says where a file ends, as the last tag of XML does and no line of a table."""
    return is_xml(name) or source(name).card.encoding == "binary"


def facts(reading: Reading, kept: Iterable[str]) -> set[tuple[str, ...]]:
    """What is said of some listings, but for the other ends of links, which may be among what was lost."""
    listings = set(kept)
    links = {row.entity for row in reading.statements if row.schema == "UnknownLink"}
    return {
        (row.entity, row.schema, row.prop, row.value)
        for row in reading.statements
        if row.listing in listings and row.entity not in links
    }


every_copy = pytest.mark.parametrize("stem", copies())
every_source = pytest.mark.parametrize("name", sources())
every_text = pytest.mark.parametrize("name", [name for name in sources() if source(name).card.encoding != "binary"])
every_xml = pytest.mark.parametrize("name", [name for name in sources() if is_xml(name)])


# --- what they hold


@every_source
def test_a_source_has_a_whole_copy_and_a_broken_one_with_their_golden_results(name: str) -> None:
    assert {of_source(name), of_source(name, "_broken")} <= copies().keys()
    assert not [row for row in whole(name).set_aside if row.whole_entry]


@every_copy
def test_a_copy_reads_as_its_golden_result(stem: str) -> None:
    """They were read line by line by a person when they were written.

    After a deliberate change, write them anew with BONGSU_REWRITE_GOLDEN=1 and read the difference.
    """
    copy = copy_of(stem)
    reading = read(source_of(stem), copy)
    lines = list(golden_lines(reading, {digest(raw): part for part, raw in copy.items()}))
    path = FIXTURES / f"{stem}{GOLDEN}"
    if os.environ.get(REWRITE) == "1":
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    assert lines == path.read_text("utf-8").splitlines()
    assert reading.tally.complete


def golden_lines(reading: Reading, parts: dict[str, str]) -> Iterable[str]:
    """One JSON line for the copy, each statement, and each row set aside; exhibits by their part's name."""

    def line(record: dict[str, Any]) -> str:  # Any: JSON
        return json.dumps({key: value for key, value in record.items() if value is not None}, ensure_ascii=False)

    printed = None if reading.printed_on is None else reading.printed_on.isoformat()
    yield line({"golden": "SANDBOX, invented", "printed_on": printed, **reading.tally.record()})
    for said in reading.statements:
        yield line(
            {
                "listing": said.listing,
                "sub": said.entity.removeprefix(said.listing) or None,
                "schema": said.schema,
                "prop": said.prop,
                "value": said.value,
                "cleaned": said.cleaned,
                "rejected": said.rejected,
                "lang": said.lang,
                "at": f"{parts[said.exhibit]}#{said.locator}",
            }
        )
    for row in reading.set_aside:
        yield line(
            {
                "aside": row.reason,
                "field": row.field,
                "value": row.value,
                "whole_entry": row.whole_entry or None,
                "at": f"{row.part}#{row.locator}",
            }
        )


@every_copy
def test_a_copy_is_recognised_as_its_own_list_and_no_other_and_only_by_its_main_part(stem: str) -> None:
    main, *others = copy_of(stem).values()
    assert [found.card.id for found in looks_like(main)] == [source_of(stem)]
    assert [found.card.id for other in others for found in looks_like(other)] == []


@every_source
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_copy_is_broken_in_the_ways_that_every_list_can_be(name: str, what: str) -> None:
    """A listing without a name and one that stands twice, a programme and a field that no one knows."""
    reading = read(name, copy_of(of_source(name, "_broken")))
    found = [row for row in reading.set_aside if re.search(BROKEN[what], row.reason)]
    assert bool(found) is not ((name, what) in NEVER_BROKEN_SO)


@every_source
def test_what_is_set_aside_whole_says_nothing_and_the_first_of_two_keeps_its_number(name: str) -> None:
    reading = read(name, copy_of(of_source(name, "_broken")))
    aside = {(row.exhibit, row.locator) for row in reading.set_aside if row.whole_entry}
    assert aside
    assert [row.value for row in reading.statements if (row.exhibit, row.locator) in aside] == []
    assert len({row.listing for row in reading.statements}) == reading.tally.read


@every_source
def test_every_listing_bears_a_name_its_authority_and_its_number(name: str) -> None:
    said: dict[str, set[str]] = {}
    for row in whole(name).statements:
        said.setdefault(row.listing, set()).add(row.prop)
    assert said
    assert [listing for listing, props in said.items() if not {"name", "authority", "authorityId"} <= props] == []


@every_source
def test_a_programme_that_no_card_knows_is_kept_as_printed_and_counts_only_by_its_beginning(name: str) -> None:
    card = source(name).card
    for reading in (whole(name), read(name, copy_of(of_source(name, "_broken")))):
        programmes = [row for row in reading.statements if row.prop == "program"]
        dprk = {row.listing for row in programmes if row.cleaned and card.is_dprk([row.cleaned])}
        assert reading.tally.dprk == len(dprk)
        for row in programmes:
            assert row.cleaned is None or row.cleaned in card.programmes or card.is_dprk([row.cleaned])


# --- what is cut, altered or nothing at all


def borders(content: bytes) -> list[int]:
    """Where a cut is likeliest to pass unseen: after a line, after a tag."""
    return [0, *(match.end() for match in re.finditer(rb"\n|>", content) if match.end() < len(content))]


@every_source
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_no_cut_is_taken_for_a_whole_list(name: str, data: st.DataObject) -> None:
    """A form that says where it ends is refused; a table that does not still says of each row what it said."""
    content = main_part(name).rstrip()
    at = data.draw(st.integers(0, len(content) - 1) | st.sampled_from(borders(content)))
    try:
        cut = read(name, with_main(name, content[:at]))
    except SourceRefusedError as refused:
        assert refused.what  # noqa: PT017  either outcome is right, and each has its own promise
        return
    assert cut.tally.complete
    kept = {row.listing for row in cut.statements}
    if has_an_end(name):
        assert not is_xml(name)  # a workbook or a PDF has room behind its end
        kept = {row.listing for row in whole(name).statements}
    if name in TOLD_IN_SEVERAL_LINES:
        assert facts(cut, kept) <= facts(whole(name), kept)
    else:
        assert facts(cut, kept) == facts(whole(name), kept)


@every_source
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_whatever_byte_is_altered_each_entry_is_read_or_set_aside_or_the_list_refused(
    name: str, data: st.DataObject
) -> None:
    copy = copy_of(of_source(name))
    part = data.draw(st.sampled_from(list(copy)))
    content = bytearray(copy[part])
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        reading = read(name, {**copy, part: bytes(content)})
    except SourceRefusedError as refused:
        assert refused.what  # noqa: PT017  either outcome is right, and each has its own promise
        return
    assert reading.tally.complete
    if is_xml(name):
        entries = whole(name).tally.in_file
        assert entries <= reading.tally.in_file <= entries + MAY_COME.get(name, 0)


@every_source
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_nothing_but_a_reading_or_a_refusal_comes_of_any_bytes(name: str, data: st.DataObject) -> None:
    copy = copy_of(of_source(name))
    letters = st.text(alphabet='0123456789,"-<>/\r\n\x1a {}:aé한', max_size=200).map(str.encode)
    content = data.draw(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | letters)
    part = data.draw(st.sampled_from(list(copy)))
    try:
        reading = read(name, {**copy, part: content})
    except SourceRefusedError as refused:
        assert refused.what  # noqa: PT017  either outcome is right, and each has its own promise
        return
    assert reading.tally.complete
    assert not has_an_end(name)


# --- in another encoding


@every_text
@pytest.mark.parametrize("encoding", ["latin-1", "cp949", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_list_in_another_encoding_is_refused(name: str, encoding: str) -> None:
    letter = "é" if encoding == "latin-1" else "한"
    text = main_part(name).decode("utf-8-sig").replace("SANDBOX", f"SANDBOX{letter}")
    assert letter in text
    with pytest.raises(SourceRefusedError):
        read(name, with_main(name, text.encode(encoding, errors="replace")))


@every_text
def test_what_is_not_utf_8_is_refused_with_its_place(name: str) -> None:
    content = main_part(name).replace(b"SANDBOX", b"SANDBOX\xe9", 1)
    with pytest.raises(SourceRefusedError, match=r"is not UTF-8: byte 0xe9 at offset \d+ \(line \d+\)"):
        read(name, with_main(name, content))


@every_text
def test_a_byte_order_mark_costs_nothing(name: str) -> None:
    content = main_part(name).removeprefix(b"\xef\xbb\xbf")
    listings = {row.listing for row in whole(name).statements}
    for each in (content, b"\xef\xbb\xbf" + content):
        assert [found.card.id for found in looks_like(each)] == [name]
        assert facts(read(name, with_main(name, each)), listings) == facts(whole(name), listings)


# --- XML


def declared(name: str, declaration: str) -> bytes:
    """The whole copy under another XML declaration."""
    text = main_part(name).decode("utf-8-sig")
    return (declaration + re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1)).encode()


@every_xml
@pytest.mark.parametrize("claim", ["ISO-8859-1", "windows-1252", "UTF-9", "utf-16", "euc-kr", "", "UTF8"])
@pytest.mark.parametrize("blanks", [1, 5000])
def test_a_list_that_claims_another_encoding_is_refused_and_never_garbled(name: str, claim: str, blanks: int) -> None:
    with pytest.raises(SourceRefusedError):
        read(name, with_main(name, declared(name, f'<?xml version="1.0"{" " * blanks}encoding="{claim}"?>')))


@every_xml
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-8"?>'])
def test_a_list_without_a_claim_is_read(name: str, declaration: str) -> None:
    listings = {row.listing for row in whole(name).statements}
    reading = read(name, with_main(name, declared(name, declaration)))
    assert facts(reading, listings) == facts(whole(name), listings)


BILLION_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "SANDBOX">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


@every_xml
@pytest.mark.parametrize(
    ("doctype", "inside", "says"),
    [
        (BILLION_LAUGHS, "&j;", "document type or entity"),
        ('<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;", "document type or entity"),
        ('<!DOCTYPE l [<!ENTITY % p SYSTEM "http://127.0.0.1:9/sandbox.dtd"> %p;]>', "", "document type or entity"),
        ('<!DOCTYPE l SYSTEM "http://127.0.0.1:9/sandbox.dtd">', "", "document type or entity"),
        ("<!DOCTYPE l>", "", "document type or entity"),
        ("", "&sandbox;", "not well-formed"),
    ],
)
def test_entities_and_document_types_are_refused_whatever_they_hold(
    name: str, doctype: str, inside: str, says: str
) -> None:
    text = main_part(name).decode("utf-8-sig").rstrip()
    root, end = re.search(r"<[^?!]", text), text.rindex("</")
    assert root is not None
    content = text[: root.start()] + doctype + text[root.start() : end] + inside + text[end:]
    with pytest.raises(SourceRefusedError, match=says):
        read(name, with_main(name, content.encode()))


def grown(name: str, inside: str) -> bytes:
    """The whole copy with something more at the end of the element that its first listing is read from."""
    content = main_part(name)
    for prefix, uri in re.findall(rb'xmlns(?::(\w+))?="([^"]*)"', content):
        ElementTree.register_namespace(prefix.decode(), uri.decode())
    root = ElementTree.fromstring(content)
    entry = element_at(root, next(row.locator for row in whole(name).statements if row.prop == "name"))
    entry.append(ElementTree.Element("placeholder"))
    return ElementTree.tostring(root, encoding="utf-8").replace(b"<placeholder />", inside.encode())


def element_at(root: ElementTree.Element, locator: str) -> ElementTree.Element:
    """The entry's element: the first of the path that is counted."""
    found = root
    for step in locator.partition(";")[0].removeprefix("xpath=").strip("/").split("/")[1:]:
        tag, _, number = step.partition("[")
        same = [child for child in found if child.tag.rpartition("}")[2] == tag]
        found = same[int(number.rstrip("]") or 1) - 1]
        if number:
            return found
    return found


@every_xml
@pytest.mark.parametrize("depth", [1, 20_000])
def test_a_field_that_no_reader_knows_is_set_aside_however_deep_and_costs_no_entry(name: str, depth: int) -> None:
    inside = "<deep>" * depth + "SANDBOX of no field" + "</deep>" * depth
    reading = read(name, with_main(name, grown(name, inside)))
    listings = {row.listing for row in whole(name).statements}
    assert [row.value for row in reading.set_aside if "SANDBOX of no field" in row.value] == ["SANDBOX of no field"]
    assert facts(reading, listings) == facts(whole(name), listings)
    assert reading.tally.complete
