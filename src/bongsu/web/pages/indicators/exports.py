"""The rows of a list of indicators as files: CSV and GeoJSON, readable rows only, each export in the journal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bongsu.cases.handling import Reader, Tlp
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.web.accounts.middleware import person_of
from bongsu.web.pages.indicators.queries import Filters, found
from bongsu.web.record import journal
from bongsu.web.record.cycles import newest_cycle
from bongsu.web.record.models import IndicatorRow
from bongsu.web.record.states import Standing, standings

LIMIT: Final = 10_000
NOTICE: Final = "An indicator is a sign found by a machine, not an accusation and not a finding."
# A spreadsheet takes a cell that begins so for a formula; a hostile name must not become one (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS: Final = (
    "id", "marking", "sandbox", "title", "desk", "detector", "score", "subject_id", "subject_schema", "subject_name",
    "from", "to", "latitude_deg", "longitude_deg", "quantity_low", "quantity_high", "quantity_unit", "measures",
    "state", "first_cycle", "last_cycle", "citations",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The rows of an export, where each stands, and whether there were more than an export holds."""

    rows: Sequence[IndicatorRow]
    standing: dict[str, Standing]
    capped: bool


@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """The list as CSV, its marking in each row."""
    filters = Filters(request.GET)
    if not filters.is_valid():
        return HttpResponseBadRequest(_("A filter of this list cannot be read."))
    exported = _exported(request, filters, "csv", only_places=False)
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    for row in exported.rows:
        writer.writerow(_guarded(_cells(row, exported.standing[row.id])))
    return _file(table.getvalue(), "text/csv; charset=utf-8", "csv", capped=exported.capped)


@require_GET
def as_geojson(request: HttpRequest) -> HttpResponse:
    """The rows of the list that have a place, as GeoJSON."""
    filters = Filters(request.GET)
    if not filters.is_valid():
        return HttpResponseBadRequest(_("A filter of this list cannot be read."))
    exported = _exported(request, filters, "geojson", only_places=True)
    collection = {
        "type": "FeatureCollection",
        "notice": NOTICE,
        "capped_at": LIMIT if exported.capped else None,
        "features": [_feature(row, exported.standing[row.id]) for row in exported.rows],
    }
    content = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    return _file(content, "application/geo+json", "geojson", capped=exported.capped)


def _exported(request: HttpRequest, filters: Filters, form: str, *, only_places: bool) -> Exported:
    person, newest = person_of(request), newest_cycle()
    rows = found(filters.cleaned_data, person.reader, newest).defer(None)
    if only_places:
        rows = rows.exclude(latitude_deg=None)
    several = list(rows.prefetch_related("handling")[: LIMIT + 1])
    shown, capped = several[:LIMIT], len(several) > LIMIT
    with journal.writing():
        body: dict[str, JsonValue] = {
            "what": "indicators",
            "form": form,
            "rows": len(shown),
            "capped": capped,
            "query": request.GET.urlencode(),
        }
        journal.append("export", by=person.username, subject="indicators", body=body)
    return Exported(rows=shown, standing=_standings(shown, person.reader), capped=capped)


def _standings(rows: Sequence[IndicatorRow], reader: Reader) -> dict[str, Standing]:
    newest = newest_cycle()
    return standings(rows, reader, None if newest is None else newest.id)


def _cells(row: IndicatorRow, standing: Standing) -> list[Any]:  # Any: what a cell holds
    record = row.record
    quantity = record["quantity"] or {}
    return [
        row.id, Tlp(row.handling.tlp).label, "yes" if row.sandbox else "no", row.title, row.desk, row.detector,
        row.score, row.subject_id, row.subject_schema, row.subject_name,
        "" if row.begins_at is None else stamp(row.begins_at), "" if row.ends_at is None else stamp(row.ends_at),
        row.latitude_deg, row.longitude_deg,
        quantity.get("low"), quantity.get("high"), quantity.get("unit"),
        " ".join(record["measures"]), standing.state.value, row.first_cycle_id, row.last_cycle_id,
        " ".join(record["citations"]),
    ]  # fmt: skip


def _guarded(cells: Sequence[Any]) -> list[Any]:  # Any: as above
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in cells]


def _feature(row: IndicatorRow, standing: Standing) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": {"type": "Point", "coordinates": [row.longitude_deg, row.latitude_deg]},
        "properties": {
            "title": row.title,
            "marking": Tlp(row.handling.tlp).label,
            "sandbox": row.sandbox,
            "detector": row.detector,
            "score": row.score,
            "subject_id": row.subject_id,
            "subject_name": row.subject_name,
            "from": None if row.begins_at is None else stamp(row.begins_at),
            "to": None if row.ends_at is None else stamp(row.ends_at),
            "measures": row.record["measures"],
            "state": standing.state.value,
        },
    }


def _file(content: str, media_type: str, ending: str, *, capped: bool) -> HttpResponse:
    name = f"indicators-first-{LIMIT}.{ending}" if capped else f"indicators.{ending}"
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
