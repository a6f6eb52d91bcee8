"""Two persons who do the same act at once, each in a process of their own: the second is held to what the first did."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

DECIDED = """
from datetime import UTC, date, datetime
from bongsu.cases.finding_acts import SetMeasures
from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.sandbox.casework import CLEAR, NORTH, PEOPLE, SOUTH, digest, led_to
from bongsu.web.accounts.models import Member, Person
from bongsu.web.record import journal, rows
from bongsu.web.record.knowledge import measure_text
from bongsu.web.record.models import ExhibitRow, HandlingRow
desk = led_to("{stop}")
desk.force(SetMeasures(finding=desk.finding.id, measures=(measure_text("2397/5", date(2026, 3, 2)),)), "ann")
for number, (name, member) in enumerate((("cleo", NORTH), ("cato", NORTH), ("cyd", SOUTH))):
    of, _ = Member.objects.get_or_create(id=member, defaults={{"name": f"{{member}} (SANDBOX)"}})
    Person.objects.make(name, member=of, role=Role.COORDINATOR, clearance=Tlp.RED)
ExhibitRow.objects.create(digest=digest("bill"), size_bytes=1, media_type="text/plain", title="SANDBOX bill",
    received_at=datetime(2026, 3, 3, tzinfo=UTC), sound=True, handling=HandlingRow.of(CLEAR))
with journal.writing():
    for entry in desk.entries:
        done = journal.journal.case_act_of(entry)
        journal.append_act(done.case, done.act, by=done.by, at=entry.at)
    rows.keep_case(desk.open)
"""
ONE = """
import sys
from bongsu.cases.finding_acts import Approve, Decide
from bongsu.cases.words import Outcome
from bongsu.web.accounts.models import Person
from bongsu.web.record import work
from bongsu.web.record.models import CaseRow
case = CaseRow.objects.get()
finding = case.record["findings"][0]["id"]
person = Person.objects.get(username="{who}")
act = {act}
print("ready", flush=True)
sys.stdin.readline()
try:
    work.do(person, case.id, act)
    print("done")
except work.RefusedError as refused:
    print(",".join(each.code for each in refused.missing))
"""
LOOK = """
import json
from bongsu.web.record.models import CaseRow
version = CaseRow.objects.get().record["findings"][0]["versions"][0]
print(json.dumps([version["state"], [each["member"] for each in version["approvals"]]]))
"""
APPROVE = "Approve(finding=finding)"
DECIDE = 'Decide(finding=finding, outcome=Outcome.ESTABLISHED, reasoning="SANDBOX of {who}")'


@pytest.mark.parametrize(
    ("stop", "act", "people", "answers", "after"),
    [
        ("decided", APPROVE, ("cleo", "cato"), ["already_approved", "done"], ["approved", ["sandbox-north"]]),
        ("decided", APPROVE, ("cleo", "cyd"), ["done", "done"], ["approved", ["sandbox-north", "sandbox-south"]]),
        ("silent", DECIDE, ("cleo", "cyd"), ["done", "wrong_state"], ["decided", []]),
    ],
)
def test_of_two_at_once_both_count_where_both_may_and_one_where_one_may(
    own_site: Callable[[], Any], stop: str, act: str, people: tuple[str, str], answers: list[str], after: list[object]
) -> None:
    site = own_site()
    site.python(DECIDED.format(stop=stop))
    both = [site.begun(ONE.format(who=who, act=act.format(who=who))) for who in people]
    for each in both:
        assert each.stdout.readline() == "ready\n", each.communicate()
    for each in both:
        each.stdin.write("now\n")
        each.stdin.flush()
    assert sorted(each.communicate()[0].strip() for each in both) == answers
    state, members = json.loads(site.python(LOOK))
    assert [state, sorted(members)] == after
    assert site.command("site", "rebuild", "--check").returncode == 0
