"""Published findings: read by whoever may read them, without anything of their cases and drafts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bongsu.cases import codec
from bongsu.cases.case_acts import AddSubject, SetStandard
from bongsu.cases.finding_acts import (
    AnswerPoint,
    ApproveLateWords,
    ClaimHarmException,
    Dissent,
    GrantHarmException,
    Publish,
    PublishLateWords,
    RetitleFinding,
    StartCorrection,
    Withdraw,
)
from bongsu.cases.handling import Handling, Reader, Tlp
from bongsu.cases.published import PublicFinding, published
from bongsu.cases.words import FindingState, Role, Standard
from bongsu.sandbox.casework import NORTH, SENTENCE, TRADING, Desk, digest, led_to, reply
from bongsu.web import questions
from bongsu.web.record import rows
from bongsu.web.record.models import CaseRow, HandlingRow, PublishedFinding

pytestmark = pytest.mark.django_db

STRICT = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({NORTH}))
OUTSIDE = Reader(person="reader1-beta", member="beta", clearance=Tlp.AMBER)


def kept(desk: Desk) -> str:
    """Keep the rows of a desk's case, which only its own member may read; the address of its finding."""
    rows.keep_case(replace(desk.open, handling=STRICT))
    return f"/findings/{desk.open.id}/{desk.finding.id}/"


@pytest.fixture
def stranger(signed_in: Callable[..., Client], person: Callable[..., Any]) -> Client:
    """Someone who may not read the case."""
    return signed_in(of=person(Role.READER, member="beta"))


def test_a_published_finding_is_read_by_those_who_may_not_read_its_case(stranger: Client) -> None:
    assert stranger.get(kept(led_to("approved"))).status_code == 404
    public = led_to("published")
    address = kept(public)
    page = stranger.get(address).content.decode()
    for told in (SENTENCE, digest("bill"), "page=3&amp;xywh=72,144,200,36", "2397/5", "two documents agree"):
        assert told in page
    for untold in (public.open.title, public.open.summary, "it holds", "1 Invented Street", "rae", "The work on it"):
        assert untold not in page
    assert address in stranger.get("/findings/").content.decode()
    assert address in stranger.get("/search/", {"q": "500 barrels"}).content.decode()
    assert stranger.get(f"/findings/aaaaaaaaaa/{public.finding.id}/").status_code == 404


def test_replies_and_dissents_are_published_with_the_finding() -> None:
    desk = led_to("delivered")
    desk.do(reply(desk, "We sold nothing."), "ann")
    desk.do(Dissent(finding=desk.finding.id, text="One bill is not enough."), "rob")
    version = replace(desk.version, published=desk.version.started, state=FindingState.PUBLISHED)
    public = published(desk.open, replace(desk.finding, versions=(version,)))
    assert public is not None
    assert [point.text for each in public.newest.notices for one in each.replies for point in one.points] == [
        "We sold nothing."
    ]
    assert [each.text for each in public.newest.dissents] == ["One bill is not enough."]


def test_a_correction_under_way_is_not_told_and_a_published_one_is(stranger: Client) -> None:
    desk = led_to("published")
    finding = desk.finding.id
    desk.do(StartCorrection(finding=finding, reason="SANDBOX a second ledger"), "ann")
    desk.do(RetitleFinding(finding=finding, title="Invented oil, as corrected"), "ann")
    address = kept(desk)
    page = stranger.get(address).content.decode()
    assert "as corrected" not in page
    assert "a second ledger" not in page
    desk.force(Publish(finding=finding), "cora")
    page = (kept(desk), stranger.get(address).content.decode())[1]
    assert page.index("Version 2") < page.index("Invented oil sold by Sandbox Trading One")
    assert "SANDBOX a second ledger" in page
    desk.do(Withdraw(finding=finding, version=2, reason="SANDBOX the ledger was false"), "cora")
    kept(desk)
    assert "SANDBOX the ledger was false" in stranger.get(address).content.decode()
    assert questions.published(OUTSIDE)["findings"] == []


def test_late_words_are_for_those_of_the_case_until_they_are_published(stranger: Client) -> None:
    desk = led_to("published")
    desk.do(reply(desk, "SANDBOX late words"), "ann")
    point = desk.version.replies[0].points[0].id
    desk.do(AnswerPoint(finding=desk.finding.id, point=point, text="SANDBOX late answer"), "ann")
    desk.do(Dissent(finding=desk.finding.id, text="SANDBOX late dissent"), "rob")
    late = ("SANDBOX late words", "SANDBOX late answer", "SANDBOX late dissent", digest("reply"))
    address = kept(desk)
    page = stranger.get(address).content.decode()
    assert [each for each in late if each in page] == []
    assert f"A late reply came on {desk.at.day} {desk.at:%B %Y}." in page
    assert not any(each in json.dumps(questions.published(OUTSIDE)) for each in late)
    for by in ("cora", "cyd"):
        desk.do(ApproveLateWords(finding=desk.finding.id, version=1), by)
    desk.do(PublishLateWords(finding=desk.finding.id, version=1), "cora")
    kept(desk)
    page = stranger.get(address).content.decode()
    assert [each for each in late if each not in page] == []
    assert "A late reply came" not in page


def test_an_exception_from_the_notice_is_told_and_its_reason_is_not(stranger: Client) -> None:
    desk = led_to("reviewed")
    desk.do(ClaimHarmException(finding=desk.finding.id, reason="SANDBOX a witness would be found out"), "ann")
    desk.do(GrantHarmException(finding=desk.finding.id), "cyd")
    led_to("published", after="silent", desk=desk)
    page = stranger.get(kept(desk)).content.decode()
    assert "An exception from sending a notice was granted." in page
    assert "a witness" not in page
    assert "An exception" not in stranger.get(kept(led_to("published"))).content.decode()


def test_a_withdrawn_finding_names_whom_it_named(stranger: Client) -> None:
    desk = led_to("published")
    desk.do(Withdraw(finding=desk.finding.id, version=1, reason="SANDBOX the bill was false"), "cora")
    before = stranger.get(kept(desk)).content.decode()
    desk.do(AddSubject(subject=replace(TRADING, name="Sandbox Bystander")), "ann")
    desk.do(SetStandard(standard=Standard.CLEAR_AND_CONVINCING, reason="asked for"), "cora")
    address = kept(desk)
    page = stranger.get(address).content.decode()
    told = [text[text.index("<main") : text.index("</main>")] for text in (before, page)]
    assert told[0] == told[1]
    assert "reasonable grounds" in page
    assert f"<dd>{TRADING.name}</dd>" in page
    assert "Bystander" not in page


def test_a_finding_whose_own_handling_closes_it_is_not_there(stranger: Client) -> None:
    desk = led_to("published")
    address = kept(desk)
    PublishedFinding.objects.update(handling=HandlingRow.of(STRICT))
    assert stranger.get(address).status_code == 404
    assert address not in stranger.get("/findings/").content.decode()
    assert questions.published(OUTSIDE)["findings"] == []


def test_the_published_findings_are_asked_for_without_reading_cases() -> None:
    desk = led_to("published")
    kept(desk)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        (found,) = questions.published(OUTSIDE)["findings"]
    assert found["finding"] == desk.finding.id
    assert found["claims"][0]["sentence"] == SENTENCE
    assert not any("record_caserow" in each["sql"] for each in asked.captured_queries)
    assert "rae" not in json.dumps(found)
    assert CaseRow.objects.readable_by(OUTSIDE).count() == 0


def test_what_is_published_comes_back_from_its_record() -> None:
    desk = led_to("published")
    public = published(desk.open, desk.finding)
    assert codec.value_of(PublicFinding, codec.record(public)) == public
    draft = led_to("draft")
    assert published(draft.open, draft.finding) is None
