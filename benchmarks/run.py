"""Measures Bongsu beside a peer in the same process, and prints ratios.

Each figure is the median of several rounds, ours and the peer's taking turns. Run with `make bench`.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from operator import attrgetter
from pathlib import Path

import rfc8785

from bongsu.evidence import Folder
from bongsu.kernel.canonical import canonical_json
from bongsu.lists.register import RegisterRow, history
from bongsu.tables import to_parquet
from bongsu.tables.engine import Engine

ROUNDS = 5
LISTINGS = 9_000  # of OFAC's size in 2022
PROPERTIES = 16
CELLS = attrgetter(*(field.name for field in fields(RegisterRow)))
COPIES = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))


def main() -> None:
    print(
        f"machine: {platform.machine()}, Python {platform.python_version()}, {cores()} cores, {ROUNDS} rounds, medians"
    )
    print(f"{'what':<64}{'ours':>11}{'peer':>11}{'peer/ours':>11}")
    record = [row_record(row) for row in rows(COPIES[0], listings=600)]
    compare(
        "canonical JSON of 9,600 statements; peer: rfc8785",
        lambda: canonical_json(record),
        lambda: rfc8785.dumps(record),
    )
    with tempfile.TemporaryDirectory() as place:
        register(Path(place))


def cores() -> int:
    return len(os.sched_getaffinity(0))


def register(place: Path) -> None:
    """The register of ADR 0001 against a SQLite table of the same columns."""
    copies = [rows(day, listings=LISTINGS) for day in COPIES]
    folder = Folder.open(str(place / "store"))
    columns = [field.name for field in fields(RegisterRow)]
    database = sqlite3.connect(place / "register.sqlite")
    database.execute("pragma journal_mode=wal")

    def write_parquet() -> None:
        for day, copy in zip(COPIES, copies, strict=True):
            folder.replace(f"register/sandbox/{day}.parquet", to_parquet(copy, RegisterRow))

    def write_sqlite() -> None:
        database.execute("drop table if exists statement")
        database.execute(f"create table statement ({', '.join(columns)})")
        for copy in copies:
            marks = ", ".join("?" * len(columns))
            database.executemany(f"insert into statement values ({marks})", [plain(row) for row in copy])
        database.execute("create index by_listing on statement (listing)")
        database.commit()

    count = len(COPIES) * LISTINGS * PROPERTIES
    compare(f"write {count:,} statements; peer: SQLite with an index", write_parquet, write_sqlite)
    names = folder.names("register/")
    asked = "sandbox:00042"
    with Engine() as engine:

        def one_parquet() -> int:
            table = engine.table(folder, names, RegisterRow)
            return len(engine.rows(history(table.filter(table.listing == asked))))

        def all_parquet() -> int:
            table = engine.table(folder, names, RegisterRow)
            return len(engine.rows(history(table).filter(lambda row: row.first_seen > COPIES[0]).select("id")))

        compare(
            "history of one listing; peer: SQLite by its index",
            one_parquet,
            lambda: ask(database, f"where listing = '{asked}'"),
        )
        compare(
            "every statement first seen after the first copy; peer: SQLite",
            all_parquet,
            lambda: ask(database, "", f"having min(list_date) > '{COPIES[0]}'"),
        )
    size = sum(folder.size(name) for name in names)
    database.close()
    print(f"bytes on disk: ours {size:,}, SQLite {(place / 'register.sqlite').stat().st_size:,}")


def ask(database: sqlite3.Connection, where: str, having: str = "") -> int:
    group = "group by id, list, entity, prop, value"
    query = f"select id, min(list_date), max(list_date) from statement {where} {group} {having}"
    return len(database.execute(query).fetchall())


def rows(day: date, *, listings: int) -> list[RegisterRow]:
    """Invented statements; one in fifty differs from copy to copy."""
    made = []
    for number in range(listings):
        listing = f"sandbox:{number:05d}"
        for prop in range(PROPERTIES):
            changed = day.isoformat() if (number * PROPERTIES + prop) % 50 == 0 else ""
            value = f"SANDBOX value {number} {prop} {changed}".strip()
            made.append(
                RegisterRow(
                    id=f"{listing}/{prop}/{changed}",
                    list="sandbox",
                    list_date=day,
                    listing=listing,
                    entity=listing,
                    schema="Person",
                    prop=f"property{prop}",
                    value=value,
                    cleaned=value,
                    rejected=None,
                    lang=None,
                    exhibit="0" * 64,
                    locator=f"row={number + 1}",
                )
            )
    return made


def row_record(row: RegisterRow) -> dict[str, str | None]:
    return {
        "id": row.id,
        "listing": row.listing,
        "prop": row.prop,
        "value": row.value,
        "cleaned": row.cleaned,
        "lang": row.lang,
    }


def plain(row: RegisterRow) -> tuple[object, ...]:
    """A row as SQLite takes it: its days as text."""
    values = CELLS(row)
    return (*values[:2], values[2].isoformat(), *values[3:])


def compare(what: str, ours: Callable[[], object], peer: Callable[[], object]) -> None:
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(timed(ours))
        theirs.append(timed(peer))
    a, b = statistics.median(mine), statistics.median(theirs)
    print(f"{what:<64}{a * 1000:>9.1f}ms{b * 1000:>9.1f}ms{b / a:>11.3f}")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
