"""What may be missing: every code is used, every sentence can be filled in, and none hides what differs."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest

import bongsu.cases
from bongsu.cases.catalogue import CATALOGUE
from bongsu.cases.situation import lacks

FOLDER = Path(bongsu.cases.__file__).parent


def named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def used() -> set[str]:
    """The texts that are the first argument of a call that makes a missing thing."""
    calls = (
        node
        for module in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(module.read_bytes()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"lacks", "_objection"}
    )
    first = (call.args[0] for call in calls)
    return {argument.value for argument in first if isinstance(argument, ast.Constant)}


def test_every_code_is_used_and_every_used_code_is_in_the_catalogue() -> None:
    assert used() == set(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_says_what_and_what_helps(code: str) -> None:
    said = CATALOGUE[code]
    values = {name: f"<{name}>" for name in named(said.text) | named(said.remedy)}
    found = lacks(code, "here", **values)
    assert found.text[0].isupper() or found.text.startswith("<")
    assert found.text.endswith((".", "”.", ">"))
    assert found.remedy.endswith(".")
    assert dict(found.values) == values
    assert found.record()["code"] == code


def test_a_sentence_without_its_values_is_an_error() -> None:
    with pytest.raises(KeyError):
        lacks("role_too_low")
