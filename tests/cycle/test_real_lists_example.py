"""`examples/real-lists.toml` over real copies, held against counts made from the files without Bongsu."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bongsu.cycle.answers import designated

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "real-lists.toml"
LISTS = (ROOT / ".." / "shared" / "data" / "lists").resolve()
UN_DATES = ("2018-10-29", "2020-11-30", "2025-04-19")
TODAY = date(2026, 11, 24)
OFAC_MONTHS = ("2019-01", "2021-07", "2022-01")


def bongsu(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bongsu.cli.main", *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store after one cycle of the example."""
    if not LISTS.is_dir():
        pytest.skip("the real lists (../shared/data/lists) are not here")
    folder = tmp_path_factory.mktemp("real") / "examples"
    folder.mkdir()
    text = EXAMPLE.read_text("utf-8").replace("../../shared/data/lists", str(LISTS))
    (folder / "real-lists.toml").write_text(text, "utf-8")
    ended = bongsu(
        "run", "--config", str(folder / "real-lists.toml"), "--clock", "2026-11-24T06:00:00Z", "--clock-ahead"
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"report    {folder.parent}/bongsu-data/real-lists/cycles/" in ended.stdout
    return folder.parent / "bongsu-data" / "real-lists"


@pytest.fixture(scope="module")
def cycle(store: Path) -> Path:
    (folder,) = (store / "cycles").iterdir()
    return folder


@pytest.fixture(scope="module")
def report(cycle: Path) -> Any:
    return json.loads((cycle / "report.json").read_bytes())


def un_text(day: str) -> str:
    return gzip.decompress((LISTS / f"un_consolidated_{day}.xml.gz").read_bytes()).decode("utf-8")


def ofac_rows(month: str) -> list[list[str]]:
    text = gzip.decompress((LISTS / f"ofac_sdn_{month}.csv.gz").read_bytes()).decode("utf-8")
    return [row for row in csv.reader(io.StringIO(text.removesuffix("\x1a"), newline="")) if row]


def ofac_dprk(month: str) -> set[str]:
    """The entity numbers whose programme column names one that begins with DPRK."""
    return {row[0] for row in ofac_rows(month) if len(row) == 12 and re.search(r"\bDPRK", row[3])}


def test_the_paths_of_the_example_start_from_its_own_folder() -> None:
    paths = re.findall(r'"(\.\./\.\./shared/[^"]+)"', EXAMPLE.read_text("utf-8"))
    assert len(paths) == 12
    if not LISTS.is_dir():
        pytest.skip("the real lists (../shared/data/lists) are not here")
    assert [path for path in paths if not (EXAMPLE.parent / path).is_file()] == []


def test_every_list_is_counted_as_its_file_counts(report: Any) -> None:
    ofac, un = report["lists"]
    assert (ofac["id"], ofac["copies"], un["id"], un["copies"]) == ("ofac_sdn", 3, "un_sc", 3)
    text = un_text("2025-04-19")
    assert un["in_force"]["counts"]["entries_in_file"] == len(re.findall(r"<(?:INDIVIDUAL|ENTITY)>", text)) == 877
    assert un["in_force"]["counts"]["dprk"] == len(re.findall(r"<UN_LIST_TYPE>\s*DPRK\s*</UN_LIST_TYPE>", text)) == 155
    assert un["in_force"]["dprk_by_kind"] == {"Person": 80, "Organization": 75, "Vessel": 0, "Airplane": 0}
    assert ofac["in_force"]["counts"]["entries_in_file"] == len(ofac_rows("2022-01")) == 9044
    assert ofac["in_force"]["counts"]["dprk"] == len(ofac_dprk("2022-01"))
    assert report["summary"]["designated_dprk"] == 155 + len(ofac_dprk("2022-01"))


def test_no_one_came_to_or_left_the_un_list_of_the_dprk_in_these_years(report: Any) -> None:
    steps = [step for step in report["changes"] if step["list"] == "un_sc"]
    assert [(step["from"], step["to"]) for step in steps] == list(itertools.pairwise(UN_DATES))
    assert [(step["dprk_counts"]["listed"], step["dprk_counts"]["delisted"]) for step in steps] == [(0, 0), (0, 0)]


def test_ofacs_dprk_entries_came_and_went_as_the_numbers_in_the_files_say(report: Any) -> None:
    steps = [step for step in report["changes"] if step["list"] == "ofac_sdn"]
    assert [(step["dprk_counts"]["listed"], step["dprk_counts"]["delisted"]) for step in steps] == [(28, 2), (9, 0)]
    for step, (old, new) in zip(steps, itertools.pairwise(OFAC_MONTHS), strict=True):
        before, after = ofac_dprk(old), ofac_dprk(new)
        found = {kind: {c["reference"] for c in step["dprk"] if c["kind"] == kind} for kind in ("listed", "delisted")}
        assert found == {"listed": after - before, "delisted": before - after}


def test_the_cycle_is_reproduced(cycle: Path) -> None:
    ended = bongsu("reproduce", str(cycle / "manifest.json"))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith(f"cycle {cycle.name} is reproduced: 4 outputs, byte for byte\n")


@pytest.mark.parametrize(
    ("reference", "on", "known"),
    [
        ("KPi.019", date(2019, 6, 1), True),  # printed with a trailing blank in the copy of 2020
        ("KPi.019", date(2026, 1, 1), True),
        ("KPi.019", date(2000, 1, 1), False),
        ("KPe.001", date(2010, 1, 1), True),  # by the list's own word: listed in 2009
    ],
)
def test_who_was_designated_on_a_day(store: Path, reference: str, on: date, known: bool) -> None:
    (answer,) = designated(str(store), reference, on, TODAY)
    assert answer.listing == f"un_sc:{reference}"
    assert answer.verdict is not None
    assert answer.verdict.designated is known


def test_an_entry_ofac_removed_is_no_longer_designated(store: Path) -> None:
    gone = ofac_dprk("2019-01") - {row[0] for row in ofac_rows("2021-07") if len(row) == 12}
    assert len(gone) == 2
    for number in gone:
        answers = designated(str(store), number, date(2021, 8, 1), TODAY)
        (answer,) = [answer for answer in answers if answer.listing == f"ofac_sdn:{number}"]
        assert answer.verdict is not None
        assert answer.verdict.designated is False
        assert answer.last_seen == date(2019, 1, 15)
