"""The situation an act would be done in: the case, the person, the time, and what was looked up for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bongsu.cases.catalogue import CATALOGUE
from bongsu.cases.finding import Finding, MeasureText
from bongsu.cases.handling import Handling, covers, may_read
from bongsu.cases.model import Case, Dismissal, Person
from bongsu.kernel.canonical import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that stands in the way.

    Args:
        code: stable; pages translate by it.
        text: what, in plain English.
        where: the id of the finding, claim, link, notice or other part it is about, or the name of a field; or None.
        remedy: what helps.
        values: what the text and the remedy name, for translations; in the order of their names.
    """

    code: str
    text: str
    where: str | None
    remedy: str
    values: tuple[tuple[str, str], ...] = ()

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "code": self.code,
            "text": self.text,
            "where": self.where,
            "remedy": self.remedy,
            "values": dict(self.values),
        }


def lacks(code: str, where: str | None = None, **values: object) -> Missing:
    """A missing thing from the catalogue.

    Raises:
        KeyError: no such code, or a value its sentence names is not given.
    """
    said = CATALOGUE[code]
    texts = {name: str(value) for name, value in values.items()}
    return Missing(
        code=code,
        text=said.text.format(**texts),
        where=where,
        remedy=said.remedy.format(**texts),
        values=tuple(sorted(texts.items())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownExhibit:
    """An exhibit as the caller looked it up.

    Args:
        sound: whether its bytes still have its digest, by the last scrub; None: not looked at yet.
        handling: how it is handled.
    """

    sound: bool | None
    handling: Handling


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the caller looked up for an act; what is not in it is taken as not there.

    Args:
        exhibits: by digest; those of the evidence and of the act at least.
        measures: every measure text that may be named, such as `measure_on` gives it.
        indicators: how those that the person may read are handled, by id; those that the act names, and those that the
            cases it is on hold.
        dismissed: what was dismissed elsewhere, by the indicator's id.
        cases: other cases that the person may read, by id, whole: for merging, and to open a merged one again.
        last_at: when the last act was done that the person may know of; None: the last there was.
        approvals_needed: how many members must approve before a finding is published.
        least_reply_days: the least days an addressee is given; ours, no treaty names one.
    """

    exhibits: Mapping[str, KnownExhibit] = field(default_factory=dict)
    measures: frozenset[MeasureText] = frozenset()
    indicators: Mapping[str, Handling] = field(default_factory=dict)
    dismissed: Mapping[str, Dismissal] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    last_at: datetime | None = None
    approvals_needed: int = 1
    least_reply_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Who would act, on which case, when, and what is known."""

    case: Case
    by: Person
    at: datetime
    known: Known

    @property
    def today(self) -> date:
        """The day of the act, in UTC."""
        return self.at.astimezone(UTC).date()

    def findings_of(self, case: Case) -> tuple[Finding, ...]:
        """The findings of a case that the person may read."""
        return tuple(each for each in case.findings if may_read(self.by.reader, each.handling, self.today))

    def readable_finding(self, finding_id: str) -> Finding | None:
        """A finding of the case; None where there is none, or none that the person may read."""
        return next((each for each in self.findings_of(self.case) if each.id == finding_id), None)

    def readable_case(self, case_id: str | None) -> Case | None:
        """Another case; None where there is none, or none that the person may read."""
        found = None if case_id is None else self.known.cases.get(case_id)
        return found if found is not None and may_read(self.by.reader, found.handling, self.today) else None

    def hidden_findings(self, case: Case, where: str | None = None) -> Iterator[Missing]:
        """That a case has findings which the person may not read, for an act that bears on all of them.

        The answer is the same whatever they are about, wherever they stand and whatever the act would change, so that
        asking again and again tells no more than asking once.
        """
        if len(self.findings_of(case)) < len(case.findings):
            yield lacks("hidden_part", where)

    def exhibit(self, digest: str | None, where: str, *, within: Handling | None = None) -> Iterator[Missing]:
        """What is wrong with an exhibit that an act names: unknown, unreadable for the person, not sound, marked above.

        Args:
            digest: its digest, or None: the act names none.
            where: the field that names it.
            within: the handling of what would hold it, or None: whoever acts reads it alone.
        """
        if digest is None:
            return
        known = self.known.exhibits.get(digest)
        if known is None or not may_read(self.by.reader, known.handling, self.today):
            yield lacks("exhibit_unknown", where, exhibit=digest[:12])
            return
        yield from unsound(digest, known, where)
        if within is not None and not covers(within, known.handling):
            yield above(digest, known, where, within)

    def past(self, day: date, where: str, *, since: date | None = None) -> Iterator[Missing]:
        """What is wrong with the day of something that has happened: to come, or before what it follows."""
        if day > self.today:
            yield lacks("day_to_come", where, field=where)
        if since is not None and day < since:
            yield lacks("day_too_early", where, field=where, after=since)


def indicator_gaps(indicator: str, known: Known, within: Handling | None) -> Iterator[Missing]:
    """What is wrong with an indicator that an act names: unknown, or unreadable for the person, or marked above.

    Args:
        indicator: its id.
        known: what was looked up.
        within: the handling of the case that would hold it, or None: it is there already.
    """
    handling = known.indicators.get(indicator)
    if handling is None:
        yield lacks("unknown_indicator", indicator, id=indicator)
    elif within is not None and not covers(within, handling):
        marking, case_marking = handling.tlp.label, within.tlp.label
        yield lacks("indicator_above_marking", indicator, id=indicator, marking=marking, case_marking=case_marking)


def unsound(digest: str, known: KnownExhibit, where: str) -> Iterator[Missing]:
    """What is wrong with the bytes of an exhibit."""
    if known.sound is None:
        yield lacks("exhibit_not_verified", where, exhibit=digest[:12])
    elif not known.sound:
        yield lacks("exhibit_damaged", where, exhibit=digest[:12])


def above(digest: str, known: KnownExhibit, where: str, within: Handling) -> Missing:
    """That an exhibit is marked above the text that rests on it."""
    return lacks(
        "evidence_above_marking",
        where,
        exhibit=digest[:12],
        marking=known.handling.tlp.label,
        text_marking=within.tlp.label,
    )
