"""What a reader is told who may not read a part of a case: what a site tells where that part never was.

Two sites are worked on alike, at the same times; on one of them things are done besides that the reader may not read.
Everything is compared that the reader can ask, by the API and the pages. The ids of what acts make are made from the
number of acts before: they differ, and are compared by their order. One refusal is the exception, `hidden_part`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bongsu.cases.act import Act
from bongsu.cases.case_acts import (
    AcceptIndicators,
    AddNote,
    AddSubject,
    ChangeHandling,
    CloseCase,
    DismissIndicator,
    FollowUp,
    MergeCases,
    OpenCase,
    Recommend,
    ReopenCase,
    SendRequest,
    SetStandard,
)
from bongsu.cases.finding_acts import (
    ConsiderAlternative,
    ReturnToDraft,
    Review,
    SetConfidence,
    StartFinding,
    SubmitForReview,
    Withdraw,
    WriteClaim,
)
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.model import Case, CaseSubject
from bongsu.cases.progress import applied
from bongsu.cases.words import CaseKind, Confidence, FollowUpStatus, Role, Standard, Verdict
from bongsu.kernel.interval import Interval
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.tokens import Scope, make_token
from bongsu.web.pages.cases.shown import shown_entries
from bongsu.web.record import journal, rows, work
from bongsu.web.record.cycles import keep_indicators
from bongsu.web.record.models import CaseRow, CycleRow, HandlingRow, IndicatorRow, SearchText
from bongsu.web.record.rebuilding import rebuilt
from bongsu.web.record.states import decisions_of
from bongsu.web.record.told import told_entries

pytestmark = pytest.mark.django_db

BEGIN = datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC) - timedelta(days=1)
SEEN, UNSEEN = "aaaa000000000001", "bbbb000000000001"
SHIP = CaseSubject(id="imo:9000004", schema="Vessel", name="SANDBOX SHIP")
FIRM = CaseSubject(id="sandbox:1", schema="Company", name="SANDBOX TRADING ONE")
GREEN = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))
STRICT = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"alpha"}))
RED = Handling(tlp=Tlp.RED, originators=frozenset({"alpha"}), named=frozenset({"coordinator1-alpha"}))

HIDDEN = ("write", "submit", "return", "withdraw", "weigh", "doubt", "review", "handle", "elsewhere")
OPEN = ("note", "start", "write", "advise", "ask", "take", "dismiss", "add")
STEPS = st.lists(
    st.tuples(st.sampled_from(["alpha", "beta"]), st.sampled_from(OPEN))
    | st.tuples(st.just("hidden"), st.sampled_from(HIDDEN)),
    min_size=3,
    max_size=12,
)
Step = tuple[str, str]


def record(indicator: str) -> dict[str, Any]:
    """The JSON form of an invented indicator."""
    return {
        "id": indicator,
        "detector": "sea.port_call",
        "title": f"SANDBOX sign {indicator}",
        "measures": ["2397/5"],
        "subject": {"id": SHIP.id, "schema": SHIP.schema, "name": SHIP.name},
        "when": {"from": "2026-01-02T00:00:00Z", "to": "2026-01-03T00:00:00Z"},
        "place": None,
        "quantity": None,
        "score": 0.5,
        "reasons": [{"text": "SANDBOX reason", "weight": 0.5}],
        "alternatives": ["SANDBOX alternative"],
        "citations": [],
        "facts": {},
        "sandbox": True,
    }


def opening(salt: str, handling: Handling, **parts: Any) -> OpenCase:
    return OpenCase(
        salt=f"a sandbox salt of the case {salt}",
        case_kind=CaseKind.INQUIRY,
        title=f"SANDBOX case {salt}",
        summary="SANDBOX: invented throughout.",
        standard=Standard.REASONABLE_GROUNDS,
        handling=handling,
        **parts,
    )


@dataclass(kw_only=True)
class Site:
    """Two persons of the case, one of another member who may not read all of it, and the case both work on."""

    alpha: Person
    beta: Person
    reader: Person
    clock: list[datetime]
    case: str = ""
    strict: str = ""
    finding: str = ""

    def do(self, person: Person, act: Act, case: str | None = None) -> None:
        """Do an act, where it may be done."""
        with suppress(work.RefusedError):
            work.do(person, case or self.case, act)

    def whole(self) -> Case:
        return CaseRow.objects.get(id=self.case).whole()

    def begun(self, *, hiding: bool) -> None:
        """The case, and on the one site a case and a finding in it for one person alone."""
        self.case = work.do(self.alpha, None, opening("one", GREEN, subjects=(SHIP, FIRM), indicators=(SEEN,))).id
        self.later()
        if hiding:
            self.strict = work.do(self.alpha, None, opening("two", RED, subjects=(SHIP,))).id
            work.do(self.alpha, self.case, StartFinding(title="SANDBOX hidden finding"))
            self.finding = self.whole().findings[0].id
            work.do(self.alpha, self.case, ChangeHandling(finding=self.finding, handling=RED, reason="a source"))

    def later(self) -> None:
        self.clock[0] += timedelta(minutes=1)

    def step(self, who: str, kind: str, *, hiding: bool) -> None:
        """One step, with its minute; what is hidden is done on the one site alone."""
        self.later()
        if who != "hidden":
            self.openly(self.alpha if who == "alpha" else self.beta, kind)
        elif hiding:
            self.secretly(kind)

    def openly(self, person: Person, kind: str) -> None:
        mine = rows.readable_part(self.whole(), person.reader)
        seen = [each for each in mine.findings if each.handling == GREEN]
        at = timezone.now().strftime("%H%M")
        if kind == "write":
            for finding in seen[:1]:
                self.do(person, written(finding.id))
            return
        acts: dict[str, Act] = {
            "note": AddNote(text=f"SANDBOX note {at}"),
            "start": StartFinding(title=f"SANDBOX finding {at}"),
            "advise": Recommend(addressee="the port", text="SANDBOX: ask", finding=seen[0].id if seen else None),
            "ask": SendRequest(addressee="Sandboxia", question="SANDBOX?", due=date(2099, 1, 1)),
            "take": AcceptIndicators(indicators=(SEEN,), reason="SANDBOX"),
            "dismiss": DismissIndicator(indicator=SEEN, subject=SHIP.id, reason="SANDBOX drill"),
            "add": AddSubject(subject=replace(SHIP, id=f"imo:{at}")),
        }
        self.do(person, acts[kind])

    def secretly(self, kind: str) -> None:
        on, at = self.finding, timezone.now().strftime("%H%M")
        acts: dict[str, Act] = {
            "write": written(on),
            "submit": SubmitForReview(finding=on),
            "return": ReturnToDraft(finding=on, reason="SANDBOX"),
            "withdraw": Withdraw(finding=on, version=1, reason="SANDBOX"),
            "weigh": ConsiderAlternative(finding=on, text="SANDBOX", assessment="no", answers=frozenset()),
            "doubt": SetConfidence(finding=on, confidence=Confidence.HIGH),
            "handle": ChangeHandling(finding=on, handling=replace(RED, purposes=frozenset({at})), reason="SANDBOX"),
            "review": Review(finding=on, verdict=Verdict.AGREES, remarks="SANDBOX"),
        }
        if kind == "elsewhere":
            self.do(self.alpha, AddNote(text="SANDBOX: as told by informant K"), self.strict)
        else:
            self.do(self.alpha, acts[kind])


def written(finding: str) -> WriteClaim:
    when = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    parts: dict[str, Any] = {"object": None, "place": None, "quantity": None}
    return WriteClaim(
        finding=finding,
        claim=None,
        sentence="SANDBOX TRADING ONE sold invented coal on 1 January 2026.",
        subject=FIRM.id,
        act="sold",
        when=when,
        **parts,
    )


@pytest.fixture
def site(person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch) -> Site:
    alpha = person(Role.COORDINATOR, clearance=Tlp.RED)
    beta = person(Role.COORDINATOR, member="beta", clearance=Tlp.GREEN)
    reader = person(Role.READER, member="beta", clearance=Tlp.GREEN)
    cycle = CycleRow.objects.create(id="20260104T000000Z-00000000", clock=datetime(2026, 1, 4, tzinfo=UTC))
    keep_indicators([record(SEEN), record(UNSEEN)], cycle, GREEN)
    IndicatorRow.objects.filter(id=UNSEEN).update(handling=HandlingRow.of(STRICT))
    SearchText.objects.filter(key=UNSEEN).update(handling=HandlingRow.of(STRICT))
    made = Site(alpha=alpha, beta=beta, reader=reader, clock=[BEGIN])
    monkeypatch.setattr(timezone, "now", lambda: made.clock[0])
    return made


@contextmanager
def undone() -> Iterator[None]:
    """What happens within did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(person: Person) -> tuple[Client, Client, dict[str, str]]:
    """A browser, a program, and the headers with which the program speaks."""
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    scopes = frozenset({Scope.READ, Scope.ACT, Scope.EXPORT})
    _, secret = make_token(person, label="SANDBOX", scopes=scopes, days=5, now=timezone.now())
    return browser, Client(), {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


PAGES = ("/cases/", "/cases/?view=columns", "/cases/{}/", "/cases/{}/views/", "/cases/{}/statement/")
PAGES += (
    "/cases/recommendations/",
    "/cases/requests/",
    "/cases/suggested/",
    f"/indicators/{SEEN}/",
    "/search/?q=SANDBOX",
)
OF_API = ("cases", "cases/{}", "search?q=SANDBOX", "indicators", f"indicators/{SEEN}", "findings")
FORMS = ("json", "csv", "ftm", "geojson", "stix")


def everything(site: Site, person: Person, acts: Sequence[Act]) -> dict[str, str]:
    """All that a person is told who asks for all there is to ask."""
    browser, program, token = asked(person)
    found: dict[str, str] = {}
    for page in PAGES:
        answer = browser.get(page.format(site.case))
        assert answer.status_code == 200, page
        found[page] = answer.content.decode()
    for each in OF_API:
        found[f"api {each}"] = program.get("/api/v1/" + each.format(site.case), **token).content.decode()
    part = work.case_of(site.case, person.reader)
    told = [each.number for each in told_entries(part)]
    found["history"] = str(
        [(each.at, each.by, str(each.title), each.words) for each in shown_entries(part, told, person.reader)]
    )
    for act in acts:
        lacking = [each.record() for each in work.check(person, site.case, act) if each.code != "hidden_part"]
        found[f"check {act}"] = json.dumps(lacking)
    for form in FORMS:
        answer = program.get(f"/api/v1/cases/{site.case}/export/{form}", **token)
        found[f"export {form}"] = b"".join(answer.streaming_content).decode()
        found[f"export {form} as"] = str(sorted(answer.headers.items()))
    return {key: plain(text, ids_in(part)) for key, text in found.items()}


def ids_in(part: Case) -> list[str]:
    """The ids of what acts on a case made, in their order."""
    made = [each.id for each in (*part.findings, *part.requests, *part.recommendations, *part.proposals)]
    for finding in part.findings:
        for version in finding.versions:
            made += [each.id for each in (*version.claims, *version.links, *version.alternatives)]
    return made


def plain(text: str, ids: Sequence[str]) -> str:
    """A text without what is new with every answer, its made ids by their order."""
    for number, each in enumerate(ids):
        text = text.replace(each, f"made{number}")
    text = re.sub(r'(content|value)="[A-Za-z0-9]{64}"', "", text)  # the tokens of forms
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "uuid", text)
    return re.sub(r"\b[0-9a-f]{40}\b", "made of ids", text)


def tried(site: Site) -> list[Act]:
    """What the reader of the part might try, on what both sites have."""
    part = work.case_of(site.case, site.beta.reader)
    return [
        AddNote(text="SANDBOX"),
        StartFinding(title="SANDBOX"),
        AddSubject(subject=replace(FIRM, name="SANDBOX TRADING ONE (x)")),
        AddSubject(subject=replace(SHIP, name="SANDBOX SHIP (x)")),
        AddSubject(subject=replace(SHIP, id="imo:1")),
        SetStandard(standard=Standard.CLEAR_AND_CONVINCING, reason="SANDBOX"),
        CloseCase(reason="SANDBOX"),
        ReopenCase(reason="SANDBOX"),
        *(AcceptIndicators(indicators=(each,), reason=None) for each in (SEEN, UNSEEN)),
        *(DismissIndicator(indicator=each, subject=None, reason="SANDBOX") for each in (SEEN, UNSEEN)),
        ChangeHandling(finding=None, handling=replace(GREEN, tlp=Tlp.CLEAR), reason="SANDBOX"),
        MergeCases(other=site.case, subjects=part.subjects, indicators=part.indicators, reason="SANDBOX"),
        Recommend(addressee="the port", text="SANDBOX", finding="nowhere"),
        FollowUp(item="nowhere", status=FollowUpStatus.DONE, note="SANDBOX"),
    ]


def run(site: Site, steps: Sequence[Step], *, hiding: bool) -> dict[str, str]:
    """What the one who may not read all of it is told after some steps."""
    site.clock[0], site.strict, site.finding = BEGIN, "", ""
    with undone():
        site.begun(hiding=hiding)
        for who, kind in (*steps, ("hidden", "handle")):
            site.step(who, kind, hiding=hiding)
        site.clock[0] = BEGIN + timedelta(hours=1)
        assert rebuilt(keep=False).differences == ()
        return everything(site, site.beta, tried(site))


@given(steps=STEPS)
@example(steps=[("alpha", "start"), ("hidden", "write"), ("alpha", "write"), ("hidden", "review"), ("beta", "note")])
@example(steps=[("beta", "dismiss"), ("hidden", "withdraw"), ("alpha", "advise"), ("hidden", "weigh")])
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_reader_is_told_what_a_site_tells_where_the_hidden_part_never_was(site: Site, steps: list[Step]) -> None:
    never, there = (run(site, steps, hiding=hiding) for hiding in (False, True))
    for key, text in never.items():
        assert there[key] == text, key


def test_an_act_is_done_over_hidden_ones_that_were_done_since_the_person_looked(site: Site) -> None:
    site.begun(hiding=True)
    looked = work.case_of(site.case, site.beta.reader).acts
    work.do(site.alpha, site.case, written(site.finding))
    changed = work.do(site.beta, site.case, AddNote(text="SANDBOX"), seen_acts=looked)
    assert (looked, changed.acts) == (1, 2)
    with pytest.raises(work.ConflictError):
        work.do(site.beta, site.case, AddNote(text="SANDBOX"), seen_acts=looked)
    with pytest.raises(work.ConflictError):
        work.do(site.alpha, site.case, AddNote(text="SANDBOX"), seen_acts=looked)


def test_a_case_that_went_into_a_stricter_one_names_neither_it_nor_why(site: Site) -> None:
    site.begun(hiding=False)
    strict = work.do(site.alpha, None, opening("two", RED, subjects=(SHIP, FIRM), indicators=(SEEN,))).id
    case = site.whole()
    reason = "SANDBOX: as told by informant K"
    merge = MergeCases(other=case.id, subjects=case.subjects, indicators=case.indicators, reason=reason)
    work.do(site.alpha, strict, merge)
    for key, text in everything(site, site.beta, [ReopenCase(reason="SANDBOX")]).items():
        assert strict not in text, key
        assert "informant" not in text, key
    (told,) = work.check(site.beta, site.case, ReopenCase(reason="SANDBOX"))
    assert told.code == "hidden_part"
    theirs = work.case_of(site.case, site.alpha.reader)
    assert theirs.closing is not None
    assert theirs.closing.merged_into == strict
    assert [each.code for each in work.check(site.alpha, site.case, ReopenCase(reason="x"))] == ["case_merged"]
    assert rebuilt(keep=False).differences == ()


def test_an_entry_of_before_that_says_why_and_where_a_case_went_says_neither_to_who_may_not_read_that(
    site: Site,
) -> None:
    site.begun(hiding=False)
    strict = work.do(site.alpha, None, opening("two", RED)).id
    # As it was written once: the reason of the merge stood in the case that went into the other.
    close = CloseCase(reason="SANDBOX: as told by informant K", merged_into=strict)
    forced(site.alpha, site.case, close)
    for key, text in everything(site, site.reader, []).items():
        assert strict not in text, key
        assert "informant" not in text, key
    assert rebuilt(keep=False).differences == ()


def forced(person: Person, case_id: str, act: Act) -> None:
    """An act as an older rule let it be done."""
    with journal.writing():
        case = CaseRow.objects.get(id=case_id).whole()
        at = timezone.now().replace(microsecond=0)
        changed = applied(case, act, person.actor, at)
        rows.keep(changed, act, journal.append_act(case_id, act, by=person.actor, at=at).number)


def test_an_indicator_that_an_older_rule_took_in_is_kept_by_a_rebuild_and_shown_to_nobody_who_may_not_read_it(
    site: Site,
) -> None:
    site.begun(hiding=False)
    forced(site.alpha, site.case, AcceptIndicators(indicators=(UNSEEN,), reason="SANDBOX"))
    forced(site.alpha, site.case, DismissIndicator(indicator=UNSEEN, subject=SHIP.id, reason="SANDBOX secret"))
    forced(site.alpha, site.case, AcceptIndicators(indicators=(UNSEEN,), reason="SANDBOX"))
    assert rebuilt(keep=False).differences == ()
    assert work.case_of(site.case, site.alpha.reader).indicators == (SEEN, UNSEEN)
    for dismissed in (False, True):
        if dismissed:
            forced(site.alpha, site.case, DismissIndicator(indicator=UNSEEN, subject=SHIP.id, reason="SANDBOX secret"))
        for key, text in everything(site, site.beta, tried(site)[:8]).items():
            assert UNSEEN not in text, key
            assert "secret" not in text, key
    assert work.case_of(site.case, site.beta.reader).acts == 1
    assert [each.code for each in work.check(site.beta, site.case, CloseCase(reason="SANDBOX"))] == []


def test_what_the_one_who_merges_may_not_read_stays_taken_in_where_it_was(site: Site) -> None:
    site.begun(hiding=False)
    forced(site.alpha, site.case, AcceptIndicators(indicators=(UNSEEN,), reason="SANDBOX"))
    part = work.case_of(site.case, site.beta.reader)
    mine = work.do(site.beta, None, opening("two", replace(GREEN, originators=frozenset({"beta"})))).id
    act = MergeCases(other=site.case, subjects=part.subjects, indicators=part.indicators, reason="SANDBOX")
    work.do(site.beta, mine, act)
    decided = decisions_of([SEEN, UNSEEN], site.alpha.reader)
    assert {each: (one.case_id, one.state) for each, one in decided.items()} == {
        SEEN: (mine, "accepted"),
        UNSEEN: (site.case, "accepted"),
    }
    assert rebuilt(keep=False).differences == ()
