"""The first page: what is new, what to look at first, and what a reader is not told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from bongsu.cases.handling import Tlp
from bongsu.cases.model import Case
from bongsu.cases.words import Role
from bongsu.web.accounts.models import Person
from bongsu.web.pages.panel import panels
from bongsu.web.pages.watch.queries import look_first, news, on_the_map
from bongsu.web.pages.watch.suggestions import suggestions
from bongsu.web.record.models import CaseRow, CycleRow, IndicatorRow

pytestmark = pytest.mark.django_db

Persons = Callable[..., Person]
SignedIn = Callable[..., Client]


def test_before_the_first_cycle_the_page_says_how_to_come_by_one(signed_in: SignedIn) -> None:
    page = signed_in().get("/").content.decode()
    assert "No cycle of the watch was taken in yet" in page
    assert "bongsu run" in page


def test_the_first_page_tells_what_is_new_and_says_what_is_invented(cycle: CycleRow, signed_in: SignedIn) -> None:
    page = signed_in(Role.READER).get("/").content.decode()
    number = IndicatorRow.objects.count()
    assert f"<b>{number}</b>" in page
    assert "Everything marked SANDBOX is invented" in page
    assert "the limit is 500,000" in page
    assert "2 listed" in page
    assert "SANDBOX BANK THREE" in page


def test_new_indicators_are_counted_by_desk_and_by_measure(cycle: CycleRow, person: Persons) -> None:
    told = news(person().reader, cycle)
    rows = list(IndicatorRow.objects.all())
    assert told.counted.number == len(rows)
    desks = dict(told.by_desk)
    assert sorted(desks) == ["lists", "sea"]
    for each in (*desks["lists"], *desks["sea"]):
        assert each.number == sum(row.detector == each.name for row in rows)
    for each in told.by_measure:
        assert each.number == sum(each.name in row.record["measures"] for row in rows)


def test_in_the_next_cycle_only_what_is_new_with_it_is_new(
    cycle: CycleRow, next_cycle: Callable[..., CycleRow], person: Persons, signed_in: SignedIn
) -> None:
    later = next_cycle(found=list(IndicatorRow.objects.all()))
    assert news(person().reader, later).counted.number == 0
    page = signed_in().get("/").content.decode()
    assert f"Since the cycle {cycle.id}" in page
    assert len(on_the_map(person().reader, later)) == IndicatorRow.objects.exclude(latitude_deg=None).count()


def test_to_look_at_first_are_subjects_by_their_strongest_sign_that_nobody_decided_on(
    cycle: CycleRow, person: Persons, opened: Callable[..., Case]
) -> None:
    analyst = person()
    before = look_first(analyst.reader, cycle)
    assert [each.score for each in before] == sorted((each.score for each in before), reverse=True)
    assert len({each.id for each in before}) == len(before) == 8
    opened(analyst, *before[0].shown)
    after = look_first(analyst.reader, cycle)
    assert not {row.id for row in before[0].shown} & {row.id for each in after for row in each.shown}


def test_another_member_s_first_page_holds_nothing_that_is_kept_to_alpha(
    cycle: CycleRow, kept_to_alpha: Callable[[IndicatorRow], None], person: Persons, signed_in: SignedIn
) -> None:
    strongest = IndicatorRow.objects.filter(detector="sea.designated_vessel").order_by("-score")[0]
    for row in IndicatorRow.objects.filter(subject_id=strongest.subject_id):
        kept_to_alpha(row)
    for row in IndicatorRow.objects.filter(detector="sea.petroleum_delivery"):
        kept_to_alpha(row)
    beta = person(Role.READER, member="beta")
    theirs = signed_in(of=beta).get("/").content.decode()
    assert strongest.subject_name in signed_in().get("/").content.decode()
    assert strongest.subject_name not in theirs
    assert "the limit is 500,000" not in theirs
    told, mine = news(beta.reader, cycle), news(person().reader, cycle)
    assert told.counted.number < mine.counted.number
    assert sum(each.number for each in told.by_measure) < sum(each.number for each in mine.by_measure)


def test_a_case_one_may_not_read_leaves_its_indicators_undecided_for_one(
    cycle: CycleRow, person: Persons, opened: Callable[..., Case]
) -> None:
    beta = person(Role.READER, member="beta").reader
    before = look_first(beta, cycle)
    opened(person(), *before[0].shown, tlp=Tlp.AMBER_STRICT)
    assert look_first(beta, cycle) == before


# Suggested cases


def test_indicators_about_one_subject_are_suggested_as_one_case_and_opened_as_one(
    cycle: CycleRow, person: Persons, signed_in: SignedIn
) -> None:
    first = suggestions(person().reader, cycle)[0]
    assert len({row.subject_id for row in first.rows}) == 1
    ids = [row.id for row in first.rows]
    answer = signed_in().post("/take/", {"indicator": ids})
    case = CaseRow.objects.get()
    assert answer["Location"] == f"/cases/{case.id}/"
    assert case.record["indicators"] == ids
    assert [subject["id"] for subject in case.record["subjects"]] == [first.rows[0].subject_id]
    after = suggestions(person().reader, cycle)
    assert not set(ids) & {row.id for each in after for row in each.rows}


def test_a_single_new_indicator_is_suggested_for_the_open_case_about_its_subject(
    cycle: CycleRow, person: Persons, signed_in: SignedIn
) -> None:
    analyst = person()
    one, *rest = suggestions(analyst.reader, cycle)[0].rows
    signed_in().post("/take/", {"indicator": [one.id]})
    case = CaseRow.objects.get()
    told = next(each for each in suggestions(analyst.reader, cycle) if each.case is not None)
    assert (told.case, [row.id for row in told.rows]) == (case, [row.id for row in rest])
    signed_in().post("/take/", {"indicator": [row.id for row in rest], "case": case.id})
    assert set(CaseRow.objects.get().record["indicators"]) == {one.id, *(row.id for row in rest)}


def test_a_suggestion_names_why_others_about_its_subject_were_dismissed_to_those_who_may_know(
    cycle: CycleRow, made: Callable[..., list[IndicatorRow]], person: Persons, signed_in: SignedIn
) -> None:
    first = suggestions(person().reader, cycle)[0].rows[0]
    (dismissed,) = made(1, like=first.detector, subject=first.record["subject"])
    signed_in().post(f"/indicators/{dismissed.id}/dismiss/", {"reason": "SANDBOX: a tug beside her."})
    assert "SANDBOX: a tug beside her." in signed_in().get("/suggested/").content.decode()
    beta = person(Role.ANALYST, member="beta")
    assert "SANDBOX: a tug beside her." not in signed_in(of=beta).get("/suggested/").content.decode()


def test_what_one_may_not_read_is_neither_suggested_nor_taken(
    cycle: CycleRow, kept_to_alpha: Callable[[IndicatorRow], None], person: Persons, signed_in: SignedIn
) -> None:
    rows = suggestions(person().reader, cycle)[0].rows
    for row in rows:
        kept_to_alpha(row)
    beta = person(Role.ANALYST, member="beta")
    told = {row.id for each in suggestions(beta.reader, cycle) for row in each.rows}
    assert not told & {row.id for row in rows}
    assert signed_in(of=beta).post("/take/", {"indicator": [row.id for row in rows]}).status_code == 404
    assert not CaseRow.objects.exists()


def test_a_reader_sees_suggestions_without_buttons_and_cannot_take_them(
    cycle: CycleRow, person: Persons, signed_in: SignedIn
) -> None:
    assert 'hx-get="/suggested/"' in signed_in(Role.READER).get("/").content.decode()
    page = signed_in(Role.READER).get("/suggested/").content.decode()
    assert "Suggested cases" in page
    assert 'action="/take/"' not in page
    rows = suggestions(person().reader, cycle)[0].rows
    signed_in(Role.READER).post("/take/", {"indicator": [row.id for row in rows]})
    assert not CaseRow.objects.exists()


def test_a_page_that_has_panels_stands_on_the_first_page_in_its_order(cycle: CycleRow, person: Persons) -> None:
    found = panels(person().reader, cycle)
    templates = ["petroleum/panel.html", "sources/panel.html"]
    assert [panel.template for panel in found if panel.template in templates] == templates
    assert [panel.order for panel in found] == sorted(panel.order for panel in found)
