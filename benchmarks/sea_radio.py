"""Measures how many AIS sentences a second become cleaned rows, beside pyais, which decodes them into objects.

The sentences are invented: 5,000 ships; of the messages 84 % are positions of class A, 8 % of class B, 6 % static
reports in two sentences, 2 % static reports of class B; each bears a tag block with the time of receipt. Every measure
runs in a process of its own. What each does differs, and is said beside it.

    python benchmarks/sea_radio.py [SENTENCES]
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path

SENTENCES = 1_000_000
DISTINCT = 100_000  # messages made; they come again with later times
BEGIN = 1_790_000_000
CLOCK = datetime(2026, 11, 26, tzinfo=UTC)


def main() -> None:
    """Make the file, measure, and print a table."""
    count = int(sys.argv[1]) if sys.argv[1:] else SENTENCES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sandbox.nmea")
        written = write(path, count)
        print(f"{written:,} sentences, {path.stat().st_size:,} bytes; {os.cpu_count()} processors, ", end="")
        print(f"load {os.getloadavg()[0]:.1f} before")
        print(f"{'measure':<46}{'seconds':>9}{'CPU':>8}{'per s':>11}{'per CPU s':>11}{'peak MB':>9}")
        for name in MEASURES:
            command = [sys.executable, __file__, "--measure", name, str(path)]
            found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            speeds = f"{written / found['seconds']:>11,.0f}{written / found['cpu']:>11,.0f}"
            print(
                f"{name:<46}{found['seconds']:>9.1f}{found['cpu']:>8.1f}{speeds}{found['peak_mb']:>9,.0f}   "
                f"{found['said']}"
            )


def measure(name: str, path: Path) -> None:
    """One measure in this process: its time, and the greatest memory."""
    wall, cpu = time.perf_counter(), time.process_time()
    said = MEASURES[name](path)
    status = Path("/proc/self/status").read_text("ascii")  # what getrusage says is inherited from the parent
    peak_mb = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    times = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps({**times, "peak_mb": peak_mb, "said": said}))


def ours(path: Path) -> str:
    """Check sums, time stamps, assembly, decoding, every rule of cleaning, Arrow rows with their lines."""
    from bongsu.sea.cards import source

    rows = identities = 0
    with path.open("rb") as stream:
        for batch in source("nmea").read(stream, exhibit="0" * 64, clock=CLOCK):
            rows += batch.positions.num_rows if batch.positions is not None else 0
            identities += batch.counted.get("identities", 0)
    return f"{rows:,} positions, {identities:,} static reports, cleaned, in Arrow"


def pyais_decoded(path: Path) -> str:
    """Assembly and decoding into objects; the tag block is split off, and its time not read."""
    from pyais.stream import IterMessages

    count = 0
    with path.open("rb") as stream:
        for message in IterMessages(stream):
            message.decode()
            count += 1
    return f"{count:,} objects; no check sum refused, no time read, nothing cleaned"


def pyais_rows(path: Path) -> str:
    """What a first program does with them: the time of the tag block, and a row of each position."""
    from pyais.stream import IterMessages

    rows = []
    with path.open("rb") as stream:
        for message in IterMessages(stream):
            if not message.is_valid or message.tag_block is None:
                continue
            message.tag_block.init()
            said = message.decode()
            if said.msg_type in {1, 2, 3, 18, 19, 27}:
                at = int(message.tag_block.receiver_timestamp)
                rows.append((said.mmsi, at, said.lat, said.lon, said.speed, said.course, said.heading))
    return f"{len(rows):,} positions as tuples in memory; nothing cleaned"


MEASURES: dict[str, Callable[[Path], str]] = {
    "ours": ours,
    "pyais, decoded": pyais_decoded,
    "pyais, decoded, with times, as rows": pyais_rows,
}


def write(path: Path, count: int) -> int:
    """Sentences with tag blocks, whole messages only; how many."""
    made = list(messages(random.Random(7)))
    written = second = 0
    with path.open("w", encoding="ascii") as file:
        while written < count:
            for number, sentences in enumerate(made):
                second += number % 60 == 0
                fields = f"s:SANDBOX,c:{BEGIN + second}"
                check = reduce(lambda left, right: left ^ right, fields.encode())
                file.write(f"\\{fields}*{check:02X}\\{sentences[0]}\n")
                file.writelines(f"{sentence}\n" for sentence in sentences[1:])
                written += len(sentences)
                if written >= count:
                    break
    return written


def messages(chance: random.Random) -> Iterator[list[str]]:
    """The sentences of each message."""
    from pyais.encode import encode_dict

    homes = [(chance.uniform(31, 40), chance.uniform(119, 129)) for _ in range(5000)]
    for _ in range(DISTINCT):
        ship, kind = chance.randrange(5000), chance.random()
        place = {"lat": homes[ship][0] + chance.gauss(0, 0.05), "lon": homes[ship][1] + chance.gauss(0, 0.05)}
        moving = {"speed": round(chance.uniform(0, 15), 1), "course": round(chance.uniform(0, 359), 1), "heading": 511}
        hull = {"ship_type": 70, "to_bow": 100, "to_stern": 20, "to_port": 9, "to_starboard": 9}
        said: dict[str, str | float] = {"type": 24, "partno": 1, "callsign": f"SBX{ship}", **hull}
        if kind < 0.84:
            said = {"type": 1, "status": 0, **place, **moving}
        elif kind < 0.92:
            said = {"type": 18, **place, **moving}
        elif kind < 0.98:
            said = {"type": 5, "shipname": f"SANDBOX SHIP {ship}", "imo": ship, "draught": 7.5, **hull}
        yield encode_dict({"mmsi": 199_000_000 + ship, **said}, sentence_type="VDM", seq_id=ship % 10)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
