"""Taking cycles in: what was cut short is completed, and exhibits are looked at as they come."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.cycle.config import Config
from bongsu.evidence import Folder
from bongsu.web.accounts.models import Member, Person
from bongsu.web.intake import take_in_all
from bongsu.web.record import search
from bongsu.web.record.changes import handle
from bongsu.web.record.collected import unknown_handling
from bongsu.web.record.cycles import by_handling, keep_indicators, take_in
from bongsu.web.record.exhibits import exhibit_store, take_in_exhibits
from bongsu.web.record.models import (
    CycleRow,
    ExhibitRow,
    HandlingRow,
    IndicatorExhibit,
    IndicatorMeasure,
    IndicatorRow,
    SearchText,
)
from bongsu.web.record.rebuilding import rebuilt
from bongsu.web.record.submissions import Given

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


def test_indicators_follow_the_exhibits_they_cite_when_these_are_handled_otherwise(
    store: Folder, person: Callable[..., Person]
) -> None:
    take_in_exhibits(store, "alpha")
    take_in(store, "alpha")
    stranger = person(Role.ANALYST, member="beta").reader
    before = set(IndicatorRow.objects.readable_by(stranger).values_list("id", flat=True))
    assert before == set(IndicatorRow.objects.values_list("id", flat=True))
    positions = ExhibitRow.objects.get(origin="sandbox/sandbox_ships.nmea")
    open_to_beta = positions.handling.handling
    citing = {row.id for row in IndicatorRow.objects.all() if positions.digest in str(row.record["citations"])}
    assert citing
    assert citing < before
    handle(positions, unknown_handling("alpha"))
    assert set(IndicatorRow.objects.readable_by(stranger).values_list("id", flat=True)) == before - citing
    found = search.found(stranger, "SANDBOX", search.Kind.INDICATOR)
    assert {row.key for row in found.rows} == before - citing
    assert found.counts[search.Kind.INDICATOR] == len(before - citing)
    assert rebuilt(keep=False).differences == ()
    handle(positions, open_to_beta)
    assert set(IndicatorRow.objects.readable_by(stranger).values_list("id", flat=True)) == before


def test_an_indicator_follows_an_exhibit_that_is_taken_in_after_it(store: Folder, members: dict[str, Member]) -> None:
    (cycle,) = take_in(store, "alpha")
    wide = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))
    given = Given(by="someone", title="SANDBOX log", origin="invented", handling=wide)
    kept = exhibit_store().receive(io.BytesIO(b"SANDBOX: a log"), given.capture(CycleRow.objects.get().clock, "tests"))
    pattern = IndicatorRow.objects.order_by("id")[0].record
    record = {**pattern, "id": "f" * 16, "citations": [f"sha256:{kept.digest}#line=1,2"]}
    ((before, _),) = by_handling([record], "alpha").items()
    keep_indicators([record], CycleRow.objects.get(id=cycle), before)
    assert before.tlp is Tlp.AMBER_STRICT
    take_in_exhibits(store, "alpha")
    assert IndicatorRow.objects.get(id="f" * 16).handling.handling == wide
    assert SearchText.objects.get(kind="indicator", key="f" * 16).handling.handling == wide


def test_a_rebuilding_handles_indicators_as_what_they_cite_is_handled_now(store: Folder) -> None:
    take_in_exhibits(store, "alpha")
    take_in(store, "alpha")
    positions = ExhibitRow.objects.get(origin="sandbox/sandbox_ships.nmea")
    # As an earlier release left it: the exhibit alone is handled otherwise.
    ExhibitRow.objects.filter(digest=positions.digest).update(handling=HandlingRow.of(unknown_handling("alpha")))
    citing = set(IndicatorExhibit.objects.filter(exhibit=positions.digest).values_list("indicator", flat=True))
    told = rebuilt(keep=True).differences
    assert {each.key for each in told if each.table == "indicator"} == citing
    assert {each.table for each in told} == {"indicator", "search"}
    marked = IndicatorRow.objects.filter(id__in=citing).values_list("handling__tlp", flat=True)
    assert set(marked) == {Tlp.AMBER_STRICT}


def test_an_indicator_that_cites_what_was_not_taken_in_is_the_members_own(store: Folder) -> None:
    one = {"id": "0" * 16, "citations": [f"sha256:{'ab' * 32}#row=2"]}
    (marked,) = by_handling([one], "alpha")
    assert (marked.tlp, marked.audience, marked.originators) == (Tlp.AMBER_STRICT, {"alpha"}, {"alpha"})
