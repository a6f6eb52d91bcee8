"""What a file looks like by its first bytes."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import guess_media_type


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (gzip.compress(b"x", mtime=0), "application/gzip"),
        (b"PK\x03\x04\x14\x00", "application/zip"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b'<?xml version="1.0"?><CONSOLIDATED_LIST>', "application/xml"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "application/xml"),
        ("\ufeff<?xml version='1.0' encoding='utf-16'?>".encode("utf-16-le"), "application/xml"),
        (b"<sdnList xmlns='x'>", "application/xml"),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"\n<HTML>", "text/html"),
        (b'{"results": []}', "application/json"),
        (b"id,schema,name\nKPi.033,Person,Ri Won Ho\n", "text/csv"),
        ("번호;이름\n1;봉수\n".encode(), "text/csv"),
        ("번호;이름\n1;봉수\n".encode("euc-kr"), "text/csv"),
        (b"Dear Sir, Madam\nthe list has moved\n", "text/plain"),
        (b"beacon", "text/plain"),
        (b"   \n", "text/plain"),
        (b"\xef\xbb\xbf", "text/plain"),
        (b"", "application/octet-stream"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_kinds_are_told_by_their_first_bytes(start: bytes, media_type: str) -> None:
    assert guess_media_type(start) == media_type


@given(st.binary(max_size=100))
def test_any_bytes_get_some_answer(start: bytes) -> None:
    assert "/" in guess_media_type(start)
