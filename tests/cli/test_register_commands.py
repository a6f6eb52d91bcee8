"""What `bongsu register` says and does: entities, review, rulings, coverage."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bongsu

SCRIPT = (str(Path(sys.executable).with_name("bongsu")),)
CLOCK = "2026-03-01T06:00:00Z"
PASSPORT = (
    "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>987654321</NUMBER></INDIVIDUAL_DOCUMENT>"
)
JUDGE = ("register", "judge", "KPi.902", "ofac_sdn:902")
UN_NAMES = {"KPi.901": "SANDBOX MO RAE", "KPi.902": "SANDBOX SANG JA", "KPi.903": "SANDBOX TONG HAE"}
OFAC_NAMES = {901: "SANDBOX, Mo-Rae", 902: "SANDBOX, Sang Ja", 904: "SANDBOX, Un San"}


def said(ended: subprocess.CompletedProcess[bytes]) -> str:
    assert (ended.returncode, ended.stderr) == (0, b"")
    return ended.stdout.decode()


def answered(ended: subprocess.CompletedProcess[bytes]) -> Any:
    return json.loads(said(ended))


@pytest.fixture(scope="module")
def two_lists(
    tmp_path_factory: pytest.TempPathFactory, un_list: Callable[..., bytes], ofac_set: Callable[..., Any]
) -> Path:
    """A folder whose store holds one copy of each of two invented lists: one pair shares a passport, one a name."""
    folder = tmp_path_factory.mktemp("two-lists")
    (folder / "un.xml").write_bytes(un_list("2026-02-15", UN_NAMES, extra={"KPi.901": PASSPORT}))
    files = ofac_set(OFAC_NAMES)
    rows = files.sdn.split(b"\r\n")
    rows[0] = rows[0].removesuffix(b"-0- ") + b'"Passport 987654321 (Korea, North)."'
    (folder / "sdn.csv").write_bytes(b"\r\n".join(rows))
    (folder / "alt.csv").write_bytes(files.alt)
    (folder / "add.csv").write_bytes(files.add)
    (folder / "bongsu.toml").write_text(
        '[store]\nurl = "data"\n[[lists.un_sc.copy]]\nparts = { consolidated = "un.xml" }\n'
        "[[lists.ofac_sdn.copy]]\nlist_date = 2026-02-20\n"
        'parts = { sdn = "sdn.csv", alt = "alt.csv", add = "add.csv" }\n',
        "utf-8",
    )
    ended = subprocess.run([*SCRIPT, "run", "--clock", CLOCK], capture_output=True, check=False, cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, b"")
    return folder


@pytest.fixture
def store(two_lists: Path, tmp_path: Path) -> Path:
    """The store of a copy of that folder, which is the folder commands are run in."""
    shutil.copytree(two_lists, tmp_path, dirs_exist_ok=True)
    return tmp_path / "data"


def test_from_two_lists_to_entities_rulings_and_coverage(bongsu: Bongsu, store: Path) -> None:
    counts = answered(bongsu("register", "entities", "--json"))
    assert counts["joined_by_the_machine_alone"] == 1
    assert counts["waiting_for_review"] == 1
    assert counts["entities_under_a_DPRK_programme"] == 5
    assert counts["sandbox"] is False  # of Bongsu's own sandbox; these lists are invented by the test

    (joined,) = answered(bongsu("register", "show", "KPi.901", "--json"))
    assert [each["listing"] for each in joined["listings"]] == ["un_sc:KPi.901", "ofac_sdn:901"]
    (link,) = joined["links"]
    assert (link["who"], link["at"]) == ("machine", None)
    assert "same passport 987654321" in link["why"]

    (waiting,) = answered(bongsu("register", "review", "--json"))
    assert (waiting["left"], waiting["right"]) == ("ofac_sdn:902", "un_sc:KPi.902")
    balance = answered(bongsu("register", "coverage", "--json"))["balances"]
    assert balance == [{"authority": "OFAC", "carried": 1, "may_carry": 1, "lacked": 1, "added": 1, "may_add": 1}]

    ruled = answered(bongsu(*JUDGE, "same", "--by", "Tester", "--json", "--why", "one SANDBOX biography"))
    assert (ruled["left"], ruled["right"], ruled["verdict"]) == ("ofac_sdn:902", "un_sc:KPi.902", "same")
    assert answered(bongsu("register", "review", "--json")) == []
    ended = bongsu("register", "coverage", "--of", "ATLANTIS")
    assert (ended.returncode, b"ask for one of OFAC, UN" in ended.stderr) == (2, True)
    table = said(bongsu("register", "coverage"))
    assert "UN lists 3 entities under a DPRK programme" in table
    assert "a gap is no failure by itself" in table.lower()
    (row,) = [line for line in table.splitlines() if "SANDBOX SANG JA" in line]
    assert row.split()[-2:] == ["KPi.902", "902"]
    (row,) = [
        line for line in said(bongsu("register", "coverage", "--gaps")).splitlines() if "SANDBOX TONG HAE" in line
    ]
    assert row.split()[-2:] == ["KPi.903", "-"]

    # A cycle of another day reads the lists again, and the ruling stands.
    assert bongsu("run", "--clock", "2026-03-02T06:00:00Z").returncode == 0
    (joined,) = answered(bongsu("register", "show", "ofac_sdn:902", "--json"))
    assert [(each["who"], each["why"]) for each in joined["links"]] == [("Tester", "one SANDBOX biography")]
    assert f"Tester on {ruled['at']}, judgement {ruled['id']}: one SANDBOX biography" in said(
        bongsu("register", "show", joined["id"])
    )

    undone = answered(bongsu("register", "undo", ruled["id"], "--by", "Tester", "--why", "misread", "--json"))
    assert undone["undoes"] == ruled["id"]
    assert len(answered(bongsu("register", "review", "--json"))) == 1
    log = answered(bongsu("register", "log", "--json"))
    assert [(entry["verdict"], entry["stands"]) for entry in log] == [("same", False), (None, False)]


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("show NOBODY", 2, "holds 'NOBODY'"),
        ("judge NOBODY KPi.901 same --by A --why B", 2, "holds 'NOBODY'"),
        ("judge KPi.901 KPi.901 same --by A --why B", 2, "is one listing"),
        ("judge KPi.901 KPi.902 perhaps --by A --why B", 2, "'perhaps' is not one of"),
        ("judge KPi.901 KPi.902 same --why B", 2, "--by"),
        ("undo abcdef --by A --why B", 2, "no judgement"),
        ("entities --store nowhere", 2, "no such folder"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(
    command: str, code: int, words: str, sandbox_store: Path, bongsu: Bongsu
) -> None:
    ended = bongsu("register", *command.split())
    assert ended.returncode == code
    assert words in ended.stderr.decode()


def test_the_sandbox_says_that_it_is_invented(sandbox_store: Path, bongsu: Bongsu) -> None:
    for command in ("entities", "review", "coverage", "show KPi.901"):
        assert said(bongsu("register", *command.split())).startswith(
            "SANDBOX: an invented list. No one in it exists.\n"
        )


def test_a_damaged_log_of_judgements_stops_every_command(store: Path, bongsu: Bongsu) -> None:
    assert bongsu(*JUDGE, "same", "--by", "A", "--why", "B").returncode == 0
    (entry,) = (store / "judgements").iterdir()
    content = entry.read_bytes()
    entry.unlink()
    entry.write_bytes(content.replace(b'"same"', b'"different"'))
    for command in ("entities", "log"):
        ended = bongsu("register", command)
        assert ended.returncode == 4
        assert b"not as it was written" in ended.stderr


def test_kept_proposals_that_were_changed_are_made_anew(store: Path, bongsu: Bongsu) -> None:
    before = bongsu("register", "entities", "--json").stdout
    (kept,) = (store / "register" / "proposals").iterdir()
    content = kept.read_bytes()
    for damaged in (content.replace(b"987654321", b"987654322"), b"{}", content[:40]):
        kept.unlink()
        kept.write_bytes(damaged)
        assert bongsu("register", "entities", "--json").stdout == before
        assert kept.read_bytes() == content


def test_on_a_terminal_review_asks_and_writes_the_ruling_down(store: Path, bongsu: Bongsu) -> None:
    ours, theirs = os.openpty()
    os.write(ours, b"different\nother SANDBOX birth place\n")
    ended = subprocess.run(
        [*SCRIPT, "register", "review", "--by", "Tester"],
        stdin=theirs,
        capture_output=True,
        check=False,
        cwd=store.parent,
    )
    os.close(ours)
    os.close(theirs)
    assert ended.returncode == 0, ended.stderr
    (entry,) = answered(bongsu("register", "log", "--json"))
    assert (entry["by"], entry["verdict"], entry["why"]) == ("Tester", "different", "other SANDBOX birth place")
    assert said(bongsu("register", "review")) == "nothing waits for review\n"
