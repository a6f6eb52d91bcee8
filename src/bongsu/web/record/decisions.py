"""Decisions on indicators, one for each indicator and case, as the acts on the cases leave them."""

from __future__ import annotations

from collections.abc import Iterable

from bongsu.cases.acts import Act
from bongsu.cases.case_acts import AcceptIndicators, CloseCase, DismissIndicator, MergeCases, OpenCase
from bongsu.web.record.models import CaseRow, Decision, IndicatorRow, IndicatorState


def keep_decisions(case: CaseRow, act: Act, number: int) -> None:
    """What an act on a case decides on indicators; in the act's own transaction.

    Args:
        case: as the act left it.
        act: what was done.
        number: of its entry in the journal.
    """
    match act:
        case OpenCase() | AcceptIndicators() | MergeCases():
            _keep(case, act.indicators, IndicatorState.ACCEPTED, "", number)
        case DismissIndicator():
            _keep(case, [act.indicator], IndicatorState.DISMISSED, act.reason, number)
        case CloseCase(merged_into=str(into)):
            _tell_from(case, into)


def _tell_from(case: CaseRow, into: str) -> None:
    """From now on the case that another went into tells of what it took in: not of what its merger could not read."""
    taken = Decision.objects.filter(case=into, state=IndicatorState.ACCEPTED).values_list("indicator", flat=True)
    held = Decision.objects.filter(case=case, state=IndicatorState.ACCEPTED)
    left = held.exclude(indicator__in=list(taken)).values_list("pk", flat=True)
    Decision.objects.filter(case=case).exclude(pk__in=list(left)).update(into=into)


def handle_decisions(case: CaseRow) -> None:
    """The decisions of a case are handled as it is."""
    Decision.objects.filter(case=case).exclude(handling=case.handling_id).update(handling=case.handling_id)


def _keep(case: CaseRow, indicators: Iterable[str], state: str, reason: str, number: int) -> None:
    there = IndicatorRow.objects.filter(id__in=set(indicators)).values_list("id", flat=True)
    Decision.objects.bulk_create(
        [
            Decision(
                indicator_id=each,
                case=case,
                handling_id=case.handling_id,
                state=state,
                reason=reason,
                number=number,
            )
            for each in there
        ],
        update_conflicts=True,
        unique_fields=["indicator", "case"],
        update_fields=["handling", "state", "reason", "number"],
    )
