"""The cards of all sources of all desks, found in the desks' folders, so that those of a later desk are here too."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pkgutil import iter_modules
from typing import Any

import bongsu


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a source's card says that people ask for.

    Args:
        desk, id: what it is found by.
        title: what it is called.
        publisher: who makes it.
        homepage, licence: of the publisher.
        addresses: where its files are fetched, in the order of the card; empty where it is read from files only.
        least, most: how many records are expected; None where the card names none.
        most_set_aside_share: above this share of broken records a copy is refused or told; None where none is named.
    """

    desk: str
    id: str
    title: str
    publisher: str
    homepage: str
    licence: str
    addresses: tuple[str, ...]
    least: int | None
    most: int | None
    most_set_aside_share: float | None


@cache
def cards() -> dict[tuple[str, str], Card]:
    """All cards by desk and id, sorted."""
    return {(card.desk, card.id): card for card in _found()}


def _found() -> Iterator[Card]:
    for package in sorted(iter_modules(bongsu.__path__), key=lambda found: found.name):
        folder = files("bongsu") / package.name / "sources"
        if not package.ispkg or not folder.is_dir():
            continue
        for item in sorted(folder.iterdir(), key=lambda each: each.name):
            if item.name.endswith(".toml"):
                table = tomllib.loads(item.read_text("utf-8"))
                yield _card(package.name, item.name.removesuffix(".toml"), table)


def _card(
    desk: str, name: str, table: dict[str, Any]
) -> Card:  # Any: what TOML holds; the desks hold cards to their form
    addresses = (part.get("url") for part in table.get("part", ()))
    return Card(
        desk=desk,
        id=name,
        title=table["title"],
        publisher=table.get("authority_name") or table["publisher"],
        homepage=table["homepage"],
        licence=table["licence"],
        addresses=tuple(address for address in addresses if address),
        least=table.get("least_entries"),
        most=table.get("most_entries"),
        most_set_aside_share=table.get("most_set_aside_share"),
    )
