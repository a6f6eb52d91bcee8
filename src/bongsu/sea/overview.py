"""The overview: what one run of the sea desk says, as records; they load no engine, and a report needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from bongsu.kernel.indicator import Indicator, Place
from bongsu.sea.signs import time_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place of a track: latitude and longitude in degrees, and when (seconds since 1970)."""

    latitude_deg: float
    longitude_deg: float
    at_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The way of a ship, thinned to what a small map can show."""

    mmsi: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipToLookAt:
    """A ship with signs about her.

    Args:
        id, name: her subject.
        mmsi: the numbers under which she was heard.
        score: one less the product of what the strongest sign of each detector leaves open.
        detectors: which found something, sorted.
        indicators: their ids, strongest first.
    """

    id: str
    name: str
    mmsi: tuple[int, ...]
    score: float
    detectors: tuple[str, ...]
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PetroleumYear:
    """What tankers may have brought against the limit of a time, barrels.

    Args:
        year: the calendar year of the limit.
        from_day, until_day: the first and the last day that it counts, ISO 8601: of 2017 the last three months alone.
        measure: the key of the measure that sets it.
        cap: the limit.
        low, central, high: the sums of the estimates.
        crossed: when each line passed the limit (ISO 8601), by its name; a line that did not is absent.
        unknown: calls of tankers whose size is not known.
    """

    year: int
    from_day: str
    until_day: str
    measure: str
    deliveries: int
    unknown: int
    low: int
    central: int
    high: int
    cap: int
    crossed: dict[str, str]

    @property
    def within(self) -> str:
        """The time of the limit, after a verb: `in 2018`, `from 2017-10-01 to 2017-12-31`."""
        whole = (self.from_day, self.until_day) == (f"{self.year}-01-01", f"{self.year}-12-31")
        return f"in {self.year}" if whole else f"from {self.from_day} to {self.until_day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one detector found, counted.

    Args:
        detector: such as `sea.dark_gap`.
        indicators: what is told.
        untied: what nothing ties to the DPRK: it names no measure, and is told of no ship.
        lapsed: what is tied, and happened when no measure was in force that it could have breached.
    """

    detector: str
    indicators: int
    untied: int
    lapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Untied:
    """Something that a detector found and that nothing ties to the DPRK: no indicator, and in no report or release.

    Args:
        detector, kind: which rule found it.
        title: one sentence.
        from_s, to_s: when, seconds since 1970; `to_s` None where it goes on.
        place: where.
        score: how much it would weigh.
        sandbox: whether it is of an invented world.
    """

    detector: str
    kind: str
    title: str
    from_s: int
    to_s: int | None
    place: Place | None
    score: float
    sandbox: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What one run says.

    Args:
        positions, ships: how many were read; bins of ten minutes and MMSI.
        first_s, last_s: the first and last report; None where there is none.
        indicators: sorted by score, subject and id.
        tallies: what each detector that ran found, by its name.
        first: the ships to look at first, the highest score first.
        tracks: theirs.
        petroleum: by year.
    """

    bins: int
    ships: int
    first_s: int | None
    last_s: int | None
    indicators: tuple[Indicator, ...]
    tallies: tuple[Tally, ...]
    first: tuple[ShipToLookAt, ...]
    tracks: tuple[Track, ...]
    petroleum: tuple[PetroleumYear, ...]


def day_of(second: int) -> str:
    """A second as its day, ISO 8601."""
    return time_of(second).date().isoformat()
