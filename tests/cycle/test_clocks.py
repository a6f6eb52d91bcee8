"""The clock of a cycle: one ahead is refused, cycles after it are told, and the log is guarded all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.cycle.anchors import anchors, expect_last_anchor, write_anchor
from bongsu.cycle.config import read_config
from bongsu.cycle.run import run_cycle
from bongsu.evidence import CustodyEvent, ExhibitStore, Folder
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from bongsu.cycle.run import CycleResult
    from conftest import Watch

NOW = instant("2026-01-16T06:00:07Z")
BOTH = {"KPi.901": "SANDBOX PERSON ONE", "KPe.903": "SANDBOX TRADING THREE"}


def run(watch: Watch, clock: str, *, may_be_ahead: bool = False) -> CycleResult:
    """A cycle of a clock, on a machine whose own says the 16th of January 2026."""
    return run_cycle(read_config(watch.config), instant(clock), lambda: NOW, may_be_ahead=may_be_ahead)


@pytest.fixture
def listed(watch: Watch, un_list: Callable[..., bytes]) -> Watch:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure('[[lists.un_sc.copy]]\nparts = { consolidated = "a.xml" }', when="never")
    return watch


def test_a_clock_more_than_a_day_ahead_is_refused_before_anything_is_received(listed: Watch) -> None:
    with pytest.raises(UsageError, match="2036-03-01T00:00:00Z, is more than a day ahead of this machine's") as refused:
        run(listed, "2036-03-01T00:00:00Z")
    assert "--clock-ahead" in str(refused.value.remedy)
    assert Folder.open(str(listed.folder / "data")).names() == []
    assert run(listed, "2026-01-17T06:00:07Z").later == ()


def test_a_cycle_tells_which_finished_ones_lie_after_it(listed: Watch) -> None:
    ahead = run(listed, "2036-03-01T00:00:00Z", may_be_ahead=True)
    today = run(listed, "2026-01-16T06:00:00Z")
    assert (ahead.later, today.later) == ((), (ahead.cycle,))
    # Moved out of the way, as the warning says, it hides nothing any more.
    (listed.folder / "data" / ahead.folder).rename(listed.folder / "kept elsewhere")
    assert run(listed, "2026-01-16T07:00:00Z").later == ()


def test_a_log_that_was_cut_is_seen_though_another_cycle_has_the_later_clock(
    listed: Watch, un_list: Callable[..., bytes]
) -> None:
    run(listed, "2036-03-01T00:00:00Z", may_be_ahead=True)
    listed.keep("a.xml", un_list("2026-01-15", {**BOTH, "KPi.902": "SANDBOX PERSON TWO"}))
    run(listed, "2026-01-16T06:00:00Z")
    store = Folder.open(str(listed.folder / "data"))
    store.delete(store.names("custody/")[-1])
    with pytest.raises(EvidenceError, match="cut off: it ends at entry 1, and entry 2 was known"):
        run(listed, "2026-01-16T07:00:00Z")


@settings(max_examples=60)
@given(
    clocks=st.lists(st.integers(0, 9999), min_size=1, max_size=6, unique=True),
    grown=st.lists(st.integers(0, 2), min_size=6, max_size=6),
    cut=st.integers(0, 12),
)
def test_whatever_the_clocks_a_log_that_is_shorter_than_any_cycle_knew_it_is_refused(
    tmp_path_factory: pytest.TempPathFactory, clocks: list[int], grown: list[int], cut: int
) -> None:
    folder = Folder.open(str(tmp_path_factory.mktemp("store")))
    store = ExhibitStore(folder, tool="test 1")
    for clock, entries in zip(clocks, grown, strict=False):
        for _ in range(entries):
            store.custody.append([CustodyEvent(event="scrubbed")], NOW + timedelta(days=clock))
        cycle = f"{2000 + clock:04}0101T000000Z-00000000"
        write_anchor(store, cycle)
        folder.replace(f"cycles/{cycle}/manifest.json", b"{}")
    names = folder.names("custody/")
    for name in names[max(0, len(names) - cut) :]:
        folder.delete(name)
    known, _ = anchors(folder)
    shorter = len(folder.names("custody/")) < max(anchor.seq for anchor in known)
    again = ExhibitStore(folder, tool="test 1")
    if shorter:
        with pytest.raises(EvidenceError, match="cut off"):
            expect_last_anchor(again)
    else:
        expect_last_anchor(again)
