"""People and roles; one's own account; the language; whether the site is alive."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from bongsu.web.accounts.middleware import person_of
from bongsu.web.accounts.models import Person


def home(request: HttpRequest) -> HttpResponse:
    """Who works here."""
    return render(request, "people/home.html", {"persons": Person.objects.select_related("member")})


def account(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    return render(request, "people/account.html", {"person": person_of(request)})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak a language from now on; to the page that asked."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        request.session["language"] = chosen
        if request.user.is_authenticated:
            person = person_of(request)
            person.language = chosen
            person.save(update_fields=["language"])
    back = request.POST.get("next", "/")
    return HttpResponseRedirect(back if url_has_allowed_host_and_scheme(back, None) else "/")


def alive(request: HttpRequest) -> HttpResponse:
    """Whether the site answers; it says nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")
