"""Petroleum: the gauge of a calendar year, the line of its sums, and its deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bongsu.web.accounts.middleware import reader_of
from bongsu.web.pages.indicators.detectors import detectors
from bongsu.web.pages.indicators.texts import citations
from bongsu.web.pages.petroleum.deliveries import DETECTOR, LINES, Year, years
from bongsu.web.record.cycles import newest_cycle

SHOWN: Final = 200


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A calendar year: the one asked for, else the newest."""
    cycle = newest_cycle()
    every = [] if cycle is None else years(reader_of(request), cycle)
    asked = request.GET.get("year", "")
    year = next((each for each in every if str(each.year) == asked), every[0] if every else None)
    words = {"low": _("low estimate"), "central": _("central estimate"), "high": _("high estimate")}
    content = {
        "cycle": cycle,
        "years": every,
        "year": year,
        "lines": words,
        "crossings": [] if year is None else [(words[line], delivery) for line, delivery in year.crossings],
        "chart": _chart(year, cycle.clock) if year and cycle else None,
        "listed": [] if year is None else [(each, citations(each.row.record)) for each in year.deliveries[-SHOWN:]],
        "shown": SHOWN,
        "detector": detectors().get(DETECTOR),
    }
    return render(request, "petroleum/home.html", content)


def _chart(year: Year, clock: datetime) -> dict[str, Any]:
    """The sums after each day with a delivery, for Vega-Lite: a band from low to high, the central line, the limit."""
    at, barrels = _("day"), _("barrels in the year so far")
    first, last = f"{year.begins}T00:00:00Z", f"{year.ends}T23:59:59Z"
    rows: list[dict[str, Any]] = [{"at": first, **dict.fromkeys(LINES, 0)}]
    days = {each.at.date(): {"at": each.at.isoformat(), **each.so_far} for each in year.deliveries}
    rows += days.values()
    rows.append({"at": min(clock, datetime.combine(year.ends, time(23, 59, 59), UTC)).isoformat(), **year.totals})
    x = {
        "field": "at",
        "type": "temporal",
        "title": at,
        "axis": {"format": "%Y-%m", "tickCount": {"interval": "month", "step": 1}},
        "scale": {"type": "utc", "domain": [first, last]},
    }
    y = {"type": "quantitative", "title": barrels}
    steps = {"interpolate": "step-after"}
    return {
        "height": 280,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "area", **steps},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {"mark": {"type": "line", **steps, "point": True}, "encoding": {"x": x, "y": {**y, "field": "central"}}},
            {
                "data": {"values": [{"cap": year.cap, "says": _("limit of %(measure)s") % {"measure": year.measure}}]},
                "layer": [
                    {"mark": {"type": "rule", "strokeDash": [6, 4]}, "encoding": {"y": {**y, "field": "cap"}}},
                    {
                        "mark": {"type": "text", "align": "left", "dy": -7, "x": 4},
                        "encoding": {"y": {**y, "field": "cap"}, "text": {"field": "says"}},
                    },
                ],
            },
        ],
    }
