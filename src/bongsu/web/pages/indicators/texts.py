"""An indicator's record in the parts a page shows: reasons, places, citations, facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bongsu.kernel.citation import Citation
from bongsu.web.record.models import IndicatorRow

Record = Mapping[str, Any]  # Any: JSON of our own making
_LISTED: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation, and the page of the exhibit opened at that place."""

    text: str
    exhibit: str
    locator: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place that an indicator names: what it is, and where (degrees)."""

    what: str
    latitude_deg: float
    longitude_deg: float


def citations(record: Record) -> tuple[Cited, ...]:
    """What an indicator cites, in its order."""
    return tuple(_cited(Citation.parse(text)) for text in record["citations"])


def _cited(citation: Citation) -> Cited:
    return Cited(
        text=str(citation),
        exhibit=citation.exhibit,
        locator=citation.locator,
        address=address_of(citation.exhibit, citation.locator),
    )


def address_of(exhibit: str, locator: str = "") -> str:
    """The page of an exhibit, opened at a place in it."""
    page = f"/exhibits/{exhibit}/"
    return f"{page}?{urlencode({'at': locator})}#here" if locator else page


def spots(record: Record) -> tuple[Spot, ...]:
    """Every place an indicator names: its own first, then those among its facts."""
    place = record["place"]
    own = [] if place is None else [_spot(place["name"] or _("the indicator's place"), place)]
    return (*own, *_among(record["facts"]))


def _among(facts: Record) -> Iterator[Spot]:
    for name, value in facts.items():
        if isinstance(value, dict) and {"latitude_deg", "longitude_deg"} <= value.keys():
            yield _spot(name.replace("_", " "), value)


def _spot(what: str, place: Record) -> Spot:
    return Spot(what=what, latitude_deg=place["latitude_deg"], longitude_deg=place["longitude_deg"])


def facts(record: Record) -> tuple[tuple[str, str], ...]:
    """What the detector saw, a line each, in words and figures; what is not known is left out."""
    return tuple(
        (name.replace("_", " "), _said(value))
        for name, value in record["facts"].items()
        if value not in (None, [], {}) and name != "kind"
    )


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_said(each)}" for key, each in value.items() if each is not None)
    if isinstance(value, list):
        more = len(value) - _LISTED
        text = "; ".join(_said(each) for each in value[:_LISTED])
        return _("%(text)s; and %(more)s more") % {"text": text, "more": more} if more > 0 else text
    return str(value)


def feature(row: IndicatorRow, tone: str) -> dict[str, Any] | None:
    """An indicator as a point of a map; None where its place is not known."""
    if row.latitude_deg is None or row.longitude_deg is None:
        return None
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.longitude_deg, row.latitude_deg]},
        "properties": {
            "title": row.title,
            "href": reverse("indicators:one", args=[row.id]),
            "tone": tone,
            _("score"): f"{row.score:.2f}",
            _("detector"): row.detector,
        },
    }


def features_of(row: IndicatorRow, tracks: list[list[list[float]]]) -> list[dict[str, Any]]:
    """The tracks of an indicator's ship and its places, as features of a map.

    Args:
        row: the indicator.
        tracks: lines of longitude and latitude, degrees.
    """
    lines = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": line},
            "properties": {"title": _("Track of %(name)s") % {"name": row.subject_name}, "tone": "info"},
        }
        for line in tracks
        if len(line) > 1
    ]
    points = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [spot.longitude_deg, spot.latitude_deg]},
            "properties": {
                "title": spot.what,
                "label": spot.what,
                "tone": "accent" if number == 0 else "warn",
                _("latitude"): f"{spot.latitude_deg:.5f}",
                _("longitude"): f"{spot.longitude_deg:.5f}",
            },
        }
        for number, spot in enumerate(spots(row.record))
    ]
    return [*lines, *points]
