"""The detector of spoofing: the places that a transponder sends are not where a ship can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeVar

import ibis

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.callsigns import family_of_mmsi
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK
from bongsu.sea.grid import METRES_PER_DEGREE
from bongsu.sea.inland import ashore
from bongsu.sea.jumps import jumps
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.sea.tracks import BLOCK_S, DAY_S, HOUR_S, circles, copies, frozen, hours, lines

R = TypeVar("R")

KINDS: Final = ("impossible_speed", "on_land", "circle", "line", "copied_track", "frozen")
_WEIGHTS: Final = (*KINDS, "often", "long", "dprk")
_OFTEN: Final = 3  # leaps, days or blocks
_LONG_S: Final = 12 * HOUR_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterway:
    """A canal or river on which ships go that the map of the coast does not have, as a box of degrees."""

    name: str
    south: float
    north: float
    west: float
    east: float

    def holds(self, latitude_deg: float, longitude_deg: float) -> bool:
        """Whether a place lies in it."""
        return self.south <= latitude_deg <= self.north and self.west <= longitude_deg <= self.east


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        faster_kn, farther_km: what a leap is (`jumps.jumps`).
        stay_min: how long she stays where she leapt to, at least.
        inland_km: how far from every water of the map a place on land lies.
        ships: in how many ships' tracks a cell may lie at most: more of them, and it is a waterway.
        bins: in how many bins a place on land or a frozen one is sent, at least.
        waterways: what the map does not have.
        under_way_kn: the least speed of a ship that is under way.
        frozen_h: how long one place is sent, at least.
        least_km, most_km, uneven, ring_bins, eighths: what a circle is (`tracks.circles`).
        even_bins, off: what a line is (`tracks.lines`).
        copied_off: by how much the ways of two ships in an hour differ at most, and are the same (`tracks.copies`).
        copied_h, apart_km: for how many hours in a row two ships go the same way, and how far apart.
        changed: by how much their way of one of these hours differs from that of another, at least.
        measures_by: the measures that bear besides on a ship of the DPRK.
    """

    common: Common
    faster_kn: float
    farther_km: float
    stay_min: float
    inland_km: float
    ships: int
    bins: int
    waterways: tuple[Waterway, ...]
    under_way_kn: float
    frozen_h: float
    least_km: float
    most_km: float
    uneven: float
    ring_bins: int
    eighths: int
    even_bins: int
    off: float
    copied_off: int
    copied_h: int
    changed: int
    apart_km: float
    measures_by: Mapping[str, tuple[str, ...]]
    alternatives_by: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        faster_kn=parameter(card, "faster", "knot", least=30),
        farther_km=parameter(card, "farther", "kilometre", least=15),
        stay_min=parameter(card, "stay", "minute"),
        inland_km=parameter(card, "inland", "kilometre"),
        ships=int(parameter(card, "ships", "ship")),
        bins=int(parameter(card, "bins", "bin", least=2)),
        waterways=card.tables("waterway", _waterway),
        under_way_kn=parameter(card, "under_way", "knot", least=1),
        frozen_h=parameter(card, "frozen", "hour"),
        least_km=parameter(card, "least_radius", "kilometre", least=0.1),
        most_km=parameter(card, "most_radius", "kilometre", most=60),
        uneven=parameter(card, "uneven", "share", most=0.5),
        ring_bins=int(parameter(card, "ring_bins", "bin", least=6)),
        eighths=int(parameter(card, "eighths", "eighth", most=8)),
        even_bins=int(parameter(card, "even_bins", "bin", most=18)),
        off=parameter(card, "off", "hundred-thousandth of a degree"),
        copied_off=int(parameter(card, "copied_off", "hundred-thousandth of a degree", most=64)),
        copied_h=int(parameter(card, "copied", "hour", least=2)),
        changed=int(parameter(card, "changed", "hundred-thousandth of a degree")),
        apart_km=parameter(card, "apart", "kilometre"),
        measures_by=texts_by(card, "measures_by", ("dprk_flag",)),
        alternatives_by=texts_by(card, "alternatives_by", KINDS),
        weights=weights(card, *_WEIGHTS),
    )


def _waterway(card: Card) -> Waterway:
    return Waterway(
        name=card.text("name"),
        south=card.number("south", least=-90, most=90),
        north=card.number("north", least=-90, most=90),
        west=card.number("west", least=-180, most=180),
        east=card.number("east", least=-180, most=180),
    )


@dataclass(frozen=True, slots=True)
class Leaps:
    """A day on which a ship leapt (`jumps.jumps`)."""

    mmsi: int
    day_s: int
    leaps: int
    stayed: int
    from_s: int
    to_s: int
    most_kn: float
    most_km: float
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Ashore:
    """A day on which a ship was deep in the land: the southernmost and westernmost place, and how many bins."""

    mmsi: int
    day_s: int
    bins: int
    from_s: int
    to_s: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A day on which a ship went round (`tracks.circles`)."""

    mmsi: int
    day_s: int
    lat: float
    lon: float
    radius_km: float
    bins: int
    eighths: int
    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True)
class Line:
    """A block of hours in which a ship went evenly (`tracks.lines`)."""

    mmsi: int
    block_s: int
    bins: int
    from_s: int
    to_s: int
    lat: float
    lon: float
    north: int
    east: int


@dataclass(frozen=True, slots=True)
class Copy:
    """An hour in which two ships went the same way (`tracks.copies`)."""

    mmsi: int
    partner: int
    hour_s: int
    at_s: int
    since_s: int
    partner_at_s: int
    partner_since_s: int
    lat: float
    lon: float
    apart_km: float
    north: int
    east: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """A place that did not change while a ship was under way (`tracks.frozen`)."""

    mmsi: int
    lat: float
    lon: float
    bins: int
    from_s: int
    to_s: int
    least_kn: float
    most_kn: float


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Leaps, places on land, circles, lines, copies and places that do not change."""
    steps, least_kn = sea.steps, parameters.under_way_kn
    leapt = jumps(
        sea.far,
        faster_kn=parameters.faster_kn,
        farther_km=parameters.farther_km,
        at_once_s=int(parameters.stay_min * 60),
    )
    hourly = sea.engine.keep(hours(steps, least_kn=least_kn))
    asked: dict[Any, ibis.Table] = {  # Any: mypy knows no type whose every instance is a dataclass
        Leaps: leapt.filter(leapt.stayed > 0),
        Ashore: ashore(sea, margin_km=parameters.inland_km, ships=parameters.ships, bins=parameters.bins),
        Circle: circles(
            steps,
            least_kn=least_kn,
            least_km=parameters.least_km,
            most_km=parameters.most_km,
            uneven=parameters.uneven,
            bins=parameters.ring_bins,
            eighths=parameters.eighths,
        ),
        Line: lines(steps, least_kn=least_kn, bins=parameters.even_bins, off=parameters.off),
        Copy: copies(hourly, off=parameters.copied_off, apart_km=parameters.apart_km, hours_least=parameters.copied_h),
        Frozen: frozen(steps, least_kn=least_kn, bins=parameters.bins, lasting_s=int(parameters.frozen_h * HOUR_S)),
    }
    return {record: table.select(*record.__dataclass_fields__) for record, table in asked.items()}


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """The places that a transponder sent are not places where a ship was.

    It sees leaps that no ship makes, places deep in dry land, ways on an even circle or in an even line, the same way
    as another ship's far away, and one place for hours from a ship that says she is under way. It does not see who made
    them so: receivers of satellites are jammed and led astray over whole seas, transponders fail, providers fill gaps,
    and two ships may send one number. It is no breach; it bears on the duty to inspect where it hides where a ship was.

    Args:
        answers: what was found of each.
        known: ships.
        parameters: the card.

    Returns:
        One sign per kind, ship and run of days, blocks or hours; by kind, ship and time.
    """
    makers: list[tuple[type, Callable[[list[Any], Known, Parameters], list[Sign]]]] = [
        (Leaps, _leaps),
        (Ashore, _on_land),
        (Circle, _circles),
        (Line, _lines),
        (Copy, _copies),
        (Frozen, _frozen),
    ]  # Any: each takes the rows of its own record
    return [sign for record, make in makers for sign in make(answers.of(record), known, parameters)]


def runs(rows: Sequence[R], *, ship: Callable[[R], Any], at: Callable[[R], int], step: int) -> list[list[R]]:
    """Rows of one ship that follow each other.

    Args:
        rows: in any order.
        ship: whom a row is about.
        at: its time.
        step: by how much the time of the next is later.

    Returns:
        Each by time; by ship and time.
    """
    found: list[list[R]] = []
    for _, own in groupby(sorted(rows, key=lambda row: (ship(row), at(row))), key=ship):
        last = None
        for row in own:
            if last is not None and at(row) - last <= step:
                found[-1].append(row)
            else:
                found.append([row])
            last = at(row)
    return found


def _leaps(rows: list[Leaps], known: Known, parameters: Parameters) -> list[Sign]:
    found = []
    for day in sorted(rows, key=lambda each: (each.mmsi, each.day_s)):
        text = (
            f"Between two of her reports she made {day.most_km:.0f} km, and between two {day.most_kn:,.0f} knots, and "
        )
        text += (
            f"stayed at the new place for more than {parameters.stay_min:g} minutes; so {_times(day.stayed)} that day."
        )
        facts: dict[str, JsonValue] = {
            "leaps": day.leaps,
            "stayed": day.stayed,
            "most_kn": round(day.most_kn, 1),
            "most_km": round(day.most_km, 1),
        }
        title = f"made {day.most_kn:,.0f} knots from one place to another"
        found.append(
            _sign(
                "impossible_speed",
                day,
                (day.from_s, day.to_s),
                title,
                text,
                day.stayed >= _OFTEN,
                facts,
                known,
                parameters,
            )
        )
    return found


def _on_land(rows: list[Ashore], known: Known, parameters: Parameters) -> list[Sign]:
    dry = [day for day in rows if not any(each.holds(day.lat, day.lon) for each in parameters.waterways)]
    found = []
    for run in runs(dry, ship=lambda day: day.mmsi, at=lambda day: day.day_s, step=DAY_S):
        bins = sum(day.bins for day in run)
        text = f"In {bins} bins of ten minutes her place was more than {parameters.inland_km:g} km from every water of "
        text += "the map."
        facts: dict[str, JsonValue] = {"bins": bins, "days": len(run)}
        span = (run[0].from_s, run[-1].to_s)
        found.append(
            _sign("on_land", run[0], span, "was on dry land", text, len(run) >= _OFTEN, facts, known, parameters)
        )
    return found


def _circles(rows: list[Circle], known: Known, parameters: Parameters) -> list[Sign]:
    best: dict[tuple[int, int], Circle] = {}
    for day in sorted(rows, key=lambda each: (each.bins, each.radius_km, each.lat, each.lon)):
        best[(day.mmsi, day.day_s)] = day
    found = []
    for run in runs(list(best.values()), ship=lambda day: day.mmsi, at=lambda day: day.day_s, step=DAY_S):
        bins = sum(day.bins for day in run)
        text = f"In {bins} bins of ten minutes she was under way on one circle of {run[0].radius_km:.1f} km radius, "
        text += f"never farther from it than {parameters.uneven:.0%} of that."
        facts: dict[str, JsonValue] = {"radius_km": round(run[0].radius_km, 2), "bins": bins, "days": len(run)}
        title = f"went round on a circle of {run[0].radius_km:.1f} km"
        span = (run[0].from_s, run[-1].to_s)
        found.append(_sign("circle", run[0], span, title, text, len(run) >= _OFTEN, facts, known, parameters))
    return found


def _lines(rows: list[Line], known: Known, parameters: Parameters) -> list[Sign]:
    found = []
    for run in runs(rows, ship=lambda block: block.mmsi, at=lambda block: block.block_s, step=BLOCK_S):
        bins = sum(block.bins for block in run)
        text = (
            f"In {bins} bins of ten minutes her reports lay within {_metres(parameters.off)} m of where a point that "
        )
        text += (
            "moves evenly in a straight line would be at that second; wind, sea and receivers leave no ship so still."
        )
        facts: dict[str, JsonValue] = {"bins": bins, "blocks": len(run)}
        span = (run[0].from_s, run[-1].to_s)
        title = "went in a straight line at one speed, to the metre"
        found.append(_sign("line", run[0], span, title, text, len(run) >= _OFTEN, facts, known, parameters))
    return found


def _copies(rows: list[Copy], known: Known, parameters: Parameters) -> list[Sign]:
    found = []
    for run in runs(rows, ship=lambda row: (row.mmsi, row.partner), at=lambda row: row.hour_s, step=HOUR_S):
        norths, easts = [row.north for row in run], [row.east for row in run]
        # Two ships that keep one course and speed may well keep the same; two that change them alike do not.
        changed = max(max(norths) - min(norths), max(easts) - min(easts))
        if len(run) < parameters.copied_h or changed < parameters.changed:
            continue
        first, last = run[0], run[-1]
        partner = known.ships.through(first.partner, first.partner_since_s, last.partner_at_s)
        text = f"In each of {len(run)} hours she and {partner.called} went the same way to "
        text += f"{_metres(parameters.copied_off)} m, {min(row.apart_km for row in run):.0f} km or more apart."
        facts: dict[str, JsonValue] = {
            "partner": first.partner,
            "partner_name": partner.name,
            "hours": len(run),
            "apart_km": round(min(row.apart_km for row in run), 1),
        }
        span = (first.since_s, last.at_s)
        title = f"went the same way as {partner.called}, far from her"
        seen = tuple(
            [Seen(mmsi=first.mmsi, at_s=at) for at in span]
            + [Seen(mmsi=first.partner, at_s=at) for at in (first.partner_since_s, last.partner_at_s)]
        )
        often = last.at_s - first.since_s >= _LONG_S
        found.append(
            _sign("copied_track", first, span, title, text, often, facts, known, parameters, seen, partners=(partner,))
        )
    return found


def _frozen(rows: list[Frozen], known: Known, parameters: Parameters) -> list[Sign]:
    found = []
    for row in sorted(rows, key=lambda each: (each.mmsi, each.from_s, each.lat, each.lon)):
        text = (
            f"For {span_told(row.to_s - row.from_s)} she reported {row.least_kn:g} to {row.most_kn:g} knots, and one "
        )
        text += "and the same place to the metre."
        facts: dict[str, JsonValue] = {"bins": row.bins, "least_kn": row.least_kn, "most_kn": row.most_kn}
        span = (row.from_s, row.to_s)
        title = f"stood still to the metre while she said she was under way, for {span_told(row.to_s - row.from_s)}"
        found.append(
            _sign("frozen", row, span, title, text, row.to_s - row.from_s >= _LONG_S, facts, known, parameters)
        )
    return found


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _metres(off: float) -> str:
    return f"{off * METRES_PER_DEGREE / 100_000:.0f}"


def _sign(
    kind: str,
    row: Leaps | Ashore | Circle | Line | Copy | Frozen,
    span: tuple[int, int],
    title: str,
    text: str,
    more: bool,
    facts: Mapping[str, JsonValue],
    known: Known,
    parameters: Parameters,
    seen: tuple[Seen, ...] = (),
    partners: tuple[Ship, ...] = (),
) -> Sign:
    ship = known.ships.through(row.mmsi, *span)
    reasons = [Reason(text=text, weight=parameters.weights[kind])]
    if more:
        name = "long" if kind in ("copied_track", "frozen") else "often"
        words = (
            f"It lasted {_LONG_S // HOUR_S} hours or more."
            if name == "long"
            else f"It happened {_OFTEN} times or more."
        )
        reasons.append(Reason(text=words, weight=parameters.weights[name]))
    dprk = family_of_mmsi(row.mmsi) == DPRK
    if dprk:
        reasons.append(Reason(text="Her MMSI is of the DPRK.", weight=parameters.weights["dprk"]))
    return Sign(
        ships=(ship, *partners),
        title=f"{ship.called} {title}, from {told(span[0])}",
        measures=(*parameters.common.measures, *(parameters.measures_by["dprk_flag"] if dprk else ())),
        from_s=span[0],
        to_s=span[1],
        reasons=tuple(reasons),
        alternatives=(*parameters.alternatives_by[kind], *parameters.common.alternatives),
        facts={"kind": kind, **facts},
        seen=seen or tuple(Seen(mmsi=row.mmsi, at_s=at) for at in span),
        place=Place(latitude_deg=row.lat, longitude_deg=row.lon),
    )
