"""`bongsu sea listen`, as a person runs it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

LINE = b"!AIVDM,1,1,,A,12uiwh@P1h8rWlREl7nW5md1P000,0*06\r\n"  # of SANDBOX ship 199000001
FAR = b"!AIVDM,1,1,,A,12uiwh@P1h8rWlRl4Q@75md1P000,0*5F\r\n"  # the same, at latitude 91
COMMAND = (sys.executable, "-c", "from bongsu.cli.main import main; main()", "sea", "listen")


def test_a_listener_takes_what_came_when_it_is_told_to_end(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        opened.settimeout(60)
        address = f"tcp://127.0.0.1:{opened.getsockname()[1]}"
        command = [*COMMAND, address, "--store", str(tmp_path), "--sandbox", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listener:
            link, _ = opened.accept()
            with link:
                link.sendall(LINE + FAR + b"SANDBOX\r\n")
                assert listener.stderr is not None
                assert listener.stderr.readline() == f"connected to {address}\n".encode()
                while not any(path.stat().st_size for path in tmp_path.rglob("*.part")):
                    assert listener.poll() is None
                listener.send_signal(signal.SIGINT)
                out, err = listener.communicate(timeout=60)
    assert (listener.returncode, b"2 positions" in err) == (0, False), err
    said = json.loads(out)
    assert said["counted"] == {
        "positions": 1,
        "set aside: latitude 91 means unknown": 1,
        "set aside: no sentence of NMEA 0183": 1,
    }
    assert (said["bytes"], said["connections"], len(said["exhibits"]), said["left"]) == (len(LINE + FAR) + 9, 1, 1, [])
    log = (tmp_path / "custody" / "000000000001.jsonl").read_text("utf-8")
    assert f'"url":"{address}"' in log
    assert not list(tmp_path.rglob("*.nmea"))


def test_standard_input_is_taken_to_its_end(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "-", "--store", str(tmp_path), "--sandbox"], input=LINE, capture_output=True, check=True, timeout=60
    )
    assert b"positions       1" in done.stdout
    assert done.stderr.count(b"exhibit") == 1


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["here:10110"], b"is no address to listen to"),
        (["tcp://127.0.0.1:9", "--store", "memory://sandbox"], b"cannot grow in a store on another machine"),
        (["tcp://127.0.0.1:9", "--minutes", "0"], b"'--minutes'"),
    ],
)
def test_a_malformed_question_is_said_to_be_one(tmp_path: Path, arguments: list[str], what: bytes) -> None:
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, timeout=60, cwd=tmp_path)
    assert (done.returncode, what in done.stderr) == (2, True), done.stderr
