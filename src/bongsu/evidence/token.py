"""A time-stamp token (RFC 3161): asked for, and believed only as far as the authority it is pinned to."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bongsu.evidence.der import with_sorted_certificates
from bongsu.kernel.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

_SHA256: Final = "2.16.840.1.101.3.4.2.1"  # RFC 5754, section 2.2
_GRANTED: Final = 0  # RFC 3161, section 2.4.2


class TokenError(EvidenceError):
    """A token that is none, or none of this authority over these bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A time-stamping authority, pinned.

    Args:
        name: what it is called here, lower-case letters, digits and hyphens.
        root: the one certificate its tokens must lead to.
        signers: the subjects of the certificates that may sign, as RFC 4514 writes them; empty for any under the root.
    """

    name: str
    root: Certificate = field(repr=False)
    signers: tuple[str, ...] = ()

    @property
    def key(self) -> bytes:
        """The root's public key: several certificates may be made for one."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self.root.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to an authority.

    Args:
        content: its bytes.
        nonce: the number its answer must repeat.
    """

    content: bytes
    nonce: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What a verified token says.

    Args:
        digest: the SHA-256 it is over.
        at: when the authority signed, by its own clock.
        signer: the subject of the certificate that signed, as RFC 4514 writes it.
    """

    digest: str
    at: datetime
    signer: str


def read_certificate(content: bytes, *, where: str) -> Certificate:
    """The one certificate of a file, PEM or DER.

    Raises:
        UsageError: none, several, or the library is not installed.
    """
    try:
        from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificates
    except ImportError:
        raise _missing() from None
    try:
        if b"-----BEGIN" not in content:
            return load_der_x509_certificate(content)
        (certificate,) = load_pem_x509_certificates(content)
    except ValueError:
        remedy = "name a file that holds the root certificate and nothing else"
        raise UsageError("is not one certificate in PEM or DER", where=where, remedy=remedy) from None
    return certificate


def new_query(message: bytes) -> Query:
    """A question about some bytes: their SHA-256, a nonce, and that the certificate be sent along.

    Raises:
        UsageError: the library is not installed.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError:
        raise _missing() from None
    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    if request.nonce is None:  # the builder was told nothing of it, and sets one
        raise RuntimeError("a question without a nonce")
    return Query(content=request.as_bytes(), nonce=request.nonce)


def attested(response: bytes, authority: Authority, *, nonce: int | None = None) -> Attested:
    """What an authority's answer attests, after all of it was verified.

    Args:
        response: as received.
        authority: who must have signed.
        nonce: what was sent; None where the token was verified against it when it came.

    Raises:
        TokenError: refused, no token, not over a SHA-256, of another question, a bad signature, a chain that does not
            lead to the pinned root or was not valid at the time, a certificate that is not for time stamps, or another
            signer than the pinned one.
        UsageError: the library is not installed.
    """
    try:
        from cryptography.utils import CryptographyDeprecationWarning
        from cryptography.x509 import DuplicateExtension, InvalidVersion
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError:
        raise _missing() from None
    try:
        read = decode_timestamp_response(with_sorted_certificates(response))
        if read.status != _GRANTED:
            raise TokenError(_refusal(read))
        imprint = read.tst_info.message_imprint
        if imprint.hash_algorithm.dotted_string != _SHA256:
            raise TokenError("the token is not over a SHA-256")
        signer = _signer(read)
        if authority.signers and signer not in authority.signers:
            raise TokenError(f"the token is signed by {signer}, not by {' or '.join(authority.signers)}")
        # Roots alone: whatever the library is given as an intermediate certificate, it trusts like a root.
        VerifierBuilder(roots=[authority.root], nonce=nonce).build().verify(read, imprint.message)
        return Attested(digest=imprint.message.hex(), at=read.tst_info.gen_time, signer=signer)
    except VerificationError as error:
        raise TokenError(f"the token is not one of this authority: {_words(error)}") from None
    except KeyError as error:  # the kind of a text in a name, by its number
        raise TokenError(f"not an answer of a time-stamping authority: a name is of the kind {error}") from None
    except (ValueError, DuplicateExtension, InvalidVersion, CryptographyDeprecationWarning) as error:
        raise TokenError(f"not an answer of a time-stamping authority: {_words(error)}") from None


def _signer(response: TimeStampResponse) -> str:
    """The subject of the one certificate that an answer says signed it; whether it did is for the library to say.

    A forged certificate with the issuer and number of the true one would otherwise lend its name and its purpose to the
    signature of the other: the library looks at one of them, OpenSSL verifies one of them, and nobody says which.

    Raises:
        TokenError: no certificate, or several, or several signatures.
        CryptographyDeprecationWarning: a certificate is not as RFC 5280 wants it, such as with a number below 1.
    """
    from cryptography.utils import CryptographyDeprecationWarning
    from cryptography.x509 import load_der_x509_certificate

    signed = response.signed_data
    names = {(each.issuer, each.serial_number) for each in signed.signer_infos}
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        certificates = [load_der_x509_certificate(each) for each in signed.certificates]
    found = [each for each in certificates if (each.issuer, each.serial_number) in names]
    if len(names) != 1 or len(found) != 1:
        raise TokenError("the token has no signer's certificate, or two certificates that could be the signer's")
    return found[0].subject.rfc4514_string()


def _missing() -> UsageError:
    return UsageError("the library for time stamps is not installed", remedy="pip install 'bongsu[timestamps]'")


def _refusal(response: TimeStampResponse) -> str:
    said = "; ".join(response.status_string)
    return f"the authority refused (status {response.status}{f': {said}' if said else ''})"


def _words(error: Exception) -> str:
    """The library's own words, without what OpenSSL adds of its insides, and not at any length."""
    return str(error).partition(": ErrorStack")[0].strip().rstrip(".")[:200]
