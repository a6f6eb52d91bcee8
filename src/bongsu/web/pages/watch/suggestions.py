"""Suggested cases: indicators of the newest cycle that nobody decided on and that may be one matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bongsu.cases.handling import Reader
from bongsu.cases.model import CaseSubject
from bongsu.cases.suggestions import Sign, Suggestion, suggested
from bongsu.cases.words import CaseKind
from bongsu.kernel.interval import Interval
from bongsu.web.pages.indicators.queries import ORDER, in_order
from bongsu.web.record.models import CaseRow, CycleRow, IndicatorRow, IndicatorState
from bongsu.web.record.states import decisions_of, in_state

_LOOKED_THROUGH: Final = 500
_CASES: Final = 100
_SHOWN: Final = 6
_LEAST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A suggestion as the page shows it.

    Args:
        suggestion: which indicators, about whom, since when.
        rows: the indicators, by time.
        case: the open case about the same subject, or None: a new one.
        reasons: why other indicators about the same subjects were dismissed.
    """

    suggestion: Suggestion
    rows: Sequence[IndicatorRow]
    case: CaseRow | None
    reasons: Sequence[str]


def suggestions(reader: Reader, cycle: CycleRow) -> list[Suggested]:
    """The first suggestions for a reader: those for a case that is there, then those of several indicators.

    Args:
        reader: who looks: neither the indicators nor the cases hold what this person may not read.
        cycle: the newest cycle; the strongest 500 of its indicators are looked through.
    """
    new = IndicatorRow.objects.readable_by(reader).filter(in_state(IndicatorState.NEW, reader), last_cycle=cycle)
    rows = {row.id: row for row in in_order(list(new.order_by(*ORDER).values_list("id", flat=True)[:_LOOKED_THROUGH]))}
    inquiries = CaseRow.objects.readable_by(reader).filter(is_open=True, kind=CaseKind.INQUIRY.value)[:_CASES]
    cases = {case.id: case for case in inquiries}
    found = suggested(map(_sign, rows.values()), (), map(CaseRow.whole, cases.values()))
    worth = [each for each in found if each.for_case is not None or len(each.indicators) >= _LEAST]
    several = sorted(worth, key=lambda each: each.for_case is None)[:_SHOWN]
    reasons = _reasons(reader, {subject.id for each in several for subject in each.subjects})
    return [
        Suggested(
            suggestion=each,
            rows=[rows[id_] for id_ in each.indicators],
            case=cases.get(each.for_case or ""),
            reasons=[reason for subject in each.subjects for reason in reasons.get(subject.id, ())],
        )
        for each in several
    ]


def _sign(row: IndicatorRow) -> Sign:
    return Sign(
        id=row.id,
        detector=row.detector,
        subject=CaseSubject(id=row.subject_id, schema=row.subject_schema, name=row.subject_name),
        when=Interval(row.begins_at, row.ends_at),
        measures=frozenset(each.measure for each in row.measures.all()),
        score=row.score,
        sandbox=row.sandbox,
    )


def _reasons(reader: Reader, subjects: Iterable[str]) -> dict[str, list[str]]:
    """Why indicators about some subjects were dismissed, as far as the reader may know, by subject."""
    dismissed = IndicatorRow.objects.readable_by(reader).filter(
        in_state(IndicatorState.DISMISSED, reader), subject_id__in=set(subjects)
    )
    about = dict(dismissed.order_by("id").values_list("id", "subject_id"))
    decisions = decisions_of(about, reader)
    found: dict[str, list[str]] = {}
    for indicator, subject in about.items():
        found.setdefault(subject, []).append(decisions[indicator].reason)
    return found
