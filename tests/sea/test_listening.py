"""Listening on real local sockets: what comes is kept before anything else, and handed on file by file."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.kernel.errors import BusyError, EvidenceError, UsageError
from bongsu.sea.cards import source
from bongsu.sea.listening import Heard, Patience, Stop, listen, read_address
from bongsu.sea.recording import Recording, Rotation

STAMP = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z "
LINE = b"!AIVDM,1,1,,A,12uiwh@P1h8rWlREl7nW5md1P000,0*06\r\n"  # of SANDBOX ship 199000001
QUICK = Patience(connect_seconds=2, first_pause_seconds=0.05, longest_pause_seconds=0.2)
AT = datetime(2026, 9, 21, 14, 13, 20, 250_000, tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


class Ear:
    """Someone who listens on another thread, and keeps what files were handed on."""

    def __init__(self, address: str, folder: Path, **how: object) -> None:
        self.files: list[bytes] = []
        self.told: list[str] = []
        self.heard: Heard | None = None
        self.error: BaseException | None = None
        self._stop = Stop()
        self._how = {"take": lambda path: self.files.append(path.read_bytes()), "patience": QUICK, **how}
        self._thread = threading.Thread(target=self._listen, args=(address, folder), daemon=True)
        self._thread.start()

    def wait(self, for_what: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not for_what():
            assert time.monotonic() < end, self.told
            time.sleep(0.01)

    def stopped(self) -> Heard:
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()
        assert self.heard is not None, self.error
        return self.heard

    @property
    def content(self) -> bytes:
        return b"".join(self.files)

    def _listen(self, address: str, folder: Path) -> None:
        with self._stop:
            self._try(address, folder)

    def _try(self, address: str, folder: Path) -> None:
        try:
            self.heard = listen(
                read_address(address), folder=folder, clock=now, stop=self._stop, tell=self.told.append, **self._how
            )
        except BaseException as error:  # noqa: BLE001  it is looked at by the test
            self.error = error


@contextmanager
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        opened.settimeout(20)
        yield opened


def address_of(opened: socket.socket, kind: str = "tcp") -> str:
    return f"{kind}://127.0.0.1:{opened.getsockname()[1]}"


def unstamped(content: bytes) -> bytes:
    return re.sub(rb"(?m)^" + STAMP, b"", content)


def test_what_comes_over_tcp_is_kept_with_its_time(tmp_path: Path) -> None:
    with server() as opened:
        ear = Ear(address_of(opened), tmp_path)
        link, _ = opened.accept()
        with link:
            for piece in (LINE[:20], LINE[20:] + LINE, LINE):
                link.sendall(piece)
                time.sleep(0.05)
            ear.wait(lambda: bool(list(tmp_path.glob("*.part"))))
            time.sleep(0.2)
            heard = ear.stopped()
    assert re.fullmatch(rb"(" + STAMP + re.escape(LINE) + rb"){3}", ear.content)
    assert (heard.received, heard.connections, heard.taken, heard.left) == (3 * len(LINE), 1, 1, ())
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_what_was_kept_is_read_with_the_time_it_came(tmp_path: Path) -> None:
    recording = Recording(tmp_path, Rotation())
    recording.write(LINE + b"# SANDBOX\n\n" + LINE, AT)
    path = recording.finish()
    assert path is not None
    with path.open("rb") as stream:
        (batch,) = source("nmea").read(stream, exhibit="f" * 64, clock=now(), world="sandbox")
    assert batch.positions.to_pylist()[0]["at"] == AT.replace(microsecond=0)
    assert dict(batch.counted) == {
        "blank lines": 1,
        "comments": 1,
        "positions": 1,
        "set aside: the same report again": 1,
    }


def test_a_lost_connection_is_opened_again_and_the_open_line_ended(tmp_path: Path) -> None:
    with server() as opened:
        ear = Ear(address_of(opened), tmp_path)
        for _ in range(3):
            link, _ = opened.accept()
            with link:
                link.sendall(LINE + LINE[:10])
        link, _ = opened.accept()
        with link:
            ear.wait(lambda: sum(said.startswith("connected") for said in ear.told) == 4)
            heard = ear.stopped()
    assert heard.connections == 4
    assert unstamped(ear.content) == 3 * (LINE + LINE[:10] + b"\n")
    assert any("tried again in 0.05 seconds" in said for said in ear.told)


def test_a_server_that_is_not_there_yet_is_tried_less_and_less_often(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = address_of(unused)
    ear = Ear(address, tmp_path)
    ear.wait(lambda: sum("tried again" in said for said in ear.told) >= 4)
    assert ear.stopped().connections == 0
    pauses = [said.rsplit(" ", 2)[1] for said in ear.told if "tried again" in said]
    assert pauses[:4] == ["0.05", "0.1", "0.2", "0.2"]


def test_a_silent_server_is_taken_for_dead(tmp_path: Path) -> None:
    with server() as opened:
        ear = Ear(address_of(opened), tmp_path, patience=Patience(silent_seconds=1, first_pause_seconds=0.05))
        first, _ = opened.accept()
        with first:
            second, _ = opened.accept()
            with second:
                ear.stopped()
    assert any("silent for 1 seconds" in said for said in ear.told)


def test_datagrams_of_two_senders_do_not_run_into_one_another(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
        unused.bind(("127.0.0.1", 0))
        address = address_of(unused, "udp")
    ear = Ear(address, tmp_path)
    ear.wait(lambda: bool(ear.told))
    port = int(address.rsplit(":", 1)[1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for datagram in (LINE, LINE.rstrip(), LINE + LINE, b""):
            sender.sendto(datagram, ("127.0.0.1", port))
        time.sleep(0.5)
    heard = ear.stopped()
    assert unstamped(ear.content) == LINE + LINE.rstrip() + b"\n" + LINE + LINE
    assert heard.received == 4 * len(LINE) - 2


def test_an_address_that_is_taken_cannot_be_listened_on(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        ear = Ear(address_of(taken, "udp"), tmp_path)
        ear.wait(lambda: ear.error is not None)
    assert isinstance(ear.error, UsageError)


def test_standard_input_is_read_to_its_end(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stdin:
        ear = Ear("-", tmp_path, stdin=stdin)
        os.write(writing, LINE * 2)
        os.close(writing)
        ear.wait(lambda: ear.heard is not None)
    assert unstamped(ear.content) == LINE * 2


def test_a_file_may_be_standard_input(tmp_path: Path) -> None:
    recorded = tmp_path / "sandbox.nmea"
    recorded.write_bytes(LINE * 3)
    with recorded.open("rb") as stdin:
        ear = Ear("-", tmp_path / "heard", stdin=stdin)
        ear.wait(lambda: ear.heard is not None)
    assert unstamped(ear.content) == LINE * 3


def test_files_end_by_size_at_the_end_of_a_line(tmp_path: Path) -> None:
    with server() as opened:
        ear = Ear(address_of(opened), tmp_path, rotation=Rotation(most_bytes=100))
        link, _ = opened.accept()
        with link:
            for number in range(12):
                link.sendall(LINE)
                ear.wait(lambda number=number: len(list(tmp_path.iterdir())) > 1 or len(ear.files) > number // 2)
                time.sleep(0.05)
            heard = ear.stopped()
    assert heard.taken == len(ear.files) > 3
    assert all(each.endswith(b"\n") for each in ear.files)
    assert unstamped(ear.content) == LINE * 12


def test_an_endless_line_fills_no_file_beyond_twice_its_size(tmp_path: Path) -> None:
    with server() as opened:
        ear = Ear(address_of(opened), tmp_path, rotation=Rotation(most_bytes=2**17))
        link, _ = opened.accept()
        with link:
            link.sendall(b"x" * 2**20)
            ear.wait(lambda: len(ear.content) > 2**19)
            ear.stopped()
    assert max(map(len, ear.files)) <= 2**18 + 2**16 + 64
    assert set(b"".join(map(unstamped, ear.files))) <= set(b"x\n")


def test_what_a_killed_listener_left_is_taken_first(tmp_path: Path) -> None:
    (tmp_path / "20260921T141320-000.part").write_bytes(b"left half")
    (tmp_path / "20260921T151320-000.nmea").write_bytes(b"left whole")
    (tmp_path / "20260921T161320-000.part").write_bytes(b"")
    with server() as opened:
        ear = Ear(address_of(opened), tmp_path)
        link, _ = opened.accept()
        with link:
            heard = ear.stopped()
    assert ear.files == [b"left half", b"left whole"]
    assert heard.taken == 2


def test_one_folder_has_one_listener(tmp_path: Path) -> None:
    with server() as opened:
        first = Ear(address_of(opened), tmp_path)
        link, _ = opened.accept()
        with link:
            second = Ear(address_of(opened), tmp_path)
            second.wait(lambda: second.error is not None)
            first.stopped()
    assert isinstance(second.error, BusyError)


def test_a_file_that_could_not_be_taken_waits_for_the_next(tmp_path: Path) -> None:
    turns = iter([True, False, False, False])
    taken: list[bytes] = []

    def take(path: Path) -> None:
        if next(turns):
            raise BusyError("another process is writing to this store")
        taken.append(path.read_bytes())

    with server() as opened:
        ear = Ear(address_of(opened), tmp_path, take=take, rotation=Rotation(most_bytes=1))
        link, _ = opened.accept()
        with link:
            link.sendall(LINE)
            ear.wait(lambda: any("waits" in said for said in ear.told))
            link.sendall(LINE)
            ear.wait(lambda: len(taken) == 2)
            heard = ear.stopped()
    assert (heard.taken, heard.left) == (2, ())


def test_a_file_that_is_still_not_taken_at_the_end_is_left_and_named(tmp_path: Path) -> None:
    def take(_: Path) -> None:
        raise BusyError("another process is writing to this store")

    (tmp_path / "20260921T141320-000.nmea").write_bytes(LINE)
    with server() as opened:
        ear = Ear(address_of(opened), tmp_path, take=take)
        link, _ = opened.accept()
        with link:
            heard = ear.stopped()
    assert [path.read_bytes() for path in heard.left] == [LINE]


def test_where_a_file_cannot_be_kept_the_listening_ends_and_loses_nothing(tmp_path: Path) -> None:
    def take(_: Path) -> None:
        raise EvidenceError("the disk is full")

    with server() as opened:
        ear = Ear(address_of(opened), tmp_path, take=take, rotation=Rotation(most_bytes=1))
        link, _ = opened.accept()
        with link:
            link.sendall(LINE)
            ear.wait(lambda: ear.error is not None)
    assert isinstance(ear.error, EvidenceError)
    assert unstamped(b"".join(path.read_bytes() for path in sorted(tmp_path.glob("*.nmea")))) == LINE


SCRIPT = """
import signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bongsu.sea.listening import Stop, listen, read_address

with Stop() as stop:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    heard = listen(
        read_address(sys.argv[1]), folder=Path(sys.argv[2]), clock=lambda: datetime.now(UTC), stop=stop,
        take=lambda path: Path(sys.argv[3]).write_bytes(path.read_bytes()),
    )
sys.exit(heard.taken)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_the_listening_and_nothing_that_came_is_lost(tmp_path: Path, number: signal.Signals) -> None:
    folder, taken = tmp_path / "heard", tmp_path / "taken"
    with server() as opened:
        command = [sys.executable, "-c", SCRIPT, address_of(opened), str(folder), str(taken)]
        with subprocess.Popen(command) as process:
            link, _ = opened.accept()
            with link:
                link.sendall(LINE + LINE[:7])
                end = time.monotonic() + 20
                while not any(path.stat().st_size for path in folder.glob("*.part")) and time.monotonic() < end:
                    time.sleep(0.02)
                process.send_signal(number)
                code = process.wait(20)
    if number == signal.SIGKILL:
        (left,) = folder.glob("*.part")
        assert unstamped(left.read_bytes()) == LINE + LINE[:7]
    else:
        assert code == 1  # the files taken
        assert unstamped(taken.read_bytes()) == LINE + LINE[:7] + b"\n"


def test_a_disk_that_refuses_is_said_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "heard"
    recording = Recording(folder, Rotation())
    folder.rmdir()
    with pytest.raises(EvidenceError, match="what is received cannot be kept: No such file"):
        recording.write(LINE, AT)


def test_a_file_ends_by_time(tmp_path: Path) -> None:
    recording = Recording(tmp_path, Rotation(longest=timedelta(minutes=10)))
    recording.write(LINE, AT)
    assert not recording.is_due(AT + timedelta(minutes=9))
    assert recording.is_due(AT + timedelta(minutes=10))
    recording.write(b"open", AT)
    assert not recording.is_due(AT + timedelta(minutes=10))
    recording.end_line()
    assert recording.is_due(AT + timedelta(minutes=10))
    assert recording.finish() is not None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=20) | st.sampled_from([b"\n", b"a\nb", b"\n\n"]), max_size=10))
def test_a_recording_is_what_came_behind_stamps(blocks: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recording = Recording(Path(folder), Rotation())
        for block in blocks:
            recording.write(block, AT)
        path = recording.finish()
        whole = b"".join(blocks)
        stamp = b"2026-09-21T14:13:20.250Z "
        kept = b"" if path is None else path.read_bytes()
        assert kept == b"".join(stamp + line for line in io.BytesIO(whole).readlines())


@pytest.mark.parametrize(
    "text", ["tcp://localhost", "http://localhost:1", "tcp://:5", "tcp://a:99999", "udp://a:1/x", ""]
)
def test_what_is_no_address_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(UsageError, match="tcp://host:port"):
        read_address(text)


@pytest.mark.parametrize("text", ["tcp://receiver.example:10110", "udp://0.0.0.0:10110", "tcp://[::1]:5", "stdin:"])
def test_an_address_is_printed_as_it_is_written(text: str) -> None:
    assert str(read_address(text)) == text
