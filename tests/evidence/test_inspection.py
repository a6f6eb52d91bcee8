"""What an inspection of the whole store finds, and that it changes nothing."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bongsu.evidence import (
    GZIP,
    Capture,
    CustodyEntry,
    CustodyEvent,
    CustodyLog,
    EventKind,
    ExhibitStore,
    Folder,
    exhibit_states,
)
from bongsu.kernel.canonical import JsonValue

LIST = b"<CONSOLIDATED_LIST/>"
DIGEST = hashlib.sha256(LIST).hexdigest()
AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
NAME = f"exhibits/{DIGEST[:2]}/{DIGEST}"


def fill(store: ExhibitStore, capture: Capture) -> ExhibitStore:
    for content in (LIST, b"<sdnList/>", b""):
        store.receive(content, capture)
    return store


@pytest.fixture
def filled(near_folder: Folder, capture: Capture) -> ExhibitStore:
    return fill(ExhibitStore(near_folder, tool="bongsu 0.1.0"), capture)


def test_a_sound_store_is_said_to_be_sound(store: ExhibitStore, capture: Capture, now: datetime) -> None:
    filled = fill(store, capture)
    told: list[tuple[int, int]] = []
    report = filled.scrub(now, lambda done, total: told.append((done, total)), anchors=[filled.custody.head()])
    assert report.is_sound
    assert (report.checked, report.bytes_read) == (3, len(LIST) + len(b"<sdnList/>"))
    assert (report.unlogged, report.leftovers_removed) == ((), 0)
    assert told == [(1, 3), (2, 3), (3, 3)]
    *_, entry = filled.custody.entries()
    assert (entry.event, entry.exhibit, entry.at) == ("scrubbed", None, now)
    assert (entry.detail["checked"], entry.detail["damaged"], entry.detail["damages"]) == (3, 0, [])


def test_an_empty_store_is_sound(store: ExhibitStore, now: datetime) -> None:
    assert store.scrub(now).is_sound


def test_an_exhibit_whose_sha_512_is_not_the_logged_one_is_damaged(near_folder: Folder, now: datetime) -> None:
    store = ExhibitStore(near_folder, tool="bongsu 0.1.0")
    near_folder.write_once(NAME, LIST)
    for sha512 in (hashlib.sha512(LIST).hexdigest(), "0" * 128):  # as logged by hand: nobody can make two such files
        store.custody.append([CustodyEvent(event="received", exhibit=DIGEST, detail={"sha512": sha512})], now)
        damaged = store.scrub(now).damaged
    assert [str(damage) for damage in damaged] == [
        f"{NAME}: changed: its SHA-256 is as logged, and its SHA-512 is another"
    ]
    assert exhibit_states(store.custody.entries())[DIGEST].startswith("damaged: changed")


def test_entries_of_earlier_versions_name_no_sha_512_and_stay_valid(near_folder: Folder, now: datetime) -> None:
    store = ExhibitStore(near_folder, tool="bongsu 0.1.0")
    near_folder.write_once(NAME, LIST)
    store.custody.append([CustodyEvent(event="received", exhibit=DIGEST, detail={"size": len(LIST)})], now)
    assert store.scrub(now).is_sound


@pytest.mark.parametrize(
    ("content", "what"), [(b"tampered", "changed: its SHA-256 is now"), (b"", "size 0"), (LIST[:-1], "changed")]
)
def test_a_changed_exhibit_is_found_and_left_as_it_is(
    filled: ExhibitStore, now: datetime, content: bytes, what: str
) -> None:
    filled.folder.replace(NAME, content)
    (damage,) = filled.scrub(now).damaged
    assert (damage.where, damage.exhibit) == (NAME, DIGEST)
    assert what in damage.what
    assert filled.folder.read(NAME) == content
    *_, entry = filled.custody.entries()
    assert entry.detail["damages"] == [str(damage)]


def test_a_missing_exhibit_is_found(filled: ExhibitStore, now: datetime) -> None:
    filled.folder.delete(NAME)
    (damage,) = filled.scrub(now).damaged
    assert (damage.where, damage.what, damage.exhibit) == (NAME, "missing", DIGEST)


def test_stray_names_are_found_and_left(filled: ExhibitStore, now: datetime) -> None:
    strays = [f"exhibits/{DIGEST}", f"exhibits/00/{DIGEST}", "exhibits/notes.txt", f"exhibits/aa/{'A' * 64}"]
    for name in strays:
        filled.folder.write_once(name, LIST)
    report = filled.scrub(now)
    assert [damage.where for damage in report.damaged] == sorted(strays)
    assert all("stray name" in damage.what and damage.exhibit is None for damage in report.damaged)
    assert set(strays) < set(filled.folder.names("exhibits/"))


def test_an_exhibit_no_one_logged_is_told_and_is_no_damage(filled: ExhibitStore, now: datetime) -> None:
    content = b"received, and then the power went"
    digest = hashlib.sha256(content).hexdigest()
    filled.folder.write_once(f"exhibits/{digest[:2]}/{digest}", content)
    report = filled.scrub(now)
    assert report.is_sound
    assert report.unlogged == (digest,)


def test_what_the_log_says_was_unpacked_is_unpacked_again(store: ExhibitStore, capture: Capture, now: datetime) -> None:
    packed = store.receive(gzip.compress(gzip.compress(LIST, mtime=0), mtime=0), capture)
    middle = store.derive(gzip.compress(LIST, mtime=0), packed.digest, GZIP, now)
    store.derive(LIST, middle.digest, GZIP, now)
    store.derive(b"another step, which nobody repeats", packed.digest, "invented", now)
    assert store.scrub(now).is_sound


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        (gzip.compress(b"<other/>", mtime=0), f"it holds {hashlib.sha256(b'<other/>').hexdigest()}"),
        (gzip.compress(LIST + b" ", mtime=0), f"the gzip file would inflate beyond {len(LIST)} bytes"),
        (gzip.compress(bytes(2**26), 9), f"the gzip file would inflate beyond {len(LIST)} bytes"),
        (gzip.compress(LIST, mtime=0)[:-3], "the gzip file is cut off"),
        (b"<CONSOLIDATED_LIST />", "is no gzip file"),
        (b"", "is no gzip file"),
    ],
)
def test_what_is_not_what_its_parent_unpacks_to_is_damage(
    store: ExhibitStore, capture: Capture, now: datetime, packed: bytes, says: str
) -> None:
    parent = store.receive(packed, capture)
    store.derive(LIST, parent.digest, GZIP, now)
    for _ in range(2):
        (damage,) = store.scrub(now).damaged
        assert (damage.where, damage.exhibit) == (NAME, DIGEST)
        assert damage.what == f"not what the log says it was unpacked from, {parent.digest}: {says}"
    assert exhibit_states(store.custody.entries())[DIGEST] == f"damaged: {damage.what}"


def test_a_parent_that_was_never_here_is_damage_of_what_was_made_of_it(
    near_folder: Folder, capture: Capture, now: datetime
) -> None:
    store = ExhibitStore(near_folder, tool="bongsu 0.1.0")
    store.receive(LIST, capture)
    event = CustodyEvent(event="derived", exhibit=DIGEST, detail={"parent": "0" * 64, "how": GZIP})
    store.custody.append([event], now)
    (damage,) = store.scrub(now).damaged
    assert damage.what == f"not what the log says it was unpacked from, {'0' * 64}: it is no exhibit here"


def test_a_damaged_parent_or_child_is_told_once(store: ExhibitStore, capture: Capture, now: datetime) -> None:
    packed = store.receive(gzip.compress(LIST, mtime=0), capture)
    store.derive(LIST, packed.digest, GZIP, now)
    for name in (NAME, packed.name):
        whole = store.folder.read(name)
        store.folder.replace(name, b"tampered")
        (damage,) = store.scrub(now).damaged
        assert (damage.where, damage.what[:7]) == (name, "changed")
        store.folder.replace(name, whole)
    assert store.scrub(now).is_sound


def test_a_damaged_log_is_reported_and_the_inspection_goes_on(filled: ExhibitStore, now: datetime) -> None:
    name = "custody/000000000002.jsonl"
    filled.folder.replace(name, filled.folder.read(name).replace(b"un_sc", b"ofac!"))
    report = filled.scrub(now)
    assert not report.is_sound
    assert [damage.where for damage in report.custody] == [f"{name}, line 1"]
    assert report.checked == 3


def test_a_log_that_cannot_grow_is_reported_too(filled: ExhibitStore, now: datetime) -> None:
    filled.folder.replace("custody/000000000003.jsonl", b"broken")
    report = filled.scrub(now)
    assert "cannot be logged" in report.custody[-1].what
    assert not report.damaged


def test_a_cut_log_is_seen_against_an_anchor(filled: ExhibitStore, now: datetime) -> None:
    anchor = filled.custody.head()
    filled.folder.delete("custody/000000000003.jsonl")
    again = ExhibitStore(filled.folder, tool="bongsu 0.1.0")
    report = again.scrub(now, anchors=[anchor])
    assert [damage.what for damage in report.custody] == ["cut off: it ends at entry 2, and entry 3 was known"]


def test_links_planted_among_the_exhibits_are_found(
    disk: Folder, capture: Capture, now: datetime, tmp_path: Path
) -> None:
    store = ExhibitStore(disk, tool="bongsu 0.1.0")
    store.receive(LIST, capture)
    outside = tmp_path / "outside"
    outside.write_bytes(LIST)
    path = tmp_path / "store" / NAME
    path.unlink()
    path.symlink_to(outside)
    (tmp_path / "store" / "exhibits" / "zz").symlink_to(tmp_path)
    found = {damage.where: damage.what for damage in store.scrub(now).damaged}
    assert set(found) == {NAME, "exhibits/zz"}
    assert "cannot be read" in found[NAME]


def test_a_file_name_that_is_not_unicode_can_be_reported(disk: Folder, now: datetime, tmp_path: Path) -> None:
    disk.write_once("exhibits/x", b"x")
    (tmp_path / "store" / "exhibits" / "x").rename(tmp_path / "store" / "exhibits" / "\udcff")
    store = ExhibitStore(disk, tool="bongsu 0.1.0")
    (damage,) = store.scrub(now).damaged
    assert damage.where == "exhibits/\\udcff"
    assert CustodyLog(disk).verify() == []


def entry_of(seq: int, event: EventKind, exhibit: str | None = None, **detail: JsonValue) -> CustodyEntry:
    return CustodyEntry(seq=seq, at=AT, event=event, exhibit=exhibit, detail=detail, previous="0" * 64)


A, B = "a" * 64, "b" * 64


def test_the_state_of_an_exhibit_is_what_the_last_inspection_found() -> None:
    damage = f"exhibits/aa/{A}: changed: its SHA-256 is now {B}"
    log = [
        entry_of(1, "received", A),
        entry_of(2, "received", B),
        entry_of(3, "scrubbed", damaged=1, damages=[damage, "custody/: segment 000000000009.jsonl is missing"]),
    ]
    assert exhibit_states(log[:2]) == {A: "not inspected", B: "not inspected"}
    assert exhibit_states(log) == {A: f"damaged: changed: its SHA-256 is now {B}", B: "sound"}
    assert exhibit_states([*log, entry_of(4, "received", A)])[A].startswith("damaged: ")
    assert exhibit_states([*log, entry_of(4, "received", A, mended=True)])[A] == "mended"
    gone = [*log[:2], entry_of(3, "scrubbed", damaged=1, damages=[f"exhibits/aa/{A}: missing"])]
    assert exhibit_states(gone)[A] == "damaged: missing"
    assert exhibit_states([*gone, entry_of(4, "received", A)])[A] == "mended"
    assert exhibit_states([*log, entry_of(4, "scrubbed", damaged=0, damages=[])]) == {A: "sound", B: "sound"}


def test_where_an_inspection_found_more_than_its_entry_names_the_rest_is_unknown() -> None:
    log = [entry_of(1, "received", A), entry_of(2, "scrubbed", damaged=101, damages=[f"exhibits/bb/{B}: missing"])]
    assert exhibit_states(log) == {A: "unknown", B: "damaged: missing"}
