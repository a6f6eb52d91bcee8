"""`bongsu lists export`: from a file or a store, to a file or a pipe, never over what is there."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bongsu

NAMES = {"KPi.901": "SANDBOX PERSON ONE", "KPe.901": "SANDBOX FIRM ONE"}


@pytest.fixture
def copy(tmp_path: Path, un_list: Callable[..., bytes]) -> str:
    (tmp_path / "un.xml").write_bytes(un_list("2026-01-15", NAMES))
    return "un.xml"


def entities(content: bytes) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in map(json.loads, content.splitlines())}


def test_a_file_is_exported_as_entities(bongsu: Bongsu, copy: str, tmp_path: Path) -> None:
    ended = bongsu("lists", "export", copy, "-o", "un.ftm.json")
    assert (ended.returncode, ended.stderr) == (0, b"")
    first, counts = ended.stdout.decode().splitlines()
    assert first == "United Nations Security Council Consolidated List, of 2026-01-15"
    assert counts == "402 listings, 804 entities, 3,617 values"
    found = entities((tmp_path / "un.ftm.json").read_bytes())
    assert found["un-sc.KPi.901"]["caption"] == "SANDBOX PERSON ONE"
    assert found["un-sc.KPi.901"]["first_seen"] == found["un-sc.KPi.901"]["last_seen"] == "2026-01-15"
    assert sum(record["target"] for record in found.values()) == 402


def test_with_dprk_only_its_programmes_are_exported(bongsu: Bongsu, copy: str) -> None:
    ended = bongsu("lists", "export", copy, "--dprk", "-o", "-")
    assert ended.stderr.decode().splitlines()[1] == "2 listings, 4 entities, 17 values"
    assert list(entities(ended.stdout)) == [
        "un-sc.KPe.901",
        "un-sc.KPe.901--sanction",
        "un-sc.KPi.901",
        "un-sc.KPi.901--sanction",
    ]


def test_what_became_a_sentence_is_counted(bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]) -> None:
    extra = {"KPi.901": "<GENDER>SANDBOX unknown</GENDER>"}
    (tmp_path / "un.xml").write_bytes(un_list("2026-01-15", NAMES, extra=extra))
    ended = bongsu("lists", "export", "un.xml", "-o", "un.ftm.json")
    assert ended.stdout.decode().splitlines()[2:] == [
        "  in notes: Person.gender was rejected when the list was read: 1"
    ]


def test_the_counts_are_told_as_json(bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]) -> None:
    extra = {"KPi.901": "<GENDER>SANDBOX unknown</GENDER>"}
    (tmp_path / "un.xml").write_bytes(un_list("2026-01-15", NAMES, extra=extra))
    ended = bongsu("lists", "export", "un.xml", "--dprk", "-o", "un.ftm.json", "--json")
    assert json.loads(ended.stdout) == {
        "source": "un_sc",
        "title": "United Nations Security Council Consolidated List",
        "sandbox": False,
        "list_date": "2026-01-15",
        "format": "ftm",
        "dprk_only": True,
        "listings": 2,
        "entities": 4,
        "values": 18,
        "in_notes": [{"schema": "Person", "property": "gender", "why": "rejected", "count": 1}],
    }


def test_statements_are_csv_where_the_name_says_so_and_else_lines_of_json(
    bongsu: Bongsu, copy: str, tmp_path: Path
) -> None:
    assert bongsu("lists", "export", copy, "--dprk", "--format", "statements", "-o", "s.csv").returncode == 0
    assert bongsu("lists", "export", copy, "--dprk", "--format", "statements", "-o", "s.json").returncode == 0
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lines = [json.loads(line) for line in (tmp_path / "s.json").read_bytes().splitlines()]
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    assert len(rows) == 17


def test_a_list_of_the_store_carries_the_first_and_the_last_copy_that_hold_it(
    bongsu: Bongsu, sandbox_store: Path
) -> None:
    ended = bongsu("lists", "export", "sandbox", "-o", "-")
    assert ended.returncode == 0
    assert ended.stderr.decode().splitlines()[0] == "SANDBOX: a copy of an invented list. No one in it exists."
    found = entities(ended.stdout)
    days = {key: (record["first_seen"], record["last_seen"]) for key, record in found.items() if record["target"]}
    assert days == {
        "sandbox.KPe.901": ("2026-01-15", "2026-02-15"),
        "sandbox.KPe.902": ("2026-01-15", "2026-02-15"),
        "sandbox.KPe.903": ("2026-02-15", "2026-02-15"),
        "sandbox.KPi.901": ("2026-01-15", "2026-02-15"),
        "sandbox.KPi.903": ("2026-01-15", "2026-02-15"),
        "sandbox.KPi.904": ("2026-02-15", "2026-02-15"),
    }


def test_the_same_export_twice_is_the_same_bytes(bongsu: Bongsu, sandbox_store: Path) -> None:
    first, second = (bongsu("lists", "export", "sandbox", "-o", "-").stdout for _ in range(2))
    assert first == second


def test_a_file_that_is_there_is_replaced_by_force_only(bongsu: Bongsu, copy: str, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("precious", "utf-8")
    refused = bongsu("lists", "export", copy, "-o", "out.json")
    assert refused.returncode == 2
    assert refused.stderr.decode().startswith("bongsu: out.json: there is a file already\n")
    assert (tmp_path / "out.json").read_text("utf-8") == "precious"
    assert bongsu("lists", "export", copy, "-o", "out.json", "--force").returncode == 0
    assert (tmp_path / "out.json").read_bytes().startswith(b"{")
    assert stat.S_ISREG((tmp_path / "out.json").stat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "un.xml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sandbox.xml", "-o", "x.json"], "bongsu: sandbox.xml: is neither a file nor a list\n"),
        (["un_sc", "--source", "un_sc", "-o", "x.json"], "bongsu: 'un_sc' names a list; --source is for files\n"),
        (["un_sc", "-o", "x.json"], "holds no good copy of un_sc\n"),
        (["un.xml", "-o", "-", "--json"], "standard output cannot hold the list and its counts\n"),
        (["un.xml", "-o", "absent/x.json"], "bongsu: absent/x.json: cannot be written: No such file or directory\n"),
        (["un.xml", "--source", "ofac_sdn", "-o", "x.json"], "looks like a copy of un_sc, not of ofac_sdn\n"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_sentence(
    arguments: list[str], said: str, bongsu: Bongsu, copy: str, sandbox_store: Path, tmp_path: Path
) -> None:
    ended = bongsu("lists", "export", *arguments)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert said in ended.stderr.decode()
    assert not (tmp_path / "x.json").exists()
