"""Bytes kept for ever, and what is known of them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import Capture, Exhibit, ExhibitStore, Folder
from bongsu.evidence.local import LocalDrive
from bongsu.kernel.errors import EvidenceError, UsageError

LIST = b'<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="invented"/>'
DIGEST = hashlib.sha256(LIST).hexdigest()
NAME = f"exhibits/{DIGEST[:2]}/{DIGEST}"
ABSENT = "a" * 64


class BrokenStream(BytesIO):
    """A connection that is lost half way."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 2**20:
            raise ConnectionResetError("the connection was reset")
        return super().read(size)


def events(store: ExhibitStore) -> list[str]:
    return [entry.event for entry in store.custody.entries()]


@pytest.mark.parametrize("stream", [False, True])
def test_what_is_received_is_kept_and_logged(store: ExhibitStore, capture: Capture, stream: bool) -> None:
    exhibit = store.receive(BytesIO(LIST) if stream else LIST, capture)
    assert exhibit == Exhibit(digest=DIGEST, size=len(LIST))
    assert store.read(DIGEST) == LIST
    with store.open(DIGEST) as opened:
        assert opened.read() == LIST
    assert store.folder.names("exhibits/") == [NAME]
    (entry,) = store.custody.entries()
    assert (entry.event, entry.exhibit, entry.at) == ("received", DIGEST, capture.retrieved_at)
    assert entry.detail == {
        "capture": capture.record(),
        "size": len(LIST),
        "sha512": hashlib.sha512(LIST).hexdigest(),
    }


@pytest.mark.parametrize("stream", [False, True])
def test_what_is_made_is_logged_with_both_digests_too(disk: Folder, capture: Capture, stream: bool) -> None:
    store = ExhibitStore(disk, tool="bongsu 0.1.0")
    parent = store.receive(gzip.compress(LIST), capture)
    store.derive(BytesIO(LIST) if stream else LIST, parent.digest, "gzip", capture.retrieved_at)
    *_, entry = store.custody.entries()
    assert (entry.exhibit, entry.detail["sha512"]) == (DIGEST, hashlib.sha512(LIST).hexdigest())


class SwappingDrive(LocalDrive):
    """A disk on which someone gives each name to another file as soon as it was opened."""

    def open_read(self, name: str) -> BinaryIO:
        stream = super().open_read(name)
        self.put(name, b"forged", overwrite=True)
        return stream


def test_a_file_that_takes_the_name_of_one_that_was_hashed_is_not_given_out(tmp_path: Path, capture: Capture) -> None:
    ExhibitStore(Folder(LocalDrive(tmp_path)), tool="bongsu 0.1.0").receive(LIST, capture)
    store = ExhibitStore(Folder(SwappingDrive(tmp_path)), tool="bongsu 0.1.0")
    with store.open(DIGEST) as opened:
        assert opened.read() == LIST
    with pytest.raises(EvidenceError, match="damaged"), store.open(DIGEST):
        pass


@given(st.lists(st.binary(max_size=100), max_size=6))
def test_everything_received_comes_back_however_often_it_came(contents: list[bytes]) -> None:
    own = {"global_store": False, "skip_instance_cache": True}  # a memory of its own for each example
    store = ExhibitStore(Folder.open("memory://exhibits", storage_options=own), tool="bongsu 0.1.0")
    a_capture = Capture(source="x", url="/x", retrieved_at=datetime.fromisoformat("2026-11-24T06:00Z"), tool="t")
    for content in contents * 2:
        exhibit = store.receive(content, a_capture)
        assert store.read(exhibit.digest) == content
    assert len(store.folder.names("exhibits/")) == len(set(contents))
    assert len(events(store)) == 2 * len(contents)
    assert store.scrub(a_capture.retrieved_at).is_sound


def test_a_large_stream_passes_in_blocks(disk: Folder, capture: Capture) -> None:
    store = ExhibitStore(disk, tool="bongsu 0.1.0")
    content = b"!AIVDM,1,1,,A,invented,0*00\n" * 200_000
    exhibit = store.receive(BytesIO(content), capture)
    assert exhibit.size == len(content)
    assert exhibit.digest == hashlib.sha256(content).hexdigest()


def test_a_stream_that_breaks_leaves_nothing_behind(store: ExhibitStore, capture: Capture) -> None:
    with pytest.raises(ConnectionResetError):
        store.receive(BrokenStream(bytes(3 * 2**20)), capture)
    assert store.folder.names() == []


def test_the_same_bytes_are_stored_once_and_logged_each_time(store: ExhibitStore, capture: Capture) -> None:
    store.receive(LIST, capture)
    store.receive(BytesIO(LIST), replace(capture, url="https://mirror.example/consolidated.xml"))
    assert store.folder.names("exhibits/") == [NAME]
    urls = [entry.detail["capture"]["url"] for entry in store.custody.entries()]  # type: ignore[call-overload, index]
    assert urls == [capture.url, "https://mirror.example/consolidated.xml"]


def test_bytes_are_kept_even_where_the_log_cannot_be_written(store: ExhibitStore, capture: Capture) -> None:
    store.folder.write_once("custody/000000000001.jsonl", b"broken")
    with pytest.raises(EvidenceError, match=r"custody/000000000001\.jsonl"):
        store.receive(LIST, capture)
    assert store.read(DIGEST) == LIST


@pytest.mark.parametrize("stream", [False, True])
def test_receiving_again_mends_what_was_damaged_and_sets_the_damage_aside(
    store: ExhibitStore, capture: Capture, stream: bool
) -> None:
    store.receive(LIST, capture)
    store.folder.replace(NAME, b"tampered")
    store.receive(BytesIO(LIST) if stream else LIST, capture)
    assert store.read(DIGEST) == LIST
    tampered = hashlib.sha256(b"tampered").hexdigest()
    assert store.folder.read(f"damaged/{DIGEST}/{tampered}") == b"tampered"
    assert [entry.detail.get("mended") for entry in store.custody.entries()] == [None, True]
    assert [entry.detail.get("replaced") for entry in store.custody.entries()] == [None, tampered]
    assert store.record(DIGEST).set_aside == (f"damaged/{DIGEST}/{tampered}",)
    assert store.mended == [DIGEST]


def test_a_failure_is_logged(store: ExhibitStore, capture: Capture) -> None:
    failed = replace(capture, status="failed", http_status=503, headers=(), problem="the server is down")
    store.fail(failed)
    (entry,) = store.custody.entries()
    assert (entry.event, entry.exhibit, entry.detail) == ("failed", None, {"capture": failed.record()})
    with pytest.raises(ValueError, match="only a failed capture"):
        store.fail(capture)


def test_no_secret_reaches_the_disk(store: ExhibitStore, capture: Capture) -> None:
    store.receive(LIST, replace(capture, url="https://u:hunter2@host.example/?key=hunter2"))
    store.fail(replace(capture, status="failed", problem="401 at https://host.example/?token=hunter2"))
    for name in store.folder.names():
        assert b"hunter2" not in store.folder.read(name)


@pytest.mark.parametrize("verb", ["read", "record", "open"])
def test_an_exhibit_that_is_not_there_is_told_with_a_remedy(store: ExhibitStore, verb: str) -> None:
    with pytest.raises(EvidenceError, match="no such exhibit") as caught:
        ask(store, verb, ABSENT)
    assert caught.value.remedy is not None
    assert "receive the same file again" in caught.value.remedy


@pytest.mark.parametrize("verb", ["read", "record", "open"])
@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "/" + "a" * 63])
def test_what_is_no_digest_is_refused(disk: Folder, verb: str, name: str) -> None:
    store = ExhibitStore(disk, tool="bongsu 0.1.0")
    with pytest.raises(UsageError, match="not the name of an exhibit"):
        ask(store, verb, name)


def ask(store: ExhibitStore, verb: str, digest: str) -> None:
    if verb == "open":
        with store.open(digest):
            pass
    else:
        getattr(store, verb)(digest)


@pytest.mark.parametrize("content", [b"", b"tampered", LIST + b" "])
def test_damaged_bytes_are_never_given_out(
    store: ExhibitStore, capture: Capture, tmp_path: Path, now: datetime, content: bytes
) -> None:
    store.receive(LIST, capture)
    store.folder.replace(NAME, content)
    with pytest.raises(EvidenceError, match="damaged"):
        store.read(DIGEST)
    with pytest.raises(EvidenceError, match="damaged"), store.open(DIGEST):
        pass
    with pytest.raises(EvidenceError, match="damaged"):
        store.export(DIGEST, tmp_path / "copy.xml", now, by=None)
    assert not (tmp_path / "copy.xml").exists()


def test_a_derivation_is_logged_once(store: ExhibitStore, capture: Capture, now: datetime) -> None:
    packed = store.receive(gzip.compress(LIST, mtime=0), capture)
    for _ in range(3):
        assert store.derive(LIST, packed.digest, "gzip", now).digest == DIGEST
    assert events(store) == ["received", "derived"]
    store.derive(LIST, packed.digest, "another step", now)
    other = store.receive(gzip.compress(LIST, mtime=1), capture)
    ExhibitStore(store.folder, tool="bongsu 0.2.0").derive(BytesIO(LIST), other.digest, "gzip", now)
    ExhibitStore(store.folder, tool="bongsu 0.2.0").derive(BytesIO(LIST), other.digest, "gzip", now)
    assert events(store) == ["received", "derived", "derived", "received", "derived"]
    assert [entry.detail["parent"] for entry in store.record(DIGEST).entries] == [packed.digest] * 2 + [other.digest]


@pytest.mark.parametrize("stream", [False, True])
def test_making_again_mends_what_was_damaged_and_logs_it(
    store: ExhibitStore, capture: Capture, now: datetime, stream: bool
) -> None:
    packed = store.receive(gzip.compress(LIST, mtime=0), capture)
    store.derive(LIST, packed.digest, "gzip", now)
    store.folder.replace(NAME, b"tampered")
    for _ in range(2):  # the second finds it sound, and says nothing
        store.derive(BytesIO(LIST) if stream else LIST, packed.digest, "gzip", now)
    assert store.read(DIGEST) == LIST
    tampered = hashlib.sha256(b"tampered").hexdigest()
    assert store.folder.read(f"damaged/{DIGEST}/{tampered}") == b"tampered"
    entries = store.record(DIGEST).entries
    assert [(entry.event, entry.detail.get("mended"), entry.detail.get("replaced")) for entry in entries] == [
        ("derived", None, None),
        ("derived", True, tampered),
    ]
    assert store.mended == [DIGEST]


def test_making_again_what_was_gone_is_logged_as_mending(store: ExhibitStore, capture: Capture, now: datetime) -> None:
    packed = store.receive(gzip.compress(LIST, mtime=0), capture)
    store.derive(LIST, packed.digest, "gzip", now)
    store.folder.delete(NAME)
    store.derive(LIST, packed.digest, "gzip", now)
    assert [entry.detail.get("mended") for entry in store.record(DIGEST).entries] == [None, True]
    assert store.mended == [DIGEST]


def test_nothing_is_derived_from_nothing(store: ExhibitStore, now: datetime) -> None:
    with pytest.raises(EvidenceError, match="no such exhibit"):
        store.derive(LIST, ABSENT, "gzip", now)
    with pytest.raises(UsageError):
        store.derive(LIST, "../x", "gzip", now)
    assert store.folder.names() == []


def test_a_record_tells_all_that_is_known(store: ExhibitStore, capture: Capture, now: datetime) -> None:
    outer = store.receive(gzip.compress(gzip.compress(LIST, mtime=0), mtime=0), capture)
    middle = store.derive(gzip.compress(LIST, mtime=0), outer.digest, "gzip", now)
    store.derive(LIST, middle.digest, "gzip", now)
    store.receive(b"another", capture)
    record = store.record(DIGEST)
    assert (record.digest, record.size, record.media_type) == (DIGEST, len(LIST), "application/xml")
    assert record.parents == (middle.digest, outer.digest)
    assert [entry.event for entry in record.entries] == ["derived"]
    assert [(entry.event, entry.exhibit) for entry in record.origins] == [("received", outer.digest)]
    assert (store.record(outer.digest).parents, store.record(outer.digest).origins) == ((), ())
    assert store.record(outer.digest).media_type == "application/gzip"


def test_a_circle_of_parents_ends(store: ExhibitStore, capture: Capture, now: datetime) -> None:
    one, two = store.receive(b"one", capture).digest, store.receive(b"two", capture).digest
    store.derive(b"one", two, "forged", now)
    store.derive(b"two", one, "forged", now)
    assert store.record(one).parents == (two, one)


def test_an_export_is_a_verified_copy_and_is_logged(
    store: ExhibitStore, capture: Capture, tmp_path: Path, now: datetime
) -> None:
    store.receive(LIST, capture)
    target = tmp_path / "consolidated.xml"
    store.export(DIGEST, target, now, by="analyst 3")
    assert target.read_bytes() == LIST
    *_, entry = store.custody.entries()
    assert (entry.event, entry.exhibit) == ("exported", DIGEST)
    assert entry.detail == {"target": str(target), "by": "analyst 3", "tool": "bongsu 0.1.0"}
    assert [path.name for path in tmp_path.iterdir() if path.name != "store"] == ["consolidated.xml"]


def test_an_export_overwrites_only_by_force(
    store: ExhibitStore, capture: Capture, tmp_path: Path, now: datetime
) -> None:
    store.receive(LIST, capture)
    target = tmp_path / "mine.xml"
    target.write_bytes(b"mine")
    with pytest.raises(UsageError, match="there is a file already"):
        store.export(DIGEST, target, now, by=None)
    assert target.read_bytes() == b"mine"
    assert events(store) == ["received"]
    store.export(DIGEST, target, now, by=None, force=True)
    assert target.read_bytes() == LIST


def test_an_export_into_nowhere_is_told(store: ExhibitStore, capture: Capture, tmp_path: Path, now: datetime) -> None:
    store.receive(LIST, capture)
    with pytest.raises(UsageError, match="cannot be written"):
        store.export(DIGEST, tmp_path / "absent" / "x.xml", now, by=None)
    assert events(store) == ["received"]
