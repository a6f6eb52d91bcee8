"""The peers of `benchmarks/sea.py`, in an environment of their own (`make sea-peers`); prints a JSON line for each.

MovingPandas splits tracks at gaps and at stops; the scripts in pandas are what one writes in an hour: a shift per ship
for gaps, and for encounters a merge of ten-minute means on squares. None of them keeps away from ports or asks whether
others were heard.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

GAP = timedelta(hours=12)
SHORTEST = timedelta(hours=2)
STOP_M = 500
STOP_SHIPS = 11  # of MovingPandas' stops, which take a hundred times as long
RADIUS_KM = 6371.0088


def main(folder: Path) -> None:
    report("pandas: gaps", folder, pandas_gaps)
    report("pandas: encounters", folder, pandas_encounters)
    report("MovingPandas: gaps", folder, moving_gaps)
    report(f"MovingPandas: stops of {STOP_SHIPS} ships", folder, moving_stops, ships=STOP_SHIPS)


def report(what: str, folder: Path, work: Callable[[pd.DataFrame], int], ships: int | None = None) -> None:
    """From Parquet to a count, with the reading."""
    wall, cpu = time.perf_counter(), time.process_time()
    rows = read(folder, ships)
    found = work(rows)
    status = Path("/proc/self/status").read_text("ascii")
    told = {
        "what": what,
        "positions": len(rows),
        "seconds": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak_mb": int(status.partition("VmHWM:")[2].split()[0]) / 1024,
        "found": found,
    }
    print(json.dumps(told), flush=True)


def read(folder: Path, ships: int | None) -> pd.DataFrame:
    columns = ["mmsi", "at", "latitude_deg", "longitude_deg", "speed_kn"]
    parts = [pq.read_table(path, columns=columns).to_pandas() for path in sorted(folder.glob("positions_*.parquet"))]
    rows = pd.concat(parts)
    return rows if ships is None else rows[rows.mmsi < rows.mmsi.min() + ships]


def pandas_gaps(rows: pd.DataFrame) -> int:
    rows = rows.sort_values(["mmsi", "at"])
    return int((rows.groupby("mmsi")["at"].diff() >= GAP).sum())


def pandas_encounters(rows: pd.DataFrame) -> int:
    rows = rows.assign(bin=rows["at"].dt.floor("10min"))
    bins = rows.groupby(["mmsi", "bin"], as_index=False).agg(
        lat=("latitude_deg", "mean"), lon=("longitude_deg", "mean"), speed=("speed_kn", "max")
    )
    slow = bins[bins.speed < 2].assign(
        row=lambda each: np.floor(each.lat * 200).astype("int64"),
        column=lambda each: np.floor(each.lon * 50).astype("int64"),
    )
    steps = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
    around = pd.concat([slow.assign(row=slow.row + row, column=slow.column + column) for row, column in steps])
    met = around.merge(slow, on=["bin", "row", "column"], suffixes=("", "_other"))
    met = met[met.mmsi < met.mmsi_other]
    near = met[kilometres(met.lat, met.lon, met.lat_other, met.lon_other) <= 0.5].sort_values("bin")
    pairs = near.groupby(["mmsi", "mmsi_other"])["bin"]
    run = (pairs.diff() > timedelta(minutes=70)).groupby([near.mmsi, near.mmsi_other]).cumsum()
    lasting = near.groupby([near.mmsi, near.mmsi_other, run])["bin"].agg(["min", "max"])
    return int((lasting["max"] - lasting["min"] >= SHORTEST).sum())


def kilometres(lat: pd.Series, lon: pd.Series, other_lat: pd.Series, other_lon: pd.Series) -> pd.Series:
    south, north = np.radians(lat), np.radians(other_lat)
    half = np.sin((north - south) / 2) ** 2
    half += np.cos(south) * np.cos(north) * np.sin(np.radians(other_lon - lon) / 2) ** 2
    return 2 * RADIUS_KM * np.arcsin(np.sqrt(half))


def moving_gaps(rows: pd.DataFrame) -> int:
    from movingpandas import ObservationGapSplitter

    tracks = collection(rows)
    return len(ObservationGapSplitter(tracks).split(gap=GAP)) - len(tracks)


def moving_stops(rows: pd.DataFrame) -> int:
    from movingpandas import TrajectoryStopDetector

    return len(TrajectoryStopDetector(collection(rows)).get_stop_points(max_diameter=STOP_M, min_duration=SHORTEST))


def collection(rows: pd.DataFrame) -> object:
    from movingpandas import TrajectoryCollection

    plain = rows.assign(at=rows["at"].dt.tz_localize(None))
    return TrajectoryCollection(plain, "mmsi", t="at", x="longitude_deg", y="latitude_deg", crs="EPSG:4326")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
