"""Growth: a sign that went on, found anew under another id, is shown with the forms it had before and after."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from django.test import Client

from bongsu.cases.words import Role
from bongsu.kernel.canonical import digest_of
from bongsu.web.accounts.models import Person
from bongsu.web.record.growth import Forms, forms_of
from bongsu.web.record.models import CycleRow, IndicatorRow

pytestmark = pytest.mark.django_db

Persons = Callable[..., Person]
SignedIn = Callable[..., Client]
NextCycle = Callable[..., CycleRow]
REASON = "Two fishing vessels, invented."
DISMISSED_BEFORE = "an earlier form was dismissed"


@pytest.fixture
def encounter(cycle: CycleRow) -> IndicatorRow:
    return IndicatorRow.objects.get(detector="sea.encounter")


def grown(row: IndicatorRow, **changes: object) -> IndicatorRow:
    """The sign of a later day: the same but for its end, and whatever else is given; not in the database yet."""
    record = copy.deepcopy({**row.record, **changes})
    record["when"]["to"] = "2026-03-01T00:00:00Z"
    record["id"] = digest_of([row.id, record])[:16]
    return IndicatorRow(id=record["id"], record=record)


def found(row: IndicatorRow, next_cycle: NextCycle, **changes: object) -> IndicatorRow:
    later = grown(row, **changes)
    next_cycle(found=[later])
    return IndicatorRow.objects.get(id=later.id)


def test_a_later_form_tells_of_the_earlier_one_and_of_what_was_decided_on_it(
    encounter: IndicatorRow, signed_in: SignedIn, next_cycle: NextCycle
) -> None:
    client = signed_in()
    client.post(f"/indicators/{encounter.id}/dismiss/", {"reason": REASON})
    later = found(encounter, next_cycle)
    page = client.get(f"/indicators/{later.id}/").content.decode()
    assert "Found before in an earlier form" in page
    assert f"/indicators/{encounter.id}/" in page
    assert REASON in page
    assert DISMISSED_BEFORE in client.get("/indicators/?state=new").content.decode()
    before = client.get(f"/indicators/{encounter.id}/").content.decode()
    assert "It went on" in before
    assert f"/indicators/{later.id}/" in before


def test_three_forms_stand_in_the_order_in_which_cycles_found_them(
    encounter: IndicatorRow, person: Persons, next_cycle: NextCycle
) -> None:
    second = found(encounter, next_cycle)
    third = found(second, next_cycle)
    forms = forms_of([encounter, second, third], person().reader)
    assert [row.id for row in forms[third.id].earlier] == [encounter.id, second.id]
    assert [row.id for row in forms[encounter.id].later] == [second.id, third.id]
    assert (forms[second.id].earlier, forms[second.id].later) == ((encounter,), (third,))


@pytest.mark.parametrize(
    "changes",
    [
        {"detector": "sea.loitering"},
        {"subject": {"id": "mmsi:199000099", "schema": "Vessel", "name": "SANDBOX OTHER"}},
        {"when": {"from": "2026-01-01T00:00:00Z", "to": None}},
        {"facts": {"kind": "another"}},
    ],
    ids=["detector", "subject", "beginning", "kind"],
)
def test_another_sign_is_no_form_of_it(
    encounter: IndicatorRow, person: Persons, next_cycle: NextCycle, changes: dict[str, object]
) -> None:
    assert forms_of([found(encounter, next_cycle, **changes), encounter], person().reader) == {}


def test_signs_that_one_cycle_found_both_are_two(
    encounter: IndicatorRow, person: Persons, next_cycle: NextCycle
) -> None:
    other = grown(encounter)
    next_cycle(found=[encounter, other])
    both = IndicatorRow.objects.filter(id__in=[encounter.id, other.id])
    assert forms_of(both, person().reader) == {}


def test_a_form_and_a_decision_that_a_reader_may_not_read_are_not_told(
    encounter: IndicatorRow,
    person: Persons,
    signed_in: SignedIn,
    next_cycle: NextCycle,
    kept_to_alpha: Callable[[IndicatorRow], None],
) -> None:
    signed_in().post(f"/indicators/{encounter.id}/dismiss/", {"reason": REASON})
    later = found(encounter, next_cycle)
    beta = signed_in(of=person(Role.ANALYST, member="beta"))
    page = beta.get(f"/indicators/{later.id}/").content.decode()
    assert f"/indicators/{encounter.id}/" in page  # the form is open to all, the case it was dismissed in is alpha's
    assert REASON not in page
    assert DISMISSED_BEFORE not in beta.get("/indicators/").content.decode()
    kept_to_alpha(encounter)
    assert f"/indicators/{encounter.id}/" not in beta.get(f"/indicators/{later.id}/").content.decode()
    assert forms_of([later], person(Role.READER, member="beta").reader).get(later.id, Forms()).earlier == ()
