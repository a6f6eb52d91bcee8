"""Days: bins are made once for each state of a day, and detectors find the same in however many pieces it came."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import EXHIBIT, OTHER, batches, identity
from waters import ONE, THREE, TWO, numbered, sea_of, stretch, table

from bongsu.cycle.standing import standing
from bongsu.evidence import Folder
from bongsu.kernel.canonical import digest
from bongsu.sea import desk
from bongsu.sea.bins import bins
from bongsu.sea.days import binned
from bongsu.sea.lake import Lake
from bongsu.sea.model import Position
from bongsu.tables.engine import Engine

# In the East China Sea, where reports describe transfers, and a coal ship's way to it.
HERE, BESIDE, AWAY = (30.5, 124.5), (30.501, 124.5), (30.5, 125.5)
# Two ships lie side by side from 22 o'clock to 2 o'clock; a third passes on the second day and the third.
WORLD = [
    *stretch(ONE, (18, 22), AWAY, HERE, speed=9.0),
    *stretch(ONE, (22, 26), HERE, speed=0.2),
    *stretch(ONE, (26, 30), HERE, AWAY, speed=9.0),
    *stretch(TWO, (21, 27), BESIDE, speed=0.1),
    *stretch(THREE, (44, 52), (34.0, 123.0), AWAY, speed=9.0),
]
SAID = [
    identity(number, mmsi=mmsi, imo=123_000 + number, name=f"SANDBOX {name}", ship_type=70)
    for number, (mmsi, name) in enumerate(((ONE, "HERON"), (TWO, "EGRET")), start=1)
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def land(folder: Folder, rows: Sequence[dict[str, Any]], exhibit: str, cuts: Sequence[int] = ()) -> None:
    """The rows as an exhibit of their own."""
    own = [{**row, "exhibit": exhibit} for row in numbered(rows)]
    Lake(folder).land(batches(own, lines=len(own), cuts=cuts), exhibit=exhibit, source="sandbox")


def on_day(day: int) -> list[dict[str, Any]]:
    return [row for row in WORLD if row["at"].day == 1 + day]


def folded(engine: Engine, folder: Folder, **days: date) -> tuple[list[dict[str, Any]], list[str]]:
    """The bins of a store, and what was said to be made for them."""
    told: list[str] = []
    rows = engine.rows(binned(engine, folder, Lake(folder), tell=told.append, **days).order_by("mmsi", "bin_s"))
    return rows, told


def fresh(engine: Engine, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return engine.rows(bins(table(rows)).order_by("mmsi", "bin_s"))


def kept(folder: Folder) -> dict[str, bytes]:
    return {name: folder.read(name) for name in folder.names("sea/bins/")}


def test_the_bins_of_a_lake_are_those_of_its_positions(engine: Engine, tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    land(folder, WORLD, EXHIBIT)
    rows, told = folded(engine, folder)
    assert rows == fresh(engine, WORLD)
    assert told == ["folding 2026-01-02", "folding 2026-01-03", "folding 2026-01-04"]


def test_what_was_folded_is_not_folded_again(engine: Engine, tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    land(folder, WORLD, EXHIBIT)
    first, _ = folded(engine, folder)
    before = kept(folder)
    assert folded(engine, folder) == (first, [])
    assert kept(folder) == before


def test_of_a_day_that_came_later_only_that_day_is_folded(engine: Engine, tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    land(folder, [*on_day(1), *on_day(3)], EXHIBIT)
    folded(engine, folder)
    before = kept(folder)
    land(folder, on_day(2), OTHER)
    rows, told = folded(engine, folder)
    assert told == ["folding 2026-01-03"]
    assert rows == fresh(engine, WORLD)
    assert before.items() <= kept(folder).items()


def test_a_day_that_was_added_to_is_folded_again_and_its_earlier_bins_go(engine: Engine, tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    land(folder, [row for row in WORLD if row["mmsi"] == ONE], EXHIBIT)
    folded(engine, folder)
    land(folder, [row for row in WORLD if row["mmsi"] == THREE and row["at"].day == 3], OTHER)
    rows, told = folded(engine, folder)
    assert told == ["folding 2026-01-03"]
    assert {row["mmsi"] for row in rows} == {ONE, THREE}
    assert sorted(name[9:19] for name in kept(folder) if name.endswith(".parquet")) == ["2026-01-02", "2026-01-03"]


@pytest.mark.parametrize("suffix", [".parquet", ".parquet.json"])
@pytest.mark.parametrize("wrong", [b"", b"SANDBOX garbage", None])
def test_kept_bins_that_were_changed_are_made_anew(
    engine: Engine, tmp_path: Path, suffix: str, wrong: bytes | None
) -> None:
    folder = Folder.open(str(tmp_path))
    land(folder, WORLD, EXHIBIT)
    first, _ = folded(engine, folder)
    before = kept(folder)
    (name,) = [each for each in before if each.startswith("sea/bins/2026-01-03") and each.endswith(suffix)]
    if wrong is None:
        folder.delete(name)
    else:
        folder.replace(name, wrong)
    assert folded(engine, folder) == (first, ["folding 2026-01-03"])
    assert kept(folder) == before


def test_bins_of_another_day_under_this_ones_name_are_not_believed(engine: Engine, tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    land(folder, WORLD, EXHIBIT)
    first, _ = folded(engine, folder)
    files = [name for name in kept(folder) if name.endswith(".parquet")]
    folder.replace(files[0], folder.read(files[1]))
    assert folded(engine, folder) == (first, ["folding 2026-01-02"])


def test_only_the_days_asked_for_are_folded(engine: Engine, tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    land(folder, WORLD, EXHIBIT)
    rows, told = folded(engine, folder, since=date(2026, 1, 3), until=date(2026, 1, 3))
    assert told == ["folding 2026-01-03"]
    assert rows == fresh(engine, on_day(2))


def test_a_lake_without_positions_has_no_bins(engine: Engine) -> None:
    assert folded(engine, Folder.open(f"memory://sandbox-days-{uuid4()}")) == ([], [])


def signs_of(engine: Engine, folder: Folder) -> list[dict[str, Any]]:
    """What the detectors find in a store, but for the exhibits that are cited: these are other files."""
    lake = Lake(folder)
    names = [name for files in lake.position_files().values() for name in files]
    sea = sea_of(engine, engine.table(folder, names, Position), SAID, binned=binned(engine, folder, lake))
    records = [each.record() for each in desk.detect(sea, standing=standing, only=["encounter"])]
    return [{**record, "id": None, "citations": _number(record["citations"])} for record in records]


def _number(citations: Any) -> int:
    return len(citations)


@pytest.fixture(scope="module")
def whole(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = Folder.open(str(tmp_path_factory.mktemp("whole")))
    land(folder, WORLD, EXHIBIT)
    return signs_of(engine, folder)


def test_a_meeting_over_midnight_is_found_in_one_piece(whole: list[dict[str, Any]]) -> None:
    (met,) = whole
    assert met["when"] == {"from": "2026-01-02T22:00:00Z", "to": "2026-01-03T01:50:00Z"}


@settings(max_examples=6)
@given(st.data())
def test_detectors_find_the_same_in_however_many_exhibits_and_whatever_order_it_came(
    engine: Engine, whole: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    exhibits = data.draw(st.integers(1, 4))
    place = data.draw(st.lists(st.integers(0, exhibits - 1), min_size=len(WORLD), max_size=len(WORLD)))
    shuffled = data.draw(st.permutations(list(zip(place, WORLD, strict=True))))
    looks = data.draw(st.sets(st.integers(0, exhibits - 1)))
    folder = Folder.open(str(tmp_path_factory.mktemp("pieces")))
    for number in range(exhibits):
        rows = [row for mine, row in shuffled if mine == number]
        cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(rows))), max_size=2)))
        if rows:
            land(folder, rows, digest(f"SANDBOX piece {number}".encode()), cuts)
        if number in looks:
            folded(engine, folder)  # someone looked in between: what was kept then must not come back
    assert signs_of(engine, folder) == whole
