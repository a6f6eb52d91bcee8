"""The places where tables can lie: this machine's disk, and one that is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bongsu.evidence import Folder
from bongsu.tables.engine import Engine

_NUMBERS = count()


@pytest.fixture(params=["disk", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """A folder on this machine's disk, and one that is not."""
    place = str(tmp_path / "store") if request.param == "disk" else f"memory://tables-{next(_NUMBERS)}"
    return Folder.open(place)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened
