"""Doing acts: a form for each, the rules' answer word by word, and back to what was worked on."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bongsu.cases.acts import ACTS, Act, FindingAct, may_ever
from bongsu.cases.case_acts import OpenCase
from bongsu.cases.finding_acts import LinkEvidence, SendNotice
from bongsu.cases.model import Case
from bongsu.cases.words import FindingState
from bongsu.kernel.errors import UsageError
from bongsu.web.accounts.middleware import person_of
from bongsu.web.accounts.models import Member, Person
from bongsu.web.asked import whole_number
from bongsu.web.pages.cases import words
from bongsu.web.pages.cases.drafts import LANGUAGES
from bongsu.web.pages.cases.forms import ActForm, Context, form_for
from bongsu.web.pages.cases.prefill import initial_of
from bongsu.web.record import rows, work
from bongsu.web.record.models import CaseRow, ExhibitRow, IndicatorRow

_OFFERED: Final = 200


def open_case(request: HttpRequest) -> HttpResponse:
    """Open a case."""
    return _act(request, OpenCase, None, None)


def act_on_case(request: HttpRequest, case_id: str, kind: str) -> HttpResponse:
    """Do an act on a case."""
    found = ACTS.get(kind)
    if found is None or issubclass(found, FindingAct) or found is OpenCase:
        raise Http404
    return _act(request, found, case_id, None)


def act_on_finding(request: HttpRequest, case_id: str, finding_id: str, kind: str) -> HttpResponse:
    """Do an act on a finding."""
    found = ACTS.get(kind)
    if found is None or not issubclass(found, FindingAct):
        raise Http404
    return _act(request, found, case_id, finding_id)


def evidence(request: HttpRequest) -> HttpResponse:
    """For which claim a place in an exhibit is evidence: the drafts that the person may read, each with its claims."""
    person = person_of(request)
    if not may_ever(person.role_held, LinkEvidence):
        raise PermissionDenied
    found = CaseRow.objects.readable_by(person.reader).filter(is_open=True)[:_OFFERED]
    cases = rows.readable_parts(map(CaseRow.whole, found), person.reader)
    drafts = [
        {"case": case, "finding": finding}
        for case in cases
        for finding in case.findings
        if finding.current.state is FindingState.DRAFT and finding.current.claims
    ]
    place = {name: request.GET[name] for name in ("exhibit", "locator", "quote") if request.GET.get(name)}
    return render(request, "cases/evidence.html", {"drafts": drafts, "place": place, "query": urlencode(place)})


def _act(request: HttpRequest, kind: type[Act], case_id: str | None, finding_id: str | None) -> HttpResponse:
    person = person_of(request)
    case = _case(case_id, person)
    if case is not None and finding_id is not None and case.finding(finding_id) is None:
        raise Http404
    if not may_ever(person.role_held, kind):
        raise PermissionDenied
    context = context_of(person, case, finding_id)
    shape = form_for(kind, context)
    if request.method != "POST":
        asked = {name: value for name, value in request.GET.items() if isinstance(value, str)}
        initial = initial_of(kind.kind, context, asked, work.moment().date())
        return _page(request, kind, context, shape(initial=initial))
    form = shape(request.POST)
    if not form.is_valid():
        return _page(request, kind, context, form, status=422)
    try:
        changed = work.do(person, case_id, form.act(), seen_acts=_seen(request))
    except UsageError as error:
        form.add_error(None, str(error))
    except work.RefusedError as refused:
        return _page(request, kind, context, form, lacking=[words.said(each) for each in refused.missing], status=422)
    except work.NotThereError:
        raise Http404 from None
    except work.ConflictError as conflict:
        form.add_error(None, str(conflict))
    else:
        messages.success(request, _("Done: %(act)s") % {"act": words.ACTS[kind.kind]})
        return HttpResponseRedirect(_back(changed, finding_id))
    return _page(request, kind, context, form, status=422)


def context_of(person: Person, case: Case | None, finding_id: str | None) -> Context:
    """What a person's form offers to choose from."""
    others = CaseRow.objects.readable_by(person.reader).filter(is_open=True)
    if case is not None:
        others = others.exclude(id=case.id)
    return Context(
        case=case,
        finding=finding_id,
        member=person.member_id,
        members=[(member.id, member.name) for member in Member.objects.all()],
        persons=[(each.username, each.name) for each in Person.objects.filter(is_active=True)],
        others=[(row.id, row.title) for row in others[:_OFFERED]],
        member_name=person.member.name,
        exhibits=[(row.digest, row.title) for row in ExhibitRow.objects.readable_by(person.reader)[:_OFFERED]],
        indicated=_indicated(case, person),
    )


def _indicated(case: Case | None, person: Person) -> tuple[str, ...]:
    """The measures that the case's indicators name, those of the strongest indicator first."""
    if case is None:
        return ()
    rows = IndicatorRow.objects.readable_by(person.reader).filter(id__in=case.indicators).order_by("-score", "id")
    return tuple(dict.fromkeys(key for row in rows for key in row.record["measures"]))


def _case(case_id: str | None, person: Person) -> Case | None:
    try:
        return None if case_id is None else work.case_of(case_id, person.reader)
    except work.NotThereError:
        raise Http404 from None


def _seen(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("seen_acts", ""))


def _back(case: Case, finding_id: str | None) -> str:
    if finding_id is None:
        return reverse("cases:case", args=[case.id])
    return reverse("cases:finding", args=[case.id, finding_id])


def _page(
    request: HttpRequest,
    kind: type[Act],
    context: Context,
    form: ActForm,
    *,
    lacking: list[dict[str, str | None]] | None = None,
    status: int = 200,
) -> HttpResponse:
    finding = None if context.case is None or context.finding is None else context.case.finding(context.finding)
    shown = {
        "title": words.ACTS[kind.kind],
        "kind": kind.kind,
        "case": context.case,
        "finding": finding,
        "form": form,
        "lacking": lacking or [],
        "exhibits": context.exhibits if "exhibit" in form.fields else [],
        "languages_of_drafts": LANGUAGES.items() if kind is SendNotice else (),
        "drafted": form["language"].value() if kind is SendNotice else "",
    }
    return render(request, "cases/act.html", shown, status=status)
