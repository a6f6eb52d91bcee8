"""Unpacking: gzip inflated within limits, so that a small file cannot fill the memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final

from bongsu.evidence.exhibit import Exhibit, hashed
from bongsu.kernel.errors import SourceRefusedError

#: The step's name in the custody log.
GZIP: Final = "gzip"
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
    return b"".join(inflated(BytesIO(content), most))


def not_unpacked_from(packed: BinaryIO, exhibit: Exhibit) -> str | None:
    """Why an exhibit is not what a gzip file holds, in words; None where it is.

    Args:
        packed: the file, at its beginning.
        exhibit: what is said to have been made of it; no more than its size is inflated.
    """
    try:
        found = hashed(inflated(packed, exhibit.size))
    except SourceRefusedError as error:
        return error.what
    return None if found == exhibit else f"it holds {found.digest}"


def inflated(packed: BinaryIO, most: int) -> Iterator[bytes]:
    """What a gzip file holds, at most a MiB at a time.

    Args:
        packed: the file, at its beginning.
        most: the most it may hold, in bytes.

    Raises:
        SourceRefusedError: not gzip, cut off, corrupt, followed by something else, or above the limit.
    """
    left = most
    rest = _at_least(len(_MAGIC), b"", packed)
    if not rest.startswith(_MAGIC):
        raise SourceRefusedError("is no gzip file", remedy=_REMEDY)
    while rest.startswith(_MAGIC):
        inflator = zlib.decompressobj(_GZIP_WINDOW)
        while not inflator.eof:
            # In blocks: zlib copies what it has not used, and a file of a million tiny members must not be copied as
            # often.
            rest = rest or packed.read(_BLOCK_BYTES)
            chunk = _chunk(inflator, rest)
            if not rest and not chunk:
                raise SourceRefusedError("the gzip file is cut off", remedy=_REMEDY)
            left -= len(chunk)
            if left < 0:
                remedy = "if the source has truly grown so large, raise its limit"
                raise SourceRefusedError(f"the gzip file would inflate beyond {most} bytes", remedy=remedy)
            yield chunk
            rest = inflator.unconsumed_tail
        rest = _at_least(len(_MAGIC), inflator.unused_data, packed)
    _only_padding(rest, packed)


def _chunk(inflator: zlib._Decompress, block: bytes) -> bytes:
    try:
        return inflator.decompress(block, _CHUNK_BYTES)
    except zlib.error as error:
        raise SourceRefusedError(f"the gzip file is corrupt: {error}", remedy=_REMEDY) from error


def _at_least(count: int, rest: bytes, packed: BinaryIO) -> bytes:
    """So many bytes of the file or all there are, those at hand first."""
    while len(rest) < count and (more := packed.read(_BLOCK_BYTES)):
        rest += more
    return rest


def _only_padding(rest: bytes, packed: BinaryIO) -> None:
    """Refuse anything but zeros after the last member: archives on tape were padded with them, and gzip allows it."""
    count, padding = 0, True
    while rest:
        count, padding = count + len(rest), padding and not rest.strip(b"\0")
        rest = packed.read(_BLOCK_BYTES)
    if not padding:
        raise SourceRefusedError(f"{count} bytes follow the end of the gzip file", remedy=_REMEDY)
