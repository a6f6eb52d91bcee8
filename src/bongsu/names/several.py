"""Several names in one cell (`KIM Su-dae aka PAK`): people write them so, and each of them is a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from bongsu.kernel.errors import UsageError
from bongsu.names.organisations import has_own_name
from bongsu.names.script import MOST_LETTERS, MOST_WORDS, folded, is_east_asian

# Line breaks, `|`, `;` and the comma of Chinese and Japanese part names. So do words: also known as, formerly, doing
# business as, trading as; 일명 and 별명 are a.k.a. in Korean, 又名 and 別名 in Chinese characters. A slash parts names
# where blanks stand around it, or two words at least on either side: S/A and c/o part none.
_BETWEEN: Final = re.compile(
    r"\s*[,;(]?\s*(?:\b(?:a\.?\s?k\.?\s?a|f\.?\s?k\.?\s?a|n\.?\s?k\.?\s?a|d\.?\s?b\.?\s?a|[afnd]/k/a|d/b/a|t/a)\b\.?"
    r"|\b(?:also known as|formerly known as|now known as|doing business as|trading as|alias)\b"
    r"|(?<!\w)(?:일명|별명|又名|別名|别名|亦称|亦稱)(?!\w))\s*:?\s*"
    r"|\s+/\s+|\s*[;；|｜、\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*",
    re.IGNORECASE,
)
# Runs of blanks become one first: the time to split grows with the third power of their length.
_BLANKS: Final = re.compile(r"\s{2,}")
_SLASH: Final = re.compile(r"(?<=\w\w)/(?=\w\w)")
# What parts two names or stands within one: Kim & Chang is one firm. Both are asked, the whole and its parts.
_JOINT: Final = re.compile(
    r"\s*[&＆+*]\s*|\s+(?:and|or|und|oder|u\.|et|ou|y|и|или|및|또는|과|와)\s+|(?<=[가-힣]{3})[과와]\s+(?=[가-힣]{2})",
    re.IGNORECASE,
)
_THROUGH: Final = re.compile(
    r"\s*[•・･·‧–—:：]\s*|\s+ex\s+"
    r"|(?:^|[\s,])\s*(?:c/o|℅|u/o|o/b/o|f/b/o|care of|estate of|on behalf of|for the benefit of)\s*:?\s*"
    r"|(?:^|[\s,])\s*(?:attn|attention)\b\.?\s*:?\s*",
    re.IGNORECASE,
)
_COMMA: Final = re.compile(r"\s*[,，]\s*|\s+-\s+")
_BRACKET: Final = re.compile(r"[()\[\]{}<>（）【】「」『』〔〕《》\"“”„«»]")
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|（[^（）]*）|【[^【】]*】|「[^「」]*」|『[^『』]*』")
# How many more there are: 외 1명, 他2名, 等3人, and 2 others, et al.
_MORE: Final = re.compile(
    r"(?:\s외|외(?=\s*\d))\s*(?:\d+\s*)?(?:명|인|사|개\s*(?:사|업체|회사)|다수)?\s*$|[他外等]\s*\d+\s*[名人社家]\s*$"
    r"|[\s,](?:(?:and|&)\s+(?:\d+\s+)?others?|et\s+al\.?|\+\s*\d+)\s*$",
    re.IGNORECASE,
)
# Most names hold none of all these, and are not looked at piece by piece.
_PLAIN: Final = re.compile(r"[\w\s.'’-]+")
_WORDS_THAT_PART: Final = re.compile(
    r"\s(?:and|or|und|oder|u\.|et|ou|y|и|или|및|또는|과|와|ex|on behalf of|for the benefit of|외|others?)(?!\w)"
    r"|\b(?:care of|attn|attention|estate of)\b|외\s*\d|[他等]\s*\d|[가-힣][과와]\s|\s-\s",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_PUNCTUATION: Final = " ,;:()[]{}\"'"
# No cell holds more by honest means; what does is refused, for none of its names may go unasked.
MOST_NAMES: Final = 100
# Python keeps bytes that it cannot decode as halves of a pair (PEP 383); U+FFFD is what other programs put for them.
_NO_TEXT: Final = re.compile(r"[\ud800-\udfff]")
_LOST: Final = "\ufffd"


@lru_cache(maxsize=1 << 10)
def names_in(printed: str) -> tuple[str, ...]:
    """Each of the names in a text, in their order; the text itself where it holds one only."""
    text = _BLANKS.sub(lambda blanks: "\n" if blanks[0].splitlines() != [blanks[0]] else " ", printed)
    found = [part for piece in _BETWEEN.split(text) for part in _at_slashes(piece)]
    names = tuple(dict.fromkeys(stripped for part in found if (stripped := part.strip(" ,;()\"'"))))
    return names if len(names) > 1 else (printed,)


@lru_cache(maxsize=1 << 10)
def parts_in(name: str) -> tuple[str, ...]:
    """The names that a person's or a ship's may be made of: joint holders, who is written to through another, what
    brackets hold.

    Each is asked beside the whole. One word alone is too little to be a name, unless it is Hangul or Chinese.

    Args:
        name: one of `names_in`.
    """
    return () if _is_plain(name) else _parts(name)


def _parts(name: str) -> tuple[str, ...]:
    pieces = _pieces(name)
    joint = [part for piece in pieces for part in _JOINT.split(piece)]
    by_comma = [part for piece in joint if _is_list(commas := _COMMA.split(piece)) for part in commas]
    return _others(name, (*pieces, *joint, *by_comma))


@lru_cache(maxsize=1 << 10)
def firms_in(name: str) -> tuple[str, ...]:
    """The same for firms and offices, where a comma or an `and` more often stands within one name.

    Parts of an `and` are asked only where each has a name of its own: Science & Technology Co. Ltd is one firm.
    """
    return () if _is_plain(name) else _firms(name)


def _firms(name: str) -> tuple[str, ...]:
    pieces = _pieces(name)
    joint = [parts for piece in pieces if all(map(has_own_name, parts := _others(name, _JOINT.split(piece))))]
    alone = [piece for piece in _others(name, pieces) if has_own_name(piece)]
    return _others(name, (*alone, *(part for parts in joint for part in parts)))


def _is_plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None and _WORDS_THAT_PART.search(name) is None


def _pieces(name: str) -> list[str]:
    """What stands in and outside brackets and through others, without the number of those not named."""
    alone = _MORE.sub("", name)
    apart = [alone, *_BRACKET.split(alone), _ASIDE.sub(" ", alone)]
    return [part.strip(_PUNCTUATION) for piece in apart for part in (piece, *_THROUGH.split(piece))]


def _others(name: str, parts: Iterable[str]) -> tuple[str, ...]:
    """Those of some parts that may be names and are not the whole, each once."""
    _, *found = dict.fromkeys(" ".join(part.strip(_PUNCTUATION).split()) for part in (name, *parts))
    return tuple(part for part in found if _may_be_a_name(part))


def _is_list(parts: Sequence[str]) -> bool:
    """Whether commas part whole names, not a surname from the name given: each has two words."""
    return len(parts) > 1 and all(len(_WORD.findall(part)) > 1 for part in parts)


def _may_be_a_name(part: str) -> bool:
    words = _WORD.findall(part)
    return len(words) > 1 or any(len(word) > 1 and is_east_asian(word) for word in words)


def asked_of(kind: str, printed: Iterable[str]) -> Iterable[str]:
    """Each name in some texts and the names it may be made of, each once.

    Args:
        kind: `Person`, `Organization` or `Vessel`.
        printed: the texts.
    """
    parts = firms_in if kind == "Organization" else parts_in
    return dict.fromkeys(each for text in printed for name in names_in(text) for each in (name, *parts(name)))


def check_name(printed: str) -> None:
    """Refuse a text that cannot be asked about as a name or names: "no hit" would be no answer to it.

    Raises:
        UsageError: it is no text, has no letter or figure, is longer than a name is read, or holds more names than
            `MOST_NAMES`.
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
    if any(len(name) > MOST_LETTERS or len(_WORD.findall(name)) > MOST_WORDS for name in names_in(printed)):
        raise UsageError(
            f"the name is longer than {MOST_LETTERS} letters or {MOST_WORDS} words",
            remedy="give the name alone: the rest would not be read",
        )
    names = [each for name in names_in(printed) for each in (name, *parts_in(name))]
    if len(names) > MOST_NAMES:
        raise UsageError(f"the name holds {len(names):,} names, more than {MOST_NAMES}", remedy="ask one by one")


def _at_slashes(text: str) -> list[str]:
    parts = _SLASH.split(text)
    return parts if all(len(part.split()) > 1 for part in parts) else [text]
