"""What evidence quotes of an exhibit is for those who may read the exhibit, whatever becomes of the finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bongsu.cases.act import Act
from bongsu.cases.case_acts import AddSubject, ChangeHandling
from bongsu.cases.finding_acts import LinkEvidence, StartCorrection, StartFinding, UnlinkEvidence, Withdraw, WriteClaim
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.model import Case, CaseSubject
from bongsu.cases.readable import WITHHELD
from bongsu.cases.words import Credibility, Reliability, Role, Stance
from bongsu.evidence import Folder
from bongsu.kernel.citation import Citation
from bongsu.kernel.interval import Interval
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.tokens import Scope, make_token
from bongsu.web.record import work
from bongsu.web.record.rebuilding import rebuilt

pytestmark = pytest.mark.django_db

SECRET = "INVENTED SOURCE NAME"
AMBER = Handling(tlp=Tlp.AMBER, originators=frozenset({"alpha"}))
FIRM = CaseSubject(id="sandbox:1", schema="Company", name="SANDBOX TRADING ONE")
TOLD_IN = ("", "history/", "statement/", "findings/{}/", "findings/{}/versions/1/")


@dataclass
class Desk:
    """A case with a finding that once rested on an exhibit for two persons alone."""

    analyst: Person
    coordinator: Person
    case: Case
    exhibit: str

    def do(self, act: Act, by: Person | None = None) -> None:
        self.case = work.do(by or self.analyst, self.case.id, act)

    @property
    def finding(self) -> str:
        return self.case.findings[0].id

    def loosened(self) -> None:
        self.do(ChangeHandling(finding=self.finding, handling=AMBER, reason="nothing secret is left"), self.coordinator)

    def unlinked(self) -> None:
        link = self.case.findings[0].current.links[0].id
        self.do(UnlinkEvidence(finding=self.finding, link=link, reason="the source"))

    def told(self, browser: Client) -> set[str]:
        """Where a person is told the secret, of the pages that are there."""
        addresses = [f"/cases/{self.case.id}/{each.format(self.finding)}" for each in TOLD_IN]
        addresses += [f"/cases/{self.case.id}/findings/{self.finding}/versions/2/changes/", "/search/?q=INVENTED"]
        return {each for each in addresses if SECRET in browser.get(each).content.decode()}


@pytest.fixture
def desk(
    store: Folder, person: Callable[..., Person], signed_in: Callable[..., Client], opened: Callable[..., Case]
) -> Desk:
    analyst, coordinator = person(clearance=Tlp.RED), person(Role.COORDINATOR, clearance=Tlp.RED)
    given = {
        "title": "SANDBOX note",
        "origin": "an invented sender",
        "tlp": int(Tlp.RED),
        "named": coordinator.username,
    }
    file = SimpleUploadedFile("a.txt", b"SANDBOX\n")
    given |= {"file": file, "tlp": int(Tlp.RED), "named": coordinator.username}
    answer = signed_in(of=analyst).post("/exhibits/add/", given)
    made = Desk(analyst, coordinator, opened(analyst), answer["Location"].split("/")[2])
    made.do(StartFinding(title="SANDBOX finding"))
    red = Handling(
        tlp=Tlp.RED, originators=AMBER.originators, named=frozenset({analyst.username, coordinator.username})
    )
    made.do(ChangeHandling(finding=made.finding, handling=red, reason="a source"))
    day = datetime(2026, 3, 2, tzinfo=UTC)
    claim = WriteClaim(
        finding=made.finding,
        claim=None,
        sentence="SANDBOX TRADING ONE sold invented oil on 2 March 2026.",
        subject=FIRM.id,
        act="sold",
        object=None,
        when=Interval(day, day),
    )
    made.do(AddSubject(subject=FIRM))
    made.do(claim)
    made.do(
        LinkEvidence(
            finding=made.finding,
            claim=made.case.findings[0].current.claims[0].id,
            citation=Citation(exhibit=made.exhibit, locator="line=1"),
            stance=Stance.SUPPORTS,
            reliability=Reliability.B,
            credibility=Credibility.PROBABLY_TRUE,
            quote=SECRET,
            note=f"told by {SECRET}",
        )
    )
    return made


@pytest.fixture
def other(person: Callable[..., Person]) -> Person:
    """Someone of another member who may read the case, and the finding once it is loosened."""
    return person(Role.READER, member="beta", clearance=Tlp.AMBER)


def test_what_was_struck_out_stays_hidden_when_the_finding_is_loosened(
    desk: Desk, other: Person, signed_in: Callable[..., Client]
) -> None:
    desk.unlinked()
    desk.loosened()
    assert desk.told(signed_in(of=other)) == set()
    history = signed_in(of=other).get(f"/cases/{desk.case.id}/history/").content.decode()
    assert WITHHELD in history
    assert desk.told(signed_in(of=desk.coordinator)) == {f"/cases/{desk.case.id}/history/"}


def test_an_old_version_is_shown_without_the_words_of_what_its_reader_may_not_read(
    desk: Desk, other: Person, signed_in: Callable[..., Client]
) -> None:
    desk.do(Withdraw(finding=desk.finding, version=1, reason="begun anew"), desk.coordinator)
    desk.do(StartCorrection(finding=desk.finding, reason="without the source"))
    desk.unlinked()
    desk.loosened()
    assert desk.told(signed_in(of=other)) == set()
    begins = f"/cases/{desk.case.id}/findings/{desk.finding}/versions"
    assert WITHHELD in signed_in(of=other).get(f"{begins}/1/").content.decode()
    kept = desk.told(signed_in(of=desk.analyst))
    assert kept == {f"{begins}/1/", f"{begins}/2/changes/", f"/cases/{desk.case.id}/history/"}


def test_the_api_and_the_exports_withhold_the_same(desk: Desk, other: Person, client: Client) -> None:
    desk.do(Withdraw(finding=desk.finding, version=1, reason="begun anew"), desk.coordinator)
    desk.do(StartCorrection(finding=desk.finding, reason="without the source"))
    desk.unlinked()
    desk.loosened()
    for reader, is_told in ((other, False), (desk.analyst, True)):
        scopes = frozenset({Scope.READ, Scope.EXPORT})
        _, secret = make_token(reader, label="SANDBOX", scopes=scopes, days=5, now=datetime.now(UTC))
        token = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        said = client.get(f"/api/v1/cases/{desk.case.id}", **token).json()
        (link,) = said["findings"][0]["versions"][0]["claims"][0]["links"]
        assert (link["quote"], link["note"]) == ((SECRET, f"told by {SECRET}") if is_told else (None, WITHHELD))
        for form in ("json", "csv", "ftm", "stix"):
            answer = client.get(f"/api/v1/cases/{desk.case.id}/export/{form}", **token)
            assert answer.status_code == 200
            assert is_told or SECRET not in b"".join(answer.streaming_content).decode()


def test_an_exhibit_made_stricter_takes_its_words_out_of_what_others_read_of_a_finding(
    desk: Desk, other: Person, signed_in: Callable[..., Client], store: Folder
) -> None:
    given = {"title": "SANDBOX list", "origin": "an invented sender", "tlp": int(Tlp.AMBER)}
    file = SimpleUploadedFile("b.txt", b"SANDBOX list\n")
    exhibit = signed_in(of=desk.analyst).post("/exhibits/add/", {"file": file, **given})["Location"].split("/")[2]
    link = replace(_written(desk), citation=Citation(exhibit=exhibit, locator="line=1"))
    desk.unlinked()
    desk.do(link)
    desk.loosened()
    page = f"/cases/{desk.case.id}/findings/{desk.finding}/"
    assert page in desk.told(signed_in(of=other))
    closed = signed_in(of=desk.analyst).post(f"/exhibits/{exhibit}/handling/", {"tlp": int(Tlp.RED), "reason": "care"})
    assert closed.status_code == 302
    assert desk.told(signed_in(of=other)) == set()
    assert page in desk.told(signed_in(of=desk.analyst))
    assert rebuilt(keep=False).differences == ()


def _written(desk: Desk) -> LinkEvidence:
    (claim,) = desk.case.findings[0].current.claims
    (link,) = claim.links
    return LinkEvidence(
        finding=desk.finding,
        claim=claim.id,
        citation=link.citation,
        stance=link.stance,
        reliability=link.reliability,
        credibility=link.credibility,
        quote=link.quote,
        note=link.note,
    )
