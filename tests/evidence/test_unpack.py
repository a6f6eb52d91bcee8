"""gzip, within limits."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import unpack
from bongsu.kernel.errors import SourceRefusedError

LIST = b"<INDIVIDUAL><DATAID>6908555</DATAID></INDIVIDUAL>\n" * 2000
PACKED = gzip.compress(LIST, mtime=0)


@given(st.binary(max_size=5000))
def test_what_was_packed_is_unpacked(content: bytes) -> None:
    assert unpack(gzip.compress(content)) == content


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5), st.integers(0, 20))
def test_members_follow_one_another_and_zeros_pad(parts: list[bytes], padding: int) -> None:
    packed = b"".join(map(gzip.compress, parts)) + bytes(padding)
    assert unpack(packed) == b"".join(parts)


@pytest.mark.parametrize("content", [b"", b"\x1f", b"<CONSOLIDATED_LIST/>", b"PK\x03\x04", b"\x00\x1f\x8b"])
def test_what_is_not_gzip_is_told_by_none(content: bytes) -> None:
    assert unpack(content) is None


@given(st.integers(2, len(PACKED) - 1))
def test_a_file_cut_off_anywhere_is_refused(length: int) -> None:
    with pytest.raises(SourceRefusedError, match="cut off"):
        unpack(PACKED[:length])


@given(st.integers(len(PACKED) - 8, len(PACKED) - 1), st.integers(1, 255))
def test_a_wrong_check_sum_or_length_is_refused(place: int, change: int) -> None:
    broken = bytearray(PACKED)
    broken[place] ^= change
    with pytest.raises(SourceRefusedError, match="corrupt"):
        unpack(bytes(broken))


@given(st.binary(min_size=0, max_size=300))
def test_noise_after_the_magic_is_refused(noise: bytes) -> None:
    with pytest.raises(SourceRefusedError):
        unpack(b"\x1f\x8b\xff" + noise)


def test_what_follows_the_end_is_refused() -> None:
    with pytest.raises(SourceRefusedError, match="5 bytes follow"):
        unpack(PACKED + b"extra")


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(bytes(200 * 2**20), 9)
    tracemalloc.start()
    try:
        with pytest.raises(SourceRefusedError, match="beyond"):
            unpack(bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 200 * len(bomb) + 8 * 2**20


def test_the_limit_holds_to_the_byte() -> None:
    assert unpack(PACKED, limit_bytes=len(LIST)) == LIST
    with pytest.raises(SourceRefusedError, match=f"beyond {len(LIST) - 1} bytes"):
        unpack(PACKED, limit_bytes=len(LIST) - 1)


def test_a_small_file_may_pack_as_well_as_it_likes() -> None:
    blank = bytes(2**20)
    assert unpack(gzip.compress(blank)) == blank
    with pytest.raises(SourceRefusedError, match="beyond"):
        unpack(gzip.compress(blank + b"\0"))


def test_many_tiny_members_take_no_more_than_their_time() -> None:
    packed = gzip.compress(b"x", mtime=0) * 100_000
    assert unpack(packed) == b"x" * 100_000


def test_a_file_packed_by_gzip_itself_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "list.xml.gz"
    with gzip.open(path, "wb") as file:
        file.write(LIST)
    assert unpack(path.read_bytes()) == LIST
