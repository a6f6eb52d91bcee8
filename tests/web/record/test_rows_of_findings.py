"""The rows of findings: what was published is found by all who may read it, what is worked on by those of the case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bongsu.cases.case_acts import ChangeHandling
from bongsu.cases.finding_acts import RetitleFinding, StartCorrection, Withdraw
from bongsu.cases.handling import Handling, Reader, Tlp
from bongsu.sandbox.casework import CLEAR, NORTH, Desk, led_to
from bongsu.web.record import rows
from bongsu.web.record.models import HandlingRow, SearchText
from bongsu.web.record.search import Kind, found, keep_text

pytestmark = pytest.mark.django_db

STRICT = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({NORTH}))
OUTSIDE = Reader(person="reader1-beta", member="beta", clearance=Tlp.RED)
INSIDE = Reader(person="ann", member=NORTH, clearance=Tlp.RED)


def kept(desk: Desk) -> None:
    """Keep the rows of a desk's case, which only its own member may read."""
    rows.keep_case(replace(desk.open, handling=STRICT))


def titles(reader: Reader, question: str = "invented") -> list[str]:
    return sorted(row.title for row in found(reader, question, Kind.FINDING).rows)


def corrected() -> Desk:
    """A desk whose published finding is being corrected."""
    desk = led_to("published")
    desk.do(StartCorrection(finding=desk.finding.id, reason="a second ledger"), "ann")
    desk.do(RetitleFinding(finding=desk.finding.id, title="Invented oil, unpublished words"), "ann")
    return desk


def test_a_correction_is_found_by_those_of_the_case_alone_until_it_is_published() -> None:
    desk = led_to("published")
    kept(desk)
    assert titles(OUTSIDE) == titles(INSIDE) == ["Invented oil sold by Sandbox Trading One"]
    kept(corrected())
    assert titles(OUTSIDE) == ["Invented oil sold by Sandbox Trading One"]
    assert titles(INSIDE) == ["Invented oil sold by Sandbox Trading One", "Invented oil, unpublished words"]
    assert titles(OUTSIDE, "unpublished") == []


def test_a_finding_that_was_loosened_and_is_not_published_yet_is_not_found_outside() -> None:
    desk = led_to("approved")
    desk.do(ChangeHandling(finding=desk.finding.id, handling=CLEAR, reason="nothing in it needs care"), "cora")
    kept(desk)
    assert titles(OUTSIDE) == []
    assert len(titles(INSIDE)) == 1


def test_a_withdrawn_finding_stays_found_as_it_was_published() -> None:
    desk = led_to("published")
    desk.do(Withdraw(finding=desk.finding.id, version=1, reason="the bill was false"), "cora")
    kept(desk)
    assert len(titles(OUTSIDE)) == 1


def test_a_row_kept_before_under_the_finding_s_own_handling_is_mended() -> None:
    desk = corrected()
    keep_text("finding", desk.finding.id, "/x/", "Invented oil, unpublished words", "", HandlingRow.of(CLEAR), desk.at)
    kept(desk)
    assert titles(OUTSIDE) == ["Invented oil sold by Sandbox Trading One"]
    keys = {desk.open.id, desk.finding.id, f"{desk.finding.id}.public"}
    assert set(SearchText.objects.values_list("key", flat=True)) <= keys
