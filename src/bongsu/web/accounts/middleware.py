"""Who asks: each request's person and reader, the language the person chose, and the door that is closed to others."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from bongsu.cases.handling import Reader
from bongsu.web.accounts.models import Person

Answer = Callable[[HttpRequest], HttpResponse]
# Open to those who are not signed in: signing in, one-time links, what pages are drawn with, whether we are alive. The
# API has tokens of its own.
_OPEN = ("/accounts/", "/welcome/", "/static/", "/alive", "/language", "/api/")


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


class ReaderMiddleware:
    """Lets only persons in who are signed in and may be; everything else is for their eyes by what they may read."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the way to the door."""
        if not request.user.is_authenticated and not request.path.startswith(_OPEN):
            return redirect_to_login(request.get_full_path())
        return self._get_response(request)


def person_of(request: HttpRequest) -> Person:
    """The person who asks; behind the door there is always one."""
    return cast("Person", request.user)


def reader_of(request: HttpRequest) -> Reader:
    """The person who asks, as one who reads."""
    return person_of(request).reader
