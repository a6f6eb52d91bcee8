"""What became of indicators, as far as a reader may know: as if the cases that the reader may not read were not there.

The one rule, for pages, counts, filters, exports, the API and acts alike. Taken into any case, an indicator is
accepted, whatever was dismissed elsewhere; else it is dismissed where anyone dismissed it, for the last one's reason;
else it is new. What was taken into a case that went into another, that other one tells of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q

from bongsu.cases.handling import Reader
from bongsu.web.record.cycles import not_found_since
from bongsu.web.record.models import CaseRow, Decision, HandledSet, IndicatorRow, IndicatorState, readable_handlings

TONES: Final = {IndicatorState.NEW: "accent", IndicatorState.ACCEPTED: "good", IndicatorState.DISMISSED: ""}
_FEW: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an indicator stands for a reader.

    Args:
        state: what people did with it.
        reason: why it was dismissed; empty else.
        case: the case it went into or was dismissed in last; None while it is new.
        merged_into: the case that `case` went into, where the reader may read that one; None else.
        gone_since: the id of the cycle that did not find it any more, or None.
        is_new: whether the newest cycle was the first to find it.
    """

    state: IndicatorState
    reason: str
    case: CaseRow | None
    merged_into: CaseRow | None
    gone_since: str | None
    is_new: bool

    @property
    def tone(self) -> str:
        """The tone of its chip."""
        return TONES[self.state]


def counting(reader: Reader) -> HandledSet[Decision]:
    """The decisions that count for a reader."""
    decisions: HandledSet[Decision] = Decision.objects.readable_by(reader)
    return decisions.exclude(state=IndicatorState.ACCEPTED, into__handling__in=readable_handlings(reader))


def in_state(state: str, reader: Reader) -> Q:
    """The indicators that are in a state for a reader.

    The first and the last need not leave out what does not count: the case that another went into has its own decision.
    """
    decided: HandledSet[Decision] = Decision.objects.readable_by(reader)
    accepted = counting(reader).filter(state=IndicatorState.ACCEPTED)
    match IndicatorState(state):
        case IndicatorState.NEW:
            return ~_each_in(decided)
        case IndicatorState.ACCEPTED:
            return _those_in(accepted)
        case IndicatorState.DISMISSED:
            return _those_in(decided.filter(state=IndicatorState.DISMISSED)) & ~_each_in(accepted)


def _those_in(decisions: HandledSet[Decision]) -> Q:
    """The indicators of some decisions: looked up by these where they are few, indicator by indicator where many."""
    if decisions[: _FEW + 1].count() > _FEW:
        return _each_in(decisions)
    return Q(id__in=decisions.values("indicator"))


def _each_in(decisions: HandledSet[Decision]) -> Q:
    return Q(Exists(decisions.filter(indicator=OuterRef("pk"))))


def decisions_of(indicators: Iterable[str], reader: Reader) -> dict[str, Decision]:
    """The decision that stands for a reader, by the id of each indicator that has one; with the case it was made in.

    Args:
        indicators: ids of indicators.
        reader: who looks.
    """
    decided = counting(reader).filter(indicator__in=set(indicators)).select_related("case", "into")
    found: dict[str, Decision] = {}
    for each in decided.defer("case__record", "into__record").order_by("number"):
        held = found.get(each.indicator_id)
        if held is None or each.state == IndicatorState.ACCEPTED or held.state != IndicatorState.ACCEPTED:
            found[each.indicator_id] = each
    return found


def standings(rows: Iterable[IndicatorRow], reader: Reader, newest: str | None) -> dict[str, Standing]:
    """Where some indicators stand, by their ids.

    Args:
        rows: of one page.
        reader: who looks.
        newest: the id of the newest cycle.
    """
    shown = list(rows)
    decisions = decisions_of((row.id for row in shown), reader)
    readable = frozenset(readable_handlings(reader))
    gone = not_found_since(row.last_cycle_id for row in shown if row.last_cycle_id != newest)
    return {row.id: _standing(row, decisions.get(row.id), readable, gone, newest) for row in shown}


def _standing(
    row: IndicatorRow, decision: Decision | None, readable: frozenset[int], gone: dict[str, str], newest: str | None
) -> Standing:
    into = None if decision is None else decision.into
    return Standing(
        state=IndicatorState(IndicatorState.NEW if decision is None else decision.state),
        reason="" if decision is None else decision.reason,
        case=None if decision is None else decision.case,
        merged_into=into if into is not None and into.handling_id in readable else None,
        gone_since=gone.get(row.last_cycle_id),
        is_new=row.first_cycle_id == newest,
    )
