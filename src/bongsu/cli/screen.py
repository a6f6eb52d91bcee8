"""`bongsu screen`: may this person, firm or ship be one of those designated? With the reasons, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bongsu.cli.configuration import config_option, store_address, store_option
from bongsu.cli.options import as_json
from bongsu.cli.terminal import ERR, say, say_json, say_text
from bongsu.cycle.screening import screened_register
from bongsu.evidence.own_file import new_own_file
from bongsu.kernel.errors import UsageError
from bongsu.lists.cleaning import day, state
from bongsu.lists.customers import read_customers
from bongsu.names import Hit, Identifier, Query
from bongsu.names.identifiers import read_number
from bongsu.names.screener import DEFAULT_SCORE, KINDS, LEAST_SCORE
from bongsu.reports import hit_record
from bongsu.reports.hits import HitWriter

NO_VERDICT: Final = "A hit is a possible match for a person to judge, not an accusation; no hit is no licence."
_SUCH_AS: Final = {
    "imo": "give its seven digits, such as 9074729",
    "mmsi": "give its nine digits, such as 445123000",
    "passport": "give it as it is printed in the passport",
}
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("name", required=False)
@click.option("--file", "file", type=_FILE, help="A CSV file of customers, with a column `name`.")
@click.option("--schema", type=click.Choice(KINDS), help="Ask about one kind only.")
@click.option(
    "--min-score",
    type=click.FloatRange(LEAST_SCORE, 1.0),
    default=DEFAULT_SCORE,
    show_default=True,
    help="The lowest score shown, 0.5 to 1.",
)
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="At most so many hits a name.")
@click.option("--imo", help="The ship's IMO number.")
@click.option("--mmsi", help="The ship's MMSI.")
@click.option("--passport", help="A passport number.")
@click.option("--passport-country", help="The State that issued the passport: its name or its two-letter code.")
@click.option("--birth-date", help="YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--all", "every", is_flag=True, help="Also entries that stand under no DPRK programme.")
@click.option("--out", type=_FILE, help="Write the hits of --file here: .csv, or .jsonl for JSON lines.")
@click.option("--force", is_flag=True, help="Replace the file of --out if it is there.")
@config_option
@store_option
@as_json
def screen(
    *,
    name: str | None,
    file: Path | None,
    schema: str | None,
    min_score: float,
    limit: int,
    imo: str | None,
    mmsi: str | None,
    passport: str | None,
    passport_country: str | None,
    birth_date: str | None,
    every: bool,
    out: Path | None,
    force: bool,
    config: Path | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Screen a NAME, or a file of names, against the lists in the store.

    Knows Korean names in every romanisation, Hangul and Hanja, firms whatever their legal form, ships by number. NAME
    may be an IMO number, an MMSI or a wallet address; identifiers beat names. Each hit says why.

    A customer file has a header with `name`; it may have `id`, `schema`, `imo`, `mmsi`, `passport`,
    `passport_country`, `wallet`, `birth_date`. It is read row by row, and every row that cannot be read is named.
    """
    numbers = {"--imo": imo, "--mmsi": mmsi, "--passport": passport}
    of_one = {**numbers, "--passport-country": passport_country, "--birth-date": birth_date}
    _refuse_together(name, file, out, of_one, has_number=any(numbers.values()))
    address = store_address(store, config)
    if file is not None and out is not None:
        _refuse_place(out, file)
    elif file is not None:
        _refuse_unreadable(file)
    register = screened_register(address, every=every)
    if file is None:
        query = Query(
            name=name or "",
            schema=schema,
            identifiers=_identifiers(imo=imo, mmsi=mmsi, passport=passport, passport_country=passport_country),
            birth_dates=_birth_dates(birth_date),
        )
        hits = register.screener.screen(query, min_score=min_score, limit=limit)
        if as_json:
            say_json({"query": query.name, "hits": [hit_record(hit) for hit in hits], "register": register.record()})
            return
        _print_hits(hits)
        say(register.sentence)
        say(NO_VERDICT)
        return
    with _writer(out, force=force, as_json=as_json, against=register.words) as writer, _progress(file) as told:
        for customer in read_customers(file):
            told(customer.bytes_read)
            asked = customer.query if schema is None else customer.asked_as(schema)
            hits = () if asked is None else register.screener.screen(asked, min_score=min_score, limit=limit)
            writer.write(customer, hits)
    ERR.print(f"{writer.summary}\n{register.sentence}\n{NO_VERDICT}", markup=False, soft_wrap=True)


def _refuse_together(
    name: str | None, file: Path | None, out: Path | None, of_one: Mapping[str, str | None], *, has_number: bool
) -> None:
    """Refuse what does not go together, or asks about nobody.

    Args:
        name: who is asked about.
        file: the customer file.
        out: where the answer goes.
        of_one: the options about one name, with their values.
        has_number: whether one of them is a number, which may stand for the name.
    """
    if (name is not None and file is not None) or not (file or has_number or (name or "").strip()):
        raise UsageError("say who is asked about", remedy="give a NAME, a number, or --file with a CSV file")
    given = [option for option, value in of_one.items() if value is not None]
    if file is not None and given:
        raise UsageError(f"{', '.join(given)} cannot go with --file", remedy="give the file a column for it")
    if out is not None and file is None:
        raise UsageError("--out goes with --file")


def _refuse_unreadable(file: Path) -> None:
    """Read a customer file to its end before a line is printed: half an answer would read as if no hits followed.

    Raises:
        UsageError: it cannot be read.
        SourceRefusedError: not UTF-8, no column for names, or garbled; with the line.
    """
    for _ in read_customers(file):
        pass


def _identifiers(
    *, imo: str | None, mmsi: str | None, passport: str | None, passport_country: str | None
) -> tuple[Identifier, ...]:
    given = {"imo": imo, "mmsi": mmsi, "passport": passport}
    return tuple(_number(kind, printed, _issuer(passport_country)) for kind, printed in given.items() if printed)


def _number(kind: str, printed: str, issuer: str | None) -> Identifier:
    """A number that is given by itself: one that is not as it ought to be is refused, but for a false IMO number."""
    made = read_number(kind, printed, issuer=issuer if kind == "passport" else None)
    if made.identifier is None or (made.problem is not None and made.identifier.sound):
        raise UsageError(made.problem or "is no number", remedy=_SUCH_AS[kind])
    return made.identifier


def _issuer(printed: str | None) -> str | None:
    if printed is None:
        return None
    made = state(printed)
    if made.value is None:
        raise UsageError(
            f"{printed!r} {made.rejected}", remedy="give a State's name or its two-letter code, such as KP"
        )
    return made.value


def _birth_dates(printed: str | None) -> tuple[str, ...]:
    if printed is None:
        return ()
    made = day(printed)
    if made.value is None:
        raise UsageError(f"birth date {printed!r}: {made.rejected}", remedy="write 1958, 1958-02 or 1958-02-01")
    return (made.value,)


def _print_hits(hits: Sequence[Hit]) -> None:
    if not hits:
        say("no hit")
    for hit in hits:
        entity = hit.entity
        invented = "  SANDBOX: invented" if entity.sandbox else ""
        say(f"{hit.score:.2f}  {entity.caption}  ({entity.id}, {entity.schema}, {entity.source}){invented}")
        if hit.name is not None and hit.name != entity.caption:
            say(f"      by the name {hit.name}")
        for reason in hit.reasons:
            say(f"      {reason}")
    say()


@contextmanager
def _writer(out: Path | None, *, force: bool, as_json: bool, against: str) -> Iterator[HitWriter]:
    """Where the hits of a file go: standard output, or a file that is whole or not there."""
    if out is None:
        yield HitWriter(say_text, as_json=as_json, against=against)
        return
    with new_own_file(out, force=force) as stream:
        as_lines = as_json or out.suffix == ".jsonl"
        yield HitWriter(lambda text: stream.write(text.encode()), as_json=as_lines, against=against)


def _refuse_place(out: Path, file: Path) -> None:
    """Refuse to write where the answer would take the place of the question.

    Raises:
        UsageError: there is no such folder, or it is the customer file.
    """
    if not out.parent.is_dir():
        raise UsageError("no folder to write into", where=str(out.parent))
    if out.exists() and file.exists() and out.samefile(file):
        raise UsageError("is the customer file itself", where=str(out), remedy="choose another name")


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, by how much of the file has been read; nothing in a pipe."""
    bar = Progress(
        TextColumn("screening"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=ERR,
        transient=True,
        disable=not ERR.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=file.stat().st_size if file.is_file() else None)
        yield lambda bytes_read: bar.update(task, completed=bytes_read)
