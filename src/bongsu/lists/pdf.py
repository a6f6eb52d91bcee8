"""The bytes of a list as the text of a PDF's pages, for lists that are published as PDF only."""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.model import Part

# What a damaged or hostile PDF makes its parser raise, besides its own errors.
PARSER_ERRORS: Final = (
    *(PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError),
    *(RecursionError, TypeError, ValueError, struct.error, zlib.error),
)


def first_page_text(content: bytes) -> str:
    """The text of a PDF's first page; the empty text where there is none that can be read."""
    try:
        with quiet():
            return PdfReader(io.BytesIO(content)).pages[0].extract_text()
    except PARSER_ERRORS:
        return ""


def page_lines(part: Part, limits: Mapping[str, int]) -> list[list[str]]:
    """The lines of each page, as they are laid out, tabs made blanks; blank lines are left out.

    Args:
        part: the PDF, as received.
        limits: what no page or document of this list goes beyond: `pages`; `page_content_bytes`, of the instructions
            that draw a page; `page_text`, in characters.

    Raises:
        SourceRefusedError: it is damaged, encrypted, or goes beyond a limit.
    """
    try:
        with quiet():
            return list(_laid_out(part, limits))
    except PARSER_ERRORS as error:
        raise SourceRefusedError(
            f"is a PDF that cannot be read: {str(error).strip()[:200] or type(error).__name__}",
            where=part.name,
            remedy="fetch the file again from the publisher; it is cut or was altered",
        ) from None


def _laid_out(part: Part, limits: Mapping[str, int]) -> Iterator[list[str]]:
    reader = PdfReader(io.BytesIO(part.content))
    if reader.is_encrypted:
        raise SourceRefusedError("is encrypted, which this list never is", where=part.name)
    if len(reader.pages) > limits["pages"]:
        raise SourceRefusedError(f"has {len(reader.pages)} pages, more than this list can have", where=part.name)
    for number, page in enumerate(reader.pages, start=1):
        # The time a page takes grows with its drawing instructions, so these are bounded instead of the time.
        contents = page.get_contents()
        size = 0 if contents is None else len(contents.get_data())
        text = "" if size > limits["page_content_bytes"] else page.extract_text(extraction_mode="layout")
        if size > limits["page_content_bytes"] or len(text) > limits["page_text"]:
            raise SourceRefusedError("holds more than a page of this list can", where=f"{part.name} page={number}")
        yield [line.expandtabs() for line in text.splitlines() if line.strip()]


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the parser's remarks on odd PDFs to itself: what matters of them is refused here, in words."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
