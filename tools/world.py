"""Land and borders of the map, made of Natural Earth's TopoJSON: GeoJSON of few bytes, to 0.001 degrees.

Used by `tools/vendor.py`. Lines are thinned by the rule of Douglas and Peucker (Cartographica 10, 1973, pages 112 to
122) with a tolerance under what a map of 1:50m tells apart (0.2 mm on paper are 10 km); the ends of an arc stay, so
that what met before meets after. Rings of fewer than four points are left out. Disputed borders are as Natural Earth
draws them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

DECIMALS = 3
TOLERANCE_DEG = 0.012

Point = tuple[float, float]  # longitude, latitude
Line = list[Point]


def land(topology: dict[str, Any]) -> bytes:
    """Land as one MultiPolygon, the rings of each polygon in the source's order, holes after their shore."""
    arcs = arcs_of(topology)
    polygons = []
    for polygon in polygons_of(topology["objects"]["land"]):
        rings = [ring for numbers in polygon if len(ring := joined(arcs, numbers)) >= 4]
        if rings:
            polygons.append(rings)
    return geojson("MultiPolygon", polygons)


def borders(topology: dict[str, Any]) -> bytes:
    """Borders as one MultiLineString: each arc that two countries share, once."""
    arcs = arcs_of(topology)
    owners: dict[int, set[int]] = {}
    for country, geometry in enumerate(topology["objects"]["countries"]["geometries"]):
        for polygon in polygons_of(geometry):
            for number in (number for numbers in polygon for number in numbers):
                owners.setdefault(number if number >= 0 else ~number, set()).add(country)
    return geojson("MultiLineString", [arcs[number] for number in sorted(owners) if len(owners[number]) > 1])


LAYERS: dict[str, Callable[[dict[str, Any]], bytes]] = {"land": land, "borders": borders}


def arcs_of(topology: dict[str, Any]) -> list[Line]:
    """The arcs in degrees, thinned (TopoJSON specification, section 2.1.2 to 2.1.4)."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            line.append((x * kx + dx, y * ky + dy))
        arcs.append([(round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in thinned(line)])
    return arcs


def polygons_of(geometry: dict[str, Any]) -> Iterator[list[list[int]]]:
    """Every polygon of a geometry, as rings of arc numbers."""
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from polygons_of(part)
    elif geometry["type"] == "Polygon":
        yield geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["arcs"]


def joined(arcs: list[Line], numbers: list[int]) -> Line:
    """A ring of its arcs, which share their ends."""
    ring: Line = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return [point for index, point in enumerate(ring) if index == 0 or point != ring[index - 1]]


def thinned(line: Line) -> Line:
    """The line without what lies within the tolerance of it; both ends stay, and a loop keeps its farthest point."""
    kept = {0, len(line) - 1}
    stack = [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        far, distance = max(
            ((index, apart(line[index], line[first], line[last])) for index in range(first + 1, last)),
            key=lambda pair: pair[1],
            default=(0, 0.0),
        )
        if distance > TOLERANCE_DEG:
            kept.add(far)
            stack += [(first, far), (far, last)]
    return [line[index] for index in sorted(kept)]


def apart(point: Point, start: Point, end: Point) -> float:
    """How far a point is from a segment, in degrees."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(1.0, max(0.0, along))
    return float(((point[0] - start[0] - along * dx) ** 2 + (point[1] - start[1] - along * dy) ** 2) ** 0.5)


def geojson(kind: str, coordinates: list[Any]) -> bytes:
    """One feature, without a needless byte."""
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}}
    return json.dumps(feature, separators=(",", ":")).encode() + b"\n"
