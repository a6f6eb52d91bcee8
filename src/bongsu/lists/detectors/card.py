"""What every detector's card must hold: examples of what it finds and of what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bongsu.kernel.cards import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Two small invented copies of a list and what is found between them.

    Args:
        found: the kind of change an indicator must name; None where no indicator may come.
        programme: the programme every entry stands under.
        old, new: name by reference.
    """

    title: str
    found: str | None
    programme: str
    old: Mapping[str, str]
    new: Mapping[str, str]


def read_examples(card: Card) -> tuple[Example, ...]:
    """The examples of a detector's card.

    Raises:
        CardError: without at least one that is found and one that is not.
    """
    examples = card.tables("example", _example, at_least=2)
    if {example.found is None for example in examples} != {True, False}:
        raise card.error("needs at least one example that is found and one that is not", "example")
    return examples


def _example(card: Card) -> Example:
    return Example(
        title=card.text("title"),
        found=card.text_or_none("found"),
        programme=card.text("programme"),
        old=card.table("old", _names),
        new=card.table("new", _names),
    )


def _names(card: Card) -> dict[str, str]:
    return {key: card.text(key) for key in card.keys_left()}
