"""One's own account: name, language, authenticators, tokens, sign-ins."""

from __future__ import annotations

from datetime import datetime

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bongsu.web.accounts.adapter import has_second_step
from bongsu.web.accounts.middleware import person_of
from bongsu.web.accounts.models import Person, Token
from bongsu.web.accounts.notes import note
from bongsu.web.accounts.tokens import Scope, make_token, revoke_token
from bongsu.web.pages.people import directory
from bongsu.web.pages.people.forms import OwnForm, TokenForm
from bongsu.web.record import journal


def account(request: HttpRequest) -> HttpResponse:
    """One's own account, and what one says of oneself."""
    person = Person.objects.select_related("member").get(pk=person_of(request).pk)
    form = OwnForm(request.POST if request.method == "POST" else None, instance=person)
    if not form.is_valid():
        return _account(request, form, TokenForm())
    if form.has_changed():
        with journal.writing():
            form.instance.save(
                update_fields=form.changed_data
            )  # no more: an administrator may change the rest just now
            note("account.changed", by=person, about=person, body={"changed": sorted(form.changed_data)})
    _speak(request, person.language)
    messages.success(request, _("Saved."))
    return redirect("people:account")


def _account(request: HttpRequest, form: Form, token_form: Form) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    context = {
        "person": person,
        "role_name": directory.role_name(person),
        "form": form,
        "second_step": has_second_step(person),
        "tokens": [(token, _state(token, now)) for token in person.tokens.all()],
        "token_form": token_form,
        "lines": directory.sign_ins(person),
    }
    return render(request, "people/account.html", context)


@require_POST
@reauthentication_required
def add_token(request: HttpRequest) -> HttpResponse:
    """Make a token, and show its secret once; who sits down at an open session cannot, without the password."""
    form = TokenForm(request.POST)
    person = person_of(request)
    if not form.is_valid():
        return _account(request, OwnForm(instance=person), form)
    chosen = form.cleaned_data
    token, secret = make_token(
        person,
        label=chosen["label"],
        scopes=frozenset(Scope(scope) for scope in chosen["scopes"]),
        days=chosen["days"],
        now=timezone.now(),
    )
    return render(request, "people/token.html", {"token": token, "secret": secret})


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke a token of one's own."""
    if not revoke_token(person_of(request), token_id, timezone.now()):
        raise Http404
    messages.success(request, _("The token was revoked."))
    return redirect("people:account")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak a language from now on; to the page that asked."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _speak(request, chosen)
        if request.user.is_authenticated:
            person = person_of(request)
            person.language = chosen
            person.save(update_fields=["language"])
    back = request.POST.get("next", "/")
    return HttpResponseRedirect(back if url_has_allowed_host_and_scheme(back, None) else "/")


def _speak(request: HttpRequest, language: str) -> None:
    if language:
        request.session["language"] = language
    else:
        request.session.pop("language", None)


def _state(token: Token, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "over" if token.expires_at <= now else "good"
