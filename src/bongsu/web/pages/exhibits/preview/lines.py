"""Lines of a stream of any length, read up to the window and not held; gzip is unpacked on the way, within limits."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from bongsu.web.pages.exhibits.preview.place import Place
from bongsu.web.pages.exhibits.preview.window import LONGEST, MOST, Row, UnshownError, Window, around, clipped

_BLOCK: Final = 2**20
_GZIP: Final = b"\x1f\x8b"
#: No further than this is read for a preview: two minutes of reading, and a day of the region's ships.
FURTHEST_BYTES: Final = 4 * 2**30
#: Deflate reaches 1032; logs of ships and lists stay below 40. What goes beyond the first 64 MiB so packed is a bomb.
MOST_RATIO: Final = 200
RATIO_FREE_BYTES: Final = 64 * 2**20
_LINE_KEPT: Final = 8 * LONGEST


def blocks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The content of a stream in blocks, gzip unpacked.

    Raises:
        UnshownError: cut off or corrupt, a bomb, or further than a preview reads.
    """
    start = stream.read(len(_GZIP))
    stream.seek(0)
    total = 0
    for block in _inflated(stream) if start == _GZIP else _plain(stream):
        total += len(block)
        if total > FURTHEST_BYTES:
            raise UnshownError("far")
        yield block


def _plain(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _inflated(stream: BinaryIO) -> Iterator[bytes]:
    inflator = zlib.decompressobj(16 + zlib.MAX_WBITS)
    taken = given = 0
    waiting = b""
    while waiting or (waiting := stream.read(_BLOCK)):
        if inflator.eof:
            if not waiting.startswith(_GZIP[: len(waiting)]):
                return  # what follows the file is not the file's
            inflator = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            block = inflator.decompress(waiting, _BLOCK)
        except zlib.error as error:
            raise UnshownError("broken", str(error)) from None
        rest = inflator.unused_data if inflator.eof else inflator.unconsumed_tail
        taken, given, waiting = taken + len(waiting) - len(rest), given + len(block), rest
        if given > RATIO_FREE_BYTES and given > MOST_RATIO * taken:
            raise UnshownError("bomb")
        if block:
            yield block
    if not inflator.eof:
        raise UnshownError("broken", "the gzip file is cut off")


def line_window(stream: BinaryIO, place: Place) -> Window:
    """Lines of a text; ended by a line feed."""
    cites = place.unit in {"line", "row"}
    begin, end = around(place.first, place.last) if cites else (1, MOST)
    kept, more = _lines(blocks_of(stream), begin, end)
    encoding = encoding_of(kept[0] if begin == 1 and kept else b"")
    texts = [line.decode(encoding, "replace").rstrip("\r") for line in kept]
    rows = tuple(
        Row(
            number=number,
            cells=(clipped(text.removeprefix("\ufeff")),),
            here=cites and place.first <= number <= place.last,
        )
        for number, text in enumerate(texts, start=begin)
    )
    return Window(
        form="text",
        rows=rows,
        found=not cites or any(row.here for row in rows),
        before=begin > 1,
        after=more,
        cut=any(len(text) > LONGEST for text in texts),
    )


def _lines(blocks: Iterator[bytes], begin: int, end: int) -> tuple[list[bytes], bool]:
    """The lines from one number to another, each cut to what is shown of it, and whether more follow."""
    kept: list[bytes] = []
    number, line = 1, bytearray()
    started = False  # whether the current line has any byte
    for block in blocks:
        at = 0
        while at < len(block):
            if number < begin:
                at, number = _skipped(block, at, number, begin)
                continue
            if number > end:
                return kept, True
            stop = block.find(b"\n", at)
            piece = block[at : stop if stop >= 0 else len(block)]
            line += piece[: max(0, _LINE_KEPT - len(line))]
            started = True
            at = len(block) if stop < 0 else stop + 1
            if stop >= 0:
                kept.append(bytes(line))
                number, line, started = number + 1, bytearray(), False
    if started and begin <= number <= end:
        kept.append(bytes(line))
    return kept, False


def _skipped(block: bytes, at: int, number: int, begin: int) -> tuple[int, int]:
    """Where in a block the wanted line begins, or its end; and which line is reached."""
    if number + block.count(b"\n", at) < begin:
        return len(block), number + block.count(b"\n", at)
    for _ in range(begin - number):
        at = block.index(b"\n", at) + 1
    return at, begin


def encoding_of(start: bytes) -> str:
    """The encoding that a mark at the beginning names; UTF-8 where there is none."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            return encoding
    return "utf-8"


def byte_window(stream: BinaryIO, place: Place) -> Window:
    """Bytes as they are, sixteen to a line, with the letters among them."""
    cites = place.unit == "bytes"
    first = (place.first - 1) // 16 + 1 if cites else 1
    last = (place.last - 1) // 16 + 1 if cites else 0
    begin, end = around(first, last) if cites else (1, 64)
    stream.seek((begin - 1) * 16)
    content = stream.read((end - begin + 1) * 16)
    rows = tuple(
        Row(number=(begin - 1) * 16 + at, cells=(_hex(content[at : at + 16]),), here=first <= begin + at // 16 <= last)
        for at in range(0, len(content), 16)
    )
    found = not cites or any(row.here for row in rows)
    return Window(form="text", rows=rows, found=found, before=begin > 1, after=bool(stream.read(1)), what="bytes")


def _hex(content: bytes) -> str:
    letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in content)
    return f"{content.hex(' '):<47}  {letters}"
