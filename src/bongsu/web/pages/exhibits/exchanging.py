"""A case in the forms of other programs: which there are, and the files themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bongsu.web.accounts.middleware import person_of
from bongsu.web.exchange.bags import bag_of
from bongsu.web.exchange.flat import csv_of, geojson_of
from bongsu.web.exchange.ftm import ftm_lines
from bongsu.web.exchange.parts import CaseParts, parts_for
from bongsu.web.pages.exhibits.views import refuse
from bongsu.web.record import journal, work
from bongsu.web.record.exhibits import exhibit_store, verify_exhibits

Write = Callable[[CaseParts], Iterable[bytes]]


def _stix(parts: CaseParts) -> Iterable[bytes]:
    from bongsu.web.exchange.stix import bundle_of  # the library is slow to load

    return [bundle_of(parts).encode()]


#: By their names in the address: how each is called, its ending, its media type, and what writes it.
_FORMS: Final[dict[str, tuple[object, str, str, Write]]] = {
    "bag": (
        _("BagIt: the exhibits with their custody, for another installation or an archive"),
        "zip",
        "application/zip",
        lambda parts: bag_of(parts, exhibit_store()),
    ),
    "stix": (_("STIX 2.1: subjects, indicators, findings and dissents"), "json", "application/stix+json", _stix),
    "ftm": (_("FollowTheMoney: subjects and claims as entities"), "ftm.json", "application/json+ftm", ftm_lines),
    "csv": (_("CSV: claims and indicators as rows"), "csv", "text/csv", lambda parts: [csv_of(parts)]),
    "geojson": (
        _("GeoJSON: claims and indicators that have a place"),
        "geojson",
        "application/geo+json",
        lambda parts: [geojson_of(parts)],
    ),
}


@require_GET
def forms(request: HttpRequest, case_id: str) -> HttpResponse:
    """The forms a case can be had in, and what is in them for the person who asks."""
    parts = _parts(request, case_id)
    named = [(name, words, ending) for name, (words, ending, _media, _write) in _FORMS.items()]
    return render(request, "exhibits/exchange.html", {"parts": parts, "forms": named})


@require_GET
def export(request: HttpRequest, case_id: str, form: str) -> HttpResponseBase:
    """A case in one of the forms; the journal tells who took which."""
    if form not in _FORMS:
        raise Http404
    parts = _parts(request, case_id)
    _words, ending, media_type, write = _FORMS[form]
    if form == "bag" and not all(verify_exhibits(each.digest for each in parts.exhibits).values()):
        problem = _("An exhibit of this case is damaged or gone; the bag goes out only when all of it is whole.")
        return render(request, "exhibits/refused.html", {"problem": problem}, status=409)
    with journal.writing():
        journal.append(
            "case.exported",
            by=person_of(request).username,
            subject=case_id,
            body={
                "form": form,
                "version": parts.version,
                "marking": parts.marking,
                "exhibits": [each.digest for each in parts.exhibits],
            },
        )
    answer = StreamingHttpResponse(iter(write(parts)), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="case-{parts.case.id}-{parts.version}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Marking"] = parts.marking
    return answer


def _parts(request: HttpRequest, case_id: str) -> CaseParts:
    try:
        return parts_for(case_id, person_of(request).reader, member_name=settings.SITE.member_name, at=work.moment())
    except work.NotThereError:
        refuse(request, "case", case_id)
