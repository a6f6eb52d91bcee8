"""Where the lists' tests get their copies from: invented fixtures, small lists built on the spot, and real vintages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bongsu.kernel.canonical import digest
from bongsu.lists.cards import Source, source
from bongsu.lists.model import Part, Reading, Statement

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / ".." / "shared" / "data"
REWRITE = "BONGSU_REWRITE_GOLDEN"


def lenient(name: str) -> Source:
    """A source whose card lets any share of broken rows pass, so that a copy of few rows can hold some."""
    real = source(name)
    return Source(card=replace(real.card, most_set_aside_share=1.0), reader=real.reader)


def ended(content: bytes | str) -> bytes | str:
    """The lines of a whole OFAC file with the end mark that the publisher sets; bytes are taken as they are."""
    return f"{content}\x1a" if isinstance(content, str) and content.endswith("\n") else content


def part(name: str, content: bytes | str) -> Part:
    raw = content.encode() if isinstance(content, str) else content
    return Part(name=name, exhibit=digest(raw), content=raw)


@pytest.fixture(scope="session")
def un() -> Callable[[bytes | str], Reading]:
    """Reads a UN list from its XML."""
    return lambda content: source("un_sc").read((part("consolidated", content),))


@pytest.fixture(scope="session")
def ofac() -> Callable[..., Reading]:
    """Reads an OFAC list from the CSV of its parts; any share of broken rows may pass unless `strict`.

    Text is given the publisher's end mark, bytes are read as they are.
    """

    def read(sdn: bytes | str, *, strict: bool = False, **companions: bytes | str) -> Reading:
        given = [part(name, ended(content)) for name, content in {"sdn": sdn, **companions}.items()]
        return (source("ofac_sdn") if strict else lenient("ofac_sdn")).read(tuple(given))

    return read


@pytest.fixture(scope="session")
def fixture_bytes() -> Callable[[str], bytes]:
    """The bytes of an invented fixture."""
    return lambda name: (HERE / "fixtures" / name).read_bytes()


@pytest.fixture(scope="session")
def ofac_files(fixture_bytes: Callable[[str], bytes]) -> dict[str, bytes]:
    """The four invented OFAC files by part."""
    words = {"sdn": "sdn", "alt": "alt", "add": "add", "comments": "sdn_comments"}
    return {name: fixture_bytes(f"ofac_{word}_sandbox.csv") for name, word in words.items()}


@pytest.fixture(scope="session")
def shared_file() -> Callable[[str], Path]:
    """A real file of the shared data, or a visible skip."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.is_file():
            pytest.skip(f"the real file {name} is not here (expected under ../shared/data)")
        return path

    return find


@pytest.fixture(scope="session")
def agrees_with_golden() -> Callable[[str, Reading, dict[str, str]], None]:
    """Holds a reading against the golden file of its fixture.

    The golden files were read line by line by a person when they were written. After a deliberate change, write them
    anew with BONGSU_REWRITE_GOLDEN=1 and read the difference.
    """

    def check(name: str, reading: Reading, parts: dict[str, str]) -> None:
        path = HERE / "fixtures" / name
        lines = list(_golden_lines(reading, parts))
        if os.environ.get(REWRITE) == "1":
            path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        assert lines == path.read_text("utf-8").splitlines()

    return check


def _golden_lines(reading: Reading, parts: dict[str, str]) -> Iterable[str]:
    """One JSON line for the copy, each statement, and each row set aside; exhibits by their part's name."""

    def line(record: dict[str, Any]) -> str:
        return json.dumps({key: value for key, value in record.items() if value is not None}, ensure_ascii=False)

    printed = None if reading.printed_on is None else reading.printed_on.isoformat()
    yield line({"golden": "SANDBOX, invented", "printed_on": printed, **reading.tally.record()})
    for said in reading.statements:
        entity = said.entity.removeprefix(said.listing)
        yield line(
            {
                "listing": said.listing,
                "sub": entity or None,
                "schema": said.schema,
                "prop": said.prop,
                "value": said.value,
                "cleaned": said.cleaned,
                "rejected": said.rejected,
                "lang": said.lang,
                "at": f"{parts[said.exhibit]}#{said.locator}",
            }
        )
    for row in reading.set_aside:
        yield line(
            {
                "aside": row.reason,
                "field": row.field,
                "value": row.value,
                "whole_entry": row.whole_entry or None,
                "at": f"{row.part}#{row.locator}",
            }
        )


@pytest.fixture(scope="session")
def said() -> Callable[..., list[Statement]]:
    """The statements of a reading that meet every condition given, such as prop='alias'."""

    def select(reading: Reading, **wanted: str | None) -> list[Statement]:
        return [row for row in reading.statements if all(getattr(row, key) == value for key, value in wanted.items())]

    return select
