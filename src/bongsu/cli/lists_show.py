"""`bongsu lists show`: what the lists have said of one entry over time, and whether it was designated on a day."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Final

import click

from bongsu.cli.configuration import config_option, store_address, store_option
from bongsu.cli.options import as_json, now, on_day
from bongsu.cli.terminal import say, say_json, table, unwrapped
from bongsu.cycle.answers import Answer, designated
from bongsu.kernel.errors import UsageError
from bongsu.lists.register import Sighting

# What ties an address or a passport to the one listed: ids of ours, for machines.
_LINKS: Final = frozenset({"addressEntity", "holder", "subject", "entity"})


@click.command()
@click.argument("reference")
@click.option("--on", "on", callback=on_day, metavar="YYYY-MM-DD", help="Was it designated on this day?")
@config_option
@store_option
@as_json
def show(reference: str, on: date | None, config: Path | None, store: str | None, as_json: bool) -> None:
    """Show what the lists have said of one entry over time, from the history of the copies in the store.

    With --on: was it designated on that day? Yes, no, or unknown; of a day to come it is unknown.

    REFERENCE is the list's own number (KPi.033, or OFAC's 9345), an id of ours (un_sc:KPi.033), an IMO number, or the
    exact name or alias. Every value carries the first and the last copy in which it stood.
    """
    answers = designated(store_address(store, config), reference, on, now().date())
    if not answers:
        raise UsageError(
            f"no copy in the store holds {reference!r} as a number, an exact name or an exact alias",
            where=store_address(store, config),
            remedy="run a cycle first (bongsu run), or check the spelling: this compares exactly and is no screening",
        )
    if as_json:
        say_json([answer.record() for answer in answers])
        return
    for index, answer in enumerate(answers):
        if index:
            say()
        _print_answer(answer)


def _print_answer(answer: Answer) -> None:
    say(f"{answer.name} ({answer.listing}, {answer.schema})")
    say(f"  list: {answer.title}{' (SANDBOX: invented)' if answer.sandbox else ''}")
    say(
        f"  in the copies of {answer.first_seen} to {answer.last_seen} ({answer.copies_with} of {answer.copies} copies)"
    )
    if answer.last_served:
        say(f"  the last copy was last seen unchanged on {answer.last_served}")
    if answer.listed_on:
        say(f"  listed on, as printed: {answer.listed_on}")
    if answer.verdict is not None:
        say(f"  {answer.verdict.sentence}")
    say()
    shown = [row for row in answer.rows if row.prop not in _LINKS]
    alike = Counter((_property(answer, row), unwrapped(row.value)) for row in shown)
    rows = [
        (
            _property(answer, row),
            _printed(row.value, alike[what] > 1),
            row.first_seen,
            row.last_seen,
            row.rejected or "",
        )
        for row in shown
        for what in [(_property(answer, row), unwrapped(row.value))]
    ]
    table(("property", "as printed", "first copy", "last copy", "not understood because"), rows)


def _printed(value: str, stands_twice: bool) -> str:
    """A value in one line; quoted with its blanks where it would look like another one without them."""
    return repr(value) if stands_twice else unwrapped(value)


def _property(answer: Answer, row: Sighting) -> str:
    """A property of the listed one by its name, one of an address or a passport with what it belongs to."""
    return row.prop if row.entity == answer.listing else f"{row.schema}.{row.prop}"
