"""What the rules of casework ask the site to look up: exhibits, measures, indicators, dismissals, other cases."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from typing import Final

from django.conf import settings

from bongsu.cases import codec
from bongsu.cases.acts import Act, act_record
from bongsu.cases.case_acts import (
    AcceptIndicators,
    CloseCase,
    DismissIndicator,
    MergeCases,
    OpenCase,
    ProposeDesignation,
)
from bongsu.cases.finding import MeasureText
from bongsu.cases.finding_acts import SetMeasures
from bongsu.cases.handling import Reader
from bongsu.cases.measures import measure_on
from bongsu.cases.model import Case, Dismissal
from bongsu.cases.situation import Known, KnownExhibit
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.errors import UsageError
from bongsu.law import Regime, load_regime
from bongsu.web.record import rows
from bongsu.web.record.exhibits import verify_exhibits
from bongsu.web.record.models import CaseRow, ExhibitRow, IndicatorRow, IndicatorState
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
    named = _indicators_named(act)
    return Known(
        exhibits=known_exhibits(case, act),
        measures=measures_named(case, act),
        indicators=frozenset(
            IndicatorRow.objects.readable_by(reader).filter(id__in=named).values_list("id", flat=True)
        ),
        dismissed=_dismissed(named, reader),
        cases=_others(act, reader),
        approvals_needed=settings.SITE.approvals_needed,
        least_reply_days=settings.SITE.least_reply_days,
    )


def known_exhibits(case: Case | None, act: Act | None) -> dict[str, KnownExhibit]:
    """Every exhibit that a case or an act names, as the last look at its bytes left it, taken now where none was."""
    text = canonical_json([None if case is None else codec.record(case), None if act is None else act_record(act)])
    digests = {found.decode() for found in _DIGEST.findall(text)}
    if unseen := ExhibitRow.objects.filter(digest__in=digests, sound=None).values_list("digest", flat=True):
        verify_exhibits(unseen)
    return {
        row.digest: KnownExhibit(sound=row.sound, handling=row.handling.handling)
        for row in ExhibitRow.objects.select_related("handling").filter(digest__in=digests)
    }


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


def _indicators_named(act: Act | None) -> tuple[str, ...]:
    match act:
        case OpenCase() | AcceptIndicators() | MergeCases():
            return act.indicators
        case DismissIndicator():
            return (act.indicator,)
    return ()


def _dismissed(named: tuple[str, ...], reader: Reader) -> dict[str, Dismissal]:
    """What stands dismissed for the reader; of cases that this person may not read, it is as if nobody had looked."""
    dismissed = [each for each in decisions_of(named, reader).values() if each.state == IndicatorState.DISMISSED]
    holders = {each.case_id: rows.case_in(each.case) for each in dismissed}
    return {
        one.indicator: one
        for each in dismissed
        for one in holders[each.case_id].dismissed
        if one.indicator == each.indicator_id
    }


def _others(act: Act | None, reader: Reader) -> dict[str, Case]:
    other = act.other if isinstance(act, MergeCases) else act.merged_into if isinstance(act, CloseCase) else None
    if other is None:
        return {}
    row = CaseRow.objects.readable_by(reader).filter(id=other).first()
    return {} if row is None else {other: rows.case_in(row)}
