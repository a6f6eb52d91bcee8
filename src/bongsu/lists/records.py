"""Plain records of listings (JSON lines) and the links found among them: resolution measured against known answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bongsu.lists.birth import births_from
from bongsu.lists.entities import resolve
from bongsu.lists.model import kind_of
from bongsu.lists.profiles import ListedName, Profile, document_number, imo_number
from bongsu.lists.proposals import Pair, Proposal, pair_of, propose
from bongsu.lists.resolution import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How some links agree with those known.

    Args:
        found: known links that are among them.
        wrong: links that are not known.
        missed: known links that are not among them.
    """

    found: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """The share of the links that are known; None without links."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else None

    @property
    def recall(self) -> float | None:
        """The share of the known links that are among them; None where none is known."""
        return self.found / (self.found + self.missed) if self.found + self.missed else None


def profile_from_record(record: Mapping[str, Any]) -> Profile:
    """The profile of a record.

    Args:
        record: `id`, `list`, `schema`, and the lists `names`, `birthDate`, `passport`, `imo` (Any: JSON of others).
    """
    kind = kind_of(record["schema"])
    numbers = [found for printed in record["passport"] for found in document_number(printed, passport=True)]
    ships = [found for printed in record["imo"] for found in imo_number(printed, sound=True, vessel=kind == "Vessel")]
    return Profile(
        listing=record["id"],
        list_id=record["list"],
        authority=record["list"],
        kind=kind,
        names=tuple(ListedName(text=name) for name in record["names"]),
        births=births_from(record["birthDate"]),
        identifiers=frozenset([*numbers, *ships]),
    )


def links_of(records: Iterable[Mapping[str, Any]], rules: Rules) -> tuple[Proposal, ...]:
    """The pairs that the machine joins (`same`) or puts before people (`review`), likeliest first."""
    return propose([profile_from_record(record) for record in records], rules)


def joined_pairs(records: Iterable[Mapping[str, Any]], proposals: Iterable[Proposal]) -> frozenset[Pair]:
    """All pairs that stand in one entity when no one has ruled on anything."""
    profiles = [profile_from_record(record) for record in records]
    entities = resolve(profiles, tuple(proposals), {}).entities
    return frozenset(
        pair_of(one.listing, other.listing) for entity in entities for one, other in combinations(entity.listings, 2)
    )


def quality(links: Collection[Pair], known: Collection[Pair]) -> Quality:
    """How links agree with those known; each pair in the order of its ids."""
    both = len(set(links) & set(known))
    return Quality(found=both, wrong=len(set(links)) - both, missed=len(set(known)) - both)
