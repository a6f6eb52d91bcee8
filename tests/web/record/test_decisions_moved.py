"""Decisions of a site that kept the last alone, in columns of the indicator: moved by migrations, from the journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

WORK = """
import json, secrets
from datetime import UTC, datetime
from bongsu.cases.case_acts import AcceptIndicators, DismissIndicator, MergeCases, OpenCase
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import CaseKind, Role, Standard
from bongsu.web.accounts.models import Member, Person
from bongsu.web.record import work
from bongsu.web.record.cycles import keep_indicators
from bongsu.web.record.models import CycleRow, Decision
persons = {}
for name in ("alpha", "beta"):
    member, _ = Member.objects.get_or_create(id=name, defaults={"name": f"Member {name} (SANDBOX)"})
    persons[name] = Person.objects.make(
        f"chief-{name}", member=member, role=Role.COORDINATOR, clearance=Tlp.AMBER_STRICT)
cycle = CycleRow.objects.create(id="20260104T000000Z-00000000", clock=datetime(2026, 1, 4, tzinfo=UTC))
keep_indicators([{"id": f"aaaa{number:012d}", "detector": "sea.port_call", "title": "SANDBOX sign", "measures": [],
    "subject": {"id": "imo:9000004", "schema": "Vessel", "name": "SANDBOX SHIP"}, "when": {"from": None, "to": None},
    "place": None, "quantity": None, "score": 0.5, "reasons": [], "alternatives": [], "citations": [], "facts": {},
    "sandbox": True} for number in range(4)], cycle, Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"})))
def opened(name, *indicators):
    handling = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({name}))
    return work.do(persons[name], None, OpenCase(salt=secrets.token_urlsafe(24), case_kind=CaseKind.INQUIRY,
        title="SANDBOX case", summary="SANDBOX", standard=Standard.BALANCE, handling=handling, indicators=indicators))
zero, one, two, _ = (f"aaaa{number:012d}" for number in range(4))
first, second, other = opened("alpha", zero), opened("alpha"), opened("beta")
work.do(persons["beta"], other.id, DismissIndicator(indicator=zero, subject=None, reason="SANDBOX: a tug"))
work.do(persons["alpha"], first.id, AcceptIndicators(indicators=(one,)))
work.do(persons["alpha"], first.id, DismissIndicator(indicator=two, subject=None, reason="SANDBOX: a drill"))
work.do(persons["alpha"], second.id,
    MergeCases(other=first.id, subjects=(), indicators=(zero, one), reason="SANDBOX: one matter"))
work.do(persons["alpha"], second.id, DismissIndicator(indicator=one, subject=None, reason="SANDBOX: a ferry"))
"""
DECISIONS = """
import json
from bongsu.web.record.models import Decision
print(json.dumps(sorted(Decision.objects.values_list(
    "indicator", "case", "state", "reason", "number", "into", "handling"))))
"""
MOVE = "from django.core.management import call_command\ncall_command('migrate', 'record', '{}', verbosity=0)\n"
BEFORE, AFTER = MOVE.format("0006"), MOVE.replace(" '{}',", "")


def decisions_of(site: Any) -> list[Any]:
    told: list[Any] = json.loads(site.python(DECISIONS))
    return told


def test_the_decisions_of_every_case_are_moved_those_too_that_another_had_overwritten(
    own_site: Callable[[], Any],
) -> None:
    site = own_site()
    site.python(WORK)
    made = decisions_of(site)
    assert sorted((row[0][-1], row[2], row[5] is not None) for row in made) == [
        ("0", "accepted", False),
        ("0", "accepted", True),
        ("0", "dismissed", False),
        ("1", "accepted", True),
        ("1", "dismissed", False),
        ("2", "dismissed", True),
    ]
    site.python(BEFORE)
    site.python(AFTER)
    assert decisions_of(site) == made
    assert site.command("site", "rebuild", "--check").returncode == 0


def test_what_stands_in_the_columns_alone_is_moved_too(own_site: Callable[[], Any]) -> None:
    site = own_site()
    site.python(WORK)
    made = decisions_of(site)
    site.python(BEFORE)
    case, handling = made[0][1], made[0][6]
    site.sql(
        "UPDATE record_indicatorrow SET state = 'dismissed', state_reason = 'SANDBOX: a wreck', "
        f"case_id = '{case}' WHERE id = 'aaaa000000000003'"
    )
    site.python(AFTER)
    into = next((row[5] for row in made if row[1] == case), None)
    kept = ["aaaa000000000003", case, "dismissed", "SANDBOX: a wreck", 0, into, handling]
    assert decisions_of(site) == sorted([*made, kept])
