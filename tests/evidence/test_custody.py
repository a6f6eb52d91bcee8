"""A log no one can change unseen."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import EMPTY, Anchor, CustodyEvent, CustodyLog, Folder
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.errors import EvidenceError

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LIST = hashlib.sha256(b"<CONSOLIDATED_LIST/>").hexdigest()

DETAILS = st.dictionaries(
    st.text(max_size=5),
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    max_size=3,
)
EVENTS = st.builds(
    CustodyEvent,
    event=st.sampled_from(["received", "failed", "derived", "exported", "scrubbed"]),
    exhibit=st.none() | st.just(LIST),
    detail=DETAILS,
)
BATCHES = st.lists(st.lists(EVENTS, min_size=1, max_size=3), min_size=1, max_size=4)


def a_log(batches: list[list[CustodyEvent]]) -> tuple[Folder, CustodyLog]:
    own = {"global_store": False, "skip_instance_cache": True}  # a memory of its own for each example
    folder = Folder.open("memory://custody", storage_options=own)
    log = CustodyLog(folder)
    for batch in batches:
        log.append(batch, NOW)
    return folder, log


def received(number: int) -> CustodyEvent:
    return CustodyEvent(event="received", exhibit=LIST, detail={"number": number})


@pytest.fixture
def log(folder: Folder) -> CustodyLog:
    """Five entries in three segments, on each kind of file system."""
    return five_entries(folder)


@pytest.fixture
def near_log(near_folder: Folder) -> CustodyLog:
    """The same where the file system answers at once."""
    return five_entries(near_folder)


def five_entries(folder: Folder) -> CustodyLog:
    log = CustodyLog(folder)
    for numbers in ([1, 2], [3], [4, 5]):
        log.append([received(number) for number in numbers], NOW)
    return log


def test_an_empty_log_is_sound(folder: Folder) -> None:
    log = CustodyLog(folder)
    assert log.head() == EMPTY == (0, "0" * 64)
    assert list(log.entries()) == []
    assert log.verify([EMPTY]) == []


def test_appending_nothing_changes_nothing(folder: Folder) -> None:
    log = CustodyLog(folder)
    assert log.append([], NOW) == EMPTY.digest
    assert folder.names() == []


def test_entries_come_back_in_order_and_chained(log: CustodyLog) -> None:
    entries = list(log.entries())
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.detail for entry in entries] == [{"number": number} for number in range(1, 6)]
    assert [entry.previous for entry in entries] == ["0" * 64, *(entry.digest for entry in entries[:-1])]
    assert entries[0].at == NOW
    assert log.head() == entries[-1].anchor
    assert log.verify([entry.anchor for entry in entries]) == []


def test_the_chain_can_be_recomputed_with_nothing_but_json_and_sha256(log: CustodyLog, folder: Folder) -> None:
    before = "0" * 64
    lines = b"".join(folder.read(name) for name in folder.names("custody/")).splitlines()
    for line in lines:
        entry = json.loads(line)
        stated = entry.pop("digest")
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry["previous"] == before
        assert hashlib.sha256(text.encode()).hexdigest() == stated
        before = stated
    assert log.head() == (len(lines), before)


def test_a_second_opening_continues_the_first(log: CustodyLog, folder: Folder) -> None:
    digest = CustodyLog(folder).append([received(6)], NOW)
    assert log.head() == (6, digest)
    log.append([received(7)], NOW)
    assert [entry.seq for entry in CustodyLog(folder).entries()] == list(range(1, 8))


@given(BATCHES)
def test_what_was_appended_is_what_is_read(batches: list[list[CustodyEvent]]) -> None:
    _, log = a_log(batches)
    told = [(entry.event, entry.exhibit, entry.detail) for entry in log.entries()]
    assert told == [(event.event, event.exhibit, event.detail) for batch in batches for event in batch]
    assert log.verify() == []


@given(BATCHES, st.data())
def test_any_single_byte_changed_in_any_segment_is_found(
    batches: list[list[CustodyEvent]], data: st.DataObject
) -> None:
    folder, log = a_log(batches)
    name = data.draw(st.sampled_from(folder.names("custody/")))
    content = bytearray(folder.read(name))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    folder.replace(name, bytes(content))
    assert any(damage.where.startswith(name) for damage in log.verify())
    with pytest.raises(EvidenceError):
        list(log.entries())


@given(BATCHES, st.data())
def test_any_single_byte_lost_or_added_is_found(batches: list[list[CustodyEvent]], data: st.DataObject) -> None:
    folder, log = a_log(batches)
    name = data.draw(st.sampled_from(folder.names("custody/")))
    content = folder.read(name)
    place = data.draw(st.integers(0, len(content) - 1))
    added = data.draw(st.sampled_from([b"", b"\n", b" ", b"0", b"\r"]))
    changed = content[:place] + added + content[place + (not added) :]
    folder.replace(name, changed)
    assert log.verify() != [] or changed == content


@pytest.mark.parametrize("segment", [1, 2])
def test_a_missing_segment_is_named(near_log: CustodyLog, near_folder: Folder, segment: int) -> None:
    near_folder.delete(f"custody/{segment:012d}.jsonl")
    assert [damage.what for damage in near_log.verify()] == [f"segment {segment:012d}.jsonl is missing"]


def test_reordered_segments_are_found(near_log: CustodyLog, near_folder: Folder) -> None:
    first, second = "custody/000000000001.jsonl", "custody/000000000002.jsonl"
    one, two = near_folder.read(first), near_folder.read(second)
    near_folder.replace(first, two)
    near_folder.replace(second, one)
    assert [damage.what for damage in near_log.verify()] == [
        "entry 3 does not follow entry 0",
        "entry 1 does not follow entry 3",
        "entry 4 does not follow entry 2",
    ]


def test_an_entry_taken_out_with_all_its_traces_in_its_segment_is_found(
    near_log: CustodyLog, near_folder: Folder
) -> None:
    name = "custody/000000000001.jsonl"
    near_folder.replace(name, near_folder.read(name).splitlines(keepends=True)[0])
    assert [damage.what for damage in near_log.verify()] == ["entry 3 does not follow entry 1"]


def test_a_changed_entry_is_named_by_segment_and_line(near_log: CustodyLog, near_folder: Folder) -> None:
    name = "custody/000000000003.jsonl"
    near_folder.replace(name, near_folder.read(name).replace(b'"number":5', b'"number":6'))
    (damage,) = near_log.verify()
    assert damage.where == f"{name}, line 2"
    assert "changed" in damage.what
    with pytest.raises(EvidenceError, match=r"custody/000000000003\.jsonl, line 2"):
        list(near_log.entries())
    with pytest.raises(EvidenceError, match="restore the custody log"):
        near_log.append([received(6)], NOW)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}\n", b"[1]\n", b"null\n", b"\xff\n", b"no line break", b"[" * 100_000 + b"\n", b'{"seq":NaN}\n'],
)
def test_what_is_no_segment_is_found_and_stops_no_inspection(content: bytes) -> None:
    folder, log = a_log([[received(1)], [received(2)], [received(3)]])
    folder.replace("custody/000000000002.jsonl", content)
    damages = log.verify()
    assert damages
    assert all(damage.where.startswith("custody/000000000002.jsonl") for damage in damages)


@pytest.mark.parametrize("key", ["seq", "at", "event", "exhibit", "detail", "previous"])
@pytest.mark.parametrize("value", [None, True, 0, -1, 1.5, 10**400, "", "x", [], {"a": float("1e300")}])
def test_a_well_digested_entry_of_wrong_values_is_found(key: str, value: object) -> None:
    folder, log = a_log([[received(1)], [received(2)]])
    entry = json.loads(folder.read("custody/000000000002.jsonl"))
    del entry["digest"]
    valid = {"exhibit": [None], "detail": [{"a": 1e300}]}
    if value in valid.get(key, []):
        return
    entry[key] = value
    text = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    entry["digest"] = hashlib.sha256(text).hexdigest()
    folder.replace(
        "custody/000000000002.jsonl", json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    )
    assert log.verify() != []


def test_a_stray_file_in_the_log_is_found(near_log: CustodyLog, near_folder: Folder) -> None:
    for name in ("custody/000000000000.jsonl", "custody/1.jsonl", "custody/notes.txt", "custody/²"):
        near_folder.write_once(name, b"x")
    assert {damage.what for damage in near_log.verify()} == {"does not belong to the custody log"}
    assert len(near_log.verify()) == 4
    near_log.append([received(6)], NOW)


def test_a_cut_tail_is_seen_only_against_an_anchor(near_log: CustodyLog, near_folder: Folder) -> None:
    anchor = near_log.head()
    near_folder.delete("custody/000000000003.jsonl")
    again = CustodyLog(near_folder)
    assert again.verify() == []
    assert [damage.what for damage in again.verify([anchor])] == ["cut off: it ends at entry 3, and entry 5 was known"]


def test_a_rewritten_log_is_seen_only_against_an_anchor(near_log: CustodyLog) -> None:
    anchor = near_log.head()
    _, forged = a_log([[received(9)] * 6])
    assert forged.verify() == []
    assert [damage.what for damage in forged.verify([anchor])] == ["rewritten: entry 5 is not the one that was known"]
    assert forged.verify([(0, "1" * 64)])


def test_events_that_are_none_are_refused(folder: Folder) -> None:
    with pytest.raises(ValueError, match="no such event"):
        CustodyEvent(event="forgotten")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not a SHA-256"):
        CustodyEvent(event="received", exhibit="../etc")
    with pytest.raises(ValueError, match="zone"):
        CustodyLog(folder).append([received(1)], datetime(2026, 11, 24))  # noqa: DTZ001 - the zone is missing on purpose
    with pytest.raises(TypeError):
        CustodyLog(folder).append([CustodyEvent(event="received", detail={"at": NOW})], NOW)  # type: ignore[dict-item]
    assert folder.names() == []


def test_threads_that_append_at_once_lose_nothing(folder: Folder) -> None:
    def append_four(writer: int) -> None:
        log = CustodyLog(folder)
        for number in range(4):
            log.append([received(10 * writer + number)], NOW)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(append_four, range(3)))
    log = CustodyLog(folder)
    assert log.verify() == []
    told = sorted(canonical_json(entry.detail) for entry in log.entries())
    assert told == sorted(canonical_json({"number": 10 * w + n}) for w in range(3) for n in range(4))


def test_processes_that_append_at_once_lose_nothing(disk: Folder) -> None:
    code = (
        "import sys\nfrom datetime import UTC, datetime\n"
        "from bongsu.evidence import CustodyEvent, CustodyLog, Folder\n"
        "log = CustodyLog(Folder.open(sys.argv[1]))\nsys.stdin.readline()\n"
        "for number in range(25):\n"
        "    event = CustodyEvent(event='failed', detail={'writer': sys.argv[2], 'number': number})\n"
        "    log.append([event], datetime(2026, 11, 24, tzinfo=UTC))\n"
    )
    command = [sys.executable, "-c", code, disk.url("")]
    writers = [subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, text=True) for n in range(4)]
    for writer in writers:
        writer.stdin.write("go\n")  # type: ignore[union-attr]
        writer.stdin.flush()  # type: ignore[union-attr]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0] * 4
    log = CustodyLog(disk)
    assert log.verify() == []
    told = [(entry.detail["writer"], entry.detail["number"]) for entry in log.entries()]
    assert sorted(told) == sorted((str(writer), number) for writer in range(4) for number in range(25))
    for writer in range(4):
        assert [number for who, number in told if who == str(writer)] == list(range(25))


@given(batches=BATCHES, data=st.data())
def test_an_entry_that_was_remembered_is_expected_and_found_or_missed(
    batches: list[list[CustodyEvent]], data: st.DataObject
) -> None:
    _, log = a_log(batches)
    entries = list(log.entries())
    anchor = data.draw(st.sampled_from([EMPTY, *(entry.anchor for entry in entries)]))
    log.expect(anchor)
    if anchor != EMPTY:
        with pytest.raises(EvidenceError, match=f"rewritten: entry {anchor.seq} is not the one that was known"):
            log.expect(Anchor(anchor.seq, "0" * 64))
    with pytest.raises(EvidenceError, match=f"cut off: it ends at entry {len(entries)}, and entry {len(entries) + 1}"):
        log.expect(Anchor(len(entries) + 1, "a" * 64))


def test_the_log_is_read_from_its_end_back_to_the_entry_expected_and_no_further(folder: Folder) -> None:
    log = five_entries(folder)
    entries = list(log.entries())
    folder.delete(folder.names("custody/")[0])
    CustodyLog(folder).expect(entries[-1].anchor)
    with pytest.raises(EvidenceError, match="is not there"):
        CustodyLog(folder).expect(entries[0].anchor)


def test_an_entry_between_that_does_not_follow_is_seen(near_folder: Folder) -> None:
    log = five_entries(near_folder)
    entries = list(log.entries())
    names = near_folder.names("custody/")
    other = CustodyLog(Folder.open("memory://custody-other", storage_options={"global_store": False}))
    other.append([received(77)], NOW)
    forged = near_folder.read(names[1]).splitlines(keepends=True)[:-1]
    near_folder.replace(names[1], b"".join(forged) or next(other.entries()).line())
    with pytest.raises(EvidenceError, match=r"does not follow entry"):
        CustodyLog(near_folder).expect(entries[0].anchor)


def test_what_came_after_an_entry_one_remembers_is_told_without_the_rest(log: CustodyLog, folder: Folder) -> None:
    entries = list(log.entries())
    for known in (EMPTY, *(entry.anchor for entry in entries)):
        assert list(log.since(known)) == entries[known.seq :]
    folder.delete(folder.names("custody/")[0])
    assert list(log.since(entries[-2].anchor)) == entries[-1:]
    with pytest.raises(EvidenceError, match="rewritten"):
        list(log.since(Anchor(entries[-1].seq, "f" * 64)))
