"""`bongsu sea listen`: sentences of a receiver, kept as they come and taken into the lake file by file."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from bongsu.cli.configuration import config_option, store_address, store_option
from bongsu.cli.options import as_json, now
from bongsu.cli.terminal import counted, pairs, say_beside, say_json
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.errors import UsageError
from bongsu.sea.cards import source
from bongsu.sea.intake import Taken, take_in
from bongsu.sea.lake import Lake
from bongsu.sea.listening import Address, Heard, Stop, read_address
from bongsu.sea.listening import listen as hear
from bongsu.sea.model import SANDBOX
from bongsu.sea.recording import Rotation

_SPOOL: Final = "sea/listening"
_SOURCE: Final = "nmea"


@click.command()
@click.argument("address")
@click.option("--minutes", type=click.FloatRange(min=0.1), default=60, show_default=True, help="A file ends so old.")
@click.option(
    "--megabytes", type=click.FloatRange(min=0.1), default=64, show_default=True, help="A file ends so large."
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files grow, on this machine; by default a folder of the store, if that is on this machine.",
)
@click.option("--sandbox", is_flag=True, help="What is received is invented: every row will say so.")
@config_option
@store_option
@as_json
def listen(
    address: str,
    minutes: float,
    megabytes: float,
    folder: Path | None,
    sandbox: bool,
    config: Path | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Receive AIS sentences until Ctrl-C, and take them into the lake.

    ADDRESS is tcp://host:port (a receiver or server, connected to again whenever it is lost), udp://host:port (the
    address of this machine to wait on, such as udp://0.0.0.0:10110), or - for standard input.

    Every block is written to a file before anything else is done with it, each line behind the time it came. When the
    file is old or large enough it becomes an exhibit and its rows land in the lake. A file that was left by a killed
    process is taken by the next one that listens to the same address.
    """
    where = read_address(address)
    kept = Folder.open(store_address(store, config))
    takings = _Takings(folder=kept, address=where, world=SANDBOX if sandbox else "")
    rotation = Rotation(most_bytes=int(megabytes * 2**20), longest=timedelta(minutes=minutes))
    with Stop() as stop, _signals(stop):
        heard = hear(
            where,
            folder=_spool(kept, where) if folder is None else folder,
            take=takings.take,
            clock=now,
            stop=stop,
            rotation=rotation,
            stdin=sys.stdin.buffer if where.kind == "stdin" else None,
            tell=say_beside,
        )
    _report(heard, takings, as_json=as_json)


@dataclass(slots=True, kw_only=True)
class _Takings:
    """Takes files into the store, and adds up what was in them."""

    folder: Folder
    address: Address
    world: str
    exhibits: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def take(self, path: Path) -> None:
        """Keep a file as an exhibit and land its rows; a file taken before does no harm."""
        with self.folder.exclusive():
            taken = take_in(
                path,
                source(_SOURCE),
                exhibits=ExhibitStore(self.folder, tool=TOOL),
                lake=Lake(self.folder),
                now=now(),
                tool=TOOL,
                world=self.world,
                origin=str(self.address),
            )
        self._add(taken)

    def _add(self, taken: Taken) -> None:
        self.exhibits.append(taken.exhibit)
        for words, number in taken.journal.counted.items():
            self.counts[words] = self.counts.get(words, 0) + number
        positions = counted(taken.journal.counted.get("positions", 0))
        say_beside(f"exhibit {taken.exhibit[:12]}: {positions} positions of {counted(taken.journal.last_line)} lines")
        if taken.surprise is not None:
            say_beside(f"warning: {taken.surprise}")


def _report(heard: Heard, takings: _Takings, *, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "address": str(takings.address),
                "bytes": heard.received,
                "connections": heard.connections,
                "exhibits": list(takings.exhibits),
                "left": [str(path) for path in heard.left],
                "counted": dict(takings.counts),
            }
        )
        return
    shown = {"bytes received": counted(heard.received), "connections": counted(heard.connections)}
    shown["exhibits"] = counted(len(takings.exhibits))
    pairs(shown | {words: counted(number) for words, number in sorted(takings.counts.items())})
    for path in heard.left:
        say_beside(f"left for the next time, since the store is in use: {path}")


def _spool(folder: Folder, address: Address) -> Path:
    """The folder of a store in which the files of an address grow.

    Raises:
        UsageError: the store is on another machine.
    """
    name = re.sub(r"[^0-9A-Za-z.]+", "-", str(address)).strip("-.")
    path = folder.local_path(f"{_SPOOL}/{name}")
    if path is None:
        remedy = "say --folder with one of this machine, which outlives a restart"
        raise UsageError("files cannot grow in a store on another machine", where=folder.url(""), remedy=remedy)
    return Path(path)


@contextmanager
def _signals(stop: Stop) -> Iterator[None]:
    """A time in which Ctrl-C or SIGTERM asks for the end once, and what was usual happens the second time."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    usual: dict[int, Any] = {
        number: signal.getsignal(number) for number in numbers
    }  # Any: as the standard library has it

    def end(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, usual[number])

    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for each, handler in usual.items():
            signal.signal(each, handler)
