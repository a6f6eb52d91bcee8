"""What a folder promises, on every kind of file system."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from fsspec.implementations.memory import MemoryFileSystem

from bongsu.evidence import Folder
from bongsu.evidence.remote import RemoteDrive
from bongsu.kernel.errors import BusyError, EvidenceError, UsageError

HOSTILE_NAMES = ["", "/etc/passwd", "..", "../x", "a/../../x", "a//b", "a/", "./a", "a/.", "a\x00b", "a\nb", "\ud800"]


def test_what_was_written_is_read_back(folder: Folder) -> None:
    assert folder.write_once("lists/un_sc.xml", b"<CONSOLIDATED_LIST/>")
    assert folder.read("lists/un_sc.xml") == b"<CONSOLIDATED_LIST/>"
    assert folder.size("lists/un_sc.xml") == 20
    assert folder.exists("lists/un_sc.xml")
    with folder.open_read("lists/un_sc.xml") as stream:
        assert stream.read(6) == b"<CONSO"


def test_empty_content_is_kept_too(folder: Folder) -> None:
    assert folder.write_once("empty", b"")
    assert folder.read("empty") == b""
    assert list(folder.blocks("empty")) == []


def test_a_name_written_once_stays_as_it_is(folder: Folder) -> None:
    folder.write_once("a/1", b"first")
    assert not folder.write_once("a/1", b"second")
    assert folder.read("a/1") == b"first"


def test_replacing_replaces(folder: Folder) -> None:
    folder.replace("state.json", b"old")
    folder.replace("state.json", b"new")
    assert folder.read("state.json") == b"new"


def test_replacing_what_was_written_once_is_possible_by_asking(folder: Folder) -> None:
    folder.write_once("a", b"old")
    folder.replace("a", b"new")
    assert folder.read("a") == b"new"


def test_a_spool_gets_its_name_once(folder: Folder) -> None:
    with folder.spool() as spool:
        spool.write(b"row\n" * 500_000)
        assert folder.move_in(spool, "tables/positions.csv")
    with folder.spool() as spool:
        spool.write(b"other")
        assert not folder.move_in(spool, "tables/positions.csv")
    assert folder.size("tables/positions.csv") == 2_000_000
    assert sum(len(block) for block in folder.blocks("tables/positions.csv")) == 2_000_000
    with folder.spool() as spool:
        spool.write(b"newer")
        assert folder.move_in(spool, "tables/positions.csv", overwrite=True)
    assert folder.read("tables/positions.csv") == b"newer"


def test_names_are_sorted_relative_and_without_temporary_files(folder: Folder) -> None:
    for name in ("b/2", "a/z/3", "a/1", "ab", "a-1"):
        folder.write_once(name, b"x")
    with folder.exclusive(), folder.spool() as spool:
        spool.write(b"x")
        assert folder.names() == ["a-1", "a/1", "a/z/3", "ab", "b/2"]
    assert folder.names("a/") == ["a/1", "a/z/3"]
    assert folder.names("a") == ["a-1", "a/1", "a/z/3", "ab"]
    assert folder.names("a/z") == ["a/z/3"]
    assert folder.names("nothing/here/") == []


def test_an_empty_folder_has_no_names(folder: Folder) -> None:
    assert folder.names() == []


def test_what_is_deleted_is_gone_and_deleting_again_is_no_error(folder: Folder) -> None:
    folder.write_once("a/1", b"x")
    folder.delete("a/1")
    folder.delete("a/1")
    folder.delete("never/was")
    assert not folder.exists("a/1")
    assert folder.names() == []


def test_reading_what_is_not_there_says_where_and_what_to_do(folder: Folder) -> None:
    with pytest.raises(EvidenceError, match="is not there") as caught:
        folder.read("exhibits/00/0")
    assert caught.value.where == folder.url("exhibits/00/0")
    assert caught.value.remedy
    with pytest.raises(EvidenceError):
        folder.size("exhibits/00/0")
    with pytest.raises(EvidenceError):
        folder.open_read("exhibits/00/0")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_that_leave_the_folder_are_refused_by_every_verb(disk: Folder, name: str) -> None:
    for verb in (disk.read, disk.exists, disk.size, disk.delete, disk.local_path):
        with pytest.raises(ValueError, match="name"):
            verb(name)
    with pytest.raises(ValueError, match="name"):
        disk.write_once(name, b"x")
    with pytest.raises(ValueError, match="name"):
        disk.replace(name, b"x")
    with disk.spool() as spool, pytest.raises(ValueError, match="name"):
        disk.move_in(spool, name)


@pytest.mark.parametrize("prefix", ["..", "../", "/", "a//", "a/../"])
def test_prefixes_that_leave_the_folder_are_refused(disk: Folder, prefix: str) -> None:
    with pytest.raises(ValueError, match="name"):
        disk.names(prefix)


def test_our_own_temporary_names_are_refused(folder: Folder) -> None:
    for name in (".lock", ".temporary/x"):
        with pytest.raises(ValueError, match="for itself"):
            folder.write_once(name, b"x")


def test_of_many_writers_of_one_name_exactly_one_wins(folder: Folder) -> None:
    start = threading.Barrier(8)

    def write(number: int) -> bool:
        start.wait()
        return folder.write_once("custody/000000000001.jsonl", b"writer %d" % number)

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(8)))
    assert won.count(True) == 1
    assert folder.read("custody/000000000001.jsonl") == b"writer %d" % won.index(True)


def test_two_folders_of_one_address_see_each_other(folder: Folder) -> None:
    other = Folder.open(folder.url("").rstrip("/"))
    assert other.names() == []
    folder.write_once("a", b"x")
    assert other.exists("a")
    assert other.names() == ["a"]
    assert not other.write_once("a", b"y")


def test_addresses_lead_where_the_bytes_are(disk: Folder, memory_url: str, s3_url: str) -> None:
    disk.write_once("t/day.parquet", b"PAR1")
    path = disk.local_path("t/day.parquet")
    assert path is not None
    assert Path(path).read_bytes() == b"PAR1"
    assert disk.url("t/day.parquet") == Path(path).as_uri()
    assert Folder.open(s3_url).url("t/day.parquet") == f"{s3_url}/t/day.parquet"
    assert Folder.open(s3_url).local_path("t/day.parquet") is None
    assert Folder.open(memory_url).local_path("t/day.parquet") is None


def test_a_file_address_and_a_path_are_the_same_folder(tmp_path: Path) -> None:
    Folder.open(f"file://{tmp_path}/store").write_once("a", b"x")
    assert Folder.open(str(tmp_path / "store")).read("a") == b"x"


def test_opening_without_creating_needs_the_folder_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        Folder.open(str(tmp_path / "absent"), create=False)
    assert not (tmp_path / "absent").exists()


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"a file")
    with pytest.raises(UsageError, match="cannot be made"):
        Folder.open(str(tmp_path / "store" / "deeper"))


@pytest.mark.parametrize(
    "url",
    ["beacon://namsan/1", "ftp://127.0.0.1/store", "http://127.0.0.1:9/x", "gs://bucket/x", "simplecache::s3://b/x"],
)
def test_an_address_of_a_kind_no_store_can_be_kept_at_is_told_with_those_there_are(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        Folder.open(url)
    assert refused.value.what == f"no store can be kept at an address of the kind {url.partition('://')[0]}://"
    assert refused.value.remedy == "write a path, file:///folder, memory://name, or s3://bucket/prefix"


def test_a_missing_driver_names_the_extra_to_install() -> None:
    code = (
        "import sys; sys.modules['s3fs'] = None\n"
        "from bongsu.evidence import Folder\n"
        "from bongsu.kernel.errors import UsageError\n"
        "try: Folder.open('s3://bucket/x')\n"
        "except UsageError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pip install 'bongsu[s3]'" in said


# On a disk only


def test_a_second_process_is_told_the_store_is_busy_until_the_first_dies(disk: Folder) -> None:
    code = (
        "import sys, time\nfrom bongsu.evidence import Folder\n"
        "with Folder.open(sys.argv[1]).exclusive():\n    print('in', flush=True)\n    time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, disk.url("")], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "in\n"
        with pytest.raises(BusyError, match="another process is writing"), disk.exclusive():
            pass
    finally:
        holder.kill()
        holder.communicate()
    with disk.exclusive():
        pass


def test_an_error_inside_the_lock_is_the_callers_own(disk: Folder) -> None:
    with pytest.raises(BlockingIOError), disk.exclusive():
        raise BlockingIOError
    with disk.exclusive():
        pass


def test_a_link_in_the_way_is_never_followed(disk: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"not ours")
    store = tmp_path / "store"
    (store / "exhibits").symlink_to(outside)
    (store / "leaf").symlink_to(outside / "secret")
    for name in ("exhibits/secret", "leaf"):
        with pytest.raises(EvidenceError, match="cannot be read"):
            disk.read(name)
    with pytest.raises(EvidenceError, match="cannot be written"):
        disk.write_once("exhibits/new", b"x")
    assert not disk.write_once("leaf", b"x")
    disk.replace("leaf", b"ours")
    assert (outside / "secret").read_bytes() == b"not ours"
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert disk.read("leaf") == b"ours"
    assert disk.names() == ["exhibits", "leaf"]
    with pytest.raises(EvidenceError, match="a symbolic link stands in the way"):
        disk.names("exhibits/")


def test_a_broken_link_is_a_taken_name(disk: Folder, tmp_path: Path) -> None:
    (tmp_path / "store" / "leaf").symlink_to(tmp_path / "nowhere")
    assert disk.exists("leaf")
    assert not disk.write_once("leaf", b"x")


def test_a_pipe_in_the_store_does_not_hang_a_reader(disk: Folder, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "store" / "pipe")
    with pytest.raises(EvidenceError, match="not a regular file"):
        disk.read("pipe")


def test_a_directory_is_not_content(disk: Folder) -> None:
    disk.write_once("a/b", b"x")
    with pytest.raises(EvidenceError, match="not a regular file"):
        disk.read("a")
    with pytest.raises(EvidenceError, match="cannot be written"):
        disk.write_once("a/b/c", b"x")


def test_what_is_written_cannot_be_written_to_by_accident(disk: Folder) -> None:
    disk.write_once("a", b"x")
    path = disk.local_path("a")
    assert path is not None
    assert Path(path).stat().st_mode & 0o222 == 0


def test_nothing_temporary_is_left_after_writing(disk: Folder, tmp_path: Path) -> None:
    disk.write_once("a", b"1")
    disk.write_once("a", b"2")
    disk.replace("a", b"3")
    with disk.spool() as spool:
        spool.write(b"given up")
    assert list((tmp_path / "store" / ".temporary").iterdir()) == []


def test_the_sweep_takes_what_the_dead_left_and_spares_the_living(disk: Folder) -> None:
    code = (
        "import sys, time\nfrom bongsu.evidence import Folder\n"
        "with Folder.open(sys.argv[1]).spool() as spool:\n"
        "    spool.write(b'x' * 1000); spool.flush(); print('in', flush=True)\n    time.sleep(60)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, disk.url("")], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "in\n"
        assert disk.sweep() == 0
    finally:
        writer.kill()
        writer.communicate()
    assert disk.sweep() == 1
    assert disk.sweep() == 0


def test_a_full_disk_leaves_the_old_content_and_says_so(disk: Folder) -> None:
    disk.replace("state", b"old")
    code = (
        "import resource, sys\nfrom bongsu.evidence import Folder\nfrom bongsu.kernel.errors import EvidenceError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "folder = Folder.open(sys.argv[1])\n"
        "for write in (folder.replace, folder.write_once):\n"
        "    try: write('state' if write == folder.replace else 'new', b'x' * 5_000_000)\n"
        "    except EvidenceError as error: print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, disk.url("")], capture_output=True, text=True, check=True)
    assert ran.stdout.count("cannot be written: File too large") == 2
    assert disk.read("state") == b"old"
    assert disk.names() == ["state"]
    assert disk.sweep() == 0


# On S3 only


def test_a_bucket_that_is_not_there_is_told_when_writing(s3_url: str) -> None:
    folder = Folder.open("s3://no-such-invented-bucket/x")
    with pytest.raises(EvidenceError, match="cannot be written"):
        folder.write_once("a", b"x")


def test_a_server_that_does_not_answer_is_told(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder.open(
        s3_url,
        storage_options={
            "endpoint_url": "http://127.0.0.1:1",  # nothing listens on port 1
            "config_kwargs": {"retries": {"max_attempts": 0}, "connect_timeout": 1},
        },
    )
    with pytest.raises(EvidenceError, match="cannot be read"):
        folder.read("a")


def test_other_writers_are_seen_at_once(s3_url: str, s3_endpoint: str) -> None:
    folder = Folder.open(s3_url)
    other = Folder.open(s3_url, storage_options={"endpoint_url": s3_endpoint})
    assert folder.names("a/") == []
    assert not folder.exists("a/1")
    other.write_once("a/1", b"x")
    assert folder.names("a/") == ["a/1"]
    assert folder.exists("a/1")


def test_a_file_larger_than_one_put_arrives_whole(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # s3fs sends parts of 50 MiB and more; smaller ones save the test three seconds.
    monkeypatch.setattr("s3fs.core.calculate_chunksize", lambda size, chunksize: 5 * 2**20)
    folder = Folder.open(s3_url)
    content = random.Random(20261124).randbytes(11 * 2**20)
    for won in (True, False):
        with folder.spool() as spool:
            spool.write(content)
            assert folder.move_in(spool, "ais/day") is won
    assert folder.read("ais/day") == content


def test_an_address_without_its_bucket_is_refused(s3_url: str) -> None:
    with pytest.raises(UsageError, match="the bucket is not named"):
        Folder.open("s3://")


class QuirkyStore(MemoryFileSystem):
    """An object store whose conditional puts are answered with what `answers` holds, one after another."""

    cachable = False

    def __init__(self, answers: list[Exception | None]) -> None:
        super().__init__(global_store=False)
        self.answers = answers

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **options: object) -> None:
        answer = self.answers.pop(0) if mode == "create" else None
        if answer is not None:
            raise answer
        super().pipe_file(path, value, mode=mode, **options)


def refusal(code: str, number: int = errno.EIO) -> OSError:
    """How s3fs hands on a refusal of the server."""
    error = OSError(number, f"invented {code}")
    error.__cause__ = ClientError({"Error": {"Code": code}}, "PutObject")
    return error


def quirky(*answers: Exception | None) -> Folder:
    return Folder(RemoteDrive(QuirkyStore(list(answers)), "/store", ()))


@pytest.mark.parametrize("answer", [refusal("NotImplemented", errno.ENOSYS), NotImplementedError()])
def test_a_store_without_conditional_puts_is_looked_at_first(answer: Exception) -> None:
    folder = quirky(answer)
    assert folder.write_once("a", b"first")
    assert not folder.write_once("a", b"second")
    assert folder.read("a") == b"first"


@pytest.mark.parametrize("answer", [refusal("PreconditionFailed"), refusal("412"), FileExistsError()])
def test_a_race_lost_at_the_server_is_a_race_lost(answer: Exception) -> None:
    assert not quirky(answer).write_once("a", b"x")


def test_a_conflict_at_the_server_is_asked_again() -> None:
    conflict = refusal("ConditionalRequestConflict")
    folder = quirky(conflict, conflict, None)
    assert folder.write_once("a", b"x")
    assert folder.read("a") == b"x"
    with pytest.raises(BusyError, match="the same name"):
        quirky(*[conflict] * 100).write_once("a", b"x")


def test_any_other_refusal_is_told() -> None:
    folder = quirky(refusal("SlowDown", errno.EBUSY))
    with pytest.raises(EvidenceError, match="cannot be written: invented SlowDown"):
        folder.write_once("a", b"x")
    assert not folder.exists("a")
