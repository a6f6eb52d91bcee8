"""Reads designations in FollowTheMoney's JSON lines: designated entities, and the entities that tell about them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bongsu.kernel.canonical import digest_of
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, clean
from bongsu.lists.encoding import utf_8
from bongsu.lists.model import OTHER_NAMES, Part, Reading, tally
from bongsu.lists.transcript import Entry, Transcript

FIELDS: Final = frozenset({"id", "schema", "properties", "datasets", "referents", "target"})
SANCTION: Final = "Sanction"
UNKNOWN: Final = "LegalEntity"  # what an entity of an unknown schema is taken as: the least it can be said to be
# What a programme's id or text must hold to be the DPRK's. That a target is Korean is no programme.
_DPRK: Final = re.compile(
    r"\bDPRK|\bPRK\b|\bNK\b|NORTH ?KOREA|Democratic People.s Republic of Korea|北朝鮮"
    r"|\b(?:UN-SC|resolution |UNSCR )1718\b",
    re.IGNORECASE,
)
# The United States' Iran, North Korea, and Syria Nonproliferation Act: a designation under it may concern any of them.
_SHARED: Final = re.compile(r"\bIran\b.*North Korea.*\bSyria", re.IGNORECASE)
_COUNTRY: Final = re.compile(r"[a-z]{2}(?:-[a-z]{2,4})?|[a-z]{4}", re.ASCII)
_MOMENT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})T[0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)


def recognises(content: bytes) -> bool:
    """Whether the first line begins like a FollowTheMoney entity."""
    start = content.lstrip()[:20_000].partition(b"\n")[0]
    return start.startswith(b"{") and all(f'"{key}"'.encode() in start for key in ("id", "schema", "properties"))


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `entities`, of one entity per line; entities may be nested in others.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, empty, cut inside its last line, or no line an entity.
    """
    part = parts[0]
    copy = _Copy(part=part, card=card, transcript=Transcript(), ontology=_Ontology(card))
    for number, line in _lines(part):
        _take_line(copy, number, line)
    listings = [entity for entity in copy.entities.values() if _is_listed(entity, copy)]
    copy.listed.update(entity.id for entity in listings)
    for listed in listings:
        _read_listing(listed, copy)
    _note_the_rest(copy)
    statements = copy.transcript.statements
    return Reading(
        source=card.id,
        printed_on=None,
        statements=tuple(statements),
        set_aside=tuple(copy.transcript.set_aside),
        tally=tally(
            in_file=len(listings) + copy.broken,
            aliases=sum(row.prop in OTHER_NAMES and row.entity == row.listing for row in statements),
            statements=statements,
            set_aside=copy.transcript.set_aside,
            is_dprk=card.is_dprk,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entity:
    """An entity of the file.

    Args:
        id: its id in the file.
        schema: as printed.
        at: its locator.
        values: property and value, in the order of the file.
        odd: property and printed value of what no schema has or is no text.
        target: what the file says of it.
        nested: whether it stood inside another, where a part of it may be left out.
    """

    id: str
    schema: str
    at: str
    values: list[tuple[str, str]]
    odd: list[tuple[str, str]]
    target: bool
    nested: bool

    def all(self, prop: str) -> list[str]:
        """The values of a property."""
        return [value for name, value in self.values if name == prop]


@dataclass(slots=True, kw_only=True)
class _Copy:
    """One copy being read."""

    part: Part
    card: SourceCard
    transcript: Transcript
    ontology: _Ontology
    entities: dict[str, _Entity] = field(default_factory=dict)
    pointing: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    listed: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    broken: int = 0

    def refuse(self, at: str, reason: str, value: str) -> None:
        """Set a record aside whole."""
        self.broken += 1
        self.transcript.aside(self.part, at, reason, value=value, whole=True)


def _lines(part: Part) -> Iterator[tuple[int, str]]:
    """The lines with their number; a file that ends inside its last one is refused."""
    lines = [(number, line) for number, line in enumerate(utf_8(part).split("\n"), start=1) if line.strip()]
    if not lines:
        raise SourceRefusedError("is empty", where=part.name, remedy="fetch the file again from the publisher")
    for number, line in (lines[0], lines[-1]):
        if not isinstance(_parsed(line), dict):
            raise SourceRefusedError(
                f"is no JSON lines, or cut: line {number} is no JSON object",
                where=part.name,
                remedy="fetch the file again from the publisher",
            )
    yield from lines


def _parsed(line: str) -> Any:  # Any: JSON of whatever form, held to its own below
    """The JSON of a line, or None where it is none."""
    try:
        return json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def _take_line(copy: _Copy, number: int, line: str) -> None:
    at = f"line={number}"
    record = _parsed(line)
    if not isinstance(record, dict):
        copy.refuse(at, "a line that is no JSON object", line)
        return
    try:
        entities = list(_flattened(record, copy, at))
    except (_NoEntityError, RecursionError) as error:
        copy.refuse(at, f"no FollowTheMoney entity: {error}", line)
        return
    for entity in entities:
        known = copy.entities.get(entity.id)
        if known is not None and not known.nested and not entity.nested:
            copy.refuse(at, f"{entity.id} stands twice in this copy", line)
        elif known is None or (known.nested and not entity.nested):
            copy.entities[entity.id] = entity
            for _, target in _references(entity, copy.ontology):
                copy.pointing[target].append(entity.id)


class _Ontology:
    """FollowTheMoney's schemata as the card holds them; one that it does not hold is taken as LegalEntity."""

    def __init__(self, card: SourceCard) -> None:
        self._tables = card.values
        self._found: dict[tuple[str, str], frozenset[str]] = {}
        self.reverse: dict[str, str] = card.values["reverse"]
        self.countries = frozenset(card.values["types"]["country"].split())
        self.dates = frozenset(card.values["types"]["date"].split())

    def knows(self, schema: str) -> bool:
        """Whether the card holds a schema."""
        return schema in self._tables["extends"] or schema in self._tables["properties"]

    def properties(self, schema: str) -> frozenset[str]:
        """The properties of a schema, with those it inherits."""
        return self._inherited("properties", schema if self.knows(schema) else UNKNOWN)

    def references(self, schema: str) -> frozenset[str]:
        """Those of them that refer to an entity."""
        return self._inherited("references", schema if self.knows(schema) else UNKNOWN)

    def is_relation(self, schema: str) -> bool:
        """Whether a schema ties others together: it is no thing of its own."""
        return "name" not in self.properties(schema)

    def _inherited(self, table: str, schema: str) -> frozenset[str]:
        key = (table, schema)
        if key not in self._found:
            own = frozenset(self._tables[table].get(schema, "").split())
            parents = self._tables["extends"].get(schema, "").split()
            self._found[key] = own.union(*(self._inherited(table, parent) for parent in parents))
        return self._found[key]


class _NoEntityError(Exception):
    """Why a record is no entity."""


def _flattened(record: dict[str, Any], copy: _Copy, at: str, *, nested: bool = False) -> Iterator[_Entity]:
    """An entity's nested entities, each with its own, and the entity itself last, referring to them by their ids.

    Any: JSON, held to the form of an entity here.
    """
    name, schema, properties = record.get("id"), record.get("schema"), record.get("properties")
    if not (isinstance(name, str) and name.strip() and isinstance(schema, str) and isinstance(properties, dict)):
        raise _NoEntityError("its id, schema or properties are missing or of another kind")
    values: list[tuple[str, str]] = []
    odd = [(key, json.dumps(record[key])) for key in sorted(record.keys() - FIELDS - copy.card.ignored)]
    known, reverse = copy.ontology.properties(schema), copy.ontology.reverse
    for prop, printed in properties.items():
        for value in printed if isinstance(printed, list) else [printed]:
            if isinstance(value, dict) and prop in reverse and prop not in known:
                yield from _flattened(_pointing_back(value, reverse[prop], name), copy, at, nested=True)
            elif isinstance(value, dict):
                inner = list(_flattened(value, copy, at, nested=True))
                yield from inner
                values.append((prop, inner[-1].id))
            elif isinstance(value, str) and prop in known:
                values.append((prop, value))
            else:
                odd.append((prop, value if isinstance(value, str) else json.dumps(value)))
    for key, prop in (("datasets", "dataset"), ("referents", "referent")):
        for value in record.get(key) or []:
            (values if isinstance(value, str) else odd).append((prop, str(value)))
    yield _Entity(
        id=name, schema=schema, at=at, values=values, odd=odd, target=record.get("target") is True, nested=nested
    )


def _pointing_back(record: dict[str, Any], prop: str, name: str) -> dict[str, Any]:
    """A nested entity with the reference to its holder that the nesting stands for.

    Any: JSON; what is no entity is refused when it is taken apart.
    """
    properties = record.get("properties")
    if not isinstance(properties, dict) or properties.get(prop):
        return record
    return {**record, "properties": {**properties, prop: [name]}}


def _references(entity: _Entity, ontology: _Ontology) -> Iterator[tuple[str, str]]:
    """The properties of an entity that refer to others, with the ids they refer to."""
    referring = ontology.references(entity.schema)
    yield from ((prop, value) for prop, value in entity.values if prop in referring)


def _is_listed(entity: _Entity, copy: _Copy) -> bool:
    """Whether a designation refers to an entity, or the file calls it a target that is sanctioned."""
    designated = any(
        copy.entities[pointer].schema == SANCTION and entity.id in copy.entities[pointer].all("entity")
        for pointer in copy.pointing.get(entity.id, ())
    )
    return designated or (entity.target and any(topic in copy.card.values["topics"] for topic in entity.all("topics")))


def _read_listing(entity: _Entity, copy: _Copy) -> None:
    card = copy.card
    copy.told.add(entity.id)
    if not any(value.strip() for _, value in entity.values):
        copy.transcript.aside(copy.part, entity.at, f"nothing is said of {entity.id}", value=entity.id, whole=True)
        return
    known = copy.ontology.knows(entity.schema)
    entry = copy.transcript.entry(
        copy.part,
        listing=f"{card.id}:{entity.id}",
        schema=entity.schema if known else UNKNOWN,
        locator=entity.at,
    )
    if not known:
        entry.aside("a schema that the card does not know; taken as LegalEntity", field="schema", value=entity.schema)
    tied = list(_tied(entity, copy))
    ids = {entity.id: entry.listing, **{other.id: _sub_id(entry, other) for other in tied}}
    if not entity.all("name"):
        entry.aside("a listing without a name", field="name", value=entity.id)
    for prop, value in entity.values:
        entry.say(prop, value, cleaned=_made(prop, value, entity.schema, ids, copy))
    _note_odd(entity, entry)
    sanctions = [other for other in tied if other.schema == SANCTION]
    for other in tied:
        _read_tied(other, entry, ids, copy)
    _read_designation(entity, sanctions, entry, card)


def _tied(entity: _Entity, copy: _Copy) -> Iterator[_Entity]:
    """The entities that belong to a listing's page, each once: those it refers to, those that refer to it, and the
    other ends of such relations; not other listings, which have pages of their own.
    """
    seen = {entity.id}
    near = [value for _, value in _references(entity, copy.ontology)] + copy.pointing.get(entity.id, [])
    ends = []
    for name in near:
        other = copy.entities.get(name)
        if other is not None and name not in seen and name not in copy.listed:
            seen.add(name)
            yield other
            if copy.ontology.is_relation(other.schema):
                ends += [value for _, value in _references(other, copy.ontology)]
    for name in ends:
        other = copy.entities.get(name)
        if other is not None and name not in seen and name not in copy.listed:
            seen.add(name)
            yield other


def _sub_id(entry: Entry, other: _Entity) -> str:
    return f"{entry.listing}/{other.schema.lower()}/{digest_of(other.id)[:12]}"


def _read_tied(other: _Entity, entry: Entry, ids: dict[str, str], copy: _Copy) -> None:
    copy.told.add(other.id)
    for prop, value in other.values:
        made = _made(prop, value, other.schema, ids, copy)
        entry.say_of(ids[other.id], other.schema, prop, value, at=other.at, cleaned=made)
    if not copy.ontology.knows(other.schema):
        entry.aside("a schema that the card does not know", field="schema", value=other.schema, at=other.at)
    _note_odd(other, entry)


def _note_odd(entity: _Entity, entry: Entry) -> None:
    for prop, printed in entity.odd:
        entry.aside(
            "a property that the schema does not have, or no text",
            field=f"{entity.schema}/{prop}",
            value=printed,
            at=entity.at,
        )


def _made(prop: str, value: str, schema: str, ids: dict[str, str], copy: _Copy) -> Cleaned:
    """What is made of a value: FollowTheMoney's are clean already, and are held to the project's rules all the same."""
    if prop in copy.ontology.references(schema):
        if value not in copy.entities:
            return Cleaned.no("refers to an entity that the file does not hold")
        return Cleaned.of(ids.get(value, f"{copy.card.id}:{value}"))
    if prop in copy.ontology.countries and _COUNTRY.fullmatch(value):
        return Cleaned.of(value)
    if schema == SANCTION and prop == "program":
        return _programme(value, copy.card) or clean(prop, value)
    moment = _MOMENT.fullmatch(value) if prop in copy.ontology.dates else None
    return clean(prop, value if moment is None else moment[1])


def _read_designation(entity: _Entity, sanctions: list[_Entity], entry: Entry, card: SourceCard) -> None:
    """The designation as the register asks for it: an authority, a reference and the programmes, which the file may
    hold in several sanctions or in the entity alone.
    """
    entry.sanction("authority", card.authority_name, cleaned=Cleaned.of(card.authority_name))
    # OpenSanctions' own id: an authority's own reference stands in its sanction, beside its own authority.
    entry.sanction("authorityId", entity.id)
    codes = {code: sanction.at for sanction in sanctions for code in sanction.all("programId")}
    for code, at in (codes or dict.fromkeys(entity.all("programId"), entity.at)).items():
        _read_code(code, at, entry, card)
    if not any(source.all(prop) for source in (entity, *sanctions) for prop in ("programId", "program")):
        entry.aside("no programme", field="programId")


def _read_code(code: str, at: str, entry: Entry, card: SourceCard) -> None:
    made = _programme(code, card)
    if made is not None:
        entry.sanction("program", code, at=at, cleaned=made)
        if made.value is not None and made.value not in card.programmes:
            entry.aside(
                "a programme code that the card does not know; by its name it counts as DPRK", value=code, at=at
            )
        return
    unknown, reason = card.unknown_programme(code)
    entry.sanction("program", code, at=at, cleaned=unknown)
    entry.aside(reason, field="programId", value=code, at=at)


def _programme(code: str, card: SourceCard) -> Cleaned | None:
    """What a programme's id or text means; None where an id is not known and does not name the DPRK."""
    if code in card.values["dprk"]:
        return Cleaned.of(card.values["dprk"][code])
    if _DPRK.search(code) and not _SHARED.search(code):
        return Cleaned.of(f"{card.dprk_prefixes[0]}{code}")
    return Cleaned.of(code) if code in card.programmes else None


def _note_the_rest(copy: _Copy) -> None:
    """Say of each schema how many entities belong to no designation: they are context, and are not in the register."""
    rest = [entity for entity in copy.entities.values() if entity.id not in copy.told]
    first = {entity.schema: entity for entity in reversed(rest)}
    for schema, count in sorted(Counter(entity.schema for entity in rest).items()):
        reason = f"{count:,} {schema} entities are neither designated nor tied to one that is; this is the first"
        copy.transcript.aside(copy.part, first[schema].at, reason, field="schema", value=first[schema].id)
