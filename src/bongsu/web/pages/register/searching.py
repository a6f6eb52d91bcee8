"""Searching the register: by names that sound or are written alike, by a part of a name or number, with filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bongsu.lists.entities import Entity
from bongsu.names import Hit, Query
from bongsu.names.screener import DEFAULT_SCORE, KINDS
from bongsu.names.script import folded
from bongsu.web.pages.register.days import Held, held_on, was_listed
from bongsu.web.record.register import Register

MOST_LETTERS: Final = 200
MOST_HITS: Final = 50
_MOST_PARTS: Final = 25
_LEAST_OF_A_PART: Final = 2  # letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for.

    Args:
        text: a name, a number, or a part of one; empty asks for all.
        kind: Person, Organization, Vessel or Airplane; empty for all.
        authority: who lists it; empty for whoever.
        on: the day on which it stood on a list; None for now.
        every: also entities under no DPRK programme.
    """

    text: str = ""
    kind: str = ""
    authority: str = ""
    on: date | None = None
    every: bool = False

    def holds(self, entity: Entity) -> bool:
        """Whether an entity passes the filters that need no copy."""
        return (
            (self.every or entity.concerns_dprk)
            and (not self.kind or entity.kind == self.kind)
            and (not self.authority or self.authority in entity.authorities)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entity that may be meant.

    Args:
        entity: the entity.
        hit: why, with the score; None where it only holds the text, or nothing was typed.
        part: the name or number that holds the text; None where there is a hit, or nothing was typed.
        was_listed: whether one of its listings stood on its list on the day asked about; None where nothing tells.
    """

    entity: Entity
    hit: Hit | None = None
    part: str | None = None
    was_listed: bool | None = None

    @property
    def authorities(self) -> list[str]:
        """Who lists it, sorted."""
        return sorted(self.entity.authorities)


def search(register: Register, store: str, asked: Asked) -> tuple[Found, ...]:
    """The entities that may be meant, likeliest first; of all, where nothing was typed, by name.

    Args:
        register: what is searched.
        store: its address, for the copies of a day.
        asked: what for.

    Raises:
        EvidenceError: a copy of the day asked about is absent or damaged.
        OverdueError: reading it took too long.
    """
    text = " ".join(asked.text[:MOST_LETTERS].split())
    found = _by_likeness(register, text, asked) if text else _all(register, asked)
    if asked.on is None:
        return tuple(found)
    held = held_on(store, register.standing.cycle, asked.on)
    judged = (
        Found(entity=each.entity, hit=each.hit, part=each.part, was_listed=_stood(each.entity, asked, held, asked.on))
        for each in found
    )
    return tuple(each for each in judged if each.was_listed is not False)


def _stood(entity: Entity, asked: Asked, held: Mapping[str, Held], on: date) -> bool | None:
    """Whether one of its listings, by the authority asked about, stood on that day."""
    mine = (each for each in entity.listings if not asked.authority or each.authority == asked.authority)
    said = [was_listed(each, held, on) for each in mine]
    return True if True in said else None if None in said else False


def _all(register: Register, asked: Asked) -> list[Found]:
    holding = [entity for entity in register.joined.resolution.entities if asked.holds(entity)]
    return [Found(entity=entity) for entity in sorted(holding, key=lambda each: (each.name.casefold(), each.id))]


def _by_likeness(register: Register, text: str, asked: Asked) -> list[Found]:
    schema = asked.kind if asked.kind in KINDS else None
    best: dict[str, Found] = {}
    for hit in register.screener.screen(Query(name=text, schema=schema), min_score=DEFAULT_SCORE):
        entity = register.entity_of(hit.entity.id)
        if entity is not None and asked.holds(entity) and entity.id not in best:  # the best of its listings comes first
            best[entity.id] = Found(entity=entity, hit=hit)
        if len(best) == MOST_HITS:
            break
    return [*best.values(), *_by_part(register, text, asked, best)]


def _by_part(register: Register, text: str, asked: Asked, known: Mapping[str, Found]) -> Iterable[Found]:
    """Entities with a name or number that holds what was typed so far, those with one that begins so first."""
    wanted = folded(text)
    if len(wanted) < _LEAST_OF_A_PART:
        return []
    begins: dict[str, Found] = {}
    holds: dict[str, Found] = {}
    for written, printed, listing in register.written:
        if wanted not in written:
            continue
        entity = register.joined.resolution.by_listing[listing]
        if entity.id not in known and entity.id not in begins and asked.holds(entity):
            (begins if written.startswith(wanted) else holds).setdefault(entity.id, Found(entity=entity, part=printed))
        if len(begins) == _MOST_PARTS:
            break
    rest = [each for key, each in holds.items() if key not in begins]
    return [*begins.values(), *rest][:_MOST_PARTS]
