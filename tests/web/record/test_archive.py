"""The archive of a site: what was written comes back; damaged, foreign and hostile archives are refused before use."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.kernel.errors import BongsuError, EvidenceError, UsageError
from bongsu.web.record import archive
from bongsu.web.record.archive import HEADS, JOURNAL, MANIFEST, Manifest

DATA = "database.sqlite3"
CONTENT = {JOURNAL: b'{"SANDBOX":1}\n', HEADS: b"", DATA: b"SANDBOX database " * 500}
Change = Callable[[list[tuple[zipfile.ZipInfo, bytes]]], list[tuple[zipfile.ZipInfo, bytes]]]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A sound archive."""
    folder = tmp_path / "written"
    folder.mkdir()
    for name, content in CONTENT.items():
        (folder / name).write_bytes(content)
    manifest = Manifest(
        tool="bongsu sandbox",
        database="sqlite",
        made_at=datetime(2026, 11, 24, 6, tzinfo=UTC),
        entries=1,
        head="1" * 64,
        migrations=("record.0001_initial",),
        journal=archive.part_of(folder / JOURNAL),
        heads=archive.part_of(folder / HEADS),
        data=archive.part_of(folder / DATA),
    )
    path = tmp_path / "made.zip"
    digest = archive.write(path, folder, manifest, force=False)
    assert digest == sha256(path.read_bytes()).hexdigest()
    return path


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """Where archives are unpacked: a folder in a folder, so that what escapes is seen."""
    (tmp_path / "outer" / "room").mkdir(parents=True)
    return tmp_path / "outer" / "room"


def test_what_was_written_comes_back(made: Path, room: Path) -> None:
    manifest, digest = archive.unpacked(made, room)
    assert digest == sha256(made.read_bytes()).hexdigest()
    assert (manifest.anchor.seq, manifest.database) == (1, "sqlite")
    assert {path.name: path.read_bytes() for path in room.iterdir()} == CONTENT


def test_the_same_site_gives_the_same_bytes(made: Path, room: Path) -> None:
    manifest, digest = archive.unpacked(made, room)
    assert archive.write(made.with_name("again.zip"), room, manifest, force=False) == digest


def test_a_name_that_is_taken_is_not_written_over(made: Path, room: Path) -> None:
    manifest, _ = archive.unpacked(made, room)
    before = made.read_bytes()
    with pytest.raises(UsageError, match="there is a file already"):
        archive.write(made, room, manifest, force=False)
    assert made.read_bytes() == before


def _info(name: str, *, kind: int = zipfile.ZIP_STORED, attributes: int = 0o100600) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = kind
    info.external_attr = attributes << 16
    return info


def _with_manifest(change: Callable[[dict[str, object]], object]) -> Change:
    def changed(files: list[tuple[zipfile.ZipInfo, bytes]]) -> list[tuple[zipfile.ZipInfo, bytes]]:
        manifest = json.loads(files[0][1])
        change(manifest)
        return [(files[0][0], json.dumps(manifest).encode()), *files[1:]]

    return changed


HOSTILE: dict[str, Change] = {
    "a path that climbs out": lambda files: [*files, (_info("../escaped"), b"SANDBOX")],
    "a path that climbs out, in the place of the database": lambda files: [
        *files[:3],
        (_info(f"../{DATA}"), files[3][1]),
    ],
    "an absolute path": lambda files: [*files, (_info("/etc/escaped"), b"SANDBOX")],
    "a path of Windows": lambda files: [*files, (_info("..\\escaped"), b"SANDBOX")],
    "one file too many": lambda files: [*files, (_info("site.key"), b"SANDBOX")],
    "one file too few": lambda files: files[:3],
    "a link": lambda files: [*files, (_info("link", attributes=0o120777), b"/etc/passwd")],
    "two files of one name": lambda files: [*files, (_info(DATA), b"SANDBOX another")],
    "no files": lambda _: [],
    "something compressed": lambda files: [*files[:3], (_info(DATA, kind=zipfile.ZIP_DEFLATED), bytes(50_000_000))],
    "something compressed otherwise": lambda files: [
        *files[:3],
        (_info(DATA, kind=zipfile.ZIP_LZMA), bytes(5_000_000)),
    ],
    "another content": lambda files: [*files[:3], (_info(DATA), files[3][1][:-1] + b"X")],
    "a longer content": lambda files: [*files[:3], (_info(DATA), files[3][1] + b"X")],
    "a manifest that is no JSON": lambda files: [(_info(MANIFEST), b"{" * 9000), *files[1:]],
    "a manifest that is deep": lambda files: [(_info(MANIFEST), b"[" * 200_000), *files[1:]],
    "a manifest that is long": lambda files: [(_info(MANIFEST), b" " * 2_000_000 + files[0][1]), *files[1:]],
    "a manifest of another database": _with_manifest(lambda said: said.update(database="postgresql")),
    "a manifest of no database": _with_manifest(lambda said: said.update(database="oracle")),
    "a manifest with a word too many": _with_manifest(lambda said: said.update(run="rm -rf /")),
    "a manifest with a word too few": _with_manifest(lambda said: said.pop("head")),
    "a manifest that promises more": _with_manifest(lambda said: said["data"].update(size_bytes=2**62)),  # type: ignore[attr-defined]
    "a manifest of another digest": _with_manifest(lambda said: said["journal"].update(sha256="0" * 64)),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_archive_is_refused_and_writes_nothing_outside(made: Path, room: Path, name: str) -> None:
    with zipfile.ZipFile(made) as sound:
        files = [(_info(info.filename), sound.read(info)) for info in sound.infolist()]
    path = made.with_name("hostile.zip")
    with zipfile.ZipFile(path, "w") as hostile:
        for info, content in HOSTILE[name](files):
            hostile.writestr(info, content)
    with pytest.raises(EvidenceError) as refused:
        archive.unpacked(path, room)
    assert refused.value.where == str(path)
    assert [each.name for each in room.parent.iterdir()] == ["room"]
    assert {each.name for each in room.iterdir()} <= set(CONTENT)
    assert sum(each.stat().st_size for each in room.iterdir()) <= path.stat().st_size


def test_files_that_lie_in_each_other_are_refused(made: Path, room: Path) -> None:
    """As a bomb of overlapping files is built: the list says that each file is nearly the whole archive."""
    content = bytearray(made.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at != -1:
        struct.pack_into("<II", content, at + 20, len(content) - 200, len(content) - 200)
        at = content.find(b"PK\x01\x02", at + 4)
    made.chmod(0o600)
    made.write_bytes(content)
    with pytest.raises(EvidenceError):
        archive.unpacked(made, room)
    assert sum(each.stat().st_size for each in room.iterdir()) <= len(content)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_archive_with_any_byte_changed_or_cut_is_refused_or_gives_the_same_files(
    made: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(made.read_bytes())
    if data.draw(st.booleans()):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    else:
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    room = tmp_path_factory.mktemp("room")
    path = room.with_suffix(".zip")
    path.write_bytes(content)
    try:
        archive.unpacked(path, room)
    except BongsuError:
        return
    assert {each.name: each.read_bytes() for each in room.iterdir()} == CONTENT


@pytest.mark.parametrize("content", [b"", b"SANDBOX", b"PK\x03\x04", bytes(100_000), b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused(content: bytes, room: Path) -> None:
    path = room.parent.with_suffix(".zip")
    path.write_bytes(content)
    with pytest.raises(EvidenceError):
        archive.unpacked(path, room)


def test_what_is_no_file_is_refused(room: Path) -> None:
    for path in (room, room / "absent", Path("/dev/zero")):
        with pytest.raises(UsageError):
            archive.unpacked(path, room)
