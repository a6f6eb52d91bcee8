"""What a list says, as statements: who is designated, with every value as printed and what could be made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bongsu.kernel.canonical import JsonValue, digest_of
from bongsu.kernel.citation import Citation

# FollowTheMoney's schemata (https://followthemoney.tech/explorer/) that the lists need.
OTHER_NAMES: Final = ("alias", "weakAlias", "previousName")
LISTED_SCHEMATA: Final = ("Person", "Organization", "Vessel", "Airplane")
# Schemata that some lists use where others say Organization.
ORGANISATIONS: Final = ("Organization", "Company", "LegalEntity", "PublicBody")


def kind_of(schema: str) -> str:
    """The one of `LISTED_SCHEMATA` that a schema is treated as: every body, and whatever else is named, as an
    organisation.
    """
    return schema if schema in LISTED_SCHEMATA else "Organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One value of one property of one entity, as one list prints it at one place.

    Args:
        listing: id of the listed entity it belongs to, such as `un_sc:KPi.033`; sub-entities (a sanction, an address,
            a passport) belong to the listing they stand in.
        entity: id of the entity it describes: the listing itself or a sub-entity of it.
        schema: FollowTheMoney schema of that entity.
        prop: FollowTheMoney property where it has one.
        value: as printed, white space and all.
        cleaned: what could be made of it; None where it was rejected.
        rejected: why nothing could be made of it; None where `cleaned` is set.
        lang: ISO 639-3 code where the list or the script tells it.
        exhibit: SHA-256 of the bytes it was read from.
        locator: where inside them.
    """

    listing: str
    entity: str
    schema: str
    prop: str
    value: str
    cleaned: str | None
    rejected: str | None
    lang: str | None
    exhibit: str
    locator: str

    @property
    def id(self) -> str:
        """A content hash of what is said, not of where: the same statement keeps its id from copy to copy."""
        return digest_of([self.entity, self.schema, self.prop, self.value, self.lang])[:32]

    @property
    def citation(self) -> Citation:
        """The place it was read from."""
        return Citation(exhibit=self.exhibit, locator=self.locator)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Something a reader would not take, with where it stands and why: the quarantine's row.

    Args:
        part: the part of the source, such as `sdn` or `consolidated`.
        locator: where inside the exhibit.
        field: the field, or None where the whole record is meant.
        value: the printed text, cut to 200 characters.
        reason: why, in words.
        whole_entry: whether a whole listing was left out of the register because of it.
    """

    part: str
    exhibit: str
    locator: str
    field: str | None
    value: str
    reason: str
    whole_entry: bool

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "part": self.part,
            "citation": str(Citation(exhibit=self.exhibit, locator=self.locator)),
            "field": self.field,
            "value": self.value,
            "reason": self.reason,
            "whole_entry": self.whole_entry,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one copy, each against the file.

    Args:
        in_file: entries the file holds, counted before any is read.
        persons, organisations, vessels, aircraft: listings read, by kind.
        others: listings of another kind, such as a wallet or a security.
        aliases: alternative names in the fields the list has for them.
        aliases_in_remarks: alternative names printed inside remarks.
        dprk: listings under a DPRK programme.
        entries_set_aside: entries left out whole.
        set_aside: all rows of the quarantine, whole entries included.
        rejected: values kept as printed though nothing could be made of them.
    """

    in_file: int
    persons: int
    organisations: int
    vessels: int
    aircraft: int
    others: int
    aliases: int
    aliases_in_remarks: int
    dprk: int
    entries_set_aside: int
    set_aside: int
    rejected: int

    @property
    def read(self) -> int:
        """Listings read."""
        return self.persons + self.organisations + self.vessels + self.aircraft + self.others

    @property
    def complete(self) -> bool:
        """Whether every entry of the file was either read or set aside."""
        return self.in_file == self.read + self.entries_set_aside

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "entries_in_file": self.in_file,
            "entries_read": self.read,
            "entries_set_aside": self.entries_set_aside,
            "persons": self.persons,
            "organisations": self.organisations,
            "vessels": self.vessels,
            "aircraft": self.aircraft,
            "others": self.others,
            "aliases": self.aliases,
            "aliases_in_remarks": self.aliases_in_remarks,
            "dprk": self.dprk,
            "quarantined": self.set_aside,
            "rejected_values": self.rejected,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a source's copy: its name in the card, its bytes and their digest."""

    name: str
    exhibit: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader made of one copy of a list.

    Args:
        source: the card's id.
        printed_on: the day the list prints of itself; None where it prints none.
        statements: in the order of the file.
        set_aside: in the order of the file.
        tally: the counts.
        parts_missing: optional parts that were not there.
        said: how many statements each part gave, by the part's name, sorted; `Source.read` counts them.
    """

    source: str
    printed_on: date | None
    statements: tuple[Statement, ...]
    set_aside: tuple[SetAside, ...]
    tally: Tally
    parts_missing: tuple[str, ...] = ()
    said: tuple[tuple[str, int], ...] = ()


def part_counts(statements: Iterable[Statement], parts: Iterable[Part]) -> tuple[tuple[str, int], ...]:
    """How many statements were read of each part, by its name, sorted."""
    counted = Counter(statement.exhibit for statement in statements)
    return tuple(sorted((part.name, counted[part.exhibit]) for part in parts))


def tally(
    *,
    in_file: int,
    aliases: int,
    statements: Iterable[Statement],
    set_aside: Iterable[SetAside],
    is_dprk: Callable[[Iterable[str]], bool],
) -> Tally:
    """The counts of a copy from what was read of it.

    Args:
        in_file: entries counted in the file before any was read.
        aliases: alternative names read from the fields the list has for them.
        statements: everything read.
        set_aside: everything not read.
        is_dprk: whether one of some programme codes concerns the DPRK.
    """
    kinds: dict[str, str] = {}
    other_names = rejected = 0
    dprk = set()
    for statement in statements:
        if statement.entity == statement.listing:
            kinds[statement.listing] = statement.schema
        other_names += statement.prop in OTHER_NAMES
        rejected += statement.rejected is not None
        if statement.prop == "program" and statement.cleaned is not None and is_dprk([statement.cleaned]):
            dprk.add(statement.listing)
    rows = list(set_aside)
    schemata = list(kinds.values())
    return Tally(
        in_file=in_file,
        persons=schemata.count("Person"),
        organisations=sum(schema in ORGANISATIONS for schema in schemata),
        vessels=schemata.count("Vessel"),
        aircraft=schemata.count("Airplane"),
        others=sum(schema not in {*LISTED_SCHEMATA, *ORGANISATIONS} for schema in schemata),
        aliases=aliases,
        aliases_in_remarks=other_names - aliases,
        dprk=len(dprk),
        entries_set_aside=sum(row.whole_entry for row in rows),
        set_aside=len(rows),
        rejected=rejected,
    )
