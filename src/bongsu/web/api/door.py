"""The door of the API: a token in the `Authorization` header, good for what is asked, and not shown too often."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security.http import HttpAuthBase

from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Person, Token
from bongsu.web.accounts.notes import note_once_a_minute
from bongsu.web.accounts.rates import MOST_REFUSED, TooManyRequestsError, count
from bongsu.web.accounts.tokens import Scope, TokenRefusedError, good_token
from bongsu.web.logs import address_of

_LONGEST: Final = 64


class _Holder(HttpAuthBase):
    """Who holds the token of a request; nobody, which ends in 401, where it is not good for the scope.

    Each token may ask so often in a minute, and each address show tokens that are not good. A good token is never
    refused for what others at its address show.
    """

    openapi_scheme: ClassVar[str] = "bearer"
    scope: ClassVar[Scope]

    def __call__(self, request: HttpRequest) -> Person | None:
        now = timezone.now()
        try:
            token = good_token(request.headers.get("Authorization"), self.scope, now)
        except TokenRefusedError:
            address = str(get_adapter().get_client_ip(request))
            _count(request, f"refused:{address}"[:_LONGEST], MOST_REFUSED, now, None)
            return None
        _count(request, f"token:{token.pk}", settings.SITE.most_requests_a_minute, now, token)
        return token.person


def _count(request: HttpRequest, what: str, most: int, now: datetime, token: Token | None) -> None:
    """Count a request; one too many is written down once a minute, and refused.

    Raises:
        TooManyRequestsError: it is one too many.
    """
    try:
        count(what, most, now)
    except TooManyRequestsError:
        body: dict[str, JsonValue] = {
            "address": address_of(request),
            "status": 429,
            "token": token.pk if token else None,
        }
        by = None if token is None else token.person
        note_once_a_minute("request.refused", f"429:{body['token']}", by=by, body=body, at=now)
        raise


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
