"""Pages for some roles only: everyone else is told so, and that they asked is in the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from bongsu.cases.words import Role
from bongsu.web.accounts.middleware import person_of
from bongsu.web.accounts.notes import note_alone
from bongsu.web.logs import address_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def only_for(*roles: Role) -> Callable[[View[P]], View[P]]:
    """A page for these roles; others get the page that says so (403)."""

    def guarded(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = person_of(request)
            if person.role_held not in roles:
                note_alone("access.refused", by=person, body={"address": address_of(request), "role": person.role})
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return answer

    return guarded
