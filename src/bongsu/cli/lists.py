"""`bongsu lists`: what a copy holds, what changed between two, and who was designated when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from bongsu.cli.deferral import Deferred, LazyGroup
from bongsu.cli.options import as_json
from bongsu.cli.terminal import counted, pairs, say, say_json, table, unwrapped
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import UsageError
from bongsu.lists.acceptance import Size, loss, unbelievable, unbelievable_beside
from bongsu.lists.cards import SourceCard, source_names
from bongsu.lists.changes import KINDS, Change, compare, counts
from bongsu.lists.files import read_file
from bongsu.lists.model import Reading
from bongsu.sandbox import sandbox_exhibits, sandbox_source

_FILE = click.Path(dir_okay=False, path_type=Path)
_source = click.option("--source", type=click.Choice(source_names()), help="The list; by default it is recognised.")


@click.group(cls=LazyGroup)
def lists() -> None:
    """Designation lists: what a copy holds, what changed, who was designated when."""


lists.add_command(
    Deferred(
        "bongsu.cli.lists_export",
        "export",
        summary="Write a list in FollowTheMoney's form, for programs that read it.",
    )
)
lists.add_command(
    Deferred(
        "bongsu.cli.lists_show",
        "show",
        summary="Show what the lists have said of one entry over time, from the history of the copies in the store.",
    )
)


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
            say(f"  - {field.field}: {unwrapped(value)}")
        for value in field.added:
            say(f"  + {field.field}: {unwrapped(value)}")
        for pair in field.reformatted:
            say(f"  ~ {field.field}: {pair[0]!r} -> {pair[1]!r}")


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
