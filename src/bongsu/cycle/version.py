"""Which code and which cards made an output."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import bongsu
from bongsu.kernel.canonical import digest, digest_of

TOOL: Final = f"bongsu {bongsu.__version__}"
# What shapes the bytes of an output beside our own code.
SHAPING: Final = (
    "anyascii",
    "defusedxml",
    "duckdb",
    "ibis-framework",
    "jinja2",
    "numpy",
    "pyais",
    "pyarrow",
    "pypdf",
    "python-calamine",
    "rapidfuzz",
    "scipy",
)
# Prose and translations of the site, and what Python makes of the code: they change no output. Everything else counts.
_SILENT: Final = (".md", ".po", ".pyc")


@cache
def file_digests() -> dict[str, str]:
    """SHA-256 of every file of the package that can change an output, by its path, sorted: code, cards, coast, ..."""
    return dict(sorted(_walk(files("bongsu"), "")))


def code_digest(folders: Iterable[str] = ("",)) -> str:
    """One digest for the package, or for some of its folders (`lists/`, `kernel/`)."""
    wanted = tuple(folders)
    return digest_of({path: value for path, value in file_digests().items() if path.startswith(wanted)})


def card_digests() -> dict[str, str]:
    """SHA-256 of every card, by its path."""
    return {path: value for path, value in file_digests().items() if path.endswith(".toml")}


def environment() -> dict[str, str]:
    """The versions of what shapes the bytes beside our own code."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python, **{name: version(name) for name in SHAPING}}


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for item in folder.iterdir():
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _walk(item, f"{prefix}{item.name}/")
        elif not item.name.endswith(_SILENT):
            yield f"{prefix}{item.name}", digest(item.read_bytes())
