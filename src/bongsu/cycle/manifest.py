"""The manifest of a cycle: every input and output by digest, so that anyone can run it again and compare."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

import bongsu
from bongsu.cycle.collect import Delivery, Shortfall
from bongsu.cycle.compute import Inputs
from bongsu.cycle.version import card_digests, code_digest, environment
from bongsu.kernel.canonical import JsonValue, digest, digest_of
from bongsu.kernel.clock import instant, stamp
from bongsu.kernel.errors import UsageError
from bongsu.lists.register import CopyPart, copy_from_record, copy_record

FORMAT: Final = "bongsu-manifest/1"
MANIFEST: Final = "manifest.json"


def inputs_record(inputs: Inputs) -> dict[str, JsonValue]:
    """The JSON form of a cycle's inputs; the cycle's id is made from it and so is not in it."""
    return {
        "clock": stamp(inputs.clock),
        "previous": inputs.previous,
        "known_indicators": sorted(inputs.known_indicators),
        "known_copies": [copy_record(copy) for copy in inputs.known_copies],
        "deliveries": [delivery.record() for delivery in inputs.deliveries],
        "sandbox": [delivery.record() for delivery in inputs.sandbox],
        "sandbox_mode": inputs.sandbox_mode,
        "shortfalls": [shortfall.record() for shortfall in inputs.shortfalls],
        "watched": list(inputs.watched),
    }


def cycle_id(record: dict[str, JsonValue]) -> str:
    """`20261124T060000Z-<8 digits>`: sorts by the clock; the same inputs have the same id."""
    clock = str(record["clock"]).replace("-", "").replace(":", "")
    return f"{clock}-{digest_of({**record, 'code': code_digest()})[:8]}"


def manifest_record(inputs: Inputs, outputs: dict[str, bytes], copies: list[JsonValue]) -> dict[str, JsonValue]:
    """The JSON form of a manifest.

    Args:
        inputs: what the cycle depended on.
        outputs: its files.
        copies: the good copies after it, which the next cycle begins from.
    """
    return {
        "format": FORMAT,
        "cycle": inputs.cycle,
        "bongsu": bongsu.__version__,
        "code": code_digest(),
        "cards": dict(card_digests()),
        "environment": dict(environment()),
        "inputs": inputs_record(inputs),
        "copies": copies,
        "outputs": {name: {"sha256": digest(content), "bytes": len(content)} for name, content in outputs.items()},
    }


def read_manifest(
    content: bytes, *, where: str
) -> dict[str, Any]:  # Any: JSON of our own making, checked for its format
    """A manifest from its bytes.

    Raises:
        UsageError: not a manifest of this format.
    """
    try:
        record: dict[str, Any] = json.loads(content)
        known = record["format"] == FORMAT
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise UsageError("is not the manifest of a cycle", where=where, remedy=f"a manifest is called {MANIFEST}")
    return record


def inputs_from(record: dict[str, Any]) -> Inputs:
    """The inputs a manifest names."""
    given = record["inputs"]
    return Inputs(
        cycle=record["cycle"],
        clock=instant(given["clock"]),
        previous=given["previous"],
        known_indicators=frozenset(given["known_indicators"]),
        known_copies=tuple(copy_from_record(copy) for copy in given["known_copies"]),
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
    )


def _delivery(row: dict[str, Any]) -> Delivery:
    return Delivery(
        list_id=row["list"],
        dated=None if row["dated"] is None else date.fromisoformat(row["dated"]),
        parts=tuple(CopyPart(**part) for part in row["parts"]),
        received_at=instant(row["received_at"]),
        sandbox=row["sandbox"],
    )
