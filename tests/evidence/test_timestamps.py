"""Tokens beside the custody log: kept as received, held against the log, and never believed for what they are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import (
    Authority,
    CustodyEntry,
    CustodyEvent,
    CustodyLog,
    Folder,
    Stamp,
    Timestamps,
    TokenError,
    checked_authorities,
    keep_token,
    new_query,
    read_certificate,
    read_timestamps,
)
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.chain import Anchor
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import UsageError

if TYPE_CHECKING:
    from conftest import TimeAuthority


@pytest.fixture(scope="module")
def invented(new_time_authority: Callable[..., TimeAuthority]) -> dict[str, TimeAuthority]:
    return {name: new_time_authority(name) for name in ("first", "second")}


@pytest.fixture(scope="module")
def pinned(invented: dict[str, TimeAuthority]) -> list[Authority]:
    return [
        Authority(name=name, root=read_certificate(each.root.read_bytes(), where=name))
        for name, each in invented.items()
    ]


@pytest.fixture
def custody(near_folder: Folder, now: datetime) -> CustodyLog:
    """A log of three entries."""
    log = CustodyLog(near_folder)
    log.append([CustodyEvent(event="failed", detail={"sandbox": number}) for number in range(3)], now)
    return log


def last(custody: CustodyLog) -> CustodyEntry:
    entry = custody.last()
    assert entry is not None
    return entry


def ask(folder: Folder, entry: CustodyEntry, authority: TimeAuthority, pinned: Authority) -> Stamp:
    query = new_query(canonical_json(entry.record()))
    return keep_token(folder, entry, authority.answer(query.content), pinned, nonce=query.nonce)


def test_an_empty_log_has_no_last_entry(near_folder: Folder) -> None:
    assert CustodyLog(near_folder).last() is None


def test_an_entry_is_pending_then_attested_by_one_then_by_two(
    near_folder: Folder,
    custody: CustodyLog,
    invented: dict[str, TimeAuthority],
    pinned: list[Authority],
    now: datetime,
) -> None:
    states = []
    head = last(custody)
    for authority in pinned:
        states.append(read_timestamps(near_folder, custody, pinned).state(head.seq))
        ask(near_folder, head, invented[authority.name], authority)
    found = read_timestamps(near_folder, custody, pinned)
    assert [*states, found.state(head.seq)] == ["pending", "one", "two"]
    assert [found.state(seq) for seq in (1, 2, 3, 4)] == ["two", "two", "two", "pending"]
    assert (found.reach(1), found.reach(2), found.reach(3)) == (3, 3, 0)
    custody.append([CustodyEvent(event="failed")], now)
    ask(near_folder, last(custody), invented["second"], pinned[1])
    found = read_timestamps(near_folder, custody, pinned)
    assert [found.state(seq) for seq in (3, 4, 5)] == ["two", "one", "pending"]
    assert (found.reach(1), found.reach(2)) == (4, 3)


def test_without_authorities_and_tokens_everything_is_none(near_folder: Folder, custody: CustodyLog) -> None:
    found = read_timestamps(near_folder, custody, [])
    assert found == Timestamps()
    assert (found.state(1), found.reach(1)) == ("none", 0)


def test_a_token_is_kept_as_it_came_and_twice_is_no_error(
    near_folder: Folder, custody: CustodyLog, invented: dict[str, TimeAuthority], pinned: list[Authority]
) -> None:
    head = last(custody)
    query = new_query(canonical_json(head.record()))
    response = invented["first"].answer(query.content)
    stamps = {keep_token(near_folder, head, response, pinned[0], nonce=query.nonce) for _ in range(2)}
    (name,) = near_folder.names("timestamps/")
    assert {stamp.where for stamp in stamps} == {name}
    assert name.startswith("timestamps/000000000003/first/")
    assert near_folder.read(name) == response


def test_a_token_over_other_bytes_is_refused_and_nothing_is_kept(
    near_folder: Folder, custody: CustodyLog, invented: dict[str, TimeAuthority], pinned: list[Authority]
) -> None:
    query = new_query(b"SANDBOX: other bytes")
    response = invented["first"].answer(query.content)
    with pytest.raises(TokenError, match="over other bytes"):
        keep_token(near_folder, last(custody), response, pinned[0], nonce=query.nonce)
    assert near_folder.names("timestamps/") == []


def test_an_altered_token_is_damage_and_counts_for_nothing(
    near_folder: Folder, custody: CustodyLog, invented: dict[str, TimeAuthority], pinned: list[Authority]
) -> None:
    stamp = ask(near_folder, last(custody), invented["first"], pinned[0])
    content = near_folder.read(stamp.where)
    near_folder.replace(stamp.where, content[:-1] + bytes([content[-1] ^ 1]))
    found = read_timestamps(near_folder, custody, pinned)
    assert [str(damage) for damage in found.damaged] == [f"{stamp.where}: changed: these are not the bytes received"]
    assert (found.stamps, found.state(1)) == ((), "pending")


def test_a_token_moved_to_another_authority_s_name_or_another_entry_is_damage(
    near_folder: Folder, custody: CustodyLog, invented: dict[str, TimeAuthority], pinned: list[Authority]
) -> None:
    stamp = ask(near_folder, last(custody), invented["first"], pinned[0])
    content = near_folder.read(stamp.where)
    for old, new in (("/first/", "/second/"), ("000000000003", "000000000002"), ("timestamps/", "timestamps/stray/")):
        near_folder.write_once(stamp.where.replace(old, new), content)
    found = read_timestamps(near_folder, custody, pinned)
    assert [each.where for each in found.stamps] == [stamp.where]
    assert sorted(damage.what.partition(":")[0] for damage in found.damaged) == [
        "proves another log",
        "stray name",
        "the token is not one of this authority",
    ]


def test_a_log_rewritten_with_all_its_digests_is_seen_by_a_token_over_it(
    near_folder: Folder,
    custody: CustodyLog,
    invented: dict[str, TimeAuthority],
    pinned: list[Authority],
    now: datetime,
) -> None:
    stamp = ask(near_folder, last(custody), invented["first"], pinned[0])
    for name in near_folder.names("custody/"):
        near_folder.delete(name)
    forged = CustodyLog(near_folder)
    forged.append([CustodyEvent(event="failed", detail={"sandbox": "forged"}) for _ in range(3)], now)
    assert forged.verify() == []
    found = read_timestamps(near_folder, forged, pinned)
    assert [damage.where for damage in found.damaged] == [stamp.where]
    assert found.state(1) == "pending"


def test_a_token_of_an_authority_that_is_not_configured_is_named_and_not_counted(
    near_folder: Folder, custody: CustodyLog, invented: dict[str, TimeAuthority], pinned: list[Authority]
) -> None:
    stamp = ask(near_folder, last(custody), invented["first"], pinned[0])
    found = read_timestamps(near_folder, custody, pinned[1:])
    assert (found.unknown, found.stamps, found.damaged, found.state(1)) == ((stamp.where,), (), (), "pending")


def test_two_authorities_under_one_root_are_refused(pinned: list[Authority]) -> None:
    first, second = pinned
    assert checked_authorities(pinned) == (first, second)
    with pytest.raises(UsageError, match="first and third have the same root"):
        checked_authorities([first, second, Authority(name="third", root=first.root)])


def test_one_key_under_two_certificates_is_one_root(
    invented: dict[str, TimeAuthority], pinned: list[Authority], tmp_path: Path
) -> None:
    """The same party may write itself as many certificates as it likes."""
    first, second = pinned
    again = tmp_path / "again.pem"
    key = invented["first"].folder / "root.key"
    subject = ("-subj", "/CN=SANDBOX another name", "-days", "30")
    invented["first"].openssl("req", "-x509", "-key", str(key), "-out", str(again), *subject)
    other = Authority(name="third", root=read_certificate(again.read_bytes(), where="again"))
    assert other.root != first.root
    with pytest.raises(UsageError, match="first and third have the same root"):
        checked_authorities([first, second, other])


STAMPS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.integers(0, 5)), max_size=8)


@given(STAMPS)
def test_more_tokens_never_attest_less_and_an_earlier_entry_never_less_than_a_later_one(
    told: list[tuple[str, int, int]],
) -> None:
    hours = sorted(told, key=lambda each: each[2])
    stamps = [
        Stamp(
            authority=name, head=Anchor(seq, "0" * 64), at=instant(f"2026-11-27T0{hour}:00:00Z"), where=f"{name}{seq}"
        )
        for name, seq, hour in hours
    ]
    order = ["none", "pending", "one", "two"]
    ranks = []
    for count in range(len(stamps) + 1):
        found = Timestamps(authorities=("a", "b", "c"), stamps=tuple(stamps[:count]))
        ranks.append([order.index(found.state(seq)) for seq in range(1, 11)])
        assert ranks[-1] == sorted(ranks[-1], reverse=True)
        assert [found.reach(least) for least in (1, 2)] == [
            sum(rank >= order.index(word) for rank in ranks[-1]) for word in ("one", "two")
        ]
    assert all(
        earlier <= later for before, after in pairwise(ranks) for earlier, later in zip(before, after, strict=True)
    )
