"""What the rules of casework ask the site to look up: exhibits, measures, indicators, dismissals, other cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Final

from django.conf import settings

from bongsu.cases import codec
from bongsu.cases.acts import Act, act_record
from bongsu.cases.case_acts import (
    AcceptIndicators,
    ChangeHandling,
    CloseCase,
    DismissIndicator,
    MergeCases,
    OpenCase,
    ProposeDesignation,
    ReopenCase,
)
from bongsu.cases.finding import MeasureText
from bongsu.cases.finding_acts import SetMeasures
from bongsu.cases.handling import Handling, Reader
from bongsu.cases.measures import measure_on
from bongsu.cases.model import Case, Dismissal
from bongsu.cases.situation import Known, KnownExhibit
from bongsu.kernel.canonical import JsonValue, canonical_json
from bongsu.kernel.errors import UsageError
from bongsu.law import Regime, load_regime
from bongsu.web.record import rows
from bongsu.web.record.exhibits import verify_exhibits
from bongsu.web.record.holdings import held
from bongsu.web.record.models import CaseRow, ExhibitRow, HandlingRow, IndicatorRow, IndicatorState
from bongsu.web.record.states import decisions_of

_DIGEST: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def known_for(case: Case | None, act: Act | None, reader: Reader, at: datetime) -> Known:
    """What is looked up for an act, or for the checklist of a case.

    Args:
        case: as it stands; None where the act opens it.
        act: None for the checklist.
        reader: who asks: what the person may not read is not there.
        at: when.
    """
    others = _others(case, act, reader)
    indicators = _indicators(case, act, others, reader)
    return Known(
        exhibits=known_exhibits(case, act, reader),
        measures=measures_named(case, act),
        indicators=indicators,
        dismissed=_dismissed(indicators, reader),
        cases=others,
        last_at=None if case is None or act is None else rows.readable_part(case, reader).last_at,
        approvals_needed=settings.SITE.approvals_needed,
        least_reply_days=settings.SITE.least_reply_days,
    )


def known_exhibits(case: Case | None, act: Act | None, reader: Reader) -> dict[str, KnownExhibit]:
    """Every exhibit that a case or an act names, as the last look at its bytes left it, taken now where none was.

    Handled as it binds the member whose the case is: its persons may cite what it has of its own. What a person of
    another member names for the first time is handled as the exhibit is.
    """
    held_by_case = _named_in(None if case is None else codec.record(case))
    digests = held_by_case | _named_in(None if act is None else act_record(act))
    if unseen := ExhibitRow.objects.filter(digest__in=digests, sound=None).values_list("digest", flat=True):
        verify_exhibits(unseen)
    whose = frozenset({reader.member}) if case is None else case.handling.originators
    own = digests if whose == {reader.member} else held_by_case
    return {
        row.digest: KnownExhibit(sound=row.sound, handling=_binding(row, whose if row.digest in own else frozenset()))
        for row in ExhibitRow.objects.select_related("handling").filter(digest__in=digests)
    }


def _named_in(record: JsonValue) -> set[str]:
    return {found.decode() for found in _DIGEST.findall(canonical_json(record))}


def _binding(row: ExhibitRow, whose: frozenset[str]) -> Handling:
    if len(whose) != 1 or not row.submissions.exists():
        return row.handling.handling
    (member,) = whose
    return held(row).binding(member)


def measures_named(case: Case | None, act: Act | None) -> frozenset[MeasureText]:
    """The measures that an act or a case's findings name, as the law knows them on their days."""
    given: set[MeasureText] = set()
    if isinstance(act, SetMeasures | ProposeDesignation):
        given.update(act.measures)
    if case is not None:
        given.update(measure for finding in case.findings for measure in finding.current.measures)
    return frozenset(found for each in given if (found := measure_text(each.key, each.on)) is not None)


def measure_text(key: str, on: date) -> MeasureText | None:
    """A measure as it stood on a day; None where it was not in force then, or where there is none of that key."""
    try:
        return measure_on(regime(), key, on)
    except UsageError:
        return None


@cache
def regime() -> Regime:
    """The law, read once in a process."""
    return load_regime()


def _indicators(case: Case | None, act: Act | None, others: Mapping[str, Case], reader: Reader) -> dict[str, Handling]:
    """How the indicators that an act bears on are handled, of those that the reader may read."""
    named: set[str] = set()
    match act:
        case OpenCase() | AcceptIndicators():
            named.update(act.indicators)
        case MergeCases():
            named.update(act.indicators, *(other.indicators for other in others.values()))
        case DismissIndicator():
            named.add(act.indicator)
        case ChangeHandling(finding=None) if case is not None:
            named.update(case.indicators)
    held = IndicatorRow.objects.readable_by(reader).filter(id__in=named).values_list("id", "handling")
    found = dict(held) if named else {}
    handlings = HandlingRow.objects.in_bulk(set(found.values()))
    return {indicator: handlings[handling].handling for indicator, handling in found.items()}


def _dismissed(named: Iterable[str], reader: Reader) -> dict[str, Dismissal]:
    """What stands dismissed for the reader; of cases that this person may not read, it is as if nobody had looked."""
    dismissed = [each for each in decisions_of(named, reader).values() if each.state == IndicatorState.DISMISSED]
    holders = {each.case_id: each.case.whole() for each in dismissed}
    return {
        one.indicator: one
        for each in dismissed
        for one in holders[each.case_id].dismissed
        if one.indicator == each.indicator_id
    }


def _others(case: Case | None, act: Act | None, reader: Reader) -> dict[str, Case]:
    other: str | None = None
    match act:
        case MergeCases():
            other = act.other
        case CloseCase():
            other = act.merged_into
        case ReopenCase() if case is not None and case.closing is not None:
            other = case.closing.merged_into
    if other is None:
        return {}
    row = CaseRow.objects.readable_by(reader).filter(id=other).first()
    return {} if row is None else {other: row.whole()}
