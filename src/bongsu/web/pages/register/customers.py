"""Many names at once: a customer file or pasted names, screened within a limit of rows and of time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import BoundedSemaphore
from time import monotonic
from typing import Final

from bongsu.kernel.errors import BusyError, UsageError
from bongsu.lists.columns import MOST_TITLES, header_delimiter
from bongsu.lists.customers import Customer, customers_of
from bongsu.names import Hit
from bongsu.names.screener import DEFAULT_SCORE
from bongsu.reports.hits import HitWriter
from bongsu.web.record.register import Register

MOST_BYTES: Final = 2**20
MOST_ROWS: Final = 5_000
SECONDS: Final = 25.0
_HITS_OF_A_NAME: Final = 10
_ASKING: Final = BoundedSemaphore(2)  # the site has few threads, and each of these is busy for as long as `SECONDS`
_WAITS_S: Final = 3.0
_NOT_ASKED: Final = "not screened: the limit of rows or of time was reached; use `bongsu screen --file` for long files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What was found.

    Args:
        rows: each customer with its hits, in the order of the file; those not screened say so as their problem.
        hits: how many have any.
        left: how many were not screened.
    """

    rows: tuple[tuple[Customer, tuple[Hit, ...]], ...]
    hits: int
    left: int


def screen_many(
    register: Register, content: bytes, *, every: bool, schema: str = "", clock: Callable[[], float] = monotonic
) -> Screened:
    """Screen the names of a file.

    Args:
        register: what they are screened against.
        content: CSV with a column `name`, or one name on each line; UTF-8.
        every: also entries under no DPRK programme.
        schema: ask about one kind only where a row names none; empty for all.
        clock: seconds, for the limit of time.

    Raises:
        UsageError: nothing was given, or more than `MOST_BYTES`.
        SourceRefusedError: not UTF-8, no column for names, or garbled; with the line.
        BusyError: two others screen many names just now.
    """
    if not content.strip():
        raise UsageError("there are no names in it", remedy="paste names, one on each line, or choose a CSV file")
    if len(content) > MOST_BYTES:
        raise UsageError("the file is larger than 1 MB", remedy="screen it with `bongsu screen --file`")
    if not _ASKING.acquire(timeout=_WAITS_S):
        raise BusyError("others screen many names just now", remedy="send it again in half a minute")
    try:
        ends = clock() + SECONDS
        rows = tuple(_screened(register, customers_of(io.BytesIO(content)), every, schema, lambda: clock() > ends))
    finally:
        _ASKING.release()
    return Screened(
        rows=rows,
        hits=sum(bool(hits) for _, hits in rows),
        left=sum(customer.problem == _NOT_ASKED for customer, _ in rows),
    )


def pasted(text: str) -> bytes:
    """Pasted text as a customer file: CSV where its first line heads a column of names, else one name on each line.

    A name may hold commas: `KIM, Chol Su` is one name, not two cells.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if header_delimiter(lines[: MOST_TITLES + 1]) is not None:
        return text.encode()
    made = io.StringIO()
    csv.writer(made, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([line] for line in lines)
    return made.getvalue().encode() if lines else b""


def _screened(
    register: Register, customers: Iterator[Customer], every: bool, schema: str, over: Callable[[], bool]
) -> Iterator[tuple[Customer, tuple[Hit, ...]]]:
    for number, customer in enumerate(customers):
        if number >= MOST_ROWS or over():
            yield replace(customer, problem=_NOT_ASKED), ()
            continue
        asked = customer.asked_as(schema) if schema else customer.query
        found = () if asked is None else register.screener.screen(asked, min_score=DEFAULT_SCORE)
        meant = (hit for hit in found if every or _concerns_dprk(register, hit))
        yield customer, tuple(hit for hit, _ in zip(meant, range(_HITS_OF_A_NAME), strict=False))


def _concerns_dprk(register: Register, hit: Hit) -> bool:
    entity = register.entity_of(hit.entity.id)
    return entity is not None and entity.concerns_dprk


def as_csv(rows: Sequence[tuple[Customer, tuple[Hit, ...]]]) -> str:
    """The rows as `bongsu screen` writes them."""
    text = io.StringIO()
    writer = HitWriter(text.write, as_json=False)
    for customer, hits in rows:
        writer.write(customer, hits)
    return text.getvalue()
