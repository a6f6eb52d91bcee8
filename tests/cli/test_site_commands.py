"""`bongsu site`: persons and links from the command line."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bongsu

LINK = re.compile(rb"http://127\.0\.0\.1:8718/welcome/[\w-]{43}/\n")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a configuration; its site is made by the first command."""
    (tmp_path / "bongsu.toml").write_text('[site]\nmember = "alpha"\nmember_name = "Member Alpha (SANDBOX)"\n')
    return tmp_path


def add(bongsu: Bongsu, name: str, *more: str) -> tuple[int, bytes, bytes]:
    ended = bongsu("site", "person", "add", name, "--role", "administrator", "--clearance", "red", *more)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_person_is_made_with_a_link_and_gets_another(bongsu: Bongsu, site: Path) -> None:
    code, first, errors = add(bongsu, "chief")
    assert (code, errors) == (0, b"")
    assert LINK.search(first)
    ended = bongsu("site", "link", "chief")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert LINK.search(ended.stdout)
    assert ended.stdout != first
    with sqlite3.connect(site / "bongsu-site" / "site.sqlite3") as database:
        kinds = [kind for (kind,) in database.execute("SELECT kind FROM record_entry ORDER BY number")]
        people = database.execute("SELECT username, role, clearance, member_id FROM accounts_person").fetchall()
    assert kinds == ["member.made", "account.made", "link.given", "link.given"]
    assert people == [("chief", "administrator", 4, "alpha")]


@pytest.mark.usefixtures("site")
def test_what_cannot_be_is_said_in_one_sentence(bongsu: Bongsu) -> None:
    assert add(bongsu, "chief")[0] == 0
    for arguments, words in (
        (("chief",), b"already exists"),
        (("Capital Letters",), b"small letters, digits, dots and hyphens"),
        (("other", "--member", "nowhere"), b"one of: alpha"),
    ):
        code, _, errors = add(bongsu, *arguments)
        assert code == 2
        assert words in errors
    ended = bongsu("site", "link", "nobody")
    assert (ended.returncode, ended.stderr) == (2, b"bongsu: nobody: nobody has this user name\n")


def test_the_machine_lets_a_stopped_administrator_in_again(bongsu: Bongsu, site: Path) -> None:
    assert add(bongsu, "chief")[0] == 0
    with sqlite3.connect(site / "bongsu-site" / "site.sqlite3") as database:
        database.execute("UPDATE accounts_person SET is_active = 0")
    database.close()
    assert b"may not sign in" in bongsu("site", "link", "chief").stderr
    ended = bongsu("site", "person", "admit", "chief")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert LINK.search(ended.stdout)
    assert b"nobody has this user name" in bongsu("site", "person", "admit", "nobody").stderr


def test_a_second_step_that_nobody_can_use_any_more_is_forgotten(bongsu: Bongsu, site: Path) -> None:
    for name in ("chief", "other"):
        assert add(bongsu, name)[0] == 0
    held = ("recovery_codes", "totp", "webauthn")
    with sqlite3.connect(site / "bongsu-site" / "site.sqlite3") as database:
        database.executemany(
            "INSERT INTO mfa_authenticator (type, data, created_at, user_id)"
            " SELECT ?, '{}', '2026-11-24 06:00:00', id FROM accounts_person",
            [(kind,) for kind in held],
        )
    database.close()
    ended = bongsu("site", "person", "forget-second-step", "chief")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"bongsu site link chief prints a link" in ended.stdout
    assert b"nothing was changed" in bongsu("site", "person", "forget-second-step", "chief").stdout
    with sqlite3.connect(site / "bongsu-site" / "site.sqlite3") as database:
        left = database.execute(
            "SELECT username, type FROM mfa_authenticator JOIN accounts_person AS p ON p.id = user_id ORDER BY type"
        ).fetchall()
        series = dict(database.execute("SELECT username, session_series FROM accounts_person"))
        entry = database.execute('SELECT "by", subject, body FROM record_entry ORDER BY number DESC').fetchone()
    assert left == [("other", kind) for kind in held]
    assert series == {"chief": 1, "other": 0}
    assert entry[:2] == ("-", "chief")
    assert json.loads(entry[2])["types"] == list(held)


@pytest.mark.usefixtures("site")
def test_the_second_step_of_nobody_is_not_forgotten(bongsu: Bongsu) -> None:
    ended = bongsu("site", "person", "forget-second-step", "nobody")
    assert (ended.returncode, ended.stderr) == (2, NO_SITE)
    assert add(bongsu, "chief")[0] == 0
    ended = bongsu("site", "person", "forget-second-step", "nobody")
    assert (ended.returncode, ended.stderr) == (2, b"bongsu: nobody: nobody has this user name\n")


NO_SITE = b"bongsu: there is no site here yet\n  what to do: bongsu serve makes one; or name its --config\n"


@pytest.mark.usefixtures("site")
def test_casework_and_assistants_without_a_site_are_told_so(bongsu: Bongsu) -> None:
    for arguments in (("case", "list", "--as", "chief"), ("mcp",), ("site", "verify")):
        ended = bongsu(*arguments, BONGSU_TOKEN="bongsu_sandbox")
        assert (ended.returncode, ended.stderr) == (2, NO_SITE), arguments
    assert bongsu("mcp").returncode == 0, "the law needs no site"


def test_casework_brings_a_site_of_an_earlier_release_forward(bongsu: Bongsu, site: Path) -> None:
    assert add(bongsu, "chief")[0] == 0
    with sqlite3.connect(site / "bongsu-site" / "site.sqlite3") as database:
        database.execute("DROP TABLE accounts_requestcount")
        database.execute("ALTER TABLE accounts_person DROP COLUMN session_series")
        later = "name IN ('0002_person_session_series', '0003_request_counts')"
        assert database.execute(f"DELETE FROM django_migrations WHERE {later}").rowcount == 2
    database.close()
    ended = bongsu("case", "list", "--as", "chief", "--json")
    assert (ended.returncode, ended.stderr) == (0, b"")
