"""What bears on a sign: of the measures it names those in force while it happened, each with the fact that ties it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from bongsu.kernel.indicator import Reason
from bongsu.sea.signs import Sign, time_of

#: The first and the last day of the measure of a key; None while it stands. The law has them, and who asks hands it in.
Standing: TypeAlias = Callable[[str], tuple[date, date | None]]


def bearing(
    sign: Sign, because: Mapping[str, str], standing: Standing, *, clock_s: int
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The measures of a sign that were in force on a day of it, and a reason for each.

    Days are UTC. A measure of which the sign has no day is not named: nobody could have breached it.

    Args:
        sign: what was found.
        because: the fact that ties each measure, by its key.
        standing: from when to when each measure is in force.
        clock_s: until when a sign goes on that has no end, seconds since 1970.

    Returns:
        Keys, and reasons that weigh nothing, one for each fact; both empty where no measure was in force.
    """
    first = time_of(sign.from_s).date()
    last = time_of(max(sign.from_s, clock_s if sign.to_s is None else sign.to_s)).date()
    bears: list[str] = []
    told: dict[str, list[str]] = {}
    for key in dict.fromkeys(sign.measures):
        begins, ends = standing(key)
        if begins > last or (ends is not None and ends < first):
            continue
        bears.append(key)
        told.setdefault(because[key], []).append(key + _in_part(begins, ends, first, last))
    reasons = [Reason(text=f"{' and '.join(keys)} may bear: {fact}.", weight=0.0) for fact, keys in told.items()]
    return tuple(bears), tuple(reasons)


def _in_part(begins: date, ends: date | None, first: date, last: date) -> str:
    """Since when or until when a measure was in force, where the sign has days before or after."""
    since = f"from {begins}" if begins > first else ""
    until = f"until {ends}" if ends is not None and ends < last else ""
    return f" (in force {' '.join(filter(None, (since, until)))})" if since or until else ""
