"""The door of the API: a token in the `Authorization` header, with the scope that the operation needs."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest
from django.utils import timezone
from ninja.security.http import HttpAuthBase

from bongsu.web.accounts.models import Person
from bongsu.web.accounts.tokens import Scope, TokenRefusedError, person_of_token


class _Holder(HttpAuthBase):
    """Who holds the token of a request; nobody, which ends in 401, where it is not good for the scope."""

    openapi_scheme: ClassVar[str] = "bearer"
    scope: ClassVar[Scope]

    def __call__(self, request: HttpRequest) -> Person | None:
        try:
            return person_of_token(request.headers.get("Authorization"), self.scope, timezone.now())
        except TokenRefusedError:
            return None


# The description of the API calls each by its class.
class ReadToken(_Holder):
    """A token with the scope `read`."""

    scope = Scope.READ


class ActToken(_Holder):
    """A token with the scope `act`."""

    scope = Scope.ACT


class ExportToken(_Holder):
    """A token with the scope `export`."""

    scope = Scope.EXPORT


def speaker(request: HttpRequest) -> Person:
    """The person whose token a request carries; only where one of the above let it in."""
    person: Person = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return person
