"""Measures the sea desk: all its detectors from Parquet to indicators, at three sizes, beside peers in the same run.

The positions are invented: ships that go to and fro between two places at sea and lie still at either end for nearly
half of the time, every three minutes with one report in ten lost; one in five is silent once for half a day to two.
Every measure runs in a process of its own.

    python benchmarks/sea.py [MILLIONS ...] [--keep FOLDER] [--steps]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bongsu.cycle.standing import standing
from bongsu.evidence import Folder
from bongsu.sea import desk
from bongsu.sea.model import DesignatedShip, Identity, Position
from bongsu.sea.places import gazetteer
from bongsu.sea.seas import Sea
from bongsu.tables import schema_of
from bongsu.tables.engine import Engine

MILLIONS = (1, 10, 50)
REPORTS = 8_900  # of a ship, on average
EVERY_S, SENT, LOST = 180, 10_000, 0.1
SHIPS_A_FILE = 500
START = np.datetime64("2026-01-01T00:00:00", "us")
CLOCK = datetime(2026, 2, 1, tzinfo=UTC)
LATITUDES, LONGITUDES = (29.0, 36.0), (122.6, 125.6)  # of the Yellow and the East China Sea, without land
FIRST_MMSI = 199_000_000
DESIGNATED = 20
READ = {
    "dark_gap": ("mmsi", "at", "latitude_deg", "longitude_deg"),
    "encounter": ("mmsi", "at", "latitude_deg", "longitude_deg", "speed_kn", "status"),
}
ALL_COLUMNS = READ["encounter"]
PEERS = Path(__file__).parents[1] / ".venv-sea-peers" / "bin" / "python"
PEER_MILLIONS = 1
HEADINGS = (
    f"{'measure':<42}{'positions':>12}{'seconds':>9}{'CPU s':>8}{'per s':>12}{'per CPU s':>12}{'peak MB':>9}  found"
)


def main() -> None:
    asked = arguments()
    if asked.measure:
        print(json.dumps(measured(asked.measure, asked.keep, asked.steps)))
        return
    print(f"machine: {processor()}, {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        root = asked.keep or Path(place)
        for millions in asked.millions:
            make(root / f"{millions}m", millions)
        report(root, asked.millions, asked.steps)
    print(f"load at the end: {load()}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("millions", nargs="*", type=int, default=MILLIONS)
    parser.add_argument("--keep", type=Path, help="make the positions here, and take what is there already")
    parser.add_argument("--steps", action="store_true", help="say what each step took")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    return parser.parse_args()


def report(root: Path, sizes: tuple[int, ...], steps: bool) -> None:
    print(f"load before: {load()}; shares of slow and still reports: {slow_share(root / f'{sizes[0]}m'):.0%}")
    print(HEADINGS)
    curve = {}
    for millions in sizes:
        curve[millions] = line(f"all {len(desk.detector_names())} detectors", root, millions, "all", steps)
    for name, columns in READ.items():
        bare = line(f"bare read of {len(columns)} columns", root, sizes[-1], f"read {name}")
        ours = line(f"{name} alone", root, sizes[-1], name, steps)
        print(f"    {ours['cpu'] / bare['cpu']:.1f} times the CPU seconds of the bare read")
    for millions in sizes[1:]:
        first = curve[sizes[0]]["cpu"] / curve[sizes[0]]["positions"]
        now = curve[millions]["cpu"] / curve[millions]["positions"]
        print(f"cost of a position at {millions} million against {sizes[0]} million: {now / first:.2f}")
    if PEER_MILLIONS in sizes:
        beside(root, curve[PEER_MILLIONS])


def beside(root: Path, ours: dict[str, Any]) -> None:
    """The peers over the same positions."""
    line("dark_gap alone", root, PEER_MILLIONS, "dark_gap")
    line("encounter alone", root, PEER_MILLIONS, "encounter")
    if not PEERS.exists():
        print("(the peers are not measured: run `make sea-peers` first)")
        return
    command = [str(PEERS), str(Path(__file__).with_name("sea_peers.py")), str(root / f"{PEER_MILLIONS}m")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as peers:
        for text in peers.stdout or ():
            told = json.loads(text)
            show(told["what"], told)
            times = told["cpu"] / told["positions"] / (ours["cpu"] / ours["positions"])
            print(f"    {times:.2f} times the CPU seconds of a position that all our detectors take together")
    print("(Global Fishing Watch's pipe-gaps is not measured: it is on no package index)")


def line(what: str, root: Path, millions: int, name: str, steps: bool = False) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", name, "--keep", str(root / f"{millions}m")]
    ran = subprocess.run([*command, *(["--steps"] if steps else [])], check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(ran.stdout)
    show(what, told)
    return told


def show(what: str, told: dict[str, Any]) -> None:
    positions, seconds, cpu = told["positions"], told["seconds"], told["cpu"]
    print(
        f"{what:<42}{positions:>12,}{seconds:>9.1f}{cpu:>8.1f}{positions / seconds:>12,.0f}{positions / cpu:>12,.0f}"
        f"{told['peak_mb']:>9,.0f}  {told['found']}",
        flush=True,
    )


def measured(name: str, place: Path, steps: bool) -> dict[str, Any]:
    """One measure in this process."""
    folder = Folder.open(str(place), create=False)
    names = [name for name in folder.names() if name.startswith("positions_")]
    wall, cpu = time.perf_counter(), time.process_time()
    with Telling(memory="3GB") if steps else Engine(memory="3GB") as engine:
        positions = engine.table(folder, names, Position)
        if name.startswith("read "):
            columns = [positions[column] for column in READ[name.removeprefix("read ")]]
            # Every value is looked at, and nothing is made of it.
            found = engine.rows(positions.aggregate([column.max().name(column.get_name()) for column in columns]))
        else:
            found = desk.detect(
                sea(engine, positions, folder),
                standing=standing,
                only=() if name == "all" else (name,),
                tell=engine.tell if isinstance(engine, Telling) else lambda _: None,
            )
    times = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    count = sum(pq.ParquetFile(place / name).metadata.num_rows for name in names)
    return {**times, "positions": count, "peak_mb": peak_mb(), "found": "" if "read" in name else len(found)}


def sea(engine: Engine, positions: ibis.Table, folder: Folder) -> Sea:
    designated = [
        DesignatedShip(
            listing=f"sandbox:{number}", authority="SANDBOX", binding="un", name=f"SANDBOX {number}", imo=number,
            mmsi=None, listed_on="2020-01-01", exhibit="0" * 64, locator="row=1", sandbox=True,
        )
        for number in range(1, DESIGNATED + 1)
    ]  # fmt: skip
    return Sea(
        engine,
        positions=positions,
        identities=engine.table(folder, ["identities.parquet"], Identity),
        gazetteer=gazetteer(),
        designated=designated,
        clock=CLOCK,
    )


class Telling(Engine):
    """An engine that says what each step took, on the error stream."""

    def tell(self, text: str) -> None:
        print(f"    {text}", file=sys.stderr, flush=True)

    def keep(self, expression: ibis.Table) -> ibis.Table:
        return self._timed(f"keep {len(expression.columns)} columns", lambda: super(Telling, self).keep(expression))

    def arrow(self, expression: ibis.Table) -> pa.Table:
        return self._timed("arrow", lambda: super(Telling, self).arrow(expression))

    def records(self, expression: ibis.Table, record: type) -> list[Any]:
        return self._timed(f"records of {record.__name__}", lambda: super(Telling, self).records(expression, record))

    def _timed(self, what: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        done = work()
        times = f"{time.perf_counter() - wall:>8.1f} s {time.process_time() - cpu:>8.1f} CPU s"
        self.tell(f"{what:<28}{times} {peak_mb():>6.0f} MB")
        return done


def make(place: Path, millions: int) -> None:
    """The invented positions and ships of one size, unless they are there."""
    ships = round(millions * 1_000_000 / REPORTS)
    place.mkdir(parents=True, exist_ok=True)
    if (place / "identities.parquet").exists():
        return
    chance = np.random.Generator(np.random.PCG64(1))
    for first in range(0, ships, SHIPS_A_FILE):
        table = tracks(chance, first, min(SHIPS_A_FILE, ships - first))
        path = place / f"positions_{first:06d}.parquet"
        pq.write_table(table, path, compression="zstd", row_group_size=122_880, store_schema=False)
    rows = pa.Table.from_pylist([asdict(row) for row in said(ships)], schema=schema_of(Identity))
    pq.write_table(rows, place / "identities.parquet", store_schema=False)


def tracks(chance: np.random.Generator, first: int, ships: int) -> pa.Table:
    """Ships to and fro: 27 % of the time out, 23 % lying there, 27 % back, 23 % lying here; by ship and time."""
    second = np.arange(SENT) * EVERY_S
    phase, period = chance.uniform(0, 1, (ships, 1)), chance.uniform(2, 8, (ships, 1)) * 86_400
    south, north = chance.uniform(*LATITUDES, (2, ships, 1))
    west, east = chance.uniform(*LONGITUDES, (2, ships, 1))
    up, right = north - south, east - west
    turn = (second[None, :] / period + phase) % 1
    share = np.select([turn < 0.27, turn < 0.5, turn < 0.77], [turn / 0.27, 1.0, 1 - (turn - 0.5) / 0.27], 0.0)
    moving = (turn < 0.27) | ((turn >= 0.5) & (turn < 0.77))
    latitude = south + up * share + chance.normal(0, 1e-4, (ships, SENT))
    longitude = west + right * share + chance.normal(0, 1e-4, (ships, SENT))
    pace = np.hypot(up, right) * 60 / (0.27 * period / 3600)
    speed = np.where(moving, pace, 0.1) + chance.normal(0, 0.1, (ships, SENT))
    kept = (chance.uniform(size=(ships, SENT)) > LOST) & ~silent(chance, ships)
    at = START + (second[None, :] + chance.integers(-20, 20, (ships, SENT))).astype("timedelta64[s]")
    mmsi = np.broadcast_to((FIRST_MMSI + first + np.arange(ships))[:, None], (ships, SENT))
    count = int(kept.sum())
    columns = {
        "mmsi": mmsi[kept],
        "at": pa.array(at[kept].astype("datetime64[us]")).cast(pa.timestamp("us", tz="UTC")),
        "latitude_deg": np.round(latitude[kept], 5),
        "longitude_deg": np.round(longitude[kept], 5),
        "speed_kn": np.clip(np.round(speed, 1), 0, 40)[kept],
        "course_deg": np.round(chance.uniform(0, 359, count), 1),
        "heading_deg": pa.nulls(count, pa.float64()),
        "status": np.where(moving[kept], 0, 1).astype("int64"),
        "cell": cells(latitude[kept], longitude[kept]),
        "source": pa.array(["sandbox"]).take(pa.array(np.zeros(count, "int64"))),
        "exhibit": pa.array(["0" * 64]).take(pa.array(np.zeros(count, "int64"))),
        "row": np.arange(count),
        "world": pa.array(["sandbox"]).take(pa.array(np.zeros(count, "int64"))),
    }
    return pa.table([pa.array(columns[name]) for name in schema_of(Position).names], schema=schema_of(Position))


def silent(chance: np.random.Generator, ships: int) -> np.ndarray:
    """The reports that a ship does not send: one silence of 12 to 48 hours of one ship in five."""
    begins = chance.integers(0, SENT, (ships, 1))
    lasts = chance.integers(12 * 3600 // EVERY_S, 48 * 3600 // EVERY_S, (ships, 1))
    number = np.arange(SENT)[None, :]
    return (chance.uniform(size=(ships, 1)) < 0.2) & (number >= begins) & (number < begins + lasts)


def cells(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """`grid.cells_of` over arrays."""
    row = np.floor((np.round(latitude, 5) + 90.0) * 20).astype("int64")
    return row * 7200 + np.floor((np.round(longitude, 5) + 180.0) * 20).astype("int64") % 7200


def said(ships: int) -> Iterator[Identity]:
    """What the ships say of themselves: six in ten carry goods, two fish, two are tankers."""
    for number in range(ships):
        yield Identity(
            mmsi=FIRST_MMSI + number,
            first_at=datetime(2026, 1, 1, tzinfo=UTC),
            last_at=datetime(2026, 1, 21, tzinfo=UTC),
            reports=1,
            imo=number + 1,
            name=f"SANDBOX {number}",
            call_sign=f"SBX{number}",
            ship_type=(70, 70, 70, 79, 70, 70, 30, 30, 80, 84)[number % 10],
            length_m=100.0,
            beam_m=16.0,
            draught_m=6.0,
            destination=None,
            source="sandbox",
            exhibit="0" * 64,
            row=number + 1,
            world="sandbox",
        )


def slow_share(place: Path) -> float:
    speeds = pq.read_table(min(place.glob("positions_*.parquet")), columns=["speed_kn"])["speed_kn"].to_numpy()
    return float((speeds < 2).mean())


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text("ascii")  # what getrusage says is inherited from the parent
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "processor unknown")


def load() -> str:
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


if __name__ == "__main__":
    main()
