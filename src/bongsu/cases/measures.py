"""Measures as they stood on a day, from the law."""

from __future__ import annotations

from datetime import date

from bongsu.cases.finding import MeasureText
from bongsu.law.regime import Regime


def measure_on(regime: Regime, key: str, on: date) -> MeasureText | None:
    """A measure as it stood on a day: the text its card was compared with, and the last change by then.

    Returns:
        None where it was not in force on that day.

    Raises:
        UsageError: there is no measure of that key.
    """
    measure = regime.measure(key)
    if not measure.in_force(on):
        return None
    changes = sorted((change.on, change.by) for change in measure.changes if change.on <= on)
    return MeasureText(
        key=measure.key, on=on, text_id=measure.check.text_id, changed_by=changes[-1][1] if changes else None
    )
