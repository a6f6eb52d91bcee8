"""Acts on a case as a whole: opening, indicators, requests, recommendations, proposals, handling, closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bongsu.cases.act import Act
from bongsu.cases.finding import MeasureText
from bongsu.cases.handling import Handling
from bongsu.cases.model import CaseSubject
from bongsu.cases.words import AnswerKind, CaseKind, FollowUpStatus, Standard


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase(Act):
    """Open a case, with its standard of proof and its handling.

    Args:
        salt: a random text of at least 16 characters, so that nobody can guess a title and find its id.
        case_kind: an inquiry, or a standing register.
        title, summary: for its readers.
        standard: the standard of proof of its findings.
        handling: the opener's member is an originator of it.
        subjects, indicators: what it begins with.
    """

    salt: str
    case_kind: CaseKind
    title: str
    summary: str
    standard: Standard
    handling: Handling
    subjects: tuple[CaseSubject, ...] = ()
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeCase(Act):
    """Write the case's title and summary anew."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStandard(Act):
    """Set another standard of proof, before any finding has left its draft."""

    standard: Standard
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSubject(Act):
    """Add someone or something the case is about; one with the same id is written anew."""

    subject: CaseSubject


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(Act):
    """Leave a note for those who work on the case."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptIndicators(Act):
    """Take indicators into the case.

    Args:
        indicators: their ids.
        reason: why; needed where one of them was dismissed before.
    """

    indicators: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissIndicator(Act):
    """Put an indicator aside, with a reason that is shown when something like it comes again.

    One that no case was opened for is dismissed in a register.

    Args:
        indicator: its id.
        subject: the id of the subject it is about, or None.
        reason: why it is no sign, or needs no work.
    """

    indicator: str
    subject: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCases(Act):
    """Take another case into this one; the other is closed beside it, naming this one.

    Args:
        other: the id of the case that goes into this one.
        subjects, indicators: what it held.
        reason: why both are one.
    """

    other: str
    subjects: tuple[CaseSubject, ...]
    indicators: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRequest(Act):
    """Ask a State, a body or a firm for information.

    Args:
        addressee: who is asked.
        question: what is asked.
        due: by which day an answer is asked for.
        exhibit: the digest of the letter, or None.
    """

    addressee: str
    question: str
    due: date
    exhibit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindRequest(Act):
    """Ask again for what was not answered."""

    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer(Act):
    """Enter an answer to a request, as it came.

    Args:
        request: the request's id.
        exhibit: the digest of the answer.
        received_on: the day it came.
        answer_kind: full, partial, or a refusal.
    """

    request: str
    exhibit: str
    received_on: date
    answer_kind: AnswerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommend(Act):
    """Recommend something to someone.

    Args:
        addressee: to whom.
        text: what.
        finding: the id of the finding it follows from, or None.
    """

    addressee: str
    text: str
    finding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDesignation(Act):
    """Propose that an authority list a subject, resting on findings that were decided as established.

    Args:
        subject: the subject's id.
        measures: the measures whose criteria are said to be met.
        statement_of_case: why.
        findings: ids of the findings.
    """

    subject: str
    measures: tuple[MeasureText, ...]
    statement_of_case: str
    findings: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Act):
    """Enter what became of a recommendation or of a proposal to designate.

    Args:
        item: its id.
        status: what became of it.
        note: how that is known.
        exhibit: the digest of what shows it, or None.
    """

    item: str
    status: FollowUpStatus
    note: str
    exhibit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordImplementationReport(Act):
    """Enter what a State reported of carrying out a resolution; in a register.

    Args:
        state: ISO 3166-1 alpha-2.
        resolution: the resolution's number.
        received_on: the day it came.
        exhibit: the digest of the report.
    """

    state: str
    resolution: str
    received_on: date
    exhibit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHandling(Act):
    """Change who may read the case, or one finding of it.

    Making it stricter takes effect at once. Loosening needs a coordinator of the originator; of several originators
    each does this same act, and it takes effect with the last.

    Args:
        finding: the finding's id, or None: the case.
        handling: the whole new handling, with the same originators.
        reason: why.
    """

    finding: str | None
    handling: Handling
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(Act):
    """Close the case; nothing in it is lost, and it can be opened again.

    Args:
        reason: why.
        merged_into: the id of the case that took it in, or None.
    """

    reason: str
    merged_into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase(Act):
    """Open a closed case again."""

    reason: str
