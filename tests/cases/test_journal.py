"""The journal: one chain of everything done; any edit of it is found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.cases.case_acts import AddNote
from bongsu.cases.journal import Damage, Entry, act_entry, case_act_of, following, read, verify
from bongsu.cases.model import ID_LENGTH, Case
from bongsu.cases.progress import applied, opened_id
from bongsu.cases.replay import replayed
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.chain import EMPTY, Anchor
from bongsu.kernel.errors import EvidenceError
from bongsu.sandbox.casework import PEOPLE, WAY, Desk, led_to, opening

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)


def journal() -> list[Entry]:
    """The acts of a whole way, with entries of other kinds between them."""
    entries: list[Entry] = []
    head = EMPTY
    for number, entry in enumerate(led_to("published").entries):
        if number % 5 == 0:
            other = following(head, kind="access.refused", body={"page": "/cases/", "why": "한"}, by=None, at=entry.at)
            entries.append(other)
            head = other.anchor
        entries.append(replace(entry, number=head.seq + 1, previous=head.digest))
        head = entries[-1].anchor
    return entries


ENTRIES = journal()
LINES = [entry.line() for entry in ENTRIES]
CONTENT = b"".join(LINES)
HEAD = ENTRIES[-1].anchor


def kinds(found: Anchor | tuple[Damage, ...]) -> list[str]:
    assert not isinstance(found, Anchor)
    return [damage.kind for damage in found]


def test_a_sound_journal_has_its_head() -> None:
    assert verify(read(LINES)) == HEAD
    assert verify(read(CONTENT.splitlines(keepends=True)), [HEAD, ENTRIES[3].anchor]) == HEAD
    assert verify([]) == EMPTY


def test_the_cases_are_the_fold_of_the_journal_whatever_else_stands_in_it() -> None:
    desk = led_to("published")
    assert replayed(ENTRIES).cases == {desk.open.id: desk.open}
    assert replayed(entry for entry in read(LINES) if isinstance(entry, Entry)).cases == {desk.open.id: desk.open}


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_any_edit_of_one_byte_is_found(place: int, by: int) -> None:
    edited = bytearray(CONTENT)
    edited[place] ^= by
    lines = bytes(edited).split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    assert isinstance(verify(read(lines), [HEAD]), tuple)


@given(st.integers(0, len(ENTRIES) - 2))
def test_a_line_taken_out_is_a_gap(index: int) -> None:
    assert kinds(verify(ENTRIES[:index] + ENTRIES[index + 1 :])) == ["gap"]


@given(st.integers(0, len(ENTRIES) - 2))
def test_two_lines_in_the_wrong_order_are_found(index: int) -> None:
    moved = [*ENTRIES[:index], ENTRIES[index + 1], ENTRIES[index], *ENTRIES[index + 2 :]]
    assert "order" in kinds(verify(moved))


@given(st.integers(0, len(ENTRIES) - 1))
def test_a_line_that_stands_there_twice_is_found(index: int) -> None:
    assert "order" in kinds(verify([*ENTRIES[: index + 1], *ENTRIES[index:]]))


@given(st.integers(0, len(ENTRIES) - 2))
def test_an_entry_written_anew_with_its_digest_is_found_by_the_next(index: int) -> None:
    forged = replace(ENTRIES[index], at=ENTRIES[index].at + timedelta(hours=1))
    assert kinds(verify([*ENTRIES[:index], forged, *ENTRIES[index + 1 :]])) == ["edit"]


def test_two_entries_of_one_number_are_a_fork() -> None:
    other = following(ENTRIES[4].anchor, kind="sign_in", body={}, by=PEOPLE["ann"], at=AT)
    assert kinds(verify([*ENTRIES[:6], other, *ENTRIES[6:]]))[0] == "fork"


def test_a_tail_cut_off_is_seen_by_an_anchor_only() -> None:
    assert isinstance(verify(ENTRIES[:-2]), Anchor)
    assert kinds(verify(ENTRIES[:-2], [HEAD])) == ["cut"]


def test_a_tail_written_anew_is_seen_by_an_anchor_only() -> None:
    last = replace(ENTRIES[-1], at=ENTRIES[-1].at + timedelta(hours=1))
    assert isinstance(verify([*ENTRIES[:-1], last]), Anchor)
    assert kinds(verify([*ENTRIES[:-1], last], [HEAD])) == ["cut"]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b"\xff",
        b"{" * 5000,
        LINES[0][:-2],
        LINES[0][:-1] + b" ",
        LINES[0][:-1] + b"\r",
        LINES[0].replace(b'"number":1', b'"number":true')[:-1],
        LINES[0].replace(b'"number":1', b'"number":1.0')[:-1],
        LINES[0].replace(b'"by":null', b'"by":"ann"')[:-1],
        LINES[0].replace(b"access.refused", b"Access refused")[:-1],
    ],
)
def test_a_line_that_is_no_entry_is_a_damage_and_no_crash(line: bytes) -> None:
    (damage,) = read([line])
    assert isinstance(damage, Damage)
    assert damage.kind == "unreadable"
    assert str(damage).startswith("line 1: ")


@pytest.mark.parametrize("kind", ["", "Sign in", "sign in", ".x", "x.", "x..y", "x\n"])
def test_a_kind_is_written_in_small_letters(kind: str) -> None:
    with pytest.raises(ValueError, match="not a kind"):
        following(EMPTY, kind=kind, body={}, by=None, at=AT)


def test_what_json_cannot_hold_is_refused_before_it_is_stored() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        act_entry(EMPTY, "case", AddNote(text="\ud800"), PEOPLE["ann"], AT)
    with pytest.raises(TypeError):
        following(EMPTY, kind="export", body={"at": AT}, by=None, at=AT)  # type: ignore[dict-item]  # what is tested


def test_times_are_kept_in_whole_seconds_of_utc_in_the_case_and_in_the_journal() -> None:
    moment = datetime(2026, 4, 1, 18, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=9)))
    act, ann = opening(), PEOPLE["ann"]
    case = applied(None, act, ann, moment)
    entry = act_entry(EMPTY, case.id, act, ann, moment)
    assert case.opened_at == entry.at == AT
    assert replayed([entry]).cases == {case.id: case}
    assert opened_id(act, ann, moment) == case.id
    assert len(case.id) == ID_LENGTH


def test_the_id_of_a_case_tells_nothing_of_its_title_without_the_salt() -> None:
    ann = PEOPLE["ann"]
    assert opened_id(opening(), ann, AT) != opened_id(opening(salt="another-sandbox-salt"), ann, AT)


def test_an_entry_of_another_kind_is_no_act() -> None:
    assert case_act_of(ENTRIES[0]) is None


def test_what_looks_like_an_act_and_is_none_is_not_passed_over() -> None:
    ann = PEOPLE["ann"]
    sound = act_entry(EMPTY, "case", AddNote(text="a note"), ann, AT)
    for changed in [
        replace(sound, kind="add_remark"),
        replace(sound, by=None),
        replace(sound, body={"case": "case", "act": {"text": 7}}),
        replace(sound, body={"case": "case", "act": {"text": "a", "colour": "red"}}),
        replace(sound, body={"case": 7, "act": {"text": "a"}}),
        replace(sound, body={}),
    ]:
        with pytest.raises(EvidenceError):
            case_act_of(changed)


def test_an_act_on_what_is_not_there_is_not_replayed() -> None:
    desk = led_to("draft")
    with pytest.raises(EvidenceError, match="there is no case"):
        replayed(desk.entries[1:])
    without_finding = [entry for entry in desk.entries if entry.kind != "start_finding"]
    with pytest.raises(EvidenceError, match="there is no finding"):
        replayed(without_finding)
    elsewhere = act_entry(EMPTY, "aaaaaaaaaa", opening(), PEOPLE["ann"], AT)
    with pytest.raises(EvidenceError, match="under another case's id"):
        replayed([elsewhere])
    opened = desk.entries[0]
    with pytest.raises(EvidenceError, match="open already"):  # by an act that makes another case
        replayed([opened, act_entry(opened.anchor, desk.open.id, opening(title="another"), PEOPLE["ann"], AT)])


def _opened_again(desk: Desk) -> Desk:
    """The desk as the site had it before a case could be opened only once: begun anew by its own opening."""
    again = act_entry(desk.head, desk.open.id, opening(), PEOPLE["ann"], desk.entries[0].at)
    return Desk(at=desk.at, case=applied(None, opening(), PEOPLE["ann"], again.at), entries=[*desk.entries, again])


def test_a_case_opened_twice_is_replayed_as_opened_once_and_the_second_opening_is_told() -> None:
    once, twice = Desk(), _opened_again(led_to("opened"))
    once.do(opening(), "ann")
    led_to("reviewed", after="opened", desk=twice)
    led_to("reviewed", after="opened", desk=once)
    replay = replayed(twice.entries)
    assert replay.passed_over == (2,)
    assert replay.cases[once.open.id].findings[0].id == once.finding.id
    assert replay.cases == {once.open.id: twice.open}


def test_what_was_done_between_two_openings_of_a_case_is_kept_where_what_follows_allows_it() -> None:
    desk = led_to("opened")
    desk.do(AddNote(text="hours of work"), "ann")
    twice = _opened_again(desk)
    twice.do(AddNote(text="more of it"), "ann")
    replay = replayed(twice.entries)
    assert [note.text for note in replay.cases[desk.open.id].notes] == ["hours of work", "more of it"]
    assert replay.passed_over == (3,)


def test_where_work_on_a_case_opened_twice_follows_its_second_opening_that_one_counts() -> None:
    desk = led_to("opened")
    desk.do(AddNote(text="a note"), "ann")
    twice = led_to("review", after="opened", desk=_opened_again(desk))
    replay = replayed(twice.entries)
    assert replay.cases == {desk.open.id: twice.open}
    assert replay.passed_over == (1, 2)


def test_a_line_is_one_json_object_that_other_programs_read() -> None:
    first = json.loads(LINES[0])
    assert set(first) == {"number", "previous", "at", "by", "kind", "body", "digest"}
    assert first["body"]["why"] == "한"
    assert first["digest"] == ENTRIES[0].digest


@pytest.mark.parametrize("stop", WAY)
def test_a_case_reads_back_from_its_record_at_every_step(stop: str) -> None:
    case = led_to(stop).open
    assert Case.from_record(json.loads(canonical_json(case.record()))) == case


def test_a_desk_begins_with_an_empty_journal() -> None:
    assert Desk().head == EMPTY
