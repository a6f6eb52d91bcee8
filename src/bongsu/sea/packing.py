"""Packed files: what gzip, Zstandard and zip hold, as one stream, within limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

import pyarrow as pa

from bongsu.evidence.unpack import RATIO_FREE_BYTES
from bongsu.evidence.zipped import lists_more_than
from bongsu.kernel.errors import SourceRefusedError
from bongsu.sea.lines import unpacked

_CHUNK_BYTES: Final = 2**20
_ZSTD: Final = b"\x28\xb5\x2f\xfd"  # RFC 8878, section 3.1.1
_ZIP: Final = b"PK\x03\x04"  # APPNOTE.TXT, section 4.3.7
_EMPTY_ZIP: Final = b"PK\x05\x06"
PARQUET: Final = b"PAR1"  # the format's own documentation, "File format"
_MARK: Final = b"\xef\xbb\xbf"  # the byte-order mark of UTF-8
# Deflate reaches 1032 at most, Zstandard more; tables of positions stay below 20.
_RATIO: Final = 200
_MOST_MEMBERS: Final = 10_000
_REMEDY: Final = "fetch it again; if it stays so, tell the source"


class Plain(io.RawIOBase):
    """A stream of what a file holds, unpacked as it is read. Its byte-order mark is gone."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""
        if self._fill(len(_MARK)).startswith(_MARK):
            self._left = self._left[len(_MARK) :]

    def readable(self) -> bool:
        """True."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to so many bytes, fewer only at the end; all of them without a size."""
        if size is None or size < 0:
            rest, self._left = b"".join((self._left, *self._chunks)), b""
            return rest
        self._fill(size)
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read; fewer only at the end."""
        return self._fill(size)[:size]

    def _fill(self, size: int) -> bytes:
        if len(self._left) < size:
            pieces, length = [self._left], len(self._left)
            while length < size and (chunk := next(self._chunks, None)) is not None:
                pieces.append(chunk)
                length += len(chunk)
            self._left = b"".join(pieces)
        return self._left


def content_of(stream: BinaryIO) -> BinaryIO:
    """What a file holds, for its reader: Parquet, which is read by jumping to and fro, as it is, all else `opened`."""
    return stream if is_parquet(stream) else cast(BinaryIO, opened(stream))


def is_parquet(stream: BinaryIO) -> bool:
    """Whether a file begins as Parquet does; it is left at its first byte."""
    start = stream.read(len(PARQUET))
    stream.seek(0)
    return start == PARQUET


def opened(stream: BinaryIO | Plain) -> Plain:
    """What a file holds, unpacked where it is packed.

    The members of a zip file follow one another in the order of its directory, each beginning a line of its own: lines
    are counted from the first line of the first member.

    Args:
        stream: from its first byte; it can be rewound, and is not closed. One that is open already stays as it is.

    Raises:
        SourceRefusedError: while it is read: cut off, corrupt, with a password, or far larger inside than outside.
    """
    if isinstance(stream, Plain):
        return stream
    start = stream.read(len(_ZSTD))
    stream.seek(0)
    if start == _ZSTD:
        return Plain(_bounded(_from_zstd(stream), _size(stream), "Zstandard"))
    if start in {_ZIP, _EMPTY_ZIP}:
        return Plain(_bounded(_from_zip(stream), _size(stream), "zip"))
    return Plain(unpacked(stream, ratio=_RATIO))


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def _bounded(chunks: Iterator[bytes], size: int, kind: str) -> Iterator[bytes]:
    most, given = max(RATIO_FREE_BYTES, _RATIO * size), 0
    for chunk in chunks:
        given += len(chunk)
        if given > most:
            remedy = "if it has truly grown so large, unpack it yourself"
            raise SourceRefusedError(f"the {kind} file holds more than {_RATIO} times its size", remedy=remedy)
        yield chunk


def _from_zstd(stream: BinaryIO) -> Iterator[bytes]:
    with _reading("Zstandard"), pa.CompressedInputStream(pa.PythonFile(_Unclosed(stream), mode="r"), "zstd") as inside:
        while chunk := inside.read(_CHUNK_BYTES):
            yield chunk


def _from_zip(stream: BinaryIO) -> Iterator[bytes]:
    if lists_more_than(stream, _MOST_MEMBERS):
        raise SourceRefusedError(f"the zip file has more than {_MOST_MEMBERS} members", remedy=_REMEDY)
    with _reading("zip"), zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            if member.flag_bits & 1:
                raise SourceRefusedError("the zip file has a password", remedy="unpack it yourself")
            last = b"\n"
            with archive.open(member) as inside:
                while chunk := inside.read(_CHUNK_BYTES):
                    last = chunk[-1:]
                    yield chunk
            if last != b"\n":
                yield b"\n"


@contextmanager
def _reading(kind: str) -> Iterator[None]:
    try:
        yield
    except (
        OSError,
        EOFError,
        pa.ArrowInvalid,
        zlib.error,
        zipfile.BadZipFile,
        NotImplementedError,
        ValueError,
    ) as error:
        reason = str(error).partition("\n")[0] or "cut off"
        raise SourceRefusedError(f"the {kind} file is corrupt: {reason}", remedy=_REMEDY) from error


class _Unclosed(io.RawIOBase):
    """A stream that Arrow may close without closing ours."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self._stream.read(-1 if size is None else size)
