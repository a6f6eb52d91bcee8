"""Measures how well and how quickly names are compared, beside the peers, in one run.

Quality is measured on the evaluation files beside this checkout (`../shared/data/eval`) with their own scorer. They are
no part of the repository; without them only the screener is measured, on invented names. Times of ours are those of the
processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from types import ModuleType

from anyascii import anyascii
from rapidfuzz import fuzz, utils

from bongsu.names import Entity, ListedName, Query, Screener, similarity

ROOT = Path(__file__).parents[1]
EVALUATION = ROOT.parent / "shared" / "data" / "eval"
PEERS = ROOT / ".venv-peers" / "bin" / "python"
COLUMNS = ("R@P95", "R@P99", "F1", "AUC")
ENTITIES, NAMES_EACH = 20_000, 3
# fmt: off
SURNAMES = (
    "Kim", "Ri", "Pak", "Choe", "Jong", "Kang", "Jo", "Yun", "Jang", "Rim", "Han",
    "O", "So", "Sin", "Kwon", "Hwang", "An", "Song", "Ryu", "Hong",
)
PARTS = (
    "chol", "yong", "song", "il", "su", "ho", "myong", "kwang", "hyok", "nam", "jin", "guk",
    "hui", "ryong", "un", "hak", "gyong", "mun", "dae", "sok", "bok", "won", "chun", "tae", "sun",
    "ok", "jae", "min", "kum", "ha", "jong", "chan", "hyon", "gil", "bom", "ung", "sik", "do", "paek", "pyong",
)
# fmt: on
KINDS = ("Trading Corporation", "Shipping Co Ltd", "General Company", "Bank", "Machinery Plant", "Import & Export Co")


# What else runs only ever makes a process slower: the best of these is told.
FRESH_PROCESSES = 5


def main() -> None:
    if sys.argv[1:]:
        print(json.dumps(_seconds(each_name_once=sys.argv[1] == "each-name-once")))
        return
    if (EVALUATION / "score.py").is_file():
        quality(_scorer())
    else:
        print(f"no evaluation files at {EVALUATION}: quality is not measured")
    speed()


def quality(score: ModuleType) -> None:
    rows = score.rows(EVALUATION / "names_dev.csv")
    print(f"name pairs: {len(rows):,}, core ones scored; development half")
    print(f"{'matcher':<40}" + "".join(f"{column:>8}" for column in COLUMNS) + f"{'pairs/s':>12}")
    for name, seconds, scores in _matchers(rows):
        core = [
            (given, int(row["label"]))
            for given, row in zip(scores, rows, strict=True)
            if not (row["label"] == "1" and row["category"] in score.NON_CORE)
        ]
        found = score.metrics(core)
        print(f"{name:<40}" + "".join(f"{found[key]:>8.3f}" for key in COLUMNS) + f"{len(rows) / seconds:>12,.0f}")
    print()
    for mode, what in (
        ("all-pairs", "the pairs as they come"),
        ("each-name-once", "each name once, nothing known of any"),
    ):
        took = [_in_fresh_process(mode) for _ in range(FRESH_PROCESSES)]
        best, pairs = min(seconds for seconds, _ in took), took[0][1]
        print(f"ours, best of {FRESH_PROCESSES} fresh processes, {what}: {pairs / best:,.0f} pairs/s ({pairs:,} pairs)")
    print()
    print("screening: recall at an alert rate of 1 % over people and firms who must not alert")
    for name, compare in (("ours", similarity), ("rapidfuzz WRatio after transliteration", _wratio)):
        print(f"{name:<40}{_recall_at_one_percent(score, compare):>8.3f}")


def _in_fresh_process(mode: str) -> tuple[float, int]:
    command = [sys.executable, __file__, mode]
    seconds, pairs = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return seconds, pairs


def _seconds(*, each_name_once: bool) -> tuple[float, int]:
    """What comparing takes a process that has seen 50 pairs, and how many pairs these are."""
    rows = _scorer().rows(EVALUATION / "names_dev.csv")
    pairs = [(row["left"], row["right"], row["schema"]) for row in rows]
    if each_name_once:
        names: dict[str, dict[str, None]] = {}
        for left, right, schema in pairs[50:]:
            names.setdefault(schema, {}).update({left: None, right: None})
        known = {name for left, right, _ in pairs[:50] for name in (left, right)}
        unseen = [(schema, [name for name in each if name not in known]) for schema, each in names.items()]
        measured = [pair for schema, each in unseen for pair in zip(each[::2], each[1::2], repeat(schema))]
    else:
        measured = pairs
    for pair in pairs[:50]:
        similarity(*pair)
    begun = time.process_time()
    for pair in measured:
        similarity(*pair)
    return time.process_time() - begun, len(measured)


def _matchers(rows: list[dict[str, str]]) -> Iterator[tuple[str, float, list[float]]]:
    for name, compare in (
        ("ours", similarity),
        ("rapidfuzz WRatio after transliteration", _wratio),
        ("rapidfuzz token_sort_ratio", lambda left, right, _: fuzz.token_sort_ratio(left, right) / 100),
    ):
        for row in rows[:50]:
            compare(row["left"], row["right"], row["schema"])
        begun = time.process_time()
        scores = [compare(row["left"], row["right"], row["schema"]) for row in rows]
        yield name, time.process_time() - begun, scores
    if not PEERS.exists():
        print("(nomenklatura is not measured: run `make peers` first)")
        return
    command = [str(PEERS), str(Path(__file__).with_name("peers.py")), str(EVALUATION / "names_dev.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as peers:
        for line in peers.stdout or ():
            told = json.loads(line)
            yield f"nomenklatura {told['matcher']}", told["seconds"], told["scores"]


def _wratio(left: str, right: str, _schema: str) -> float:
    return fuzz.WRatio(anyascii(left), anyascii(right), processor=utils.default_process) / 100


def _recall_at_one_percent(score: ModuleType, compare: Callable[[str, str, str], float]) -> float:
    gallery = score.rows(EVALUATION / "screen_gallery_dev.csv")
    positive, negative = [], []
    for query in score.rows(EVALUATION / "screen_queries_dev.csv"):
        best: dict[str, float] = {}
        for row in gallery:
            if row["schema"] == query["schema"]:
                given = compare(query["query"], row["name"], query["schema"])
                best[row["group"]] = max(given, best.get(row["group"], 0.0))
        if query["target_group"]:
            positive.append(best.get(query["target_group"], 0.0))
        else:
            negative.append(max(best.values(), default=0.0))
    threshold = sorted(negative, reverse=True)[len(negative) // 100]
    return sum(given > threshold for given in positive) / len(positive)


def speed() -> None:
    """One name against a register of invented names, and what it takes to build it."""
    entities = list(_invented())
    begun = time.process_time()
    screener = Screener(entities)
    built = time.process_time() - begun
    took = []
    for query in list(_queries())[:2_000]:
        begun = time.process_time()
        screener.screen(query)
        took.append(time.process_time() - begun)
    names = sum(len(entity.names) for entity in entities)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print()
    print(f"screener over {len(entities):,} invented entities with {names:,} names")
    print(f"built in {built:.1f} s; most memory of this process {megabytes} MB")
    print(
        f"a query: median {statistics.median(took) * 1e3:.2f} ms, mean {statistics.mean(took) * 1e3:.2f} ms "
        f"({1 / statistics.mean(took):,.0f} a second)"
    )


def _invented() -> Iterator[Entity]:
    """Half of them people with Korean names, half firms: no one in particular is meant."""
    for number in range(ENTITIES):
        names = [_person(number + 7 * turn) if number % 2 else _firm(number, turn) for turn in range(NAMES_EACH)]
        schema = "Person" if number % 2 else "Organization"
        listed = tuple(ListedName(text=name) for name in dict.fromkeys(names))
        yield Entity(id=f"sandbox:{number}", schema=schema, caption=names[0], names=listed, sandbox=True)


def _person(number: int) -> str:
    first, second = PARTS[number // 20 % 40], PARTS[(number // 800 + 3 * number) % 40]
    return f"{SURNAMES[number % 20]} {first.title()}-{second}"


def _firm(number: int, turn: int) -> str:
    first, second, third = PARTS[number % 40], PARTS[number // 40 % 40], PARTS[number // 1600 % 40]
    name = f"{first.title()}{second}{third if number % 3 else ''} {KINDS[(number // 7 + turn) % 6]}"
    return name if turn else f"Korea {name}"


def _queries() -> Iterator[Query]:
    for number in range(0, ENTITIES, 9):
        yield Query(name=_person(number), schema="Person")
        yield Query(name=_firm(number, 1), schema="Organization")


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", EVALUATION / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    csv.field_size_limit(sys.maxsize)
    main()
