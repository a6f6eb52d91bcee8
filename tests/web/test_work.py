"""Casework through the site: the rules' answer, the journal and the rows stand or fall together."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bongsu.cases.case_acts import AddNote, ChangeHandling, DescribeCase, OpenCase
from bongsu.cases.finding_acts import StartFinding
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.journal import verify
from bongsu.cases.model import Case
from bongsu.cases.progress import opened_id
from bongsu.cases.replay import replayed
from bongsu.cases.words import CaseKind, Role, Standard
from bongsu.web.accounts import administration
from bongsu.web.accounts.models import Person
from bongsu.web.exchange.export import export_case
from bongsu.web.record import journal, work
from bongsu.web.record.models import CaseRow, Entry, ExhibitRow, HandlingRow, SearchText
from bongsu.web.record.rebuilding import rebuilt
from bongsu.web.record.seen import told
from bongsu.web.record.told import told_entries

sys.path.insert(0, str(Path(__file__).parent))
from at_once import first_to_the_lock

pytestmark = pytest.mark.django_db


def _opened(person: Person, *, tlp: Tlp = Tlp.AMBER, title: str = "Sandbox Trading One and its ships") -> Case:
    handling = Handling(tlp=tlp, originators=frozenset({person.member_id}))
    return work.do(
        person,
        None,
        OpenCase(
            salt=secrets.token_urlsafe(24),
            case_kind=CaseKind.INQUIRY,
            title=title,
            summary="SANDBOX: invented throughout.",
            standard=Standard.REASONABLE_GROUNDS,
            handling=handling,
        ),
    )


def test_the_cases_in_the_database_are_what_the_journal_comes_to(person: Callable[..., Person]) -> None:
    analyst = person(Role.ANALYST)
    case = _opened(analyst)
    work.do(analyst, case.id, StartFinding(title="A call at an invented port"))
    work.do(analyst, case.id, DescribeCase(title="Sandbox Trading One", summary="SANDBOX"))
    entries = list(journal.entries())
    assert verify(entries) == journal.head()
    assert {row.id: row.whole() for row in CaseRow.objects.all()} == replayed(entries).cases


def test_a_refused_act_leaves_nothing_behind(person: Callable[..., Person]) -> None:
    analyst, reader = person(Role.ANALYST), person(Role.READER)
    case = _opened(analyst)
    before = Entry.objects.count()
    with pytest.raises(work.RefusedError) as refused:
        work.do(reader, case.id, AddNote(text="May a reader write?"))
    assert [each.code for each in refused.value.missing] == ["role_too_low"]
    assert Entry.objects.count() == before
    assert work.case_of(case.id, reader.reader).notes == ()


def test_for_an_act_that_a_role_may_never_do_nothing_of_it_is_looked_up(person: Callable[..., Person]) -> None:
    analyst, reader = person(Role.ANALYST), person(Role.READER)
    case = _opened(analyst)
    halved = AddNote(text="a text that has no bytes: \ud800")  # looking up what it names would write it out
    assert [each.code for each in work.check(reader, case.id, halved)] == ["role_too_low"]


def test_an_act_on_a_case_that_has_changed_since_is_refused(person: Callable[..., Person]) -> None:
    one, other = person(Role.ANALYST), person(Role.ANALYST, number=2)
    case = _opened(one)
    work.do(other, case.id, AddNote(text="first"), seen_acts=case.acts)
    with pytest.raises(work.ConflictError):
        work.do(one, case.id, AddNote(text="second"), seen_acts=case.acts)


def test_another_member_s_strict_case_is_not_there_for_the_others(person: Callable[..., Person]) -> None:
    case = _opened(person(Role.ANALYST), tlp=Tlp.AMBER_STRICT)
    stranger = person(Role.COORDINATOR, member="beta")
    for doing in (
        lambda: work.case_of(case.id, stranger.reader),
        lambda: work.do(stranger, case.id, AddNote(text="in")),
        lambda: work.check(stranger, case.id, AddNote(text="in")),
    ):
        with pytest.raises(work.NotThereError):
            doing()
    assert not SearchText.objects.readable_by(stranger.reader).exists()


def test_an_act_on_one_finding_keeps_those_its_person_may_not_read(person: Callable[..., Person]) -> None:
    analyst, coordinator = person(Role.ANALYST), person(Role.COORDINATOR, clearance=Tlp.RED)
    case = _opened(analyst)
    case = work.do(analyst, case.id, StartFinding(title="for few"))
    red = Handling(tlp=Tlp.RED, originators=case.handling.originators, named=frozenset({coordinator.username}))
    work.do(coordinator, case.id, ChangeHandling(finding=case.findings[0].id, handling=red, reason="a source"))
    work.do(analyst, case.id, AddNote(text="does not see it"))
    assert work.case_of(case.id, analyst.reader).findings == ()
    assert len(work.case_of(case.id, coordinator.reader).findings) == 1


def _act(person: Person) -> OpenCase:
    return OpenCase(
        salt=secrets.token_urlsafe(24),
        case_kind=CaseKind.INQUIRY,
        title="Sandbox Trading One",
        summary="SANDBOX: invented throughout.",
        standard=Standard.REASONABLE_GROUNDS,
        handling=Handling(tlp=Tlp.AMBER, originators=frozenset({person.member_id})),
    )


def test_a_case_opened_again_by_the_same_act_is_the_case_that_is_there(
    person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    analyst, moment = person(Role.ANALYST), datetime(2026, 11, 24, 8, tzinfo=UTC)
    act = _act(analyst)
    case = work.do(analyst, None, act)
    case = work.do(analyst, case.id, AddNote(text="hours of work"))
    entries = Entry.objects.count()
    for later in (timedelta(0), timedelta(hours=1)):
        monkeypatch.setattr(work, "_now", lambda later=later: moment + later)
        assert work.do(analyst, None, act) == case
    assert Entry.objects.count() == entries
    assert rebuilt(keep=False).differences == ()
    other = work.do(person(Role.ANALYST, number=2), None, act)
    assert other.id != case.id


def test_the_id_of_a_case_that_is_there_is_not_given_to_another(
    person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    analyst, act, moment = person(Role.ANALYST), _act(person(Role.ANALYST)), datetime(2026, 11, 24, 8, tzinfo=UTC)
    monkeypatch.setattr(work, "_now", lambda: moment)
    taken = CaseRow.objects.get(id=_opened(analyst).id)
    taken.pk = opened_id(act, analyst.actor, moment)  # made from 50 bits of a digest
    taken.save(force_insert=True)
    with pytest.raises(work.RefusedError) as refused:
        work.do(analyst, None, act)
    assert [each.code for each in refused.value.missing] == ["case_there"]


def test_a_journal_that_holds_a_second_opening_is_made_anew_and_the_opening_is_told(
    person: Callable[..., Person],
) -> None:
    analyst = person(Role.ANALYST)
    act = _act(analyst)
    case = work.do(analyst, None, act)
    with journal.writing():
        again = journal.append_act(case.id, act, by=analyst.actor, at=case.opened_at)
    case = work.do(analyst, case.id, StartFinding(title="A call at an invented port"))
    made = rebuilt(keep=True)
    assert made.passed_over == (again.number,)
    assert made.differences == ()
    assert work.case_of(case.id, analyst.reader) == case
    assert len(list(told_entries(case))) == 3


def _stopped(person: Callable[..., Person], who: Person) -> Callable[[], None]:
    admin = person(Role.ADMINISTRATOR, clearance=Tlp.RED)
    return lambda: administration.stop(admin, Person.objects.get(pk=who.pk))


def _lowered(person: Callable[..., Person], who: Person) -> Callable[[], None]:
    admin = person(Role.ADMINISTRATOR, clearance=Tlp.RED)
    low = administration.Standing(member=who.member, role=Role.READER, clearance=Tlp.CLEAR)
    return lambda: administration.change_standing(admin, Person.objects.get(pk=who.pk), low)


@pytest.mark.parametrize("fallen", [_stopped, _lowered])
def test_who_was_stopped_or_lowered_a_moment_before_does_nothing_more(
    fallen: Callable[..., Callable[[], None]], person: Callable[..., Person]
) -> None:
    analyst = person(Role.ANALYST)
    case = _opened(analyst)
    with first_to_the_lock(fallen(person, analyst)), pytest.raises(work.NotThereError):
        work.do(analyst, case.id, AddNote(text="after all"))
    with first_to_the_lock(lambda: None), pytest.raises((work.NotThereError, work.RefusedError)):
        work.do(analyst, None, _act(analyst))
    assert not Entry.objects.filter(kind="add_note").exists()
    assert CaseRow.objects.count() == 1


@pytest.mark.parametrize("fallen", [_stopped, _lowered])
def test_nothing_goes_out_to_who_was_stopped_or_lowered_a_moment_before(
    fallen: Callable[..., Callable[[], None]], person: Callable[..., Person]
) -> None:
    coordinator = person(Role.COORDINATOR, clearance=Tlp.RED)
    case = _opened(coordinator)
    handling = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"alpha"}))
    exhibit = ExhibitRow.objects.create(
        digest="0" * 64,
        size_bytes=1,
        media_type="text/plain",
        title="SANDBOX",
        received_at=datetime(2026, 3, 3, tzinfo=UTC),
        handling=HandlingRow.of(handling),
    )
    reads = Person.objects.get(pk=coordinator.pk)
    assert told("exhibit.viewed", exhibit.digest, reads, {}) is not None
    with first_to_the_lock(fallen(person, coordinator)):
        assert told("exhibit.exported", exhibit.digest, coordinator, {}) is None
    with pytest.raises(work.NotThereError):
        export_case(reads, case.id, "json")
    assert not Entry.objects.filter(kind__in=["exhibit.exported", "case.exported"]).exists()
