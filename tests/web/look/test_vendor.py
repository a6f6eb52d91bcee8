"""What the site serves of others is what vendor.toml lists: no more, no less, and with a licence we may ship."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).parents[3] / "src/bongsu/web/static"
VENDOR = STATIC / "vendor"
LIBRARIES: list[dict[str, Any]] = tomllib.loads((VENDOR / "vendor.toml").read_text("utf-8"))["library"]
# Each may be shipped in a work under Apache-2.0; fonts under the OFL are not combined with the code.
LICENCES = {"0BSD", "Apache-2.0 OR MIT", "BSD-3-Clause", "ISC", "MIT", "OFL-1.1"}
MOST_BYTES = 9_000_000
OURS = sorted((STATIC / "bongsu").glob("*.js"))


def test_nothing_is_there_that_is_not_listed() -> None:
    listed = {f"{one['name']}/{one['version']}/{file['path']}" for one in LIBRARIES for file in one["files"]}
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert there == listed | {"vendor.toml"}


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library["name"])
def test_every_file_has_its_digest(library: dict[str, Any]) -> None:
    for file in library["files"]:
        content = (VENDOR / library["name"] / library["version"] / file["path"]).read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert file["sha384"] == f"sha384-{digest}", file["path"]


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library["name"])
def test_every_library_has_a_licence_we_may_ship_and_ships_its_text(library: dict[str, Any]) -> None:
    assert library["licence"] in LICENCES
    texts = [file for file in library["files"] if file["path"].startswith("LICENSE")]
    folder = VENDOR / library["name"] / library["version"]
    assert texts
    for file in texts:
        text = (folder / file["path"]).read_text("utf-8")
        assert "GENERAL PUBLIC LICENSE" not in text.upper()
    together = " ".join((folder / file["path"]).read_text("utf-8") for file in texts)
    assert re.search(r"copyright|zero-clause bsd", together, re.IGNORECASE)


def test_no_script_or_stylesheet_names_a_source_map_that_is_not_shipped() -> None:
    """Django's manifest of static files refuses a page whose source map is missing."""
    for path in VENDOR.rglob("*"):
        if path.suffix in {".js", ".mjs", ".css"}:
            assert not re.search(rb"^(//|/\*)# sourceMappingURL", path.read_bytes(), re.MULTILINE), path.name


def test_the_folder_is_small_enough_to_be_shipped() -> None:
    assert sum(path.stat().st_size for path in VENDOR.rglob("*") if path.is_file()) < MOST_BYTES


@pytest.mark.parametrize("path", [*OURS, STATIC / "bongsu/site.css"], ids=lambda path: path.name)
def test_what_our_files_name_of_others_is_there(path: Path) -> None:
    for named in re.findall(r"\.\./vendor/[\w./-]+", path.read_text("utf-8")):
        assert (path.parent / named).is_file(), named


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_modules_read_nothing_as_html_and_evaluate_nothing(path: Path) -> None:
    """No sink of text that the browser would read as markup or code."""
    sinks = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTML|createContextualFragment"
    )
    assert not re.search(sinks, path.read_text("utf-8"))


def test_land_and_borders_are_geojson_on_the_globe() -> None:
    folder = VENDOR / "world-atlas/2.0.2"
    land = json.loads((folder / "land.json").read_bytes())["geometry"]
    borders = json.loads((folder / "borders.json").read_bytes())["geometry"]
    assert (land["type"], borders["type"]) == ("MultiPolygon", "MultiLineString")
    rings = [ring for polygon in land["coordinates"] for ring in polygon]
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)
    points = [point for line in [*rings, *borders["coordinates"]] for point in line]
    assert all(-180 <= longitude <= 180 and -90 <= latitude <= 90 for longitude, latitude in points)
    assert all(round(value, 3) == value for point in points for value in point)
    assert sum((folder / name).stat().st_size for name in ("land.json", "borders.json")) < 1_000_000


def test_the_land_has_the_peninsula_and_its_seas() -> None:
    """Pyongyang is on land; the middle of the Yellow Sea is not (even-odd rule over every ring)."""
    land = json.loads((VENDOR / "world-atlas/2.0.2/land.json").read_bytes())["geometry"]["coordinates"]

    def on_land(longitude: float, latitude: float) -> bool:
        crossings = sum(
            (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1
            for polygon in land
            for ring in polygon
            for (x1, y1), (x2, y2) in pairwise(ring)
        )
        return bool(crossings % 2)

    assert on_land(125.75, 39.02)
    assert not on_land(123.5, 36.0)


def test_land_is_thinned_within_its_tolerance_and_arcs_keep_their_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3] / "tools"))
    import world

    line = [(0.0, 0.0), (1.0, 0.005), (2.0, 0.0), (2.0, 1.0)]
    assert world.thinned(line) == [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)]
    assert world.thinned([(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)]) == [(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
    sys.modules.pop("world")
