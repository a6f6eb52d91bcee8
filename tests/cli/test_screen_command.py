"""`bongsu screen`, as a process of its own, on the invented list."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

Bongsu = Any
AGAINST = "6 entries under DPRK programmes: sandbox of 2026-02-15"
CUSTOMERS = (
    "id,name,type,dob\n1,봉수대 (SANDBOX),person,1961\n2,=SANDBOX NOBODY,person,\n3,Sandbox Trading One,company,x\n"
)


def test_a_name_in_hangul_finds_the_romanised_alias_and_says_why(bongsu: Bongsu, sandbox_store: Path) -> None:
    ended = bongsu("screen", "봉수대", "--store", "data")
    lines = ended.stdout.decode().splitlines()
    assert ended.returncode == 0
    assert lines[0] == "1.00  SANDBOX PERSON ONE  (sandbox:KPi.901, Person, SANDBOX)  SANDBOX: invented"
    assert lines[1] == "      by the name SANDBOX PONG Su-dae"
    assert "not an accusation" in lines[-1]


def test_a_name_that_is_on_no_list_is_no_hit_and_no_error(bongsu: Bongsu, sandbox_store: Path) -> None:
    ended = bongsu("screen", "Nobody Atall", "--store", "data")
    assert (ended.returncode, ended.stdout.decode().splitlines()[0]) == (0, "no hit")


def test_json_names_the_register_and_rounds_the_score(bongsu: Bongsu, sandbox_store: Path) -> None:
    told = json.loads(bongsu("screen", "Bong Soodae", "--store", "data", "--json").stdout)
    assert told["register"] == {
        "copies": [{"list": "sandbox", "list_date": "2026-02-15", "sandbox": True}],
        "dprk_programmes_only": True,
        "entities": 6,
    }
    (hit,) = told["hits"]
    assert (hit["entity"], hit["score"], hit["sandbox"]) == ("sandbox:KPi.901", 0.951, True)


def test_a_passport_beats_the_name(bongsu: Bongsu, sandbox_store: Path) -> None:
    told = json.loads(bongsu("screen", "Nobody", "--passport", "sandbox 0001", "--store", "data", "--json").stdout)
    (hit,) = told["hits"]
    assert hit["score"] == 0.9
    assert hit["reasons"] == [
        "the same passport number: sandbox 0001; two States may issue the same number, and not both sides say which "
        "State issued theirs"
    ]


def test_a_number_alone_is_enough(bongsu: Bongsu, sandbox_store: Path) -> None:
    ended = bongsu("screen", "--passport", "sandbox 0001", "--store", "data")
    assert ended.returncode == 0
    assert "the same passport number" in ended.stdout.decode()


def test_the_state_that_issued_a_passport_is_a_name_or_a_code(bongsu: Bongsu, sandbox_store: Path) -> None:
    asked = ("screen", "Nobody", "--passport", "sandbox 0001", "--store", "data", "--passport-country")
    assert [bongsu(*asked, printed).returncode for printed in ("KP", "North Korea")] == [0, 0]
    refused = bongsu(*asked, "Atlantis")
    assert refused.returncode == 2
    assert "give a State's name or its two-letter code" in refused.stderr.decode()


def test_a_file_is_answered_row_by_row_as_csv(bongsu: Bongsu, sandbox_store: Path, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS, "utf-8")
    ended = bongsu("screen", "--file", "customers.csv", "--store", "data")
    rows = list(csv.DictReader(io.StringIO(ended.stdout.decode())))
    assert [(row["row"], row["name"], row["entity"]) for row in rows] == [
        ("2", "봉수대 (SANDBOX)", "sandbox:KPi.901"),
        ("3", "'=SANDBOX NOBODY", ""),
        ("4", "Sandbox Trading One", "sandbox:KPe.901"),
    ]
    assert {row["screened_against"] for row in rows} == {AGAINST}
    assert rows[2]["problem"] == "birth date 'x': not written as a date"
    assert ended.stderr.decode().splitlines()[0] == "3 rows, 2 with hits, 1 with something that could not be read"


def test_the_summary_names_the_columns_that_are_not_used(bongsu: Bongsu, sandbox_store: Path, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("customer,name,colour\nC001,SANDBOX PERSON ONE,red\n", "utf-8")
    ended = bongsu("screen", "--file", "c.csv", "--store", "data")
    assert ended.stderr.decode().splitlines()[0] == "1 rows, 1 with hits; columns not used: colour"


def test_a_file_is_answered_as_json_lines_into_a_file(bongsu: Bongsu, sandbox_store: Path, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS, "utf-8")
    ended = bongsu("screen", "--file", "customers.csv", "--out", "hits.jsonl", "--store", "data", "--schema", "Person")
    assert (ended.returncode, ended.stdout) == (0, b"")
    lines = [json.loads(line) for line in (tmp_path / "hits.jsonl").read_text("utf-8").splitlines()]
    assert [len(line["hits"]) for line in lines] == [1, 0, 1]
    assert {line["screened_against"] for line in lines} == {AGAINST}
    assert {path.name for path in tmp_path.iterdir()} == {"bongsu.toml", "customers.csv", "data", "hits.jsonl"}


def test_a_file_that_is_there_is_replaced_only_by_force(bongsu: Bongsu, sandbox_store: Path, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS, "utf-8")
    (tmp_path / "precious").write_text("SANDBOX", "utf-8")
    (tmp_path / "hits.csv").symlink_to("precious")
    (tmp_path / ".hits.csv.unfinished").symlink_to("precious")
    asked = ("screen", "--file", "customers.csv", "--store", "data", "--out", "hits.csv")
    refused = bongsu(*asked)
    assert (refused.returncode, "there is a file already" in refused.stderr.decode()) == (2, True)
    assert bongsu(*asked, "--force").returncode == 0
    assert (tmp_path / "hits.csv").read_text("utf-8").startswith("row,id,name")
    assert not (tmp_path / "hits.csv").is_symlink()
    assert (tmp_path / "precious").read_text("utf-8") == "SANDBOX"


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("customers.csv", "is the customer file itself"),
        ("./again.csv", "is the customer file itself"),
        ("data/custody/hits.csv", "lies in the store"),
        ("beside/../data/hits.csv", "lies in the store"),
        ("gone/hits.csv", "no folder to write into"),
    ],
)
def test_an_answer_takes_the_place_neither_of_the_question_nor_of_evidence(
    bongsu: Bongsu, sandbox_store: Path, tmp_path: Path, out: str, says: str
) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS, "utf-8")
    (tmp_path / "again.csv").hardlink_to(tmp_path / "customers.csv")
    (tmp_path / "beside").mkdir()
    ended = bongsu("screen", "--file", "customers.csv", "--store", "data", "--out", out, "--force")
    assert (ended.returncode, says in ended.stderr.decode()) == (2, True)
    assert (tmp_path / "customers.csv").read_text("utf-8") == CUSTOMERS


def test_a_broken_file_leaves_no_half_written_one(bongsu: Bongsu, sandbox_store: Path, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_bytes(b"name\nSANDBOX ONE\n\xff\n")
    ended = bongsu("screen", "--file", "customers.csv", "--out", "hits.csv", "--store", "data")
    assert ended.returncode == 3
    assert b"not UTF-8: byte 0xff in line 3" in ended.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"bongsu.toml", "customers.csv", "data"}


def test_a_name_in_the_encoding_of_another_terminal_is_refused(bongsu: Bongsu, sandbox_store: Path) -> None:
    ended = bongsu("screen", os.fsdecode("봉수대".encode("cp949")), "--store", "data")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert "some of its bytes are not UTF-8" in ended.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "say who is asked about"),
        (("",), 2, "say who is asked about"),
        ((" \t",), 2, "say who is asked about"),
        (("x", "--file", "y.csv"), 2, "say who is asked about"),
        (("--birth-date", "1961"), 2, "say who is asked about"),
        (("--file", "y.csv", "--birth-date", "1961"), 2, "--birth-date cannot go with --file"),
        (("--file", "y.csv", "--imo", "9074729", "--passport", "1"), 2, "--imo, --passport cannot go with --file"),
        (("x", "--out", "y.csv"), 2, "--out goes with --file"),
        (("x", "--imo", "12"), 2, "'12' is no IMO number"),
        (("x", "--mmsi", "abc"), 2, "'abc' is no MMSI"),
        (("x", "--passport", "3.8131E+08"), 2, "rounded by a spreadsheet"),
        (("x", "--birth-date", "circa 1958"), 2, "approximate, not a date"),
        (("x", "--min-score", "0.2"), 2, "0.2 is not in the range"),
        (("--file", "gone.csv"), 2, "No such file"),
        (("x", "--store", "gone"), 2, "there is no such folder"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_code(
    bongsu: Bongsu, sandbox_store: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    ended = bongsu("screen", *arguments, *(() if "--store" in arguments else ("--store", "data")))
    assert ended.returncode == code
    assert says in ended.stderr.decode()


def test_an_empty_store_says_what_to_do_first(bongsu: Bongsu, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = bongsu("screen", "x", "--store", "empty")
    assert ended.returncode == 2
    assert b"run a cycle first" in ended.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name\nSANDBOX ONE\n\xff\n", "not UTF-8: byte 0xff in line 3"),
        (b"colour,weight\nred,1\n", "no column"),
        (b"", "is empty"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_file_that_is_refused_prints_nothing_before_the_refusal(
    bongsu: Bongsu, sandbox_store: Path, tmp_path: Path, content: bytes, says: str, form: tuple[str, ...]
) -> None:
    """What a pipe receives is either whole or nothing: half an answer would read as "no further hits"."""
    (tmp_path / "bad.csv").write_bytes(content)
    ended = bongsu("screen", "--file", "bad.csv", *form, "--store", "data")
    assert (ended.returncode, ended.stdout) == (3, b"")
    assert says in ended.stderr.decode()
