"""`bongsu sandbox`: make an invented world of ships, and see how well the detectors do in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from bongsu.cli.options import as_json
from bongsu.cli.terminal import counted, pairs, progress, say, say_json, table
from bongsu.evidence import Folder
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import day
from bongsu.kernel.errors import UsageError
from bongsu.sandbox.sea.scoring import Score, Scores
from bongsu.sandbox.sea.trial import tried
from bongsu.sandbox.sea.truth import DETECTORS, truth_text
from bongsu.sandbox.sea.world import DEFAULT_START, FEWEST_DAYS, FEWEST_VESSELS, World, make_world
from bongsu.sandbox.sea.writing import FORMS, TRUTH_FILE, WORLD_FILE, files, world_text
from bongsu.tables.engine import Engine

_SHOWN: Final = 20  # missed and false ones that are printed of each detector


@click.group()
def sandbox() -> None:
    """Invented worlds with a known truth. No ship in them exists, and all that they write says so."""


@sandbox.command()
@click.option("--vessels", default=2000, show_default=True, help=f"How many ships, {FEWEST_VESSELS} or more.")
@click.option("--days", default=14, show_default=True, help=f"How many days, {FEWEST_DAYS} or more.")
@click.option("--seed", default=7, show_default=True, help="The same seed makes the same world.")
@click.option("--start", metavar="DAY", help=f"Its first day; by default {DEFAULT_START.date()}.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="A folder for its files.")
@click.option("--form", type=click.Choice(FORMS), default="parquet", show_default=True, help="What its files are.")
@as_json
def make(vessels: int, days: int, seed: int, start: str | None, out: Path, form: str, as_json: bool) -> None:
    """Make a world of ships from a seed: what was heard of them, and what each of them was truly up to.

    It writes one file for each day, and beside them world.json (what the world was made from, and its register of
    ships) and truth.json (what was planted for which detector, and what only looks alike). The form nmea is a log of
    AIVDM sentences, csv has the columns of MarineCadastre, and parquet the rows that detectors read.
    """
    begins = DEFAULT_START if start is None else datetime.combine(day(start), datetime.min.time(), tzinfo=UTC)
    folder = Folder.open(str(out))
    if any(folder.exists(name) for name in (TRUTH_FILE, WORLD_FILE)):
        raise UsageError("there is a world in this folder already", where=str(out), remedy="name another folder")
    with progress() as tell:
        tell("sending ships to sea")
        world = make_world(seed=seed, vessels=vessels, days=days, start=begins)
        written = {}
        for name, content in files(world, form, tell):
            folder.replace(name, content)
            written[name] = len(content)
        folder.replace(WORLD_FILE, world_text(world).encode())
        folder.replace(TRUTH_FILE, truth_text(world.truth).encode())
    if as_json:
        say_json({**_record(world), "out": str(out), "files": written})
        return
    say(f"SANDBOX: an invented world in {out}. No ship in it exists.")
    pairs(
        {
            "ships": counted(len(world.vessels)),
            "positions": counted(len(world.positions)),
            "static reports": counted(len(world.statements)),
            "planted": counted(sum(each.role == "planted" for each in world.truth)),
            "files": counted(len(written)),
            "bytes": counted(sum(written.values())),
            "digest": world.digest(),
        }
    )


def _record(world: World) -> dict[str, JsonValue]:
    return {
        "sandbox": True,
        "seed": world.seed,
        "vessels": len(world.vessels),
        "days": world.days,
        "positions": len(world.positions),
        "statements": len(world.statements),
        "planted": sum(each.role == "planted" for each in world.truth),
        "digest": world.digest(),
    }


@sandbox.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--detector", "only", multiple=True, type=click.Choice(DETECTORS), help="Only this one; may be repeated.")
@as_json
def score(folder: Path, only: tuple[str, ...], as_json: bool) -> None:
    """Run the detectors over a made world, and hold what they find against its truth.

    Precision is the share of signs that are of something planted; recall is the share of what was planted that was
    found. A sign of something that is truly so without having been planted counts for nothing. What was missed and what
    was seen in vain is named, the latter with the innocent story that it was mistaken for, where there is one.
    """
    with progress() as tell, Engine() as engine:
        scores = tried(Folder.open(str(folder), create=False), engine, only=only, tell=tell)
    if as_json:
        say_json(scores.record())
        return
    _print(scores)


def _print(scores: Scores) -> None:
    say("SANDBOX: how the detectors do in an invented world")
    right = (1, 2, 3, 4, 5)
    headings = ("detector", "planted", "found", "recall", "precision", "false")
    table(headings, [_row(name, each) for name, each in scores.detectors.items()], right=right)
    if scores.rules:
        say()
        table(("rule", *headings[1:]), [_row(name, each) for name, each in scores.rules.items()], right=right)
    for name, each in scores.detectors.items():
        _print_errors(name, each)


def _row(name: str, score: Score) -> tuple[str, ...]:
    recall, precision = ("-" if share is None else f"{share:.2f}" for share in (score.recall, score.precision))
    return name, counted(score.planted), counted(score.found), recall, precision, counted(len(score.false))


def _print_errors(name: str, score: Score) -> None:
    for missed in score.missed[:_SHOWN]:
        numbers = ", ".join(f"{key} {value}" for key, value in missed.numbers.items())
        what = missed.story if missed.rule is None else f"{missed.story}, {missed.rule}"
        ships = ", ".join(map(str, missed.mmsis))
        say(
            f"missed: {name}: {what}: {ships} from {missed.first_at:%m-%d %H:%M} "
            f"to {missed.last_at:%m-%d %H:%M}; {numbers}"
        )
    for mistake in score.false[:_SHOWN]:
        like = f" (it looks like {', '.join(mistake.looks_like)})" if mistake.looks_like else ""
        say(f"false: {name}: {mistake.sign.label or sorted(mistake.sign.mmsis)}{like}")
    for kind, errors in (("missed", score.missed), ("false", score.false)):
        if len(errors) > _SHOWN:
            say(f"{kind}: {name}: and {len(errors) - _SHOWN} more; --json has them all")
