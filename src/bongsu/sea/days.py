"""Days: the bins of each day of a lake, made once and kept beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final, Protocol

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from bongsu.evidence import Folder
from bongsu.evidence.sealing import sealed, unsealed
from bongsu.kernel.canonical import digest, digest_of
from bongsu.sea.bins import Bin, bins
from bongsu.sea.lake import Lake
from bongsu.sea.model import Position
from bongsu.tables import schema_of

_SHELF: Final = "sea/bins/"
_MADE_BY: Final = ("sea/bins.py", "sea/grid.py", "sea/model.py", "tables/moments.py")


class Reading(Protocol):
    """What is asked of an engine here."""

    def table(self, folder: Folder, names: Sequence[str], record: type) -> ibis.Table:
        """One table over files."""

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """What an expression gives."""


def binned(
    engine: Reading,
    folder: Folder,
    lake: Lake,
    *,
    since: date | None = None,
    until: date | None = None,
    clock: datetime | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> ibis.Table:
    """The bins of some days of a lake: only of days that are new or were added to, the positions are read.

    A bin lies within one day, so a day's bins depend on its positions alone. What is kept names its own digest and the
    code that made it: a changed file or a new release is made anew, never believed.

    Args:
        engine: reads and folds.
        folder: the store; what is made is kept under `sea/bins/`.
        lake: of the same store.
        since: the first day; None for all before `until`.
        until: the last day, included; None for all after `since`.
        clock: no report after it counts; None for all. The bins of its own day are made anew and not kept.
        tell: told the days that are made.

    Raises:
        EvidenceError: a file is absent or damaged.
    """
    names = []
    days = lake.position_files(since, until)
    if clock is not None:
        days = {day: parts for day, parts in days.items() if day <= clock.date()}
    begun = () if clock is None else days.pop(clock.date(), ())
    for day, parts in days.items():
        name = f"{_SHELF}{day}-{digest_of([*parts, _code()])[:16]}.parquet"
        if not _is_whole(folder, name):
            tell(f"folding {day}")
            _clear(folder, f"{_SHELF}{day}-")
            _keep(folder, name, engine.arrow(_sorted(bins(engine.table(folder, parts, Position)))))
        names.append(name)
    whole = engine.table(folder, names, Bin)
    if clock is None or not begun:
        return whole
    positions = engine.table(folder, begun, Position)
    return ibis.union(whole, bins(positions.filter(positions["at"] <= clock)).cast(whole.schema()))


def _sorted(table: ibis.Table) -> ibis.Table:
    return table.order_by("mmsi", "bin_s")


def _keep(folder: Folder, name: str, table: pa.Table) -> None:
    sink = BytesIO()
    pq.write_table(table.cast(schema_of(Bin)), sink, compression="zstd", store_schema=False)
    content = sink.getvalue()
    folder.replace(name, content)
    folder.replace(f"{name}.json", sealed({"bins": digest(content)}))


def _is_whole(folder: Folder, name: str) -> bool:
    summary = unsealed(folder, f"{name}.json")
    return summary is not None and folder.exists(name) and digest(folder.read(name)) == summary["bins"]


def _clear(folder: Folder, prefix: str) -> None:
    """Take away what was made of an earlier state of a day."""
    for name in folder.names(_SHELF):
        if name.startswith(prefix):
            folder.delete(name)


@cache
def _code() -> str:
    """The digest of the code that makes bins."""
    package = files("bongsu")
    return digest(b"\0".join((package / name).read_bytes() for name in _MADE_BY))
