"""`bongsu sea import`: bytes are kept before they are read, no line goes missing, and a killed import goes on."""

from __future__ import annotations

import gzip
import json
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from bongsu.cli.shell import cli
from bongsu.evidence import Folder
from bongsu.kernel.errors import BongsuError
from bongsu.sea.journal import lines_in
from bongsu.sea.lake import Lake
from bongsu.sea.model import Position
from bongsu.tables.engine import Engine

FIXTURES = Path(__file__).parent / "fixtures"
REAL = Path(__file__).parents[3] / "shared" / "data" / "ais"
BONGSU = str(Path(sys.executable).with_name("bongsu"))
LARGE = 200 * 2**20
# The most memory a process had after each import.
IMPORTS = """
import sys
from pathlib import Path
from bongsu.cli.shell import cli

for name in sys.argv[1:]:
    cli.main(["sea", "import", name, "--store", "store", "--sandbox", "--json"], standalone_mode=False)
    print(int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024)
"""
Import = Callable[..., "Ended"]

with_real_samples = pytest.mark.skipif(not REAL.is_dir(), reason="the real samples are not on this machine")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def sea(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Runs `bongsu sea` in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)

    def run(name: str, *arguments: str | Path) -> Ended:
        store = ("--store", "store") if name == "import" else ()
        ended = CliRunner().invoke(cli, ["sea", name, *map(str, arguments), *store], standalone_mode=False)
        error = ended.exception
        if error is not None and not isinstance(error, BongsuError):
            raise error
        return Ended(0 if error is None else error.exit_code, ended.stdout, ended.stderr + str(error or ""))

    return run


def imported(sea: Import, *arguments: str | Path) -> dict[str, Any]:
    ended = sea("import", *arguments, "--json")
    assert ended.returncode == 0, ended.stderr
    record: dict[str, Any] = json.loads(ended.stdout)
    return record


def test_files_of_several_sources_are_recognised_and_every_line_is_accounted_for(sea: Import, tmp_path: Path) -> None:
    names = [
        "marine_cadastre_sandbox.csv",
        "danish_sandbox.csv",
        "gfw_encounters_sandbox.csv",
        "gfw_vessels_sandbox.csv",
    ]
    record = imported(sea, *(FIXTURES / name for name in names), "--sandbox")
    assert [file["source"] for file in record["files"]] == ["marine_cadastre", "danish", "gfw_events", "gfw_vessels"]
    for file, name in zip(record["files"], names, strict=True):
        assert lines_in(file["counted"]) == file["lines"] == len((FIXTURES / name).read_text().splitlines())
    assert record["lake"] == {"positions": 9, "identities": 9, "events": 2, "days": 1, "exhibits": 4}


def test_a_position_can_be_traced_to_the_line_that_says_so(sea: Import, tmp_path: Path) -> None:
    record = imported(sea, FIXTURES / "danish_sandbox.csv", "--sandbox")
    folder = Folder.open(str(tmp_path / "store"))
    exhibit = record["files"][0]["exhibit"]
    lines = folder.read(f"exhibits/{exhibit[:2]}/{exhibit}").decode().splitlines()
    with Engine() as engine:
        files = [name for names in Lake(folder).position_files().values() for name in names]
        rows = engine.rows(engine.table(folder, files, Position))
    assert len(rows) == 4
    for row in rows:
        assert row["exhibit"] == exhibit
        assert f"{row['latitude_deg']:.6f},{row['longitude_deg']:.6f}" in lines[row["row"] - 1]
        assert row["world"] == "sandbox"


def test_what_was_imported_is_not_imported_again(sea: Import) -> None:
    first = imported(sea, FIXTURES / "danish_sandbox.csv", "--sandbox")
    second = imported(sea, FIXTURES / "danish_sandbox.csv", "--sandbox")
    assert second["files"][0]["from_line"] is None
    assert second["lake"] == first["lake"]
    assert "was imported before" in sea("import", FIXTURES / "danish_sandbox.csv", "--sandbox").stdout


def test_the_same_bytes_are_not_imported_in_another_way(sea: Import) -> None:
    imported(sea, FIXTURES / "danish_sandbox.csv", "--sandbox")
    ended = sea("import", FIXTURES / "danish_sandbox.csv")
    assert ended.returncode == 2
    assert "was imported as danish, world sandbox" in ended.stderr


def test_a_table_of_one_s_own_is_read_by_a_mapping(sea: Import) -> None:
    record = imported(
        sea, FIXTURES / "columns_sandbox.csv", "--mapping", FIXTURES / "columns_sandbox.toml", "--sandbox"
    )
    assert record["files"][0]["counted"]["positions"] == 3


def test_the_example_mapping_is_read(sea: Import, tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "sea-columns.toml"
    (tmp_path / "own.csv").write_text(
        "ID,ais_pos_timestamp,longitude,latitude\n199000001,02/01/2026 00:22,124.5,38.5\n"
    )
    record = imported(sea, "own.csv", "--mapping", example, "--sandbox")
    assert record["lake"]["positions"] == 1


def test_a_file_that_is_not_recognised_is_said_before_anything_is_kept(sea: Import, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    ended = sea("import", FIXTURES / "danish_sandbox.csv", "other.csv")
    assert ended.returncode == 2
    assert "is not recognised" in ended.stderr
    assert not (tmp_path / "store" / "exhibits").exists()


@pytest.mark.parametrize("mapping", [(), ("--mapping", FIXTURES / "columns_sandbox.toml")])
def test_a_file_that_is_not_there_or_empty_is_said_in_one_sentence(
    sea: Import, tmp_path: Path, mapping: tuple[str, ...]
) -> None:
    (tmp_path / "empty.csv").touch()
    gone, empty = sea("import", "gone.csv", *mapping), sea("import", "empty.csv", *mapping)
    assert (gone.returncode, "gone.csv: cannot be read: No such file" in gone.stderr) == (2, True)
    assert (empty.returncode, "empty.csv: is empty" in empty.stderr) == (3, True)


def test_a_file_that_is_plainly_another_s_is_not_read_as_named(sea: Import) -> None:
    ended = sea("import", FIXTURES / "danish_sandbox.csv", "--source", "marine_cadastre")
    assert ended.returncode == 2
    assert "looks like danish" in ended.stderr


def test_a_file_that_is_cut_off_is_refused_leaves_nothing_in_the_lake_and_the_others_land(
    sea: Import, tmp_path: Path
) -> None:
    lines = b"".join(f"199000001,2026-01-02T{hour:02}:00:00,38.5,{hour}.5\n".encode() for hour in range(24))
    content = b"MMSI,BaseDateTime,LAT,LON\n" + lines * 200
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(content)[:-30])
    ended = sea("import", "cut.csv.gz", FIXTURES / "marine_cadastre_sandbox.csv", "--sandbox", "--json")
    assert ended.returncode == 3
    assert "cut.csv.gz: the gzip file is cut off" in ended.stderr
    record = json.loads(ended.stdout)
    assert record["lake"]["exhibits"] == 1
    assert len(record["refused"]) == 1
    assert not (tmp_path / "store" / "sea" / "landing").is_dir() or not any(
        (tmp_path / "store/sea/landing").rglob("*.parquet")
    )


def test_a_folder_stands_for_the_files_in_it(sea: Import, tmp_path: Path) -> None:
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    (tmp_path / "in" / "deeper" / "a.csv").write_bytes((FIXTURES / "danish_sandbox.csv").read_bytes())
    (tmp_path / "in" / ".hidden").write_text("not looked at")
    assert imported(sea, "in", "--sandbox")["lake"]["positions"] == 4


def test_the_sources_are_named_with_their_terms(sea: Import) -> None:
    ended = sea("sources", "--json")
    found = {card["id"]: card for card in json.loads(ended.stdout)}
    assert {"columns", "danish", "gfw_events", "gfw_vessels", "marine_cadastre", "nmea"} <= set(found)
    assert found["gfw_events"]["gives"] == ["events"]
    assert "danish" in sea("sources").stdout


def test_a_summary_for_people_says_what_became_of_the_lines(sea: Import) -> None:
    out = sea("import", FIXTURES / "danish_broken_sandbox.csv", "--sandbox").stdout
    assert "Danish Maritime Authority" in out
    assert "set aside: time is not written as it should be" in out
    assert "the lake holds 1 positions of 1 days" in out


def large_table(path: Path, rows: int) -> None:
    chance = random.Random(3)
    begin = datetime(2026, 1, 2, tzinfo=UTC)
    with path.open("w") as file:
        file.write("MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,World\n")
        for row in range(rows):
            at = begin + timedelta(seconds=row / 3)
            file.write(
                f"{199_000_000 + row % 500},{at:%Y-%m-%dT%H:%M:%S},{30 + chance.random() * 15:.5f},"
                f"{120 + chance.random() * 15:.5f},{chance.random() * 12:.1f},{row % 360},{row % 360},"
                f"SANDBOX SHIP {row % 500},sandbox\n"
            )


def test_an_import_killed_again_and_again_makes_the_lake_of_one_that_was_not(tmp_path: Path) -> None:
    """Killed with SIGKILL while it lands and while it goes to the shelves, and run again until it is through."""
    large_table(tmp_path / "large.csv", 300_000)

    def begun(store: str) -> subprocess.Popen[bytes]:
        command = [BONGSU, "sea", "import", "large.csv", "--store", store, "--json"]
        return subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def seen() -> set[tuple[str, int]]:
        """What lies in the lake now; a journal that was written anew is another file."""
        found = set()
        for path in (tmp_path / "killed" / "sea").rglob("*"):
            with suppress(FileNotFoundError):
                found.add((path.name, path.stat().st_ino))
        return found

    whole = json.loads(begun("whole").communicate()[0])
    kills = 0
    for most_changes in (2, 5, 4, 1):
        process, before, changes = begun("killed"), seen(), most_changes
        while changes and process.poll() is None:
            now = seen()
            changes -= now != before
            before = now
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        process.communicate()
    last = json.loads(begun("killed").communicate()[0])
    assert kills >= 2
    assert last["lake"] == whole["lake"]
    assert last["lake"]["positions"] == 300_000
    assert last["files"][0]["counted"] == whole["files"][0]["counted"]
    lakes = [Lake(Folder.open(str(tmp_path / store))) for store in ("whole", "killed")]
    assert lakes[0].digest() == lakes[1].digest()
    shelved = [name for names in lakes[1].position_files().values() for name in names]
    assert Folder.open(str(tmp_path / "killed")).names("sea/positions/") == sorted(shelved)
    assert Folder.open(str(tmp_path / "killed")).names("sea/landing/") == []


def packed_tables(folder: Path) -> Iterator[Path]:
    """Archives of some MB that hold 200 MiB each: a table, and lines of a MiB, which are set aside as too long."""
    table = (FIXTURES / "danish_sandbox.csv").read_bytes()
    chance = random.Random(5)
    noise = [chance.randbytes(2**15).replace(b"\n", b"~").ljust(2**20 - 1, b"~") + b"\n" for _ in range(LARGE // 2**20)]
    with gzip.open(folder / "large.csv.gz", "wb", compresslevel=1) as packed:
        packed.writelines([table, *noise])
    yield folder / "large.csv.gz"
    with zipfile.ZipFile(folder / "large.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, lines in (("one.csv", noise[::2]), ("two.csv", noise[1::2])):
            with archive.open(name, "w") as member:
                member.writelines([table, *lines])
    yield folder / "large.zip"
    with pa.OSFile(str(folder / "large.csv.zst"), "wb") as file, pa.CompressedOutputStream(file, "zstd") as stream:
        for line in (table, *noise):
            stream.write(line)
    yield folder / "large.csv.zst"


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="Linux says how much memory a process had")
def test_what_an_archive_holds_is_never_in_memory_whole(tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_bytes((FIXTURES / "danish_sandbox.csv").read_bytes().replace(b"199", b"198"))
    large = list(packed_tables(tmp_path))
    assert max(path.stat().st_size for path in large) < LARGE / 20
    command = [sys.executable, "-c", IMPORTS, "small.csv", *(path.name for path in large)]
    told = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [json.loads(line)["files"][0]["counted"]["set aside: line is too long"] for line in told[2::2]] == [200] * 3
    small, *peaks = map(int, told[1::2])
    assert max(peaks) - small < LARGE / 4


@with_real_samples
def test_the_real_samples_import_with_no_line_unaccounted_for(sea: Import, tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "sea-columns.toml"
    suez = imported(sea, REAL / "boat_positions.csv.gz", "--mapping", example)["files"][0]
    assert suez["counted"] == {"headers": 1, "set aside: id of the ship is no MMSI": 22_287}
    others = ("gfw_encounter_events_2012_2017.csv.gz", "gfw_transshipment_vessels.csv.gz", "nmea_sample.txt")
    record = imported(sea, *(REAL / name for name in others))
    encounters, vessels, nmea = record["files"]
    assert encounters["counted"] == {"headers": 1, "events": 11_681}
    assert vessels["counted"]["identities"] == 1056
    for file in (suez, encounters, vessels, nmea):
        assert lines_in(file["counted"]) == file["lines"]


@with_real_samples
def test_decoded_reports_around_denmark_import_by_a_mapping_of_their_names(sea: Import) -> None:
    mapping = FIXTURES / "columns_json_sandbox.toml"
    file = imported(sea, REAL / "danish_decoded_sample.json.gz", "--mapping", mapping)["files"][0]
    assert lines_in(file["counted"]) == file["lines"] == 500
    assert file["counted"]["set aside: sent by a base station"] == 23
    assert file["counted"]["set aside: sent by an aid to navigation"] == 21
    assert file["counted"]["positions"] > 400
    assert file["counted"]["identities"] > 15


@with_real_samples
def test_positions_around_suez_land_where_their_ids_are_taken_for_numbers_of_ships(sea: Import, tmp_path: Path) -> None:
    """The sample numbers its ships from 1; six zeros before them make what looks like numbers, for this test only."""
    content = gzip.decompress((REAL / "boat_positions.csv.gz").read_bytes()).decode("utf-8-sig").splitlines()
    rows = [f"199{line.partition(',')[0]:0>6},{line.partition(',')[2]}" for line in content[1:]]
    (tmp_path / "suez.csv").write_text("\n".join([content[0], *rows]) + "\n")
    example = Path(__file__).parents[2] / "examples" / "sea-columns.toml"
    record = imported(sea, "suez.csv", "--mapping", example, "--sandbox")
    counted = record["files"][0]["counted"]
    assert counted["positions"] + counted.get("set aside: the same report again", 0) == 22_287
    assert record["lake"]["positions"] == counted["positions"] > 20_000
