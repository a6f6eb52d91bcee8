"""Times: aware, in UTC, printed one way."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bongsu.kernel.errors import UsageError


def instant(text: str) -> datetime:
    """A moment from ISO 8601 text; a date alone means its first second in UTC, a time without zone is refused.

    Raises:
        UsageError: not ISO 8601, or a time of day without its zone.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"not a date or time: {text!r}", remedy="write 2026-11-24 or 2026-11-24T06:00:00Z") from None
    if moment.tzinfo is None:
        if len(text.strip()) > len("2026-11-24"):
            raise UsageError(f"a time needs its zone: {text!r}", remedy="end it with Z for UTC")
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def day(text: str) -> date:
    """A calendar day from `YYYY-MM-DD`.

    Raises:
        UsageError: not a day of the calendar, written so.
    """
    try:
        if len(text.strip()) != len("2026-11-24"):
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"not a day: {text!r}", remedy="write it as 2026-11-24") from None


def stamp(moment: datetime) -> str:
    """A moment as `2026-11-24T06:00:00Z`, whole seconds.

    Raises:
        ValueError: a time without its zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time needs its zone: {moment.isoformat()}")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
