"""`bongsu cases`: an exported journal of casework, verified and shown without the site it came from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from bongsu.cases.checklist import next_step, outstanding
from bongsu.cases.finding import Claim, Finding, FindingVersion, Notice
from bongsu.cases.journal import Entry, read, verify
from bongsu.cases.measures import measure_on
from bongsu.cases.model import Case
from bongsu.cases.replay import replayed
from bongsu.cases.situation import Known, KnownExhibit, Missing
from bongsu.cli.options import as_json, now, on_day
from bongsu.cli.terminal import pairs, say, say_json, several, table
from bongsu.evidence.own_file import own_file
from bongsu.kernel.canonical import JsonValue, is_digest
from bongsu.kernel.chain import Anchor
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import EvidenceError, UsageError
from bongsu.law.reading import load_regime

journal_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def cases() -> None:
    """Casework: an exported journal of acts, whether it holds together, and what cases it makes."""


@cases.command(name="verify")
@journal_file
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="NUMBER:DIGEST",
    help="An entry you know from before; may be given more than once. Without one, a cut tail is not seen.",
)
@as_json
def verify_(file: Path, anchors: tuple[str, ...], as_json: bool) -> None:
    """Verify an exported journal: every entry, their order, and that all acts follow each other.

    FILE holds one entry a line. What is printed as its head is what to keep as an anchor.
    """
    entries, head = _sound(file, [_anchor(text) for text in anchors])
    replay = replayed(entries)
    if as_json:
        counts: dict[str, JsonValue] = {"cases": len(replay.cases), "passed_over": list(replay.passed_over)}
        say_json({"entries": head.seq, "digest": head.digest, **counts, "anchors": len(anchors)})
        return
    pairs({"entries": head.seq, "cases": len(replay.cases), "head": f"{head.seq}:{head.digest}"})
    say_passed_over(replay.passed_over)
    if not anchors:
        say("no anchor was given: entries cut off at the end would not be seen")


@cases.command()
@journal_file
@click.argument("case", required=False)
@click.option("--on", callback=on_day, metavar="DAY", help="The day the checklist is of; by default today.")
@click.option("--approvals", type=click.IntRange(min=1), default=1, show_default=True, help="How many members approve.")
@as_json
def show(file: Path, case: str | None, on: date | None, approvals: int, as_json: bool) -> None:
    """Show the cases of an exported journal; of one CASE all its parts, and what each finding still lacks.

    The law is looked up here. The exhibits are not: they are taken as sound and as marked no higher than the text.
    """
    entries, _ = _sound(file, [])
    made = replayed(entries).cases
    if case is None:
        _list(made, as_json=as_json)
        return
    found = made.get(case)
    if found is None:
        raise UsageError(f"no case {case} in it", where=str(file), remedy=f"bongsu cases show {file} lists them")
    lacking = {
        finding.id: outstanding(found, finding.id, on=on or now().date(), known=_known(finding, approvals))
        for finding in found.findings
    }
    if as_json:
        say_json(_record(found, lacking))
        return
    _show(found, lacking)


def say_passed_over(numbers: Iterable[int]) -> None:
    """Say which acts count for nothing; nothing is said where there are none."""
    if listed := ", ".join(map(str, numbers)):
        say(f"passed over, since the case was opened twice: {listed}")


def _sound(file: Path, anchors: list[Anchor]) -> tuple[list[Entry], Anchor]:
    """The entries of a file, and its head.

    Raises:
        UsageError: it holds no entry: that nothing is damaged in it would say nothing.
        EvidenceError: it does not hold together; every damage is printed before.
    """
    with own_file(file) as lines:
        found = list(read(lines))
    if not found:
        raise UsageError(
            "holds no entry of a journal", where=str(file), remedy="write it out again: bongsu site journal"
        )
    head = verify(found, anchors)
    if isinstance(head, Anchor):
        return [entry for entry in found if isinstance(entry, Entry)], head
    for damage in head:
        say(f"  {damage.kind}: {damage}")
    raise EvidenceError(
        "the journal does not hold together", where=str(file), remedy="ask for it again, and compare heads"
    )


def _anchor(text: str) -> Anchor:
    number, _, digest = text.partition(":")
    if not (number.isascii() and number.isdigit() and is_digest(digest)):
        raise UsageError(f"not an anchor: {text!r}", remedy="write NUMBER:DIGEST, as bongsu cases verify prints it")
    return Anchor(int(number), digest)


def _known(finding: Finding, approvals: int) -> Known:
    regime = load_regime()
    keys = {measure.key for measure in regime.measures()}
    named = {(each.key, each.on) for each in finding.current.measures if each.key in keys}
    standing = (measure_on(regime, key, on) for key, on in named)
    exhibit = KnownExhibit(sound=True, handling=finding.handling)
    return Known(
        exhibits={link.citation.exhibit: exhibit for link in finding.current.links},
        measures=frozenset(measure for measure in standing if measure is not None),
        approvals_needed=approvals,
    )


def _list(made: dict[str, Case], *, as_json: bool) -> None:
    ordered = sorted(made.values(), key=lambda case: (case.opened_at, case.id))
    if as_json:
        say_json([_summary(case) for case in ordered])
        return
    rows = [
        (case.id, stamp(case.opened_at)[:10], _status(case), case.handling.tlp.label, len(case.findings), case.title)
        for case in ordered
    ]
    table(("case", "opened", "is", "marking", "findings", "title"), rows, right=(4,))


def _summary(case: Case) -> dict[str, JsonValue]:
    return {
        "id": case.id,
        "kind": case.kind.value,
        "title": case.title,
        "opened_at": stamp(case.opened_at),
        "open": case.is_open,
        "handling": case.handling.record(),
        "findings": len(case.findings),
        "acts": case.acts,
    }


def _record(case: Case, lacking: dict[str, tuple[Missing, ...]]) -> dict[str, JsonValue]:
    return {
        **_summary(case),
        "summary": case.summary,
        "standard": case.standard.value,
        "subjects": [{"id": each.id, "schema": each.schema, "name": each.name} for each in case.subjects],
        "indicators": list(case.indicators),
        "findings": [
            {
                "id": each.id,
                "title": each.current.title,
                "version": each.current.number,
                "state": each.current.state.value,
                "next": next_step(each.current),
                "claims": [claim.sentence for claim in each.current.claims],
                "missing": [missing.record() for missing in lacking[each.id]],
            }
            for each in case.findings
        ],
    }


def _status(case: Case) -> str:
    return "open" if case.is_open else "closed"


def _show(case: Case, lacking: dict[str, tuple[Missing, ...]]) -> None:
    pairs(
        {
            "case": f"{case.id} ({_status(case)}, {case.kind.words})",
            "title": case.title,
            "summary": case.summary,
            "marking": case.handling.tlp.label,
            "standard": case.standard.words,
            "opened": f"{stamp(case.opened_at)} by {case.opened_by}",
            "done to it": several(case.acts, "act"),
            "subjects": "; ".join(f"{each.name} ({each.id})" for each in case.subjects) or "none",
            "indicators": ", ".join(case.indicators) or "none",
        }
    )
    for finding in case.findings:
        _show_finding(finding, lacking[finding.id])


def _show_finding(finding: Finding, lacking: tuple[Missing, ...]) -> None:
    version = finding.current
    say()
    say(f"finding {finding.id}, version {version.number}: {version.title}")
    say(f"  at {version.state.value.replace('_', ' ')}, {finding.handling.tlp.label}")
    for claim in version.claims:
        _show_claim(claim)
    for notice in version.notices:
        say(f"  notice to {notice.addressee}, {_answered(version, notice)}")
    for dissent in version.dissents:
        say(f"  dissent of {dissent.mark.by} ({dissent.mark.member}): {dissent.text}")
    for missing in lacking:
        say(f"  missing: {missing.text} {missing.remedy}")
    step = next_step(version)
    if not lacking and step is not None:
        say(f"  nothing is missing to {step.replace('_', ' ')}")


def _show_claim(claim: Claim) -> None:
    say(f"  - {claim.sentence}")
    for link in claim.links:
        say(f"    {link.stance.value}  {link.citation}  {link.reliability.value}{link.credibility.value}")


def _answered(version: FindingVersion, notice: Notice) -> str:
    replies = version.replies_to(notice.id)
    if replies:
        return f"answered on {', '.join(str(reply.received_on) for reply in replies)}"
    if notice.no_reply is not None:
        return f"no reply until {notice.due}"
    return f"reply due on {notice.due}"
