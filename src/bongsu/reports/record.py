"""The canonical record of a report: everything the page says, as one JSON value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.kernel.indicator import Indicator
from bongsu.law import Measure, Regime
from bongsu.lists.changes import counts
from bongsu.lists.model import LISTED_SCHEMATA, kind_of
from bongsu.lists.register import Copy, copy_record
from bongsu.reports.model import CopyInForce, CycleReport, Designated, ListState, PositionsFile, StepOfList
from bongsu.reports.register import register_section
from bongsu.reports.screening import screening_section
from bongsu.reports.sea import sea_section

FORMAT: Final = "bongsu-report/1"
NOTICE: Final = (
    "An indicator is a sign found by a machine, not an accusation and not a finding. "
    "Names are printed as the lists print them; a person of the same name may be someone else."
)
SANDBOX_NOTICE: Final = (
    "Part of this report comes from the SANDBOX: an invented world for trying Bongsu out. "
    "Every entry marked SANDBOX is invented."
)


def report_record(report: CycleReport) -> dict[str, JsonValue]:
    """The record of a report; equal reports give equal records.

    Returns:
        Lists sorted by id, steps by list and date, indicators by score and subject, exhibits by digest.
    """
    sandbox = any(state.in_force is not None and state.in_force.copy.sandbox for state in report.lists)
    sandbox |= any(file.sandbox for file in report.positions)
    return {
        "format": FORMAT,
        "cycle": report.cycle,
        "clock": stamp(report.clock),
        "previous": report.previous,
        "bongsu": {"version": report.version},
        "sandbox": sandbox,
        "notices": [NOTICE, *([SANDBOX_NOTICE] if sandbox else [])],
        "summary": _summary(report),
        "lists": [_list(state, report.warnings(state.card.id)) for state in report.lists],
        "changes": [_step(step) for step in report.steps],
        "indicators": [_indicator(indicator, report.known_indicators) for indicator in report.indicators],
        "sea": sea_section(report.sea, report.positions),
        "register": register_section(report.resolution, report.coverage),
        "screening": screening_section(report.screened),
        "designated": [_designated(state, row) for state in report.lists for row in _listings(state)],
        "law": _law(report.regime, report.clock.date(), report.indicators),
        "quarantine": [
            {"list": state.card.id, **row.record()}
            for state in report.lists
            if state.in_force is not None
            for row in state.in_force.set_aside
        ],
        "exhibits": _exhibits(report),
    }


def _summary(report: CycleReport) -> dict[str, JsonValue]:
    new_steps = [step for step in report.steps if step.new]
    changes = Counter[str]()
    for step in new_steps:
        changes.update(counts(change for change in step.changes if step.card.is_dprk(change.all_programmes)))
    in_force = [state.in_force for state in report.lists if state.in_force is not None]
    return {
        "lists_watched": len(report.lists),
        "lists_in_force": len(in_force),
        "lists_not_reached": sum(state.status == "not reached" for state in report.lists),
        "copies_refused": sum(len(state.refusals) for state in report.lists),
        "warnings": sum(len(report.warnings(state.card.id)) for state in report.lists),
        "new_copies": sum(len(state.new_copies) for state in report.lists),
        "designated_dprk": sum(copy.tally.dprk for copy in in_force),
        "dprk_changes_since_last_cycle": dict(sorted(changes.items())),
        "indicators": len(report.indicators),
        "indicators_new": sum(indicator.id not in report.known_indicators for indicator in report.indicators),
        "quarantined": sum(copy.tally.set_aside for copy in in_force),
    }


def _list(state: ListState, warnings: Sequence[str]) -> dict[str, JsonValue]:
    card = state.card
    return {
        "id": card.id,
        "title": card.title,
        "authority": card.authority,
        "authority_name": card.authority_name,
        "homepage": card.homepage,
        "licence": card.licence,
        "status": state.status,
        "problems": list(state.problems),
        "refusals": list(state.refusals),
        "warnings": list(warnings),
        "copies": state.copies,
        "new_copies": [day.isoformat() for day in state.new_copies],
        "in_force": None if state.in_force is None else _in_force(state.in_force),
    }


def _in_force(copy: CopyInForce) -> dict[str, JsonValue]:
    kinds = Counter(kind_of(row.schema) for row in copy.designated)
    return {
        **copy_record(copy.copy),
        "age_days": copy.age_days,
        "counts": copy.tally.record(),
        "dprk_by_kind": {schema: kinds[schema] for schema in LISTED_SCHEMATA},
        "parts_missing": list(copy.parts_missing),
    }


def _step(step: StepOfList) -> dict[str, JsonValue]:
    dprk = [change for change in step.changes if step.card.is_dprk(change.all_programmes)]
    return {
        "list": step.card.id,
        "authority": step.card.authority,
        "from": step.old.list_date.isoformat(),
        "to": step.later.list_date.isoformat(),
        "new": step.new,
        "loss": step.loss,
        "counts": dict(counts(step.changes)),
        "dprk_counts": dict(counts(dprk)),
        "dprk": [change.record() for change in dprk],
    }


def _indicator(indicator: Indicator, known: frozenset[str]) -> dict[str, JsonValue]:
    return {**indicator.record(), "new": indicator.id not in known}


def _listings(state: ListState) -> Sequence[Designated]:
    return () if state.in_force is None else state.in_force.designated


def _designated(state: ListState, row: Designated) -> dict[str, JsonValue]:
    return {
        "list": state.card.id,
        "listing": row.listing,
        "reference": row.reference,
        "schema": row.schema,
        "name": row.name,
        "listed_on": row.listed_on,
        "programmes": list(row.programmes),
        "citation": row.citation,
    }


def _law(regime: Regime, on: date, indicators: Sequence[Indicator]) -> dict[str, JsonValue]:
    verification = regime.verification()
    cited = sorted({key for indicator in indicators for key in indicator.measures})
    return {
        "resolutions": sum(resolution.kind != "draft" for resolution in regime.resolutions),
        "measures": len(regime.measures()),
        "measures_in_force": len(regime.in_force(on)),
        "values_verified": verification.verified,
        "values_unverified": verification.unverified,
        "cited": [_measure(regime.measure(key)) for key in cited],
    }


def _measure(measure: Measure) -> dict[str, JsonValue]:
    return {
        "key": measure.key,
        "resolution": measure.resolution,
        "paragraph": measure.paragraph,
        "title": measure.title,
        "says": measure.says,
        "verified": measure.check.is_verified,
    }


def _exhibits(report: CycleReport) -> list[JsonValue]:
    """Every exhibit that a copy in force or a step was read from, once."""
    copies: list[Copy] = [state.in_force.copy for state in report.lists if state.in_force is not None]
    for step in report.steps:
        copies += [step.old, step.later]
    rows: dict[str, JsonValue] = {
        part.exhibit: {
            "sha256": part.exhibit,
            "received_as": part.received,
            "list": copy.list_id,
            "part": part.name,
            "list_date": copy.list_date.isoformat(),
            "received_at": stamp(copy.received_at),
            "origin": part.origin,
            "sandbox": copy.sandbox,
        }
        for copy in copies
        for part in copy.parts
    }
    for screened in report.screened:
        file = screened.file
        rows[file.exhibit] = {
            "sha256": file.exhibit,
            "received_as": file.received,
            "list": "customers",
            "part": file.name,
            "list_date": report.clock.date().isoformat(),
            "received_at": stamp(report.clock),
            "origin": file.origin,
            "sandbox": file.sandbox,
        }
    for positions in report.positions:
        for part, exhibit in ((positions.source, positions.exhibit), *positions.beside):
            rows[exhibit] = _position_exhibit(positions, part, exhibit)
    return [rows[key] for key in sorted(rows)]


def _position_exhibit(positions: PositionsFile, part: str, exhibit: str) -> JsonValue:
    return {
        "sha256": exhibit,
        "received_as": exhibit,
        "list": "positions",
        "part": part,
        "list_date": positions.received_at.date().isoformat(),
        "received_at": stamp(positions.received_at),
        "origin": "the lake of ship positions",
        "sandbox": positions.sandbox,
    }
