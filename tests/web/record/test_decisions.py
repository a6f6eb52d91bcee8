"""What was decided on indicators, in cases that two members may read and in cases that only one of them may."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bongsu.cases.acts import Act
from bongsu.cases.case_acts import (
    AcceptIndicators,
    ChangeHandling,
    CloseCase,
    DismissIndicator,
    MergeCases,
    OpenCase,
    ReopenCase,
)
from bongsu.cases.handling import Handling, Reader, Tlp, may_read
from bongsu.cases.journal import Entry, case_act_of
from bongsu.cases.model import Case
from bongsu.cases.replay import replayed
from bongsu.cases.words import CaseKind, Role, Standard
from bongsu.web import questions
from bongsu.web.accounts.models import Person
from bongsu.web.pages.cases.suggesting import shown, suggestions_for
from bongsu.web.pages.ships.signs import ships_to_look_at
from bongsu.web.pages.watch.queries import look_first
from bongsu.web.pages.watch.suggestions import suggestions
from bongsu.web.record import journal, work
from bongsu.web.record.cycles import keep_indicators
from bongsu.web.record.models import CaseRow, CycleRow, IndicatorRow, IndicatorState
from bongsu.web.record.rebuilding import rebuilt
from bongsu.web.record.states import in_state, standings

pytestmark = pytest.mark.django_db

INDICATORS = tuple(f"aaaa{number:012d}" for number in range(2))
MEMBERS = ("alpha", "beta")
KINDS = ("accept", "dismiss", "merge", "close", "reopen", "tighten", "loosen")
STEPS = st.lists(
    st.tuples(
        st.sampled_from((*KINDS, "accept", "dismiss")),  # these two more often
        st.sampled_from(MEMBERS),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from(INDICATORS),
    ),
    min_size=4,
    max_size=20,
)
Step = tuple[str, str, int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Two persons, four cases and a cycle that found two indicators about one ship."""

    persons: Mapping[str, Person]
    cases: Sequence[str]
    cycle: CycleRow


def record(indicator: str) -> dict[str, Any]:
    """The JSON form of an invented indicator."""
    return {
        "id": indicator,
        "detector": "sea.port_call",
        "title": f"SANDBOX sign {indicator}",
        "measures": ["2397/5"],
        "subject": {"id": "imo:9000004", "schema": "Vessel", "name": "SANDBOX SHIP"},
        "when": {"from": "2026-01-02T00:00:00Z", "to": "2026-01-03T00:00:00Z"},
        "place": None,
        "quantity": None,
        "score": 0.5,
        "reasons": [{"text": "SANDBOX reason", "weight": 0.5}],
        "alternatives": ["SANDBOX alternative"],
        "citations": [],
        "facts": {},
        "sandbox": True,
    }


def strict(member: str) -> Handling:
    return Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({member}))


def wide(member: str) -> Handling:
    return Handling(tlp=Tlp.GREEN, originators=frozenset({member}))


def opened(person: Person, handling: Handling, *indicators: str) -> Case:
    act = OpenCase(
        salt=secrets.token_urlsafe(24),
        case_kind=CaseKind.INQUIRY,
        title=f"SANDBOX case of {person.member_id}",
        summary="SANDBOX: invented throughout.",
        standard=Standard.REASONABLE_GROUNDS,
        handling=handling,
        indicators=indicators,
    )
    return work.do(person, None, act)


@pytest.fixture
def world(person: Callable[..., Person]) -> World:
    persons = {member: person(Role.COORDINATOR, member=member) for member in MEMBERS}
    cycle = CycleRow.objects.create(id="20260104T000000Z-00000000", clock=datetime(2026, 1, 4, tzinfo=UTC))
    keep_indicators([record(each) for each in INDICATORS], cycle, wide("alpha"))
    handlings = [strict("alpha"), wide("alpha"), wide("beta"), strict("beta")]
    cases = [opened(persons[next(iter(each.originators))], each).id for each in handlings]
    return World(persons=persons, cases=cases, cycle=cycle)


def acts_of(world: World, step: Step) -> tuple[Person, str, Act]:
    """Who does what on which case."""
    kind, member, on, other, indicator = step
    case = CaseRow.objects.get(id=world.cases[on]).whole()
    within = CaseRow.objects.get(id=world.cases[other]).whole()
    (originator,) = case.handling.originators
    found: dict[str, Act] = {
        "accept": AcceptIndicators(indicators=(indicator,), reason="SANDBOX: taken up again"),
        "dismiss": DismissIndicator(indicator=indicator, subject=None, reason=f"SANDBOX: {member} on {on}"),
        "merge": MergeCases(other=within.id, subjects=within.subjects, indicators=within.indicators, reason="SANDBOX"),
        "close": CloseCase(reason="SANDBOX: done"),
        "reopen": ReopenCase(reason="SANDBOX: not done"),
        "tighten": ChangeHandling(finding=None, handling=strict(originator), reason="SANDBOX"),
        "loosen": ChangeHandling(finding=None, handling=wide(originator), reason="SANDBOX"),
    }
    return world.persons[member], case.id, found[kind]


@contextmanager
def undone() -> Iterator[None]:
    """What happens within did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def without_the_unreadable(reader: Reader) -> None:
    """The site as if the cases that a reader may not read were not there."""
    CaseRow.objects.exclude(id__in=CaseRow.objects.readable_by(reader).values("id")).delete()


def answered(person: Person, case: str, act: Act) -> object:
    """What a person is told who would do an act."""
    try:
        return [each.record() for each in work.check(person, case, act)]
    except work.NotThereError as error:
        return str(error)


def seen(reader: Reader, cycle: CycleRow) -> dict[str, object]:
    """All that tells a reader where indicators stand."""
    asked = suggestions_for(reader)
    return {
        **{str(state): questions.indicators(reader, state=state) for state in (None, *IndicatorState.values)},
        "standings": standings(IndicatorRow.objects.all(), reader, cycle.id),
        "suggested": asked,
        "suggestions as shown": shown(asked, reader),
        "of the newest cycle": suggestions(reader, cycle),
        "to look at first": look_first(reader, cycle),
        "ships": ships_to_look_at(reader),
    }


def expected(reader: Reader) -> dict[str, tuple[str, str, str | None]]:
    """State, reason and case of each indicator, from the acts on the cases that a reader may read and nothing else."""
    entries = [entry for entry in journal.entries() if isinstance(entry, Entry)]
    today = timezone.now().date()
    cases = {id_: case for id_, case in replayed(entries).cases.items() if may_read(reader, case.handling, today)}
    decided: dict[tuple[str, str], int] = {}
    for entry in entries:
        done = case_act_of(entry)
        if done is not None and done.case in cases:
            named = (*getattr(done.act, "indicators", ()), getattr(done.act, "indicator", ""))
            decided.update({(each, done.case): entry.number for each in named})
    return {each: _expected(each, cases, decided) for each in INDICATORS}


def _expected(
    indicator: str, cases: Mapping[str, Case], decided: Mapping[tuple[str, str], int]
) -> tuple[str, str, str | None]:
    def when(case: Case) -> int:
        return decided[indicator, case.id]

    def told_elsewhere(case: Case) -> bool:
        return case.closing is not None and case.closing.merged_into in cases

    taken = [case for case in cases.values() if indicator in case.indicators and not told_elsewhere(case)]
    if taken:
        return "accepted", "", max(taken, key=when).id
    aside = [case for case in cases.values() if any(each.indicator == indicator for each in case.dismissed)]
    if aside:
        last = max(aside, key=when)
        return "dismissed", next(each.reason for each in last.dismissed if each.indicator == indicator), last.id
    return "new", "", None


# One member takes an indicator in where both may read, and goes on with it, otherwise, where the other may not.
APART = [("accept", "alpha", 1, 0, INDICATORS[0]), ("merge", "alpha", 0, 1, INDICATORS[0])]
APART += [("dismiss", "alpha", 0, 0, INDICATORS[0])]


@given(steps=STEPS)
@example(steps=APART)
@example(steps=[*APART, ("dismiss", "beta", 2, 0, INDICATORS[0]), ("dismiss", "beta", 3, 0, INDICATORS[0])])
@example(steps=[*APART, ("loosen", "alpha", 0, 0, INDICATORS[0]), ("tighten", "alpha", 1, 0, INDICATORS[0])])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_reader_sees_what_would_be_seen_if_the_cases_closed_to_them_were_not_there(
    world: World, steps: list[Step]
) -> None:
    with undone():
        for step in steps:
            person, case, act = acts_of(world, step)
            told = answered(person, case, act)
            with undone():
                without_the_unreadable(person.reader)
                assert answered(person, case, act) == told
            if told == []:
                work.do(person, case, act)
        for person in world.persons.values():
            everything = seen(person.reader, world.cycle)
            states = standings(IndicatorRow.objects.all(), person.reader, None)
            assert expected(person.reader) == {
                each: (one.state.value, one.reason, None if one.case is None else one.case.id)
                for each, one in states.items()
            }
            found = [
                IndicatorRow.objects.filter(in_state(state, person.reader)).values_list("id", flat=True)
                for state in IndicatorState.values
            ]
            assert sorted(chain(*found)) == sorted(INDICATORS)
            with undone():
                without_the_unreadable(person.reader)
                assert seen(person.reader, world.cycle) == everything
        assert rebuilt(keep=False).differences == ()
