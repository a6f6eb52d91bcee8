"""A chain: entries that each carry the digest of the one before, and what someone remembered of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final, NamedTuple

from bongsu.kernel.canonical import JsonValue, canonical_json, digest_of


class Anchor(NamedTuple):
    """An entry as someone remembered it: its number, counted from 1, and its digest."""

    seq: int
    digest: str


#: Before the first entry.
EMPTY: Final = Anchor(0, "0" * 64)


def chained_line(record: Mapping[str, JsonValue]) -> bytes:
    """The line of an entry: the canonical JSON of its record with the digest of that record, and a line break."""
    return canonical_json({**record, "digest": digest_of(record)}) + b"\n"


def chained_values(line: bytes, keys: Set[str]) -> dict[str, object]:
    """The values of an entry's line, without the line break.

    Raises:
        ValueError: no JSON object of exactly these keys.
    """
    try:
        values = json.loads(line)
    except RecursionError as error:
        raise ValueError(f"not an entry: {error}") from error
    if not isinstance(values, dict) or set(values) != keys:
        raise ValueError("not the keys of an entry")
    return values


def unmet(anchors: Sequence[tuple[int, str]], known: Mapping[int, str], last: int) -> Iterator[str]:
    """What is wrong with a chain by what someone remembered of it, one sentence for each anchor it does not meet.

    Args:
        anchors: (number, digest) as remembered.
        known: the digests the chain has now, by number; those of the anchors at least.
        last: the number of its last entry.
    """
    for seq, digest in anchors:
        if seq > last:
            yield f"cut off: it ends at entry {last}, and entry {seq} was known"
        elif known.get(seq) != digest:
            yield f"rewritten: entry {seq} is not the one that was known"
