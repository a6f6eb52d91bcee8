"""The strict card reader: takes a TOML card key by key and refuses what is left over, with the path inside the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from bongsu.kernel.errors import CardError

T = TypeVar("T")

# Decimal itself also takes `1_000`, digits of other scripts, and exponents whose printed form fills the memory.
_DECIMAL: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class Card:
    """One table of a card, taken key by key.

    Every `take` removes its key; `finish` refuses what no one took, so a misspelt key is an error and never a silent
    default. Nested tables are handed to a function and finished after it. Errors carry the file and the path inside it,
    such as `2397.toml, measure[3].goods[0].hs`.
    """

    def __init__(self, values: Mapping[str, Any], *, where: str, path: str = "") -> None:  # Any: what TOML holds
        self._left = dict(values)
        self._where = where
        self._path = path

    def text(self, key: str, *, one_of: Collection[str] | None = None) -> str:
        """A text that is not empty; with `one_of`, one of these."""
        value: str = self._take(key, str)
        if not value.strip():
            raise self.error("is empty; leave the key out when it is unknown", key)
        if one_of is not None and value not in one_of:
            raise self.error(f"is {value!r}, not one of {', '.join(sorted(one_of))}", key)
        return value

    def text_or_none(self, key: str, *, one_of: Collection[str] | None = None) -> str | None:
        """A text, or None where the key is absent."""
        return self.text(key, one_of=one_of) if key in self._left else None

    def texts(self, key: str, *, at_least: int = 0, one_of: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of texts, none of them empty, in the order written; an absent key is an empty list."""
        values: list[object] = self._take(key, list) if key in self._left else []
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise self.error("is a list of texts, none empty", key)
            if one_of is not None and value not in one_of:
                raise self.error(f"holds {value!r}, not one of {', '.join(sorted(one_of))}", key)
        if len(values) < at_least:
            raise self.error(f"needs at least {at_least}", key)
        return tuple(str(value) for value in values)

    def integer(self, key: str, *, least: int | None = None) -> int:
        """A whole number."""
        value: int = self._take(key, int)
        if least is not None and value < least:
            raise self.error(f"is {value}, below {least}", key)
        return value

    def integer_or_none(self, key: str, *, least: int | None = None) -> int | None:
        """A whole number, or None where the key is absent."""
        return self.integer(key, least=least) if key in self._left else None

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, in the order written; an absent key is an empty list."""
        return tuple(int(value) for value in self._numbers(key, (int,)))

    def numbers(self, key: str, *, least: float, most: float, at_least: int = 0) -> tuple[float, ...]:
        """A list of numbers within limits, both included, in the order written; an absent key is an empty list."""
        values = tuple(float(value) for value in self._numbers(key, (int, float)))
        if len(values) < at_least:
            raise self.error(f"needs at least {at_least}", key)
        for value in values:
            if not least <= value <= most:
                raise self.error(f"holds {value}, not within {least} to {most}", key)
        return values

    def number(self, key: str, *, least: float, most: float) -> float:
        """A number within limits, both included."""
        value = self._take(key, (int, float))
        if not least <= value <= most:
            raise self.error(f"is {value}, not within {least} to {most}", key)
        return float(value)

    def number_or_none(self, key: str, *, least: float, most: float) -> float | None:
        """A number within limits, or None where the key is absent."""
        return self.number(key, least=least, most=most) if key in self._left else None

    def decimal(self, key: str) -> Decimal:
        """An exact number, written as a text so that no digit is lost: `500000`, `-7.46`."""
        value = self.text(key)
        if not _DECIMAL.fullmatch(value):
            raise self.error(f"is {value!r}, not a decimal number", key)
        return Decimal(value)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false; without a default the key must be there."""
        if default is not None and key not in self._left:
            return default
        return bool(self._take(key, bool))

    def day(self, key: str) -> date:
        """A calendar day, as a TOML date."""
        value: date = self._take(key, date)
        if isinstance(value, datetime):
            raise self.error("is a time; a day is meant", key)
        return value

    def time(self, key: str) -> datetime:
        """A time with its offset from UTC, as a TOML offset date-time; given in UTC."""
        value: datetime = self._take(key, datetime)
        if value.tzinfo is None:
            raise self.error("is a time without its offset from UTC", key)
        return value.astimezone(UTC)

    def day_or_none(self, key: str) -> date | None:
        """A calendar day, or None where the key is absent."""
        return self.day(key) if key in self._left else None

    def table(self, key: str, read: Callable[[Card], T]) -> T:
        """What `read` makes of a nested table, finished after it."""
        return self._nested(self._take(key, dict), self._join(key), read)

    def table_or_none(self, key: str, read: Callable[[Card], T]) -> T | None:
        """What `read` makes of a nested table, or None where the key is absent."""
        return self.table(key, read) if key in self._left else None

    def tables(self, key: str, read: Callable[[Card], T], *, at_least: int = 0) -> tuple[T, ...]:
        """What `read` makes of each table of an array, in the order written; an absent key is an empty array."""
        rows: list[object] = self._take(key, list) if key in self._left else []
        if len(rows) < at_least:
            raise self.error(f"needs at least {at_least}", key)
        return tuple(self._nested(row, f"{self._join(key)}[{index}]", read) for index, row in enumerate(rows))

    def named_tables(self, key: str, read: Callable[[Card], T]) -> dict[str, T]:
        """What `read` makes of each table of a table, by name; an absent key is empty."""
        rows: dict[str, object] = self._take(key, dict) if key in self._left else {}
        return {name: self._nested(row, self._join(f"{key}.{name}"), read) for name, row in rows.items()}

    def keys_left(self) -> tuple[str, ...]:
        """The keys not taken yet, in the order written: for tables whose keys are themselves data."""
        return tuple(self._left)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def finish(self) -> None:
        """Refuse what is left over.

        Raises:
            CardError: a key that the reader of this card does not know.
        """
        if self._left:
            unknown = ", ".join(sorted(self._left))
            raise self.error(f"has keys that no one knows: {unknown}")

    def error(self, what: str, key: str = "") -> CardError:
        """An error with the file and the path inside it."""
        path = self._join(key) if key else self._path
        return CardError(what, where=f"{self._where}, {path}" if path else self._where)

    def _take(self, key: str, kind: type | tuple[type, ...]) -> Any:  # Any: checked against `kind` here
        if key not in self._left:
            raise self.error("is missing", key)
        value = self._left.pop(key)
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise self.error(f"is {_kind_name(type(value))}, not {' or '.join(map(_kind_name, kinds))}", key)
        return value

    def _numbers(self, key: str, kinds: tuple[type, ...]) -> list[Any]:
        values: list[Any] = self._take(key, list) if key in self._left else []
        if any(isinstance(value, bool) or not isinstance(value, kinds) for value in values):
            raise self.error("is a list of numbers", key)
        return values

    def _nested(self, row: object, path: str, read: Callable[[Card], T]) -> T:
        if not isinstance(row, dict):
            raise CardError("is not a table", where=f"{self._where}, {path}")
        card = Card(row, where=self._where, path=path)
        result = read(card)
        card.finish()
        return result

    def _join(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def read_card(text: bytes, *, where: str, read: Callable[[Card], T]) -> T:
    """What `read` makes of a whole card; nothing in it may be left over.

    Args:
        text: the TOML file's bytes (UTF-8).
        where: the file's name, for errors.
        read: takes what it knows from the card.

    Raises:
        CardError: not UTF-8, not TOML, or not what the reader knows.
    """
    try:
        values = tomllib.loads(text.decode("utf-8"))
    except ValueError as error:  # not TOML, not UTF-8, or a number of thousands of digits
        raise CardError(f"is not TOML: {error}", where=where) from None
    except RecursionError:
        raise CardError("is not TOML: it is nested too deeply", where=where) from None
    card = Card(values, where=where)
    result = read(card)
    card.finish()
    return result


def _kind_name(kind: type) -> str:
    names = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", list: "a list"}
    return names.get(kind) or {dict: "a table", date: "a day"}.get(kind, f"a {kind.__name__}")
