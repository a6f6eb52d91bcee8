"""What changed between two copies of a list: who was listed, delisted, amended, and what is mere form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.citation import Citation
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import squeezed
from bongsu.lists.model import Statement

# What a list's keeper changes for its own order; by itself it changes nothing for the one listed.
BOOKKEEPING: Final = frozenset({"Sanction.modifiedAt", "Sanction.recordId"})
KINDS: Final = ("listed", "delisted", "amended", "bookkeeping", "formatting")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of one listing: what went and what came, as printed.

    Args:
        field: a property of the listing (`alias`), of its designation (`Sanction.program`), `schema`, or a kind of
            sub-entity (`Address`), whose values are its own properties in one line.
        removed, added: sorted.
        reformatted: (before, after) pairs that differ only in case, blanks or Unicode's compatible spellings; sorted.
    """

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    reformatted: tuple[tuple[str, str], ...]

    @property
    def is_formatting(self) -> bool:
        """Whether nothing but form changed."""
        return not self.removed and not self.added


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One listing that differs between two copies.

    Args:
        kind: `listed`, `delisted`, `amended`, `bookkeeping` (only the keeper's own dates and numbers), `formatting`.
        listing: the id; `name`, `schema`, `reference`: as the later copy has them, else the earlier.
        authority: who lists it, as that copy prints it; empty where it prints no one.
        programmes: in the later copy; empty for one that was delisted.
        programmes_before: in the earlier copy; empty for one that was listed.
        fields: for amended, bookkeeping and formatting; sorted by field.
        same_name_as: for a listing that came or went: one that went or came under the very same name and kind,
            which may mean a new number and not a new decision.
        citations: where the copies say so.
    """

    kind: str
    listing: str
    schema: str
    name: str
    reference: str
    authority: str
    programmes: tuple[str, ...]
    programmes_before: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    same_name_as: str | None
    citations: tuple[Citation, ...]

    @property
    def all_programmes(self) -> tuple[str, ...]:
        """The programmes of both copies: an entry moved out of one still concerns it."""
        return tuple(sorted({*self.programmes, *self.programmes_before}))

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "kind": self.kind,
            "listing": self.listing,
            "reference": self.reference,
            "authority": self.authority,
            "schema": self.schema,
            "name": self.name,
            "programmes": list(self.programmes),
            "programmes_before": list(self.programmes_before),
            "fields": [
                {
                    "field": change.field,
                    "removed": list(change.removed),
                    "added": list(change.added),
                    "reformatted": [list(pair) for pair in change.reformatted],
                }
                for change in self.fields
            ],
            "same_name_as": self.same_name_as,
            "citations": [str(citation) for citation in self.citations],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The changes of one authority's entries from one copy of a list to the next.

    Args:
        list_id: the list.
        authority: who lists, such as `OFAC`.
        binding: `un` or `national`.
        dprk_programmes: the programme codes that concern the DPRK.
        old_date: the earlier copy's date.
        new_date: the later copy's date.
        changes: what differs.
        disputed: the listings about which two files disagree that bear one of the two dates, each with that date.
        sandbox: whether the copies are invented.
    """

    list_id: str
    authority: str
    binding: str
    dprk_programmes: frozenset[str]
    old_date: date
    new_date: date
    changes: tuple[Change, ...]
    disputed: Mapping[str, date]
    sandbox: bool


def change_from_record(record: Mapping[str, Any]) -> Change:
    """The change of a JSON form (Any: JSON of our own making)."""
    return Change(
        kind=record["kind"],
        listing=record["listing"],
        schema=record["schema"],
        name=record["name"],
        reference=record["reference"],
        authority=record["authority"],
        programmes=tuple(record["programmes"]),
        programmes_before=tuple(record["programmes_before"]),
        fields=tuple(
            FieldChange(
                field=row["field"],
                removed=tuple(row["removed"]),
                added=tuple(row["added"]),
                reformatted=tuple((old, new) for old, new in row["reformatted"]),
            )
            for row in record["fields"]
        ),
        same_name_as=record["same_name_as"],
        citations=tuple(Citation.parse(text) for text in record["citations"]),
    )


def compare(old: Iterable[Statement], new: Iterable[Statement]) -> tuple[Change, ...]:
    """Every listing that differs, sorted by kind and listing.

    Args:
        old: all statements of the earlier copy of a list.
        new: all statements of the later copy of the same list.

    Returns:
        Listings without any difference are left out; empty for equal copies.
    """
    before, after = _by_listing(old), _by_listing(new)
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    names_gone, names_come = _names(gone, before), _names(come, after)
    changes = [_came_or_went("delisted", key, before[key], names_come) for key in gone]
    changes += [_came_or_went("listed", key, after[key], names_gone) for key in come]
    for key in before.keys() & after.keys():
        fields = _field_changes(before[key], after[key])
        if fields:
            changes.append(_amended(key, before[key], after[key], fields))
    return tuple(sorted(changes, key=lambda change: (KINDS.index(change.kind), change.listing)))


def counts(changes: Iterable[Change]) -> dict[str, int]:
    """How many of each kind, every kind named."""
    kinds = [change.kind for change in changes]
    return {kind: kinds.count(kind) for kind in KINDS}


def by_authority(changes: Iterable[Change], card: SourceCard) -> dict[str, tuple[Change, ...]]:
    """The changes of each authority's entries, in their order, by authority (sorted).

    Args:
        changes: of one list.
        card: its card, which knows the authorities by how the list prints them.
    """
    found: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        found[card.authority_of([change.authority])].append(change)
    return {authority: tuple(found[authority]) for authority in sorted(found)}


def _by_listing(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    groups: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[statement.listing].append(statement)
    return groups


def _names(keys: Iterable[str], groups: Mapping[str, Sequence[Statement]]) -> dict[tuple[str, str], str]:
    """Listing by (schema, name without form); a name borne by two of them tells nothing and is left out."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in keys:
        found[_schema(groups[key]), squeezed(_first(groups[key], "name"))].append(key)
    return {name: listings[0] for name, listings in found.items() if len(listings) == 1}


def _came_or_went(
    kind: str, key: str, rows: Sequence[Statement], counterparts: Mapping[tuple[str, str], str]
) -> Change:
    return Change(
        kind=kind,
        listing=key,
        schema=_schema(rows),
        name=_first(rows, "name"),
        reference=_first(rows, "authorityId"),
        authority=_authority(rows),
        programmes=_programmes(rows) if kind == "listed" else (),
        programmes_before=_programmes(rows) if kind == "delisted" else (),
        fields=(),
        same_name_as=counterparts.get((_schema(rows), squeezed(_first(rows, "name")))),
        citations=(rows[0].citation,),
    )


def _amended(
    key: str, before: Sequence[Statement], after: Sequence[Statement], fields: tuple[FieldChange, ...]
) -> Change:
    substantial = [change.field for change in fields if not change.is_formatting]
    kind = "amended" if set(substantial) - BOOKKEEPING else "bookkeeping" if substantial else "formatting"
    return Change(
        kind=kind,
        listing=key,
        schema=_schema(after),
        name=_first(after, "name"),
        reference=_first(after, "authorityId"),
        authority=_authority(after),
        programmes=_programmes(after),
        programmes_before=_programmes(before),
        fields=fields,
        same_name_as=None,
        citations=(before[0].citation, after[0].citation),
    )


def _field_changes(before: Sequence[Statement], after: Sequence[Statement]) -> tuple[FieldChange, ...]:
    old, new = _fields(before), _fields(after)
    changes = (_field_change(field, old.get(field, set()), new.get(field, set())) for field in sorted(old | new))
    return tuple(change for change in changes if change is not None)


def _field_change(field: str, old: set[str], new: set[str]) -> FieldChange | None:
    """What went and came in one field; a value that stays in another form is reformatted, not removed."""
    if old == new:
        return None
    old_forms, new_forms = _by_form(old, new), _by_form(new, old)
    gone, come = old - new, new - old
    pairs = {(value, new_forms[squeezed(value)]) for value in gone if squeezed(value) in new_forms}
    pairs |= {(old_forms[squeezed(value)], value) for value in come if squeezed(value) in old_forms}
    return FieldChange(
        field=field,
        removed=tuple(sorted(value for value in gone if squeezed(value) not in new_forms)),
        added=tuple(sorted(value for value in come if squeezed(value) not in old_forms)),
        reformatted=tuple(sorted(pairs)),
    )


def _by_form(values: set[str], others: set[str]) -> dict[str, str]:
    """One value for each form: where there is a choice, one that the other copy does not print."""
    forms: dict[str, str] = {}
    for value in sorted(values, key=lambda value: (value in others, value)):
        forms.setdefault(squeezed(value), value)
    return forms


def _fields(rows: Sequence[Statement]) -> dict[str, set[str]]:
    """Printed values by field; a sub-entity's values in one line, so that an address changes as a whole.

    What is printed twice says no more than once.
    """
    values: dict[str, set[str]] = defaultdict(set)
    values["schema"].add(_schema(rows))
    lines: dict[tuple[str, str], dict[tuple[str, str], str]] = defaultdict(dict)
    for row in rows:
        if row.entity == row.listing:
            if row.prop != "addressEntity":
                values[row.prop].add(row.value)
        elif row.schema == "Sanction":
            values[f"Sanction.{row.prop}"].add(row.value)
        elif row.cleaned != row.listing:
            lines[row.schema, row.entity].setdefault((row.prop, squeezed(row.value)), row.value)
    for (schema, _), parts in lines.items():
        values[schema].add(", ".join(parts.values()))
    return values


def _schema(rows: Sequence[Statement]) -> str:
    return next(row.schema for row in rows if row.entity == row.listing)


def _first(rows: Sequence[Statement], prop: str) -> str:
    return next((row.cleaned or row.value for row in rows if row.prop == prop), "")


def _authority(rows: Sequence[Statement]) -> str:
    """Who lists it; the authority of a passport is another."""
    return _first([row for row in rows if row.schema == "Sanction"], "authority")


def _programmes(rows: Sequence[Statement]) -> tuple[str, ...]:
    return tuple(sorted({row.cleaned or row.value for row in rows if row.prop == "program"}))
