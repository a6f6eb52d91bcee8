"""A file written for a person is whole under its name, or not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bongsu.evidence import CustodyEvent, ExhibitStore, Folder, write_own_file
from bongsu.kernel.errors import UsageError


def broken_off() -> Iterator[bytes]:
    yield b"half of it"
    raise RuntimeError("SANDBOX: killed here")


def test_the_pieces_are_written_in_order(tmp_path: Path) -> None:
    write_own_file(tmp_path / "out", iter([b"one ", b"two"]), force=False)
    assert (tmp_path / "out").read_bytes() == b"one two"


@pytest.mark.parametrize("force", [False, True])
def test_what_breaks_off_leaves_nothing_and_what_was_there(tmp_path: Path, force: bool) -> None:
    if force:
        (tmp_path / "out").write_bytes(b"before")
    with pytest.raises(RuntimeError):
        write_own_file(tmp_path / "out", broken_off(), force=force)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ([b"before"] if force else [])


def test_a_name_that_is_taken_is_replaced_by_force_only(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to("nowhere")
    with pytest.raises(UsageError, match="there is a file already"):
        write_own_file(tmp_path / "out", [b"new"], force=False)
    write_own_file(tmp_path / "out", [b"new"], force=True)
    assert (tmp_path / "out").read_bytes() == b"new"
    assert not (tmp_path / "out").is_symlink()


def test_a_name_taken_while_it_is_written_is_not_replaced(tmp_path: Path) -> None:
    def raced() -> Iterator[bytes]:
        yield b"ours"
        (tmp_path / "out").write_bytes(b"theirs")

    with pytest.raises(UsageError, match="there is a file already"):
        write_own_file(tmp_path / "out", raced(), force=False)
    assert (tmp_path / "out").read_bytes() == b"theirs"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file"):
        write_own_file(tmp_path / "absent" / "out", [b"x"], force=False)


@pytest.mark.parametrize("name", ["custody/000000000001.jsonl", "exhibits/new", "new"])
def test_nothing_is_written_into_a_store_even_by_force(tmp_path: Path, name: str) -> None:
    store = ExhibitStore(Folder.open(str(tmp_path / "data")), tool="test")
    store.custody.append(
        [CustodyEvent(event="failed", detail={"sandbox": "invented"})], datetime(2026, 1, 1, tzinfo=UTC)
    )
    (tmp_path / "link").symlink_to(tmp_path / "data")
    before = (tmp_path / "data" / "custody" / "000000000001.jsonl").read_bytes()
    (tmp_path / "data" / "exhibits").mkdir(exist_ok=True)
    (tmp_path / "data" / "linked").symlink_to(tmp_path / "outside")
    with pytest.raises(UsageError, match="lies in the store"):
        write_own_file(tmp_path / "data" / "linked", [b"SANDBOX"], force=True)
    for folder in ("data", "link"):
        with pytest.raises(UsageError, match="lies in the store"):
            write_own_file(tmp_path / folder / name, [b"SANDBOX"], force=True)
    assert (tmp_path / "data" / "custody" / "000000000001.jsonl").read_bytes() == before
    write_own_file(tmp_path / "beside", [b"SANDBOX"], force=False)
