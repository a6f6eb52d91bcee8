"""What a ship's own reports say of her kind and flag, as the detectors ask it."""

from __future__ import annotations

from typing import Final

from bongsu.sea.mmsi import flags_of
from bongsu.sea.ships import Ship

DPRK: Final = "KP"
# ITU-R M.1371, table 53: the first digit of the type.
CARGO: Final = range(70, 80)
TANKERS: Final = range(80, 90)
FISHING: Final = 30


def flag_of(mmsi: int) -> str | None:
    """The State whose digits an MMSI bears, ISO 3166-1 alpha-2; the first by the alphabet where islands share them;
    None where the digits are no State's.
    """
    return next(iter(flags_of(mmsi)), None)


def is_dprk(ship: Ship) -> bool:
    """Whether her MMSI is of the DPRK."""
    return flag_of(ship.mmsi) == DPRK


def is_tanker(ship: Ship) -> bool:
    """Whether she says that she is a tanker."""
    return ship.ship_type in TANKERS


def is_fishing(ship: Ship) -> bool:
    """Whether she says that she fishes."""
    return ship.ship_type == FISHING


def carries_goods(ship: Ship) -> bool:
    """Whether she says that she carries cargo or is a tanker, or does not say what she is."""
    return ship.ship_type is None or ship.ship_type in CARGO or ship.ship_type in TANKERS
