"""What of a list is screened against: its entities with all their names, identifiers and birth dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bongsu.lists.cards import SourceCard
from bongsu.lists.model import OTHER_NAMES, Statement
from bongsu.names import Entity, Identifier, ListedName
from bongsu.names.identifiers import imo

if TYPE_CHECKING:
    import ibis

    from bongsu.tables.engine import Engine

# Properties by which someone is found, and the kind of identifier each is.
IDENTIFIERS: Final = {
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "passportNumber": "passport",
    "idNumber": "id",
    "registrationNumber": "id",
    "publicKey": "wallet",
    "swiftBic": "swift",
    "leiCode": "lei",
}
DOCUMENTS: Final = {"Passport": "passport", "Identification": "id"}
_NAMES: Final = ("name", *OTHER_NAMES)
_PROPS: Final = ("program", "birthDate", "number", "country", "authority", "authorityId", *_NAMES, *IDENTIFIERS)


class ScreenedRow(NamedTuple):
    """What screening needs of a statement."""

    listing: str
    prop: str
    value: str
    entity: str
    schema: str
    cleaned: str | None


def screened_rows(statements: Iterable[Statement]) -> list[ScreenedRow]:
    """The rows of one copy that screening needs, ordered by listing, from its statements."""
    fields = attrgetter(*ScreenedRow._fields)
    return sorted({ScreenedRow(*fields(row)) for row in statements if row.prop in _PROPS}, key=_order)


def screened_rows_of(engine: Engine, table: ibis.Table) -> list[ScreenedRow]:
    """The same from the register, column by column.

    Args:
        engine: runs the question.
        table: `RegisterRow`s of the copy.
    """
    asked = table.filter(table.prop.isin(_PROPS)).select(*ScreenedRow._fields).distinct()
    return sorted((ScreenedRow(**row) for row in engine.rows(asked)), key=_order)


def _order(row: ScreenedRow) -> tuple[Any, ...]:  # Any: texts; an absent one sorts first
    return (*row[:5], row.cleaned or "")


def screening_entities(
    rows: Sequence[ScreenedRow], card: SourceCard, *, every: bool, sandbox: bool
) -> Iterator[Entity]:
    """The entities of one copy, in the order of their ids.

    Args:
        rows: as `screened_rows` gives them.
        card: the list's.
        every: also those that stand under no DPRK programme.
        sandbox: whether the list is invented.
    """
    for listing, group in groupby(rows, key=attrgetter("listing")):
        mine = list(group)
        if every or card.is_dprk(row.cleaned for row in mine if row.prop == "program" and row.cleaned):
            yield _entity(listing, mine, card, sandbox=sandbox)


def _entity(listing: str, rows: Sequence[ScreenedRow], card: SourceCard, *, sandbox: bool) -> Entity:
    names = {
        (row.cleaned or row.value): row.prop == "weakAlias"
        for row in sorted(rows, key=lambda row: row.prop != "weakAlias")  # a name that is strong anywhere is strong
        if row.prop in _NAMES
    }
    own = [row for row in rows if row.entity == listing]
    caption = next((row.cleaned or row.value for row in own if row.prop == "name"), next(iter(names), listing))
    return Entity(
        id=listing,
        schema=own[0].schema if own else "LegalEntity",
        caption=caption,
        names=tuple(ListedName(text=text, weak=weak) for text, weak in sorted(names.items())),
        identifiers=tuple(dict.fromkeys(_identifiers(rows))),
        birth_dates=tuple(row.cleaned for row in rows if row.prop == "birthDate" and row.cleaned),
        source=card.authority_of(row.value for row in rows if row.prop == "authority" and row.schema == "Sanction"),
        sandbox=sandbox,
    )


def _identifiers(rows: Iterable[ScreenedRow]) -> Iterator[Identifier]:
    """The numbers of a listing; one whose form is not that of its kind is none ("Does not exist" as an IMO number)."""
    rows = list(rows)
    issuers = {row.entity: row.cleaned for row in rows if row.prop == "country" and row.schema in DOCUMENTS}
    for row in rows:
        kind = IDENTIFIERS.get(row.prop) or (DOCUMENTS.get(row.schema) if row.prop == "number" else None)
        if kind == "imo":
            number = imo(row.value)
            if number is not None:
                yield number
        elif kind is not None and any(character.isdigit() for character in row.value):
            issuer = issuers.get(row.entity)
            yield Identifier(kind=kind, value=(row.cleaned or row.value).strip(), issuer=issuer)
