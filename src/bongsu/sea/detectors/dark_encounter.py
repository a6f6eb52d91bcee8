"""The detector of dark encounters: a ship lies as if beside another, while one within reach of her is silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Place, Reason
from bongsu.sea.calls import Call, ports_of, stays_at
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.card import Common, parameter, read_common, texts_by, weights
from bongsu.sea.flags import DPRK, carries_goods, is_dprk, is_fishing, is_tanker
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, beside, distances_km
from bongsu.sea.offshore import offshore
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign, span_told, told
from bongsu.sea.ties import TIES, Act, Tie, Ties, is_own, kinds_of, reasons_of

_WEIGHTS: Final = ("dark_encounter", "untied", "one_only", "tankers", *TIES)
# Squares of a degree: 111 km from south to north and, up to 43 degrees of latitude, 81 from west to east; farther north
# the greatest reach is a little more than a square, and a silence at the very end of it may be missed.
_ROW: Final = 1000
_NEIGHBOURS: Final = tuple(row * _ROW + column for row in (-1, 0, 1) for column in (-1, 0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says.

    Args:
        shortest_h, longest_h: how long the ship that is seen lies, and how long the two could have lain together.
        silence_h, longest_silence_h: how long the other is silent.
        reach_km: how far from the place the nearer end of the silence lies at most.
        far_km: the other end.
        most_silent: how many ships were silent within reach of one spell, at most.
        most_silences: of how many long silences of one ship at most one is taken for a sign: more are her habit.
        share: how much of the spell, and of the silence, the two could have lain together, at least.
        speed_kn: how fast the other could come and go.
        port_km: how far from every anchorage.
        call_d: as of an encounter.
        measures_by: the measures that bear besides where one of the two flies the flag of the DPRK.
    """

    common: Common
    shortest_h: float
    longest_h: float
    silence_h: float
    longest_silence_h: float
    reach_km: float
    far_km: float
    most_silent: int
    most_silences: int
    share: float
    speed_kn: float
    port_km: float
    call_d: float
    measures_by: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown.
    """
    return Parameters(
        common=read_common(card),
        shortest_h=parameter(card, "shortest", "hour"),
        longest_h=parameter(card, "longest", "hour"),
        silence_h=parameter(card, "silence", "hour"),
        longest_silence_h=parameter(card, "longest_silence", "hour"),
        reach_km=parameter(card, "reach", "kilometre", most=80),
        far_km=parameter(card, "far", "kilometre"),
        most_silent=int(parameter(card, "most_silent", "ship")),
        most_silences=int(parameter(card, "most_silences", "silence")),
        share=parameter(card, "share", "share", most=1),
        speed_kn=parameter(card, "speed", "knot", least=1),
        port_km=parameter(card, "port", "kilometre"),
        call_d=parameter(card, "call", "day"),
        measures_by=texts_by(card, "measures_by", ("dprk_flag",)),
        weights=weights(card, *_WEIGHTS),
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """A spell of one ship and a silence of another that could have come to her in it.

    Args:
        together_s: how long the two could have lain together, seconds.
        away_km: the farther end of the silence from the spell's middle.
        silences: how many long silences the other has in all.
    """

    mmsi: int
    partner: int
    from_s: int
    to_s: int
    lat: float
    lon: float
    before_s: int
    first_s: int
    together_s: float
    away_km: float
    silences: int

    @property
    def of_spell(self) -> float:
        """Which share of the spell the two could have lain together."""
        return self.together_s / (self.to_s - self.from_s)

    @property
    def of_silence(self) -> float:
        """Which share of the silence."""
        return self.together_s / (self.first_s - self.before_s)


def questions(sea: Sea, parameters: Parameters) -> dict[type, ibis.Table]:
    """Spells away from port, each with the silences of others that could have come there and gone within them."""
    steps, spells = sea.steps, sea.spells
    lasting_s = spells.to_s - spells.from_s
    lying = spells.filter(
        (lasting_s >= _seconds(parameters.shortest_h))
        & (lasting_s <= _seconds(parameters.longest_h))
        & (spells.longest_silence_s < 3600)
    ).select("mmsi", "from_s", "to_s", "lat", "lon")
    moorings = sea.moorings(parameters.port_km)
    lying = sea.engine.keep(offshore(lying, moorings, key=("mmsi", "from_s"), at=("lat", "lon")))
    long = steps.filter(steps.silent_s >= _seconds(parameters.silence_h))
    often = long.group_by("mmsi").aggregate(silences=long.count())
    silent = steps.filter(
        (steps.silent_s >= _seconds(parameters.silence_h))
        & (steps.silent_s <= _seconds(parameters.longest_silence_h))
        & (steps.hop_km <= parameters.reach_km + parameters.far_km)
    ).select("before_s", "before_lat", "before_lon", "first_s", "first_lat", "first_lon", partner=steps.mmsi)
    silent = sea.engine.keep(silent.join(often, silent.partner == often.mmsi).drop("mmsi"))
    return {Pair: _pairs(lying, silent, parameters), Call: stays_at(sea, ports_of(sea.gazetteer, DPRK))}


def _pairs(lying: ibis.Table, silent: ibis.Table, parameters: Parameters) -> ibis.Table:
    around = beside(lying, step=_NEIGHBOURS)
    around = around.mutate(square=_squares(around.lat, around.lon) + around.step).drop("step")
    ends = [(silent.before_lat, silent.before_lon), (silent.first_lat, silent.first_lon)]
    met = ibis.union(*[around.join(silent.mutate(square=_squares(*end)), "square") for end in ends])
    met = met.filter((met.mmsi != met.partner) & (met.before_s < met.to_s) & (met.first_s > met.from_s))
    near = met.mutate(
        come_km=distances_km(met.before_lat, met.before_lon, met.lat, met.lon),
        go_km=distances_km(met.lat, met.lon, met.first_lat, met.first_lon),
    ).drop("square")  # a silence whose ends lie in one square has met the spell twice: `distinct` below
    nearer, farther = ibis.least(near.come_km, near.go_km), ibis.greatest(near.come_km, near.go_km)
    near = near.filter((nearer <= parameters.reach_km) & (farther <= parameters.far_km)).distinct()
    second_per_km = 3600.0 / (parameters.speed_kn * KM_PER_NAUTICAL_MILE)
    there = ibis.greatest(near.from_s.cast("float64"), near.before_s + near.come_km * second_per_km)
    gone = ibis.least(near.to_s.cast("float64"), near.first_s - near.go_km * second_per_km)
    timed = near.mutate(together_s=(gone - there).round(0), away_km=ibis.greatest(near.come_km, near.go_km))
    return timed.filter(timed.together_s >= _seconds(parameters.shortest_h)).select(*Pair.__dataclass_fields__)


def _squares(latitude: ibis.Value, longitude: ibis.Value) -> ibis.Value:
    row = latitude.floor().cast("int64")
    return row * _ROW + longitude.floor().cast("int64")


def _seconds(hours: float) -> int:
    return int(hours * 3600)


def detect(answers: Answers, known: Known, parameters: Parameters) -> list[Sign]:
    """A ship lay still at sea as ships do beside each other, while another that was near was silent.

    It sees one ship below two knots away from port for hours, heard throughout, and another that fell silent near her,
    was heard again near her, and had the time to come alongside, stay, and leave; and something that ties it to the
    DPRK, as of two ships that are seen beside each other: without it this is counted, and names no measure. It does not
    see the two together.
    That is no breach: the one may have waited or drifted alone, and the other's transponder may have been off or out of
    reach for a reason of its own.

    Args:
        answers: the pairs, and stays.
        known: ships and places.
        parameters: the card.

    Returns:
        One sign per spell and silent ship, both carrying goods by their own reports or saying nothing of it, or one
        of them fishing; by ship and time. Without measures where nothing ties it.
    """
    pairs = sorted(answers.of(Pair), key=lambda pair: (pair.mmsi, pair.from_s, pair.partner, pair.before_s))
    fitting = [
        pair
        for pair in pairs
        if pair.silences <= parameters.most_silences
        and pair.of_spell >= parameters.share
        and pair.of_silence >= parameters.share
        and _could_transfer(_ships(pair, known))
    ]
    best = _best(fitting)
    silent = _silent_near(pairs)
    ties = Ties(answers.of(Call), known, kinds=("transfer_area",), call_days=parameters.call_d)
    signs = []
    for pair in best:
        rivals = silent[pair.mmsi, pair.from_s] - 1
        act = Act(from_s=pair.from_s, to_s=pair.to_s, places=((pair.lat, pair.lon),))
        tied = ties.of(act, _ships(pair, known))
        if rivals < parameters.most_silent:
            signs.append(_sign(pair, rivals, tied, known, parameters))
    return signs


def _best(pairs: Sequence[Pair]) -> list[Pair]:
    """A spell and a silence are explained by one meeting: of several, the one that fits both best; in order."""
    by_fit = sorted(pairs, key=lambda pair: (pair.of_spell * pair.of_silence, -pair.away_km, pair.partner))
    of_spell = {(pair.mmsi, pair.from_s): pair for pair in by_fit}
    of_silence = {(pair.partner, pair.before_s): pair for pair in by_fit}
    return [
        pair
        for pair in pairs
        if of_spell[pair.mmsi, pair.from_s] == pair and of_silence[pair.partner, pair.before_s] == pair
    ]


def _could_transfer(ships: tuple[Ship, Ship]) -> bool:
    """Whether the one seen carries goods, and the silent one does or fishes, by their own reports or saying nothing of
    it: that a fishing vessel lies still means nothing.
    """
    seen, silent = ships
    return carries_goods(seen) and (carries_goods(silent) or is_fishing(silent))


def _silent_near(pairs: Iterable[Pair]) -> dict[tuple[int, int], int]:
    """How many ships were silent within reach of each spell, by its ship and beginning."""
    near: dict[tuple[int, int], set[int]] = defaultdict(set)
    for pair in pairs:
        near[pair.mmsi, pair.from_s].add(pair.partner)
    return {spell: len(ships) for spell, ships in near.items()}


def _ships(pair: Pair, known: Known) -> tuple[Ship, Ship]:
    return (
        known.ships.through(pair.mmsi, pair.from_s, pair.to_s),
        known.ships.through(pair.partner, pair.before_s, pair.first_s),
    )


def _sign(pair: Pair, rivals: int, tied: tuple[Tie, ...], known: Known, parameters: Parameters) -> Sign:
    ship, partner = _ships(pair, known)
    zones = sorted(
        zone.name
        for zone in known.gazetteer.zones
        if zone.kind == "transfer_area" and zone.contains(pair.lat, pair.lon)
    )
    return Sign(
        ships=(ship, partner),
        title=f"{ship.called} lay still at sea for {span_told(pair.to_s - pair.from_s)} from {told(pair.from_s)}, "
        f"while {partner.called} was silent within reach",
        measures=_measures((ship, partner), parameters) if tied else (),
        from_s=pair.from_s,
        to_s=pair.to_s,
        reasons=_reasons(pair, rivals, (ship, partner), tied, parameters),
        alternatives=parameters.common.alternatives,
        facts={
            "kind": "dark_encounter",
            "partner": partner.mmsi,
            "partner_name": partner.name,
            "partner_silent_from": told(pair.before_s),
            "partner_silent_h": round((pair.first_s - pair.before_s) / 3600, 2),
            "together_h": round(pair.together_s / 3600, 2),
            "away_km": round(pair.away_km, 1),
            "others_silent": rivals,
            "ties": kinds_of(tied),
        },
        seen=(
            Seen(mmsi=pair.mmsi, at_s=pair.from_s),
            Seen(mmsi=pair.mmsi, at_s=pair.to_s),
            Seen(mmsi=pair.partner, at_s=pair.before_s),
            Seen(mmsi=pair.partner, at_s=pair.first_s),
        ),
        place=Place(latitude_deg=pair.lat, longitude_deg=pair.lon, name=zones[0] if zones else None),
    )


def _measures(ships: tuple[Ship, Ship], parameters: Parameters) -> tuple[str, ...]:
    """The measures that bear on two ships that are tied to the DPRK."""
    return (*parameters.common.measures, *(parameters.measures_by["dprk_flag"] if any(map(is_dprk, ships)) else ()))


def _reasons(
    pair: Pair, rivals: int, ships: tuple[Ship, Ship], tied: tuple[Tie, ...], parameters: Parameters
) -> tuple[Reason, ...]:
    weight = parameters.weights
    text = f"{ships[1].called} was silent for {span_told(pair.first_s - pair.before_s)}, "
    text += f"at most {pair.away_km:.0f} km away at both ends: at {parameters.speed_kn:g} knots there was time "
    text += f"to lie together for {pair.together_s / 3600:.1f} hours."
    reasons = [Reason(text=text, weight=weight["dark_encounter" if is_own(tied) else "untied"])]
    if rivals == 0:
        reasons.append(Reason(text="No other ship was silent within reach of her then.", weight=weight["one_only"]))
    if all(map(is_tanker, ships)):
        reasons.append(Reason(text="Both say that they are tankers.", weight=weight["tankers"]))
    return (*reasons, *reasons_of(tied, weight, whom="either ship"))
