"""Authorities asked over HTTP: what is verified is kept, and one that fails never keeps the other from counting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bongsu.cycle.config import Config, read_config
from bongsu.cycle.stamping import Stamping, authorities_of, stamp_head
from bongsu.evidence import CustodyEvent, ExhibitStore, Folder, new_query, read_timestamps
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from conftest import ListHost, TimeAuthority

NOW = instant("2026-11-24T06:00:00Z")


@pytest.fixture(scope="module")
def first(new_time_authority: Callable[..., TimeAuthority]) -> TimeAuthority:
    return new_time_authority("first")


@pytest.fixture(scope="module")
def second(new_time_authority: Callable[..., TimeAuthority]) -> TimeAuthority:
    return new_time_authority("second")


@pytest.fixture
def store(tmp_path: Path) -> ExhibitStore:
    found = ExhibitStore(Folder.open(str(tmp_path / "data")), tool="bongsu 0.1.0")
    found.custody.append([CustodyEvent(event="failed", detail={"sandbox": True})], NOW)
    return found


@pytest.fixture
def config(tmp_path: Path, list_host: ListHost, first: TimeAuthority, second: TimeAuthority) -> Config:
    tables = [
        f'[[timestamps]]\nname = "{name}"\nurl = "{list_host.url}/{name}"\nroot = "{authority.root}"\n'
        for name, authority in (("first", first), ("second", second))
    ]
    limits = "[collect]\ntimeout_seconds = 1\ndeadline_seconds = 20\n"
    (tmp_path / "bongsu.toml").write_text(f'{limits}{"".join(tables)}[store]\nurl = "data"\n[lists]\n', "utf-8")
    return read_config(tmp_path / "bongsu.toml")


def stamped(store: ExhibitStore, config: Config) -> dict[str, Stamping]:
    _, found = stamp_head(store, config, authorities_of(config))
    return {each.authority: each for each in found}


def state(store: ExhibitStore, config: Config) -> str:
    return read_timestamps(store.folder, store.custody, authorities_of(config)).state(1)


def test_two_authorities_attest_the_head_and_are_not_asked_again(
    store: ExhibitStore, config: Config, list_host: ListHost, first: TimeAuthority, second: TimeAuthority
) -> None:
    first.serve(list_host, "/first")
    second.serve(list_host, "/second")
    found = stamped(store, config)
    assert [each.problem for each in found.values()] == [None, None]
    assert state(store, config) == "two"
    assert stamped(store, config) == found
    assert sorted(list_host.asked) == ["/first", "/second"]
    store.custody.append([CustodyEvent(event="failed")], NOW)
    assert all(each.stamp and each.stamp.head.seq == 2 for each in stamped(store, config).values())


def test_one_that_does_not_answer_is_pending_and_the_other_counts(
    store: ExhibitStore, config: Config, list_host: ListHost, first: TimeAuthority, second: TimeAuthority
) -> None:
    first.serve(list_host, "/first")
    list_host.answers["/second"] = list_host.silent
    found = stamped(store, config)
    assert (found["first"].problem, found["second"].stamp) == (None, None)
    assert found["second"].problem == "the host did not answer within 1 seconds"
    assert state(store, config) == "one"
    second.serve(list_host, "/second")
    assert stamped(store, config)["second"].problem is None
    assert (state(store, config), list_host.asked.count("/first")) == ("two", 1)


def refused(store: ExhibitStore, config: Config) -> str:
    """Why the second authority's answer was refused; nothing of it is kept, and the first counts."""
    found = stamped(store, config)
    assert found["first"].stamp is not None
    assert found["second"].stamp is None
    assert [name for name in store.folder.names("timestamps/") if "/second/" in name] == []
    assert state(store, config) == "one"
    return found["second"].problem or ""


def test_a_token_under_a_foreign_root_is_refused(
    store: ExhibitStore, config: Config, list_host: ListHost, first: TimeAuthority
) -> None:
    first.serve(list_host, "/first")
    first.serve(list_host, "/second")
    assert refused(store, config).startswith("its answer was refused: the token is not one of this authority")


def test_a_token_over_another_digest_is_refused(
    store: ExhibitStore, config: Config, list_host: ListHost, first: TimeAuthority, second: TimeAuthority
) -> None:
    first.serve(list_host, "/first")
    digest = bytes.fromhex(store.custody.head().digest)
    second.serve(list_host, "/second", lambda query: query.replace(digest, bytes(32)))
    assert refused(store, config) == "its answer was refused: the token is over other bytes than were sent"


def test_a_token_that_was_made_for_an_earlier_question_is_refused(
    store: ExhibitStore, config: Config, list_host: ListHost, first: TimeAuthority, second: TimeAuthority
) -> None:
    first.serve(list_host, "/first")
    earlier = new_query(b"SANDBOX: another question").content
    second.serve(list_host, "/second", lambda query: earlier)
    assert refused(store, config).endswith("Nonce mismatch")


def test_what_is_no_token_is_refused(
    store: ExhibitStore, config: Config, list_host: ListHost, first: TimeAuthority, second: TimeAuthority
) -> None:
    first.serve(list_host, "/first")
    for answer, says in (
        (b"<html>sign in</html>", "the host answered with a web page instead of the file"),
        (b"0" * 200_000, "is larger than 131072 bytes"),
        (list_host.status(503), "the host answered 503 Service Unavailable"),
        (b"invented", "its answer was refused: not an answer of a time-stamping authority"),
    ):
        list_host.answers["/second"] = answer
        assert refused(store, config).startswith(says)
    second.serve(list_host, "/second", lambda query: b"no query")
    assert refused(store, config).startswith("its answer was refused: the authority refused (status 2")


def test_an_authority_without_an_address_is_not_asked_and_its_tokens_still_count(
    store: ExhibitStore,
    config: Config,
    tmp_path: Path,
    list_host: ListHost,
    first: TimeAuthority,
    second: TimeAuthority,
) -> None:
    first.serve(list_host, "/first")
    second.serve(list_host, "/second")
    stamped(store, config)
    text = (tmp_path / "bongsu.toml").read_text("utf-8").replace(f'url = "{list_host.url}/second"\n', "")
    (tmp_path / "bongsu.toml").write_text(text, "utf-8")
    retired = read_config(tmp_path / "bongsu.toml")
    assert state(store, retired) == "two"
    assert list(stamped(store, retired)) == ["first"]


def test_an_empty_log_is_not_stamped(config: Config, tmp_path: Path) -> None:
    empty = ExhibitStore(Folder.open(str(tmp_path / "empty")), tool="bongsu 0.1.0")
    with pytest.raises(EvidenceError, match="the custody log is empty"):
        stamp_head(empty, config, authorities_of(config))


ROOT = 'root = "root.pem"'


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        (f'[[timestamps]]\nname = "A"\n{ROOT}', "lower-case letters"),
        (f'[[timestamps]]\nname = "../a"\n{ROOT}', "lower-case letters"),
        (f'[[timestamps]]\nname = "a"\n{ROOT}\n' * 2, "names an authority twice"),
        (f'[[timestamps]]\nname = "a"\nurl = "ftp://a"\n{ROOT}', "is not an address"),
        ('[[timestamps]]\nname = "a"\nurl = "http://a"', "is missing"),
        (f'[[timestamps]]\nname = "a"\nkey = "x"\n{ROOT}', "has keys that no one knows: key"),
    ],
)
def test_a_configuration_that_cannot_be_meant_is_refused(tmp_path: Path, tables: str, says: str) -> None:
    (tmp_path / "bongsu.toml").write_text(tables, "utf-8")
    with pytest.raises(UsageError, match=says):
        read_config(tmp_path / "bongsu.toml")


def test_a_root_that_is_not_there_or_none_is_named(config: Config, tmp_path: Path) -> None:
    (tmp_path / "bongsu.toml").write_text('[[timestamps]]\nname = "a"\nroot = "root.pem"\n', "utf-8")
    for content, says in ((None, "cannot be read"), (b"SANDBOX: no certificate", "is not one certificate")):
        if content is not None:
            (tmp_path / "root.pem").write_bytes(content)
        with pytest.raises(UsageError, match=rf"root\.pem: {says}"):
            authorities_of(read_config(tmp_path / "bongsu.toml"))
