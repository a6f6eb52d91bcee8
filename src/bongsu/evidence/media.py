"""What kind of file an exhibit is, by its first bytes: a guess for people, never a rule for readers."""

from __future__ import annotations

from typing import Final

START_BYTES: Final = 4096
_MAGIC: Final = (
    (b"\x1f\x8b", "application/gzip"),  # RFC 1952, section 2.3.1
    (b"PK\x03\x04", "application/zip"),  # APPNOTE.TXT, section 4.3.7
    (b"PK\x05\x06", "application/zip"),
    (b"%PDF-", "application/pdf"),  # ISO 32000-1, section 7.5.2
    (b"<?xml", "application/xml"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),  # PNG, section 5.2
    (b"\xff\xd8\xff", "image/jpeg"),  # SOI and the marker after it
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PAR1", "application/vnd.apache.parquet"),
)
_RIFF_WEBP: Final = (b"RIFF", b"WEBP")  # RFC 9649, section 2.4
_BYTE_ORDER_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SEPARATORS: Final = ",;\t"
UNKNOWN: Final = "application/octet-stream"


def guess_media_type(start: bytes) -> str:
    """The media type that the beginning of a file suggests.

    Args:
        start: its first bytes; 4096 are plenty.

    Returns:
        Such as `application/gzip`, `application/xml`, `text/csv`, `text/plain`; `application/octet-stream` where
        nothing is recognised.
    """
    for magic, media_type in _MAGIC:
        if start.startswith(magic):
            return media_type
    if (start[:4], start[8:12]) == _RIFF_WEBP:
        return "image/webp"
    text = _text_of(start)
    return UNKNOWN if text is None else _text_type(text)


def _text_of(start: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return start[len(mark) :].decode(encoding, "replace")
    # Control characters other than white space make it binary; letters above 127 may be any old encoding.
    if not start or any(byte < 0x20 and byte not in b"\t\n\r\f" for byte in start):
        return None
    return start.decode("utf-8", "replace")


def _text_type(text: str) -> str:
    begin = text.lstrip().lower()
    if begin.startswith("<?xml"):
        return "application/xml"
    if begin.startswith(("<!doctype html", "<html")):
        return "text/html"
    if begin.startswith("<"):
        return "application/xml"
    if begin.startswith(("{", "[")):
        return "application/json"
    lines = text.splitlines()[:2] or [""]
    tabular = any(lines[0].count(sign) and lines[0].count(sign) <= lines[-1].count(sign) for sign in _SEPARATORS)
    return "text/csv" if tabular else "text/plain"
