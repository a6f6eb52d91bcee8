"""The sea's part of a report's record: what was read, the ships to look at first, their tracks, petroleum by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.reports.model import PositionsFile
from bongsu.sea.overview import Outlook, PetroleumYear, ShipToLookAt, Track
from bongsu.sea.signs import time_of

_DETECTORS: Final = "sea."


def sea_section(outlook: Outlook | None, files: Sequence[PositionsFile]) -> JsonValue:
    """The section of a report; None where no positions were read.

    Returns:
        Ships by score, tracks by MMSI, years in order; the number of indicators by detector, sorted; and of each
        detector how many things it found that make no indicator, and why not.
    """
    if outlook is None:
        return None
    counts = Counter(indicator.detector.removeprefix(_DETECTORS) for indicator in outlook.indicators)
    return {
        "files": [_file(file) for file in files],
        "ships": outlook.ships,
        "bins": outlook.bins,
        "from": None if outlook.first_s is None else stamp(time_of(outlook.first_s)),
        "to": None if outlook.last_s is None else stamp(time_of(outlook.last_s)),
        "indicators": dict(sorted(counts.items())),
        "left_out": {
            tally.detector.removeprefix(_DETECTORS): {"untied": tally.untied, "no_measure_in_force": tally.lapsed}
            for tally in outlook.tallies
        },
        "first": [_ship(ship) for ship in outlook.first],
        "tracks": [_track(track) for track in outlook.tracks],
        "petroleum": [_year(year) for year in outlook.petroleum],
    }


def _file(file: PositionsFile) -> JsonValue:
    return {
        "exhibit": file.exhibit,
        "source": file.source,
        "sandbox": file.sandbox,
        "damaged": list(file.damaged),
    }


def _ship(ship: ShipToLookAt) -> JsonValue:
    return {
        "id": ship.id,
        "name": ship.name,
        "mmsi": list(ship.mmsi),
        "score": ship.score,
        "detectors": [name.removeprefix(_DETECTORS) for name in ship.detectors],
        "indicators": list(ship.indicators),
    }


def _track(track: Track) -> JsonValue:
    return {"mmsi": track.mmsi, "points": [[p.latitude_deg, p.longitude_deg, p.at_s] for p in track.points]}


def _year(year: PetroleumYear) -> JsonValue:
    return {
        "year": year.year,
        "from": year.from_day,
        "until": year.until_day,
        "measure": year.measure,
        "deliveries": year.deliveries,
        "unknown": year.unknown,
        "low": year.low,
        "central": year.central,
        "high": year.high,
        "cap": year.cap,
        "crossed": dict(year.crossed),
    }
