"""The small map of a report: land, tracks and the places of indicators, as SVG shapes computed from the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from typing import Any, Final

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE
from bongsu.sea.places.coast import land_cells

SOUTH, NORTH, WEST, EAST = 24.0, 46.0, 117.0, 137.0
_SCALE: Final = 30.0  # units a degree of latitude
_STRETCH: Final = cos(radians((SOUTH + NORTH) / 2))  # so that a square sea looks square in the middle of the map
_CELLS: Final = 4  # land is drawn in squares of so many cells a side, 0.2 degrees
WIDTH: Final = round((EAST - WEST) * _STRETCH * _SCALE)
HEIGHT: Final = round((NORTH - SOUTH) * _SCALE)
# Names for the reader to find the way by; places of the gazetteer, shortened.
TOWNS: Final = (
    ("Nampo", 38.72, 125.40),
    ("Rajin", 42.24, 130.29),
    ("Vladivostok", 43.10, 131.90),
    ("Dalian", 38.93, 121.65),
    ("Shanghai", 31.23, 121.49),
    ("Busan", 35.10, 129.04),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One track: the points of its line, its ends, and who it is."""

    line: str
    x: float
    y: float
    mmsi: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One indicator or town on the map."""

    x: float
    y: float
    text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """What the page draws; all numbers in units of its view box."""

    width: int
    height: int
    land: str
    tracks: tuple[Shape, ...]
    spots: tuple[Spot, ...]
    towns: tuple[Spot, ...]


def map_of(report: dict[str, Any]) -> Map | None:  # Any: the record's JSON
    """The map of a report's record; None where no positions were read."""
    sea = report["sea"]
    if sea is None:
        return None
    numbers = {mmsi: index for index, ship in enumerate(sea["first"], start=1) for mmsi in ship["mmsi"]}
    shown = {key for ship in sea["first"] for key in ship["indicators"]}
    return Map(
        width=WIDTH,
        height=HEIGHT,
        land=_land(),
        tracks=tuple(_shape(track, numbers.get(track["mmsi"], 0)) for track in sea["tracks"] if track["points"]),
        spots=tuple(_spots(each for each in report["indicators"] if each["id"] in shown)),
        towns=tuple(Spot(x=x, y=y, text=name, link="") for name, *place in TOWNS for x, y in (_at(*place),)),
    )


def _at(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    return round((longitude_deg - WEST) * _STRETCH * _SCALE, 1), round((NORTH - latitude_deg) * _SCALE, 1)


def _shape(track: dict[str, Any], number: int) -> Shape:
    points = [_at(latitude, longitude) for latitude, longitude, _ in track["points"]]
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    return Shape(line=line, x=points[-1][0], y=points[-1][1], mmsi=track["mmsi"], number=number)


def _spots(indicators: Iterable[dict[str, Any]]) -> Iterable[Spot]:
    for indicator in indicators:
        place = indicator["place"]
        if place is not None and SOUTH <= place["latitude_deg"] <= NORTH and WEST <= place["longitude_deg"] <= EAST:
            x, y = _at(place["latitude_deg"], place["longitude_deg"])
            yield Spot(x=x, y=y, text=indicator["title"], link=f"#i-{indicator['id']}")


@cache
def _land() -> str:
    """The land as one path: rows of squares, each run of land a rectangle."""
    squares: dict[int, set[int]] = {}
    rows = range(int((SOUTH + 90) * CELLS_PER_DEGREE), int((NORTH + 90) * CELLS_PER_DEGREE))
    columns = range(int((WEST + 180) * CELLS_PER_DEGREE), int((EAST + 180) * CELLS_PER_DEGREE))
    for cell in land_cells()["cell"].to_pylist():
        row, column = divmod(cell, CELLS_AROUND)
        if row in rows and column in columns:
            squares.setdefault(row // _CELLS, set()).add(column // _CELLS)
    return "".join(_run(row, run) for row, found in sorted(squares.items()) for run in _runs(sorted(found)))


def _runs(columns: Sequence[int]) -> Iterable[tuple[int, int]]:
    begin = last = columns[0]
    for column in columns[1:]:
        if column != last + 1:
            yield begin, last
            begin = column
        last = column
    yield begin, last


def _run(row: int, run: tuple[int, int]) -> str:
    side = _CELLS / CELLS_PER_DEGREE
    x, y = _at((row + 1) * side - 90, run[0] * side - 180)
    width = round((run[1] - run[0] + 1) * side * _STRETCH * _SCALE, 1)
    height = round(side * _SCALE, 1)
    return f"M{x:g} {y:g}h{width:g}v{height:g}h-{width:g}z"
