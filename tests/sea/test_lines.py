"""Lines in blocks that end at the same lines wherever reading begins."""

from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.kernel.errors import SourceRefusedError
from bongsu.sea.lines import Block, blocks, unpacked


def read(content: bytes, *, from_line: int = 1, lines: int = 3, longest: int = 10, cut_before: int = 1) -> list[Block]:
    found = blocks(io.BytesIO(content), from_line=from_line, lines=lines, longest=longest, cut_before=cut_before)
    return list(found)


def told(found: list[Block]) -> list[tuple[int, list[bytes]]]:
    return [(block.first, block.lines.to_pylist()) for block in found]


def test_blocks_end_at_multiples_and_at_the_end() -> None:
    assert told(read(b"a\nb\nc\nd\ne")) == [(1, [b"a\n", b"b\n", b"c\n"]), (4, [b"d\n", b"e"])]
    assert [block.last for block in read(b"a\nb\nc\nd\ne")] == [3, 5]
    assert told(read(b"a\nb\nc\n")) == [(1, [b"a\n", b"b\n", b"c\n"])]
    assert told(read(b"")) == []


def test_reading_from_a_line_gives_the_same_ends() -> None:
    assert told(read(b"a\nb\nc\nd\ne", from_line=2)) == [(2, [b"b\n", b"c\n"]), (4, [b"d\n", b"e"])]
    assert told(read(b"a\nb\nc\nd\ne", from_line=5)) == [(5, [b"e"])]
    assert told(read(b"a\nb\nc\nd\ne", from_line=6)) == []


def test_a_block_may_have_to_end_before_a_line() -> None:
    assert told(read(b"a\nb\nc\nd\n", cut_before=3)) == [(1, [b"a\n", b"b\n"]), (3, [b"c\n"]), (4, [b"d\n"])]


def test_a_line_too_long_is_cut_one_byte_beyond_and_ends() -> None:
    content = b"a\n" + b"x" * 99 + b"\nb\n" + b"y" * 99
    assert told(read(content, lines=9)) == [(1, [b"a\n", b"x" * 11 + b"\n", b"b\n", b"y" * 11])]


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert told(read(b"\xef\xbb\xbfa\n")) == [(1, [b"a\n"])]


def test_zeros_behind_a_gzip_file_are_no_bytes_of_it_and_anything_else_is_refused() -> None:
    packed = gzip.compress(b"a\n")
    assert b"".join(unpacked(io.BytesIO(packed + b"\0" * 600))) == b"a\n"
    with pytest.raises(SourceRefusedError, match="corrupt"):
        list(unpacked(io.BytesIO(packed + b"SANDBOX")))


def test_a_gzip_bomb_is_refused_while_it_is_still_small() -> None:
    packed = gzip.compress(bytes(2**27))
    with pytest.raises(SourceRefusedError, match="would inflate"):
        list(unpacked(io.BytesIO(packed)))
    stream = unpacked(io.BytesIO(packed))
    assert max(len(next(stream)) for _ in range(2)) <= 2**20


class OneByteAtATime(io.BytesIO):
    """A stream that gives less than it is asked for, as a pipe may."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(1, size) if size is not None and size >= 0 else size)


@settings(deadline=None)
@given(
    st.lists(st.binary(max_size=14).filter(lambda line: b"\n" not in line), max_size=12),
    st.booleans(),
    st.integers(1, 14),
    st.integers(1, 5),
    st.booleans(),
)
def test_no_line_is_lost_however_the_bytes_come(
    parts: list[bytes], ended: bool, from_line: int, lines: int, packed: bool
) -> None:
    content = b"\n".join(parts) + (b"\n" if ended and parts else b"")
    if content.startswith((b"\x1f\x8b", b"\xef\xbb\xbf")):
        return
    stream = OneByteAtATime(gzip.compress(content) if packed else content)
    found = list(blocks(stream, from_line=from_line, lines=lines, longest=10))
    numbered = [(block.first + index, line) for block in found for index, line in enumerate(block.lines.to_pylist())]
    whole = io.BytesIO(content).readlines()
    expected = [(number, line if len(line) <= 10 else None) for number, line in enumerate(whole, start=1)]
    assert [(number, line if len(line) <= 10 else None) for number, line in numbered] == expected[from_line - 1 :]
    assert all(len(block.lines) <= lines for block in found)


def test_a_line_that_goes_through_many_pieces_is_bounded_all_the_same() -> None:
    found = blocks(OneByteAtATime(b"x" * 100 + b"\nb\n"), from_line=1, lines=9, longest=10)
    assert told(list(found)) == [(1, [b"x" * 11 + b"\n", b"b\n"])]
