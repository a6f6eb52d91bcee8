"""FollowTheMoney's ontology as a card: which schemata there are, and which properties of which type each has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from bongsu.kernel.cards import Card, read_card
from bongsu.kernel.errors import CardError

ENTITY: Final = "entity"
# The types of properties that are no references to entities; `string` is any text without a rule.
TYPES: Final = (
    "address",
    "checksum",
    "country",
    "date",
    "email",
    "gender",
    "html",
    "identifier",
    "ip",
    "json",
    "language",
    "mimetype",
    "name",
    "number",
    "phone",
    "string",
    "text",
    "topic",
    "url",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property of a schema.

    Args:
        name: such as `birthDate`.
        type: one of `TYPES`, or `entity`.
        range: for a reference: the schema its target is of, or extends.
    """

    name: str
    type: str
    range: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A schema, with what it inherits.

    Args:
        name: such as `Vessel`.
        names: its own name and those of all schemata it extends.
        caption: the properties that tell what an entity is called, the first that has a value.
        required: the properties without which an entity of it says nothing.
        properties: by name.
    """

    name: str
    names: frozenset[str]
    caption: tuple[str, ...]
    required: tuple[str, ...]
    properties: Mapping[str, Property]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontology:
    """The schemata by name.

    Args:
        version: of FollowTheMoney, whose ontology the card is.
    """

    version: str
    schemata: Mapping[str, Schema]

    def schema(self, name: str) -> Schema:
        """The schema of a name.

        Raises:
            CardError: FollowTheMoney has none.
        """
        found = self.schemata.get(name)
        if found is None:
            raise CardError(
                f"FollowTheMoney {self.version} has no schema {name!r} for what a list designates",
                remedy="the reader of that list must use one of lists/ontology.toml",
            )
        return found


@cache
def ontology() -> Ontology:
    """The ontology of the card `ontology.toml`."""
    return ontology_from((files("bongsu.lists") / "ontology.toml").read_bytes(), where="lists/ontology.toml")


def ontology_from(content: bytes, *, where: str) -> Ontology:
    """The ontology of a card.

    Raises:
        CardError: the card is broken, or a schema extends one that is not in it.
    """
    return read_card(content, where=where, read=_ontology)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """What a schema adds to those it extends."""

    extends: tuple[str, ...]
    caption: tuple[str, ...]
    required: tuple[str, ...]
    properties: tuple[Property, ...]


def _ontology(card: Card) -> Ontology:
    version = card.text("version")
    own = card.named_tables("schema", _own)
    for name, schema in own.items():
        for parent in schema.extends:
            if parent not in own:
                raise card.error(f"extends {parent}, which is not in this card", f"schema.{name}")
    schemata = {
        name: Schema(
            name=name,
            names=frozenset(_line(name, own)),
            caption=schema.caption,
            required=schema.required,
            # The nearest wins: a schema may say a property of its parent anew.
            properties={prop.name: prop for each in reversed(list(_line(name, own))) for prop in own[each].properties},
        )
        for name, schema in own.items()
    }
    return Ontology(version=version, schemata=schemata)


def _line(name: str, own: Mapping[str, _Own]) -> Iterator[str]:
    """A schema and those it extends, the nearest first."""
    yield name
    for parent in own[name].extends:
        yield from _line(parent, own)


def _own(card: Card) -> _Own:
    references = card.table_or_none(ENTITY, _ranges) or {}
    return _Own(
        extends=card.texts("extends"),
        caption=card.texts("caption"),
        required=card.texts("required"),
        properties=tuple(Property(name=name, type=kind, range=None) for kind in TYPES for name in card.texts(kind))
        + tuple(Property(name=name, type=ENTITY, range=target) for name, target in references.items()),
    )


def _ranges(card: Card) -> dict[str, str]:
    return {key: card.text(key) for key in card.keys_left()}
