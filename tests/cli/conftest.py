"""Commands as processes of their own: the installed one, and others forked from a program that is loaded already."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from bongsu.cli.shell import cli
from started import at_start

if TYPE_CHECKING:
    from tests.conftest import StartedProgram

ESCAPES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CLOCK = "2026-03-01T06:00:00Z"
SCRIPT = (str(Path(sys.executable).with_name("bongsu")),)

Bongsu = Callable[..., "subprocess.CompletedProcess[bytes]"]


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs `bongsu`: the first of each command as it is installed, in a new interpreter, and the others forked.

    Args:
        program: what others are forked from.
        seen: the commands that were run as they are installed.
    """

    program: StartedProgram
    seen: set[str] = field(default_factory=set)

    def run(self, cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command and check what holds for every command and every end of it."""
        whole, command = {**os.environ, **environment}, _command(arguments)
        if command not in self.seen or at_start(environment):
            self.seen.add(command)
            return _checked(
                subprocess.run([*SCRIPT, *arguments], capture_output=True, check=False, cwd=cwd, env=whole), arguments
            )
        return _checked(self.program.run(cwd, *arguments, environment=whole), arguments)


def _command(arguments: Sequence[str]) -> str:
    """The words of a command line that name the command: `law show` of `law show 2397/5`."""
    group: click.Command | None = cli
    words = []
    for word in arguments:
        if not isinstance(group, click.Group) or word not in group.commands:
            break
        words.append(word)
        group = group.get_command(click.Context(group), word)
    return " ".join(words)


def _checked(ended: subprocess.CompletedProcess[bytes], arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    for stream in (ended.stdout, ended.stderr):
        assert not ESCAPES.search(stream.decode("utf-8")), stream
        if "--verbose" not in arguments:
            assert b"Traceback" not in stream
    return ended


@pytest.fixture(scope="module")
def commands(started_program: StartedProgram) -> Commands:
    """Runs commands for the tests of one file: each of them once as it is installed."""
    return Commands(started_program)


@pytest.fixture
def bongsu(tmp_path: Path, commands: Commands) -> Bongsu:
    """Runs `bongsu` in a folder of the test's own."""
    return partial(commands.run, tmp_path)


@pytest.fixture(scope="module")
def bongsu_side_by_side(
    commands: Commands,
) -> Callable[[Path, Sequence[str]], dict[str, subprocess.CompletedProcess[bytes]]]:
    """Runs many commands in one folder, a few at a time."""

    def run_all(cwd: Path, lines: Sequence[str]) -> dict[str, subprocess.CompletedProcess[bytes]]:
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            ended = pool.map(lambda command: commands.run(cwd, *command.split()), lines)
            return dict(zip(lines, ended, strict=True))

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
