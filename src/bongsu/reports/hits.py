"""How hits are written down: a line for a person, a row of CSV, a JSON line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Final

from bongsu.kernel.canonical import canonical_json
from bongsu.lists.customers import Customer
from bongsu.names import Hit
from bongsu.reports.screening import hit_record

COLUMNS: Final = (
    *("row", "id", "name", "score", "entity", "schema", "caption", "matched_name", "source", "sandbox", "reasons"),
    "problem",
)
AGAINST: Final = "screened_against"
# A spreadsheet takes a cell that begins so for a formula; a hostile name must not become one (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class HitWriter:
    """Writes each customer with its hits, and counts.

    Args:
        put: takes the text of some lines.
        as_json: JSON lines; else CSV with a header.
        against: what is screened against, in words; it stands in every row, since rows are copied out of their file.
            Empty leaves it out.
    """

    def __init__(self, put: Callable[[str], object], *, as_json: bool, against: str = "") -> None:
        self._put = put
        self._as_json = as_json
        self._against = (against,) if against else ()
        self._customers = self._with_hits = self._problems = 0
        self._unused: tuple[str, ...] = ()
        if not as_json:
            put(_csv_line((*COLUMNS, *(AGAINST for _ in self._against))))

    @property
    def summary(self) -> str:
        """What was screened, in words."""
        problems = f", {self._problems:,} with something that could not be read" if self._problems else ""
        unused = f"; columns not used: {', '.join(self._unused)}" if self._unused else ""
        return f"{self._customers:,} rows, {self._with_hits:,} with hits{problems}{unused}"

    def write(self, customer: Customer, hits: Sequence[Hit]) -> None:
        """One customer: a row for each hit, or one that says there is none."""
        self._customers += 1
        self._unused = customer.unused
        self._with_hits += bool(hits)
        self._problems += customer.problem is not None
        if self._as_json:
            record = {
                "row": customer.row,
                "id": customer.id,
                "name": customer.name,
                "hits": [hit_record(hit) for hit in hits],
                "problem": customer.problem,
                **({AGAINST: self._against[0]} if self._against else {}),
            }
            self._put(canonical_json(record).decode() + "\n")
            return
        own = (str(customer.row), customer.id or "", customer.name)
        problem = customer.problem or ""
        for hit in hits:
            self._put(_csv_line((*own, *_cells(hit), problem, *self._against)))
        if not hits:
            self._put(_csv_line((*own, *("" for _ in COLUMNS[3:-1]), problem, *self._against)))


def _cells(hit: Hit) -> tuple[str, ...]:
    entity = hit.entity
    return (
        f"{hit.score:.3f}",
        *(entity.id, entity.schema, entity.caption, hit.name or "", entity.source),
        "SANDBOX: invented" if entity.sandbox else "",
        "; ".join(hit.reasons),
    )


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    )
    return line.getvalue()
