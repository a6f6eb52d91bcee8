"""Tokens: the words of a text as the search keeps and asks for them, the same on SQLite and PostgreSQL.

Where a script writes no blanks between words, every two neighbouring characters are a token, and the last character of
a run one more: so any part of a run is found by the phrase of its own pairs, and a single character by its beginning.
Elsewhere a token is a word. Letters are compared by NFKC, without case, and Latin ones without their accents.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, groupby, islice
from typing import Final

MOST_TOKENS: Final = 16_000  # PostgreSQL keeps no place in a text beyond 16,383
MOST_BYTES: Final = 400_000  # nor more than 1 MB, in its own form
MOST_TERMS: Final = 12
MOST_CHARACTERS: Final = 200
_KEPT: Final = 20_000  # parts of texts whose tokens are remembered, none longer than the next
_LONGEST_KEPT: Final = 40
_LONGEST: Final = 200  # characters of one token; PostgreSQL takes 2,046 bytes
# First and last code point of what is written without blanks: Hangul, kana, Han, bopomofo, and what joins them.
_RUNS: Final = (
    (0x1100, 0x11FF),
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3031, 0x3035),
    (0x303B, 0x303C),
    (0x3040, 0x318F),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFFDC),
    (0x16FE0, 0x18DFF),
    (0x1AFF0, 0x1B2FF),
    (0x20000, 0x3FFFF),
)
_STARTS: Final = [first for first, _ in _RUNS]
_APART, _WORD, _RUN = "", "word", "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token, and where in the text it came from.

    Args:
        text: as it is compared; letters, digits and the marks on them only.
        begin, end: the characters of the text it stands for, the end not counted.
    """

    text: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Tokens that follow each other, as one word or phrase of a question asks for them.

    Args:
        tokens: one at least.
        open: whether the last one may go on: `sanc` finds sanctions.
    """

    tokens: tuple[str, ...]
    open: bool


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, in their order."""
    characters = [(folded, kind, place) for place, each in enumerate(text) for folded, kind in _folded(each)]
    found: list[Token] = []
    for kind, group in groupby(characters, key=lambda character: character[1]):
        run = [(folded, place) for folded, _, place in group]
        if kind is _RUN:
            found += _pairs(run)
        elif kind is _WORD:
            found.append(_token(run[:_LONGEST]))
    return found


def indexed(text: str) -> str:
    """What the search keeps of a text: its tokens with blanks between; of a very long text the first 16,000."""
    parts = unicodedata.normalize("NFKC", text).split()  # no token reaches over a blank
    several = (_texts_of(part) if len(part) <= _LONGEST_KEPT else _texts_in(part) for part in parts)
    tokens = list(islice(chain.from_iterable(several), MOST_TOKENS))
    sizes = accumulate(len(token.encode()) + 1 for token in tokens)
    return " ".join(token for token, size in zip(tokens, sizes, strict=True) if size <= MOST_BYTES)


def _texts_in(part: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens_of(part))


# The words of many texts are few: those seen last are remembered, which takes an eighth off taking in indicators.
_texts_of = lru_cache(maxsize=_KEPT)(_texts_in)


def terms_of(question: str) -> tuple[Term, ...]:
    """What a question asks for: its words, each of which may go on, and its "phrases" between quotation marks.

    Args:
        question: as a person writes it; of a very long one the beginning counts.

    Returns:
        The terms, all of which a text must have, each once; empty where there is nothing to ask for.
    """
    plain = unicodedata.normalize("NFKC", question[:MOST_CHARACTERS])
    for mark in "“”„‟«»「」『』〝〞〟":
        plain = plain.replace(mark, '"')
    terms: list[Term | None] = []
    for number, part in enumerate(plain.split('"')):
        if number % 2:
            terms.append(_term(part, phrase=True))
        else:
            terms += (_term(word, phrase=False) for word in part.split())
    return tuple(dict.fromkeys(term for term in terms if term is not None))[:MOST_TERMS]


def marked(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where in a text the terms stand: begin and end of each place, in order, none touching another."""
    tokens = tokens_of(text)
    places = sorted(place for term in terms for place in _places(tokens, term))
    joined: list[tuple[int, int]] = []
    for begin, end in places:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _places(tokens: Sequence[Token], term: Term) -> Iterator[tuple[int, int]]:
    *first, last = term.tokens
    for start in range(len(tokens) - len(first)):
        end = tokens[start + len(first)]
        whole = end.text.startswith(last) if term.open else end.text == last
        if whole and all(tokens[start + step].text == each for step, each in enumerate(first)):
            # A single character of a run begins a pair, whose second was not asked for.
            alone = term.open and len(last) == 1 and _kind(last) is _RUN
            yield tokens[start].begin, end.begin + 1 if alone else end.end


def _term(text: str, *, phrase: bool) -> Term | None:
    """The term of a word or phrase: without the last single character of its last run, which may go on."""
    tokens = [token.text for token in tokens_of(text)]
    if not tokens:
        return None
    in_run = _kind(tokens[-1][0]) is _RUN
    if in_run and len(tokens) > 1 and len(tokens[-2]) == 2 and _kind(tokens[-2][0]) is _RUN:
        tokens.pop()
    return Term(tokens=tuple(tokens), open=len(tokens[-1]) == 1 if in_run else not phrase)


def _pairs(run: list[tuple[str, int]]) -> Iterator[Token]:
    for step in range(len(run)):
        yield _token(run[step : step + 2])


def _token(characters: Sequence[tuple[str, int]]) -> Token:
    return Token(text="".join(folded for folded, _ in characters), begin=characters[0][1], end=characters[-1][1] + 1)


@lru_cache(maxsize=4096)
def _folded(character: str) -> tuple[tuple[str, str], ...]:
    """The characters that one is compared as, each with its kind: of most one, of an accent that stands alone none."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
    return tuple((plain, _kind(plain)) for plain in map(_unaccented, folded) if plain)


def _unaccented(character: str) -> str:
    """A Latin letter without its accents; nothing of an accent that stands alone."""
    if "\u0300" <= character <= "\u036f":
        return ""
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() else character


def _kind(character: str) -> str:
    if not (character.isalnum() or unicodedata.category(character) in {"Mn", "Mc"}):
        return _APART
    place = bisect_right(_STARTS, ord(character)) - 1
    return _RUN if place >= 0 and ord(character) <= _RUNS[place][1] else _WORD
