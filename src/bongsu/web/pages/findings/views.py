"""The list of published findings, and one with all its published versions; nothing of its case, nothing of drafts."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bongsu.cases import codec
from bongsu.cases.published import PublicFinding, PublicVersion
from bongsu.web.accounts.middleware import reader_of
from bongsu.web.pages.cases.shown import exhibit_address
from bongsu.web.record.models import CaseRow, PublishedFinding

_PAGE: Final = 50


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What was published and the person may read, newest first; what was withdrawn stays, and says so."""
    rows = PublishedFinding.objects.readable_by(reader_of(request)).select_related("handling").defer("record")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "findings/home.html", {"page": page})


@require_GET
def finding(request: HttpRequest, case_id: str, finding_id: str) -> HttpResponse:
    """One finding with its published versions, the newest first."""
    reader = reader_of(request)
    rows = PublishedFinding.objects.readable_by(reader).select_related("handling")
    row = rows.filter(id=finding_id, case_id=case_id).first()
    if row is None:
        raise Http404
    public = codec.value_of(PublicFinding, row.record)
    shown = {
        "row": row,
        "finding": public,
        "newest": public.newest,
        "versions": [_shown(version, public) for version in reversed(public.versions)],
        "has_case": CaseRow.objects.readable_by(reader).filter(id=case_id).exists(),
    }
    return render(request, "findings/finding.html", shown)


def _shown(version: PublicVersion, public: PublicFinding) -> dict[str, Any]:  # Any: what a template takes
    """A version with the names of its subjects, its standard, and where each piece of evidence is shown."""
    names = {subject.id: subject.name for subject in version.subjects or public.subjects}
    claims = [
        {
            "claim": claim,
            "subject": names.get(claim.subject, claim.subject),
            "links": [
                {"link": link, "address": exhibit_address(link.citation.exhibit, link.citation.locator)}
                for link in claim.links
            ],
        }
        for claim in version.claims
    ]
    return {"version": version, "claims": claims, "standard": version.standard or public.standard}
