"""The program that draws one page: a PDF in at standard input, a PNG out, and how it ended as its status.

It runs alone, as `python -m bongsu.web.pages.exhibits.sheets.draw PAGE PIXELS`. A PDF is hostile until shown otherwise:
before its first byte is read, the process can no more open a file or a connection, start another process, or go beyond
the limits.
"""

from __future__ import annotations

import io
import os
import resource
import sys
from typing import Final

import pypdfium2
from PIL import Image

from bongsu.web.pages.exhibits.sheets.fonts import bring_fonts
from bongsu.web.pages.exhibits.sheets.limits import (
    CPU_SECONDS,
    LONGEST_POINTS,
    MEMORY_BYTES,
    MOST_PICTURE_BYTES,
    Outcome,
)

_PASSWORD_WANTED: Final = 4  # FPDF_ERR_PASSWORD
#: 288 dots an inch; no page is blown up further.
_MOST_SCALE: Final = 4.0
#: Half the time of zlib's own level 6, and no more bytes (measured on pages of text and of noise).
_COMPRESSION: Final = 3


def main(number: int, pixels: int) -> Outcome:
    """Draw a page of the PDF at standard input.

    Args:
        number: of the page, from 1.
        pixels: of the longer side of the picture, at most.
    """
    Image.init()  # loads what writes PNG, while files can be opened
    bring_fonts()
    _give_up_everything()
    picture = io.BytesIO()
    try:
        outcome = _draw(sys.stdin.buffer.read(), number, pixels, picture)
    except pypdfium2.PdfiumError as error:
        return Outcome.ENCRYPTED if error.err_code == _PASSWORD_WANTED else Outcome.BROKEN
    except MemoryError:
        return Outcome.HEAVY
    if picture.tell() > MOST_PICTURE_BYTES:
        return Outcome.HEAVY
    sys.stdout.buffer.write(picture.getbuffer())
    sys.stdout.buffer.flush()
    return outcome


def _give_up_everything() -> None:
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, MOST_PICTURE_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),  # what is open stays open; no file and no connection is opened any more
    ):
        allowed = resource.getrlimit(what)[1]
        least = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(what, (least, least))


def _draw(content: bytes, number: int, pixels: int, picture: io.BytesIO) -> Outcome:
    document = pypdfium2.PdfDocument(content)
    if number > len(document):
        return Outcome.NO_SUCH_PAGE
    document.init_forms()  # so that what is filled into a form is drawn
    page = document[number - 1]
    longest = max(page.get_size())
    if longest > LONGEST_POINTS:
        return Outcome.HUGE
    drawn = page.render(scale=min(pixels / longest, _MOST_SCALE), rev_byteorder=True)
    drawn.to_pil().save(picture, "PNG", compress_level=_COMPRESSION)
    return Outcome.DRAWN


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), int(sys.argv[2])))  # no clearing up: the kernel does it, in no time
