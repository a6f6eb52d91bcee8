"""Time stamps as recorders of AIS write them: in a tag block, in front of a sentence, or behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

# Any: pyarrow ships no types.
Column: TypeAlias = Any

MOMENT: Final = pa.timestamp("us", tz="UTC")
_EPOCH: Final = re.compile(r"([0-9]{1,17})(?:\.([0-9]{1,9}))?")
_ISO: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?) ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
)
# What coast guards' recorders put behind a sentence before its time: station, strength, slot, arrival, and the like.
_NOT_TIME: Final = re.compile(r"[A-Za-z]\S{0,30}")
_AROUND: Final = " \t\r\n,;:|[]()\"'"
# A count of seconds has ten digits until 2286; more are thousandths or millionths of a second.
_THOUSANDTHS: Final = 10**12
_MILLIONTHS: Final = 10**15
_MICROSECONDS: Final = 1_000_000
_FIELDS: Final = re.compile(r"[,;\t] *| +")
_NO_TIME: Final = -(2**62)  # where nothing stands, or nothing that means a time; no time is so long ago
_LAST: Final = 253_402_300_799 * _MICROSECONDS  # 9999-12-31T23:59:59Z


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """The times in a column of texts.

    Args:
        at: the time of each text; null where it has none.
        broken: where something stands that is no time.
    """

    at: Column
    broken: Column


def in_front(texts: Column) -> Stamps:
    """The times in what stands in front of sentences: seconds since 1970 or ISO 8601, and separators around it. Without
    a zone UTC is meant, in which AIS counts.
    """
    return _read(texts, microseconds)


def behind(texts: Column) -> Stamps:
    """The times in what stands behind sentences: as in front, or the last of several fields between commas."""
    return _read(texts, _behind)


def epoch(texts: Column) -> Stamps:
    """The times of the field `c:` of tag blocks: seconds, thousandths or millionths of a second since 1970."""
    return _read(texts, _epoch)


def microseconds(text: str) -> int | None:
    """A time as microseconds since 1970, or None where the text is none."""
    count = _epoch(text)
    return _iso(text) if count is None else count


def _read(texts: Column, read: Callable[[str], int | None]) -> Stamps:
    """Each distinct text is read once: recorders write many sentences a second."""
    encoded = pc.dictionary_encode(texts)
    words = [text.decode("latin-1").strip(_AROUND) for text in encoded.dictionary.to_pylist()]
    found = [read(text) if text else _NO_TIME for text in words]
    at = pa.array([None if moment == _NO_TIME else moment for moment in found], pa.int64())
    broken = pa.array([moment is None for moment in found], pa.bool_())
    return Stamps(
        at=pc.cast(pc.take(at, encoded.indices), MOMENT), broken=pc.fill_null(pc.take(broken, encoded.indices), False)
    )


def _behind(text: str) -> int | None:
    moment = microseconds(text)
    if moment is not None:
        return moment
    *fields, last = _FIELDS.split(text)
    if any(field and not _NOT_TIME.fullmatch(field) for field in fields):
        return None
    return _NO_TIME if _NOT_TIME.fullmatch(last) else microseconds(last)


def _epoch(text: str) -> int | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    count, parts = int(match[1]), match[2]
    if count >= _MILLIONTHS:
        moment = count
    elif count >= _THOUSANDTHS:
        moment = count * 1000
    else:
        moment = count * _MICROSECONDS + int(f"{parts or '':0<6}"[:6])
    return moment if moment <= _LAST else None


def _iso(text: str) -> int | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    zone = match[3] if match[3] and match[3] not in {"Z", "UTC"} else "+00:00"
    try:
        # Arrow has years that Python has not, such as those before the first by the clock of another zone.
        moment = datetime.fromisoformat(f"{match[1]}T{match[2][:15]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    past = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (past.days * 86_400 + past.seconds) * _MICROSECONDS + past.microseconds
