"""An indicator: a machine-made sign that a measure may have been breached, or must now be applied. Never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bongsu.kernel.canonical import JsonValue, digest_of
from bongsu.kernel.citation import Citation
from bongsu.kernel.clock import stamp
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity

SCORE_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom or what an indicator is about, as the sources name it.

    Args:
        id: the register's or the desk's own id, such as `un_sc:KPi.033`.
        schema: the FollowTheMoney schema: Person, Organization, Company, Vessel, ...
        name: as printed in the source.
    """

    id: str
    schema: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on the earth, WGS 84 degrees; latitude -90 to 90, longitude -180 to 180."""

    latitude_deg: float
    longitude_deg: float
    name: str | None = None

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude_deg <= 90 and -180 <= self.longitude_deg <= 180):
            raise ValueError(f"no place on the earth: {self.latitude_deg}, {self.longitude_deg}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason in plain words and how much it weighs, 0 to 1."""

    text: str
    weight: float

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1:
            raise ValueError(f"a weight lies between 0 and 1: {self.weight}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Who, where, when, how much, why, what else could explain it, and which bytes say so.

    Args:
        detector: the detector's name, such as `lists.list_change`.
        title: one sentence.
        measures: keys of the measures that bear, such as `1718/8d`; at least one.
        subject: whom it is about.
        when: the time it covers.
        score: 0 to 1, how strong the sign is by the card's weights; rounded to three decimals.
        reasons: at least one.
        alternatives: what else could explain it; at least one.
        citations: at least one.
        facts: what the detector saw, as JSON.
        place: where, if known.
        quantity: how much, if known.
        sandbox: whether any input is invented.

    Raises:
        ValueError: one of the parts that must be there is missing.
    """

    detector: str
    title: str
    measures: tuple[str, ...]
    subject: Subject
    when: Interval[datetime]
    score: float
    reasons: tuple[Reason, ...]
    alternatives: tuple[str, ...]
    citations: tuple[Citation, ...]
    facts: Mapping[str, JsonValue]
    place: Place | None = None
    quantity: Quantity | None = None
    sandbox: bool = False

    def __post_init__(self) -> None:
        for part in ("measures", "reasons", "alternatives", "citations"):
            if not getattr(self, part):
                raise ValueError(f"an indicator without {part} is not one")
        if not 0 <= self.score <= 1:
            raise ValueError(f"a score lies between 0 and 1: {self.score}")

    @property
    def id(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of its content: the same content has the same id."""
        return digest_of(self._content())[:16]

    def record(self) -> dict[str, JsonValue]:
        """The JSON form, id included."""
        return {"id": self.id, **self._content()}

    def _content(self) -> dict[str, JsonValue]:
        return {
            "detector": self.detector,
            "title": self.title,
            "measures": sorted(set(self.measures)),
            "subject": {"id": self.subject.id, "schema": self.subject.schema, "name": self.subject.name},
            "when": {
                "from": None if self.when.low is None else stamp(self.when.low),
                "to": None if self.when.high is None else stamp(self.when.high),
            },
            "place": None if self.place is None else _place_record(self.place),
            "quantity": None if self.quantity is None else self.quantity.record(),
            "score": round(self.score, SCORE_DECIMALS),
            "reasons": [{"text": r.text, "weight": round(r.weight, SCORE_DECIMALS)} for r in self.reasons],
            "alternatives": list(self.alternatives),
            "citations": [str(citation) for citation in sorted(set(self.citations))],
            "facts": dict(self.facts),
            "sandbox": self.sandbox,
        }


def _place_record(place: Place) -> dict[str, JsonValue]:
    return {"latitude_deg": place.latitude_deg, "longitude_deg": place.longitude_deg, "name": place.name}
