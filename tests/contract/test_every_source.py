"""Every list source is a card and a reader of the same name, and refuses what is no copy of its list."""

from __future__ import annotations

import gzip
import inspect
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import get_type_hints

import pytest

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import Reader, SourceCard, recognise, source, sources
from bongsu.lists.model import Part, Reading

# Modules that a reader is made of and that are no source of their own.
PARTS_OF_READERS = {
    "ofac_remarks": "ofac_sdn",
    "ofac_xml_model": "ofac_sdn_xml",
    "ofac_xml_party": "ofac_sdn_xml",
    "seco_identity": "ch_seco",
}
SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "lists"
NO_LIST = {
    "nothing": b"",
    "a page": b"<!doctype html><html><body>SANDBOX: the list has moved</body></html>",
    "noise": bytes(range(256)) * 16,
    "another XML": b"<?xml version='1.0'?><SANDBOX>invented</SANDBOX>",
    "a word": b"invented",
}

every_source = pytest.mark.parametrize("name", sources())


def names(suffix: str) -> set[str]:
    folder = files("bongsu.lists.sources")
    return {item.name.removesuffix(suffix) for item in folder.iterdir() if item.name.endswith(suffix)} - {"__init__"}


def parts(name: str, content: bytes) -> tuple[Part, ...]:
    card = source(name).card
    return tuple(Part(name=part.name, exhibit=digest(content), content=content) for part in card.parts if part.required)


def test_every_card_has_its_module_and_every_module_its_card() -> None:
    assert names(".toml") == names(".py") - PARTS_OF_READERS.keys()
    assert set(PARTS_OF_READERS.values()) <= names(".toml")


def test_a_part_of_a_reader_is_used_by_its_reader() -> None:
    for part, reader in PARTS_OF_READERS.items():
        assert f"bongsu.lists.sources.{part}" in inspect.getsource(import_module(f"bongsu.lists.sources.{reader}"))


def test_sources_are_found_in_the_folder_and_sorted() -> None:
    assert list(sources()) == sorted(names(".toml"))


@every_source
def test_a_reader_has_read_and_recognises_as_promised(name: str) -> None:
    reader = import_module(f"bongsu.lists.sources.{name}")
    for verb in ("read", "recognises"):
        promised, offered = getattr(Reader, verb), getattr(reader, verb)
        meant = list(inspect.signature(promised).parameters)[1:]
        assert list(inspect.signature(offered).parameters) == meant
        assert offered.__doc__
    assert get_type_hints(reader.read) == {"parts": tuple[Part, ...], "card": SourceCard, "return": Reading}
    assert get_type_hints(reader.recognises) == {"content": bytes, "return": bool}


@every_source
@pytest.mark.parametrize("what", NO_LIST)
def test_what_is_no_list_is_not_recognised_and_refused_in_words(name: str, what: str) -> None:
    assert source(name).reader.recognises(NO_LIST[what]) is False
    try:
        reading = source(name).read(parts(name, NO_LIST[what]))
    except SourceRefusedError as refused:
        assert refused.what  # noqa: PT017  either outcome is right, and each has its own promise
    else:
        assert reading.tally.read == 0
        assert reading.statements == ()
        assert reading.tally.in_file < source(name).card.least_entries


@every_source
def test_a_file_cut_in_the_middle_of_a_character_is_refused(name: str) -> None:
    if source(name).card.encoding == "binary":
        pytest.skip("a workbook or a PDF is no text; what is none of these is refused above")
    with pytest.raises(SourceRefusedError, match="UTF-8"):
        source(name).read(parts(name, "SANDBOX 한".encode()[:-1]))


@pytest.mark.parametrize("what", NO_LIST)
def test_a_file_that_is_no_list_is_recognised_as_none(what: str) -> None:
    with pytest.raises(UsageError, match="not recognised"):
        recognise(NO_LIST[what], where="invented.xml")


def test_a_source_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UsageError, match=", ".join(sources())):
        source("invented")


@pytest.mark.parametrize(
    ("name", "file"),
    [("un_sc", "un_consolidated_2018-10-29.xml.gz"), ("ofac_sdn", "ofac_sdn_2019-01.csv.gz")],
)
def test_a_real_file_is_recognised_as_its_own_list_and_no_other(name: str, file: str) -> None:
    if not (SHARED / file).is_file():
        pytest.skip(f"{file} is not here: real lists are not part of this repository")
    content = gzip.decompress((SHARED / file).read_bytes())
    assert [each for each, found in sources().items() if found.reader.recognises(content)] == [name]
