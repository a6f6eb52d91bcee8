"""One cycle of the watch, from collecting to the manifest; killed at any moment, the last good state stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bongsu.cycle.collect import collect, keep_sandbox
from bongsu.cycle.compute import INDICATORS, Inputs, compute
from bongsu.cycle.config import Config
from bongsu.cycle.copies import Library
from bongsu.cycle.manifest import MANIFEST, cycle_id, inputs_record, manifest_record, read_manifest
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.clock import instant
from bongsu.lists.register import copy_from_record, copy_record
from bongsu.reports.model import CycleReport


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleResult:
    """A finished cycle.

    Args:
        cycle: its id.
        folder: its folder in the store, such as `cycles/20261124T060000Z-0a1b2c3d`.
        report: what it found.
    """

    cycle: str
    folder: str
    report: CycleReport


def run_cycle(
    config: Config, clock: datetime, now: Callable[[], datetime], tell: Callable[[str], None] = lambda _: None
) -> CycleResult:
    """Collect, read, compare, detect and report.

    The manifest is written last: a cycle without one never happened, and running again completes it. The same inputs
    and clock write the same bytes under the same name.

    Args:
        config: what to watch and where to keep it.
        clock: the cycle's time; everything in its outputs that depends on time depends on this.
        now: the wall clock, for the custody log only.
        tell: told in a few words what is being done.

    Raises:
        BusyError: another process works on the same store.
        EvidenceError: the store cannot be written, or an exhibit is damaged.
    """
    folder = Folder.open(config.store)
    with folder.exclusive():
        folder.sweep()
        store = ExhibitStore(folder, tool=TOOL)
        previous = latest_manifest(folder, before=clock)
        collection = collect(config, store, clock, now, tell)
        sandbox = () if config.sandbox == "never" else keep_sandbox(store, clock, now)
        inputs = Inputs(
            cycle="",
            clock=clock,
            previous=None if previous is None else str(previous["cycle"]),
            known_indicators=_known_indicators(folder, previous),
            known_copies=() if previous is None else tuple(copy_from_record(row) for row in previous["copies"]),
            deliveries=collection.deliveries,
            sandbox=sandbox,
            sandbox_mode=config.sandbox,
            shortfalls=collection.shortfalls,
            watched=tuple(sorted(settings.list_id for settings in config.lists)),
        )
        inputs = replace(inputs, cycle=cycle_id(inputs_record(inputs)))
        library = Library(store, folder)
        outputs = compute(inputs, library, tell)
        place = f"cycles/{inputs.cycle}"
        for name, content in outputs.files.items():
            folder.replace(f"{place}/{name}", content)
        manifest = manifest_record(inputs, outputs.files, [copy_record(read.copy) for read in outputs.copies])
        folder.replace(f"{place}/{MANIFEST}", canonical_json(manifest))
        seq, head = store.custody.head()
        # Beside the outputs, not one of them: the custody log keeps real time. It anchors the log against a cut.
        folder.replace(f"{place}/custody.json", canonical_json({"seq": seq, "digest": head}))
        return CycleResult(cycle=inputs.cycle, folder=place, report=outputs.report)


def cycle_ids(folder: Folder) -> list[str]:
    """The finished cycles of a store, by clock."""
    names = folder.names("cycles/")
    return [name.split("/")[1] for name in names if name.endswith(f"/{MANIFEST}")]


def latest_manifest(folder: Folder, before: datetime | None = None) -> dict[str, Any] | None:  # Any: JSON of our making
    """The manifest of the last finished cycle (of those whose clock is before a time), or None."""
    for cycle in reversed(cycle_ids(folder)):
        name = f"cycles/{cycle}/{MANIFEST}"
        record = read_manifest(folder.read(name), where=folder.url(name))
        if before is None or instant(record["inputs"]["clock"]) < before:
            return record
    return None


def _known_indicators(folder: Folder, previous: dict[str, Any] | None) -> frozenset[str]:
    if previous is None:
        return frozenset()
    rows: list[dict[str, Any]] = json.loads(folder.read(f"cycles/{previous['cycle']}/{INDICATORS}"))
    return frozenset(str(row["id"]) for row in rows)
