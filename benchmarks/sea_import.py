"""Measures how quickly, and in how much memory, tables of positions and AIS sentences are imported, beside peers.

The positions are invented: 5,000 ships in and around the Yellow Sea, 40 % of the reports slower than a knot. Every
measure runs in a process of its own, whose greatest memory is printed with its time.

    python benchmarks/sea_import.py [ROWS] [SENTENCES]
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

ROWS, SENTENCES = 10_000_000, 1_000_000
SHIPS, CHUNK = 5000, 500_000
BEGIN = np.datetime64("2026-01-02T00:00:00")
CLOCK = datetime(2026, 11, 26, tzinfo=UTC)
HEADER = (
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,World"
)
PEERS = ("pandas", "polars", "duckdb")


def main() -> None:
    """Make the files, measure, and print a table."""
    rows, sentences = (int(text) for text in (sys.argv[1:] + [str(ROWS), str(SENTENCES)][len(sys.argv[1:]) :]))
    with tempfile.TemporaryDirectory() as folder:
        table, nmea = Path(folder, "positions.csv"), Path(folder, "sentences.nmea")
        write_table(table, rows)
        write_sentences(nmea, sentences)
        print(
            f"{rows:,} rows ({table.stat().st_size:,} bytes), {sentences:,} sentences ({nmea.stat().st_size:,} bytes)"
        )
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
        print(f"{'measure':<58}{'seconds':>9}{'CPU':>8}{'per s':>12}{'peak MB':>9}")
        for name, path, count in (
            ("read the table (every line cleaned, nothing written)", table, rows),
            ("import the table (exhibit, lake)", table, rows),
            ("import the table again (nothing to do)", table, rows),
            ("read the sentences", nmea, sentences),
            ("import the sentences", nmea, sentences),
        ):
            measured(name, path, folder, count)
        for peer in PEERS:
            if importlib.util.find_spec(peer) is None:
                print(f"{peer + ': not installed here, not measured':<58}")
            else:
                measured(f"{peer}: read, drop impossible places, write Parquet", table, folder, rows)


def measured(name: str, path: Path, folder: str, count: int) -> None:
    """Run one measure in a process of its own and print its row."""
    command = [sys.executable, __file__, "--measure", name, str(path), folder]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    if ended.returncode:
        print(f"{name:<58} failed: {ended.stderr.strip().splitlines()[-1]}")
        return
    found = json.loads(ended.stdout.splitlines()[-1])
    seconds, speed = found["seconds"], count / found["seconds"]
    print(f"{name:<58}{seconds:>9.1f}{found['cpu']:>8.1f}{speed:>12,.0f}{found['peak_mb']:>9,.0f}   {found['said']}")


def measure(name: str, path: Path, folder: Path) -> None:
    """One measure in this process: its time, and the greatest memory."""
    wall, cpu = time.perf_counter(), time.process_time()
    said = _work(name)(path, folder)
    status = Path("/proc/self/status").read_text("ascii")  # what getrusage says is inherited from the parent
    peak_kb = int(status.partition("VmHWM:")[2].split()[0])
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "peak_mb": peak_kb / 1024,
                "said": said,
            }
        )
    )


def _work(name: str) -> Callable[[Path, Path], str]:
    if name.startswith("read"):
        return _read
    if name.startswith("import"):
        return _import
    return {"pandas": _pandas, "polars": _polars, "duckdb": _duckdb}[name.partition(":")[0]]


def _read(path: Path, folder: Path) -> str:
    from bongsu.sea.intake import source_of

    del folder
    positions = 0
    with path.open("rb") as stream:
        for batch in source_of(path, None).read(stream, exhibit="0" * 64, clock=CLOCK, world="sandbox"):
            positions += batch.counted.get("positions", 0)
    return f"{positions:,} positions"


def _import(path: Path, folder: Path) -> str:
    from bongsu.evidence import ExhibitStore, Folder
    from bongsu.sea.intake import source_of, take_in
    from bongsu.sea.lake import Lake

    store = Folder.open(str(folder / "store"))
    lake = Lake(store)
    with store.exclusive():
        exhibits = ExhibitStore(store, tool="benchmark")
        taken = take_in(
            path, source_of(path, None), exhibits=exhibits, lake=lake, now=CLOCK, tool="benchmark", world="sandbox"
        )
    files = len(store.names("sea/positions/"))
    size = sum(store.size(name) for name in store.names("sea/positions/"))
    return f"{taken.journal.rows['positions']:,} positions; {files} files, {size:,} bytes in the lake"


def _pandas(path: Path, folder: Path) -> str:
    import pandas as pd

    frame = pd.read_csv(path, parse_dates=["BaseDateTime"])
    frame = frame[frame["LAT"].abs().le(90) & frame["LON"].abs().le(180)]
    frame.sort_values(["MMSI", "BaseDateTime"]).to_parquet(folder / "pandas.parquet")
    return f"{len(frame):,} positions; one file, nothing else checked"


def _polars(path: Path, folder: Path) -> str:
    import polars as pl

    frame = pl.scan_csv(path, try_parse_dates=True).filter(pl.col("LAT").abs() <= 90, pl.col("LON").abs() <= 180)
    frame.sort("MMSI", "BaseDateTime").sink_parquet(folder / "polars.parquet")
    return "one file, nothing else checked"


def _duckdb(path: Path, folder: Path) -> str:
    import duckdb

    connection = duckdb.connect(config={"temp_directory": str(folder / "duckdb")})
    connection.execute(
        f"COPY (SELECT * FROM read_csv('{path}') WHERE abs(LAT) <= 90 AND abs(LON) <= 180 ORDER BY MMSI, BaseDateTime)"
        f" TO '{folder / 'duckdb.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )
    return "one file, nothing else checked"


def _reports(first: int, count: int, chance: np.random.Generator) -> dict[str, np.ndarray]:
    """Reports in the order of their times, of ships that keep to places of their own."""
    ships = chance.integers(0, SHIPS, count)
    slow = chance.random(count) < 0.4
    homes = np.random.default_rng(1).random((SHIPS, 2))
    return {
        "ship": ships,
        "second": (first + np.arange(count)) // 60,
        "latitude": np.round(31 + homes[ships, 0] * 9 + chance.normal(0, 0.05, count), 5),
        "longitude": np.round(119 + homes[ships, 1] * 10 + chance.normal(0, 0.05, count), 5),
        "speed": np.where(slow, np.round(chance.random(count), 1), np.round(1 + chance.random(count) * 15, 1)),
        "course": np.round(chance.random(count) * 359.9, 1),
    }


def write_table(path: Path, rows: int) -> None:
    """A table in the form of MarineCadastre's, every row of which says that it is invented."""
    chance = np.random.default_rng(7)
    with path.open("wb") as file:
        file.write(HEADER.encode() + b"\n")
        for first in range(0, rows, CHUNK):
            found = _reports(first, min(CHUNK, rows - first), chance)
            ships = found["ship"]
            texts = {
                "name": np.array([f"SANDBOX SHIP {ship}" for ship in range(SHIPS)])[ships],
                "imo": np.array([f"IMO{ship:07}" for ship in range(SHIPS)])[ships],
                "call_sign": np.array([f"SBX{ship}" for ship in range(SHIPS)])[ships],
            }
            size = len(ships)
            columns = [
                199_000_000 + ships,
                np.datetime_as_string(BEGIN + found["second"].astype("timedelta64[s]")),
                *(found[name] for name in ("latitude", "longitude", "speed", "course")),
                np.floor(found["course"]),
                *texts.values(),
                *(np.full(size, value) for value in (70, 0, 120, 18, 6.5, 70)),
                np.full(size, "sandbox"),
            ]
            table = pa.Table.from_arrays([pa.array(column) for column in columns], names=HEADER.split(","))
            pa_csv.write_csv(table, file, pa_csv.WriteOptions(include_header=False, quoting_style="none"))


def write_sentences(path: Path, count: int) -> None:
    """Position reports (message 1) with a tag block that bears the time and says that they are invented."""
    chance = np.random.default_rng(7)
    with path.open("w", encoding="ascii") as file:
        for first in range(0, count, CHUNK):
            found = _reports(first, min(CHUNK, count - first), chance)
            seconds = BEGIN.astype(np.int64) + found["second"]
            for payload, second in zip(_payloads(found), seconds.tolist(), strict=True):
                tag, sentence = f"s:sandbox,c:{second}", f"AIVDM,1,1,,A,{payload},0"
                file.write(f"\\{tag}*{_sum(tag):02X}\\!{sentence}*{_sum(sentence):02X}\n")


def _payloads(found: dict[str, np.ndarray]) -> list[str]:
    """ITU-R M.1371-5, table 45, 28 characters of six bits."""
    size = len(found["ship"])
    parts = [
        (np.full(size, 1), 6),
        (np.zeros(size), 2),
        (199_000_000 + found["ship"], 30),
        (np.zeros(size), 4),
        (np.full(size, 128), 8),
        (np.round(found["speed"] * 10), 10),
        (np.zeros(size), 1),
        (np.round(found["longitude"] * 600_000), 28),
        (np.round(found["latitude"] * 600_000), 27),
        (np.round(found["course"] * 10), 12),
        (np.floor(found["course"]), 9),
        (np.zeros(size), 6 + 2 + 3 + 1 + 19),
    ]
    bits = np.concatenate(
        [(values.astype(np.int64)[:, None] >> np.arange(width - 1, -1, -1)) & 1 for values, width in parts], axis=1
    )
    signs = bits.reshape(size, -1, 6) @ (1 << np.arange(5, -1, -1))
    armoured = np.where(signs < 40, signs + 48, signs + 56).astype(np.uint8)
    return [row.tobytes().decode("ascii") for row in armoured]


def _sum(text: str) -> int:
    found = 0
    for sign in text.encode():
        found ^= sign
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
