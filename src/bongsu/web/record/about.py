"""What cases are about, kept to be asked for without reading one: names of their subjects, and what they dismissed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bongsu.cases import codec
from bongsu.cases.handling import Reader
from bongsu.cases.model import Case, Dismissal
from bongsu.web.record.models import CaseName, CaseRow, DismissalRow, IndicatorRow, readable_handlings

_BATCH: Final = 500
_LONGEST: Final = 200  # of the id of an indicator's subject: a longer name is that of none


def keep_about(case: Case, row: CaseRow) -> None:
    """The rows of what a case is about, in the transaction of its own row; those that are right already stay."""
    named = {name for subject in case.subjects for name in (subject.id, *subject.identifiers) if len(name) <= _LONGEST}
    known = set(row.names.values_list("name", flat=True))
    row.names.filter(name__in=known - named).delete()
    CaseName.objects.bulk_create([CaseName(case=row, name=name) for name in sorted(named - known)], _BATCH)
    told = {(place, each.indicator): each for place, each in enumerate(case.dismissed)}
    kept = set(row.dismissals.values_list("place", "indicator"))
    if kept - told.keys():
        row.dismissals.all().delete()
        kept = set()
    fresh = [_dismissal_row(row, place, each) for (place, id_), each in told.items() if (place, id_) not in kept]
    DismissalRow.objects.bulk_create(fresh, _BATCH)


def _dismissal_row(row: CaseRow, place: int, dismissal: Dismissal) -> DismissalRow:
    return DismissalRow(
        case=row,
        place=place,
        indicator=dismissal.indicator,
        subject=(dismissal.subject or "")[:_LONGEST],
        record=codec.record(dismissal),
    )


def open_cases_about(names: Collection[str], reader: Reader) -> dict[str, tuple[datetime, str]]:
    """For each name the open case about it, of those a person may read, that was worked on last.

    Returns:
        When it was worked on last, and its id; a name that no open case is about is not in it.
    """
    known = list(CaseName.objects.filter(name__in=names).values_list("name", "case"))
    open_cases = CaseRow.objects.readable_by(reader).filter(is_open=True, id__in={case for _, case in known})
    worked_on = dict(open_cases.values_list("id", "last_at"))
    newest: dict[str, tuple[datetime, str]] = {}
    for name, case in known:
        if case in worked_on:
            newest[name] = max(newest.get(name, (worked_on[case], case)), (worked_on[case], case))
    return newest


def dismissals_about(subjects: Collection[str], reader: Reader) -> list[Dismissal]:
    """What was dismissed about some subjects of what a person may read, in cases that the person may read.

    A dismissal that does not name whom it is about is about the subject of its indicator, where the person may read it.
    """
    named = _readable(DismissalRow.objects.filter(subject__in=subjects), reader)
    unnamed = _readable(DismissalRow.objects.filter(subject=""), reader)
    rows = IndicatorRow.objects.readable_by(reader).filter(id__in={row.indicator for row in unnamed})
    about = {id_: subject for id_, subject in rows.values_list("id", "subject_id") if subject in subjects}
    known = [*named, *(row for row in unnamed if row.indicator in about)]
    hidden = IndicatorRow.objects.filter(id__in={row.indicator for row in known}).exclude(
        handling__in=readable_handlings(reader)
    )
    closed = set(hidden.values_list("id", flat=True))
    found = [_dismissal(row) for row in known if row.indicator not in closed]
    return [each if each.subject else replace(each, subject=about[each.indicator]) for each in found]


def _readable(rows: Iterable[DismissalRow], reader: Reader) -> list[DismissalRow]:
    """Those of the cases that a person may read; not by a join, for which SQLite would begin with all cases."""
    several = list(rows)
    cases = CaseRow.objects.readable_by(reader).filter(id__in={row.case_id for row in several})
    readable = set(cases.values_list("id", flat=True))
    return [row for row in several if row.case_id in readable]


def _dismissal(row: DismissalRow) -> Dismissal:
    return codec.value_of(Dismissal, row.record)
