"""Whoever asks for what they may not read gets the answer of what is not there; that they asked is written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from bongsu.web.accounts.models import Person
from bongsu.web.record import journal
from bongsu.web.record.models import CaseRow, ExhibitRow, IndicatorRow

# The pages of exhibits write down their own refusals, guesses of digests too.
_ASKED: Final = re.compile(r"/(?:api/v1/(cases|indicators|exhibits)|(cases|indicators))/([a-z0-9]{10,64})(?:/|$)")
_ROWS: Final = {"cases": CaseRow, "indicators": IndicatorRow, "exhibits": ExhibitRow}


class RefusedAccessMiddleware:
    """Writes into the journal who asked for a case, an indicator or an exhibit that is there, but not for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, unchanged."""
        response = self._get_response(request)
        asked = _ASKED.match(request.path) if response.status_code == 404 else None
        person = getattr(request, "auth", None) or request.user
        if asked is not None and isinstance(person, Person):
            _note(person, asked[1] or asked[2], asked[3])
        return response


def _note(person: Person, what: str, key: str) -> None:
    rows = _ROWS[what].objects
    if not rows.filter(pk=key).exists() or rows.readable_by(person.reader).filter(pk=key).exists():
        return  # there is none, or a part of it is asked for that is none
    with journal.writing():
        journal.append("access.refused", by=person.username, subject=key, body={"what": what})
