"""The words of firms, offices and ships that say little by themselves, as concepts with a weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from bongsu.kernel.cards import Card, read_card

CLASSES: Final = ("form", "place", "town", "kind", "field")
# Two words of these say the same: nobody is told apart by Ltd or Limited.
INTERCHANGEABLE: Final = frozenset({"form", "place", "town"})
# Two words under this key of the card may be of two languages.
SEVERAL_LANGUAGES: Final = "european"
_SCRIPTS: Final = ("latin", "european", "romanised", "hangul", "han", "cyrillic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The card of words.

    Args:
        concept: the concept of a word or phrase in Latin or Cyrillic letters.
        east_asian: the concept of a word in Hangul or Chinese characters.
        weight: of each concept.
        language: of each word: the key of the card under which it stands.
        forms: the concepts of legal forms; `places`: of places, towns among them.
        interchangeable: concepts whose words say the same whatever the language.
        particles: words that say nothing.
        bracketed_forms: legal forms that stand in brackets, short for longer ones.
        name_weight: of a word that is no concept.
        ship_prefixes: words that go with a ship's name and are no part of it.
        ship_numbers: numbers written as words or in Roman figures.
        ship_words: words that are written in several ways in ships' names, each as one.
    """

    concept: Mapping[str, str]
    east_asian: Mapping[str, str]
    weight: Mapping[str, float]
    language: Mapping[str, str]
    forms: frozenset[str]
    places: frozenset[str]
    interchangeable: frozenset[str]
    particles: frozenset[str]
    bracketed_forms: frozenset[str]
    name_weight: float
    ship_prefixes: frozenset[str]
    ship_numbers: Mapping[str, str]
    ship_words: Mapping[str, str]


@cache
def vocabulary() -> Vocabulary:
    """The words of the card in this package."""
    content = (files("bongsu.names") / "data" / "words.toml").read_bytes()
    return read_card(content, where="names/data/words.toml", read=_vocabulary)


def _vocabulary(card: Card) -> Vocabulary:
    weights = card.table(
        "weights", lambda table: {name: table.number(name, least=0, most=9) for name in table.keys_left()}
    )
    particles = card.table("particle", lambda table: table.texts("latin"))
    bracketed = card.table("bracketed_forms", lambda table: (*table.texts("hangul"), *table.texts("han")))
    concept: dict[str, str] = {}
    east_asian: dict[str, str] = {}
    weight: dict[str, float] = {}
    language: dict[str, str] = {}
    interchangeable: set[str] = set()
    by_class: dict[str, set[str]] = {kind: set() for kind in CLASSES}
    for kind in CLASSES:
        for name, (synonyms, words) in card.table(kind, _concepts).items():
            weight[name] = weights[kind]
            by_class[kind].add(name)
            if synonyms or kind in INTERCHANGEABLE:
                interchangeable.add(name)
            for script, written in words.items():
                known = east_asian if script in {"hangul", "han"} else concept
                known.update(dict.fromkeys(written, name))
                language.update(dict.fromkeys(written, script))
    prefixes, numbers, ship_words = card.table("vessel", _ship_words)
    return Vocabulary(
        concept=concept,
        east_asian=east_asian,
        weight=weight,
        language=language,
        forms=frozenset(by_class["form"]),
        places=frozenset(by_class["place"] | by_class["town"]),
        interchangeable=frozenset(interchangeable),
        particles=frozenset(particles),
        bracketed_forms=frozenset(bracketed),
        name_weight=weights["name"],
        ship_prefixes=frozenset(prefixes),
        ship_numbers=numbers,
        ship_words=ship_words,
    )


def _concepts(card: Card) -> dict[str, tuple[bool, dict[str, tuple[str, ...]]]]:
    return {name: card.table(name, _concept) for name in card.keys_left()}


def _concept(card: Card) -> tuple[bool, dict[str, tuple[str, ...]]]:
    return card.flag("synonyms", default=False), {script: card.texts(script) for script in _SCRIPTS}


def _ship_words(card: Card) -> tuple[tuple[str, ...], dict[str, str], dict[str, str]]:
    numbers = card.table("numbers", lambda table: {word: str(table.integer(word)) for word in table.keys_left()})
    same = card.table("same", lambda table: {word: table.text(word) for word in table.keys_left()})
    return card.texts("prefixes"), numbers, same
