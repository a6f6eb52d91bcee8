"""What people install: a wheel with every card, page and mark in it, under the version the code says."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

import bongsu
from bongsu.lists.cards import sources

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "src" / "bongsu"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def metadata(wheel: zipfile.ZipFile) -> email.message.Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(wheel.read(name))


def test_every_file_of_the_package_is_in_the_wheel_byte_for_byte(wheel: zipfile.ZipFile) -> None:
    here = {
        path.relative_to(PACKAGE.parent).as_posix(): path.read_bytes()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    there = {name: wheel.read(name) for name in wheel.namelist() if not name.partition("/")[0].endswith(".dist-info")}
    assert there.keys() == here.keys()
    assert [name for name in here if there[name] != here[name]] == []


@pytest.mark.parametrize("suffix", [".toml", ".html", ".css", ".xml", "py.typed"])
def test_the_wheel_holds_the_cards_the_pages_the_sandbox_and_the_mark_of_typing(
    wheel: zipfile.ZipFile, suffix: str
) -> None:
    assert [name for name in wheel.namelist() if name.endswith(suffix)]


def test_one_version_is_said_everywhere(wheel: zipfile.ZipFile) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert project.get("version", bongsu.__version__) == bongsu.__version__
    assert ("version" in project) != ("version" in project.get("dynamic", ()))
    assert metadata(wheel)["Version"] == bongsu.__version__ == version("bongsu")
    assert wheel.filename is not None
    assert f"bongsu-{bongsu.__version__}-" in wheel.filename


def test_the_wheel_has_the_licence_and_the_command(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert [name for name in names if name.endswith("/licenses/LICENSE")]
    (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
    assert "bongsu = bongsu.cli.main:main" in wheel.read(entry_points).decode("utf-8")
    assert metadata(wheel)["License-Expression"] == "Apache-2.0"


def test_what_was_unpacked_from_the_wheel_reads_its_law_and_its_lists(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Read as an installed package is, not from the source tree."""
    wheel.extractall(tmp_path)
    program = (
        "import bongsu, sys\n"
        "from bongsu.law import load_regime\n"
        "from bongsu.lists.cards import sources\n"
        "from bongsu.sandbox import sandbox_copies\n"
        "print(bongsu.__file__, len(load_regime().measures()) > 100, len(sources()), len(sandbox_copies()))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.split() == [str(tmp_path / "bongsu" / "__init__.py"), "True", str(len(sources())), "2"]
