"""Unpacking: gzip inflated within limits, so that a small file cannot fill the memory."""

from __future__ import annotations

import zlib
from typing import Final

from bongsu.kernel.errors import SourceRefusedError

_MAGIC: Final = b"\x1f\x8b"  # RFC 1952, section 2.3.1
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS  # zlib's manual, inflateInit2: a gzip header and trailer, check sum verified
_CHUNK_BYTES: Final = 2**20
_BLOCK_BYTES: Final = 2**16
#: So little may be inflated from any file, whatever the ratio: tables of blanks pack well.
RATIO_FREE_BYTES: Final = 2**20
_REMEDY: Final = "fetch it again; if it stays so, tell the source"


def unpack(content: bytes, *, limit_bytes: int = 2**30, ratio: int = 200) -> bytes | None:
    """What a gzip file holds, all its members one after another (RFC 1952).

    Args:
        content: the file.
        limit_bytes: the most it may hold, in bytes.
        ratio: how many times its own size it may hold, beyond the first MiB. Deflate reaches 1032 at most; sanctions
            lists and trade tables stay below 40.

    Returns:
        The inflated bytes, or None where the content is not gzip.

    Raises:
        SourceRefusedError: cut off, corrupt, followed by something else, or above a limit.
    """
    if not content.startswith(_MAGIC):
        return None
    most = min(limit_bytes, max(ratio * len(content), RATIO_FREE_BYTES))
    inflated = bytearray()
    view = memoryview(content)
    position = 0
    while content[position : position + len(_MAGIC)] == _MAGIC:
        position = _member(view, position, inflated, most)
    if content[position:].strip(b"\0"):  # archives on tape were padded with zeros, and gzip allows it
        raise SourceRefusedError(f"{len(content) - position} bytes follow the end of the gzip file", remedy=_REMEDY)
    return bytes(inflated)


def _member(view: memoryview, position: int, inflated: bytearray, most: int) -> int:
    """Inflate the member that begins at a position onto `inflated`, and return where it ends."""
    inflator = zlib.decompressobj(_GZIP_WINDOW)
    while not inflator.eof:
        # In blocks: zlib copies what it has not used, and a file of a million tiny members must not be copied as often.
        block = view[position : position + _BLOCK_BYTES]
        if not block:
            raise SourceRefusedError("the gzip file is cut off", remedy=_REMEDY)
        position += len(block)
        _feed(inflator, bytes(block), inflated, most)
    return position - len(inflator.unused_data)


def _feed(inflator: zlib._Decompress, block: bytes, inflated: bytearray, most: int) -> None:
    """Inflate one block, at most a MiB at a time."""
    chunk_bytes = _CHUNK_BYTES
    while chunk_bytes == _CHUNK_BYTES and not inflator.eof:
        try:
            chunk = inflator.decompress(block, _CHUNK_BYTES)
        except zlib.error as error:
            raise SourceRefusedError(f"the gzip file is corrupt: {error}", remedy=_REMEDY) from error
        inflated += chunk
        if len(inflated) > most:
            remedy = "if the source has truly grown so large, raise its limit"
            raise SourceRefusedError(f"the gzip file would inflate beyond {most} bytes", remedy=remedy)
        block, chunk_bytes = inflator.unconsumed_tail, len(chunk)
