"""One-time links: looking at one uses nothing up, setting a password by it does, and leads to the second step."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from bongsu.web.accounts.adapter import has_second_step
from bongsu.web.accounts.forms import WelcomeForm
from bongsu.web.accounts.models import OneTimeLink, Person
from bongsu.web.accounts.notes import note
from bongsu.web.accounts.tokens import revoke_all
from bongsu.web.record import journal


@sensitive_post_parameters()
@sensitive_variables("secret", "form")
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind a one-time link: a form for a password, or the word that the link is no longer good."""
    link = OneTimeLink.good(secret, timezone.now())
    if link is None:
        return _no_longer_good(request)
    form = WelcomeForm(link.person, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/welcome.html", {"form": form, "person": link.person})
    if not _used(link, form.cleaned_data["new_password1"]):
        return _no_longer_good(request)
    return _signed_in(request, link.person)


def _used(link: OneTimeLink, password: str) -> bool:
    now = timezone.now()
    with journal.writing():
        if not link.use(now):
            return False
        link.person.set_password(password)
        link.person.save(update_fields=["password"])
        note("link.used", by=link.person, about=link.person, at=now)
        revoke_all(link.person, link.person, now)
    return True


def _signed_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Through allauth's own stages: a link is no way around a second step that is there already."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    # The password was typed twice just now: the page of the second step need not ask for it a third time.
    record_authentication(request, person, method="password", username=person.username, reauthenticated=True)
    after = "/" if has_second_step(person) else reverse("mfa_activate_totp")
    return perform_login(request, person, redirect_url=after)


def _no_longer_good(request: HttpRequest) -> HttpResponse:
    return render(request, "account/link_over.html", status=410)
