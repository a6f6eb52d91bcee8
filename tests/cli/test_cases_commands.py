"""`bongsu cases`, as a person runs it on an exported journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bongsu.sandbox.casework import Desk, led_to

if TYPE_CHECKING:
    from conftest import Bongsu


def exported(folder: Path, desk: Desk) -> Path:
    path = folder / "journal.jsonl"
    path.write_bytes(b"".join(entry.line() for entry in desk.entries))
    return path


def test_a_sound_journal_is_verified_and_prints_the_head_to_keep(tmp_path: Path, bongsu: Bongsu) -> None:
    desk = led_to("published")
    exported(tmp_path, desk)
    ended = bongsu("cases", "verify", "journal.jsonl")
    assert (ended.returncode, ended.stderr) == (0, b"")
    anchor = f"{desk.head.seq}:{desk.head.digest}"
    assert anchor in ended.stdout.decode()
    assert b"no anchor was given" in ended.stdout
    said = json.loads(bongsu("cases", "verify", "journal.jsonl", "--anchor", anchor, "--json").stdout)
    assert said == {"anchors": 1, "cases": 1, "digest": desk.head.digest, "entries": desk.head.seq, "passed_over": []}


def test_an_edited_or_cut_journal_ends_with_exit_code_4(tmp_path: Path, bongsu: Bongsu) -> None:
    desk = led_to("published")
    path = exported(tmp_path, desk)
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"500 barrels", b"900 barrels"))
    ended = bongsu("cases", "verify", "journal.jsonl")
    assert ended.returncode == 4
    assert b"unreadable: line 3: changed: its digest is of other content" in ended.stdout
    path.write_bytes(b"".join(sound.splitlines(keepends=True)[:-1]))
    assert bongsu("cases", "verify", "journal.jsonl").returncode == 0
    ended = bongsu("cases", "verify", "journal.jsonl", "--anchor", f"{desk.head.seq}:{desk.head.digest}")
    assert ended.returncode == 4
    assert b"cut off" in ended.stdout


def test_what_is_no_anchor_or_no_file_ends_with_exit_code_2(tmp_path: Path, bongsu: Bongsu) -> None:
    exported(tmp_path, led_to("opened"))
    assert bongsu("cases", "verify", "journal.jsonl", "--anchor", "7").returncode == 2
    assert bongsu("cases", "verify", "nowhere.jsonl").returncode == 2
    assert bongsu("cases", "show", "journal.jsonl", "nowhere").returncode == 2


def test_a_journal_without_an_entry_is_not_called_sound(tmp_path: Path, bongsu: Bongsu) -> None:
    (tmp_path / "journal.jsonl").write_bytes(b"")
    ended = bongsu("cases", "verify", "journal.jsonl")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"holds no entry of a journal" in ended.stderr


def test_a_case_is_shown_with_what_its_finding_still_lacks(tmp_path: Path, bongsu: Bongsu) -> None:
    desk = led_to("noticed")
    exported(tmp_path, desk)
    listed = bongsu("cases", "show", "journal.jsonl").stdout.decode()
    assert desk.open.id in listed
    shown = bongsu("cases", "show", "journal.jsonl", desk.open.id, "--on", "2026-04-02").stdout.decode()
    assert "Sandbox Trading One sold 500 barrels" in shown
    assert "missing: It is not proven that the notice reached Sandbox Trading One" in shown
    said = json.loads(bongsu("cases", "show", "journal.jsonl", desk.open.id, "--on", "2026-04-02", "--json").stdout)
    (finding,) = said["findings"]
    assert (finding["state"], finding["next"]) == ("notice_sent", "decide")
    assert {each["code"] for each in finding["missing"]} == {"delivery_unproven", "measure_not_in_force"}
