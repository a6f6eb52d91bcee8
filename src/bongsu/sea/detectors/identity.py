"""The detector of identities: what a transponder says of its ship cannot be right, or is not what it said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.callsigns import family_of_mmsi
from bongsu.sea.claims import Claim, amiss, sayings
from bongsu.sea.contradictions import Found, Limits, of_imo, of_ship
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK
from bongsu.sea.jumps import jumps
from bongsu.sea.mmsi import imo_is_sound
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, told

KINDS: Final = (
    "imo_check",
    "imo_never_issued",
    "dprk_mmsi",
    "dprk_call_sign",
    "call_sign_flag",
    "two_places",
    "mmsi_shared",
    "imo_shared",
    "renamed",
    "dimensions",
    "zombie",
    "flag_hopping",
)
_WEIGHTS: Final = (*KINDS, "to_and_fro", "new_call_sign", "listed_name", "more_days", "dprk")
_DAY_S: Final = 86_400
_DPRK_MMSI: Final = (445_000_000, 445_999_999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        faster_kn, farther_km: what a leap is (`jumps.jumps`).
        at_once_min: how long a ship may be heard at one place before she is heard at the other, for both to be at once.
        returns: how often on one day, at least.
        limits: from when on what was said is contradictory.
        measures_by: what bears instead of the common measures, by kind; empty where these bear.
        alternatives_by: what else could explain it besides, by kind.
    """

    common: Common
    faster_kn: float
    farther_km: float
    at_once_min: float
    returns: float
    limits: Limits
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
        at_once_min=parameter(card, "at_once", "minute"),
        returns=parameter(card, "returns", "return"),
        limits=_limits(card),
        measures_by=texts_by(card, "measures_by", KINDS, at_least=0),
        alternatives_by=texts_by(card, "alternatives_by", KINDS),
        weights=weights(card, *_WEIGHTS),
    )


def _limits(card: Card) -> Limits:
    return Limits(
        shared_d=parameter(card, "shared", "day"),
        overlap_h=parameter(card, "overlap", "hour"),
        typing=int(parameter(card, "typing", "letter")),
        longer_m=parameter(card, "longer", "metre", least=1),
        wider_m=parameter(card, "wider", "metre", least=1),
        share=parameter(card, "share", "share", most=1),
        silence_d=parameter(card, "silence", "day"),
        flags=int(parameter(card, "flags", "flag", least=2)),
        within_d=parameter(card, "within", "day"),
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """The first and the last position of a ship."""

    mmsi: int
    from_s: int
    to_s: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class TwoPlaces:
    """A day on which an MMSI was heard in two places at once (`jumps.jumps`)."""

    mmsi: int
    day_s: int
    leaps: int
    returns: int
    from_s: int
    to_s: int
    most_km: float
    lat: float
    lon: float


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """What was said where something is amiss; where those ships and ships of the DPRK are heard; days in two places."""
    listed = sorted({ship.imo for ship in sea.designated if ship.imo is not None})
    said = sea.engine.keep(sayings(sea.identities))
    claims = sea.engine.keep(
        amiss(said, listed=listed, longer_m=parameters.limits.longer_m, wider_m=parameters.limits.wider_m).select(
            *Claim.__dataclass_fields__
        )
    )
    leapt = jumps(
        sea.far,
        faster_kn=parameters.faster_kn,
        farther_km=parameters.farther_km,
        at_once_s=int(parameters.at_once_min * 60),
    )
    at_once = leapt.filter(leapt.returns >= int(parameters.returns)).select(*TwoPlaces.__dataclass_fields__)
    return {Claim: claims, Heard: _heard(sea, claims.select("mmsi").distinct()), TwoPlaces: at_once}


def _heard(sea: Sea, ships: ibis.Table) -> ibis.Table:
    bins, steps = sea.bins, sea.steps
    spans = bins.group_by("mmsi").aggregate(from_s=bins.first_s.min(), to_s=bins.last_s.max())
    met = spans.left_join(ships.mutate(claimed=ibis.literal(1)), "mmsi")
    wanted = met.filter(met.claimed.notnull() | met.mmsi.between(*_DPRK_MMSI))
    first = steps.filter(steps.n == 0).select("mmsi", lat=steps.first_lat, lon=steps.first_lon)
    return wanted.join(first, "mmsi").select(*Heard.__dataclass_fields__)


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """What a transponder says of its ship cannot be right, or does not agree with what it or another said.

    It sees the numbers, names, call signs and dimensions that transponders sent, and from when to when; and where one
    number was heard in two places at once. It does not see the ship, nor her papers. It is no breach in itself: numbers
    are typed in by hand and often wrong, transponders are sold with ships and left as they were, names and flags change
    by right, and many nets and small boats share a number. It bears on the duty to inspect where it hides who she is.

    Args:
        answers: what was said, where ships were heard, and the days in two places.
        known: ships and designated ships.
        parameters: the card.

    Returns:
        One sign per rule and ship or IMO number, by rule and ship.
    """
    claims = sorted(answers.of(Claim), key=lambda each: (each.mmsi, each.first_s, each.last_s, each.cite))
    heard = {each.mmsi: each for each in answers.of(Heard)}
    by_ship: dict[int, list[Claim]] = defaultdict(list)
    by_imo: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_ship[claim.mmsi].append(claim)
        if claim.imo is not None and imo_is_sound(claim.imo):
            by_imo[claim.imo].append(claim)
    found = [each for mmsi in sorted({*by_ship, *heard}) for each in of_ship(mmsi, by_ship[mmsi], parameters.limits)]
    found += [each for imo in sorted(by_imo) for each in of_imo(imo, by_imo[imo], known.designated, parameters.limits)]
    signs = [_sign(each, heard, known, parameters) for each in found]
    signs += _two_places(answers.of(TwoPlaces), known, parameters)
    return sorted(signs, key=lambda sign: (KINDS.index(str(sign.facts["kind"])), sign.mmsi, sign.from_s, sign.title))


def _sign(found: Found, heard: Mapping[int, Heard], known: Known, parameters: Parameters) -> Sign:
    places = [heard[mmsi] for mmsi in found.mmsis if mmsi in heard]
    times = [at for claim in found.claims for at in (claim.first_s, claim.last_s)]
    times = times or [at for each in places for at in (each.from_s, each.to_s)]
    ship = _named(found, max(times), known)
    reasons = [Reason(text=text, weight=parameters.weights[weight]) for text, weight in found.reasons]
    flown = [mmsi for mmsi in found.mmsis if family_of_mmsi(mmsi) == DPRK]
    if flown and found.kind not in ("dprk_mmsi", "dprk_call_sign"):
        reasons.append(Reason(text=f"MMSI {flown[0]} is of the DPRK.", weight=parameters.weights["dprk"]))
    return Sign(
        ships=(ship,),
        title=f"{ship.called} {found.title}",
        measures=parameters.measures_by[found.kind] or parameters.common.measures,
        from_s=min(times),
        to_s=max(times),
        reasons=tuple(reasons),
        alternatives=(*parameters.alternatives_by[found.kind], *parameters.common.alternatives),
        facts={"kind": found.kind, **found.facts},
        seen=tuple(Seen(mmsi=each.mmsi, at_s=at) for each in places for at in (each.from_s, each.to_s)),
        citations=tuple(sorted({claim.citation for claim in found.claims})),
        place=Place(latitude_deg=places[0].lat, longitude_deg=places[0].lon) if places else None,
    )


def _named(found: Found, last_s: int, known: Known) -> Ship:
    """The ship that a sign is about, as she last said what it rests on; where that is more than one IMO number, as she
    was through all of it.
    """
    mmsi = found.mmsis[0]
    own = [claim for claim in found.claims if claim.mmsi == mmsi]
    until_s = max((claim.last_s for claim in own), default=last_s)
    if len({claim.imo for claim in own if claim.imo is not None}) > 1:
        return known.ships.through(mmsi, min(claim.first_s for claim in own), until_s)
    return known.ships.of(mmsi, until_s)


def _two_places(days: Sequence[TwoPlaces], known: Known, parameters: Parameters) -> list[Sign]:
    """One sign for each run of days on which one MMSI was in two places."""
    runs: list[list[TwoPlaces]] = []
    for day in sorted(days, key=lambda each: (each.mmsi, each.day_s)):
        if runs and runs[-1][-1].mmsi == day.mmsi and runs[-1][-1].day_s + _DAY_S == day.day_s:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [_of_run(run, known, parameters) for run in runs]


def _of_run(run: Sequence[TwoPlaces], known: Known, parameters: Parameters) -> Sign:
    mmsi, returns, kind = run[0].mmsi, sum(day.returns for day in run), "two_places"
    ship = known.ships.through(mmsi, run[0].from_s, run[-1].to_s)
    text = f"She was heard at one place and within {parameters.at_once_min:g} minutes at another, up to "
    text += f"{max(day.most_km for day in run):.0f} km away, and back, {returns} times; no ship makes that."
    reasons = [Reason(text=text, weight=parameters.weights[kind])]
    if len(run) > 1:
        reasons.append(Reason(text=f"It went on for {len(run)} days.", weight=parameters.weights["more_days"]))
    if family_of_mmsi(mmsi) == DPRK:
        reasons.append(Reason(text=f"MMSI {mmsi} is of the DPRK.", weight=parameters.weights["dprk"]))
    return Sign(
        ships=(ship,),
        title=f"{ship.called} was heard in two places at once from {told(run[0].from_s)}",
        measures=parameters.measures_by[kind] or parameters.common.measures,
        from_s=run[0].from_s,
        to_s=run[-1].to_s,
        reasons=tuple(reasons),
        alternatives=(*parameters.alternatives_by[kind], *parameters.common.alternatives),
        facts={
            "kind": kind,
            "days": len(run),
            "returns": returns,
            "apart_km": round(max(day.most_km for day in run), 1),
        },
        seen=tuple(Seen(mmsi=mmsi, at_s=at) for day in run for at in (day.from_s, day.to_s)),
        place=Place(latitude_deg=run[0].lat, longitude_deg=run[0].lon),
    )
