"""The door of the API: a token in the `Authorization` header, with the scope that the operation needs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone

from bongsu.web.accounts.models import Person
from bongsu.web.accounts.tokens import Scope, TokenRefusedError, person_of_token


def holder(scope: Scope) -> Callable[[HttpRequest], Person | None]:
    """Who holds the token of a request; nobody, which ends in 401, where it is not good for the scope."""

    def authenticate(request: HttpRequest) -> Person | None:
        try:
            return person_of_token(request.headers.get("Authorization"), scope, timezone.now())
        except TokenRefusedError:
            return None

    return authenticate


def speaker(request: HttpRequest) -> Person:
    """The person whose token a request carries; only where `holder` let it in."""
    person: Person = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return person
