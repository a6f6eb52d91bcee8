"""Lines of a stream in blocks that end at the same lines wherever reading begins, unpacked and bounded on the way."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np
import pyarrow as pa

from bongsu.evidence.unpack import RATIO_FREE_BYTES
from bongsu.kernel.errors import SourceRefusedError

# Any: pyarrow ships no types.
Column: TypeAlias = Any

_CHUNK_BYTES: Final = 2**20
_GZIP: Final = b"\x1f\x8b"  # RFC 1952, section 2.3.1
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS  # zlib's manual, inflateInit2: a gzip header and trailer
_MARK: Final = b"\xef\xbb\xbf"  # the byte-order mark of UTF-8
_END: Final = ord("\n")
_REMEDY: Final = "fetch it again; if it stays so, tell the source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some lines in a row.

    Args:
        first: the number of the first, from 1.
        lines: an Arrow array of bytes; line ends (LF, CR LF) are still there. One that was longer than allowed is cut
            one byte beyond that.
    """

    first: int
    lines: Column

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + len(self.lines) - 1


def blocks(stream: BinaryIO, *, from_line: int, lines: int, longest: int, cut_before: int = 1) -> Iterator[Block]:
    """The lines of a stream from one of them on, in blocks that end at multiples of `lines`, and at the end.

    Args:
        stream: from its first byte; gzip is unpacked.
        from_line: the first line wanted, from 1.
        lines: how many a block holds at most.
        longest: the length in bytes, line end included, beyond which a line is cut.
        cut_before: a line before which a block ends too.

    Raises:
        SourceRefusedError: a gzip stream that is cut off, corrupt, or a bomb.
    """
    first = 1
    held: list[bytes] = []
    held_lines = 0
    for chunk in _bounded(unpacked(stream), longest):
        held.append(chunk)
        held_lines += chunk.count(b"\n")
        while held_lines >= (wanted := _until(first, lines, cut_before)):
            content = b"".join(held)
            ends = _ends(content)[:wanted]
            cut = int(ends[-1])
            if first + wanted > from_line:
                yield _block(content[:cut], first, ends, from_line)
            first, held, held_lines = first + wanted, [content[cut:]], held_lines - wanted
    content = b"".join(held)
    if content:
        ends = _ends(content)
        if not content.endswith(b"\n"):
            ends = np.append(ends, np.int64(len(content)))
        if first + len(ends) > from_line:
            yield _block(content, first, ends, from_line)


def _until(first: int, lines: int, cut_before: int) -> int:
    """How many lines a block holds that begins at one."""
    whole = lines - (first - 1) % lines
    return min(whole, cut_before - first) if first < cut_before else whole


def unpacked(stream: BinaryIO, *, ratio: int = 200) -> Iterator[bytes]:
    """The bytes of a stream in pieces of about a MiB; a gzip stream inflated, all its members one after another.

    Args:
        stream: from its first byte.
        ratio: how many times its own size a gzip stream may hold, beyond the first MiB, as `evidence.unpack` has it.

    Raises:
        SourceRefusedError: cut off, corrupt, followed by something else, or above the ratio.
    """
    start = _read(stream, len(_GZIP))
    if start == _GZIP:
        yield from _inflated(stream, ratio)
        return
    start += _read(stream, len(_MARK) - len(start))
    if start != _MARK:
        yield start
    while chunk := stream.read(_CHUNK_BYTES):
        yield chunk


def _read(stream: BinaryIO, size: int) -> bytes:
    """So many bytes, fewer only at the end."""
    content = b""
    while len(content) < size and (more := stream.read(size - len(content))):
        content += more
    return content


def _inflated(stream: BinaryIO, ratio: int) -> Iterator[bytes]:
    inflator = zlib.decompressobj(_GZIP_WINDOW)
    block = _GZIP
    read = written = 0
    while block or (block := stream.read(_CHUNK_BYTES)):
        if inflator.eof:
            block = block.lstrip(b"\0")  # archives on tape were padded with zeros, and gzip allows it
            if not block:
                continue
            inflator = zlib.decompressobj(_GZIP_WINDOW)
        try:
            chunk = inflator.decompress(block, _CHUNK_BYTES)
        except zlib.error as error:
            raise SourceRefusedError(f"the gzip file is corrupt: {error}", remedy=_REMEDY) from error
        left = inflator.unused_data if inflator.eof else inflator.unconsumed_tail
        read, written, block = read + len(block) - len(left), written + len(chunk), left
        if written > max(RATIO_FREE_BYTES, ratio * read):
            remedy = "if the source has truly grown so large, unpack it yourself"
            raise SourceRefusedError(f"the gzip file would inflate beyond {ratio} times its size", remedy=remedy)
        yield chunk
    while not inflator.eof:
        # What was inflated but not yet handed out when the stream ended.
        chunk = inflator.decompress(b"", _CHUNK_BYTES)
        if not chunk:
            raise SourceRefusedError("the gzip file is cut off", remedy=_REMEDY)
        yield chunk


def _bounded(chunks: Iterator[bytes], longest: int) -> Iterator[bytes]:
    """The same bytes, but no line longer than allowed and one byte."""
    begun = 0  # how long the line is that the last chunk left open
    for chunk in chunks:
        if not chunk:
            continue
        ends = _ends(chunk)
        lengths = np.diff(ends, prepend=-begun, append=len(chunk))
        if int(lengths.max()) <= longest:
            yield chunk
        else:
            yield _cut(chunk, begun, longest)
        begun = begun + len(chunk) if not len(ends) else len(chunk) - int(ends[-1])


def _cut(chunk: bytes, begun: int, longest: int) -> bytes:
    kept = []
    for line in _split(chunk):
        # A cut line ends all the same, or the next would be taken for a part of it.
        end = b"\n" if line.endswith(b"\n") else b""
        room = max(longest + 1 - begun, 0)
        kept.append(line if len(line) <= longest - begun else line.rstrip(b"\n")[:room] + end)
        begun = 0
    return b"".join(kept)


def _split(chunk: bytes) -> list[bytes]:
    """Lines with their ends; `splitlines` would split at a lone CR too."""
    parts = chunk.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]


def _ends(content: bytes) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Where each line ends, one beyond its LF."""
    return np.flatnonzero(np.frombuffer(content, np.uint8) == _END).astype(np.int64) + 1


def _block(content: bytes, first: int, ends: np.ndarray[Any, np.dtype[np.int64]], from_line: int) -> Block:
    """Lines as an Arrow array over the bytes themselves."""
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    lines = pa.Array.from_buffers(pa.binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(content)])
    skipped = max(from_line - first, 0)
    return Block(first=first + skipped, lines=lines.slice(skipped))
