"""A page of a PDF file: its text, what it measures, and the box that is cited."""

from __future__ import annotations

import io
from typing import BinaryIO, Final

from pypdf import PageObject, PasswordType, PdfReader

from bongsu.lists.pdf import PARSER_ERRORS, quiet
from bongsu.web.pages.exhibits.preview.place import Place
from bongsu.web.pages.exhibits.preview.tables import MOST_HELD_BYTES
from bongsu.web.pages.exhibits.preview.window import MOST, UnshownError, Window, framed, text_window

#: The time a page takes grows with the instructions that draw it.
_MOST_PAGE_BYTES: Final = 2 * 2**20
_LETTER_POINTS: Final = (0.0, 0.0, 612.0, 792.0)


def page_window(stream: BinaryIO, size: int, place: Place) -> Window:
    """The page that is cited, or the first.

    Raises:
        UnshownError: damaged, encrypted, without pages, or too large.
    """
    if size > MOST_HELD_BYTES:
        raise UnshownError("large")
    number = place.first if place.unit == "page" else 1
    with quiet():
        try:
            reader = PdfReader(io.BytesIO(stream.read()))
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                raise UnshownError("encrypted")
            pages = len(reader.pages)
            if not pages:
                raise UnshownError("broken", "it has no pages")
            if number > pages:
                return Window(form="text", found=False, what=f"page {number} of {pages}", before=True)
            return _window(reader.pages[number - 1], place, number, pages)
        except PARSER_ERRORS as error:
            raise UnshownError("broken", str(error) or type(error).__name__) from None


def _window(page: PageObject, place: Place, number: int, pages: int) -> Window:
    wordless, size = None, size_points(page)
    try:
        lines = _lines(page)
    except UnshownError as error:
        lines, wordless = [], error
    whole = place.unit == "page" and place.box is None
    text = text_window(lines[:MOST], first=1, last=min(len(lines), MOST) if whole else 0)
    frame, found = framed(place.box if place.unit == "page" else None, size)
    return Window(
        form="page",
        rows=text.rows,
        found=found,
        after=len(lines) > MOST,
        what=f"page {number} of {pages}",
        cut=text.cut,
        frame=frame,
        size=size,
        page=number,
        pages=pages,
        wordless=wordless,
    )


def _lines(page: PageObject) -> list[str]:
    """The lines of a page's text, without the blank ones.

    Raises:
        UnshownError: too large, or damaged.
    """
    try:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > _MOST_PAGE_BYTES:
            raise UnshownError("large")
        return [line.rstrip() for line in page.extract_text().splitlines() if line.strip()]
    except PARSER_ERRORS as error:
        raise UnshownError("broken", str(error) or type(error).__name__) from None


def size_points(page: PageObject) -> tuple[float, float] | None:
    """Width and height of a page as it is shown: the part of it within its crop box, turned as it says.

    The rules are PDFium's, for what no page should say as well: a box without a size counts as none.

    Returns:
        None where nothing of the page is shown, or it is not said in numbers.
    """
    try:
        media = _box(page, "/MediaBox") or _LETTER_POINTS
        crop = _box(page, "/CropBox") or media
        turned = int(page.rotation) // 90 % 2 == 1
    except PARSER_ERRORS:
        return None
    across = min(crop[2], media[2]) - max(crop[0], media[0])
    down = min(crop[3], media[3]) - max(crop[1], media[1])
    if across <= 0 or down <= 0:
        return None
    return (down, across) if turned else (across, down)


def _box(page: PageObject, name: str) -> tuple[float, float, float, float] | None:
    """A box as left, bottom, right, top, whichever corners it names; None where there is none, or it has no size."""
    found = page.get(name)
    corners = [] if found is None else [float(each.get_object()) for each in found.get_object()]
    if len(corners) != 4:
        return None
    left, right = sorted(corners[::2])
    bottom, top = sorted(corners[1::2])
    return (left, bottom, right, top) if left < right and bottom < top else None
