"""The first page: what changed since the cycle before, and what to look at first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bongsu.web.accounts.middleware import reader_of
from bongsu.web.pages.indicators.texts import feature
from bongsu.web.pages.panel import panels
from bongsu.web.pages.sources.desks import cards
from bongsu.web.pages.watch.queries import look_first, news, on_the_map, open_cases
from bongsu.web.record.cycles import newest_cycle
from bongsu.web.record.models import CycleRow

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
