"""The exhibits a command works with, and what time stamps attest of them, in words and in figures."""

from __future__ import annotations

from pathlib import Path

from bongsu.cli.configuration import store_address, told
from bongsu.cli.terminal import say_beside, several
from bongsu.cycle.stamping import authorities_of
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder, Stamp, Timestamps, read_timestamps
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp as written


def open_exhibits(store: str | None, config: Path | None) -> ExhibitStore:
    """The exhibits of the store a command reads, which is there."""
    return ExhibitStore(Folder.open(store_address(store, config), create=False), tool=TOOL)


def verified_timestamps(exhibits: ExhibitStore, config: Path | None) -> Timestamps:
    """The time stamps of a store, verified with the configured authorities."""
    return read_timestamps(exhibits.folder, exhibits.custody, authorities_of(told(config)))


def open_timestamps(exhibits: ExhibitStore, config: Path | None) -> Timestamps:
    """The same, for a result that does not name damage itself: it is told beside."""
    found = verified_timestamps(exhibits, config)
    if found.damaged:
        say_beside(f"{several(len(found.damaged), 'time stamp')} cannot be believed; bongsu evidence scrub names them")
    return found


def attested_words(timestamps: Timestamps, seq: int) -> str:
    """How far an entry is attested, by whom and since when: `one: first since 2026-11-27T18:00:04Z (entry 41)`."""
    by = [f"{each.authority} since {written(each.at)} (entry {each.head.seq})" for each in timestamps.over(seq)]
    state = timestamps.state(seq)
    return f"{state}: {', '.join(by)}" if by else state


def attested_record(timestamps: Timestamps, seq: int) -> dict[str, JsonValue]:
    """The same as JSON."""
    return {"state": timestamps.state(seq), "by": [stamp_record(each) for each in timestamps.over(seq)]}


def stamp_record(stamp: Stamp) -> dict[str, JsonValue]:
    """A verified token as JSON."""
    return {
        "authority": stamp.authority,
        "since": written(stamp.at),
        "seq": stamp.head.seq,
        "digest": stamp.head.digest,
        "token": stamp.where,
    }
