"""What the command line says, and where: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from bongsu.kernel.canonical import JsonValue, canonical_json

# In a pipe there is no width to keep to: columns stay whole, for grep and cut.
OUT: Final = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 240)
ERR: Final = Console(stderr=True, highlight=False)


def say(text: str = "") -> None:
    """A line of the result. What a source printed can hold no escape sequence or rich mark-up."""
    OUT.print(plain(text), markup=False)


def say_json(value: JsonValue) -> None:
    """The result as canonical JSON (RFC 8785) in one line."""
    click.echo(canonical_json(value).decode("utf-8"))


def plain(text: str) -> str:
    """A text without control characters, so that no source can steer a terminal; line ends stay."""
    return "".join(character for character in text if character.isprintable() or character == "\n")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """Rows under headings; columns whose index is in `right` are numbers."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        grid.add_column(column, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(_escaped(cell) for cell in row))
    OUT.print(grid, soft_wrap=False)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A status line on a terminal, silence in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with ERR.status("working") as status:
        yield lambda text: status.update(plain(text))


def counted(number: int) -> str:
    """A number with commas between thousands."""
    return f"{number:,}"


def pairs(values: Mapping[str, object]) -> None:
    """Names and values, one pair a line."""
    width = max(len(name) for name in values) + 2
    for name, value in values.items():
        say(f"{name:<{width}}{value}")


def _escaped(cell: object) -> str:
    return plain(str(cell)).replace("[", "\\[")
