"""Indicators: the list with its filters, one indicator, and what a person does with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bongsu.cases.handling import Reader, Tlp
from bongsu.web.accounts.middleware import person_of, reader_of
from bongsu.web.pages.cases.words import said
from bongsu.web.pages.indicators import acting
from bongsu.web.pages.indicators.detectors import detectors
from bongsu.web.pages.indicators.exports import LIMIT
from bongsu.web.pages.indicators.history import history
from bongsu.web.pages.indicators.queries import Filters, counted, found, page_of
from bongsu.web.pages.indicators.texts import citations, facts, features_of, spots
from bongsu.web.record.cycles import newest_cycle
from bongsu.web.record.growth import Forms, forms_of
from bongsu.web.record.handlings import readable_exhibits
from bongsu.web.record.models import Decision, IndicatorRow, IndicatorState
from bongsu.web.record.outcome import positions_of
from bongsu.web.record.states import Standing, decisions_of, standings
from bongsu.web.record.work import ConflictError, NotThereError, RefusedError


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The list. What it was asked for stands in the address, so that a list can be sent to someone."""
    reader, newest = reader_of(request), newest_cycle()
    filters = Filters(request.GET)
    filters.is_valid()  # a filter that cannot be read says so beside itself, and narrows nothing
    rows = found(filters.cleaned_data, reader, newest)
    page = page_of(rows, after=_named(request, "after", reader), before=_named(request, "before", reader))
    standing = standings(page.rows, reader, None if newest is None else newest.id)
    before = _decided_before(page.rows, reader)
    return render(
        request,
        "indicators/home.html",
        {
            "filters": filters,
            "page": page,
            "listed": [(row, standing[row.id], before.get(row.id)) for row in page.rows],
            "counted": counted(rows),
            "newest": newest,
            "export_limit": LIMIT,
            "export_query": _export_query(request),
            "sandbox": any(row.sandbox for row in page.rows),
        },
    )


def _decided_before(rows: Sequence[IndicatorRow], reader: Reader) -> dict[str, Decision]:
    """What was decided on the last form of each indicator before this one that anything was decided on."""
    forms = forms_of(rows, reader)
    decisions = decisions_of((form.id for each in forms.values() for form in each.earlier), reader)
    decided = {
        key: [decisions[form.id] for form in each.earlier if form.id in decisions] for key, each in forms.items()
    }
    return {key: made[-1] for key, made in decided.items() if made}


def _named(request: HttpRequest, name: str, reader: Reader) -> IndicatorRow | None:
    """The indicator that a page begins after or ends before."""
    given = request.GET.get(name)
    return None if not given else readable(given, reader)


def _export_query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return query.urlencode()


def readable(indicator: str, reader: Reader) -> IndicatorRow:
    """An indicator that a person may read.

    Raises:
        Http404: there is none, or not for the person.
    """
    rows = IndicatorRow.objects.readable_by(reader).select_related("handling", "first_cycle", "last_cycle")
    row: IndicatorRow | None = rows.filter(id=indicator).first()
    if row is None:
        raise Http404
    return row


@require_GET
def one(request: HttpRequest, indicator: str) -> HttpResponse:
    """One indicator, whole."""
    return _shown(request, readable(indicator, reader_of(request)))


def _shown(
    request: HttpRequest,
    row: IndicatorRow,
    *,
    taking: acting.Taking | None = None,
    dismissing: acting.Dismissing | None = None,
    refused: Sequence[Mapping[str, str | None]] = (),
    status: int = 200,
) -> HttpResponse:
    person, newest = person_of(request), newest_cycle()
    last = None if newest is None else newest.id
    forms = forms_of([row], person.reader).get(row.id, Forms())
    content: dict[str, Any] = {  # Any: what a template takes
        "row": row,
        "record": row.record,
        "standing": standings([row], person.reader, last)[row.id],
        "earlier": _standing_of(forms.earlier, person.reader, last),
        "later": _standing_of(forms.later, person.reader, last),
        "measures": row.record["measures"],
        "citations": citations(row.record),
        "spots": spots(row.record),
        "facts": facts(row.record),
        "detector": detectors().get(row.detector),
        "history": history(row, person.reader),
        "others": _others(row, person.reader),
        "may_act": acting.may_act(person),
        "refused": refused,
    }
    if content["may_act"]:
        content["taking"] = taking or acting.Taking(person, row)
        content["dismissing"] = dismissing or acting.Dismissing()
    return render(request, "indicators/one.html", content, status=status)


def _standing_of(
    rows: Sequence[IndicatorRow], reader: Reader, newest: str | None
) -> list[tuple[IndicatorRow, Standing]]:
    standing = standings(rows, reader, newest)
    return [(row, standing[row.id]) for row in rows]


def _others(row: IndicatorRow, reader: Reader) -> list[IndicatorRow]:
    """Other indicators about the same subject, strongest first."""
    same = IndicatorRow.objects.readable_by(reader).filter(subject_id=row.subject_id).exclude(id=row.id)
    return list(same.defer("record")[:10])


@require_GET
def places(request: HttpRequest, indicator: str) -> JsonResponse:
    """The places of an indicator and, where the cycle kept it, the track of its ship; as GeoJSON."""
    reader = reader_of(request)
    row = readable(indicator, reader)
    summary = row.last_cycle.summary
    heard = positions_of(summary)
    may_hear = readable_exhibits(heard, reader) == heard
    tracks = (summary.get("sea") or {}).get("tracks", {}).get(row.subject_id, []) if may_hear else []
    return JsonResponse({"type": "FeatureCollection", "features": features_of(row, tracks)})


@require_POST
def take(request: HttpRequest, indicator: str) -> HttpResponse:
    """Take an indicator into a case."""
    person = person_of(request)
    row = readable(indicator, person.reader)
    form = acting.Taking(person, row, request.POST)
    if not form.is_valid():
        return _shown(request, row, taking=form, status=422)
    asked = form.cleaned_data
    try:
        if asked["case"] == acting.NEW:
            case = acting.take_into_new(person, [row], asked["title"], Tlp(int(asked["marking"])))
        else:
            case = acting.take_into(person, [row], asked["case"], asked["reason"])
    except NotThereError:
        raise Http404 from None
    except (RefusedError, ConflictError) as error:
        return _shown(request, row, taking=form, refused=_words(error), status=422)
    messages.success(request, _("Taken into the case %(title)s.") % {"title": case.title}, extra_tags="good")
    return HttpResponseRedirect(reverse("indicators:one", args=[row.id]))


@require_POST
def dismiss(request: HttpRequest, indicator: str) -> HttpResponse:
    """Dismiss an indicator with a reason."""
    person = person_of(request)
    row = readable(indicator, person.reader)
    form = acting.Dismissing(request.POST)
    if not form.is_valid():
        return _shown(request, row, dismissing=form, status=422)
    try:
        case = acting.dismiss(person, row, form.cleaned_data["reason"])
    except NotThereError:
        raise Http404 from None
    except (RefusedError, ConflictError) as error:
        return _shown(request, row, dismissing=form, refused=_words(error), status=422)
    if standings([row], person.reader, None)[row.id].state == IndicatorState.DISMISSED:
        messages.success(request, _("Dismissed. It stays so while the cycles find the same."), extra_tags="good")
    else:
        said_so = _("Dismissed in the case %(title)s. Another case that took it in still holds it.")
        messages.warning(request, said_so % {"title": case.title}, extra_tags="warn")
    return HttpResponseRedirect(reverse("indicators:one", args=[row.id]))


def _words(error: RefusedError | ConflictError) -> list[dict[str, str | None]]:
    """What is missing, word by word, and what helps."""
    return [said(each) for each in error.missing] if isinstance(error, RefusedError) else [{"text": str(error)}]
