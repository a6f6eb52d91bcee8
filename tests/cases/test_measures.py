"""Measures as they stood on a day, from the law cards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bongsu.cases.measures import measure_on
from bongsu.kernel.errors import UsageError
from bongsu.law.reading import load_regime


def test_every_measure_stands_from_its_first_day_to_its_last() -> None:
    law = load_regime()
    for measure in law.measures():
        first = measure_on(law, measure.key, measure.binds_from)
        assert first is not None
        assert (first.key, first.text_id) == (measure.key, measure.check.text_id)
        assert measure_on(law, measure.key, measure.binds_from - timedelta(days=1)) is None
        if measure.binds_until is not None:
            assert measure_on(law, measure.key, measure.binds_until + timedelta(days=1)) is None


def test_a_change_counts_from_its_day() -> None:
    law = load_regime()
    measure, change = next(
        (measure, change)
        for measure in law.measures()
        for change in measure.changes
        if measure.in_force(change.on) and measure.in_force(change.on - timedelta(days=1)) and len(measure.changes) == 1
    )
    before, after = measure_on(law, measure.key, change.on - timedelta(days=1)), measure_on(law, measure.key, change.on)
    assert before is not None
    assert after is not None
    assert (before.changed_by, after.changed_by) == (None, change.by)


def test_a_measure_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UsageError):
        measure_on(load_regime(), "9999/1", date(2026, 3, 2))
