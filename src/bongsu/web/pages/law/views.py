"""The law: resolutions, measures, the timeline, and the question whether something is allowed."""

from __future__ import annotations

from datetime import date
from textwrap import shorten
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bongsu.kernel.errors import UsageError
from bongsu.law import Measure, Resolution, load_regime
from bongsu.law.regime import Regime
from bongsu.web.accounts.middleware import reader_of
from bongsu.web.pages.law.asking import goods_answer, goods_named, is_code, topic_answer
from bongsu.web.pages.law.forms import AskForm, DayForm
from bongsu.web.record.models import IndicatorRow

_MOST_INDICATORS = 50
_LONGEST_LABEL = 80


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every resolution, in the order of adoption."""
    regime = load_regime()
    rows = [
        {
            "resolution": each,
            "unverified": sum(not check.is_verified for check in each.checks()),
            "checks": len(each.checks()),
        }
        for each in reversed(regime.resolutions)
    ]
    return render(request, "law/home.html", {"rows": rows, "total": regime.verification()})


@require_GET
def measures(request: HttpRequest) -> HttpResponse:
    """The measures: of all days or of one, of all topics or of one."""
    form = DayForm(request.GET)
    form.is_valid()
    on, topic = form.cleaned_data.get("on"), form.cleaned_data.get("topic") or None
    found = load_regime().in_force(on, topic=topic)
    return render(request, "law/measures.html", {"form": form, "measures": found, "on": on, "topic": topic})


@require_GET
def measure(request: HttpRequest, key: str) -> HttpResponse:
    """One measure, or the measures of a paragraph that holds several."""
    regime = load_regime()
    within = regime.within(key)
    if within:
        return render(request, "law/within.html", {"key": key, "measures": within})
    found = _measure(regime, key)
    if found.key != key:
        return redirect("law:measure", found.key)
    form = DayForm(request.GET)
    form.is_valid()
    on: date = form.cleaned_data.get("on") or timezone.now().date()
    indicators = IndicatorRow.objects.readable_by(reader_of(request)).filter(measures__measure=found.key)
    content = {
        "measure": found,
        "resolution": regime.of_measure(found.key),
        "goods": regime.goods_of(found),
        "texts": {text.id: text for text in regime.of_measure(found.key).texts},
        "on": on,
        "in_force": found.in_force(on),
        "standing": next((each for each in _standing(regime, found, on)), None),
        "form": form,
        "indicators": indicators[:_MOST_INDICATORS],
        "indicator_count": indicators.count(),
        "changed": [(each, _key_or_none(regime, each.by)) for each in found.changes],
        "changes_made": _changes_made(regime, found),
        "timeline": _timeline_of(found),
    }
    return render(request, "law/measure.html", content)


@require_GET
def resolution(request: HttpRequest, name: str) -> HttpResponse:
    """One resolution, or a draft that failed."""
    found = load_regime().resolution(name)
    if found is None:
        raise Http404
    if found.name != name:
        return redirect("law:resolution", found.name)
    return render(
        request, "law/resolution.html", {"resolution": found, "texts": {text.id: text for text in found.texts}}
    )


@require_GET
def timeline(request: HttpRequest) -> HttpResponse:
    """Every dated event of the regime."""
    regime = load_regime()
    entries = regime.timeline()
    items = [
        {
            "label": shorten(entry.what, _LONGEST_LABEL, placeholder="…"),
            "start": entry.on.isoformat(),
            "end": None,
            "href": _address(regime, entry.reference),
        }
        for entry in entries
    ]
    rows = [(entry, _address(regime, entry.reference)) for entry in entries]
    return render(request, "law/timeline.html", {"rows": rows, "timeline": {"items": items}})


@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Is this allowed? What bears on goods or on a topic; an answer without measures is no licence."""
    form = AskForm(request.GET) if request.GET else AskForm()
    content: dict[str, Any] = {"form": form}  # Any: what templates take
    if form.is_bound and form.is_valid():
        content |= _answered(form.cleaned_data)
    return render(request, "law/ask.html", content)


def _answered(said: dict[str, Any]) -> dict[str, Any]:  # Any: fields of the form; what templates take
    regime, on, direction = load_regime(), said["on"] or timezone.now().date(), said["direction"] or "to"
    goods = said["goods"].strip()
    if bool(goods) == bool(said["topic"]):
        return {"problem": _("Ask about goods, or about a topic: one of the two.")}
    if said["topic"]:
        return {"by_topic": topic_answer(regime, said["topic"], on)}
    if not is_code(goods):
        return {"named": goods_named(regime, goods, direction, on), "words": goods, "direction": direction, "on": on}
    try:
        return {"answer": goods_answer(regime, goods, direction, on)}
    except UsageError as error:
        return {"problem": str(error)}


def _measure(regime: Regime, key: str) -> Measure:
    try:
        return regime.measure(key)
    except UsageError:
        raise Http404 from None


def _standing(regime: Regime, found: Measure, on: date) -> list[Any]:  # Any: Standing
    return [each for each in regime.standing(on, topic=found.topics[0]) if each.measure.key == found.key]


def _key_or_none(regime: Regime, key: str) -> str | None:
    return next((each.key for each in regime.measures() if each.key == key), None)


def _changes_made(regime: Regime, found: Measure) -> list[tuple[Measure, Any]]:  # Any: Change
    """What this measure did to earlier ones."""
    return [(each, change) for each in regime.measures() for change in each.changes if change.by == found.key]


def _address(regime: Regime, reference: str) -> str:
    """The page of what an event refers to; empty where it refers to more than one thing or to none."""
    key = _key_or_none(regime, reference)
    if key is not None:
        return reverse("law:measure", args=[key])
    found: Resolution | None = regime.resolution(reference)
    return "" if found is None else reverse("law:resolution", args=[found.name])


def _timeline_of(found: Measure) -> dict[str, Any]:  # Any: JSON for the element
    """The dates of one measure."""
    items: list[dict[str, Any]] = [  # Any: as above
        {
            "group": "binds",
            "label": found.key,
            "start": str(found.binds_from),
            "end": _end(found.binds_until),
            "tone": "accent",
        }
    ]
    items += [
        {"group": "caps", "label": str(cap), "start": str(cap.binds_from), "end": _end(cap.binds_until)}
        for cap in found.caps
    ]
    items += [
        {"group": "ends", "label": row.what[:60], "start": str(row.until), "end": None, "tone": "warn"}
        for row in found.wind_downs
    ]
    items += [
        {"group": "changes", "label": f"{row.effect}: {row.by}", "start": str(row.on), "end": None, "tone": "info"}
        for row in found.changes
    ]
    labels = {"binds": _("Binds"), "caps": _("Caps"), "ends": _("Wind-down ends"), "changes": _("Changed by")}
    used = {item["group"] for item in items}
    return {"groups": [{"id": key, "label": label} for key, label in labels.items() if key in used], "items": items}


def _end(until: date | None) -> str:
    """The end of a span as it is drawn: a measure that stands is drawn to today."""
    return str(until or timezone.now().date())
