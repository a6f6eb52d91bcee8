"""A ship's way as GeoJSON: lines where she was heard, dashed ones over her silences, thinned to what a map can show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from bongsu.reports.map import pieces_of
from bongsu.sea.overview import Point, Track
from bongsu.sea.signs import time_of
from bongsu.web.record.models import IndicatorRow

MOST_VERTICES: Final = 3_000
MOST_PIECES: Final = 300
_FIRST_TOLERANCE_DEG: Final = 0.0005  # some 50 m
_HOUR_S: Final = 3600

Feature = dict[str, Any]  # Any: GeoJSON


def track_features(tracks: Sequence[Track]) -> list[Feature]:
    """The lines, the silences between them, and the ends of each way; at most `MOST_VERTICES` on all lines, and what
    the ends of the pieces need.
    """
    pieces = [(track.mmsi, piece) for track in tracks for piece in _pieces(track)]
    total = sum(len(piece) for _mmsi, piece in pieces)
    found: list[Feature] = []
    for mmsi, piece in pieces:
        share = max(2, MOST_VERTICES * len(piece) // max(total, 1))
        if len(piece) > 1:
            found.append(_line(mmsi, thinned(piece, share)))
    for track in tracks:
        found += [
            _silence(track.mmsi, one[-1], other[0]) for one, other in pairwise(_pieces(track)) if _near(one, other)
        ]
        if track.points:
            found += [
                _end(track.mmsi, track.points[0], _("First heard")),
                _end(track.mmsi, track.points[-1], _("Last heard")),
            ]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A way that was heard without a break, in words: between two pieces she was not heard."""

    mmsi: str
    first: str
    begins: str
    last: str
    ends: str


def pieces_in_words(tracks: Sequence[Track]) -> list[Piece]:
    """The pieces of some ways, by time, at most `MOST_PIECES`: the table beside the map."""
    pieces = [(track.mmsi, piece) for track in tracks for piece in _pieces(track)]
    return [
        Piece(
            mmsi=f"{mmsi:09d}",
            first=_time(piece[0]),
            begins=_place(piece[0]),
            last=_time(piece[-1]),
            ends=_place(piece[-1]),
        )
        for mmsi, piece in pieces[:MOST_PIECES]
    ]


def indicator_features(indicators: Iterable[IndicatorRow]) -> list[Feature]:
    """The places of some indicators."""
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [each.longitude_deg, each.latitude_deg]},
            "properties": {
                "title": each.title,
                _("found by"): each.detector,
                _("score"): each.score,
                "href": f"/indicators/{each.id}/",
                "tone": "bad",
            },
        }
        for each in indicators
        if each.latitude_deg is not None and each.longitude_deg is not None
    ]


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """The points without which a line would look another, by Douglas and Peucker (1973), with a wider and wider
    tolerance until there are few enough; first and last kept.
    """
    tolerance, kept = _FIRST_TOLERANCE_DEG, list(points)
    while len(kept) > most:
        shrink = np.cos(np.radians(np.mean([point.latitude_deg for point in points])))
        places = np.array([(point.longitude_deg * shrink, point.latitude_deg) for point in points])
        kept = [points[int(index)] for index in np.flatnonzero(_needed(places, tolerance))]
        tolerance *= 2
        if len(kept) == 2:
            break
    return kept


def _needed(places: npt.NDArray[np.float64], tolerance: float) -> npt.NDArray[np.bool_]:
    needed = np.zeros(len(places), dtype=bool)
    needed[[0, -1]] = True
    waiting = [(0, len(places) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        away = _distances(places[first + 1 : last], places[first], places[last])
        farthest = int(np.argmax(away))
        if away[farthest] > tolerance:
            middle = first + 1 + farthest
            needed[middle] = True
            waiting += [(first, middle), (middle, last)]
    return needed


def _distances(
    places: npt.NDArray[np.float64], one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """How far places lie from the line between two others."""
    way = other - one
    length = float(np.hypot(*way))
    offset = places - one
    if length == 0.0:
        return np.hypot(offset[:, 0], offset[:, 1])
    return np.abs(offset[:, 0] * way[1] - offset[:, 1] * way[0]) / length


def _pieces(track: Track) -> list[list[Point]]:
    if not track.points:
        return []
    rows = [(point.latitude_deg, point.longitude_deg, float(point.at_s)) for point in track.points]
    return [
        [Point(latitude_deg=row[0], longitude_deg=row[1], at_s=int(row[2])) for row in piece]
        for piece in pieces_of(rows)
    ]


def _near(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether a line between two pieces does not go round the whole map."""
    return abs(one[-1].longitude_deg - other[0].longitude_deg) <= 180.0


def _line(mmsi: int, points: Sequence[Point]) -> Feature:
    title = _("Heard from %(first)s to %(last)s") % {"first": _time(points[0]), "last": _time(points[-1])}
    return _feature(points, {"title": title, "MMSI": f"{mmsi:09d}", "tone": "accent"})


def _silence(mmsi: int, before: Point, after: Point) -> Feature:
    hours = (after.at_s - before.at_s) / _HOUR_S
    title = _("Not heard between: %(hours).1f hours from %(first)s") % {"hours": hours, "first": _time(before)}
    return _feature([before, after], {"title": title, "MMSI": f"{mmsi:09d}", "tone": "warn", "_dashed": True})


def _end(mmsi: int, point: Point, label: str) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point.longitude_deg, point.latitude_deg]},
        "properties": {"title": f"{label} {_time(point)}", "label": label, "MMSI": f"{mmsi:09d}", "tone": "info"},
    }


def _feature(points: Sequence[Point], properties: dict[str, Any]) -> Feature:  # Any: GeoJSON
    places = [[round(point.longitude_deg, 5), round(point.latitude_deg, 5)] for point in points]
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": places}, "properties": properties}


def _place(point: Point) -> str:
    return f"{point.latitude_deg:.4f}, {point.longitude_deg:.4f}"


def _time(point: Point) -> str:
    return f"{time_of(point.at_s):%Y-%m-%d %H:%M} UTC"
