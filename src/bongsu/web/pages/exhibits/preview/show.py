"""Which window fits which kind of file."""

from __future__ import annotations

from typing import BinaryIO, Final

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
from bongsu.web.pages.exhibits.preview.window import UnshownError, Window

#: What a browser may be shown as an image: formats that hold no scripts. SVG and HTML are not among them.
INLINE_IMAGES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_PARQUET: Final = "application/vnd.apache.parquet"


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
    if place.unit == "bytes":
        return byte_window(stream, place)
    if place.unit == "xpath":
        return element_window(stream, place)
    match media_type:
        case "application/pdf":
            return page_window(stream, size, place)
        case "application/zip":
            return workbook_window(stream, size, place) if is_workbook(stream) else zip_window(stream)
        case "application/json":
            return _json(stream, size, place)
        case _ if media_type == _PARQUET:
            return parquet_window(stream, place)
        case _ if media_type in INLINE_IMAGES:
            return Window(form="image")
        case _ if place.unit in {"row", "cell"} or media_type == "text/csv":
            return csv_window(stream, place) if place.unit != "line" else line_window(stream, place)
        case "application/octet-stream":
            return byte_window(stream, place)
    return line_window(stream, place)


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
