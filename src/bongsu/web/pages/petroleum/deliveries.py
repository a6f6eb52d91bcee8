"""What tankers may have brought, from the indicators a reader may read: by calendar year, low, central and high."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from bongsu.cases.handling import Reader
from bongsu.web.pages.indicators.queries import ORDER
from bongsu.web.record.models import CycleRow, IndicatorRow

DETECTOR: Final = "sea.petroleum_delivery"
LINES: Final = ("low", "central", "high")
_WIDTH: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One call, what it may have brought, and what that comes to in its year.

    Args:
        row: its indicator.
        at: when she left.
        barrels: low, central and high; None where her size is not known.
        so_far: the sums of the year with it.
        crosses: the lines that pass the limit with it.
        basis: how it was estimated, in the detector's word.
        port: the name of the port.
    """

    row: IndicatorRow
    at: datetime
    barrels: Mapping[str, int] | None
    so_far: Mapping[str, int]
    crosses: tuple[str, ...]
    basis: str
    port: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A calendar year, or what of it a limit counts.

    Args:
        year: its number.
        begins, ends: the first and the last day that the limit counts in it.
        measure: the key of the measure that sets the limit.
        cap: the limit in barrels.
        totals: the sums, low, central and high.
        deliveries: by time.
    """

    year: int
    begins: date
    ends: date
    measure: str
    cap: int
    totals: Mapping[str, int]
    deliveries: Sequence[Delivery]

    @property
    def label(self) -> str:
        """The year, or the days where the limit counts less than one."""
        whole = (self.begins, self.ends) == (date(self.year, 1, 1), date(self.year, 12, 31))
        return str(self.year) if whole else f"{self.begins} – {self.ends}"

    @property
    def unknown(self) -> int:
        """Calls of tankers whose size is not known: they are in no sum."""
        return sum(delivery.barrels is None for delivery in self.deliveries)

    @property
    def crossings(self) -> list[tuple[str, Delivery]]:
        """Each line that passed the limit, and the delivery with which it did."""
        return [(line, delivery) for delivery in self.deliveries for line in delivery.crosses]

    @property
    def sandbox(self) -> bool:
        """Whether any of it is invented."""
        return any(delivery.row.sandbox for delivery in self.deliveries)

    @property
    def gauge(self) -> dict[str, int]:
        """Where the parts of the gauge lie, from 0 to 1000: low, central, high, the span between, and the limit."""
        most = max(self.cap, self.totals["high"]) * 1.05
        at = {line: round(_WIDTH * self.totals[line] / most) for line in LINES}
        return {**at, "span": max(2, at["high"] - at["low"]), "cap": round(_WIDTH * self.cap / most)}


def years(reader: Reader, cycle: CycleRow) -> list[Year]:
    """The calendar years with deliveries that a limit counts, the newest first.

    What a reader may not read is in no sum. What people dismissed is in them still: a dismissal says that a sign needs
    no work, not that nothing was brought.

    Args:
        reader: who asks.
        cycle: the newest cycle; only what it found counts.
    """
    ids = IndicatorRow.objects.readable_by(reader).filter(detector=DETECTOR, last_cycle=cycle).order_by(*ORDER)
    rows = IndicatorRow.objects.in_bulk(list(ids.values_list("id", flat=True))).values()
    by_year: dict[int, list[IndicatorRow]] = {}
    for row in sorted(rows, key=lambda row: (row.ends_at, row.id)):
        if _limit(row) is not None:
            by_year.setdefault(row.record["facts"]["year"], []).append(row)
    return [_year(number, by_year[number]) for number in sorted(by_year, reverse=True)]


def _year(number: int, rows: Sequence[IndicatorRow]) -> Year:
    limit = _limit(rows[0]) or {}
    cap = int(limit["barrels"])
    sums = dict.fromkeys(LINES, 0)
    deliveries = []
    for row in rows:
        facts = row.record["facts"]
        before, barrels = dict(sums), facts["barrels"]
        for line in LINES:
            sums[line] += 0 if barrels is None else barrels[line]
        crosses = tuple(line for line in LINES if before[line] <= cap < sums[line])
        deliveries.append(_delivery(row, facts, dict(sums), crosses))
    return Year(
        year=number,
        begins=date.fromisoformat(limit["from"]),
        ends=date.fromisoformat(limit["until"]),
        measure=limit["measure"],
        cap=cap,
        totals=sums,
        deliveries=deliveries,
    )


def _limit(row: IndicatorRow) -> Mapping[str, Any] | None:
    """The limit that a delivery counts against; None before there was one."""
    facts: Mapping[str, Any] = row.record["facts"]
    if "limit" in facts:
        found: Mapping[str, Any] | None = facts["limit"]
        return found
    # Of a cycle of an earlier release, which held every year against this one.
    year = facts["year"]
    return {
        "measure": "2397/5",
        "barrels": facts["cap_barrels"],
        "from": f"{year}-01-01",
        "until": f"{year}-12-31",
    }


def _delivery(
    row: IndicatorRow, facts: Mapping[str, Any], so_far: Mapping[str, int], crosses: tuple[str, ...]
) -> Delivery:
    return Delivery(
        row=row,
        at=row.ends_at or row.begins_at,
        barrels=facts["barrels"],
        so_far=so_far,
        crosses=crosses,
        basis=facts["basis"],
        port=(row.record["place"] or {}).get("name") or facts["port"],
    )
