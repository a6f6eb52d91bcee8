"""One cycle of the watch, from collecting to the manifest; killed at any moment, the last good state stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bongsu.cycle.collect import collect, keep_sandbox
from bongsu.cycle.compute import INDICATORS, Inputs, compute
from bongsu.cycle.config import Config
from bongsu.cycle.copies import Library
from bongsu.cycle.manifest import CUSTODY, MANIFEST, cycle_id, inputs_record, manifest_record, read_manifest
from bongsu.cycle.version import TOOL, code_digest
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import canonical_json, digest
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import EvidenceError, UsageError
from bongsu.lists.register import Copy, copy_from_record, ordered
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
        clock: the cycle's time, taken to the whole second; everything in its outputs that depends on time depends on
            this.
        now: the wall clock, for the custody log only.
        tell: told in a few words what is being done.

    Raises:
        BusyError: another process works on the same store.
        EvidenceError: the store cannot be written, or an exhibit is damaged.
    """
    clock = clock.replace(microsecond=0)
    folder = Folder.open(config.store)
    with folder.exclusive():
        folder.sweep()
        store = ExhibitStore(folder, tool=TOOL)
        previous = latest_manifests(folder, before=clock)
        collection = collect(config, store, clock, now, tell)
        sandbox = () if config.sandbox == "never" else keep_sandbox(store, clock, now)
        inputs = Inputs(
            cycle="",
            clock=clock,
            previous=str(previous[-1]["cycle"]) if previous else None,
            known_indicators=_known_indicators(folder, previous),
            known_copies=known_copies(previous),
            deliveries=collection.deliveries,
            sandbox=sandbox,
            sandbox_mode=config.sandbox,
            shortfalls=collection.shortfalls,
            watched=tuple(sorted(settings.list_id for settings in config.lists)),
        )
        inputs = replace(inputs, cycle=cycle_id(inputs_record(inputs), code_digest()))
        library = Library(store, folder)
        outputs = compute(inputs, library, tell)
        place = f"cycles/{inputs.cycle}"
        for name, content in outputs.files.items():
            folder.replace(f"{place}/{name}", content)
        seq, head = store.custody.head()
        # Beside the outputs, not one of them: the custody log keeps real time. It anchors the log against a cut.
        folder.replace(f"{place}/{CUSTODY}", canonical_json({"seq": seq, "digest": head}))
        folder.replace(f"{place}/{MANIFEST}", canonical_json(manifest_record(inputs, outputs)))
        return CycleResult(cycle=inputs.cycle, folder=place, report=outputs.report)


def cycle_ids(folder: Folder) -> list[str]:
    """The finished cycles of a store, by clock."""
    names = folder.names("cycles/")
    return [name.split("/")[1] for name in names if name.endswith(f"/{MANIFEST}")]


# Any: JSON of our making
def latest_manifests(folder: Folder, before: datetime | None = None) -> list[dict[str, Any]]:
    """The manifests of the last finished cycle (of those whose clock is before a time), sorted by id.

    Several where cycles ran with one clock over different inputs: each may hold copies that the others lack.

    Raises:
        EvidenceError: one of them is damaged.
    """
    found: list[dict[str, Any]] = []
    for cycle in reversed(cycle_ids(folder)):
        record = _manifest(folder, f"cycles/{cycle}/{MANIFEST}")
        clock = instant(record["inputs"]["clock"])
        if before is not None and clock >= before:
            continue
        if found and clock != instant(found[0]["inputs"]["clock"]):
            break
        found.insert(0, record)
    return found


def known_copies(manifests: Sequence[dict[str, Any]], *, readable: bool = False) -> tuple[Copy, ...]:
    """The copies that manifests hand on, each once, by list and date.

    Args:
        manifests: of one clock.
        readable: only those that their cycle could read.
    """
    keys = ("copies",) if readable else ("copies", "unread")
    rows = [copy_from_record(row) for manifest in manifests for key in keys for row in manifest[key]]
    return ordered({(copy.list_id, copy.key): copy for copy in rows}.values())


def _manifest(folder: Folder, name: str) -> dict[str, Any]:
    try:
        return read_manifest(folder.read(name), where=folder.url(name))
    except UsageError as error:
        raise EvidenceError(
            f"damaged: {error.what}", where=error.where, remedy="restore it from a backup or a member's mirror"
        ) from None


def _known_indicators(folder: Folder, manifests: Sequence[dict[str, Any]]) -> frozenset[str]:
    found: set[str] = set()
    for manifest in manifests:
        name = f"cycles/{manifest['cycle']}/{INDICATORS}"
        content = folder.read(name)
        if digest(content) != manifest["outputs"][INDICATORS]["sha256"]:
            raise EvidenceError(
                "damaged: these are not the bytes its manifest names",
                where=folder.url(name),
                remedy="restore it from a backup or a member's mirror",
            )
        found.update(str(row["id"]) for row in json.loads(content))
    return frozenset(found)
