"""The manifest of a cycle: every input and output by digest, so that anyone can run it again and compare."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

import bongsu
from bongsu.cycle.anchors import MANIFEST
from bongsu.cycle.collect import Delivery, Shortfall
from bongsu.cycle.compute import Inputs, Outputs
from bongsu.cycle.version import card_digests, code_digest, environment
from bongsu.cycle.waters import SeaFile
from bongsu.kernel.canonical import JsonValue, canonical_json, digest, digest_of, is_digest
from bongsu.kernel.clock import instant, stamp
from bongsu.kernel.errors import EvidenceError, UsageError
from bongsu.lists.judgements import judgement_from_record
from bongsu.lists.register import CopyPart, copy_from_record, copy_record
from bongsu.lists.sightings import CustomerFile

_FORMATS: Final = "bongsu-manifest/"
FORMAT: Final = f"{_FORMATS}4"
_KEYS: Final = frozenset(
    {"format", "cycle", "bongsu", "code", "cards", "environment", "inputs", "copies", "unread", "outputs"}
)


def inputs_record(inputs: Inputs) -> dict[str, JsonValue]:
    """The JSON form of a cycle's inputs; the cycle's id is made from it and so is not in it."""
    return {
        "clock": stamp(inputs.clock),
        "previous": inputs.previous,
        "known_indicators": sorted(inputs.known_indicators),
        "known_copies": [copy_record(copy) for copy in inputs.known_copies],
        "damaged": sorted(inputs.damaged),
        "deliveries": [delivery.record() for delivery in inputs.deliveries],
        "sandbox": [delivery.record() for delivery in inputs.sandbox],
        "sandbox_mode": inputs.sandbox_mode,
        "shortfalls": [shortfall.record() for shortfall in inputs.shortfalls],
        "watched": list(inputs.watched),
        "judgements": [judgement.record() for judgement in inputs.judgements],
        "customers": [file.record() for file in inputs.customers],
        "sea": [file.record() for file in inputs.sea],
        "sandbox_sea": [file.record() for file in inputs.sandbox_sea],
        "min_score": inputs.min_score,
    }


def cycle_id(record: dict[str, JsonValue], code: str) -> str:
    """`20261124T060000Z-<8 digits>`: sorts by the clock; the same inputs and code have the same id."""
    clock = str(record["clock"]).replace("-", "").replace(":", "")
    return f"{clock}-{digest_of({**record, 'code': code})[:8]}"


def clock_in(cycle: str) -> str:
    """The clock in the id of a cycle, `20261124T060000Z`: sorts by time."""
    return cycle.partition("-")[0]


def manifest_record(inputs: Inputs, outputs: Outputs) -> dict[str, JsonValue]:
    """The JSON form of a manifest: what the cycle depended on, what it made, and what the next one begins from."""
    return {
        "format": FORMAT,
        "cycle": inputs.cycle,
        "bongsu": bongsu.__version__,
        "code": code_digest(),
        "cards": dict(card_digests()),
        "environment": dict(environment()),
        "inputs": inputs_record(inputs),
        "copies": [copy_record(copy) for copy in outputs.copies],
        "unread": [copy_record(copy) for copy in outputs.unread],
        "outputs": {
            name: {"sha256": digest(content), "bytes": len(content)} for name, content in outputs.files.items()
        },
    }


def read_manifest(content: bytes, *, where: str) -> dict[str, Any]:  # Any: JSON of our own making, checked here
    """A manifest from its bytes.

    Raises:
        UsageError: not a manifest of this format.
        EvidenceError: a manifest that is not as it was written.
    """
    try:
        record: dict[str, Any] = json.loads(content)
        written_as = str(record["format"])
    except (ValueError, KeyError, TypeError, RecursionError):
        written_as = ""
    if not written_as.startswith(_FORMATS):
        raise UsageError("is not the manifest of a cycle", where=where, remedy=f"a manifest is called {MANIFEST}")
    if written_as != FORMAT:
        raise UsageError(
            f"has the format {written_as}; this release reads {FORMAT}",
            where=where,
            remedy="use the release that wrote it, or begin a new store",
        )
    if not _as_written(record, content):
        raise EvidenceError(
            "was changed after it was written", where=where, remedy="restore it from a backup or a member's mirror"
        )
    return record


def _as_written(record: dict[str, Any], content: bytes) -> bool:
    """Whether a manifest has the form and the canonical bytes we write, and its id follows from its inputs and code."""
    try:
        copies = [copy_record(copy_from_record(row)) for row in record["copies"] + record["unread"]]
        return (
            canonical_json(record) == content
            and inputs_record(inputs_from(record)) == record["inputs"]
            and copies == record["copies"] + record["unread"]
            and cycle_id(record["inputs"], record["code"]) == record["cycle"]
            and all(is_digest(output["sha256"]) for output in record["outputs"].values())
            and set(record) == _KEYS
        )
    except (ValueError, KeyError, TypeError, AttributeError, UsageError):
        return False


def inputs_from(record: dict[str, Any]) -> Inputs:
    """The inputs a manifest names."""
    given = record["inputs"]
    return Inputs(
        cycle=record["cycle"],
        clock=instant(given["clock"]),
        previous=given["previous"],
        known_indicators=frozenset(given["known_indicators"]),
        known_copies=tuple(copy_from_record(copy) for copy in given["known_copies"]),
        damaged=frozenset(given["damaged"]),
        deliveries=tuple(_delivery(row) for row in given["deliveries"]),
        sandbox=tuple(_delivery(row) for row in given["sandbox"]),
        sandbox_mode=given["sandbox_mode"],
        shortfalls=tuple(
            Shortfall(
                list_id=row["list"],
                part=row["part"],
                origin=row["origin"],
                problem=row["problem"],
                required=row["required"],
            )
            for row in given["shortfalls"]
        ),
        watched=tuple(given["watched"]),
        judgements=tuple(judgement_from_record(row) for row in given["judgements"]),
        customers=tuple(CustomerFile(**row) for row in given["customers"]),
        sea=tuple(SeaFile.from_record(row) for row in given["sea"]),
        sandbox_sea=tuple(SeaFile.from_record(row) for row in given["sandbox_sea"]),
        min_score=given["min_score"],
    )


def _delivery(row: dict[str, Any]) -> Delivery:
    return Delivery(
        list_id=row["list"],
        dated=None if row["dated"] is None else date.fromisoformat(row["dated"]),
        parts=tuple(CopyPart(**part) for part in row["parts"]),
        received_at=instant(row["received_at"]),
        fetched=row["fetched"],
        sandbox=row["sandbox"],
    )
