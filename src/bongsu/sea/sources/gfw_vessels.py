"""Global Fishing Watch vessel tables: which ship bore which number from when to when."""

from __future__ import annotations

from typing import Final

from bongsu.sea.rows import header_of
from bongsu.sea.tabular import read

__all__ = ["read", "recognises"]

_NAMES: Final = {"mmsi", "shipname", "callsign", "first_timestamp", "last_timestamp"}


def recognises(start: bytes) -> bool:
    """Whether the first line names its columns."""
    header = header_of(start)
    return header is not None and set(header) >= _NAMES
