"""Taking cycles in: what was cut short is completed, and exhibits are looked at as they come."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.cycle.config import Config
from bongsu.evidence import Folder
from bongsu.web.accounts.models import Person
from bongsu.web.intake import take_in_all
from bongsu.web.record.cycles import by_handling, take_in
from bongsu.web.record.exhibits import handle, take_in_exhibits, unknown_handling
from bongsu.web.record.models import CycleRow, ExhibitRow, IndicatorMeasure, IndicatorRow, SearchText

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


def test_an_indicator_is_handled_as_strictly_as_what_it_cites_and_so_is_its_text_in_the_search(
    store: Folder, person: Callable[..., Person]
) -> None:
    take_in_exhibits(store, "alpha")
    customers = ExhibitRow.objects.get(origin="customers.csv")
    handle(customers, unknown_handling("alpha"))
    take_in(store, "alpha")
    citing = {row.id for row in IndicatorRow.objects.all() if customers.digest in str(row.record["citations"])}
    assert citing
    assert citing < set(IndicatorRow.objects.values_list("id", flat=True))
    stranger = person(Role.ANALYST, member="beta").reader
    readable = set(IndicatorRow.objects.readable_by(stranger).values_list("id", flat=True))
    assert readable == set(IndicatorRow.objects.exclude(id__in=citing).values_list("id", flat=True))
    marked = IndicatorRow.objects.values_list("handling__tlp", flat=True)
    assert set(marked.filter(id__in=citing)) == {Tlp.AMBER_STRICT}
    assert set(marked.exclude(id__in=citing)) == {Tlp.GREEN}
    texts = SearchText.objects.filter(kind="indicator").values_list("key", "handling")
    assert dict(texts) == dict(IndicatorRow.objects.values_list("id", "handling"))


def test_an_indicator_that_cites_what_was_not_taken_in_is_the_members_own(store: Folder) -> None:
    one = {"id": "0" * 16, "citations": [f"sha256:{'ab' * 32}#row=2"]}
    (marked,) = by_handling([one], "alpha")
    assert (marked.tlp, marked.audience, marked.originators) == (Tlp.AMBER_STRICT, {"alpha"}, {"alpha"})
