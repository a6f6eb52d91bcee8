"""Whoever asks for what they may not read gets the answer of what is not there; that they asked is written down.

So is a request that was refused before anyone read what it asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bongsu.kernel.canonical import JsonValue, digest
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.notes import note_once_a_minute
from bongsu.web.logs import address_of
from bongsu.web.record import journal
from bongsu.web.record.models import CaseRow, ExhibitRow, IndicatorRow

MOST_IN_AN_HOUR: Final = 30
_HOUR_S: Final = 3600
# The pages of exhibits write down their own refusals, guesses of digests too.
_ASKED: Final = re.compile(r"/(?:api/v1/(cases|indicators|exhibits)|(cases|indicators))/([a-z0-9]{10,64})(?:/|$)")
_ROWS: Final = {"cases": CaseRow, "indicators": IndicatorRow, "exhibits": ExhibitRow}

_UNREAD: Final = frozenset({400, 413})
_UNREAD_BY_API: Final = _UNREAD | {422}  # on a page it is a form with something left to mend


class RefusedAccessMiddleware:
    """Writes into the journal who asked for a case, an indicator or an exhibit that is not there for them.

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
            what, key = asked[1] or asked[2], asked[3]
            if not _ROWS[what].objects.readable_by(person.reader).filter(pk=key).exists():  # else a part of it is none
                note_refused(person, what, key)
        elif response.status_code in (_UNREAD_BY_API if request.path.startswith("/api/") else _UNREAD):
            body: dict[str, JsonValue] = {"address": address_of(request), "status": response.status_code}
            note_once_a_minute("request.refused", str(response.status_code), by=person, body=body)
        return response


def note_refused(person: Person, what: str, subject: str) -> None:
    """Write down that a person asked for what is not there, or not for them: the same work in both cases.

    Once an hour for each subject, and no more than `MOST_IN_AN_HOUR` in all: who guesses fills no journal. The last
    entry says that it is the last.

    Args:
        person: who asked.
        what: for what kind of thing: `case`, `exhibit`.
        subject: for which.
    """
    now = timezone.now()
    counter = f"refused:{person.pk}:{now:%Y%m%d%H}"
    written: int = cache.get(counter, 0)
    if written >= MOST_IN_AN_HOUR:
        return
    if not cache.add(f"refused:{person.pk}:{digest(subject.encode('utf-8', 'replace'))}", True, _HOUR_S):
        return
    cache.set(counter, written + 1, _HOUR_S)
    body: dict[str, JsonValue] = {"what": what}
    if written + 1 == MOST_IN_AN_HOUR:
        body["last_of_the_hour"] = True
    with journal.writing():
        journal.append("access.refused", by=person.username, subject=subject[:64], body=body, at=now)
