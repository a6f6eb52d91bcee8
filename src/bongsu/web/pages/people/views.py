"""People and roles: coordinators see who is here, administrators look after accounts; whether the site is alive."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bongsu.cases.words import Role
from bongsu.web.accounts import administration
from bongsu.web.accounts.administration import NotAllowedError, Standing
from bongsu.web.accounts.middleware import person_of
from bongsu.web.accounts.models import LINK_LASTS, Person
from bongsu.web.accounts.rights import only_for
from bongsu.web.pages.people import directory
from bongsu.web.pages.people.forms import MemberForm, PersonForm, StandingForm
from bongsu.web.pages.people.words import ROLE_NAMES

_AT_ONCE = 50


@only_for(Role.COORDINATOR, Role.ADMINISTRATOR)
def home(request: HttpRequest) -> HttpResponse:
    """Who works here."""
    return _home(request, MemberForm())


def _home(request: HttpRequest, member_form: Form) -> HttpResponse:
    asked = request.GET
    stopped = {"stopped": True, "active": False}.get(asked.get("state", ""))
    found = directory.persons(
        text=asked.get("q", ""), role=asked.get("role", ""), member=asked.get("member", ""), stopped=stopped
    )
    page = Paginator(found, _AT_ONCE).get_page(asked.get("page"))
    context = {
        "page": page,
        "persons": [(person, directory.role_name(person)) for person in page],
        "members": directory.members(),
        "roles": [(role.value, name) for role, name in ROLE_NAMES.items()],
        "asked": asked,
        "member_form": member_form,
        "administers": person_of(request).role_held is Role.ADMINISTRATOR,
    }
    return render(request, "people/home.html", context)


@only_for(Role.ADMINISTRATOR)
def new(request: HttpRequest) -> HttpResponse:
    """Make a person; then the one-time link, once."""
    by = person_of(request)
    form = PersonForm(request.POST or None, by=by, initial={"member": by.member_id, "role": Role.READER.value})
    if not form.is_valid():
        return render(request, "people/new.html", {"form": form})
    try:
        person = administration.make_person(
            by, form.cleaned_data["username"], name=form.cleaned_data["name"], standing=form.standing()
        )
    except NotAllowedError as error:
        form.add_error(None, error.what)
        return render(request, "people/new.html", {"form": form})
    return _with_link(request, person)


@require_POST
@only_for(Role.ADMINISTRATOR)
def add_member(request: HttpRequest) -> HttpResponse:
    """Make a member."""
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            administration.make_member(person_of(request), form.cleaned_data["id"], form.cleaned_data["name"])
        except NotAllowedError as error:
            form.add_error(None, error.what)
        else:
            messages.success(request, _("The member was added."))
            return redirect("people:home")
    return _home(request, form)


@only_for(Role.ADMINISTRATOR)
def one(request: HttpRequest, username: str) -> HttpResponse:
    """One account: its standing, its history, and what can be done."""
    by, person = person_of(request), _person(username)
    standing = Standing.of(person)
    initial = {"member": person.member_id, "role": standing.role.value, "clearance": int(standing.clearance)}
    form = StandingForm(request.POST if request.method == "POST" else None, by=by, initial=initial)
    if form.is_valid():
        try:
            changed = administration.change_standing(by, person, form.standing())
        except NotAllowedError as error:
            form.add_error(None, error.what)
        else:
            messages.success(request, _("Changed; their sessions ended.") if changed else _("Nothing changed."))
            return redirect("people:one", username=username)
    return _one(request, person, form)


def _one(request: HttpRequest, person: Person, form: Form) -> HttpResponse:
    by = person_of(request)
    context = {
        "person": person,
        "role_name": directory.role_name(person),
        "form": form,
        "lines": directory.history(person),
        "own": by == person,
        "elsewhere": by.member_id != person.member_id,
        "reachable": administration.may_touch(by, person),
    }
    return render(request, "people/one.html", context)


@require_POST
@only_for(Role.ADMINISTRATOR)
def link(request: HttpRequest, username: str) -> HttpResponse:
    """Give a new one-time link, and show it once."""
    person = _person(username)
    try:
        return _with_link(request, person)
    except NotAllowedError as error:
        messages.error(request, error.what)
        return redirect("people:one", username=username)


def _with_link(request: HttpRequest, person: Person) -> HttpResponse:
    """The page with the link is the answer itself: its secret is kept nowhere, so that it can be shown once only."""
    now = timezone.now()
    path = administration.give_link(person_of(request), person, now)
    context = {"person": person, "address": request.build_absolute_uri(path), "until": now + LINK_LASTS}
    return render(request, "people/link.html", context)


@require_POST
@only_for(Role.ADMINISTRATOR)
def stop(request: HttpRequest, username: str) -> HttpResponse:
    """Let a person sign in no more."""
    return _done(request, username, administration.stop, _("They can no longer sign in; their sessions ended."))


@require_POST
@only_for(Role.ADMINISTRATOR)
def admit(request: HttpRequest, username: str) -> HttpResponse:
    """Let a person sign in again."""
    return _done(request, username, administration.admit, _("They can sign in again."))


@require_POST
@only_for(Role.ADMINISTRATOR)
def forget(request: HttpRequest, username: str) -> HttpResponse:
    """Remove the authenticators of a person who lost them."""
    return _done(
        request, username, administration.forget_second_step, _("Their authenticators were removed; sessions ended.")
    )


def alive(request: HttpRequest) -> HttpResponse:
    """Whether the site answers; it says nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


def _done(
    request: HttpRequest, username: str, act: Callable[[Person | None, Person], object], words: str
) -> HttpResponse:
    try:
        act(person_of(request), _person(username))
    except NotAllowedError as error:
        messages.error(request, error.what)
    else:
        messages.success(request, words)
    return redirect("people:one", username=username)


def _person(username: str) -> Person:
    found = directory.persons().filter(username=username).first()
    if found is None:
        raise Http404
    return found
