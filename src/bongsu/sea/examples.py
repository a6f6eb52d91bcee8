"""The tracks of a card's examples as tables, so that what a card says of its detector is tried on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from math import hypot

from bongsu.kernel.canonical import digest
from bongsu.sea.detectors.card import Example, ExampleShip, Leg
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE, cell_of, distance_km
from bongsu.sea.model import SANDBOX, DesignatedShip, Identity, Position

EXHIBIT = digest(b"SANDBOX tracks of an example")


def positions_of(example: Example) -> list[Position]:
    """The positions of an example's ships, by ship and time."""
    return [row for ship in example.ships for row in _track(ship)]


def identities_of(example: Example) -> list[Identity]:
    """What the ships of an example say of themselves, by ship and time: once for each draught."""
    return [row for ship in example.ships for row in _said(ship)]


def designated_of(example: Example) -> tuple[DesignatedShip, ...]:
    """The ships that an example's register designates, once as the Council's and once as a State's."""
    return tuple(
        DesignatedShip(
            listing=f"sandbox_{binding}:{imo}",
            authority="SANDBOX",
            binding=binding,
            name=f"SANDBOX {imo:07d}",
            imo=imo,
            mmsi=None,
            listed_on="2020-01-01",
            exhibit=EXHIBIT,
            locator="row=1",
            sandbox=True,
        )
        for imo in example.designated
        for binding in ("un", "national")
    )


def _track(ship: ExampleShip) -> Iterator[Position]:
    at, place, row = ship.at, ship.place, 0
    for leg in ship.legs:
        end = leg.to or place
        count = int(leg.hours * 60 / ship.every_min)
        speed = _speed_kn(leg, place, end)
        for index in range(0 if leg.silent else count):
            share = index / count
            row += 1
            latitude = round(place[0] + (end[0] - place[0]) * share, 5)
            longitude = round(place[1] + (end[1] - place[1]) * share, 5)
            yield Position(
                mmsi=ship.mmsi,
                at=at + timedelta(seconds=round(index * ship.every_min * 60)),
                latitude_deg=latitude,
                longitude_deg=longitude,
                speed_kn=speed,
                course_deg=None,
                heading_deg=None,
                status=5 if leg.moored else 0,
                cell=cell_of(latitude, longitude),
                source=SANDBOX,
                exhibit=EXHIBIT,
                row=ship.mmsi % 1000 * 100_000 + row,
                world=SANDBOX,
            )
        at, place = at + timedelta(hours=leg.hours), end


def _speed_kn(leg: Leg, start: tuple[float, float], end: tuple[float, float]) -> float:
    if leg.speed_kn is not None:
        return leg.speed_kn
    if hypot(end[0] - start[0], end[1] - start[1]) == 0:
        return 0.0
    return round(distance_km(start, end) / KM_PER_NAUTICAL_MILE / leg.hours, 1)


def _said(ship: ExampleShip) -> Iterator[Identity]:
    at, draught = ship.at, None
    for index, leg in enumerate(ship.legs, start=1):
        draught = leg.draught_m if leg.draught_m is not None else draught
        if not leg.silent:
            yield Identity(
                mmsi=ship.mmsi,
                first_at=at,
                last_at=at + timedelta(hours=leg.hours),
                reports=1,
                imo=ship.imo,
                name=ship.name,
                call_sign=ship.call_sign,
                ship_type=ship.ship_type,
                length_m=ship.length_m,
                beam_m=ship.beam_m,
                draught_m=draught,
                destination=None,
                source=SANDBOX,
                exhibit=EXHIBIT,
                row=ship.mmsi % 1000 * 100_000 + 90_000 + index,
                world=SANDBOX,
            )
        at += timedelta(hours=leg.hours)
