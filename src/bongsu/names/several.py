"""Several names in one cell (`KIM Su-dae aka PAK`): people write them so, and each of them is a name."""

from __future__ import annotations

import re
from typing import Final

from bongsu.kernel.errors import UsageError
from bongsu.names.script import folded

# Also known as, formerly, doing business as, trading as; 일명 and 별명 are a.k.a. in Korean, 又名 and 別名 in Chinese
# characters. A slash parts names where blanks stand around it, or two words at least on either side: S/A and c/o part
# none.
_BETWEEN: Final = re.compile(
    r"\s*[,;(]?\s*(?:\b(?:a\.?\s?k\.?\s?a|f\.?\s?k\.?\s?a|n\.?\s?k\.?\s?a|d\.?\s?b\.?\s?a|[afnd]/k/a|d/b/a|t/a)\b\.?"
    r"|\b(?:also known as|formerly known as|now known as|doing business as|trading as|alias)\b"
    r"|(?<!\w)(?:일명|별명|又名|別名|别名|亦称|亦稱)(?!\w))\s*:?\s*"
    r"|\s+/\s+|\s*;\s*",
    re.IGNORECASE,
)
_SLASH: Final = re.compile(r"(?<=\w\w)/(?=\w\w)")
# No cell holds more by honest means; what does is refused, for none of its names may go unasked.
MOST_NAMES: Final = 100
# Python keeps bytes that it cannot decode as halves of a pair (PEP 383); U+FFFD is what other programs put for them.
_NO_TEXT: Final = re.compile(r"[\ud800-\udfff]")
_LOST: Final = "\ufffd"


def names_in(printed: str) -> tuple[str, ...]:
    """Each of the names in a text, in their order; the text itself where it holds one only."""
    found = [part for piece in _BETWEEN.split(printed) for part in _at_slashes(piece)]
    names = tuple(dict.fromkeys(stripped for part in found if (stripped := part.strip(" ,;()\"'"))))
    return names if len(names) > 1 else (printed,)


def check_name(printed: str) -> None:
    """Refuse a text that cannot be asked about as a name or names: "no hit" would be no answer to it.

    Raises:
        UsageError: it is no text, has no letter or figure, or holds more than `MOST_NAMES` names.
    """
    if _NO_TEXT.search(printed):
        raise UsageError(
            "the name is no text: some of its bytes are not UTF-8",
            remedy="what writes it uses another encoding, such as CP949: set the terminal to UTF-8, or save the file "
            "as CSV UTF-8",
        )
    if _LOST in printed:
        raise UsageError(
            "letters of the name were lost, and U+FFFD stands for them",
            remedy="take it from where it was first written",
        )
    if not any(map(str.isalnum, folded(printed))):
        raise UsageError("the name has no letter or figure that can be seen", remedy="write it once more")
    names = names_in(printed)
    if len(names) > MOST_NAMES:
        raise UsageError(f"the name holds {len(names):,} names, more than {MOST_NAMES}", remedy="ask one by one")


def _at_slashes(text: str) -> list[str]:
    parts = _SLASH.split(text)
    return parts if all(len(part.split()) > 1 for part in parts) else [text]
