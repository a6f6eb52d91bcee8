"""`bongsu sea detect` and `bongsu sea track`: what the desk finds in the lake, and the way of one ship."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click

from bongsu.cli.configuration import config_option, store_address, store_option
from bongsu.cli.options import as_json, now, on_day
from bongsu.cli.terminal import counted, progress, say, say_json, several, table
from bongsu.cycle.seas import ENGINES, store_outlook, store_track, store_untied
from bongsu.evidence import Folder
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import instant, stamp
from bongsu.kernel.indicator import SCORE_DECIMALS, Indicator
from bongsu.reports.track import track_page
from bongsu.sea.desk import detector_names
from bongsu.sea.model import Identity
from bongsu.sea.overview import Outlook, Tally, Track, Untied
from bongsu.sea.signs import time_of, told

_SHOWN: Final = 30
_NO_INDICATORS: Final = "None names a measure, is an indicator, or is part of a report or a release."

_since = click.option("--since", metavar="DAY", callback=on_day, help="The first day looked at (YYYY-MM-DD).")
_until = click.option("--until", metavar="DAY", callback=on_day, help="The last day looked at, included.")
_clock = click.option("--clock", help="The time of the run, ISO 8601 with its zone; by default the time now.")


@click.command()
@_since
@_until
@click.option("--engine", default="duckdb", show_default=True, help=f"Who computes: {ENGINES}.")
@click.option(
    "--detector",
    "detectors",
    multiple=True,
    type=click.Choice(detector_names()),
    help="Run this one only; may be given several times.",
)
@click.option(
    "--untied",
    "only_untied",
    is_flag=True,
    help="List what nothing ties to the DPRK instead: no indicators, and in no report or release.",
)
@_clock
@config_option
@store_option
@as_json
def detect(
    since: date | None,
    until: date | None,
    engine: str,
    detectors: tuple[str, ...],
    only_untied: bool,
    clock: str | None,
    config: Path | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Look for what ships did in the positions of the store, and say for each sign why, and what else could explain it.

    Ships designated in the last cycle of the store are looked for. Days that were looked at before are not read again:
    their bins of ten minutes are kept.

    What nothing ties to the DPRK (no flag, listing, call or waters) makes no sign, and neither does what happened when
    no measure was in force. How many such each detector found is printed, and --untied lists the former.
    """
    moment = now().replace(microsecond=0) if clock is None else instant(clock)
    address = store_address(store, config)
    if only_untied:
        with progress() as tell:
            left = store_untied(address, moment, since=since, until=until, engine=engine, only=detectors, tell=tell)
        if as_json:
            say_json([_untied_record(each) for each in left])
        else:
            _print_untied(left)
        return
    with progress() as tell:
        found = store_outlook(address, moment, since=since, until=until, engine=engine, only=detectors, tell=tell)
    if as_json:
        say_json(
            {
                "detectors": {tally.detector: _counts(tally) for tally in found.tallies},
                "indicators": [indicator.record() for indicator in found.indicators],
            }
        )
        return
    _print(found)


def _counts(tally: Tally) -> dict[str, JsonValue]:
    return {"indicators": tally.indicators, "untied": tally.untied, "no_measure_in_force": tally.lapsed}


def _print(found: Outlook) -> None:
    span = ""
    if found.first_s is not None and found.last_s is not None:
        span = f" between {time_of(found.first_s).date()} and {time_of(found.last_s).date()}"
    say(f"{several(found.ships, 'ship')} heard{span}, in {several(found.bins, 'bin')} of ten minutes")
    say()
    for indicator in found.indicators[:_SHOWN]:
        _print_indicator(indicator)
    if len(found.indicators) > _SHOWN:
        say(f"and {counted(len(found.indicators) - _SHOWN)} more; --json gives all")
    for year in found.petroleum:
        say(
            f"petroleum that tankers may have brought {year.within}: {counted(year.low)} to {counted(year.high)} "
            f"barrels, central estimate {counted(year.central)}; the limit is {counted(year.cap)} ({year.measure})"
        )
    rows = [(each.detector, each.indicators, each.untied, each.lapsed) for each in found.tallies]
    table(("detector", "indicators", "untied", "no measure in force"), rows, right=(1, 2, 3))
    if any(each.untied for each in found.tallies):
        say("untied: nothing ties it to the DPRK, so it names no measure and is no indicator; --untied lists it")
    say()
    say(f"{several(len(found.indicators), 'indicator')}. An indicator is a sign found by a machine, not an accusation.")


def _print_untied(found: Sequence[Untied]) -> None:
    for each in found:
        marked = " [SANDBOX]" if each.sandbox else ""
        say(f"{each.score:.2f}  {each.title}{marked}")
        where = "" if each.place is None else f", at {each.place.latitude_deg:.4f} {each.place.longitude_deg:.4f}"
        say(f"      {each.detector}, {told(each.from_s)} to {'now' if each.to_s is None else told(each.to_s)}{where}")
    if found:
        say()
    say(f"{counted(len(found))} found that nothing ties to the DPRK. {_NO_INDICATORS}")


def _untied_record(each: Untied) -> JsonValue:
    place = each.place
    return {
        "detector": each.detector,
        "kind": each.kind,
        "title": each.title,
        "from": stamp(time_of(each.from_s)),
        "to": None if each.to_s is None else stamp(time_of(each.to_s)),
        "latitude_deg": None if place is None else place.latitude_deg,
        "longitude_deg": None if place is None else place.longitude_deg,
        "score": round(each.score, SCORE_DECIMALS),
        "measures": [],
        "sandbox": each.sandbox,
    }


def _print_indicator(indicator: Indicator) -> None:
    marked = " [SANDBOX]" if indicator.sandbox else ""
    say(f"{indicator.score:.2f}  {indicator.title}{marked}")
    say(f"      {indicator.detector}, {', '.join(sorted(set(indicator.measures)))}, id {indicator.id}")
    for reason in indicator.reasons:
        say(f"      - {reason.text}")
    say(f"      what else could explain it: {' '.join(indicator.alternatives)}")


@click.command()
@click.argument("number")
@click.option(
    "--map", "map_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with a map here."
)
@_since
@_until
@config_option
@store_option
@as_json
def track(
    number: str,
    map_file: Path | None,
    since: date | None,
    until: date | None,
    config: Path | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Show the way of one ship and what she said of herself; NUMBER is her MMSI or IMO number.

    The page of --map is one file without anything from the network: it can be sent and kept.
    """
    address = store_address(store, config)
    with progress() as tell:
        way, said = store_track(address, number, now(), since=since, until=until, tell=tell)
    if map_file is not None:
        Folder.open(str(map_file.resolve().parent)).replace(map_file.name, track_page(way, said))
    if as_json:
        say_json(_record(way, said))
        return
    first, last = way.points[0], way.points[-1]
    say(
        f"MMSI {way.mmsi}: {counted(len(way.points))} places "
        f"from {stamp(time_of(first.at_s))} to {stamp(time_of(last.at_s))}"
    )
    _print_said(said)
    if map_file is not None:
        say(f"map  {map_file}")


def _print_said(said: Sequence[Identity]) -> None:
    if not said:
        say("she said nothing of herself")
        return
    rows = [
        (
            f"{row.first_at:%Y-%m-%d %H:%M}",
            f"{row.last_at:%Y-%m-%d %H:%M}",
            row.name or "",
            "" if row.imo is None else f"{row.imo:07d}",
            row.call_sign or "",
            "" if row.ship_type is None else row.ship_type,
            "" if row.draught_m is None else f"{row.draught_m:g}",
            row.destination or "",
        )
        for row in said
    ]
    table(("from", "to", "name", "IMO", "call sign", "type", "draught, m", "destination"), rows)


def _record(way: Track, said: Sequence[Identity]) -> dict[str, JsonValue]:
    return {
        "mmsi": way.mmsi,
        "points": [[point.latitude_deg, point.longitude_deg, point.at_s] for point in way.points],
        "said": [
            {
                "from": stamp(row.first_at),
                "to": stamp(row.last_at),
                "name": row.name,
                "imo": row.imo,
                "call_sign": row.call_sign,
                "ship_type": row.ship_type,
                "length_m": row.length_m,
                "beam_m": row.beam_m,
                "draught_m": row.draught_m,
                "destination": row.destination,
                "exhibit": row.exhibit,
                "row": row.row,
            }
            for row in said
        ],
    }
