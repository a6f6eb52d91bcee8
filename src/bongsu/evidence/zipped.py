"""How much a zip file lists, counted before any of it becomes an object in memory."""

from __future__ import annotations

import struct
import zipfile
from typing import Any, BinaryIO, Final, cast

_ENTRY: Final = b"PK\1\2"
_ENTRY_BYTES: Final = 46
_LENGTHS: Final = struct.Struct("<HHH")  # of the name, the extra field and the comment, at 28 of an entry
_LENGTHS_AT: Final = 28
#: What an entry takes on average in the largest directory that is counted.
_ENTRY_ON_AVERAGE: Final = 512
_SIZE, _LOCATION, _SIGNATURE = 5, 9, 0
_ZIP64: Final = b"PK\6\6"
_ZIP64_BYTES: Final = 56 + 20  # APPNOTE.TXT, 4.3.14 and 4.3.15: the record and its locator


def lists_more_than(stream: BinaryIO, most: int) -> bool:
    """Whether the directory of a zip file lists more than `most` files, or is larger than so many take.

    The directory is found as `zipfile` will find it, and counted: the count that its end states may be a lie.

    Args:
        stream: the file; left at its beginning.
        most: how many files are wanted at most.

    Returns:
        False also for what is no zip file: whoever opens it says so.
    """
    try:
        return _listed(stream, most)
    finally:
        stream.seek(0)


def _listed(stream: BinaryIO, most: int) -> bool:
    reads_end = cast(Any, zipfile)._EndRecData  # Any: it has no public name, and no other finds what zipfile will find
    try:
        end = reads_end(stream)
    except (zipfile.BadZipFile, OSError):
        return False
    if not end:
        return False
    size = end[_SIZE]
    if size > most * _ENTRY_ON_AVERAGE:
        return True
    start = end[_LOCATION] - size - (_ZIP64_BYTES if end[_SIGNATURE] == _ZIP64 else 0)
    if start < 0:
        return False
    stream.seek(start)
    return _entries(stream.read(size)) > most


def _entries(directory: bytes) -> int:
    count = place = 0
    while directory[place : place + len(_ENTRY)] == _ENTRY and place + _ENTRY_BYTES <= len(directory):
        place += _ENTRY_BYTES + sum(_LENGTHS.unpack_from(directory, place + _LENGTHS_AT))
        count += 1
    return count
