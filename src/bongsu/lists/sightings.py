"""Customer files held against the lists: who may be meant, and where a designated number stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.customers import Customer, customers_of
from bongsu.names import Hit, Identifier, Screener
from bongsu.names.identifiers import held_as

MOST_HITS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """A customer file as an exhibit.

    Args:
        name: the file's name, without its folder.
        exhibit: SHA-256 of the bytes that are read and cited.
        received: SHA-256 of the bytes as received; another than `exhibit` where they came packed.
        origin: the path it came from.
        sandbox: whether it is invented.
    """

    name: str
    exhibit: str
    received: str
    origin: str
    sandbox: bool

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "name": self.name,
            "exhibit": self.exhibit,
            "received": self.received,
            "origin": self.origin,
            "sandbox": self.sandbox,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One customer that has hits, or of which something could not be read."""

    customer: Customer
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedFile:
    """A customer file and what came of it.

    Args:
        file: the file.
        rows: how many customers it holds.
        with_hits: how many of them have hits.
        problems: how many hold something that could not be read.
        asked: those with hits or problems, in the order of the file.
        refused: why the file could not be read, or None; then what stands before the place is screened all the same.
        unused: the headings of columns that are not used.
    """

    file: CustomerFile
    rows: int
    with_hits: int
    problems: int
    asked: tuple[Asked, ...]
    refused: str | None
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A number of someone designated that stands in a customer file.

    Args:
        file: the customer file's name.
        row: the row, from 1 and with the header.
        identifier: the number as the file has it; `listed`: as the list has it.
        listing: the id of the one designated; `name`, `schema`: as its list has them.
        authority: who lists it; `binding`: `un` or `national`.
        listed_at: where the list says so.
        seen_at: the row of the customer file.
        sandbox: whether the file or the list is invented.
    """

    file: str
    row: int
    identifier: Identifier
    listed: Identifier
    listing: str
    name: str
    schema: str
    authority: str
    binding: str
    listed_at: Citation
    seen_at: Citation
    sandbox: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAt:
    """Where a listing stands, and what its authority's word is worth."""

    authority: str
    binding: str
    citation: Citation


def screen_file(file: CustomerFile, content: bytes, screener: Screener, *, min_score: float) -> ScreenedFile:
    """A customer file screened row by row.

    Args:
        file: the file.
        content: its bytes.
        screener: over the entities in force.
        min_score: the lowest score of a hit, 0.5 to 1.
    """
    asked: list[Asked] = []
    rows = problems = 0
    refused = None
    unused: tuple[str, ...] = ()
    try:
        for customer in customers_of(BytesIO(content)):
            rows += 1
            unused = customer.unused
            problems += customer.problem is not None
            query = customer.query
            hits = () if query is None else screener.screen(query, min_score=min_score, limit=MOST_HITS)
            if hits or customer.problem is not None:
                asked.append(Asked(customer=customer, hits=hits))
    except SourceRefusedError as error:
        refused = error.what
    return ScreenedFile(
        file=file,
        rows=rows,
        with_hits=sum(bool(each.hits) for each in asked),
        problems=problems,
        asked=tuple(asked),
        refused=refused,
        unused=unused,
    )


def sightings(screened: Sequence[ScreenedFile], listed: Mapping[str, ListedAt]) -> tuple[Sighting, ...]:
    """The designated numbers in some customer files, by file, row and listing.

    Args:
        screened: the files.
        listed: where each listing stands.
    """
    return tuple(
        Sighting(
            file=each.file.name,
            row=asked.customer.row,
            identifier=identifier,
            listed=listed_as,
            listing=hit.entity.id,
            name=hit.entity.caption,
            schema=hit.entity.schema,
            authority=listed[hit.entity.id].authority,
            binding=listed[hit.entity.id].binding,
            listed_at=listed[hit.entity.id].citation,
            seen_at=Citation(exhibit=each.file.exhibit, locator=f"row={asked.customer.row}"),
            sandbox=each.file.sandbox or hit.entity.sandbox,
        )
        for each in screened
        for asked in each.asked
        for hit in asked.hits
        for identifier, listed_as in _shared(asked.customer, hit)
    )


def _shared(customer: Customer, hit: Hit) -> Iterator[tuple[Identifier, Identifier]]:
    """The numbers of a customer that someone listed has too, each as the file and as the list has it."""
    for asked in () if customer.query is None else customer.query.identifiers:
        held = held_as(asked, hit.entity.identifiers)
        if held is not None:
            yield asked, held
