"""What every module of the package keeps to: it says what it is, stays short, and never prints."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import bongsu

PACKAGE = Path(bongsu.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
# Run as a program of its own, whose output the site reads: what it prints is the picture of a page.
PROGRAMS = frozenset({PACKAGE / "web/pages/exhibits/sheets/draw.py"})

every_module = pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_bytes(), filename=str(module))


def public(holder: ast.Module | ast.ClassDef, path: str = "") -> Iterator[tuple[str, Named]]:
    """Public functions and classes of a module, and public methods of its public classes, with their path."""
    for node in holder.body:
        if (
            isinstance(node, Named) and not node.name.startswith("_") and node.name != "Meta"
        ):  # Django's word for options
            yield f"{path}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node, f"{path}{node.name}.")


def test_there_are_modules() -> None:
    assert len(MODULES) > 50


@every_module
def test_a_module_opens_with_a_sentence_that_says_what_it_is(module: Path) -> None:
    docstring = ast.get_docstring(tree_of(module))
    assert docstring is not None
    first = docstring.partition("\n")[0]
    assert re.fullmatch(r"[A-Z`].{10,118}[.?]", first), first


@every_module
def test_everything_public_has_a_docstring(module: Path) -> None:
    bare = [path for path, node in public(tree_of(module)) if not ast.get_docstring(node)]
    assert bare == []


@every_module
def test_a_file_stays_short(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) <= LONGEST_FILE


@every_module
def test_a_function_stays_short(module: Path) -> None:
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


@every_module
def test_no_module_prints(module: Path) -> None:
    calls = [node for node in ast.walk(tree_of(module)) if isinstance(node, ast.Call)]
    assert [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"] == []


@every_module
def test_no_module_but_the_command_line_s_exits_or_writes_to_the_terminal(module: Path) -> None:
    if module.is_relative_to(PACKAGE / "cli") or module in PROGRAMS:
        return
    written = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert written & {"sys.exit", "os._exit", "sys.stdout", "sys.stderr"} == set()


@every_module
def test_only_the_outermost_shell_catches_everything(module: Path) -> None:
    """A broad `except` elsewhere would hide a defect from whoever has to know of it."""
    broad = [
        node.lineno
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert broad == [] or module == PACKAGE / "cli" / "shell.py"


@every_module
def test_nothing_above_the_watch_asks_the_wall_clock(module: Path) -> None:
    """Same bytes in, same bytes out: the clock comes in as an argument, and only the command line reads it."""
    if module.is_relative_to(PACKAGE / "cli"):
        return
    asked = [
        f"{node.attr} in line {node.lineno}"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "time_ns"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "time"}
    ]
    assert asked == []
