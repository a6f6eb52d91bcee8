"""An exhibit: bytes as received, named by their SHA-256."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from bongsu.kernel.errors import EvidenceError

FOLDER: Final = "exhibits/"
BLOCK_BYTES: Final = 2**20
_NAME: Final = re.compile(r"exhibits/([0-9a-f]{2})/(\1[0-9a-f]{62})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """The name of some bytes.

    Args:
        digest: their SHA-256.
        size: how many there are.
    """

    digest: str
    size: int

    @property
    def name(self) -> str:
        """Where the store keeps them."""
        return name_of(self.digest)


def name_of(digest: str) -> str:
    """Where the store keeps the exhibit of a digest: `exhibits/ab/abcd...`, so that no folder holds too many."""
    return f"{FOLDER}{digest[:2]}/{digest}"


def digest_in(name: str) -> str | None:
    """The digest of the exhibit kept under a name, or None where no exhibit is kept so."""
    found = _NAME.fullmatch(name)
    return found[2] if found else None


def hashed(blocks: Iterable[bytes], sink: BinaryIO | None = None) -> Exhibit:
    """The digest and size of bytes that come in blocks, copied to a sink on the way.

    Raises:
        EvidenceError: the sink cannot take them, such as on a full disk.
    """
    running = hashlib.sha256()
    size = 0
    for block in blocks:
        running.update(block)
        size += len(block)
        if sink is not None:
            _write(sink, block)
    return Exhibit(digest=running.hexdigest(), size=size)


def seen_by(blocks: Iterable[bytes], see: Callable[[bytes], object]) -> Iterator[bytes]:
    """The same blocks, each shown on its way, so that a second digest needs no second reading."""
    for block in blocks:
        see(block)
        yield block


def _write(sink: BinaryIO, block: bytes) -> None:
    try:
        sink.write(block)
    except OSError as error:
        what = f"a temporary copy cannot be written: {error.strerror}"
        raise EvidenceError(what, where=sink.name, remedy="make room on this disk") from error
