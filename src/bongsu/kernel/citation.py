"""A citation: which bytes say so, and where inside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from bongsu.kernel.canonical import is_digest

# The fragment identifiers the field already has: text lines (RFC 5147), CSV rows and cells (RFC 7111), XML (XPath 1.0),
# boxes and spans of time (W3C Media Fragments URI 1.0, 4.2.1 and 4.2.2), without its prefixes that say the same again.
_BOX: Final = r"xywh=(?:percent:)?[0-9]+(?:,[0-9]+){3}"
_SECONDS: Final = r"[0-9]+(?:\.[0-9]+)?"
_TIME: Final = rf"t=(?:(?P<from>{_SECONDS})?,(?P<to>{_SECONDS})|{_SECONDS})"
_LOCATOR: Final = re.compile(
    rf"(?:line|row|cell|bytes|page)=[0-9]+(?:[,-][0-9]+)*|xpath=/\S.*|(?:page=[0-9]+&)?{_BOX}|{_TIME}(?:&{_BOX})?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Citation:
    """One place in one exhibit.

    Args:
        exhibit: SHA-256 of the exhibit, 64 lower-case hexadecimal digits.
        locator: `row=12` (first row is 1, RFC 7111), `cell=4,1`, `line=12,14` (RFC 5147), `xpath=/LIST/ENTRY[3]`,
            `page=7`, `bytes=0,120`; a box `xywh=160,120,320,240` (left, top, width, height in pixels) or
            `xywh=percent:25,25,50,50` of an image, of a page `page=3&xywh=72,144,200,36` (in points from its top left,
            as it is shown: within its crop box, turned by its `/Rotate`); a span of a recording in seconds, the end not
            in it, `t=10,20`, `t=,20`, `t=10`, also with a box; the empty text means the exhibit as a whole.

    Raises:
        ValueError: a digest or locator not written so.
    """

    exhibit: str
    locator: str = ""

    def __post_init__(self) -> None:
        if not is_digest(self.exhibit):
            raise ValueError(f"not a SHA-256: {self.exhibit!r}")
        if self.locator and not _is_locator(self.locator):
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


def _is_locator(text: str) -> bool:
    found = _LOCATOR.fullmatch(text)
    if found is None or found["to"] is None:
        return found is not None
    return float(found["from"] or 0) < float(found["to"])  # a span has a length
