"""From when to when a measure is in force: what the law says and a desk, which knows no law, is handed in."""

from __future__ import annotations

from datetime import date
from functools import cache

from bongsu.law import load_regime


@cache
def standing(key: str) -> tuple[date, date | None]:
    """The first and the last day on which the measure of a key binds; None while it stands.

    Raises:
        UsageError: there is no such measure.
    """
    measure = load_regime().measure(key)
    return measure.binds_from, measure.binds_until
