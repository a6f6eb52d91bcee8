"""Commands are loaded when they are called: the list of commands costs none of them, and none pays for another."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from bongsu.cli.deferral import Deferred, LazyGroup
from bongsu.cli.lists import lists
from bongsu.cli.shell import cli
from bongsu.sandbox import sandbox_copies

if TYPE_CHECKING:
    from conftest import Bongsu

# What takes longest to load, by the name it is imported under.
HEAVY = ("duckdb", "fsspec", "httpx", "ibis", "jinja2", "numpy", "pandas", "pyarrow", "pypdf", "rapidfuzz", "scipy")
STORE = ("fsspec", "numpy", "pyarrow", "rapidfuzz")
ENGINE = ("duckdb", "ibis", "pandas")
NEEDED = (
    ("", ()),
    ("--help", ()),
    ("--version", ()),
    ("march", ()),
    ("law --help", ()),
    ("law show 2397/5", ()),
    ("law show 9999/1", ()),
    ("law list --topic coal", ()),
    ("law check --hs 271019 --to KP", ()),
    ("law timeline", ()),
    ("law verification", ()),
    ("lists --help", ("rapidfuzz",)),
    ("lists count copy.xml", ("rapidfuzz",)),
    ("lists diff copy.xml copy.xml", ("rapidfuzz",)),
    ("run --clock 2026-03-01T06:00:00Z", (*STORE, "jinja2")),
    ("evidence list", STORE),
    ("register entities", STORE),
    ("screen SANDBOX", (*STORE, *ENGINE)),
    ("lists show KPi.901", (*STORE, *ENGINE)),
)
PROGRAM = """
import atexit, sys
atexit.register(lambda: sys.stderr.write("\\nLOADED " + " ".join(sys.modules)))
from bongsu.cli.main import main
main()
"""
GROUPS = [pytest.param(group, id=str(group.name)) for group in (cli, lists)]


def deferred(group: click.Group) -> dict[str, Deferred]:
    return {name: command for name, command in group.commands.items() if isinstance(command, Deferred)}


@pytest.mark.parametrize(("arguments", "needed"), NEEDED)
def test_a_command_loads_no_library_that_it_does_not_need(
    sandbox_store: Path, arguments: str, needed: tuple[str, ...]
) -> None:
    folder = sandbox_store.parent
    (folder / "copy.xml").write_bytes(sandbox_copies()[0][1])
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments.split()], capture_output=True, check=False, cwd=folder, text=True
    )
    said, _, loaded = ended.stderr.rpartition("\nLOADED ")
    assert "Traceback" not in said
    assert {"click", "bongsu.cli.shell"} <= set(loaded.split())
    assert set(HEAVY).intersection(loaded.split()) <= set(needed)


@pytest.mark.parametrize("group", GROUPS)
def test_what_the_list_of_commands_says_of_each_is_what_its_own_help_says_first(group: click.Group) -> None:
    context = click.Context(group)
    own = {name: group.get_command(context, name) for name in deferred(group)}
    said = {name: command.help for name, command in deferred(group).items()}
    assert said == {name: command and command.get_short_help_str(limit=1000) for name, command in own.items()}


def listed(group: click.Group, width: int) -> str:
    """The part of a group's help that lists its commands."""
    formatter = click.HelpFormatter(width=width)
    group.format_commands(click.Context(group), formatter)
    return formatter.getvalue()


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_the_list_of_commands_is_the_one_there_is_with_all_of_them_loaded(group: click.Group, width: int) -> None:
    context = click.Context(group)
    loaded = {name: group.get_command(context, name) for name in group.list_commands(context)}
    eager = click.Group(commands={name: command for name, command in loaded.items() if command is not None})
    assert list(eager.commands) == list(loaded)
    assert listed(group, width) == listed(eager, width)


def test_every_command_of_the_program_is_loaded_when_it_is_called() -> None:
    assert deferred(cli).keys() == cli.commands.keys()


def test_a_command_can_be_loaded_beside_the_main_thread_which_alone_answers_signals() -> None:
    with ThreadPoolExecutor(max_workers=1) as pool:
        ended = pool.submit(CliRunner().invoke, cli, ["law", "show", "2397/5"]).result()
    assert ended.exit_code == 0
    assert ended.output.startswith("2397/5  ")


@pytest.mark.parametrize("group", GROUPS)
def test_a_deferred_command_is_the_one_of_its_name(group: click.Group) -> None:
    context = click.Context(group)
    for name, stub in deferred(group).items():
        command = stub.load()
        assert not isinstance(command, Deferred)
        assert (command.name, group.get_command(context, name)) == (name, command)


def test_a_name_that_is_no_command_is_not_taken_for_one() -> None:
    group = LazyGroup("sandbox")
    group.add_command(Deferred("bongsu.kernel.errors", "UsageError", summary="SANDBOX."))
    with pytest.raises(TypeError, match=r"bongsu\.kernel\.errors\.UsageError is no command"):
        group.get_command(click.Context(group), "UsageError")


@pytest.mark.parametrize(
    ("typed", "place", "offered"),
    [("bongsu re", 1, ["register", "reproduce"]), ("bongsu lists s", 2, ["show"]), ("bongsu law ", 2, ["check"])],
)
def test_a_shell_completes_commands_that_are_not_loaded_yet(
    bongsu: Bongsu, typed: str, place: int, offered: list[str]
) -> None:
    ended = bongsu(_BONGSU_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(place))
    found = [line.partition(",")[2] for line in ended.stdout.decode().splitlines()]
    assert found[: len(offered)] == offered
