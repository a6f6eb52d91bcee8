"""Time-stamp tokens of a real authority are believed; altered, foreign and forged ones are not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.evidence import Authority, TokenError, new_query, read_certificate
from bongsu.evidence.der import with_sorted_certificates
from bongsu.evidence.token import Attested, attested
from bongsu.kernel.errors import UsageError

if TYPE_CHECKING:
    from conftest import TimeAuthority

MESSAGE = b'{"sandbox":"an invented entry"}'
DIGEST = sha256(MESSAGE).hexdigest()
NewAuthority = Callable[..., "TimeAuthority"]


@pytest.fixture(scope="module")
def authority(new_time_authority: NewAuthority) -> TimeAuthority:
    return new_time_authority("A")


def pinned(authority: TimeAuthority, *signers: str) -> Authority:
    root = read_certificate(authority.root.read_bytes(), where="root.pem")
    return Authority(name="first", root=root, signers=signers)


def statement_of(response: bytes) -> bytes:
    """The TSTInfo of a response: what is signed of the time."""
    kind = bytes.fromhex("060b2a864886f70d0109100104")  # id-ct-TSTInfo
    start = response.index(kind) + len(kind)  # [0] { OCTET STRING { TSTInfo } }
    octets = response[start + 2 :]
    assert (response[start], octets[0]) == (0xA0, 0x04)
    assert octets[1] < 0x80
    return octets[2 : 2 + octets[1]]


def test_a_token_says_over_what_it_is_and_when_the_authority_signed(authority: TimeAuthority) -> None:
    query = new_query(MESSAGE)
    found = attested(authority.answer(query.content), pinned(authority), nonce=query.nonce)
    assert found.digest == DIGEST
    assert abs(found.at - datetime.now(UTC)) < timedelta(hours=1)


def test_every_question_has_a_nonce_of_its_own() -> None:
    pytest.importorskip("rfc3161_client", reason="needs the extra bongsu[timestamps]")
    assert new_query(MESSAGE).nonce != new_query(MESSAGE).nonce


def test_openssl_itself_verifies_what_is_kept_by_the_digest_alone(authority: TimeAuthority) -> None:
    (authority.folder / "kept.tsr").write_bytes(authority.answer(new_query(MESSAGE).content))
    said = authority.openssl("ts", "-verify", "-digest", DIGEST, "-in", "kept.tsr", "-CAfile", "root.pem")
    assert said == b"Verification: OK\n"


def test_certificates_in_any_order_are_believed_and_what_was_received_is_not_touched(authority: TimeAuthority) -> None:
    query = new_query(MESSAGE)
    response = authority.answer(query.content)
    sorted_ = with_sorted_certificates(response)
    assert (len(sorted_), sorted(sorted_)) == (len(response), sorted(response))
    assert with_sorted_certificates(sorted_) == sorted_
    for each in (response, sorted_):
        assert attested(each, pinned(authority), nonce=query.nonce).digest == DIGEST


def test_without_the_library_it_is_said_how_to_install_it(
    authority: TimeAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = pinned(authority)
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    for ask in (lambda: new_query(MESSAGE), lambda: attested(b"", known)):
        with pytest.raises(UsageError, match=r"pip install 'bongsu\[timestamps\]'"):
            ask()


# --- what is refused


def test_another_nonce_is_refused(authority: TimeAuthority) -> None:
    answer = authority.answer(new_query(MESSAGE).content)
    with pytest.raises(TokenError, match="Nonce mismatch"):
        attested(answer, pinned(authority), nonce=new_query(MESSAGE).nonce)


def test_a_foreign_root_is_refused_even_of_the_same_name(
    authority: TimeAuthority, new_time_authority: NewAuthority
) -> None:
    namesake = new_time_authority("A")
    answer = namesake.answer(new_query(MESSAGE).content)
    assert attested(answer, pinned(namesake)).digest == DIGEST
    with pytest.raises(TokenError, match="not one of this authority"):
        attested(answer, pinned(authority))


def test_another_signer_under_the_pinned_root_is_refused_where_the_signer_is_pinned_too(
    authority: TimeAuthority,
) -> None:
    answer = authority.answer(new_query(MESSAGE).content)
    for others in ([], ["CN=Invented Signer of last year"]):
        assert attested(answer, pinned(authority, "CN=Invented Signer A", *others)).signer == "CN=Invented Signer A"
    with pytest.raises(TokenError, match="signed by CN=Invented Signer A, not by CN=Invented Signer B"):
        attested(answer, pinned(authority, "CN=Invented Signer B"))


def test_a_forged_certificate_beside_the_signer_s_does_not_lend_it_another_name(
    new_time_authority: NewAuthority,
) -> None:
    other = new_time_authority("B", impostor="Invented Signer A")
    for answer in (other.answer(new_query(MESSAGE).content) for _ in range(3)):
        for signers in (["CN=Invented Signer A"], ["CN=Invented Signer B"], []):
            with pytest.raises(TokenError, match="two certificates that could"):
                attested(answer, pinned(other, *signers))


def test_a_digest_of_another_kind_is_refused(authority: TimeAuthority) -> None:
    (authority.folder / "message").write_bytes(MESSAGE)
    authority.openssl("ts", "-query", "-data", "message", "-sha512", "-cert", "-out", "query512")
    answer = authority.answer((authority.folder / "query512").read_bytes())
    with pytest.raises(TokenError, match="not over a SHA-256"):
        attested(answer, pinned(authority))


def test_a_token_without_its_certificate_is_refused(authority: TimeAuthority) -> None:
    (authority.folder / "message").write_bytes(MESSAGE)
    authority.openssl("ts", "-query", "-data", "message", "-sha256", "-out", "bare")
    with pytest.raises(TokenError):
        attested(authority.answer((authority.folder / "bare").read_bytes()), pinned(authority))


@pytest.mark.parametrize(
    "made",
    [
        {"purpose": None},
        {"purpose": "CODE_SIGNING"},
        {"critical": False},
        {"valid_days": (-30, -1)},
        {"valid_days": (1, 30)},
    ],
    ids=["no purpose", "another purpose", "purpose not critical", "expired then", "not valid yet"],
)
def test_a_certificate_that_is_not_for_time_stamps_or_was_not_valid_then_is_refused(
    authority: TimeAuthority, new_time_authority: NewAuthority, made: dict[str, object]
) -> None:
    statement = statement_of(authority.answer(new_query(MESSAGE).content))
    right, wrong = new_time_authority("F"), new_time_authority("F", **made)
    assert attested(right.signed(statement), pinned(right)).digest == DIGEST
    with pytest.raises(TokenError, match="not one of this authority"):
        attested(wrong.signed(statement), pinned(wrong))


def test_a_refusal_is_told_in_the_authority_s_words(authority: TimeAuthority) -> None:
    with pytest.raises(TokenError, match=r"the authority refused \(status 2"):
        attested(authority.answer(b"no query"), pinned(authority))


@pytest.mark.parametrize("content", [b"", b"x", b"0", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"<html>", b"\0" * 100])
def test_bytes_that_are_no_answer_are_refused(authority: TimeAuthority, content: bytes) -> None:
    with pytest.raises(TokenError, match="not an answer of a time-stamping authority"):
        attested(content, pinned(authority))


@pytest.fixture(scope="module")
def good(authority: TimeAuthority) -> tuple[bytes, Authority, Attested]:
    response, known = authority.answer(new_query(MESSAGE).content), pinned(authority)
    return response, known, attested(response, known)


@settings(max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_changed_bit_never_makes_a_token_say_something_else(
    good: tuple[bytes, Authority, Attested], place: float, bit: int
) -> None:
    response, known, said = good
    changed = bytearray(response)
    changed[int(place * len(response))] ^= 1 << bit
    with suppress(TokenError):
        assert attested(bytes(changed), known) == said  # what no signature covers, such as the name of an algorithm


def test_a_name_of_a_kind_that_there_is_not_is_refused(good: tuple[bytes, Authority, Attested]) -> None:
    response, known, _ = good
    place = response.rindex(b"\x0c\x17Invented Intermediate A")  # UTF8String, in what says who signed
    with pytest.raises(TokenError, match="a name is of the kind 13"):
        attested(response[:place] + b"\x0d" + response[place + 1 :], known)


def test_a_certificate_with_a_number_below_one_is_refused(good: tuple[bytes, Authority, Attested]) -> None:
    response, known, _ = good
    version = b"\xa0\x03\x02\x01\x02"
    place = response.index(version) + len(version) + 2  # behind it the number: its kind, its length, its bytes
    below = response[:place] + bytes([response[place] | 0x80]) + response[place + 1 :]
    assert below != response
    with pytest.raises(TokenError, match="serial number"):
        attested(below, known)


def test_a_changed_time_or_digest_is_refused(good: tuple[bytes, Authority, Attested]) -> None:
    response, known, said = good
    written = said.at.strftime("%Y%m%d%H%M%SZ").encode()
    earlier = b"2020" + written[4:]
    for old, new in ((written, earlier), (bytes.fromhex(DIGEST), bytes(32))):
        assert response.count(old) >= 1
        with pytest.raises(TokenError):
            attested(response.replace(old, new), known)


@given(st.binary(max_size=200))
def test_sorting_takes_any_bytes(content: bytes) -> None:
    with suppress(ValueError):
        assert len(with_sorted_certificates(content)) == len(content)


def test_a_root_is_one_certificate(authority: TimeAuthority) -> None:
    chain = (authority.folder / "chain.pem").read_bytes()
    for content in (b"", b"-----BEGIN CERTIFICATE-----\n", chain):
        with pytest.raises(UsageError, match="is not one certificate"):
            read_certificate(content, where="root.pem")
    authority.openssl("x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der")
    binary = (authority.folder / "root.der").read_bytes()
    assert read_certificate(binary, where="root.der") == pinned(authority).root
