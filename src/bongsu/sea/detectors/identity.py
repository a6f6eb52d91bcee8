"""The detector of identities: what a transponder says of its ship cannot be right, or is not what it said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, ports_of, stays_at
from bongsu.sea.callsigns import plain, state_of
from bongsu.sea.claims import Claim, amiss, sayings
from bongsu.sea.contradictions import Found, Limits, of_imo, of_ship
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK
from bongsu.sea.jumps import jumps
from bongsu.sea.mmsi import imo_is_sound
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, time_of, told
from bongsu.sea.ties import TIES, WATERS, Act, Tie, Ties, kinds_of, reasons_of, was_listed

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
_CALL_SIGN: Final = "call_sign"
_NAME: Final = "same_name"
_TIES: Final = (*TIES[:-1], _CALL_SIGN, _NAME)
_WEIGHTS: Final = (*KINDS, "to_and_fro", "new_call_sign", "listed_name", "more_days", *_TIES)
# The ties that a reason of a rule has said already, by its weight.
_SAID: Final = {
    "dprk_mmsi": ("dprk_flag",),
    "dprk_call_sign": ("dprk_flag", _CALL_SIGN),
    "listed_name": ("listed",),
}
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
        call_d: how long before or after it a call at a port of the DPRK ties a sign to it.
        measures_by: what bears instead of the common measures, by kind; empty where these bear.
        alternatives_by: what else could explain it besides, by kind.
    """

    common: Common
    faster_kn: float
    farther_km: float
    at_once_min: float
    returns: float
    limits: Limits
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
        at_once_min=parameter(card, "at_once", "minute"),
        returns=parameter(card, "returns", "return"),
        limits=_limits(card),
        call_d=parameter(card, "call", "day"),
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


@dataclass(frozen=True, slots=True)
class InWaters:
    """Where a ship was first heard on a day in a cell that lies wholly in waters of the DPRK."""

    mmsi: int
    day_s: int
    at_s: int
    lat: float
    lon: float


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """What was said where something is amiss; where those ships and ships of the DPRK are heard; days in two places;
    and what may tie them to the DPRK: days in its waters, and stays of callers at its ports.
    """
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
    at_once = sea.engine.keep(at_once)
    claimed = claims.select("mmsi").distinct()
    return {
        Claim: claims,
        Heard: _heard(sea, claimed),
        TwoPlaces: at_once,
        InWaters: _in_waters(sea, ibis.union(claimed, at_once.select("mmsi"), distinct=True)),
        Call: stays_at(sea, ports_of(sea.gazetteer, DPRK)),
    }


def _in_waters(sea: Sea, ships: ibis.Table) -> ibis.Table:
    """The days of some ships in waters of the DPRK; those of its flag need none."""
    zones = [zone.id for zone in sea.gazetteer.zones if zone.country == DPRK and zone.kind in WATERS]
    cells = sea.zone_cells.filter(sea.zone_cells.whole & sea.zone_cells.zone.isin(sorted(zones)))
    foreign = sea.engine.keep(ships.filter(~ships.mmsi.between(*_DPRK_MMSI)))
    bins = sea.bins.select("mmsi", "bin_s", "first_s", "first_lat", "first_lon", "cell").semi_join(foreign, "mmsi")
    bins = bins.semi_join(cells.select("cell").distinct(), "cell")
    bins = bins.mutate(day_s=bins.bin_s - bins.bin_s % _DAY_S)
    day = ibis.window(group_by=[bins.mmsi, bins.day_s], order_by=bins.first_s)
    first = bins.mutate(lat=bins.first_lat.first().over(day), lon=bins.first_lon.first().over(day))
    return first.group_by("mmsi", "day_s").aggregate(at_s=first.first_s.min(), lat=first.lat.min(), lon=first.lon.min())


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
    by right, and many nets and small boats share a number. It bears on the duty to inspect where it hides who she is,
    and names a measure only where something ties her to the DPRK: her MMSI or call sign, the number or name of a listed
    ship, a call at a port of the DPRK, or that she was heard in its waters meanwhile. What nothing ties is counted, and
    names none.

    Args:
        answers: what was said, where ships were heard, the days in two places and in waters of the DPRK, and stays.
        known: ships, places and designated ships.
        parameters: the card.

    Returns:
        One sign per rule and ship or IMO number, by rule and ship; without measures where nothing ties it.
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
    tying = _Tying(answers, known, parameters)
    signs = [_sign(each, heard, known, tying, parameters) for each in found]
    signs += _two_places(answers.of(TwoPlaces), known, tying, parameters)
    return sorted(signs, key=lambda sign: (KINDS.index(str(sign.facts["kind"])), sign.mmsi, sign.from_s, sign.title))


class _Tying:
    """What may tie what a transponder said to the DPRK."""

    def __init__(self, answers: Answers, known: Known, parameters: Parameters) -> None:
        self._ties = Ties(answers.of(Call), known, kinds=(), call_days=parameters.call_d)
        self._designated = known.designated
        self._days: dict[int, list[InWaters]] = defaultdict(list)
        for day in sorted(answers.of(InWaters), key=lambda day: (day.mmsi, day.day_s)):
            self._days[day.mmsi].append(day)

    def of(self, ships: Sequence[Ship], from_s: int, to_s: int, claims: Sequence[Claim] = ()) -> tuple[Tie, ...]:
        """The ties of some ships in a time, and of the numbers and names that they sent; one of each kind."""
        places = tuple(
            (day.lat, day.lon)
            for ship in ships
            for day in self._days[ship.mmsi]
            if day.at_s <= to_s and day.day_s + _DAY_S > from_s
        )
        imos = tuple(sorted({claim.imo for claim in claims if claim.imo is not None}))
        act = Act(from_s=from_s, to_s=to_s, places=places, told="She was heard", imos=imos)
        first: dict[str, Tie] = {}
        for tie in (*self._ties.of(act, ships), *_by_call_sign(claims), *self._by_name(to_s, claims)):
            first.setdefault(tie.kind, tie)
        return tuple(first.values())

    def _by_name(self, to_s: int, claims: Sequence[Claim]) -> tuple[Tie, ...]:
        """The name of a listed ship, where no sound IMO number says that she is another."""
        if any(claim.imo is not None and imo_is_sound(claim.imo) for claim in claims):
            return ()
        names = {plain(claim.name): claim.name for claim in claims if plain(claim.name)}
        for ship in self._designated:
            if plain(ship.name) in names and was_listed(ship, time_of(to_s).date()):
                text = f"She calls herself {names[plain(ship.name)]}, as a ship is called that {ship.authority} listed "
                text += f"on {ship.listed_on}; many ships share a name."
                return (Tie(kind=_NAME, text=text),)
        return ()


def _by_call_sign(claims: Sequence[Claim]) -> list[Tie]:
    signs = sorted({plain(claim.call_sign) for claim in claims if state_of(claim.call_sign) == DPRK})
    return [Tie(kind=_CALL_SIGN, text=f"Her call sign {sign} is of a series of the DPRK.") for sign in signs]


def _sign(found: Found, heard: Mapping[int, Heard], known: Known, tying: _Tying, parameters: Parameters) -> Sign:
    places = [heard[mmsi] for mmsi in found.mmsis if mmsi in heard]
    times = [at for claim in found.claims for at in (claim.first_s, claim.last_s)]
    times = times or [at for each in places for at in (each.from_s, each.to_s)]
    ship = _named(found, max(times), known)
    others = [known.ships.of(mmsi, max(times)) for mmsi in found.mmsis[1:]]
    tied = tying.of([ship, *others], min(times), max(times), found.claims)
    reasons = [Reason(text=text, weight=parameters.weights[weight]) for text, weight in found.reasons]
    said = [kind for _, weight in found.reasons for kind in _SAID.get(weight, ())]
    return Sign(
        ships=(ship,),
        title=f"{ship.called} {found.title}",
        measures=_measures(found.kind, parameters) if tied else (),
        from_s=min(times),
        to_s=max(times),
        reasons=(*reasons, *reasons_of(tied, parameters.weights, whom="her", said=said)),
        alternatives=(*parameters.alternatives_by[found.kind], *parameters.common.alternatives),
        facts={"kind": found.kind, **found.facts, "ties": kinds_of(tied)},
        seen=tuple(Seen(mmsi=each.mmsi, at_s=at) for each in places for at in (each.from_s, each.to_s)),
        citations=tuple(sorted({claim.citation for claim in found.claims})),
        place=Place(latitude_deg=places[0].lat, longitude_deg=places[0].lon) if places else None,
    )


def _measures(kind: str, parameters: Parameters) -> tuple[str, ...]:
    """The measures that bear on a sign that is tied to the DPRK."""
    return parameters.measures_by[kind] or parameters.common.measures


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


def _two_places(days: Sequence[TwoPlaces], known: Known, tying: _Tying, parameters: Parameters) -> list[Sign]:
    """One sign for each run of days on which one MMSI was in two places."""
    runs: list[list[TwoPlaces]] = []
    for day in sorted(days, key=lambda each: (each.mmsi, each.day_s)):
        if runs and runs[-1][-1].mmsi == day.mmsi and runs[-1][-1].day_s + _DAY_S == day.day_s:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [_of_run(run, known, tying, parameters) for run in runs]


def _of_run(run: Sequence[TwoPlaces], known: Known, tying: _Tying, parameters: Parameters) -> Sign:
    mmsi, returns, kind = run[0].mmsi, sum(day.returns for day in run), "two_places"
    ship = known.ships.through(mmsi, run[0].from_s, run[-1].to_s)
    tied = tying.of([ship], run[0].from_s, run[-1].to_s)
    text = f"She was heard at one place and within {parameters.at_once_min:g} minutes at another, up to "
    text += f"{max(day.most_km for day in run):.0f} km away, and back, {returns} times; no ship makes that."
    reasons = [Reason(text=text, weight=parameters.weights[kind])]
    if len(run) > 1:
        reasons.append(Reason(text=f"It went on for {len(run)} days.", weight=parameters.weights["more_days"]))
    return Sign(
        ships=(ship,),
        title=f"{ship.called} was heard in two places at once from {told(run[0].from_s)}",
        measures=_measures(kind, parameters) if tied else (),
        from_s=run[0].from_s,
        to_s=run[-1].to_s,
        reasons=(*reasons, *reasons_of(tied, parameters.weights, whom="her")),
        alternatives=(*parameters.alternatives_by[kind], *parameters.common.alternatives),
        facts={
            "kind": kind,
            "days": len(run),
            "returns": returns,
            "apart_km": round(max(day.most_km for day in run), 1),
            "ties": kinds_of(tied),
        },
        seen=tuple(Seen(mmsi=mmsi, at_s=at) for day in run for at in (day.from_s, day.to_s)),
        place=Place(latitude_deg=run[0].lat, longitude_deg=run[0].lon),
    )
