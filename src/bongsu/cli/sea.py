"""`bongsu sea`: ship positions, from files of receivers and publishers into the lake."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bongsu.cli.configuration import config_option, store_address, store_option
from bongsu.cli.deferral import Deferred, LazyGroup
from bongsu.cli.options import as_json, now
from bongsu.cli.terminal import ERR, counted, say, say_beside, say_json, table
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder, own_file
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.sea.cards import Source, sources
from bongsu.sea.intake import Mapping, Taken, mapping_from, source_of, take_in
from bongsu.sea.lake import Lake
from bongsu.sea.model import SANDBOX

_SHOWN: Final = 10  # records set aside that are printed of each file
_PATH = click.Path(path_type=Path)


@click.group(cls=LazyGroup)
def sea() -> None:
    """The sea: ship positions, what ships say of themselves, and events that others published."""


sea.add_command(
    Deferred(
        "bongsu.cli.sea_listen",
        "listen",
        summary="Receive AIS sentences until Ctrl-C, and take them into the lake.",
    )
)
sea.add_command(
    Deferred(
        "bongsu.cli.sea_detect",
        "detect",
        summary="Look for what ships did in the positions of the store, and say for each sign why, "
        "and what else could explain it.",
    )
)
sea.add_command(
    Deferred(
        "bongsu.cli.sea_detect",
        "track",
        summary="Show the way of one ship and what she said of herself; NUMBER is her MMSI or IMO number.",
    )
)


@sea.command(name="sources")
@as_json
def sources_(as_json: bool) -> None:
    """Name the sources of positions that can be read, with their terms."""
    cards = [each.card for each in sources().values()]
    if as_json:
        say_json(
            [
                {
                    "id": card.id,
                    "title": card.title,
                    "publisher": card.publisher,
                    "gives": sorted(card.gives),
                    "homepage": card.homepage,
                    "licence": card.licence,
                }
                for card in cards
            ]
        )
        return
    rows = [(card.id, card.title, ", ".join(sorted(card.gives)), card.licence) for card in cards]
    table(("source", "title", "gives", "terms"), rows)


@sea.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=_PATH, metavar="PATH...")
@click.option("--source", type=click.Choice(tuple(sources())), help="What the files are; by default it is recognised.")
@click.option("--mapping", type=click.Path(dir_okay=False, path_type=Path), help="What the columns of own files mean.")
@click.option("--at", metavar="TIME", help="The time (ISO 8601) of reports that bear none; else they are set aside.")
@click.option("--sandbox", is_flag=True, help="The ships in the files are invented: every row will say so.")
@config_option
@store_option
@as_json
def import_(
    paths: tuple[Path, ...],
    source: str | None,
    mapping: Path | None,
    at: str | None,
    sandbox: bool,
    config: Path | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Take files of ship positions in: their bytes as exhibits, what they say into the lake.

    PATH is a file, packed with gzip, zip or Zstandard or not, or a folder with such files. Every line is accounted for:
    taken, a comment, or set aside with the reason. What was imported before is not imported again, and an import that
    was interrupted goes on when the same command is run again.

    A table whose columns bear names of their own needs a mapping (TOML) that says what each means: copy
    examples/sea-columns.toml.
    """
    if mapping is not None and source is not None:
        raise UsageError("a mapping is its own source", remedy="leave --source out")
    said = None if mapping is None else mapping_from(mapping)
    files = [(path, said.source) for path, _ in _files(paths)] if said else _recognised(paths, source)
    folder = Folder.open(store_address(store, config))
    lake = Lake(folder)
    taken: list[Taken] = []
    refused: list[SourceRefusedError] = []
    moment = None if at is None else instant(at)
    intake = _Intake(ExhibitStore(folder, tool=TOOL), lake, said, moment, SANDBOX if sandbox else "")
    with folder.exclusive(), _bar() as bar:
        folder.sweep()
        for path, each in files:
            try:
                taken.append(intake.take(path, each, bar))
            except SourceRefusedError as error:
                refused.append(error)
    lake_counts = lake.counts()
    if as_json:
        say_json(_record(taken, refused, lake_counts))
    else:
        _print(taken, lake_counts)
        for exhibit in intake.exhibits.mended:
            say(f"  evidence: exhibit {exhibit} was damaged; the same bytes came once more and took their place again")
    _end_refused(refused)


@dataclass(frozen=True, slots=True)
class _Intake:
    """What is the same for every file of one command."""

    exhibits: ExhibitStore
    lake: Lake
    mapping: Mapping | None
    at: datetime | None
    world: str

    def take(self, path: Path, source: Source, bar: Progress) -> Taken:
        """Take one file in, with its line in the progress."""
        with own_file(path) as stream:
            size = stream.seek(0, io.SEEK_END)
        task = bar.add_task(path.name, total=size, lines="")
        try:
            return take_in(
                path,
                source,
                exhibits=self.exhibits,
                lake=self.lake,
                now=now(),
                tool=TOOL,
                mapping=self.mapping,
                at=self.at,
                world=self.world,
                read=lambda done: bar.update(task, completed=done),
                landed=lambda line: bar.update(task, lines=f"{counted(line)} lines"),
            )
        finally:
            bar.remove_task(task)


@contextmanager
def _bar() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TextColumn("{task.fields[lines]}"))
    with Progress(*columns, TimeRemainingColumn(), console=ERR, transient=True, disable=not ERR.is_terminal) as bar:
        yield bar


def _recognised(paths: Sequence[Path], source: str | None) -> list[tuple[Path, Source]]:
    """The files of some paths and what each is; a file in a folder that is no source's is told and left out.

    Raises:
        UsageError: a file that was named is none, or no file in a folder is.
    """
    found: list[tuple[Path, Source]] = []
    refused: UsageError | None = None
    for path, in_folder in _files(paths):
        try:
            found.append((path, source_of(path, source)))
        except UsageError as error:
            if not in_folder:
                raise
            refused = error
            say_beside(f"left out: {path}: {error.what}")
    if not found and refused is not None:
        raise refused
    return found


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """The files of some paths, and whether each was found in a folder: in it and below, sorted, without hidden ones."""
    for path in paths:
        if not path.is_dir():
            yield path, False
            continue
        found = sorted(
            file
            for file in path.rglob("*")
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
        )
        if not found:
            raise UsageError("there is no file in this folder", where=str(path))
        yield from ((file, True) for file in found)


def _print(taken: Sequence[Taken], lake: dict[str, int]) -> None:
    for each in taken:
        _print_file(each)
    say(
        f"the lake holds {counted(lake['positions'])} positions of {counted(lake['days'])} days, "
        f"{counted(lake['identities'])} identities and {counted(lake['events'])} published events, "
        f"of {counted(lake['exhibits'])} exhibits"
    )


def _print_file(taken: Taken) -> None:
    card, journal = taken.source.card, taken.journal
    say(f"{taken.path}: {card.title} ({card.id})")
    say(f"  exhibit {taken.exhibit}, {counted(taken.size)} bytes")
    if taken.from_line is None:
        say("  was imported before; nothing to do")
    elif taken.from_line > 1:
        say(f"  went on with line {counted(taken.from_line)}")
    if taken.surprise is not None:
        say(f"  warning: {taken.surprise}")
    rows = sorted(journal.counted.items(), key=lambda row: (_rank(row[0]), row[0]))
    table(("what became of its lines", "count"), [(words, counted(count)) for words, count in rows], right=(1,))
    if journal.rows.get("identities"):
        say(f"  {counted(journal.rows['identities'])} identities, equal reports in a row made one")
    for record in journal.set_aside[:_SHOWN] if taken.from_line is not None else ():
        field = f", {record.field}" if record.field else ""
        say(f"  set aside: line {record.line}{field}: {record.reason}: {record.value}")
    say()


def _rank(words: str) -> int:
    """Taken first, then set aside, then what was seen in lines that were taken."""
    order = ("set aside: ", "nulled: ", "kept: ")
    return next((index for index, start in enumerate(order, start=1) if words.startswith(start)), 0)


def _record(
    taken: Sequence[Taken], refused: Sequence[SourceRefusedError], lake: dict[str, int]
) -> dict[str, JsonValue]:
    files: list[JsonValue] = [
        {
            "path": str(each.path),
            "source": each.source.card.id,
            "exhibit": each.exhibit,
            "bytes": each.size,
            "lines": each.journal.last_line,
            "from_line": each.from_line,
            "counted": dict(each.journal.counted),
            "rows": dict(each.journal.rows),
            "set_aside": [
                {"line": row.line, "field": row.field, "reason": row.reason, "value": row.value}
                for row in each.journal.set_aside
            ],
            "surprise": each.surprise,
        }
        for each in taken
    ]
    return {"files": files, "refused": [str(error) for error in refused], "lake": dict(lake)}


def _end_refused(refused: Sequence[SourceRefusedError]) -> None:
    """End with what was refused, if anything was.

    Raises:
        SourceRefusedError: the last of the refused files; the others are said before it.
    """
    if not refused:
        return
    for error in refused[:-1]:
        say_beside(f"refused: {error}")
    raise refused[-1]
