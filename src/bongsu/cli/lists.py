"""`bongsu lists`: what a copy holds, what changed between two, and who was designated when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import click

from bongsu.cli.options import as_json, config_option, now, on_day, store_address, store_option
from bongsu.cli.terminal import counted, pairs, say, say_json, table
from bongsu.cycle.answers import Answer, designated
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import UsageError
from bongsu.lists.acceptance import Size, loss, unbelievable, unbelievable_beside
from bongsu.lists.cards import SourceCard, sources
from bongsu.lists.changes import KINDS, Change, compare, counts
from bongsu.lists.files import read_file
from bongsu.lists.model import Reading
from bongsu.lists.register import Sighting
from bongsu.sandbox import sandbox_exhibits, sandbox_source

# What ties an address or a passport to the one listed: ids of ours, for machines.
_LINKS: Final = frozenset({"addressEntity", "holder", "subject", "entity"})
_FILE = click.Path(dir_okay=False, path_type=Path)
_source = click.option("--source", type=click.Choice(tuple(sources())), help="The list; by default it is recognised.")


@click.group()
def lists() -> None:
    """Designation lists: what a copy holds, what changed, who was designated when."""


@lists.command()
@click.argument("file", type=_FILE)
@_source
@as_json
def count(file: Path, source: str | None, as_json: bool) -> None:
    """Count what a copy of a list holds, against what was read of it and what was set aside.

    FILE may be packed with gzip. The other files of OFAC's set (alt, add, sdn_comments) are looked for beside it.
    """
    where, reading = read_file(file, source)
    if as_json:
        say_json(_count_record(where.card, reading))
        return
    tally = reading.tally
    _say_if_invented(reading)
    say(f"{where.card.title}{'' if reading.printed_on is None else f', of {reading.printed_on}'}")
    pairs(
        {
            "entries in the file": counted(tally.in_file),
            "read": counted(tally.read),
            "set aside whole": counted(tally.entries_set_aside),
            "persons": counted(tally.persons),
            "organisations": counted(tally.organisations),
            "vessels": counted(tally.vessels),
            "aircraft": counted(tally.aircraft),
            **({"others": counted(tally.others)} if tally.others else {}),
            "aliases": counted(tally.aliases),
            "aliases in remarks": counted(tally.aliases_in_remarks),
            "DPRK-programme entries": counted(tally.dprk),
            "quarantined": counted(tally.set_aside),
            "values rejected": counted(tally.rejected),
        }
    )
    if reading.parts_missing:
        say(f"without {', '.join(reading.parts_missing)}: not found beside {file.name}")
    for row in reading.set_aside:
        what = "entry" if row.whole_entry else row.field or "row"
        say(f"  quarantined: {row.part} {row.locator}, {what}: {row.reason}: {row.value}")


def _say_if_invented(*readings: Reading) -> None:
    if any(_is_invented(reading) for reading in readings):
        say("SANDBOX: a copy of an invented list, in the form of the real one. No one in it exists.")


def _is_invented(reading: Reading) -> bool:
    return any(statement.exhibit in sandbox_exhibits() for statement in reading.statements[:1])


def _count_record(card: SourceCard, reading: Reading) -> dict[str, JsonValue]:
    return {
        "source": card.id,
        "title": card.title,
        "sandbox": _is_invented(reading),
        "list_date": None if reading.printed_on is None else reading.printed_on.isoformat(),
        **reading.tally.record(),
        "parts_missing": list(reading.parts_missing),
        "quarantine": [row.record() for row in reading.set_aside],
    }


@lists.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@_source
@click.option("--dprk", is_flag=True, help="Only entries under a DPRK programme.")
@click.option("--all", "every", is_flag=True, help="Name entries whose formatting alone changed too.")
@as_json
def diff(old: Path, new: Path, source: str | None, dprk: bool, every: bool, as_json: bool) -> None:
    """Show who was listed, delisted and amended between two copies of a list, field by field.

    Changes of formatting alone (case, blanks, Unicode spellings) are told apart, and so are entries in which only the
    list keeper's own dates and numbers changed. Where `bongsu run` would refuse the later copy beside the earlier one,
    or warn of what it lacks, this says so.
    """
    where, before = read_file(old, source)
    other, after = read_file(new, source)
    if where.card.id != other.card.id:
        raise UsageError(f"{old.name} is a copy of {where.card.id}, {new.name} of {other.card.id}")
    changes = compare(before.statements, after.statements)
    concerned = [change for change in changes if where.card.is_dprk(change.all_programmes)]
    shown = concerned if dprk else changes
    judgement = _judge(where.card, before, after, old.name)
    if as_json:
        say_json(_diff_record(where.card, before, after, changes, concerned, shown) | _judged(judgement))
        return
    _say_if_invented(before, after)
    rows = [(kind, counts(changes)[kind], counts(concerned)[kind]) for kind in KINDS]
    table((where.card.id, "all", "DPRK"), [(kind, counted(a), counted(d)) for kind, a, d in rows], right=(1, 2))
    _print_judgement(judgement, new.name)
    for change in shown:
        if change.kind != "formatting" or every:
            _print_change(change)
    if not every and any(change.kind == "formatting" for change in shown):
        say()
        say("Entries whose formatting alone changed are counted above; --all names them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    """Why a cycle would refuse the later copy beside the earlier, and a loss that it would believe and tell."""

    refusal: str | None
    loss: str | None


def _judge(card: SourceCard, before: Reading, after: Reading, earlier: str) -> _Judgement:
    if _is_invented(after):
        card = sandbox_source().card
    old, new = Size.of(before), Size.of(after)
    refusal = unbelievable(new.tally, card) or unbelievable_beside(old, new, card, earlier=earlier)
    return _Judgement(refusal=refusal, loss=None if refusal else loss(old, new, earlier=earlier))


def _judged(judgement: _Judgement) -> dict[str, JsonValue]:
    return {"refused_by_run": judgement.refusal, "loss": judgement.loss}


def _print_judgement(judgement: _Judgement, later: str) -> None:
    if judgement.refusal is not None:
        say(f"bongsu run would refuse {later}, and keep the earlier copy in force: it {judgement.refusal}")
    if judgement.loss is not None:
        say(f"warning: {later} {judgement.loss}")


def _print_change(change: Change) -> None:
    say()
    programmes = ", ".join(change.all_programmes)
    say(f"{change.kind}: {change.name} ({change.reference.strip()}, {change.schema}, {programmes})")
    if change.same_name_as:
        say(f"  bears the same name as {change.same_name_as}: it may only have been renumbered")
    for field in change.fields:
        for value in field.removed:
            say(f"  - {field.field}: {_one_line(value)}")
        for value in field.added:
            say(f"  + {field.field}: {_one_line(value)}")
        for pair in field.reformatted:
            say(f"  ~ {field.field}: {pair[0]!r} -> {pair[1]!r}")


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _diff_record(
    card: SourceCard,
    before: Reading,
    after: Reading,
    changes: Iterable[Change],
    concerned: Iterable[Change],
    shown: Iterable[Change],
) -> dict[str, JsonValue]:
    by_kind: dict[str, JsonValue] = {
        kind: [change.record() for change in shown if change.kind == kind] for kind in KINDS
    }
    return {
        "source": card.id,
        "sandbox": _is_invented(before) or _is_invented(after),
        "old": None if before.printed_on is None else before.printed_on.isoformat(),
        "new": None if after.printed_on is None else after.printed_on.isoformat(),
        "counts": dict(counts(changes)),
        "dprk_counts": dict(counts(concerned)),
        **by_kind,
    }


@lists.command()
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
    alike = Counter((_property(answer, row), _one_line(row.value)) for row in shown)
    rows = [
        (
            _property(answer, row),
            _printed(row.value, alike[what] > 1),
            row.first_seen,
            row.last_seen,
            row.rejected or "",
        )
        for row in shown
        for what in [(_property(answer, row), _one_line(row.value))]
    ]
    table(("property", "as printed", "first copy", "last copy", "not understood because"), rows)


def _printed(value: str, stands_twice: bool) -> str:
    """A value in one line; quoted with its blanks where it would look like another one without them."""
    return repr(value) if stands_twice else _one_line(value)


def _property(answer: Answer, row: Sighting) -> str:
    """A property of the listed one by its name, one of an address or a passport with what it belongs to."""
    return row.prop if row.entity == answer.listing else f"{row.schema}.{row.prop}"
