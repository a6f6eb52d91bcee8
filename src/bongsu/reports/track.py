"""The page of one ship's track: a map and what she said of herself, in one file without anything from the network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Template

from bongsu.reports.html import environment
from bongsu.reports.map import Map, map_of_track
from bongsu.sea.model import SANDBOX, Identity
from bongsu.sea.overview import Track
from bongsu.sea.signs import told


def track_page(track: Track, said: Sequence[Identity]) -> bytes:
    """The page, UTF-8; every text that a ship sent is escaped, its hidden signs shown.

    Args:
        track: her way, at least one point.
        said: what she said of herself, by time.

    Raises:
        ValueError: a track without a point.
    """
    if not track.points:
        raise ValueError("a track without a point cannot be drawn")
    drawn: Map = map_of_track(track)
    page: str = _template().render(
        mmsi=track.mmsi,
        name=next((row.name for row in reversed(said) if row.name), None),
        map=drawn,
        first=told(track.points[0].at_s),
        last=told(track.points[-1].at_s),
        places=len(track.points),
        said=said,
        sandbox=any(row.world == SANDBOX for row in said),
    )
    return page.encode("utf-8")


@cache
def _template() -> Template:
    return environment().get_template("track.html")
