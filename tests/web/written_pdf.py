"""PDF files written byte by byte, so that a test knows what stands where in them; all in them is invented."""

from __future__ import annotations

from collections.abc import Sequence

LETTER = "[0 0 612 792]"


_KOREAN = (
    b"<</Type/Font/Subtype/Type0/BaseFont/HYSMyeongJo-Medium/Encoding/UniKS-UCS2-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType0/BaseFont/HYSMyeongJo-Medium"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 1>>/FontDescriptor<</Type/FontDescriptor"
    b"/FontName/HYSMyeongJo-Medium/Flags 6/FontBBox[0 -148 1001 880]/ItalicAngle 0/Ascent 880/Descent -148"
    b"/CapHeight 880/StemV 93>>>>]>>"
)


def pdf(*pages: str | bytes, box: str = LETTER, page: str = "", tree: str = "", stream: str = "") -> bytes:
    """A PDF file.

    Args:
        pages: the instructions that draw each; Helvetica is `/F1` in them, and `/F2` a Korean font that it lacks.
        box: the media box of every page; the empty text leaves it out.
        page: more of the dictionary of every page, such as `/Rotate 90`.
        tree: more of the dictionary that the pages inherit from.
        stream: more of the dictionary of every page's instructions, such as a filter.
    """
    media = f"/MediaBox {box}" if box else ""
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)} {tree}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        _KOREAN,
    ]
    for at, drawing in enumerate(pages):
        content = drawing.encode() if isinstance(drawing, str) else drawing
        resources = "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R {media} {page} /Contents {6 + 2 * at} 0 R {resources}>>".encode())
        objects.append(f"<</Length {len(content)} {stream}>>stream\n".encode() + content + b"\nendstream")
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    file, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    return file + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(file))


def words(text: str, left: int = 72, bottom: int = 700) -> str:
    """Instructions that write a line."""
    return f"BT /F1 12 Tf {left} {bottom} Td ({text}) Tj ET\n"


def korean(text: str) -> str:
    """Instructions that write a line in the font that the file lacks."""
    return f"BT /F2 24 Tf 72 700 Td <{text.encode('utf-16-be').hex()}> Tj ET\n"


def rectangle(left: int, bottom: int, width: int, height: int) -> str:
    """Instructions that fill a rectangle with black."""
    return f"0 g {left} {bottom} {width} {height} re f\n"
