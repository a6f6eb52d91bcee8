"""The documentation tells the truth: links lead somewhere, commands parse, and pages show what is printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click
import pytest

from bongsu.cli.reference import pages
from bongsu.cli.shell import cli
from bongsu.cycle.config import read_config
from bongsu.law import regime_from

if TYPE_CHECKING:
    from tests.conftest import StartedProgram

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "lists"
# Nothing here is fetched: port 9 of this machine refuses, so every real list is "not reached" at once.
UNREACHABLE = "\n".join(
    f"[lists.{name}.urls]\n" + "\n".join(f'{part} = "http://127.0.0.1:9/{part}"' for part in parts)
    for name, parts in {
        "au_dfat": ("main",),
        "ca_sema": ("main",),
        "ch_seco": ("main",),
        "eu_fsf": ("full",),
        "ofac_sdn": ("sdn", "add", "alt", "comments"),
        "uk_fcdo": ("list",),
        "un_1718_vessels": ("vessels",),
        "un_sc": ("consolidated",),
    }.items()
)
# Of other programs only those that read and copy; the rest of a page's commands is for the reader.
RUN = frozenset({"bongsu", "cat", "cp", "ls", "sha256sum", "sed", "chmod"})
ALIASES = {"make run": "bongsu run"}  # what the Makefile does once everything is installed
# In each cycle the sandbox's ships cost seconds: they take part where a page shows them.
WITH_SHIPS = frozenset({"README.md", "docs/tutorial.md", "docs/how-to/watch-ships.md"})
# What a new interpreter is for: the pages that newcomers begin with. Elsewhere commands are forked (see started.py).
AS_INSTALLED = frozenset({"README.md", "docs/tutorial.md"})
BINARIES = Path(".venv", "bin")
STARTED = str(ROOT / "tests" / "started.py")
WITHOUT_SHIPS = "\n[sandbox]\nships = false\n"
NEEDS_SHARED = re.compile(r"\.\./shared/|real-lists")
CONFIGURATION = re.compile(r"# ([\w-]+\.toml)\b")
FENCE = re.compile(r"^```([\w-]*)[^\n]*\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)<>\s]+)>?\)")
INVOKED = re.compile(r"(?:^|[\s/])bongsu[ \t]+(\S[^\n]*)$")


def _markdown() -> list[Path]:
    """Every page of this checkout, installed packages and data left out."""
    folders = ("docs", "src", "tests", "examples", "benchmarks")
    return [*sorted(ROOT.glob("*.md")), *sorted(path for folder in folders for path in (ROOT / folder).rglob("*.md"))]


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


MARKDOWN = _markdown()
PAGES = [page for page in MARKDOWN if page.parent == ROOT or page.is_relative_to(ROOT / "docs")]
WRITTEN = [page for page in PAGES if page.parent.name != "reference" and page.name != "CHANGELOG.md"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A command on a page and what the page says it prints."""

    page: str
    line: int
    command: str
    output: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a command printed; `skipped` says why it was not run."""

    code: int = 0
    text: str = ""
    skipped: str | None = None


def _blocks(page: Path, *languages: str) -> Iterator[tuple[int, str]]:
    """Line number and content of a page's code blocks of some languages."""
    text = page.read_text("utf-8")
    for found in FENCE.finditer(text):
        if found[1] in languages:
            yield text.count("\n", 0, found.start(2)) + 1, found[2]


def _shown(page: Path) -> list[Shown]:
    shown: list[Shown] = []
    for first, block in _blocks(page, "console"):
        command, at, output = "", 0, list[str]()
        for number, line in enumerate([*block.splitlines(), "$ "], start=first):
            if command.endswith("\\"):
                command = f"{command[:-1].rstrip()} {line.strip()}"
            elif line.startswith("$ "):
                if command:
                    shown.append(Shown(page=_name(page), line=at, command=command, output=tuple(output)))
                command, at, output = line[2:].strip(), number, []
            else:
                output.append(line.rstrip())
    return shown


SHOWN = [
    shown for page in WRITTEN for shown in _shown(page) if shown.command in ALIASES or shown.command.split()[0] in RUN
]


def _pattern(lines: tuple[str, ...]) -> re.Pattern[str]:
    """A line `...` stands for any lines, and `...` within a line for any text."""
    parts = [
        r"(?:[^\n]*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", "[^\n]*?") + "\n"
        for line in lines
    ]
    return re.compile("".join(parts))


def _plain(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _files(page: Path) -> dict[str, str]:
    """The TOML files a page tells its reader to write, by the name in their first line."""
    blocks = (block for _, block in _blocks(page, "toml"))
    return {found[1]: block for block in blocks if (found := CONFIGURATION.match(block))}


def _links(page: Path) -> list[str]:
    prose = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text("utf-8")))
    return [target for target in LINK.findall(prose) if "://" not in target and not target.startswith("mailto:")]


@cache
def _anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, made as GitHub makes them."""
    headings = re.findall(r"^#{1,6} +(.+?) *#*$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def _invocations(text: str) -> Iterator[list[str]]:
    """The arguments of every call of bongsu in some lines of shell, cron or systemd."""
    for line in text.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|\|\||[;|>]", line.partition(" # ")[0]):
            found = INVOKED.search(part)
            if found is not None:
                yield shlex.split(found[1])


def _parse(arguments: list[str]) -> None:
    """Parse a command line and run nothing.

    Raises:
        click.ClickException: an unknown command or option, a missing argument, a value of another kind.
    """
    command: click.Command = cli
    context: click.Context | None = None
    name = "bongsu"
    try:
        while True:
            context = command.make_context(name, list(arguments), parent=context)
            if not isinstance(command, click.Group):
                return
            left = [*context._protected_args, *context.args]
            found, next_command, arguments = command.resolve_command(context, left)
            assert next_command is not None
            command, name = next_command, found or ""
    except click.exceptions.Exit:  # --help and --version say what they say and are done
        return


def _options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}


def _unknown_word(words: list[str]) -> str | None:
    """The first word of `bongsu law check --hs ...` that is neither a command nor an option of it."""
    command: click.Command = cli
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            below = command.get_command(click.Context(command), word)
            if below is None:
                return word
            command = below
        elif word.startswith("-") and word.partition("=")[0] not in _options(command):
            return word
    return None


@pytest.fixture(scope="session")
def printed(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    start_program: Callable[[Mapping[str, str]], AbstractContextManager[StartedProgram]],
) -> Callable[[Shown], Printed]:
    """Runs the commands of each page once, in their order, in a folder like a fresh checkout; pages side by side."""
    wanted = [item.callspec.params.get("shown") for item in request.session.items if hasattr(item, "callspec")]
    names = sorted({shown.page for shown in wanted if isinstance(shown, Shown)})
    folders = [tmp_path_factory.mktemp("page") / "checkout" for _ in names]
    with start_program(_environment()) as program, ThreadPoolExecutor() as pool:
        results = list(pool.map(partial(_run_page, program), names, folders))
    by_command = {shown: result for page in results for shown, result in page.items()}
    return by_command.__getitem__


def _run_page(program: StartedProgram, name: str, checkout: Path) -> dict[Shown, Printed]:
    _make_checkout(checkout, ROOT / name)
    _install(checkout, None if name in AS_INSTALLED else program)
    return {shown: _run(shown.command, checkout) for shown in SHOWN if shown.page == name}


def _make_checkout(checkout: Path, page: Path) -> None:
    checkout.mkdir()
    (checkout / "src").symlink_to(ROOT / "src")
    shutil.copytree(ROOT / "examples", checkout / "examples")  # copied: a configuration's paths start from its folder
    if SHARED.is_dir():
        (checkout.parent / "shared").symlink_to(SHARED.parents[1])
    ships = "" if _name(page) in WITH_SHIPS else WITHOUT_SHIPS
    for page_name, content in {**_files(page), "bongsu.toml": f"{UNREACHABLE}{ships}"}.items():
        (checkout / page_name).write_text(content, "utf-8")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "LC_ALL": "C.UTF-8", "COLUMNS": "240"}


def _install(checkout: Path, program: StartedProgram | None) -> None:
    """Put `bongsu` into a checkout: a new interpreter for each command, or a process forked from a program."""
    command = ["-m", "bongsu.cli.main"] if program is None else ["-I", "-S", STARTED, "ask", program.address]
    (checkout / BINARIES).mkdir(parents=True)
    launcher = checkout / BINARIES / "bongsu"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, *command])} "$@"\n', "utf-8")
    launcher.chmod(0o755)


def _run(command: str, checkout: Path) -> Printed:
    if NEEDS_SHARED.search(command) and not SHARED.is_dir():
        return Printed(skipped="needs the real lists of ../shared, which are not here")
    environment = _environment()
    done = subprocess.run(
        ["bash", "-c", ALIASES.get(command, command)],
        cwd=checkout,
        env={**environment, "PATH": f"{checkout / BINARIES}:{environment['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    return Printed(code=done.returncode, text=_plain(done.stdout))


@pytest.mark.parametrize("page", MARKDOWN, ids=_name)
def test_every_relative_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    broken = []
    for link in _links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        inside = target == ROOT or ROOT in target.parents
        if not inside or not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_of_docs_is_named_by_an_index() -> None:
    indexes = [ROOT / "docs" / "README.md", ROOT / "docs" / "adr" / "README.md"]
    named = {(index.parent / link.partition("#")[0]).resolve() for index in indexes for link in _links(index)}
    there = set((ROOT / "docs").rglob("*.md")) - {indexes[0]}
    assert sorted(map(_name, there - named)) == []


def test_the_reference_is_the_one_the_code_gives() -> None:
    there = {path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "reference").glob("*.md")}
    assert there == pages(), "run: make reference"


@pytest.mark.parametrize("page", WRITTEN, ids=_name)
def test_every_command_line_parses(page: Path) -> None:
    text = "\n".join(block for _, block in _blocks(page, "console", "sh", "bash", "cron", "ini"))
    refused = []
    for arguments in _invocations(text):
        try:
            _parse(arguments)
        except click.ClickException as error:
            refused.append(f"bongsu {shlex.join(arguments)}: {error.format_message()}")
    assert refused == []


@pytest.mark.parametrize("page", WRITTEN, ids=_name)
def test_every_command_in_running_text_exists(page: Path) -> None:
    prose = FENCE.sub("", page.read_text("utf-8"))
    spans = [" ".join(span.split()) for span in re.findall(r"`bongsu ([^`]+)`", prose)]
    unknown = {span: word for span in spans if (word := _unknown_word(span.split())) not in {None, "..."}}
    assert unknown == {}


@pytest.mark.parametrize("shown", SHOWN, ids=str)
def test_a_command_prints_what_its_page_says(shown: Shown, printed: Callable[[Shown], Printed]) -> None:
    got = printed(shown)
    if got.skipped is not None:
        pytest.skip(got.skipped)
    assert got.code == 0, got.text
    if _pattern(shown.output).fullmatch(got.text) is None:
        assert got.text == _plain("\n".join(shown.output)), f"$ {shown.command}"


@pytest.mark.parametrize("page", WRITTEN, ids=_name)
def test_every_configuration_on_a_page_is_understood(page: Path, tmp_path: Path) -> None:
    for name, content in _files(page).items():
        (tmp_path / name).write_text(content, "utf-8")
        read_config(tmp_path / name)


@pytest.mark.parametrize("page", WRITTEN, ids=_name)
def test_every_law_card_on_a_page_is_understood(page: Path) -> None:
    for line, block in _blocks(page, "toml"):
        if block.startswith("# A resolution card"):
            regime_from([(f"{_name(page)}:{line}", block.encode())])


def test_pages_name_no_place_of_a_machine() -> None:
    places = re.compile(r"(?:/work|/root|/tmp|/home/\w)[/\s]")
    assert [_name(page) for page in WRITTEN if places.search(page.read_text("utf-8"))] == []
