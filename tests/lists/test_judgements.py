"""The log of judgements: appended to, never changed, taken back by later entries only."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import Folder
from bongsu.kernel.errors import EvidenceError, UsageError
from bongsu.lists.judgements import Judgement, JudgementLog, log_record, ruling, standing, undoing

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)


def ruled(
    left: str = "un_sc:KPi.901", right: str = "ofac_sdn:901", verdict: str = "same", why: str = "SANDBOX"
) -> Judgement:
    return ruling(left, right, verdict, by="SANDBOX reviewer", why=why, at=AT)


@pytest.fixture
def log(tmp_path: Path) -> JudgementLog:
    return JudgementLog(Folder.open(str(tmp_path)))


def test_what_is_appended_is_read_back_in_its_order(log: JudgementLog, tmp_path: Path) -> None:
    written = [log.append(ruled(verdict=verdict)) for verdict in ("same", "unsure", "different")]
    assert [entry.number for entry in written] == [1, 2, 3]
    assert log.entries() == tuple(written)
    assert JudgementLog(Folder.open(str(tmp_path))).entries() == tuple(written)
    assert len({entry.id for entry in written}) == 3


def test_the_two_listings_stand_in_one_order_whichever_is_named_first() -> None:
    assert ruled("a:1", "b:1") == ruled("b:1", "a:1")


def test_the_last_ruling_on_a_pair_is_in_force(log: JudgementLog) -> None:
    log.append(ruled(verdict="same"))
    last = log.append(ruled(verdict="different"))
    other = log.append(ruled("un_sc:KPi.902"))
    assert standing(log.entries()) == {last.pair: last, other.pair: other}


def test_undoing_brings_back_what_stood_before_and_nothing_is_deleted(log: JudgementLog) -> None:
    first = log.append(ruled(verdict="same"))
    second = log.append(ruled(verdict="different"))
    undo = log.append(undoing(second, by="SANDBOX reviewer", why="misread", at=AT))
    assert standing(log.entries()) == {first.pair: first}
    again = log.append(undoing(undo, by="SANDBOX reviewer", why="was right", at=AT))
    assert standing(log.entries()) == {first.pair: second}
    assert log.entries() == (first, second, undo, again)
    assert [row["stands"] for row in log_record(log.entries()) if isinstance(row, dict)] == [False, True, False, False]


def test_an_entry_is_found_by_the_beginning_of_its_id(log: JudgementLog) -> None:
    entry = log.append(ruled())
    assert log.find(entry.id[:6]) == entry
    for unknown in ("", "zzz"):
        with pytest.raises(UsageError, match="no judgement"):
            log.find(unknown)


@pytest.mark.parametrize(
    ("left", "right", "verdict", "by", "why"),
    [
        ("un_sc:KPi.901", "un_sc:KPi.901", "same", "A", "B"),
        ("KPi.901", "ofac_sdn:901", "same", "A", "B"),
        ("un_sc:KPi.901", "ofac_sdn:901", "perhaps", "A", "B"),
        ("un_sc:KPi.901", "ofac_sdn:901", "same", " ", "B"),
        ("un_sc:KPi.901", "ofac_sdn:901", "same", "A", ""),
    ],
)
def test_a_ruling_that_says_too_little_is_refused(left: str, right: str, verdict: str, by: str, why: str) -> None:
    with pytest.raises(UsageError):
        ruling(left, right, verdict, by=by, why=why, at=AT)


@pytest.mark.parametrize("damage", ["changed", "reformatted", "cut", "moved", "missing", "stray"])
def test_a_log_that_was_touched_is_refused(log: JudgementLog, tmp_path: Path, damage: str) -> None:
    for verdict in ("same", "different", "same"):
        log.append(ruled(verdict=verdict))
    second = tmp_path / "judgements" / "000000002.json"
    content = second.read_bytes()
    second.chmod(0o644)
    match damage:
        case "changed":
            second.write_bytes(content.replace(b"different", b"same"))
        case "reformatted":
            second.write_text(json.dumps(json.loads(content)), "utf-8")
        case "cut":
            second.write_bytes(content[:-5])
        case "moved":
            second.write_bytes((tmp_path / "judgements" / "000000001.json").read_bytes())
        case "missing":
            second.unlink()
        case _:
            (tmp_path / "judgements" / "notes.txt").write_text("SANDBOX", "utf-8")
    with pytest.raises(EvidenceError):
        log.entries()


def test_two_who_rule_at_once_both_find_their_place(tmp_path: Path) -> None:
    Folder.open(str(tmp_path))

    def rule(number: int) -> Judgement:
        return JudgementLog(Folder.open(str(tmp_path))).append(ruled(f"un_sc:KPi.{number}"))

    with ThreadPoolExecutor(max_workers=4) as pool:
        written = list(pool.map(rule, range(900, 920)))
    entries = JudgementLog(Folder.open(str(tmp_path))).entries()
    assert sorted(entry.id for entry in written) == sorted(entry.id for entry in entries)
    assert [entry.number for entry in entries] == list(range(1, 21))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["same", "different", "unsure"])), max_size=8))
def test_taking_the_last_entry_back_restores_what_stood_before_it(rows: list[tuple[int, str]]) -> None:
    entries = [
        replace(ruled(f"un_sc:{pair}", verdict=verdict), number=at) for at, (pair, verdict) in enumerate(rows, 1)
    ]
    for end in range(1, len(entries) + 1):
        undo = replace(undoing(entries[end - 1], by="SANDBOX", why="SANDBOX", at=AT), number=end + 1)
        assert standing([*entries[:end], undo]) == standing(entries[: end - 1])
