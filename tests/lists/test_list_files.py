"""Files of a person's own: packed or not, with their companions beside them or not; and the cards of the sources."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import recognise, source, sources
from bongsu.lists.files import read_file

Bytes = Callable[[str], bytes]
WORDS = {"sdn": "sdn", "alt": "alt", "add": "add", "comments": "sdn_comments"}


def put(folder: Path, pattern: str, files: dict[str, bytes], change: Callable[[bytes], bytes] = bytes) -> Path:
    """Write the set under names such as `ofac_{}.csv`, and give the main file."""
    for part, content in files.items():
        (folder / pattern.format(WORDS[part])).write_bytes(change(content))
    return folder / pattern.format("sdn")


def test_the_sources_are_found_and_another_name_is_no_source() -> None:
    assert {"ofac_sdn", "un_sc"} <= set(sources())
    with pytest.raises(UsageError, match="no list source is called 'invented'"):
        source("invented")


@pytest.mark.parametrize("change", [bytes, gzip.compress])
def test_a_un_list_is_recognised_packed_or_not(
    change: Callable[[bytes], bytes], tmp_path: Path, fixture_bytes: Bytes
) -> None:
    content = fixture_bytes("un_sc_sandbox.xml")
    path = tmp_path / "any-name"
    path.write_bytes(change(content))
    where, reading = read_file(path)
    assert where.card.id == reading.source == "un_sc"
    assert reading.tally.read == 3
    assert {row.exhibit for row in reading.statements} == {digest(content)}  # the bytes read, not the gzip around them


@pytest.mark.parametrize("pattern", ["{}.csv", "ofac_{}_2026-01.csv", "{}", "my {} copy.CSV"])
@pytest.mark.parametrize("change", [bytes, gzip.compress])
def test_companions_are_found_beside_the_main_file(
    pattern: str, change: Callable[[bytes], bytes], tmp_path: Path, ofac_files: dict[str, bytes]
) -> None:
    where, reading = read_file(put(tmp_path, pattern, ofac_files, change))
    assert where.card.id == "ofac_sdn"
    assert reading.parts_missing == ()
    assert reading.tally.aliases == 4


def test_companions_in_capital_letters_are_found(tmp_path: Path, ofac_files: dict[str, bytes]) -> None:
    for part, content in ofac_files.items():
        (tmp_path / f"{WORDS[part]}.csv".upper()).write_bytes(content)
    assert read_file(tmp_path / "SDN.CSV")[1].parts_missing == ()


def test_a_companion_that_is_not_there_is_named(tmp_path: Path, ofac_files: dict[str, bytes]) -> None:
    path = put(tmp_path, "ofac_{}.csv", {part: ofac_files[part] for part in ("sdn", "alt")})
    (tmp_path / "ofac_add.csv").mkdir()
    reading = read_file(path)[1]
    assert reading.parts_missing == ("add", "comments")
    assert reading.tally.aliases == 4


def test_a_main_file_of_an_unlike_name_is_read_alone(tmp_path: Path, ofac_files: dict[str, bytes]) -> None:
    put(tmp_path, "{}.csv", ofac_files)
    (tmp_path / "copy.csv").write_bytes(ofac_files["sdn"])
    assert read_file(tmp_path / "copy.csv")[1].parts_missing == ("add", "alt", "comments")


@pytest.mark.parametrize(
    "content", [b"SANDBOX", b"\x00\xff", b"<html/>", b"PK\x03\x04", gzip.compress(b"SANDBOX", mtime=0)]
)
def test_a_file_of_no_known_list_is_asked_about(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "unknown.bin"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"unknown\.bin: is not recognised as one of the lists") as refused:
        read_file(path)
    assert refused.value.remedy is not None
    assert {"ofac_sdn (OFAC)", "un_sc (UN)"} <= set(refused.value.remedy.removeprefix("if it is one of ").split(", "))
    assert refused.value.remedy.endswith(f"name it with --source {'|'.join(sources())}")


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0)])
@pytest.mark.parametrize("named", [None, "un_sc"])
def test_an_empty_file_is_said_to_be_empty(content: bytes, named: str | None, tmp_path: Path) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(content)
    with pytest.raises(SourceRefusedError, match=r"list\.xml: is empty") as refused:
        read_file(path, named)
    assert refused.value.exit_code == 3


@pytest.mark.parametrize("named", [None, "ofac_sdn"])
@pytest.mark.parametrize("part", ["alt", "add", "comments"])
def test_another_part_than_the_main_one_is_told_by_its_name(
    part: str, named: str | None, tmp_path: Path, ofac_files: dict[str, bytes]
) -> None:
    put(tmp_path, "ofac_{}_2026-01.csv", ofac_files)
    with pytest.raises(UsageError, match=f"looks like the {part} part of ofac_sdn") as refused:
        read_file(tmp_path / f"ofac_{WORDS[part]}_2026-01.csv", named)
    assert refused.value.remedy == "give the main file, ofac_sdn_2026-01.csv; the others are found beside it"


def test_a_word_inside_another_word_tells_no_part(tmp_path: Path) -> None:
    (tmp_path / "addresses.csv").write_bytes(b"SANDBOX")
    with pytest.raises(UsageError, match="is not recognised"):
        read_file(tmp_path / "addresses.csv")


def test_what_may_never_end_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    for path in (tmp_path / "pipe.xml", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(UsageError, match=r"is a device, a pipe or a socket, not a file .*write what it gives to a"):
            read_file(path)


def test_a_file_that_is_not_there_or_is_a_folder_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.xml", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            read_file(path)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("un_sc_sandbox.xml", "un_sc", "ofac_sdn"), ("ofac_sdn_sandbox.csv", "ofac_sdn", "un_sc")],
)
def test_a_file_named_as_another_list_is_told_from_a_broken_one(
    name: str, right: str, wrong: str, tmp_path: Path, fixture_bytes: Bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(fixture_bytes(name))
    with pytest.raises(UsageError, match=f"{name}: looks like a copy of {right}, not of {wrong} .*--source {right}"):
        read_file(path, wrong)


def test_a_file_that_looks_like_no_list_is_read_as_the_one_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "garbled.xml"
    path.write_bytes(b"SANDBOX: no list at all")
    with pytest.raises(SourceRefusedError, match="is not well-formed XML"):
        read_file(path, "un_sc")


def test_naming_the_right_source_changes_nothing(tmp_path: Path, fixture_bytes: Bytes) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(fixture_bytes("un_sc_sandbox.xml"))
    assert read_file(path, "un_sc") == read_file(path)


def test_an_unknown_source_is_said_before_anything_is_read(tmp_path: Path, fixture_bytes: Bytes) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(fixture_bytes("un_sc_sandbox.xml"))
    with pytest.raises(UsageError, match="no list source is called"):
        read_file(path, "un_sc_2")


def test_a_refusal_names_the_file_and_the_part(tmp_path: Path, ofac_files: dict[str, bytes]) -> None:
    path = put(tmp_path, "ofac_{}.csv", {**ofac_files, "alt": b'90001,1,aka,"SANDBOX never closed'})
    with pytest.raises(SourceRefusedError) as refusal:
        read_file(path)
    assert refusal.value.where == f"{path}, alt"


@pytest.mark.parametrize("broken", [lambda packed: packed[:-9], lambda packed: packed + b"SANDBOX"])
def test_a_broken_gzip_file_is_refused(broken: Callable[[bytes], bytes], tmp_path: Path, fixture_bytes: Bytes) -> None:
    path = tmp_path / "list.xml.gz"
    path.write_bytes(broken(gzip.compress(fixture_bytes("un_sc_sandbox.xml"))))
    with pytest.raises(SourceRefusedError, match=r"list\.xml\.gz"):
        read_file(path)


def test_each_list_is_recognised_by_one_source_only(fixture_bytes: Bytes) -> None:
    assert recognise(fixture_bytes("un_sc_sandbox.xml"), where="x").card.id == "un_sc"
    assert recognise(fixture_bytes("ofac_sdn_sandbox.csv"), where="x").card.id == "ofac_sdn"
