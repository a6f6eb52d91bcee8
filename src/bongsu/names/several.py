"""Several names in one cell (`KIM Su-dae aka PAK`): people write them so, and each of them is a name."""

from __future__ import annotations

import re
from typing import Final

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


def names_in(printed: str) -> tuple[str, ...]:
    """Each of the names in a text, in their order; the text itself where it holds one only."""
    found = [part for piece in _BETWEEN.split(printed) for part in _at_slashes(piece)]
    names = tuple(dict.fromkeys(stripped for part in found if (stripped := part.strip(" ,;()\"'"))))
    return names if len(names) > 1 else (printed,)


def not_askable(printed: str) -> str | None:
    """Why a text cannot be asked about as a name or names, in words that follow it; None where it can."""
    names = names_in(printed)
    return f"holds {len(names):,} names, more than {MOST_NAMES}" if len(names) > MOST_NAMES else None


def _at_slashes(text: str) -> list[str]:
    parts = _SLASH.split(text)
    return parts if all(len(part.split()) > 1 for part in parts) else [text]
