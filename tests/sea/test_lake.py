"""Where positions land: each line once, none twice, whatever kills the import."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from ships import DAY, EXHIBIT, OTHER, batches, event, identity, position

from bongsu.evidence import Folder
from bongsu.kernel.errors import EvidenceError, UsageError
from bongsu.sea.lake import Lake
from bongsu.sea.model import Batch, Identity, Position, PublishedEvent
from bongsu.tables.engine import Engine

# Two ships, three days, both sides of 40 degrees north, and reports out of order.
VOYAGE = [
    position(row, mmsi=199_000_001 + row % 2, at=DAY + timedelta(minutes=(row * 37) % 4000), latitude_deg=39 + row / 50)
    for row in range(1, 101)
]


def lake_at(path: Path) -> Lake:
    return Lake(Folder.open(str(path)))


def rows_of(lake: Lake, folder: Folder) -> dict[str, list[dict[str, Any]]]:
    with Engine() as engine:
        files = [name for names in lake.position_files().values() for name in names]
        return {
            "positions": engine.rows(engine.table(folder, files, Position)),
            "identities": engine.rows(engine.table(folder, lake.identity_files(), Identity)),
            "events": engine.rows(engine.table(folder, lake.event_files(), PublishedEvent)),
        }


def by_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["exhibit"], row["row"]))


def test_every_position_lands_in_the_file_of_its_day_and_coarse_cell_by_ship_and_time(tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)
    journal = lake.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    files = lake.position_files()
    assert sorted(files) == [date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 4)]
    assert {name.split("/")[3].split("-")[0] for names in files.values() for name in names} == {"N30E120", "N40E120"}
    assert journal.done
    assert journal.rows == {"positions": 100, "identities": 0, "events": 0}
    assert by_place(rows_of(lake, folder)["positions"]) == by_place(VOYAGE)
    for day, names in files.items():
        for name in names:
            with Engine() as engine:
                rows = engine.rows(engine.table(folder, [name], Position))
            assert {row["at"].date() for row in rows} == {day}
            order = [(row["mmsi"], row["at"]) for row in rows]
            assert order == sorted(order)


def test_an_exhibit_lands_once_however_often_it_is_landed(tmp_path: Path) -> None:
    lake = lake_at(tmp_path)
    lake.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    before = (lake.digest(), lake.counts())

    def none() -> Iterator[Batch]:
        raise AssertionError("nothing is to be read again")
        yield

    assert lake.next_line(EXHIBIT, source="sandbox") is None
    lake.land(none(), exhibit=EXHIBIT, source="sandbox")
    assert (lake.digest(), lake.counts()) == before
    assert lake.counts() == {"positions": 100, "identities": 0, "events": 0, "days": 3, "exhibits": 1}


def test_the_names_of_a_day_change_when_and_only_when_its_positions_do(tmp_path: Path) -> None:
    lake = lake_at(tmp_path)
    lake.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    before = lake.position_files()
    late = [position(1, exhibit=OTHER, at=DAY + timedelta(days=1, hours=3))]
    lake.land(batches(late, lines=1), exhibit=OTHER, source="sandbox")
    after = lake.position_files()
    changed = {day for day in after if before[day] != after[day]}
    assert changed == {date(2026, 1, 3)}
    folder = Folder.open(str(tmp_path))
    assert folder.names("sea/positions/") == sorted(name for names in after.values() for name in names)


def test_days_are_asked_for_from_a_first_to_a_last(tmp_path: Path) -> None:
    lake = lake_at(tmp_path)
    lake.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    assert sorted(lake.position_files(date(2026, 1, 3), date(2026, 1, 3))) == [date(2026, 1, 3)]
    assert sorted(lake.position_files(since=date(2026, 1, 3))) == [date(2026, 1, 3), date(2026, 1, 4)]
    assert sorted(lake.position_files(until=date(2026, 1, 1))) == []


def test_equal_reports_of_a_ship_in_a_row_are_one_identity_and_a_change_begins_another(tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)
    said = [identity(row, name="SANDBOX CORMORANT" if row not in (5, 6) else "SANDBOX HERON") for row in range(1, 11)]
    lake.land(batches(identities=said, lines=10, cuts=[3, 5]), exhibit=EXHIBIT, source="sandbox")
    found = rows_of(lake, folder)["identities"]
    assert [(row["name"], row["row"], row["reports"]) for row in found] == [
        ("SANDBOX CORMORANT", 1, 4),
        ("SANDBOX HERON", 5, 2),
        ("SANDBOX CORMORANT", 7, 4),
    ]
    assert (found[0]["first_at"], found[0]["last_at"]) == (DAY + timedelta(minutes=1), DAY + timedelta(minutes=4))


def test_the_two_halves_of_a_class_b_report_do_not_interrupt_each_other(tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)
    halves = [
        identity(row, call_sign=None, length_m=None) if row % 2 else identity(row, name=None) for row in range(1, 9)
    ]
    lake.land(batches(identities=halves, lines=8), exhibit=EXHIBIT, source="sandbox")
    assert [(row["row"], row["reports"]) for row in rows_of(lake, folder)["identities"]] == [(1, 4), (2, 4)]


def test_published_events_are_kept_apart_by_year(tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)
    events = [event(row) for row in (1, 2, 500)]
    lake.land(batches(events=events, lines=500), exhibit=EXHIBIT, source="sandbox")
    assert [name.split("/")[2] for name in lake.event_files()] == ["2026", "2027"]
    assert by_place(rows_of(lake, folder)["events"]) == events
    assert lake.position_files() == {}


def test_what_was_landed_before_an_interruption_is_not_asked_for_again(tmp_path: Path) -> None:
    lake = lake_at(tmp_path)

    def interrupted() -> Iterator[Batch]:
        made = batches(VOYAGE, lines=100, cuts=[30, 60])
        yield next(made)
        yield next(made)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lake.land(interrupted(), exhibit=EXHIBIT, source="sandbox")
    assert lake.next_line(EXHIBIT, source="sandbox") == 61
    assert lake.position_files() == {}
    lake.land(batches(VOYAGE, lines=100, from_line=61), exhibit=EXHIBIT, source="sandbox")
    whole = lake_at(tmp_path / "whole")
    whole.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    assert lake.digest() == whole.digest()
    assert Folder.open(str(tmp_path)).names("sea/landing/") == []


def test_an_import_that_was_given_up_leaves_nothing(tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)

    def cut_off() -> Iterator[Batch]:
        yield next(batches(VOYAGE, lines=100, cuts=[30]))
        raise EOFError

    with pytest.raises(EOFError):
        lake.land(cut_off(), exhibit=EXHIBIT, source="sandbox")
    lake.abandon(EXHIBIT)
    assert folder.names("sea/") == []
    assert lake.next_line(EXHIBIT, source="sandbox") == 1


def test_lines_that_are_not_accounted_for_are_a_defect_of_the_reader(tmp_path: Path) -> None:
    lake = lake_at(tmp_path)
    (whole,) = batches(VOYAGE, lines=100)
    short = Batch(
        positions=None, identities=None, events=None, set_aside=(), counted={"comments": 3}, last_line=whole.last_line
    )
    with pytest.raises(ValueError, match="account for 3 of 100 lines"):
        lake.land([short], exhibit=EXHIBIT, source="sandbox")


def test_rows_of_another_exhibit_are_a_defect_of_the_reader(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="another exhibit"):
        lake_at(tmp_path).land(batches(VOYAGE, lines=100), exhibit=OTHER, source="sandbox")


def test_the_same_bytes_are_not_imported_in_two_ways(tmp_path: Path) -> None:
    lake = lake_at(tmp_path)
    lake.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    with pytest.raises(UsageError, match="as sandbox"):
        lake.next_line(EXHIBIT, source="nmea")
    with pytest.raises(UsageError, match="was imported as sandbox"):
        lake.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox", reading="1234")


def test_a_changed_journal_is_not_believed(tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)
    lake.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    name = f"sea/imports/{EXHIBIT}.json"
    folder.replace(name, folder.read(name).replace(b'"last_line":100', b'"last_line":101'))
    with pytest.raises(EvidenceError, match="not as written"):
        lake.next_line(EXHIBIT, source="sandbox")


@pytest.mark.parametrize("where", ["sea/landing/", "sea/positions/"])
def test_a_damaged_table_is_said_and_never_merged(tmp_path: Path, where: str) -> None:
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)
    lake.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    late = [position(row, exhibit=OTHER, at=DAY + timedelta(minutes=row)) for row in (1, 2)]

    def interrupted() -> Iterator[Batch]:
        yield next(batches(late, lines=2, cuts=[1]))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lake.land(interrupted(), exhibit=OTHER, source="sandbox")
    name = folder.names(where)[0]
    content = folder.read(name)
    folder.replace(name, content[:40] + bytes(20) + content[60:-12] + bytes(4) + content[-8:])
    with pytest.raises(EvidenceError, match="a table cannot be read"):
        lake.land(batches(late, lines=2, from_line=2), exhibit=OTHER, source="sandbox")


def test_a_lake_lies_in_any_store() -> None:
    folder = Folder.open("memory://sandbox-lake")
    lake = Lake(folder)
    lake.land(batches(VOYAGE, [identity(7)], lines=100), exhibit=EXHIBIT, source="sandbox")
    found = rows_of(lake, folder)
    assert by_place(found["positions"]) == by_place(VOYAGE)
    assert found["identities"] == [identity(7)]


def test_many_small_batches_make_no_more_files_than_one_large_one(tmp_path: Path) -> None:
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)
    lake.land(batches(VOYAGE, lines=100, cuts=range(1, 100)), exhibit=EXHIBIT, source="sandbox")
    whole = lake_at(tmp_path / "whole")
    whole.land(batches(VOYAGE, lines=100), exhibit=EXHIBIT, source="sandbox")
    assert lake.position_files() == whole.position_files()
    assert len(folder.names("sea/positions/")) <= 6


@settings(max_examples=20)
@given(
    cuts=st.lists(st.integers(1, 60), max_size=8),
    other_cuts=st.lists(st.integers(1, 60), max_size=8),
    stop=st.integers(0, 60),
    other_first=st.booleans(),
)
def test_any_batches_any_interruption_and_any_order_of_exhibits_make_the_same_lake(
    cuts: list[int], other_cuts: list[int], stop: int, other_first: bool
) -> None:
    chance = random.Random(7)
    rows = {
        exhibit: [
            position(row, exhibit=exhibit, mmsi=199_000_001 + chance.randrange(3), at=DAY + timedelta(hours=row % 50))
            for row in range(1, 61)
        ]
        for exhibit in (EXHIBIT, OTHER)
    }
    said = {
        exhibit: [
            identity(
                row,
                exhibit=exhibit,
                mmsi=199_000_001 + row % 2,
                draught_m=chance.choice([5.0, 5.5, None]),
                first_at=DAY + timedelta(days=row),
                last_at=DAY + timedelta(days=row),
            )
            for row in range(1, 61)
        ]
        for exhibit in (EXHIBIT, OTHER)
    }
    plain, other = (Lake(Folder.open(f"memory://sandbox-{uuid4()}")) for _ in range(2))
    for exhibit in (EXHIBIT, OTHER):
        plain.land(batches(rows[exhibit], said[exhibit], lines=60), exhibit=exhibit, source="sandbox")
    for exhibit in (OTHER, EXHIBIT) if other_first else (EXHIBIT, OTHER):

        def until_stopped(exhibit: str = exhibit) -> Iterator[Batch]:
            for batch in batches(rows[exhibit], said[exhibit], lines=60, cuts=cuts):
                if batch.last_line > stop:
                    raise KeyboardInterrupt
                yield batch

        try:
            other.land(until_stopped(), exhibit=exhibit, source="sandbox")
        except KeyboardInterrupt:
            line = other.next_line(exhibit, source="sandbox")
            assert line is not None
            rest = batches(rows[exhibit], said[exhibit], lines=60, cuts=other_cuts, from_line=line)
            other.land(rest, exhibit=exhibit, source="sandbox")
    assert other.digest() == plain.digest()
    assert other.counts() == plain.counts()


@pytest.mark.parametrize("at", range(3))
def test_an_import_killed_while_it_clears_its_landing_clears_it_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Its journal says done by then."""
    folder = Folder.open(str(tmp_path))
    lake = Lake(folder)
    deleted: list[str] = []
    delete = Folder.delete

    def until_stopped(folder: Folder, name: str) -> None:
        if name.startswith("sea/landing/") and len(deleted) == at:
            raise KeyboardInterrupt
        deleted.append(name)
        delete(folder, name)

    with monkeypatch.context() as stopped:
        stopped.setattr(Folder, "delete", until_stopped)
        with pytest.raises(KeyboardInterrupt):
            lake.land(batches(VOYAGE, lines=100, cuts=range(20, 100, 20)), exhibit=EXHIBIT, source="sandbox")
    assert lake.next_line(EXHIBIT, source="sandbox") is None
    assert len(folder.names("sea/landing/")) == 5 - at
    lake.land((), exhibit=EXHIBIT, source="sandbox")
    assert folder.names("sea/landing/") == []
    assert lake.counts()["positions"] == len(VOYAGE)


LANDING_PROCESS = """
import sys
sys.path.insert(0, sys.argv[2])
from datetime import timedelta
from ships import DAY, EXHIBIT, batches, identity, position
from bongsu.evidence import Folder
from bongsu.sea.lake import Lake

positions = [position(row, at=DAY + timedelta(hours=row)) for row in range(1, 401)]
identities = [identity(row, draught_m=5.0 + row // 40 / 10) for row in range(1, 401)]
lake = Lake(Folder.open(sys.argv[1]))
line = lake.next_line(EXHIBIT, source="sandbox")
print("begun", flush=True)
made = () if line is None else batches(positions, identities, lines=400, cuts=range(20, 400, 20), from_line=line)
lake.land(made, exhibit=EXHIBIT, source="sandbox")
print(lake.digest(), flush=True)
"""


def test_a_killed_import_loses_nothing_and_duplicates_nothing(tmp_path: Path) -> None:
    """Killed with SIGKILL again and again, at moments of chance, and run again until it is through."""
    script = tmp_path / "landing.py"
    script.write_text(LANDING_PROCESS)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}

    def begun(store: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(script), str(tmp_path / store), str(Path(__file__).parent)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        return process

    started = time.monotonic()
    whole, _ = begun("whole").communicate()
    seconds = time.monotonic() - started
    chance, kills = random.Random(4), 0
    for _ in range(8):
        process = begun("killed")
        time.sleep(chance.random() * min(seconds, 1.0) * 0.6)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        process.communicate()
    last, _ = begun("killed").communicate()
    assert kills >= 2
    assert last == whole
    lake = lake_at(tmp_path / "killed")
    assert lake.counts()["positions"] == 400
    folder = Folder.open(str(tmp_path / "killed"))
    names = [name for files in lake.position_files().values() for name in files]
    assert folder.names("sea/positions/") == sorted(names)
    assert folder.names("sea/landing/") == []
