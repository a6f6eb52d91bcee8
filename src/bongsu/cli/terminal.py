"""What the command line says, and where: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bongsu.kernel.canonical import JsonValue, canonical_json


class ReaderGoneError(Exception):
    """The reader of our output went away (`| head`). No OSError, or click would make an exit code of its own of it."""


class _Results(Console):
    """A console that leaves it to `main` to end quietly when the reader of our output went away."""

    def on_broken_pipe(self) -> None:
        """Let it be known; rich itself would exit with 1."""
        raise ReaderGoneError


OUT: Final = _Results(highlight=False, emoji=False, soft_wrap=True)
_WIDEST: Final = 60  # of a column in a pipe: one long remark must not push all other rows apart
ERR: Final = Console(stderr=True, highlight=False, emoji=False)


def say(text: str = "") -> None:
    """A line of the result. What a source printed can hold no escape sequence or rich mark-up."""
    OUT.print(plain(text), markup=False)


def say_json(value: JsonValue) -> None:
    """The result as canonical JSON (RFC 8785) in one line: UTF-8 whatever the terminal's encoding."""
    try:
        click.echo(canonical_json(value))
    except BrokenPipeError:
        raise ReaderGoneError from None


def say_text(text: str) -> None:
    """Lines of a result that another program reads, as they are: UTF-8 whatever the terminal's encoding."""
    try:
        click.echo(text.encode(), nl=False)
    except BrokenPipeError:
        raise ReaderGoneError from None


def say_bytes(pieces: Iterable[bytes]) -> None:
    """A result that is a file of its own, piece by piece and as it is."""
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise ReaderGoneError from None


def say_beside(text: str = "") -> None:
    """A line beside a result that has standard output for itself."""
    ERR.print(plain(text), markup=False, soft_wrap=True)


def plain(text: str) -> str:
    """A text without control characters, so that no source can steer a terminal; line ends stay.

    White space of any other kind, such as a no-break space, becomes a blank: names must not grow together.
    """
    return "".join(
        character if character.isprintable() or character == "\n" else " " if character.isspace() else ""
        for character in text
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """Rows under headings; columns whose index is in `right` are numbers.

    In a pipe there is no width to keep to: every row is one line, for grep and cut.
    """
    if not OUT.is_terminal:
        _lines(columns, rows, right)
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        grid.add_column(column, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(plain(str(cell))) for cell in row))
    OUT.print(grid, soft_wrap=False)


def _lines(columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int]) -> None:
    cells = [list(columns), *([_one_line(str(cell)) for cell in row] for row in rows)]
    widths = [min(_WIDEST, max(cell_len(row[index]) for row in cells)) for index in range(len(columns))]
    for row in cells:
        padded = (
            " " * (width - cell_len(cell)) + cell if index in right else cell + " " * (width - cell_len(cell))
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        say("  ".join(padded).rstrip())


def _one_line(text: str) -> str:
    return plain(text).replace("\n", " ")  # blanks stay: a quoted value may differ from another in them alone


def unwrapped(text: str) -> str:
    """A text in one line, any white space between its words as one blank."""
    return " ".join(text.split())


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


def several(number: int, word: str) -> str:
    """A number and what it counts: `1 ship`, `2 ships`."""
    return f"{counted(number)} {word if number == 1 else f'{word}s'}"


def pairs(values: Mapping[str, object]) -> None:
    """Names and values, one pair a line."""
    width = max(len(name) for name in values) + 2
    for name, value in values.items():
        say(f"{name:<{width}}{value}")
