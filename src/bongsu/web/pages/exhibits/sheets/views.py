"""A page of a PDF exhibit as a picture, for whoever may read the exhibit."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bongsu.kernel.errors import EvidenceError
from bongsu.web.accounts.middleware import person_of
from bongsu.web.asked import FARTHEST
from bongsu.web.pages.exhibits import found
from bongsu.web.pages.exhibits.checks import why_unshown
from bongsu.web.pages.exhibits.preview import UnshownError
from bongsu.web.pages.exhibits.preview.tables import MOST_HELD_BYTES
from bongsu.web.pages.exhibits.sheets.limits import Outcome
from bongsu.web.pages.exhibits.sheets.pictures import NotNowError, picture_of
from bongsu.web.pages.exhibits.views import sealed, seen_or_404
from bongsu.web.record.models import ExhibitRow
from bongsu.web.record.seen import tell_of_picture

#: Pixels of the longer side, by the name in the address: to read on a screen, and to look into.
SIZES: Final = {"screen": 1600, "large": 4000}
_REASONS: Final = {Outcome.ENCRYPTED: "encrypted", Outcome.HUGE: "huge", Outcome.HEAVY: "heavy"}
_TRY_AGAIN_S: Final = 10


@require_GET
def page(request: HttpRequest, digest: str, number: int, size: str) -> HttpResponseBase:
    """The picture of a page; in words, as 422 or 503, why there is none."""
    one = seen_or_404(request, digest)
    if one.row.media_type != "application/pdf" or size not in SIZES or not 1 <= number <= FARTHEST:
        raise Http404
    try:
        picture = _picture(one.row, number, SIZES[size])
    except UnshownError as error:
        return sealed(HttpResponse(why_unshown(error), status=422, content_type="text/plain; charset=utf-8"))
    except NotNowError:
        busy = _("The page could not be drawn in time: the machine is busy, or the page is too much for it. Try again.")
        answer = HttpResponse(busy, status=503, content_type="text/plain; charset=utf-8")
        answer["Retry-After"] = str(_TRY_AGAIN_S)
        return sealed(answer)
    tell_of_picture(person_of(request), one, {"page": str(number)})
    answer = HttpResponse(picture, content_type="image/png")
    answer["Content-Disposition"] = f'inline; filename="{digest}-page-{number}.png"'
    return sealed(answer)


def _picture(row: ExhibitRow, number: int, pixels: int) -> bytes:
    """The picture of a page.

    Raises:
        Http404: there is no such page.
        UnshownError: it cannot be drawn, and why.
        NotNowError: not now.
    """
    if row.size_bytes > MOST_HELD_BYTES:
        raise UnshownError("large")
    try:
        drawn = picture_of(lambda: found.opened(row), row.digest, number, pixels)
    except EvidenceError as error:
        raise UnshownError("damaged", error.what) from None
    if isinstance(drawn, bytes):
        return drawn
    if drawn is Outcome.NO_SUCH_PAGE:
        raise Http404
    raise UnshownError(_REASONS.get(drawn, "broken"), "PDFium")
