"""`bongsu run` and `bongsu reproduce`: a cycle of the watch, and its repetition."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from bongsu.cli.configuration import config_option, configuration
from bongsu.cli.options import as_json, now
from bongsu.cli.terminal import counted, progress, say, say_json, several, table
from bongsu.cycle.anchors import MANIFEST
from bongsu.cycle.manifest import read_manifest
from bongsu.cycle.reproduce import Reproduction
from bongsu.cycle.reproduce import reproduce as reproduce_cycle
from bongsu.cycle.run import CycleResult, run_cycle
from bongsu.evidence import Folder, read_own_file, redacted_url
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import EvidenceError, NotReachedError, NotReproducedError, UsageError
from bongsu.lists.sightings import ScreenedFile
from bongsu.reports import report_record
from bongsu.reports.model import CycleReport, ListState
from bongsu.sea.overview import day_of

_SHIPS_SHOWN: Final = 5
_MANIFEST_REMEDY: Final = f"write <store>/cycles/<cycle>/{MANIFEST}"


@click.command()
@config_option
@click.option("--clock", "clock", help="The time of the cycle, ISO 8601 with its zone; by default the time now.")
@click.option(
    "--clock-ahead",
    is_flag=True,
    help="Allow a --clock more than a day after the time now; it hides the cycles before it until its day has come.",
)
@click.option("--strict", is_flag=True, help="End with exit code 3 where a list was not reached or a copy was refused.")
@as_json
def run(config: Path | None, clock: str | None, clock_ahead: bool, strict: bool, as_json: bool) -> None:
    """Run one cycle of the watch: collect, read, compare, detect, report.

    Sources that cannot be reached are named with the age of the last good copy; they do not make the cycle fail,
    unless --strict is given: then the cycle is finished all the same, and the exit code says it.
    Killed at any moment, the last good state stands; running again completes it. The same inputs and clock give the
    same bytes.
    """
    settings = configuration(config)
    moment = now().replace(microsecond=0) if clock is None else instant(clock)
    with progress() as tell:
        result = run_cycle(settings, moment, now, tell, may_be_ahead=clock_ahead)
    folder = Folder.open(settings.store)
    report = _place(folder, f"{result.folder}/report.html")
    if as_json:
        record = report_record(result.report)
        say_json(
            {
                "cycle": result.cycle,
                "report": report,
                "summary": record["summary"],
                "lists": record["lists"],
                "mended": list(result.mended),
                "later_cycles": list(result.later),
            }
        )
    else:
        _print(result)
        say()
        say(f"report    {report}")
        say(f"manifest  {_place(folder, f'{result.folder}/manifest.json')}")
    if result.damaged:
        raise EvidenceError(
            f"the cycle is finished, but these exhibits are missing or damaged: {', '.join(result.damaged)}",
            where=folder.url(""),
            remedy="restore them from a backup or a member's mirror, or receive the same files again",
        )
    behind = [state.card.id for state in result.report.lists if state.status in {"not reached", "refused"}]
    if strict and behind:
        raise NotReachedError(
            f"the cycle is finished, but not with a new copy of {', '.join(behind)}", remedy="its report says why"
        )


def _place(folder: Folder, name: str) -> str:
    return folder.local_path(name) or folder.url(name)


def _print(result: CycleResult) -> None:
    report = result.report
    rows = [_list_row(state) for state in report.lists]
    table(
        ("list", "state", "copy of", "last seen", "age, days", "in file", "read", "set aside", "DPRK"),
        rows,
        right=(4, 5, 6, 7, 8),
    )
    for state in report.lists:
        for problem in state.problems:
            say(f"  {state.card.id}: not received: {problem}")
        for refusal in state.refusals:
            say(f"  {state.card.id}: refused: {refusal}")
        for warning in report.warnings(state.card.id):
            say(f"  {state.card.id}: warning: {warning}")
        if state.in_force is not None and state.in_force.parts_missing:
            say(f"  {state.card.id}: the copy in force is without {', '.join(state.in_force.parts_missing)}")
        if state.in_force is None and not state.problems:
            say(f"  {state.card.id}: there is no good copy yet")
        elif state.in_force is not None and state.status in {"not reached", "refused"}:
            day, age = state.in_force.copy.list_date, state.in_force.age_days
            say(f"  {state.card.id}: the last good copy, of {day}, stays in force; it is {counted(age)} days old")
        elif state.in_force is not None and state.in_force.copy.sandbox:
            say(f"  {state.card.id}: invented, for trying Bongsu out")
    _print_screened(report.screened)
    _print_sea(report)
    for exhibit in result.mended:
        say(f"  evidence: exhibit {exhibit} was damaged; the same bytes came once more and took their place again")
        say(f"  evidence: bongsu evidence show {exhibit[:12]} says more; what was changed is kept under damaged/")
    if result.later:
        say(f"  warning: {several(len(result.later), 'finished cycle')} after this one's clock: {result.later[-1]}")
        say("  warning: questions (screen, lists show, register, the site) are answered from it, not from this one")
        say("  warning: if its clock was wrong, move its folder out of cycles/ and keep it elsewhere")
    new = sum(indicator.id not in report.known_indicators for indicator in report.indicators)
    since = "new since the cycle before" if report.previous else "new, in this first cycle"
    say()
    say(f"{counted(len(report.indicators))} indicators, {counted(new)} of them {since}.")
    say("An indicator is a sign found by a machine, not an accusation.")


def _print_screened(screened: Sequence[ScreenedFile]) -> None:
    """What came of each customer file; the hits of an invented one, as an example."""
    for each in screened:
        invented = " (SANDBOX: invented)" if each.file.sandbox else ""
        say()
        say(f"{each.file.name}{invented}: {counted(each.rows)} rows screened, {counted(each.with_hits)} with hits")
        if each.refused:
            say(f"  refused: {each.refused}")
        for asked in each.asked if each.file.sandbox else ():
            for hit in asked.hits:
                say(f"  row {asked.customer.row}, {asked.customer.name}: {hit.score:.2f} {hit.entity.caption}")
                for reason in hit.reasons:
                    say(f"    {reason}")


def _print_sea(report: CycleReport) -> None:
    """What the sea desk says: how much was heard, the ships to look at first, petroleum against the limit."""
    for file in report.positions:
        if file.damaged:
            say(
                f"  sea: the positions of exhibit {file.exhibit} are not used: it, or what it was read with, is damaged"
            )
    sea = report.sea
    if sea is None or sea.first_s is None or sea.last_s is None:
        return
    invented = " (SANDBOX: invented)" if all(file.sandbox for file in report.positions) else ""
    say()
    say(
        f"at sea{invented}: {several(sea.ships, 'ship')} heard between {day_of(sea.first_s)} and {day_of(sea.last_s)}, "
        f"{several(len(sea.indicators), 'sign')}"
    )
    for ship in sea.first[:_SHIPS_SHOWN]:
        detectors = ", ".join(name.removeprefix("sea.").replace("_", " ") for name in ship.detectors)
        say(f"  {ship.score:.2f} {ship.name} ({ship.id}): {detectors}")
    untied = sum(tally.untied for tally in sea.tallies)
    if untied:
        say(f"  {counted(untied)} found besides that nothing ties to the DPRK: no signs; the report counts them")
    for year in sea.petroleum:
        say(
            f"  petroleum that may have come {year.within}: {counted(year.low)} to {counted(year.high)} barrels, "
            f"central estimate {counted(year.central)}; the limit is {counted(year.cap)} ({year.measure})"
        )


def _list_row(state: ListState) -> tuple[str, ...]:
    copy = state.in_force
    if copy is None:
        return (state.card.id, state.status, "none", "", "", "", "", "", "")
    tally = copy.tally
    served = copy.copy.last_served_at
    return (
        state.card.id,
        state.status,
        copy.copy.list_date.isoformat(),
        "" if served is None else served.date().isoformat(),
        counted(copy.age_days),
        counted(tally.in_file),
        counted(tally.read),
        counted(tally.entries_set_aside),
        counted(tally.dprk),
    )


@click.command()
@click.argument("manifests", nargs=-1, required=True, metavar="MANIFEST...")
@click.option("--store", "store", help="Where the exhibits are; by default the store that the manifest lies in.")
@as_json
def reproduce(manifests: tuple[str, ...], store: str | None, as_json: bool) -> None:
    """Compute the outputs of cycles again from their exhibits and compare every byte.

    MANIFEST is the manifest.json of a cycle, a path or an address; with several, each is reproduced, and --json prints
    a line for each.
    """
    wrong = {manifest: _reproduced(manifest, store, as_json=as_json) for manifest in manifests}
    differing = [manifest for manifest, differences in wrong.items() if differences]
    if differing:
        raise NotReproducedError(
            f"not reproduced: {', '.join(difference for manifest in differing for difference in wrong[manifest])}",
            where=", ".join(differing),
            remedy="compare the notes above; the same exhibits, code and cards give the same bytes",
        )


def _reproduced(manifest: str, store: str | None, *, as_json: bool) -> list[str]:
    """Reproduce one cycle, print how it went, and say what differs."""
    address, content = _located(manifest)
    record = read_manifest(content, where=manifest)
    with progress() as tell:
        result = reproduce_cycle(record, Folder.open(store or address, create=False), tell)
    if as_json:
        say_json(_record(result))
    else:
        _print_reproduction(result)
    return [*(f"{output.name} differs" for output in result.outputs if not output.agrees), *result.contradictions]


def _print_reproduction(result: Reproduction) -> None:
    for output in result.outputs:
        say(f"{'same' if output.agrees else 'DIFFERS':<8} {output.name}")
        if not output.agrees:
            say(f"         manifest {output.named}")
            say(f"         stored   {output.stored or 'missing'}")
            say(f"         computed {output.computed or 'nothing'}")
    for contradiction in result.contradictions:
        say(f"DIFFERS  {contradiction}")
    for difference in result.differences:
        say(f"note: {difference}")
    if result.agrees:
        say(f"cycle {result.cycle} is reproduced: {len(result.outputs)} outputs, byte for byte")


def _located(manifest: str) -> tuple[str, bytes]:
    """The store a manifest lies in (`<store>/cycles/<cycle>/manifest.json`), and the manifest's bytes."""
    if "://" in manifest:
        address, found, cycle = manifest.removesuffix(f"/{MANIFEST}").rpartition("/cycles/")
        if not (found and manifest.endswith(f"/{MANIFEST}") and cycle) or "/" in cycle or cycle in {".", ".."}:
            raise UsageError("is not the address of a manifest", where=redacted_url(manifest), remedy=_MANIFEST_REMEDY)
        return address, Folder.open(address, create=False).read(f"cycles/{cycle}/{MANIFEST}")
    path = Path(manifest)
    return str(path.resolve().parent.parent.parent), read_own_file(path)


def _record(result: Reproduction) -> dict[str, JsonValue]:
    return {
        "cycle": result.cycle,
        "agrees": result.agrees,
        "outputs": [
            {
                "name": output.name,
                "agrees": output.agrees,
                "manifest": output.named,
                "stored": output.stored,
                "computed": output.computed,
            }
            for output in result.outputs
        ],
        "differences": list(result.differences),
        "contradictions": list(result.contradictions),
    }
