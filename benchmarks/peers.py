"""Scores name pairs with the open peers, in an environment of their own, and prints one JSON line per matcher.

nomenklatura pins other releases of DuckDB than Bongsu uses, so it cannot be imported beside it; `benchmarks/names.py`
runs this file in the same run with the environment that `make peers` prepares.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from followthemoney import model
from nomenklatura.matching import get_algorithm

SCHEMATA = {"Person": "Person", "Organization": "Organization", "Vessel": "Vessel"}
MATCHERS = ("logic-v1", "logic-v2", "name-based")


def main(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in MATCHERS:
        algorithm = get_algorithm(name)
        if algorithm is None:
            continue
        compare = comparer(algorithm)
        for row in rows[:50]:
            compare(row["left"], row["right"], row["schema"])
        report(name, rows, compare)
        if name == "logic-v2":
            report("logic-v2, best of both directions", rows, both_ways(compare))


def report(name: str, rows: list[dict[str, str]], compare: Callable[[str, str, str], float]) -> None:
    begun = time.perf_counter()
    scores = [compare(row["left"], row["right"], row["schema"]) for row in rows]
    print(json.dumps({"matcher": name, "seconds": time.perf_counter() - begun, "scores": scores}), flush=True)


def both_ways(compare: Callable[[str, str, str], float]) -> Callable[[str, str, str], float]:
    return lambda left, right, schema: max(compare(left, right, schema), compare(right, left, schema))


def comparer(algorithm: Any) -> Callable[[str, str, str], float]:
    config = algorithm.default_config()
    count = 0

    def entity(name: str, schema: str) -> Any:
        nonlocal count
        count += 1  # logic-v2 remembers names by the entity's id alone
        return model.get_proxy({"id": f"sandbox-{count}", "schema": SCHEMATA[schema], "properties": {"name": [name]}})

    def compare(left: str, right: str, schema: str) -> float:
        return float(algorithm.compare(entity(left, schema), entity(right, schema), config).score)

    return compare


if __name__ == "__main__":
    main(Path(sys.argv[1]))
