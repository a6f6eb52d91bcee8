"""How large an image is, from its first bytes; it is never decoded here."""

from __future__ import annotations

from typing import BinaryIO, Final, Literal

# Frames of JPEG that tell a size: all of SOF0 to SOF15 (ITU-T T.81, table B.1) but DHT, JPG and DAC among them.
_JPEG_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Sizes stand behind pictures of cameras and colour profiles, of 64 KiB each at most.
_READ_BYTES: Final = 4 * 2**20


def size_px(stream: BinaryIO) -> tuple[int, int] | None:
    """Width and height of an image as it is stored, in pixels; None where its head does not tell them.

    Args:
        stream: a PNG (ISO/IEC 15948, 11.2.2), GIF (89a, 18), WebP (RFC 9649) or JPEG (ITU-T T.81, B.2.2); can be
            rewound.
    """
    stream.seek(0)
    head = stream.read(30)
    match head[:4]:
        case b"\x89PNG":
            size = _pair(head[16:24], 4, "big")
        case b"GIF8":
            size = _pair(head[6:10], 2, "little")
        case b"RIFF":
            size = _webp(head)
        case _:
            stream.seek(0)
            size = _jpeg(stream.read(_READ_BYTES))
    return size if size is not None and min(size) > 0 else None


def _pair(two: bytes, each: int, order: Literal["big", "little"]) -> tuple[int, int] | None:
    if len(two) != 2 * each:
        return None
    return int.from_bytes(two[:each], order), int.from_bytes(two[each:], order)


def _webp(head: bytes) -> tuple[int, int] | None:
    match head[12:16]:
        case b"VP8X":
            found = _pair(head[24:30], 3, "little")
            return None if found is None else (found[0] + 1, found[1] + 1)
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            found = _pair(head[26:30], 2, "little")
            return None if found is None else (found[0] & 0x3FFF, found[1] & 0x3FFF)
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    at = 2
    while head[:2] == b"\xff\xd8" and at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if marker in _JPEG_SIZES:
            found = _pair(head[at + 5 : at + 9], 2, "big")
            return None if found is None else (found[1], found[0])
        if marker == 0xFF:  # a byte that fills
            at += 1
        elif marker == 0xDA or length < 2:
            return None
        else:
            at += 2 + length
    return None
