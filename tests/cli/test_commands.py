"""What single commands say and do: reproduce, evidence, law, lists."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bongsu.kernel.canonical import digest

if TYPE_CHECKING:
    from conftest import Bongsu

CLOCK = "2026-03-01T06:00:00Z"


def manifest_of(store: Path) -> Path:
    (found,) = store.glob("cycles/*/manifest.json")
    return found


def list_files(folder: Path, un_list: Callable[..., bytes]) -> None:
    (folder / "old.xml").write_bytes(un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"}))
    (folder / "new.xml").write_bytes(un_list("2026-02-15", {"KPi.902": "SANDBOX PERSON TWO"}))


def exhibit_of(store: Path) -> str:
    return min(path.name for path in store.glob("exhibits/*/*"))


# --- reproduce


def test_reproduce_says_so_where_every_byte_is_the_same(bongsu: Bongsu, sandbox_store: Path) -> None:
    ended = bongsu("reproduce", str(manifest_of(sandbox_store)))
    assert (ended.returncode, ended.stderr) == (0, b"")
    cycle = manifest_of(sandbox_store).parent.name
    assert ended.stdout.decode().endswith(f"cycle {cycle} is reproduced: 5 outputs, byte for byte\n")


def test_reproduce_takes_a_relative_path_and_a_store_elsewhere(bongsu: Bongsu, sandbox_store: Path) -> None:
    copy = sandbox_store.parent / "manifest.json"
    copy.write_bytes(manifest_of(sandbox_store).read_bytes())
    ended = bongsu("reproduce", "manifest.json", "--store", "data")
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_reproduce_fails_loudly_on_a_changed_output(bongsu: Bongsu, sandbox_store: Path) -> None:
    manifest = manifest_of(sandbox_store)
    report = manifest.with_name("report.html")
    content = report.read_bytes()
    report.unlink()
    report.write_bytes(content.replace(b"SANDBOX PERSON FOUR", b"SANDBOX PERSON FOUL"))
    ended = bongsu("reproduce", str(manifest))
    assert ended.returncode == 5
    assert b"DIFFERS  report.html\n" in ended.stdout
    assert b"same     report.json\n" in ended.stdout
    assert f"bongsu: {manifest}: not reproduced: report.html differs\n" in ended.stderr.decode()
    said = bongsu("reproduce", str(manifest), "--json")
    assert said.returncode == 5
    assert json.loads(said.stdout)["agrees"] is False


@pytest.mark.parametrize("how", ["removed", "changed"])
def test_reproduce_fails_loudly_on_a_lost_or_changed_exhibit(bongsu: Bongsu, sandbox_store: Path, how: str) -> None:
    exhibit = exhibit_of(sandbox_store)
    path = sandbox_store / "exhibits" / exhibit[:2] / exhibit
    content = path.read_bytes()
    path.unlink()
    if how == "changed":
        path.write_bytes(content.replace(b"ONE", b"OHE"))
    ended = bongsu("reproduce", str(manifest_of(sandbox_store)))
    assert (ended.returncode, ended.stdout) == (4, b"")
    assert ended.stderr.decode().startswith(f"bongsu: {exhibit}: ")


def test_reproduce_fails_loudly_on_a_changed_manifest(bongsu: Bongsu, sandbox_store: Path) -> None:
    manifest = manifest_of(sandbox_store)
    content = manifest.read_bytes()
    manifest.unlink()
    manifest.write_bytes(content.replace(b"no real copy", b"no reel copy"))
    ended = bongsu("reproduce", str(manifest))
    assert (ended.returncode, ended.stdout) == (4, b"")
    assert ended.stderr.decode().startswith(f"bongsu: {manifest}: was changed after it was written\n")


# --- evidence


def test_scrub_is_green_on_a_sound_store_and_names_a_damaged_exhibit(bongsu: Bongsu, sandbox_store: Path) -> None:
    assert bongsu("evidence", "scrub").returncode == 0
    exhibit = exhibit_of(sandbox_store)
    path = sandbox_store / "exhibits" / exhibit[:2] / exhibit
    path.unlink()
    path.write_bytes(b"SANDBOX: other bytes")
    ended = bongsu("evidence", "scrub")
    assert ended.returncode == 4
    assert f"exhibits/{exhibit[:2]}/{exhibit}: changed" in ended.stdout.decode()
    assert b"the evidence is damaged" in ended.stderr


def test_the_list_of_evidence_shows_what_the_last_scrub_found(bongsu: Bongsu, sandbox_store: Path) -> None:
    def states() -> list[str | None]:
        return [row["state"] for row in json.loads(bongsu("evidence", "list", "--json").stdout)]

    assert states() == ["not inspected", "not inspected", "not inspected"]
    bongsu("evidence", "scrub")
    assert states() == ["sound", "sound", "sound", None]
    exhibit = exhibit_of(sandbox_store)
    path = sandbox_store / "exhibits" / exhibit[:2] / exhibit
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(b"SANDBOX: other bytes")
    bongsu("evidence", "scrub")
    assert sorted(str(state)[:17] for state in states()[:3]) == ["damaged: changed:", "sound", "sound"]
    (line,) = [row for row in bongsu("evidence", "list").stdout.decode().splitlines() if exhibit[:12] in row]
    assert "  damaged: changed: its SHA-256 is now " in line
    path.unlink()
    path.write_bytes(content)
    bongsu("evidence", "scrub")
    assert set(states()) == {"sound", None}


def test_evidence_that_was_mended_is_told_by_the_run_the_list_and_the_record(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]
) -> None:
    content = un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"})
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(content, mtime=0))
    (tmp_path / "bongsu.toml").write_text(
        '[store]\nurl = "data"\n[[lists.un_sc.copy]]\nparts = { consolidated = "a.xml.gz" }', "utf-8"
    )
    assert b"evidence:" not in bongsu("run", "--clock", "2026-01-16T06:00:00Z").stdout
    packed, unpacked = digest((tmp_path / "a.xml.gz").read_bytes()), digest(content)
    for exhibit in (packed, unpacked):
        path = tmp_path / "data" / "exhibits" / exhibit[:2] / exhibit
        path.unlink()
        path.write_bytes(b"SANDBOX: other bytes")
    ended = bongsu("run", "--clock", "2026-01-17T06:00:00Z")
    assert ended.returncode == 0
    for exhibit in (packed, unpacked):
        assert f"  evidence: exhibit {exhibit} was damaged; the same bytes came once more" in ended.stdout.decode()
    listed = bongsu("evidence", "list").stdout.decode().splitlines()
    assert [line.split()[1] for line in listed if line.endswith("; mended a damaged copy")] == ["received", "derived"]
    assert sum("  mended  " in line for line in listed) == 4  # both entries of both exhibits
    shown = bongsu("evidence", "show", unpacked).stdout.decode()
    kept = f"damaged/{unpacked}/{digest(b'SANDBOX: other bytes')}"
    assert f"was damaged    and mended; the damaged bytes are kept as {kept}\n" in shown
    assert "; mended a damaged copy\n" in shown
    made = shown.index(f"made from      {packed}\n")
    assert "  received  un_sc consolidated from a.xml.gz" in shown[made:].splitlines()[1]
    assert json.loads(bongsu("evidence", "show", unpacked, "--json").stdout)["set_aside"] == [kept]
    assert json.loads(bongsu("run", "--clock", "2026-01-18T06:00:00Z", "--json").stdout)["mended"] == []


def test_a_clock_that_is_ahead_is_refused_and_told_of_where_it_was_let_through(bongsu: Bongsu, tmp_path: Path) -> None:
    (tmp_path / "bongsu.toml").write_text('[store]\nurl = "data"\n[sandbox]\nships = false\n[lists]\n', "utf-8")
    ended = bongsu("run", "--clock", "2999-03-01T06:00:00Z")
    assert ended.returncode == 2
    assert b"is more than a day ahead of this machine's" in ended.stderr
    assert bongsu("run", "--clock", "2999-03-01T06:00:00Z", "--clock-ahead").returncode == 0
    ended = bongsu("run", "--clock", "2026-03-01T06:00:00Z")
    assert ended.returncode == 0
    assert b"  warning: 1 finished cycle after this one's clock: 29990301T060000Z-" in ended.stdout
    said = json.loads(bongsu("run", "--clock", "2026-03-02T06:00:00Z", "--json").stdout)
    assert [cycle[:16] for cycle in said["later_cycles"]] == ["29990301T060000Z"]


def test_a_run_on_damaged_evidence_is_finished_and_ends_with_4(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]
) -> None:
    content = un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"})
    (tmp_path / "a.xml").write_bytes(content)
    config = tmp_path / "bongsu.toml"
    config.write_text('[store]\nurl = "data"\n[[lists.un_sc.copy]]\nparts = { consolidated = "a.xml" }', "utf-8")
    assert bongsu("run", "--clock", "2026-01-16T06:00:00Z").returncode == 0
    exhibit = exhibit_of(tmp_path / "data")
    (tmp_path / "data" / "exhibits" / exhibit[:2] / exhibit).unlink()
    config.write_text('[store]\nurl = "data"\n[lists]\n', "utf-8")
    ended = bongsu("run", "--clock", "2026-01-17T06:00:00Z")
    assert ended.returncode == 4
    assert b"  un_sc: refused: a.xml: the copy of 2026-01-15 is not used: missing or damaged: exhibit" in ended.stdout
    assert f"the cycle is finished, but these exhibits are missing or damaged: {exhibit}\n" in ended.stderr.decode()


def damage_register(store: Path) -> Path:
    """Forge the last table of the register: the digest its summary names is another's."""
    table = max((store / "register" / "sandbox").glob("*.parquet"))
    other = min((store / "register" / "sandbox").glob("*.parquet"))
    assert table != other
    table.unlink()
    table.write_bytes(other.read_bytes())
    return table


def test_an_answer_never_comes_from_a_register_file_that_is_not_as_written(bongsu: Bongsu, sandbox_store: Path) -> None:
    sound = bongsu("lists", "show", "KPi.901", "--json").stdout
    damage_register(sandbox_store)
    assert bongsu("lists", "show", "KPi.901", "--json").stdout == sound
    table = damage_register(sandbox_store)
    for path in (sandbox_store / "exhibits").glob("*/*"):
        path.unlink()
    ended = bongsu("lists", "show", "KPi.901")
    assert (ended.returncode, ended.stdout) == (4, b"")
    assert b"there is no such exhibit" in ended.stderr
    assert not table.with_name(f"{table.name}.json").exists()


def test_scrub_names_a_damaged_register_file_and_says_that_it_is_made_anew(bongsu: Bongsu, sandbox_store: Path) -> None:
    assert "register files        6\n" in bongsu("evidence", "scrub").stdout.decode()
    table = damage_register(sandbox_store)
    ended = bongsu("evidence", "scrub")
    assert ended.returncode == 0
    line = f"  register/sandbox/{table.name}: not as written; it is made from the exhibits, and made anew by the next "
    assert line in ended.stdout.decode()
    record = json.loads(bongsu("evidence", "scrub", "--json").stdout)
    assert (record["sound"], record["register"]["damaged"]) == (True, [f"register/sandbox/{table.name}"])
    assert bongsu("lists", "show", "KPi.901").returncode == 0
    assert json.loads(bongsu("evidence", "scrub", "--json").stdout)["register"] == {"checked": 6, "damaged": []}


def test_scrub_sees_a_log_that_was_cut_behind_a_finished_cycle(bongsu: Bongsu, sandbox_store: Path) -> None:
    max((sandbox_store / "custody").iterdir()).unlink()
    ended = bongsu("evidence", "scrub")
    assert ended.returncode == 4
    assert b"cut off: it ends at entry 2, and entry 3 was known" in ended.stdout


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"seq":"1","digest":2}'])
def test_scrub_names_an_anchor_that_is_damaged(bongsu: Bongsu, sandbox_store: Path, content: bytes) -> None:
    anchor = manifest_of(sandbox_store).with_name("custody.json")
    anchor.unlink()
    anchor.write_bytes(content)
    ended = bongsu("evidence", "scrub")
    assert ended.returncode == 4
    cycle = manifest_of(sandbox_store).parent.name
    assert f"cycles/{cycle}/custody.json: changed: no head of the custody log\n" in ended.stdout.decode()


def test_an_exhibit_is_shown_by_digest_beginning_or_citation(bongsu: Bongsu, sandbox_store: Path) -> None:
    exhibit = exhibit_of(sandbox_store)
    shown = {
        bongsu("evidence", "show", name).stdout
        for name in (exhibit, exhibit[:8], exhibit.upper(), f"sha256:{exhibit}#xpath=/CONSOLIDATED_LIST")
    }
    assert len(shown) == 1
    (text,) = shown
    assert text.decode().splitlines()[0] == f"sha256      {exhibit}"
    assert b"received  sandbox consolidated from sandbox/sandbox_2026-0" in text


def test_an_export_is_the_exhibit_itself_and_is_logged_and_not_written_over(
    bongsu: Bongsu, sandbox_store: Path, tmp_path: Path
) -> None:
    exhibit = exhibit_of(sandbox_store)
    ended = bongsu("evidence", "export", exhibit[:8], "-o", "copy.xml", "--by", "an analyst")
    assert (ended.returncode, ended.stdout.decode()) == (0, f"copy.xml is exhibit {exhibit}\n")
    assert (tmp_path / "copy.xml").read_bytes() == (sandbox_store / "exhibits" / exhibit[:2] / exhibit).read_bytes()
    assert b"exported" in bongsu("evidence", "list").stdout
    again = bongsu("evidence", "export", exhibit[:8], "-o", "copy.xml")
    assert (again.returncode, again.stdout) == (2, b"")


# --- law and lists


def test_oil_to_the_dprk_meets_the_cap_of_2397(bongsu: Bongsu) -> None:
    said = json.loads(bongsu("law", "check", "--hs", "271019", "--to", "KP", "--on", "2024-02-01", "--json").stdout)
    assert "2397/5" in said["keys"]
    assert said["question"] == {"direction": "to", "hs": "271019", "on": "2024-02-01"}


def test_coal_from_the_dprk_meets_the_ban_of_2371(bongsu: Bongsu) -> None:
    said = json.loads(bongsu("law", "check", "--hs", "2701", "--from", "KP", "--on", "2018-06-01", "--json").stdout)
    assert "2371/8" in said["keys"]
    assert "2397/5" not in said["keys"]


def test_what_a_list_said_names_the_part_and_leaves_our_own_ids_to_json(bongsu: Bongsu, sandbox_store: Path) -> None:
    text = bongsu("lists", "show", "KPe.901").stdout.decode()
    rows = {line.split()[0] for line in text.splitlines()[6:]}
    assert {"name", "alias", "Address.city", "Address.country", "Sanction.program"} <= rows
    assert not {"addressEntity", "Sanction.entity"} & rows
    assert "sandbox:KPe.901/address" not in text
    (answer,) = json.loads(bongsu("lists", "show", "KPe.901", "--json").stdout)
    assert "addressEntity" in {row["property"] for row in answer["statements"]}
    person = bongsu("lists", "show", "KPi.901").stdout.decode()
    assert "Passport.number" in person
    assert "Passport.holder" not in person


def test_the_verdict_for_a_day_is_printed(bongsu: Bongsu, sandbox_store: Path) -> None:
    text = bongsu("lists", "show", "KPi.902", "--on", "2026-02-20").stdout.decode()
    assert "  On 2026-02-20: no, as of the last copy of 2026-02-15, which does not hold it.\n" in text
    assert "(SANDBOX: invented)" in text
    (answer,) = json.loads(bongsu("lists", "show", "KPi.902", "--on", "2026-02-20", "--json").stdout)
    assert (answer["designated"], answer["as_of"], answer["last_served"]) == (False, "2026-02-15", None)


def test_of_a_day_to_come_no_copy_tells(bongsu: Bongsu, sandbox_store: Path) -> None:
    text = bongsu("lists", "show", "KPe.901", "--on", "9999-01-01").stdout.decode()
    assert "  On 9999-01-01: unknown. That day is yet to come; the last copy is of 2026-02-15.\n" in text
    (answer,) = json.loads(bongsu("lists", "show", "KPe.901", "--on", "9999-01-01", "--json").stdout)
    assert (answer["designated"], answer["as_of"]) == (None, None)


def test_a_difference_between_two_files_is_printed_field_by_field(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]
) -> None:
    list_files(tmp_path, un_list)
    text = bongsu("lists", "diff", "old.xml", "new.xml").stdout.decode()
    assert re.search(r"^listed +1 +1$", text, re.MULTILINE)
    assert re.search(r"^delisted +1 +1$", text, re.MULTILINE)
    assert "delisted: SANDBOX PERSON ONE (KPi.901, Person, DPRK)" in text


def test_the_default_configuration_is_that_of_the_folder(bongsu: Bongsu, sandbox_store: Path) -> None:
    assert bongsu("evidence", "list").stdout == bongsu("evidence", "list", "--store", "data").stdout


def test_secrets_in_an_address_reach_neither_output(bongsu: Bongsu, tmp_path: Path) -> None:
    (tmp_path / "bongsu.toml").write_text(
        "[lists.un_sc]\n"
        'urls = { consolidated = "http://analyst:hunter2@nonexistent.invalid/list.xml?api_key=hunter3" }\n',
        "utf-8",
    )
    for arguments in (["run", "--clock", CLOCK], ["run", "--clock", CLOCK, "--json"], ["evidence", "list"]):
        ended = bongsu(*arguments)
        assert ended.returncode == 0
        assert b"hunter" not in ended.stdout + ended.stderr
        assert b"http://***@nonexistent.invalid/list.xml?api_key=***" in ended.stdout


def test_a_difference_that_a_cycle_would_refuse_or_warn_of_says_so(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]
) -> None:
    many = {f"KPi.{901 + number}": f"SANDBOX PERSON {number}" for number in range(20)}
    (tmp_path / "old.xml").write_bytes(un_list("2026-01-15", many))
    (tmp_path / "gone.xml").write_bytes(un_list("2026-01-20", {}, others=500))
    (tmp_path / "less.xml").write_bytes(un_list("2026-01-20", many, others=390))
    refusal = "holds 0 DPRK entries where old.xml held 20: fewer than 90% of them"
    text = bongsu("lists", "diff", "old.xml", "gone.xml").stdout.decode()
    assert f"bongsu run would refuse gone.xml, and keep the earlier copy in force: it {refusal}\n" in text
    record = json.loads(bongsu("lists", "diff", "old.xml", "gone.xml", "--json").stdout)
    assert (record["refused_by_run"], record["loss"]) == (refusal, None)
    text = bongsu("lists", "diff", "gone.xml", "less.xml").stdout.decode()
    loss = "holds 410 entries where gone.xml held 500 (18% fewer): look at it before you trust what it lacks"
    assert f"warning: less.xml {loss}\n" in text
    assert "would refuse" not in text
    record = json.loads(bongsu("lists", "diff", "gone.xml", "less.xml", "--json").stdout)
    assert (record["refused_by_run"], record["loss"]) == (None, loss)
    text = bongsu("lists", "diff", "less.xml", "old.xml").stdout.decode()
    assert "warning" not in text
    assert "would refuse" not in text


def test_values_that_differ_in_blanks_alone_are_quoted(
    bongsu: Bongsu, tmp_path: Path, un_list: Callable[..., bytes]
) -> None:
    alias = "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    for day, name in (("2026-01-15", "SANDBOX WUN"), ("2026-02-15", "SANDBOX  WUN ")):
        content = un_list(day, {"KPi.901": "SANDBOX PERSON ONE"}, extra={"KPi.901": alias.format(name)})
        (tmp_path / f"{day}.xml").write_bytes(content)
    rows = [f'[[lists.un_sc.copy]]\nparts = {{ consolidated = "2026-0{month}-15.xml" }}' for month in (1, 2)]
    (tmp_path / "bongsu.toml").write_text('[store]\nurl = "data"\n' + "\n".join(rows), "utf-8")
    assert bongsu("run", "--clock", CLOCK).returncode == 0
    lines = bongsu("lists", "show", "KPi.901").stdout.decode().splitlines()
    assert [line.split("  2026")[0].split(maxsplit=1)[1].strip() for line in lines if line.startswith("alias ")] == [
        "'SANDBOX WUN'",
        "'SANDBOX  WUN '",
    ]
    assert not any("'KPi.901'" in line or "'SANDBOX PERSON ONE'" in line for line in lines)


def test_a_topic_is_taken_in_any_case_and_a_paragraph_is_opened(bongsu: Bongsu) -> None:
    small = bongsu("law", "list", "--topic", "aviation-fuel").stdout
    assert bongsu("law", "list", "--topic", "Aviation Fuel").stdout == small
    assert bongsu("law", "check", "--topic", "Coal").returncode == 0
    lines = bongsu("law", "show", "1718/8").stdout.decode().splitlines()
    assert lines[0] == "1718/8 holds 8 measures:"
    assert [line.split()[0] for line in lines[2:]] == [
        f"1718/8{point}" for point in ("a1", "a2", "a3", "b", "c", "d", "e", "f")
    ]
    first, *_ = json.loads(bongsu("law", "show", "1718/8", "--json").stdout)
    assert first["key"] == "1718/8a1"
