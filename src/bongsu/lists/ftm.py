"""Statements of a list as FollowTheMoney holds them: a change of form in which nothing is silently lost.

What FollowTheMoney has no place for becomes a sentence in an entity's `notes` (`description` where it has none): values
that were rejected when the list was read, such as a false IMO number; properties its schemata lack; references to what
is not exported. A sub-entity that FollowTheMoney takes for incomplete, such as a passport without a number, becomes a
sentence of the listing it belongs to.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from bongsu.kernel.canonical import JsonValue, digest
from bongsu.lists.cleaning import day
from bongsu.lists.model import Statement
from bongsu.lists.ontology import ENTITY, Property, Schema, ontology

# FollowTheMoney's ids are of letters, digits, hyphens and full stops, and begin and end with a letter or digit.
_ID: Final = re.compile(r"([a-z0-9]+(?:_[a-z0-9]+)*):(.+?)((?:/[0-9a-z]+)*)", re.DOTALL)
_PLAIN: Final = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")
LONGEST_PLAIN: Final = 80  # of FollowTheMoney's 200 characters, so that list and sub-entity find room
_COUNTRY: Final = re.compile(r"[a-z]{2}(?:-[a-z0-9]{2,4})?|[a-z]{4}")
_GENDERS: Final = frozenset({"male", "female", "other"})
_ADDRESS_PARTS: Final = ("street", "street2", "postOfficeBox", "city", "region", "state", "postalCode", "country")
# What ties a sub-entity to its listing without being printed: a designation is of the entry it stands in.
_TIES: Final = {"Sanction": "entity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The list dates of the first and the last copy that carry a statement."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a value became a sentence.

    Args:
        kind: `rejected` when the list was read; `no property` of the schema; `no value` of the property's type;
            `reference` to what is not exported or must not be referred to; `incomplete`, as the sub-entity is.
        words: the reason in words; empty where the kind says all.
    """

    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of one property of one FollowTheMoney entity, and the statement it comes from.

    Args:
        entity: id of the entity, in FollowTheMoney's form.
        schema: of the entity.
        prop: the property.
        value: the value; for a reference the other entity's id.
        of: the statement it comes from.
        why: why it is a sentence and does not stand in the property the list says; None where it does.
        derived: whether the list does not print it as such: the tie of a designation to the designated, or an address
            in one line.
        seen: when it was seen; None where the list says no date.
    """

    entity: str
    schema: Schema
    prop: Property
    value: str
    of: Statement
    why: Why | None
    derived: bool
    seen: Seen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """How many values of a property became sentences: why, and of which schema and property the list says them."""

    why: str
    schema: str
    prop: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A list in FollowTheMoney's form.

    Args:
        dataset: the list's id.
        values: ordered by entity, property, value and what is printed.
        captions: what each entity is called, by its id.
        listings: ids of the listed entities.
        noted: what became sentences, counted, ordered.
    """

    dataset: str
    values: tuple[Value, ...]
    captions: Mapping[str, str]
    listings: frozenset[str]
    noted: tuple[Noted, ...]

    def entities(self) -> Iterator[dict[str, JsonValue]]:
        """Every entity as a record of FollowTheMoney's JSON, ordered by id."""
        said: list[Value] = []
        for value in self.values:
            if said and said[0].entity != value.entity:
                yield self._entity(said)
                said = []
            said.append(value)
        if said:
            yield self._entity(said)

    def _entity(self, said: Sequence[Value]) -> dict[str, JsonValue]:
        properties: defaultdict[str, list[str]] = defaultdict(list)
        for value in said:
            if value.value not in properties[value.prop.name]:
                properties[value.prop.name].append(value.value)
        seen = [value.seen for value in said if value.seen is not None]
        return {
            "id": said[0].entity,
            "caption": self.captions[said[0].entity],
            "schema": said[0].schema.name,
            "properties": dict(properties),
            "referents": [],
            "datasets": [self.dataset],
            "target": said[0].entity in self.listings,
            **({"first_seen": min(each.first for each in seen).isoformat()} if seen else {}),
            **({"last_seen": max(each.last for each in seen).isoformat()} if seen else {}),
        }


def convert(
    statements: Iterable[Statement], dataset: str, seen: Callable[[Statement], Seen | None] = lambda _: None
) -> Export:
    """Statements of one copy of a list in FollowTheMoney's form.

    Args:
        statements: of whole listings, in the order of the file.
        dataset: the list's id.
        seen: when a statement was first and last seen.

    Raises:
        CardError: a statement is of a schema that FollowTheMoney does not have.
    """
    rows = tuple(statements)
    draft = _Draft(seen=seen)
    for row in rows:
        draft.schemata.setdefault(row.entity, ontology().schema(row.schema))
    placed, incomplete = _placed(rows, draft)
    values = [*placed, *_derived(rows, placed, draft), *_folded(incomplete, draft)]
    return Export(
        dataset=dataset,
        values=tuple(sorted(values, key=_order)),
        captions=_captions(values),
        listings=frozenset(entity_id(row.listing) for row in rows),
        noted=_counted(values),
    )


@lru_cache(maxsize=2**16)
def entity_id(ours: str) -> str:
    """The id of an entity in FollowTheMoney's form: `un-sc.KPi.033--sanction` for `un_sc:KPi.033/sanction`.

    Different ids stay different: a number of other characters than FollowTheMoney's is followed by a hash.
    """
    match = _ID.fullmatch(ours)
    source, number, rest = match.groups() if match else ("", ours, "")
    if not _PLAIN.fullmatch(number) or len(number) > LONGEST_PLAIN:
        slug = re.sub(r"[^0-9A-Za-z]+", "-", number)[:LONGEST_PLAIN].strip("-")
        number = f"{slug}--x{digest(number.encode())[:12]}".lstrip("-")
    return f"{source.replace('_', '-')}{'.' if source else ''}{number}{rest.replace('/', '--')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What is known while a list is converted.

    Args:
        schemata: of each entity by our id; those that are incomplete leave it.
        seen: when a statement was first and last seen.
    """

    seen: Callable[[Statement], Seen | None]
    schemata: dict[str, Schema] = field(default_factory=dict)

    def place(self, row: Statement) -> Value:
        """A statement's value in its own property, or as a sentence."""
        schema = self.schemata[row.entity]
        why = self.why_no_place(row, schema)
        if why is not None:
            return self.value(row, row.entity, _notes(schema), _sentence(row, why), why=why)
        prop, value = schema.properties[row.prop], row.cleaned or ""
        return self.value(row, row.entity, prop, entity_id(value) if prop.type == ENTITY else value)

    def why_no_place(self, row: Statement, schema: Schema) -> Why | None:
        """Why a statement cannot stand in its own property; None where it can."""
        prop = schema.properties.get(row.prop)
        if row.cleaned is None:
            return Why(kind="rejected", words=row.rejected or "")
        if prop is None:
            return Why(kind="no property", words="")
        if prop.type == ENTITY:
            return self._why_no_reference(row.cleaned, prop)
        reason = _why_no_value(row.cleaned, prop)
        return None if reason is None else Why(kind="no value", words=reason)

    def _why_no_reference(self, target: str, prop: Property) -> Why | None:
        found = self.schemata.get(target)
        if found is None:
            return Why(kind="reference", words="refers to nothing in this export")
        if prop.range not in found.names:
            return Why(kind="reference", words=f"FollowTheMoney lets {prop.name} be a {prop.range} only")
        return None

    def value(
        self, row: Statement, entity: str, prop: Property, value: str, *, why: Why | None = None, derived: bool = False
    ) -> Value:
        """A value of an entity, made of a statement."""
        return Value(
            entity=entity_id(entity),
            schema=self.schemata[entity],
            prop=prop,
            value=value,
            of=row,
            why=why,
            derived=derived,
            seen=self.seen(row),
        )


def _why_no_value(value: str, prop: Property) -> str | None:
    """Why a value is none of its property's type; None where it is one, or the type has no rule here."""
    if prop.type == "date" and day(value).value != value:
        return "not written as a date"
    if prop.type == "country" and not _COUNTRY.fullmatch(value):
        return "no code of a country"
    if prop.type == "gender" and value not in _GENDERS:
        return "neither male, female nor other"
    return None


def _placed(rows: Sequence[Statement], draft: _Draft) -> tuple[list[Value], list[Statement]]:
    """Where each statement goes, and the statements of sub-entities that are incomplete."""
    listings = {row.listing for row in rows}
    incomplete: list[Statement] = []
    while True:
        placed = [draft.place(row) for row in rows if row.entity in draft.schemata]
        said: defaultdict[str, set[str]] = defaultdict(set)
        for value in placed:
            if value.why is None:
                said[value.of.entity].add(value.prop.name)
        broken = {
            name
            for name, schema in draft.schemata.items()
            if name not in listings and not said[name].issuperset({*schema.required} - {_TIES.get(schema.name)})
        }
        if not broken:
            return placed, incomplete
        incomplete += [row for row in rows if row.entity in broken]
        for name in broken:  # whoever refers to it is looked at anew
            del draft.schemata[name]


def _folded(incomplete: Iterable[Statement], draft: _Draft) -> Iterator[Value]:
    """Each incomplete sub-entity as one sentence of its listing, once for every statement it is made of."""
    by_entity: defaultdict[str, list[Statement]] = defaultdict(list)
    for row in incomplete:
        by_entity[row.entity].append(row)
    for rows in by_entity.values():
        schema = ontology().schema(rows[0].schema)
        said = [_sentence(row, draft.why_no_place(row, schema)) for row in rows if row.cleaned != row.listing]
        why = Why(kind="incomplete", words=f"FollowTheMoney's {schema.name} needs {' and '.join(schema.required)}")
        for row in rows:
            notes = _notes(draft.schemata[row.listing])
            yield draft.value(row, row.listing, notes, f"{schema.name}: {'; '.join(said)}", why=why)


def _derived(rows: Iterable[Statement], placed: Iterable[Value], draft: _Draft) -> Iterator[Value]:
    """The ties and the addresses in one line that the list does not print as such."""
    said = {(value.of.entity, value.prop.name) for value in placed}
    by_entity: defaultdict[str, list[Statement]] = defaultdict(list)
    for row in rows:
        if row.entity in draft.schemata:
            by_entity[row.entity].append(row)
    for entity, mine in by_entity.items():
        schema, first = draft.schemata[entity], mine[0]
        tie = _TIES.get(schema.name)
        if tie is not None and (entity, tie) not in said:
            yield draft.value(first, entity, schema.properties[tie], entity_id(first.listing), derived=True)
        line = _one_line(mine) if schema.name == "Address" else ""
        if line and (entity, "full") not in said:
            yield draft.value(first, entity, schema.properties["full"], line, derived=True)


def _one_line(address: Iterable[Statement]) -> str:
    printed: defaultdict[str, list[str]] = defaultdict(list)
    for row in address:
        printed[row.prop].append(" ".join(row.value.split()).strip(" ,"))
    return ", ".join(text for part in _ADDRESS_PARTS for text in printed[part] if text)


def _notes(schema: Schema) -> Property:
    """The property of a schema that takes sentences."""
    return schema.properties["notes" if "notes" in schema.properties else "description"]


def _sentence(row: Statement, why: Why | None) -> str:
    head = f"{row.prop} as printed" if why is not None and why.kind == "rejected" else row.prop
    end = f" ({why.words})" if why is not None and why.words else ""
    return f"{head}: {' '.join(row.value.split())}{end}"


def _order(value: Value) -> tuple[str, ...]:
    row = value.of
    return value.entity, value.prop.name, value.value, row.prop, row.value, row.lang or "", row.exhibit, row.locator


def _captions(values: Iterable[Value]) -> dict[str, str]:
    """Of the first property of a schema's caption that has values, the one that stands first in the list; else the
    schema's name.
    """
    first: dict[tuple[str, str], str] = {}
    schemata: dict[str, Schema] = {}
    for value in values:
        first.setdefault((value.entity, value.prop.name), value.value)
        schemata[value.entity] = value.schema
    return {
        entity: next((first[entity, prop] for prop in schema.caption if (entity, prop) in first), schema.name)
        for entity, schema in schemata.items()
    }


def _counted(values: Iterable[Value]) -> tuple[Noted, ...]:
    noted = Counter((value.why.kind, value.of.schema, value.of.prop) for value in values if value.why is not None)
    return tuple(
        Noted(why=why, schema=schema, prop=prop, count=count) for (why, schema, prop), count in sorted(noted.items())
    )
