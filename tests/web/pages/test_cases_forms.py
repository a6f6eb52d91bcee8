"""What the forms of casework begin with, and what leads from what is missing to what brings it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from bongsu.cases.finding import Mark, MeasureText
from bongsu.cases.finding_acts import AnswerPoint, PublishLateWords, RecordReply
from bongsu.cases.model import DesignationProposal, FollowedUp
from bongsu.cases.rules import outstanding
from bongsu.cases.words import FollowUpStatus, Role
from bongsu.web.pages.cases.drafts import DRAFTS, LANGUAGES, letter
from bongsu.web.pages.cases.forms import Context, form_for
from bongsu.web.pages.cases.mending import lacks_of
from bongsu.web.pages.cases.moves import finding_moves
from bongsu.web.pages.cases.pictures import timeline
from bongsu.web.pages.cases.prefill import initial_of, suggested_measures
from bongsu.web.record import rows
from bongsu.web.record.models import CaseRow

pytestmark = pytest.mark.django_db

OPENING = {
    "case_kind": "inquiry",
    "title": "Sandbox Trading One and its ships",
    "summary": "SANDBOX: invented throughout.",
    "standard": "reasonable_grounds",
    "tlp": "TLP:AMBER",
}
SUBJECT = {"subject_id": "sandbox:one", "subject_schema": "Vessel", "subject_name": "SANDBOX ONE"}
CLAIM = {
    "sentence": "SANDBOX ONE called at an invented port on 1 March 2026.",
    "subject": "sandbox:one",
    "act": "called at",
    "object": "an invented port",
    "when_from": "2026-03-01T06:00:05",
    "when_to": "2026-03-01T18:30:15",
    "place_latitude": "1.5",
    "place_longitude": "2.25",
    "quantity_low": "500",
    "quantity_high": "700",
    "quantity_unit": "tonne",
}


@pytest.fixture
def analyst(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.ANALYST)


@pytest.fixture
def finding(analyst: Client) -> str:
    """A finding with one claim; its address."""
    case = analyst.post("/cases/open/", OPENING)["Location"]
    analyst.post(f"{case}do/add_subject/", SUBJECT)
    analyst.post(f"{case}do/start_finding/", {"title": "A call at an invented port"})
    made = f"{case}findings/{CaseRow.objects.get().record['findings'][0]['id']}/"
    assert analyst.post(f"{made}do/write_claim/", CLAIM).status_code == 302
    return made


def claim_id() -> str:
    found: str = CaseRow.objects.get().record["findings"][0]["versions"][0]["claims"][0]["id"]
    return found


def values(page: str) -> dict[str, str]:
    """What the inputs of a page hold, by their names."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found[name[1]] = value[1]
    found |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL))
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_claim_that_is_rewritten_begins_as_it_was_written(analyst: Client, finding: str) -> None:
    held = values(analyst.get(f"{finding}do/write_claim/?claim={claim_id()}").content.decode())
    assert {name: held[name] for name in CLAIM} == CLAIM
    assert held["claim"] == claim_id()


def test_what_is_sent_back_unchanged_changes_nothing_of_the_claim(analyst: Client, finding: str) -> None:
    before = CaseRow.objects.get().record["findings"][0]["versions"][0]["claims"]
    held = values(analyst.get(f"{finding}do/write_claim/?claim={claim_id()}").content.decode())
    assert analyst.post(f"{finding}do/write_claim/", held).status_code == 302
    assert CaseRow.objects.get().record["findings"][0]["versions"][0]["claims"] == before


def test_evidence_begins_with_the_place_that_the_address_names_and_judges_nothing(
    analyst: Client, finding: str
) -> None:
    place = f"?exhibit={'a' * 64}&locator=row%3D2&claim={claim_id()}"
    held = values(analyst.get(f"{finding}do/link_evidence/{place}").content.decode())
    assert (held["exhibit"], held["locator"], held["claim"]) == ("a" * 64, "row=2", claim_id())
    assert (held["reliability"], held["credibility"]) == ("F", "6")


def test_a_page_asks_which_claim_a_place_bears_on(analyst: Client, finding: str) -> None:
    page = analyst.get(f"/cases/evidence/?exhibit={'a' * 64}&locator=row%3D2").content.decode()
    assert f"{finding}do/link_evidence/?claim={claim_id()}&amp;exhibit={'a' * 64}&amp;locator=row%3D2" in page


def test_a_reader_is_not_asked_for_evidence(signed_in: Callable[..., Client], finding: str) -> None:
    assert signed_in(Role.READER).get("/cases/evidence/").status_code == 403


def test_measures_are_suggested_as_they_stood_on_the_day_of_a_claim() -> None:
    before, day = date(2017, 1, 1), date(2026, 3, 1)
    (found,) = suggested_measures(["2397/5", "2397/5", "no-such-key"], [before, day])
    assert (found.key, found.on) == ("2397/5", day)


def test_what_is_missing_leads_to_its_place_and_to_the_act_that_brings_it(analyst: Client, finding: str) -> None:
    page = analyst.get(finding).content.decode()
    assert f'<a href="#{claim_id()}">Nothing supports' in page
    assert f'id="{claim_id()}"' in page
    assert f'class="button primary" href="{finding}do/link_evidence/?claim={claim_id()}"' in page
    for place in re.findall(r'<li><a href="#([^"]+)">', page):
        assert f'id="{place}"' in page


def test_who_may_do_nothing_is_offered_nothing(signed_in: Callable[..., Client], finding: str) -> None:
    page = signed_in(Role.READER).get(finding).content.decode()
    assert "Nothing supports" in page
    assert "/do/" not in page


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_notice_is_drafted_in_the_language_of_the_one_who_is_told(
    signed_in: Callable[..., Client], finding: str, language: str
) -> None:
    coordinator = signed_in(Role.COORDINATOR)
    held = values(coordinator.get(f"{finding}do/send_notice/?language={language}").content.decode())
    deadline = timezone.now().date() + timedelta(days=28)
    assert held["language"] == language
    assert CLAIM["sentence"] in held["alleges"]
    assert DRAFTS[language].alleged in held["alleges"].replace("&#x27;", "'")
    assert held["deadline"] == deadline.isoformat()
    assert str(deadline.year) in held["alleges"]
    page = coordinator.get(f"{finding}letter/?language={language}").content.decode()
    assert f'<article lang="{language}"' in page
    assert CLAIM["sentence"] in page


def test_every_draft_says_who_writes_and_until_when() -> None:
    from bongsu.sandbox.casework import led_to

    desk = led_to("draft")
    for language in LANGUAGES:
        deadline = date(2026, 12, 24)
        drafted = letter(desk.open, desk.version, language, member="Member Alpha (SANDBOX)", deadline=deadline)
        assert "Member Alpha (SANDBOX)" in drafted.alleges
        assert all(figure in drafted.deadline for figure in ("2026", "12", "24"))
        assert "{" not in drafted.alleges + drafted.how_to_answer


def test_a_letter_is_for_those_who_may_send_it(signed_in: Callable[..., Client], finding: str) -> None:
    assert signed_in(Role.ANALYST).get(f"{finding}letter/").status_code == 403


def test_a_verdict_is_never_chosen_beforehand(signed_in: Callable[..., Client], finding: str) -> None:
    coordinator = signed_in(Role.COORDINATOR)
    for kind, name in (("review", "verdict"), ("decide", "outcome"), ("set_confidence", "confidence")):
        assert values(coordinator.get(f"{finding}do/{kind}/").content.decode())[name] == ""


@pytest.mark.parametrize(("chosen", "said"), [("yes", True), ("no", False), ("", None)])
def test_whether_a_reply_is_all_is_chosen_on_purpose(chosen: str, said: bool | None) -> None:
    from bongsu.sandbox.casework import digest, led_to

    desk = led_to("delivered")
    lists: dict[str, list[tuple[str, str]]] = {"members": [], "persons": [], "others": []}
    context = Context(case=desk.open, finding=desk.finding.id, member="alpha", **lists)
    (notice,) = desk.version.notices
    filled = {
        "notice": notice.id,
        "exhibit": digest("reply"),
        "received_on": "2026-04-03",
        "points": "No.",
        "final": chosen,
    }
    form = form_for(RecordReply, context)(filled)
    assert form.is_valid() == (said is not None)
    if said is not None:
        act = form.act()
        assert isinstance(act, RecordReply)
        assert act.final is said


def test_what_came_late_is_offered_to_approve_and_to_publish_with_its_version() -> None:
    from bongsu.sandbox.casework import PEOPLE, led_to, reply

    desk = led_to("published")
    desk.do(reply(desk), "ann")
    point = desk.version.replies[0].points[0].id
    desk.do(AnswerPoint(finding=desk.finding.id, point=point, text="The bill says otherwise."), "ann")
    told = outstanding(desk.open, desk.finding.id, on=desk.at.date(), known=desk.known)
    lacking = lacks_of(desk.open, desk.finding, told, PEOPLE["cora"])
    (lack,) = lacking
    assert lack.address.endswith("/do/approve_late_words/?version=1")
    moves = finding_moves(desk.open, desk.finding, Role.COORDINATOR, lacking=lacking, next_step=None)
    assert "publish_late_words" in {move.kind for group in moves.more for move in group.moves}
    lists: dict[str, list[tuple[str, str]]] = {"members": [], "persons": [], "others": []}
    context = Context(case=desk.open, finding=desk.finding.id, member="alpha", **lists)
    assert initial_of("publish_late_words", context, {}, desk.at.date())["version"] == "1"
    form = form_for(PublishLateWords, context)({"version": "1"})
    assert form.is_valid()
    assert form.act() == PublishLateWords(finding=desk.finding.id, version=1)


def test_a_statement_is_marked_as_what_it_holds(analyst: Client, finding: str) -> None:
    case = finding.partition("findings/")[0]
    page = analyst.get(f"{case}statement/").content.decode()
    assert CLAIM["sentence"] in page
    assert "TLP:AMBER" in page
    assert analyst.get(f"{case}statement/?finding=aaaaaaaaaa").status_code == 404


def test_a_statement_has_a_section_for_every_proposal_to_designate(analyst: Client, finding: str) -> None:
    case = CaseRow.objects.get().whole()
    mark = Mark(by="analyst1-alpha", member="alpha", at=case.last_at)
    measure = MeasureText(key="2397/5", on=date(2026, 3, 1), text_id=None, changed_by=None)
    proposal = DesignationProposal(
        id="proposal01",
        subject="sandbox:one",
        measures=(measure,),
        statement_of_case="SANDBOX: it called at a port that is invented.",
        findings=frozenset({case.findings[0].id, "aaaaaaaaaa"}),
        made=mark,
        follow_ups=(FollowedUp(mark=mark, status=FollowUpStatus.REJECTED, note="SANDBOX: no port.", exhibit=None),),
    )
    rows.keep_case(replace(case, proposals=(proposal,)))
    address = f"/cases/{case.id}/statement/"
    page = analyst.get(address).content.decode()
    section = page.partition('<section aria-labelledby="d-proposal01">')[2].partition("</section>")[0]
    for said in ("SANDBOX ONE", "rejected", "SANDBOX: no port.", 'href="/law/measures/2397/5/?on=2026-03-01"',
                 "as in force on", f'href="#f-{case.findings[0].id}"', proposal.statement_of_case):  # fmt: skip
        assert said in section
    assert "aaaaaaaaaa" not in section
    assert "d-proposal01" in analyst.get(f"{address}?finding={case.findings[0].id}").content.decode()


def test_the_groups_of_the_time_line_are_in_the_reader_s_language(analyst: Client, finding: str) -> None:
    case = CaseRow.objects.get().whole()
    for language, said in (("en", "Claims"), ("ko", "주장"), ("ja", "主張"), ("fr", "Allégations")):
        with override(language):
            groups = timeline(case, [])["groups"]
        assert groups[0] == {"id": "claims", "label": said}
