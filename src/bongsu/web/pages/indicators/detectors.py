"""What detectors say of themselves: their docstring, and the numbers of their cards with where each comes from.

They are found in the folders of the desks, so that those of a later desk are here too; no detector is loaded for it.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from inspect import cleandoc
from pkgutil import iter_modules
from typing import Any

import bongsu


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number of a card.

    Args:
        name: as the card has it, in words.
        value: with its unit, in words.
        source: where it comes from.
    """

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorText:
    """A detector in words.

    Args:
        name: such as `sea.encounter`.
        title: in a few words.
        sees: what it sees and what it does not, a paragraph each.
        parameters: in the order of the card.
        weights: how much each reason counts, by its name in words.
    """

    name: str
    title: str
    sees: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    weights: tuple[tuple[str, float], ...]

    @property
    def desk(self) -> str:
        """The desk it is of."""
        return self.name.partition(".")[0]


@cache
def detectors() -> Mapping[str, DetectorText]:
    """All detectors of all desks, by name, sorted."""
    return {text.name: text for text in sorted(_found(), key=lambda text: text.name)}


def _found() -> Iterator[DetectorText]:
    for package in iter_modules(bongsu.__path__):
        folder = files("bongsu") / package.name / "detectors"
        if package.ispkg and folder.is_dir():
            names = sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))
            yield from (_text(folder, name) for name in names)


def _text(folder: Traversable, name: str) -> DetectorText:
    card = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    return DetectorText(
        name=card["name"],
        title=card["title"],
        sees=_docstring((folder / f"{name}.py").read_text("utf-8")),
        parameters=tuple(
            Parameter(name=_words(key), value=_value(table), source=table["source"])
            for key, table in card.items()
            if isinstance(table, dict) and "source" in table
        ),
        weights=tuple((_words(key), float(weight)) for key, weight in card.get("weights", {}).items()),
    )


def _docstring(code: str) -> tuple[str, ...]:
    """The paragraphs of what `detect` says of itself, without its arguments."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef) and node.name == "detect":
            told = cleandoc(ast.get_docstring(node) or "").partition("\nArgs:")[0]
            return tuple(" ".join(part.split()) for part in told.split("\n\n") if part.strip())
    return ()


def _value(table: Mapping[str, Any]) -> str:  # Any: numbers and texts of a card
    said = {key: value for key, value in table.items() if key not in {"source", "unit"}}
    if set(said) == {"value"}:
        return f"{_number(said['value'])} {_words(str(table.get('unit', '')))}".strip()
    return ", ".join(f"{_words(key)} {_number(value)}" for key, value in said.items())


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
