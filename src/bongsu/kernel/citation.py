"""A citation: which bytes say so, and where inside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from bongsu.kernel.canonical import is_digest

# The fragment identifiers the field already has: text lines (RFC 5147), CSV rows and cells (RFC 7111), XML (XPath 1.0).
_LOCATOR: Final = re.compile(r"(?:line|row|cell|bytes|page)=[0-9]+(?:[,-][0-9]+)*|xpath=/\S.*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Citation:
    """One place in one exhibit.

    Args:
        exhibit: SHA-256 of the exhibit, 64 lower-case hexadecimal digits.
        locator: `row=12` (first row is 1, RFC 7111), `cell=4,1`, `line=12,14` (RFC 5147), `xpath=/LIST/ENTRY[3]`,
            `page=7`, `bytes=0,120`; the empty text means the exhibit as a whole.

    Raises:
        ValueError: a digest or locator not written so.
    """

    exhibit: str
    locator: str = ""

    def __post_init__(self) -> None:
        if not is_digest(self.exhibit):
            raise ValueError(f"not a SHA-256: {self.exhibit!r}")
        if self.locator and not _LOCATOR.fullmatch(self.locator):
            raise ValueError(f"not a locator: {self.locator!r}")

    def __str__(self) -> str:
        return f"sha256:{self.exhibit}" + (f"#{self.locator}" if self.locator else "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A citation from its printed form `sha256:<digest>#<locator>`.

        Raises:
            ValueError: not that form.
        """
        name, _, locator = text.partition("#")
        scheme, _, exhibit = name.partition(":")
        if scheme != "sha256":
            raise ValueError(f"a citation begins with sha256: {text!r}")
        citation = cls(exhibit=exhibit, locator=locator)
        if str(citation) != text:
            raise ValueError(f"not a citation: {text!r}")
        return citation
