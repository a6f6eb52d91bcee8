"""Which window fits which kind of file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO, Final

from bongsu.web.pages.exhibits.preview.images import size_px
from bongsu.web.pages.exhibits.preview.lines import byte_window, line_window
from bongsu.web.pages.exhibits.preview.markup import element_window
from bongsu.web.pages.exhibits.preview.papers import page_window
from bongsu.web.pages.exhibits.preview.place import Place
from bongsu.web.pages.exhibits.preview.tables import (
    csv_window,
    is_workbook,
    json_window,
    parquet_window,
    workbook_window,
    zip_window,
)
from bongsu.web.pages.exhibits.preview.window import UnshownError, Window, framed

#: What a browser may be shown as an image: formats that hold no scripts. SVG and HTML are not among them.
INLINE_IMAGES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def shown(stream: BinaryIO, *, size: int, media_type: str, place: Place) -> Window:
    """The window that shows a place of a file.

    Args:
        stream: its bytes; can be rewound.
        size: how many there are.
        media_type: what its first bytes look like; what someone claims is nothing here.
        place: where to look.

    Raises:
        UnshownError: it cannot be shown, and why.
    """
    if place.unit in {"bytes", "xpath"}:
        return byte_window(stream, place) if place.unit == "bytes" else element_window(stream, place)
    if media_type in INLINE_IMAGES:
        return _image(stream, place)
    show = _BY_TYPE.get(media_type, _text)
    # What is no image is shown from its begin; the page names the box or the span in words.
    return show(stream, size, replace(place, unit="whole") if place.unit in {"box", "time"} else place)


def _image(stream: BinaryIO, place: Place) -> Window:
    """An image, with the box that is cited; the box is not found where nothing of the image lies in it."""
    size = size_px(stream)
    frame, found = framed(place.box, size)
    return Window(form="image", size=size, frame=frame, found=found)


def _text(stream: BinaryIO, _size: int, place: Place) -> Window:
    """Lines; as a table where rows or cells are cited."""
    return csv_window(stream, place) if place.unit in {"row", "cell"} else line_window(stream, place)


def _table(stream: BinaryIO, _size: int, place: Place) -> Window:
    """A table; as lines where lines are cited."""
    return line_window(stream, place) if place.unit == "line" else csv_window(stream, place)


def _unknown(stream: BinaryIO, size: int, place: Place) -> Window:
    """Bytes; as text where someone cited lines or rows of it."""
    return byte_window(stream, place) if place.unit in {"whole", "page"} else _text(stream, size, place)


def _packed(stream: BinaryIO, size: int, place: Place) -> Window:
    """A workbook, or what is in a zip file."""
    return workbook_window(stream, size, place) if is_workbook(stream) else zip_window(stream)


def _json(stream: BinaryIO, size: int, place: Place) -> Window:
    """JSON as one value; as lines where lines are cited, or it is one record a line, or too long."""
    if place.unit == "line":
        return line_window(stream, place)
    try:
        return json_window(stream, size, place)
    except UnshownError as error:
        if error.reason not in {"broken", "large"}:
            raise
    stream.seek(0)
    return line_window(stream, place)


_BY_TYPE: Final[dict[str, Callable[[BinaryIO, int, Place], Window]]] = {
    "application/pdf": page_window,
    "application/zip": _packed,
    "application/json": _json,
    "application/vnd.apache.parquet": lambda stream, _, place: parquet_window(stream, place),
    "application/octet-stream": _unknown,
    "text/csv": _table,
}
