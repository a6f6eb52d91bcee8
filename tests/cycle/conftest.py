"""A watch of a test's own: its folder, its configuration, its cycles."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bongsu.cycle.config import read_config
from bongsu.cycle.run import run_cycle
from bongsu.evidence import Folder
from bongsu.kernel.clock import instant

WALL_CLOCK = datetime(2026, 11, 24, 6, 0, 7, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A cycle that ran: its id, its report as JSON, and its folder."""

    cycle: str
    report: dict[str, Any]
    store: Folder
    place: str

    def list(self, list_id: str) -> dict[str, Any]:
        """How a list stands in the report."""
        return next(row for row in self.report["lists"] if row["id"] == list_id)

    def changes(self, list_id: str) -> list[tuple[str, str, str, bool]]:
        """(from, to, kind:listing ..., new) of every step of a list."""
        return [
            (step["from"], step["to"], " ".join(f"{c['kind']}:{c['listing']}" for c in step["dprk"]), step["new"])
            for step in self.report["changes"]
            if step["list"] == list_id
        ]

    def outputs(self) -> dict[str, bytes]:
        """The files of the cycle, without the custody log's head, which keeps real time."""
        names = self.store.names(f"{self.place}/")
        return {name.rpartition("/")[2]: self.store.read(name) for name in names if not name.endswith("/custody.json")}

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest."""
        record: dict[str, Any] = json.loads(self.outputs()["manifest.json"])
        return record


@dataclass(frozen=True, slots=True)
class Watch:
    """A folder with a configuration."""

    folder: Path

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "bongsu.toml"

    def keep(self, name: str, content: bytes) -> str:
        """A file beside the configuration."""
        (self.folder / name).write_bytes(content)
        return name

    def configure(
        self, lists: str, *, store: str = "data", more: str = "", when: str = "no real copy", ships: bool = False
    ) -> None:
        """Write the configuration; `lists` stands under `[lists]`.

        The sandbox's ships cost seconds in each cycle: they take part where a test is about them.
        """
        sandbox = f'[sandbox]\nwhen = "{when}"\nships = {str(ships).lower()}'
        self.config.write_text(f'[store]\nurl = "{store}"\n{sandbox}\n{more}\n[lists]\n{lists}\n', "utf-8")

    def run(self, clock: str) -> Ran:
        """Run a cycle."""
        settings = read_config(self.config)
        result = run_cycle(settings, instant(clock), lambda: WALL_CLOCK)
        store = Folder.open(settings.store)
        report = json.loads(store.read(f"{result.folder}/report.json"))
        return Ran(cycle=result.cycle, report=report, store=store, place=result.folder)


@pytest.fixture(scope="session")
def new_watch(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Watch]:
    """Makes watches that several tests read: each in a folder of its own."""
    return lambda: Watch(tmp_path_factory.mktemp("watch"))


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


@pytest.fixture
def other_watch(tmp_path: Path) -> Watch:
    """A watch in another place, for what must not depend on the place."""
    folder = tmp_path / "elsewhere" / "deeper"
    folder.mkdir(parents=True)
    return Watch(folder)
