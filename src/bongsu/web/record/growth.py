"""Growth: an indicator whose sign went on is found anew under another id, since ids are digests of content.

Two are forms of one sign where detector, subject, kind and beginning agree and no cycle found both. What a person
decided on an earlier form is not carried over, for what was added may change it; it is shown beside the later one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models.fields.json import KT

from bongsu.cases.handling import Reader
from bongsu.web.record.models import IndicatorRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The other forms of an indicator that a reader may read, in the order in which cycles found them."""

    earlier: tuple[IndicatorRow, ...] = ()
    later: tuple[IndicatorRow, ...] = ()


def forms_of(rows: Iterable[IndicatorRow], reader: Reader) -> Mapping[str, Forms]:
    """The other forms of some indicators, by the ids of these; one that has none, or no beginning, is left out.

    Args:
        rows: of one page.
        reader: who looks.
    """
    asked = [row for row in rows if row.begins_at is not None]
    if not asked:
        return {}
    others = IndicatorRow.objects.readable_by(reader).filter(
        subject_id__in={row.subject_id for row in asked},
        detector__in={row.detector for row in asked},
        begins_at__in={row.begins_at for row in asked},
    )
    others = others.select_related("first_cycle", "last_cycle").annotate(kind=KT("record__facts__kind"))
    alike: dict[tuple[object, ...], list[IndicatorRow]] = defaultdict(list)
    for other in others.defer("record", "first_cycle__summary", "last_cycle__summary"):
        alike[other.detector, other.subject_id, other.begins_at, other.kind].append(other)
    ids = {row.id for row in asked}
    found = {row.id: _forms(row, rows) for rows in alike.values() for row in rows if row.id in ids}
    return {key: forms for key, forms in found.items() if forms != Forms()}


def _forms(row: IndicatorRow, rows: Iterable[IndicatorRow]) -> Forms:
    """Of those that agree in everything but the cycles that found them, `row` among them."""
    others = sorted(rows, key=lambda other: (other.first_cycle.clock, other.id))
    return Forms(
        earlier=tuple(other for other in others if other.last_cycle.clock < row.first_cycle.clock),
        later=tuple(other for other in others if other.first_cycle.clock > row.last_cycle.clock),
    )
