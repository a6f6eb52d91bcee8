"""The observations of the sea desk: positions, identities as broadcast, and events that others published."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from bongsu.kernel.citation import Citation

SANDBOX: str = "sandbox"
#: The sources whose records are lines of text; of the others the row is cited.
BY_LINE: frozenset[str] = frozenset({"nmea", "aisstream"})


def citation(source: str, exhibit: str, row: int) -> Citation:
    """Where a record of a source stands."""
    return Citation(exhibit=exhibit, locator=f"{'line' if source in BY_LINE else 'row'}={row}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One report of where a ship was.

    Args:
        mmsi: the nine digits the transponder sent, as a number; which of them name a ship, `mmsi.py` tells.
        at: when, UTC, whole seconds; the receiver's time stamp where the source has one.
        latitude_deg, longitude_deg: WGS 84, -90 to 90 and -180 up to but not including 180.
        speed_kn: over ground, 0 to 102.2 knots; None where the transponder says it does not know (ITU-R M.1371, 1023).
        course_deg: over ground, 0 up to but not including 360; None where unknown.
        heading_deg: true, 0 to 359; None where unknown (511).
        status: the navigational status 0 to 15 of ITU-R M.1371 table 45; None where the message has none or says 15.
        cell: the fine cell of the place (`grid.cell_of`).
        source: the source's id, such as `nmea`.
        exhibit: SHA-256 of the exhibit the report stands in.
        row: the line or row in it, from 1.
        world: `sandbox` where the report is invented; the empty text where it is not.
    """

    mmsi: int
    at: datetime
    latitude_deg: float
    longitude_deg: float
    speed_kn: float | None
    course_deg: float | None
    heading_deg: float | None
    status: int | None
    cell: int
    source: str
    exhibit: str
    row: int
    world: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a transponder said of its ship, the same from a first to a last report in one exhibit.

    Args:
        mmsi: the nine digits sent.
        first_at, last_at: the first and the last report in a row that said so, UTC.
        reports: how many said so.
        imo: the IMO number as sent, whatever its check digit; None where none was sent (0).
        name, call_sign, destination: as sent, trailing `@` and blanks taken away; None where empty.
        ship_type: the type of ship and cargo 0 to 99 of ITU-R M.1371 table 53; None where none was sent.
        length_m, beam_m: from the four distances to the antenna; None where they were not sent.
        draught_m: maximum present static draught, 0.1 to 25.5; None where none was sent (0).
        source, exhibit, world: as of a position.
        row: the line or row of the first report.
    """

    mmsi: int
    first_at: datetime
    last_at: datetime
    reports: int
    imo: int | None
    name: str | None
    call_sign: str | None
    ship_type: int | None
    length_m: float | None
    beam_m: float | None
    draught_m: float | None
    destination: str | None
    source: str
    exhibit: str
    row: int
    world: str

    @property
    def citation(self) -> Citation:
        """Where its first report stands."""
        return citation(self.source, self.exhibit, self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEvent:
    """An event that others found in their own positions and published: kept apart from what we find.

    Args:
        publisher: who, such as `Global Fishing Watch`.
        kind: `encounter`, `loitering`, `port_visit`, `gap` or `fishing`.
        event: the publisher's own id, or the row's number where it gives none.
        mmsi, partner_mmsi: whom it is about; None where not given.
        first_at, last_at: when, UTC.
        latitude_deg, longitude_deg: the place given for it.
        distance_km: the median distance of the two ships; None where not given.
        speed_kn: the median speed; None where not given.
    """

    publisher: str
    kind: str
    event: str
    mmsi: int | None
    partner_mmsi: int | None
    first_at: datetime
    last_at: datetime
    latitude_deg: float
    longitude_deg: float
    distance_km: float | None
    speed_kn: float | None
    source: str
    exhibit: str
    row: int
    world: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A record that was not taken, and why.

    Args:
        line: the line or row, from 1.
        field: which field is at fault; the empty text where it is the whole record.
        reason: the rule it broke, in words that are the same for every record that breaks it.
        value: what stood there, cut at 120 characters.
    """

    line: int
    field: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a reader took from a run of lines: at most some hundred thousand rows, so that memory stays bounded.

    Args:
        positions, identities, events: Arrow tables with the columns of `Position`, `Identity`, `PublishedEvent`
            (`tables.schema_of`), in the order of the file; None where a batch has none.
        set_aside: up to a hundred records that were not taken (`counted` holds them all).
        counted: how many lines were read and what became of them, by words such as `positions`, `identities`,
            `comments`, `set aside: latitude 91 means unknown`, `nulled: speed 102.3 means unknown`. Every line is in
            exactly one count that does not begin with `nulled: ` or `kept: ` (`cleaning.NOTES`); those say what was
            seen in rows that were taken, such as `kept: earlier than a report before it`.
        last_line: the last line or row this batch read.
    """

    positions: pa.Table | None
    identities: pa.Table | None
    events: pa.Table | None
    set_aside: tuple[SetAside, ...]
    counted: Mapping[str, int]
    last_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignatedShip:
    """A ship that an authority designated, as the register has it: passed in, for a desk knows no other desk.

    Args:
        listing: the register's id of the listing, such as `un_sc:KPe.002`.
        authority: who listed it.
        binding: `un` or `national`.
        name: as printed.
        imo, mmsi: as numbers; None where the list prints none or one that is none.
        listed_on: the day of listing, ISO 8601, or its month or year where no more is printed; None where nothing is.
        exhibit, locator: where it stands.
        sandbox: whether it is invented.
    """

    listing: str
    authority: str
    binding: str
    name: str
    imo: int | None
    mmsi: int | None
    listed_on: str | None
    exhibit: str
    locator: str
    sandbox: bool

    @property
    def listed_by(self) -> date | None:
        """The day from which on she was listed for sure: of a month or year its last; None where none is known."""
        year, month, day = [*(self.listed_on or "").split("-"), "", ""][:3]
        if not year:
            return None
        if day:
            return date(int(year), int(month), int(day))
        months = int(month or 12)
        return date(int(year), months, monthrange(int(year), months)[1])
