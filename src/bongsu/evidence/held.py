"""Evidence held back: a commitment in the custody log, and the opening that shows later what it was to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO, Final, Self

from bongsu.evidence.custody import CustodyEntry, CustodyEvent, CustodyLog
from bongsu.evidence.exhibit import BLOCK_BYTES, hashed
from bongsu.kernel.canonical import JsonValue, canonical_json, digest, is_digest
from bongsu.kernel.errors import EvidenceError

SALT_BYTES: Final = 32
#: No digest made for another purpose can be passed off as a commitment, nor the other way round.
_TAG: Final = b"bongsu held-back exhibit v1\0"
_KIND: Final = "opening of a held-back exhibit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opens a commitment. Whoever has it can tell what was held back; the log never holds it.

    Args:
        digest: the SHA-256 of the bytes held back.
        salt: 32 random bytes.

    Raises:
        ValueError: no digest, or a salt of another length.
    """

    digest: str
    salt: bytes

    def __post_init__(self) -> None:
        if not is_digest(self.digest) or len(self.salt) != SALT_BYTES:
            raise ValueError("an opening is a SHA-256 and 32 bytes of salt")

    @property
    def commitment(self) -> str:
        """SHA-256(tag || salt || SHA-256(bytes)), as 64 hexadecimal digits."""
        return digest(_TAG + self.salt + bytes.fromhex(self.digest))

    @classmethod
    def of(cls, stream: BinaryIO, salt: bytes) -> Self:
        """The opening of a commitment to all of a stream."""
        return cls(digest=_digest_of(stream), salt=salt)

    def expect(self, stream: BinaryIO, *, where: str) -> None:
        """Be sure that a stream holds the bytes held back.

        Raises:
            EvidenceError: it does not.
        """
        if _digest_of(stream) != self.digest:
            raise EvidenceError("these are not the bytes held back", where=where, remedy="take the copy you kept")

    def content(self) -> bytes:
        """The content of an opening file: canonical JSON in one line."""
        record = {"commitment": self.commitment, "is": _KIND, "salt": self.salt.hex(), "sha256": self.digest}
        return canonical_json(record) + b"\n"

    @classmethod
    def parse(cls, content: bytes, *, where: str) -> Self:
        """An opening from its file.

        Args:
            content: of the file.
            where: its name, for errors.

        Raises:
            EvidenceError: anything but what `content` writes; salt, digest and commitment belong together.
        """
        try:
            match json.loads(content):
                case {"salt": str(salt), "sha256": str(wanted)}:
                    opening = cls(digest=wanted, salt=bytes.fromhex(salt))
                    if opening.content() == content:
                        return opening
        except (ValueError, RecursionError):
            pass
        raise EvidenceError("is no opening, or was changed", where=where, remedy="take the copy you kept elsewhere")


def _digest_of(stream: BinaryIO) -> str:
    return hashed(iter(partial(stream.read, BLOCK_BYTES), b"")).digest


def log_commitment(custody: CustodyLog, opening: Opening, at: datetime) -> CustodyEntry:
    """Log the commitment of an opening, and nothing else of it.

    Returns:
        The entry.

    Raises:
        EvidenceError: the log does not hold together, or cannot be written.
    """
    custody.append([CustodyEvent(event="held back", detail={"commitment": opening.commitment})], at)
    return held_since(custody, opening)


def held_since(custody: CustodyLog, opening: Opening) -> CustodyEntry:
    """The first entry that commits to what an opening opens; the whole log is verified on the way.

    Raises:
        EvidenceError: there is none, or the log does not hold together.
    """
    found: CustodyEntry | None = None
    for entry in custody.entries():
        if found is None and entry.event == "held back" and entry.detail.get("commitment") == opening.commitment:
            found = entry
    if found is None:
        remedy = "was it held back in another store, or is this another opening?"
        raise EvidenceError("the log holds no such commitment", where=opening.commitment, remedy=remedy)
    return found


def log_revealed(custody: CustodyLog, opening: Opening, entry: CustodyEntry, at: datetime) -> None:
    """Log that an exhibit, received before, is what was held back.

    Args:
        custody: the log.
        opening: what opens the commitment; neither its salt nor itself is logged.
        entry: where it was committed to.
        at: when.

    Raises:
        EvidenceError: the log cannot be written.
    """
    detail: dict[str, JsonValue] = {"commitment": opening.commitment, "entry": entry.seq}
    custody.append([CustodyEvent(event="revealed", exhibit=opening.digest, detail=detail)], at)
