"""`bongsu sandbox`: a world is made once for a folder, in the form asked for, and scored where it is rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bongsu

SMALL = ("--vessels", "63", "--days", "7", "--seed", "3")


def test_a_world_is_made_and_its_detectors_are_scored(bongsu: Bongsu, tmp_path: Path) -> None:
    made = bongsu("sandbox", "make", *SMALL, "--out", "world", "--json")
    assert made.returncode == 0, made.stderr
    said = json.loads(made.stdout)
    assert (said["vessels"], said["days"], said["sandbox"]) == (63, 7, True)
    assert set(said["files"]) | {"truth.json", "world.json"} == {
        path.name for path in (tmp_path / "world").glob("*.*") if path.is_file()
    }

    scored = bongsu("sandbox", "score", "world", "--json", "--detector", "port_call", "--detector", "designated_vessel")
    assert scored.returncode == 0, scored.stderr
    detectors = json.loads(scored.stdout)["detectors"]
    assert set(detectors) == {"port_call", "designated_vessel"}
    assert set(detectors["port_call"]) == {"precision", "recall", "planted", "found"}
    assert detectors["designated_vessel"]["planted"] == 2
    assert detectors["port_call"]["recall"] >= 0.8

    printed = bongsu("sandbox", "score", "world", "--detector", "designated_vessel")
    assert printed.stdout.decode().startswith("SANDBOX: how the detectors do in an invented world\n")

    again = bongsu("sandbox", "make", *SMALL, "--out", "world")
    assert again.returncode == 2
    assert b"there is a world in this folder already" in again.stderr


def test_a_log_of_sentences_says_on_every_line_that_it_is_invented(bongsu: Bongsu, tmp_path: Path) -> None:
    made = bongsu("sandbox", "make", *SMALL, "--out", "log", "--form", "nmea")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(b"SANDBOX: an invented world in log. No ship in it exists.")
    (first, *_) = sorted((tmp_path / "log").glob("*.nmea"))
    assert all(b"s:SANDBOX," in line for line in first.read_bytes().splitlines())

    scored = bongsu("sandbox", "score", "log")
    assert scored.returncode == 2
    assert b"--form parquet" in scored.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("make", "--vessels", "5", "--out", "world"), b"a world has 63 to 19,999 vessels, not 5"),
        (("make", "--days", "1", "--out", "world"), b"a world lasts 7 to 366 days, not 1"),
        (("make", "--start", "soon", "--out", "world"), b"soon"),
        (("score", "nowhere"), b"nowhere"),
    ],
)
def test_what_cannot_be_is_refused_with_exit_code_2(bongsu: Bongsu, arguments: tuple[str, ...], said: bytes) -> None:
    ended = bongsu("sandbox", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
