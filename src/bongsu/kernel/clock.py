"""Times: aware, in UTC, printed one way."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from bongsu.kernel.errors import UsageError

# ISO 8601 has other forms too; `2026W48T06` is a time as short as a day, and `2026-W48` is no day.
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(_DAY.pattern + r"(?:[T ].+)?")


def instant(text: str) -> datetime:
    """A moment from ISO 8601 text; a date alone means its first second in UTC, a time without zone is refused.

    Raises:
        UsageError: not ISO 8601 with the date as `YYYY-MM-DD`, a time of day without its zone, or outside the years
            1 to 9999 in UTC.
    """
    written = text.strip()
    try:
        if not _MOMENT.fullmatch(written):
            raise ValueError
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"not a date or time: {text!r}", remedy="write 2026-11-24 or 2026-11-24T06:00:00Z") from None
    if not _DAY.fullmatch(written):
        raise UsageError(f"a time needs its zone: {text!r}", remedy="end it with Z for UTC")
    return moment.replace(tzinfo=UTC)


def day(text: str) -> date:
    """A calendar day from `YYYY-MM-DD`.

    Raises:
        UsageError: not a day of the calendar, written so.
    """
    try:
        if not _DAY.fullmatch(text.strip()):
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"not a day: {text!r}", remedy="write it as 2026-11-24") from None


def stamp(moment: datetime) -> str:
    """A moment as `2026-11-24T06:00:00Z`, whole seconds.

    Raises:
        ValueError: a time without its zone.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"a time needs its zone: {moment.isoformat()}")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
