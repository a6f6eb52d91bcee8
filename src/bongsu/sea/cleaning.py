"""What cannot be true of a ship's position: the rules that every sea reader shares, over columns and counted.

A reader makes a table of `RAW` columns of its rows and hands it to `clean`. The words of a rule are the same for every
source, so that the counts of a month add up whoever received it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE
from bongsu.sea.mmsi import SHIP, UNASSIGNED, kinds_of
from bongsu.sea.model import Position, SetAside
from bongsu.tables import schema_of

# Any: pyarrow ships no types.
Column: TypeAlias = Any

#: What a reader hands in, one row a report; unknown is null, and what is no number is the reader's to set aside.
RAW: Final = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),  # the line or row in the exhibit, from 1; each once
        pa.field("mmsi", pa.int64()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("latitude_deg", pa.float64()),
        pa.field("longitude_deg", pa.float64()),
        pa.field("speed_kn", pa.float64()),
        pa.field("course_deg", pa.float64()),
        pa.field("heading_deg", pa.float64()),
        pa.field("status", pa.int64()),
        pa.field("world", pa.string(), nullable=False),  # `sandbox` or the empty text
    ]
)
#: What a reader hands in of reports without a place: who sent it, and when.
REPORTS: Final = pa.schema([RAW.field(name) for name in ("line", "mmsi", "at", "world")])
POSITIONS: Final = schema_of(Position)
#: So many of the records set aside are shown; the counts hold them all.
MOST_SHOWN: Final = 100
VALUE_LENGTH: Final = 120
#: How the counts of records begin that were not taken.
SET_ASIDE: Final = "set aside: "
#: How the counts begin that do not say where a line went, but what was done with a row that was taken.
NOTES: Final = ("nulled: ", "kept: ")
# AIS began with ITU-R M.1371 in 1998; its trials and older radar plots are no positions of it.
_FIRST_YEAR: Final = datetime(1990, 1, 1, tzinfo=UTC)
_AFTER_RECEIPT: Final = timedelta(days=1)
_SAME: Final = ("mmsi", "at", "latitude_deg", "longitude_deg", "speed_kn", "course_deg", "heading_deg", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What became of the rows of a table.

    Args:
        positions: the rows that may be true, with the columns of `Position`, in the order given.
        set_aside: the first hundred that may not, in the order of their lines.
        counted: how many rows went where. `positions` and the counts that begin `set aside: ` add up to the rows given;
            those that begin `nulled: ` or `kept: ` say what was seen in rows that were taken.
    """

    positions: pa.Table
    set_aside: tuple[SetAside, ...]
    counted: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of reports that have no place.

    Args:
        rows: those that may be true, with the columns given, in the order given.
        set_aside, counted: as of `Cleaned`, but `counted` holds those set aside only.
    """

    rows: pa.Table
    set_aside: tuple[SetAside, ...]
    counted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A field, why a value of it is not believed, and for which rows this holds."""

    field: str
    reason: str
    broken: Column


def latest(clock: datetime, received_at: datetime | None) -> datetime:
    """The latest moment a report may bear: a day after its exhibit was received, where that is known, since clocks of
    ships and receivers are wrong by hours; else the clock of the run.
    """
    return clock if received_at is None else min(clock, received_at + _AFTER_RECEIPT)


def clean(raw: pa.Table, *, source: str, exhibit: str, clock: datetime) -> Cleaned:
    """The rows that may be true, with what they do not know as null.

    Args:
        raw: columns as `RAW` says, in the order of the file. An exact duplicate is set aside within this table only.
        source: the source's id.
        exhibit: SHA-256 of the exhibit.
        clock: the latest moment that is not the future (`latest`), aware.

    Returns:
        The rows and the counts. A row breaks the first rule that fits: no MMSI of a ship, no time, a time that cannot
        be, no place, a place that cannot be, a duplicate.

    Raises:
        ValueError: other columns.
    """
    if not raw.schema.equals(RAW):
        raise ValueError(f"columns are {raw.schema}; {RAW} are meant")
    raw = raw.combine_chunks()
    shown, counted = list[SetAside](), Counter[str]()
    kept = _sieved(raw, [*_who_and_when(raw, clock), *_where(raw)], shown, counted)
    kept = _nulled(kept, counted)
    kept = _sieved(kept, [_Rule("", "the same report again", _repeated(kept))], shown, counted)
    _note(kept, counted)
    shown.sort(key=lambda record: record.line)
    counted["positions"] = kept.num_rows
    return Cleaned(
        positions=_positions(kept, source, exhibit), set_aside=tuple(shown[:MOST_SHOWN]), counted=dict(counted)
    )


def clean_reports(reports: pa.Table, *, clock: datetime) -> Kept:
    """The reports that a ship can have sent when they say, by the rules of `clean` that need no place.

    Args:
        reports: the columns of `REPORTS`, and any others.
        clock: the latest moment that is not the future (`latest`), aware.
    """
    shown, counted = list[SetAside](), Counter[str]()
    rows = _sieved(reports, list(_who_and_when(reports, clock)), shown, counted)
    shown.sort(key=lambda record: record.line)
    return Kept(rows=rows, set_aside=tuple(shown[:MOST_SHOWN]), counted=dict(counted))


def shown_value(value: object) -> str:
    """What stood in a field, for a person: cut at 120 characters, the empty text where nothing stood there."""
    # Half a character, which JSON can name, could not be written down.
    return "" if value is None else str(value).encode("utf-8", "backslashreplace").decode()[:VALUE_LENGTH]


def share_set_aside(counted: Mapping[str, int]) -> float | None:
    """Which share of the records was set aside; None where there were none. Comments are no records."""
    lines = sum(number for words, number in counted.items() if not words.startswith((*NOTES, "comments")))
    aside = sum(number for words, number in counted.items() if words.startswith(SET_ASIDE))
    return aside / lines if lines else None


def cells(latitude_deg: Column, longitude_deg: Column) -> Column:
    """`grid.cell_of` over Arrow columns."""
    row = pc.cast(pc.floor(pc.multiply(pc.add(latitude_deg, 90.0), float(CELLS_PER_DEGREE))), pa.int64())
    column = pc.cast(pc.floor(pc.multiply(pc.add(longitude_deg, 180.0), float(CELLS_PER_DEGREE))), pa.int64())
    # Just west of 180 degrees the sum rounds up to a whole turn.
    column = pc.if_else(pc.greater_equal(column, CELLS_AROUND), pc.subtract(column, CELLS_AROUND), column)
    return pc.add(pc.multiply(row, CELLS_AROUND), column)


def _who_and_when(raw: pa.Table, clock: datetime) -> Iterator[_Rule]:
    kinds = kinds_of(raw.column("mmsi"), raw.column("world"))
    for kind in sorted(kind for kind in pc.unique(kinds).to_pylist() if kind not in {SHIP, UNASSIGNED}):
        yield _Rule("mmsi", f"MMSI of {kind}" if kind else "MMSI is absent", pc.equal(kinds, kind))
    at = raw.column("at")
    yield _Rule("at", "time is absent", pc.is_null(at))
    yield _Rule("at", "time before 1990", pc.less(at, pa.scalar(_FIRST_YEAR, at.type)))
    yield _Rule("at", "time in the future", pc.greater(at, pa.scalar(clock, at.type)))


def _where(raw: pa.Table) -> Iterator[_Rule]:
    latitude, longitude = raw.column("latitude_deg"), raw.column("longitude_deg")
    # ITU-R M.1371-5, annex 8, messages 1 to 3: 91 and 181 degrees mean that the transponder does not know.
    yield from _degrees("latitude", latitude, 91.0, 90.0)
    yield from _degrees("longitude", longitude, 181.0, 180.0)
    nowhere = pc.and_(pc.equal(latitude, 0.0), pc.equal(longitude, 0.0))
    yield _Rule("latitude_deg", "latitude and longitude both exactly 0", nowhere)


def _degrees(name: str, degrees: Column, unknown: float, most: float) -> Iterator[_Rule]:
    field = f"{name}_deg"
    yield _Rule(field, f"{name} is absent", pc.is_null(degrees, nan_is_null=True))
    yield _Rule(field, f"{name} {unknown:.0f} means unknown", pc.equal(degrees, unknown))
    yield _Rule(field, f"{name} out of range", pc.greater(pc.abs(degrees), most))


def _sieved(rows: pa.Table, rules: list[_Rule], shown: list[SetAside], counted: Counter[str]) -> pa.Table:
    """The rows that break no rule; the others are counted under the first rule they break, and some shown."""
    sound = pa.chunked_array([pa.repeat(pa.scalar(True), rows.num_rows)])
    for rule in rules:
        caught = pc.and_(sound, pc.fill_null(rule.broken, False))
        number = pc.sum(caught).as_py() or 0
        if not number:
            continue
        counted[f"{SET_ASIDE}{rule.reason}"] += number
        sound = pc.and_not(sound, caught)
        some = rows.filter(caught).slice(0, MOST_SHOWN)
        values = _printable(some.column(rule.field)) if rule.field else [None] * len(some)
        shown += [
            SetAside(line=line, field=rule.field, reason=rule.reason, value=shown_value(value))
            for line, value in zip(some.column("line").to_pylist(), values, strict=True)
        ]
    return rows.filter(sound)


def _printable(column: Column) -> list[object]:
    """The values of a column; as texts where Python has no such time (Arrow's years go beyond 1 to 9999)."""
    try:
        values: list[object] = column.to_pylist()
    except (ValueError, OverflowError):
        values = pc.cast(column, pa.string()).to_pylist()
    return values


def _nulled(rows: pa.Table, counted: Counter[str]) -> pa.Table:
    """The rows with null for what is unknown or cannot be, and the place and time as `Position` has them.

    The values that mean unknown, and the ranges: ITU-R M.1371-5, annex 8, messages 1 to 3.
    """
    speed, course = rows.column("speed_kn"), rows.column("course_deg")
    heading, status = rows.column("heading_deg"), rows.column("status")
    # A speed is sent in tenths of a knot, so half a tenth tells 102.2 ("102.2 or higher") from 102.3.
    rules = [
        _Rule("speed_kn", "speed is no number", pc.is_nan(speed)),
        _Rule("speed_kn", "speed 102.3 means unknown", _between(speed, 102.25, 102.35)),
        _Rule("speed_kn", "speed out of range", _outside(speed, 0.0, 102.25)),
        _Rule("course_deg", "course is no number", pc.is_nan(course)),
        _Rule("course_deg", "course 360 means unknown", pc.equal(course, 360.0)),
        _Rule("course_deg", "course out of range", _outside(course, 0.0, 360.0)),
        _Rule("heading_deg", "heading is no number", pc.is_nan(heading)),
        _Rule("heading_deg", "heading 511 means unknown", pc.equal(heading, 511.0)),
        _Rule("heading_deg", "heading out of range", pc.or_(_outside(heading, 0.0, 360.0), pc.equal(heading, 360.0))),
        _Rule("status", "status 15 means undefined", pc.equal(status, 15)),
        _Rule("status", "status out of range", _outside(status, 0, 15)),
    ]
    for rule in rules:
        rows = _without(rows, rule, counted)
    longitude = rows.column("longitude_deg")
    east = pc.if_else(pc.equal(longitude, 180.0), -180.0, longitude)
    return _with(_with(rows, "longitude_deg", east), "at", pc.floor_temporal(rows.column("at"), unit="second"))


def _without(rows: pa.Table, rule: _Rule, counted: Counter[str]) -> pa.Table:
    """The rows with null where a rule is broken. What a former rule made null is still counted under that one only."""
    column = rows.column(rule.field)
    broken = pc.and_(pc.fill_null(rule.broken, False), pc.is_valid(column))
    number = pc.sum(broken).as_py() or 0
    if not number:
        return rows
    counted[f"nulled: {rule.reason}"] += number
    return _with(rows, rule.field, pc.if_else(broken, pa.scalar(None, column.type), column))


def _with(rows: pa.Table, name: str, column: Column) -> pa.Table:
    index = rows.schema.get_field_index(name)
    return rows.set_column(index, rows.schema.field(index), column)


def _between(column: Column, least: float, most: float) -> Column:
    return pc.and_(pc.greater_equal(column, least), pc.less_equal(column, most))


def _outside(column: Column, least: float, most: float) -> Column:
    return pc.or_(pc.less(column, least), pc.greater(column, most))


def _repeated(rows: pa.Table) -> Column:
    """Which rows say the same as an earlier one."""
    again = _not_alone(rows)
    if not again.any():  # most files: grouping by all fields takes longer than everything else together
        return pa.repeat(pa.scalar(False), rows.num_rows)
    some = rows.filter(pa.array(again))
    first = some.group_by([*_SAME, "world"]).aggregate([("line", "min")]).column("line_min")
    return pc.and_not(pa.array(again), pc.is_in(rows.column("line"), value_set=first))


def _not_alone(rows: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which rows share ship, time and place with another, and perhaps some that do not."""
    mix = np.zeros(rows.num_rows, dtype=np.uint64)
    for name in _SAME[:4]:
        values = rows.column(name).combine_chunks()
        bits = values.cast(pa.int64()).to_numpy() if name in {"mmsi", "at"} else values.to_numpy() + 0.0
        mix = (mix ^ bits.view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mix ^= mix >> np.uint64(29)
    order = np.argsort(mix)
    same = mix[order][1:] == mix[order][:-1]
    again = np.zeros(rows.num_rows, dtype=np.bool_)
    again[order[1:][same]] = True
    again[order[:-1][same]] = True
    return again


def _note(rows: pa.Table, counted: Counter[str]) -> None:
    """Count what is odd in rows that are taken all the same."""
    seconds = pc.cast(rows.column("at"), pa.int64()).combine_chunks()
    # Sorting is the lake's work; that a file is out of order says something of its recorder.
    late = pc.sum(pc.less(seconds, pc.cumulative_max(seconds))).as_py()
    unassigned = pc.sum(pc.equal(kinds_of(rows.column("mmsi"), rows.column("world")), UNASSIGNED)).as_py()
    for words, number in (("earlier than a report before it", late), (f"MMSI of {UNASSIGNED}", unassigned)):
        if number:
            counted[f"kept: {words}"] += number


def _positions(rows: pa.Table, source: str, exhibit: str) -> pa.Table:
    size = rows.num_rows
    made = {
        "cell": cells(rows.column("latitude_deg"), rows.column("longitude_deg")),
        "source": pa.repeat(pa.scalar(source), size),
        "exhibit": pa.repeat(pa.scalar(exhibit), size),
        "row": rows.column("line"),
    }
    columns = [made[name] if name in made else rows.column(name) for name in POSITIONS.names]
    return pa.Table.from_arrays(columns, schema=POSITIONS)
