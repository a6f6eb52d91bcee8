"""Names of firms and offices compared: what tells them apart counts, what all of them say does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, product
from typing import Final

from rapidfuzz.distance import Indel

from bongsu.names.initials import initials_of, made_of_beginnings, may_be_short
from bongsu.names.meanings import TRANSLATED, Meaning, behind, mean_the_same, meanings, means
from bongsu.names.phrases import OFFICE, Part, parts_of
from bongsu.names.reasons import best_pair, hangul_of, syllable_reasons, word_reasons
from bongsu.names.romanisation import share_a_reading
from bongsu.names.runs import MOST_COST, SYLLABLES_WITH_A_SLIP, run_likeness
from bongsu.names.script import is_east_asian, latin
from bongsu.names.sounds import coarse_letters, skeleton
from bongsu.names.syllables import Syllables, ways
from bongsu.names.vocabulary import SEVERAL_LANGUAGES, vocabulary
from bongsu.names.words import alike, best_pairs

# Both names hold a word the other lacks: that tells two firms of one kind apart.
CONFLICT: Final = 0.5
# Two firms with different names stay below this. It says which of them are nearest: what they say of themselves counts
# for a little more than half of it, the sound of their names for the rest, as a logistic regression over the pairs of
# the development half has it; any share from 0.4 to 0.7 does as well on pairs left out.
MOST_OF_ANOTHER: Final = 0.45
OF_WHAT_THEY_SAY: Final = 0.57
ONE_HAS_NO_NAME: Final = 0.5
# One name is the initials of the other, four at least; or made of the beginnings of its words, which says less.
INITIALS: Final = 0.75
BEGINNINGS: Final = 0.4
# Offices without a name of their own, each with a word the other lacks that weighs more than this.
APART: Final = 0.4
RELATED: Final = 0.3
# With the country one word in common is too little, unless neither says more: the Bank of Korea, the Korea Development
# Bank and the Korea Trading Bank share `bank`. The score stays below the default.
WORDS_IN_COMMON: Final = 2
ONE_WORD_IN_COMMON: Final = 0.7
# A concept of this weight is worth a word in the reasons.
TELLING: Final = 0.35
# Industry and industrial, trade and trading, tech and technology begin alike.
STEM: Final = 4
SHORT_NAME_WEIGHT: Final = 0.6
# A name of six letters has its full weight; a syllable that stands alone is a piece of a name.
WEIGHT_PER_LETTER: Final = 0.27
# Department 53 is not Department 54.
NUMBER_WEIGHT: Final = 1.0
_MOST_RUNS: Final = 6


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word that is a name: in Latin letters, the ways to read it as Korean, what it weighs, and the Korean words that
    may stand behind it.
    """

    text: str
    ways: tuple[Syllables, ...]
    weight: float
    behind: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """A firm's name taken apart.

    Args:
        names: the words that are names, in their order.
        runs: all names together as Korean syllables, by each way to read them; empty where one of them is no Korean.
        joined: all names together in Latin letters.
        skeleton: the coarse sounds of all names.
        acronym: the name itself where it may be short for another; else the empty text.
        parts: its words and phrases in their order.
        concepts: what else it says of itself, each with the words that say it.
        concept_weight: of all concepts together; `name_weight`: of all names.
    """

    names: tuple[NameWord, ...]
    runs: tuple[Syllables, ...]
    joined: str
    skeleton: str
    acronym: str
    parts: tuple[Part, ...]
    concepts: dict[str, frozenset[str]]
    concept_weight: float
    name_weight: float


@lru_cache(maxsize=1 << 17)
def organisation_name(printed: str) -> OrganisationName:
    """A firm's name, taken apart once."""
    card, parts = vocabulary(), parts_of(printed)
    names: list[NameWord] = []
    concepts: dict[str, frozenset[str]] = {}
    concept_weight = name_weight = 0.0
    for word, concept in parts:
        if concept is None:
            name = _name_word(word)
            names.append(name)
            name_weight += name.weight
        elif concept in concepts:
            concepts[concept] |= {word}
        else:
            concepts[concept] = frozenset((word,))
            concept_weight += card.weight[concept]
    return OrganisationName(
        names=tuple(names),
        runs=_runs(names),
        joined="".join([name.text for name in names]),
        skeleton="".join([skeleton(name.ways[0]) if name.ways else coarse_letters(name.text) for name in names]),
        acronym=names[0].text if len(names) == 1 and may_be_short(names[0].text, concepts) else "",
        parts=parts,
        concepts=concepts,
        concept_weight=concept_weight,
        name_weight=name_weight,
    )


@lru_cache(maxsize=1 << 16)
def _name_word(word: str) -> NameWord:
    text = word if word.isascii() else latin(word)
    text = text.replace(" ", "")
    weight = NUMBER_WEIGHT if word.isdigit() else min(vocabulary().name_weight, WEIGHT_PER_LETTER * len(text))
    read = ways(word)
    return NameWord(text, read, weight, behind(word, is_korean=bool(read)))


def organisation_similarity(left: OrganisationName, right: OrganisationName) -> float:
    """How likely two names are names of the same firm or office, from 0 to 1."""
    score = _by_words(left, right)
    if score < INITIALS and (left.acronym or right.acronym):
        return max(score, _as_short_name(left, right), _as_short_name(right, left))
    return score


def has_own_name(printed: str) -> bool:
    """Whether a name says more than what many firms do, where they are and their form, and is not short for another."""
    name = organisation_name(printed)
    return bool(name.names) and not name.acronym


def _as_short_name(short: OrganisationName, long: OrganisationName) -> float:
    """How likely one name is short for the other."""
    if not short.acronym or long.acronym:
        return 0.0
    if short.acronym in initials_of(long.parts):
        return INITIALS
    return BEGINNINGS if made_of_beginnings(short.acronym, long.parts) else 0.0


def _by_words(left: OrganisationName, right: OrganisationName) -> float:
    concepts = _concepts_met(left.concepts, right.concepts)
    names = _names_met(left, right) if left.names and right.names else 0.0
    total = left.concept_weight + left.name_weight + right.concept_weight + right.name_weight
    score = 2 * (concepts + names) / total if total else 0.0
    if not left.names and not right.names:
        return score * _of_nameless(left, right, concepts)
    if not (left.names and right.names):
        return max(score * ONE_HAS_NO_NAME, MOST_OF_ANOTHER * (OF_WHAT_THEY_SAY * score + 0.4 * (1 - OF_WHAT_THEY_SAY)))
    if names == 0.0:
        return MOST_OF_ANOTHER * _nearness(left, right, score)
    if min(left.name_weight, right.name_weight) - names > SHORT_NAME_WEIGHT:
        return score * CONFLICT
    return score


def _of_nameless(left: OrganisationName, right: OrganisationName, met: float) -> float:
    """What is left of the score of two offices without a name of their own, which only what they do tells apart."""
    if min(left.concept_weight, right.concept_weight) - met > APART:
        return CONFLICT
    ones, others = _what_they_do(left), _what_they_do(right)
    both = sum(_is_said_alike(concept, left.concepts[concept], right.concepts[concept]) for concept in ones & others)
    return 1.0 if ones == others or both >= WORDS_IN_COMMON else ONE_WORD_IN_COMMON


def _what_they_do(name: OrganisationName) -> frozenset[str]:
    """The concepts of a name but for its legal form and where it is."""
    return frozenset(name.concepts) - vocabulary().forms - vocabulary().places


def _nearness(left: OrganisationName, right: OrganisationName, score: float) -> float:
    """How near two different names are: it makes no hit of them, and only puts the nearer ones first."""
    sound = Indel.normalized_similarity(left.skeleton, right.skeleton)
    return OF_WHAT_THEY_SAY * score + (1 - OF_WHAT_THEY_SAY) * sound


def explain_organisations(left: OrganisationName, right: OrganisationName) -> tuple[str, ...]:
    """Why two names of firms or offices are alike, in plain words."""
    short = _short_name_reason(left, right) or _short_name_reason(right, left)
    if short:
        return (short,)
    weight = vocabulary().weight
    both = sorted(
        _said_by_both(left.concepts[concept], right.concepts[concept])
        for concept in left.concepts
        if concept in right.concepts and weight[concept] >= TELLING
    )
    apart = sorted(
        word
        for one, other in ((left, right), (right, left))
        for concept, words in one.concepts.items()
        if concept not in other.concepts and weight[concept] >= TELLING
        for word in words
    )
    offices = left.concepts.get(OFFICE), right.concepts.get(OFFICE)
    return (
        *_name_reasons(left, right),
        *((f"both say: {', '.join(both)}",) if both else ()),
        *((f"only one says: {', '.join(apart)}",) if apart else ()),
        *(f"an office of a firm elsewhere: {' '.join(sorted(office))}" for office in offices if office),
    )


def _said_by_both(words: frozenset[str], others: frozenset[str]) -> str:
    """The words by which two names say one thing: each once, those of the one before those of the other."""
    same = words & others
    if same:
        return " ".join(sorted(same))
    return f"{' '.join(sorted(words))} and {' '.join(sorted(others))}"


def _name_reasons(left: OrganisationName, right: OrganisationName) -> Iterator[str]:
    if not (left.names and right.names):
        yield "only one has a name of its own" if left.names or right.names else "neither has a name of its own"
    elif left.joined == right.joined:
        yield f"the name itself is the same: {' '.join(name.text for name in left.names)}"
    else:
        pair = best_pair(left.runs, right.runs, MOST_COST)
        if pair is None:
            yield from _word_reasons(left, right)
        else:
            yield f"the name itself is the same after romanisation{hangul_of(*pair)}"
            yield from syllable_reasons(*pair)


def _short_name_reason(short: OrganisationName, long: OrganisationName) -> str:
    likeness = _as_short_name(short, long)
    if likeness <= _by_words(short, long):
        return ""
    return (
        f"{short.acronym} is made of the {'initials' if likeness == INITIALS else 'beginnings of words'} of the other"
    )


def _word_reasons(left: OrganisationName, right: OrganisationName) -> Iterator[str]:
    """Translations first, then what the letters of the other words say."""
    ones, others = list(left.names), list(right.names)
    for one, other in product(left.names, right.names):
        if one in ones and other in others and likeness(one, other) == TRANSLATED and _translated(one, other):
            ones.remove(one)
            others.remove(other)
            yield f"{one.text} and {other.text} may be one Korean word, translated or read as Mandarin"
    yield from word_reasons([name.text for name in ones], [name.text for name in others])


def _concepts_met(left: Mapping[str, frozenset[str]], right: Mapping[str, frozenset[str]]) -> float:
    """The weight of the concepts that both have; less where they say it in related words only."""
    if left.keys().isdisjoint(right):
        return 0.0
    card = vocabulary()
    met = 0.0
    for concept in left:
        if concept in right:
            same = _is_said_alike(concept, left[concept], right[concept])
            met += card.weight[concept] if same else RELATED * card.weight[concept]
    return met


def _is_said_alike(concept: str, words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two names say a concept in the same words, or in words that mean the same."""
    return words == others or concept in vocabulary().interchangeable or _says_the_same(words, others)


@lru_cache(maxsize=1 << 14)
def _says_the_same(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two sets of words of one concept share one, or one that is its translation, short for it, or the same in
    other characters.
    """
    language = vocabulary().language
    return any(
        one == other
        or language[one] != language[other]
        or language[one] == SEVERAL_LANGUAGES
        or one[:STEM] == other[:STEM]
        or _in_other_characters(one, other)
        for one in words
        for other in others
    )


def _in_other_characters(one: str, other: str) -> bool:
    """Whether two words in Hangul or Chinese characters are read alike in Korean: 貿易 and 贸易, 련합 and 연합."""
    return (
        len(one) == len(other) and is_east_asian(one) and is_east_asian(other) and all(map(share_a_reading, one, other))
    )


def _names_met(left: OrganisationName, right: OrganisationName) -> float:
    """The weight of the names that both have."""
    half = (left.name_weight + right.name_weight) / 2
    if left.joined == right.joined:
        return half
    whole = (left.runs and right.runs and run_likeness(left.runs, right.runs)) or _letter_by_letter(left, right)
    if whole:
        return whole * half
    if len(left.names) == len(right.names) == 1:
        one, other = left.names[0], right.names[0]
        return TRANSLATED * half if (one.behind or other.behind) and _translated(one, other) else 0.0
    return _word_by_word(left.names, right.names)


def _letter_by_letter(left: OrganisationName, right: OrganisationName) -> float:
    """How alike all names together are by their letters; a short Korean word with another letter is another word."""
    if not (left.runs and right.runs):
        return alike(left.joined, right.joined)
    if min(len(left.runs[0]), len(right.runs[0])) < SYLLABLES_WITH_A_SLIP:
        return 0.0
    return alike(left.joined, right.joined)


def _word_by_word(left: Sequence[NameWord], right: Sequence[NameWord]) -> float:
    pairs = best_pairs(left, right, likeness)
    return sum([near * (one.weight + other.weight) / 2 for near, one, other in pairs])


def likeness(one: NameWord, other: NameWord) -> float:
    """How alike two words are: Korean ones by their syllables, since a letter makes another word; others by letter."""
    if one.text == other.text:
        return 1.0
    near = run_likeness(one.ways, other.ways) if one.ways and other.ways else alike(one.text, other.text)
    return TRANSLATED if near == 0.0 and (one.behind or other.behind) and _translated(one, other) else near


def _translated(one: NameWord, other: NameWord) -> bool:
    """Whether one Korean word is behind both. Too many characters are behind two words of pinyin to say so of them."""
    if means(one.behind, other.ways) or means(other.behind, one.ways):
        return True
    known = meanings().translated
    return (one.text in known or other.text in known) and mean_the_same(one.behind, other.behind)


def _runs(names: Sequence[NameWord]) -> tuple[Syllables, ...]:
    if len(names) == 1:
        return names[0].ways
    if not names or not all(name.ways for name in names):
        return ()
    ways_together = islice(product(*[name.ways[:2] for name in names]), _MOST_RUNS)
    return tuple([tuple(chain.from_iterable(parts)) for parts in ways_together])
