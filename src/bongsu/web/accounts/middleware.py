"""Who asks: each request's person and reader, the language the person chose, and the door that is closed to others."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import translation

from bongsu.cases.handling import Reader
from bongsu.web.accounts.adapter import has_second_step
from bongsu.web.accounts.models import Person

Answer = Callable[[HttpRequest], HttpResponse]
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Open to those who are not signed in: signing in, one-time links, what pages are drawn with, whether we are alive. The
# API has tokens of its own.
_OPEN = ("/accounts/", "/welcome/", "/static/", "/alive", "/language", "/api/")
# Open to those who are signed in and have no authenticator yet, where everyone needs one.
_SETTING_UP = ("/accounts/", "/welcome/", "/static/", "/alive", "/language")


class LanguageMiddleware:
    """Answers in the language the person chose, else the browser's, else English."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, in that language."""
        chosen = request.session.get("language") or translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language() or "en"  # type: ignore[attr-defined]  # as Django's own does
            response = self._get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)  # type: ignore[attr-defined]
            return response


class AddressMiddleware:
    """Refuses an address that holds the character NUL, which no database of ours takes and no person writes.

    And methods that nothing here answers, such as TRACE, which would send back what a browser keeps from its pages.
    """

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or that the request cannot be read or its method is not answered."""
        if request.method not in _METHODS:
            return HttpResponseNotAllowed(_METHODS)
        if "\0" in request.path or any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise SuspiciousOperation("an address with the character NUL")
        return self._get_response(request)


class ReaderMiddleware:
    """Lets only persons in who are signed in and may be; everything else is for their eyes by what they may read.

    Where everyone needs an authenticator, a person without one reaches the pages on which one is set up, and no other.
    """

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the way to the door."""
        if not request.user.is_authenticated and not request.path.startswith(_OPEN):
            return redirect_to_login(request.get_full_path())
        lacking = request.user.is_authenticated and settings.SECOND_STEP_REQUIRED and not has_second_step(request.user)
        request.lacks_second_step = lacking  # type: ignore[attr-defined]  # for the pages of the setting up
        if lacking and not request.path.startswith(_SETTING_UP):
            return redirect("mfa_index")
        return self._get_response(request)


def person_of(request: HttpRequest) -> Person:
    """The person who asks; behind the door there is always one."""
    return cast("Person", request.user)


def reader_of(request: HttpRequest) -> Reader:
    """The person who asks, as one who reads."""
    return person_of(request).reader
