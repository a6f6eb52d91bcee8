"""Danish Maritime Authority: what its base stations around Denmark received, a table for each day."""

from __future__ import annotations

from typing import Final

from bongsu.sea.rows import header_of
from bongsu.sea.tabular import read

__all__ = ["read", "recognises"]

_NAMES: Final = {"Type of mobile", "MMSI", "Latitude", "Longitude", "Navigational status"}


def recognises(start: bytes) -> bool:
    """Whether the first line names its columns."""
    header = header_of(start)
    return header is not None and set(header) >= _NAMES
