"""Evidence held back: a commitment that says nothing, binds to the bytes, and opens only by its own salt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import CustodyEvent, CustodyLog, Folder, Opening, held_since, log_commitment, log_revealed
from bongsu.kernel.errors import EvidenceError

SALT = st.binary(min_size=32, max_size=32)
SECRET = b"SANDBOX: an invented document"


def opening(content: bytes = SECRET, salt: bytes = bytes(32)) -> Opening:
    return Opening.of(BytesIO(content), salt=salt)


def test_a_commitment_is_the_documented_digest() -> None:
    salt = bytes(range(32))
    tag = b"bongsu held-back exhibit v1\x00"
    wanted = hashlib.sha256(tag + salt + hashlib.sha256(SECRET).digest()).hexdigest()
    assert opening(salt=salt).commitment == wanted


@given(st.binary(max_size=50), SALT, SALT)
def test_two_commitments_of_the_same_bytes_differ_unless_their_salt_is_the_same(
    content: bytes, salt: bytes, other: bytes
) -> None:
    commitments = [opening(content, each).commitment for each in (salt, other)]
    assert (commitments[0] == commitments[1]) is (salt == other)


@given(st.binary(max_size=50), st.binary(max_size=50), SALT)
def test_only_the_bytes_held_back_are_taken_for_them(content: bytes, other: bytes, salt: bytes) -> None:
    held = opening(content, salt)
    held.expect(BytesIO(content), where="secret")
    if other != content:
        assert opening(other, salt).commitment != held.commitment
        with pytest.raises(EvidenceError, match="not the bytes held back"):
            held.expect(BytesIO(other), where="secret")


@given(st.binary(max_size=50), SALT)
def test_an_opening_is_read_as_it_was_written(content: bytes, salt: bytes) -> None:
    held = opening(content, salt)
    assert Opening.parse(held.content(), where="x") == held


def _set(**values: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda record: {**record, **values}


@pytest.mark.parametrize(
    "change",
    [
        _set(salt="11" * 32),
        _set(salt="00" * 31),
        _set(salt="x"),
        _set(sha256="0" * 64),
        _set(sha256="0"),
        _set(commitment="0" * 64),
        _set(more="x"),
        list,
        lambda record: {"sha256": record["sha256"], "salt": record["salt"]},
    ],
)
def test_a_changed_opening_is_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    changed = json.dumps(change(json.loads(opening().content()))).encode()
    for content in (changed, b"", b"\xff", b"[" * 4000):
        with pytest.raises(EvidenceError, match=r"secret\.opening: is no opening, or was changed"):
            Opening.parse(content, where="secret.opening")


def test_a_salt_of_another_length_is_none() -> None:
    with pytest.raises(ValueError, match="32 bytes of salt"):
        opening(salt=b"short")


def test_the_log_holds_the_commitment_alone(near_folder: Folder, now: datetime) -> None:
    custody = CustodyLog(near_folder)
    entry = log_commitment(custody, opening(), now)
    assert (entry.event, entry.exhibit, entry.detail) == ("held back", None, {"commitment": opening().commitment})
    assert held_since(custody, opening()) == entry
    log_revealed(custody, opening(), entry, now)
    told = b"".join(near_folder.read(name) for name in near_folder.names("custody/"))
    assert opening().salt.hex().encode() not in told.replace(b'"previous":"' + b"0" * 64, b"")
    *_, last = custody.entries()
    assert (last.event, last.exhibit, last.detail["entry"]) == ("revealed", opening().digest, entry.seq)


def test_the_first_of_two_same_commitments_counts(near_folder: Folder, now: datetime) -> None:
    custody = CustodyLog(near_folder)
    entries = [log_commitment(custody, opening(), now) for _ in range(2)]
    assert [entry.seq for entry in entries] == [1, 1]


def test_another_salt_or_other_bytes_are_in_no_log(near_folder: Folder, now: datetime) -> None:
    custody = CustodyLog(near_folder)
    log_commitment(custody, opening(), now)
    for other in (opening(salt=b"1" * 32), opening(b"SANDBOX: other bytes")):
        with pytest.raises(EvidenceError, match="the log holds no such commitment"):
            held_since(custody, other)


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_log_that_was_altered_anywhere_proves_nothing(near_folder: Folder, now: datetime, seq: int) -> None:
    custody = CustodyLog(near_folder)
    custody.append([CustodyEvent(event="failed")], now)
    log_commitment(custody, opening(), now)
    custody.append([CustodyEvent(event="failed")], now)
    name = f"custody/{seq:012d}.jsonl"
    near_folder.replace(name, near_folder.read(name).replace(b'"at":"2026', b'"at":"2025'))
    with pytest.raises(EvidenceError, match="changed"):
        held_since(custody, opening())
