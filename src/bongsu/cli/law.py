"""`bongsu law`: what is forbidden or required, by key, by day, by goods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from bongsu.cli.options import as_json, now, on_day
from bongsu.cli.terminal import counted, say, say_json, table
from bongsu.kernel.errors import UsageError
from bongsu.law import Answer, Bearing, Measure, Resolution, load_regime
from bongsu.law.model import TOPICS, Cap, Check, Exemption, Goods, topic_named
from bongsu.law.record import answer_record, measure_record, resolution_record, timeline_record, topic_record
from bongsu.law.regime import Match, Standing

_DPRK = frozenset({"KP", "PRK", "DPRK"})
_NO_CODES = "no HS codes: judge by the item"
_EXTENTS = {"all": "all of it", "these codes": "all of these codes", "part": "part of it may be covered"}
_OURS = "In our words; the resolution's own text is the authority."
on_option = click.option("--on", "on", callback=on_day, metavar="YYYY-MM-DD", help="The day asked about.")


@click.group()
def law() -> None:
    """What the resolutions prohibit and require, as dated facts."""


@law.command()
@click.argument("key")
@as_json
def show(key: str, as_json: bool) -> None:
    """Show a measure (KEY such as 2397/5, 1718/8(a)(iii), "UNSCR 2397 para 9") or a resolution (2397, S/2024/255).

    Of a paragraph that holds several measures and is none itself (1718/8) it lists them.
    """
    regime = load_regime()
    resolution = regime.resolution(key)
    if resolution is not None:
        say_json(resolution_record(resolution)) if as_json else _print_resolution(resolution)
        return
    within = regime.within(key)
    if within:
        if as_json:
            say_json([measure_record(measure) for measure in within])
            return
        say(f"{key} holds {len(within)} measures:")
        _print_measures(within)
        return
    measure = regime.measure(key)
    say_json(measure_record(measure)) if as_json else _print_measure(measure)


@law.command(name="list")
@on_option
@click.option("--topic", help=f"Only measures of one topic: {', '.join(sorted(TOPICS))}.")
@as_json
def list_(on: date | None, topic: str | None, as_json: bool) -> None:
    """List the measures, or those that bind on a day, or those of one topic."""
    topic = None if topic is None else topic_named(topic)
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
@click.option("--hs", help="HS code of 2, 4, 6 or more digits, dots allowed; the first six are what counts.")
@click.option("--to", "to", metavar="KP", help="The goods go to the DPRK.")
@click.option("--from", "from_", metavar="KP", help="The goods come from the DPRK.")
@click.option("--topic", help=f"Ask about a topic instead of goods: {', '.join(sorted(TOPICS))}.")
@on_option
@as_json
def check(hs: str | None, to: str | None, from_: str | None, topic: str | None, on: date | None, as_json: bool) -> None:
    """Say which measures bear on goods moving to or from the DPRK on a day, exempt or not.

    With --topic: which measures of a topic bind on a day, such as finance, labour, shipping. Without --on, today is
    meant. An answer without measures is no licence: national law may go further.
    """
    day, regime = on or now().date(), load_regime()
    if (hs is None) == (topic is None):
        raise UsageError("say what is asked", remedy="give one of --hs, with --to KP or --from KP, and --topic")
    if hs is not None:
        answer = regime.answer(hs, direction=_direction(to, from_), on=day)
        say_json(answer_record(answer)) if as_json else _print_answer(answer)
        return
    if to or from_:
        raise UsageError("a topic has no direction", remedy="leave --to and --from out, or give --hs")
    asked = topic_named(topic or "")
    standing, exemptions = regime.standing(day, topic=asked), regime.committee_exemptions(day)
    if as_json:
        say_json(topic_record(topic=asked, on=day, standing=standing, committee_exemptions=exemptions))
        return
    binds = "1 measure binds" if len(standing) == 1 else f"{len(standing)} measures bind"
    say(f"topic {asked} on {day}: {binds}")
    for row in standing:
        say()
        _print_standing(row)
    say()
    _print_closing(exemptions)


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
    strangers = [place for place in (from_, to) if place is not None and place.upper() not in _DPRK]
    if (to is None) == (from_ is None) and not (to and from_ and len(strangers) == 2):
        raise UsageError("say where the goods go", remedy="give one of --to KP and --from KP")
    if strangers:
        raise UsageError(
            f"the resolutions are about the DPRK (KP), not {' or '.join(repr(place) for place in strangers)}",
            remedy="give one of --to KP and --from KP",
        )
    return "to" if to is not None else "from"


def _print_answer(answer: Answer) -> None:
    bears = "1 measure bears" if len(answer.bearings) == 1 else f"{len(answer.bearings)} measures bear"
    say(f"HS {answer.hs} {answer.direction} the DPRK on {answer.on}: {bears}")
    if answer.with_leading_zero is not None:
        other, keys = answer.with_leading_zero.hs, ", ".join(answer.with_leading_zero.keys)
        say(f"If a spreadsheet took a leading zero away, {other} was meant, and on that there bear: {keys}")
    for bearing in answer.bearings:
        say()
        _print_bearing(bearing)
    say()
    if answer.without_codes:
        say("Measures that name items, not codes, may bear too; judge by the item:")
        _print_titles(answer.without_codes)
        say()
    if answer.whatever_the_goods:
        say("Whatever the goods, these bear on every consignment, its sender and receiver, and the money for it:")
        _print_titles([standing.measure for standing in answer.whatever_the_goods])
        say("  On ships, crews, insurers and banks ask by topic: law check --topic shipping (insurance, finance).")
        say()
    _print_closing(answer.committee_exemptions)


def _print_titles(measures: Sequence[Measure]) -> None:
    width = max(len(measure.key) for measure in measures)
    for measure in measures:
        say(f"  {measure.key:{width}}  {measure.title}")


def _print_closing(committee_exemptions: tuple[Measure, ...]) -> None:
    if committee_exemptions:
        keys = ", ".join(measure.key for measure in committee_exemptions)
        say(f"The Committee may exempt an activity case by case, above all for humanitarian work: {keys}.")
    say("National law may go further than the resolutions.")


def _print_bearing(bearing: Bearing) -> None:
    _print_heading(bearing.measure)
    for match in bearing.matches:
        _print_match(match, bearing.measure)
    _print_terms(bearing)
    if not bearing.measure.check.is_verified:
        say(f"  unverified: {bearing.measure.check.unverified}")


def _print_match(match: Match, measure: Measure) -> None:
    goods = match.goods
    with_them = f"those of {measure.goods_of}: " if measure.goods_of else ""
    codes = f"(HS {', '.join(match.matched_hs)}, {goods.hs_revision}, {goods.basis})"
    say(f"  goods: {with_them}{goods.what} {codes}: {_EXTENTS[match.covers]}")
    if goods.threshold is not None:
        say(f"  threshold: {goods.threshold}{_mark(goods.threshold.check)}")
    if not goods.check.is_verified:
        say(f"  unverified: {goods.check.unverified}")


def _print_standing(standing: Standing) -> None:
    _print_heading(standing.measure)
    _print_terms(standing)
    if not standing.measure.check.is_verified:
        say(f"  unverified: {standing.measure.check.unverified}")


def _print_heading(measure: Measure) -> None:
    say(f"{measure.key}  {measure.title}")
    say(f"  {measure.kind}; {measure.resolution}, paragraph {measure.paragraph}; in force {_days(measure)}")
    say(f"  {measure.says}")


def _days(measure: Measure) -> str:
    return f"from {measure.binds_from}" + (f" until {measure.binds_until}" if measure.binds_until else "")


def _print_terms(standing: Standing) -> None:
    """What holds of the measure on the day asked."""
    for cap in standing.caps:
        say(f"  cap: {_cap(cap)}{_mark(cap.check)}")
    for condition in standing.conditions:
        say(f"  condition: {condition.what}{_mark(condition.check)}")
    for grace in standing.wind_downs:
        say(f"  wind-down until {grace.until}: {grace.what}{_mark(grace.check)}")
    if standing.measure.binds_from_note:
        say(f"  note: {standing.measure.binds_from_note}")
    for exemption in standing.exemptions:
        say(f"  exempt: {exemption.what}; by {exemption.granted_by}{_mark(exemption.check)}")


def _print_measure(measure: Measure) -> None:
    say(f"{measure.key}  {measure.title}")
    say(f"{measure.resolution}, paragraph {measure.paragraph}; {measure.kind}; binds {', '.join(measure.binds)}")
    say(f"in force {_days(measure)}; topics: {', '.join(measure.topics)}")
    if measure.binds_from_note:
        say(f"  {measure.binds_from_note}")
    say()
    say(measure.says)
    if measure.goods_of:
        say(f"  goods: those of {measure.goods_of}")
    for goods in measure.goods:
        _print_goods(goods)
    for cap in measure.caps:
        _line("cap", _cap(cap), cap.reference, cap.check)
    for condition in measure.conditions:
        _line("condition", condition.what + _only_for(condition.hs), condition.reference, condition.check)
    for grace in measure.wind_downs:
        _line("wind-down", f"until {grace.until}: {grace.what}{_only_for(grace.hs)}", grace.reference, grace.check)
    for exemption in measure.exemptions:
        _line("exempt", _exemption(exemption), exemption.reference, exemption.check)
    for change in measure.changes:
        _line("later", f"{change.effect} by {change.by} on {change.on}", change.reference, change.check)
    say()
    say(f"{_OURS} {_checked(measure.check)}")


def _print_measures(measures: Sequence[Measure]) -> None:
    table(("key", "kind", "what"), [(measure.key, measure.kind, measure.title) for measure in measures])


def _print_goods(goods: Goods) -> None:
    codes = f"HS {', '.join(goods.hs)} ({goods.hs_revision}, {goods.basis})" if goods.hs else _NO_CODES
    part = "; part of these codes" if goods.hs and goods.part_only else ""
    _line("goods", f"{goods.what}: {codes}{part}", goods.reference, goods.check)
    if goods.threshold is not None:
        _line("threshold", str(goods.threshold), goods.threshold.reference, goods.threshold.check)


def _exemption(exemption: Exemption) -> str:
    begins = f"; from {exemption.holds_from}" if exemption.holds_from else ""
    ends = f"; until {exemption.holds_until}" if exemption.holds_until else ""
    return f"{exemption.what}; by {exemption.granted_by}{_only_for(exemption.hs)}{begins}{ends}"


def _only_for(hs: tuple[str, ...]) -> str:
    return f" (HS {', '.join(hs)} only)" if hs else ""


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
        _print_measures(resolution.measures)
    for text in resolution.texts:
        say(f"read: {text.id}: {text.title}, {text.publisher}, {text.url} ({text.read_on})")
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
