"""The list of exhibits, one exhibit with the place cited, its bytes, and the look at them."""

from __future__ import annotations

from typing import Final, NoReturn
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bongsu.cases.handling import Tlp
from bongsu.cases.model import CaseSubject
from bongsu.cases.words import Role
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import EvidenceError
from bongsu.web.accounts.middleware import person_of, reader_of
from bongsu.web.accounts.models import Person
from bongsu.web.asked import whole_number
from bongsu.web.exchange.suggestions import MOST_READ_BYTES, suggested_subjects
from bongsu.web.pages.exhibits import found
from bongsu.web.pages.exhibits.checks import checks, event_word, place_in_words, why_unshown
from bongsu.web.pages.exhibits.preview import INLINE_IMAGES, Place, UnshownError, Window
from bongsu.web.record.exhibits import VerifiedBytes, verify_exhibits
from bongsu.web.record.refusals import note_refused
from bongsu.web.record.seen import Seen, all_kept_from, seen, tell_of_picture, told

_PAGE: Final = 50
#: A browser that opens the bytes by themselves runs nothing in them and loads nothing for them.
_SEALED: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
CASEWORKERS: Final = frozenset({Role.ANALYST, Role.REVIEWER, Role.COORDINATOR})
_ENDINGS: Final = {
    "application/xml": "xml", "application/json": "json", "text/csv": "csv", "text/plain": "txt",
    "application/pdf": "pdf", "application/gzip": "gz", "application/zip": "zip",
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif",
    "image/webp": "webp", "application/vnd.apache.parquet": "parquet",
}  # fmt: skip


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All exhibits that the person may read, newest first."""
    person = person_of(request)
    page = Paginator(found.listed(person.reader, request.GET), _PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "exhibits/home.html",
        {
            "page": page,
            "types": found.media_types(person.reader),
            "markings": [(int(tlp), tlp.label) for tlp in Tlp if tlp <= person.reader.clearance],
            "may_add": person.role_held in CASEWORKERS,
            "asked": request.GET,
            "kept_from": list(all_kept_from(person)[:_PAGE]),
        },
    )


@require_GET
def exhibit(request: HttpRequest, digest: str) -> HttpResponse:
    """One exhibit: what is known of it, and what it shows at the place that `at` names."""
    person = person_of(request)
    one = seen_or_404(request, digest)
    if (number := whole_number(request.GET.get("page", ""))) is not None:
        return HttpResponseRedirect(f"{request.path}?{urlencode({'at': f'page={number}'})}#here")
    locator = request.GET.get("at", "")
    if not one.is_public:
        one = _told(request, "exhibit.viewed", digest, {"at": locator[:200]})
    view = _view(one, locator)
    log = found.events(one, person.reader)
    chain = found.chain_holds(log)
    up, down = found.kin(one, person.reader)
    return render(
        request,
        "exhibits/exhibit.html",
        {
            "one": one,
            "locator": locator,
            "place_said": place_in_words(Place.parse(locator), one.row.media_type),
            "window": view if isinstance(view, Window) else None,
            "wordless": why_unshown(view.wordless) if isinstance(view, Window) and view.wordless else "",
            "unshown": why_unshown(view) if isinstance(view, UnshownError) else "",
            "log": [(row, event_word(row.event)) for row in log],
            "chain": chain,
            "checks": list(checks(one, log, chain=chain, view=view, now=timezone.now())),
            "made_from": up,
            "made_into": down,
            "citing": found.citing(digest, person.reader),
            "submissions": one.own if one.by_own else one.row.submissions.readable_by(person.reader),
            "suggested": _suggested(one),
            "may_work": person.role_held in CASEWORKERS,
            "may_handle": may_handle(one, person),
        },
    )


@require_GET
def download(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The bytes as received, hashed before the first is sent; never shown by the browser itself."""
    seen_or_404(request, digest)
    one = _told(request, "exhibit.exported", digest, {"form": "bytes"})
    ending = _ENDINGS.get(one.row.media_type, "bin")
    answer = StreamingHttpResponse(_Verified(one), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{digest}.{ending}"'
    answer["Content-Length"] = str(one.row.size_bytes)
    return sealed(answer)


@require_GET
def image(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The bytes of an image, for the page that shows it; only of formats that hold no scripts."""
    one = seen_or_404(request, digest)
    if one.row.media_type not in INLINE_IMAGES:
        raise Http404
    tell_of_picture(person_of(request), one, {"form": "image"})
    answer = StreamingHttpResponse(_Verified(one), content_type=one.row.media_type)
    answer["Content-Disposition"] = f'inline; filename="{digest}.{_ENDINGS[one.row.media_type]}"'
    return sealed(answer)


@require_POST
def verify(request: HttpRequest, digest: str) -> HttpResponse:
    """Hash the bytes now."""
    one = seen_or_404(request, digest)
    if verify_exhibits([one.row.digest])[one.row.digest]:
        messages.success(request, _("The bytes are those that were received."), extra_tags="good")
    else:
        messages.error(request, _("The bytes are damaged or gone. Tell an administrator."), extra_tags="bad")
    return HttpResponseRedirect(reverse("exhibits:exhibit", args=[digest]))


def seen_or_404(request: HttpRequest, digest: str) -> Seen:
    """An exhibit for the person who asks.

    Raises:
        Http404: there is none, or none for the person; the journal tells who asked for which.
    """
    one = seen(digest, reader_of(request))
    return refuse(request, "exhibit", digest) if one is None else one


def refuse(request: HttpRequest, what: str, subject: str) -> NoReturn:
    """Answer as if nothing were there, and write down who asked.

    Raises:
        Http404: always.
    """
    note_refused(person_of(request), what, subject)
    raise Http404


def may_handle(one: Seen, person: Person) -> bool:
    """Whether a person may handle an exhibit otherwise: who works on cases, for the member whose alone it is."""
    alone = not one.by_own and one.handling.is_sole(person.member_id)
    return alone and person.role_held in CASEWORKERS


def _view(one: Seen, locator: str) -> Window | UnshownError:
    place = Place.parse(locator)
    if place is None:
        return UnshownError("place")
    try:
        return found.window(one.row, place)
    except UnshownError as error:
        return error


def _suggested(one: Seen) -> tuple[CaseSubject, ...]:
    """Whom a file that a person gave names; the lists' own files are read by their readers."""
    if one.row.size_bytes > MOST_READ_BYTES or not one.row.submissions.exists():
        return ()
    try:
        with found.opened(one.row) as stream:
            return suggested_subjects(stream.read())
    except EvidenceError:
        return ()


class _Verified(VerifiedBytes):
    """The bytes of an exhibit that a person may read.

    Raises:
        Http404: they are damaged or gone; nothing is sent then.
    """

    def __init__(self, one: Seen) -> None:
        try:
            super().__init__(one.row.digest)
        except EvidenceError as error:
            raise Http404(error.what) from None


def sealed(answer: HttpResponseBase) -> HttpResponseBase:
    """An answer that a browser takes for what it is said to be, and runs and loads nothing for."""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = _SEALED
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _told(request: HttpRequest, kind: str, digest: str, body: dict[str, JsonValue]) -> Seen:
    """An exhibit whose look is written down.

    Raises:
        Http404: it is not there for the person any more.
    """
    one = told(kind, digest, person_of(request), body)
    return refuse(request, "exhibit", digest) if one is None else one
