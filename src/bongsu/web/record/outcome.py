"""What the site keeps of a cycle's report: how each source stands, what changed, and what the sea desk counted.

What a report says of single ships stands in the indicators, which carry a handling; of the ships to look at first the
tracks are kept here, and shown to those who may read an indicator of the ship and all positions of the cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bongsu.kernel.clock import instant

Record = Mapping[str, Any]  # Any: JSON of our own making

#: So many changes of a list are kept with their names; the rest is counted.
CHANGES_KEPT: Final = 100


def positions_of(summary: Record) -> frozenset[str]:
    """The exhibits with the positions that a cycle's tracks are of, from its summary."""
    files = (row for row in summary.get("sources", ()) if row["desk"] == "sea")
    return frozenset(exhibit["sha256"] for file in files for exhibit in file["exhibits"])


def summary_of(report: Record) -> dict[str, Any]:
    """The summary of a cycle, from its report (`reports.record`).

    Returns:
        `counts` as the report has them, `sources` by desk and id, `changes` that came with this cycle, and `sea` (None
        where no positions were read) with the tracks, longitude before latitude, by the id of the ship.
    """
    return {
        "previous": report["previous"],
        "sandbox": report["sandbox"],
        "counts": report["summary"],
        "sources": [*_lists(report), *_sea_files(report)],
        "changes": [_change(step) for step in report["changes"] if step["new"]],
        "sea": _sea(report["sea"]),
    }


def _lists(report: Record) -> Iterable[dict[str, Any]]:
    for row in report["lists"]:
        copy = row["in_force"]
        yield {
            "desk": "lists",
            "id": row["id"],
            "title": row["title"],
            "publisher": row["authority_name"],
            "homepage": row["homepage"],
            "licence": row["licence"],
            "state": row["status"],
            "problems": [*row["problems"], *row["refusals"]],
            "warnings": row["warnings"],
            "new_copies": row["new_copies"],
            **_copy(copy),
        }


def _copy(copy: Record | None) -> dict[str, Any]:
    if copy is None:
        return {"last": None, "age_days": None, "records": None, "set_aside": None, "exhibits": [], "sandbox": False}
    return {
        "last": copy["list_date"],
        "age_days": copy["age_days"],
        "records": copy["counts"]["entries_read"],
        "set_aside": copy["counts"]["quarantined"],
        "exhibits": [{"part": part["name"], "sha256": part["exhibit"]} for part in copy["parts"]],
        "sandbox": copy["sandbox"],
    }


def _sea_files(report: Record) -> Iterable[dict[str, Any]]:
    """The sources of positions that were read, with the files of each."""
    sea = report["sea"]
    if sea is None:
        return
    for name in sorted({file["source"] for file in sea["files"]}):
        files = [file for file in sea["files"] if file["source"] == name]
        damaged = sorted(digest for file in files for digest in file["damaged"])
        yield {
            "desk": "sea",
            "id": name,
            "state": "damaged" if damaged else "read",
            "problems": [f"missing or changed since it was received: {digest}" for digest in damaged],
            "warnings": [],
            "new_copies": [],
            "last": None if sea["to"] is None else sea["to"][:10],
            "age_days": _days(sea["to"], report["clock"]),
            "records": None,
            "set_aside": None,
            "exhibits": [{"part": name, "sha256": file["exhibit"]} for file in files],
            "sandbox": any(file["sandbox"] for file in files),
        }


def _days(then: str | None, now: str) -> int | None:
    return None if then is None else (instant(now) - instant(then)).days


def _change(step: Record) -> dict[str, Any]:
    kept = [
        {key: change[key] for key in ("kind", "listing", "name", "reference", "schema", "citations")}
        for change in step["dprk"][:CHANGES_KEPT]
    ]
    return {
        **{key: step[key] for key in ("list", "authority", "from", "to", "loss", "dprk_counts")},
        "dprk": kept,
        "more": len(step["dprk"]) - len(kept),
    }


def _sea(sea: Record | None) -> dict[str, Any] | None:
    if sea is None:
        return None
    mmsis = {ship["id"]: ship["mmsi"] for ship in sea["first"]}
    lines = {track["mmsi"]: [[east, north] for north, east, _ in track["points"]] for track in sea["tracks"]}
    return {
        **{key: sea[key] for key in ("ships", "bins", "from", "to", "petroleum")},
        "tracks": {ship: [lines[mmsi] for mmsi in known if mmsi in lines] for ship, known in sorted(mmsis.items())},
    }
