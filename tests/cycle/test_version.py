"""What made an output is named whole: every file of the package, and every library that shapes bytes."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import bongsu
from bongsu.cycle.version import SHAPING, environment, file_digests

PACKAGE = Path(bongsu.__file__).parent
# What the floors below the shells import and what changes no byte of an output, each with its reason.
SHAPES_NOTHING = {
    "cryptography": "verifies time stamps, which stand beside the outputs",
    "fsspec": "carries bytes, which are hashed",
    "httpx": "carries bytes, which are hashed",
    "pyspark": "answers questions beside a cycle; a cycle asks DuckDB",
    "rfc3161-client": "verifies time stamps, which stand beside the outputs",
}
FLOORS = ("kernel", "evidence", "tables", "names", "law", "lists", "sea", "reports", "sandbox", "cycle")


def test_every_packaged_file_but_prose_and_translations_is_in_the_digest_of_the_code() -> None:
    there = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    counted = {path.relative_to(PACKAGE).as_posix() for path in there if path.suffix not in {".md", ".po"}}
    assert set(file_digests()) == counted
    assert {"sea/places/coast.npz", "sea/places/harbours.parquet", "sandbox/data/customers.csv"} < counted


def test_every_library_that_the_floors_import_is_named_or_shapes_nothing() -> None:
    known = packages_distributions()
    imported = {name for floor in FLOORS for path in (PACKAGE / floor).rglob("*.py") for name in imports(path)}
    libraries = {
        known.get(name, [name])[0].replace("_", "-").lower()
        for name in imported - set(sys.stdlib_module_names) - {"bongsu"}
    }
    assert libraries == {*SHAPING, *SHAPES_NOTHING}
    assert set(environment()) == {"python", *SHAPING}


def imports(path: Path) -> set[str]:
    """The packages that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            found.add(node.module.partition(".")[0])
    return found


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package in a place of its own."""
    place = tmp_path_factory.mktemp("package")
    shutil.copytree(PACKAGE, place / "bongsu", ignore=shutil.ignore_patterns("__pycache__", "web"))
    return place


def digest_of_code(place: Path) -> str:
    """The digest of the code, as a process says that takes the package from there."""
    ask = "import bongsu, bongsu.cycle.version as v; print(bongsu.__file__, v.code_digest())"
    done = subprocess.run(
        [sys.executable, "-c", ask], env={"PYTHONPATH": str(place)}, capture_output=True, check=True, text=True
    )
    file, said = done.stdout.split()
    assert Path(file).is_relative_to(place)
    return said


def test_another_coast_or_other_harbours_are_other_code(elsewhere: Path) -> None:
    seen = [digest_of_code(elsewhere)]
    coast = elsewhere / "bongsu/sea/places/coast.npz"
    with np.load(coast) as arrays:
        mirrored = {name: array[..., ::-1] if array.ndim else array for name, array in arrays.items()}
    np.savez_compressed(coast, **mirrored)
    seen.append(digest_of_code(elsewhere))
    harbours = elsewhere / "bongsu/sea/places/harbours.parquet"
    pq.write_table(pq.read_table(harbours).slice(0, 10), harbours)
    seen.append(digest_of_code(elsewhere))
    (elsewhere / "bongsu/sea/README.md").write_text("Other prose.\n", "utf-8")
    seen.append(digest_of_code(elsewhere))
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[2]
