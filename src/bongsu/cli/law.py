"""`bongsu law`: what is forbidden or required, by key, by day, by goods."""

from __future__ import annotations

from datetime import date

import click

from bongsu.cli.options import as_json, now, on_day
from bongsu.cli.terminal import counted, say, say_json, table
from bongsu.kernel.errors import UsageError
from bongsu.law import Bearing, Measure, Resolution, load_regime
from bongsu.law.model import TOPICS, Cap, Check
from bongsu.law.record import answer_record, measure_record, resolution_record, timeline_record
from bongsu.law.regime import hs_digits

_OURS = "In our words; the resolution's own text is the authority."
on_option = click.option("--on", "on", callback=on_day, metavar="YYYY-MM-DD", help="The day asked about.")


@click.group()
def law() -> None:
    """What the resolutions prohibit and require, as dated facts."""


@law.command()
@click.argument("key")
@as_json
def show(key: str, as_json: bool) -> None:
    """Show a measure (KEY such as 2397/5 or 1718/8a2) or a resolution (2397, S/2024/255)."""
    regime = load_regime()
    resolution = regime.resolution(key)
    if resolution is not None:
        say_json(resolution_record(resolution)) if as_json else _print_resolution(resolution)
        return
    measure = regime.measure(key)
    say_json(measure_record(measure)) if as_json else _print_measure(measure)


@law.command(name="list")
@on_option
@click.option("--topic", help=f"Only measures of one topic: {', '.join(sorted(TOPICS))}.")
@as_json
def list_(on: date | None, topic: str | None, as_json: bool) -> None:
    """List the measures, or those that bind on a day, or those of one topic."""
    if topic is not None and topic not in TOPICS:
        raise UsageError(f"no topic is called {topic!r}", remedy=f"there are: {', '.join(sorted(TOPICS))}")
    measures = load_regime().in_force(on, topic=topic)
    if as_json:
        say_json([measure_record(measure) for measure in measures])
        return
    rows = [
        (measure.key, measure.kind, measure.binds_from, measure.binds_until or "", measure.title)
        for measure in measures
    ]
    if rows:
        table(("key", "kind", "from", "until", "what"), rows)
    say(f"{counted(len(rows))} measures" + (f" bind on {on}" if on else "") + (f", topic {topic}" if topic else ""))


@law.command()
@click.option(
    "--hs", required=True, help="HS code of 2, 4, 6 or more digits, dots allowed; the first six are what counts."
)
@click.option("--to", "to", metavar="KP", help="The goods go to the DPRK.")
@click.option("--from", "from_", metavar="KP", help="The goods come from the DPRK.")
@on_option
@as_json
def check(hs: str, to: str | None, from_: str | None, on: date | None, as_json: bool) -> None:
    """Say which measures bear on goods moving to or from the DPRK on a day, exempt or not.

    Without --on, today is meant. An answer without measures is no licence: national law may go further.
    """
    direction = _direction(to, from_)
    day = on or now().date()
    regime = load_regime()
    bearings = regime.check_goods(hs, direction=direction, on=day)
    uncoded = regime.without_codes(direction=direction, on=day)
    if as_json:
        say_json(answer_record(hs=hs_digits(hs), direction=direction, on=day, bearings=bearings, without_codes=uncoded))
        return
    count = "1 measure bears" if len(bearings) == 1 else f"{len(bearings)} measures bear"
    say(f"HS {hs_digits(hs)} {direction} the DPRK on {day}: {count}")
    for bearing in bearings:
        say()
        _print_bearing(bearing)
    say()
    say(f"Measures on goods that name items, not codes, may bear too: {', '.join(measure.key for measure in uncoded)}.")
    say("National law may go further than the resolutions.")


@law.command()
@as_json
def timeline(as_json: bool) -> None:
    """Show every dated event: adoptions, failed drafts, first and last days, caps, wind-downs, mandates."""
    entries = load_regime().timeline()
    if as_json:
        say_json(timeline_record(entries))
        return
    table(("date", "what", "reference"), [(entry.on, entry.what, entry.reference) for entry in entries])


@law.command()
@click.option("--all", "every", is_flag=True, help="Name every value that could not be checked, with the reason.")
@as_json
def verification(every: bool, as_json: bool) -> None:
    """Say how many values in the law cards were compared with a public text, and how many could not be."""
    regime = load_regime()
    rows = [(resolution, list(resolution.checks())) for resolution in regime.resolutions]
    total = regime.verification()
    if as_json:
        say_json(
            {
                "verified": total.verified,
                "unverified": total.unverified,
                "by_resolution": {
                    resolution.name: {
                        "verified": sum(check.is_verified for check in checks),
                        "unverified": sum(not check.is_verified for check in checks),
                    }
                    for resolution, checks in rows
                },
            }
        )
        return
    table(
        ("resolution", "checked", "unverified"),
        [
            (r.document, sum(c.is_verified for c in checks), sum(not c.is_verified for c in checks))
            for r, checks in rows
        ],
        right=(1, 2),
    )
    for measure in regime.measures() if every else ():
        for check in measure.checks():
            if not check.is_verified:
                say(f"{measure.key}: {check.unverified}")
    say(f"{counted(total.verified)} values checked against a public text, {counted(total.unverified)} unverified")


def _direction(to: str | None, from_: str | None) -> str:
    if (to is None) == (from_ is None):
        raise UsageError("say where the goods go", remedy="give one of --to KP and --from KP")
    given = to or from_ or ""
    if given.upper() not in {"KP", "PRK", "DPRK"}:
        raise UsageError(
            f"the resolutions are about the DPRK (KP), not {given!r}", remedy="give one of --to KP and --from KP"
        )
    return "to" if to is not None else "from"


def _print_bearing(bearing: Bearing) -> None:
    measure = bearing.measure
    extent = "all of it" if bearing.whole else "part of it may be covered"
    say(f"{measure.key}  {measure.title}")
    say(f"  {measure.kind}; {measure.resolution}, paragraph {measure.paragraph}; in force from {measure.binds_from}")
    say(f"  {measure.says}")
    goods = bearing.goods
    say(f"  goods: {goods.what} (HS {bearing.matched_hs}, {goods.hs_revision}, {goods.basis}): {extent}")
    for cap in bearing.caps:
        say(f"  cap: {_cap(cap)}{_mark(cap.check)}")
    for grace in bearing.wind_downs:
        say(f"  wind-down until {grace.until}: {grace.what}{_mark(grace.check)}")
    if measure.binds_from_note:
        say(f"  {measure.binds_from_note}")
    for exemption in measure.exemptions:
        say(f"  exempt: {exemption.what}; by {exemption.granted_by}{_mark(exemption.check)}")
    if not (measure.check.is_verified and goods.check.is_verified):
        say(f"  unverified: {measure.check.unverified or goods.check.unverified}")


def _print_measure(measure: Measure) -> None:
    say(f"{measure.key}  {measure.title}")
    say(f"{measure.resolution}, paragraph {measure.paragraph}; {measure.kind}; binds {', '.join(measure.binds)}")
    until = "" if measure.binds_until is None else f" until {measure.binds_until}"
    say(f"in force from {measure.binds_from}{until}; topics: {', '.join(measure.topics)}")
    if measure.binds_from_note:
        say(f"  {measure.binds_from_note}")
    say()
    say(measure.says)
    for goods in measure.goods:
        codes = (
            f"HS {', '.join(goods.hs)} ({goods.hs_revision}, {goods.basis})"
            if goods.hs
            else "no HS codes: judge by the item"
        )
        _line(
            "goods",
            f"{goods.what}: {codes}{'; part of these codes' if goods.part_only else ''}",
            goods.reference,
            goods.check,
        )
    for cap in measure.caps:
        _line("cap", _cap(cap), cap.reference, cap.check)
    for grace in measure.wind_downs:
        _line("wind-down", f"until {grace.until}: {grace.what}", grace.reference, grace.check)
    for exemption in measure.exemptions:
        _line("exempt", f"{exemption.what}; by {exemption.granted_by}", exemption.reference, exemption.check)
    for change in measure.changes:
        _line("later", f"{change.effect} by {change.by} on {change.on}", change.reference, change.check)
    say()
    say(f"{_OURS} {_checked(measure.check)}")


def _print_resolution(resolution: Resolution) -> None:
    vote = resolution.vote
    verb = "not adopted" if resolution.kind == "draft" else "adopted"
    say(f"{resolution.document}, {verb} on {resolution.adopted}, {vote} (for-against-abstaining)")
    for word, states in (("against", vote.against_states), ("abstaining", vote.abstaining_states)):
        if states:
            say(f"  {word}: {', '.join(states)}")
    if resolution.trigger:
        say(f"after {resolution.trigger}")
    if resolution.charter:
        say(f"under {resolution.charter}")
    say()
    say(resolution.summary)
    if resolution.mandate:
        say(f"Panel of Experts: mandate until {resolution.mandate.until} (paragraph {resolution.mandate.paragraph})")
    say()
    if resolution.measures:
        table(("key", "kind", "what"), [(measure.key, measure.kind, measure.title) for measure in resolution.measures])
    for text in resolution.texts:
        say(f"read: {text.title}, {text.publisher}, {text.url} ({text.read_on})")
    say(_checked(resolution.check))


def _line(word: str, text: str, reference: str, check: Check) -> None:
    say(f"  {word}: {text} [{reference}; {_checked(check)}]")


def _cap(cap: Cap) -> str:
    if " to " in cap.period:  # one span of days, which names its own ends
        return str(cap)
    until = "" if cap.binds_until is None else f" to {cap.binds_until}"
    return f"{cap}; from {cap.binds_from}{until}"


def _mark(check: Check) -> str:
    return "" if check.is_verified else " [unverified]"


def _checked(check: Check) -> str:
    return f"checked against {check.text_id}" if check.is_verified else f"unverified: {check.unverified}"
