"""Coverage: which of one authority's DPRK designations the others carry too, which they lack, and what they add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.citation import Citation
from bongsu.lists.entities import Entity, Resolution

CAUTION: Final = (
    "A gap is no failure by itself: the authority may list the same one under a name that was not joined (see what "
    "waits for review), under a law that is not in the lists read here, or in a newer copy than the one in the store."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One entity, and who lists it.

    Args:
        entity: the entity.
        references: each authority's own numbers of it, by authority; those that do not list it are left out.
        waiting: the authorities of which a listing waits for review that may be the same.
    """

    entity: Entity
    references: Mapping[str, tuple[str, ...]]
    waiting: frozenset[str]

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "entity": self.entity.id,
            "name": self.entity.name,
            "kind": self.entity.kind,
            "references": {authority: list(found) for authority, found in self.references.items()},
            "waiting": sorted(self.waiting),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One authority beside the one asked about.

    Args:
        authority: whose lists.
        carried: entities of the one asked about that it lists too, under whatever programme.
        may_carry: those it does not list by what is joined, though one of its listings waits for review as the same.
        lacked: those it does not list, with nothing that waits.
        added: entities it lists under a DPRK programme and the one asked about does not list, with nothing that waits.
        may_add: the same, though a listing of the one asked about waits for review as the same.
    """

    authority: str
    carried: int
    may_carry: int
    lacked: int
    added: int
    may_add: int

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "authority": self.authority,
            "carried": self.carried,
            "may_carry": self.may_carry,
            "lacked": self.lacked,
            "added": self.added,
            "may_add": self.may_add,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacked:
    """An entity that an authority does not list: its name and number on the list asked about, and where these stand."""

    entity: str
    name: str
    reference: str
    citation: Citation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What one authority does not list of another's DPRK designations.

    Args:
        of: the authority asked about; `of_date`: the date of its newest copy.
        authority: the other; `authority_date`: the date of its newest copy.
        designated: how many entities the one asked about lists.
        carried: how many of them the other lists too.
        may_carry: how many it may list, by what waits for review.
        lacked: the rest.
        sandbox: whether the lists are invented.
    """

    of: str
    authority: str
    designated: int
    carried: int
    may_carry: int
    lacked: tuple[Lacked, ...]
    of_date: date
    authority_date: date
    sandbox: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The table.

    Args:
        of: the authority asked about.
        authorities: all others, sorted.
        designated: how many entities it lists under a DPRK programme.
        balances: one per other authority, in their order.
        rows: every entity that anyone lists under a DPRK programme: its own first, then by name and id.
    """

    of: str
    authorities: tuple[str, ...]
    designated: int
    balances: tuple[Balance, ...]
    rows: tuple[Covered, ...]

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "of": self.of,
            "designated": self.designated,
            "authorities": list(self.authorities),
            "balances": [balance.record() for balance in self.balances],
            "rows": [row.record() for row in self.rows],
            "caution": CAUTION,
        }


def coverage(resolution: Resolution, of: str) -> Coverage:
    """What the others carry of one authority's DPRK designations.

    Args:
        resolution: the entities and what waits for review.
        of: the authority, such as `UN`.
    """
    waiting = _waiting(resolution)
    entities = [entity for entity in resolution.entities if entity.concerns_dprk]
    rows = [
        Covered(entity=entity, references=_references(entity), waiting=frozenset(waiting.get(entity.id, ())))
        for entity in entities
    ]
    rows.sort(key=lambda row: (of not in row.references, row.entity.name.casefold(), row.entity.id))
    listed = {authority for entity in resolution.entities for authority in entity.authorities}
    others = tuple(sorted(listed - {of}))
    own = [row for row in rows if _under_dprk(row.entity, of)]
    return Coverage(
        of=of,
        authorities=others,
        designated=len(own),
        balances=tuple(_balance(authority, of, own, rows) for authority in others),
        rows=tuple(rows),
    )


def gaps(found: Coverage, dates: Mapping[str, date], *, sandbox: bool) -> tuple[Gap, ...]:
    """What each other authority does not list of the designations asked about, with nothing that waits for review.

    Args:
        found: the coverage.
        dates: the date of the newest copy of each authority's lists.
        sandbox: whether the lists are invented.

    Returns:
        One per authority that lacks any, sorted by authority. One that lists none at all is left out: its list is not
        made to carry the designations asked about.
    """
    seen = []
    for balance in found.balances:
        lacked = tuple(
            Lacked(entity=row.entity.id, name=row.entity.name, reference=row.references[found.of][0], citation=cited)
            for row in found.rows
            if _under_dprk(row.entity, found.of)
            and balance.authority not in row.references
            and balance.authority not in row.waiting
            for cited in [_cited(row.entity, found.of)]
        )
        if lacked and (balance.carried or balance.may_carry):
            seen.append(
                Gap(
                    of=found.of,
                    authority=balance.authority,
                    designated=found.designated,
                    carried=balance.carried,
                    may_carry=balance.may_carry,
                    lacked=lacked,
                    of_date=dates[found.of],
                    authority_date=dates[balance.authority],
                    sandbox=sandbox,
                )
            )
    return tuple(seen)


def newest_dates(resolution: Resolution, of_list: Mapping[str, date]) -> dict[str, date]:
    """The date of the newest copy of each authority's lists; one list may print the entries of several authorities.

    Args:
        resolution: the entities.
        of_list: the date of the copy in force of each list.
    """
    dates: dict[str, date] = {}
    for entity in resolution.entities:
        for each in entity.listings:
            day = of_list[each.list_id]
            dates[each.authority] = max(day, dates.get(each.authority, day))
    return dates


def _cited(entity: Entity, authority: str) -> Citation | None:
    return next((each.citation for each in entity.listings if each.authority == authority), None)


def _balance(authority: str, of: str, own: Sequence[Covered], rows: Iterable[Covered]) -> Balance:
    not_joined = [row for row in own if authority not in row.references]
    additions = [row for row in rows if _under_dprk(row.entity, authority) and of not in row.references]
    may_carry = sum(authority in row.waiting for row in not_joined)
    may_add = sum(of in row.waiting for row in additions)
    return Balance(
        authority=authority,
        carried=len(own) - len(not_joined),
        may_carry=may_carry,
        lacked=len(not_joined) - may_carry,
        added=len(additions) - may_add,
        may_add=may_add,
    )


def _under_dprk(entity: Entity, authority: str) -> bool:
    return any(profile.authority == authority and profile.concerns_dprk for profile in entity.listings)


def _references(entity: Entity) -> dict[str, tuple[str, ...]]:
    """Each number once: an authority may print one designation in several lists."""
    found: dict[str, dict[str, None]] = {}
    for profile in entity.listings:
        found.setdefault(profile.authority, {})[" ".join(profile.reference.split()) or profile.listing] = None
    return {authority: tuple(references) for authority, references in sorted(found.items())}


def _waiting(resolution: Resolution) -> dict[str, set[str]]:
    """By entity the authorities of which a listing may be the same, if people say so."""
    found: dict[str, set[str]] = {}
    for each in resolution.review:
        left, right = (resolution.by_listing[listing] for listing in each.proposal.pair)
        found.setdefault(left.id, set()).update(right.authorities)
        found.setdefault(right.id, set()).update(left.authorities)
    return found
