"""What the newest cycle found that is new, and what to look at first; of what a reader may read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from bongsu.cases.handling import Reader
from bongsu.cases.words import CaseKind
from bongsu.web.pages.indicators.detectors import detectors
from bongsu.web.pages.indicators.queries import COUNTED, ORDER, Counted, Rows, in_order
from bongsu.web.record.models import CaseRow, CycleRow, IndicatorMeasure, IndicatorRow, IndicatorState
from bongsu.web.record.states import in_state

_LOOKED_THROUGH: Final = 300
_SUBJECTS: Final = 8
_OF_EACH: Final = 4
_ON_THE_MAP: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallied:
    """How many new indicators a detector or a measure has.

    Args:
        name: of the detector, or key of the measure.
        title: the detector's; empty for a measure.
        number: how many, of those that were counted.
    """

    name: str
    title: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The indicators that the newest cycle was the first to find.

    Args:
        counted: how many; counted to a limit, and the tallies to the same.
        by_desk: the detectors of each desk, by desk.
        by_measure: the most frequent first.
    """

    counted: Counted
    by_desk: Sequence[tuple[str, Sequence[Tallied]]]
    by_measure: Sequence[Tallied]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A subject to look at first.

    Args:
        id, name, schema: of the subject.
        score: of its strongest indicator.
        shown: its strongest indicators that nobody decided on.
        more: how many more there are among those looked through.
        sandbox: whether any of those shown is invented.
    """

    id: str
    name: str
    schema: str
    score: float
    shown: Sequence[IndicatorRow]
    more: int
    sandbox: bool


def _found(reader: Reader) -> Rows:
    rows: Rows = IndicatorRow.objects.readable_by(reader)
    return rows.defer("record").order_by(*ORDER)


def news(reader: Reader, cycle: CycleRow) -> News:
    """What is new with a cycle, by desk and detector and by measure."""
    new = _found(reader).filter(first_cycle=cycle)
    several = list(new.order_by().values_list("id", "detector")[: COUNTED + 1])
    names = Counter(detector for _, detector in several[:COUNTED])
    bears = IndicatorMeasure.objects.filter(indicator__in=new.order_by().values("id")[:COUNTED])
    keys = bears.values_list("measure").annotate(number=Count("id")).order_by("-number", "measure")
    return News(
        counted=Counted(number=min(len(several), COUNTED), more=len(several) > COUNTED),
        by_desk=_by_desk(names),
        by_measure=[Tallied(name=key, title="", number=number) for key, number in keys],
    )


def _by_desk(names: Counter[str]) -> list[tuple[str, list[Tallied]]]:
    texts = detectors()
    rows = [
        Tallied(name=name, title=texts[name].title if name in texts else name, number=number)
        for name, number in sorted(names.items(), key=lambda item: (-item[1], item[0]))
    ]
    desks = sorted({row.name.partition(".")[0] for row in rows})
    return [(desk, [row for row in rows if row.name.startswith(f"{desk}.")]) for desk in desks]


def look_first(reader: Reader, cycle: CycleRow) -> list[Looked]:
    """The subjects with the strongest indicators that nobody decided on, strongest first."""
    rows = _found(reader).filter(in_state(IndicatorState.NEW, reader), last_cycle=cycle)
    subjects: dict[str, list[str]] = {}
    for id_, subject in rows.values_list("id", "subject_id")[:_LOOKED_THROUGH]:
        subjects.setdefault(subject, []).append(id_)
    first = list(subjects.values())[:_SUBJECTS]
    shown = {row.id: row for row in in_order([id_ for ids in first for id_ in ids[:_OF_EACH]])}
    return [_looked([shown[id_] for id_ in ids[:_OF_EACH]], len(ids)) for ids in first]


def _looked(rows: Sequence[IndicatorRow], number: int) -> Looked:
    first = rows[0]
    return Looked(
        id=first.subject_id,
        name=first.subject_name,
        schema=first.subject_schema,
        score=first.score,
        shown=rows,
        more=number - len(rows),
        sandbox=any(row.sandbox for row in rows),
    )


def on_the_map(reader: Reader, cycle: CycleRow) -> list[IndicatorRow]:
    """The strongest new indicators that have a place; where nothing is new, the strongest of the cycle."""
    placed = _found(reader).exclude(latitude_deg=None)
    ids = list(placed.filter(first_cycle=cycle).values_list("id", flat=True)[:_ON_THE_MAP])
    return in_order(ids or list(placed.filter(last_cycle=cycle).values_list("id", flat=True)[:_ON_THE_MAP]))


def open_cases(reader: Reader) -> int:
    """How many open inquiries a person may read."""
    return CaseRow.objects.readable_by(reader).filter(is_open=True, kind=CaseKind.INQUIRY.value).count()
