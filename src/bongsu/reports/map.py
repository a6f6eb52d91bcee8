"""Small maps for pages: land, tracks and places as SVG shapes, computed from what the page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil, cos, radians
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE, KM_PER_NAUTICAL_MILE, distance_km
from bongsu.sea.overview import Track
from bongsu.sea.places.coast import land_cells
from bongsu.sea.signs import told

_WIDTH: Final = 460.0  # units of a report's map
_PAGE_WIDTH: Final = 960.0  # of a page that is a map
_MOST_SQUARES: Final = 220  # of land, from west to east
_LEAST_DEG: Final = 1.5  # of a map from south to north, however short the track
# A track is drawn only where it was heard: not over a silence of six hours, nor over a hop that no ship makes.
_SILENT_S: Final = 6 * 3600
_FASTEST_KN: Final = 60.0
# Of labels, in units of the view box: the width of a letter and the height of a line, at the size the page writes them.
_SIGN_WIDTH: Final = 8.0
_SIGN_HEIGHT: Final = 13.0
_DOT: Final = 6.0

_Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom
# Names for the reader to find the way by; places of the gazetteer.
TOWNS: Final = (
    ("Nampo", 38.72, 125.40),
    ("Wonsan", 39.17, 127.45),
    ("Rajin", 42.24, 130.29),
    ("Vladivostok", 43.10, 131.90),
    ("Dalian", 38.93, 121.65),
    ("Shanghai", 31.23, 121.49),
    ("Ningbo", 29.93, 121.85),
    ("Busan", 35.10, 129.04),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a map shows: borders in degrees, and how large it is in units of its view box."""

    south: float
    north: float
    west: float
    east: float
    width: float

    @property
    def stretch(self) -> float:
        """A degree of longitude in degrees of latitude, in the middle of the map: a square sea looks square there."""
        return cos(radians((self.south + self.north) / 2))

    @property
    def scale(self) -> float:
        """Units a degree of latitude."""
        return self.width / ((self.east - self.west) * self.stretch)

    @property
    def height(self) -> float:
        """How high it is."""
        return (self.north - self.south) * self.scale

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
        """Where a place lies, from the upper left corner."""
        x = (longitude_deg - self.west) * self.stretch * self.scale
        return round(x, 1), round((self.north - latitude_deg) * self.scale, 1)

    def holds(self, latitude_deg: float, longitude_deg: float) -> bool:
        """Whether a place lies on it."""
        return self.south <= latitude_deg <= self.north and self.west <= longitude_deg <= self.east


#: The seas around the Korean peninsula.
KOREA: Final = Frame(south=24.0, north=46.0, west=117.0, east=137.0, width=_WIDTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One track: its lines, where it ends on the map, and its number in the table beside it; 0 where it has none."""

    lines: tuple[str, ...]
    x: float
    y: float
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text on the map; `x` and `y` are its lower left corner."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place on the map, what is said of it, and what it leads to; the empty text where nothing."""

    x: float
    y: float
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """What a page draws; all numbers in units of its view box."""

    width: int
    height: int
    land: str
    tracks: tuple[Shape, ...]
    spots: tuple[Spot, ...]
    towns: tuple[Spot, ...]
    names: tuple[Label, ...]
    numbers: tuple[Label, ...]


def map_of_report(report: dict[str, Any]) -> Map | None:  # Any: the record's JSON
    """The map of a report's record: the ships to look at first; None where no positions were read."""
    sea = report["sea"]
    if sea is None:
        return None
    numbers = {mmsi: index for index, ship in enumerate(sea["first"], start=1) for mmsi in ship["mmsi"]}
    shown = {key for ship in sea["first"] for key in ship["indicators"]}
    tracks = [_shape(KOREA, each["points"], numbers.get(each["mmsi"], 0)) for each in sea["tracks"] if each["points"]]
    spots = _spots(KOREA, (each for each in report["indicators"] if each["id"] in shown))
    return _map(KOREA, tracks, spots)


def map_of_track(track: Track) -> Map:
    """The map of one ship's way, with the ends of each unbroken piece."""
    points = [(point.latitude_deg, point.longitude_deg, point.at_s) for point in track.points]
    frame = _frame_around(points)
    ends = [(piece[index]) for piece in pieces_of(points) for index in (0, -1)]
    spots = [Spot(x=x, y=y, text=told(int(each[2]))) for each in ends for x, y in (frame.at(each[0], each[1]),)]
    return _map(frame, [_shape(frame, points, 0)], spots)


def _map(frame: Frame, tracks: Iterable[Shape], spots: Iterable[Spot]) -> Map:
    towns = [(name, *frame.at(*place)) for name, *place in TOWNS if frame.holds(*place)]
    drawn, marked = tuple(tracks), tuple(spots)
    ends = [(str(shape.number), shape.x, shape.y) for shape in drawn if shape.number]
    dots = [(spot.x, spot.y) for spot in marked]
    numbers, names = _labels(frame, ends, towns, dots)
    return Map(
        width=round(frame.width),
        height=round(frame.height),
        land=_land(frame),
        tracks=drawn,
        spots=marked,
        towns=tuple(Spot(x=x, y=y, text=name) for name, x, y in towns),
        names=names,
        numbers=numbers,
    )


def _labels(
    frame: Frame,
    ends: Sequence[tuple[str, float, float]],
    towns: Sequence[tuple[str, float, float]],
    dots: Sequence[tuple[float, float]],
) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    """Numbers of tracks and names of towns, so that none lies upon another and as few as may be on a dot.

    Numbers are placed first, in their order: they lead to the table. A name for which there is no room is left out.
    """
    taken = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in dots]
    numbers = [_placed(frame, *each, taken, needed=True) for each in sorted(ends, key=lambda each: int(each[0]))]
    names = [_placed(frame, *each, taken, needed=False) for each in towns]
    return tuple(filter(None, numbers)), tuple(filter(None, names))


def _placed(frame: Frame, text: str, x: float, y: float, taken: list[_Box], *, needed: bool) -> Label | None:
    """A text beside its place, where the least of what is taken lies under it; its own box is taken then."""
    wide = _SIGN_WIDTH * len(text)
    corners = [
        (x + aside * step, y + 5 + down * step)
        for step in (8.0, 17.0, 27.0)
        for aside, down in (
            (1, 0),
            (-1 - wide / step, 0),
            (1, -1),
            (1, 1),
            (-1 - wide / step, -1),
            (-1 - wide / step, 1),
        )
    ]
    boxes = [(left, low - _SIGN_HEIGHT, left + wide, low) for left, low in corners]
    inside = [box for box in boxes if box[0] >= 0 and box[1] >= 0 and box[2] <= frame.width and box[3] <= frame.height]
    best = min(inside, key=lambda box: sum(_meet(box, other) for other in taken), default=None)
    if best is None or (not needed and any(_meet(best, other) for other in taken)):
        return None
    taken.append(best)
    return Label(x=round(best[0], 1), y=round(best[3], 1), text=text)


def _meet(box: _Box, other: _Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _frame_around(points: Sequence[tuple[float, float, float]]) -> Frame:
    latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
    high = max(_LEAST_DEG, (max(latitudes) - min(latitudes)) * 1.2)
    middle = (max(latitudes) + min(latitudes)) / 2
    # At least as wide as high on the page, so that a way along a meridian is no ribbon.
    wide = max((max(longitudes) - min(longitudes)) * 1.2, high / cos(radians(middle)))
    centre = (max(longitudes) + min(longitudes)) / 2
    return Frame(
        south=max(-90.0, middle - high / 2),
        north=min(90.0, middle + high / 2),
        west=centre - wide / 2,
        east=centre + wide / 2,
        width=_PAGE_WIDTH,
    )


def _shape(frame: Frame, points: Sequence[Sequence[float]], number: int) -> Shape:
    # Her number stands where she was last on the map, be it before her end.
    on_map = [point for point in points if frame.holds(point[0], point[1])]
    x, y = frame.at(*(on_map or points)[-1][:2])
    lines = [_line(frame, piece) for piece in pieces_of(points) if len(piece) > 1]
    return Shape(lines=tuple(lines), x=x, y=y, number=number)


def pieces_of(points: Sequence[Sequence[float]]) -> list[list[Sequence[float]]]:
    """A track in the pieces that were heard without a break."""
    pieces = [[points[0]]]
    for before, point in pairwise(points):
        if _is_broken(before, point):
            pieces.append([])
        pieces[-1].append(point)
    return pieces


def _is_broken(before: Sequence[float], after: Sequence[float]) -> bool:
    seconds = after[2] - before[2]
    km = distance_km((before[0], before[1]), (after[0], after[1]))
    # Over the 180th meridian a way goes on at the other side of the map.
    over = abs(after[1] - before[1]) > 180.0
    return over or seconds > _SILENT_S or km / KM_PER_NAUTICAL_MILE > _FASTEST_KN * seconds / 3600


def _line(frame: Frame, points: Iterable[Sequence[float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in (frame.at(point[0], point[1]) for point in points))


def _spots(frame: Frame, indicators: Iterable[dict[str, Any]]) -> Iterable[Spot]:
    for indicator in indicators:
        place = indicator["place"]
        if place is not None and frame.holds(place["latitude_deg"], place["longitude_deg"]):
            x, y = frame.at(place["latitude_deg"], place["longitude_deg"])
            yield Spot(x=x, y=y, text=indicator["title"], link=f"#i-{indicator['id']}")


@cache
def _land(frame: Frame) -> str:
    """The land as one path: rows of squares, each run of land a rectangle."""
    columns = ceil((frame.east - frame.west) * CELLS_PER_DEGREE)
    side = max(1, ceil(columns / _MOST_SQUARES))  # cells
    rows, across = np.divmod(land_cells()["cell"].to_numpy(), CELLS_AROUND)
    shown = _between(rows, frame.south + 90, frame.north + 90) & _between(across, frame.west + 180, frame.east + 180)
    # Each square as one number: to sort pairs takes a hundred times as long.
    squares = np.unique(rows[shown] // side * CELLS_AROUND + across[shown] // side)
    columns_of: dict[int, list[int]] = {}
    for square in squares.tolist():
        row, column = divmod(square, CELLS_AROUND)
        columns_of.setdefault(row, []).append(column)
    degrees = side / CELLS_PER_DEGREE
    return "".join(_run(frame, row, run, degrees) for row, found in columns_of.items() for run in _runs(found))


def _between(cells: npt.NDArray[np.int64], least_deg: float, most_deg: float) -> npt.NDArray[np.bool_]:
    return (cells >= int(least_deg * CELLS_PER_DEGREE)) & (cells < ceil(most_deg * CELLS_PER_DEGREE))


def _runs(columns: Sequence[int]) -> Iterable[tuple[int, int]]:
    begin = last = columns[0]
    for column in columns[1:]:
        if column != last + 1:
            yield begin, last
            begin = column
        last = column
    yield begin, last


def _run(frame: Frame, row: int, run: tuple[int, int], degrees: float) -> str:
    x, y = frame.at((row + 1) * degrees - 90, run[0] * degrees - 180)
    width = round((run[1] - run[0] + 1) * degrees * frame.stretch * frame.scale, 1)
    height = round(degrees * frame.scale, 1)
    return f"M{x:g} {y:g}h{width:g}v{height:g}h-{width:g}z"
