"""The text of a page of a PDF file."""

from __future__ import annotations

import io
from typing import BinaryIO, Final

from pypdf import PdfReader

from bongsu.lists.pdf import PARSER_ERRORS, quiet
from bongsu.web.pages.exhibits.preview.place import Place
from bongsu.web.pages.exhibits.preview.tables import MOST_HELD_BYTES
from bongsu.web.pages.exhibits.preview.window import UnshownError, Window, text_window

#: The time a page takes grows with the instructions that draw it.
_MOST_PAGE_BYTES: Final = 2 * 2**20


def page_window(stream: BinaryIO, size: int, place: Place) -> Window:
    """The text of the page that is cited, or of the first.

    Raises:
        UnshownError: damaged, encrypted, or too large.
    """
    if size > MOST_HELD_BYTES:
        raise UnshownError("large")
    number = place.first if place.unit == "page" else 1
    try:
        with quiet():
            reader = PdfReader(io.BytesIO(stream.read()))
            if reader.is_encrypted:
                raise UnshownError("encrypted")
            pages = len(reader.pages)
            if number > pages:
                return Window(form="text", found=False, what=f"page {number} of {pages}", before=True)
            page = reader.pages[number - 1]
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > _MOST_PAGE_BYTES:
                raise UnshownError("large")
            lines = [line.rstrip() for line in page.extract_text().splitlines() if line.strip()]
    except PARSER_ERRORS as error:
        raise UnshownError("broken", str(error) or type(error).__name__) from None
    last = len(lines) if place.unit == "page" else 0
    window = text_window(lines, first=1, last=last)
    return Window(
        form="text",
        rows=window.rows,
        before=number > 1,
        after=number < pages or window.after,
        what=f"page {number} of {pages}",
        cut=window.cut,
    )
