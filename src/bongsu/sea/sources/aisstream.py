"""Messages of the web socket of aisstream.io, one JSON object a line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Final, NoReturn, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from bongsu.sea.cards import SourceCard
from bongsu.sea.cleaning import MOST_SHOWN, RAW, REPORTS, SET_ASIDE, clean, clean_reports, shown_value
from bongsu.sea.identities import Report, Said, Value, identities, metres, ship_type, text
from bongsu.sea.lines import Block, blocks
from bongsu.sea.model import SANDBOX, Batch, SetAside
from bongsu.sea.stamps import microseconds

# Any: what JSON holds; its kinds are checked here.
Json: TypeAlias = dict[str, Any]

_START: Final = re.compile(rb'^\s*\{.*"(?:MessageType|MetaData)"')
_ENVELOPE: Final = frozenset({"Message", "MessageType", "MetaData"})
_POSITIONS: Final = frozenset(
    {
        "PositionReport",
        "StandardClassBPositionReport",
        "ExtendedClassBPositionReport",
        "LongRangeAisBroadcastMessage",
    }
)
_EXTENDED: Final = "ExtendedClassBPositionReport"
_LONG_RANGE: Final = "LongRangeAisBroadcastMessage"
#: How JSON writes each field.
_COUNTS: Final = frozenset({"mmsi", "status", "imo", "ship_type", "bow_m", "stern_m", "port_m", "starboard_m"})
_TEXTS: Final = frozenset({"at", "name", "call_sign", "destination"})
_TABLES: Final = frozenset({"dimension", "part_a", "part_b"})
_LARGEST: Final = 2**53  # beyond it JSON's numbers are not whole


class _BrokenError(Exception):
    """A record that is not taken: the field and the rule."""

    def __init__(self, field: str, reason: str, value: object = None) -> None:
        super().__init__(reason)
        self.field, self.reason, self.value = field, reason, value


def recognises(start: bytes) -> bool:
    """Whether the first line of a file is a message of aisstream.io."""
    return _START.search(start.partition(b"\n")[0]) is not None


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
    """Positions and identities of a file of messages (`cards.Reader.read`).

    A message whose ship's name begins with `SANDBOX` calls itself invented.

    Raises:
        SourceRefusedError: a gzip stream that is cut off, corrupt, or a bomb.
    """
    longest = card.limits["line_bytes"]
    for block in blocks(stream, from_line=from_line, lines=card.limits["batch_lines"], longest=longest):
        reading = _Reading(card=card, at=at, world=world)
        reading.take(block, longest)
        yield reading.batch(exhibit=exhibit, clock=clock, last_line=block.last)


@dataclass(frozen=True, slots=True)
class _Message:
    """A message of a type that is taken: its fields by our names."""

    kind: str
    at: int | None
    world: str
    fields: Json


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One batch while it is read: every line goes into one count."""

    card: SourceCard
    at: datetime | None
    world: str
    counted: Counter[str] = field(default_factory=Counter)
    shown: list[SetAside] = field(default_factory=list)
    positions: list[tuple[Any, ...]] = field(default_factory=list)
    reports: list[tuple[Any, ...]] = field(default_factory=list)
    said: dict[int, Said] = field(default_factory=dict)

    def take(self, block: Block, longest: int) -> None:
        """Take what the lines of a block say."""
        for line, content in enumerate(block.lines.to_pylist(), start=block.first):
            if not content.strip():
                self.counted["blank lines"] += 1
                continue
            try:
                self._take(line, _loaded(content, longest))
            except _BrokenError as broken:
                self.counted[f"{SET_ASIDE}{broken.reason}"] += 1
                if len(self.shown) < MOST_SHOWN:
                    value = (
                        content.decode("utf-8", "backslashreplace").strip() if broken.value is None else broken.value
                    )
                    self.shown.append(
                        SetAside(
                            line=line, field=shown_value(broken.field), reason=broken.reason, value=shown_value(value)
                        )
                    )

    def batch(self, *, exhibit: str, clock: datetime, last_line: int) -> Batch:
        """The batch, cleaned."""
        cleaned = clean(_table(self.positions, RAW), source=self.card.id, exhibit=exhibit, clock=clock)
        reports = _table(self.reports, REPORTS)
        extended = pc.is_in(reports["line"], value_set=pa.array([row[0] for row in self.positions], pa.int64()))
        kept = clean_reports(reports.filter(pc.invert(extended)), clock=clock)
        more = clean_reports(reports.filter(extended), clock=clock).rows
        self.counted.update(cleaned.counted)
        self.counted.update(kept.counted)
        self.counted["identities"] += len(kept.rows)
        self.counted["kept: identities of positions"] += len(more)
        rows = pa.concat_tables([kept.rows, more]).sort_by("line")
        at = pc.cast(rows["at"], pa.int64()).to_pylist()
        columns = zip(rows["line"].to_pylist(), rows["mmsi"].to_pylist(), at, rows["world"].to_pylist(), strict=True)
        said = [Report(*row, self.said[row[0]]) for row in columns]
        shown = sorted((*self.shown, *cleaned.set_aside, *kept.set_aside), key=lambda record: record.line)
        return Batch(
            positions=cleaned.positions if len(cleaned.positions) else None,
            identities=identities(said, source=self.card.id, exhibit=exhibit) if said else None,
            events=None,
            set_aside=tuple(shown[:MOST_SHOWN]),
            counted={words: number for words, number in sorted(self.counted.items()) if number},
            last_line=last_line,
        )

    def _take(self, line: int, loaded: Json) -> None:
        message = self._message(loaded)
        if message is None:
            return
        fields, kind = message.fields, message.kind
        # First what may break: a line must not be in two counts.
        said = _said(message, self.card) if kind not in _POSITIONS or kind == _EXTENDED else None
        if said is not None:
            self.said[line] = said
            self.reports.append((line, fields["mmsi"], message.at, message.world))
        if kind in _POSITIONS:
            self.positions.append(
                (
                    line,
                    fields["mmsi"],
                    message.at,
                    float(fields["latitude_deg"]),
                    float(fields["longitude_deg"]),
                    _or_unknown(kind, fields["speed_kn"], 63, 102.3),
                    _or_unknown(kind, fields["course_deg"], 511, 360.0),
                    float(fields["heading_deg"]) if "heading_deg" in fields else None,
                    fields.get("status"),
                    message.world,
                )
            )

    def _message(self, loaded: Json) -> _Message | None:
        """The message of an envelope; None where its type is known and not taken, which is counted.

        Raises:
            _BrokenError: it is not as the card says.
        """
        if set(loaded) == {"error"}:
            raise _BrokenError("error", "an error of the service", loaded["error"])
        _refuse_unknown(set(loaded) - _ENVELOPE, _ENVELOPE - set(loaded))
        kind, message, meta = loaded["MessageType"], loaded["Message"], loaded["MetaData"]
        if not isinstance(kind, str) or kind not in {*self.card.takes, *self.card.ignored}:
            raise _BrokenError("MessageType", "type of message is unknown", kind)
        if not isinstance(message, dict) or set(message) != {kind} or not isinstance(message[kind], dict):
            raise _BrokenError("Message", "message is not of its type")
        if kind not in self.card.takes:
            self.counted[f"other messages: {kind}"] += 1
            return None
        if not isinstance(meta, dict):
            raise _BrokenError("MetaData", "a value of another kind")
        moment = microseconds(_fields(meta, "MetaData", self.card)["at"].strip().removesuffix(" UTC"))
        if moment is None:
            raise _BrokenError("time_utc", "time is not written as one", meta["time_utc"])
        invented = str(meta.get("ShipName", "")).upper().startswith(SANDBOX.upper())
        world = self.world or (SANDBOX if invented else "")
        return _Message(kind=kind, at=moment, world=world, fields=_fields(message[kind], kind, self.card))


def _loaded(content: bytes, longest: int) -> Json:
    if len(content) > longest:
        raise _BrokenError("", "line is too long")
    try:
        loaded = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a number of thousands of digits, or nested too deeply
        raise _BrokenError("", "line is no JSON") from None
    if not isinstance(loaded, dict):
        raise _BrokenError("", "line is no JSON object")
    return loaded


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _fields(table: Json, shape: str, card: SourceCard) -> Json:
    """The fields of a table of JSON by our names.

    Raises:
        _BrokenError: a key that the card does not know, one that is missing, or a value of another kind.
    """
    columns = card.columns[shape]
    if table.get("Valid", True) is not True:
        raise _BrokenError("Valid", "message says that it is not valid", table["Valid"])
    _refuse_unknown(set(table) - set(columns) - card.ignored - {"Valid"}, set(columns) - set(table))
    fields = {}
    for key, name in columns.items():
        value = table[key]
        if not _is_of_kind(name, value):
            raise _BrokenError(key, "a value of another kind", value)
        fields[name] = value
    return fields


def _refuse_unknown(unknown: set[str], missing: frozenset[str] | set[str]) -> None:
    if unknown:
        raise _BrokenError(min(unknown), "a key that the card does not know")
    if missing:
        raise _BrokenError(min(missing), "a key is missing")


def _is_of_kind(name: str, value: object) -> bool:
    if name in _TEXTS:
        return isinstance(value, str) and _is_unicode(value)
    if name in _TABLES:
        return isinstance(value, dict)
    if name == "is_part_b" or isinstance(value, bool):
        return name == "is_part_b" and isinstance(value, bool)
    if name in _COUNTS:
        return isinstance(value, int) and abs(value) < _LARGEST
    return isinstance(value, int | float) and abs(value) < _LARGEST


def _is_unicode(value: str) -> bool:
    """Whether a text can be written: JSON can name half a character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _or_unknown(kind: str, sent: float, unknown: int, handed_on: float) -> float:
    """A speed or course; message 27 has values of its own for unknown (ITU-R M.1371-5, annex 8)."""
    return handed_on if kind == _LONG_RANGE and sent == unknown else float(sent)


def _said(message: _Message, card: SourceCard) -> Said:
    """What a static report says.

    Raises:
        _BrokenError: a table in it is not as the card says.
    """
    fields = message.fields
    if "is_part_b" in fields:
        part = ("ReportB", "part_b") if fields["is_part_b"] else ("ReportA", "part_a")
        fields = _fields(fields[part[1]], part[0], card)
    values: dict[str, Value] = {
        name: text(fields[name]) for name in ("name", "call_sign", "destination") if name in fields
    }
    if "dimension" in fields:
        ends = _fields(fields["dimension"], "Dimension", card)
        values["length_m"] = metres(ends["bow_m"], ends["stern_m"])
        values["beam_m"] = metres(ends["port_m"], ends["starboard_m"])
    if "ship_type" in fields:
        values["ship_type"] = ship_type(fields["ship_type"])
    if "imo" in fields:
        values["imo"] = fields["imo"] or None
    if "draught_m" in fields:
        values["draught_m"] = float(fields["draught_m"]) or None
    return Said(message.kind, values)


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns: Mapping[int, Any] = dict(enumerate(zip(*rows, strict=True)))
    arrays = [pa.array(columns.get(index, ()), entry.type) for index, entry in enumerate(schema)]
    return pa.Table.from_arrays(arrays, schema=schema)
