"""Indicators that may be one matter, as people are asked about them: by subject and story, to take in or to dismiss."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bongsu.cases.case_acts import AcceptIndicators, AddSubject, OpenCase
from bongsu.cases.handling import Reader, Tlp
from bongsu.cases.model import Case, CaseSubject, Dismissal
from bongsu.cases.suggestions import Sign, Suggestion, grouped, with_cases
from bongsu.cases.words import CaseKind, Standard
from bongsu.web.accounts.models import Person
from bongsu.web.pages.indicators.acting import dismiss, handling_with
from bongsu.web.record import journal, work
from bongsu.web.record.about import dismissals_about, open_cases_about
from bongsu.web.record.models import CaseRow, IndicatorRow, IndicatorState
from bongsu.web.record.states import in_state

#: So many of the strongest new indicators are grouped; those below come up when these are done.
GROUPED: Final = 3000
_SALT_BYTES: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A suggestion as the page shows it.

    Args:
        suggestion: the suggestion.
        indicators: its rows, by time.
        for_case: the title of the open case about the same subject, or None.
        dismissed: earlier dismissals about the subject, each with the title of its indicator.
    """

    suggestion: Suggestion
    indicators: tuple[IndicatorRow, ...]
    for_case: str | None
    dismissed: tuple[tuple[Dismissal, str], ...]

    @property
    def name(self) -> str:
        """Whom it is about."""
        return ", ".join(dict.fromkeys(subject.name for subject in self.suggestion.subjects))


def suggestions_for(reader: Reader) -> tuple[Suggestion, ...]:
    """What a person is asked about: of what the person may read alone, the strongest first.

    What `shown` looks up for those of a page is not in them: the case about the same subject, and what was dismissed.
    """
    new = (
        IndicatorRow.objects.readable_by(reader)
        .filter(in_state(IndicatorState.NEW, reader))
        .order_by("-score", "id")
        .values_list("record", flat=True)[:GROUPED]
    )
    return grouped(map(Sign.from_record, new))


def shown(suggestions: Iterable[Suggestion], reader: Reader) -> list[Shown]:
    """Suggestions of a page with what it shows of them."""
    several = _with_cases(suggestions, reader)
    named = {each for suggestion in several for each in suggestion.indicators}
    named |= {each.indicator for suggestion in several for each in suggestion.dismissed}
    found = {row.id: row for row in IndicatorRow.objects.readable_by(reader).filter(id__in=named)}
    titles = _titles(reader, {each.for_case for each in several if each.for_case is not None})
    return [
        Shown(
            suggestion=each,
            indicators=tuple(found[one] for one in each.indicators if one in found),
            for_case=titles.get(each.for_case or ""),
            dismissed=tuple(
                (one, found[one.indicator].title if one.indicator in found else "") for one in each.dismissed
            ),
        )
        for each in several
    ]


def _with_cases(suggestions: Iterable[Suggestion], reader: Reader) -> list[Suggestion]:
    several = list(suggestions)
    subjects = {subject.id for each in several for subject in each.subjects}
    return with_cases(several, dismissals_about(subjects, reader), open_cases_about(subjects, reader))


def _titles(reader: Reader, ids: Iterable[str]) -> Mapping[str, str]:
    return dict(CaseRow.objects.readable_by(reader).filter(id__in=list(ids)).values_list("id", "title"))


def open_with(person: Person, rows: Sequence[IndicatorRow], *, title: str, tlp: Tlp) -> Case:
    """Open a case with indicators of a suggestion and those they are about.

    Raises:
        RefusedError: something is missing.
    """
    act = OpenCase(
        salt=secrets.token_urlsafe(_SALT_BYTES),
        case_kind=CaseKind.INQUIRY,
        title=title,
        summary="\n".join(row.title for row in sorted(rows, key=lambda row: (-row.score, row.id))),
        standard=Standard.REASONABLE_GROUNDS,
        handling=handling_with(person, rows, tlp),
        subjects=_subjects_of(rows),
        indicators=tuple(row.id for row in rows),
    )
    return work.do(person, None, act)


def _subjects_of(rows: Iterable[IndicatorRow]) -> tuple[CaseSubject, ...]:
    """Whom indicators are about, and nobody whom those of the suggestion that were not chosen are about."""
    subjects = {row.subject_id: Sign.from_record(row.record).subject for row in rows}
    return tuple(subjects[key] for key in sorted(subjects))


def take_into(person: Person, rows: Sequence[IndicatorRow], *, case_id: str, reason: str | None) -> Case:
    """Take indicators of a suggestion into a case, with those they are about where the case does not know them.

    Raises:
        NotThereError: the case is not there for the person.
        RefusedError: something is missing; nothing was done then.
    """
    with journal.writing():
        indicators = tuple(row.id for row in rows)
        case = work.do(person, case_id, AcceptIndicators(indicators=indicators, reason=reason))
        for subject in _subjects_of(rows):
            if case.subject(subject.id) is None:
                case = work.do(person, case_id, AddSubject(subject=subject))
        return case


def dismiss_all(person: Person, indicators: Iterable[IndicatorRow], reason: str) -> None:
    """Dismiss indicators with one reason; all of them or none.

    Raises:
        RefusedError: something is missing; nothing was done then.
    """
    with journal.writing():
        for row in indicators:
            dismiss(person, row, reason)
