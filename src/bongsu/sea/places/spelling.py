"""A port's name brought into one form, so that every spelling of it finds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bongsu.names.script import folded, latin
from bongsu.sea.places.cards import CountryCard
from bongsu.sea.places.model import Port

_WORD: Final = re.compile(r"[^\W_]+")
# What is said of every port tells none from another.
_OF_ANY_PORT: Final = frozenset(
    {"port", "of", "harbour", "harbor", "anchorage", "anch", "roads", "pt", "항", "港", "порт"}
)


def keys_of(text: str) -> Iterator[str]:
    """The forms a text may be filed under, the whole text first, then without words said of any port."""
    words = _WORD.findall(folded(text))
    yield "".join(words)
    telling = [word for word in words if word not in _OF_ANY_PORT]
    yield "".join(telling)
    yield "".join(latin(word).replace(" ", "") for word in telling)


def filed(countries: Iterable[CountryCard]) -> dict[str, Port]:
    """Every port by every form of every spelling.

    Raises:
        ValueError: a spelling that names two ports.
    """
    by_key: dict[str, Port] = {}
    for country in countries:
        for port in country.ports:
            for name in port.names:
                for key in set(keys_of(name)) - {""}:
                    other = by_key.setdefault(key, port)
                    if other is not port:
                        raise ValueError(f"{name!r} would name both {other.id} and {port.id}")
    return by_key


def found(text: str, by_key: Mapping[str, Port], country_words: Iterable[str]) -> Port | None:
    """The port that a text names, as people or a ship's destination write it; None where it names none of ours.

    Of `CNDLC>KPNAM`, from one port to another, the second is meant. A country beside the name is no part of it.
    """
    meant = text.rpartition(">")[2]
    for candidate in (meant, _without(meant, country_words)):
        for key in keys_of(candidate):
            if key in by_key:
                return by_key[key]
    return None


def _without(text: str, country_words: Iterable[str]) -> str:
    words = " ".join(_WORD.findall(folded(text)))
    for country in sorted(country_words, key=len, reverse=True):
        words = re.sub(rf"^{re.escape(country)} | {re.escape(country)}$", "", words)
    return words
