"""A ship of the invented world: her hull, her track, what her transponder says of her, and when it is silent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bongsu.sandbox.sea.hulls import Hull
from bongsu.sandbox.sea.motion import Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a transponder says of its ship from a time on, until the next saying.

    Args:
        from_s: seconds since the world began.
    """

    from_s: int
    mmsi: int
    imo: int | None
    name: str
    call_sign: str
    ship_type: int
    length_m: int
    beam_m: int
    draught_m: float
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """A ship and her days.

    Args:
        track: where she says she is.
        sayings: what she says of herself, by time; the first begins no later than her track.
        silences: when her transponder is off, as (from, until) in seconds.
        beat: how many times rarer than others she is heard, where her transponder is broken; else 1.
        truthful: whether her track is where she is.
        echoes: the number of the hull whose reports she repeats; None where they are her own.
    """

    hull: Hull
    track: Leg
    sayings: tuple[Saying, ...]
    silences: tuple[tuple[int, int], ...] = ()
    beat: int = 1
    truthful: bool = True
    echoes: int | None = None


def saying(hull: Hull, from_s: int, *, draught_m: float, destination: str) -> Saying:
    """What an honest transponder says."""
    return Saying(
        from_s=from_s,
        mmsi=hull.mmsi,
        imo=hull.imo,
        name=hull.name,
        call_sign=hull.call_sign,
        ship_type=hull.ship_type,
        length_m=hull.length_m,
        beam_m=hull.beam_m,
        draught_m=draught_m,
        destination=destination,
    )


def from_then_on(sayings: tuple[Saying, ...], from_s: int, **changed: object) -> tuple[Saying, ...]:
    """The sayings with fields changed from a time on, whatever else is said later."""
    before = [each for each in sayings if each.from_s < from_s]
    after = [each for each in sayings if each.from_s >= from_s]
    turn = [replace(before[-1], from_s=from_s)] if before else []
    return (*before, *(replace(each, **changed) for each in (*turn, *after)))  # type: ignore[arg-type]  # fields by name
