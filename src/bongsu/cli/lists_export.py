"""`bongsu lists export`: a list for other programs, in FollowTheMoney's form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import click

from bongsu.cli.configuration import config_option, store_address, store_option
from bongsu.cli.options import as_json
from bongsu.cli.terminal import counted, say, say_beside, say_bytes, say_json
from bongsu.cycle.exports import last_copy
from bongsu.evidence import write_own_file
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import UsageError
from bongsu.lists.cards import SourceCard, source_names
from bongsu.lists.files import read_file
from bongsu.lists.ftm import Export, Seen, convert
from bongsu.lists.ftm_lines import entity_lines, statement_csv, statement_lines
from bongsu.lists.model import Statement
from bongsu.lists.register import dprk_only
from bongsu.sandbox import SANDBOX_LIST, sandbox_exhibits

_STDOUT: Final = Path("-")
_WHY: Final = {
    "rejected": "was rejected when the list was read",
    "no property": "is no property in FollowTheMoney",
    "no value": "is no value that FollowTheMoney takes there",
    "reference": "refers to what is not exported or must not be referred to there",
    "incomplete": "is of a sub-entity that lacks what FollowTheMoney requires",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The list or file asked for: its card and day, what it says, since when, and whether it is invented."""

    card: SourceCard
    list_date: date | None
    statements: tuple[Statement, ...]
    seen: Callable[[Statement], Seen | None]
    invented: bool


@click.command()
@click.argument("file_or_list", metavar="FILE_OR_LIST")
@click.option(
    "--format",
    "form",
    type=click.Choice(("ftm", "statements")),
    default="ftm",
    show_default=True,
    help="Entities, or every single value with its place in the list.",
)
@click.option("--source", type=click.Choice(source_names()), help="The list a file is a copy of; else recognised.")
@click.option("--dprk", is_flag=True, help="Only entries under a DPRK programme.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    required=True,
    help="The file to write; - for standard output.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@config_option
@store_option
@as_json
def export(
    file_or_list: str,
    form: str,
    source: str | None,
    dprk: bool,
    output: Path,
    force: bool,
    config: Path | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Write a list in FollowTheMoney's form, for programs that read it.

    FILE_OR_LIST is a copy of a list as `bongsu lists count` takes it, or the id of a list (un_sc) whose last good copy
    in the store is meant; then every value carries the first and the last copy that holds it.

    --format ftm writes one entity per line, as in entities.ftm.json. --format statements writes one value per line with
    its citation: CSV where the output's name ends in .csv, else JSON lines. What FollowTheMoney has no place for stands
    in an entity's notes, and is counted.
    """
    if as_json and output == _STDOUT:
        raise UsageError(
            "standard output cannot hold the list and its counts", remedy="name a file, or leave --json out"
        )
    asked = _asked(file_or_list, source, config, store)
    statements = dprk_only(asked.statements, asked.card) if dprk else asked.statements
    made = convert(statements, asked.card.id, asked.seen)
    lines = _lines(made, form, output)
    if output == _STDOUT:
        say_bytes(lines)
    else:
        write_own_file(output, lines, force=force)
    if as_json:
        say_json(_record(asked, made, form, dprk=dprk))
    else:
        _tell(asked, made, say_beside if output == _STDOUT else say, dprk=dprk)


def _asked(name: str, source: str | None, config: Path | None, store: str | None) -> _Asked:
    if name in {*source_names(), SANDBOX_LIST}:
        if source is not None:
            raise UsageError(
                f"{name!r} names a list; --source is for files", remedy=f"for a file of that name write ./{name}"
            )
        return _from_store(name, store_address(store, config))
    if not Path(name).exists():
        raise UsageError(
            "is neither a file nor a list",
            where=name,
            remedy=f"lists are: {', '.join([*source_names(), SANDBOX_LIST])}",
        )
    where, reading = read_file(Path(name), source)
    day = reading.printed_on
    seen = None if day is None else Seen(first=day, last=day)
    return _Asked(
        card=where.card,
        list_date=day,
        statements=reading.statements,
        seen=lambda _: seen,
        invented=any(row.exhibit in sandbox_exhibits() for row in reading.statements[:1]),
    )


def _from_store(list_id: str, address: str) -> _Asked:
    last = last_copy(address, list_id)
    return _Asked(
        card=last.card,
        list_date=last.copy.list_date,
        statements=last.statements,
        seen=lambda row: last.seen.get(row.id),
        invented=last.copy.sandbox,
    )


def _lines(made: Export, form: str, output: Path) -> Iterator[bytes]:
    if form == "ftm":
        return entity_lines(made)
    return statement_csv(made) if output.suffix.lower() == ".csv" else statement_lines(made)


def _tell(asked: _Asked, made: Export, tell: Callable[[str], None], *, dprk: bool) -> None:
    if asked.invented:
        tell("SANDBOX: a copy of an invented list. No one in it exists.")
    day = "" if asked.list_date is None else f", of {asked.list_date}"
    tell(f"{asked.card.title}{day}{', DPRK programmes only' if dprk else ''}")
    tell(
        f"{counted(len(made.listings))} listings, {counted(len(made.captions))} entities, "
        f"{counted(len(made.values))} values"
    )
    for noted in made.noted:
        tell(f"  in notes: {noted.schema}.{noted.prop} {_WHY[noted.why]}: {counted(noted.count)}")


def _record(asked: _Asked, made: Export, form: str, *, dprk: bool) -> dict[str, JsonValue]:
    return {
        "source": asked.card.id,
        "title": asked.card.title,
        "sandbox": asked.invented,
        "list_date": None if asked.list_date is None else asked.list_date.isoformat(),
        "format": form,
        "dprk_only": dprk,
        "listings": len(made.listings),
        "entities": len(made.captions),
        "values": len(made.values),
        "in_notes": [
            {"schema": noted.schema, "property": noted.prop, "why": noted.why, "count": noted.count}
            for noted in made.noted
        ],
    }
