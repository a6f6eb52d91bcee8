"""The places of the sea desk: ports with the points where ships lie, and zones with their borders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bongsu.sea.places.ring import Ring, contains


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where a fact stands.

    Args:
        title: the publication and the place in it.
        dated: the day of that edition; None where it bears none.
        url: where it is published; None where no stable address serves it.
    """

    title: str
    dated: date | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortPoint:
    """A point of a port where ships lie or wait.

    Args:
        kind: `berth`, `oil_berth`, `anchorage`, `landing` (of river boats, where no ship of size comes) or `lock`
            (ships wait before it and pass through it).
        name: what lies there, in a few words.
        latitude_deg, longitude_deg: WGS 84.
        accuracy_km: how far the true place may lie from it, by our estimate.
        source: the id of the reference in the port's card.
    """

    kind: str
    name: str
    latitude_deg: float
    longitude_deg: float
    accuracy_km: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port.

    Args:
        id: country and name, such as `kp-nampo`.
        name: the name we print.
        country: ISO 3166-1 alpha-2, upper case.
        locodes: its UN/LOCODEs without the blank, such as `KPNAM`; empty where it has none.
        latitude_deg, longitude_deg: the harbour, WGS 84.
        accuracy_km: how far the true place may lie from it, by our estimate.
        source: the id of the reference for the position.
        handles: what goes over its quays, of `cards.GOODS`; empty where not known.
        handles_sources: the ids of the references for that; empty where `handles` is.
        spellings: its names by script or system (`cards.SYSTEMS`).
        points: where ships lie or wait; at least one, and numbered by their order.
        references: every reference of the card, by id.
    """

    id: str
    name: str
    country: str
    locodes: tuple[str, ...]
    latitude_deg: float
    longitude_deg: float
    accuracy_km: float
    source: str
    handles: frozenset[str]
    handles_sources: tuple[str, ...]
    spellings: Mapping[str, tuple[str, ...]]
    points: tuple[PortPoint, ...]
    references: Mapping[str, Reference]

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to write it, each once: the printed name first, then the spellings, then the UN/LOCODEs."""
        spelt = (text for system in self.spellings.values() for text in system)
        return tuple(dict.fromkeys((self.name, *spelt, *self.locodes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """An area of the sea.

    Args:
        id: such as `kp-territorial-sea`.
        name: the name we print.
        kind: one of `cards.ZONE_KINDS`.
        country: whose it is, ISO 3166-1 alpha-2; None where it is nobody's.
        rings: its outer borders, each from first to last vertex as (latitude, longitude), not closed; edges are
            straight in degrees. A place in any of them is inside.
        accuracy_km: how far the true border may lie from it, by our estimate.
        references: where it is described; at least one.
        verified: whether we read the border itself in the reference; False where the area is our own drawing of what
            the reference describes in words.
        note: what to know before relying on it.
    """

    id: str
    name: str
    kind: str
    country: str | None
    rings: tuple[Ring, ...]
    accuracy_km: float
    references: tuple[Reference, ...]
    verified: bool
    note: str

    @property
    def is_reported(self) -> bool:
        """Whether a publication that has an address tells of it; else our own list alone names it."""
        return any(reference.url is not None for reference in self.references)

    def contains(self, latitude_deg: float, longitude_deg: float) -> bool:
        """Whether a place lies inside; of a place on the border itself it may say either."""
        return any(contains(ring, latitude_deg, longitude_deg) for ring in self.rings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strait:
    """A passage that the map is too coarse for.

    Args:
        id: such as `kanmon`.
        name: the name we print.
        places: the way through, latitude and longitude, from one open water to the other.
        reference: where it stands.
    """

    id: str
    name: str
    places: tuple[tuple[float, float], ...]
    reference: Reference
