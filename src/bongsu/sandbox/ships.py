"""The invented ships of a cycle without real ones: what a receiver heard of them in a week, and their register."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from bongsu.sea.model import DesignatedShip

if TYPE_CHECKING:  # worlds are slow to load, and what is shipped was made
    from bongsu.sandbox.sea.world import World

SANDBOX_SHIPS: Final = "sandbox_ships.nmea"
SANDBOX_SHIPS_REGISTER: Final = "sandbox_ships.json"
SANDBOX_SHIPS_SOURCE: Final = "nmea"
# Few ships for a few days, heard seldom: what a first run reads in seconds.
_SEED: Final = 7
_VESSELS: Final = 63
_DAYS: Final = 7
#: When all of them had been heard: no later clock changes what is read.
SANDBOX_SHIPS_UNTIL: Final = datetime(2026, 1, 13, tzinfo=UTC)
_HEARD_S: Final = (360, 600)


def made() -> World:
    """The world that the shipped files are of, made anew: they are kept so that a first run need not wait for it."""
    from bongsu.sandbox.sea.reception import Listening
    from bongsu.sandbox.sea.world import make_world

    least_s, most_s = _HEARD_S
    return make_world(seed=_SEED, vessels=_VESSELS, days=_DAYS, listening=Listening(least_s=least_s, most_s=most_s))


def log_of(world: World) -> bytes:
    """What a receiver heard in it, AIVDM sentences."""
    from bongsu.sandbox.sea.writing import files as files_of

    return b"".join(content for _, content in files_of(world, "nmea"))


def register_of(world: World) -> bytes:
    """What it was made from, and its register of ships."""
    from bongsu.sandbox.sea.writing import world_text

    return world_text(world).encode()


def sandbox_log() -> bytes:
    """What a receiver heard, as it is shipped: AIVDM sentences with tag blocks."""
    return gzip.decompress((files("bongsu.sandbox") / "data" / f"{SANDBOX_SHIPS}.gz").read_bytes())


def sandbox_register() -> bytes:
    """The register of the invented ships, as it is shipped."""
    return (files("bongsu.sandbox") / "data" / SANDBOX_SHIPS_REGISTER).read_bytes()


def sandbox_designated(register: bytes, exhibit: str) -> tuple[DesignatedShip, ...]:
    """The ships that the invented register says are designated.

    Args:
        register: its bytes.
        exhibit: their SHA-256.
    """
    return tuple(
        DesignatedShip(
            listing=f"sandbox_ships:{row['imo']}",
            authority="SANDBOX",
            binding="un",
            name=row["name"],
            imo=int(row["imo"]),
            mmsi=row["mmsi"],
            listed_on="2020-01-01",
            exhibit=exhibit,
            locator="",
            sandbox=True,
        )
        for row in json.loads(register)["register"]
        if row["designated"]
    )
