"""MarineCadastre: the positions of ships off the United States, as tables of a day each."""

from __future__ import annotations

from typing import Final

from bongsu.sea.rows import header_of
from bongsu.sea.tabular import read

__all__ = ["read", "recognises"]

_HEADERS: Final = ({"MMSI", "BaseDateTime", "LAT", "LON"}, {"mmsi", "base_date_time", "longitude", "latitude"})


def recognises(start: bytes) -> bool:
    """Whether the first line names the columns of one of its vintages."""
    header = header_of(start)
    return header is not None and any(names <= set(header) for names in _HEADERS)
