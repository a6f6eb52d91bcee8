"""`bongsu case`: what is found and what goes out is what the person may read, and the journal says who took it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bongsu

OPENING = {
    "kind": "open_case",
    "salt": "an invented salt of the sandbox",
    "case_kind": "inquiry",
    "title": "Sandbox Trading One",
    "summary": "SANDBOX: invented throughout.",
    "standard": "reasonable_grounds",
    "handling": {
        "tlp": "TLP:AMBER+STRICT",
        "originators": ["alpha"],
        "releasable_to": None,
        "named": [],
        "purposes": [],
        "expires_on": None,
    },
    "subjects": [{"id": "sandbox:one", "schema": "Vessel", "name": "SANDBOX ONE", "identifiers": []}],
    "indicators": [],
}


@pytest.fixture
def case(bongsu: Bongsu, tmp_path: Path) -> str:
    """A case of a site of its own, and two persons: ann may read it, gus may not."""
    (tmp_path / "bongsu.toml").write_text('[site]\nmember = "alpha"\nmember_name = "Member Alpha (SANDBOX)"\n')
    for name, clearance in (("ann", "red"), ("gus", "green")):
        made = bongsu("site", "person", "add", name, "--role", "analyst", "--clearance", clearance)
        assert made.returncode == 0, made.stderr
    (tmp_path / "act.json").write_text(json.dumps(OPENING))
    done = bongsu("case", "do", "--as", "ann", "--act", "act.json", "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["case"])


def test_a_case_is_found_by_those_who_may_read_it(bongsu: Bongsu, case: str) -> None:
    found = json.loads(bongsu("case", "search", "--as", "ann", "sandbox", "trading", "--json").stdout)
    assert [each["id"] for each in found["found"]] == [case]
    assert found["next"] is None
    assert case.encode() in bongsu("case", "search", "--as", "ann", "trading").stdout
    assert json.loads(bongsu("case", "search", "--as", "gus", "trading", "--json").stdout)["found"] == []


def test_a_case_goes_out_marked_and_the_journal_says_who_took_it(bongsu: Bongsu, case: str, tmp_path: Path) -> None:
    ended = bongsu("case", "export", "--as", "ann", case, "--output", "case.json")
    assert (ended.returncode, ended.stderr) == (0, b"")
    whole = json.loads((tmp_path / "case.json").read_bytes())
    assert (whole["marking"], whole["case"]["title"]) == ("TLP:AMBER+STRICT", OPENING["title"])
    again = bongsu("case", "export", "--as", "ann", case, "-o", "case.json")
    assert again.returncode == 2, "a file that is there stays"
    on_the_map = json.loads(bongsu("case", "export", "--as", "ann", case, "--form", "geojson", "-o", "-").stdout)
    assert (on_the_map["case"], on_the_map["features"]) == (case, [])
    refused = bongsu("case", "export", "--as", "gus", case, "-o", "other.json")
    assert (refused.returncode, refused.stderr) == (2, b"bongsu: there is nothing here for you\n")
    assert not (tmp_path / "other.json").exists()
    with sqlite3.connect(tmp_path / "bongsu-site" / "site.sqlite3") as database:
        taken = database.execute("SELECT by, body FROM record_entry WHERE kind = 'case.exported'").fetchall()
    assert [(by, json.loads(body)["form"]) for by, body in taken] == [("ann", "json"), ("ann", "geojson")]
