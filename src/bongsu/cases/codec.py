"""A strict codec: dataclasses as JSON and back, by the types of their fields."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping, Set
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from bongsu.kernel.canonical import LARGEST_EXACT_INTEGER, JsonValue
from bongsu.kernel.citation import Citation
from bongsu.kernel.clock import day, instant, stamp
from bongsu.kernel.errors import UsageError
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity

T = TypeVar("T")
#: What one text and one list of an act may hold: a long statement of case has 20,000 characters.
MOST_CHARACTERS: Final = 50_000
MOST_ITEMS: Final = 5_000
_DEEPEST: Final = 20


def record(value: object) -> dict[str, JsonValue]:
    """The JSON form of a dataclass: its fields by name.

    Sets are written in order, markings and other enumerations as they are printed, times in whole seconds of UTC.

    Raises:
        ValueError: a time of parts of a second, which would not come back.
        TypeError: a field of a type that has no form here.
    """
    if not is_dataclass(value):
        raise TypeError(f"no record: {type(value).__name__}")
    return {field.name: _written(getattr(value, field.name)) for field in fields(value)}


def value_of(kind: type[T], written: object, where: str = "") -> T:
    """A dataclass from its JSON form; every field without a default must be there, and nothing else.

    Args:
        kind: the dataclass.
        written: what JSON holds.
        where: the path to it, for the error.

    Raises:
        UsageError: a key too many or too few, a value of another type, or one the class refuses; names the path.
    """
    return cast(T, _read(kind, written, where or kind.__name__))


def refuse_excess(written: object, where: str, depth: int = 0) -> None:
    """Pass what an act may hold; called before any of it is expanded.

    Args:
        written: what JSON holds.
        where: the path to it, for the error.
        depth: how many objects and lists it is inside of.

    Raises:
        UsageError: a text or list too long, a text that no database keeps, a number that JSON does not hold exactly,
            or all of it nested too deeply; names the path.
    """
    if depth > _DEEPEST:
        raise UsageError("nested too deeply", where=where)
    if isinstance(written, str):
        _refuse_text(written, where)
    elif isinstance(written, dict):
        for key, item in written.items():
            _refuse_text(str(key), where)
            refuse_excess(item, f"{where}.{key}"[:200], depth + 1)
    elif isinstance(written, list):
        if len(written) > MOST_ITEMS:
            raise UsageError(f"more than {MOST_ITEMS:,} items", where=where)
        for index, item in enumerate(written):
            refuse_excess(item, f"{where}[{index}]", depth + 1)
    elif isinstance(written, int | float) and not _is_held_exactly(written):
        raise UsageError("not a number that JSON holds", where=where)


def _refuse_text(text: str, where: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"longer than {MOST_CHARACTERS:,} characters", where=where)
    if "\0" in text:
        raise UsageError("holds a NUL character", where=where)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError("holds half of a character (a lone surrogate)", where=where) from None


def _is_held_exactly(number: int | float) -> bool:
    return math.isfinite(number) if isinstance(number, float) else abs(number) <= LARGEST_EXACT_INTEGER


def _written(value: object) -> JsonValue:
    if value is None or (isinstance(value, bool | str) and not isinstance(value, Enum)):
        return cast(JsonValue, value)
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    return record(value)


def _moment(value: datetime) -> str:
    if value.microsecond:
        raise ValueError(f"a time is kept in whole seconds: {value.isoformat()}")
    return stamp(value)


def _interval(value: Interval[datetime]) -> JsonValue:
    return {"from": _written(value.low), "to": _written(value.high)}


# In this order: an enumeration may be an int or a text, and a datetime is a date.
_WRITERS: Final[Mapping[type, Callable[[Any], JsonValue]]] = {  # Any: each takes the type it stands beside
    Enum: lambda value: getattr(value, "label", value.value),
    int: lambda value: value,
    float: lambda value: value,
    datetime: _moment,
    date: lambda value: value.isoformat(),
    tuple: lambda value: [_written(each) for each in value],
    frozenset: sorted,
    Citation: str,
    Quantity: lambda value: value.record(),
    Interval: _interval,
}


@cache
def _types(kind: type) -> Mapping[str, Any]:  # Any: what a type hint is at run time
    return get_type_hints(kind)


def _read(kind: Any, written: object, where: str) -> object:  # Any: what a type hint is at run time
    origin = get_origin(kind) or kind
    if origin in {Union, types.UnionType}:
        inner = next(each for each in get_args(kind) if each is not type(None))
        return None if written is None else _read(inner, written, where)
    if origin in {tuple, frozenset}:
        return _several(origin, get_args(kind)[0], written, where)
    if origin is Interval:
        ends = _keyed(written, {"from", "to"}, where)
        low, high = (_read(datetime | None, ends[key], f"{where}.{key}") for key in ("from", "to"))
        return _made(lambda: Interval(cast(datetime | None, low), cast(datetime | None, high)), where)
    if origin is Quantity:
        amount = _keyed(written, {"low", "high", "unit"}, where)
        parts = {key: _read(str, each, f"{where}.{key}") for key, each in amount.items()}
        return _made(lambda: Quantity.between(**cast(dict[str, str], parts)), where)
    if is_dataclass(origin) and origin is not Citation:
        return _fielded(kind, written, where)
    return _simple(origin, written, where)


def _fielded(kind: Any, written: object, where: str) -> object:  # Any: a dataclass
    hints = _types(kind)
    parts = fields(kind)
    needed = {part.name for part in parts if part.default is MISSING}
    keyed = _keyed(written, needed, where, optional={part.name for part in parts})
    values = {
        part.name: _read(hints[part.name], keyed[part.name], f"{where}.{part.name}")
        for part in parts
        if part.name in keyed
    }
    return _made(lambda: kind(**values), where)


def _several(kind: type, each: object, written: object, where: str) -> object:
    if not isinstance(written, list):
        raise UsageError("not a list", where=where)
    read = [_read(each, item, f"{where}[{index}]") for index, item in enumerate(written)]
    if kind is frozenset and read != sorted(set(cast(list[str], read))):
        raise UsageError("not in order, or something twice", where=where)
    return kind(read)


def _simple(kind: type, written: object, where: str) -> object:
    if kind is float and isinstance(written, int) and not isinstance(written, bool):
        return float(written)  # JSON does not tell 10.0 from 10
    if kind in {bool, int, float, str}:
        if type(written) is not kind:
            raise UsageError(f"not a {kind.__name__}", where=where)
        return written
    if not isinstance(written, str | int) or isinstance(written, bool):
        raise UsageError("not a text or number", where=where)
    parse = cast(Callable[[object], object], _PARSERS.get(kind) or getattr(kind, "parse", kind))
    value = _made(lambda: parse(written), where)
    if _written(value) != written:
        raise UsageError(f"not written as it would be here: {written!r}", where=where)
    return value


_PARSERS: Final[Mapping[type, Callable[[Any], object]]] = {datetime: instant, date: day, Citation: Citation.parse}


def _keyed(written: object, keys: set[str], where: str, *, optional: Set[str] = frozenset()) -> Mapping[str, object]:
    if not isinstance(written, dict):
        raise UsageError("not an object", where=where)
    for words, odd in (("unknown", set(written) - keys - optional), ("missing", keys - set(written))):
        if odd:
            raise UsageError(f"{words}: {', '.join(sorted(map(str, odd)))}", where=where)
    return written


def _made(make: Callable[[], object], where: str) -> object:
    try:
        return make()
    except (AttributeError, TypeError, ValueError, UsageError) as error:
        raise UsageError(error.what if isinstance(error, UsageError) else str(error), where=where) from None
