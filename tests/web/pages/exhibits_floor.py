"""What the tests of exhibits and of their exchange begin with: a case of the sandbox that cites its exhibits."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from django.db.models import Q

from bongsu.cases.case_acts import AcceptIndicators, OpenCase
from bongsu.cases.finding_acts import LinkEvidence, StartFinding, WriteClaim
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.model import Case, CaseSubject
from bongsu.cases.words import CaseKind, Credibility, Reliability, Stance, Standard
from bongsu.evidence import Folder
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Place
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity
from bongsu.web.accounts.models import Person
from bongsu.web.record import work
from bongsu.web.record.changes import handle
from bongsu.web.record.collected import unknown_handling
from bongsu.web.record.cycles import take_in
from bongsu.web.record.exhibits import take_in_exhibits, verify_exhibits
from bongsu.web.record.models import ExhibitRow, IndicatorRow

SHIP = CaseSubject(id="sandbox:ship-1", schema="Vessel", name="SANDBOX ONE", identifiers=frozenset({"imo:9000004"}))
FIRM = CaseSubject(id="sandbox:firm-1", schema="Company", name="=SANDBOX TRADING ONE")


def exhibits_of(store: Folder, person: Person) -> dict[str, str]:
    """The sandbox's exhibits, taken in and verified, by what their origin ends with.

    The customers and the positions are handled as real ones would be: for the member alone.
    """
    take_in(store, person.member_id)
    take_in_exhibits(store, person.member_id)
    for row in ExhibitRow.objects.filter(Q(origin="customers.csv") | Q(origin__startswith="sandbox/sandbox_ships")):
        handle(row, unknown_handling(person.member_id))
    verify_exhibits(ExhibitRow.objects.values_list("digest", flat=True))
    return {row.origin.rpartition("/")[2]: row.digest for row in ExhibitRow.objects.all()}


def case_citing(
    person: Person, citations: list[Citation], *, tlp: Tlp = Tlp.AMBER_STRICT, with_indicator: bool = True
) -> Case:
    """A case with a finding whose claim rests on some places, and with an indicator unless there is none."""
    handling = Handling(tlp=tlp, originators=frozenset({person.member_id}))
    opened = OpenCase(
        salt=secrets.token_urlsafe(24),
        case_kind=CaseKind.INQUIRY,
        title="Sandbox ship and an invented port",
        summary="SANDBOX: invented throughout.",
        standard=Standard.REASONABLE_GROUNDS,
        handling=handling,
        subjects=(SHIP, FIRM),
    )
    case = work.do(person, None, opened)
    if with_indicator:
        indicator = IndicatorRow.objects.readable_by(person.reader).filter(longitude_deg__isnull=False).first()
        assert indicator is not None
        work.do(person, case.id, AcceptIndicators(indicators=(indicator.id,)))
    case = work.do(person, case.id, StartFinding(title="A transfer that was invented"))
    finding = case.findings[0].id
    when = Interval(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 1, 2, 5, tzinfo=UTC))
    claim = WriteClaim(
        finding=finding,
        claim=None,
        sentence="SANDBOX ONE met another invented ship.",
        subject=SHIP.id,
        act="met",
        object=None,
        when=when,
        place=Place(latitude_deg=33.5, longitude_deg=124.25, name="an invented place"),
        quantity=Quantity.between(1000, 2000, "barrel"),
    )
    case = work.do(person, case.id, claim)
    for citation in citations:
        link = LinkEvidence(
            finding=finding,
            claim=case.findings[0].current.claims[0].id,
            citation=citation,
            stance=Stance.SUPPORTS,
            reliability=Reliability.B,
            credibility=Credibility.PROBABLY_TRUE,
        )
        case = work.do(person, case.id, link)
    return case
