"""Sources: all of them, and one with what was set aside of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bongsu.cases.handling import Reader
from bongsu.evidence import Folder
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import BongsuError
from bongsu.web.accounts.middleware import reader_of
from bongsu.web.pages.indicators.texts import address_of
from bongsu.web.pages.sources.standing import source_of, sources
from bongsu.web.record.cycles import newest_cycle, output_of
from bongsu.web.record.handlings import readable_exhibits
from bongsu.web.record.models import CycleRow

SHOWN: Final = 500


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every source of every desk."""
    cycle = newest_cycle()
    listed = sources(cycle, reader_of(request))
    desks = sorted({each.card.desk for each in listed})
    content = {
        "cycle": cycle,
        "desks": [(desk, [each for each in listed if each.card.desk == desk]) for desk in desks],
        "troubled": [each for each in listed if each.is_troubled],
        "watched": sum(bool(each.state) for each in listed),
        "set_aside": sum(each.set_aside or 0 for each in listed),
        "sandbox": any(each.sandbox for each in listed),
    }
    return render(request, "sources/home.html", content)


@require_GET
def one(request: HttpRequest, desk: str, source: str) -> HttpResponse:
    """One source: its card, how it stands, what was set aside."""
    cycle, reader = newest_cycle(), reader_of(request)
    found = source_of(cycle, desk, source, reader)
    if found is None:
        raise Http404
    rows, problem = _set_aside(cycle, source, reader) if desk == "lists" and found.set_aside else ([], None)
    content = {
        "cycle": cycle,
        "source": found,
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "shown": SHOWN,
        "problem": problem,
        "exhibits": [(each["part"], each["sha256"], address_of(each["sha256"])) for each in found.exhibits],
    }
    return render(request, "sources/one.html", content)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideRow:
    """A record or a field that was set aside.

    Args:
        copy: which copy it is of: its day and the beginning of its digest.
        part, locator: the file of the source, and the place in it.
        address: the page of the exhibit, opened at that place.
        field, value: which field, and what stands there.
        reason: why, in the reader's words.
        whole_entry: whether the whole entry was set aside.
    """

    copy: str
    part: str
    locator: str
    address: str
    field: str | None
    value: str | None
    reason: str
    whole_entry: bool


def _set_aside(cycle: CycleRow | None, source: str, reader: Reader) -> tuple[list[SetAsideRow], str | None]:
    """What was set aside of a list's copies that a reader may read, the newest first; or why it cannot be read."""
    if cycle is None:
        return [], None
    try:
        folder = Folder.open(settings.CONFIG.store, create=False)
        rows: list[dict[str, Any]] = output_of(folder, cycle.id, "quarantine.json")
    except BongsuError as error:
        return [], str(error)
    cited = [(row, Citation.parse(row["citation"])) for row in rows if row["list"] == source]
    readable = readable_exhibits((citation.exhibit for _, citation in cited), reader)
    told = (_row(row, citation) for row, citation in cited if citation.exhibit in readable)
    return sorted(told, key=lambda row: row.copy, reverse=True), None


def _row(row: dict[str, Any], citation: Citation) -> SetAsideRow:
    return SetAsideRow(
        copy=row["copy"],
        part=row["part"],
        locator=citation.locator,
        address=address_of(citation.exhibit, citation.locator),
        field=row["field"],
        value=row["value"],
        reason=row["reason"],
        whole_entry=row["whole_entry"],
    )
