"""The site verified, rebuilt, backed up and restored, by the commands its operator types."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bongsu.web.record.archive import DATABASES, HEADS, JOURNAL, MANIFEST

ON_POSTGRES = os.environ.get("BONGSU_TEST_DATABASE") == "postgres"
DATABASE = DATABASES["postgresql" if ON_POSTGRES else "sqlite"]
WORK = """
import secrets
from bongsu.cases.case_acts import AddNote, OpenCase
from bongsu.cases.finding_acts import StartFinding
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import CaseKind, Role, Standard
from bongsu.web.accounts.models import Member, Person
from bongsu.web.record import work
member, _ = Member.objects.get_or_create(id="alpha", defaults={"name": "Member Alpha (SANDBOX)"})
analyst = Person.objects.filter(username="analyst").first() or Person.objects.make(
    "analyst", member=member, role=Role.ANALYST, clearance=Tlp.AMBER)
handling = Handling(tlp=Tlp.AMBER, originators=frozenset({"alpha"}))
case = work.do(analyst, None, OpenCase(salt=secrets.token_urlsafe(24), case_kind=CaseKind.INQUIRY,
    title="Sandbox 제재 위반", summary="SANDBOX: invented throughout.", standard=Standard.BALANCE, handling=handling))
work.do(analyst, case.id, StartFinding(title="A call at an invented port"))
work.do(analyst, case.id, AddNote(text="瀬取り"))
"""
ALL = """
import json
from bongsu.cases.handling import Reader, Tlp
from bongsu.web.accounts.models import Person
from bongsu.web.record import journal, search
from bongsu.web.record.models import CaseRow, Entry, SearchText
reader = Reader(person="analyst", member="alpha", clearance=Tlp.AMBER)
print(json.dumps({
    "entries": [entry.digest for entry in Entry.objects.all()],
    "kinds": [entry.kind for entry in Entry.objects.all()],
    "cases": [[row.id, row.title, row.record] for row in CaseRow.objects.all()],
    "texts": sorted([row.kind, row.key, row.words] for row in SearchText.objects.all()),
    "persons": [person.username for person in Person.objects.all()],
    "found": sorted(row.key for row in search.found(reader, "제재").rows),
}))
"""
GUARDS = ("next", "kept", "stays")


def all_of(site: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(site.python(ALL))
    return told


def past_the_guards(site: Any, *statements: str) -> None:
    code = "from django.db import connection\nfrom bongsu.web.record import guards\nguards.down(connection)\n"
    code += "with connection.cursor() as cursor:\n" + "".join(f"    cursor.execute({each!r})\n" for each in statements)
    site.python(f"{code}guards.up(connection)\n")


@pytest.fixture(scope="session")
def worked_site(first_site: Any, other_site: Callable[[str], Any]) -> Any:
    """A site with two cases and a person, and a backup of it beside its configuration."""
    site = other_site("worked_site")
    site.python(WORK + WORK)
    done = site.command("site", "backup", "first.zip", "--json")
    assert done.returncode == 0, done.stderr
    (site.base / "told.json").write_text(done.stdout)
    return site


def test_a_backup_put_back_elsewhere_is_the_same_site(worked_site: Any, own_site: Callable[[], Any]) -> None:
    told = json.loads((worked_site.base / "told.json").read_text())
    before, site = all_of(worked_site), own_site()
    done = site.command("site", "restore", worked_site.base / "first.zip", "--sha256", told["sha256"].upper())
    assert done.returncode == 0, done.stderr
    assert f"entry {told['entries']} is its last" in done.stdout
    after = all_of(site)
    assert after["kinds"] == [*before["kinds"], "site.restored"]
    assert after["entries"][:-1] == before["entries"]
    for each in ("cases", "texts", "persons", "found"):
        assert after[each] == before[each]
    assert len(after["found"]) == 2
    assert site.command("site", "verify", "--heads", worked_site.folder / HEADS).returncode == 0
    # The guards came with it, and work goes on.
    for statement in ("DELETE FROM record_entry", "UPDATE record_entry SET kind = 'x'"):
        with pytest.raises(AssertionError, match="only ever added to"):
            site.sql(statement)
    site.python(WORK)
    assert site.command("site", "rebuild", "--check").returncode == 0
    refused = site.command("site", "restore", worked_site.base / "first.zip")
    assert (refused.returncode, "holds something already" in refused.stderr) == (2, True)
    forced = site.command("site", "restore", worked_site.base / "first.zip", "--force")
    assert forced.returncode == 0, forced.stderr
    assert "entries that came later are gone: 4" in forced.stdout
    assert len(list(site.folder.glob(f"{HEADS}.before-*"))) == 1
    assert site.command("site", "verify").returncode == 0
    assert [path.name for path in site.folder.glob(".backup-*")] == []


def test_an_archive_holds_no_key_no_session_and_is_for_its_owner(worked_site: Any, own_site: Callable[[], Any]) -> None:
    site, secret = own_site(), "5e55105e55105e55105e5510"
    site.python(
        "from django.contrib.sessions.models import Session\nfrom django.utils import timezone\n"
        f"Session.objects.create(session_key={secret!r}, session_data='x', expire_date=timezone.now())\n"
    )
    assert site.command("site", "backup", "a.zip").returncode == 0
    archive = site.base / "a.zip"
    assert stat.S_IMODE(archive.stat().st_mode) & 0o077 == 0
    content = archive.read_bytes()
    assert secret.encode() not in content
    assert (site.folder / "site.key").read_bytes() not in content
    assert sorted(zipfile.ZipFile(archive).namelist()) == sorted([MANIFEST, JOURNAL, HEADS, DATABASE])
    again = site.command("site", "backup", "a.zip")
    assert (again.returncode, "there is a file already" in again.stderr) == (2, True)
    assert archive.read_bytes() == content
    assert site.command("site", "backup", "a.zip", "--force").returncode == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE record_entry SET body = '{}' WHERE number = 2", "entry 2: changed"),
        ("DELETE FROM record_entry WHERE number > 5", "cut off"),
        ("DELETE FROM record_entry", "cut off"),
    ],
)
def test_verify_finds_what_was_done_past_the_guards(
    worked_site: Any, own_site: Callable[[], Any], statement: str, said: str
) -> None:
    site = own_site()
    site.command("site", "restore", worked_site.base / "first.zip")
    past_the_guards(site, statement)
    done = site.command("site", "verify")
    assert (done.returncode, said in done.stdout) == (4, True), done.stdout + done.stderr
    told = json.loads(site.command("site", "verify", "--json").stdout)
    assert (told["sound"], told["head"]) == (False, None)
    refused = site.command("site", "backup", "b.zip")
    assert (refused.returncode, "the journal is damaged" in refused.stderr) == (4, True)
    assert not (site.base / "b.zip").exists()


def test_rebuild_says_what_differed_and_mends_it(worked_site: Any, own_site: Callable[[], Any]) -> None:
    site = own_site()
    site.command("site", "restore", worked_site.base / "first.zip")
    before = all_of(site)
    kept, lost = (case[0] for case in before["cases"])
    site.sql(
        f"UPDATE record_caserow SET title = 'another' WHERE id = '{kept}'",
        f"DELETE FROM record_caserow WHERE id = '{lost}'",
        f"DELETE FROM record_searchtext WHERE \"key\" = '{lost}'",
        f"UPDATE record_searchtext SET words = 'nothing' WHERE \"key\" = '{kept}'",
    )
    checked = site.command("site", "rebuild", "--check", "--json")
    assert checked.returncode == 5
    assert [(each["table"], each["key"], each["what"]) for each in json.loads(checked.stdout)["differences"]] == [
        *sorted([("case", kept, "changed"), ("case", lost, "missing")]),
        *sorted([("search", f"case {kept}", "changed"), ("search", f"case {lost}", "missing")]),
    ]
    assert all_of(site) != before
    assert site.command("site", "rebuild").returncode == 0
    assert all_of(site) == before
    assert site.command("site", "rebuild", "--check").returncode == 0


def test_where_no_site_is_the_commands_say_so(tmp_path: Path, worked_site: Any) -> None:
    if ON_POSTGRES:
        pytest.skip("the database of PostgreSQL is there before the site is")
    site = replace(worked_site, base=tmp_path)
    (tmp_path / "bongsu.toml").write_text('[site]\nfolder = "own"\n')
    for command in (["verify"], ["rebuild"], ["backup", "a.zip"]):
        done = site.command("site", *command)
        assert (done.returncode, "there is no site here yet" in done.stderr) == (2, True)
    assert site.command("site", "restore", worked_site.base / "first.zip").returncode == 0
    assert all_of(site)["cases"] == all_of(worked_site)["cases"]


def test_a_backup_made_while_others_write_is_of_one_moment(worked_site: Any, own_site: Callable[[], Any]) -> None:
    site = own_site()
    writer = site.begun(
        "from bongsu.web.record import journal\nwhile True:\n    with journal.writing():\n"
        "        number = journal.append('sandbox.written', by='-').number\n    print(number, flush=True)\n"
    )
    for _ in range(5):
        writer.stdout.readline()
    done = site.command("site", "backup", "busy.zip", "--json")
    writer.kill()
    writer.communicate()
    assert done.returncode == 0, done.stderr
    other = own_site()
    assert other.command("site", "restore", site.base / "busy.zip").returncode == 0
    assert len(all_of(other)["entries"]) == json.loads(done.stdout)["entries"] + 1


def test_a_killed_backup_leaves_nothing_that_the_next_one_does_not_remove(worked_site: Any) -> None:
    left = worked_site.folder / ".backup-left"
    left.mkdir()
    (left / DATABASE).write_bytes(b"SANDBOX")
    assert worked_site.command("site", "backup", "next.zip").returncode == 0
    assert list(worked_site.folder.glob(".backup-*")) == []


@pytest.mark.skipif(ON_POSTGRES, reason="what an SQLite file may hold")
def test_an_archive_whose_database_is_another_than_its_journal_is_refused(
    worked_site: Any, own_site: Callable[[], Any], tmp_path: Path
) -> None:
    with zipfile.ZipFile(worked_site.base / "first.zip") as archive:
        archive.extractall(tmp_path)
    with sqlite3.connect(tmp_path / DATABASE) as database:
        for guard in GUARDS:
            database.execute(f"DROP TRIGGER record_entry_{guard}")
        database.execute("DELETE FROM record_entry WHERE number = (SELECT max(number) FROM record_entry)")
    database.close()
    site = own_site()
    before = all_of(site)
    done = site.command("site", "restore", packed(tmp_path, site.base / "forged.zip"))
    assert (done.returncode, "another than its own" in done.stderr) == (4, True), done.stderr
    assert all_of(site) == before


def packed(folder: Path, path: Path) -> Path:
    """An archive of the files of a folder, its manifest made to fit them."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    for key, name in (("journal", JOURNAL), ("heads", HEADS), ("data", DATABASE)):
        content = (folder / name).read_bytes()
        manifest[key] = {"size_bytes": len(content), "sha256": sha256(content).hexdigest()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        for name in (JOURNAL, HEADS, DATABASE):
            archive.write(folder / name, name)
    return path


def test_the_journal_is_written_to_a_file_that_others_verify(own_site: Callable[[], Any]) -> None:
    site = own_site()
    site.python(WORK)
    entries = len(all_of(site)["entries"])
    done = site.command("site", "journal", "journal.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["entries"] == entries + 1
    assert all_of(site)["kinds"][-1] == "export"
    path = site.base / "journal.jsonl"
    assert not stat.S_IMODE(path.stat().st_mode) & 0o077, "its owner alone reads it"
    anchor = f"{told['entries']}:{told['digest']}"
    assert site.command("cases", "verify", path, "--anchor", anchor).returncode == 0
    taken = site.command("site", "journal", "journal.jsonl")
    assert (taken.returncode, "there is a file already" in taken.stderr) == (2, True)
    past_the_guards(site, "UPDATE record_entry SET kind = 'add_note' WHERE number = 1")
    damaged = site.command("site", "journal", "journal.jsonl", "--force")
    assert (damaged.returncode, "damaged" in damaged.stderr) == (4, True)
    assert len(path.read_bytes().splitlines()) == entries + 1, "the sound one is still there"


def test_cycles_are_taken_in_by_a_command(cycle_store: Path, own_site: Callable[[], Any]) -> None:
    site = own_site()
    assert "0 cycles taken in" in site.command("site", "take-in").stdout
    shutil.copytree(cycle_store, site.base / "store")
    done = site.command("site", "take-in")
    assert (done.returncode, done.stdout) == (0, "1 cycle taken in\n"), done.stderr
    found = site.python("from bongsu.web.record.models import IndicatorRow\nprint(IndicatorRow.objects.count())")
    assert int(found) > 0
    assert json.loads(site.command("site", "take-in", "--json").stdout) == {"cycles": []}
