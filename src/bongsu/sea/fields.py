"""Fields: columns of text made numbers, times and codes, with what could not be told apart from what was not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Any: pyarrow ships no types.
Column: TypeAlias = Any

_TIME: Final = pa.timestamp("us", tz="UTC")
_LENGTHS: Final = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "3": 3, "6": 6}
#: In a card's table of values: the text says that nothing is known.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Field:
    """A column with its values, null where it has none.

    Args:
        values: an Arrow array.
        bad: for each row whether something stood there that is no such value.
    """

    values: Column
    bad: Column


def floats(text: Column) -> Field:
    """Numbers as Arrow reads them."""
    return _cast(text, pa.float64())


def wholes(text: Column) -> Field:
    """Whole numbers; `5.0`, as some programs write them, is one too."""
    found = _cast(text, pa.int64())
    if not pc.any(found.bad).as_py():
        return found
    numbers = _cast(pc.if_else(found.bad, text, None), pa.float64()).values
    whole = pc.and_(pc.equal(numbers, pc.floor(numbers)), pc.less(pc.abs(numbers), 2.0**53))
    whole = pc.fill_null(whole, False)
    made = pc.cast(pc.if_else(whole, numbers, None), pa.int64())
    return Field(pc.coalesce(found.values, made), pc.and_not(found.bad, whole))


def codes(text: Column, known: Mapping[str, str]) -> Field:
    """Whole numbers, written as such or as texts of a card; its word `unknown` is null."""
    found = wholes(text)
    if not known or not pc.any(found.bad).as_py():
        return found
    place = pc.index_in(text, value_set=pa.array(list(known)))
    numbers = pa.array([None if code == UNKNOWN else int(code) for code in known.values()], pa.int64())
    return Field(pc.coalesce(found.values, numbers.take(place)), pc.and_(found.bad, pc.is_null(place)))


def texts(text: Column, known: Mapping[str, str]) -> Column:
    """Texts without blanks around them; null where nothing is left, or the card says that the text means unknown."""
    trimmed = pc.utf8_trim_whitespace(text)
    nothing = pa.array(["", *(word for word, meaning in known.items() if meaning == UNKNOWN)], pa.string())
    return pc.if_else(pc.is_in(trimmed, value_set=nothing), pa.scalar(None, pa.string()), trimmed)


def times(text: Column, formats: Iterable[str], zone: ZoneInfo) -> Field:
    """Times in one of several formats (strptime), tried in order; those that do not name their zone are of `zone`.

    A time that its zone has twice or not at all, when clocks are put back or forward, is none.
    """
    micro = np.zeros(len(text), dtype=np.int64)
    open_ = np.asarray(text.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_).copy()
    found = np.zeros(len(text), dtype=np.bool_)
    for form in formats:
        if not open_.any():
            break
        places = np.flatnonzero(open_)
        good, moments = _parsed(text.take(pa.array(places)), form, zone)
        micro[places[good]] = moments[good]
        found[places[good]] = True
        open_[places[good]] = False
    return Field(pa.array(micro, mask=~found).cast(_TIME), pa.array(open_))


def moments(text: Column, per_second: int) -> Field:
    """Times as a count since 1970: of seconds (`per_second` 1), milliseconds (1000), ..."""
    found = floats(text)
    scaled = pc.round(pc.multiply(found.values, 1_000_000 / per_second))
    sane = pc.fill_null(pc.less(pc.abs(scaled), 2.0**62), False)  # also false for what is no number
    bad = pc.or_(found.bad, pc.and_(pc.is_valid(found.values), pc.invert(sane)))
    return Field(pc.cast(pc.if_else(sane, scaled, None), pa.int64()).cast(_TIME), bad)


def _cast(text: Column, kind: pa.DataType) -> Field:
    values = _cast_each(text, kind)
    return Field(values, pc.and_(pc.is_valid(text), pc.is_null(values)))


def _cast_each(text: Column, kind: pa.DataType) -> Column:
    """Texts cast one by one in effect: a text that is no such value is null, and spoils no other."""
    try:
        return pc.cast(text, kind)
    except pa.ArrowInvalid:
        if len(text) == 1:
            return pa.nulls(1, kind)
    half = len(text) // 2
    return pa.concat_arrays([_cast_each(text.slice(0, half), kind), _cast_each(text.slice(half), kind)])


def _parsed(text: Column, form: str, zone: ZoneInfo) -> tuple[Any, Any]:
    """Which texts are times of a format, and microseconds since 1970 for each."""
    good, micro = np.zeros(len(text), dtype=np.bool_), np.zeros(len(text), dtype=np.int64)
    layouts = list(_layouts(form))
    if not layouts:
        return _parsed_slowly(text, form, zone)
    lengths = pc.binary_length(text).to_numpy()
    for layout in layouts:
        width = sum(1 if len(piece) == 1 else _LENGTHS[piece[1]] for piece in layout)
        places = np.flatnonzero(lengths == width)
        if len(places):
            some, moments_ = _fixed(text.take(pa.array(places)), layout, width)
            good[places], micro[places] = some, moments_
    if zone.key != "UTC":
        good, micro = _in_zone(good, micro, zone)
    return good, micro


def _layouts(form: str) -> Iterator[list[str]]:
    """A format as pieces of one width each; a fraction may have three digits or six. None where it has other pieces."""
    rest = iter(form)
    pieces = [sign if sign != "%" else f"%{next(rest, '')}" for sign in rest]
    fraction = pieces.index("%f") if "%f" in pieces else None
    if any(len(piece) == 2 and piece[1] not in "YmdHMSf" for piece in pieces) or not {"%Y", "%m", "%d"} <= set(pieces):
        return
    if any(len(piece) == 1 and not piece.isascii() for piece in pieces):
        return
    for digits in ("3", "6") if fraction is not None else ("",):
        if fraction is not None:
            pieces[fraction] = f"%{digits}"
        yield list(pieces)


def _fixed(text: Column, layout: list[str], width: int) -> tuple[Any, Any]:
    start = text.offset
    offsets = np.frombuffer(text.buffers()[1], dtype=np.int32)[start : start + len(text) + 1]
    signs = np.frombuffer(text.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]].reshape(len(text), width)
    good, place = np.ones(len(text), dtype=np.bool_), 0
    found: dict[str, Any] = {name: np.zeros(len(text), dtype=np.int64) for name in "HMS36"}
    for piece in layout:
        if len(piece) == 1:
            good &= signs[:, place] == ord(piece)
            place += 1
            continue
        length = _LENGTHS[piece[1]]
        digits = signs[:, place : place + length] - np.uint8(ord("0"))  # what is no digit wraps round, above 9
        good &= (digits <= 9).all(axis=1)
        found[piece[1]] = digits.astype(np.int64) @ (10 ** np.arange(length - 1, -1, -1, dtype=np.int64))
        place += length
    months = (found["Y"] - 1970) * 12 + found["m"] - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]") + (found["d"] - 1)
    good &= (found["Y"] >= 1) & (found["m"] >= 1) & (found["m"] <= 12) & (found["d"] >= 1)
    good &= days.astype("datetime64[M]").astype(np.int64) == months
    good &= (found["H"] <= 23) & (found["M"] <= 59) & (found["S"] <= 59)
    seconds = days.astype(np.int64) * 86_400 + found["H"] * 3600 + found["M"] * 60 + found["S"]
    return good, seconds * 1_000_000 + found["3"] * 1000 + found["6"]


def _in_zone(good: Any, micro: Any, zone: ZoneInfo) -> tuple[Any, Any]:
    naive = pa.array(micro).cast(pa.timestamp("us"))
    early, late = (
        pc.assume_timezone(naive, zone.key, ambiguous=which, nonexistent=which).cast(pa.int64()).to_numpy()
        for which in ("earliest", "latest")
    )
    return good & (early == late), early


def _parsed_slowly(text: Column, form: str, zone: ZoneInfo) -> tuple[Any, Any]:
    good, micro = np.zeros(len(text), dtype=np.bool_), np.zeros(len(text), dtype=np.int64)
    known: dict[str, int | None] = {}
    for index, value in enumerate(text.to_pylist()):
        if value not in known:
            known[value] = _moment(value, form, zone)
        moment = known[value]
        if moment is not None:
            good[index], micro[index] = True, moment
    return good, micro


def _moment(value: str, form: str, zone: ZoneInfo) -> int | None:
    try:
        read = datetime.strptime(value, form)  # noqa: DTZ007 - the zone comes next
        if read.tzinfo is None:
            early, late = read.replace(tzinfo=zone), read.replace(tzinfo=zone, fold=1)
            if early.utcoffset() != late.utcoffset():
                return None
            read = early
        return round((read - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
    except (ValueError, OverflowError):
        return None
