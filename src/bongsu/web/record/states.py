"""What became of indicators, as far as a reader may know: one in a case that the reader may not read is new there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from bongsu.cases.handling import Reader
from bongsu.web.record.cycles import not_found_since
from bongsu.web.record.models import CaseRow, HandledSet, IndicatorRow, IndicatorState, readable_handlings

TONES: Final = {IndicatorState.NEW: "accent", IndicatorState.ACCEPTED: "good", IndicatorState.DISMISSED: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an indicator stands for a reader.

    Args:
        state: what people did with it.
        reason: why it was dismissed; empty else.
        case: the case it went into or was dismissed in; None while it is new.
        merged_into: the id of the case that `case` went into, where the reader may read that one; None else.
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


def in_state(state: str, reader: Reader) -> Q:
    """The rows that are in a state for a reader."""
    if state != IndicatorState.NEW:
        return Q(state=state, case__handling__in=readable_handlings(reader))
    closed = CaseRow.objects.exclude(handling__in=readable_handlings(reader))
    # Mostly there is no such case; then the question is one for an index.
    if not closed.exists():
        return Q(state=IndicatorState.NEW)
    return Q(state=IndicatorState.NEW) | Q(case__in=closed.values("id"))


def standings(rows: Iterable[IndicatorRow], reader: Reader, newest: str | None) -> dict[str, Standing]:
    """Where some indicators stand, by their ids.

    Args:
        rows: of one page.
        reader: who looks.
        newest: the id of the newest cycle.
    """
    shown = list(rows)
    cases = _cases({row.case_id for row in shown if row.case_id is not None}, reader)
    merged = _cases({into for case in cases.values() if (into := _merged_into(case))}, reader)
    gone = not_found_since(row.last_cycle_id for row in shown if row.last_cycle_id != newest)
    return {row.id: _standing(row, cases.get(row.case_id or ""), merged, gone, newest) for row in shown}


def _cases(ids: Iterable[str], reader: Reader) -> dict[str, CaseRow]:
    wanted = set(ids)
    readable: HandledSet[CaseRow] = CaseRow.objects.readable_by(reader)
    return {row.id: row for row in readable.filter(id__in=wanted)} if wanted else {}


def _merged_into(case: CaseRow) -> str | None:
    closing = case.record.get("closing")
    return None if closing is None else closing.get("merged_into")


def _standing(
    row: IndicatorRow, case: CaseRow | None, merged: dict[str, CaseRow], gone: dict[str, str], newest: str | None
) -> Standing:
    known = case is not None
    return Standing(
        state=IndicatorState(row.state if known else IndicatorState.NEW),
        reason=row.state_reason if known else "",
        case=case,
        merged_into=None if case is None else merged.get(_merged_into(case) or ""),
        gone_since=gone.get(row.last_cycle_id),
        is_new=row.first_cycle_id == newest,
    )
