"""The installed command, run as a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

ESCAPES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CLOCK = "2026-03-01T06:00:00Z"
SCRIPT = (str(Path(sys.executable).with_name("bongsu")),)

Bongsu = Callable[..., "subprocess.CompletedProcess[bytes]"]


def run(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `bongsu` and check what holds for every command and every end of it."""
    ended = subprocess.run(
        [*SCRIPT, *arguments], capture_output=True, check=False, cwd=cwd, env={**os.environ, **environment}
    )
    for stream in (ended.stdout, ended.stderr):
        assert not ESCAPES.search(stream.decode("utf-8")), stream
        if "--verbose" not in arguments:
            assert b"Traceback" not in stream
    return ended


@pytest.fixture
def bongsu(tmp_path: Path) -> Bongsu:
    """Runs `bongsu` in a folder of the test's own."""
    return partial(run, tmp_path)


@pytest.fixture(scope="session")
def bongsu_side_by_side() -> Callable[[Path, Sequence[str]], dict[str, subprocess.CompletedProcess[bytes]]]:
    """Runs many commands in one folder, a few at a time, since each takes a second to start."""

    def run_all(cwd: Path, commands: Sequence[str]) -> dict[str, subprocess.CompletedProcess[bytes]]:
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            ended = pool.map(lambda command: run(cwd, *command.split()), commands)
            return dict(zip(commands, ended, strict=True))

    return run_all


@pytest.fixture(scope="session")
def sandbox_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration without lists, and one cycle of the sandbox without its ships; never changed."""
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "bongsu.toml").write_text('[store]\nurl = "data"\n[sandbox]\nships = false\n[lists]\n', "utf-8")
    ended = subprocess.run([*SCRIPT, "run", "--clock", CLOCK], capture_output=True, check=False, cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, b"")
    return folder


@pytest.fixture
def sandbox_store(tmp_path: Path, sandbox_folder: Path) -> Path:
    """The store of a copy of that folder, which is the folder commands are run in."""
    shutil.copytree(sandbox_folder, tmp_path, dirs_exist_ok=True)
    return tmp_path / "data"
