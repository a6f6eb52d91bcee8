"""The rules of resolution: what each sign weighs that two listings are one, and when the machine may say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from bongsu.kernel.cards import Card, read_card
from bongsu.lists.model import LISTED_SCHEMATA
from bongsu.lists.profiles import IDENTIFIERS

CARD: Final = "resolution.toml"
TIERS: Final = ("equal", "alike", "near", "other")
BIRTHS: Final = ("equal", "year", "near", "other")
OTHER: Final = ("weak_name", "nationality", "another_imo", "another_reference", "another_kind")
HEAVIEST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The card. Weights are natural logarithms of odds.

    Args:
        prior: before anything is known of a pair.
        decisive: the identifiers of which the machine needs one to join.
        corroborates: the likeness of names from which they bear an identifier out.
        review_from: the probability from which a pair is put before people.
        identifiers: weight of a shared identifier, by kind.
        likeness: the least likeness of each tier of names but `other`.
        names: weight of each tier, by kind of the one listed.
        births: weight of each degree of agreement.
        other: weight of what else speaks against it.
    """

    prior: float
    decisive: frozenset[str]
    corroborates: float
    review_from: float
    identifiers: Mapping[str, float]
    likeness: Mapping[str, float]
    names: Mapping[str, Mapping[str, float]]
    births: Mapping[str, float]
    other: Mapping[str, float]

    def tier(self, likeness: float) -> str:
        """The tier of two names of some likeness."""
        return next((tier for tier in TIERS[:-1] if likeness >= self.likeness[tier]), "other")


@cache
def rules() -> Rules:
    """The rules of the card in this package."""
    return rules_from((files("bongsu.lists") / CARD).read_bytes())


def rules_from(content: bytes) -> Rules:
    """The rules of a card's bytes.

    Raises:
        CardError: not what a card of rules says.
    """
    return read_card(content, where=CARD, read=_rules)


def _rules(card: Card) -> Rules:
    found = Rules(
        prior=card.number("prior", least=-HEAVIEST, most=0),
        decisive=frozenset(card.texts("decisive", at_least=1, one_of=IDENTIFIERS)),
        corroborates=card.number("corroborates", least=0, most=1),
        review_from=card.number("review_from", least=0, most=1),
        identifiers=card.table("identifiers", lambda table: _numbers(table, IDENTIFIERS, least=0)),
        likeness=card.table("likeness", lambda table: _numbers(table, TIERS[:-1], least=0)),
        names=card.table("names", lambda table: {kind: table.table(kind, _tiers) for kind in LISTED_SCHEMATA}),
        births=card.table("births", lambda table: _numbers(table, BIRTHS)),
        other=card.table("other", lambda table: _numbers(table, OTHER)),
    )
    if not 1 >= found.likeness["equal"] > found.likeness["alike"] > found.likeness["near"] > 0:
        raise card.error("does not fall from equal over alike to near", "likeness")
    if not found.likeness["near"] <= found.corroborates:
        raise card.error("is below the likeness of names that are near", "corroborates")
    return found


def _tiers(card: Card) -> dict[str, float]:
    return _numbers(card, TIERS)


def _numbers(card: Card, keys: tuple[str, ...], *, least: float = -HEAVIEST) -> dict[str, float]:
    return {key: card.number(key, least=least, most=HEAVIEST) for key in keys}
