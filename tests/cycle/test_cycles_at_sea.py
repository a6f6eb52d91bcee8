"""Cycles with ship positions: the sandbox's, and files that were imported; reproduced, grown, damaged, interrupted."""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bongsu.cycle.config import read_config
from bongsu.cycle.manifest import read_manifest
from bongsu.cycle.reproduce import Reproduction, reproduce
from bongsu.cycle.run import run_cycle
from bongsu.evidence import Capture, ExhibitStore, Folder
from bongsu.kernel.canonical import digest
from bongsu.kernel.clock import instant
from bongsu.sea.cards import source
from bongsu.sea.intake import take_in
from bongsu.sea.lake import Lake

if TYPE_CHECKING:
    from conftest import Ran, Watch

CLOCK = "2026-03-01T06:00:00Z"
LATER = "2026-03-02T06:00:00Z"
IMPORTED_AT = datetime(2026, 2, 1, tzinfo=UTC)
START = datetime(2026, 1, 5, tzinfo=UTC)
SEA, NAMPO = (38.60, 124.90), (38.72, 125.395)
IMO = 200399
LARGE = 200 * 2**20
# The most memory a process had before each thing it told of.
HEARD_ANEW = """
import sys
from pathlib import Path
from bongsu.cycle.library import Library
from bongsu.cycle.waters import SeaFile, sea_outlook
from bongsu.evidence import ExhibitStore, Folder

def tell(what):
    print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0], what)

reading = {"source": "marine_cadastre", "reading": "world sandbox", "clock": "2026-02-01T00:00:00Z"}
files = [SeaFile(exhibit=exhibit, **reading) for exhibit in sys.argv[2:]]
library = Library(ExhibitStore(Folder.open(sys.argv[1]), tool="test 1"), None)
assert sea_outlook(files, library, (), tell).ships == 1
"""
HEADER = "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,world"


def call_at_nampo(*, imo: int | None = IMO) -> Iterator[tuple[datetime, str]]:
    """An invented cargo ship that goes to Nampo, lies there for a day, and leaves: a row every five minutes."""
    for minute in range(0, 44 * 60, 5):
        hours = minute / 60
        share = min(1.0, hours / 8) if hours < 36 else max(0.0, (44 - hours) / 8)
        place = [there + (here - there) * share for here, there in zip(NAMPO, SEA, strict=True)]
        speed = "0.0" if share == 1.0 else "3.1"
        at = START + timedelta(minutes=minute)
        said = "" if imo is None else f"IMO{imo:07d}"
        yield (
            at,
            f"199000399,{at:%Y-%m-%d %H:%M:%S},{place[1]:.5f},{place[0]:.5f},{speed},0.0,511,"
            f"SANDBOX CARGO 00039,{said},QS00039,70,sandbox",
        )


def csv(rows: Iterator[tuple[datetime, str]], *, day: int | None = None) -> bytes:
    """A file in the form of MarineCadastre's, of one day or of all."""
    chosen = [row for at, row in rows if day is None or at.day == day]
    return "\n".join([HEADER, *chosen, ""]).encode()


def listed_ship(imo: int) -> bytes:
    """A list of one invented ship, in the form of FollowTheMoney."""
    ship = {
        "id": "NK-SANDBOX-SHIP",
        "schema": "Vessel",
        "properties": {"name": ["SANDBOX CARGO 00039"], "imoNumber": [f"IMO{imo:07d}"]},
    }
    sanction = {
        "id": "sanction-sandbox",
        "schema": "Sanction",
        "properties": {"entity": ["NK-SANDBOX-SHIP"], "programId": ["UN-SC1718"]},
    }
    return "".join(f"{json.dumps(row)}\n" for row in (ship, sanction)).encode()


def take(watch: Watch, name: str, content: bytes) -> str:
    """Import a file of positions into the watch's store; the exhibit's digest."""
    watch.keep(name, content)
    folder = Folder.open(read_config(watch.config).store)
    exhibits = ExhibitStore(folder, tool="test 1")
    with folder.exclusive():
        taken = take_in(
            watch.folder / name,
            source("marine_cadastre"),
            exhibits=exhibits,
            lake=Lake(folder),
            now=IMPORTED_AT,
            tool="test 1",
        )
    return taken.exhibit


def again(ran: Ran) -> Reproduction:
    name = f"{ran.place}/manifest.json"
    return reproduce(read_manifest(ran.store.read(name), where=name), ran.store)


def detectors(ran: Ran) -> set[str]:
    return {row["detector"] for row in ran.report["indicators"]}


@pytest.fixture(scope="module")
def harbour(new_watch: Callable[[], Watch]) -> tuple[Watch, Ran]:
    """A watch with a list of one ship and her positions of three days, and a cycle of it; copied, never changed."""
    watch = new_watch()
    watch.keep("ships.jsonl", listed_ship(IMO))
    watch.configure('[[lists.ftm.copy]]\nlist_date = 2026-01-02\nparts = { entities = "ships.jsonl" }', when="never")
    take(watch, "one.csv", csv(call_at_nampo(), day=5))
    take(watch, "two.csv", csv(call_at_nampo(), day=6))
    return watch, watch.run(CLOCK)


@pytest.fixture
def in_harbour(harbour: tuple[Watch, Ran], watch: Watch) -> Ran:
    """That cycle in a copy of a test's own: its watch's folder."""
    there, ran = harbour
    shutil.copytree(there.folder, watch.folder, dirs_exist_ok=True)
    return replace(ran, store=Folder.open(str(watch.folder / "data")))


# --- the sandbox's ships


def test_the_sandboxs_ships_are_heard_reproduced_and_stay_out_where_the_configuration_says_so(watch: Watch) -> None:
    watch.configure("", ships=True)
    ran = watch.run(CLOCK)
    sea = ran.report["sea"]
    assert (sea["from"][:10], sea["to"][:10], len(sea["first"])) == ("2026-01-05", "2026-01-11", 12)
    assert {"sea.port_call", "sea.designated_vessel", "sea.petroleum_delivery", "sea.shuttle"} <= detectors(ran)
    assert all(row["sandbox"] for row in ran.report["indicators"])
    assert [year["cap"] for year in sea["petroleum"]] == [500_000]
    cited = {exhibit["sha256"] for exhibit in ran.report["exhibits"]}
    for row in ran.report["indicators"]:
        assert {citation.removeprefix("sha256:")[:64] for citation in row["citations"]} <= cited
    assert again(ran).agrees
    assert len(ran.store.names("sea/outlooks/")) == 1
    watch.configure("", ships=False)
    without = watch.run(LATER)
    assert without.report["sea"] is None
    assert again(without).agrees


def test_killed_amid_the_sea_a_run_is_completed_by_running_again(watch: Watch, other_watch: Watch) -> None:
    for place in (watch, other_watch):
        place.configure("", ships=True)
    undisturbed = other_watch.run(CLOCK)
    command = [sys.executable, "-m", "bongsu.cli.main", "run", "--config", str(watch.config), "--clock", CLOCK]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list((watch.folder / "data").glob("exhibits/*/*")) and run.poll() is None:
        time.sleep(0.02)  # the log is kept before it is read
    run.kill()
    assert run.wait() == -signal.SIGKILL
    assert watch.run(CLOCK).outputs() == undisturbed.outputs()


# --- positions that were imported


def test_imported_positions_meet_the_lists_and_are_reproduced_byte_for_byte(in_harbour: Ran) -> None:
    assert {"sea.designated_vessel", "sea.port_call"} <= detectors(in_harbour)
    (listed,) = [row for row in in_harbour.report["indicators"] if row["detector"] == "sea.designated_vessel"]
    assert "SANDBOX CARGO 00039" in listed["title"]
    ships = digest(listed_ship(IMO))
    assert any(citation.startswith(f"sha256:{ships}") for citation in listed["citations"]), "the listing is cited"
    assert [file["source"] for file in in_harbour.report["sea"]["files"]] == ["marine_cadastre"] * 2
    result = again(in_harbour)
    assert (result.agrees, result.differences, result.contradictions) == (True, (), ())


def test_what_was_said_of_the_same_files_is_not_asked_again_and_never_believed_when_changed(
    watch: Watch, in_harbour: Ran
) -> None:
    (kept,) = in_harbour.store.names("sea/outlooks/")
    told: list[str] = []
    run_cycle(read_config(watch.config), instant(LATER), lambda: instant(LATER), told.append)
    assert "port call" not in told
    content = in_harbour.store.read(kept)
    in_harbour.store.replace(kept, content.replace(b"SANDBOX CARGO", b"SANDBOX OTHER"))
    ran = watch.run("2026-03-03T06:00:00Z")
    assert in_harbour.store.read(kept) == content
    assert ran.report["sea"] == in_harbour.report["sea"]
    assert again(ran).agrees, "what is kept is read as it was said"


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="Linux says how much memory a process had")
def test_to_reproduce_a_file_is_not_read_into_memory_whole(tmp_path: Path) -> None:
    """Lines of a MiB make the file large, which are set aside: as many bytes of rows would take a minute."""
    noise = b"SANDBOX ".ljust(2**20 - 1, b"~") + b"\n"
    with gzip.open(tmp_path / "large.csv.gz", "wb", compresslevel=0) as packed:
        packed.write(csv(call_at_nampo(), day=5))
        packed.writelines(itertools.repeat(noise, LARGE // len(noise)))
    exhibits = ExhibitStore(Folder.open(str(tmp_path / "data")), tool="test 1")
    capture = Capture(source="marine_cadastre", url="/large.csv.gz", retrieved_at=IMPORTED_AT, tool="test 1")
    small = exhibits.receive(csv(call_at_nampo(), day=6), capture)
    with (tmp_path / "large.csv.gz").open("rb") as stream:
        large = exhibits.receive(stream, capture)
    command = [sys.executable, "-c", HEARD_ANEW, str(tmp_path / "data"), small.digest, large.digest]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    before, after = (int(line.split()[0]) * 1024 for line in told[1:3])
    assert [line.partition(" ")[2] for line in told[1:3]] == [
        "reading positions of marine_cadastre",
        "folding 2026-01-05",
    ]
    assert large.size > LARGE
    assert after - before < LARGE / 2


def test_to_reproduce_needs_the_exhibits_and_nothing_of_the_lake(in_harbour: Ran) -> None:
    for name in in_harbour.store.names("sea/"):
        in_harbour.store.delete(name)
    assert again(in_harbour).agrees


def test_a_ship_that_no_list_names_is_no_designated_one(watch: Watch) -> None:
    watch.keep("ships.jsonl", listed_ship(200375))
    watch.configure('[[lists.ftm.copy]]\nlist_date = 2026-01-02\nparts = { entities = "ships.jsonl" }', when="never")
    take(watch, "one.csv", csv(call_at_nampo()))
    assert detectors(watch.run(CLOCK)) >= {"sea.port_call"}
    assert "sea.designated_vessel" not in detectors(watch.run(LATER))


def test_what_comes_between_two_cycles_changes_the_later_and_not_the_earlier(watch: Watch, in_harbour: Ran) -> None:
    take(watch, "other.csv", csv(call_at_nampo(imo=None), day=5).replace(b"199000399", b"199000400"))
    later = watch.run(LATER)
    assert (in_harbour.report["sea"]["ships"], later.report["sea"]["ships"]) == (1, 2)
    assert len(later.manifest["inputs"]["sea"]) == 3
    assert again(later).agrees
    assert again(in_harbour).agrees, "it names its own files, and the lake holds more by now"


def test_files_in_another_order_make_the_same_report(other_watch: Watch, in_harbour: Ran) -> None:
    other_watch.keep("ships.jsonl", listed_ship(IMO))
    other_watch.configure(
        '[[lists.ftm.copy]]\nlist_date = 2026-01-02\nparts = { entities = "ships.jsonl" }', when="never"
    )
    for name, day in (("two.csv", 6), ("one.csv", 5)):
        take(other_watch, name, csv(call_at_nampo(), day=day))
    assert other_watch.run(CLOCK).outputs() == in_harbour.outputs()


@pytest.mark.usefixtures("in_harbour")
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_damaged_positions_are_told_and_not_used_until_the_same_file_comes_again(watch: Watch, damage: str) -> None:
    store = watch.folder / "data"
    exhibit = digest((watch.folder / "two.csv").read_bytes())
    path = store / "exhibits" / exhibit[:2] / exhibit
    path.chmod(0o644)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b"SANDBOX", b"sandbox"))
    settings = read_config(watch.config)
    result = run_cycle(settings, instant(LATER), lambda: instant(LATER))
    assert result.damaged == (exhibit,)
    report: dict[str, Any] = json.loads((store / result.folder / "report.json").read_bytes())
    assert sorted(file["damaged"] for file in report["sea"]["files"]) == [[], [exhibit]]
    assert report["sea"]["to"][:10] == "2026-01-05", "the day of the damaged file is not looked at"
    assert exhibit in (store / result.folder / "report.html").read_text("utf-8")
    name = f"{result.folder}/manifest.json"
    folder = Folder.open(settings.store)
    assert reproduce(read_manifest(folder.read(name), where=name), folder).agrees

    assert take(watch, "two.csv", (watch.folder / "two.csv").read_bytes()) == exhibit
    mended = watch.run("2026-03-03T06:00:00Z")
    assert [file["damaged"] for file in mended.report["sea"]["files"]] == [[], []]
    assert mended.report["sea"]["to"][:10] == "2026-01-06"
    assert again(mended).agrees


@pytest.mark.usefixtures("in_harbour")
def test_an_import_that_was_interrupted_does_not_count_before_it_is_done(watch: Watch) -> None:
    """Rows may be on some shelves already, and the journal not done: the cycle reads its own files alone."""
    folder = Folder.open(read_config(watch.config).store)
    content = csv(call_at_nampo(imo=None), day=6).replace(b"199000399", b"199000400")
    exhibit = take(watch, "other.csv", content)
    journal = watch.folder / "data" / "sea" / "imports" / f"{exhibit}.json"
    journal.chmod(0o644)
    journal.unlink()
    ran = watch.run(LATER)
    assert ran.report["sea"]["ships"] == 1
    assert again(ran).agrees
    assert exhibit in Lake(folder).exhibits()


@pytest.mark.usefixtures("in_harbour")
def test_a_file_of_positions_all_of_which_are_damaged_leaves_a_sea_in_which_nothing_was_heard(watch: Watch) -> None:
    for name in ("one.csv", "two.csv"):
        exhibit = digest((watch.folder / name).read_bytes())
        (watch.folder / "data" / "exhibits" / exhibit[:2] / exhibit).unlink()
    ran = watch.run(LATER)
    assert (ran.report["sea"]["ships"], ran.report["sea"]["from"]) == (0, None)
    assert len(ran.manifest["inputs"]["damaged"]) == 2
    assert again(ran).agrees
