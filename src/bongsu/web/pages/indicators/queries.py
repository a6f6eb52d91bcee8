"""Questions asked of indicators: filters that stand in the address, pages by key, counts that stop early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Reader
from bongsu.web.pages.indicators.detectors import detectors
from bongsu.web.record.models import CycleRow, IndicatorMeasure, IndicatorRow, IndicatorState
from bongsu.web.record.states import in_state

PAGE: Final = 50
COUNTED: Final = 10_000
_FEW: Final = 10_000
ORDER: Final = ("-score", "subject_id", "id")
Rows: TypeAlias = QuerySet[IndicatorRow]


def _desks() -> list[tuple[str, Any]]:  # Any: words and words to translate
    return [("", _("all")), *((name, name) for name in sorted({text.desk for text in detectors().values()}))]


def _detectors() -> list[tuple[str, Any]]:  # Any: as above
    return [("", _("all")), *((name, f"{text.title} ({name})") for name, text in detectors().items())]


class Filters(forms.Form):
    """What a list of indicators is asked for; each field is one of the address."""

    q = forms.CharField(label=_("Subject"), required=False, max_length=200, strip=True)
    desk = forms.ChoiceField(label=_("Desk"), required=False, choices=_desks)
    detector = forms.ChoiceField(label=_("Detector"), required=False, choices=_detectors)
    measure = forms.CharField(label=_("Measure"), required=False, max_length=32, strip=True)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            (str(IndicatorState.NEW), _("new: nobody has decided")),
            (str(IndicatorState.ACCEPTED), _("taken into a case")),
            (str(IndicatorState.DISMISSED), _("dismissed")),
        ],
    )
    seen = forms.ChoiceField(
        label=_("Found"),
        required=False,
        choices=[
            ("", _("at any time")),
            ("first", _("first by the newest cycle")),
            ("still", _("by the newest cycle")),
            ("gone", _("not any more")),
        ],
    )
    score = forms.FloatField(label=_("Least score"), required=False, min_value=0, max_value=1)
    since = forms.DateField(label=_("From day"), required=False)
    until = forms.DateField(label=_("To day"), required=False)
    sandbox = forms.ChoiceField(
        label=_("Sandbox"),
        required=False,
        choices=[("", _("with invented ones")), ("no", _("without invented ones")), ("only", _("invented ones only"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as Django has it
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields["score"].widget.attrs.update(step="0.05")
        self.fields["measure"].widget.attrs.update(placeholder="2397/5")

    def clean(self) -> dict[str, Any]:
        """What was asked; a span of days that ends before it begins is told."""
        asked = super().clean() or {}
        if asked.get("since") and asked.get("until") and asked["until"] < asked["since"]:
            raise ValidationError({"until": _("This day is before the first one.")})
        return asked


def found(asked: dict[str, Any], reader: Reader, newest: CycleRow | None) -> Rows:
    """The indicators that a person may read and asked for, strongest first; without their records.

    Args:
        asked: the clean data of `Filters`.
        reader: who asks.
        newest: the newest cycle.
    """
    rows: Rows = IndicatorRow.objects.readable_by(reader).defer("record").order_by(*ORDER)
    for name in ("desk", "detector"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("state"):
        rows = rows.filter(in_state(asked["state"], reader))
    if asked.get("measure"):
        rows = rows.filter(_bears(asked["measure"]))
    if asked.get("q"):
        rows = rows.filter(Q(subject_name__icontains=asked["q"]) | Q(subject_id=asked["q"]))
    return _narrowed(rows, asked, newest)


def _bears(measure: str) -> Q | Exists:
    """The rows on which a measure bears: looked up by the measure where few do, row by row where many do."""
    bearing = IndicatorMeasure.objects.filter(measure=measure)
    if counted(bearing, _FEW).more:
        return Exists(bearing.filter(indicator=OuterRef("pk")))
    return Q(id__in=bearing.values("indicator"))


def _narrowed(rows: Rows, asked: dict[str, Any], newest: CycleRow | None) -> Rows:
    if asked.get("score") is not None:
        rows = rows.filter(score__gte=asked["score"])
    if asked.get("since"):
        first = datetime.combine(asked["since"], time.min, UTC)
        rows = rows.filter(Q(ends_at__gte=first) | Q(ends_at=None))
    if asked.get("until"):
        last = datetime.combine(asked["until"], time.max, UTC)
        rows = rows.filter(Q(begins_at__lte=last) | Q(begins_at=None))
    if asked.get("sandbox"):
        rows = rows.filter(sandbox=asked["sandbox"] == "only")
    match asked.get("seen"):
        case "first":
            rows = rows.filter(first_cycle=newest)
        case "still":
            rows = rows.filter(last_cycle=newest)
        case "gone":
            rows = rows.exclude(last_cycle=newest)
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of indicators.

    Args:
        rows: strongest first.
        before: the id that the page before ends before, or None where this is the first.
        after: the id that the page after begins after, or None where this is the last.
    """

    rows: Sequence[IndicatorRow]
    before: str | None
    after: str | None


def page_of(rows: Rows, *, after: IndicatorRow | None = None, before: IndicatorRow | None = None) -> Page:
    """The page that begins after a row, or ends before one; the first where neither is given.

    A page is found by the key of its neighbour and not by counting, so that it costs the same wherever it is.
    """
    if before is not None:
        reverse = rows.filter(_beyond(before, backwards=True)).order_by("score", "-subject_id", "-id")
        ids = list(reverse.values_list("id", flat=True)[: PAGE + 1])
        shown = ids[:PAGE][::-1]
        return Page(
            rows=in_order(shown),
            before=shown[0] if len(ids) > PAGE else None,
            after=shown[-1] if shown else None,
        )
    ids = list((rows if after is None else rows.filter(_beyond(after))).values_list("id", flat=True)[: PAGE + 1])
    shown = ids[:PAGE]
    return Page(
        rows=in_order(shown),
        before=shown[0] if shown and after is not None else None,
        after=shown[-1] if len(ids) > PAGE else None,
    )


def in_order(ids: Sequence[str]) -> list[IndicatorRow]:
    """The rows of some ids, in the order of the ids; ids come from an index alone, rows only for what is shown.

    Args:
        ids: of rows that the reader may read.
    """
    rows = IndicatorRow.objects.defer("record").prefetch_related("measures", "handling").in_bulk(ids)
    return [rows[id_] for id_ in ids if id_ in rows]


def _beyond(row: IndicatorRow, *, backwards: bool = False) -> Q:
    """The rows after one in the order of the list, or before it; the first term is what an index is entered with."""
    worse, later = ("gt", "lt") if backwards else ("lt", "gt")
    return Q(**{f"score__{worse}e": row.score}) & (
        Q(**{f"score__{worse}": row.score})
        | Q(**{f"subject_id__{later}": row.subject_id})
        | Q(subject_id=row.subject_id, **{f"id__{later}": row.id})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many there are, counted to a limit."""

    number: int
    more: bool


def counted(rows: QuerySet[Any], limit: int = COUNTED) -> Counted:  # Any: rows of any model
    """How many rows there are; counting stops one above the limit."""
    number = rows.order_by()[: limit + 1].count()
    return Counted(number=min(number, limit), more=number > limit)
