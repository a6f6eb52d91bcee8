"""What the journal tells of a case to those who may read a part of it alone: its entries, how many acts, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bongsu.cases.acts import ACTS
from bongsu.cases.model import Case
from bongsu.cases.readable import told
from bongsu.web.record.models import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry of the journal on a case.

    Args:
        number: its own.
        at: when.
        is_act: whether it is an act; else it tells of something else that was done with the case.
        finding: the finding it names, or None.
    """

    number: int
    at: datetime
    is_act: bool
    finding: str | None


def told_entries(part: Case) -> Iterator[Told]:
    """The entries on a case that a reader may know of, in their order.

    Args:
        part: the case as the reader may know it.
    """
    columns = ("number", "at", "kind", "body__act__finding", "body__act__indicator", "body__act__indicators")
    rows = Entry.objects.filter(subject=part.id).order_by("number").values_list(*columns)
    return told(
        part,
        (
            (
                Told(number=number, at=at, is_act=kind in ACTS, finding=finding),
                kind,
                {"finding": finding, "indicator": indicator, "indicators": indicators},
            )
            for number, at, kind, finding, indicator, indicators in rows
        ),
    )


def as_told(part: Case) -> Case:
    """A part of a case with the number and the last time of the acts that a reader may know of."""
    times = [each.at for each in told_entries(part) if each.is_act]
    return replace(part, acts=len(times), last_at=max(times, default=part.opened.at))
