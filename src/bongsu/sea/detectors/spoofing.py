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
from bongsu.sea.calls import Call, ports_of, stays_at
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.displaced import Ashore, Circle, Copy, Frozen, Leaps, Line
from bongsu.sea.flags import DPRK, is_dprk
from bongsu.sea.grid import METRES_PER_DEGREE
from bongsu.sea.inland import ashore
from bongsu.sea.jumps import jumps
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.sea.ties import TIES, Act, Ties, is_own, kinds_of, reasons_of
from bongsu.sea.tracks import BLOCK_S, DAY_S, HOUR_S, circles, copies, frozen, hours, lines

R = TypeVar("R")

KINDS: Final = ("impossible_speed", "on_land", "circle", "line", "copied_track", "frozen")
_WEIGHTS: Final = (*KINDS, "untied", "often", "long", *TIES)
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
        call_d: how long before or after it a call at a port of the DPRK ties a sign to it.
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
    call_d: float
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
        call_d=parameter(card, "call", "day"),
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


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Leaps, places on land, circles, lines, copies and places that do not change; and stays of callers at the DPRK."""
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
        Call: stays_at(sea, ports_of(sea.gazetteer, DPRK)),
    }
    return {record: table.select(*record.__dataclass_fields__) for record, table in asked.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What one rule found, before it is known what ties it.

    Args:
        at: the place of the sign, latitude and longitude.
        places: where she, or the other, said that they were at sea.
        more: whether it happened often, or lasted long.
    """

    kind: str
    mmsi: int
    span: tuple[int, int]
    title: str
    text: str
    more: bool
    facts: Mapping[str, JsonValue]
    at: tuple[float, float]
    places: tuple[tuple[float, float], ...]
    seen: tuple[Seen, ...] = ()
    partners: tuple[Ship, ...] = ()


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """The places that a transponder sent are not places where a ship was.

    It sees leaps that no ship makes, places deep in dry land, ways on an even circle or in an even line, the same way
    as another ship's far away, and one place for hours from a ship that says she is under way. It does not see who made
    them so: receivers of satellites are jammed and led astray over whole seas, transponders fail, providers fill gaps,
    and two ships may send one number. It is no breach; it bears on the duty to inspect where it hides where a ship was,
    and names a measure only where something ties her, or the ship whose way is the same, to the DPRK: a flag, a
    listing, a call, or a place that was sent in its waters or where reports describe transfers. What nothing ties is
    counted, and names none.

    Args:
        answers: what was found of each, and stays.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per kind, ship and run of days, blocks or hours; by kind, ship and time. Without measures where nothing
        ties it.
    """
    makers: list[tuple[type, Callable[[list[Any], Known, Parameters], list[_Found]]]] = [
        (Leaps, _leaps),
        (Ashore, _on_land),
        (Circle, _circles),
        (Line, _lines),
        (Copy, _copies),
        (Frozen, _frozen),
    ]  # Any: each takes the rows of its own record
    ties = Ties(answers.of(Call), known, kinds=("transfer_area",), call_days=parameters.call_d)
    found = [each for record, make in makers for each in make(answers.of(record), known, parameters)]
    return [_sign(each, ties, known, parameters) for each in found]


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


def _leaps(rows: list[Leaps], _: Known, parameters: Parameters) -> list[_Found]:
    found = []
    for day in sorted(rows, key=lambda each: (each.mmsi, each.day_s)):
        text = (
            f"Between two of her reports she made {day.most_km:.0f} km, and between two {day.most_kn:,.0f} knots, and "
        )
        text += (
            f"stayed at the new place for more than {parameters.stay_min:g} minutes; so {_times(day.stayed)} that day."
        )
        found.append(
            _Found(
                kind="impossible_speed",
                mmsi=day.mmsi,
                span=(day.from_s, day.to_s),
                title=f"made {day.most_kn:,.0f} knots from one place to another",
                text=text,
                more=day.stayed >= _OFTEN,
                facts={
                    "leaps": day.leaps,
                    "stayed": day.stayed,
                    "most_kn": round(day.most_kn, 1),
                    "most_km": round(day.most_km, 1),
                },
                at=(day.lat, day.lon),
                places=((day.lat, day.lon),),
            )
        )
    return found


def _on_land(rows: list[Ashore], _: Known, parameters: Parameters) -> list[_Found]:
    dry = [day for day in rows if not any(each.holds(day.lat, day.lon) for each in parameters.waterways)]
    found = []
    for run in runs(dry, ship=lambda day: day.mmsi, at=lambda day: day.day_s, step=DAY_S):
        bins = sum(day.bins for day in run)
        text = f"In {bins} bins of ten minutes her place was more than {parameters.inland_km:g} km from every water of "
        text += "the map."
        found.append(
            _Found(
                kind="on_land",
                mmsi=run[0].mmsi,
                span=(run[0].from_s, run[-1].to_s),
                title="was on dry land",
                text=text,
                more=len(run) >= _OFTEN,
                facts={"bins": bins, "days": len(run)},
                at=(run[0].lat, run[0].lon),
                places=(),
            )
        )
    return found


def _circles(rows: list[Circle], _: Known, parameters: Parameters) -> list[_Found]:
    best: dict[tuple[int, int], Circle] = {}
    for day in sorted(rows, key=lambda each: (each.bins, each.radius_km, each.lat, each.lon)):
        best[(day.mmsi, day.day_s)] = day
    found = []
    for run in runs(list(best.values()), ship=lambda day: day.mmsi, at=lambda day: day.day_s, step=DAY_S):
        bins = sum(day.bins for day in run)
        text = f"In {bins} bins of ten minutes she was under way on one circle of {run[0].radius_km:.1f} km radius, "
        text += f"never farther from it than {parameters.uneven:.0%} of that."
        found.append(
            _Found(
                kind="circle",
                mmsi=run[0].mmsi,
                span=(run[0].from_s, run[-1].to_s),
                title=f"went round on a circle of {run[0].radius_km:.1f} km",
                text=text,
                more=len(run) >= _OFTEN,
                facts={"radius_km": round(run[0].radius_km, 2), "bins": bins, "days": len(run)},
                at=(run[0].lat, run[0].lon),
                places=tuple((day.lat, day.lon) for day in run),
            )
        )
    return found


def _lines(rows: list[Line], _: Known, parameters: Parameters) -> list[_Found]:
    found = []
    for run in runs(rows, ship=lambda block: block.mmsi, at=lambda block: block.block_s, step=BLOCK_S):
        bins = sum(block.bins for block in run)
        text = (
            f"In {bins} bins of ten minutes her reports lay within {_metres(parameters.off)} m of where a point that "
        )
        text += (
            "moves evenly in a straight line would be at that second; wind, sea and receivers leave no ship so still."
        )
        found.append(
            _Found(
                kind="line",
                mmsi=run[0].mmsi,
                span=(run[0].from_s, run[-1].to_s),
                title="went in a straight line at one speed, to the metre",
                text=text,
                more=len(run) >= _OFTEN,
                facts={"bins": bins, "blocks": len(run)},
                at=(run[0].lat, run[0].lon),
                places=tuple(end for block in run for end in block.ends),
            )
        )
    return found


def _copies(rows: list[Copy], known: Known, parameters: Parameters) -> list[_Found]:
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
        span = (first.since_s, last.at_s)
        found.append(
            _Found(
                kind="copied_track",
                mmsi=first.mmsi,
                span=span,
                title=f"went the same way as {partner.called}, far from her",
                text=text,
                more=last.at_s - first.since_s >= _LONG_S,
                facts={
                    "partner": first.partner,
                    "partner_name": partner.name,
                    "hours": len(run),
                    "apart_km": round(min(row.apart_km for row in run), 1),
                },
                at=(first.lat, first.lon),
                places=tuple(
                    place for row in run for place in ((row.lat, row.lon), (row.partner_lat, row.partner_lon))
                ),
                seen=(
                    *(Seen(mmsi=first.mmsi, at_s=at) for at in span),
                    *(Seen(mmsi=first.partner, at_s=at) for at in (first.partner_since_s, last.partner_at_s)),
                ),
                partners=(partner,),
            )
        )
    return found


def _frozen(rows: list[Frozen], _: Known, __: Parameters) -> list[_Found]:
    found = []
    for row in sorted(rows, key=lambda each: (each.mmsi, each.from_s, each.lat, each.lon)):
        lasted = span_told(row.to_s - row.from_s)
        text = f"For {lasted} she reported {row.least_kn:g} to {row.most_kn:g} knots, and one and the same place to "
        found.append(
            _Found(
                kind="frozen",
                mmsi=row.mmsi,
                span=(row.from_s, row.to_s),
                title=f"stood still to the metre while she said she was under way, for {lasted}",
                text=f"{text}the metre.",
                more=row.to_s - row.from_s >= _LONG_S,
                facts={"bins": row.bins, "least_kn": row.least_kn, "most_kn": row.most_kn},
                at=(row.lat, row.lon),
                places=((row.lat, row.lon),),
            )
        )
    return found


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _metres(off: float) -> str:
    return f"{off * METRES_PER_DEGREE / 100_000:.0f}"


def _sign(found: _Found, ties: Ties, known: Known, parameters: Parameters) -> Sign:
    ship = known.ships.through(found.mmsi, *found.span)
    from_s, to_s = found.span
    act = Act(from_s=from_s, to_s=to_s, places=found.places, told="A place that was sent lies")
    tied = ties.of(act, (ship, *found.partners))
    weight = parameters.weights
    reasons = [Reason(text=found.text, weight=weight[found.kind if is_own(tied) else "untied"])]
    if found.more and found.kind in ("copied_track", "frozen"):
        reasons.append(Reason(text=f"It lasted {_LONG_S // HOUR_S} hours or more.", weight=weight["long"]))
    elif found.more:
        reasons.append(Reason(text=f"It happened {_OFTEN} times or more.", weight=weight["often"]))
    dprk = parameters.measures_by["dprk_flag"] if is_dprk(ship) else ()
    return Sign(
        ships=(ship, *found.partners),
        title=f"{ship.called} {found.title}, from {told(from_s)}",
        measures=(*parameters.common.measures, *dprk) if tied else (),
        from_s=from_s,
        to_s=to_s,
        reasons=(*reasons, *reasons_of(tied, weight, whom="either ship" if found.partners else "her")),
        alternatives=(*parameters.alternatives_by[found.kind], *parameters.common.alternatives),
        facts={"kind": found.kind, **found.facts, "ties": kinds_of(tied)},
        seen=found.seen or tuple(Seen(mmsi=found.mmsi, at_s=at) for at in found.span),
        place=Place(latitude_deg=found.at[0], longitude_deg=found.at[1]),
    )
