"""Taking cycles in: what was cut short is completed, and exhibits are looked at as they come."""

from __future__ import annotations

import pytest

from bongsu.cycle.config import Config
from bongsu.evidence import Folder
from bongsu.web.intake import take_in_all
from bongsu.web.record.cycles import take_in
from bongsu.web.record.models import CycleRow, ExhibitRow, IndicatorMeasure, IndicatorRow

pytestmark = pytest.mark.django_db


def test_a_cycle_that_was_cut_short_is_completed_by_the_next_look(store: Folder) -> None:
    (cycle,) = take_in(store, "alpha")
    whole = set(IndicatorRow.objects.values_list("id", flat=True))
    # As a process that is killed between two batches leaves it.
    lost = sorted(whole)[: len(whole) // 2]
    IndicatorMeasure.objects.filter(indicator_id__in=lost).delete()
    IndicatorRow.objects.filter(id__in=lost).delete()
    CycleRow.begun.update(whole=False)
    assert not CycleRow.objects.exists()
    assert take_in(store, "alpha") == (cycle,)
    assert set(IndicatorRow.objects.values_list("id", flat=True)) == whole
    assert take_in(store, "alpha") == ()


def test_the_exhibits_of_a_cycle_are_hashed_when_they_are_taken_in(store: Folder, config: Config) -> None:
    take_in_all(config)
    assert set(ExhibitRow.objects.values_list("sound", flat=True)) == {True}
