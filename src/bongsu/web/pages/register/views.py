"""The register: search, many names, one entity with its past, and the pairs that wait for a ruling."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bongsu.kernel.errors import BongsuError, BusyError, UsageError
from bongsu.lists.entities import Entity
from bongsu.web.accounts.middleware import person_of, reader_of
from bongsu.web.pages.register.customers import as_csv, pasted, screen_many
from bongsu.web.pages.register.days import said_of
from bongsu.web.pages.register.dossier import dossier_of
from bongsu.web.pages.register.forms import DayForm, NamesForm, RulingForm, SearchForm
from bongsu.web.pages.register.judging import JUDGES, judge_pair
from bongsu.web.pages.register.links import graph_of
from bongsu.web.pages.register.mentions import mentions_of, names_of, subjects_of
from bongsu.web.pages.register.past import timeline_of
from bongsu.web.pages.register.searching import Found, search
from bongsu.web.pages.register.statements import statements_on
from bongsu.web.record import journal
from bongsu.web.record.register import Register, registers

_ON_A_PAGE = 50


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Search, and who there is."""
    register = registers().now()
    if register is None:
        return _loading(request)
    form = SearchForm(request.GET, register.authorities)
    found: tuple[Found, ...] = ()
    problem = None
    try:
        found = search(register, registers().store, form.asked())
    except BongsuError as error:
        problem = str(error)
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    content = {"form": form, "page": page, "asked": form.asked(), "problem": problem}
    return render(request, "register/home.html", {**content, **_standing(register)})


@require_http_methods(["GET", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """Many names at once, and their hits as a table or as CSV."""
    register = registers().now()
    if register is None:
        return _loading(request)
    form = NamesForm(request.POST or None, request.FILES or None)
    content: dict[str, Any] = {"form": form, **_standing(register)}  # Any: what templates take
    if request.method == "POST" and form.is_valid():
        file, text = form.cleaned_data["file"], form.cleaned_data["names"]
        names = file.read(2**20 + 1) if file is not None else _typed(request, text)
        try:
            screened = screen_many(register, names, every=form.cleaned_data["every"], schema=form.cleaned_data["kind"])
        except BongsuError as error:
            status = 503 if isinstance(error, BusyError) else 400
            return render(request, "register/many.html", {**content, "problem": str(error)}, status=status)
        if request.POST.get("as") == "csv":
            return _exported(request, screened.rows, screened.hits)
        page = Paginator(screened.rows, 500).get_page(1)
        content |= {"screened": screened, "page": page, "text": names.decode("utf-8-sig")}
        return render(request, "register/many.html", content)
    return render(request, "register/many.html", content)


@require_GET
def entity(request: HttpRequest, reference: str) -> HttpResponse:
    """One entity, by its id, a listing's or a list's number."""
    register = registers().now()
    if register is None:
        return _loading(request)
    found = register.joined.resolution.find(reference)
    if not found:
        return _gone(request, register, reference)
    if len(found) > 1 or found[0].id != reference:
        one = found[0] if len(found) == 1 else None
        return redirect("register:entity", one.id) if one else HttpResponseRedirect(f"/register/?{_asking(reference)}")
    return render(request, "register/entity.html", _entity_content(request, register, found[0]))


def _entity_content(request: HttpRequest, register: Register, entity: Entity) -> dict[str, Any]:  # Any: as above
    own, others = statements_on(register, registers().store, {each.listing for each in entity.listings})
    dossier = dossier_of(register, entity, own, others)
    person = person_of(request)
    pairs = [
        {"open": each, "sides": [register.profiles[listing] for listing in each.proposal.pair]}
        for each in dossier.waiting
    ]
    return {
        "entity": entity,
        "dossier": dossier,
        "graph": graph_of(entity, dossier.links),
        "mentions": mentions_of(subjects_of(entity), names_of(entity), reader_of(request)),
        "pairs": pairs,
        "may_judge": person.role_held in JUDGES,
        "day_form": DayForm(),
        **_standing(register),
    }


@require_GET
def history(request: HttpRequest, entity: str) -> HttpResponse:
    """What the copies ever received say of an entity; a part of its page, and a page where no script runs."""
    register = registers().now()
    if register is None:
        return _loading(request)
    found = register.joined.resolution.by_id.get(entity)
    if found is None:
        raise Http404
    form = DayForm(request.GET)
    form.is_valid()
    on = form.cleaned_data.get("on")
    answers, problem = [], None
    try:
        for profile in found.listings:
            answers += _said(register, profile.listing, on, frozenset({profile.list_id}))
    except BongsuError as error:
        problem = str(error)
    content = {"entity": found, "answers": answers, "problem": problem, "on": on, "day_form": form}
    return render(
        request, "register/history.html", {**content, "timeline": timeline_of(answers), **_standing(register)}
    )


@require_GET
def past(request: HttpRequest) -> HttpResponse:
    """Was it designated on that day? Asked of every copy ever received, of what left the lists too."""
    register = registers().now()
    if register is None:
        return _loading(request)
    form = DayForm(request.GET)
    form.is_valid()
    wanted, on = form.cleaned_data.get("q", "").strip(), form.cleaned_data.get("on")
    content: dict[str, Any] = {"day_form": form, "wanted": wanted, "on": on, **_standing(register)}  # Any: as above
    if wanted:
        try:
            answers = _said(register, wanted, on, None)
            content |= {"answers": answers, "timeline": timeline_of(answers)}
        except BongsuError as error:
            content["problem"] = str(error)
    return render(request, "register/past.html", content)


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """The pairs that wait for a ruling, likeliest first."""
    register = registers().now()
    if register is None:
        return _loading(request)
    unsure = request.GET.get("unsure") == "1"
    waiting = [each for each in register.joined.resolution.review if unsure or each.ruling is None]
    page = Paginator(waiting, 20).get_page(request.GET.get("page"))
    pairs = [{"open": each, "sides": [register.profiles[one] for one in each.proposal.pair]} for each in page]
    may_judge = person_of(request).role_held in JUDGES
    content = {"page": page, "pairs": pairs, "may_judge": may_judge, "unsure": unsure}
    return render(request, "register/review.html", {**content, **_standing(register)})


@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Rule on a pair."""
    person = person_of(request)
    if person.role_held not in JUDGES:
        raise PermissionDenied
    register = registers().now()
    form = RulingForm(request.POST)
    if register is None:
        return _loading(request)
    if not form.is_valid():
        messages.error(request, _("Say whether they are the same, and why."), extra_tags="bad")
        return redirect("register:review")
    said = form.cleaned_data
    try:
        placed = judge_pair(
            register,
            registers().store,
            person,
            (said["left"], said["right"]),
            said["verdict"],
            said["why"],
            timezone.now().replace(microsecond=0),
        )
    except BongsuError as error:
        messages.error(request, str(error), extra_tags="bad")
        return redirect("register:review")
    text = _("Ruling %(id)s is in the log. The register is joined anew by it within moments.") % {"id": placed.id}
    messages.success(request, text, extra_tags="good")
    return redirect("register:review")


def _typed(request: HttpRequest, text: str) -> bytes:
    """What stands in the field of names: typed by people, or the file once more that the page of hits sends back."""
    return text.encode() if request.POST.get("read") == "as-file" else pasted(text)


def _said(register: Register, reference: str, on: date | None, lists: frozenset[str] | None) -> list[Any]:
    today = timezone.now().date()
    return list(said_of(registers().store, register.standing.cycle, reference, on, today, lists))


def _gone(request: HttpRequest, register: Register, reference: str) -> HttpResponse:
    """An entry that left the lists is shown by its past; what no copy ever held is not there."""
    try:
        known = ":" in reference and _said(register, reference, None, frozenset({reference.partition(":")[0]}))
    except UsageError:
        known = []
    if not known:
        raise Http404
    return HttpResponseRedirect(f"/register/past/?{_asking(reference)}")


def _asking(reference: str) -> str:
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    query["q"] = reference
    return query.urlencode()


def _exported(request: HttpRequest, rows: Any, hits: int) -> HttpResponse:  # Any: rows as screened
    """The hits as a file; the journal says that and how many, never whose."""
    with journal.writing():
        journal.append(
            "export", by=person_of(request).username, subject="register.names", body={"rows": len(rows), "hits": hits}
        )
    answer = HttpResponse("\ufeff" + as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="hits.csv"'
    return answer


def _loading(request: HttpRequest) -> HttpResponse:
    return render(request, "register/loading.html", {"problem": registers().problem})


def _standing(register: Register) -> dict[str, Any]:  # Any: what templates take
    """What every page of the register says of the register itself."""
    return {
        "register": register,
        "copies": register.joined.copies,
        "invented": register.joined.sandbox,
        "register_problem": registers().problem,
    }
