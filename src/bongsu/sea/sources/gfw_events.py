"""Global Fishing Watch events: what it found in its own positions and published, kept apart from what we find."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO, Final

import pyarrow as pa

from bongsu.kernel.errors import SourceRefusedError
from bongsu.sea.cards import SourceCard
from bongsu.sea.cleaning import MOST_SHOWN, SET_ASIDE, shown_value
from bongsu.sea.fields import floats, times, wholes
from bongsu.sea.model import Batch, PublishedEvent, SetAside
from bongsu.sea.packing import Plain, opened
from bongsu.sea.rows import Rows, header_of, rows_of
from bongsu.tables import schema_of

PUBLISHER: Final = "Global Fishing Watch"
_EVENTS: Final = schema_of(PublishedEvent)
_NUMBERS: Final = ("latitude_deg", "longitude_deg", "distance_km", "speed_kn")
_FIRST_YEAR: Final = datetime(1990, 1, 1, tzinfo=UTC)
# The keys of an entry that hold what is told of its kind (version 3 of the interface).
_MEASURES: Final = {
    "encounter": ("encounter", "medianDistanceKilometers", "medianSpeedKnots"),
    "loitering": ("loitering", None, "averageSpeedKnots"),
    "fishing": ("fishing", None, "averageSpeedKnots"),
    "gap": ("gap", None, "impliedSpeedKnots"),
    "port_visit": ("port_visit", None, None),
}
_NO_ENTRY: Final = "entry is no event as the interface describes it"


def recognises(start: bytes) -> bool:
    """Whether the first bytes are of one of its tables, or of an answer of its interface."""
    begin = start.lstrip()
    if begin.startswith((b"{", b"[")):
        return b'"start"' in begin and b'"vessel"' in begin and b'"position"' in begin
    header = header_of(start)
    return header is not None and any(names <= set(header) for names in _HEADERS)


_HEADERS: Final = (
    {"fishing_vessel_mmsi", "transshipment_vessel_mmsi", "start_time", "end_time"},
    {"transshipment_mmsi", "starting_timestamp", "ending_timestamp"},
    {"gap_id", "gap_start_timestamp", "gap_end_timestamp"},
)


def read(
    stream: BinaryIO,
    *,
    card: SourceCard,
    exhibit: str,
    clock: datetime,
    from_line: int = 1,
    at: datetime | None = None,
    world: str = "",
) -> Iterator[Batch]:
    """Events of a table or of an answer of the interface (`cards.Reader.read`). The lines of an answer are its entries.

    Raises:
        SourceRefusedError: no header or answer as the card describes it, or a packed file that is corrupt.
    """
    del at  # an event bears its times, or is none
    plain = opened(stream)
    if plain.peek(1) in {b"{", b"["}:
        yield from _answer(plain, card, exhibit, clock, from_line, world)
        return
    shape: dict[str, str] = {}
    columns: dict[str, str] = {}

    def wanted(header: tuple[str, ...]) -> Sequence[str]:
        shape["kind"], mapping = _shape(header, card)
        columns.update(mapping)
        return list(mapping)

    def batch(rows: Rows) -> Batch:
        reading = _Reading(card=card, exhibit=exhibit, clock=clock, world=world, counted=rows.counted)
        reading.shown += rows.set_aside
        reading.take(_records(rows, columns, shape["kind"], card))
        return reading.batch(rows.last_line)

    lines, longest = card.limits["batch_lines"], card.limits["line_bytes"]
    yield from rows_of(plain, wanted=wanted, then=batch, from_line=from_line, lines=lines, longest=longest)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One batch while it is read: every row goes into one count."""

    card: SourceCard
    exhibit: str
    clock: datetime
    world: str
    counted: Counter[str] = field(default_factory=Counter)
    shown: list[SetAside] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def take(self, records: Iterator[dict[str, Any]]) -> None:
        """Take the records that may be true."""
        for record in records:
            broken = _broken(record, self.clock)
            if broken is not None:
                self.set_aside(record["row"], *broken)
                continue
            given = {"source": self.card.id, "exhibit": self.exhibit, "publisher": PUBLISHER, "world": self.world}
            self.events.append({**record, **given})
            self.counted["events"] += 1

    def set_aside(self, row: int, name: str, reason: str, value: object) -> None:
        """Set a record aside."""
        self.counted[f"{SET_ASIDE}{reason}"] += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(SetAside(line=row, field=name, reason=reason, value=shown_value(value)))

    def batch(self, last_line: int) -> Batch:
        """The batch."""
        columns = [pa.array([event[part.name] for event in self.events], part.type) for part in _EVENTS]
        return Batch(
            positions=None,
            identities=None,
            events=pa.Table.from_arrays(columns, schema=_EVENTS) if self.events else None,
            set_aside=tuple(sorted(self.shown, key=lambda record: record.line)[:MOST_SHOWN]),
            counted={words: number for words, number in sorted(self.counted.items()) if number},
            last_line=last_line,
        )


def _broken(record: Mapping[str, Any], clock: datetime) -> tuple[str, str, object] | None:
    """The field, the rule and the value for which a record cannot be an event; None where it can."""
    first, last = record["first_at"], record["last_at"]
    for name, moment in (("first_at", first), ("last_at", last)):
        if not isinstance(moment, datetime):
            return name, "time is absent or not written as it should be", moment
        if moment < _FIRST_YEAR:
            return name, "time before 1990", moment
        if moment > clock:
            return name, "time in the future", moment
    if last < first:
        return "last_at", "ends before it begins", last
    for name, most in (("latitude_deg", 90), ("longitude_deg", 180)):
        value = record[name]
        if value is None or not abs(value) <= most:
            return name, f"{name.removesuffix('_deg')} absent or out of range", value
    return None


def _shape(header: Sequence[str], card: SourceCard) -> tuple[str, dict[str, str]]:
    """The kind of events a header is of, and the field each column becomes."""
    for kind, shape in card.columns.items():
        if set(header) <= {*shape, *card.ignored} and {"first_at", "last_at"} <= {
            shape[name] for name in header if name in shape
        }:
            return kind, {name: shape[name] for name in header if name in shape}
    known = {name for shape in card.columns.values() for name in shape} | card.ignored
    strange = ", ".join(repr(name) for name in header if name not in known) or "together"
    raise SourceRefusedError(f"the header has columns that {card.id} does not know: {strange}", where="line 1")


def _records(rows: Rows, columns: Mapping[str, str], kind: str, card: SourceCard) -> Iterator[dict[str, Any]]:
    """The rows of a table as records; what is not written as it should be is None."""
    texts = {named: rows.table.column(name).combine_chunks() for name, named in columns.items()}
    read: dict[str, list[Any]] = {"row": rows.table.column("line").to_pylist()}
    for name in ("mmsi", "partner_mmsi"):
        if name in texts:
            read[name] = wholes(texts[name]).values.to_pylist()
    for name in _NUMBERS:
        if name in texts:
            read[name] = [_finite(value) for value in floats(texts[name]).values.to_pylist()]
    for name in ("first_at", "last_at"):
        found = times(texts[name], card.time_formats, card.zone)
        written = texts[name].to_pylist()
        moments = found.values.to_pylist()
        read[name] = [moment or text for moment, text in zip(moments, written, strict=True)]
    read["event"] = texts["event"].to_pylist() if "event" in texts else [str(row) for row in read["row"]]
    for values in zip(*read.values(), strict=True):
        record = {part.name: None for part in _EVENTS} | dict(zip(read, values, strict=True))
        yield record | {"kind": kind, "event": record["event"] or str(record["row"])}


def _answer(
    plain: Plain, card: SourceCard, exhibit: str, clock: datetime, from_line: int, world: str
) -> Iterator[Batch]:
    """The entries of an answer of the interface. It is one JSON text, so all of it is in memory."""
    most = card.limits["answer_bytes"]
    content = plain.read(most + 1)
    if len(content) > most:
        raise SourceRefusedError(f"holds more than {most} bytes of JSON", remedy="ask the interface for less at once")
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SourceRefusedError(f"is no JSON: {error}", remedy="fetch it again") from error
    entries = answer.get("entries") if isinstance(answer, dict) else answer
    if not isinstance(entries, list):
        raise SourceRefusedError("the answer has no entries", remedy="check which file it is")
    numbered = islice(enumerate(entries, start=1), from_line - 1, None)
    while some := list(islice(numbered, card.limits["batch_lines"])):
        reading = _Reading(card=card, exhibit=exhibit, clock=clock, world=world)
        for row, entry in some:
            record = _record(entry, row, card)
            if isinstance(record, str):
                reading.set_aside(row, "", record, json.dumps(entry))
            else:
                reading.take(iter([record]))
        yield reading.batch(some[-1][0])


def _record(entry: object, row: int, card: SourceCard) -> dict[str, Any] | str:
    """An entry as a record, or the rule it breaks."""
    if not isinstance(entry, dict):
        return _NO_ENTRY
    if {*entry} - {*card.takes, *card.ignored}:
        return "entry has a key that the card does not know"
    kind, place, vessel = str(entry.get("type")).lower(), entry.get("position"), entry.get("vessel")
    if kind not in _MEASURES:
        return "kind of event is unknown"
    if not isinstance(place, dict) or not isinstance(vessel, dict):
        return _NO_ENTRY
    key, distance, speed = _MEASURES[kind]
    told = entry.get(key)
    told = told if isinstance(told, dict) else {}
    partner = told.get("vessel")
    return {
        "kind": kind,
        "event": str(entry.get("id") or row),
        "mmsi": _mmsi(vessel.get("ssvid")),
        "partner_mmsi": _mmsi(partner.get("ssvid")) if isinstance(partner, dict) else None,
        "first_at": _moment(entry.get("start")),
        "last_at": _moment(entry.get("end")),
        "latitude_deg": _finite(place.get("lat")),
        "longitude_deg": _finite(place.get("lon")),
        "distance_km": _finite(told.get(distance)) if distance else None,
        "speed_kn": _finite(told.get(speed)) if speed else None,
        "row": row,
    }


def _mmsi(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _moment(value: object) -> datetime | str | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo is not None else value
    except (ValueError, OverflowError):
        return value


def _finite(value: object) -> float | None:
    """A number, or None; the interface writes some of its numbers as texts."""
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) < float("inf") else None
