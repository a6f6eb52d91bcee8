"""Asking the sea desk of the files of a cycle: in the store's lake, or in one made of them alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from bongsu.cycle.library import Library
from bongsu.cycle.standing import standing
from bongsu.cycle.waters import SeaFile, imported
from bongsu.evidence import Folder
from bongsu.kernel.clock import instant
from bongsu.sea.cards import source as sea_source
from bongsu.sea.cards import source_from
from bongsu.sea.days import binned
from bongsu.sea.lake import Lake
from bongsu.sea.model import DesignatedShip, Identity, Position
from bongsu.sea.outlook import outlook
from bongsu.sea.overview import Outlook
from bongsu.sea.packing import content_of
from bongsu.sea.places import gazetteer
from bongsu.sea.seas import Sea
from bongsu.tables.engine import Engine

_NEVER: Final = datetime.fromtimestamp(0, tz=UTC)  # of no files


def asked(
    files: Sequence[SeaFile],
    library: Library,
    designated: Sequence[DesignatedShip],
    tell: Callable[[str], None],
) -> Outlook:
    """What the sea desk says of some files, asked of the store's lake or of one that is made of them and thrown away.

    Args and errors as of `waters.sea_outlook`.
    """
    with _lake(files, library, tell) as folder, Engine(memory="3GB") as engine:
        lake = Lake(folder)
        positions = [name for names in lake.position_files().values() for name in names]
        sea = Sea(
            engine,
            positions=engine.table(folder, positions, Position),
            identities=engine.table(folder, lake.identity_files(), Identity),
            gazetteer=gazetteer(),
            designated=designated,
            # Of the reading, not of the cycle: the same files say the same later.
            clock=max((instant(file.clock) for file in files), default=_NEVER),
            binned=binned(engine, folder, lake, tell=tell),
        )
        return outlook(sea, standing=standing, tell=tell)


@contextmanager
def _lake(files: Sequence[SeaFile], library: Library, tell: Callable[[str], None]) -> Iterator[Folder]:
    if library.shelf is not None and _lie_alone(files, library.shelf):
        yield library.shelf
        return
    with tempfile.TemporaryDirectory(prefix="bongsu-sea-") as place:
        folder = Folder.open(place)
        for file in files:
            tell(f"reading positions of {file.source}")
            _land(file, library, Lake(folder))
        yield folder


def _lie_alone(files: Sequence[SeaFile], shelf: Folder) -> bool:
    """Whether the lake of a store holds these files, and nothing of another, such as of an interrupted import."""
    return set(files) == set(imported(shelf)) and Lake(shelf).exhibits() <= {file.exhibit for file in files}


def _land(file: SeaFile, library: Library, lake: Lake) -> None:
    told = file.told
    reader = sea_source(file.source)
    if "mapping" in told:
        reader = source_from(library.exhibit(told["mapping"]), name=file.source, where=told["mapping"])
    clock = instant(file.clock)
    with library.open(file.exhibit) as stream:
        batches = reader.read(
            content_of(stream),
            exhibit=file.exhibit,
            clock=clock,
            at=instant(told["at"]) if "at" in told else None,
            world=told.get("world", ""),
        )
        lake.land(batches, exhibit=file.exhibit, source=file.source, reading=file.reading, clock=clock)
