"""A case in the forms of other programs: which there are, and the files themselves."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bongsu.kernel.errors import EvidenceError
from bongsu.web.accounts.middleware import person_of
from bongsu.web.exchange.export import FORMS, Exported, export_case, parts_of
from bongsu.web.pages.exhibits.views import refuse
from bongsu.web.record import work

#: How each form is called.
_WORDS: Final[dict[str, Promise]] = {
    "bag": _("BagIt: the exhibits with their custody, for another installation or an archive"),
    "stix": _("STIX 2.1: subjects, indicators, findings, dissents and advice"),
    "ftm": _("FollowTheMoney: subjects and claims as entities"),
    "json": _("JSON: the whole case as its record"),
    "csv": _("CSV: claims, indicators, requests, recommendations, proposals and reports as rows"),
    "geojson": _("GeoJSON: claims and indicators that have a place"),
}


@require_GET
def forms(request: HttpRequest, case_id: str) -> HttpResponse:
    """The forms a case can be had in, and what is in them for the person who asks."""
    try:
        parts = parts_of(person_of(request), case_id)
    except work.NotThereError:
        refuse(request, "case", case_id)
    named = [(name, _WORDS[name], form.ending) for name, form in FORMS.items()]
    return render(request, "exhibits/exchange.html", {"parts": parts, "forms": named})


@require_GET
def export(request: HttpRequest, case_id: str, form: str) -> HttpResponseBase:
    """A case in one of the forms; the journal tells who took which."""
    if form not in FORMS:
        raise Http404
    try:
        exported = export_case(person_of(request), case_id, form)
    except work.NotThereError:
        refuse(request, "case", case_id)
    except EvidenceError:
        problem = gettext("An exhibit of this case is damaged or gone; the bag goes out only when all of it is whole.")
        return render(request, "exhibits/refused.html", {"problem": problem}, status=409)
    return answer_with(exported)


def answer_with(exported: Exported) -> StreamingHttpResponse:
    """An answer that is the file of a case, with its marking in the head."""
    answer = StreamingHttpResponse(exported.blocks, content_type=exported.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{exported.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Marking"] = exported.marking
    return answer
