"""What `bongsu evidence` says and does of time stamps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bongsu, ListHost, TimeAuthority


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
