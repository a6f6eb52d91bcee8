"""Where the lists' tests get their copies from: invented fixtures, small lists built on the spot, and real vintages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bongsu.kernel.canonical import digest
from bongsu.lists.cards import Source, source
from bongsu.lists.model import Part, Reading, Statement

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / ".." / "shared" / "data"


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
def said() -> Callable[..., list[Statement]]:
    """The statements of a reading that meet every condition given, such as prop='alias'."""

    def select(reading: Reading, **wanted: str | None) -> list[Statement]:
        return [row for row in reading.statements if all(getattr(row, key) == value for key, value in wanted.items())]

    return select
