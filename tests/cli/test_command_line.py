"""The command line as a person and a script meet it: figures as JSON, one sentence for an error, exit codes as told."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
import rfc8785
from click.testing import CliRunner

from bongsu.cli.shell import cli
from bongsu.sandbox import sandbox_copies

if TYPE_CHECKING:
    from conftest import Bongsu

CLOCK = "2026-03-01T06:00:00Z"


def manifest_of(store: Path) -> Path:
    (found,) = store.glob("cycles/*/manifest.json")
    return found


def list_files(folder: Path, un_list: Callable[..., bytes]) -> None:
    (folder / "old.xml").write_bytes(un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"}))
    (folder / "new.xml").write_bytes(un_list("2026-02-15", {"KPi.902": "SANDBOX PERSON TWO"}))


def exhibit_of(store: Path) -> str:
    return min(path.name for path in store.glob("exhibits/*/*"))


# --- JSON


QUESTIONS = (
    "reproduce data/cycles/{cycle}/manifest.json",
    "law show 2397/5",
    "law show 2397",
    "law show S/2024/255",
    "law list",
    "law list --on 2018-01-01 --topic coal",
    "law check --hs 271019 --to KP --on 2024-02-01",
    "law timeline",
    "law verification",
    "lists count new.xml",
    "lists diff old.xml new.xml",
    "lists diff old.xml new.xml --dprk",
    "lists show KPi.904",
    "lists show KPi.904 --on 2026-02-20",
    "evidence list",
    "evidence show {exhibit}",
)
WORK = ("run --clock 2026-03-01T06:00:00Z", "evidence scrub")


@pytest.fixture(scope="module")
def figures(
    sandbox_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    un_list: Callable[..., bytes],
    bongsu_side_by_side: Any,
) -> Any:
    """What every command answers with --json; those that write to the store one after another."""
    folder = tmp_path_factory.mktemp("figures")
    shutil.copytree(sandbox_folder, folder, dirs_exist_ok=True)
    list_files(folder, un_list)
    names = {"cycle": manifest_of(folder / "data").parent.name, "exhibit": exhibit_of(folder / "data")}
    filled = {question: f"{question.format(**names)} --json" for question in QUESTIONS}
    ended = bongsu_side_by_side(folder, tuple(filled.values()))
    work = {command: bongsu_side_by_side(folder, (f"{command} --json",))[f"{command} --json"] for command in WORK}
    return {**{question: ended[command] for question, command in filled.items()}, **work}


@pytest.mark.parametrize("question", [*QUESTIONS, *WORK])
def test_json_is_one_canonical_line(figures: Any, question: str) -> None:
    ended = figures[question]
    assert (ended.returncode, ended.stderr) == (0, b"")
    (line,) = ended.stdout.splitlines()
    assert rfc8785.dumps(json.loads(line)) == line


def every_command() -> list[tuple[str, ...]]:
    """All commands of the program, by walking it."""
    found: list[tuple[str, ...]] = []

    def walk(group: click.Group, path: tuple[str, ...]) -> None:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                walk(command, (*path, name))
            else:
                found.append((*path, name))

    walk(cli, ())
    return sorted(found)


# What they print is a file, a link, JSON already, or a server's own.
WITHOUT_FIGURES = {
    ("evidence", "export"),
    ("case", "acts"),
    ("case", "show"),
    ("case", "export"),
    ("mcp",),
    ("serve",),
    ("site", "link"),
    ("site", "person", "add"),
    ("site", "person", "admit"),
    ("site", "person", "forget-second-step"),
}


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_every_command_explains_itself_and_those_with_figures_take_json(command: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(cli, [*command, "--help"], prog_name="bongsu")
    assert ended.exit_code == 0
    assert ended.output.startswith(f"Usage: bongsu {' '.join(command)}")
    assert ("--json" in ended.output) is (command not in WITHOUT_FIGURES)


def test_json_of_a_run_names_the_report_and_the_lists(bongsu: Bongsu, sandbox_store: Path) -> None:
    said = json.loads(bongsu("run", "--clock", CLOCK, "--json").stdout)
    assert sorted(said) == ["cycle", "later_cycles", "lists", "mended", "report", "summary"]
    assert Path(said["report"]).read_bytes().startswith(b"<!doctype html>")
    assert said["summary"]["indicators"] == 5
    assert [row["id"] for row in said["lists"]] == ["sandbox"]


# --- a pipe, a terminal, and what they can print


def test_in_a_pipe_a_run_is_quiet_but_for_its_result(bongsu: Bongsu, sandbox_store: Path) -> None:
    ended = bongsu("run", "--clock", CLOCK)
    assert ended.stderr == b""
    lines = ended.stdout.decode().splitlines()
    assert re.split(r" {2,}", lines[0]) == [
        "list", "state", "copy of", "last seen", "age, days", "in file", "read", "set aside", "DPRK",
    ]  # fmt: skip
    assert lines[-2:] == [
        f"report    {manifest_of(sandbox_store).with_name('report.html')}",
        f"manifest  {manifest_of(sandbox_store)}",
    ]


def test_on_a_terminal_a_run_shows_its_progress_on_standard_error_alone(sandbox_store: Path) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "bongsu.cli.main", "run", "--clock", "2026-03-02T06:00:00Z", "--json"]
    environment = {**os.environ, "TERM": "xterm"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave, cwd=sandbox_store.parent, env=environment)
    os.close(slave)
    shown = b""
    while block := read_until_closed(master):
        shown += block
    os.close(master)
    out, _ = process.communicate()
    assert process.returncode == 0
    assert b"writing the report" in shown
    assert rfc8785.dumps(json.loads(out)) + b"\n" == out


@pytest.mark.parametrize("arguments", ["law list", "law timeline", "law list --json", "law show 2397"])
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, arguments: str) -> None:
    script = Path(sys.executable).with_name("bongsu")
    process = subprocess.Popen(
        [str(script), *arguments.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
)
def test_a_terminal_without_korean_gets_code_points_and_json_stays_utf_8(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes], environment: dict[str, str]
) -> None:
    (tmp_path / "a.xml").write_bytes(un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"}))
    (tmp_path / "b.xml").write_bytes(un_list("2026-02-15", {"KPi.902": "SANDBOX 홍길동 ÉCLAIR"}))
    ended = bongsu("lists", "diff", "a.xml", "b.xml", **environment)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert rb"listed: SANDBOX \ud64d\uae38\ub3d9 \xc9CLAIR (KPi.902, Person, DPRK)" in ended.stdout
    ended = bongsu("lists", "diff", "a.xml", "b.xml", "--json", **environment)
    assert json.loads(ended.stdout)["listed"][0]["name"] == "SANDBOX 홍길동 ÉCLAIR"


# --- hostile texts


HOSTILE = "SANDBOX \x1b[31mRED\x1b]0;title\x07 \\[/nope] [bold]b[/bold] :skull: \u202eOVER\u00a0RIGHT"


def test_what_a_hostile_list_prints_cannot_steer_the_terminal_nor_break_the_table(
    bongsu: Bongsu, tmp_path: Path, ofac_set: Callable[..., Any]
) -> None:
    for name, names in (("old", {902: "SANDBOX TWO"}), ("sdn", {901: HOSTILE, 902: "SANDBOX TWO"})):
        (tmp_path / f"{name}.csv").write_bytes(ofac_set(names).sdn)
    (tmp_path / "bongsu.toml").write_text(
        "\n".join(
            f'[[lists.ofac_sdn.copy]]\nlist_date = 2026-01-{day}\nparts = {{ sdn = "{name}.csv" }}'
            for day, name in ((10, "old"), (11, "sdn"))
        ),
        "utf-8",
    )
    printed = r"SANDBOX [31mRED]0;title \[/nope] [bold]b[/bold] :skull: OVER RIGHT"
    for arguments in (["run", "--clock", CLOCK], ["lists", "show", "901"], ["lists", "diff", "old.csv", "sdn.csv"]):
        ended = bongsu(*arguments)
        assert (ended.returncode, ended.stderr) == (0, b"")
        assert arguments[0] == "run" or printed in ended.stdout.decode()


def test_on_a_terminal_too_mark_up_in_a_name_is_printed_and_not_obeyed(
    bongsu: Bongsu, tmp_path: Path, ofac_set: Callable[..., Any]
) -> None:
    (tmp_path / "sdn.csv").write_bytes(ofac_set({901: HOSTILE}).sdn)
    (tmp_path / "bongsu.toml").write_text(
        '[[lists.ofac_sdn.copy]]\nlist_date = 2026-01-15\nparts = { sdn = "sdn.csv" }', "utf-8"
    )
    assert bongsu("run", "--clock", CLOCK).returncode == 0
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "bongsu.cli.main", "lists", "show", "901"]
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": "300", "NO_COLOR": "1"}
    process = subprocess.Popen(command, stdout=slave, stderr=subprocess.PIPE, cwd=tmp_path, env=environment)
    os.close(slave)
    shown = b""
    while block := read_until_closed(master):
        shown += block
    os.close(master)
    _, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert rb"\[/nope] [bold]b[/bold] :skull: OVER RIGHT" in shown
    assert b"\x1b[31mRED" not in shown
    assert b"\x1b]0;" not in shown


def read_until_closed(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's word for the other end being closed
        return b""


def test_in_a_pipe_every_row_is_one_line_whatever_its_length(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]
) -> None:
    long = "SANDBOX " + "very " * 200 + "long"
    (tmp_path / "a.xml").write_bytes(un_list("2026-01-15", {"KPi.901": long}))
    (tmp_path / "bongsu.toml").write_text('[[lists.un_sc.copy]]\nparts = { consolidated = "a.xml" }', "utf-8")
    assert bongsu("run", "--clock", CLOCK).returncode == 0
    lines = bongsu("lists", "show", "KPi.901").stdout.decode().splitlines()
    (row,) = [line for line in lines if line.startswith("name ")]
    assert long in row
    assert row.endswith("  2026-01-15  2026-01-15")


# --- errors: one sentence, the right code, no traceback


MISTAKES = (
    ("", 2, "Usage: bongsu"),
    ("march", 2, "No such command 'march'"),
    ("run --config gone.toml", 2, "bongsu: gone.toml: cannot be read: No such file or directory"),
    ("run --config wrong.toml", 2, "bongsu: wrong.toml, store: has keys that no one knows: ulr"),
    ("run --clock yesterday", 2, "bongsu: not a date or time: 'yesterday'"),
    ("run --clock 2026-03-01T06:00:00", 2, "bongsu: a time needs its zone: '2026-03-01T06:00:00'"),
    ("run --clock 2026-02-30", 2, "bongsu: not a date or time: '2026-02-30'"),
    ("reproduce gone.json", 2, "bongsu: gone.json: cannot be read: No such file or directory"),
    ("reproduce /gone.json", 2, "bongsu: /gone.json: cannot be read: No such file or directory"),
    ("reproduce .", 2, "bongsu: .: cannot be read: Is a directory"),
    ("reproduce wrong.toml", 2, "bongsu: wrong.toml: is not the manifest of a cycle"),
    ("reproduce memory://x/manifest.json", 2, "is not the address of a manifest"),
    ("reproduce memory://x/cycles/../manifest.json", 2, "is not the address of a manifest"),
    ("reproduce memory://x/cycles/gone/manifest.json", 4, "is not there"),
    ("reproduce nowhere://x/cycles/gone/manifest.json", 2, "no store can be kept at an address of the kind nowhere://"),
    ("reproduce /dev/zero", 2, "bongsu: /dev/zero: is a device, a pipe or a socket, not a file"),
    ("law show 9999/1", 2, "bongsu: "),
    ("law show", 2, "Missing argument 'KEY'"),
    ("law list --topic fish-and-chips", 2, "bongsu: no topic is called 'fish-and-chips'"),
    ("law list --on 2018-13-01", 2, "not a day: '2018-13-01'"),
    ("law list --on 20180101", 2, "not a day: '20180101'"),
    ("law check --hs 271019", 2, "bongsu: say where the goods go"),
    ("law check --hs 271019 --to KP --from KP", 2, "bongsu: say where the goods go"),
    ("law check --hs 271019 --to KR", 2, "bongsu: the resolutions are about the DPRK (KP), not 'KR'"),
    ("law check --hs 271019 --from CN --to RU", 2, "the resolutions are about the DPRK (KP), not 'CN' or 'RU'"),
    ("law check --hs 271019 --from CN --to KP", 2, "bongsu: say where the goods go"),
    ("law check --hs 30111000 --to KP", 2, "bongsu: no edition of the Harmonized System from 2002 to "),
    ("lists count empty.xml", 3, "bongsu: empty.xml: is empty"),
    ("lists count ofac_add.csv", 2, "bongsu: ofac_add.csv: looks like the add part of ofac_sdn"),
    ("law check --hs 27101 --to KP", 2, "bongsu: "),
    ("law check --hs oil --to KP", 2, "bongsu: "),
    ("law check --hs= --to KP", 2, "bongsu: "),
    ("law check --to KP", 2, "bongsu: say what is asked"),
    ("law check --hs 2710 --topic petroleum", 2, "bongsu: say what is asked"),
    ("law check --topic petroleum --to KP", 2, "bongsu: a topic has no direction"),
    ("law check --topic peat", 2, "bongsu: no topic is called 'peat'"),
    ("lists count gone.xml", 2, "bongsu: gone.xml: cannot be read: No such file or directory"),
    ("lists count wrong.toml", 2, "bongsu: wrong.toml: is not recognised as one of the lists"),
    ("lists count wrong.toml --source un_sc", 3, "is not well-formed XML"),
    ("lists count /dev/zero", 2, "bongsu: /dev/zero: is a device, a pipe or a socket, not a file"),
    ("lists count src.xml --source ofac_sdn", 2, "bongsu: src.xml: looks like a copy of un_sc, not of ofac_sdn"),
    ("lists count wrong.toml --source eu", 2, "'eu' is not one of"),
    ("lists show KPi.001 --store gone", 2, "there is no such folder"),
    ("lists show KPi.001 --store ftp://127.0.0.1/x", 2, "no store can be kept at an address of the kind ftp://"),
    ("lists show KPi.001 --on tomorrow", 2, "not a day: 'tomorrow'"),
    ("evidence list --store gone", 2, "there is no such folder"),
    ("evidence show abc --store data", 2, "bongsu: not the name of an exhibit: 'abc'"),
    ("evidence show 000000 --store data", 2, "bongsu: 0 exhibits begin with 000000"),
    ("evidence show ../../etc --store data", 2, "bongsu: not the name of an exhibit"),
    ("evidence export 000000 --store data -o x", 2, "bongsu: 0 exhibits begin with 000000"),
    ("lists show NOBODY --store data", 2, "no copy in the store holds 'NOBODY'"),
)  # fmt: skip


@pytest.fixture(scope="module")
def mistakes(sandbox_folder: Path, tmp_path_factory: pytest.TempPathFactory, bongsu_side_by_side: Any) -> Any:
    """What the command line answers to every mistake."""
    folder = tmp_path_factory.mktemp("mistakes")
    shutil.copytree(sandbox_folder, folder, dirs_exist_ok=True)
    (_, (_, content)) = sandbox_copies()
    (folder / "src.xml").write_bytes(content)
    (folder / "empty.xml").write_bytes(b"")
    (folder / "ofac_add.csv").write_bytes(b'901,902,"SANDBOX street",-0- ,-0- ,-0- \r\n\x1a')
    (folder / "wrong.toml").write_text('[store]\nulr = "x"\nurl = "y"\n', "utf-8")
    return bongsu_side_by_side(folder, tuple(arguments for arguments, _, _ in MISTAKES))


@pytest.mark.parametrize(("arguments", "code", "says"), MISTAKES)
def test_an_error_is_one_sentence_with_its_code(mistakes: Any, arguments: str, code: int, says: str) -> None:
    ended = mistakes[arguments]
    assert (ended.returncode, ended.stdout) == (code, b"")
    assert says in ended.stderr.decode()
    told = [line for line in ended.stderr.decode().splitlines() if line.startswith(("bongsu: ", "Error: "))]
    assert len(told) == (1 if arguments else 0)


def test_the_traceback_comes_with_verbose_alone(bongsu: Bongsu) -> None:
    plain = bongsu("law", "show", "9999/1")
    verbose = bongsu("--verbose", "law", "show", "9999/1")
    assert plain.returncode == verbose.returncode == 2
    assert b"Traceback" in verbose.stderr
    assert verbose.stderr.decode().endswith(plain.stderr.decode())


def test_a_refused_list_ends_with_3(bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]) -> None:
    (tmp_path / "cut.xml").write_bytes(un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"})[:5000])
    ended = bongsu("lists", "count", "cut.xml")
    assert ended.returncode == 3
    assert b"cut.xml, consolidated: is not well-formed XML: " in ended.stderr


def test_a_run_with_a_refused_copy_ends_well_and_says_what_stays_in_force(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]
) -> None:
    """The cycle did its work; the refusal is a fact of its report, not a failure of the program."""
    (tmp_path / "a.xml").write_bytes(un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"}))
    (tmp_path / "b.xml").write_bytes(un_list("2026-02-15", {"KPi.901": "SANDBOX PERSON ONE"})[:-30])
    (tmp_path / "bongsu.toml").write_text(
        "\n".join(f'[[lists.un_sc.copy]]\nparts = {{ consolidated = "{n}.xml" }}' for n in ("a", "b")), "utf-8"
    )
    ended = bongsu("run", "--clock", CLOCK)
    assert (ended.returncode, ended.stderr) == (0, b"")
    lines = ended.stdout.decode().splitlines()
    assert lines[1].split()[:4] == ["un_sc", "refused", "2026-01-15", "45"]
    assert lines[2].startswith("  un_sc: refused: b.xml: consolidated: is not well-formed XML: ")
    assert lines[3] == "  un_sc: the last good copy, of 2026-01-15, stays in force; it is 45 days old"


def test_a_run_whose_configuration_names_a_file_that_is_not_there_does_nothing_and_ends_with_2(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]
) -> None:
    (tmp_path / "a.xml").write_bytes(un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"}))
    (tmp_path / "bongsu.toml").write_text(
        "\n".join(f'[[lists.un_sc.copy]]\nparts = {{ consolidated = "{n}.xml" }}' for n in ("a", "gone")), "utf-8"
    )
    ended = bongsu("run", "--clock", CLOCK)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.decode() == (
        "bongsu: lists.un_sc.copy: gone.xml: cannot be read: No such file or directory\n"
        "  what to do: correct the configuration, or put the file there\n"
    )
    assert list((tmp_path / "bongsu-data").rglob("*.jsonl")) == []


LOADED = {
    f"run --clock {CLOCK}": ("click", "pyarrow", "rich"),  # rich by the shell, pyarrow by the command itself
    "screen SANDBOX": ("duckdb", "ibis", "pyarrow"),
}


def path_with(first: Path) -> str:
    """Where Python looks for modules, with a folder before all others."""
    return os.pathsep.join([str(first), *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.mark.parametrize(
    ("command", "library", "number", "code", "word"),
    [
        *((command, library, "SIGINT", 130, b"interrupted") for command in LOADED for library in LOADED[command]),
        *((f"run --clock {CLOCK}", library, "SIGTERM", 143, b"terminated") for library in ("click", "pyarrow")),
    ],
)
def test_interrupted_while_a_command_is_loaded_it_says_so_in_one_line(
    bongsu: Bongsu, tmp_path: Path, command: str, library: str, number: str, code: int, word: bytes
) -> None:
    """The stand-in for a library is found first and interrupts its own loading, as a person's Ctrl-C would."""
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / f"{library}.py").write_text(
        f"import os, signal\nos.kill(os.getpid(), signal.{number})\nraise ImportError('loading went on')\n", "utf-8"
    )
    ended = bongsu(*command.split(), PYTHONPATH=path_with(tmp_path / "first"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, b"", b"\n" + word + b"; nothing was begun\n")


def test_where_the_caller_ignores_interrupts_loading_goes_on(tmp_path: Path) -> None:
    (tmp_path / "rich.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n1 / 0\n", "utf-8")
    script = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nfrom bongsu.cli.main import main\nmain()"
    environment = {**os.environ, "PYTHONPATH": path_with(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, env=environment)
    assert b"ZeroDivisionError" in ended.stderr


def test_the_exit_codes_are_told_by_help(bongsu: Bongsu) -> None:
    told = " ".join(bongsu("--help").stdout.decode().split())
    assert (
        "Exit codes: 0 done; 1 a card or another part of the program is broken; 2 the question is malformed; "
        "3 a source was refused or could not be read; 4 evidence is missing or damaged; 5 not reproduced; "
        "6 another process works on the same store; 130 interrupted; 143 terminated."
    ) in told
