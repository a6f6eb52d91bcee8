"""Every detector of the sea desk finds the same on Spark as on this machine: on threads, and in workers of their own.

The one sea holds the examples of all cards, each with ships and days of its own; the other is an invented world.
"""

from __future__ import annotations

import importlib.util
import logging
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from bongsu.cycle.standing import standing
from bongsu.evidence import Folder
from bongsu.kernel.canonical import JsonValue
from bongsu.sandbox.sea.trial import opened
from bongsu.sandbox.sea.truth import truth_text
from bongsu.sandbox.sea.world import make_world
from bongsu.sandbox.sea.writing import TRUTH_FILE, WORLD_FILE, files, world_text
from bongsu.sea import desk
from bongsu.sea.detectors.card import Example
from bongsu.sea.examples import designated_of, identities_of, positions_of
from bongsu.sea.model import DesignatedShip, Identity, Position
from bongsu.sea.places import gazetteer
from bongsu.sea.seas import Asked, Sea
from bongsu.tables import to_parquet
from bongsu.tables.engine import Engine
from bongsu.tables.spark import SparkEngine

LOG = logging.getLogger(__name__)  # which detector runs: with --log-cli-level=info
NAMES = desk.detector_names()
SEAS = ("the examples of all cards", "an invented world")
# Two threads; and two workers, each a process with one core and a gigabyte.
MASTERS = ("local[2]", "local-cluster[2,1,1024]")
FEW_ROWS = {"spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2"}
SEED, VESSELS, DAYS = 11, 63, 7

if importlib.util.find_spec("pyspark") is None:
    pytest.skip("pyspark is not installed: run make spark", allow_module_level=True)
if shutil.which("java") is None:
    pytest.skip("there is no Java, which Spark needs: install openjdk-17-jre-headless", allow_module_level=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Water:
    """A sea in a folder.

    Args:
        positions, identities: its files.
        ends_at: the clock of the run.
    """

    folder: Folder
    positions: tuple[str, ...]
    identities: tuple[str, ...]
    designated: tuple[DesignatedShip, ...]
    ends_at: datetime

    def sea(self, engine: Engine | SparkEngine) -> Sea:
        asked: Asked = engine
        return Sea(
            asked,
            positions=engine.table(self.folder, self.positions, Position),
            identities=engine.table(self.folder, self.identities, Identity),
            gazetteer=gazetteer(),
            designated=self.designated,
            clock=self.ends_at,
        )


def apart(examples: Sequence[Example]) -> list[Example]:
    """The examples one after the other from the latest on, when all measures bind; a week between, no ship in two."""
    serial = count(1)
    free_from = max(min(ship.at for ship in example.ships) for example in examples)
    moved = []
    for example in examples:
        begins = min(ship.at for ship in example.ships)
        later = free_from - begins
        numbers = {
            mmsi: mmsi // 1_000_000 * 1_000_000 + next(serial) for mmsi in {ship.mmsi: None for ship in example.ships}
        }
        ships = tuple(replace(ship, mmsi=numbers[ship.mmsi], at=ship.at + later) for ship in example.ships)
        moved.append(replace(example, ships=ships))
        ends = max(ship.at + timedelta(hours=sum(leg.hours for leg in ship.legs)) for ship in ships)
        free_from = ends.replace(hour=0, minute=0) + timedelta(days=8)
    return moved


def sea_of_examples(folder: Folder) -> Water:
    examples = apart([example for name in NAMES for example in desk.parameters_of(name).common.examples])
    positions = [row for example in examples for row in positions_of(example)]
    identities = [row for example in examples for row in identities_of(example)]
    # In two files, as it comes to be over the days.
    half = len(positions) // 2
    folder.replace("positions_1.parquet", to_parquet(positions[:half], Position))
    folder.replace("positions_2.parquet", to_parquet(positions[half:], Position))
    folder.replace("identities.parquet", to_parquet(identities, Identity))
    designated = dict.fromkeys(each for example in examples for each in designated_of(example))
    return Water(
        folder=folder,
        positions=("positions_1.parquet", "positions_2.parquet"),
        identities=("identities.parquet",),
        designated=tuple(designated),
        ends_at=max(row.at for row in positions) + timedelta(days=30),
    )


def sea_of_a_world(folder: Folder) -> Water:
    world = make_world(seed=SEED, vessels=VESSELS, days=DAYS)
    for name, content in files(world, "parquet"):
        folder.replace(name, content)
    folder.replace(WORLD_FILE, world_text(world).encode())
    folder.replace(TRUTH_FILE, truth_text(world.truth).encode())
    made = opened(folder)
    return Water(
        folder=folder,
        positions=made.positions,
        identities=("identities.parquet",),
        designated=made.designated,
        ends_at=made.ends_at,
    )


Found = Mapping[str, list[Mapping[str, JsonValue]]]


def found(water: Water, engine: Engine | SparkEngine) -> Found:
    """What each detector finds, as records, in the desk's order."""
    records: dict[str, list[Mapping[str, JsonValue]]] = defaultdict(list)
    for indicator in desk.detect(water.sea(engine), standing=standing, tell=LOG.info):
        records[indicator.detector.removeprefix("sea.")].append(indicator.record())
    return records


@pytest.fixture(scope="module")
def waters(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Water]:
    folders = [Folder.open(str(tmp_path_factory.mktemp("sea"))) for _ in SEAS]
    return dict(zip(SEAS, (sea_of_examples(folders[0]), sea_of_a_world(folders[1])), strict=True))


@pytest.fixture(scope="module")
def here(waters: Mapping[str, Water]) -> Mapping[str, Found]:
    """What is found by the engine of this machine, in each sea."""
    answers = {}
    for name, water in waters.items():
        with Engine() as engine:
            answers[name] = found(water, engine)
    return answers


@pytest.fixture(scope="module", params=MASTERS)
def there(request: pytest.FixtureRequest, waters: Mapping[str, Water]) -> Iterator[Mapping[str, Found]]:
    """What is found by Spark, in one session for both seas."""
    with SparkEngine(request.param, settings=FEW_ROWS) as spark:
        yield {name: found(water, spark) for name, water in waters.items()}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sea", SEAS)
def test_a_detector_finds_the_same_on_spark(
    sea: str, name: str, here: Mapping[str, Found], there: Mapping[str, Found]
) -> None:
    assert there[sea].get(name, []) == here[sea].get(name, [])


@pytest.mark.parametrize("name", NAMES)
def test_there_is_something_to_find_for_every_detector(name: str, here: Mapping[str, Found]) -> None:
    assert here["the examples of all cards"][name]


def test_the_invented_world_is_not_empty_for_most_detectors(here: Mapping[str, Found]) -> None:
    assert len(here["an invented world"]) > len(NAMES) / 2
