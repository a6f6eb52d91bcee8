"""What `bongsu evidence` says and does of time stamps and of evidence held back."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bongsu, ListHost, TimeAuthority

SECRET = b"SANDBOX: an invented document\n"
DIGEST = sha256(SECRET).hexdigest()


@pytest.fixture(scope="module")
def authorities(new_time_authority: Callable[..., TimeAuthority]) -> dict[str, TimeAuthority]:
    return {name: new_time_authority(name) for name in ("first", "second")}


@pytest.fixture
def configured(tmp_path: Path, sandbox_store: Path, list_host: ListHost, authorities: dict[str, TimeAuthority]) -> Path:
    """A store whose configuration names two authorities, the second of which answers nothing yet."""
    authorities["first"].serve(list_host, "/first")
    tables = "".join(
        f'[[timestamps]]\nname = "{name}"\nurl = "{list_host.url}/{name}"\nroot = "{each.root}"\n'
        for name, each in authorities.items()
    )
    config = tmp_path / "bongsu.toml"
    config.write_text(tables + config.read_text("utf-8"), "utf-8")
    return sandbox_store


def head_of(store: Path) -> int:
    return len(list(store.glob("custody/*.jsonl")))


def test_stamping_says_what_is_attested_and_ends_with_3_while_one_is_pending(
    bongsu: Bongsu, configured: Path, list_host: ListHost, authorities: dict[str, TimeAuthority]
) -> None:
    ended = bongsu("evidence", "stamp")
    lines = ended.stdout.decode().splitlines()
    assert (ended.returncode, lines[2].split()) == (3, ["state", "one"])
    assert lines[5].startswith("first      stamped  20")
    assert lines[6].split(maxsplit=2) == ["second", "pending", "the host answered 404 Not Found"]
    assert ended.stderr.decode().startswith("bongsu: 1 time stamp pending: second")
    authorities["second"].serve(list_host, "/second")
    ended = bongsu("evidence", "stamp", "--json")
    assert (ended.returncode, ended.stderr) == (0, b"")
    told = json.loads(ended.stdout)
    assert (told["state"], [each["problem"] for each in told["authorities"]]) == ("two", [None, None])


def test_scrub_show_and_list_verify_tokens_offline_and_say_since_when(
    bongsu: Bongsu, configured: Path, list_host: ListHost
) -> None:
    bongsu("evidence", "stamp")
    list_host.answers.clear()
    exhibit = min(path.name for path in configured.glob("exhibits/*/*"))
    shown = bongsu("evidence", "show", exhibit).stdout.decode()
    assert "    time stamp: one: first since 20" in shown
    assert [row["timestamp"] for row in json.loads(bongsu("evidence", "list", "--json").stdout)][-1] == "one"
    record = json.loads(bongsu("evidence", "show", exhibit, "--json").stdout)
    (by,) = record["custody"][0]["timestamp"]["by"]
    assert (by["authority"], record["custody"][0]["timestamp"]["state"]) == ("first", "one")
    ended = bongsu("evidence", "scrub")
    assert ended.returncode == 0
    assert f"time stamps           one to entry {by['seq']}\n" in ended.stdout.decode()
    assert f"  first: entry {by['seq']} and all before it existed at {by['since']}\n" in ended.stdout.decode()
    assert bongsu("evidence", "list").stdout.decode().splitlines()[-1].split()[1:3] == ["scrubbed", "pending"]


def test_an_altered_token_is_damage(bongsu: Bongsu, configured: Path) -> None:
    bongsu("evidence", "stamp")
    (token,) = configured.glob("timestamps/*/first/*.tsr")
    token.chmod(0o600)
    *content, last = token.read_bytes()
    token.write_bytes(bytes([*content, last ^ 1]))
    assert b"1 time stamp cannot be believed" in bongsu("evidence", "list").stderr
    ended = bongsu("evidence", "scrub")
    assert ended.returncode == 4
    assert f"{token.relative_to(configured)}: changed: these are not the bytes received" in ended.stdout.decode()
    assert json.loads(bongsu("evidence", "scrub", "--json").stdout)["timestamps"]["one_to"] == 0


def test_without_authorities_nothing_is_asked_and_the_state_is_none(bongsu: Bongsu, sandbox_store: Path) -> None:
    ended = bongsu("evidence", "stamp")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.decode().startswith("bongsu: no time-stamping authority is configured")
    ended = bongsu("evidence", "scrub")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"time stamps           none\n" in ended.stdout
    assert {row["timestamp"] for row in json.loads(bongsu("evidence", "list", "--json").stdout)} == {"none"}
    assert not (sandbox_store / "timestamps").exists()


# --- held back


@pytest.fixture
def held(bongsu: Bongsu, tmp_path: Path, sandbox_store: Path) -> Path:
    """The opening of a file that was held back."""
    (tmp_path / "secret").write_bytes(SECRET)
    ended = bongsu("evidence", "hold-back", "secret", "--json")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert json.loads(ended.stdout)["opening"] == "secret.opening"
    return tmp_path / "secret.opening"


def everything(store: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(store.rglob("*")) if path.is_file())


def test_nothing_of_a_file_held_back_is_in_the_store_and_only_its_owner_reads_the_opening(
    bongsu: Bongsu, sandbox_store: Path, held: Path
) -> None:
    told = json.loads(held.read_bytes())
    assert stat.S_IMODE(held.stat().st_mode) & 0o077 == 0
    kept = everything(sandbox_store)
    assert told["commitment"].encode() in kept
    for secret in (DIGEST, told["salt"], SECRET.decode(), "secret"):
        assert secret.encode() not in kept
    listed = bongsu("evidence", "list").stdout.decode().splitlines()[-1].split()
    assert listed[1:] == ["held", "back", "none", "commitment", told["commitment"][:12]]
    assert bongsu("evidence", "hold-back", "secret").returncode == 2


def test_revealing_receives_the_exhibit_and_says_since_when_it_was_held(bongsu: Bongsu, held: Path) -> None:
    verified = bongsu("evidence", "verify-opening", "secret.opening", "--file", "secret").stdout.decode()
    ended = bongsu("evidence", "reveal", "secret.opening", "secret")
    assert (ended.returncode, ended.stderr) == (0, b"")
    lines = ended.stdout.decode().splitlines()
    assert lines[0].split() == ["exhibit", DIGEST]
    assert lines[1:] == verified.splitlines()[1:]
    assert "by the log's own clock, entry" in lines[2]
    shown = bongsu("evidence", "show", DIGEST).stdout.decode()
    assert f"revealed  commitment {json.loads(held.read_bytes())['commitment'][:12]}" in shown
    assert json.loads(held.read_bytes())["salt"].encode() not in bongsu("evidence", "list", "--json").stdout


def test_a_copy_of_the_log_alone_is_enough_to_verify_an_opening(
    bongsu: Bongsu, tmp_path: Path, sandbox_store: Path, held: Path
) -> None:
    shutil.copytree(sandbox_store / "custody", tmp_path / "copy" / "custody")
    ended = bongsu("evidence", "verify-opening", "secret.opening", "--file", "secret", "--store", "copy")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert DIGEST.encode() in ended.stdout
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["custody"]


def test_a_time_stamp_over_the_commitment_is_told_with_it(
    bongsu: Bongsu, configured: Path, tmp_path: Path, held: Path
) -> None:
    bongsu("evidence", "stamp")
    told = json.loads(bongsu("evidence", "verify-opening", "secret.opening", "--json").stdout)
    assert (told["sha256"], told["timestamp"]["state"]) == (DIGEST, "one")
    assert told["timestamp"]["by"][0]["seq"] == told["seq"]


def test_other_bytes_another_opening_and_an_altered_log_are_refused_and_nothing_is_received(
    bongsu: Bongsu, tmp_path: Path, sandbox_store: Path, held: Path
) -> None:
    (tmp_path / "other").write_bytes(b"SANDBOX: other bytes\n")
    (tmp_path / "forged.opening").write_bytes(held.read_bytes().replace(b'"salt":"', b'"salt":"00', 1))
    entries = head_of(sandbox_store)
    for arguments, says in (
        (("secret.opening", "other"), "other: these are not the bytes held back"),
        (("forged.opening", "secret"), "forged.opening: is no opening, or was changed"),
    ):
        ended = bongsu("evidence", "reveal", *arguments)
        assert (ended.returncode, ended.stdout) == (4, b"")
        assert ended.stderr.decode().startswith(f"bongsu: {says}")
    last = max(sandbox_store.glob("custody/*.jsonl"))
    last.chmod(0o600)
    last.write_bytes(last.read_bytes().replace(b'"at":"2', b'"at":"1'))
    ended = bongsu("evidence", "reveal", "secret.opening", "secret")
    assert (ended.returncode, ended.stdout) == (4, b"")
    assert head_of(sandbox_store) == entries
    assert not list(sandbox_store.glob(f"exhibits/*/{DIGEST}"))
