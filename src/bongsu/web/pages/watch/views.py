"""The first page: what changed since the cycle before, and what to look at first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from bongsu.web.accounts.middleware import person_of, reader_of
from bongsu.web.pages.cases.words import said
from bongsu.web.pages.indicators.acting import first_marking, may_act, take_into, take_into_new
from bongsu.web.pages.indicators.queries import in_order
from bongsu.web.pages.indicators.texts import feature
from bongsu.web.pages.panel import panels
from bongsu.web.pages.sources.desks import cards
from bongsu.web.pages.watch.queries import look_first, news, on_the_map, open_cases
from bongsu.web.pages.watch.suggestions import suggestions
from bongsu.web.record.cycles import newest_cycle
from bongsu.web.record.models import CycleRow, IndicatorRow
from bongsu.web.record.work import NotThereError, RefusedError

_AT_ONCE: Final = 500
CHANGES: Final = {
    "listed": (_("listed"), "accent"),
    "delisted": (_("delisted"), "warn"),
    "amended": (_("amended"), "info"),
    "formatting": (_("written otherwise"), ""),
    "bookkeeping": (_("bookkeeping of the list"), ""),
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What the watch found."""
    reader, cycle = reader_of(request), newest_cycle()
    if cycle is None:
        return render(request, "watch/empty.html")
    placed = on_the_map(reader, cycle)
    features = [point for row in placed if (point := feature(row, "bad" if row.score >= 0.8 else "warn")) is not None]
    content = {
        "cycle": cycle,
        "previous": cycle.summary.get("previous"),
        "sandbox": cycle.summary.get("sandbox", False),
        "news": news(reader, cycle),
        "first": look_first(reader, cycle),
        "placed": placed,
        "map": {"type": "FeatureCollection", "features": features},
        "changes": [_change(step) for step in cycle.summary.get("changes", ())],
        "counts": cycle.summary.get("counts", {}),
        "listed": _listed(cycle),
        "open_cases": open_cases(reader),
        "panels": panels(reader, cycle),
    }
    return render(request, "watch/home.html", content)


@require_GET
def suggested(request: HttpRequest) -> HttpResponse:
    """The part of the first page that takes longest, and so comes after it: which indicators may be one matter."""
    cycle = newest_cycle()
    found = [] if cycle is None else suggestions(reader_of(request), cycle)
    return render(request, "watch/suggested.html", {"suggestions": found, "may_act": may_act(person_of(request))})


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the indicators of a suggestion into the case it names, or into a new one about their subject."""
    person = person_of(request)
    ids = request.POST.getlist("indicator")
    readable = set(IndicatorRow.objects.readable_by(person.reader).filter(id__in=ids).values_list("id", flat=True))
    if not ids or len(ids) > _AT_ONCE or not readable.issuperset(ids):
        raise Http404
    rows = in_order(ids)
    try:
        if request.POST.get("case"):
            case = take_into(person, rows, request.POST["case"])
        else:
            case = take_into_new(person, rows, rows[0].subject_name, first_marking(person, rows))
    except NotThereError:
        raise Http404 from None
    except RefusedError as refused:
        for each in refused.missing:
            messages.error(request, said(each)["text"], extra_tags="bad")
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(f"/cases/{case.id}/")


def _listed(cycle: CycleRow) -> int:
    """How many changes of substance the lists had: what was listed, delisted or amended."""
    kinds = ("listed", "delisted", "amended")
    return sum(step["dprk_counts"].get(kind, 0) for step in cycle.summary.get("changes", ()) for kind in kinds)


def _change(step: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON of our own making
    """A step of a list from one copy to the next, as the page draws it."""
    card = cards().get(("lists", step["list"]))
    return {
        "list": step["list"],
        "title": step["authority"] if card is None else card.title,
        "from": step["from"],
        "to": step["to"],
        "loss": step["loss"],
        "counts": [(*CHANGES.get(kind, (kind, "")), number) for kind, number in step["dprk_counts"].items() if number],
        "rows": [{**row, "words": CHANGES.get(row["kind"], (row["kind"], ""))} for row in step["dprk"]],
        "more": step["more"],
    }
