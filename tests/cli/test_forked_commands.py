"""A forked command, as the tests give most of theirs, is what the installed one is: what it says, and how it ends."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from select import select
from typing import TYPE_CHECKING

import pytest

import started

if TYPE_CHECKING:
    from tests.conftest import StartedProgram

SCRIPT = str(Path(sys.executable).with_name("bongsu"))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--version",
        "law show 2397",
        "law show 9999/1",
        "law list --json",
        "law list --on 2018-13-01",
        "lists show KPi.904",
        "evidence show 000000",
        "register entities",
        "screen SANDBOX --json",
        "site link nobody",
    ],
)
def test_it_says_the_same_and_ends_with_the_same_code(
    sandbox_store: Path, started_program: StartedProgram, line: str
) -> None:
    folder, environment = sandbox_store.parent, {**os.environ, "COLUMNS": "61"}
    forked = started_program.run(folder, *line.split(), environment=environment)
    installed = subprocess.run(
        [SCRIPT, *line.split()], capture_output=True, check=False, cwd=folder, env=environment, stdin=subprocess.DEVNULL
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        installed.returncode,
        installed.stdout,
        installed.stderr,
    )


def test_what_one_changes_another_does_not_meet(tmp_path: Path, started_program: StartedProgram) -> None:
    """Each is in a folder and an environment of its own, and what it wrote is all that is left of it."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bongsu.toml").write_text(f'[store]\nurl = "{name}"\n', "utf-8")
        ended = started_program.run(tmp_path / name, "evidence", "list", environment=os.environ)
        assert f"/{name}/{name}: there is no such folder" in ended.stderr.decode()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["bongsu.toml", "bongsu.toml", "one", "two"]


def test_its_reader_may_go_away_too(tmp_path: Path, started_program: StartedProgram) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with (tmp_path / "err").open("wb") as err, Path(os.devnull).open() as nothing:
        streams = (nothing.fileno(), writing, err.fileno())
        arguments = ("law", "timeline")
        code = started.ask(
            started_program.address, arguments, cwd=str(tmp_path), environment=os.environ, streams=streams
        )
    os.close(writing)
    assert (code, (tmp_path / "err").read_bytes()) == (0, b""), "a reader that went away is no error"


def test_what_python_reads_as_it_starts_is_not_given_to_one_that_has_started(
    tmp_path: Path, started_program: StartedProgram
) -> None:
    with pytest.raises(AssertionError, match="it needs a new interpreter"):
        started_program.run(tmp_path, "--version", environment={**os.environ, "PYTHONIOENCODING": "ascii"})


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says of a process where it works")
def test_it_heeds_the_signals_that_the_installed_one_heeds_and_one_that_ends_it_is_told(
    tmp_path: Path, started_program: StartedProgram
) -> None:
    """Both have more to say than fits into a pipe from which nobody reads."""
    arguments = ("law", "timeline", "--json")
    ends = []
    for kind in ("installed", "forked"):
        folder = tmp_path / kind
        folder.mkdir()
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        with Path(os.devnull).open("w+b") as nothing, ThreadPoolExecutor(max_workers=1) as pool:
            if kind == "forked":
                streams = (nothing.fileno(), writing, nothing.fileno())
                begun = partial(started.ask, started_program.address, arguments, cwd=str(folder))
                ended = pool.submit(begun, environment=os.environ, streams=streams)
            else:
                process = subprocess.Popen([SCRIPT, *arguments], cwd=folder, stdin=nothing, stdout=writing)
                ended = pool.submit(process.wait)
            select([reading], [], [])
            number = _process_in(folder)
            said = Path(f"/proc/{number}/status").read_text()
            os.kill(number, signal.SIGKILL)
            # The last eight digits are the signals that have a name; above them the C library has some for its threads.
            ends.append((re.findall(r"^(Sig(?:Blk|Ign|Cgt)):.*(.{8})$", said, re.MULTILINE), ended.result()))
        os.close(reading)
        os.close(writing)
    assert ends[0] == ends[1]
    assert ends[0][1] == -signal.SIGKILL


def _process_in(folder: Path) -> int:
    """The process that works in a folder."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == folder:
                return int(link.parent.name)
        except OSError:  # another's, or ended
            continue
    raise AssertionError(f"nobody works in {folder}")
