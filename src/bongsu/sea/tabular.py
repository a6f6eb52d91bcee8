"""Tables of reports: rows of text become positions and identities, as the columns of a source's card say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from bongsu.kernel.errors import CardError, SourceRefusedError
from bongsu.sea.cards import SourceCard
from bongsu.sea.cleaning import MOST_SHOWN, RAW, REPORTS, SET_ASIDE, clean, clean_reports, shown_value
from bongsu.sea.fields import Field, codes, floats, moments, texts, times, wholes
from bongsu.sea.grid import KM_PER_NAUTICAL_MILE
from bongsu.sea.model import SANDBOX, Batch, Identity, SetAside
from bongsu.sea.rows import Rows, rows_of
from bongsu.sea.runs import SAID, compressed
from bongsu.tables import schema_of

# Any: pyarrow ships no types.
Column: TypeAlias = Any

#: What a column of a card can become, and by how much its number is multiplied.
SPEEDS: Final = {"speed_kn": 1.0, "speed_km_h": 1 / KM_PER_NAUTICAL_MILE, "speed_m_s": 3.6 / KM_PER_NAUTICAL_MILE}
MOMENTS: Final = {"at_unix_s": 1, "at_unix_ms": 1000}
PLACES: Final = ("latitude_deg", "longitude_deg")
#: One column that holds both, in this order, with a comma or blanks between them and perhaps brackets around them.
PAIRS: Final = {"latitude_longitude_deg": PLACES, "longitude_latitude_deg": PLACES[::-1]}
FIELDS: Final = frozenset(
    {"mmsi", "ship_id", "mobile", "at", "first_at", "last_at", "course_deg", "heading_deg", "status", "cargo", "world"}
    | {*SPEEDS, *MOMENTS, *PLACES, *PAIRS, *SAID}
)
#: Where a card does not say how many lines make a batch, and how long a line may be.
BATCH_LINES: Final = 100_000
LINE_BYTES: Final = 4096
#: How the names of invented ships begin.
SANDBOX_NAME: Final = "SANDBOX"
_IDENTITIES: Final = schema_of(Identity)
_MOST_DRAUGHT_M: Final = 25.5  # "25.5 or more" (ITU-R M.1371-5, table 47)
_MOST_LENGTH_M: Final = 1022.0  # two distances of at most 511 m
_MOST_BEAM_M: Final = 126.0  # two distances of at most 63 m
_LAST_TYPE: Final = 99
_MOST_IMO: Final = 9_999_999


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
    """Positions and identities of a table in a text file (`cards.Reader.read`).

    Raises:
        SourceRefusedError: no header, one the card does not know, or a packed file that is corrupt.
    """
    mapping: dict[str, str] = {}

    def wanted(header: tuple[str, ...]) -> Sequence[str]:
        mapping.update(columns_of(header, card))
        return list(mapping)

    def batch(rows: Rows) -> Batch:
        return batch_of(rows, mapping, card=card, exhibit=exhibit, clock=clock, at=at, world=world)

    lines, longest = card.limits.get("batch_lines", BATCH_LINES), card.limits.get("line_bytes", LINE_BYTES)
    yield from rows_of(stream, wanted=wanted, then=batch, from_line=from_line, lines=lines, longest=longest)


def columns_of(header: Sequence[str], card: SourceCard) -> dict[str, str]:
    """The field that each taken column of a header becomes.

    Raises:
        SourceRefusedError: no known shape of the card has all these columns, or they name no ship, time and place.
        CardError: the card makes of a column what there is not.
    """
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    if twice:
        raise SourceRefusedError(f"the header names {', '.join(map(repr, twice))} twice", where="line 1")
    strange: list[str] | None = None
    for shape in card.columns.values():
        unknown = sorted({*shape.values()} - FIELDS)
        if unknown:
            there = ", ".join(sorted(FIELDS))
            raise CardError(f"makes {', '.join(unknown)} of a column", where=card.id, remedy=f"there are: {there}")
        others = [name for name in header if name not in shape and name not in card.ignored]
        found = {name: shape[name] for name in header if name in shape}
        if not others and _suffices({*found.values()}):
            return found
        strange = others if strange is None or len(others) < len(strange) else strange
    what = "lacks a column for the ship, the time or the place"
    if strange:
        what = f"has columns that {card.id} does not know: {', '.join(map(repr, strange[:10]))}"
    raise SourceRefusedError(
        f"the header {what}",
        where="line 1",
        remedy="name its columns in a mapping of your own (bongsu sea import --mapping), or name another --source",
    )


def _suffices(found: set[str]) -> bool:
    ship, time = {"mmsi", "ship_id"} & found, {"at", "first_at", *MOMENTS} & found
    return bool(ship and time and ({*PLACES} <= found or {*PAIRS} & found or {*SAID} & found))


def batch_of(
    rows: Rows,
    mapping: Mapping[str, str],
    *,
    card: SourceCard,
    exhibit: str,
    clock: datetime,
    at: datetime | None,
    world: str,
) -> Batch:
    """What some rows say.

    Args:
        rows: columns of text.
        mapping: the field that each column becomes.
        card: the source's.
        exhibit: the SHA-256 of the file.
        clock: the latest moment that is not the future.
        at: the time of rows that bear none.
        world: `sandbox` where the whole file is invented.
    """
    columns = {named: rows.table.column(name).combine_chunks() for name, named in mapping.items()}
    reading = _Reading(card=card, exhibit=exhibit, clock=clock, counted=rows.counted, shown=rows.set_aside)
    table = reading.reports({"line": rows.table.column("line").combine_chunks(), **columns}, at, world)
    identities = []
    if not {*PLACES, *PAIRS} & {*columns}:
        identities.append(reading.identities(table, has_place=False))
        positions = None
    else:
        table, alone = _parted(table) if {*SAID} & {*columns} else (table, None)
        positions = reading.positions(table)
        if {*SAID} & {*columns}:
            identities.append(reading.identities(table, has_place=True))
        if alone is not None:
            identities.append(reading.identities(alone, has_place=False))
    said = compressed(pa.concat_tables(identities)) if identities else None
    return Batch(
        positions=positions if positions is not None and len(positions) else None,
        identities=said if said is not None and len(said) else None,
        events=None,
        set_aside=tuple(sorted(reading.shown, key=lambda record: record.line)[:MOST_SHOWN]),
        counted={words: number for words, number in sorted(reading.counted.items()) if number},
        last_line=rows.last_line,
    )


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One batch while it is read: every row goes into one count."""

    card: SourceCard
    exhibit: str
    clock: datetime
    counted: Counter[str]
    shown: list[SetAside] = field(default_factory=list)

    def reports(self, columns: Mapping[str, Column], at: datetime | None, world: str) -> dict[str, Column]:
        """The rows whose ship, time and place are written as such, as columns of values; others are set aside."""
        known = self.card.values
        table = pa.table(dict(columns))
        if "mobile" in columns:
            sender = _distinctly(table.column("mobile"), partial(_meanings, known=known.get("mobile", {})))
            for meaning in sorted(pc.unique(sender.filter(pc.not_equal(sender, "a ship"))).to_pylist()):
                table = self._without(table, "mobile", f"sent by {meaning}", pc.equal(sender, meaning))
                sender = sender.filter(pc.not_equal(sender, meaning))
        if "ship_id" in columns:
            is_mmsi = pc.match_substring_regex(table.column("ship_id"), "^[0-9]{9}$")
            table = self._without(table, "ship_id", "id of the ship is no MMSI", pc.invert(is_mmsi))
        made: dict[str, Column] = {}
        for name, read in self._readers(columns).items():
            read_field = read(table.column(name).combine_chunks())
            made[name] = read_field.values
            if pc.any(read_field.bad).as_py():
                good = pc.invert(read_field.bad)
                table = self._without(table, name, _WRITTEN[_what(name)], read_field.bad)
                made = {other: values.filter(good) for other, values in made.items()}
        return self._named(table, made, at, world)

    def _readers(self, columns: Mapping[str, Column]) -> dict[str, Callable[[Column], Field]]:
        """How the fields are read without which a row is no report."""

        def time(text: Column) -> Field:
            return times(text, self.card.time_formats, self.card.zone)

        readers: dict[str, Callable[[Column], Field]] = {
            "mmsi": wholes,
            "ship_id": wholes,
            "at": time,
            "first_at": time,
            "last_at": time,
            **{name: partial(moments, per_second=per_second) for name, per_second in MOMENTS.items()},
            **dict.fromkeys(PLACES, floats),
        }
        for pair in {*PAIRS} & {*columns}:
            readers[pair] = _pair
        return {name: reader for name, reader in readers.items() if name in columns}

    def _named(self, table: pa.Table, made: dict[str, Column], at: datetime | None, world: str) -> dict[str, Column]:
        """The columns of `RAW`, and the texts of what is said of the ship."""
        size = len(table)
        found: dict[str, Column] = {name: table.column(name).combine_chunks() for name in table.column_names}
        for pair in {*PAIRS} & {*made}:
            found |= {name: pc.list_element(made[pair], index) for index, name in enumerate(PAIRS[pair])}
        found |= {name: values for name, values in made.items() if name not in PAIRS}
        times_ = [found[name] for name in ("at", "first_at", *MOMENTS) if name in found]
        found["at"] = pc.coalesce(*times_, pa.scalar(at, RAW.field("at").type))
        found["mmsi"] = found.get("mmsi", found.get("ship_id"))
        for name, factor in SPEEDS.items():
            if name in found:
                found["speed_kn"] = pc.multiply(self._number(found[name]), factor)
        for name in ("course_deg", "heading_deg"):
            if name in found:
                found[name] = self._number(found[name])
        if "status" in found:
            found["status"] = self._code(found["status"], "status")
        own = texts(found["world"], {}) if "world" in found else pa.nulls(size, pa.string())
        if "name" in found:  # who calls herself invented is, whatever else the file forgets to say
            invented = pc.fill_null(pc.starts_with(found["name"], SANDBOX_NAME), False)
            own = pc.if_else(invented, pa.scalar(SANDBOX), own)
        found["world"] = pc.coalesce(pa.scalar(world or None, pa.string()), own, pa.scalar(""))
        return found

    def positions(self, found: Mapping[str, Column]) -> pa.Table:
        """The rows that may be true as positions."""
        cleaned = clean(_table(found, RAW), source=self.card.id, exhibit=self.exhibit, clock=self.clock)
        self.counted.update(cleaned.counted)
        self.shown += cleaned.set_aside
        return cleaned.positions

    def identities(self, found: Mapping[str, Column], *, has_place: bool) -> pa.Table:
        """What the rows say of the ships, equal reports in a row made one."""
        size = len(found["line"])
        reports = _table(found, REPORTS).append_column("index", pa.array(range(size), pa.int64()))
        kept = clean_reports(reports, clock=self.clock)
        rows = kept.rows.column("index").combine_chunks()
        if not has_place:  # else the place decides where the line is counted
            self.counted.update(kept.counted)
            self.shown += kept.set_aside
        if len(rows) < size:
            found = {name: column.take(rows) for name, column in found.items()}
        said = self._said(found)
        last = found.get("last_at", found["at"])
        made = {
            **{name: kept.rows.column(name) for name in ("mmsi", "world")},
            "first_at": pc.floor_temporal(kept.rows.column("at"), unit="second"),
            "last_at": pc.floor_temporal(pc.coalesce(last, kept.rows.column("at")), unit="second"),
            "reports": pa.repeat(1, len(rows)),
            **said,
            "source": pa.repeat(self.card.id, len(rows)),
            "exhibit": pa.repeat(self.exhibit, len(rows)),
            "row": kept.rows.column("line"),
        }
        table = pa.Table.from_arrays([made[name] for name in _IDENTITIES.names], schema=_IDENTITIES)
        says = pa.array([False] * len(rows), pa.bool_())
        for name in SAID:
            says = pc.or_(says, pc.is_valid(said[name]))
        count = pc.sum(says).as_py() or 0
        self.counted["kept: identities beside positions" if has_place else "identities"] += count
        if not has_place:
            self._without(table.append_column("line", table.column("row")), "mmsi", _SAYS_NOTHING, pc.invert(says))
        return table.filter(says)

    def _said(self, found: Mapping[str, Column]) -> dict[str, Column]:
        size, known = len(found["line"]), self.card.values
        said: dict[str, Column] = {}
        for name in ("name", "call_sign", "destination"):
            if name in found:
                said[name] = _distinctly(found[name], partial(texts, known=known.get(name, {})))
        if "imo" in found:
            number = pc.replace_substring_regex(self._absent(found["imo"], "imo"), r"^(?i)IMO *", "")
            said["imo"] = self._within(self._code(number, "imo"), "imo", 1, _MOST_IMO)
        if "ship_type" in found:
            said["ship_type"] = self._within(self._ship_type(found), "ship_type", 1, _LAST_TYPE)
        for name, most in (("length_m", _MOST_LENGTH_M), ("beam_m", _MOST_BEAM_M), ("draught_m", _MOST_DRAUGHT_M)):
            if name in found:
                numbers = self._number(self._absent(found[name], name))
                said[name] = self._within(pc.if_else(pc.is_nan(numbers), -1.0, numbers), name, 0.1, most)
        return {name: said.get(name, pa.nulls(size, _IDENTITIES.field(name).type)) for name in SAID}

    def _ship_type(self, found: Mapping[str, Column]) -> Column:
        """The type of ship; where the card tells the ship's kind from its cargo in words, both together."""
        kinds = self._code(found["ship_type"], "ship_type")
        if "cargo" not in found or "cargo" not in self.card.values:
            return kinds
        cargo = pc.fill_null(self._code(found["cargo"], "cargo"), 0)
        # Table 53: a second digit of 1 to 4 names a category of pollutants, for ships of the first digits 2, 4, 6 to 9.
        bears = pc.is_in(kinds, value_set=pa.array([20, 40, 60, 70, 80, 90]))
        return pc.if_else(bears, pc.add(kinds, cargo), kinds)

    def _absent(self, text: Column, name: str) -> Column:
        return texts(text, self.card.values.get(name, {}))

    def _number(self, text: Column) -> Column:
        """A number that a position can do without: what is none becomes no number, which `clean` counts."""
        found = floats(text)
        return pc.if_else(found.bad, float("nan"), found.values)

    def _code(self, text: Column, name: str) -> Column:
        encoded = text.dictionary_encode()
        found = codes(encoded.dictionary, self.card.values.get(name, {}))
        bad = found.bad.take(encoded.indices)
        count = pc.sum(bad).as_py() or 0
        if count:
            self.counted[f"nulled: {_LABELS[name]} is no number or known text"] += count
        return found.values.take(encoded.indices)

    def _within(self, numbers: Column, name: str, least: float, most: float) -> Column:
        """Numbers within their range; 0 means unknown, and what lies outside is counted."""
        sound = pc.and_(pc.greater_equal(numbers, least), pc.less_equal(numbers, most))
        outside = pc.and_(pc.invert(sound), pc.not_equal(numbers, 0))
        count = pc.sum(outside).as_py() or 0
        if count:
            self.counted[f"nulled: {_LABELS[name]} out of range"] += count
        return pc.if_else(pc.fill_null(sound, False), numbers, None)

    def _without(self, table: pa.Table, name: str, reason: str, mask: Column) -> pa.Table:
        """A table without the rows of a mask, which are set aside; where the mask is null, a row stays."""
        mask = pc.fill_null(mask, False)
        count = pc.sum(mask).as_py() or 0
        if not count:
            return table
        self.counted[f"{SET_ASIDE}{reason}"] += count
        some = table.filter(mask).slice(0, MOST_SHOWN)
        self.shown += [
            SetAside(line=line, field=_what(name), reason=reason, value=shown_value(value))
            for line, value in zip(some.column("line").to_pylist(), some.column(name).to_pylist(), strict=True)
        ]
        return table.filter(pc.invert(mask))


_SAYS_NOTHING: Final = "says nothing of the ship"
_LABELS: Final = {
    "status": "status",
    "imo": "IMO number",
    "ship_type": "type of ship",
    "cargo": "type of cargo",
    "length_m": "length",
    "beam_m": "beam",
    "draught_m": "draught",
}
_WRITTEN: Final = {
    "mmsi": "MMSI is no number",
    "at": "time is not written as it should be",
    "latitude_deg": "latitude is no number",
    "longitude_deg": "longitude is no number",
    "place": "place is no pair of numbers",
}


def _parted(found: dict[str, Column]) -> tuple[dict[str, Column], dict[str, Column] | None]:
    """The rows of a table, and apart from them those that give no place at all but something else of the ship."""
    alone = pc.and_(*(pc.is_null(found[name]) for name in PLACES))
    if not pc.any(alone).as_py():
        return found, None
    says = pa.array([False] * len(alone), pa.bool_())
    for name in {*SAID} & {*found}:
        says = pc.or_(says, pc.is_valid(found[name]))
    alone = pc.and_(alone, says)
    others = pc.invert(alone)
    with_place, without = ({name: column.filter(mask) for name, column in found.items()} for mask in (others, alone))
    return with_place, without


def _what(name: str) -> str:
    """The field of a position that a column becomes."""
    if name in PAIRS:
        return "place"
    if name in {"first_at", "last_at", *MOMENTS}:
        return "at"
    return {"ship_id": "mmsi", "mobile": "mmsi"}.get(name, name)


def _table(found: Mapping[str, Column], schema: pa.Schema) -> pa.Table:
    size = len(found["line"])
    columns = [found[part.name] if part.name in found else pa.nulls(size, part.type) for part in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _meanings(text: Column, known: Mapping[str, str]) -> Column:
    meanings = [known.get(value or "", "an unknown type of mobile") for value in text.to_pylist()]
    return pa.array(meanings, pa.string())


def _distinctly(column: Column, read: Callable[[Column], Column]) -> Column:
    """What `read` makes of a column, asked once for each distinct value."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.dictionary_encode(null_encoding="encode")
    return read(encoded.dictionary).take(encoded.indices)


def _pair(text: Column) -> Field:
    """Two numbers in one text."""
    found = pc.extract_regex(text, r"^[\[(]?\s*(?P<first>[^\s,;]+)(?:\s*[,;]\s*|\s+)(?P<second>[^\s,;\])]+)\s*[\])]?$")
    numbers = [floats(pc.struct_field(found, name)) for name in ("first", "second")]
    bad = pc.and_(pc.is_valid(text), pc.is_null(pc.add(numbers[0].values, numbers[1].values)))
    pairs = pa.array(zip(*(number.values.to_pylist() for number in numbers), strict=True), pa.list_(pa.float64()))
    return Field(pairs, bad)
