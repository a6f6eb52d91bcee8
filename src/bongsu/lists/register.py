"""The register: every copy of every list as statements, never overwritten, and what it answers about time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from bongsu.evidence import Folder
from bongsu.kernel.canonical import JsonValue, digest, digest_of
from bongsu.kernel.clock import instant, stamp
from bongsu.lists.cards import SourceCard
from bongsu.lists.model import OTHER_NAMES, Statement
from bongsu.tables import from_parquet, to_parquet

if TYPE_CHECKING:
    import ibis

    from bongsu.tables.engine import Engine

SHORT: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPart:
    """One file of a copy.

    Args:
        name: the part, as the card calls it.
        exhibit: SHA-256 of the bytes that are read and cited.
        received: SHA-256 of the bytes as received; another than `exhibit` where they came packed.
        origin: the address or path they came from.
    """

    name: str
    exhibit: str
    received: str
    origin: str


def content_of(parts: Iterable[CopyPart]) -> str:
    """One digest for the bytes of all parts: the same bytes are the same copy, whenever and however they came."""
    return digest_of([[part.name, part.exhibit] for part in parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy of one list: which bytes, of what date.

    Args:
        list_id: the list, such as `un_sc`.
        list_date: the day the list prints of itself; where it prints none, the day the configuration says a file is of,
            or the day it was fetched.
        parts: in the card's order.
        received_at: when this copy was first received.
        last_served_at: when its address last served these very bytes, so that the list was still the same; None where
            they came from files alone, which say nothing about later days.
        sandbox: whether it is invented.
    """

    list_id: str
    list_date: date
    parts: tuple[CopyPart, ...]
    received_at: datetime
    last_served_at: datetime | None
    sandbox: bool

    @property
    def content(self) -> str:
        """The digest of its bytes."""
        return content_of(self.parts)

    @property
    def key(self) -> str:
        """`2020-11-30-<digest>`: sorts by date, and the same bytes have the same key."""
        return f"{self.list_date.isoformat()}-{self.content[:SHORT]}"

    @property
    def id(self) -> str:
        """`un_sc/2020-11-30-<digest>`: which copy it is, however often and whenever it came."""
        return f"{self.list_id}/{self.key}"

    @property
    def last_came(self) -> tuple[datetime, bool, str]:
        """Sorts copies of one date by when each last came: served by its address, or else first received. At the same
        time what is served outweighs a file, and the key decides the rest.
        """
        return (self.last_served_at or self.received_at, self.last_served_at is not None, self.key)

    def served(self, at: datetime) -> Copy:
        """The same copy, served once more."""
        return replace(self, last_served_at=max(at, self.last_served_at or at))


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A statement as the register stores it: with its list, the copy's date, and its own id.

    First and last seen are questions over all copies (`history`), never stored, so nothing ever has to be rewritten.
    """

    id: str
    list: str
    list_date: date
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A statement over time: the first and the last copy that carried it, and how many did."""

    id: str
    listing: str
    entity: str
    schema: str
    prop: str
    value: str
    cleaned: str | None
    rejected: str | None
    first_seen: date
    last_seen: date
    copies: int


def file_name(copy: Copy, reader_version: str) -> str:
    """The register's file for a copy as one version of the reader read it."""
    return f"register/{copy.list_id}/{copy.key}-{reader_version[:SHORT]}.parquet"


def rows_of(copy: Copy, statements: Iterable[Statement]) -> list[RegisterRow]:
    """The register's rows for one copy, in the order of the file."""
    return [
        RegisterRow(
            id=statement.id,
            list=copy.list_id,
            list_date=copy.list_date,
            listing=statement.listing,
            entity=statement.entity,
            schema=statement.schema,
            prop=statement.prop,
            value=statement.value,
            cleaned=statement.cleaned,
            rejected=statement.rejected,
            lang=statement.lang,
            exhibit=statement.exhibit,
            locator=statement.locator,
        )
        for statement in statements
    ]


def store(folder: Folder, copy: Copy, statements: Iterable[Statement], reader_version: str) -> str:
    """Write a copy's statements to its file, and give the SHA-256 of what was written."""
    content = to_parquet(rows_of(copy, statements), RegisterRow)
    folder.replace(file_name(copy, reader_version), content)
    return digest(content)


def load(folder: Folder, name: str) -> tuple[Statement, ...]:
    """The statements of one copy, in the order of the file."""
    return tuple(
        Statement(
            listing=row.listing,
            entity=row.entity,
            schema=row.schema,
            prop=row.prop,
            value=row.value,
            cleaned=row.cleaned,
            rejected=row.rejected,
            lang=row.lang,
            exhibit=row.exhibit,
            locator=row.locator,
        )
        for row in from_parquet(folder.read(name), RegisterRow)
    )


def history(table: ibis.Table) -> ibis.Table:
    """Every statement once, with the first and the last list date that carried it.

    Args:
        table: rows of any number of copies.

    Returns:
        Columns of `Sighting`, one row per statement id and list, in no order.
    """
    return table.group_by("id", "list", "listing", "entity", "schema", "prop", "value").agg(
        cleaned=table.cleaned.max(),
        rejected=table.rejected.max(),
        first_seen=table.list_date.min(),
        last_seen=table.list_date.max(),
        copies=table.list_date.nunique(),
    )


def sightings(engine: Engine, folder: Folder, names: Sequence[str], listing: str) -> tuple[Sighting, ...]:
    """What a list has said of one listing over time, ordered by entity, property and first copy."""
    table = engine.table(folder, names, RegisterRow)
    asked = history(table.filter(table.listing == listing))
    ordered = asked.order_by("entity", "prop", "first_seen", "value")
    return tuple(Sighting(**{key: row[key] for key in Sighting.__slots__}) for row in engine.rows(ordered))


def seen_on(engine: Engine, folder: Folder, names: Sequence[str], listing: str) -> tuple[date, ...]:
    """The list dates of the copies that hold a listing, in order."""
    table = engine.table(folder, names, RegisterRow)
    days = table.filter(table.listing == listing).select("list_date").distinct().order_by("list_date")
    return tuple(row["list_date"] for row in engine.rows(days))


def find_listings(engine: Engine, folder: Folder, names: Sequence[str], reference: str) -> tuple[str, ...]:
    """Listings whose list reference, id, name, alias or IMO number is the one given (case and blanks aside), sorted.

    An IMO number is found as printed too: one whose check digit is wrong may be a false one that someone looks for.
    """
    import ibis  # whoever holds an engine has loaded it

    table = engine.table(folder, names, RegisterRow)
    asked = " ".join(unicodedata.normalize("NFC", reference).split())
    wanted = ibis.literal(asked).lower()  # the engine's own lower case on both sides
    number = "".join(asked.upper().split()).removeprefix("IMO")
    said = ibis.coalesce(table.cleaned, table.value)
    found = table.filter(
        (table.listing.lower() == wanted)
        | (table.prop.isin(["authorityId", "name", *OTHER_NAMES]) & (said.lower() == wanted))
        | ((table.prop == "imoNumber") & (said.upper().replace(" ", "").replace("IMO", "") == number))
    )
    return tuple(row["listing"] for row in engine.rows(found.select("listing").distinct().order_by("listing")))


def copy_record(copy: Copy) -> dict[str, JsonValue]:
    """The JSON form of a copy."""
    return {
        "list": copy.list_id,
        "list_date": copy.list_date.isoformat(),
        "parts": [
            {"name": part.name, "exhibit": part.exhibit, "received": part.received, "origin": part.origin}
            for part in copy.parts
        ],
        "received_at": stamp(copy.received_at),
        "last_served_at": None if copy.last_served_at is None else stamp(copy.last_served_at),
        "sandbox": copy.sandbox,
    }


def copy_from_record(record: Mapping[str, Any]) -> Copy:
    """The copy of a JSON form (Any: JSON of our own making)."""
    return Copy(
        list_id=record["list"],
        list_date=date.fromisoformat(record["list_date"]),
        parts=tuple(CopyPart(**part) for part in record["parts"]),
        received_at=instant(record["received_at"]),
        last_served_at=None if record["last_served_at"] is None else instant(record["last_served_at"]),
        sandbox=record["sandbox"],
    )


def ordered(copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """Copies by list, then list date, then when each last came: of one date, the one served last comes last."""
    return tuple(sorted(copies, key=lambda copy: (copy.list_id, copy.list_date, copy.last_came)))


def in_force(copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """The last copy of each list, by list. Where real lists have a copy, the invented one does not count.

    Args:
        copies: good copies, as `ordered` gives them.
    """
    last = {copy.list_id: copy for copy in copies}
    real = {list_id: copy for list_id, copy in last.items() if not copy.sandbox}
    return tuple(copy for _, copy in sorted((real or last).items()))


def dprk_only(statements: Iterable[Statement], card: SourceCard) -> tuple[Statement, ...]:
    """The statements of those listings that stand under a DPRK programme."""
    rows = tuple(statements)
    concerned = {row.listing for row in rows if row.prop == "program" and row.cleaned and card.is_dprk([row.cleaned])}
    return tuple(row for row in rows if row.listing in concerned)
