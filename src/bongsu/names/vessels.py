"""Names of ships compared: the number in a name decides, blanks and hyphens do not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Final

from rapidfuzz.distance.JaroWinkler import normalized_similarity as near

from bongsu.names.reasons import best_pair, hangul_of, syllable_reasons
from bongsu.names.runs import MOST_COST, SYLLABLES_WITH_A_SLIP, run_likeness
from bongsu.names.script import MOST_LETTERS, MOST_WORDS, folded, latin
from bongsu.names.syllables import Syllables, ways
from bongsu.names.vocabulary import vocabulary
from bongsu.names.words import alike, word_likeness

OTHER_NUMBER: Final = 0.2
ONE_HAS_NO_NUMBER: Final = 0.6
# Two names that differ are two ships, however much they share; this only puts the nearer ones first.
MOST_OF_ANOTHER: Final = 0.25
_MOST_RUNS: Final = 6
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class VesselName:
    """A ship's name taken apart.

    Args:
        words: in Latin letters, without number and prefix.
        joined: all of them together.
        runs: all of them together as Korean syllables, by each way to read them; empty where one is no Korean.
        number: the number in it, or the empty text.
    """

    words: tuple[str, ...]
    joined: str
    runs: tuple[Syllables, ...]
    number: str


@lru_cache(maxsize=1 << 16)
def vessel_name(printed: str) -> VesselName:
    """A ship's name, taken apart once."""
    card = vocabulary()
    found = _WORD.findall(folded(printed[:MOST_LETTERS].replace("/", "").replace(".", " ")))[:MOST_WORDS]
    numbers = [card.ship_numbers.get(word, word).lstrip("0") for word in found if _is_number(word)]
    plain = [word for word in found if not _is_number(word) and word not in card.ship_prefixes]
    words = [card.ship_words.get(word, word) for word in plain] or found
    read = [ways(word) for word in words]
    together = islice(product(*(way[:2] for way in read)), _MOST_RUNS) if all(read) else ()
    runs = [tuple(one for part in parts for one in part) for parts in together]
    written = tuple(latin(word).replace(" ", "") for word in words)
    return VesselName(written, "".join(written), tuple(runs), " ".join(numbers))


def vessel_similarity(left: VesselName, right: VesselName) -> float:
    """How likely two names are names of the same ship, from 0 to 1; renames share nothing: use the IMO number."""
    if left.joined == right.joined:
        score = 1.0
    elif left.runs and right.runs:
        score = run_likeness(left.runs, right.runs)
        if min(len(left.runs[0]), len(right.runs[0])) >= SYLLABLES_WITH_A_SLIP:
            score = max(score, alike(left.joined, right.joined))
    else:
        score = max(alike(left.joined, right.joined), word_likeness(left.words, right.words))
    if score == 0.0:
        return MOST_OF_ANOTHER * near(left.joined, right.joined)
    if left.number == right.number:
        return score
    return score * (OTHER_NUMBER if left.number and right.number else ONE_HAS_NO_NUMBER)


def explain_vessels(left: VesselName, right: VesselName) -> tuple[str, ...]:
    """Why two ships' names are alike, in plain words."""
    if left.joined == right.joined:
        reasons: tuple[str, ...] = (f"the name is the same but for blanks and signs: {' '.join(left.words)}",)
    else:
        pair = best_pair(left.runs, right.runs, MOST_COST)
        if pair is not None:
            reasons = (f"the name is the same after romanisation{hangul_of(*pair)}", *syllable_reasons(*pair))
        elif vessel_similarity(left, right) < MOST_OF_ANOTHER:
            return ("the names differ",)
        else:
            reasons = (f"{' '.join(left.words)} and {' '.join(right.words)} are near",)
    if left.number == right.number:
        return reasons
    if left.number and right.number:
        return (*reasons, f"the numbers {left.number} and {right.number} tell two ships apart")
    return (*reasons, f"only one has the number {left.number or right.number}")


def _is_number(word: str) -> bool:
    return word.isdigit() or word in vocabulary().ship_numbers
