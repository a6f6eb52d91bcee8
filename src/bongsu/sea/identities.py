"""What transponders say of their ships: static reports in a row that agree, as one identity with its times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyarrow as pa

from bongsu.sea.model import Identity
from bongsu.tables import schema_of

Value: TypeAlias = int | float | str | None

IDENTITIES: Final = schema_of(Identity)
#: The fields of an identity that a report can speak of.
SAID: Final = ("imo", "name", "call_sign", "ship_type", "length_m", "beam_m", "draught_m", "destination")
_SECOND: Final = 1_000_000  # in microseconds; times are kept in whole seconds
_NO_TYPE: Final = 0
_LAST_TYPE: Final = 99


@dataclass(frozen=True, slots=True)
class Said:
    """What one report says of a ship.

    Args:
        family: reports of one family speak of the same fields (or halves of them), such as `5` or `24`.
        values: the fields it speaks of; None where it says that it does not know.
    """

    family: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Report:
    """A static report.

    Args:
        line: its line or row.
        mmsi: who sent it.
        at: when, microseconds since 1970.
        world: `sandbox` or the empty text.
        said: what it says.
    """

    line: int
    mmsi: int
    at: int
    world: str
    said: Said


@dataclass(slots=True)
class _Run:
    """Reports in a row that agree."""

    report: Report
    values: dict[str, Value]
    first_at: int
    last_at: int
    reports: int = 1


def identities(reports: Iterable[Report], *, source: str, exhibit: str) -> pa.Table:
    """Static reports as identities: those of one number in a row that do not contradict one another are one.

    The two halves of a class B report (message 24, parts A and B) speak of different fields, and so are paired by their
    number. A half that changes begins a new identity, of which the other half is unknown until it is sent again.

    Args:
        reports: in the order of the file.
        source: the source's id.
        exhibit: SHA-256 of the exhibit.

    Returns:
        The columns of `Identity`, by row.
    """
    open_runs: dict[tuple[int, str, str], _Run] = {}
    runs: list[_Run] = []
    for report in reports:
        key = (report.mmsi, report.world, report.said.family)
        run = open_runs.get(key)
        if run is None or not _agrees(run, report):
            run = _Run(report=report, values=dict(report.said.values), first_at=report.at, last_at=report.at)
            open_runs[key] = run
            runs.append(run)
            continue
        run.values.update(report.said.values)
        run.first_at, run.last_at = min(run.first_at, report.at), max(run.last_at, report.at)
        run.reports += 1
    rows = [_row(run, source, exhibit) for run in sorted(runs, key=lambda run: run.report.line)]
    columns = [pa.array([row[entry.name] for row in rows], entry.type) for entry in IDENTITIES]
    return pa.Table.from_arrays(columns, schema=IDENTITIES)


def text(sent: str | None) -> str | None:
    """A text as sent, up to the first `@` (which ends it, ITU-R M.1371-5, annex 8) and without blanks around it."""
    return (sent or "").partition("@")[0].strip() or None


def ship_type(sent: int | None) -> int | None:
    """A type of ship and cargo; None for 0, which says nothing, and for numbers that mean no type."""
    return sent if sent is not None and _NO_TYPE < sent <= _LAST_TYPE else None


def metres(*distances: int | None) -> float | None:
    """The sum of the distances from the antenna to two ends of a ship; None where none was sent."""
    return float(sum(distance or 0 for distance in distances)) or None


def _agrees(run: _Run, report: Report) -> bool:
    return all(run.values[name] == value for name, value in report.said.values.items() if name in run.values)


def _row(run: _Run, source: str, exhibit: str) -> dict[str, Value]:
    report = run.report
    return {
        "mmsi": report.mmsi,
        "first_at": run.first_at // _SECOND * _SECOND,
        "last_at": run.last_at // _SECOND * _SECOND,
        "reports": run.reports,
        **{name: run.values.get(name) for name in SAID},
        "source": source,
        "exhibit": exhibit,
        "row": report.line,
        "world": report.world,
    }
