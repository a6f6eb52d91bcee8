"""The pages that say no: in words, without telling whether what was asked for exists."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.notes import note_once_a_minute
from bongsu.web.logs import address_of


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "refusal.html", {"title": title, "text": text, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request was not one."""
    return _page(request, 400, _("This request cannot be read"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The role does not reach."""
    return _page(request, 403, _("Your role does not allow this"), _("A coordinator or an administrator can."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is nothing here, or nothing for the person who asks: the answer is the same."""
    return _page(request, 404, _("There is nothing here for you"), _("It does not exist, or you may not read it."))


def too_many(request: HttpRequest) -> HttpResponse:
    """Someone tries again and again."""
    return _page(request, 429, _("Too many attempts"), _("Wait a few minutes, then try again."))


def broken(request: HttpRequest) -> HttpResponse:
    """We failed."""
    return _page(request, 500, _("Something went wrong on our side"), _("Nothing was changed. It was written down."))


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, which another site may have made a browser send: it is written down."""
    person = request.user if isinstance(request.user, Person) else None
    body: dict[str, JsonValue] = {"address": address_of(request), "reason": "form_token"}
    note_once_a_minute("request.refused", "form_token", by=person, body=body)
    return _page(request, 403, _("This form is too old"), _("Load the page again, then send the form."))
