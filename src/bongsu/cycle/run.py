"""One cycle of the watch, from collecting to the manifest; killed at any moment, the last good state stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bongsu.cycle.anchors import MANIFEST, cycle_ids, expect_last_anchor, write_anchor
from bongsu.cycle.collect import collect, keep_sandbox, keep_sandbox_customers, keep_sandbox_sea
from bongsu.cycle.compute import INDICATORS, Inputs, Outputs, compute, real_copies, sandbox_takes_part
from bongsu.cycle.config import Config
from bongsu.cycle.copies import Accepted, damaged_exhibits
from bongsu.cycle.library import Library
from bongsu.cycle.manifest import clock_in, cycle_id, inputs_record, manifest_record, read_manifest
from bongsu.cycle.version import TOOL, code_digest
from bongsu.cycle.waters import damaged_files, imported
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import canonical_json, digest
from bongsu.kernel.clock import instant, stamp
from bongsu.kernel.errors import EvidenceError, NotReproducedError, UsageError
from bongsu.lists.judgements import JudgementLog
from bongsu.lists.register import Copy, copy_from_record, ordered
from bongsu.reports.model import CycleReport

# The clocks of two machines differ by hours where a zone was mistaken, and never rightly by more.
_AHEAD: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleResult:
    """A finished cycle.

    Args:
        cycle: its id.
        folder: its folder in the store, such as `cycles/20261124T060000Z-0a1b2c3d`.
        report: what it found.
        damaged: exhibits it would have used and found missing or changed, by digest, sorted.
        mended: exhibits that it found damaged and put the same bytes, received or made once more, in the place of, by
            digest, sorted.
        later: the finished cycles whose clock is after its own, by clock: questions are answered from the last of them.
    """

    cycle: str
    folder: str
    report: CycleReport
    damaged: tuple[str, ...]
    mended: tuple[str, ...]
    later: tuple[str, ...]


def run_cycle(
    config: Config,
    clock: datetime,
    now: Callable[[], datetime],
    tell: Callable[[str], None] = lambda _: None,
    *,
    may_be_ahead: bool = False,
) -> CycleResult:
    """Collect, read, compare, detect and report.

    The manifest is written last: a cycle without one never happened, and running again completes it. The same inputs
    and clock write the same bytes under the same name; where they would be others, the finished cycle is left as it is.

    Args:
        config: what to watch and where to keep it.
        clock: the cycle's time, taken to the whole second; everything in its outputs that depends on time depends on
            this.
        now: the wall clock, for the custody log, and to know a clock that is ahead of it.
        tell: told in a few words what is being done.
        may_be_ahead: whether the clock may be more than a day after the wall clock. Such a cycle hides every later one
            until its day comes.

    Raises:
        UsageError: a file the configuration names is not there or cannot be read, or the clock is ahead.
        BusyError: another process works on the same store.
        EvidenceError: the store cannot be written, the custody log was cut, rewritten or damaged since the last cycle,
            or what that cycle left is damaged.
        NotReproducedError: the very same cycle is finished, and its outputs would now be other bytes.
    """
    clock = clock.replace(microsecond=0)
    if clock > now() + _AHEAD and not may_be_ahead:
        raise UsageError(
            f"the clock of the cycle, {stamp(clock)}, is more than a day ahead of this machine's, {stamp(now())}",
            remedy="correct one of them; with --clock-ahead it runs, and answers come from it until its day is past",
        )
    folder = Folder.open(config.store)
    with folder.exclusive():
        folder.sweep()
        store = ExhibitStore(folder, tool=TOOL)
        expect_last_anchor(store)
        library = Library(store, folder)
        inputs, real = _gathered(config, store, library, clock, now, tell)
        outputs = compute(inputs, real, library, tell)
        place = f"cycles/{inputs.cycle}"
        is_finished = _is_finished(folder, place, outputs)
        for name, content in outputs.files.items():
            folder.replace(f"{place}/{name}", content)
        write_anchor(store, inputs.cycle)
        if not is_finished:
            folder.replace(f"{place}/{MANIFEST}", canonical_json(manifest_record(inputs, outputs)))
        damaged = tuple(sorted(inputs.damaged))
        mended = tuple(sorted(set(store.mended)))
        later = tuple(cycle for cycle in cycle_ids(folder) if clock_in(cycle) > clock_in(inputs.cycle))
        return CycleResult(
            cycle=inputs.cycle, folder=place, report=outputs.report, damaged=damaged, mended=mended, later=later
        )


def _is_finished(folder: Folder, place: str, outputs: Outputs) -> bool:
    """Whether a cycle is finished already, with these very outputs.

    Raises:
        NotReproducedError: it is finished with others.
    """
    name = f"{place}/{MANIFEST}"
    if not folder.exists(name):
        return False
    named = {output: row["sha256"] for output, row in _manifest(folder, name)["outputs"].items()}
    computed = {output: digest(content) for output, content in outputs.files.items()}
    other = sorted(output for output in named.keys() | computed if named.get(output) != computed.get(output))
    if other:
        raise NotReproducedError(
            f"this cycle is finished, and these outputs would now be other bytes: {', '.join(other)}",
            where=folder.url(place),
            remedy="it is left as it is; bongsu reproduce says what differs, and another --clock makes another cycle",
        )
    return True


def _gathered(
    config: Config,
    store: ExhibitStore,
    library: Library,
    clock: datetime,
    now: Callable[[], datetime],
    tell: Callable[[str], None],
) -> tuple[Inputs, Accepted]:
    """Everything a cycle depends on, and the real copies that count; the sandbox is received only where it is used."""
    previous = latest_manifests(store.folder, before=clock)
    known = known_copies(previous)
    collection = collect(config, store, clock, now, tell)
    tell("hashing the exhibits in use")
    positions = imported(store.folder)
    damaged = damaged_exhibits(library, [copy for copy in known if not copy.sandbox], store.is_sound)
    damaged |= damaged_files(positions, store.is_sound)
    real = real_copies(library, known, collection.deliveries, damaged, tell)
    invented = sandbox_takes_part(config.sandbox, real)
    customers = collection.customers
    ships = invented and config.sandbox_ships and not positions
    if invented and not customers:
        customers = (keep_sandbox_customers(store, clock, now),)
    inputs = Inputs(
        cycle="",
        clock=clock,
        previous=str(previous[-1]["cycle"]) if previous else None,
        known_indicators=_known_indicators(store.folder, previous),
        known_copies=known,
        damaged=damaged,
        deliveries=collection.deliveries,
        sandbox=keep_sandbox(store, clock, now) if invented else (),
        sandbox_mode=config.sandbox,
        shortfalls=collection.shortfalls,
        watched=tuple(sorted(settings.list_id for settings in config.lists)),
        judgements=JudgementLog(store.folder).entries(),
        customers=customers,
        sea=positions,
        sandbox_sea=(keep_sandbox_sea(store, clock, now),) if ships else (),
        min_score=config.min_score,
    )
    return replace(inputs, cycle=cycle_id(inputs_record(inputs), code_digest())), real


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
    found: dict[str, Copy] = {}
    for copy in rows:
        other = found.get(copy.id)
        found[copy.id] = copy if other is None or other.last_served_at is None else copy.served(other.last_served_at)
    return ordered(found.values())


def _manifest(folder: Folder, name: str) -> dict[str, Any]:
    try:
        return read_manifest(folder.read(name), where=folder.url(name))
    except UsageError as error:
        if error.what.startswith("has the format"):  # not damaged, only another release's
            raise
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
