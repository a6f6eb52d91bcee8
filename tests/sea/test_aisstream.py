"""Messages of aisstream.io: taken strictly, record by record."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.sea.cards import Source, recognise, source
from bongsu.sea.cleaning import NOTES
from bongsu.sea.model import Batch

HERE = Path(__file__).parent
CLOCK = datetime(2026, 11, 1, tzinfo=UTC)
FIXTURES = [HERE / "fixtures" / f"aisstream{kind}_sandbox.jsonl" for kind in ("", "_broken")]
SOUND = FIXTURES[0].read_bytes()


def lined(batch_lines: int) -> Source:
    """The source with smaller batches."""
    real = source("aisstream")
    limits = {**real.card.limits, "batch_lines": batch_lines}
    return Source(card=replace(real.card, limits=limits), reader=real.reader)


def read(content: bytes, *, sea: Source | None = None, **how: Any) -> list[Batch]:
    return list((sea or source("aisstream")).read(io.BytesIO(content), exhibit="f" * 64, clock=CLOCK, **how))


def rows(batch: Batch, kind: str) -> list[dict[str, Any]]:
    table = getattr(batch, kind)
    return [] if table is None else table.to_pylist()


def lines_counted(batches: Iterable[Batch]) -> int:
    return sum(number for batch in batches for words, number in batch.counted.items() if not words.startswith(NOTES))


def golden(content: bytes) -> list[Any]:
    """What is kept of a reading, as JSON has it."""
    said: list[Any] = []
    for batch in read(content):
        said.append({"counted": dict(batch.counted), "last_line": batch.last_line})
        for kind in ("positions", "identities"):
            for row in rows(batch, kind):
                times = {
                    key: f"{value:%Y-%m-%dT%H:%M:%SZ}" for key, value in row.items() if isinstance(value, datetime)
                }
                kept = {key: value for key, value in row.items() if key not in {"source", "exhibit"}}
                said.append({kind: kept | times})
        said += [{"set_aside": [record.line, record.field, record.reason, record.value]} for record in batch.set_aside]
    return said


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_file_says_what_its_golden_file_says(fixture: Path) -> None:
    said = golden(fixture.read_bytes())
    kept = fixture.with_suffix(".golden.jsonl")
    if "BONGSU_REWRITE_GOLDEN" in os.environ:
        kept.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in said), "utf-8")
    assert said == [json.loads(line) for line in kept.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_every_line_of_a_file_is_in_exactly_one_count(fixture: Path) -> None:
    content = fixture.read_bytes()
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    assert lines_counted(read(content)) == lines


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_file_of_messages_is_recognised(fixture: Path) -> None:
    assert recognise(fixture.read_bytes()[:4096], where=fixture.name).card.id == "aisstream"


def test_a_ship_is_invented_where_her_name_or_the_caller_says_so() -> None:
    real = SOUND.replace(b"SANDBOX GOLD ONE    ", b"NO SHIP AT ALL      ")
    first = real[: real.index(b"\n") + 1]
    assert dict(read(first)[0].counted) == {"set aside: MMSI of no kind of station": 1}
    assert [row["world"] for row in rows(read(first, world="sandbox")[0], "positions")] == ["sandbox"]


@pytest.mark.parametrize("batch_lines", [1, 3, 4])
def test_an_import_that_goes_on_after_a_batch_gives_the_same_batches(batch_lines: int) -> None:
    whole = read(SOUND, sea=lined(batch_lines))
    for index, (before, _) in enumerate(pairwise([0, *(batch.last_line for batch in whole)])):
        assert read(SOUND, sea=lined(batch_lines), from_line=before + 1) == whole[index:]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.integers(0, 255))
def test_whatever_byte_is_altered_every_line_is_counted_once(place: int, byte: int) -> None:
    content = bytearray(SOUND)
    content[place] = byte
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    assert lines_counted(read(bytes(content))) == lines


def test_half_a_character_is_set_aside_wherever_it_stands() -> None:
    for old, new in ((b"SANDBOX PORT", b"\\ud800"), (b"Destination", b"\\ud800"), (b"+0000 UTC", b"\\ud800")):
        (batch,) = read(SOUND.replace(old, new))
        assert sum(words.startswith("set aside: ") for words in batch.counted) == 1
        for record in batch.set_aside:
            assert (record.field + record.value).encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7), st.data())
def test_whatever_value_stands_anywhere_in_a_message_it_is_counted_once(line: int, data: st.DataObject) -> None:
    message = json.loads([each for each in SOUND.splitlines() if each][line])
    table = message
    while True:
        key = data.draw(st.sampled_from(sorted(table)))
        if not isinstance(table[key], dict) or data.draw(st.booleans()):
            break
        table = table[key]
    table[key] = data.draw(json_values)
    assert lines_counted(read(json.dumps(message).encode() + b"\n")) == 1
