"""The operations that take or give a file: an exhibit that a person gives, and a case in a form of other programs."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import Router

from bongsu.cases.handling import Tlp
from bongsu.kernel.errors import EvidenceError
from bongsu.web.api.door import ExportToken, speaker
from bongsu.web.exchange.export import export_case
from bongsu.web.pages.exhibits.adding import cases_for, given_by, receive, told_size, too_large
from bongsu.web.pages.exhibits.exchanging import answer_with
from bongsu.web.pages.exhibits.forms import AddForm
from bongsu.web.pages.exhibits.views import CASEWORKERS

router = Router()
_TEXT: Final = {"type": "string"}
#: What the description says of `add_exhibit`, which stands under the same address as the list of exhibits.
UPLOAD: Final[dict[str, Any]] = {  # Any: JSON of OpenAPI
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "title", "origin", "tlp"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "tlp": {"type": "string", "enum": [tlp.label for tlp in Tlp]},
                        "releasable_to": {"type": "array", "items": _TEXT},
                        "sandbox": {"type": "boolean"},
                        "expires_on": {"type": "string", "format": "date"},
                        **dict.fromkeys(
                            ("title", "origin", "obtained", "case", "parents", "how", "named", "purpose"), _TEXT
                        ),
                    },
                }
            }
        },
    }
}


def add_exhibit(request: HttpRequest) -> JsonResponse:
    """Keep a file as an exhibit: its digest; measured before it is read, and never held in memory."""
    person = speaker(request)
    if person.role_held not in CASEWORKERS:
        return JsonResponse({"error": "your role gives no exhibits"}, status=403)
    problem = too_large(told_size(request))
    if problem:
        return JsonResponse({"error": problem}, status=413)
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    try:
        told = request.POST.copy()
    except (MultiPartParserError, SuspiciousOperation) as error:
        return JsonResponse({"error": f"the request cannot be read: {error}"}, status=400)
    labels = {tlp.label: str(int(tlp)) for tlp in Tlp}
    told.setlist("tlp", [labels.get(label, label) for label in told.getlist("tlp")])
    form = AddForm(person, cases_for(person), told, request.FILES)
    if not form.is_valid():
        fields = [{"where": name, "what": " ".join(map(str, said))} for name, said in form.errors.items()]
        return JsonResponse({"error": "the request is not as the description says", "fields": fields}, status=422)
    problem = too_large(form.given.size or 0, whole=False)
    if problem:
        return JsonResponse({"error": problem}, status=413)
    return JsonResponse({"sha256": receive(person, form.given, given_by(person, form))})


@router.get(
    "/cases/{case_id}/export/{form}",
    auth=ExportToken(),
    summary="A case as bag, stix, ftm, json, csv or geojson",
)
def export(request: HttpRequest, case_id: str, form: str) -> HttpResponseBase:
    """A case in a form of other programs; the journal tells who took which."""
    try:
        return answer_with(export_case(speaker(request), case_id, form))
    except EvidenceError as error:
        return JsonResponse({"error": error.what, "remedy": error.remedy}, status=409)
