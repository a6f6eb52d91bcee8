"""The font for Korean, Japanese and Chinese of pages that do not bring their own: read before the process is closed.

PDFium would open the system's fonts when a page asks for them, and by then it can open nothing any more. For Latin
letters it has fonts of its own.
"""

from __future__ import annotations

import ctypes
import struct
from pathlib import Path
from typing import Any, Final

from pypdfium2 import raw
from pypdfium2.internal import set_callbacks

#: Where Debian and others put it; docs/explanation/site.md names the package.
PLACES: Final = tuple(
    Path("/usr/share/fonts") / part / "NotoSansCJK-Regular.ttc"
    for part in ("opentype/noto", "noto-cjk", "google-noto-sans-cjk-fonts", "truetype/noto")
)
#: Which of the collection's fonts draws which character set of PDFium's: its first four are of these places.
_FONTS: Final = {
    raw.FXFONT_SHIFTJIS_CHARSET: 0,
    raw.FXFONT_HANGEUL_CHARSET: 1,
    raw.FXFONT_GB2312_CHARSET: 2,
    raw.FXFONT_CHINESEBIG5_CHARSET: 3,
}
_COLLECTION: Final = int.from_bytes(b"ttcf")
_kept: list[object] = []  # what PDFium goes on pointing at


def bring_fonts() -> None:
    """Give PDFium the font, and no other; where there is none, such letters are left out of the pictures."""
    collection = next((path.read_bytes() for path in PLACES if path.is_file()), b"")
    offsets = struct.unpack_from(">4I", collection, 12) if collection[:4] == b"ttcf" else ()

    def map_font(_info: Any, _weight: int, _italic: int, charset: int, *_: Any) -> int | None:  # Any: ctypes
        found = _FONTS.get(charset)
        return found + 1 if offsets and found is not None else None

    def font_data(_info: Any, handle: int, table: int, buffer: Any, size: int) -> int:  # Any: ctypes
        if table not in {0, _COLLECTION}:
            return 0
        begin = 0 if table == _COLLECTION else offsets[handle - 1]  # by where it begins PDFium knows which one is meant
        length = len(collection) - begin
        if buffer and size >= length:
            ctypes.memmove(buffer, collection[begin:], length)
        return length

    info = raw.FPDF_SYSFONTINFO(version=1)
    set_callbacks(
        info,
        Release=lambda _info: None,
        MapFont=map_font,
        GetFont=lambda _info, _name: None,
        GetFontData=font_data,
        GetFaceName=lambda _info, _handle, _buffer, _size: 0,
        GetFontCharset=lambda _info, handle: next(known for known, at in _FONTS.items() if at == handle - 1),
        DeleteFont=lambda _info, _handle: None,
    )
    raw.FPDF_SetSystemFontInfo(info)
    _kept.append(info)
