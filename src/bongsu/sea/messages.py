"""AIS messages (ITU-R M.1371-5): which type a payload is of, and what position reports say, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.sea.cleaning import RAW

# Any: pyarrow ships no types.
Column: TypeAlias = Any
Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

#: ITU-R M.1371-5, annex 8, summary of messages.
NAMES: Final[Mapping[int, str]] = {
    1: "position report",
    2: "position report, assigned",
    3: "position report, answering",
    4: "base station report",
    5: "static and voyage report",
    6: "binary message to one",
    7: "binary acknowledgement",
    8: "binary message to all",
    9: "position of an aircraft of search and rescue",
    10: "question for the time",
    11: "answer of the time",
    12: "safety message to one",
    13: "safety acknowledgement",
    14: "safety message to all",
    15: "interrogation",
    16: "assignment",
    17: "correction of satellite positions",
    18: "position report, class B",
    19: "position report, class B, extended",
    20: "reservation of slots",
    21: "aid to navigation",
    22: "channels",
    23: "assignment of a group",
    24: "static report, class B",
    25: "short binary message",
    26: "long binary message",
    27: "position report, long range",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the fields of a position report stand.

    Args:
        bits: the length of the message.
        fields: for each field (first bit, how many bits).
        units_per_degree: of latitude and longitude.
        units_per_knot: of the speed.
        units_per_course: of the course, in a degree.
        speed_unknown, course_unknown: what the message sends for unknown; 102.3 and 360 are handed on.
    """

    bits: int
    fields: Mapping[str, tuple[int, int]]
    units_per_degree: int = 600_000
    units_per_knot: int = 10
    units_per_course: int = 10
    speed_unknown: int = 1023
    course_unknown: int = 3600


_WHO: Final = (8, 30)
# ITU-R M.1371-5, annex 8, messages 1 to 3 (class A), 18 and 19 (class B), 27 (long range).
_CLASS_A: Final = _Layout(
    bits=168,
    fields={
        "status": (38, 4),
        "speed_kn": (50, 10),
        "longitude_deg": (61, 28),
        "latitude_deg": (89, 27),
        "course_deg": (116, 12),
        "heading_deg": (128, 9),
    },
)
_CLASS_B_FIELDS: Final = {
    "speed_kn": (46, 10),
    "longitude_deg": (57, 28),
    "latitude_deg": (85, 27),
    "course_deg": (112, 12),
    "heading_deg": (124, 9),
}
_LONG_RANGE: Final = _Layout(
    bits=96,
    fields={
        "status": (40, 4),
        "longitude_deg": (44, 18),
        "latitude_deg": (62, 17),
        "speed_kn": (79, 6),
        "course_deg": (85, 9),
    },
    units_per_degree=600,
    units_per_knot=1,
    units_per_course=1,
    speed_unknown=63,
    course_unknown=511,
)
_LAYOUTS: Final[Mapping[int, _Layout]] = {
    1: _CLASS_A,
    2: _CLASS_A,
    3: _CLASS_A,
    18: _Layout(bits=168, fields=_CLASS_B_FIELDS),
    19: _Layout(bits=312, fields=_CLASS_B_FIELDS),
    27: _LONG_RANGE,
}
#: The types that tell where a ship was.
POSITION_TYPES: Final = tuple(_LAYOUTS)
# A static report of class A has 424 bits, of which the last two are spare; 24 has 160 in its part A, and 168 in part B.
_LEAST_BITS: Final = {**{number: layout.bits for number, layout in _LAYOUTS.items()}, 5: 422, 24: 160}
_SIX: Final = 6
_ARMOUR: Final = np.array([max(sign - 48 - (8 if sign > 87 else 0), 0) & 63 for sign in range(256)], np.uint8)


def types_of(payload: Column) -> Column:
    """The type of each message, 0 to 63; null where the payload is empty."""
    first = pc.binary_slice(payload, 0, 1)
    encoded = pc.dictionary_encode(first)
    numbers = [int(_ARMOUR[sign[0]]) if sign else None for sign in encoded.dictionary.to_pylist()]
    return pc.take(pa.array(numbers, pa.int64()), encoded.indices)


def too_short(types: Column, payload: Column, fill: Column) -> Column:
    """Which messages lack bits that their type has; false for types that are not taken."""
    least = pa.array([_LEAST_BITS.get(number, 0) for number in range(64)], pa.int64())
    bits = pc.subtract(pc.multiply(pc.cast(pc.binary_length(payload), pa.int64()), _SIX), fill)
    return pc.less(bits, pc.take(least, types))


def senders(payload: Column) -> Column:
    """Who sent each message: the bits 8 to 37, which every type has.

    Args:
        payload: of seven characters at least.
    """
    return pa.array(_bits(_characters(payload, 7), *_WHO))


def positions(messages: pa.Table, types: Column) -> pa.Table:
    """The position reports among messages, as the columns that `cleaning.clean` takes, by line.

    Args:
        messages: the columns of `parts.MESSAGES`, none too short for its type.
        types: the type of each.
    """
    tables = [
        _decoded(messages.filter(pc.equal(types, number)).combine_chunks(), layout)
        for number, layout in _LAYOUTS.items()
    ]
    return pa.concat_tables(tables).sort_by("line").combine_chunks()


def _decoded(messages: pa.Table, layout: _Layout) -> pa.Table:
    if not len(messages):
        return RAW.empty_table()
    signs = _characters(_chunk(messages["payload"]), -(-layout.bits // _SIX))
    raw = {name: _bits(signs, *place) for name, place in layout.fields.items()}
    columns: dict[str, Column] = {
        "line": messages["line"],
        "mmsi": pa.array(_bits(signs, *_WHO)),
        "at": messages["at"],
        "latitude_deg": pa.array(_degrees(raw["latitude_deg"], layout, "latitude_deg")),
        "longitude_deg": pa.array(_degrees(raw["longitude_deg"], layout, "longitude_deg")),
        "speed_kn": pa.array(_known(raw["speed_kn"], layout.units_per_knot, layout.speed_unknown, 102.3)),
        "course_deg": pa.array(_known(raw["course_deg"], layout.units_per_course, layout.course_unknown, 360.0)),
        "world": messages["world"],
    }
    if "heading_deg" in raw:
        columns["heading_deg"] = pa.array(raw["heading_deg"].astype(np.float64))
    if "status" in raw:
        columns["status"] = pa.array(raw["status"])
    arrays = [columns[entry.name] if entry.name in columns else pa.nulls(len(messages), entry.type) for entry in RAW]
    return pa.Table.from_arrays(arrays, schema=RAW)


def _degrees(units: Numbers, layout: _Layout, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Degrees to six decimals (0.1 m), in whole numbers, so that no rounding mode matters; two's complement."""
    half = 1 << (layout.fields[name][1] - 1)
    signed = np.where(units >= half, units - 2 * half, units)
    per = layout.units_per_degree
    return (2 * 1_000_000 * signed + per) // (2 * per) / 1e6


def _known(units: Numbers, per: int, unknown: int, handed_on: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.where(units == unknown, handed_on, units / per)


def _characters(payload: Column, width: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The first characters of each payload without their armour: six bits each, one row a payload."""
    offsets = np.frombuffer(payload.buffers()[1], np.int32)[payload.offset : payload.offset + len(payload)]
    content = np.frombuffer(payload.buffers()[2] or b"", np.uint8)
    signs: np.ndarray[Any, np.dtype[np.uint8]] = _ARMOUR[content[offsets.astype(np.int64)[:, None] + np.arange(width)]]
    return signs


def _bits(signs: np.ndarray[Any, np.dtype[np.uint8]], start: int, width: int) -> Numbers:
    """The number that some bits of each row write."""
    first, last = start // _SIX, (start + width - 1) // _SIX
    number = np.zeros(len(signs), np.int64)
    for place in range(first, last + 1):
        number = (number << _SIX) | signs[:, place]
    return (number >> ((last + 1) * _SIX - start - width)) & ((1 << width) - 1)


def _chunk(column: Column) -> Column:
    """A column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
