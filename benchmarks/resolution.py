"""Measures resolution against known links between lists: what the machine joins by itself, and what it puts to review.

Run: python benchmarks/resolution.py [FOLDER]   (er_entities_*.jsonl and er_links_*.csv; by default ../shared/data/eval)

The known links are those that a passport, an IMO number, or a birth date with the name proves. Two listings of one firm
that share a name alone are no known link: in review they count as wrong here, and most of them are right.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Collection
from pathlib import Path

from bongsu.lists.proposals import Pair, pair_of
from bongsu.lists.records import joined_pairs, links_of, quality
from bongsu.lists.resolution import rules


def main(folder: Path) -> None:
    for entities in sorted(folder.glob("er_entities_*.jsonl")):
        links = entities.with_name(entities.name.replace("entities", "links")).with_suffix(".csv")
        measure(entities, links)


def measure(entities: Path, links: Path) -> None:
    records = [json.loads(line) for line in entities.read_text("utf-8").splitlines()]
    with links.open(encoding="utf-8", newline="") as rows:
        known = {pair_of(row["left"], row["right"]) for row in csv.DictReader(rows)}
    start = time.perf_counter()
    found = links_of(records, rules())
    taken = time.perf_counter() - start
    machine = joined_pairs(records, found)
    reviewed = machine | {proposal.pair for proposal in found}
    print(f"{entities.name}: {len(records)} listings, {len(known)} known links, {taken:.1f} s")
    print(f"{'':<34}{'found':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}")
    for kind in ("all", "Person", "Organization", "Vessel"):
        of_kind = {record["id"] for record in records if kind in {"all", record["schema"]}}
        for name, pairs in (("machine", machine), ("machine and review", reviewed)):
            row(f"{kind}: {name}", within(pairs, of_kind), within(known, of_kind))


def within(pairs: Collection[Pair], listings: set[str]) -> set[Pair]:
    return {pair for pair in pairs if listings.issuperset(pair)}


def row(name: str, links: set[Pair], known: set[Pair]) -> None:
    measured = quality(links, known)
    shares = [f"{share:.3f}" if share is not None else "-" for share in (measured.precision, measured.recall)]
    print(f"{name:<34}{measured.found:>7}{measured.wrong:>7}{measured.missed:>8}{shares[0]:>11}{shares[1]:>8}")


if __name__ == "__main__":
    default = Path(__file__).parents[1] / ".." / "shared" / "data" / "eval"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
