"""`bongsu register`: all lists as one register of entities, the rulings that join them, and who lists whom."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from bongsu.cli.configuration import config_option, store_address, store_option
from bongsu.cli.options import as_json, now
from bongsu.cli.terminal import counted, pairs, progress, say, say_json, table
from bongsu.cycle.resolution import Joined, joined, judgement_log, listing_named
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import UsageError
from bongsu.lists.coverage import CAUTION, Coverage, Covered, coverage
from bongsu.lists.entities import MACHINE, Entity, Open
from bongsu.lists.entity_record import entity_record, listing_record, open_of
from bongsu.lists.judgements import VERDICTS, Judgement, log_record, ruling, standing, undoing
from bongsu.lists.profiles import Profile

SKIP: Final = "skip"
QUIT: Final = "quit"
MOST_SHOWN: Final = 0.99  # nothing that waits for people is certain
Command = TypeVar("Command", bound=Callable[..., Any])  # Any: click passes each command its own options

_by = click.option("--by", required=True, help="Who rules: a name that colleagues know.")
_why = click.option("--why", required=True, help="For what reason, in a sentence.")


def _of_a_store(command: Command) -> Command:
    return config_option(store_option(command))


@click.group()
def register() -> None:
    """All lists as one register: who is listed by whom, what joins the listings, and what still waits for people.

    The machine joins two listings only by an IMO number, a passport or a list reference in common, borne out by the
    name or the date of birth. All else is for people (`review`, `judge`), who are never overruled by it.
    """


@register.command()
@_of_a_store
@as_json
def entities(config: Path | None, store: str | None, as_json: bool) -> None:
    """Count the entities that the lists in the store come to, and how they were joined."""
    found = _joined(store, config)
    if as_json:
        say_json(_entities_record(found))
        return
    _say_if_invented(found)
    for copy in found.copies:
        say(f"{copy.list_id}, copy of {copy.list_date}")
    pairs({name.replace("_", " "): counted(number) for name, number in _counts(found).items()})


def _counts(found: Joined) -> dict[str, int]:
    resolution = found.resolution
    several = [entity for entity in resolution.entities if len(entity.listings) > 1]
    by_machine = [entity for entity in several if all(link.who == MACHINE for link in entity.links)]
    return {
        "listings": len(resolution.by_listing),
        "entities": len(resolution.entities),
        "entities_under_a_DPRK_programme": sum(entity.concerns_dprk for entity in resolution.entities),
        "entities_of_several_listings": len(several),
        "joined_by_the_machine_alone": len(by_machine),
        "rulings_in_force": len(standing(found.log)),
        "rulings_that_cannot_be_followed": len(resolution.unfollowed),
        "waiting_for_review": len(resolution.review),
    }


def _entities_record(found: Joined) -> dict[str, JsonValue]:
    return {
        "sandbox": found.sandbox,
        "copies": found.copies_record(),
        **_counts(found),
        "dprk_entities": [
            {
                "id": entity.id,
                "name": entity.name,
                "kind": entity.kind,
                "listings": [profile.listing for profile in entity.listings],
            }
            for entity in found.resolution.entities
            if entity.concerns_dprk
        ],
    }


@register.command()
@click.argument("reference")
@_of_a_store
@as_json
def show(reference: str, config: Path | None, store: str | None, as_json: bool) -> None:
    """Show an entity: all its listings, by whom and since when, and what joins them.

    REFERENCE is an entity's id, a listing's (un_sc:KPi.033), a list's own number (KPi.033) or an exact name.
    """
    found = _joined(store, config)
    answers = found.resolution.find(reference)
    if not answers:
        raise UsageError(
            f"no list in the store holds {reference!r} as an id, a number or an exact name",
            where=store_address(store, config),
            remedy="check the spelling: this compares exactly and is no screening",
        )
    if as_json:
        say_json([entity_record(entity, found.resolution.review, sandbox=found.sandbox) for entity in answers])
        return
    _say_if_invented(found)
    for index, entity in enumerate(answers):
        if index:
            say()
        _print_entity(entity, found)


def _print_entity(entity: Entity, found: Joined) -> None:
    say(f"{entity.name} ({entity.id}, {entity.kind})")
    rows = [
        (each.authority, each.listing, each.name, each.listed_on or "", "yes" if each.concerns_dprk else "")
        for each in entity.listings
    ]
    table(("authority", "listing", "name", "listed on", "DPRK programme"), rows)
    for link in entity.links:
        when = "" if link.at is None else f" on {stamp(link.at)}, judgement {link.judgement}"
        say(f"  {link.left} = {link.right}: {link.who}{when}: {link.why}")
    for each in open_of(entity, found.resolution.review):
        say(f"  waits for review: {each.proposal.left} and {each.proposal.right}: {each.proposal.why}")


@register.command()
@click.option("--limit", type=click.IntRange(min=1), default=None, help="At most so many.")
@click.option("--unsure", is_flag=True, help="Those that someone was unsure of, too.")
@click.option("--by", help="Who rules; on a terminal each pair is asked about.")
@_of_a_store
@as_json
def review(
    limit: int | None, unsure: bool, by: str | None, config: Path | None, store: str | None, as_json: bool
) -> None:
    """List the pairs that wait for people, likeliest first; on a terminal and with --by, ask about them one by one.

    Each comes with what speaks for it and what against it. A score is no verdict.
    """
    found = _joined(store, config)
    waiting = [each for each in found.resolution.review if unsure or each.ruling is None][:limit]
    if as_json:
        say_json([_open_record(each, found) for each in waiting])
        return
    _say_if_invented(found)
    if not waiting:
        say("nothing waits for review")
    asks = by is not None and sys.stdin.isatty()
    for index, each in enumerate(waiting, start=1):
        _print_open(each, found, f"{index} of {len(waiting)}")
        if asks and not _ask(each, str(by), store_address(store, config)):
            return


def _print_open(each: Open, found: Joined, place: str) -> None:
    proposal = each.proposal
    say(f"{place}: score {min(proposal.score, MOST_SHOWN):.2f}")
    for listing in proposal.pair:
        profile = _profile(found, listing)
        since = f", listed on {profile.listed_on}" if profile.listed_on else ""
        say(f"  {listing}: {profile.name} ({profile.authority}, {profile.kind}{since})")
    for sign in proposal.signs:
        say(f"  {'for' if sign.weight > 0 else 'against'} ({sign.weight:+.1f}): {sign.text}")
    for conflict in proposal.conflicts:
        say(f"  the machine may not: {conflict}")
    if each.hindrance:
        say(f"  not yet possible: {each.hindrance}")
    if each.ruling:
        say(f"  unsure: {each.ruling.by}: {each.ruling.why}")
    say()


def _ask(each: Open, by: str, store: str) -> bool:
    """Ask about one pair and write the ruling down; whether to go on."""
    answers = click.Choice([*VERDICTS, SKIP, QUIT])
    answer = click.prompt("same, different, unsure, skip or quit", type=answers, default=SKIP, show_choices=False)
    if answer in VERDICTS:
        why = click.prompt("why", default=each.proposal.why if answer == "same" else None)
        entry = ruling(each.proposal.left, each.proposal.right, answer, by=by, why=why, at=now())
        say(f"judgement {judgement_log(store).append(entry).id}")
        say()
    return answer != QUIT


def _profile(found: Joined, listing: str) -> Profile:
    entity = found.resolution.by_listing[listing]
    return next(profile for profile in entity.listings if profile.listing == listing)


def _open_record(each: Open, found: Joined) -> dict[str, JsonValue]:
    return {
        **each.proposal.record(),
        "hindrance": each.hindrance,
        "unsure": None if each.ruling is None else each.ruling.record(),
        "sandbox": found.sandbox,
        "listings": [listing_record(_profile(found, listing)) for listing in each.proposal.pair],
    }


@register.command()
@click.argument("left")
@click.argument("right")
@click.argument("verdict", type=click.Choice(VERDICTS))
@_by
@_why
@_of_a_store
@as_json
def judge(
    left: str, right: str, verdict: str, by: str, why: str, config: Path | None, store: str | None, as_json: bool
) -> None:
    """Rule that two listings are the same, are different, or that it cannot be told yet.

    LEFT and RIGHT are listings (un_sc:KPi.033), or a number or exact name that one listing alone bears. The ruling goes
    to the end of the log; a later one on the same two, or `undo`, takes its place.
    """
    address = store_address(store, config)
    pair = [listing_named(address, reference) for reference in (left, right)]
    entry = judgement_log(address).append(ruling(pair[0], pair[1], verdict, by=by, why=why, at=now()))
    if as_json:
        say_json(entry.record())
        return
    say(f"judgement {entry.id}: {entry.left} and {entry.right}: {entry.verdict}")


@register.command()
@click.argument("judgement")
@_by
@_why
@_of_a_store
@as_json
def undo(judgement: str, by: str, why: str, config: Path | None, store: str | None, as_json: bool) -> None:
    """Take a judgement back; what stood before it stands again. Nothing is deleted.

    JUDGEMENT is its id or the beginning of it (`bongsu register log`).
    """
    log = judgement_log(store_address(store, config))
    entry = log.append(undoing(log.find(judgement), by=by, why=why, at=now()))
    if as_json:
        say_json(entry.record())
        return
    say(f"judgement {entry.id}: takes back {entry.undoes} on {entry.left} and {entry.right}")


@register.command()
@_of_a_store
@as_json
def log(config: Path | None, store: str | None, as_json: bool) -> None:
    """List all judgements ever made, in their order, and which of them stand."""
    entries = judgement_log(store_address(store, config)).entries()
    if as_json:
        say_json(log_record(entries))
        return
    in_force = {entry.id for entry in standing(entries).values()}
    rows = [
        (
            entry.id,
            stamp(entry.at),
            entry.left,
            entry.right,
            _said(entry),
            "" if entry.id in in_force else "no",
            entry.by,
        )
        for entry in entries
    ]
    table(("id", "at", "left", "right", "verdict", "stands", "by"), rows)


def _said(entry: Judgement) -> str:
    return entry.verdict or f"takes back {entry.undoes}"


@register.command("coverage")
@click.option("--of", "of", default="UN", show_default=True, help="The authority whose designations are looked for.")
@click.option("--gaps", is_flag=True, help="Only entities that some authority lacks.")
@_of_a_store
@as_json
def coverage_command(of: str, gaps: bool, config: Path | None, store: str | None, as_json: bool) -> None:
    """Show which of one authority's DPRK designations the others carry, which they lack, and what they add.

    A question mark means that a listing of that authority waits for review and may be the same.
    """
    found = _joined(store, config)
    known = {authority for entity in found.resolution.entities for authority in entity.authorities}
    if of not in known:
        if not found.sandbox:
            raise UsageError(f"no list of {of!r} in the store", remedy=f"ask for one of {', '.join(sorted(known))}")
        of = min(known)
    answer = coverage(found.resolution, of)
    rows = [row for row in answer.rows if not gaps or _has_gap(row, answer)]
    if as_json:
        record = {**answer.record(), "rows": [row.record() for row in rows]}
        say_json({"sandbox": found.sandbox, "copies": found.copies_record(), **record})
        return
    _say_if_invented(found)
    _print_coverage(answer, rows)


def _has_gap(row: Covered, answer: Coverage) -> bool:
    return any(authority not in row.references for authority in (answer.of, *answer.authorities))


def _print_coverage(answer: Coverage, rows: list[Covered]) -> None:
    say(f"{answer.of} lists {counted(answer.designated)} entities under a DPRK programme")
    heads = ("authority", "carries", "may carry (review)", "lacks", f"has beyond {answer.of}", "may have (review)")
    rows_of_all = [
        (each.authority, each.carried, each.may_carry, each.lacked, each.added, each.may_add)
        for each in answer.balances
    ]
    table(heads, rows_of_all, right=(1, 2, 3, 4, 5))
    say(CAUTION)
    say()
    authorities = (answer.of, *answer.authorities)
    table(
        ("entity", "kind", "name", *authorities),
        [
            (row.entity.id, row.entity.kind, row.entity.name, *(_cell(row, each) for each in authorities))
            for row in rows
        ],
    )


def _cell(row: Covered, authority: str) -> str:
    return ", ".join(row.references.get(authority, ())) or ("?" if authority in row.waiting else "-")


def _joined(store: str | None, config: Path | None) -> Joined:
    with progress() as tell:
        return joined(store_address(store, config), tell)


def _say_if_invented(found: Joined) -> None:
    if found.sandbox:
        say("SANDBOX: an invented list. No one in it exists.")
