"""Cargo: how much a tanker may have brought, from her size, how full she was, and how she lay before and after."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bongsu.kernel.quantity import Quantity

SEA_WATER: Final = 1.025  # tonnes a cubic metre


@dataclass(frozen=True, slots=True, kw_only=True)
class Hull:
    """What is known of a hull, metres; None where it is not."""

    length_m: float | None
    beam_m: float | None
    draught_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """Ratios of ships, from low over central to high.

    Args:
        block: displacement to length x beam x draught x density.
        waterplane: waterplane area to length x beam.
        deadweight: deadweight to displacement.
        beam_to_draught: beam to loaded draught, for a hull whose draught is not known: high gives the low estimate.
        barrels_per_tonne: of refined products.
    """

    block: tuple[float, float, float]
    waterplane: tuple[float, float, float]
    deadweight: tuple[float, float, float]
    beam_to_draught: tuple[float, float, float]
    barrels_per_tonne: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number from low over central to high."""

    low: float
    central: float
    high: float

    def barrels(self, ratios: Ratios) -> Estimate:
        """Tonnes of refined products as barrels."""
        low, central, high = ratios.barrels_per_tonne
        return Estimate(low=self.low * low, central=self.central * central, high=self.high * high)

    def told(self) -> dict[str, int]:
        """The lines in whole tens, for no more is known: low and high rounded outwards, central to the nearest."""
        return {
            "low": int(self.low // 10) * 10,
            "central": int(round(self.central, -1)),
            "high": -int(-self.high // 10) * 10,
        }

    def quantity(self, unit: str) -> Quantity:
        """As an interval, as it is told."""
        lines = self.told()
        return Quantity(low=Decimal(lines["low"]), high=Decimal(lines["high"]), unit=unit)

    def at_most(self, limit: Estimate) -> Estimate:
        """No line of it above the same line of a limit."""
        return Estimate(
            low=min(self.low, limit.low), central=min(self.central, limit.central), high=min(self.high, limit.high)
        )

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(low=self.low + other.low, central=self.central + other.central, high=self.high + other.high)


NOTHING: Final = Estimate(low=0.0, central=0.0, high=0.0)


def deadweight_t(hull: Hull, ratios: Ratios) -> Estimate | None:
    """The deadweight of a tanker from her dimensions, tonnes; None where length or beam is not known.

    Deadweight = length x beam x draught x block coefficient x density of sea water x deadweight ratio; the draught that
    a transponder sends is of the moment, so it is used only where it is above what the beam suggests.
    """
    if not hull.length_m or not hull.beam_m:
        return None
    size = hull.length_m * hull.beam_m * SEA_WATER
    deepest = hull.draught_m or 0.0
    low, central, high = (
        size * max(deepest, hull.beam_m / per) * block * share
        for per, block, share in zip(reversed(ratios.beam_to_draught), ratios.block, ratios.deadweight, strict=True)
    )
    return Estimate(low=low, central=central, high=high)


def unloaded_t(hull: Hull, risen_m: float, ratios: Ratios) -> Estimate | None:
    """What a ship put ashore that lay so much higher after it, tonnes: length x beam x waterplane coefficient x
    density x rise. The draught is typed in to a tenth of a metre, so the rise may be a tenth off. None where a
    dimension lacks.
    """
    if not hull.length_m or not hull.beam_m:
        return None
    size = hull.length_m * hull.beam_m * SEA_WATER
    low, central, high = ratios.waterplane
    return Estimate(
        low=size * low * max(0.0, risen_m - 0.1), central=size * central * risen_m, high=size * high * (risen_m + 0.1)
    )


def filled_t(deadweight: Estimate, fill: tuple[float, float, float]) -> Estimate:
    """A deadweight filled by the low, central and high share."""
    low, central, high = fill
    return Estimate(low=deadweight.low * low, central=deadweight.central * central, high=deadweight.high * high)
