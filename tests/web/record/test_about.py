"""What cases are about, kept in rows of its own: as the cases have it, for whoever may read them, and made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bongsu.cases.finding import Mark
from bongsu.cases.handling import Handling, Reader, Tlp
from bongsu.cases.model import Case, CaseSubject, Dismissal, made_id
from bongsu.cases.words import CaseKind, Standard
from bongsu.web.record import rows
from bongsu.web.record.about import dismissals_about, open_cases_about
from bongsu.web.record.models import CaseName, DismissalRow

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
READER = Reader(person="reader1-alpha", member="alpha", clearance=Tlp.AMBER)
OPEN = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))
HIDDEN = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"beta"}))
MARK = Mark(by="analyst1-alpha", member="alpha", at=AT)


def a_case(
    number: int,
    *,
    subjects: Sequence[CaseSubject] = (),
    dismissed: Sequence[Dismissal] = (),
    handling: Handling = OPEN,
) -> Case:
    return Case(
        id=made_id(["SANDBOX", number]),
        kind=CaseKind.INQUIRY,
        title=f"SANDBOX case {number}",
        summary="Invented throughout.",
        standard=Standard.REASONABLE_GROUNDS,
        handling=handling,
        opened=MARK,
        acts=1,
        last_at=AT + timedelta(minutes=number),
        subjects=tuple(subjects),
        dismissed=tuple(dismissed),
    )


def ship(name: str, *identifiers: str) -> CaseSubject:
    return CaseSubject(id=name, schema="Vessel", name=f"SANDBOX {name}", identifiers=frozenset(identifiers))


def dismissal(number: int, subject: str | None) -> Dismissal:
    return Dismissal(indicator=f"{number:016x}", mark=MARK, reason=f"SANDBOX reason {number}", subject=subject)


def test_the_rows_follow_the_case() -> None:
    put_aside = (dismissal(1, "sandbox:a"), dismissal(2, None))
    case = a_case(1, subjects=[ship("sandbox:a", "imo:9000004")], dismissed=put_aside)
    rows.keep_case(case)
    assert set(CaseName.objects.values_list("name", flat=True)) == {"sandbox:a", "imo:9000004"}
    assert dismissals_about({"sandbox:a"}, READER) == [put_aside[0]]
    rows.keep_case(replace(case, subjects=(ship("sandbox:b"),), dismissed=put_aside[1:]))
    assert set(CaseName.objects.values_list("name", flat=True)) == {"sandbox:b"}
    assert list(DismissalRow.objects.values_list("place", "indicator")) == [(0, put_aside[1].indicator)]


def test_of_several_open_cases_the_one_worked_on_last_is_named() -> None:
    for number, handling in ((1, OPEN), (2, OPEN), (3, HIDDEN)):
        rows.keep_case(a_case(number, subjects=[ship("sandbox:a")], handling=handling))
    assert open_cases_about({"sandbox:a", "sandbox:z"}, READER) == {
        "sandbox:a": (AT + timedelta(minutes=2), made_id(["SANDBOX", 2]))
    }


def test_a_name_that_is_longer_than_any_indicator_s_is_left_out() -> None:
    rows.keep_case(a_case(1, subjects=[ship("sandbox:" + "x" * 400)]))
    assert not CaseName.objects.exists()


NAMES = st.sampled_from(["sandbox:a", "sandbox:b", "imo:9000004"])
CASES = st.lists(
    st.tuples(
        st.lists(NAMES, max_size=2, unique=True),
        st.lists(st.tuples(st.integers(0, 9), st.none() | NAMES), max_size=3),
        st.sampled_from([OPEN, HIDDEN]),
    ),
    max_size=5,
)


class TestWhatIsHidden(TestCase):
    """Each example in a transaction of its own."""

    @settings(max_examples=40)
    @given(CASES, st.sets(NAMES))
    def test_what_is_said_of_names_is_what_the_readable_cases_say(
        self, given_cases: list[tuple[list[str], list[tuple[int, str | None]], Handling]], names: set[str]
    ) -> None:
        cases = [
            a_case(number, subjects=[ship(each) for each in of], dismissed=[dismissal(*d) for d in aside], handling=how)
            for number, (of, aside, how) in enumerate(given_cases)
        ]
        for case in cases:
            rows.keep_case(case)
        readable = [case for case in cases if case.handling == OPEN]
        told = dismissals_about(names, READER)
        expected = [each for case in readable for each in case.dismissed if each.subject in names]
        key = lambda each: (each.indicator, each.subject)  # noqa: E731 - said once
        assert sorted(told, key=key) == sorted(expected, key=key)
        about = {name: [case for case in readable if any(s.id == name for s in case.subjects)] for name in names}
        assert open_cases_about(names, READER) == {
            name: max((case.last_at, case.id) for case in of) for name, of in about.items() if of
        }
