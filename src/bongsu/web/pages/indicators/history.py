"""What happened to an indicator, from the cycles and the journal: found, taken into cases, dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bongsu.cases.handling import Reader
from bongsu.web.record.cycles import not_found_since
from bongsu.web.record.models import CaseRow, CycleRow, Entry, IndicatorRow

_WORDS: Final = {
    "open_case": (gettext_noop("A case was opened with it"), "good"),
    "accept_indicators": (gettext_noop("Taken into a case"), "good"),
    "merge_cases": (gettext_noop("Taken into a case that another went into"), "good"),
    "dismiss_indicator": (gettext_noop("Dismissed"), "warn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened.

    Args:
        at: when.
        what: in words, translated.
        by: the person's name here, or an empty text for the watch.
        reason: as the person wrote it; may be empty.
        case: where; None for the watch.
        tone: of its dot.
    """

    at: datetime
    what: str
    by: str = ""
    reason: str = ""
    case: CaseRow | None = None
    tone: str = ""


def history(row: IndicatorRow, reader: Reader) -> list[Happened]:
    """All that a person may know of it, in its order."""
    return sorted([*_watched(row), *_acts(row, reader)], key=lambda each: each.at)


def _watched(row: IndicatorRow) -> Iterator[Happened]:
    yield Happened(at=row.first_cycle.clock, what=_("First found"), tone="accent")
    if row.last_cycle_id != row.first_cycle_id:
        yield Happened(at=row.last_cycle.clock, what=_("Last found"), tone="accent")
    since = not_found_since([row.last_cycle_id]).get(row.last_cycle_id)
    if since is not None:
        yield Happened(at=CycleRow.objects.get(id=since).clock, what=_("Not found any more"), tone="warn")


def _acts(row: IndicatorRow, reader: Reader) -> Iterator[Happened]:
    cases = CaseRow.objects.readable_by(reader)
    entries = Entry.objects.filter(kind__in=_WORDS, subject__in=cases.values("id"), body__icontains=row.id)
    shown = list(entries)
    known = cases.in_bulk({entry.subject for entry in shown})
    for entry in shown:
        what, tone = _WORDS[entry.kind]
        reason = entry.body["act"].get("reason") or ""
        yield Happened(at=entry.at, what=_(what), by=entry.by, reason=reason, case=known.get(entry.subject), tone=tone)
