"""Ships: the list of those to look at first, the page of one, and her way for the map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bongsu.cases.handling import Reader
from bongsu.kernel.errors import BongsuError
from bongsu.lists.profiles import Profile
from bongsu.sea.flags import flag_of
from bongsu.web.accounts.middleware import reader_of
from bongsu.web.pages.ships.drawing import indicator_features, pieces_in_words, track_features
from bongsu.web.pages.ships.heard import Heard, heard_of
from bongsu.web.pages.ships.signs import Happening, happenings, ships_to_look_at, signs_of
from bongsu.web.record.handlings import readable_exhibits
from bongsu.web.record.models import CycleRow
from bongsu.web.record.register import registers

_ON_A_PAGE = 50


class SpanForm(forms.Form):
    """The days that are looked at."""

    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def span(self) -> tuple[date | None, date | None]:
        """The days; None where none can be read."""
        self.is_valid()
        return self.cleaned_data.get("since"), self.cleaned_data.get("until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was heard of a ship, or why that cannot be told now."""

    heard: Heard | None
    problem: str | None


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The ships with signs, those with the strongest first; or the ship of a number."""
    number = "".join(request.GET.get("number", "").upper().removeprefix("IMO").split())
    if number.isascii() and number.isdigit() and len(number) in {7, 9}:
        return redirect("ships:ship", number)
    page = Paginator(ships_to_look_at(reader_of(request)), _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "ships/home.html", {"page": page, "number": number})


@require_GET
def ship(request: HttpRequest, number: str) -> HttpResponse:
    """One ship."""
    form = SpanForm(request.GET)
    asked = _asked(reader_of(request), number, *form.span())
    mmsi = () if asked.heard is None else asked.heard.mmsi
    signs = signs_of(reader_of(request), number, mmsi)
    listings = _listings(number, mmsi)
    if asked.heard is not None and not (asked.heard.said or asked.heard.tracks or signs or listings):
        raise Http404
    happened = happenings(signs)
    content = {
        "number": number,
        "name": _name(asked.heard, signs, listings),
        "asked": asked,
        "flags": [(each, flag_of(each)) for each in mmsi],
        "signs": signs,
        "happened": happened,
        "timeline": _timeline(asked.heard, happened),
        "listings": listings,
        "form": form,
        "pieces": pieces_in_words(() if asked.heard is None else asked.heard.tracks),
        "track": f"{reverse('ships:track', args=[number])}?{request.GET.urlencode()}",
        "has_map": bool((asked.heard and asked.heard.tracks) or any(each.latitude_deg is not None for each in signs)),
        "register_is_there": registers().now() is not None,
        "invented": any(each.sandbox for each in signs)
        or any(row.world for row in (asked.heard.said if asked.heard else ())),
    }
    return render(request, "ships/ship.html", content)


@require_GET
def track(request: HttpRequest, number: str) -> HttpResponse:
    """Her way and the places of signs about her, as GeoJSON."""
    asked = _asked(reader_of(request), number, *SpanForm(request.GET).span())
    if asked.heard is None:
        return JsonResponse({"problem": asked.problem}, status=503)
    signs = signs_of(reader_of(request), number, asked.heard.mmsi)
    features = [*track_features(asked.heard.tracks), *indicator_features(signs)]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _asked(reader: Reader, number: str, since: date | None, until: date | None) -> Asked:
    newest = CycleRow.objects.first()
    try:
        found = heard_of(
            registers().store,
            "" if newest is None else newest.id,
            number,
            may_hear=partial(readable_exhibits, reader=reader),
            since=since,
            until=until,
        )
    except BongsuError as error:
        return Asked(heard=None, problem=str(error))
    return Asked(heard=found, problem=None)


def _listings(number: str, mmsi: tuple[int, ...]) -> list[Profile]:
    """The listings that print her number."""
    register = registers().now()
    if register is None:
        return []
    wanted = {("imo" if len(number) == 7 else "mmsi", number), *(("mmsi", f"{each:09d}") for each in mmsi)}
    return [each for each in register.profiles.values() if not wanted.isdisjoint(each.identifiers)]


def _name(heard: Heard | None, signs: Any, listings: list[Profile]) -> str:  # Any: rows of indicators
    said = () if heard is None else heard.said
    names = (row.name for row in reversed(said) if row.name)
    return next(names, None) or next((each.subject_name for each in signs), "") or next((x.name for x in listings), "")


def _timeline(heard: Heard | None, happened: tuple[Happening, ...]) -> dict[str, Any]:  # Any: JSON for the element
    kinds = sorted({each.kind for each in happened})
    items = [
        {
            "group": each.kind,
            "label": each.words[:70],
            "start": each.begins_at.isoformat(),
            "end": None if each.ends_at is None else each.ends_at.isoformat(),
            "tone": "info" if each.kind in {"call", "zone"} else "warn",
            "href": f"/indicators/{each.indicator.id}/",
        }
        for each in happened
    ]
    return {"groups": [{"id": kind, "label": kind.replace("_", " ")} for kind in kinds], "items": items}
