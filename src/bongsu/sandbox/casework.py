"""An invented desk of casework: its people, its exhibits, and a finding that is led along the whole way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bongsu.cases.acts import Act
from bongsu.cases.case_acts import ChangeHandling, OpenCase
from bongsu.cases.finding import Finding, FindingVersion, MeasureText
from bongsu.cases.finding_acts import (
    Approve,
    CheckLaw,
    ConsiderAlternative,
    Decide,
    DeclareNoReply,
    LinkEvidence,
    ProveDelivery,
    Publish,
    RecordReply,
    Review,
    SendNotice,
    SetConfidence,
    SetMeasures,
    StartFinding,
    SubmitForReview,
    WriteClaim,
)
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.journal import Entry, act_entry
from bongsu.cases.model import Case, CaseSubject, Person
from bongsu.cases.progress import applied
from bongsu.cases.rules import Known, KnownExhibit, Missing, missing
from bongsu.cases.words import (
    CaseKind,
    Confidence,
    Credibility,
    Outcome,
    Reliability,
    Role,
    Stance,
    Standard,
    Verdict,
)
from bongsu.kernel.chain import EMPTY, Anchor
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Place
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity

NORTH, SOUTH, WEST = "sandbox-north", "sandbox-south", "sandbox-west"
TRADING = CaseSubject(id="sandbox:1", schema="Company", name="Sandbox Trading One")
SHIP = CaseSubject(
    id="imo:0000001", schema="Vessel", name="Sandbox Ship One", identifiers=frozenset({"mmsi:000000001"})
)
MEASURE = MeasureText(key="2397/5", on=date(2026, 3, 2), text_id="sandbox-text", changed_by=None)
AMBER = Handling(tlp=Tlp.AMBER, originators=frozenset({NORTH}))
CLEAR = Handling(tlp=Tlp.CLEAR, originators=frozenset({NORTH}))
SENTENCE = "Sandbox Trading One sold 500 barrels of invented oil to Sandbox Ship One on 2 March 2026."


def digest(text: str) -> str:
    """The digest of an invented exhibit."""
    return hashlib.sha256(f"SANDBOX exhibit, invented: {text}".encode()).hexdigest()


def person(name: str, role: Role, member: str = NORTH, clearance: Tlp = Tlp.RED) -> Person:
    """Someone of the invented desk."""
    return Person(id=name, member=member, role=role, clearance=clearance)


PEOPLE = {
    each.id: each
    for each in (
        person("ann", Role.ANALYST),
        person("abe", Role.ANALYST, SOUTH),
        person("rae", Role.REVIEWER),
        person("rob", Role.REVIEWER, SOUTH),
        person("cora", Role.COORDINATOR),
        person("cyd", Role.COORDINATOR, SOUTH),
        person("cal", Role.COORDINATOR, WEST),
        person("reed", Role.READER),
        person("adam", Role.ADMINISTRATOR),
        person("low", Role.COORDINATOR, clearance=Tlp.GREEN),
    )
}

EXHIBITS = {
    digest("bill"): KnownExhibit(sound=True, handling=CLEAR),
    digest("photo"): KnownExhibit(sound=True, handling=CLEAR),
    digest("denial"): KnownExhibit(sound=True, handling=CLEAR),
    digest("letter"): KnownExhibit(sound=True, handling=CLEAR),
    digest("receipt"): KnownExhibit(sound=True, handling=CLEAR),
    digest("reply"): KnownExhibit(sound=True, handling=CLEAR),
    digest("amber"): KnownExhibit(sound=True, handling=AMBER),
    digest("red"): KnownExhibit(
        sound=True, handling=Handling(tlp=Tlp.RED, originators=frozenset({NORTH}), named=frozenset({"ann"}))
    ),
    digest("fresh"): KnownExhibit(sound=None, handling=CLEAR),
    digest("broken"): KnownExhibit(sound=False, handling=CLEAR),
}
KNOWN = Known(
    exhibits=EXHIBITS,
    measures=frozenset({MEASURE}),
    indicators=dict.fromkeys(("aaaa000000000001", "aaaa000000000002", "aaaa000000000003"), CLEAR),
    approvals_needed=2,
    least_reply_days=14,
)


def opening(**changes: object) -> OpenCase:
    """The act that opens the invented case."""
    act = OpenCase(
        salt="sandbox-salt-0123456789",
        case_kind=CaseKind.INQUIRY,
        title="Invented oil of Sandbox Trading One",
        summary="Invented throughout.",
        standard=Standard.REASONABLE_GROUNDS,
        handling=AMBER,
        subjects=(TRADING, SHIP),
        indicators=("aaaa000000000001",),
    )
    return replace(act, **changes)  # type: ignore[arg-type]  # the caller names real fields


@dataclass
class Desk:
    """The desk at work on one case: what was done, and what would be refused.

    Args:
        known: what is looked up for each act.
        at: the time of the next act.
        case: as it stands.
        entries: the journal so far.
    """

    known: Known = KNOWN
    at: datetime = datetime(2026, 4, 1, 9, tzinfo=UTC)
    case: Case | None = None
    entries: list[Entry] = field(default_factory=list)

    @property
    def head(self) -> Anchor:
        """The last entry."""
        return self.entries[-1].anchor if self.entries else EMPTY

    @property
    def open(self) -> Case:
        """The case, which is there.

        Raises:
            ValueError: none was opened.
        """
        if self.case is None:
            raise ValueError("no case was opened")
        return self.case

    @property
    def finding(self) -> Finding:
        """The first finding."""
        return self.open.findings[0]

    @property
    def version(self) -> FindingVersion:
        """Its newest version."""
        return self.finding.current

    def codes(self, act: Act, by: str) -> set[str]:
        """The codes of what stands in an act's way."""
        return {each.code for each in self.told(act, by)}

    def told(self, act: Act, by: str) -> tuple[Missing, ...]:
        """What a person is told that stands in an act's way."""
        return missing(self.case, act, PEOPLE[by], self.at, self.known)

    def do(self, act: Act, by: str) -> None:
        """Do an act that may be done, and write it into the journal.

        Raises:
            ValueError: something stands in its way.
        """
        codes = self.codes(act, by)
        if codes:
            raise ValueError(f"{act.kind}: {', '.join(sorted(codes))}")
        self.force(act, by)

    def force(self, act: Act, by: str) -> None:
        """Do an act whatever the rules say."""
        self.case = applied(self.case, act, PEOPLE[by], self.at)
        self.entries.append(act_entry(self.head, self.case.id, act, PEOPLE[by], self.at))
        self.at += timedelta(minutes=1)

    def later(self, days: int) -> None:
        """Let days pass."""
        self.at += timedelta(days=days)


def claim(desk: Desk, **changes: object) -> WriteClaim:
    """A claim in the first finding."""
    act = WriteClaim(
        finding=desk.finding.id,
        claim=None,
        sentence=SENTENCE,
        subject=TRADING.id,
        act="sold",
        object="invented oil",
        when=Interval(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, 23, tzinfo=UTC)),
        place=Place(latitude_deg=0.0, longitude_deg=-30.0, name="an invented place"),
        quantity=Quantity.exact(500, "barrel"),
    )
    return replace(act, **changes)  # type: ignore[arg-type]  # the caller names real fields


def evidence(
    desk: Desk, exhibit: str = "bill", stance: Stance = Stance.SUPPORTS, claim_id: str | None = None
) -> LinkEvidence:
    """Evidence for the first claim."""
    return LinkEvidence(
        finding=desk.finding.id,
        claim=claim_id or desk.version.claims[0].id,
        citation=Citation(exhibit=digest(exhibit), locator="page=3&xywh=72,144,200,36"),
        stance=stance,
        reliability=Reliability.B,
        credibility=Credibility.PROBABLY_TRUE,
        quote="SANDBOX 500 barrels",
    )


def notice(desk: Desk, **changes: object) -> SendNotice:
    """A notice to the company."""
    act = SendNotice(
        finding=desk.finding.id,
        addressee="Sandbox Trading One, 1 Invented Street",
        concerns=frozenset({TRADING.id}),
        language="ko",
        alleges="that it sold invented oil",
        how_to_answer="by letter to the sandbox",
        deadline=desk.at.date() + timedelta(days=21),
        exhibit=digest("letter"),
    )
    return replace(act, **changes)  # type: ignore[arg-type]  # the caller names real fields


def submission(desk: Desk) -> SubmitForReview:
    """The draft goes to the reviewers."""
    return SubmitForReview(finding=desk.finding.id)


def reply(desk: Desk, *points: str, final: bool = True) -> RecordReply:
    """A reply to the newest notice, received today; all that there is to come, or not."""
    return RecordReply(
        finding=desk.finding.id,
        notice=desk.version.notices[-1].id,
        exhibit=digest("reply"),
        received_on=desk.at.date(),
        points=points or ("We sold nothing.",),
        final=final,
    )


def decision(desk: Desk) -> Decide:
    """That the finding is established."""
    return Decide(finding=desk.finding.id, outcome=Outcome.ESTABLISHED, reasoning="two documents agree")


def _opened(desk: Desk) -> None:
    desk.do(opening(), "ann")


def _draft(desk: Desk) -> None:
    desk.do(StartFinding(title="Invented oil sold by Sandbox Trading One"), "ann")
    desk.do(claim(desk), "ann")
    desk.do(evidence(desk), "ann")
    finding = desk.finding.id
    desk.do(ConsiderAlternative(finding=finding, text="The bill is false.", assessment="A second copy agrees."), "ann")
    desk.do(SetConfidence(finding=finding, confidence=Confidence.MODERATE), "ann")
    desk.do(SetMeasures(finding=finding, measures=(MEASURE,)), "ann")


def _review(desk: Desk) -> None:
    desk.do(submission(desk), "ann")


def _reviewed(desk: Desk) -> None:
    for by in ("rae", "rob"):
        desk.do(Review(finding=desk.finding.id, verdict=Verdict.AGREES, remarks="it holds"), by)
    desk.do(CheckLaw(finding=desk.finding.id, verdict=Verdict.AGREES, remarks="in force then"), "rae")


def _noticed(desk: Desk) -> None:
    desk.do(notice(desk), "cora")


def _delivered(desk: Desk) -> None:
    desk.later(2)
    desk.do(
        ProveDelivery(
            finding=desk.finding.id,
            notice=desk.version.notices[-1].id,
            exhibit=digest("receipt"),
            delivered_on=desk.at.date(),
        ),
        "ann",
    )


def _silent(desk: Desk) -> None:
    desk.later(25)
    desk.do(DeclareNoReply(finding=desk.finding.id, notice=desk.version.notices[-1].id), "ann")


def _decided(desk: Desk) -> None:
    desk.do(decision(desk), "cora")


def _approved(desk: Desk) -> None:
    for by in ("cora", "cyd"):
        desk.do(Approve(finding=desk.finding.id), by)


def _published(desk: Desk) -> None:
    if desk.finding.handling != CLEAR:
        desk.do(ChangeHandling(finding=desk.finding.id, handling=CLEAR, reason="nothing in it needs care"), "cora")
    desk.do(Publish(finding=desk.finding.id), "cora")


WAY: dict[str, Callable[[Desk], None]] = {
    "opened": _opened,
    "draft": _draft,
    "review": _review,
    "reviewed": _reviewed,
    "noticed": _noticed,
    "delivered": _delivered,
    "silent": _silent,
    "decided": _decided,
    "approved": _approved,
    "published": _published,
}


def led_to(stop: str, known: Known = KNOWN, *, after: str | None = None, desk: Desk | None = None) -> Desk:
    """A desk whose finding was led to a step of the way; `after` begins behind a step that is done."""
    desk = desk or Desk(known=known)
    names = list(WAY)
    begin = 0 if after is None else names.index(after) + 1
    for name in names[begin : names.index(stop) + 1]:
        WAY[name](desk)
    return desk
