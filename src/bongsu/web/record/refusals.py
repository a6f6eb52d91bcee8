"""Whoever asks for what they may not read gets the answer of what is not there; that they asked is written down.

So is a request that was refused before anyone read what it asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.notes import note_alone, note_once_a_minute
from bongsu.web.record.models import CaseRow, ExhibitRow, IndicatorRow

# The pages of exhibits write down their own refusals, guesses of digests too.
_ASKED: Final = re.compile(r"/(?:api/v1/(cases|indicators|exhibits)|(cases|indicators))/([a-z0-9]{10,64})(?:/|$)")
_MOST_OF_ADDRESS: Final = 200
_ROWS: Final = {"cases": CaseRow, "indicators": IndicatorRow, "exhibits": ExhibitRow}

_UNREAD: Final = frozenset({400, 413})
_UNREAD_BY_API: Final = _UNREAD | {422}  # on a page it is a form with something left to mend


class RefusedAccessMiddleware:
    """Writes into the journal who asked for a case, an indicator or an exhibit that is there, but not for them.

    Requests that are malformed or too large are written down as well, one a minute of each person and status.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, unchanged."""
        response = self._get_response(request)
        known = getattr(request, "auth", None) or request.user
        person = known if isinstance(known, Person) else None
        asked = _ASKED.match(request.path) if response.status_code == 404 else None
        if asked is not None and person is not None:
            _note(person, asked[1] or asked[2], asked[3])
        elif response.status_code in (_UNREAD_BY_API if request.path.startswith("/api/") else _UNREAD):
            body: dict[str, JsonValue] = {"address": request.path[:_MOST_OF_ADDRESS], "status": response.status_code}
            note_once_a_minute("request.refused", str(response.status_code), by=person, body=body)
        return response


def _note(person: Person, what: str, key: str) -> None:
    rows = _ROWS[what].objects
    if rows.readable_by(person.reader).filter(pk=key).exists():
        return  # a part of it is asked for that is none
    body: dict[str, JsonValue] = {"what": what}
    if rows.filter(pk=key).exists():
        note_alone("access.refused", by=person, about=key, body=body)
    elif what == "exhibits":  # whoever guesses a digest has a file, and asks whether we have it
        note_once_a_minute("access.refused", "guess", by=person, about=key, body=body)
