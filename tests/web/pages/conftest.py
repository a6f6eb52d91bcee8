"""The cycle of the sandbox taken in, later cycles, and made indicators where a test needs more than it has."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bongsu.cases.case_acts import OpenCase
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.model import Case
from bongsu.cases.words import CaseKind, Standard
from bongsu.evidence import Folder
from bongsu.kernel.canonical import digest_of
from bongsu.kernel.clock import stamp
from bongsu.web.accounts.models import Member, Person
from bongsu.web.record import work
from bongsu.web.record.cycles import keep_indicators, take_in
from bongsu.web.record.models import CycleRow, HandlingRow, IndicatorRow

OPEN_TO_ALL = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))
ALPHA_ALONE = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"alpha"}))


@pytest.fixture
def cycle(store: Folder, members: dict[str, Member]) -> CycleRow:
    """The sandbox's cycle, taken in for the member alpha."""
    (taken,) = take_in(store, "alpha")
    return CycleRow.objects.get(id=taken)


@pytest.fixture
def next_cycle(cycle: CycleRow) -> Callable[..., CycleRow]:
    """Takes in a cycle a day later, in which only some indicators were found again: `next_cycle(found=[row])`."""

    def make(found: list[IndicatorRow]) -> CycleRow:
        clock = CycleRow.objects.order_by("-clock")[0].clock + timedelta(days=1)
        name = stamp(clock).replace("-", "").replace(":", "") + "-00000000"
        later = CycleRow.objects.create(id=name, clock=clock, summary={**cycle.summary, "previous": cycle.id})
        keep_indicators([row.record for row in found], later, OPEN_TO_ALL)
        return later

    return make


@pytest.fixture
def made(cycle: CycleRow) -> Callable[..., list[IndicatorRow]]:
    """Makes indicators like one of the cycle's, each with something of its own: `made(60, score=0.5)`."""

    def make(
        number: int, *, like: str = "sea.encounter", handling: Handling = OPEN_TO_ALL, **changes: Any
    ) -> list[IndicatorRow]:
        pattern = IndicatorRow.objects.filter(detector=like).order_by("id")[0].record
        records = []
        for index in range(number):
            record = copy.deepcopy({**pattern, **changes})
            record["title"] = f"SANDBOX sign {index:05d}"
            record["id"] = digest_of([index, record["title"], str(changes), like])[:16]
            records.append(record)
        keep_indicators(records, cycle, handling)
        return list(IndicatorRow.objects.filter(id__in=[record["id"] for record in records]).order_by("title"))

    return make


@pytest.fixture
def kept_to_alpha() -> Callable[[IndicatorRow], None]:
    """Handles an indicator so that only the persons of alpha may read it."""

    def keep(row: IndicatorRow) -> None:
        IndicatorRow.objects.filter(id=row.id).update(handling=HandlingRow.of(ALPHA_ALONE))

    return keep


@pytest.fixture
def opened() -> Callable[..., Case]:
    """Opens a case with some indicators: `opened(person, row, title="...")`."""

    def make(person: Person, *rows: IndicatorRow, title: str = "SANDBOX case", tlp: Tlp = Tlp.AMBER) -> Case:
        act = OpenCase(
            salt=secrets.token_urlsafe(24),
            case_kind=CaseKind.INQUIRY,
            title=title,
            summary="SANDBOX: invented throughout.",
            standard=Standard.REASONABLE_GROUNDS,
            handling=Handling(tlp=tlp, originators=frozenset({person.member_id})),
            indicators=tuple(row.id for row in rows),
        )
        return work.do(person, None, act)

    return make
